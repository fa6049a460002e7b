"""The screen: the same rules as the explainer, compiled to functions that only say good or maybe bad.

Each shape of the table becomes one Python function, written from the templates below, so that a good message
costs one dictionary walk. A value that a function cannot handle raises, and that too means "maybe bad".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from runtime.line.rules.checks import CHECKS, Where
from runtime.line.rules.kinds import Good, condition
from runtime.line.rules.sizes import encode, over
from runtime.line.rules.table import Prop, Rule, Shape, applies, child, rules, shape
from runtime.line.rules.units import utf16

ODD = (KeyError, TypeError, AttributeError, ValueError, RecursionError, OverflowError)
"""What a screen may raise on a body that is not as it should be."""

MEMO = 1024  # remembered good values of one property; short ones only, so the memory stays small
ANYWHERE = Where()

Names: TypeAlias = dict[str, Any]


class Memo(dict[Any, bool]):
    """Answers for values seen before: a style or a colour is judged once."""

    def __init__(self, good: Good, optional: bool) -> None:
        super().__init__({None: optional})
        self.good = good

    def __missing__(self, value: Any) -> bool:
        if not isinstance(value, str):
            return self.good(value)
        answer = self.good(value)
        if len(self) < MEMO and len(value) <= 100:
            self[value] = answer
        return answer


def _leaf_rules(prop: Prop) -> list[Rule]:
    plain = [rule for rule in prop.rules if not rule.when]
    return [rule for rule in (prop.type, prop.empty) if rule] + plain


def _leaf(prop: Prop) -> Good:
    """All conditions on the value alone."""
    goods = [condition(rule) for rule in _leaf_rules(prop)]
    if len(goods) == 1:
        return goods[0]

    return _every(goods)


def _every(goods: list[Good]) -> Good:
    """All of them, one after the other."""

    def good(value: Any) -> bool:
        for keeps in goods:  # noqa: SIM110  # `all` over a generator costs twice as much
            if not keeps(value):
                return False
        return True

    return good


def _each(good: Good) -> Good:
    """The condition for every item of a list."""

    def every(value: Any) -> bool:
        for item in value:  # noqa: SIM110  # as above
            if not good(item):
                return False
        return True

    return every


def _word(good: Good) -> Good:
    return lambda value: isinstance(value, str) and good(value)


def _nested(prop: Prop, where: Where) -> list[Good]:
    """What is to be said of the objects inside the value."""
    goods = [_each(_word(condition(rule))) for rule in prop.items]
    if prop.type and prop.type.of:
        goods.append(_shaped(prop.type, where))
    goods += [_members(rule, where) for rule in prop.children if not rule.when]
    goods += [_checked(rule, where) for rule in prop.checks]
    return goods


def _checked(rule: Rule, where: Where) -> Good:
    check = CHECKS[rule.limit]
    return lambda value: not check(value, where)


def _shaped(rule: Rule, where: Where) -> Good:
    screen = _late(rule.of, where)
    return _each(screen) if rule.limit == "list" else screen


def _late(name: str, where: Where) -> Good:
    """The screen of a shape, found at first use: shapes may contain themselves."""
    found: list[Good] = []

    def screen(node: Any) -> bool:
        if not found:
            found.append(compiled(name, where))
        return found[0](node)

    return screen


class Kinds(dict[Any, Good]):
    """Screens by `type`, compiled at first use; an unknown type raises."""

    def __init__(self, rule: Rule, where: Where) -> None:
        super().__init__()
        self.rule = rule
        self.where = where

    def __missing__(self, kind: Any) -> Good:
        if kind not in self.rule.limit:
            raise KeyError(kind)
        self[kind] = screen = compiled(child(self.rule, kind), self.where)
        return screen


MANY = """
def screen(value):
    for item in value:
        if not kinds[item["type"]](item):
            return False
    return True
"""
ONE = """
def screen(value):
    return kinds[value["type"]](value)
