"""The control API: bots, people, chats, the clock, live updates."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from runtime.simulator.hooks import Http
from tests.clock import ManualClock
from tests.line_platform import CLUB, HOOK, KEN, MAI, START, bot, line_platform, platform

pytestmark = pytest.mark.anyio


async def test_the_overview_shows_what_a_page_needs() -> None:
    line = platform()
    seen = await line.control("GET", "/")
    assert seen["clock"] == {"now": START, "stopped": False}
    assert [(b["name"], b["menus"]) for b in seen["bots"]] == [("shop", 0)]
    assert [u["relations"] for u in seen["users"]] == [{"shop": "friend"}] * 2
    assert [g["kind"] for g in seen["groups"]] == ["group", "room"]


async def test_bots_come_change_and_go() -> None:
    line = platform()
    made = await line.control("POST", "/bots", name="cafe", webhook_url=HOOK, quota=10)
    assert made["channel_secret"]
    assert (await line.asked("POST", "/bots", name="cafe")).status == 409
    changed = await line.control("PATCH", "/bots/cafe", redelivery=True, access_token="another", billed=7)
    assert (changed["redelivery"], changed["billed"]) == (True, 7)
    assert (await line.api("GET", "/v2/bot/message/quota/consumption", bot="cafe")).data == {"totalUsage": 7}
    assert (await line.api("GET", "/v2/bot/info", bot="", authorization=f"Bearer {made['access_token']}")).status == 401
    assert len((await line.control("GET", "/bots"))["bots"]) == 2
    assert (await line.control("GET", "/bots/cafe"))["name"] == "cafe"
    await line.control("DELETE", "/bots/cafe")
    assert (await line.asked("GET", "/bots/cafe")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x", "colour": "red"},
        {"name": 3},
        {"name": "x", "webhook_url": "https://api.line.me/x"},
        {"name": "x", "user_id": "me"},
        {"name": "x", "batch": 0},
        {"name": "x", "chat_mode": "shout"},
        {"name": "x", "redelivery": "yes"},
    ],
)
async def test_bots_that_cannot_be(body: dict[str, Any]) -> None:
    line = platform()
    answer = await line.asked("POST", "/bots", **body)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_people_come_change_and_go() -> None:
    line = platform()
    made = await line.control("POST", "/users", name="Ann", language="en", relation="none")
    id = made["id"]
    assert made["relations"] == {"shop": "none"}
    assert (await line.asked("POST", "/users", name="Ann")).status == 409
    assert (await line.asked("POST", "/users", name="")).status == 400
    assert (await line.asked("POST", "/users", name="B", id="b")).status == 400
    assert (await line.control("PATCH", f"/users/{id}", name="Anna"))["name"] == "Anna"
    assert (await line.control("GET", f"/users/{id}"))["language"] == "en"
    await line.control("POST", f"/bots/shop/followers/{id}")
    assert (await line.control("PATCH", f"/users/{id}", language="th"))["relations"] == {"shop": "friend"}
    assert (await line.control("PATCH", f"/users/{id}", relation="none"))["relations"] == {"shop": "none"}
    assert len((await line.control("GET", "/users"))["users"]) == 3
    await line.control("DELETE", f"/users/{MAI}")
    assert (await line.control("GET", f"/groups/{CLUB}"))["members"] == [KEN]


async def test_groups_come_and_change() -> None:
    line = platform()
    made = await line.control("POST", "/groups", name="Team", members=[MAI], bot="shop")
    assert (made["kind"], made["bot"]) == ("group", "shop")
    room = await line.control("POST", "/groups", kind="room", members=[MAI, KEN])
    assert room["id"].startswith("R")
    assert (await line.control("PATCH", f"/groups/{made['id']}", name="Crew"))["name"] == "Crew"
    assert len((await line.control("GET", "/groups"))["groups"]) == 4
    assert (await line.asked("POST", "/groups", name="Team")).status == 409
    assert (await line.asked("POST", "/groups", name="T2", members=["nobody"])).status == 404
    assert (await line.asked("POST", "/groups", name="T3", members="all")).status == 400


async def test_a_chat_shows_both_sides_and_what_changed() -> None:
    line = platform()
    event = await line.say("hello")
    body = {"replyToken": event["replyToken"], "messages": [{"type": "text", "text": "hi"}]}
    await line.api("POST", "/v2/bot/message/reply", body)
    seen = await line.control("GET", f"/bots/shop/chats/{MAI}")
    assert [(e["who"], e["via"], e["message"]["text"]) for e in seen["entries"]] == [
        (MAI, "user", "hello"),
        ("bot", "reply", "hi"),
    ]
    assert (await line.control("GET", f"/bots/shop/chats/{MAI}?after={seen['after']}"))["entries"] == []
    await line.control("DELETE", f"/messages/{event['message']['id']}")
    news = await line.control("GET", f"/bots/shop/chats/{MAI}?after={seen['after']}&limit=5")
    assert [e["state"] for e in news["entries"]] == ["unsent"]
    assert [c["chat"] for c in (await line.control("GET", "/bots/shop/chats"))["chats"]] == [MAI]


async def test_a_long_poll_ends_with_the_next_message() -> None:
    line = platform()
    waiting = asyncio.create_task(line.control("GET", f"/bots/shop/chats/{MAI}?wait=60000"))
    await asyncio.sleep(0)
    await line.say(chat=KEN)
    await line.say("at last")
    assert (await waiting)["entries"][0]["message"]["text"] == "at last"
    assert (await line.control("GET", f"/bots/shop/chats/{CLUB}?wait=1"))["entries"] == []
    assert (await line.asked("GET", f"/bots/shop/chats/{MAI}?wait=soon")).status == 400


async def test_the_clock_is_stopped_advanced_and_run() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    assert await line.control("POST", "/clock", advance=1_000) == {"now": START + 1_000, "stopped": False}
    assert await line.control("POST", "/clock", stop=5_000) == {"now": 5_000, "stopped": True}
    clock.turn(99)
    assert (await line.control("POST", "/clock", advance=1))["now"] == 5_001
    await line.control("POST", "/clock", run=True)
    clock.turn(9)
    assert await line.control("GET", "/clock") == {"now": 5_010, "stopped": False}
    await line.control("POST", "/clock", stop=True)
    assert (await line.asked("POST", "/clock", advance=-1)).status == 400


async def test_reset_keeps_the_bots_and_their_rich_menus() -> None:
    line = platform()
    await line.say()
    menu = {"size": {"width": 2500, "height": 843}, "selected": True, "name": "m", "chatBarText": "Menu", "areas": []}
    id = (await line.api("POST", "/v2/bot/richmenu", menu)).data["richMenuId"]
    await line.api("POST", f"/v2/bot/richmenu/{id}/content", b"png", content_type="image/png")
    await line.api("POST", f"/v2/bot/user/{MAI}/richmenu/{id}")
    await line.control("POST", "/faults", kind="server_error")
    await line.control("POST", "/reset")
    seen = await line.control("GET", "/")
    assert (len(seen["bots"]), seen["users"], seen["groups"], seen["faults"]) == (1, [], [], 0)
    assert (await line.api("GET", "/v2/bot/info")).status == 200
    assert [m["richMenuId"] for m in (await line.api("GET", "/v2/bot/richmenu/list")).data["richmenus"]] == [id]
    await line.control("POST", "/users", name="Mai")
    assert (await line.api("GET", f"/v2/bot/user/{MAI}/richmenu")).status == 404


async def test_bodies_that_cannot_be_read_and_foreign_pages() -> None:
    async with line_platform() as line, aiohttp.ClientSession() as session:
        url = f"{line.url}/simulator/api/users"
        for data in (b"{", b"[]"):
            async with session.post(url, data=data) as answer:
                assert answer.status == 400
        async with session.post(url, json={"name": "Eve"}, headers={"origin": "https://evil.test"}) as answer:
            assert answer.status == 403
        async with session.post(url, json={"name": "Eve"}, headers={"origin": line.url}) as answer:
            assert answer.status == 201


async def test_the_stream_tells_of_changes_and_goes_on_where_it_broke_off() -> None:
    async with line_platform() as line, aiohttp.ClientSession() as session:
        async with session.get(f"{line.url}/simulator/api/stream") as stream:
            assert await stream.content.readline() == b"retry: 1000\n"
            await line.control("POST", "/users", name="Eve")
            lines = [await stream.content.readline() for _ in range(4)]
        assert lines[2:] == [b"event: user\n", lines[3]]
        last = lines[1].split()[1].decode()
        await line.say("hello")
        headers = {"last-event-id": last}
        async with session.get(f"{line.url}/simulator/api/stream", headers=headers) as stream:
            await stream.content.readline()
            again = [await stream.content.readline() for _ in range(4)]
        assert again[2] == b"event: said\n"


async def test_the_stream_shows_what_can_be_tapped_and_what_was() -> None:
    action = {"type": "postback", "label": "Tea", "data": "tea"}
    message = {"type": "text", "text": "which?", "quickReply": {"items": [{"type": "action", "action": action}]}}
    async with line_platform() as line, aiohttp.ClientSession() as session:
        await line.api("POST", "/v2/bot/message/push", {"to": MAI, "messages": [message]})
        await line.control("POST", f"/bots/shop/chats/{MAI}/tap", label="Tea")
        async with session.get(f"{line.url}/simulator/api/stream?after=0") as stream:
            told = await _told(stream.content, 2)
    (said, whole), (changed, again) = told
    assert (said, changed) == ("said", "changed")
    assert whole["buttons"] == [{"index": 0, "place": "quick", "label": "Tea", "action": action}]
    assert "tapped" not in whole
    assert again["tapped"] is True


async def _told(stream: aiohttp.StreamReader, count: int) -> list[tuple[str, Any]]:
    """The first changes of chats that a stream tells of: kind and data."""
    found: list[tuple[str, Any]] = []
    kind = ""
    while len(found) < count:
        name, _, value = (await stream.readline()).decode().strip().partition(": ")
        if name == "event":
            kind = value
        elif name == "data" and kind in ("said", "changed"):
            found.append((kind, json.loads(value)))
    return found


async def test_webhooks_go_over_http() -> None:
    async with line_platform(bot("other")) as line:
        account = line.simulator.platform.change_bot("other", webhook_url=f"{line.url}/not/a/webhook", timeout=5_000)
        line.simulator.acts.send(account, MAI, {"type": "text", "text": "x"})
        await line.control("POST", "/webhooks/settle")
        sent = (await line.control("GET", "/bots/other/webhooks"))["webhooks"][0]
        assert (sent["state"], sent["last"]["status"]) == ("failed", 404)


async def test_a_closed_port_cannot_be_connected_to() -> None:
    http = Http()
    with pytest.raises(ConnectionRefusedError):
        await http("http://127.0.0.1:9/", b"", {})
    await http.close()


async def test_content_and_menu_images_for_a_page() -> None:
    line = platform()
    sent = await line.control("POST", f"/bots/shop/chats/{MAI}/messages", type="image")
    id = sent["entries"][0]["id"]
    image = await line.asked("GET", f"/messages/{id}/content")
    assert image.raw.startswith(b"\x89PNG")
    assert (await line.asked("GET", "/messages/0/content")).status == 404
    assert (await line.asked("GET", "/bots/shop/menus/none/image")).status == 404
    assert (await line.asked("GET", f"/bots/shop/users/{MAI}/menu")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "earthquake"},
        {"kind": "beacon", "chat": MAI, "type": "leave"},
        {"kind": "account_link", "chat": MAI},
        {"kind": "account_link", "chat": MAI, "nonce": "n", "result": "perhaps"},
        {"kind": "membership", "chat": MAI, "type": "paused"},
        {"kind": "module", "type": "loose"},
        {"kind": "raw", "event": {}},
    ],
)
async def test_events_that_cannot_be(body: dict[str, Any]) -> None:
    line = platform()
    assert (await line.asked("POST", "/bots/shop/events", **body)).status == 400
    assert (await line.asked("POST", "/bots/shop/events", kind="follow", chat=CLUB[:-1])).status == 404
