"""How wide texts are and where they break, without a font at hand: careful estimates for Latin, CJK and Thai."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

NARROW = frozenset("iljtfrI.,:;'|!()[]{}‹›·` ")
WIDE = frozenset("mwMW@%—…")
MONO = 0.61


@lru_cache(maxsize=4096)
def em(letter: str) -> float:
    """The width of a letter in the height of the type."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0 if ord(letter) < 0x1F000 else 1.35
    if letter in NARROW:
        return 0.36
    if letter in WIDE:
        return 0.95
    return 0.7 if letter.isupper() else 0.62


def width(text: str, size: float, *, mono: bool = False) -> float:
    if mono:
        return sum(max(MONO, em(letter)) if em(letter) else 0.0 for letter in text) * size
    return sum(map(em, text)) * size


def wrap(text: str, size: float, room: float, *, most: int = 3, mono: bool = False) -> list[str]:
    """The text in lines that fit; what is beyond the last one is `…`."""
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if line and width((line + piece).rstrip(), size, mono=mono) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while width(line.rstrip(), size, mono=mono) > room:
            head = _fitting(line, size, room, mono)
            lines.append(line[:head])
            line = line[head:]
    lines += [line.rstrip()] if line.strip() else []
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(f"{lines[most - 1]}…", size, room, mono=mono)]


def cut(text: str, size: float, room: float, *, mono: bool = False) -> str:
    """The text in one line, with `…` when it does not fit."""
    if width(text, size, mono=mono) <= room:
        return text
    return text[: _fitting(text, size, room - size * 0.9, mono)].rstrip("… ") + "…"


def _fitting(text: str, size: float, room: float, mono: bool) -> int:
    used = 0.0
    for index, letter in enumerate(text):
        used += width(letter, size, mono=mono)
        if used > room:
            return max(index, 1)
    return len(text)


def pieces(text: str) -> Iterator[str]:
    """Parts that a line may be broken between: words with their space, each letter of scripts without spaces."""
    piece = ""
    for letter in text:
        if _alone(letter) and piece and unicodedata.category(letter) not in ("Mn", "Po", "Pe", "Pf", "Lm"):
            yield piece
            piece = ""
        piece += letter
        if letter == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _alone(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF" or "\u0e00" <= letter <= "\u0e2e"