"""
MAP = MANY.replace("in value:", "in value.values():")
HOLDS = {"list": MANY, "one": ONE, "map": MAP}


def _members(rule: Rule, where: Where) -> Good:
    return _made(HOLDS[rule.holds], {"kinds": Kinds(rule, where)})


def _made(source: str, names: Names) -> Good:
    exec(source, names)  # our own templates, filled with names from our own table
    return names["screen"]  # type: ignore[no-any-return]  # what exec defines has no type


def _whole(prop: Prop, where: Where) -> Good:
    """One function for a property: its value when present; None stands for absent."""
    nested = _nested(prop, where)
    optional = prop.required is None
    if not nested and not (prop.type and prop.type.limit in ("integer", "number", "boolean", "list")):
        return Memo(_leaf(prop), optional).__getitem__
    leaf = _leaf(prop)
    if not nested:
        return lambda value: optional if value is None else leaf(value)
    all_of = _every([leaf, *nested])
    return lambda value: optional if value is None else all_of(value)


def _plain_text(prop: Prop) -> str:
    """The test as an expression, where a property is a string with nothing but a length; else nothing."""
    rules = _leaf_rules(prop)
    if not prop.type or prop.type.limit != "string" or prop.items or prop.checks or any(r.when for r in prop.rules):
        return ""
    tests = ["v.__class__ is str"]
    for rule in rules[1:]:
        if rule.kind == "nonempty":
            tests.append("v")
        elif rule.kind == "nonblank":
            tests.append("not v.isspace()")
        elif rule.kind == "length" and rule.unit in ("codepoints", "utf16"):
            tests += _length_tests(rule)
        else:
            return ""
    test = " and ".join(tests)
    return f"v is not None and {test}" if prop.required else f"(v is None or {test})"


def _length_tests(rule: Rule) -> list[str]:
    low, high = rule.limit
    tests = [f"len(v) >= {low}"] if low else []
    if rule.unit == "codepoints":
        return [*tests, f"len(v) <= {high}"]
    return [*tests, f"(len(v) <= {high // 2} or utf16(v) <= {high})"]


def _open_source(kind: Shape, names: Names, where: Where) -> str:
    """For objects that may have any other key: ask for each property that has rules."""
    lines = ["def screen(node):", "    get = node.get"]
    for n, prop in enumerate(kind.props.values()):
        text = _plain_text(prop)
        if not text:
            names[f"p{n}"] = _whole(prop, where)
        test = text or (f"p{n}(v)" if prop.required else f"(v is None or p{n}(v))")
        lines.append(f"    v = get({prop.name!r})\n    if not ({test}): return False")
    return "\n".join(lines)


def _closed_source(kind: Shape, names: Names, where: Where) -> str:
    """For objects with a closed list of keys: go through what is there, any other key raises."""
    known: dict[str, Good] = {key: lambda value: True for key in (kind.keys.limit if kind.keys else ())}
    known.update({name: _whole(prop, where) for name, prop in kind.props.items()})
    names["props"] = known
    lines = ["def screen(node):", "    for key, v in node.items():", "        if not props[key](v): return False"]
    lines += [f"    if {p.name!r} not in node: return False" for p in kind.props.values() if p.required]
    return "\n".join(lines)


def _conditional(kind: Shape, names: Names, where: Where) -> str:
    """Rules that hold only for some objects of the shape, after the others."""
    lines = []
    for prop in kind.props.values():
        leaves = [rule for rule in prop.rules if rule.when]
        inside = [rule for rule in prop.children if rule.when]
        for rule, good in [(r, condition(r)) for r in leaves] + [(r, _members(r, where)) for r in inside]:
            n = len(names)
            names[f"w{n}"], names[f"g{n}"] = rule, good
            lines.append(
                f"    v = node.get({prop.name!r})\n"
                f"    if v is not None and {_guard(rule, n)} and not g{n}(v): return False"
            )
    return "\n".join(lines)


def _guard(rule: Rule, n: int) -> str:
    for how in ("is", "not"):
        if how in rule.when:
            key, value = rule.when[how]
            return f"node.get({key!r}) {'==' if how == 'is' else '!='} {value!r}"
    return f"applies(w{n}, node)"


def _cross(kind: Shape, names: Names, where: Where) -> str:
    lines = []
    for rule in kind.checks:
        if rule.limit == "animated_count":
            continue  # counted with the bytes
        names[f"c_{rule.limit}"] = CHECKS[rule.limit]
        lines.append(f"    if c_{rule.limit}(node, where): return False")
    lines = list(dict.fromkeys(lines))
    sizes = [rule for prop in kind.props.values() for rule in prop.sizes]
    if sizes and kind.name == "message.flex":
        names["heavy"] = _heavy(sizes, where)
        lines.append("    if heavy(node): return False")
    return "\n".join(lines)


def _heavy(sizes: list[Rule], where: Where) -> Callable[[Any], bool]:
    """Whether a Flex message may be too large or too lively; exact only beyond the lowest limit."""
    least = min(limit for rule in sizes for limit in rule.limit.values())
    animated = CHECKS["animated_count"]
    inner = [rule for prop in shape("flex.carousel").props.values() for rule in prop.sizes]

    def heavy(node: Any) -> bool:
        contents = node["contents"]
        raw = encode(contents)
        if raw.count(b'"animated":true') > 10 and animated(node, where):
            return True
        if len(raw) <= least:
            return False
        bubbles = contents.get("contents") if contents.get("type") == "carousel" else ()
        return any(next(over(r.limit, contents), None) for r in sizes) or any(
            next(over(r.limit, bubbles), None) for r in inner
        )

    return heavy


@cache
def compiled(name: str, where: Where = ANYWHERE) -> Good:
    """The screen for objects of a shape. Only messages depend on where they go."""
    kind = shape(name)
    here = where if name.startswith(("message.", "request")) else ANYWHERE
    names: Names = {"where": here, "utf16": utf16, "applies": applies}
    source = _closed_source if kind.keys else _open_source
    parts = [source(kind, names, here), _conditional(kind, names, here), _cross(kind, names, here)]
    return _made("\n".join([*filter(None, parts), "    return True"]), names)


@cache
def by_type(where: Where) -> Kinds:
    """The screens of messages on their way there, by message type; an unknown type raises KeyError."""
    return Kinds(rules()["req.type.known"], where)


def passes(node: Any, name: str, where: Where) -> bool:
    """Whether an object of the shape `name` breaks no rule at all, as far as a fast look can tell."""
    try:
        return compiled(name, where)(node)
    except ODD:
        return False
