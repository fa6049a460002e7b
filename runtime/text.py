"""Cleaning of what people type."""

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
