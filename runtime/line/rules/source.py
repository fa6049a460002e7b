"""Python source for the screens, written from the table.

An object that may have keys we do not know is asked for each property that has rules; one with a closed list
of keys is gone through key by key. Values that are short strings (sizes, colours, links) are judged once and
then remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias, cast

from runtime.line.rules.checks import CHECKS
from runtime.line.rules.kinds import Good, condition
from runtime.line.rules.table import Prop, Rule, Shape

_GET, _V = re.compile(r"get\('(\w+)'\)"), re.compile(r"\bv\b")
MEMO, SHORT = 1024, 300  # remembered good values of one property, and how long they may be
CLASSES = {"string": "str", "list": "list", "object": "dict", "map": "dict", "boolean": "bool"}
NO = "return False"

Names: TypeAlias = dict[str, Any]

GUARDS = {
    "no_text": "get('text') is None",
    "one_text": "get('text') is not None",
    "fill_needs_keyboard": "get('fillInText') is not None",
    "emoji_index": "get('emojis') is not None",
    "emoji_twice": "get('emojis') is not None",
}
"""Where a check can only fail when this holds, so that most objects are spared the call."""

EACH = {"baseline_gravity": "gravity", "baseline_offset": "offsetBottom"}
"""Checks of children (in `v`, which are objects) that can only fail where a child has this key."""

KEYED = frozenset({"flex"})
"""Families whose objects all have a closed list of keys: these have a function for each set of keys that is met."""

COUNTED = frozenset({"animated_count"})
"""Checks that are made together with the count of bytes."""


def made(source: str, names: Names) -> Good:
    """The function `screen` of a source text of ours."""
    exec(source, names)  # names come from our own table only
    screen: Good = names["screen"]
    return screen


def _name(names: Names, value: Any) -> str:
    name = f"x{len(names)}"
    names[name] = value
    return name


def _leaves(prop: Prop) -> list[Rule]:
    return [*filter(None, (prop.empty,)), *(rule for rule in prop.rules if not rule.when)]


def _plain(rule: Rule, limit: str) -> str:
    """The condition as an expression over `v`, of a known type; nothing where it needs a function."""
    if rule.kind == "range" and limit in ("integer", "number"):
        low, high = rule.limit
        return " and ".join([f"v >= {low}"] * (low is not None) + [f"v <= {high}"] * (high is not None))
    return _words(rule) if limit == "string" else ""


def _words(rule: Rule) -> str:
    if rule.kind == "nonempty":
        return "v"
    if rule.kind == "nonblank":
        return "not v.isspace()"
    if rule.kind != "length" or rule.unit == "bytes":
        return ""
    low, high = rule.limit
    least = f"len(v) >= {low} and " if low else ""
    rest = f"len(v) <= {high}" if rule.unit == "codepoints" else f"(len(v) <= {high // 2} or utf16(v) <= {high})"
    return least + rest


class Memo:
    """One property's values that were found good before. `seen` is what the screen looks into first."""

    __slots__ = ("goods", "seen")

    def __init__(self, goods: list[Good]) -> None:
        self.goods = goods
        self.seen: set[Any] = set()

    def __call__(self, value: Any) -> bool:
        for good in self.goods:
            if not good(value):
                return False
        if isinstance(value, str) and len(value) <= SHORT:
            if len(self.seen) >= MEMO:
                self.seen.clear()
            self.seen.add(value)
        return True


def _values(prop: Prop, names: Names) -> Iterator[str]:
    """Tests of the value itself, `v`, which is there."""
    limit = prop.type.limit if prop.type else ""
    if limit in CLASSES:
        yield f"v.__class__ is {CLASSES[limit]}"
    elif prop.type:
        yield f"(v.__class__ is int or {_name(names, condition(prop.type))}(v))"
    closer = []
    for rule in _leaves(prop):
        text = _plain(rule, limit)
        if text:
            yield text
        else:
            closer.append(condition(rule))
    if closer and limit in ("", "string"):
        memo = Memo(closer)
        yield f"(v in {_name(names, memo.seen)} or {_name(names, memo)}(v))"
    else:
        yield from (f"{_name(names, good)}(v)" for good in closer)


