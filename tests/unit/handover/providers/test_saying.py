from __future__ import annotations

from typing import Any

import pytest

from runtime.handover.providers import saying


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "sticker", "keywords": ["happy", "cat"]}, "[sticker] happy, cat"),
        ({"type": "sticker"}, "[sticker]"),
        ({"type": "location", "title": "Shop", "address": "1-2", "latitude": 1, "longitude": 2},
         "📍 Shop\n1-2\nhttps://maps.google.com/?q=1,2"),
        ({"data": "colour=red"}, "[tap] colour=red"),
        ({"type": "image", "content": {"failed": "too large"}}, "[image: too large]"),
        ({"type": "image", "content": {"gone": True}}, "[image: taken back]"),
        ({"type": "image", "content": {"token": "t"}}, ""),
        ({"type": "video"}, "[video]"),
        ({}, ""),
    ],
)  # fmt: skip
def test_what_has_no_words_is_said_in_words(message: dict[str, Any], text: str) -> None:
    assert saying.words({"text": "", "message": message}) == text


def test_in_groups_the_author_stands_before() -> None:
    assert saying.words({"text": "me too", "author": "Ken"}) == "Ken: me too"


def test_a_briefing_is_subject_facts_and_talk() -> None:
    rows = [
        {"who": "user", "text": "help", "kind": "text"},
        {"who": "system", "text": "hidden", "kind": "violation"},
        {"who": "bot", "text": "", "kind": "sticker"},
    ]
    told = {"subject": "Mai", "context": {"day": "Monday", "seats": None}, "transcript": saying.history(rows)}
    assert saying.briefing(told) == "Mai\n\nday: Monday\n\nuser: help\nbot: [sticker]"
