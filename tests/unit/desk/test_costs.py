"""What a word costs, and what becomes of one that could not be sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.simulator.values import Bot
from tests.line_platform import bot
from tests.unit.desk.files.test_keeping import opened
from tests.unit.desk.test_desk import desk
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio


async def test_an_answer_is_free_while_the_token_lives_and_then_costs_one(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await opened(w, aya)
        await w.say("where is it?")
        cost = (await aya.ask("GET", f"/cases/{case}"))["cost"]
        assert (cost["free"], cost["units"]) == (True, 1)
        done = await aya.ask("POST", f"/cases/{case}/reply", messages=[{"text": "On its way"}])
        await w.settle()
        assert w.vias()[-1] == "reply"
        assert done["cost"]["free"] is False, "the token is used"


async def test_what_line_refuses_stays_as_failed_with_the_reason(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await opened(w, aya)
        w.fault("bad_request", "/v2/bot/message/push")
        await aya.ask("POST", f"/cases/{case}/reply", messages=[{"text": "Hello"}])
        await w.settle()
        session = (await aya.ask("GET", f"/cases/{case}"))["case"]["session"]
        items = (await aya.ask("GET", f"/chats/{session}/timeline"))["items"]
        [said] = [one for one in items if one.get("text") == "Hello" and one["what"] == "said"]
        assert (said["delivery"]["state"], said["delivery"]["status"]) == ("failed", 400)


async def test_without_quota_an_answer_goes_with_the_users_next_words(tmp_path: Path) -> None:
    poor: Bot = replace(bot(), quota=0)
    held = CONFIG.replace("loading: 0", "loading: 0, quota: hold")
    async with world(tmp_path, FILES, config=held, bots=(poor,)) as w, desk(w) as aya:
        case = await opened(w, aya)
        me = await aya.ask("GET", "/me")
        assert [(one["endpoint"], one["limit"]) for one in me["quota"]] == [("shop", 0)]
        await aya.ask("POST", f"/cases/{case}/reply", messages=[{"text": "Hello"}])
        await w.settle()
        found = await aya.ask("GET", f"/cases/{case}")
        assert found["cost"]["left"] == 0
        items = (await aya.ask("GET", f"/chats/{found['case']['session']}/timeline"))["items"]
        [said] = [one for one in items if one.get("text") == "Hello" and one["what"] == "said"]
        assert said["delivery"]["state"] == "held"
        await w.say("anybody?")
        assert (w.texts()[-1], w.vias()[-1]) == ("Hello", "reply")
