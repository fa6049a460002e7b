"""What agents set themselves, how colleagues see them, and what that does to offers."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from runtime.desk.attendance import BLINK, STIRRED
from runtime.handover.distribution import ROUND
from runtime.store.presence import LOADING, STALE
from tests.line_platform import KEN
from tests.unit.desk.test_attendance import News, ready, stream, waits_for
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.handover.house import agent, offered, session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

MINUTE = 60_000


async def seen(one: Desk, agent: str) -> dict[str, Any]:
    found = (await one.ask("GET", "/agents"))["agents"]
    return dict(next(row for row in found if row["id"] == agent))


async def silent(w: World) -> list[str]:
    """Everybody is taken for gone, as after a grace time in which nothing was heard of them."""
    now = w.clock.now()
    found: list[str] = await w.store.drop_absent(now + 1, now)
    assert w.runtime.desk is not None
    w.runtime.desk.hub.nudge()
    return found


async def presence_of(news: News, agent: str) -> str:
    while (told := await news.until("presence"))["agent"] != agent:
        pass
    return str(told["status"])


async def later(w: World, ms: int) -> None:
    """Time passes for those who sleep; what they write is written."""
    for pause in (0, ms, 0):
        w.clock.turn(pause)
        for _ in range(50):
            await asyncio.sleep(0)
        await w.store.tell("")


async def test_who_is_dropped_by_silence_is_told_and_is_back_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        who = await ready(w, aya, ben, "agent")
        await ben.ask("PUT", "/presence", status="busy")
        async with stream(ben) as news:
            assert await silent(w) == [who]
            while not (told := await news.until("presence")).get("dropped"):
                pass
            assert (told["agent"], told["status"]) == (who, "busy"), "as they set it"
            assert (await ben.ask("GET", "/me"))["status"] == "busy"
    assert "there again" in caplog.text


async def test_an_act_brings_back_who_was_dropped_but_nobody_who_left(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        who = await ready(w, aya, ben, "agent")
        w.clock.turn(STIRRED)
        assert await silent(w) == [who]
        assert (await seen(aya, who))["status"] == "offline"
        await ben.ask("PATCH", "/me", sound=True)
        assert (await seen(aya, who))["status"] == "online"
        await ben.ask("PUT", "/presence", status="offline")
        w.clock.turn(STIRRED)
        await ben.ask("PATCH", "/me", sound=False)
        async with stream(ben):
            assert (await seen(aya, who))["status"] == "offline", "they said so themselves"


async def test_colleagues_see_who_is_about_to_leave_and_since_when(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        who = await ready(w, aya, ben, "agent")
        house = w.runtime.desk
        assert house is not None
        came = (await seen(aya, who))["since"]
        async with stream(aya) as news:
            async with stream(ben):
                await w.until(lambda: house.attendance.here(who))
            await w.until(lambda: not house.attendance.here(who))
            await later(w, BLINK)
            assert await presence_of(news, who) == "leaving"
            gone = await seen(aya, who)
            assert (gone["status"], gone["since"]) == ("leaving", w.clock.now())
            assert gone["since"] > came
            async with stream(ben):
                assert await presence_of(news, who) == "online"
            await w.until(lambda: not house.attendance.here(who))
            await later(w, BLINK)
            assert await presence_of(news, who) == "leaving"
            w.clock.turn(MINUTE + 1)
            await offered(w)
            house.hub.nudge()
            assert await presence_of(news, who) == "offline"


@pytest.mark.parametrize("status", ["away", "busy", "offline"])
async def test_an_offer_goes_on_at_once_when_its_agent_is_no_longer_online(tmp_path: Path, status: str) -> None:
    async with (
        world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya,
        desk(w, admin=False) as ben, desk(w, admin=False) as cem,
    ):  # fmt: skip
        first = await ready(w, aya, ben, "agent")
        await w.say("help")
        await offered(w)
        assert await waits_for(w) == first
        second = await ready(w, aya, cem, "supervisor")
        before = w.clock.now()
        await ben.ask("PUT", "/presence", status=status)
        await w.settle()
        await offered(w)
        assert await waits_for(w) == second
        assert w.clock.now() == before
        types = [(note["type"], note["data"].get("why")) for note in await w.store.notes_after(0)]
        assert ("offer.withdrawn", status) in types
        assert "offer.missed" not in dict(types)
        await cem.ask("PUT", "/presence", status="away")
        await ben.ask("PUT", "/presence", status="online")
        await w.settle()
        await offered(w)
        assert await waits_for(w) == first, "it was no refusal"


async def test_a_page_that_is_being_loaded_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        who = await ready(w, aya, ben, "agent")
        house = w.runtime.desk
        assert house is not None
        async with stream(ben):
            await w.say("help")
            await offered(w)
            async with ben.client.get(f"{w.url}/desk/") as page:
                assert page.status in (200, 503), "built or not"
        await w.until(lambda: not house.attendance.here(who))
        await later(w, BLINK)
        await w.settle()
        assert (await seen(aya, who))["status"] == "online"
        async with stream(ben):
            await later(w, LOADING)
            await w.settle()
            assert await waits_for(w) == who, "the page was there in time"
            async with ben.client.get(f"{w.url}/desk/"):
                pass
        await w.until(lambda: not house.attendance.here(who))
        begun = w.clock.now()
        while house.attendance._leaving:
            await later(w, BLINK)
        assert w.clock.now() - begun > LOADING / 2
        await w.settle()
        assert (await seen(aya, who))["status"] == "leaving"
        assert await waits_for(w) == ""


async def test_one_of_two_windows_may_close_whichever_process_has_it(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        who = await ready(w, aya, ben, "agent")
        now = w.clock.now()
        await w.store.beat(who, now, "of another process")
        await w.store.beat(who, now, "of this one")
        assert await w.store.step_out("of this one", who, now) is None
        assert (await seen(aya, who))["status"] == "online"
        assert await w.store.window_open(who, now)
        later = now + STALE
        assert not await w.store.window_open(who, later), "that process is gone"
        await w.store.beat(who, later, "of this one")
        assert await w.store.step_out("of this one", who, later) == 0
        assert (await seen(aya, who))["status"] == "leaving"


async def watched(w: World, ms: int) -> None:
    """Time passes while Aya's desk is open."""
    while ms > 0:
        await w.store.beat("aya", w.clock.now())
        await w.turn(min(ms, MINUTE // 2))
        ms -= MINUTE // 2


async def test_who_missed_too_often_is_away_and_their_other_offers_go_on(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await agent(w, "aya")
        await w.say("help")
        await offered(w)
        await watched(w, 2 * MINUTE)
        await watched(w, ROUND)
        await offered(w)
        assert await waits_for(w) == "aya", "missed once"
        await watched(w, 1_000)
        await w.say("help", user=KEN)
        await offered(w)
        other = (await session_of(w, KEN)).case
        assert other is not None
        assert other.offer is not None
        await watched(w, 2 * MINUTE - 1_000)
        case = (await session_of(w, KEN)).case
        assert case is not None
        assert (case.state, case.declined) == ("queued", ()), "nobody asks somebody who is away"
        assert (await w.store.beat("aya", w.clock.now())).status == ""
        assert (await w.store.presences())["aya"][0] == "away"
