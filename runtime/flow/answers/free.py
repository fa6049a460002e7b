"""Free text, and text of a form."""

from __future__ import annotations

import re
import unicodedata

MAX_MATCHED = 1_000
"""Longer texts are not held against a pattern."""


def read_text(text: str, shortest: int = 1, longest: int = 10_000) -> str | None:
    """The text without space around it, if it is long enough and not too long."""
    plain = text.strip().strip("\u200b\ufeff").strip()
    return plain if max(shortest, 1) <= len(plain) <= longest else None


def read_regex(text: str, pattern: str | re.Pattern[str]) -> str | dict[str, str] | None:
    """What a pattern finds in the whole text, tried as typed, then half-width.

    Named groups give a mapping, one group gives its text, else the whole text; None when it does not fit.
    """
    if len(text) > MAX_MATCHED:
        return None
    made = re.compile(pattern) if isinstance(pattern, str) else pattern
    plain = text.strip()
    found = made.fullmatch(plain) or made.fullmatch(unicodedata.normalize("NFKC", plain))
    if not found:
        return None
    if found.re.groupindex:
        return {name: value or "" for name, value in found.groupdict().items()}
    return (found[1] or "") if found.re.groups == 1 else found[0]
