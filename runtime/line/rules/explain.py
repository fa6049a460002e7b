"""The explainer: every rule that a body breaks, in document order, with the path to it.

It goes through nested objects with a stack of its own, so no depth of nesting can stop it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from runtime.line.rules.checks import CHECKS, Path, Where
from runtime.line.rules.kinds import amount, condition
from runtime.line.rules.sizes import over
from runtime.line.rules.table import Prop, Rule, Shape, applies, child, rules, shape

STAGES = {"types": 0, "request": 1, "template": 2, "flex": 2, "text": 2, "account": 3}


@dataclass(frozen=True, slots=True)
class Found:
    """One broken rule. `at` is the value that breaks it, `path` where LINE reports it (from the body's root)."""

    rule: Rule
    path: Path
    style: str
    at: Path
    actual: Any = None

    @property
    def stage(self) -> int:
        """0 types, 1 whole request, 2 one message in depth, 3 account."""
        return STAGES[self.style]


Step: TypeAlias = "Found | Iterator[Step]"

condition_of = cache(condition)


def _style(rule: Rule, style: str) -> str:
    if rule.style:
        return rule.style
    return "types" if rule.kind == "type" and style != "flex" else style


def _found(rule: Rule, style: str, path: Path, actual: Any) -> Found:
    spots = {"type": (*path, "type"), "parent": path[:-1]}
    return Found(rule, spots.get(rule.report, path), _style(rule, style), path, actual)


def explain(body: Any, name: str, where: Where, path: Path = ()) -> list[Found]:
    """All that is wrong with `body`, an object of the shape `name`."""
    found: list[Found] = []
    stack: list[Iterator[Step]] = [_object(body, shape(name), path, where)]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
        elif isinstance(step, Found):
            found.append(step)
        else:
            stack.append(step)
    return found


def _object(node: Any, kind: Shape, path: Path, where: Where) -> Iterator[Step]:
    yield from _whole(node, kind, path, where)
    for key in _order(node, kind):
        if node.get(key) is not None:
            prop, spot = kind.props[key], (*path, key)
            found = _value(node, prop, kind.style, spot, where)
            yield from found
            if _nested(prop) and not (found and found[0].rule in (prop.type, prop.empty)):
                yield _inside(node, prop, kind.style, spot, where)


def _whole(node: Any, kind: Shape, path: Path, where: Where) -> list[Found]:
    """Keys nobody knows, values that do not go together, properties that are missing."""
    found = []
    if kind.keys and not kind.known.issuperset(node):
        found = [_found(kind.keys, kind.style, (*path, key), key) for key in node if key not in kind.known]
    for rule in kind.checks:
        for below, actual in CHECKS[rule.limit](node, where) if applies(rule, node) else ():
            found.append(_found(rule, kind.style, (*path, *below), actual))
    for prop in kind.required:
        if prop.required and node.get(prop.name) is None:
            found.append(_found(prop.required, kind.style, (*path, prop.name), None))
    return found


def _nested(prop: Prop) -> bool:
    return bool(prop.children or prop.items or (prop.type and prop.type.of))


def _order(node: Any, kind: Shape) -> Iterable[str]:
    """Properties in the order in which LINE reports them: by declaration in a request, else as they are written."""
    return kind.props if kind.style == "request" else [key for key in node if key in kind.props]


def _value(node: Any, prop: Prop, style: str, path: Path, where: Where) -> list[Found]:
    """What is wrong with the value itself; only its type or its emptiness where that is wrong."""
    value = node[prop.name]
    for rule in (prop.type, prop.empty):
        if rule and not condition_of(rule)(value):
            return [_found(rule, style, path, amount(rule, value))]
    broken = [rule for rule in prop.rules if not condition_of(rule)(value) and applies(rule, node)]
    found = [_found(rule, style, path, amount(rule, value)) for rule in broken]
    for rule in prop.sizes:
        found += [_found(rule, style, (*path, *spot), bytes_) for spot, bytes_ in over(rule.limit, value)]
    for rule in prop.checks:
        hits = CHECKS[rule.limit](value, where)
        found += [_found(rule, style, (*path, *below), actual) for below, actual in hits]
    return found


def _inside(node: Any, prop: Prop, style: str, path: Path, where: Where) -> Iterator[Step]:
    value = node[prop.name]
    for rule in prop.items:
        for i, item in enumerate(value):
            if not isinstance(item, str) or not condition_of(rule)(item):
                yield _found(rule, style, (*path, i), amount(rule, item))
    if prop.type and prop.type.of:
        yield _shaped(prop.type, value, style, path, where)
    for rule in prop.children:
        if applies(rule, node):
            for spot, item in _members(rule.holds, value):
                yield _child(rule, prop, item, style, (*path, *spot), where)


def _members(holds: str, value: Any) -> Iterable[tuple[Path, Any]]:
    if holds == "list":
        return [((i,), item) for i, item in enumerate(value)]
    return [((key,), item) for key, item in value.items()] if holds == "map" else [((), value)]


def _shaped(rule: Rule, value: Any, style: str, path: Path, where: Where) -> Iterator[Step]:
    """Objects of one shape, below a `type` rule."""
    for spot, item in _members("list" if rule.limit == "list" else "one", value):
        if isinstance(item, dict):
            yield _object(item, shape(rule.of), (*path, *spot), where)
        else:
            yield _found(rule, style, (*path, *spot), amount(rule, item))


def _child(rule: Rule, prop: Prop, item: Any, style: str, path: Path, where: Where) -> Iterator[Step]:
    """An object whose shape is told by its `type`, below a `children` rule."""
    if not isinstance(item, dict):
        yield _found(prop.type or rule, style, path, amount(rule, item))
    elif item.get("type") is None:
        yield _found(rules()[rule.missing], style, path, None)
    elif not isinstance(item["type"], str) or item["type"] not in rule.limit:
        yield _found(rule, style, path, amount(rule, item["type"]))
    else:
        yield _object(item, shape(child(rule, item["type"])), path, where)
