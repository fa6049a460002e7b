"""`noren events`: parked events, without what was said unless asked for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from runtime.store.store import Store
from tests.unit.cli.bots import KEY, SECRET_WORDS, event, filled, folder, noren, on_store


def test_events_are_listed_newest_first_without_bodies(tmp_path: Path) -> None:
    result = noren("events", "list", "--root", str(filled(tmp_path)))
    assert result.exit_code == 0
    head, *rows = result.output.splitlines()
    assert head.split() == ["id", "state", "kind", "session", "at", "due", "attempts", "error"]
    assert [row.split()[:2] for row in rows] == [["e2", "dead"], ["e1", "done"]]
    assert "TypeError in step greet" in rows[0]
    assert SECRET_WORDS not in result.output


def test_a_list_is_narrowed_and_is_json_when_asked(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    dead = json.loads(noren("events", "list", "--root", root, "--state", "dead", "--format", "json").stdout)
    assert [row["id"] for row in dead] == ["e2"]
    assert dead[0]["session"] == KEY
    other = noren("events", "list", "--root", root, "--session", "shop:nobody")
    assert other.output == "no events\n"
    assert len(json.loads(noren("events", "list", "--root", root, "--limit", "1", "--format", "json").stdout)) == 1


def test_one_event_is_shown_whole(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    assert SECRET_WORDS in noren("events", "show", "e1", "--root", root).output
    shown = json.loads(noren("events", "show", "e2", "--root", root, "--format", "json").stdout)
    assert shown["state"] == "dead"
    assert shown["body"]["text"] == SECRET_WORDS


def test_what_does_not_exist_is_one_line(tmp_path: Path) -> None:
    result = noren("events", "show", "nothing", "--root", str(filled(tmp_path)))
    assert result.exit_code == 2
    assert result.stderr == "noren: there is no event nothing; `noren events list` shows what there is\n"


def test_dead_events_are_worked_again(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    assert noren("events", "retry", "--all", "--root", root).stdout == "1 to be worked again\n"
    assert noren("events", "list", "--root", root, "--state", "dead").output == "no dead events\n"
    assert json.loads(noren("events", "list", "--state", "due", "--root", root, "--format", "json").stdout)


def test_what_is_refused_spares_the_rest(tmp_path: Path) -> None:
    result = noren("events", "retry", "e1", "e2", "--root", str(filled(tmp_path)))
    assert result.exit_code == 1
    assert result.stdout == "1 to be worked again\n"
    assert "noren: event e1 was worked" in result.stderr


@pytest.mark.parametrize("words", [[], ["e2", "--all"]])
def test_retry_wants_ids_or_all(tmp_path: Path, words: list[str]) -> None:
    result = noren("events", "retry", *words, "--root", str(filled(tmp_path)))
    assert result.exit_code == 2
    assert "give the ids" in result.stderr


def test_events_are_dropped(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    assert noren("events", "drop", "e2", "--root", root).stdout == "1 dropped\n"
    assert json.loads(noren("events", "list", "--state", "dropped", "--root", root, "--format", "json").stdout)


def test_it_works_while_a_worker_holds_the_store(tmp_path: Path) -> None:
    root = filled(tmp_path)

    async def beside(base: Store) -> str:
        await base.join("server")
        [claim] = await base.accept([event("e3")], worker="server", now=1)
        assert claim.event is not None
        result = await asyncio.to_thread(noren, "events", "list", "--root", str(root), "--state", "due")
        refused = await asyncio.to_thread(noren, "events", "drop", "e3", "--root", str(root))
        await base.leave("server")
        assert "is being worked on right now" in refused.stderr
        return result.output

    assert "e3" in on_store(root, beside)


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    result = noren("events", "list", "--root", str(folder(tmp_path)))
    assert result.exit_code == 2
    assert result.stderr.startswith("noren: there is no store at ")
    assert "--dev" in result.stderr
    assert not (tmp_path / "noren.db").exists()
