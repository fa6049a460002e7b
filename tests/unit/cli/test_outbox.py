"""`noren outbox`: deliveries, without what they say unless asked for."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.bots import filled, noren


def test_deliveries_are_listed_without_bodies(tmp_path: Path) -> None:
    result = noren("outbox", "list", "--root", str(filled(tmp_path)))
    assert result.exit_code == 0
    head, row = result.output.splitlines()
    assert head.split()[:4] == ["id", "state", "via", "session"]
    assert row.split()[:3] == ["d1", "failed", "reply"]
    assert "hello" not in result.output


def test_a_list_is_narrowed_by_state(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    assert noren("outbox", "list", "--state", "held", "--root", root).output == "no held deliveries\n"
    failed = json.loads(noren("outbox", "list", "--state", "failed", "--root", root, "--format", "json").stdout)
    assert [row["id"] for row in failed] == ["d1"]


def test_one_delivery_is_shown_whole(tmp_path: Path) -> None:
    shown = json.loads(noren("outbox", "show", "d1", "--format", "json", "--root", str(filled(tmp_path))).stdout)
    assert shown["body"]["messages"] == [{"type": "text", "text": "hello"}]
    assert shown["status"] == 400


def test_failed_deliveries_are_sent_again_and_given_up(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    assert noren("outbox", "retry", "--all", "--state", "unknown", "--root", root).stdout == "0 to be sent again\n"
    assert noren("outbox", "retry", "--all", "--root", root).stdout == "1 to be sent again\n"
    assert noren("outbox", "drop", "d1", "--root", root).stdout == "1 dropped\n"
    again = noren("outbox", "drop", "d1", "--root", root)
    assert again.exit_code == 1
    assert "delivery d1 is dropped" in again.stderr
