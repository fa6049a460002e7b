"""What people do, and the events that come of it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.line_platform import CLUB, HOOK, KEN, LOUNGE, MAI, START, Line, bot, platform

pytestmark = pytest.mark.anyio


async def sent(line: Line, chat: str = MAI, **body: Any) -> dict[str, Any]:
    """Send a message over the control API; the event of the last one."""
    entries = (await line.control("POST", f"/bots/shop/chats/{chat}/messages", **body))["entries"]
    await line.simulator.hooks.idle()
    return line.event(entries[-1]["id"])


async def in_club(**options: Any) -> Line:
    line = platform(bot(webhook_url=HOOK), **options)
    await line.control("POST", f"/groups/{CLUB}/bot", bot="shop")
    await line.simulator.hooks.idle()
    return line


async def test_a_text_event_is_complete() -> None:
    line = platform()
    event = await sent(line, type="text", text="สวัสดี")
    assert event == line.caught.events[0]
    assert event["source"] == {"type": "user", "userId": MAI}
    assert (event["timestamp"], event["mode"]) == (START, "active")
    assert len(event["webhookEventId"]) == 26
    assert len(event["replyToken"]) == 32
    assert event["message"]["text"] == "สวัสดี"
    assert "markAsReadToken" not in event["message"]


async def test_mentions_count_utf16_units() -> None:
    line = await in_club()
    mention = [{"to": KEN}, {"to": "bot"}, {"to": "all", "index": 0, "length": 2}]
    event = await sent(line, CLUB, type="text", text="😀 @Ken and @shop", user=MAI, mention=mention)
    assert event["source"] == {"type": "group", "groupId": CLUB, "userId": MAI}
    own = line.simulator.platform.account("shop").bot.user_id
    assert event["message"]["mention"]["mentionees"] == [
        {"index": 3, "length": 4, "type": "user", "isSelf": False, "userId": KEN},
        {"index": 12, "length": 5, "type": "user", "userId": own, "isSelf": True},
        {"index": 0, "length": 2, "type": "all"},
    ]


async def test_quoting() -> None:
    line = platform()
    first = await sent(line, type="text", text="first")
    second = await sent(line, type="text", text="second", quote=first["message"]["id"])
    assert second["message"]["quotedMessageId"] == first["message"]["id"]
    refused = await line.asked(
        "POST", f"/bots/shop/chats/{KEN}/messages", type="text", text="x", quote=first["message"]["id"]
    )
    assert refused.status == 409


async def test_stickers_locations_and_files() -> None:
    line = platform()
    sticker = await sent(line, type="sticker", package="1", sticker="2", keywords=["hi"])
    place = await sent(line, type="location", latitude=35.6, longitude=139.7, title="Here")
    file = await sent(line, type="file", name="a.txt", data=base64.b64encode(b"abc").decode())
    raw = await sent(line, type="raw", message={"type": "hologram", "depth": 3})
    assert sticker["message"]["stickerResourceType"] == "STATIC"
    assert "quoteToken" not in place["message"]
    assert (file["message"]["fileName"], file["message"]["fileSize"]) == ("a.txt", 3)
    assert raw["message"]["type"] == "hologram"


async def test_several_images_make_a_set() -> None:
    line = platform()
    entries = (await line.control("POST", f"/bots/shop/chats/{MAI}/messages", type="image", count=3))["entries"]
    sets = [entry["message"]["imageSet"] for entry in entries]
    assert [s["index"] for s in sets] == [1, 2, 3]
    assert {s["id"] for s in sets} == {sets[0]["id"]}
    assert {s["total"] for s in sets} == {3}


async def test_content_is_fetched_prepared_and_gone() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    event = await sent(line, type="video", duration=5_000, preparing=10_000)
    path = f"/v2/bot/message/{event['message']['id']}/content"
    assert (await line.api("GET", path)).status == 202
    assert (await line.api("GET", f"{path}/transcoding")).data == {"status": "processing"}
    clock.turn(10_000)
    found = await line.api("GET", path)
    assert (found.status, found.headers["content-type"]) == (200, "video/mp4")
    assert (await line.api("GET", f"{path}/transcoding")).data == {"status": "succeeded"}
    assert (await line.api("GET", f"{path}/preview")).raw.startswith(b"\x89PNG")
    await line.control("DELETE", f"/messages/{event['message']['id']}")
    assert (await line.api("GET", path)).data == {"message": "The content is gone"}
    assert (await line.api("GET", "/v2/bot/message/1/content")).data == {"message": "not found"}


async def test_content_can_be_changed_and_fail() -> None:
    line = platform()
    id = (await sent(line, type="audio", preparing=True))["message"]["id"]
    path = f"/v2/bot/message/{id}/content"
    await line.control("PATCH", f"/messages/{id}/content", preparing=False)
    assert (await line.api("GET", path)).status == 200
    await line.control("PUT", f"/messages/{id}/content", data="x")
    assert (await line.api("GET", path)).raw == b'{"data": "x"}'
    await line.control("PATCH", f"/messages/{id}/content", state="failed")
    assert (await line.api("GET", path)).status == 404
    assert (await line.api("GET", f"{path}/transcoding")).data == {"status": "failed"}
    assert (await line.api("GET", f"{path}/preview")).status == 400
    await line.control("PATCH", f"/messages/{id}/content", state="gone")
    assert (await line.api("GET", path)).status == 410


async def test_external_images_have_no_content() -> None:
    line = platform()
    event = await sent(line, type="image", url="https://example.com/a.jpg", preview="https://example.com/b.jpg")
    assert event["message"]["contentProvider"]["type"] == "external"
    assert (await line.api("GET", f"/v2/bot/message/{event['message']['id']}/content")).status == 404


async def test_unsending_and_editing() -> None:
    line = await in_club()
    event = await sent(line, CLUB, type="text", text="tpyo", user=KEN)
    id = event["message"]["id"]
    edited = await line.control("PATCH", f"/messages/{id}", text="typo")
    assert (edited["state"], edited["message"]["text"]) == ("edited", "typo")
    unsent = await line.control("DELETE", f"/messages/{id}")
    assert unsent["message"] == {"type": "text"}
    await line.simulator.hooks.idle()
    change, gone = line.caught.events[-2:]
    assert (change["type"], change["message"]["id"]) == ("messageEdited", id)
    assert change["replyToken"] != event["replyToken"]
    assert change["message"]["quoteToken"] != event["message"]["quoteToken"]
    assert (gone["type"], gone["unsend"]) == ("unsend", {"messageId": id})
    assert "replyToken" not in gone
    assert (await line.asked("DELETE", f"/messages/{id}")).status == 409


async def test_texts_in_one_to_one_chats_cannot_be_edited() -> None:
    line = platform()
    event = await sent(line, type="text", text="x")
    assert (await line.asked("PATCH", f"/messages/{event['message']['id']}", text="y")).status == 409


async def test_blocking_and_coming_back() -> None:
    line = platform()
    await line.control("DELETE", f"/bots/shop/followers/{MAI}")
    assert (await line.asked("POST", f"/bots/shop/chats/{MAI}/messages", type="text", text="x")).status == 409
    assert (await line.api("GET", f"/v2/bot/profile/{MAI}")).status == 404
    await line.control("POST", f"/bots/shop/followers/{MAI}")
    await line.simulator.hooks.idle()
    unfollow, follow = line.caught.events
    assert "replyToken" not in unfollow
    assert follow["follow"] == {"isUnblocked": True}
    assert (await line.asked("DELETE", f"/bots/shop/followers/{'U' + '1' * 32}")).status == 404


async def test_groups_tell_of_coming_and_going() -> None:
    line = await in_club()
    await line.control("DELETE", f"/groups/{CLUB}/members/{KEN}")
    await line.control("POST", f"/groups/{CLUB}/members", users=[KEN, MAI])
    await line.control("DELETE", f"/groups/{CLUB}/bot")
    await line.simulator.hooks.idle()
    assert [event["type"] for event in line.caught.events] == ["join", "memberLeft", "memberJoined", "leave"]
    assert line.caught.events[1]["left"] == {"members": [{"type": "user", "userId": KEN}]}
    assert line.caught.events[2]["joined"] == {"members": [{"type": "user", "userId": KEN}]}
    assert ["replyToken" in event for event in line.caught.events] == [True, False, True, False]


async def test_a_room_tells_of_the_bots_joining_at_its_first_event() -> None:
    line = platform()
    await line.control("POST", f"/groups/{LOUNGE}/bot", bot="shop")
    await line.simulator.hooks.idle()
    assert not line.caught.bodies
    await sent(line, LOUNGE, type="text", text="x", user=MAI)
    assert [event["type"] for event in line.caught.events] == ["join", "message"]


async def test_a_group_takes_one_bot() -> None:
    line = platform(bot(), bot("other"))
    await line.control("POST", f"/groups/{CLUB}/bot", bot="shop")
    assert (await line.asked("POST", f"/groups/{CLUB}/bot", bot="other")).status == 409


async def test_people_without_consent_stay_unknown() -> None:
    line = await in_club()
    await line.control("PATCH", f"/users/{MAI}", consent=False)
    event = await sent(line, CLUB, type="text", text="x", user=MAI)
    assert event["source"] == {"type": "group", "groupId": CLUB}
    assert (await line.api("GET", f"/v2/bot/profile/{MAI}")).status == 404


async def test_standby_events_carry_no_reply_token() -> None:
    line = platform()
    await line.control("POST", "/bots/shop/events", kind="deactivated", chat=MAI)
    quiet = await sent(line, type="text", text="x")
    await line.control("POST", "/bots/shop/events", kind="activated", chat=MAI)
    loud = await sent(line, type="text", text="x")
    assert (quiet["mode"], "replyToken" in quiet) == ("standby", False)
    assert (loud["mode"], "replyToken" in loud) == ("active", True)
    assert line.caught.events[2]["chatControl"] == {"expireAt": START + 3_600_000}


async def test_a_suspended_bot_hears_nothing_until_it_is_resumed() -> None:
    line = platform()
    await line.control("POST", "/bots/shop/events", kind="bot_suspended")
    await sent(line, type="text", text="x")
    await line.control("POST", "/bots/shop/events", kind="bot_resumed")
    await line.simulator.hooks.idle()
    assert [event["type"] for event in line.caught.events] == ["botSuspended", "botResumed"]


@pytest.mark.parametrize(
    ("body", "own"),
    [
        ({"kind": "beacon", "hwid": "ab", "dm": "ff"}, {"beacon": {"hwid": "ab", "type": "enter", "dm": "ff"}}),
        ({"kind": "account_link", "nonce": "n" * 10}, {"link": {"result": "ok", "nonce": "n" * 10}}),
        ({"kind": "membership", "type": "joined", "id": 3}, {"membership": {"type": "joined", "membershipId": 3}}),
        ({"kind": "delivery", "data": "x"}, {"delivery": {"data": "x"}}),
        ({"kind": "postback", "data": "a=b"}, {"postback": {"data": "a=b"}}),
        ({"kind": "video_complete", "tracking": "v1"}, {"videoPlayComplete": {"trackingId": "v1"}}),
        ({"kind": "raw", "event": {"type": "future", "news": 1}}, {"type": "future", "news": 1}),
    ],
)
async def test_other_events(body: dict[str, Any], own: dict[str, Any]) -> None:
    line = platform()
    await line.control("POST", "/bots/shop/events", chat=MAI, **body)
    await line.simulator.hooks.idle()
    event = line.caught.events[0]
    assert own.items() <= event.items()
    assert ("source" in event) == (body["kind"] not in ("delivery", "raw"))


async def test_modules_and_failed_links_have_no_source() -> None:
    line = platform()
    await line.control("POST", "/bots/shop/events", kind="module", type="detached")
    await line.control("POST", "/bots/shop/events", kind="account_link", chat=MAI, nonce="n", result="failed")
    await line.simulator.hooks.idle()
    module, link = line.caught.events
    assert module["module"]["reason"] == "bot_deleted"
    assert all(name not in event for event in (module, link) for name in ("source", "replyToken"))


async def test_a_link_token_links_once() -> None:
    line = platform()
    token = (await line.api("POST", f"/v2/bot/user/{MAI}/linkToken")).data["linkToken"]
    linking = {"kind": "account_link", "chat": MAI, "nonce": "n", "link_token": token}
    assert (await line.asked("POST", "/bots/shop/events", **linking)).status == 200
    assert (await line.asked("POST", "/bots/shop/events", **linking)).status == 409


async def test_memberships_can_be_asked_for() -> None:
    line = platform()
    assert (await line.api("GET", "/v2/bot/membership/list")).status == 404
    await line.control("POST", "/bots/shop/events", kind="membership", chat=MAI, id=3)
    assert (await line.api("GET", "/v2/bot/membership/list")).data["memberships"][0]["memberCount"] == 1
    assert (await line.api("GET", "/v2/bot/membership/3/users/ids")).data == {"userIds": [MAI]}
    await line.control("POST", "/bots/shop/events", kind="membership", chat=MAI, id=3, type="left")
    assert (await line.api("GET", f"/v2/bot/membership/subscription/{MAI}")).status == 404


async def test_watching_a_video_to_its_end() -> None:
    line = platform()
    video = {"type": "video", "originalContentUrl": "https://e.com/v.mp4", "previewImageUrl": "https://e.com/p.png"}
    pushed = await line.api(
        "POST", "/v2/bot/message/push", {"to": MAI, "messages": [{**video, "trackingId": "t"}, video]}
    )
    tracked, plain = [sent["id"] for sent in pushed.data["sentMessages"]]
    await line.control("POST", f"/messages/{tracked}/watch")
    await line.simulator.hooks.idle()
    assert line.caught.events[0]["videoPlayComplete"] == {"trackingId": "t"}
    assert (await line.asked("POST", f"/messages/{plain}/watch")).status == 409


@pytest.mark.parametrize(
    "body",
    [
        {"type": "text", "text": ""},
        {"type": "text"},
        {"type": "opera"},
        {"type": "image", "count": 50},
        {"type": "file", "data": "not base64!"},
        {"type": "video", "preparing": "soon"},
        {"type": "text", "text": "x", "mention": [{"to": KEN}]},
        {"type": "location", "latitude": "north"},
    ],
)
async def test_what_cannot_be_sent(body: dict[str, Any]) -> None:
    line = platform()
    answer = await line.asked("POST", f"/bots/shop/chats/{MAI}/messages", **body)
    assert answer.status == 400
    assert answer.data["detail"]
