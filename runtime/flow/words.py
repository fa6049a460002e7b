"""Keywords found in one look-up, however people type them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from runtime.text import fold

V = TypeVar("V")

EXACT, PREFIX, CONTAINS, ANY = 1.0, 0.8, 0.6, 0.1
"""How well a keyword fits; longer prefixes and parts fit a little better than shorter ones."""


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
