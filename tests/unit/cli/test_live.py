"""Conversations under way: `check` tells what an edit would leave, `sessions move` moves what fits."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.line_platform import KEN, MAI
from tests.unit.cli.bots import noren
from tests.world import World, world, write

FLOW = """
flow: shop
start: [{keyword: [tea]}]
anytime: [{keyword: stop, do: [end]}]
steps:
  - {ask: cups, type: int, say: How many?}
  - {ask: name, say: Whose name?}
  - say: "{{ cups }} for {{ name }}"
"""
CONFIG = "store: sqlite:///world.db\nendpoints: {shop: {channel_secret: s, access_token: t}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    async def run() -> None:
        async with world(tmp_path, {"flows/shop.yaml": FLOW}) as w:
            await talk(w)

    async def talk(w: World) -> None:
        await w.say("tea")
        await w.say("tea", user=KEN)
        await w.say("2", user=KEN)

    asyncio.run(run())
    write(tmp_path, {"noren.yaml": CONFIG})
    return tmp_path


def check(root: Path) -> list[dict[str, str]]:
    found = json.loads(noren("check", "--root", str(root), "--format", "json").stdout)
    rows = found["findings"] if isinstance(found, dict) else found
    return [row for row in rows if row["code"] == "live-position"]


def step(root: Path, user: str) -> tuple[str, str]:
    shown = json.loads(noren("sessions", "show", f"shop:{user}", "--root", str(root), "--format", "json").stdout)
    return shown["state"]["cursor"]["step"], shown["state"]["cursor"]["version"]


def test_unedited_flows_leave_nobody(root: Path) -> None:
    assert check(root) == []


def test_an_edit_that_takes_a_question_away_is_told_with_how_many_wait_there(root: Path) -> None:
    write(
        root, {"flows/shop.yaml": FLOW.replace("  - {ask: name, say: Whose name?}\n", "").replace("for {{ name }}", "")}
    )
    (found,) = check(root)
    assert found["severity"] == "warning"
    assert found["message"].startswith("1 conversation waits at `shop.steps[1]`, and another step stands there now")


def test_no_store_no_finding(tmp_path: Path) -> None:
    write(tmp_path, {"noren.yaml": CONFIG, "flows/shop.yaml": FLOW})
    assert check(tmp_path) == []
    assert not (tmp_path / "world.db").exists()


def test_sessions_move_to_where_their_question_stands_now(root: Path) -> None:
    before = step(root, KEN)
    write(root, {"flows/shop.yaml": FLOW.replace("steps:", "steps:\n  - say: Welcome")})
    dry = noren("sessions", "move", "--root", str(root), "--dry-run")
    assert dry.stdout == "2 would move, 0 stay where they are\n"
    assert step(root, KEN) == before
    assert noren("sessions", "move", "--root", str(root)).stdout == "2 moved, 0 stay where they are\n"
    assert [step(root, user)[0] for user in (MAI, KEN)] == ["steps[1]", "steps[2]"]
    assert step(root, KEN)[1] != before[1]
    assert noren("sessions", "move", "--root", str(root)).stdout == "0 moved, 0 stay where they are\n"


def test_what_has_no_place_stays_and_is_listed(root: Path) -> None:
    write(root, {"flows/shop.yaml": FLOW.replace("ask: name", "ask: title").replace("{{ name }}", "{{ title }}")})
    result = noren("sessions", "move", "--root", str(root), "--flow", "shop")
    assert result.exit_code == 1
    assert f"shop:{KEN}" in result.stdout
    assert "1 moved, 1 stay where they are" in result.stdout
    assert noren("sessions", "move", "--root", str(root), "--flow", "other").stdout.startswith("0 moved")


def test_a_moved_session_goes_on(root: Path) -> None:
    write(root, {"flows/shop.yaml": FLOW.replace("steps:", "steps:\n  - say: Welcome").replace("for", "cups for")})
    assert noren("sessions", "move", "--root", str(root)).exit_code == 0

    async def run() -> list[str]:
        async with world(root, {}) as w:
            await w.say("Ken", user=KEN)
            return w.texts(KEN)

    assert asyncio.run(run())[-1] == "2 cups for Ken"
