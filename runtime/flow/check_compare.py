"""Comparisons that can never be true: a number with a text, a choice with a value that it does not have."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, nodes

from runtime.flow.expr import Expression
from runtime.flow.expr_check import Source, Trouble, parse
from runtime.flow.reading import nearest
from runtime.flow.variables import Variable, called
from runtime.model import Place

COMPARES = re.compile(r"[=<>]|\bin\b")
KINDS = {"int": "number", "number": "number", "text": "text", "choice": "text", "bool": "bool", "list": "list"}
"""Type of a variable → what it can be compared with; dates and times take their ISO text."""
TIMES = ("date", "time", "datetime")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Pair = tuple[str, str, Any]
"""Name, operator, what it is compared with."""


def impossible(part: Expression, variables: Mapping[str, Variable]) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for each comparison of a variable that its type rules out."""
    if not COMPARES.search(part.source):
        return
    for name, op, value in pairs(part.source):
        variable = variables.get(name)
        if variable is not None and (told := _told(variable, op, value)) is not None:
            yield told


@functools.lru_cache(maxsize=4_096)
def pairs(source: str) -> tuple[Pair, ...]:
    """The comparisons of a name with a value that is written out."""
    try:
        tree = parse(Source(source, Place(""), bare=True))
    except (Trouble, TemplateError, RecursionError):
        return ()  # told already
    found: list[Pair] = []
    for compare in tree.find_all(nodes.Compare):
        left: nodes.Node = compare.expr
        for operand in compare.ops:
            found += _sides(left, operand.op, operand.expr)
            left = operand.expr
    return tuple(found)


def _sides(left: nodes.Node, op: str, right: nodes.Node) -> Iterator[Pair]:
    if op in ("in", "notin"):
        if isinstance(left, nodes.Name) and isinstance(right, (nodes.List, nodes.Tuple)):
            yield from ((left.name, op, one.value) for one in right.items if isinstance(one, nodes.Const))
        return
    for name, value in ((left, right), (right, left)):
        if isinstance(name, nodes.Name) and isinstance(value, nodes.Const):
            yield name.name, op, value.value


def _told(variable: Variable, op: str, value: Any) -> tuple[str, str] | None:
    if value is None or variable.type not in (*KINDS, *TIMES):
        return None
    if variable.type == "choice" and (not variable.of or not all(isinstance(one, str) for one in variable.of)):
        return None
    if variable.type in TIMES:
        return None if _is_time(variable, value) else _mismatch(variable, value)
    kind = "bool" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "text"
    if kind != KINDS[variable.type]:
        return _mismatch(variable, value)
    if variable.type == "choice" and op in ("eq", "ne", "in", "notin") and value not in variable.of:
        message = f"`{variable.name}` is never `{value}`{nearest(str(value), variable.of)}"
        return message, f"it is one of {', '.join(variable.of)}"
    return None


def _is_time(variable: Variable, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        Variable(name=variable.name, type=variable.type).take(value)
    except ValueError:
        return False
    return True


def _mismatch(variable: Variable, value: Any) -> tuple[str, str]:
    message = f"`{variable.name}` is {variable.type}, and this compares it with {called(value)}"
    if variable.type == "list":
        return message, f"compare its length: {variable.name} | length"
    if variable.type == "bool":
        return message, f"write {variable.name} alone, or not {variable.name}"
    if variable.type in TIMES:
        return message, "write the date or time as 2026-12-05, 19:00 or 2026-12-05T19:00, in quotes"
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return message, f"write {value} without quotes"
    return message, "compare it with a number" if KINDS[variable.type] == "number" else "put quotes around the value"
