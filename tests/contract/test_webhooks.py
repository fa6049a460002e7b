"""Every webhook the simulator sends is one that the SDK's parser knows and LINE's OpenAPI describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from linebot.v3 import WebhookParser
from linebot.v3.webhooks import Event

from runtime.simulator.events import KINDS
from tests.contract.openapi import Described
from tests.line_platform import CLUB, HOOK, KEN, LOUNGE, MAI, Line, bot, platform

pytestmark = pytest.mark.anyio

WITHOUT_TOKEN = "replyToken"

PICKER = {"type": "datetimepicker", "label": "When", "data": "p", "mode": "datetime"}
VIDEO = {
    "type": "video",
    "originalContentUrl": "https://e.com/v",
    "previewImageUrl": "https://e.com/p",
    "trackingId": "t",
}


async def everything(line: Line) -> None:
    """All that can happen, once."""
    for chat in (CLUB, LOUNGE):
        await line.control("POST", f"/groups/{chat}/bot", bot="shop")
    await writing(line)
    await happening(line)
    await tapping(line)
    await line.control("DELETE", f"/groups/{CLUB}/members/{KEN}")
    await line.control("POST", f"/groups/{CLUB}/members", users=[KEN])
    await line.control("DELETE", f"/groups/{CLUB}/bot")
    await line.simulator.hooks.idle()


async def writing(line: Line) -> None:
    bodies: list[dict[str, Any]] = [
        {"type": "text", "text": "hello @shop (love)", "mention": [{"to": "bot"}]},
        {"type": "text", "text": "@All", "mention": [{"to": "all"}], "emojis": [EMOJI]},
        {"type": "sticker", "keywords": ["hi"], "text": "hi"},
        {"type": "image", "count": 2},
        {"type": "image", "url": "https://e.com/a.jpg", "preview": "https://e.com/b.jpg"},
        {"type": "video", "duration": 10},
        {"type": "audio", "duration": 10},
        {"type": "file"},
        {"type": "location", "latitude": 1.5, "longitude": 2, "title": "x", "address": "y"},
        {"type": "raw", "message": {"type": "hologram"}},
    ]
    for chat in (MAI, CLUB, LOUNGE):
        for body in bodies:
            await line.control("POST", f"/bots/shop/chats/{chat}/messages", **body)
    said = await line.control("POST", f"/bots/shop/chats/{CLUB}/messages", type="text", text="typo")
    id = said["entries"][0]["id"]
    await line.control("POST", f"/bots/shop/chats/{CLUB}/messages", type="text", text="yes", quote=id)
    await line.control("PATCH", f"/messages/{id}", text="fixed")
    await line.control("DELETE", f"/messages/{id}")


EMOJI = {"index": 0, "length": 4, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


async def happening(line: Line) -> None:
    await line.control("DELETE", f"/bots/shop/followers/{MAI}")
    await line.control("POST", f"/bots/shop/followers/{MAI}")
    happenings: list[dict[str, Any]] = [
        {"kind": "beacon", "dm": "ff"},
        {"kind": "account_link", "nonce": "n" * 10},
        {"kind": "account_link", "nonce": "n" * 10, "result": "failed"},
        *({"kind": "membership", "type": type} for type in ("joined", "renewed", "left")),
        *({"kind": "module", "type": type} for type in ("attached", "detached")),
        *({"kind": kind} for kind in ("bot_suspended", "bot_resumed", "activated")),
        {"kind": "delivery", "data": "x"},
        {"kind": "raw", "event": {"type": "future", "source": {"type": "user", "userId": MAI}}},
    ]
    for body in happenings:
        await line.control("POST", "/bots/shop/events", chat=MAI, **body)
    await line.control("POST", "/bots/shop/events", kind="deactivated", chat=KEN)
    await line.control("POST", f"/bots/shop/chats/{KEN}/messages", type="text", text="in standby")


async def tapping(line: Line) -> None:
    actions = [PICKER, {"type": "postback", "label": "Buy", "data": "buy=1"}]
    template = {"type": "buttons", "text": "x", "actions": actions}
    messages = [VIDEO, {"type": "template", "altText": "x", "template": template}]
    sent = (await line.api("POST", "/v2/bot/message/push", {"to": MAI, "messages": messages})).data["sentMessages"]
    await line.control("POST", f"/messages/{sent[0]['id']}/watch")
    await line.control("POST", f"/bots/shop/chats/{MAI}/tap", label="When", value="2026-12-31T10:00")
    await line.control("POST", f"/bots/shop/chats/{MAI}/tap", label="Buy")


async def test_the_sdk_parses_every_webhook() -> None:
    line = platform(bot(webhook_url=HOOK, chat_mode="chat"))
    await everything(line)
    parser = WebhookParser(line.simulator.platform.account("shop").bot.channel_secret)
    seen = set()
    for data, headers in zip(line.caught.bodies, line.caught.headers, strict=True):
        parsed = parser.parse(data.decode(), headers["x-line-signature"])
        for event, raw in zip(parsed, json.loads(data)["events"], strict=True):
            assert isinstance(event, Event)
            assert (event.type, event.webhook_event_id) == (raw["type"], raw["webhookEventId"])
            odd = raw["type"] == "future" or raw.get("message", {}).get("type") == "hologram"
            assert type(event).__name__.startswith("Unknown") == odd
            seen.add(event.type)
    assert {kind.type for kind in KINDS.values()} | {"future"} == seen


@pytest.mark.shared
async def test_webhooks_conform_to_the_openapi(shared: Path) -> None:
    described = Described(shared / "line" / "openapi" / "webhook.yml")
    line = platform(bot(webhook_url=HOOK, chat_mode="chat"))
    await everything(line)
    faults = []
    for data in line.caught.bodies:
        whole = json.loads(data)
        events = whole["events"]
        found = described.faults(described.named("CallbackRequest"), whole)
        faults += [(events, fault) for fault in found if not expected(fault, events)]
    assert not faults


def expected(fault: str, events: list[dict[str, Any]]) -> bool:
    """LINE's own exception: events in standby have no reply token, although the file asks for one."""
    return WITHOUT_TOKEN in fault and all(event["mode"] == "standby" for event in events)
