"""The requests that recorded answers of LINE belong to, with what their reports leave out filled in."""

from __future__ import annotations

from typing import Any

from tests.unit.line.rulebook import GOOD

USER = "U" + "0123456789abcdef" * 2
HTTPS = "https://example.com/a.jpg"
HI = {"type": "text", "text": "hi"}
ACTION = {"type": "message", "label": "a", "text": "a"}
URI = {"type": "uri", "label": "a", "uri": "https://example.com"}


def flex(contents: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "x", "contents": contents}


def box(*contents: Any) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": list(contents)}


def bubble(*contents: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": box(*contents)}


def text(value: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **more}


def template(**more: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "x", "template": more}


def buttons(**more: Any) -> dict[str, Any]:
    return template(**{"type": "buttons", "text": "a", "actions": [ACTION], **more})


def column(**more: Any) -> dict[str, Any]:
    return {"text": "a", "actions": [ACTION], **more}


def carousel(*columns: Any) -> dict[str, Any]:
    return template(type="carousel", columns=list(columns))


def quick(*actions: Any) -> dict[str, Any]:
    return {**HI, "quickReply": {"items": [{"type": "action", "action": action} for action in actions]}}


def button(action: Any) -> dict[str, Any]:
    return {"type": "button", "action": action}


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "originalContentUrl": HTTPS, "previewImageUrl": HTTPS, **more}


STAR = [box(text(), {"type": "text"})]
VIDEO = {"type": "video", "url": HTTPS, "previewUrl": HTTPS, "altContent": {"type": "image", "url": HTTPS}}
LONG = "https://example.com/" + "a" * 1000
PICTURE = {"type": "image", "url": HTTPS}
MOVING = {**PICTURE, "animated": True}
RICH = next(case["body"] for case in GOOD if case["root"] == "richmenu")
FAMILY = "👨‍👩‍👧‍👦"

