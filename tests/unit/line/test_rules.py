"""What LINE would answer: the stages, paths and words of its responses."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.line.rules import check, judge, judge_object, respond
from tests.unit.line.rulebook import GOOD

USER = "U" + "0123456789abcdef" * 2
NBSP = "\u00a0"
HI = {"type": "text", "text": "hi"}


def reply(*messages: Any) -> dict[str, Any]:
    return {"replyToken": "token", "messages": list(messages)}


def details(answer: dict[str, Any] | None) -> list[tuple[str, str]]:
    assert answer is not None
    return [(detail["property"], detail["message"]) for detail in answer["details"]]


def test_a_good_request_has_no_answer() -> None:
    assert respond(reply(HI)) is None
    assert check([HI]) == []
    assert judge([HI]).valid


def test_a_wrong_type_is_one_sentence_with_line_and_column() -> None:
    answer = respond({"replyToken": {"a": 1}, "messages": [HI]})
    assert answer == {
        "message": "The property, 'replyToken', in the request body is invalid (line: 1, column: 15)",
    }
    answer = respond({"replyToken": "t", "messages": [{"type": "text", "text": ["x"]}]})
    assert answer is not None
    assert answer["message"].startswith("The property, 'messages[0].text', in the request body is invalid (line: 1, ")


def test_types_come_before_everything_else() -> None:
    answer = respond({"replyToken": "t", "messages": [{"type": "text", "text": ""}, {"type": "text", "text": {}}]})
    assert answer is not None
    assert "messages[1].text" in answer["message"]
    assert "details" not in answer


def test_the_whole_request_is_answered_at_once() -> None:
    answer = respond(reply({"type": "text", "text": ""}, {"type": "unknown"}))
    assert answer is not None
    assert answer["message"] == "The request body has 2 error(s)"
    assert details(answer) == [
        ("messages[0].text", "May not be empty"),
        (
            "messages[1].type",
            "Must be one of the following values: [text, image, video, audio, location, sticker, template, imagemap]",
        ),
    ]


def test_errors_of_the_whole_request_hide_those_in_depth() -> None:
    empty = {"type": "flex", "altText": "", "contents": {"type": "bubble"}}
    assert details(respond(reply(empty))) == [("messages[0].altText", "May not be empty")]
    assert details(respond(reply({**empty, "altText": "x"}))) == [("/", "At least one block must be specified")]


def test_only_the_first_bad_message_is_answered_in_depth() -> None:
    bad = {"type": "flex", "altText": "x", "contents": {"type": "bubble"}}
    answer = respond(reply(HI, bad, bad))
    assert answer is not None
    assert answer["message"] == f"A message (messages[1]){NBSP}in the request body is invalid"
    assert len(answer["details"]) == 1
    assert len(check([HI, bad, bad])) == 2


def test_a_sender_name_is_one_sentence() -> None:
    answer = respond(reply({**HI, "sender": {"name": "x" * 21}}))
    assert answer == {"message": "sender.name length is invalid"}
    assert respond(reply({**HI, "sender": {"name": "x" * 20}})) is None
    assert respond(reply({**HI, "sender": {"name": "🍜" * 11}})) is not None


def test_recipients() -> None:
    assert details(respond({"messages": [HI]}, "push")) == [("to", "May not be empty")]
    assert details(respond({"messages": [HI]}, "reply")) == [("replyToken", "May not be empty")]
    assert respond({"to": "xxxx", "messages": [HI]}, "push") == {
        "message": "The property, 'to', in the request body is invalid (line: -, column: -)"
    }
    group = {"to": [USER, "C" + USER[1:]], "messages": [HI]}
    assert respond(group, "multicast") == {
        "message": "The property, to[1], in the request body is invalid (line: -, column: -)"
    }
    assert respond({"messages": [HI]}, "broadcast") is None


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_messages(count: int) -> None:
    assert details(respond(reply(*[HI] * count))) == [("messages", "Size must be between 1 and 5")]
    assert [v.rule for v in check([HI] * count)] == ["req.messages.size"]
    assert respond({"replyToken": "t", "messages": [HI] * 5}) is None


def test_where_it_goes_matters() -> None:
    mention = GOOD[0]["body"]["messages"][1]
    mention = {k: v for k, v in mention.items() if k != "quoteToken"}
    assert judge([mention], via="push", to="group").violations == ()
    assert [v.rule for v in check([mention], to="user")] == ["textV2.mention.destination"]
    assert [v.rule for v in check([mention], via="multicast", to="group")] == ["req.mention.endpoint"]
    video = {**GOOD[1]["body"]["messages"][1], "trackingId": "film-1"}
    assert check([video]) == []
    assert [v.rule for v in check([video], to="room")] == ["req.trackingId.dest"]
    quote = {**HI, "quoteToken": "q"}
    assert check([quote], via="push") == []
    assert [(v.rule, v.severity) for v in check([quote], via="broadcast")] == [("req.quoteToken.endpoint", "warning")]


def test_a_push_knows_its_chat_from_its_recipient() -> None:
    mention = {k: v for k, v in GOOD[0]["body"]["messages"][1].items() if k != "quoteToken"}
    assert respond({"to": "C" + USER[1:], "messages": [mention]}, "push") is None
    assert respond({"to": USER, "messages": [mention]}, "push") is not None


def test_files_cannot_be_sent() -> None:
    answer = respond(reply({"type": "file"}))
    assert details(answer) == [("messages[0]", "This message type is not available for your account")]


def test_null_is_as_good_as_absent() -> None:
    carousel = {
        "type": "template",
        "altText": "a",
        "template": {
            "type": "carousel",
            "columns": [
                {"text": "x", "title": None, "thumbnailImageUrl": None, "actions": [{**ACTION}]},
                {"text": "y", "actions": [{**ACTION}]},
            ],
        },
    }
    assert check([carousel]) == []
    assert check([{**HI, "quickReply": None, "sender": None}]) == []


ACTION = {"type": "message", "label": "a", "text": "b"}


def test_unknown_keys_matter_in_flex_only() -> None:
    assert check([{**HI, "createdAt": 1}]) == []
    bubble = {"type": "bubble", "styles": {"type": "styles"}, "hero": {"type": "image", "url": "https://a.example/b"}}
    assert details(respond(reply({"type": "flex", "altText": "x", "contents": bubble}))) == [
        ("/styles/type", "unknown field")
    ]


def test_a_warning_does_not_make_a_message_invalid() -> None:
    verdict = judge([{"type": "text", "text": " "}])
    assert verdict.valid
    assert [(v.rule, v.severity) for v in verdict.violations] == [("text.text.whitespace", "warning")]


def test_a_violation_tells_place_measure_and_source() -> None:
    violation = check([{"type": "text", "text": "🍜" * 2501}])[0]
    assert violation.path == violation.property == "messages[0].text"
    assert (violation.actual, violation.limit) == (5002, 5000)
    assert violation.url.startswith("https://developers.line.biz/")


def test_rich_menus_and_loading() -> None:
    menu = next(case["body"] for case in GOOD if case["root"] == "richmenu")
    assert judge_object(menu, "richmenu").valid
    bare = {key: value for key, value in menu.items() if key not in ("selected", "name")}
    assert details(dict(judge_object(bare, "richmenu").response or {})) == [
        ("selected", "must be specified"),
        ("name", "must be specified"),
    ]
    relative = {**menu, "areas": [{**menu["areas"][0], "action": {"type": "uri", "uri": "page"}}]}
    assert ("areas[0].action.uri", "invalid uri") in details(dict(judge_object(relative, "richmenu").response or {}))
    answer = judge_object({"chatId": USER, "loadingSeconds": 63}, "loading").response
    assert details(dict(answer or {})) == [
        ("loadingSeconds", "Must be between 5 and 60"),
        ("loadingSeconds", "must be a multiple of five"),
    ]
    with pytest.raises(ValueError, match="richmenu"):
        judge_object({}, "menu")


@pytest.mark.parametrize("body", [None, 1, "x", [], {"messages": None}, {"messages": {}}, {"messages": [None]}])
def test_anything_gets_an_answer(body: Any) -> None:
    assert respond(body, "broadcast") is not None


def test_a_picker_in_one_flex_button_is_told_apart_by_its_place() -> None:
    camera = {"type": "button", "action": {"type": "camera", "label": "Camera"}}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [camera]}}
    assert details(respond(reply({"type": "flex", "altText": "x", "contents": bubble}))) == [
        ("/body/contents/0/action/type", "invalid property")
    ]
    quick = {"items": [{"type": "action", "action": camera["action"]}]}
    assert check([{**HI, "quickReply": quick}]) == []
