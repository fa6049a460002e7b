"""The choices a question offers: written out, or one for each entry of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.flow.expr import Expression
from runtime.flow.filling import Filling, fill
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula, Phrase, Plainish, Repeat, Wording, repeat
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Many, Shape
from runtime.flow.source import Node
from runtime.flow.state import State

VALUE = Filling(schemas={"type": ["string", "number", "boolean"]})
PARTS: dict[str, Shape] = {"if": Formula(), "label": Wording(), "value": VALUE, "also": Many(Wording(), single=True)}
ONE = Fields(PARTS, needs=("value",), what="a choice")
EACH = Fields({"each": Plainish(), **PARTS}, needs=("each", "value"), what="a mapping")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is saved, what stands on the button, what else people may write."""

    value: Any
    label: Phrase | None = None
    also: tuple[Phrase, ...] = ()
    shown: Expression | None = None

    def stands(self, state: State) -> bool:
        return self.shown is None or bool(self.shown.value(state.scope()))

    def offer(self, state: State) -> tuple[str, list[str]]:
        """The value as text, and every wording of it; the label first."""
        value = plain_text(fill(self.value, state))
        label = self.label.text(state) if self.label is not None else value
        return value, [label, *(one.text(state) for one in self.also)]


@dataclass(frozen=True, slots=True)
class Choices:
    each: Repeat | None
    of: tuple[Choice, ...]

    def offers(self, state: State) -> dict[str, list[str]]:
        if self.each is None:
            return dict(one.offer(state) for one in self.of if one.stands(state))
        found: dict[str, list[str]] = {}
        for entry in self.each.entries(state):
            with state.naming(self.each.name, entry):
                found.update(one.offer(state) for one in self.of if one.stands(state))
        return found

    def buttons(self, state: State, ask: str) -> list[dict[str, Any]]:
        """As quick replies."""
        return [{"label": words[0], "value": value, "ask": ask} for value, words in self.offers(state).items()]


@dataclass(frozen=True, slots=True)
class ChoicesShape:
    """A list of values or of `{label, value, also}`, or `{each: x in xs, label, value}`."""

    def read(self, node: Node, reading: Reading) -> Choices:
        if node.kind == "map" and "each" in node.map:
            each = repeat(node.map["each"], reading)
            with reading.knowing((each.name,)):
                return Choices(each, (_choice(EACH.read(node, reading)),))
        if node.kind != "list" or not node.items:
            if node.kind == "list":
                reading.tell(
                    "wrong-count", node.at, "there is no choice in this list", fix="add some, or {each: name in list}"
                )
            else:
                fix = f"write [{node.text[:60]}]" if node.text else ""
                reading.wrong(node, "a list of choices, or a mapping with each: name in list", fix=fix)
            return Choices(None, ())
        return Choices(None, tuple(self._one(index, one, reading) for index, one in enumerate(node.items)))

    def _one(self, index: int, node: Node, reading: Reading) -> Choice:
        with reading.inside(index):
            if node.kind == "map":
                return _choice(ONE.read(node, reading))
            return Choice(VALUE.read(node, reading))

    def schema(self) -> dict[str, Any]:
        one = {"anyOf": [{"type": ["string", "number", "boolean"]}, ONE.schema()]}
        return {"anyOf": [{"type": "array", "items": one, "minItems": 1}, EACH.schema()]}


def _choice(made: dict[str, Any]) -> Choice:
    return Choice(made.get("value"), made.get("label"), made.get("also", ()), made.get("if"))
