"""Data of any form with `{{ }}` in its texts: Flex messages, requests, arguments of functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.flow.expr import Expression, Template
from runtime.flow.live import KEY, NUMERIC, WHOLE, Fixed, Formula, Repeat, Wording, expression, repeat, template
from runtime.flow.marks import bare
from runtime.flow.reading import Reading
from runtime.flow.source import Node
from runtime.flow.variables import jsonable
from runtime.model import Place

if TYPE_CHECKING:
    from runtime.flow.state import State


@dataclass(frozen=True, slots=True)
class Again:
    """A part of filled-in data that stands once per entry."""

    each: Repeat
    part: Any


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A part of filled-in data that stands in its list only when something is true."""

    when: Expression
    part: Any


@dataclass(frozen=True, slots=True)
class Filling:
    """Data of any form with `{{ }}` in its texts. `{each: x in xs, item: …}` in a list stands once per entry.

    `free`: a text that is nothing but one `{{ }}` gives the value itself, not its text. `texts`: `$key` is
    looked up.
    """

    free: bool = True
    texts: bool = False
    only: str = ""
    schemas: Mapping[str, Any] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        if self.only and node.kind != self.only:
            reading.wrong(node, "a mapping" if self.only == "map" else "a list")
        return self.part(node, reading, "")

    def part(self, node: Node, reading: Reading, key: str) -> Any:
        if node.kind == "map":
            if set(node.map) == {"each", "item"}:
                return self._each(node, reading)
            if set(node.map) == {"if", "item"}:
                return Perhaps(Formula().read(node.map["if"], reading), self.part(node.map["item"], reading, ""))
            return _settled({name: self.part(one, reading, name) for name, one in node.map.items()})
        if node.kind == "list":
            return _settled([self.part(one, reading, key) for one in node.items])
        if node.kind != "text":
            return Fixed(node.value)
        return self._text(node, reading, key)

    def _text(self, node: Node, reading: Reading, key: str) -> Any:
        if self.texts and KEY.fullmatch(node.text):
            return Wording().read(node, reading)
        if WHOLE.fullmatch(node.text) and (self.free or key in NUMERIC):
            at = Place(node.at.file, node.at.line, node.at.column + node.text.index("{{") + 2)
            return expression(node, reading, node.text.strip()[2:-2], at)
        made = template(node, reading)
        return Fixed(made.text) if made.static else made

    def _each(self, node: Node, reading: Reading) -> Again:
        each = repeat(node.map["each"], reading)
        with reading.knowing((each.name,)):
            return Again(each, self.part(node.map["item"], reading, ""))

    def schema(self) -> dict[str, Any]:
        if self.only:
            return {"type": "object"} if self.only == "map" else {"type": "array"}
        return dict(self.schemas)


def _settled(parts: Any) -> Any:
    """A mapping or list whose parts never change is itself such a part."""
    inner = parts.values() if isinstance(parts, dict) else parts
    if all(isinstance(one, Fixed) for one in inner):
        if isinstance(parts, dict):
            return Fixed({name: one.value for name, one in parts.items()})
        return Fixed([one.value for one in parts])
    return parts


def fill(part: Any, state: State) -> Any:
    """The data with everything in it worked out, as plain JSON."""
    if isinstance(part, Fixed):
        return part.value
    if isinstance(part, dict):
        return {name: fill(one, state) for name, one in part.items()}
    if isinstance(part, list):
        made: list[Any] = []
        for one in part:
            made += _listed(one, state) if isinstance(one, (Again, Perhaps)) else [fill(one, state)]
        return made
    if isinstance(part, (Again, Perhaps)):
        return _listed(part, state)
    return _worked_out(part, state)


def _worked_out(part: Any, state: State) -> Any:
    if isinstance(part, Template):
        return bare(part.render(state.scope()))
    if isinstance(part, Expression):
        return jsonable(part.value(state.scope()))
    return bare(part.text(state))


def _listed(part: Again | Perhaps, state: State) -> list[Any]:
    if isinstance(part, Perhaps):
        return [fill(part.part, state)] if part.when.value(state.scope()) else []
    made = []
    for entry in part.each.entries(state):
        with state.naming(part.each.name, entry):
            made.append(fill(part.part, state))
    return made
