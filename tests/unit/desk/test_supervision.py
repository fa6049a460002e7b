"""A supervisor looks in, whispers, joins and gives a case to somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.desk.casework import WATCHED
from tests.line_platform import MAI
from tests.unit.desk.test_attendance import ready, stream
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.handover.house import session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def begun(path: Path, config: str = CONFIG) -> AsyncIterator[tuple[World, Desk, Desk, str]]:
    """Aya leads; Ben has Mai's case."""
    async with world(path, FILES, config=config) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await ready(w, aya, ben, "agent")
        await w.say("help")
        case = (await session_of(w)).case
        assert case is not None
        await ben.ask("POST", f"/cases/{case.id}/acts", do="claim")
        yield w, aya, ben, case.id


async def types(one: Desk) -> list[str]:
    items = (await one.ask("GET", f"/chats/shop:{MAI}/timeline"))["items"]
    return [item["type"] for item in items if item["what"] == "happened"]


async def monitored(w: World) -> list[dict[str, Any]]:
    await w.settle()
    return [note for note in await w.store.notes_after(0) if note["type"] == "case.monitored"]


async def test_who_looks_in_is_in_the_log_and_the_agent_is_not_disturbed(tmp_path: Path) -> None:
    async with begun(tmp_path) as (w, aya, ben, case), stream(ben) as news:
        await ben.ask("GET", f"/cases/{case}")
        assert await monitored(w) == [], "their own case"
        for _ in range(3):
            await aya.ask("GET", f"/cases/{case}")
            await aya.ask("GET", f"/chats/shop:{MAI}/timeline")
        [note] = await monitored(w)
        assert (note["actor"]["name"], note["data"]["agent"]) == ("Aya", (await session_of(w)).case.agent)  # type: ignore[union-attr]  # it has one
        assert "case.monitored" in await types(aya)
        assert "case.monitored" not in await types(ben)
        await w.say("are you there?")
        while (seen := await news.until("note"))["type"] != "message.received":
            assert seen["type"] != "case.monitored"
        w.clock.turn(WATCHED)
        await aya.ask("GET", f"/cases/{case}")
        assert len(await monitored(w)) == 2
        assert w.texts()[-1] != "Aya", "the user hears nothing of it"


async def test_agents_see_it_where_they_are_to(tmp_path: Path) -> None:
    async with begun(tmp_path, CONFIG + "  monitoring: true\n") as (_, aya, ben, case), stream(ben) as news:
        await aya.ask("GET", f"/cases/{case}")
        while (await news.until("note"))["type"] != "case.monitored":
            pass
        assert "case.monitored" in await types(ben)


async def test_who_joins_is_named_to_the_user_and_the_case_stays_whose_it_is(tmp_path: Path) -> None:
    async with begun(tmp_path) as (w, aya, ben, case):
        reply = f"/cases/{case}/reply"
        await ben.ask("POST", reply, messages=[{"text": "One moment."}])
        await aya.ask("POST", reply, messages=[{"text": "I am here too."}], expect=409)
        for text in ("I am here too.", "And still."):
            await aya.ask("POST", reply, messages=[{"text": text}], join=True)
        await ben.ask("POST", reply, messages=[{"text": "Thank you."}])
        await w.settle()
        assert [(one["text"], one["sender"]["name"]) for one in w.messages()[-4:]] == [
            ("One moment.", "Agent"), ("I am here too.", "Aya"), ("And still.", "Aya"), ("Thank you.", "Agent"),
        ]  # fmt: skip
        assert (await types(ben)).count("case.joined") == 1
        found = await ben.ask("GET", f"/cases/{case}")
        assert found["case"]["agent_name"] == "Agent"


async def test_a_whisper_reaches_the_agent_and_never_the_user(tmp_path: Path) -> None:
    async with begun(tmp_path) as (w, aya, ben, case), stream(ben) as news:
        said = len(w.messages())
        agent = (await session_of(w)).case
        assert agent is not None
        await aya.ask(
            "POST", f"/cases/{case}/acts", do="note", text="offer a refund", whisper=True, mentions=[agent.agent]
        )
        while (note := await news.until("note"))["type"] != "note.added":
            pass
        assert (note["data"]["whisper"], note["data"]["mentions"], note["visibility"]) == (
            True, [agent.agent], "internal",
        )  # fmt: skip
        await w.settle()
        assert len(w.messages()) == said


async def test_a_supervisor_takes_a_case_over_and_gives_it_away(tmp_path: Path) -> None:
    async with begun(tmp_path) as (w, aya, ben, case), stream(ben) as news:
        me = (await aya.ask("GET", "/me"))["agent"]["id"]
        before = (await session_of(w)).case
        assert before is not None
        await ben.ask("POST", f"/cases/{case}/acts", do="assign", agent=me, expect=403)
        taken = await aya.ask("POST", f"/cases/{case}/acts", do="assign", agent=me)
        assert taken["case"]["agent"] == me
        while (note := await news.until("note"))["type"] != "case.given" or note["data"]["agent"] != me:
            pass
        assert note["data"]["before"] == before.agent, "who had it is told"
        await ben.ask("POST", f"/cases/{case}/reply", messages=[{"text": "still me?"}], expect=409)
        given = await aya.ask("POST", f"/cases/{case}/acts", do="assign", agent=before.agent)
        assert given["case"]["agent"] == before.agent
