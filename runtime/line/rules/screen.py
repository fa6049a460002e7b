"""The screen: the same rules as the explainer, compiled to functions that only say good or maybe bad.

Each shape of the table becomes one Python function, written by `runtime.line.rules.source`, so that a good
message costs one walk over its values. A value that such a function cannot handle raises, which also means
"maybe bad".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from runtime.line.rules.checks import CHECKS, Where
from runtime.line.rules.kinds import Good
from runtime.line.rules.sizes import encode, over
from runtime.line.rules.source import Names, closed, made, open_
from runtime.line.rules.table import Rule, applies, child, rules, shape
from runtime.line.rules.units import utf16

ODD = (KeyError, TypeError, AttributeError, ValueError, RecursionError, OverflowError)
"""What a screen may raise on a body that is not as it should be."""
ANYWHERE = Where()


Kinds: TypeAlias = dict[Any, Good]


def kinds(rule: Rule, where: Where) -> Kinds:
    """Screens of objects by their `type`, each compiled at its first use; an unknown type raises KeyError."""
    known: Kinds = {}
    for kind in rule.limit:
        known[kind] = _late(known, kind, child(rule, kind), where)
    return known


def _late(known: Kinds, kind: str, name: str, where: Where) -> Good:
    def first(node: Any) -> bool:
        known[kind] = screen = compiled(name, where)
        return screen(node)

    return first


def _heavy(sizes: Sequence[Rule], where: Where) -> Callable[[Any], bool]:
    """Whether a Flex message is too large or too lively; looked at closely only beyond the lowest limit."""
    least = min(limit for rule in sizes for limit in rule.limit.values())
    animated = CHECKS["animated_count"]
    inner = [rule for prop in shape("flex.carousel").props.values() for rule in prop.sizes]

    def heavy(node: Any) -> bool:
        contents = node["contents"]
        raw = encode(contents)
        if raw.count(b'"animated":true') > 10 and animated(node, where):
            return True
        return len(raw) > least and _too_large(contents, sizes, inner)

    return heavy


def _too_large(contents: Mapping[str, Any], sizes: Sequence[Rule], inner: Sequence[Rule]) -> bool:
    bubbles = contents["contents"] if contents["type"] == "carousel" else []
    found = [(rule, contents) for rule in sizes] + [(rule, bubbles) for rule in inner]
    return any(next(over(rule.limit, value), None) for rule, value in found)


@cache
def compiled(name: str, where: Where = ANYWHERE) -> Good:
    """The screen for objects of a shape. Only messages depend on where they go."""
    kind = shape(name)
    here = where if name.startswith(("message.", "request")) else ANYWHERE
    names: Names = {
        "where": here,
        "utf16": utf16,
        "applies": applies,
        "kinds": lambda rule: kinds(rule, here),
        "shaped": lambda of: compiled(of, here),
    }
    sizes = [rule for prop in kind.props.values() for rule in prop.sizes]
    if sizes and name == "message.flex":
        names["heavy"] = _heavy(sizes, here)
    return made((closed if kind.keys else open_)(kind, names), names)


@cache
def by_type(via: str, to: str) -> Kinds:
    """The screens of messages on their way there, by message type; an unknown type raises KeyError."""
    return kinds(rules()["req.type.known"], Where(via, to))


def passes(node: Any, name: str, where: Where) -> bool:
    """Whether an object of the shape `name` breaks no rule at all, as far as a fast look can tell."""
    try:
        return compiled(name, where)(node)
    except ODD:
        return False
