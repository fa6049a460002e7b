"""Counting and cutting text the way LINE counts it.

LINE counts most text in UTF-16 code units (an emoji outside the basic plane counts two) and the words people
see on buttons in code points, although it documents graphemes for the latter.
https://developers.line.biz/en/docs/messaging-api/text-character-count/
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from runtime.text import utf16

ELLIPSIS = "…"
ZWJ = "\u200d"
_SENTENCE = re.compile(r"(?<=[.!?。！？…\n])\s*")


UNITS: dict[str, Callable[[str], int]] = {
    "utf16": utf16,
    "codepoints": len,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
}


def _joins(before: str, cluster: str, char: str) -> bool:
    """Whether `char` belongs to the character that `cluster` has begun."""
    if before == ZWJ or char == ZWJ or unicodedata.combining(char):
        return True
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or "\ufe00" <= char <= "\ufe0f":
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":  # skin tones, flag tags
        return True
    if char == "\n" and before == "\r":
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # regional indicators make flags in pairs
        return len(cluster) % 2 == 1 and all("\U0001f1e6" <= c <= "\U0001f1ff" for c in cluster)
    return char in "\u0e33\u0eb3" or _hangul(before, char)  # sara am leans on the consonant before it


def _hangul(before: str, char: str) -> bool:
    """Whether two Hangul jamo make one syllable."""
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= char <= "\u11ff"


def graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one character, each: letters with their marks, emoji with all their parts."""
    cluster = ""
    for char in text:
        if cluster and not _joins(cluster[-1], cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def fitting(text: str, most: int, unit: str) -> str:
    """The longest beginning of `text` that is at most `most` units long and ends between graphemes."""
    measure = UNITS[unit]
    kept, used = [], 0
    for cluster in graphemes(text):
        used += measure(cluster)
        if used > most:
            break
        kept.append(cluster)
    return "".join(kept)


def cut(text: str, most: int, unit: str = "codepoints") -> str:
    """`text`, or its beginning with `…` so that both together are at most `most` units long."""
    if UNITS[unit](text) <= most:
        return text
    return fitting(text, most - 1, unit).rstrip() + ELLIPSIS if most else ""


def split(text: str, most: int, unit: str = "utf16") -> list[str]:
    """`text` in pieces of at most `most` units.

    Cuts after a paragraph or sentence where there is one in the second half, else at a space, else between
    graphemes; only a grapheme longer than a whole piece is broken, and then between code points.
    """
    pieces = []
    rest = text
    while UNITS[unit](rest) > most:
        piece = _piece(fitting(rest, most, unit)) or _broken(rest, most, unit)
        pieces.append(piece)
        rest = rest[len(piece) :]
    return [p for p in (piece.strip() for piece in [*pieces, rest]) if p] or [text]


def _piece(window: str) -> str:
    """The part of `window` to be sent on its own."""
    least = len(window) // 2
    ends = [m.end() for m in _SENTENCE.finditer(window) if m.end() > least]
    if ends:
        return window[: ends[-1]]
    space = max(window.rfind(" "), window.rfind("\u3000"))
    return window[: space + 1] if space > least else window


def _broken(text: str, most: int, unit: str) -> str:
    """At least one code point, at most `most` units."""
    end = 1
    while end < len(text) and UNITS[unit](text[: end + 1]) <= most:
        end += 1
    return text[:end]
