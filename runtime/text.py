"""Cleaning, comparing and measuring what people type."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
SPACE = re.compile(r"\s+")

_KANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
_TABLE: dict[int, int | None] = {**_KANA, **_INVISIBLE}
_THAI = (
    (re.compile("\u0e40\u0e40"), "\u0e41"),  # two sara e typed for sara ae
    (re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32"), "\\1\u0e4d\u0e32"),  # nikhahit typed before the tone mark
)
_KEPT = frozenset("#@%*&/+$\\_=<>^|")
_EMOJI_PARTS = frozenset(("\ufe0e", "\ufe0f", "\u20e3", "\u200d"))
_LEADING = _KEPT | {"-"}


def clean(value: str) -> str:
    """NFKC form, trimmed, white space folded to single spaces, invisible characters dropped.

    Zero-width joiners stay: emoji families and Thai or Indic spellings need them.
    """
    return SPACE.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFKC", value))).strip()


def fold(text: str) -> str:
    """The text without the differences that nobody means; never empty for a text with visible signs.

    Evened out are full-width and half-width forms, upper and lower case, hiragana and katakana, invisible characters,
    and punctuation or emoji around the words.
    """
    if text.isascii():
        plain = SPACE.sub(" ", text.lower()).strip()
    else:
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
        for pattern, instead in _THAI if max(plain, default="") >= "\u0e00" else ():
            plain = pattern.sub(instead, plain)
        plain = SPACE.sub(" ", plain).strip()
    start, end = 0, len(plain)
    while start < end and _around(plain[start], _LEADING):
        start += 1
    while end > start and _around(plain[end - 1], _KEPT):
        end -= 1
    return plain[start:end] or plain


def _around(char: str, kept: frozenset[str]) -> bool:
    """Whether a sign at the edge of a text says nothing: space, punctuation, emoji."""
    if char.isalnum() or char in kept:
        return False
    return char in _EMOJI_PARTS or char == "~" or unicodedata.category(char)[0] in "PZC" or _symbol(char)


def _symbol(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts texts: an emoji outside the basic plane counts two.

    https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    return len(text) if text.isascii() else len(text) + sum(1 for c in text if c > "\uffff")


def shortened(text: str, most: int) -> str:
    """As much of the text as fits into so many UTF-16 code units."""
    if utf16(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * max(most, 0)].decode("utf-16-le", "ignore")
