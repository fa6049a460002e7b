"""Who said what in groups: the timeline names the member behind every message people had to do with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.line_platform import CLUB, KEN, MAI
from tests.unit.desk.test_desk import desk
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio


async def test_the_timeline_of_a_group_names_the_members(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        w.line.simulator.acts.invite(w.account(), CLUB)
        await w.say("good morning", user=KEN, chat=CLUB)
        await w.say("help", chat=CLUB)
        await w.say("me too", user=KEN, chat=CLUB)
        await w.say("and me", user=MAI, chat=CLUB)
        items = (await aya.ask("GET", f"/chats/shop:{CLUB}/timeline"))["items"]
        said = {one["text"]: one.get("user") for one in items if one["what"] == "said"}
        assert (said["me too"], said["and me"]) == (KEN, MAI)
        assert (said["good morning"], said["help"]) == (KEN, MAI), "before anybody was asked for, too"


async def test_between_two_the_chat_itself_says_who_speaks(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await w.say("help")
        await w.say("hello?")
        items = (await aya.ask("GET", f"/chats/shop:{MAI}/timeline"))["items"]
        assert not [one for one in items if "user" in one]
