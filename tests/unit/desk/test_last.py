"""What lists and offers show of a case whose user said nothing in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.desk.test_desk import Desk, desk
from tests.unit.handover.test_whole import CONFIG
from tests.world import world

pytestmark = pytest.mark.anyio

FLOW = """
flow: help
start: [{keyword: menu}, {postback: {go: person}, do: [{goto: ask}]}]
steps:
  - say: "What can I do?"
    quick: [{label: Talk to a person, postback: {go: person}}]
  - stop:
  - id: ask
    handover: {}
"""


async def last(one: Desk) -> tuple[str, str]:
    [case] = (await one.ask("GET", "/cases?view=all"))["cases"]
    return case["last_kind"], case["last"]


async def test_what_was_tapped_is_told_by_its_label(tmp_path: Path) -> None:
    async with world(tmp_path, {"flows/help.yaml": FLOW}, config=CONFIG) as w, desk(w) as aya:
        await w.say("menu")
        await w.tap("Talk to a person")
        assert await last(aya) == ("postback", "Talk to a person")
        await w.say("hello?")
        assert await last(aya) == ("", "hello?")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ({"type": "sticker", "package": "446", "sticker": "1988"}, ("sticker", "")),
        (
            {"type": "location", "title": "Cafe", "address": "Tokyo", "latitude": 35.0, "longitude": 139.0},
            ("location", "Cafe"),
        ),
    ],
)
async def test_what_has_no_words_is_told_by_its_kind(
    tmp_path: Path, message: dict[str, Any], shown: tuple[str, str]
) -> None:
    async with world(tmp_path, {"flows/help.yaml": FLOW}, config=CONFIG) as w, desk(w) as aya:
        await w.say("menu")
        await w.tap("Talk to a person")
        await w.send(message)
        assert await last(aya) == shown
        [case] = (await aya.ask("GET", "/cases?view=all"))["cases"]
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
        sticker = {"kind": "sticker", "data": {"package": "446", "sticker": "1988"}}
        await aya.ask("POST", f"/cases/{case['id']}/reply", messages=[sticker])
        assert await last(aya) == ("sticker", "")
