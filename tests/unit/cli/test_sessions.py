"""`noren sessions`: conversations looked at, ended, erased."""

from __future__ import annotations

import json
from pathlib import Path

from runtime.line.content import Contents
from tests.unit.cli.bots import KEY, SECRET_WORDS, filled, noren


def test_sessions_are_listed_without_what_was_said(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    result = noren("sessions", "list", "--root", root)
    assert result.exit_code == 0
    assert KEY in result.output
    assert SECRET_WORDS not in result.output
    assert [row["key"] for row in json.loads(noren("sessions", "list", "--format", "json", "--root", root).stdout)] == [
        KEY
    ]


def test_a_session_is_shown_with_its_transcript(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    result = noren("sessions", "show", KEY, "--root", root)
    assert "transcript:" in result.output
    assert SECRET_WORDS in result.output
    shown = json.loads(noren("sessions", "show", KEY, "--format", "json", "--root", root).stdout)
    assert shown["transcript"][0]["text"] == SECRET_WORDS
    assert shown["state"]["endpoint"] == "shop"


def test_a_session_is_ended(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    before = json.loads(noren("sessions", "show", KEY, "--format", "json", "--root", root).stdout)["version"]
    assert noren("sessions", "end", KEY, "--root", root).stdout == "1 ended\n"
    after = json.loads(noren("sessions", "show", KEY, "--format", "json", "--root", root).stdout)["version"]
    assert after == before + 1


def test_erasing_wants_to_be_sure(tmp_path: Path) -> None:
    result = noren("sessions", "erase", KEY, "--root", str(filled(tmp_path)))
    assert result.exit_code == 2
    assert "--yes" in result.stderr


def test_a_session_is_erased_with_what_users_sent(tmp_path: Path) -> None:
    root = filled(tmp_path)
    place = Contents(tmp_path / ".noren" / "content", "shop")._place("me1")
    other = Contents(tmp_path / ".noren" / "content", "other")._place("me1")
    for one in (place, other):
        one.mkdir(parents=True)
        (one / f"{'0' * 32}.jpg").write_bytes(b"bytes")
    assert noren("sessions", "erase", KEY, "--yes", "--root", str(root)).stdout == "1 erased\n"
    assert not place.exists()
    assert other.exists()
    assert noren("sessions", "list", "--root", str(root)).output == "no sessions\n"
    assert noren("events", "list", "--root", str(root)).output == "no events\n"
    gone = noren("sessions", "erase", KEY, "--yes", "--root", str(root))
    assert gone.exit_code == 1
    assert "there is no session" in gone.stderr
