"""Messages made with LINE's own SDK are judged as what they are on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.messaging import (
    ButtonsTemplate,
    CarouselColumn,
    CarouselTemplate,
    FlexBox,
    FlexBubble,
    FlexButton,
    FlexImage,
    FlexMessage,
    FlexText,
    ImageMessage,
    LocationMessage,
    MessageAction,
    PostbackAction,
    QuickReply,
    QuickReplyItem,
    StickerMessage,
    TemplateMessage,
    TextMessage,
    URIAction,
)

from runtime.line.rules import check

HTTPS = "https://example.com/a.jpg"
TAP = MessageAction(label="Menu", text="menu")
COLUMN = CarouselColumn(text="Soup", actions=[TAP])


def made(model: Any) -> Any:
    return model.to_dict()


def bubble(*contents: Any, hero: Any = None) -> FlexMessage:
    body = FlexBox(layout="vertical", contents=list(contents))
    return FlexMessage(alt_text="Card", contents=FlexBubble(body=body, hero=hero))


GOOD = [
    TextMessage(text="hi", quick_reply=QuickReply(items=[QuickReplyItem(action=TAP)])),
    StickerMessage(package_id="446", sticker_id="1988"),
    ImageMessage(original_content_url=HTTPS, preview_image_url=HTTPS),
    LocationMessage(title="Shop", address="1 Road", latitude=13.7, longitude=100.5),
    TemplateMessage(alt_text="Menu", template=ButtonsTemplate(text="Choose", actions=[TAP])),
    TemplateMessage(alt_text="Cards", template=CarouselTemplate(columns=[COLUMN, COLUMN])),
    bubble(
        FlexText(text="Soup", wrap=True, size="lg", color="#111111"),
        FlexButton(action=URIAction(label="Open", uri="https://example.com"), style="primary"),
        hero=FlexImage(url=HTTPS, size="full", aspect_ratio="20:13", aspect_mode="cover"),
    ),
]
BAD = [
    (TextMessage(text=""), "text.text.empty"),
    (ImageMessage(original_content_url="http://example.com/a.jpg", preview_image_url=HTTPS), "image.url.https"),
    (TextMessage(text="hi", quick_reply=QuickReply(items=[QuickReplyItem(action=TAP)] * 13)), ""),
    (
        TemplateMessage(alt_text="Menu", template=ButtonsTemplate(text="x" * 161, actions=[TAP])),
        "template.buttons.text.max",
    ),
    (
        TemplateMessage(
            alt_text="Cards",
            template=CarouselTemplate(columns=[COLUMN, CarouselColumn(text="Rice", actions=[TAP, TAP])]),
        ),
        "template.carousel.consistent.actions",
    ),
    (bubble(FlexText(text="Soup", color="#444")), "flex.color"),
    (bubble(FlexButton(action=PostbackAction(label="x" * 41, data="a"))), "flex.action.label.max"),
]


@pytest.mark.parametrize("model", GOOD, ids=lambda model: type(model).__name__)
def test_what_the_sdk_makes_is_in_order(model: Any) -> None:
    assert check([made(model)]) == []


@pytest.mark.parametrize(("model", "rule"), BAD, ids=[rule or "thirteen" for _, rule in BAD])
def test_what_the_sdk_lets_through_is_found(model: Any, rule: str) -> None:
    assert [v.rule for v in check([made(model)])] == ([rule] if rule else [])
