"""The table of message rules, and the shapes of objects that follow from it.

A rule stands `on` shapes (kinds of JSON object, such as `message.text` or `flex.box`) `at` their properties.
An action has rules of its own and rules of the place it stands in: `action.message@quickReply`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

FILE = Path(__file__).resolve().parent.parent / "rules.json"
FAMILIES = frozenset({"request", "message", "action", "imagemap.action"})
"""Shapes whose rules hold for every kind of them."""
STRUCTURE = frozenset({"required", "type", "nonempty", "children", "discriminator", "keys", "check", "bytes"})
"""Kinds of rule that are more than a condition on one value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One row; the table holds each once, so they are compared by identity.

    `answer` maps a style (request, template, flex, …) or `any` to LINE's text and how sure it is.
    """

    id: str
    on: tuple[str, ...]
    at: tuple[str, ...]
    kind: str
    limit: Any = None
    unit: str = ""
    answer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tier: str = ""
    severity: Literal["error", "warning"] = "error"
    style: str = ""
    report: str = ""
    of: str = ""
    place: str = ""
    holds: str = ""
    when: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""
    repair: str = ""
    fix: str = ""
    since: str = ""
    url: str = ""

    @property
    def most(self) -> Any:
        """The limit as one value, for reports."""
        low_high = self.kind in ("length", "size", "range")
        return (self.limit[1] if self.limit[1] is not None else self.limit[0]) if low_high else self.limit


@dataclass(frozen=True, slots=True, eq=False)
class Prop:
    """All rules for one property of a shape, by what they need."""

    name: str
    type: Rule | None
    required: Rule | None
    empty: Rule | None
    rules: tuple[Rule, ...]
    items: tuple[Rule, ...]
    children: tuple[Rule, ...]
    sizes: tuple[Rule, ...]
    checks: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A kind of JSON object: its properties, its closed list of keys (if any), its cross-field checks."""

    name: str
    style: str
    props: Mapping[str, Prop]
    required: tuple[Prop, ...]
    keys: Rule | None
    known: frozenset[str]
    checks: tuple[Rule, ...]


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(**{**row, "on": tuple(row["on"]), "at": tuple(row["at"])})


@cache
def _file() -> Mapping[str, Any]:
    return cast(Mapping[str, Any], json.loads(FILE.read_text("utf-8")))


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the table."""
    return {row["id"]: _rule(row) for row in _file()["rules"]}


@cache
def says(rule: Rule, style: str) -> tuple[str, str]:
    """LINE's text for `rule` where objects are answered in `style`, with its confidence."""
    own = rule.answer.get(style) or rule.answer.get("any") or {}
    common = _file()["answers"].get(rule.kind, {})
    base = style if style in ("template", "flex") else "request"
    return own.get("says", common.get(base, "invalid property")), own.get("sure", "guess")


def _families(name: str) -> list[str]:
    parts = name.split(".")
    above = (".".join(parts[:n]) for n in range(1, len(parts)))
    return [*(p for p in above if p in FAMILIES), name]


def _places(place: str) -> list[str]:
    parts = place.split(".") if place else []
    return ["", *("@" + ".".join(parts[: n + 1]) for n in range(len(parts)))]


def style_of(name: str) -> str:
    """How LINE answers about objects of this shape: `request`, `template` or `flex`."""
    base, _, place = name.partition("@")
    if base.startswith("flex.") or place.startswith("flex"):
        return "flex"
    return "template" if base.startswith("template.") or place in ("template", "default", "picture") else "request"


def names_of(name: str) -> frozenset[str]:
    """All names under which rules may stand for a shape: its own, its family's, each with and without its place."""
    base, _, place = name.partition("@")
    return frozenset(family + spot for family in _families(base) for spot in _places(place))


@cache
def shape(name: str) -> Shape:
    """The shape of that name, such as `flex.box` or `action.uri@template`."""
    names = names_of(name)
    own = [rule for rule in rules().values() if names.intersection(rule.on)]
    keys = next((r for r in own if r.kind == "keys"), None)
    at = dict.fromkeys(p.removesuffix("[]") for r in own for p in r.at if p)
    props = {key: _prop(key, own) for key in at if keys is None or key in keys.limit}
    required = tuple(prop for prop in props.values() if prop.required)
    checks = tuple(r for r in own if r.kind == "check" and "" in r.at)
    return Shape(name, style_of(name), props, required, keys, frozenset(keys.limit if keys else ()), checks)


def _prop(name: str, own: Iterable[Rule]) -> Prop:
    here = [r for r in own if name in r.at]
    return Prop(
        name,
        next((r for r in here if r.kind == "type"), None),
        next((r for r in here if r.kind == "required"), None),
        next((r for r in here if r.kind == "nonempty"), None),
        tuple(r for r in here if r.kind not in STRUCTURE),
        tuple(r for r in own if name + "[]" in r.at),
        tuple(r for r in here if r.kind == "children"),
        tuple(r for r in here if r.kind == "bytes"),
        tuple(r for r in here if r.kind == "check"),
    )


def child(rule: Rule, kind: str) -> str:
    """The name of the shape that an object of type `kind` has under a `children` rule."""
    return f"{rule.of}.{kind}" + (f"@{rule.place}" if rule.place else "")


def applies(rule: Rule, node: Mapping[str, Any]) -> bool:
    """Whether a rule with a condition (`when`) holds for this object."""
    return all(_held(how, what, node) for how, what in rule.when.items())


def _held(how: str, what: Any, node: Mapping[str, Any]) -> bool:
    if how == "any":
        return any(node.get(key) for key in what)
    return bool(node.get(what[0]) == what[1]) is (how == "is")
