"""Positions in a text that LINE counts in UTF-16 code units, also as Python indexes.

https://developers.line.biz/en/docs/messaging-api/text-character-count/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def placed(text: str, items: Sequence[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """Each object of LINE's list with the texts in `names` (ours: LINE's), its `index` and `length` in UTF-16
    units as LINE gives them, and `start` and `end`, so that `text[start:end]` is the piece meant.

    An item whose position is odd or outside the text has neither start nor end.
    """
    offsets = None if len(text) == _units(text) else _offsets(text)
    found = []
    for item in items:
        if not isinstance(item, dict):
            continue
        place = {ours: item[theirs] for ours, theirs in names.items() if isinstance(item.get(theirs), str)}
        index, length = item.get("index"), item.get("length")
        if type(index) is int and type(length) is int and 0 <= index < 2**31 and 0 <= length < 2**31:
            place |= {"index": index, "length": length}
            place |= _slice(index, index + length, len(text), offsets)
        found.append(place)
    return found


def spans(text: str, places: Sequence[dict[str, Any]]) -> str:
    """The text without the given places, its ends trimmed."""
    pieces, done = [], 0
    for place in sorted((p for p in places if "start" in p), key=lambda p: int(p["start"])):
        pieces.append(text[done : place["start"]])
        done = max(done, place["end"])
    pieces.append(text[done:])
    return " ".join(piece.strip() for piece in pieces if piece.strip())


def _slice(start: int, end: int, size: int, offsets: list[int] | None) -> dict[str, int]:
    if offsets is None:
        return {"start": start, "end": end} if end <= size else {}
    return {"start": offsets[start], "end": offsets[end]} if end < len(offsets) else {}


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _offsets(text: str) -> list[int]:
    """The Python index at each UTF-16 position; inside a pair that of its character."""
    offsets = []
    for index, character in enumerate(text):
        offsets += [index, index] if character > "\uffff" else [index]
    return [*offsets, len(text)]
