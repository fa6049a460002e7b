"""Words as people type them, made comparable; and keywords found in one look-up.

`fold` evens out what nobody means as a difference: full-width and half-width forms, upper and lower case,
hiragana and katakana, invisible characters, and punctuation or emoji around the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")

_KANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_INVISIBLE = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
_TABLE: dict[int, int | None] = {**_KANA, **_INVISIBLE}
_SPACE = re.compile(r"\s+")
_THAI = (
    (re.compile("\u0e40\u0e40"), "\u0e41"),  # two sara e typed for sara ae
    (re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32"), "\\1\u0e4d\u0e32"),  # nikhahit typed before the tone mark
)
_KEPT = frozenset("#@%*&/+$\\_=<>^|")
_EMOJI_PARTS = frozenset(("\ufe0e", "\ufe0f", "\u20e3", "\u200d"))
_LEADING = _KEPT | {"-"}

EXACT, PREFIX, CONTAINS, ANY = 1.0, 0.8, 0.6, 0.1
"""How well a keyword fits; longer prefixes and parts fit a little better than shorter ones."""


def fold(text: str) -> str:
    """The text without the differences that nobody means; never empty for a text with visible signs."""
    if text.isascii():
        plain = _SPACE.sub(" ", text.lower()).strip()
    else:
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
        for pattern, instead in _THAI if max(plain, default="") >= "\u0e00" else ():
            plain = pattern.sub(instead, plain)
        plain = _SPACE.sub(" ", plain).strip()
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


@dataclass(frozen=True, slots=True)
class Hit(Generic[V]):
    """A keyword that fits: what it stands for, how well, and its place among all keywords."""

    value: V
    score: float
    order: int


class KeywordIndex(Generic[V]):
    """Keywords and what they stand for. `word` must be the whole text, `word*` its beginning, `*word*` a part.

    Looking up costs the same however many keywords there are: it depends on the text's length only.
    """

    __slots__ = ("_any", "_exact", "_lengths", "_parts", "_prefixes")

    def __init__(self, pairs: Iterable[tuple[str, V]] = ()) -> None:
        self._exact: dict[str, list[Hit[V]]] = {}
        self._prefixes: dict[str, list[Hit[V]]] = {}
        self._parts: dict[str, list[tuple[str, Hit[V]]]] = {}
        self._any: list[Hit[V]] = []
        for order, (keyword, value) in enumerate(pairs):
            self._add(keyword, value, order)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def _add(self, keyword: str, value: V, order: int) -> None:
        keyword = keyword.strip()
        word = fold(keyword.strip("*")) if keyword.endswith("*") else fold(keyword)
        if not keyword.endswith("*"):
            self._exact.setdefault(word, []).append(Hit(value, EXACT, order))
        elif not word:
            self._any.append(Hit(value, ANY, order))
        elif keyword.startswith("*"):
            hit = Hit(value, _longer(CONTAINS, word), order)
            self._parts.setdefault(word[:2], []).append((word, hit))
        else:
            self._prefixes.setdefault(word, []).append(Hit(value, _longer(PREFIX, word), order))

    def find(self, text: str) -> list[Hit[V]]:
        """Every keyword that fits, in the order they were given; each at most once."""
        word = fold(text)
        if not word:
            return []
        hits = [*self._any, *self._exact.get(word, ())]
        for length in self._lengths:
            if length > len(word):
                break
            hits += self._prefixes.get(word[:length], ())
        if self._parts:
            hits += self._within(word)
        return sorted(hits, key=lambda hit: hit.order) if len(hits) > 1 else hits

    def _within(self, word: str) -> list[Hit[V]]:
        found: dict[int, Hit[V]] = {}
        for at in range(len(word)):
            for size in (1, 2):
                for part, hit in self._parts.get(word[at : at + size], ()) if at + size <= len(word) else ():
                    if word.startswith(part, at):
                        found[hit.order] = hit
        return list(found.values())

    def first(self, text: str) -> V | None:
        """What the first fitting keyword stands for."""
        hits = self.find(text)
        return hits[0].value if hits else None

    def best(self, text: str) -> Hit[V] | None:
        """The keyword that fits best; the earlier of equals."""
        return max(self.find(text), key=lambda hit: (hit.score, -hit.order), default=None)


def _longer(score: float, word: str) -> float:
    return score + min(len(word), 50) / 500
