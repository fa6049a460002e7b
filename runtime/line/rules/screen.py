"""The screen: the same rules as the explainer, compiled to functions that only say good or maybe bad.

Each shape of the table becomes one Python function, written by `runtime.line.rules.source`, so that a good
message costs one walk over its values. A value that such a function cannot handle raises, which also means
"maybe bad".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any, TypeAlias

from runtime.line.rules.checks import CHECKS, Where
from runtime.line.rules.kinds import Good
from runtime.line.rules.sizes import encode, over
from runtime.line.rules.source import KEYED, Names, closed, fixed, made, open_, row
from runtime.line.rules.table import Rule, Shape, applies, child, rules, shape
from runtime.text import utf16

ODD = (KeyError, TypeError, AttributeError, ValueError, RecursionError, OverflowError)
"""What a screen may raise on a body that is not as it should be."""
BEYOND = (RecursionError, UnicodeEncodeError, OverflowError)
"""What it raises on a body that may be in order, but nested or written as it cannot handle."""
ANYWHERE = Where()


SIGNATURES = 256  # sets of keys of one kind that get a function of their own

Keys: TypeAlias = tuple[str, ...]


class Union(dict[Keys, Good]):
    """Screens of objects told apart by `type`, by the tuple of keys.

    Most sets of keys belong to one type only: the function for them begins by asking whether it is the one.
    """

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.names = {kind: child(rule, kind) for kind in rule.limit}
        self.met: dict[Keys, dict[Any, Good]] = {}

    def __missing__(self, keys: Keys) -> Good:
        return partial(self.first, keys)

    def first(self, keys: Keys, node: Any) -> bool:
        """Judge an object of a type not yet met with these keys. An unknown type raises KeyError."""
        kind = node["type"]
        name = self.names[kind]
        if len(self) >= SIGNATURES:
            return compiled(name)(node)
        others = self.met.setdefault(keys, {})
        screen = specialised(name, keys, kind, partial(self.first, keys))
        others[kind] = screen or compiled(name)
        self[keys] = screen if screen and len(others) == 1 else partial(_by_type, others, partial(self.first, keys))
        return others[kind](node)


class Rows(dict[tuple[int, ...], Good]):
    """Screens of short lists of such objects, by the number of keys that each has.

    What stands first with so many keys is expected to come again, as in the rows of a menu.
    """

    def __init__(self, union: Union) -> None:
        super().__init__()
        self.union = union

    def __missing__(self, sizes: tuple[int, ...]) -> Good:
        return partial(self.first, sizes)

    def first(self, sizes: tuple[int, ...], nodes: Any) -> bool:
        """Judge a list with numbers of keys that were not met before."""
        members = [(shape(self.union.names[node["type"]]), tuple(node), node["type"]) for node in nodes]
        if not members or len(self) >= SIGNATURES or not all(_whole(of, keys) for of, keys, _ in members):
            return self.each(nodes)
        general = [compiled(of.name).__globals__ for of, _, _ in members]
        names = {**general[0], "other": self.each}
        self[sizes] = screen = made(row([(*m, g) for m, g in zip(members, general, strict=True)], names), names)
        return screen(nodes)

    def each(self, nodes: Any) -> bool:
        return all(self.union[tuple(node)](node) for node in nodes)


def _whole(of: Shape, keys: Keys) -> bool:
    """Whether an object has all keys that it needs and none that it may not have."""
    return of.known.issuperset(keys) and all(prop.name in keys for prop in of.required)


@cache
def rows(rule: Rule) -> Rows:
    """Screens of short lists of objects told apart by their `type`."""
    found = kinds(rule, ANYWHERE)
    assert isinstance(found, Union)
    return Rows(found)


def _by_type(screens: Mapping[Any, Good], first: Good, node: Any) -> bool:
    return screens.get(node["type"], first)(node)


def specialised(name: str, keys: Keys, kind: str, other: Good) -> Good | None:
    """The screen for objects of the type `kind` with exactly these keys; all others are for `other`.

    None where the keys are not all known.
    """
    of = shape(name)
    if not of.known.issuperset(keys):
        return None
    names = {**compiled(name).__globals__, "other": other}
    return made(fixed(of, keys, names, kind), names)


Kinds: TypeAlias = dict[Any, Good]


@cache
def kinds(rule: Rule, where: Where) -> Kinds | Union:
    """Screens of objects by their `type`, each compiled at its first use, or by their keys where those are known."""
    if rule.of in KEYED:
        return Union(rule)
    known: Kinds = {}
    for kind in rule.limit:
        known[kind] = _late(known, kind, child(rule, kind), where)
    return known


def _late(known: Kinds, kind: str, name: str, where: Where) -> Good:
    def first(node: Any) -> bool:
        known[kind] = screen = compiled(name, where)
        return screen(node)

    return first


class Known(dict[bytes, None]):
    """Flex containers found good before, as JSON: the same bytes are good again. The oldest go first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.held = 0

    def add(self, raw: bytes) -> None:
        if raw in self or len(raw) * 16 > self.most:
            return
        self[raw] = None
        self.held += len(raw)
        while self.held > self.most:
            oldest = next(iter(self))
            self.held -= len(oldest)
            self.pop(oldest, None)


KNOWN = Known(4 * 1024 * 1024)


def _heavy(contents: Any, raw: bytes, where: Where) -> bool:
    """Whether a Flex container is too large or too lively; looked at closely only beyond the lowest limit."""
    sizes = shape("message.flex").props["contents"].sizes
    if raw.count(b'"animated":true') > 10 and CHECKS["animated_count"]({"contents": contents}, where):
        return True
    if len(raw) <= min(limit for rule in sizes for limit in rule.limit.values()):
        return False
    bubbles = contents["contents"] if contents["type"] == "carousel" else []
    inner = shape("flex.carousel").props["contents"].sizes
    found = [(rule, contents) for rule in sizes] + [(rule, bubbles) for rule in inner]
    return any(next(over(rule.limit, value), None) for rule, value in found)


def _flex(where: Where) -> Good:
    """Flex messages: the container by its bytes where it is known, else by going through it."""
    kind = shape("message.flex")
    contents_ = kind.props["contents"]
    inside = kinds(contents_.children[0], where)
    rest = _made(replace(kind, props={k: p for k, p in kind.props.items() if k != "contents"}), where)

    def screen(node: Any) -> bool:
        contents = node["contents"]
        raw = encode(contents)
        if raw not in KNOWN:
            if not inside[tuple(contents)](contents) or _heavy(contents, raw, where):
                return False
            KNOWN.add(raw)
        return rest(node)

    return screen


def _made(kind: Shape, where: Where) -> Good:
    names: Names = {
        "where": where,
        "utf16": utf16,
        "applies": applies,
        "kinds": lambda rule: kinds(rule, where),
        "rows": rows,
        "shaped": lambda of: compiled(of, where),
    }
    return made((closed if kind.keys else open_)(kind, names), names)


@cache
def compiled(name: str, where: Where = ANYWHERE) -> Good:
    """The screen for objects of a shape. Only messages depend on where they go."""
    if name == "message.flex":
        return _flex(where)
    return _made(shape(name), where if name.startswith(("message.", "request")) else ANYWHERE)


@cache
def by_type(via: str, to: str) -> Kinds | Union:
    """The screens of messages on their way there, by message type; an unknown type raises KeyError."""
    return kinds(rules()["req.type.known"], Where(via, to))


def passes(node: Any, name: str, where: Where) -> bool:
    """Whether an object of the shape `name` breaks no rule at all, as far as a fast look can tell."""
    try:
        return compiled(name, where)(node)
    except ODD:
        return False
