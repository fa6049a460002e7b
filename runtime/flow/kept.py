"""Files that were read and compiled lately in this process, so that an edit costs only what was edited.

What is kept is found by the whole text it was made of, so it is never old; and it is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from runtime.flow import json_source, source
from runtime.flow.reading import Reading
from runtime.flow.source import Node
from runtime.flow.tree import Flow
from runtime.model import Finding

FILES = 2_048
"""Files kept at most."""

Parsed = tuple[Node | None, tuple[Finding, ...]]
Key = tuple[str, int, tuple[str, ...]]


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


@dataclass(frozen=True, slots=True)
class Made:
    """A compiled flow with what it was made of; `used` as it was before texts were looked up."""

    node: Node
    cards: Mapping[str, Node]
    reading: Reading
    flow: Flow
    used: frozenset[str]


_made: dict[Key, Made] = {}


def compiled(key: Key, node: Node, cards: Mapping[str, Node]) -> tuple[Reading, Flow] | None:
    """What was compiled of the very same nodes: flow's name, order and languages are the key."""
    known = _made.get(key)
    if known is None or known.node is not node or not _same(known.cards, cards):
        return None
    return replace(known.reading, used=set(known.used)), known.flow


def keep(key: Key, node: Node, cards: Mapping[str, Node], reading: Reading, flow: Flow) -> None:
    """Remember what was compiled; of too many, the first goes."""
    _made[key] = Made(node, cards, reading, flow, frozenset(reading.used))
    if len(_made) > FILES:
        del _made[next(iter(_made))]


def _same(one: Mapping[str, Node], other: Mapping[str, Node]) -> bool:
    return one.keys() == other.keys() and all(one[name] is other[name] for name in one)
