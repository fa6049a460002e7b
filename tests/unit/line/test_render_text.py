"""Texts with mentions and LINE emoji, in groups and elsewhere."""

from __future__ import annotations

from runtime.line.render_text import text

MENTIONS = {"who": {"user": "U1", "name": "Mai"}, "everyone": {"all": True, "name": "all"}, "lost": {"name": "Ken"}}
EMOJIS = [{"index": 13, "productId": "p", "emojiId": "1"}, {"index": 99, "productId": "p", "emojiId": "2"}]


def test_mentions_in_a_group() -> None:
    message = text("😀 {who}: {} $ {everyone} {lost} $", {"mentions": MENTIONS, "emojis": EMOJIS}, group=True)
    assert message == {
        "type": "textV2",
        "text": "😀 {s0}: {{}} {s1} {s2} Ken $",
        "substitution": {
            "s0": {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}},
            "s1": {"type": "emoji", "productId": "p", "emojiId": "1"},
            "s2": {"type": "mention", "mentionee": {"type": "all"}},
        },
    }


def test_mentions_elsewhere_are_names_and_emoji_stay_in_place() -> None:
    message = text("😀 {who}: {} $ {everyone}", {"mentions": MENTIONS, "emojis": EMOJIS, "quote": "q"}, group=False)
    assert message == {
        "type": "text",
        "text": "😀 Mai: {} $ all",
        "emojis": [{"index": 11, "productId": "p", "emojiId": "1"}],
        "quoteToken": "q",
    }


def test_no_more_mentions_than_line_takes() -> None:
    message = text("{who}" * 25, {"mentions": MENTIONS}, group=True)
    assert len(message["substitution"]) == 20
    assert message["text"].endswith("{s19}MaiMaiMaiMaiMai")
