"""Files that were read and compiled lately in this process, so that an edit costs only what was edited.

What is kept is found by the whole text it was made of, so it is never old; and it is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

from runtime.flow import json_source, source, texts
from runtime.flow.reading import Reading
from runtime.flow.source import Node
from runtime.flow.tree import Flow
from runtime.model import Finding

FILES = 2_048
"""Files kept at most."""

T = TypeVar("T")
Parsed = tuple[Node | None, tuple[Finding, ...]]
Key = tuple[str, str, tuple[str, ...]]


@lru_cache(maxsize=FILES)
def parsed(text: str, path: str) -> Parsed:
    """The nodes of a flow file."""
    node, findings = source.parse(text, path)
    return node, tuple(findings)


@lru_cache(maxsize=FILES)
def parsed_card(text: str, path: str) -> Parsed:
    """The nodes of a card."""
    node, findings = json_source.parse(text, path)
    return node, tuple(findings)


class Shelf:
    """What was worked out of one compiled flow, each thing with all that it was worked out from beside the flow.

    Of each name the last is kept. `same` are values that must be the very same objects for it to be true still,
    `equal` one that must be equal.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[object, ...], object, Any]] = {}

    def get(self, name: str, work: Callable[[], T], *, same: tuple[object, ...] = (), equal: object = None) -> T:
        """What is kept under this name, worked out anew when something it came from is another."""
        known = self._known.get(name)
        if known is None or known[1] != equal or not _each_same(known[0], same):
            known = self._known[name] = (same, equal, work())
        return cast(T, known[2])

    def find(self, name: str) -> Any:
        """What is kept under this name, whoever knows that it is still true; None when there is nothing."""
        known = self._known.get(name)
        return None if known is None else known[2]

    def put(self, name: str, made: object) -> None:
        self._known[name] = ((), None, made)


def _each_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


@dataclass(frozen=True, slots=True)
class Made:
    """A compiled flow with what it was made of; `used` as it was before texts were looked up."""

    node: Node
    cards: Mapping[str, Node]
    reading: Reading
    flow: Flow
    used: frozenset[str]
    shelf: Shelf = field(default_factory=Shelf)


_made: dict[Key, Made] = {}


def compiled(key: Key, order: int, node: Node, cards: Mapping[str, Node]) -> tuple[Reading, Flow, Shelf] | None:
    """What was compiled of the very same nodes: file, flow's name and languages are the key."""
    known = _made.get(key)
    if known is None or known.node is not node or not _same(known.cards, cards):
        return None
    flow = known.flow if known.flow.order == order else replace(known.flow, order=order)
    return replace(known.reading, used=set(known.used)), flow, known.shelf


def keep(key: Key, node: Node, cards: Mapping[str, Node], reading: Reading, flow: Flow) -> Shelf:
    """Remember what was compiled; of too many, the first goes."""
    made = Made(node, cards, reading, flow, frozenset(reading.used))
    _made[key] = made
    if len(_made) > FILES:
        names = list(_made)  # several threads may be here, so nothing is walked over
        _made.pop(names[0], None)
    return made.shelf


def _same(one: Mapping[str, Node], other: Mapping[str, Node]) -> bool:
    return one is other or (one.keys() == other.keys() and all(one[name] is other[name] for name in one))


def forget() -> None:
    """Forget everything: what comes next is read and judged as in a new process."""
    parsed.cache_clear()
    parsed_card.cache_clear()
    texts.variants.cache_clear()
    _made.clear()
