"""Where the bot goes on after a case, as the agent chose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.desk.test_desk import desk
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import world

pytestmark = pytest.mark.anyio

MORE = """
flow: thanks
title: Thanks
steps:
  - say: Thank you for waiting.
sections:
  gift:
    - say: A gift for you.
"""


async def test_labels_that_were_given_are_offered_again(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        assert (await aya.ask("GET", "/labels"))["labels"] == []
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="change", labels=["vip", "late"])
        assert (await aya.ask("GET", "/labels"))["labels"] == ["vip", "late"]


async def test_the_bot_goes_on_where_the_agent_said(tmp_path: Path) -> None:
    async with world(tmp_path, {**FILES, "flows/thanks.yaml": MORE}, config=CONFIG) as w, desk(w) as aya:
        found = (await aya.ask("GET", "/entrances?endpoint=shop"))["entrances"]
        assert "thanks.gift" in [one["target"] for one in found]
        assert (await aya.ask("GET", "/entrances?endpoint=other"))["entrances"] == []
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
        await aya.ask("POST", f"/cases/{case['id']}/reply", messages=[{"text": "Here you are"}])
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="resolve", inject="thanks.gift")
        await w.say("bye")
        assert w.texts()[-1] == "A gift for you."
