"""Bodies that keep every rule, and ways to change one place of them; for the tests of the message rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.line.rules.checks import Where
from runtime.line.rules.explain import explain
from runtime.line.rules.screen import passes
from runtime.line.rules.table import Rule, applies, child, names_of, rules, shape

DATA = Path(__file__).resolve().parents[2] / "data" / "rules"
GOOD: list[dict[str, Any]] = json.loads((DATA / "good.json").read_text("utf-8"))
GONE = object()
"""A value that means: take the property away."""


@dataclass(frozen=True)
class Spot:
    """An object of a known shape inside a good body."""

    case: int
    shape: str
    path: tuple[str | int, ...]

    @property
    def root(self) -> str:
        return str(GOOD[self.case]["root"])

    @property
    def where(self) -> Where:
        return Where("reply", GOOD[self.case].get("to", "user"))

    def node(self, body: Any) -> Any:
        for key in self.path:
            body = body[key]
        return body

    def changed(self, patch: Mapping[str, Any]) -> Any:
        """A copy of the body with properties of this object set, or taken away (`GONE`)."""
        body = copy.deepcopy(GOOD[self.case]["body"])
        node = self.node(body)
        for key, value in patch.items():
            node.pop(key, None)
            if value is not GONE:
                node[key] = copy.deepcopy(value)
        return body

    def broken(self, body: Any) -> set[str]:
        """Ids of the rules that the body breaks; the screen must agree that there are some, or none."""
        found = {f.rule.id for f in explain(body, self.root, self.where)}
        assert passes(body, self.root, self.where) is not bool(found), (self, found)
        return found


def _walk(node: Any, name: str, path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield name, path
    for prop in shape(name).props.values():
        value = node.get(prop.name)
        if value is None:
            continue
        if prop.type and prop.type.of:
            items = enumerate(value) if prop.type.limit == "list" else [(None, value)]
            for key, item in items:
                yield from _walk(item, prop.type.of, (*path, prop.name, *(() if key is None else (key,))))
        for rule in prop.children:
            if applies(rule, node):
                for key, item in _members(rule, value):
                    spot = (*path, prop.name, *(() if key is None else (key,)))
                    yield from _walk(item, child(rule, item["type"]), spot)


def _members(rule: Rule, value: Any) -> list[tuple[Any, Any]]:
    if rule.holds == "one":
        return [(None, value)]
    return list(enumerate(value)) if rule.holds == "list" else list(value.items())


def spots() -> list[Spot]:
    """Every object of every good body."""
    return [Spot(n, name, path) for n, case in enumerate(GOOD) for name, path in _walk(case["body"], case["root"], ())]


SPOTS = spots()


def spots_of(rule: Rule) -> list[Spot]:
    """Objects on which the rule stands, one for each shape."""
    found: dict[str, Spot] = {}
    for spot in SPOTS:
        if names_of(spot.shape).intersection(rule.on):
            found.setdefault(spot.shape, spot)
    return list(found.values())


ALL = list(rules().values())
