"""Outputs as LINE messages: exact shapes, LINE's own description, and whatever a template may make of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadInput
from runtime.line import rules
from runtime.line.render import KINDS, Page, render
from runtime.model import Message, Output
from tests.openapi import validator

USER = Page(lambda path: f"https://bot.example/media/{path}")
GROUP = Page(USER.links, group=True)


def one(kind: str, text: str = "", page: Page = USER, **rest: Any) -> Message:
    messages = render(Output(kind=kind, text=text, **rest), page)
    assert len(messages) == 1
    return messages[0]


MEDIA = {"url": "media/a.mp4", "preview": "https://a.example/p.jpg"}
TWO = [{"label": "Yes", "value": "y"}, {"label": "No", "value": "n"}]
LINK = "https://bot.example/media/media/"
AREA = {"x": 0, "y": 0, "width": 520, "height": 1040}

SHAPES: dict[str, tuple[Output, Message]] = {
    "text": (Output(kind="text", text="hi"), {"type": "text", "text": "hi"}),
    "quote": (
        Output(kind="text", text="hi", data={"quote": "q-1"}),
        {"type": "text", "text": "hi", "quoteToken": "q-1"},
    ),
    "emoji": (
        Output(kind="text", text="$ hi", data={"emojis": [{"index": 0, "productId": "p", "emojiId": "001"}]}),
        {"type": "text", "text": "$ hi", "emojis": [{"index": 0, "productId": "p", "emojiId": "001"}]},
    ),
    "sticker": (
        Output(kind="sticker", data={"package": 446, "sticker": "1988", "quote": "q"}),
        {"type": "sticker", "packageId": "446", "stickerId": "1988", "quoteToken": "q"},
    ),
    "image": (
        Output(kind="image", data={"url": "media/a.jpg"}),
        {"type": "image", "originalContentUrl": LINK + "a.jpg", "previewImageUrl": LINK + "a.jpg"},
    ),
    "video": (
        Output(kind="video", data={**MEDIA, "tracking": "t"}),
        {
            "type": "video",
            "originalContentUrl": LINK + "a.mp4",
            "previewImageUrl": "https://a.example/p.jpg",
            "trackingId": "t",
        },
    ),
    "audio": (
        Output(kind="audio", data={"url": "https://a.example/a.m4a", "duration": 1500}),
        {"type": "audio", "originalContentUrl": "https://a.example/a.m4a", "duration": 1500},
    ),
    "location": (
        Output(kind="location", data={"title": "Shop", "latitude": "35.6", "longitude": 139}),
        {"type": "location", "title": "Shop", "address": "Shop", "latitude": 35.6, "longitude": 139.0},
    ),
    "buttons": (
        Output(
            kind="buttons",
            text="Which?",
            data={
                "title": "T",
                "image": "media/a.jpg",
                "ratio": "square",
                "size": "contain",
                "color": "#FFFFFF",
                "buttons": TWO[:1],
                "default": {"label": "", "link": "https://a.example"},
            },
        ),
        {
            "type": "template",
            "altText": "Which?",
            "template": {
                "type": "buttons",
                "thumbnailImageUrl": LINK + "a.jpg",
                "imageAspectRatio": "square",
                "imageSize": "contain",
                "imageBackgroundColor": "#FFFFFF",
                "title": "T",
                "text": "Which?",
                "defaultAction": {"type": "uri", "uri": "https://a.example"},
                "actions": [{"type": "postback", "label": "Yes", "data": "answer=y", "displayText": "Yes"}],
            },
        },
    ),
    "buttons with a title alone": (
        Output(kind="buttons", data={"title": "T", "buttons": [{"label": "A"}]}, alt="Tap"),
        {
            "type": "template",
            "altText": "Tap",
            "template": {
                "type": "buttons",
                "text": "T",
                "actions": [{"type": "message", "label": "A", "text": "A"}],
            },
        },
    ),
    "confirm": (
        Output(kind="confirm", text="Sure?", data={"buttons": [{"label": "Yes"}, {"label": "No"}]}),
        {
            "type": "template",
            "altText": "Sure?",
            "template": {
                "type": "confirm",
                "text": "Sure?",
                "actions": [
                    {"type": "message", "label": "Yes", "text": "Yes"},
                    {"type": "message", "label": "No", "text": "No"},
                ],
            },
        },
    ),
    "cards": (
        Output(
            kind="cards",
            data={
                "ratio": "square",
                "size": "cover",
                "cards": [
                    {"title": "A", "text": "a", "image": "media/a.jpg", "color": "#000000", "buttons": [{"label": "x"}]}
                ],
            },
        ),
        {
            "type": "template",
            "altText": "A",
            "template": {
                "type": "carousel",
                "columns": [
                    {
                        "thumbnailImageUrl": LINK + "a.jpg",
                        "imageBackgroundColor": "#000000",
                        "title": "A",
                        "text": "a",
                        "actions": [{"type": "message", "label": "x", "text": "x"}],
                    }
                ],
                "imageAspectRatio": "square",
                "imageSize": "cover",
            },
        },
    ),
    "image cards": (
        Output(
            kind="image_cards",
            data={"cards": [{"image": "media/a.jpg", "button": {"label": "Go", "link": "https://a.example"}}]},
        ),
        {
            "type": "template",
            "altText": "Go",
            "template": {
                "type": "image_carousel",
                "columns": [
                    {
                        "imageUrl": LINK + "a.jpg",
                        "action": {"type": "uri", "label": "Go", "uri": "https://a.example"},
                    }
                ],
            },
        },
    ),
    "imagemap": (
        Output(
            kind="imagemap",
            alt="Map",
            data={
                "base": "media/map",
                "size": {"width": 1040, "height": 1040},
                "areas": [
                    {**AREA, "label": "L", "link": "https://a.example"},
                    {**AREA, "copy": "X"},
                    {**AREA, "label": "Two", "value": "2"},
                ],
                "video": {**MEDIA, "area": AREA, "link": {"url": "https://a.example", "label": "More"}},
            },
        ),
        {
            "type": "imagemap",
            "baseUrl": LINK + "map",
            "altText": "Map",
            "baseSize": {"width": 1040, "height": 1040},
            "actions": [
                {"type": "uri", "linkUri": "https://a.example", "label": "L", "area": AREA},
                {"type": "clipboard", "clipboardText": "X", "area": AREA},
                {"type": "message", "text": "Two", "label": "Two", "area": AREA},
            ],
            "video": {
                "originalContentUrl": LINK + "a.mp4",
                "previewImageUrl": "https://a.example/p.jpg",
                "area": AREA,
                "externalLink": {"linkUri": "https://a.example", "label": "More"},
            },
        },
    ),
    "coupon": (
        Output(kind="coupon", data={"coupon": "01J", "tag": "t1"}),
        {"type": "coupon", "couponId": "01J", "deliveryTag": "t1"},
    ),
    "raw": (
        Output(kind="line", data={"message": {"type": "text", "text": "raw"}}, sender={"name": "Cony"}),
        {"type": "text", "text": "raw", "sender": {"name": "Cony"}},
    ),
}


@pytest.mark.parametrize(("output", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(output: Output, expected: Message) -> None:
    assert render(output, USER) == [expected]


BUBBLE = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
    {"type": "text", "text": "Receipt"}, {"type": "text", "text": "2 teas"}]}}  # fmt: skip
FULL = Output(
    kind="list",
    text="What we have",
    data={
        "title": "Teas",
        "items": [
            {"title": "Sencha", "text": "hot", "image": "media/s.jpg", "button": {"label": "Buy", "value": "s"}},
            {"title": "Hojicha", "button": {"label": "", "link": "https://a.example"}},
            {"text": "and more"},
        ],
    },
    quick=({"label": "Back", "text": "back", "icon": "media/b.png"},),
    sender={"name": "Tea", "icon": "media/t.png"},
)
EVERY = {
    **{name: output for name, (output, _) in SHAPES.items()},
    "list": FULL,
    "flex": Output(kind="flex", data={"contents": BUBBLE}, quick=({"label": "ok"},)),
    "mentions": Output(kind="text", text="{who} hi", data={"mentions": {"who": {"user": "U" + "a" * 32, "name": "A"}}}),
}


@pytest.mark.parametrize("page", [USER, GROUP], ids=["user", "group"])
@pytest.mark.parametrize("output", EVERY.values(), ids=EVERY.keys())
def test_line_would_take_every_kind(output: Output, page: Page, shared: Path) -> None:
    for message in render(output, page):
        validator(shared, "Message").validate(message)
    broken = rules.check(render(output, page), to="group" if page.group else "user")
    assert [v for v in broken if v.severity == "error"] == []


def test_every_kind_of_the_contract_is_rendered() -> None:
    assert {output.kind for output in EVERY.values()} == set(KINDS)


def test_a_list_is_a_bubble_with_rows() -> None:
    message = one("list", data=FULL.data, text="What we have")
    assert message["altText"] == "What we have"
    header, body = message["contents"]["header"], message["contents"]["body"]
    assert [line["text"] for line in header["contents"]] == ["Teas", "What we have"]
    assert [row["type"] for row in body["contents"]] == ["box", "separator", "box", "separator", "box"]
    first, second, third = body["contents"][::2]
    assert first["action"]["data"] == "answer=s"
    assert first["contents"][0]["contents"][0]["url"] == LINK + "s.jpg"
    assert first["contents"][2]["text"] == "Buy"
    assert second["contents"][1]["text"] == "›"
    assert "action" not in third


def test_quick_replies_and_senders() -> None:
    message = one("text", "hi", quick=FULL.quick, sender=FULL.sender)
    assert message == {
        "type": "text",
        "text": "hi",
        "sender": {"name": "Tea", "iconUrl": LINK + "t.png"},
        "quickReply": {
            "items": [
                {
                    "type": "action",
                    "action": {"type": "message", "label": "Back", "text": "back"},
                    "imageUrl": LINK + "b.png",
                }
            ]
        },
    }


@pytest.mark.parametrize(
    ("cards", "columns"),
    [
        ([{"title": "A"}, {"title": "B"}], [{"text": "A"}, {"text": "B"}]),
        ([{"title": "A", "text": "a"}, {"title": "B"}], [{"text": "A\na"}, {"text": "B"}]),
        ([{"text": "a"}, {"text": "b"}], [{"text": "a"}, {"text": "b"}]),
    ],
)
def test_cards_without_a_text_say_their_title(cards: Any, columns: Any) -> None:
    made = one("cards", data={"cards": cards})["template"]["columns"]
    assert made == [{**column, "actions": []} for column in columns]


@pytest.mark.parametrize(
    ("output", "alt"),
    [
        (Output(kind="flex", data={"contents": BUBBLE}), "Receipt · 2 teas"),
        (Output(kind="flex", data={"contents": BUBBLE}, alt="A"), "A"),
        (Output(kind="flex", data={"contents": {"type": "bubble"}}), "…"),
        (Output(kind="buttons", text="x" * 500, data={}), "x" * 399 + "…"),
        (Output(kind="cards", data={"cards": []}), "…"),
        (Output(kind="list", data={"items": [{"title": "A"}, {"title": "B"}]}), "A, B"),
    ],
)
def test_there_is_always_a_notification_text(output: Output, alt: str) -> None:
    assert render(output, USER)[0]["altText"] == alt


def test_tracking_ids_stay_out_of_groups() -> None:
    assert "trackingId" not in one("video", data={**MEDIA, "tracking": "t"}, page=GROUP)


def test_media_that_cannot_be_linked_leaves_the_rest_in_order() -> None:
    def links(path: str) -> str:
        raise BadInput(f"{path}: there is no such file")

    data = {"image": "media/gone.jpg", "buttons": [{"label": "A"}]}
    message = one("buttons", "Which?", Page(links), data=data)
    assert message["template"]["thumbnailImageUrl"] == "media/gone.jpg"
    sent, broken = rules.repair([(Output(kind="buttons", text="Which?"), [message])])
    assert "thumbnailImageUrl" not in sent[0]["template"]
    assert broken


def test_pictures_in_flex_are_linked() -> None:
    hero = {"type": "image", "url": "media/a.jpg"}
    away = {"type": "image", "url": "https://a.example/p.jpg"}
    video = {"type": "video", "url": "media/a.mp4", "previewUrl": "media/a.jpg", "altContent": hero}
    body = {"type": "box", "layout": "vertical", "contents": [hero, away, {"type": "text", "text": "media/a.jpg"}]}
    page = [{"type": "bubble", "hero": video}, {"type": "bubble", "body": body}]
    made = one("flex", data={"contents": {"type": "carousel", "contents": page}})["contents"]["contents"]
    assert made[0]["hero"]["url"] == LINK + "a.mp4"
    assert made[0]["hero"]["previewUrl"] == made[0]["hero"]["altContent"]["url"] == LINK + "a.jpg"
    first, second, words = made[1]["body"]["contents"]
    assert [first["url"], second["url"], words["text"]] == [LINK + "a.jpg", "https://a.example/p.jpg", "media/a.jpg"]


def test_rendering_changes_nothing_that_flows_keep() -> None:
    raw = {"type": "text", "text": "raw"}
    outputs = [Output(kind="line", data={"message": raw}, quick=({"label": "x"},)), FULL, EVERY["flex"]]
    before = json.dumps([raw, FULL.data, BUBBLE])
    for output in outputs:
        rules.repair([(output, render(output, USER))])
    assert json.dumps([raw, FULL.data, BUBBLE]) == before


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (Output(kind="poem", alt="A rose"), [{"type": "text", "text": "A rose"}]),
        (Output(kind="sticker", data={}), []),
        (Output(kind="location", text="Here", data={"latitude": "north"}), [{"type": "text", "text": "Here"}]),
        (Output(kind="image_cards", data={"cards": ["x"]}, alt="x"), [{"type": "text", "text": "x"}]),
    ],
)
def test_what_cannot_be_rendered_is_said_in_words(output: Output, expected: Any) -> None:
    assert render(output, USER) == expected


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(
    ["url", "buttons", "cards", "items", "areas", "title", "image", "mentions", "emojis", "quote", "contents",
     "message", "size", "base", "default", "button", "label", "value", "postback", "link", "pick"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*KINDS, "?"]), st.text(max_size=5), st.dictionaries(keys, json_like), st.lists(json_like))
def test_rendering_never_raises(kind: str, text: str, data: Any, quick: Any) -> None:
    messages = render(Output(kind=kind, text=text, data=data, quick=tuple(quick)), GROUP)
    assert all(isinstance(message, dict) for message in messages)
