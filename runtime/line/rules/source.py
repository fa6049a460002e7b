"""Python source for the screens, written from the table.

An object that may have keys we do not know is asked for each property that has rules; one with a closed list
of keys is gone through key by key. Values that are short strings (sizes, colours, links) are judged once and
then remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, cast

from runtime.line.rules.checks import CHECKS
from runtime.line.rules.kinds import Good, condition
from runtime.line.rules.table import Prop, Rule, Shape, shape

_GET, _V = re.compile(r"get\('(\w+)'\)"), re.compile(r"\bv\b")
_LOCAL = re.compile(r"(?<![.'])\b(?:node|get|v|i|a\d+)\b(?!')")
_INNER = re.compile(r"(?<![.'])\b(?:node|get|v|i)\b(?!')")
MEMO, SHORT = 1024, 300  # remembered good values of one property, and how long they may be
CLASSES = {"string": "str", "list": "list", "object": "dict", "map": "dict", "boolean": "bool"}
NO = "return False"
NEVER = "if None is not None"  # what is left of a guard whose key is not there
SMALL = 4  # properties of a shape whose tests are written where it is held

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

ROW = 5
"""Objects that a list may hold to get a function for all of them together."""

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
    if rule.kind == "size" and limit in ("list", "object", "map"):
        return " and ".join(f"len(v) {sign} {n}" for sign, n in zip((">=", "<="), rule.limit, strict=True) if n)
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
        yield _held(prop.type, names)
    yield from (_members(rule, names) for rule in prop.children if not rule.when)
    yield from (f"if {_name(names, CHECKS[rule.limit])}(v, where): {NO}" for rule in prop.checks)


def _held(rule: Rule, names: Names) -> str:
    """Tests of objects of one shape: in place where that is short, else by calling their screen."""
    kind, item = shape(rule.of), "i" if rule.limit == "list" else "v"
    if kind.keys or len(kind.props) > SMALL:
        test = f"if not {_name(names, names['shaped'](rule.of))}({item}): {NO}"
    else:
        mark = _name(names, None)  # variables of this body alone
        body = _INNER.sub(lambda found: found[0] + mark, "\n".join([*_open(kind, names)]))
        test = body.replace(f"node{mark}", item)
    return f"for i in v:\n{_indent(test, 4)}" if item == "i" else test


def _members(rule: Rule, names: Names) -> str:
    kinds = _name(names, names["kinds"](rule))
    item = "v" if rule.holds == "one" else "i"
    key = f"tuple({item})" if rule.of in KEYED else f"{item}['type']"
    test = f"if not {kinds}[{key}]({item}): {NO}"
    if rule.holds == "one":
        return test
    each = f"for i in v{'.values()' if rule.holds == 'map' else ''}:\n    {test}"
    if rule.of not in KEYED or rule.holds != "list":
        return each
    rows = _name(names, names["rows"](rule))
    short = f"if len(v) <= {ROW}:\n    if not {rows}[tuple(map(len, v))](v): {NO}"
    return f"{short}\nelse:\n{_indent(each, 4)}"


def _indent(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


def _tests(prop: Prop, names: Names) -> str:
    """Everything about a value that is there."""
    values = " and ".join(_values(prop, names))
    lines = [f"if not ({values}): {NO}"] if values else []
    return "\n".join([*lines, *_inside(prop, names)])


def open_(kind: Shape, names: Names) -> str:
    """For objects that may have any other key."""
    lines = [_indent(text, 4) for text in _open(kind, names)]
    return "\n".join(["def screen(node):", *lines, "    return True"])


def _open(kind: Shape, names: Names) -> Iterator[str]:
    """The statements of such a function; they go on to the next where all is well."""
    if not kind.required:
        yield f"if node.__class__ is not dict: {NO}"
    for prop in kind.props.values():
        tests, key = _tests(prop, names), repr(prop.name)
        if prop.required:  # a missing key raises, which means that it may be bad
            yield f"v = node[{key}]" + ("" if _classed(prop) else f"\nif v is None: {NO}")
            yield from filter(None, [tests])
        elif tests:
            yield f"if {key} in node:\n    v = node[{key}]\n    if v is not None:\n{_indent(tests, 8)}"
    last = list(_last(kind, names))
    yield from ["get = node.get"] * any("get(" in text for text in last)
    yield from last


def _classed(prop: Prop) -> bool:
    """Whether the first test of the value asks for its class, which says that it is there."""
    return prop.type is not None and prop.type.limit in CLASSES


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
    return "\n".join([*lines, *(_indent(text, 4) for text in _last(kind, names)), "    return True"])


def fixed(kind: Shape, keys: tuple[str, ...], names: Names, type_: str) -> str:
    """For objects with exactly these keys, in this order; `names` comes from the general function of the shape.

    Objects of another type than `type_` are left to the function `other`.
    """
    lines = [_indent(text, 4) for text in _fixed(kind, keys, names, type_)]
    return "\n".join(["def screen(node):", *lines, "    return True"])


def _fixed(kind: Shape, keys: tuple[str, ...], names: Names, type_: str, *, sure: bool = True) -> Iterator[str]:
    """The statements. Unless the keys are `sure`, only their number is: a missing one raises KeyError."""
    if any(prop.required and prop.name not in keys for prop in kind.props.values()):
        yield NO
        return
    spots = {key: f"a{n}" for n, key in enumerate(keys)}
    given = "node.values()" if sure else ", ".join(f"node[{key!r}]" for key in keys) + ","
    yield f"{', '.join(spots.values())}, = {given}\nif {spots['type']} != {type_!r}: return other(node)"
    tests = [test for key, spot in spots.items() if (test := _spot(kind.props.get(key), key, spot, names))]
    yield from [f"if not ({' and '.join(tests)}): {NO}"] if tests else []
    yield from (_inline(kind.props[key], spot, names) for key, spot in spots.items() if _nested(kind.props.get(key)))
    for text in _last(kind, names):
        text = _GET.sub(lambda found: spots.get(found[1], "None"), text)
        if not text.startswith(NEVER):
            yield text


def row(members: Sequence[tuple[Shape, tuple[str, ...], str, Names]], names: Names) -> str:
    """For lists of as many objects, each of a shape and with so many keys, which are these; others are for `other`.

    The tests of all stand in one function. The last of each member are the names of its shape's general function.
    """
    lines = [f"{', '.join(f'node_{n}' for n in range(len(members)))}, = node"]
    for n, (kind, keys, type_, known) in enumerate(members):
        names |= {"seen": known["seen"], "closer": known["closer"]}
        text = "\n".join(_fixed(kind, keys, names, type_, sure=False))
        lines.append(_LOCAL.sub(rf"\g<0>_{n}", text).replace(f"other(node_{n})", "other(node)"))
    body = "\n".join(_indent(text, 8) for text in lines)
    return f"def screen(node):\n    try:\n{body}\n    except KeyError:\n        return other(node)\n    return True"


def _spot(prop: Prop | None, key: str, spot: str, names: Names) -> str:
    """The test of one value, which stands in the variable `spot`; nothing where it is made elsewhere."""
    if prop is None or any(rule.when for rule in prop.children) or _nested(prop):
        return ""
    seen, closer = names["seen"][key], names["closer"][key]
    if not isinstance(seen, tuple):
        return f"({spot} in {_name(names, seen)} or {_name(names, closer)}({spot}))"
    test = _V.sub(spot, " and ".join(_values(prop, names)))
    if prop.required:  # a class test says that it is there
        return test if _classed(prop) else " and ".join([f"{spot} is not None", test])
    return f"({spot} is None or {test})" if test else ""


def _nested(prop: Prop | None) -> bool:
    """Whether the value holds objects, or needs statements of its own."""
    if prop is None or any(rule.when for rule in prop.children):
        return False
    return bool(prop.children or prop.items or prop.checks or (prop.type and prop.type.of))


def _inline(prop: Prop, spot: str, names: Names) -> str:
    tests = _V.sub(spot, _tests(prop, names))
    if prop.required:
        return f"if {spot} is None: {NO}\n{tests}"
    return f"if {spot} is not None:\n{_indent(tests, 4)}"


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
        yield f"if {guard}{_name(names, CHECKS[rule.limit])}(node, where): {NO}"


def _conditional(prop: Prop, names: Names) -> Iterator[str]:
    """Rules on one value that hold only for some objects of the shape."""
    for rule in prop.rules:
        if rule.when:
            test = f"applies({_name(names, rule)}, node) and not {_name(names, condition(rule))}(v)"
            yield f"v = get({prop.name!r})\nif v is not None and {test}: {NO}"


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
        yield "\n".join([f"if get({key!r}) == {value!r}:", *(_indent(text, 4) for text in yes or ["pass"])])
        yield "\n".join(["else:", *(_indent(text, 4) for text in no or ["pass"])])


def _branch(split: dict[tuple[str, str], tuple[list[str], list[str]]], rule: Rule) -> list[str]:
    how = "is" if "is" in rule.when else "not"
    key, value = rule.when[how]
    return split.setdefault((key, value), ([], []))[how == "not"]
