"""Cleaning of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.text import clean, shortened, utf16

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  hello   there\n", "hello there"),
        ("１２３　ｱｲｽ", "123 アイス"),
        ("ab\u200bc\ufeff", "abc"),
        (FAMILY, FAMILY),
        ("\u202eevil\u202c", "evil"),
        ("๓ ท่าน", "๓ ท่าน"),
    ],
)
def test_clean(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)


def test_texts_are_measured_as_line_does() -> None:
    assert [utf16(one) for one in ("tea", "お茶", "𠮷", "🍜", "👨‍👩‍👧")] == [3, 2, 2, 2, 8]
    assert [shortened("a🍜b", size) for size in (0, 1, 2, 3, 4)] == ["", "a", "a", "a🍜", "a🍜b"]