# The line of errors.jsonl → the request it shows, with what the example leaves out filled in: messages, or for
# other endpoints (kind, body).
REQUESTS: dict[int, Any] = {
    1: [flex({"type": "bubble", "hero": {"type": "image", "url": "picture"}})],
    2: [
        flex(
            {**bubble(text()), "styles": {"type": "styles", "footer": {"type": "style", "backgroundColor": "#000000"}}}
        )
    ],
    3: [HI, carousel(column(actions=[ACTION] * 4))],
    4: [{"type": "template"}],
    5: [{"type": "template", "template": {"type": "buttons", "text": "a", "actions": [ACTION]}}],
    6: [
        {
            "type": "imagemap",
            "baseUrl": "https://example.com/image/123.jpg",
            "altText": "test",
            "baseSize": {"width": 2500, "height": 1686},
            "actions": [{"type": "message", "area": {"x": 0, "y": 0, "width": 2500, "height": 1686}, "label": "label"}],
        }
    ],
    7: [{"type": "file"}],
    9: [
        carousel(
            column(actions=[ACTION] * 3, title=None, thumbnailImageUrl=None), column(title=None, thumbnailImageUrl=None)
        )
    ],
    10: [template(type="carousel")],
    11: [
        buttons(
            actions=[
                {
                    "type": "datetimepicker",
                    "label": "datetime picker datetime",
                    "data": "action=sell&itemid=2&mode=datetime",
                    "mode": "datetime",
                    "initial": "2013-04-01T10:00",
                    "min": "2011-06-23T00:00",
                    "max": "2017-09-08T23:59",
                }
            ]
        )
    ],
    12: [carousel(column(thumbnailImageUrl="http://example.com/a.jpg"))],
    **{
        n: ("push", {"to": to, "messages": [HI]})
        for n, to in {
            13: "nobody",
            14: "kutemukan",
            15: "xxxx",
            16: "+628123456789",
            17: "mid",
            18: "0edff29004c81f39a89ed07",
            19: "wrong",
        }.items()
    },
    20: ("reply", {"replyToken": {}, "messages": [HI]}),
    21: [
        flex(
            {
                "type": "bubble",
                "footer": {
                    "type": "box",
                    "layout": "vertical",
                    "spacing": "sm",
                    "contents": [button(URI), button(URI), {"type": "spacer", "size": "sm"}],
                    "flex": 0,
                },
            }
        )
    ],
    22: [quick(ACTION, ACTION, ACTION, {"type": "location", "label": ""})],
    23: [{"type": "image", "originalContentUrl": HTTPS}],
    28: ("reply", {"messages": [HI]}),
    29: [HI, buttons(actions=[{**URI, "uri": LONG}])],
    30: [HI, HI, flex({"type": "carousel", "contents": [bubble(text())] * 5 + [bubble(text(""))] * 3})],
    32: [{**HI, "sender": {"name": "x" * 21}}],
    33: [carousel(column(), column(title="a", thumbnailImageUrl=HTTPS))],
    34: [carousel(column(text="1", actions=[ACTION] * 3), column(text="2"))],
    35: [carousel(*[column(title="a")] * 5, column(title="a" * 41))],
    36: [
        buttons(
            thumbnailImageUrl="http://example.com/a.jpg",
            title="Menu",
            actions=[{**URI, "uri": "http://example.com/page/123"}],
        )
    ],
    37: [carousel(column(thumbnailImageUrl="http://example.com/a.jpg"))],
    38: [{"type": "text", "text": ""}],
    39: [{"type": "location", "title": "Blue Bottle", "address": "", "latitude": 35.6895, "longitude": 139.6917}],
    40: [carousel(column(actions=[{"type": "message", "label": "", "text": "a"}]))],
    41: [buttons(actions=[{**ACTION, "label": FAMILY * 3}])],
    42: [quick({**ACTION, "text": FAMILY * 43})],
    43: [flex(bubble(text("x" * 10_000)))],
    44: [flex(bubble(text("")))],
    45: [{"type": "text", "text": ""}],
    46: [image(originalContentUrl="http://example.com/a.png", previewImageUrl="http://example.com/a.png")],
    47: [flex(bubble(*[MOVING] * 12))],
    48: [image(originalContentUrl="", previewImageUrl="")],
    49: [flex(bubble(text(), *STAR))],
    50: [buttons(title="a" * 41)],
    51: [buttons(title="a", text="a" * 61)],
    52: [flex({"type": "carousel", "contents": [{"type": "bubble", "footer": box(button({**URI, "uri": "page"}))}]})],
    53: [
        HI,
        flex(
            {
                "type": "carousel",
                "contents": [{"type": "bubble", "hero": {**PICTURE, "url": "https://example.com/a|b.jpg"}}],
            }
        ),
    ],
    54: [{"type": "textV2", "text": "{!owe} it"}],
    55: [flex({"type": "flex", "altText": "x", "contents": bubble(text())})],
    56: [flex({"type": "bubble", "footer": box(button({**URI, "label": "a" * 41}))})],
    57: [flex({"type": "bubble"})],
    58: [
        flex(
            {
                "type": "carousel",
                "contents": [{"type": "bubble", "footer": box(button(ACTION), button({**ACTION, "text": ""}))}],
            }
        )
    ],
    59: [flex(bubble(*[text()] * 5, text("")))],
    60: [flex(bubble(text(), text(), box(text(color="#444"))))],
    61: [
        flex(
            {
                "type": "carousel",
                "contents": [bubble(text()), {"type": "bubble", "hero": {**PICTURE, "aspectMode": "contain"}}],
            }
        )
    ],
    62: [quick({"type": "message", "label": "a"}, {"type": "message", "label": "b"})],
    63: [{"type": "text", "text": "a" * 5001}],
    64: ("richmenu", {key: value for key, value in RICH.items() if key != "selected"}),
    66: ("push", {"messages": [HI]}),
    67: [{"type": "text", "text": ""}],
    68: [HI, HI, HI, HI, {"type": "audio", "originalContentUrl": HTTPS, "duration": 0}],
    69: [image(originalContentUrl="http://example.com/a", previewImageUrl="http://example.com/a")],
    70: [carousel(*[column(actions=[ACTION] * 2)] * 6, column(actions=[ACTION, {**URI, "uri": "http://a b"}]))],
    71: [buttons(actions=[{**URI, "uri": "http://a b"}])],
    74: [flex(bubble(*[text("x" * 420)] * 70))],
    75: [flex(bubble(*[text("x" * 420)] * 70))],
    76: [flex(bubble(*[text("x" * 420)] * 70))],
    77: [flex(bubble(button({**URI, "uri": "mailto:nobody@example.com"})))],
    78: [quick({**URI, "uri": "mailto:nobody@example.com"}, {**URI, "uri": "tel:0423692699,000"})],
    81: [flex({"type": "bubble", "body": {"type": "box", "contents": [text()]}})],
    82: [flex(bubble(text(size="huge")))],
    83: [flex(bubble({"type": "text"}))],
    84: [flex({"type": "bubble", "footer": box(button({"type": "uri", "uri": HTTPS}))})],
    85: [flex(bubble(text(flex=-1)))],
    86: [flex({"type": "bubble", "body": {**box(text()), "paddingAll": "-1px"}})],
    87: [
        flex(
            {
                "type": "bubble",
                "body": {
                    **box(text()),
                    "background": {
                        "type": "linearGradient",
                        "angle": "0deg",
                        "startColor": "#ffffff",
                        "endColor": "#000000",
                        "centerColor": "#888888",
                        "centerPosition": "101%",
                    },
                },
            }
        )
    ],
    88: [flex({"type": "bubble", "body": {**box(text()), "spacing": "10%"}})],
    89: [flex({"type": "bubble", "hero": {**PICTURE, "aspectRatio": "1:4"}})],
    91: [flex({"type": "bubble", "hero": {**PICTURE, "url": "http://example.com/a"}})],
    92: [
        flex(
            {
                "type": "bubble",
                "footer": box(
                    button(
                        {
                            "type": "datetimepicker",
                            "label": "a",
                            "data": "a",
                            "mode": "date",
                            "initial": "2020-01-01T00:00",
                        }
                    )
                ),
            }
        )
    ],
    93: [
        flex(
            {
                "type": "bubble",
                "footer": box(
                    button(
                        {
                            "type": "datetimepicker",
                            "label": "a",
                            "data": "a",
                            "mode": "date",
                            "min": "2020-01-02",
                            "max": "2020-01-01",
                        }
                    )
                ),
            }
        )
    ],
    94: [flex({"type": "carousel", "contents": [{"type": "bubble", "hero": VIDEO}]})],
    95: [flex({"type": "bubble"})],
    96: [flex(bubble(text(), {"type": "spacer"}, text()))],
    98: [{"type": "text", "text": ""}, {"type": "text", "text": ""}],
    101: [{"type": "text", "text": ""}, {"type": "unknown"}],
    114: [{"type": "text", "text": ""}, {"type": "unknown"}],
    133: ("multicast", {"to": [USER, "wrong"], "messages": [HI]}),
    136: ("narrowcast", {"messages": [HI], "limit": {"forbidPartialDelivery": True}}),
    139: [{"text": "hi"}],
    141: ("loading", {"chatId": USER, "loadingSeconds": 63}),
    142: ("loading", {"chatId": "C" + USER[1:], "loadingSeconds": 5}),
    147: [HI] * 6,
    149: [HI] * 6,
    151: [HI] * 6,
    153: [HI] * 6,
    155: [HI] * 6,
    148: [{"type": "text", "text": "a" * 5001}],
    150: [{"type": "text", "text": "a" * 5001}],
    152: [{"type": "text", "text": "a" * 5001}],
    154: [{"type": "text", "text": "a" * 5001}],
    156: [{"type": "text", "text": "a" * 5001}],
    215: ("richmenu", {key: value for key, value in RICH.items() if key != "name"}),
    217: ("richmenu", {key: value for key, value in RICH.items() if key != "name"}),
    216: ("richmenu", {**RICH, "areas": [{**RICH["areas"][0], "action": {"type": "uri", "uri": "a b"}}]}),
    218: ("richmenu", {**RICH, "areas": [{**RICH["areas"][0], "action": {"type": "uri", "uri": "a b"}}]}),
    230: ("bulk", {"userIds": ["wrong"]}),
}

# Where our answer is another, and why we stay with it.
DIFFERENT: dict[int, str] = {
    7: "the second detail of the report is cut off; what it complained about is not known",
    41: "the report quotes the text with the name of the property before it; other reports have it without",
    69: "two rows of a statistic put together, with the count of one of them",
    74: "the end of LINE's sentence is a paraphrase in the report, and where it stands is not told",
    75: "as the line before",
    76: "as the line before",
    83: "the old copy of the simulator has one of the two details that LINE was seen to give",
    96: "the words of an old copy of the simulator; LINE itself refuses the component since 2026",
    98: "LINE's wording of 2016",
}
