"""Messages as lines: every kind, its buttons numbered as the simulator counts them, wrapped in any script."""

from __future__ import annotations

from typing import Any

import click
import pytest

from runtime.cli.tables import width
from runtime.cli.talk.bubbles import body, bubble, key, mentioned, numeric, spelled, taps_of, trouble, wrapped
from runtime.simulator.buttons import buttons

URI = {"type": "uri", "label": "Map", "uri": "https://example.com"}
SAY = {"type": "message", "label": "Yes", "text": "yes"}
POST = {"type": "postback", "label": "Order", "data": "a=1"}


def entry(message: dict[str, Any], via: str = "reply") -> dict[str, Any]:
    """As the control API shows it."""
    found = [button.plain(index) for index, button in enumerate(buttons(message))]
    return {"id": "1", "who": "bot", "via": via, "message": message, **({"buttons": found} if found else {})}


def lines(message: dict[str, Any]) -> list[str]:
    shown = entry(message)
    return body(message, taps_of(shown, 0, numeric(shown)))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "text", "text": "a\nb"}, ["a", "b"]),
        ({"type": "textV2", "text": "hi {x}"}, ["hi {x}"]),
        ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, ["(sticker 446/1988)"]),
        ({"type": "image", "originalContentUrl": "https://x/a.jpg"}, ["(image) https://x/a.jpg"]),
        (
            {"type": "audio", "originalContentUrl": "https://x/a.m4a", "duration": 61000},
            ["(audio 61 s) https://x/a.m4a"],
        ),
        (
            {"type": "location", "title": "Shop", "address": "Tokyo", "latitude": 35.5, "longitude": 139.5},
            ["(location) Shop, Tokyo", "https://www.google.com/maps?q=35.5,139.5"],
        ),
        ({"type": "coupon", "couponId": "C1"}, ["(coupon) C1"]),
        ({"type": "hologram"}, ["(hologram)"]),
    ],
)
def test_plain_messages(message: dict[str, Any], expected: list[str]) -> None:
    assert lines(message) == expected


def test_mentions_and_emoji_are_spelled_out() -> None:
    who = {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}}
    everybody = {"type": "mention", "mentionee": {"type": "all"}}
    parts = {"a": who, "b": everybody, "c": {"type": "emoji", "productId": "5", "emojiId": "001"}}
    message = {"type": "textV2", "text": "{a} {b} {c} {{a}} {d}", "substitution": parts}
    assert mentioned(message) == ["U1"]
    assert spelled(message, {"U1": "Aki"}) == "@Aki @All ☺ {a} {d}"


def test_quick_replies_come_last() -> None:
    message = {"type": "text", "text": "Well?", "quickReply": {"items": [{"action": SAY}, {"action": POST}]}}
    assert lines(message) == ["Well?", "[1] Yes   [2] Order"]


def test_labels_that_are_numbers_are_tapped_by_letters() -> None:
    items = [{"action": {**SAY, "label": label}} for label in ("1", "2", "more")]
    assert lines({"type": "text", "text": "?", "quickReply": {"items": items}})[1] == "[a] 1   [b] 2   [c] more"


def test_a_template_shows_its_parts_and_counts_the_default_action_last() -> None:
    template = {
        "type": "buttons",
        "thumbnailImageUrl": "https://x/t.jpg",
        "title": "Tea",
        "text": "Which?",
        "actions": [POST, SAY],
        "defaultAction": URI,
    }
    message = {"type": "template", "altText": "a", "template": template}
    assert lines(message) == ["(image) https://x/t.jpg", "Tea", "Which?", "[1] Order   [2] Yes   [3] Map"]


def test_cards_stand_one_after_the_other() -> None:
    cards = [{"title": "A", "text": "a", "actions": [POST]}, {"text": "b", "actions": [SAY, URI]}]
    message = {"type": "template", "altText": "x", "template": {"type": "carousel", "columns": cards}}
    expected = ["▪ 1/2", "A", "a", "[1] Order", "▪ 2/2", "b", "[2] Yes   [3] Map"]
    assert lines(message) == expected
    images = [{"imageUrl": "https://x/1", "action": URI}, {"imageUrl": "https://x/2", "action": SAY}]
    message = {"type": "template", "altText": "x", "template": {"type": "image_carousel", "columns": images}}
    assert lines(message) == ["▪ 1/2", "(image) https://x/1", "[1] Map", "▪ 2/2", "(image) https://x/2", "[2] Yes"]


