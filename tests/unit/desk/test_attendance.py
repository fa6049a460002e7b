"""Whose last window closes is offered nothing more, and what they were offered goes on at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.desk.attendance import BLINK
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.house import offered, session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio


class News:
    """An open stream; `until` reads on to the next event of a kind."""

    def __init__(self, lines: AsyncIterable[bytes]) -> None:
        self._lines = lines
        self.last = ""
        self.heard: list[tuple[str, Any]] = []

    async def until(self, kind: str) -> Any:
        found = ""
        async with asyncio.timeout(10):
            async for raw in self._lines:
                line = raw.decode().rstrip()
                if line.startswith("id: "):
                    self.last = line[4:]
                elif line.startswith("event: "):
                    found = line[7:]
                elif line.startswith("data: "):
                    self.heard.append((found, json.loads(line[6:])))
                    if found == kind:
                        return self.heard[-1][1]
        raise AssertionError(f"the stream ended without {kind}")


@asynccontextmanager
async def stream(one: Desk, last: str = "") -> AsyncIterator[News]:
    headers = {"last-event-id": last} if last else {}
    async with one.client.get(f"{one.url}/desk/api/stream", headers=headers) as answer:
        assert answer.status == 200
        news = News(answer.content)
        await news.until("hello")
        yield news


async def ready(w: World, aya: Desk, one: Desk, name: str) -> str:
    made = await colleague(w, aya, one, role=name, queues=["general"])
    await one.ask("PUT", "/presence", status="online")
    return str(made["id"])


async def waits_for(w: World) -> str:
    case = (await session_of(w)).case
    return case.offer.agent if case is not None and case.offer is not None else ""


async def test_an_offer_goes_on_within_a_second_of_a_closed_window(tmp_path: Path) -> None:
    async with (
        world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya,
        desk(w, admin=False) as ben, desk(w, admin=False) as cem,
    ):  # fmt: skip
        house = w.runtime.desk
        assert house is not None
        first = await ready(w, aya, ben, "agent")
        async with stream(ben):
            await w.until(lambda: house.attendance.here(first))
            await w.say("help")
            await offered(w)
            assert await waits_for(w) == first
            second = await ready(w, aya, cem, "supervisor")
        await w.until(lambda: not house.attendance.here(first))
        begun = w.clock.now()
        for _ in range(50):
            await asyncio.sleep(0)  # somebody begins to wait
        w.clock.turn(BLINK)
        await w.until(lambda: not house.attendance._leaving)
        await w.settle()
        await offered(w)
        assert await waits_for(w) == second
        assert w.clock.now() - begun < 1_000
        agents = (await aya.ask("GET", "/agents"))["agents"]
        assert next(one for one in agents if one["id"] == first)["status"] == "leaving", "their cases they keep"


async def test_a_page_that_is_loaded_anew_loses_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        house = w.runtime.desk
        assert house is not None
        agent = await ready(w, aya, ben, "agent")
        async with stream(ben):
            await w.say("help")
            await offered(w)
        await w.until(lambda: not house.attendance.here(agent))
        async with stream(ben):
            w.clock.turn(BLINK * 4)
            await offered(w)
            assert await waits_for(w) == agent


async def test_a_stream_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        async with stream(aya) as news:
            await w.say("help")
            note = await news.until("note")
            last = news.last
        assert note["session"]
        await w.say("are you there?")
        async with stream(aya, last) as news:
            while (note := await news.until("note"))["type"] != "message.received":
                assert note["seq"] > int(last)
            assert note["data"]["text"] == "are you there?"
