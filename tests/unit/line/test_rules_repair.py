"""What is sent when a message breaks a rule, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.line.rules import check, repair
from runtime.line.rules.mend import MENDS
from runtime.line.rules.repair import DIVIDES
from runtime.line.rules.table import rules
from runtime.line.rules.units import cut, fitting, graphemes, split
from runtime.model import Output, Place, Violation
from runtime.text import utf16

FAMILY = "👩‍👩‍👧"
HTTPS = "https://example.com/a.jpg"


def sent(
    message: Any, policy: Any = "repair", kind: Any = "user", alt: str = "Menu"
) -> tuple[list[Any], list[Violation]]:
    messages, broken = repair([(Output(kind="line", alt=alt, at=Place("flows/a.yaml", 3, 5)), [message])], kind, policy)
    for one in messages:
        assert not [v for v in check([one], to=kind) if v.severity == "error"]
    return messages, broken


def mended(message: Any) -> Any:
    """The one message that is sent instead, which must be repaired, not replaced."""
    messages, broken = sent(message)
    assert len(messages) == 1
    assert all(v.done.startswith(("repaired", "sent as it is")) for v in broken), broken
    return messages[0]


def action(label: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "message", "label": label, "text": "a", **more}


def quick(*actions: Any) -> dict[str, Any]:
    items = [{"type": "action", "action": one} for one in actions]
    return {"type": "text", "text": "hi", "quickReply": {"items": items}}


def buttons(**more: Any) -> dict[str, Any]:
    return {
        "type": "template",
        "altText": "x",
        "template": {"type": "buttons", "text": "a", "actions": [action()], **more},
    }


def carousel(*columns: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "x", "template": {"type": "carousel", "columns": list(columns)}}


def flex(*contents: Any, **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": body, **more}}


def test_good_messages_are_passed_on_as_they_are() -> None:
    message = {"type": "text", "text": "hi"}
    messages, broken = repair([(Output(kind="text"), [message]), (Output(kind="text"), [message])], "user", "repair")
    assert messages[0] is message
    assert (len(messages), broken) == (2, [])


def test_more_than_five_messages_are_left_to_the_packing() -> None:
    messages, broken = repair([(Output(kind="text"), [{"type": "text", "text": "hi"}])] * 9, "user", "repair")
    assert (len(messages), broken) == (9, [])


@pytest.mark.parametrize("letter", ["🍜", FAMILY, "ก้", "𠮷", "a", "こんにちは。"])
def test_a_long_text_is_split_between_characters(letter: str) -> None:
    text = letter * (12_000 // len(letter))
    message = {
        "type": "text",
        "text": text,
        "quoteToken": "q",
        **{k: v for k, v in quick(action()).items() if k == "quickReply"},
    }
    messages, broken = sent(message)
    assert "".join(one["text"] for one in messages) == text
    assert all(utf16(one["text"]) <= 5000 for one in messages)
    assert all(set(graphemes(one["text"])) <= set(graphemes(letter)) for one in messages)
    assert ["quickReply" in one for one in messages] == [False] * (len(messages) - 1) + [True]
    assert ["quoteToken" in one for one in messages] == [True] + [False] * (len(messages) - 1)
    assert [v.done for v in broken] == ["repaired: split"]


def test_a_text_is_split_after_sentences() -> None:
    sentence = "This is a sentence of some length. "
    messages, _ = sent({"type": "text", "text": sentence * 300})
    assert all(one["text"].endswith("length.") for one in messages)


def test_emoji_keep_their_places_when_a_text_is_split() -> None:
    text = "🍜 $ " * 1500
    emojis = [{"index": 3, "productId": "p", "emojiId": "1"}, {"index": 5 * 1400 + 3, "productId": "p", "emojiId": "2"}]
    messages, _ = sent({"type": "text", "text": text, "emojis": emojis})
    assert [[e["emojiId"] for e in one.get("emojis", [])] for one in messages] == [["1"], ["2"]]


@pytest.mark.parametrize("most", range(1, 12))
def test_cutting_never_breaks_a_character(most: int) -> None:
    for text in (FAMILY * 4, "กำแพงก้าว" * 3, "🇹🇭🇯🇵🇹🇼", "e\u0301" * 9, "👍🏽👍🏿", "각각", "\r\n\r\n"):
        for unit in ("codepoints", "utf16"):
            kept = fitting(text, most, unit)
            assert text.startswith(kept)
            assert list(graphemes(text))[: len(list(graphemes(kept)))] == list(graphemes(kept))
            short = cut(text, most, unit)
            assert (utf16(short) if unit == "utf16" else len(short)) <= most or len(text) <= most
        assert "".join(split(text.replace("\r\n", "x"), most)) == text.replace("\r\n", "x")


def test_labels_and_titles_are_cut() -> None:
    assert mended(quick(action("x" * 21)))["quickReply"]["items"][0]["action"]["label"] == "x" * 19 + "…"
    template = mended(buttons(title="t" * 50, text="x" * 70))["template"]
    assert (len(template["title"]), len(template["text"])) == (40, 60)


def test_quick_replies_beyond_thirteen_are_dropped() -> None:
    message = mended(quick(*[action(str(n)) for n in range(20)]))
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == [str(n) for n in range(13)]


def test_a_quick_reply_that_cannot_be_is_dropped_alone() -> None:
    message = mended(quick(action("a"), {"type": "location"}, {"type": "richmenuswitch", "label": "x"}, action("b")))
    assert [item["action"]["label"] for item in message["quickReply"]["items"]] == ["a", "b"]


def test_links_become_https_and_encoded() -> None:
    image = {"type": "image", "originalContentUrl": "http://example.com/ก b.jpg", "previewImageUrl": ""}
    assert mended(image)["originalContentUrl"] == "https://example.com/%E0%B8%81%20b.jpg"
    assert mended(image)["previewImageUrl"] == "https://example.com/%E0%B8%81%20b.jpg"
    uri = {"type": "uri", "label": "a", "uri": "example.com/a b"}
    assert mended(buttons(actions=[uri]))["template"]["actions"][0]["uri"] == "https://example.com/a%20b"
    assert "thumbnailImageUrl" not in mended(buttons(thumbnailImageUrl="picture"))["template"]


def test_unequal_columns_are_evened() -> None:
    one = {"text": "Soup", "title": "a", "thumbnailImageUrl": HTTPS, "actions": [action("a"), action("b")]}
    columns = mended(carousel(one, {"text": "Rice\nwith egg", "actions": [action("c")]}))["template"]["columns"]
    assert [len(column["actions"]) for column in columns] == [2, 2]
    assert [column["title"] for column in columns] == ["a", "Rice"]
    assert all("thumbnailImageUrl" not in column for column in columns)


def test_too_many_cards_become_two_messages() -> None:
    columns = [{"text": str(n), "actions": [action()]} for n in range(14)]
    messages, broken = sent({**carousel(*columns), "quickReply": quick(action())["quickReply"]})
    assert [len(one["template"]["columns"]) for one in messages] == [7, 7]
    assert ["quickReply" in one for one in messages] == [False, True]
    assert [v.done for v in broken] == ["repaired: split_list"]
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}
    cards = {"type": "flex", "altText": "x", "contents": {"type": "carousel", "contents": [bubble] * 25}}
    assert [len(one["contents"]["contents"]) for one in sent(cards)[0]] == [9, 9, 7]


def test_a_confirm_with_one_button_becomes_buttons() -> None:
    one = {"type": "template", "altText": "x", "template": {"type": "confirm", "text": "a", "actions": [action()]}}
    assert mended(one)["template"]["type"] == "buttons"


def test_flex_is_tidied() -> None:
    text = {"type": "text", "text": "", "color": "#444", "wrap": "true", "flex": "1", "createdAt": 1, "size": "10%"}
    spacer = {"type": "spacer"}
    message = mended(flex(text, spacer, {"type": "image", "url": "http://example.com/a.png", "aspectMode": "contain"}))
    first, second = message["contents"]["body"]["contents"]
    assert first == {"type": "text", "text": "–", "color": "#444444", "wrap": True, "flex": 1}
    assert second == {"type": "image", "url": "https://example.com/a.png"}


def test_only_ten_pictures_move() -> None:
    image = {"type": "image", "url": HTTPS, "animated": True}
    message = mended(flex(*[image] * 12))
    assert sum("animated" in one for one in message["contents"]["body"]["contents"]) == 10


def test_a_mention_in_a_private_chat_becomes_plain_text() -> None:
    who = {"type": "mention", "mentionee": {"type": "all"}}
    message = {"type": "textV2", "text": "Hello {all}! {{x}}", "substitution": {"all": who}}
    assert mended(message) == {"type": "text", "text": "Hello ! {x}"}
    assert sent(message, kind="group")[0] == [message]


def test_a_missing_alternative_text_comes_from_the_output() -> None:
    assert mended({**flex({"type": "text", "text": "a"}), "altText": ""})["altText"] == "Menu"


def test_what_cannot_be_repaired_is_said_in_words() -> None:
    message = {"type": "sticker", "packageId": "446"}
    messages, broken = sent({**message, "quickReply": quick(action())["quickReply"]})
    assert messages == [{"type": "text", "text": "Menu", "quickReply": quick(action())["quickReply"]}]
    assert [(v.rule, v.done) for v in broken] == [("sticker.ids.required", "alternative text sent")]


def test_without_words_it_is_left_out_and_told() -> None:
    messages, broken = sent({"type": "text", "text": ""}, alt="")
    assert messages == []
    assert [(v.rule, v.done) for v in broken] == [("text.text.empty", "left out")]


def test_fallback_does_not_repair() -> None:
    messages, broken = sent(buttons(title="t" * 50), "fallback")
    assert messages == [{"type": "text", "text": "Menu"}]
    assert [v.done for v in broken] == ["alternative text sent"]


def test_block_sends_nothing_of_that_message_only() -> None:
    good = {"type": "text", "text": "hi"}
    rendered = [(Output(kind="line", alt="x"), [good, buttons(title="t" * 50)]), (Output(kind="line"), [good])]
    messages, broken = repair(rendered, "user", "block")
    assert messages == [good, good]
    assert [(v.path, v.done) for v in broken] == [("messages[1].template.title", "blocked")]


def test_a_warning_is_told_and_sent() -> None:
    messages, broken = sent({"type": "text", "text": " "}, "block")
    assert messages == [{"type": "text", "text": " "}]
    assert [v.done for v in broken] == ["sent as it is"]


def test_violations_tell_the_place_in_the_flow() -> None:
    _, broken = sent(buttons(title="t" * 50))
    assert str(broken[0].at) == "flows/a.yaml:3:5"


def test_every_repair_of_the_table_exists() -> None:
    named = {rule.repair for rule in rules().values() if rule.repair and rule.severity == "error"}
    assert named - {"leave_out"} <= set(MENDS) | set(DIVIDES)


def test_what_is_nested_beyond_measure_is_said_in_words() -> None:
    box: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(5000):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    assert sent(flex(box))[0] == [{"type": "text", "text": "Menu"}]
