"""What is of other queues stays there: in news that are told again, in lists of words, in chats with several cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.line_platform import MAI
from tests.security.test_ways import waiting
from tests.unit.desk.test_attendance import stream
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_push import NEAR, browser, subscribed, told
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

CHAT = f"shop:{MAI}"


async def handed_on(w: World, aya: Desk) -> str:
    """A case that was in general, went on to orders, and is talked about there."""
    case = await waiting(w, aya)
    await aya.ask("POST", f"/cases/{case}/acts", do="transfer", queue="orders")
    await aya.ask("POST", f"/cases/{case}/acts", do="change", subject="Fraud", labels=["fraud"])
    return case


async def test_news_that_are_told_again_tell_nothing_of_where_the_case_is_now(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        case = await handed_on(w, aya)
        async with stream(ben, "1") as news:
            assert (await news.until("note"))["queue"] == "general"
            while not (await news.until("case")).get("gone"):
                pass
            rows = news.heard
        summaries = [data for kind, data in rows if kind == "case"]
        assert all(set(one) == {"id", "session", "gone"} or one["queue"] == "general" for one in summaries), summaries
        assert any(one.get("gone") and one["id"] == case for one in summaries), "the page has to let go of it"


async def test_a_case_that_leaves_a_queue_leaves_the_pages_of_those_who_have_only_that_one(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        async with stream(ben) as news:
            case = await waiting(w, aya)
            assert (await news.until("case"))["id"] == case
            await aya.ask("POST", f"/cases/{case}/acts", do="transfer", queue="orders", note="a secret")
            while not (told := await news.until("case")).get("gone"):
                assert told["queue"] == "general"
            assert told == {"id": case, "session": CHAT, "gone": True}
            await aya.ask("POST", f"/cases/{case}/acts", do="transfer", queue="general")
            assert (await news.until("case"))["queue"] == "general"
            assert "secret" not in str(news.heard)


async def test_labels_of_other_queues_are_nobodys_suggestions(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        await handed_on(w, aya)
        assert (await aya.ask("GET", "/labels"))["labels"] == ["fraud"]
        assert (await ben.ask("GET", "/labels"))["labels"] == []


async def test_of_a_chat_with_several_cases_each_sees_the_lines_of_their_own(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        first = await waiting(w, aya)
        await aya.ask("POST", f"/cases/{first}/acts", do="claim")
        await aya.ask("POST", f"/cases/{first}/reply", messages=[{"text": "of general"}])
        await aya.ask("POST", f"/cases/{first}/acts", do="resolve")
        await w.say("thanks")
        await w.say("order")
        [second] = (await aya.ask("GET", "/cases?view=queue&queue=orders"))["cases"]
        await aya.ask("POST", f"/cases/{second['id']}/acts", do="claim")
        await aya.ask("POST", f"/cases/{second['id']}/acts", do="note", text="a secret note")
        await aya.ask("POST", f"/cases/{second['id']}/reply", messages=[{"text": "a secret answer"}])
        await w.say("my secret number")
        everything = str(await aya.ask("GET", f"/chats/{CHAT}/timeline"))
        assert everything.count("secret") >= 3
        seen = str(await ben.ask("GET", f"/chats/{CHAT}/timeline"))
        assert "of general" in seen
        assert "thanks" in seen, "what the bot heard is nobody's secret"
        assert "secret" not in seen
        await ben.ask("GET", f"/cases/{second['id']}", expect=404)
        earlier = (await ben.ask("GET", f"/cases/{first}"))["earlier"]
        assert [one["id"] for one in earlier] == []
        assert (await ben.ask("GET", "/search?q=secret"))["messages"] == []


async def test_whoever_is_mentioned_without_a_right_to_the_case_is_told_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=NEAR) as w, desk(w) as aya, desk(w, admin=False) as ben, browser() as b:
        agent = await subscribed(w, aya, b, ben)
        await aya.ask("PATCH", f"/agents/{agent}", queues=["orders"])
        case = await waiting(w, aya)
        await aya.ask("POST", f"/cases/{case}/acts", do="note", text="between us", mentions=[agent])
        await told(w)
        assert b.got == []


async def test_what_is_found_is_not_less_because_others_have_more(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        case = await waiting(w, aya)
        await w.say("parcel of mine")
        await aya.ask("POST", f"/cases/{case}/acts", do="transfer", queue="orders")
        for number in range(12):
            await w.say(f"parcel {number}")
        assert w.runtime.desk is not None
        while await w.store.index_words(500, w.clock.now()):
            if await w.store.index_words(500, w.clock.now()) == 0:
                break
        found = (await ben.ask("GET", "/search?q=parcel&limit=1"))["messages"]
        assert [one["excerpt"] for one in found] == ["parcel of mine"]
