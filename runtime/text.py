"""Cleaning and measuring what people type."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
SPACE = re.compile(r"\s+")


def clean(value: str) -> str:
    """NFKC form, trimmed, white space folded to single spaces, invisible characters dropped.

    Zero-width joiners stay: emoji families and Thai or Indic spellings need them.
    """
    return SPACE.sub(" ", INVISIBLE.sub("", unicodedata.normalize("NFKC", value))).strip()


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
