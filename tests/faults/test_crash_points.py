"""The process dies at each single point of an event's life, is started again, and everybody has one answer.

See `tests/deaths.py` for what a point is and how it dies.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deaths import House, Play
from tests.gate import SLOW, gate
from tests.line_platform import MAI, bot

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

ECHO = {"flows/echo.yaml": 'flow: echo\nfallback: [{say: "{{ input.text }}"}]\n'}


def said(*texts: str) -> Callable[[House], None]:
    def check(h: House) -> None:
        assert h.texts() == list(texts)

    return check


async def hello(h: House) -> None:
    await h.say("hello")


async def again(h: House) -> None:
    await h.say("again")


ACCEPTED = ["before accept", "after accept", "before commit", "after commit"]
SENT = ["before send", "after send", "before settle", "after settle"]


async def test_one_reply(tmp_path: Path, store_url: str) -> None:
    assert await Play(tmp_path, ECHO, hello, said("hello"), store_url).deaths() == ACCEPTED + SENT


async def test_one_reply_though_it_dies_twice(tmp_path: Path) -> None:
    assert await Play(tmp_path, ECHO, hello, said("hello")).twice() > 30


async def test_one_reply_the_short_way(tmp_path: Path, store_url: str) -> None:
    play = Play(tmp_path, ECHO, again, said("hello", "again"), store_url, prelude=hello)
    assert await play.deaths() == ["before direct", "after direct", *SENT]
    (tmp_path / "twice").mkdir()
    play.root = tmp_path / "twice"
    assert await play.twice() > 20


async def test_quick_messages_and_their_order(tmp_path: Path, store_url: str) -> None:
    async def three(h: House) -> None:
        events = [await h.event(lambda n=n: h.send({"type": "text", "text": str(n)})) for n in range(4)]
        await h.post(*events[:2])
        await h.post(events[2])
        await h.post(events[3])
        await h.post(events[2])
        await h.settle()

    play = Play(tmp_path, ECHO, three, said("hello", "0", "1", "2", "3"), store_url, prelude=hello)
    assert len(await play.deaths()) > 15


LONG = {"flows/long.yaml": "flow: long\nfallback:\n" + "".join(f'  - say: "line {n}"\n' for n in range(12))}


async def test_a_reply_and_its_pushes(tmp_path: Path, store_url: str) -> None:
    def check(h: House) -> None:
        assert h.texts() == [f"line {n}" for n in range(12)] * 2
        assert h.vias() == (["reply"] * 5 + ["push"] * 7) * 2

    play = Play(tmp_path, LONG, again, check, store_url, prelude=hello)
    assert len(await play.deaths()) == 10


TIMER = {
    "flows/timer.yaml": """flow: timer
start: [{keyword: go}]
steps:
  - say: wait for it
  - delay: 10s
  - say: here it is
  - end
fallback: [{say: "{{ input.text }}"}]
"""
}


async def test_a_push_by_a_timer(tmp_path: Path, store_url: str) -> None:
    async def go(h: House) -> None:
        await h.say("go")
        await h.turn(20_000)
        await h.say("well?")

    play = Play(tmp_path, TIMER, go, said("wait for it", "here it is", "well?"), store_url)
    assert len(await play.deaths()) == 20


async def slow(h: House, until: int = 60_000) -> None:
    """A turn that takes longer than its token is safe."""
    wait = gate("slow 1")
    event = await h.event(lambda: h.send({"type": "text", "text": "slow 1"}))
    await h.post(event)
    await until_true(lambda: wait.reached.is_set() or h.fate.died.is_set())
    for _ in range(until // 1_000):
        h.clock.turn(1_000)
        for _ in range(20):
            await asyncio.sleep(0)
    wait.open.set()
    await h.settle()


async def until_true(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110  # what is waited for happens all over the house
            await asyncio.sleep(0)


async def test_a_push_of_a_late_answer(tmp_path: Path, store_url: str) -> None:
    assert len(await Play(tmp_path, SLOW, slow, said("slow 1 is done"), store_url).deaths()) == 8


async def test_a_button_for_a_late_answer(tmp_path: Path, store_url: str) -> None:
    async def tapped(h: House) -> None:
        await slow(h)
        if h.texts()[-1] == "One moment.":  # else the answer was pushed already
            await h.tap()
        await h.say("thanks")

    def check(h: House) -> None:
        assert [text for text in h.texts() if text != "One moment."] == ["slow 1 is done", "thanks"]
        assert h.texts().count("One moment.") <= 1

    more = ", late: button, late_text: One moment., late_label: Show"
    assert len(await Play(tmp_path, SLOW, tapped, check, store_url, more=more).deaths()) > 15


async def test_what_is_held_for_want_of_quota(tmp_path: Path, store_url: str) -> None:
    async def held(h: House) -> None:
        await h.say("go")
        await h.say("well?")
        await h.say("well?")
        await h.say("well?")

    flow = LONG["flows/long.yaml"].replace("fallback:", "start: [{keyword: go}]\nsteps:")
    flows = {"flows/long.yaml": flow + "  - end\nfallback: [{say: well?}]\n"}

    def check(h: House) -> None:
        assert [t for t in h.texts() if t != "well?"] == [f"line {n}" for n in range(12)]

    play = Play(tmp_path, flows, held, check, store_url, who=bot(quota=0))
    assert len(await play.deaths()) > 20


async def test_a_word_of_trouble(tmp_path: Path, store_url: str) -> None:
    files = {
        "flows/bad.yaml": "flow: bad\nstart: [{keyword: go}]\n"
        "steps: [{call: nobody.py:nothing}, end]\nfallback: [{say: ok}]\n"
    }

    async def go(h: House) -> None:
        await h.say("go")
        await h.turn(10_000)
        await h.say("ok?")

    assert len(await Play(tmp_path, files, go, said("Sorry.", "ok"), store_url).deaths()) > 10


async def test_a_long_death_doubles_nothing(tmp_path: Path) -> None:
    """No reply token outlives it: what may have arrived is not said again, what nobody tried to say is pushed."""

    def check(h: House) -> None:
        tried = any("send" in death or death in ("after direct", "before settle") for death in h.deaths)
        assert h.texts() in ([["hello", "again"], ["hello"]] if tried else [["hello", "again"]])

    play = Play(tmp_path, ECHO, again, check, prelude=hello, asleep=21 * 60_000)
    assert len(await play.deaths()) == 6


PNG = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6260606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()


async def test_what_is_taken_back_is_gone(tmp_path: Path) -> None:
    async def regret(h: House) -> None:
        await h.post(await h.event(lambda: h.send({"type": "image", "data": PNG, "content_type": "image/png"})))
        await h.settle()
        said = h.line.simulator.platform.chats.history("shop", MAI)[0]
        await h.post(await h.event(lambda: h.line.simulator.acts.unsend(said.id)))
        await h.turn(60_000)

    def check(h: House) -> None:
        assert [path for path in (h.root / ".noren" / "content").rglob("*") if path.is_file()] == []

    deaths = await Play(tmp_path, ECHO, regret, check).deaths()
    assert {"after keep_content", "before forget", "after forget"} <= set(deaths)