def test_an_imagemap_lists_its_areas() -> None:
    areas = [{"type": "message", "text": "left", "area": {}}, {"type": "uri", "linkUri": "https://x", "area": {}}]
    message = {"type": "imagemap", "baseUrl": "https://x/m", "altText": "a map", "actions": areas}
    assert lines(message) == ["(imagemap) https://x/m: a map", "[1] left   [2] https://x"]


def test_flex_is_read_in_the_order_its_buttons_are_counted() -> None:
    def text(words: str, **more: Any) -> dict[str, Any]:
        return {"type": "text", "text": words, **more}

    row = {"type": "box", "layout": "horizontal", "contents": [text("Total"), text("900 yen")]}
    lists = {"type": "box", "layout": "vertical", "contents": [text("Matcha"), row, {"type": "separator"}]}
    bubble_ = {
        "type": "bubble",
        "hero": {"type": "image", "url": "https://x/h.png", "action": URI},
        "body": lists,
        "footer": {"type": "box", "layout": "vertical", "contents": [{"type": "button", "action": POST}]},
    }
    message = {"type": "flex", "altText": "x", "contents": bubble_}
    assert lines(message) == [
        "(image) https://x/h.png", "[1] Map", "Matcha", "Total  900 yen", "┄" * 12, "[2] Order"
    ]  # fmt: skip
    carousel = {"type": "carousel", "contents": [bubble_, {"type": "bubble", "body": text("end", action=SAY)}]}
    shown = lines({"type": "flex", "altText": "x", "contents": carousel})
    assert shown[0] == "▪ 1/2"
    assert shown[-2:] == ["▪ 2/2", "end [3]"]


def test_flex_of_any_shape_is_read() -> None:
    odd = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "action": POST, "contents": [{"type": "new"}]},
    }
    assert lines({"type": "flex", "altText": "x", "contents": odd}) == ["[1] Order"]
    spans = {"type": "text", "contents": [{"type": "span", "text": "a"}, {"type": "span", "text": "b"}]}
    assert lines({"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": spans}}) == ["ab"]
    assert lines({"type": "flex", "altText": "x", "contents": {}}) == []


def framed(message: dict[str, Any], via: str = "reply", screen: int = 60, *, first: bool = True) -> list[str]:
    return [click.unstyle(line) for line in bubble(entry(message, via), (), "shop", screen, first=first)]


def test_a_bubble_says_who_how_and_what_it_costs() -> None:
    text = {"type": "text", "text": "hello\nthere"}
    assert framed(text) == ["shop ▏hello", "     ▏there  · reply"]
    assert framed(text, "push", first=False) == ["     ▏hello", "     ▏there  · push, billed"]
    assert framed({**text, "sender": {"name": "茶屋"}})[0] == "茶屋 ▏hello"
    assert framed({"type": "flex", "altText": "x", "contents": {}}) == ["shop ▏(flex)  · reply"]


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog and goes home.",
        "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
        "สวัสดีค่ะวันนี้ให้เราช่วยอะไรดีคะเลือกหรือพิมพ์ได้เลยค่ะ",
        "a" * 100,
        "",
    ],
)
def test_lines_fit_in_every_script(text: str) -> None:
    pieces = wrapped(text, 24)
    assert all(width(piece) <= 24 for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_links_stay_whole() -> None:
    line = "(image) https://example.com/" + "a" * 100
    assert wrapped(line, 24) == [line]


def test_keys_never_end() -> None:
    assert [key(n, True) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    assert key(12, False) == "12"


def test_trouble_is_one_line() -> None:
    answer = {"message": "bad", "details": [{"property": "messages[0].text", "message": "May not be empty"}]}
    refused = {"way": "api", "method": "POST", "path": "/v2/bot/message/reply", "status": 400, "response": answer}
    expected = "LINE refused POST /v2/bot/message/reply: 400 bad messages[0].text: May not be empty"
    assert trouble(refused) == expected
    assert trouble({"way": "webhook", "outcome": "COULD_NOT_CONNECT", "status": 0}).endswith("COULD_NOT_CONNECT")
    assert trouble({"way": "webhook", "outcome": "ERROR_STATUS_CODE", "status": 401}).endswith("(401)")
