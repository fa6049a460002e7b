"""Every event and message kind of LINE in Noren's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.line import events, webhook
from runtime.line.positions import placed
from runtime.model import Chat, Event
from runtime.settings import EndpointSettings, SessionSettings

DATA = Path(__file__).resolve().parents[2] / "data" / "webhooks"
SHOP = EndpointSettings(name="shop")
PER_MEMBER = EndpointSettings(name="shop", session=SessionSettings(per="member"))
NOW = 1_763_700_000_000
BOT = "Ub07b07b07b07b07b07b07b07b07b07b0"
ANA = "U" + "a1" * 16
BEN = "U" + "b2" * 16
GROUP = "C" + "c3" * 16
ROOM = "R" + "d4" * 16


def read(name: str, endpoint: EndpointSettings = SHOP) -> list[Event]:
    return webhook.parse((DATA / f"{name}.json").read_bytes(), endpoint, NOW)


def one(endpoint: EndpointSettings = SHOP, **raw: Any) -> Event:
    return webhook.parse(json.dumps({"destination": BOT, "events": [raw]}).encode(), endpoint, NOW)[0]


def said(**message: Any) -> Event:
    return one(type="message", source={"type": "user", "userId": ANA}, message={"id": "1", **message})


def test_messages_of_every_kind() -> None:
    found = read("messages")
    assert {event.kind for event in found} == {"message"}
    assert {event.session for event in found} == {f"shop:{ANA}"}
    data = [{k: v for k, v in event.data.items() if k not in ("id", "quote_token")} for event in found]
    assert data == [
        {"type": "text", "read_token": "read-1"},
        {
            "type": "text",
            "emojis": [
                {
                    "productId": "5ac1bfd5040ab15980c9b435",
                    "emojiId": "002",
                    "index": 5,
                    "length": 5,
                    "start": 4,
                    "end": 9,
                }
            ],
        },
        {"type": "text", "quoted": "600000000000000001"},
        {"type": "image", "provider": "line", "set": {"id": "SET1", "index": 1, "total": 2}},
        {"type": "image", "provider": "line", "set": {"id": "SET1"}},
        {
            "type": "image",
            "provider": "external",
            "url": "https://pictures.example/one.jpg",
            "preview": "https://pictures.example/one-small.jpg",
        },
        {"type": "video", "provider": "line", "duration": 8000},
        {"type": "audio", "provider": "line", "duration": 2500},
        {"type": "file", "name": "見積書.pdf", "size": 48213},
        {
            "type": "location",
            "title": "ร้านน้ำชา",
            "address": "Bangkok 10200",
            "latitude": 13.7563,
            "longitude": 100.5018,
        },
        {"type": "location", "latitude": -6, "longitude": 106.8},
        {
            "type": "sticker",
            "package": "446",
            "sticker": "1988",
            "resource": "STATIC",
            "keywords": ["ok", "thumbs up"],
        },
        {
            "type": "sticker",
            "package": "20000",
            "sticker": "31",
            "resource": "MESSAGE",
            "keywords": [],
            "text": "See you\nsoon",
        },
        {"type": "unknown", "original": "hologram"},
    ]


def test_a_text_message_in_full() -> None:
    event = read("messages")[0]
    assert event == Event(
        id="01K9A7N0RENTEST00000000002",
        session=f"shop:{ANA}",
        endpoint="shop",
        kind="message",
        at=1_763_600_001_000,
        due=1_763_600_001_000,
        chat=Chat("user", ANA),
        user=ANA,
        text="営業時間は？",
        data={
            "type": "text",
            "id": "600000000000000001",
            "quote_token": "quote-600000000000000001",
            "read_token": "read-1",
        },
        reply_to="0" * 31 + "1",
        received=NOW,
        raw=event.raw,
    )
    assert event.raw["message"]["markAsReadToken"] == "read-1"


def test_texts_are_kept_with_lines_own_words() -> None:
    found = read("messages")
    assert found[1].text == "𠮷野家 (tea) です"
    (emoji,) = found[1].data["emojis"]
    assert found[1].text[emoji["start"] : emoji["end"]] == "(tea)"
    assert [event.text for event in found[3:]] == [""] * 11


def test_mentions() -> None:
    lunch, menu, everybody, stranger, *_ = read("group")
    mention = lunch.data["mention"]
    assert (mention["self"], mention["all"], mention["users"]) == (True, False, [BOT, BEN])
    assert [lunch.text[place["start"] : place["end"]] for place in mention["places"]] == ["@Shop", "@Ben"]
    assert [place["self"] for place in mention["places"]] == [True, False]
    assert mention["rest"] == "👋 and @Ben, lunch?"
    assert (menu.data["mention"]["self"], menu.data["mention"]["rest"]) == (True, "menu")
    assert (everybody.data["mention"]["self"], everybody.data["mention"]["all"]) == (False, True)
    assert everybody.user == ""
    assert stranger.data["mention"]["users"] == []
    assert stranger.data["mention"]["rest"] == stranger.text


def test_groups_and_rooms() -> None:
    found = read("group")
    assert [(event.kind, dict(event.data)) for event in found[4:]] == [
        ("edited", {"type": "text", "id": "600000000000000001", "quote_token": "quote-new"}),
        ("unsend", {"id": "600000000000000001"}),
        ("join", {}),
        ("leave", {}),
        ("member_joined", {"members": [ANA, BEN]}),
        ("member_left", {"members": [BEN]}),
    ]
    assert found[4].text == "lunch at noon?"
    assert (found[0].session, found[0].chat, found[0].user) == (f"shop:{GROUP}", Chat("group", GROUP), ANA)
    assert (found[3].session, found[3].chat, found[3].user) == (f"shop:{ROOM}", Chat("room", ROOM), BEN)
    assert [bool(event.reply_to) for event in found] == [True] * 5 + [False, True, False, True, False]


def test_a_session_for_each_member() -> None:
    found = read("group", PER_MEMBER)
    assert [found[0].session, found[3].session] == [f"shop:{GROUP}:{ANA}", f"shop:{ROOM}:{BEN}"]
    assert found[2].session == found[6].session == f"shop:{GROUP}"
    assert read("messages", PER_MEMBER)[0].session == f"shop:{ANA}"


def test_what_happens_with_a_person() -> None:
    found = read("person")
    assert [(event.kind, dict(event.data)) for event in found] == [
        ("follow", {"unblocked": False}),
        ("follow", {"unblocked": True}),
        ("follow", {"unblocked": False}),
        ("unfollow", {}),
        (
            "postback",
            {
                "data": "answer=%E8%8C%B6&ask=order.drink&note=",
                "values": {"answer": "茶", "ask": "order.drink", "note": ""},
            },
        ),
        ("postback", {"data": '{"item":7,"size":"L"}', "values": {"item": 7, "size": "L"}}),
        ("postback", {"data": "just words", "values": {}}),
        (
            "postback",
            {
                "data": "pick=date&ask=book.day",
                "values": {"pick": "date", "ask": "book.day"},
                "date": "2026-02-28",
            },
        ),
        (
            "postback",
            {"data": "pick=time&ask=book.time", "values": {"pick": "time", "ask": "book.time"}, "time": "18:30"},
        ),
        (
            "postback",
            {
                "data": "pick=datetime&ask=book.at",
                "values": {"pick": "datetime", "ask": "book.at"},
                "datetime": "2026-02-28T18:30",
            },
        ),
        ("postback", {"data": "tab=2", "values": {"tab": "2"}, "menu": {"alias": "second", "status": "SUCCESS"}}),
        ("postback", {"data": "tab=9", "values": {"tab": "9"}, "menu": {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}}),
        ("video_complete", {"tracking": "tour-1"}),
        ("beacon", {"hwid": "01a2b3c4d5", "type": "enter"}),
        ("beacon", {"hwid": "01a2b3c4d5", "type": "stay", "dm": "cafe00"}),
        ("account_link", {"result": "ok", "nonce": "n-81f0"}),
        ("account_link", {"result": "failed", "nonce": "n-81f0"}),
        ("membership", {"type": "renewed", "id": 4711}),
    ]
    assert {event.text for event in found} == {""}
    assert (found[16].session, found[16].chat, found[16].reply_to) == ("shop:-", Chat("none", ""), None)


def test_what_happens_with_the_channel() -> None:
    found = read("channel")
    assert [(event.kind, dict(event.data)) for event in found[:7]] == [
        ("module", {"type": "attached", "bot": BOT, "scopes": ["message:send", "message:receive"]}),
        ("module", {"type": "detached", "bot": BOT, "reason": "bot_deleted"}),
        ("activated", {"until": 1_763_603_600_000}),
        ("deactivated", {}),
        ("bot_suspended", {}),
        ("bot_resumed", {}),
        ("delivery", {"data": "15034552939884E28681A7D668CEA94C147C716C0EC9DFE8B80B44EF3B57F6BD"}),
    ]
    assert [(event.kind, event.data["type"]) for event in found[9:]] == [
        ("unknown", "things"),
        ("unknown", "somethingNew"),
    ]
    assert {event.chat.kind for event in (*found[:2], *found[4:7])} == {"none"}
    assert found[9].raw["things"]["type"] == "link"
    assert found[9].chat == Chat("user", ANA)
    assert found[9].reply_to


def test_standby_is_flagged_and_has_nothing_to_reply_to() -> None:
    standby, again = read("channel")[7:9]
    assert (standby.standby, standby.reply_to, standby.redelivery) == (True, None, False)
    assert (again.standby, again.redelivery) == (False, True)
    assert again.reply_to
    assert one(type="message", mode="standby", replyToken="t", message={"type": "text", "text": ""}).reply_to is None


def test_every_kind_is_read() -> None:
    found = {event.kind for name in ("messages", "group", "person", "channel") for event in read(name)}
    assert found == {kind for kind, _ in events.KINDS.values()} | {"unknown"}
    types = {event.data["type"] for event in read("messages")}
    assert types == set(events.MESSAGES) | {"unknown"}


# times


@pytest.mark.parametrize("timestamp", [None, "soon", -1, 1.5, True, 12_345_678_901_234, 10**40])
def test_an_event_without_a_time_happened_when_it_came(timestamp: Any) -> None:
    event = one(type="follow", timestamp=timestamp)
    assert (event.at, event.due, event.received) == (NOW, NOW, NOW)


def test_the_time_of_an_event_is_lines_even_if_its_clock_runs_ahead() -> None:
    event = one(type="follow", timestamp=NOW + 700)
    assert (event.at, event.due, event.received) == (NOW + 700, NOW + 700, NOW)


# leniency


@pytest.mark.parametrize("user", [None, "", 5.5, ["x"], "U" * 257, "U\0", "U\n"])
def test_a_user_that_cannot_be_named_is_nobody(user: Any) -> None:
    event = one(type="follow", source={"type": "user", "userId": user})
    assert (event.session, event.chat, event.user) == ("shop:-", Chat("none", ""), "")


@pytest.mark.parametrize("token", [None, "", 3, {}, "t" * 1_025, "t\0"])
def test_a_reply_token_that_is_none(token: Any) -> None:
    assert one(type="follow", replyToken=token).reply_to is None


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        (
            {"type": "text", "text": "a", "emojis": 5, "mention": [], "quoteToken": 1},
            {"emojis", "mention", "quote_token"},
        ),
        ({"type": "image", "contentProvider": "line", "imageSet": 1, "duration": "long"}, {"set", "duration", "url"}),
        ({"type": "image", "imageSet": {"index": 1}}, {"set"}),
        ({"type": "audio", "duration": 10**20}, {"duration"}),
        ({"type": "location", "latitude": 1, "longitude": 2, "title": 3}, {"title"}),
    ],
)
def test_an_odd_detail_is_left_out(message: dict[str, Any], gone: set[str]) -> None:
    event = said(**message)
    assert event.kind == "message"
    assert event.data["type"] == message["type"]
    assert not gone & set(event.data)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text"},
        {"type": "text", "text": None},
        {"type": "sticker", "packageId": "1"},
        {"type": "location", "latitude": True, "longitude": 1},
        {"type": "location", "latitude": 1e300, "longitude": 1},
    ],
)
def test_a_message_without_its_heart_is_unknown_and_whole(message: dict[str, Any]) -> None:
    event = said(**message)
    assert (event.kind, event.data) == ("unknown", {"type": "message"})
    assert event.raw["message"] == {"id": "1", **message}
    assert event.chat == Chat("user", ANA)


def test_numbers_as_ids_are_taken_as_their_digits() -> None:
    event = one(type="message", message={"id": 325708, "type": "sticker", "packageId": 1, "stickerId": 2})
    assert (event.data["id"], event.data["package"], event.data["sticker"]) == ("325708", "1", "2")


def test_a_nul_is_no_character_of_a_text() -> None:
    event = said(type="text", text="a\0b")
    assert event.text == "a\ufffdb"
    assert event.raw["message"]["text"] == "a\0b"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", {}),
        ("a", {}),
        ("a=", {"a": ""}),
        ("a=1&a=2", {"a": "2"}),
        ("a=%zz&b=%E3%81", {"a": "%zz", "b": "\ufffd"}),
        ("a=1;b=2", {"a": "1;b=2"}),
        ("{}", {}),
        ('{"a":[1,{"b":null}]}', {"a": [1, {"b": None}]}),
        ("{a=1", {}),
        ("[1]", {}),
        ("&".join("a=1" for _ in range(101)), {}),
        ('{"a":' * 500 + "1" + "}" * 500, {}),
    ],
)
def test_the_values_of_a_postback(data: str, expected: dict[str, Any]) -> None:
    assert events.values(data) == expected


# positions


@given(st.text(), st.integers(0, 12), st.integers(0, 12))
def test_positions_are_those_of_utf_16(text: str, index: int, length: int) -> None:
    """The slice holds exactly the UTF-16 units meant, unless a position lies inside a character."""
    units = text.encode("utf-16-le")
    (place,) = placed(text, [{"index": index, "length": length}], {})
    meant = units[2 * index : 2 * (index + length)]
    if (index + length) * 2 > len(units):
        assert "start" not in place
        return
    try:
        whole = meant.decode("utf-16-le")
    except UnicodeDecodeError:
        assert 0 <= place["start"] <= place["end"] <= len(text)
    else:
        assert text[place["start"] : place["end"]] == whole


@pytest.mark.parametrize("place", [{}, {"index": 1}, {"index": -1, "length": 2}, {"index": 0.0, "length": 1}, 5, None])
def test_an_odd_position_has_no_slice(place: Any) -> None:
    assert all("start" not in found for found in placed("hello", [place], {}))
