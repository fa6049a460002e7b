"""`noren replay`: a real conversation, recorded by the whole house, on edited flows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.store.memory import Memory
from runtime.store.store import Store
from runtime.transcript.replayer import recording
from tests.line_platform import MAI
from tests.store.values import NOW, WORKER, event, turn
from tests.unit.cli.bots import noren
from tests.world import World, world, write

FLOW = """
flow: shop
vars: {cups: int, tea: text, price: any}
start: [{keyword: [tea]}]
steps:
  - say: "Welcome {{ profile.name }}"
  - ask: cups
    type: int
    say: How many cups?
    else: [A number please]
    silent: {after: 10m, say: Still there?}
  - call: shop.py:price
    args: {cups: "{{ cups }}"}
    save: price
    error: [{say: No price}, end]
  - say: "{{ cups }} cups are {{ price }} yen"
"""
FUNCTIONS = """
def price(args, session, endpoint, kit):
    return args["cups"] * 300

def loud(event, session, endpoint, kit):
    return {"text": event.text.replace("chai", "tea")}

def sign(output, messages, session, endpoint, kit):
    return kit.change(output, text=output.text + "!")
"""
CONFIG = """
store: sqlite:///world.db
public_url: https://bot.example
endpoints:
  shop:
    channel_secret: s
    access_token: t
    languages: [en]
    loading: 0
    transformers: {input: "shop.py:loud", output: "shop.py:sign"}
"""
KEY = f"shop:{MAI}"


async def talk(w: World) -> None:
    await w.say("chai please")
    await w.say("chai")
    await w.say("many")
    await w.turn(11 * 60_000)
    await w.say("3")


def record(root: Path, chat: Callable[[World], Awaitable[None]] = talk, flow: str = FLOW) -> list[str]:
    """Hold the conversation; what the bot said."""
    files = {"flows/shop.yaml": flow, "transformers/shop.py": FUNCTIONS}

    async def run() -> list[str]:
        config = CONFIG.split("endpoints:", 1)[1].replace("    channel_secret: s\n    access_token: t\n", "")
        async with world(root, files, config=f"endpoints:{config}") as w:
            await chat(w)
            return w.texts()

    said = asyncio.run(run())
    write(root, {"noren.yaml": CONFIG})
    return said


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bot")
    said = record(made)
    assert said == [
        "Welcome Mai!",
        "How many cups?!",
        "A number please!",
        "Still there?!",
        "3 cups are 900 yen!",
    ]
    return made


def edited(at: Path, old: str, new: str) -> str:
    assert old in FLOW
    write(at, {"flows/shop.yaml": FLOW.replace(old, new)})
    return str(at / "flows")


def test_without_a_session_those_that_can_be_played_are_listed(root: Path, tmp_path: Path) -> None:
    result = noren("replay", "--root", str(root))
    assert (result.exit_code, KEY in result.output) == (0, True)
    assert result.output.splitlines()[-1] == "noren replay KEY plays one again"
    result = noren("replay", "--root", str(tmp_path))
    assert result.exit_code == 2


def test_the_same_flows_say_the_same(root: Path) -> None:
    result = noren("replay", KEY, "--root", str(root))
    assert result.output.splitlines()[-1] == "5 events, 0 answered otherwise"
    assert result.exit_code == 0


def test_no_credentials_are_needed(root: Path) -> None:
    settings = root / "noren.yaml"
    bare = settings.read_text(encoding="utf-8").replace("secret: s", "secret: ${NOT_SET_HERE}")
    settings.write_text(bare.replace("token: t", "token: ${NOR_IS_THIS}"), encoding="utf-8")
    result = noren("replay", KEY, "--root", str(root))
    assert (result.exit_code, result.output.splitlines()[-1].partition(",")[2]) == (0, " 0 answered otherwise")


def test_another_wording_is_shown_as_a_difference(root: Path, tmp_path: Path) -> None:
    result = noren("replay", KEY, "--root", str(root), "--flows", edited(tmp_path, "How many cups?", "How many?"))
    assert "- How many cups?!" in result.output
    assert "+ How many?!" in result.output
    assert "1 answered otherwise" in result.output
    assert result.exit_code == 1


def test_effects_are_answered_from_the_record_also_when_steps_move(root: Path, tmp_path: Path) -> None:
    flows = edited(tmp_path, "  - call: shop.py:price", "  - say: One moment\n  - call: shop.py:price")
    result = noren("replay", KEY, "--root", str(root), "--flows", flows)
    assert "+ One moment!" in result.output
    assert "  3 cups are 900 yen!" in result.output


def test_what_was_never_asked_is_marked(root: Path, tmp_path: Path) -> None:
    flows = edited(tmp_path, "shop.py:price", "shop.py:other")
    result = noren("replay", KEY, "--root", str(root), "--flows", flows)
    assert "shop.py:other: never asked then" in result.output
    assert "+ No price!" in result.output


def test_timers_fire_by_the_recorded_times(root: Path, tmp_path: Path) -> None:
    gone = noren(
        "replay",
        KEY,
        "--root",
        str(root),
        "--flows",
        edited(tmp_path / "a", "    silent: {after: 10m, say: Still there?}\n", ""),
    )
    assert "this timer is not set any more" in gone.output
    earlier = noren("replay", KEY, "--root", str(root), "--flows", edited(tmp_path / "b", "after: 10m", "after: 5m"))
    assert "+ Still there?!" in earlier.output
    assert "- Still there?!" in earlier.output


def test_json_holds_every_message(root: Path, tmp_path: Path) -> None:
    flows = edited(tmp_path, "Welcome", "Hello")
    shown = json.loads(noren("replay", KEY, "--root", str(root), "--flows", flows, "--format", "json").stdout)
    assert (shown["events"], shown["changed"]) == (5, 1)
    (moment,) = shown["moments"]
    assert moment["recorded"][0]["text"] == "Welcome Mai!"
    assert moment["replayed"][0]["text"] == "Hello Mai!"


def test_nothing_is_written(root: Path, tmp_path: Path) -> None:
    before = noren("sessions", "show", KEY, "--root", str(root), "--format", "json").stdout
    noren("replay", KEY, "--root", str(root), "--flows", edited(tmp_path, "Welcome", "Hello"))
    assert noren("sessions", "show", KEY, "--root", str(root), "--format", "json").stdout == before


def test_a_session_that_waits_is_replayed_on_its_own_version(tmp_path: Path) -> None:
    async def begin(w: World) -> None:
        await w.say("tea")

    record(tmp_path, begin)
    edited(tmp_path, "Welcome", "Hello")
    assert noren("replay", KEY, "--root", str(tmp_path)).exit_code == 1
    assert noren("replay", KEY, "--root", str(tmp_path), "--pinned").exit_code == 0


def test_an_unknown_session_is_told(root: Path) -> None:
    result = noren("replay", "shop:nobody", "--root", str(root))
    assert result.exit_code == 2
    assert "there is no session" in result.stderr


@pytest.mark.anyio
async def test_a_turn_is_replayed_at_the_time_that_its_flow_saw() -> None:
    store = Store(Memory())
    await store.open()
    began = [event("e1"), event("e2", at=NOW + 60_000)]
    for one, took in zip(began, (9_000, 0), strict=True):
        [claim] = await store.accept([one], worker=WORKER, now=one.at)
        await store.commit(replace(turn(claim), now=one.at), worker=WORKER, now=one.at + took)
    assert [one.at for one in await recording(store, "shop:U1")] == [NOW, NOW + 60_000]
    await store.close()
