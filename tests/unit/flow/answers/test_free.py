"""Free text, and text of a form."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers import read_regex, read_text


def test_text_is_trimmed_and_has_a_length() -> None:
    assert read_text("  a b \n") == "a b"
    assert read_text("\u200b \u3000") is None
    assert read_text("ab", shortest=3) is None
    assert read_text("abcd", longest=3) is None
    assert read_text("", shortest=0) is None


def test_a_pattern_fits_the_whole_text() -> None:
    assert read_regex(" AB1234 ", r"[A-Z]{2}\d{4}") == "AB1234"
    assert read_regex("AB1234x", r"[A-Z]{2}\d{4}") is None
    assert (
        read_regex("ＡＢ１２３４", r"[A-Z]{2}\d{4}") == "AB1234"
        or read_regex("ＡＢ１２３４", r"[A-Z]{2}\d{4}") is not None
    )
    assert read_regex("no. 5", re.compile(r"no\. (\d+)")) == "5"
    assert read_regex("5-7", r"(?P<a>\d)-(?P<b>\d)(?P<c>x)?") == {"a": "5", "b": "7", "c": ""}
    assert read_regex("57", r"(\d)(\d)") == "57"
    assert read_regex("a" * 2_000, r"a+") is None


@given(st.text(max_size=50))
def test_no_text_makes_it_crash(text: str) -> None:
    read_text(text)
    read_regex(text, r"(\w+)\s*(?:x)?")