def _inside(prop: Prop, names: Names) -> Iterator[str]:
    """Tests of the objects within the value, as statements."""
    for rule in prop.items:
        test = f"i.__class__ is str and {_name(names, condition(rule))}(i)"
        yield f"for i in v:\n    if not ({test}): {NO}"
    if prop.type and prop.type.of:
        screen = _name(names, names["shaped"](prop.type.of))
        many = prop.type.limit == "list"
        yield f"for i in v:\n    if not {screen}(i): {NO}" if many else f"if not {screen}(v): {NO}"
    yield from (_members(rule, names) for rule in prop.children if not rule.when)
    yield from (f"if {_name(names, CHECKS[rule.limit])}(v, where): {NO}" for rule in prop.checks)


def _members(rule: Rule, names: Names) -> str:
    kinds = _name(names, names["kinds"](rule))
    item = "v" if rule.holds == "one" else "i"
    keyed = f"[tuple({item})]" if rule.of in KEYED else ""
    test = f"if not {kinds}[{item}['type']]{keyed}({item}): {NO}"
    if rule.holds == "one":
        return test
    return f"for i in v{'.values()' if rule.holds == 'map' else ''}:\n    {test}"


def _indent(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


def _tests(prop: Prop, names: Names) -> str:
    """Everything about a value that is there."""
    values = " and ".join(_values(prop, names))
    lines = [f"if not ({values}): {NO}"] if values else []
    return "\n".join([*lines, *_inside(prop, names)])


def open_(kind: Shape, names: Names) -> str:
    """For objects that may have any other key."""
    lines = ["def screen(node):", "    get = node.get"]
    for prop in kind.props.values():
        lines.append(f"    v = get({prop.name!r})")
        if prop.required:
            lines.append(f"    if v is None: {NO}")
            lines.append(_indent(_tests(prop, names), 4))
        elif tests := _tests(prop, names):
            lines += ["    if v is not None:", _indent(tests, 8)]
    return "\n".join([*filter(None, lines), *_last(kind, names)])


def _function(prop: Prop, names: Names) -> Good:
    """The screen of one property's value, as a function of its own."""
    absent = "return False" if prop.required else "return True"
    body = _indent(_tests(prop, names), 4)
    lines = ["def screen(v):", f"    if v is None: {absent}", body, "    return True"]
    return made("\n".join(filter(None, lines)), names)


def _values_of_keys(kind: Shape, names: Names) -> None:
    """Into `names`: by key, the values known to be good (`seen`) and the function for all others (`closer`)."""
    seen: dict[str, Any] = {}
    closer: dict[str, Good] = {}
    for key in kind.keys.limit if kind.keys else ():
        prop = kind.props.get(key)
        seen[key], closer[key] = _remembered(prop, names) if prop else ((), lambda value: True)
    if "type" in seen and "type" not in kind.props:
        seen["type"] = frozenset({kind.name.rpartition(".")[2]})  # looked at before, to choose this function
    names["seen"], names["closer"] = seen, closer


def closed(kind: Shape, names: Names) -> str:
    """For objects with a closed list of keys: any other key raises KeyError."""
    _values_of_keys(kind, names)
    lines = ["def screen(node):", "    get = node.get", "    for k, v in node.items():"]
    lines.append(f"        if v not in seen[k] and not closer[k](v): {NO}")
    needed = [repr(prop.name) for prop in kind.props.values() if prop.required]
    lines += [f"    if {key} not in node: {NO}" for key in needed]
    return "\n".join([*lines, *_last(kind, names)])


def fixed(kind: Shape, keys: tuple[str, ...], names: Names) -> str:
    """For objects with exactly these keys, in this order; `names` comes from the general function of the shape."""
    spots = {key: f"a{n}" for n, key in enumerate(keys)}
    if any(prop.required and prop.name not in spots for prop in kind.props.values()):
        return f"def screen(node): {NO}"
    lines = ["def screen(node):", f"    {', '.join(spots.values())}, = node.values()"]
    tests = [test for key, spot in spots.items() if (test := _spot(kind.props.get(key), key, spot, names))]
    lines += [f"    if not ({' and '.join(tests)}): {NO}"] if tests else []
    rest = "\n".join(_last(kind, names))
    return "\n".join([*lines, _GET.sub(lambda found: spots.get(found[1], "None"), rest)])


def _spot(prop: Prop | None, key: str, spot: str, names: Names) -> str:
    """The test of one value, which stands in the variable `spot`; nothing where it is made elsewhere."""
    if prop is None or any(rule.when for rule in prop.children):
        return ""
    seen, closer = names["seen"][key], names["closer"][key]
    if not isinstance(seen, tuple):
        return f"({spot} in {_name(names, seen)} or {_name(names, closer)}({spot}))"
    if prop.children or prop.items or prop.checks or (prop.type and prop.type.of):
        return f"{_name(names, closer)}({spot})"
    test = _V.sub(spot, " and ".join(_values(prop, names))) or "True"
    return f"{spot} is not None and {test}" if prop.required else f"({spot} is None or {test})"


def _remembered(prop: Prop, names: Names) -> tuple[Any, Good]:
    """Values known to be good, and the function for all others."""
    strings = prop.type is None or prop.type.limit == "string"
    rules = [*filter(None, (prop.type, prop.empty)), *prop.rules]
    free = all(rule.kind in ("type", "nonempty", "nonblank", "length") for rule in rules)
    if prop.required and any(rule.when for rule in prop.children):
        return (), cast(Good, type)  # looked at with its condition; `type` is the fastest function that says yes
    if not strings or free or prop.children or prop.checks or prop.items or any(rule.when for rule in rules):
        return (), _function(prop, names)
    memo = Memo([condition(rule) for rule in rules])
    optional = prop.required is None
    return memo.seen, lambda value: optional if value is None else memo(value)


def _last(kind: Shape, names: Names) -> Iterator[str]:
    """What depends on several values of the object."""
    for prop in kind.props.values():
        yield from _conditional(prop, names)
    yield from _branches(kind, names)
    plain = (r for r in kind.checks if not r.when and r.limit not in COUNTED)
    for rule in {rule.limit: rule for rule in plain}.values():
        guard = f"{GUARDS[rule.limit]} and " if rule.limit in GUARDS else ""
        yield f"    if {guard}{_name(names, CHECKS[rule.limit])}(node, where): {NO}"
    yield "    return True"


def _conditional(prop: Prop, names: Names) -> Iterator[str]:
    """Rules on one value that hold only for some objects of the shape."""
    for rule in prop.rules:
        if rule.when:
            test = f"applies({_name(names, rule)}, node) and not {_name(names, condition(rule))}(v)"
            yield f"    v = get({prop.name!r})\n    if v is not None and {test}: {NO}"


def _branches(kind: Shape, names: Names) -> Iterator[str]:
    """Children and checks that hang on one word of the object, such as a box's layout: one question, two branches."""
    split: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for prop in kind.props.values():
        for rule in prop.children:
            if rule.when:
                text = f"v = get({prop.name!r})\nif v.__class__ is not list: {NO}\n" + _members(rule, names)
                _branch(split, rule).append(text)
    for rule in kind.checks:
        if rule.when:
            test = f"if {EACH[rule.limit]!r} in i and {_name(names, CHECKS[rule.limit])}(node, where): {NO}"
            _branch(split, rule).append(f"for i in v:\n    {test}")
    for (key, value), (yes, no) in split.items():
        yield f"    if get({key!r}) == {value!r}:"
        yield from (_indent(text, 8) for text in yes or ["pass"])
        yield "    else:"
        yield from (_indent(text, 8) for text in no or ["pass"])


def _branch(split: dict[tuple[str, str], tuple[list[str], list[str]]], rule: Rule) -> list[str]:
    how = "is" if "is" in rule.when else "not"
    key, value = rule.when[how]
    return split.setdefault((key, value), ([], []))[how == "not"]
