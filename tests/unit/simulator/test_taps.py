"""Tapping does what LINE's app does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.line_platform import CLUB, HOOK, KEN, MAI, Line, bot, platform

pytestmark = pytest.mark.anyio

PICKER = {
    "type": "datetimepicker",
    "label": "When",
    "data": "p",
    "mode": "date",
    "min": "2026-01-01",
    "max": "2026-12-31",
}
POSTBACK = {"type": "postback", "label": "Buy", "data": "buy=1", "displayText": "I buy"}
MENU = {"size": {"width": 2500, "height": 1686}, "selected": True, "name": "main", "chatBarText": "Menu"}


def template(*actions: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "x", "template": {"type": "buttons", "text": "x", "actions": list(actions)}}


def quick(*actions: Any) -> dict[str, Any]:
    items = [{"type": "action", "action": action} for action in actions]
    return {"type": "text", "text": "choose", "quickReply": {"items": items}}


async def shown(line: Line, message: Any, to: str = MAI) -> str:
    answer = await line.api("POST", "/v2/bot/message/push", {"to": to, "messages": [message]})
    assert answer.status == 200, answer.raw
    return str(answer.data["sentMessages"][0]["id"])


async def tap(line: Line, chat: str = MAI, **body: Any) -> Any:
    done = await line.control("POST", f"/bots/shop/chats/{chat}/tap", **body)
    await line.simulator.hooks.idle()
    return done


async def test_a_message_action_writes() -> None:
    line = platform()
    await shown(line, template({"type": "message", "label": "Hours", "text": "opening hours"}))
    await tap(line, label="Hours")
    assert line.caught.events[0]["message"]["text"] == "opening hours"


async def test_a_postback_shows_its_text_without_sending_it() -> None:
    line = platform()
    await shown(line, template(POSTBACK))
    await tap(line, index=0)
    event = line.caught.events[0]
    assert (event["type"], event["postback"]) == ("postback", {"data": "buy=1"})
    assert len(line.caught.events) == 1
    last = line.simulator.platform.chats.last("shop", MAI)
    assert last
    assert (last.via, last.message["text"]) == ("tap", "I buy")


async def test_the_old_postback_text_is_sent_too() -> None:
    line = platform()
    await shown(line, template({"type": "postback", "label": "Buy", "data": "d", "text": "I buy"}))
    await tap(line, label="Buy")
    assert [event["type"] for event in line.caught.events] == ["message", "postback"]


async def test_a_picker_gives_a_date_within_its_limits() -> None:
    line = platform()
    await shown(line, template(PICKER))
    await tap(line, label="When", value="2026-05-01")
    assert line.caught.events[0]["postback"] == {"data": "p", "params": {"date": "2026-05-01"}}
    path = f"/bots/shop/chats/{MAI}/tap"
    assert (await line.asked("POST", path, label="When", value="2027-01-01")).status == 409
    assert (await line.asked("POST", path, label="When", value="tomorrow")).status == 400
    assert (await line.asked("POST", path, label="Never")).status == 400


@pytest.mark.parametrize(
    ("action", "result"),
    [
        (
            {"type": "uri", "label": "Go", "uri": "https://e.com", "altUri": {"desktop": "https://d.com"}},
            {"uri": "https://e.com", "desktop": "https://d.com"},
        ),
        ({"type": "clipboard", "label": "Copy", "clipboardText": "A1"}, {"clipboard": "A1"}),
    ],
)
async def test_what_the_app_opens_or_copies_is_reported(action: Any, result: Any) -> None:
    line = platform()
    await shown(line, template(action))
    done = await tap(line, index=0)
    assert result.items() <= done.items()
    assert not line.caught.events


async def test_quick_replies_vanish_with_the_tap_and_the_next_message() -> None:
    line = platform()
    message = {"type": "message", "label": "A", "text": "a"}
    await shown(line, quick(message, {"type": "camera", "label": "Photo"}, {"type": "location", "label": "Where"}))
    await tap(line, label="A")
    assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/tap", label="A")).status == 409
    await shown(line, quick(message, {"type": "camera", "label": "Photo"}))
    await tap(line, label="Photo")
    await shown(line, quick({"type": "location", "label": "Where"}))
    await tap(line, label="Where", title="Here")
    assert [event["message"]["type"] for event in line.caught.events] == ["text", "image", "location"]
    old = await shown(line, quick(message))
    await shown(line, {"type": "text", "text": "later"})
    assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/tap", message=old, label="A")).status == 409


async def test_flex_imagemap_and_carousels_have_buttons() -> None:
    line = platform()
    button = {"type": "button", "action": {"type": "message", "label": "Flex", "text": "flex"}}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [button]}}
    await shown(line, {"type": "flex", "altText": "x", "contents": {"type": "carousel", "contents": [bubble, bubble]}})
    area = {"type": "message", "text": "map", "area": {"x": 0, "y": 0, "width": 10, "height": 10}}
    base = {"baseUrl": "https://e.com/i", "altText": "x", "baseSize": {"width": 1040, "height": 1040}}
    await shown(line, {"type": "imagemap", **base, "actions": [area]})
    await tap(line, label="map")
    flex = next(s for s in line.simulator.platform.chats.history("shop", MAI) if s.who == "bot")
    await tap(line, message=flex.id, index=1)
    assert [event["message"]["text"] for event in line.caught.events] == ["map", "flex"]
    entries = (await line.control("GET", f"/bots/shop/chats/{MAI}"))["entries"]
    assert [len(entry["buttons"]) for entry in entries if "buttons" in entry] == [2, 1]


async def test_a_member_of_a_group_taps() -> None:
    line = platform(bot(webhook_url=HOOK))
    await line.control("POST", f"/groups/{CLUB}/bot", bot="shop")
    await shown(line, template(POSTBACK), CLUB)
    await tap(line, CLUB, label="Buy", user=KEN)
    assert line.caught.events[-1]["source"] == {"type": "group", "groupId": CLUB, "userId": KEN}


async def test_rich_menus_are_tapped_and_switched() -> None:
    line = platform()
    switch = {"type": "richmenuswitch", "richMenuAliasId": "second", "data": "to=second"}
    area = {"bounds": {"x": 0, "y": 0, "width": 10, "height": 10}, "action": switch}
    ids = []
    for _ in range(2):
        created = await line.api("POST", "/v2/bot/richmenu", {**MENU, "areas": [area]})
        ids.append(created.data["richMenuId"])
        await line.api("POST", f"/v2/bot/richmenu/{ids[-1]}/content", b"png", content_type="image/png")
    await line.api("POST", f"/v2/bot/user/all/richmenu/{ids[0]}")
    await tap(line, menu=True, index=0)
    await line.api("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": "second", "richMenuId": ids[1]})
    before = line.simulator.platform.feed.rev
    await tap(line, menu=True, index=0)
    assert "richmenu" in [change.kind for change in line.simulator.platform.feed.since(before)]
    failed, switched = [event["postback"] for event in line.caught.events]
    assert failed["params"] == {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}
    assert switched == {"data": "to=second", "params": {"newRichMenuAliasId": "second", "status": "SUCCESS"}}
    seen = await line.control("GET", f"/bots/shop/users/{MAI}/menu")
    assert seen["richMenuId"] == ids[1]


async def test_a_chat_without_buttons_cannot_be_tapped() -> None:
    line = platform()
    assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/tap", index=0)).status == 409
    assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/tap", menu=True, index=0)).status == 409
