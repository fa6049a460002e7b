"""How long the `{{ }}` of a text may get, as far as that can be known without running it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from jinja2 import nodes

from runtime.flow.expr import Template
from runtime.flow.filters import MAX_TEXT, plain_text
from runtime.flow.sandbox import ENVIRONMENT
from runtime.flow.variables import Variable

MARK = "\ue000"
"""Stands for one character that is filled in later; it is of the private use area, so that nobody has written it."""

Size: TypeAlias = float | None
"""Characters at most; infinite for what people write as long as they like; None where nothing is known."""

NAME = 64
"""Characters that a user's display name is taken to have at most; the platform promises no number."""
FREE = math.inf
WILD = 400
"""Characters by which a text of any length is stood for."""

SHAPES: Mapping[str, int] = {"bool": 5, "date": 10, "time": 8, "datetime": 19}
NAMES: Mapping[str, Size] = {
    "profile.name": NAME,
    "input.text": FREE,
    "event.text": FREE,
    "language": 11,
    "today": 10,
    "now": 19,
}
FORMATTED: Mapping[str, int] = {
    "date": 40, "time": 20, "datetime": 60, "number": 24, "currency": 30, "percent": 24, "int": 20, "float": 24,
    "round": 24, "length": 6, "count": 6, "duration": 60,
}  # fmt: skip
SAME = frozenset({"upper", "lower", "trim", "title", "capitalize", "string"})
_BLANK = re.compile(r"\{\{.*?\}\}", re.DOTALL)

Sizes: TypeAlias = Callable[[str], Size]
"""The size of a dotted name."""


@dataclass(frozen=True, slots=True)
class Blank:
    """One `{{ }}` of a text, as it is written, and how many characters it may become."""

    source: str
    most: Size

    @property
    def shown(self) -> str:
        return "{{ " + self.source[2:-2].strip() + " }}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text with its blanks: `parts` are what is written, and for each blank its number in `blanks`."""

    parts: tuple[str | int, ...]
    blanks: tuple[Blank, ...]

    def filled(self, sizes: Iterable[Size]) -> str:
        """The text with as many marks as each blank is given; where nothing is known, one."""
        each = [MARK * int(min(size or 1, MAX_TEXT)) for size in sizes]
        return "".join([part if isinstance(part, str) else each[part] for part in self.parts])


def draft(template: Template, known: Mapping[str, Size]) -> Draft:
    """The parts of a template whose `{{ }}` use names of known size."""
    sources = _BLANK.findall(template.text)
    parts: list[str | int] = []
    blanks: list[Blank] = []
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
        else:
            parts.append(len(blanks))
            blanks.append(Blank(sources[len(blanks)], known.get(".".join(part))))
    if parts:
        return Draft(tuple(parts), tuple(blanks))
    for node in _outputs(template.text):
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
            continue
        source = sources[len(blanks)] if len(blanks) < len(sources) else template.text
        parts.append(len(blanks))
        blanks.append(Blank(source, longest(node, known.get)))
    return Draft(tuple(parts), tuple(blanks))


@lru_cache(20_000)
def _outputs(text: str) -> tuple[nodes.Expr, ...]:
    body = ENVIRONMENT.parse(text).body
    return tuple(node for output in body if isinstance(output, nodes.Output) for node in output.nodes)


def size_of(variable: Variable) -> Size:
    """Characters of a variable's value in a text."""
    if variable.of:
        return max(len(plain_text(one)) for one in variable.of)
    if variable.type in ("int", "number"):
        return _digits(variable)
    return variable.max if variable.type == "text" else SHAPES.get(variable.type)


def _digits(variable: Variable) -> Size:
    if variable.max is None:
        return None
    points = 0 if variable.type == "int" else 4
    return max(len(plain_text(bound)) for bound in (variable.max, variable.min) if bound is not None) + points


def longest(node: nodes.Node, sizes: Sizes) -> Size:
    """Characters of an expression's value in a text."""
    if isinstance(node, nodes.Const):
        return len(plain_text(node.value))
    if isinstance(node, (nodes.Name, nodes.Getattr)):
        return sizes(_dotted(node))
    if isinstance(node, nodes.Filter):
        return _filtered(node, sizes)
    if isinstance(node, nodes.CondExpr):
        other: Size = longest(node.expr2, sizes) if node.expr2 is not None else 0
        return _most((longest(node.expr1, sizes), other))
    if isinstance(node, nodes.Concat):
        return _sum(longest(one, sizes) for one in node.nodes)
    return None


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return f"{_dotted(node.node)}.{node.attr}" if isinstance(node, nodes.Getattr) else "?"


def _filtered(node: nodes.Filter, sizes: Sizes) -> Size:
    inner = longest(node.node, sizes) if node.node is not None else None
    first = node.args[0] if node.args else None
    if node.name == "truncate":
        most = first.value if isinstance(first, nodes.Const) and isinstance(first.value, int) else 40
        return most if inner is None else min(inner, most)
    if node.name == "default":
        return _most((inner, longest(first, sizes) if first is not None else 0))
    if node.name == "number" and inner is not None and inner < FORMATTED["number"]:
        return inner + inner // 3 + 3  # with thousands separated and digits behind the point
    return inner if node.name in SAME else FORMATTED.get(node.name)


def _most(sizes: Iterable[Size]) -> Size:
    known = list(sizes)
    return None if None in known else max(size for size in known if size is not None)


def _sum(sizes: Iterable[Size]) -> Size:
    known = list(sizes)
    return None if None in known else sum(size for size in known if size is not None)
