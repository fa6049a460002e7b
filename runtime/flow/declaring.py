"""`vars:` at the top of a flow, and the variables that questions declare by asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runtime.flow.reading import NAME, Reading
from runtime.flow.shapes import Fields, One, Shape
from runtime.flow.source import Node
from runtime.flow.variables import RANGED, TYPES, Variable, called

ASKED = {"yes_no": "bool", "int": "int", "number": "number", "date": "date", "time": "time", "datetime": "datetime"} | {
    "percentage": "number", "age": "int", "temperature": "number", "duration": "int",
}  # fmt: skip
"""Type of a question → type of the variable it declares; all others hold anything."""

RESERVED = frozenset(
    (
        *("input", "event", "chat", "endpoint", "handover", "profile", "session", "now", "today", "language"),
        *(
            "timezone",
            "error",
            "answer",
            "result",
            "true",
            "false",
            "none",
            "and",
            "or",
            "not",
            "in",
            "is",
            "if",
            "else",
        ),
    )
)
"""Names that mean something in every expression."""


@dataclass(frozen=True, slots=True)
class Data:
    """Any value, as it is written."""

    def read(self, node: Node, reading: Reading) -> Any:
        return node.plain()

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class Values:
    """A list of plain values."""

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        if node.kind != "list" or not node.items or any(one.kind in ("map", "list", "nothing") for one in node.items):
            reading.wrong(node, "a list of values")
            return ()
        return tuple(one.plain() for one in node.items)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": 1, "items": {"type": ["string", "number", "boolean"]}}


KIND = One(tuple(TYPES))
PARTS: dict[str, Shape] = {
    "type": KIND,
    "min": Data(),
    "max": Data(),
    "of": Values(),
    "default": Data(),
    "keep": One(("session", "forever", "profile")),
}
LONG = Fields(PARTS, needs=("type",), what="a variable")


QUESTIONS = ("ask", "rate")
"""Verbs that ask, and by that declare a variable."""


@dataclass(frozen=True, slots=True)
class VariablesShape:
    """Variable → type, or `{type, min, max, of, default, keep}`."""

    def read(self, node: Node, reading: Reading) -> dict[str, Variable]:
        if node.kind != "map":
            first = next((one.text for one in node.items if one.kind == "text"), "name")
            reading.wrong(node, "a mapping: name: type", fix=f"write a line for each, such as {first}: text")
            return {}
        made: dict[str, Variable] = {}
        for name, one in node.map.items():
            if not NAME.fullmatch(name) or name in RESERVED:
                why = "means something else in expressions" if name in RESERVED else "cannot be a name"
                reading.tell("wrong-form", node.key_at(name), f"`{name}` {why}", fix="call it something else")
                continue
            with reading.inside(name):
                made[name] = self._one(name, one, node, reading)
        return made

    def _one(self, name: str, node: Node, parent: Node, reading: Reading) -> Variable:
        at = parent.key_at(name)
        if node.kind != "map":
            return Variable(name=name, type=KIND.read(node, reading), at=at)
        made = Variable(name=name, at=at, **LONG.read(node, reading))
        self._judge(made, node, reading)
        return made

    def _judge(self, made: Variable, node: Node, reading: Reading) -> None:
        if made.type == "choice" and not made.of:
            reading.tell("missing-key", node.at, "a choice needs `of`: its values", fix="add of: [one, other]")
        for key in ("min", "max"):
            if key in node.map and made.type not in RANGED:
                reading.tell("unknown-key", node.key_at(key), f"a variable of type {made.type} has no `{key}`")
        try:
            made.take(made.default)
        except ValueError as error:
            reading.tell("wrong-type", node.key_at("default"), str(error))
        except TypeError:
            bounds = f"{called(made.min)} and {called(made.max)}"
            reading.tell("wrong-type", node.at, f"`min` and `max` of {made.type} cannot be {bounds}")
        if isinstance(made.min, (int, float)) and isinstance(made.max, (int, float)) and made.min > made.max:
            message = f"no value is at least {made.min} and at most {made.max}"
            reading.tell("wrong-type", node.key_at("min"), message, fix=f"write min: {made.max}, max: {made.min}")

    def schema(self) -> dict[str, Any]:
        one = {"anyOf": [KIND.schema(), LONG.schema()]}
        return {"type": "object", "propertyNames": {"pattern": f"^{NAME.pattern}$"}, "additionalProperties": one}


def asked(node: Node) -> Iterator[Node]:
    """Every question in a part of a file."""
    todo = [node]
    while todo:
        one = todo.pop()
        if one.kind == "map":
            inner = one.map
            for verb in QUESTIONS:
                if verb in inner and inner[verb].kind == "text":
                    yield one
                    break
            todo += inner.values()
        elif one.kind == "list":
            todo += one.items


def implied(node: Node) -> Variable | None:
    """The variable that a question declares by asking."""
    verb = next(verb for verb in QUESTIONS if verb in node.map)
    name = node.map[verb].text
    if not NAME.fullmatch(name) or name in RESERVED:
        return None
    kind = "int" if verb == "rate" else node.map["type"].text if "type" in node.map else "text"
    return Variable(name=name, type=ASKED.get(kind, "any"), at=node.map[verb].at, declared=False)
