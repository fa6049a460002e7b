"""Rich menus are brought to LINE by two clients, the runtime's own and the official SDK: they ask for the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from runtime.cli.line_account import SdkMenus, account
from runtime.line.richmenu import MenuApi
from runtime.line.richmenu_sync import Wanted, sync
from runtime.settings import EndpointSettings, TokenSettings
from tests.line_platform import KEN, MAI, Line, line_platform, platform
from tests.unit.line.test_richmenu_sync import NEW, OLD, api_of, at_line

pytestmark = pytest.mark.anyio

POSTBACK = {"displayText": "b", "inputOption": "openKeyboard", "fillInText": "c"}
PICKER = {"mode": "date", "initial": "2026-12-01", "min": "2026-01-01", "max": "2026-12-31"}
ACTIONS: tuple[dict[str, Any], ...] = (
    {"type": "postback", "label": "a", "data": "go=a", **POSTBACK},
    {"type": "uri", "label": "a", "uri": "https://a.example", "altUri": {"desktop": "https://b.example"}},
    {"type": "datetimepicker", "label": "a", "data": "pick=date", **PICKER},
    {"type": "richmenuswitch", "label": "a", "richMenuAliasId": "shop", "data": "menu=shop"},
    {"type": "clipboard", "label": "a", "clipboardText": "b"},
    {"type": "message", "text": "b"},
)
ALL = Wanted(
    key="all",
    alias="all",
    menu={
        **OLD[0].menu,
        "areas": [
            {"bounds": {"x": 100 * n, "y": 0, "width": 100, "height": 270}, "action": one}
            for n, one in enumerate(ACTIONS)
        ],
    },
    picture=OLD[0].picture,
    kind="image/png",
)
STEPS: tuple[Sequence[Wanted], ...] = (OLD, (*NEW, ALL), (*NEW, ALL), ())


async def went_through(line: Line, api: MenuApi) -> list[tuple[str, str, Any]]:
    """Method, path and body of each request of several syncs, with two people who have menus."""
    for number, wanted in enumerate(STEPS):
        await sync(wanted, api)
        if not number:
            at_line(line).link(MAI, at_line(line).aliases["shop"])
            at_line(line).link(KEN, at_line(line).aliases["gone"])
    return [(row.method, row.path, body(row.sent)) for row in line.simulator.journal.since(0, way="api", limit=10_000)]


def body(sent: bytes) -> Any:
    try:
        return json.loads(sent) if sent else None
    except ValueError:
        return sent


async def test_both_ask_line_for_the_same() -> None:
    near = platform()
    ours = await went_through(near, api_of(near))
    async with line_platform() as far:
        token = TokenSettings(long_lived=far.token())
        async with account(EndpointSettings(name="shop", token=token, api=far.url, api_data=far.url)) as line:
            theirs = await went_through(far, SdkMenus(line))
    assert len(ours) > 50
    assert [each[:2] for each in theirs] == [each[:2] for each in ours]
    assert theirs == ours
