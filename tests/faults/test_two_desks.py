"""Two processes do something to one chat at the same moment: one of them wins, and what is said is said once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime import app
from runtime.handover.case.replay import replay, seen
from runtime.model import Chat, Event, Noted
from tests.line_platform import MAI
from tests.unit.handover.house import agent, offered, session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

CHAT = f"shop:{MAI}"
TIMES = 5


@asynccontextmanager
async def two(tmp_path: Path, url: str) -> AsyncIterator[tuple[World, app.Runtime]]:
    """A runtime, and another process at the same store: with a worker of its own on PostgreSQL, a web process else."""
    config = CONFIG.replace("context:", "distribution: {missed: 0}\n      context:") + "worker: {poll: 500ms}\n"
    async with world(tmp_path, FILES, config=config, store=url) as w:
        role: app.Role = "all" if url.startswith("postgresql") else "web"
        other = app.build(tmp_path, w.runtime.settings, role=role, clock=w.clock)
        await other.start()
        try:
            for name in ("aya", "ben"):
                await agent(w, name)
            yield w, other
        finally:
            await other.stop()


def event(w: World, name: str, do: str, who: str, **data: Any) -> Event:
    now, actor = w.clock.now(), {"kind": "agent", "id": who, "name": who.title()}
    return Event(
        id=name, session=CHAT, endpoint="shop", kind="handover", at=now, due=now, chat=Chat("user", MAI),
        data={"do": do, "actor": actor, **data},
    )  # fmt: skip


def spoken(w: World, name: str, text: str) -> Event:
    now = w.clock.now()
    return Event(
        id=name, session=CHAT, endpoint="shop", kind="message", at=now, due=now, chat=Chat("user", MAI), user=MAI,
        text=text, data={"type": "text", "id": name},
    )  # fmt: skip


async def both(w: World, other: app.Runtime, one: Event, another: Event, turned: bool) -> None:
    """Each by its own process, in the same moment."""
    first, second = (another, one) if turned else (one, another)
    assert w.runtime.worker is not None
    there = other.worker.accept if other.worker is not None else _only(other)
    await asyncio.gather(w.runtime.worker.accept([first]), there([second]))
    await settled(w, other)


def _only(other: app.Runtime) -> Any:
    async def accept(events: list[Event]) -> None:
        await other.house.store.accept(events, worker=None, now=other.house.clock.now())

    return accept


async def settled(w: World, other: app.Runtime) -> None:
    await w.settle()
    if other.worker is not None:
        await other.worker.idle()
    await w.settle()


async def whole(w: World) -> list[dict[str, Any]]:
    """The log, after it was seen that it tells the same as session and lists."""
    rows: list[dict[str, Any]] = await w.store.notes_of(CHAT, 0, 10_000)
    told = replay(
        Noted(type=row["type"], at=row["at"], case=row["case_id"], epoch=row["epoch"], data=row["data"]) for row in rows
    )
    session = await session_of(w)
    cases = {name: await w.store.load_case(name) for name in told.cases}
    if len(await w.store.notes_of(CHAT, 0, 10_000)) > len(rows):  # agents are asked all the time
        return await whole(w)
    assert (told.owner, told.epoch) == (session.control.owner, session.control.epoch)
    assert told.cases == {name: case and seen(case) for name, case in cases.items()}
    assert await w.store.list_events("dead") == []
    return rows


def types(rows: list[dict[str, Any]], *events: str) -> list[str]:
    return [row["type"] for row in rows if row["event"] in events]


async def asked(w: World, other: app.Runtime) -> None:
    await w.say("help", settle=False)
    await w.line.simulator.hooks.idle()
    await settled(w, other)


async def ended(w: World, other: app.Runtime, number: int) -> None:
    """Over and forgotten, for the next time."""
    await both(w, other, event(w, f"over{number}", "give_back", "sue"), event(w, f"n{number}", "note", "sue"), False)
    await w.say("thanks", settle=False)
    await w.line.simulator.hooks.idle()
    await settled(w, other)


async def test_of_two_claims_one_wins(tmp_path: Path, store_url: str) -> None:
    async with two(tmp_path, store_url) as (w, other):
        for number in range(TIMES):
            await asked(w, other)
            a, b = event(w, f"a{number}", "claim", "aya"), event(w, f"b{number}", "claim", "ben")
            await both(w, other, a, b, bool(number % 2))
            found = types(await whole(w), a.id, b.id)
            assert (found.count("case.given"), found.count("ignored")) == (1, 1)
            await ended(w, other, number)


async def test_a_yes_and_the_end_of_its_time_are_one_or_the_other(tmp_path: Path, store_url: str) -> None:
    async with two(tmp_path, store_url) as (w, other):
        for number in range(TIMES):
            await asked(w, other)
            await offered(w)
            case = (await session_of(w)).case
            assert case is not None
            assert case.offer is not None
            who, offer = case.offer.agent, case.offer.id
            for name in ("aya", "ben"):
                await w.store.beat(name, case.offer.until)
            w.clock.turn(case.offer.until - w.clock.now())
            await both(w, other, event(w, f"yes{number}", "accept", who, offer=offer), spoken(w, f"m{number}", "hm"),
                       bool(number % 2))  # fmt: skip
            rows = [row for row in await whole(w) if row["case_id"] == case.id]
            found = [row["type"] for row in rows]
            accepted, missed = found.count("offer.accepted"), found.count("offer.missed")
            assert (accepted, missed) in ((1, 0), (0, 1))
            late = [row for row in rows if row["type"] == "ignored" and row["data"].get("do") == "accept"]
            assert len(late) == missed
            await ended(w, other, number)


async def test_a_users_word_and_the_end_leave_no_word_unheard(tmp_path: Path, store_url: str) -> None:
    async with two(tmp_path, store_url) as (w, other):
        for number in range(TIMES):
            await asked(w, other)
            await both(w, other, event(w, f"c{number}", "claim", "aya"), event(w, f"x{number}", "note", "ben"), False)
            before = len(w.texts())
            await both(w, other, event(w, f"e{number}", "resolve", "aya"), spoken(w, f"u{number}", f"word {number}"),
                       bool(number % 2))  # fmt: skip
            rows = await whole(w)
            by_people = types(rows, f"u{number}").count("message.received")
            by_bot = any(text.startswith("You are back") for text in w.texts()[before:])
            assert by_people + by_bot == 1, "the agent hears it, or the bot answers it"
            if by_people:
                await w.say("thanks", settle=False)
                await w.line.simulator.hooks.idle()
                await settled(w, other)


async def test_an_answer_and_a_transfer_are_both_there_in_one_order(tmp_path: Path, store_url: str) -> None:
    async with two(tmp_path, store_url) as (w, other):
        for number in range(TIMES):
            await asked(w, other)
            await both(w, other, event(w, f"c{number}", "claim", "aya"), event(w, f"x{number}", "note", "ben"), False)
            text = f"answer {number}"
            await both(w, other, event(w, f"r{number}", "reply", "aya", messages=[{"text": text}]),
                       event(w, f"t{number}", "transfer", "aya", queue="orders"), bool(number % 2))  # fmt: skip
            rows = await whole(w)
            assert types(rows, f"t{number}").count("case.transferred") == 1
            assert w.texts().count(text) == types(rows, f"r{number}").count("message.sent") == 1
            await ended(w, other, number)


async def test_two_who_send_at_once_are_both_told_and_only_whose_case_it_is_is_heard(
    tmp_path: Path, store_url: str
) -> None:
    async with two(tmp_path, store_url) as (w, other):
        for number in range(TIMES):
            await asked(w, other)
            texts = {who: f"{who} {number}" for who in ("aya", "ben")}
            one, another = (event(w, f"{who}{number}", "reply", who, messages=[{"text": text}])
                            for who, text in texts.items())  # fmt: skip
            await both(w, other, one, another, bool(number % 2))
            rows = await whole(w)
            said = [text for text in w.texts() if text in texts.values()]
            assert len(said) == 1
            assert types(rows, one.id, another.id).count("ignored") == 1
            await ended(w, other, number)
