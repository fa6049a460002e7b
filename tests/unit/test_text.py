"""Cleaning of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.text import clean

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
