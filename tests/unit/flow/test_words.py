"""Folding of what people type, and keywords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.words import KeywordIndex
from runtime.text import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Book!! ", "book"),
        ("ＢＯＯＫ", "book"),
        ("ヨヤク", "よやく"),
        ("ﾖﾔｸ！", "よやく"),
        ("ｶﾞｲﾄﾞ", "がいど"),
        ("　予約♪", "予約"),
        ("予約〜", "予約"),
        ("取消。", "取消"),
        ("「予約」", "予約"),
        ("จองโต๊ะ 🙏", "จองโต๊ะ"),
        ("เเนะนำ", "แนะน\u0e4dา"),
        ("\u200bno\u200b", "no"),
        ("a  b\n c", "a b c"),
        ("❤️ ok 👍🏽", "ok"),
        ("👨‍👩‍👧", "👨👩👧"),
        ("👍", "👍"),
        ("?", "?"),
        ("...", "..."),
        ("C++", "c++"),
        ("/start", "/start"),
        ("#1", "#1"),
        ("-5", "-5"),
        ("50%", "50%"),
        ("Straße", "strasse"),
        ("İstanbul", "i̇stanbul"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_what_nobody_means_as_a_difference_is_gone(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_thai_signs_typed_in_another_order_are_the_same() -> None:
    assert fold("น\u0e4d\u0e49\u0e32") == fold("น\u0e49\u0e33")


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


INDEX = KeywordIndex(
    [("予約", "ja"), ("book*", "book"), ("*台北*", "taipei"), ("BOOKING", "exact"), ("*x*", "x"), ("book a*", "long")]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("予約！", ["ja"]),
        ("予約したい", []),
        ("Book", ["book"]),
        ("ｂｏｏｋ a table", ["book", "long"]),
        ("Booking", ["book", "exact"]),
        ("notebook", []),
        ("去台北玩", ["taipei"]),
        ("台北", ["taipei"]),
        ("Taxi", ["x"]),
        ("", []),
        ("！", []),
    ],
)
def test_keywords(typed: str, found: list[str]) -> None:
    assert [hit.value for hit in INDEX.find(typed)] == found


def test_the_first_and_the_best() -> None:
    assert INDEX.first("booking") == "book"
    best = INDEX.best("booking")
    assert best is not None
    assert best.value == "exact"
    longer = INDEX.best("book a table")
    assert longer is not None
    assert longer.value == "long"
    assert INDEX.first("nothing") is None
    assert INDEX.best("nothing") is None


def test_a_star_alone_fits_everything_least() -> None:
    index = KeywordIndex([("*", "any"), ("a", "a")])
    assert [hit.value for hit in index.find("b")] == ["any"]
    best = index.best("a")
    assert best is not None
    assert best.value == "a"
    assert index.find("") == []


def test_a_repeated_part_is_found_once() -> None:
    assert len(KeywordIndex([("*a*", 1)]).find("banana")) == 1


@given(st.text(min_size=1, max_size=12), st.text(max_size=6), st.text(max_size=6))
def test_parts_and_beginnings_are_found_wherever_they_stand(word: str, before: str, after: str) -> None:
    plain = fold(word)
    if not plain or "*" in word:
        return
    text = fold(before + plain + after)
    index = KeywordIndex([(f"*{plain}*", "part"), (f"{plain}*", "begin"), (plain, "all")])
    found = {hit.value for hit in index.find(text)}
    inner = fold(plain)
    assert ("part" in found) == (inner in text)
    assert ("begin" in found) == text.startswith(inner)
    assert ("all" in found) == (inner == text)
