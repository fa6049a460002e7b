"""Buttons, quick replies and senders: parts that many messages have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.flow.compiling import sentence
from runtime.flow.expr import Expression
from runtime.flow.filling import Filling, fill
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula, Phrase, Plainish, Plainly, Repeat, Wording, repeat
from runtime.flow.marks import bare
from runtime.flow.reading import KINDS, Reading, Worded, meant
from runtime.flow.shapes import Fields, Flag, One, Shape
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.model import Data, Output

ACTIONS: dict[str, Shape] = {
    "text": Wording(),
    "value": Filling(schemas={"type": ["string", "number", "boolean"]}),
    "postback": Filling(schemas={"type": ["string", "number", "object"]}),
    "link": Plainly(),
    "pick": One(("date", "time", "datetime")),
    "copy": Wording(),
    "camera": Flag(),
    "camera_roll": Flag(),
    "location": Flag(),
    "switch": Plainly(),
}
"""What a tap does; a button has exactly one of these, but `switch`, which takes `postback` along."""

EXTRAS: dict[str, Shape] = {
    "if": Formula(),
    "each": Plainish(),
    "label": Wording(),
    "say": Wording(),
    "icon": Plainly(),
    "desktop": Plainly(),
    "keyboard": One(("openKeyboard", "openRichMenu", "closeRichMenu", "openVoice")),
    "fill": Wording(),
    "initial": Plainly(),
    "min": Plainly(),
    "max": Plainly(),
}
CONSTANT = frozenset({"pick", "camera", "camera_roll", "location", "keyboard"})


@dataclass(frozen=True, slots=True)
class Button:
    """A compiled button; `parts` by key. It stands there when `shown` is true, once for each entry of `each`."""

    parts: Mapping[str, Any]
    shown: Expression | None = None
    each: Repeat | None = None

    def all(self, state: State, ask: str) -> list[dict[str, Any]]:
        """The button as often as it stands there."""
        if self.each is None:
            return [self.make(state, ask)] if self.stands(state) else []
        made = []
        for entry in self.each.entries(state):
            with state.naming(self.each.name, entry):
                made += [self.make(state, ask)] if self.stands(state) else []
        return made

    def stands(self, state: State) -> bool:
        return self.shown is None or bool(self.shown.value(state.scope()))

    def make(self, state: State, ask: str) -> dict[str, Any]:
        """The button as an output carries it. `ask` names the question that a tap answers."""
        made: dict[str, Any] = {}
        for key, part in self.parts.items():
            made[key] = part if key in CONSTANT else _part(part, state)
        if "label" not in made:
            made["label"] = made.get("text") or plain_text(made.get("value", ""))
        if "value" in made:
            made["value"] = plain_text(made["value"])
        if ask and ("value" in made or "pick" in made):
            made["ask"] = ask
        return made


def _part(part: Any, state: State) -> Any:
    if isinstance(part, (str, int, float, bool)):
        return part
    return bare(part.text(state)) if hasattr(part, "text") and callable(part.text) else fill(part, state)


@dataclass(frozen=True, slots=True)
class ButtonShape:
    """A button: a text alone, or a label and what a tap does. `more`: further keys it has here."""

    more: Mapping[str, Shape] = field(default_factory=dict)
    bare: bool = True

    def read(self, node: Node, reading: Reading) -> Button:
        if self.bare and node.kind in ("text", "number", "bool"):
            with reading.inside("label"):
                phrase = Wording().read(node, reading)
            if reading.worded and reading.worded[-1].node is node:
                last = reading.worded[-1]
                reading.worded[-1] = Worded(last.path, last.by, bare=True)
            return Button({"label": phrase, "text": phrase})
        if node.kind != "map" or not node.map:
            fix = "write the words on it, or {label: …, text: …}"
            reading.tell("wrong-kind", node.at, f"expected a button, found {KINDS[node.kind]}", fix=fix)
            return Button({})
        if self.bare and sentence(node, reading, ""):
            return Button({})
        each = repeat(node.map["each"], reading) if "each" in node.map else None
        known = self._fields()
        with reading.knowing((each.name,) if each else ()):
            made: dict[str, Any] = known.read(node, reading)
        self._judge(node, known.of, reading)
        made.pop("each", None)
        return Button(made, made.pop("if", None), each)

    def _fields(self) -> Fields:
        return Fields({**EXTRAS, **ACTIONS, **self.more}, what="a button")

    def _judge(self, node: Node, known: Mapping[str, Shape], reading: Reading) -> None:
        actions = [key for key in node.map if key in ACTIONS]
        if actions in (["switch", "postback"], ["postback", "switch"]):
            actions = ["switch"]
        strange = [key for key in node.map if key not in known]
        if not actions and any(meant(key, ACTIONS) for key in strange):
            return  # told already, with the word that was meant
        if len(actions) != 1:
            said = f"this one has {' and '.join(actions)}" if actions else "this one does nothing"
            reading.tell(
                "one-of", node.at, f"a button does one thing, and {said}", fix=f"give it one of {', '.join(ACTIONS)}"
            )
        worded = {"label", "text", "value"} & {*node.map, *(meant(key, known) for key in strange)}
        if not worded and not self.more:
            reading.tell("missing-key", node.at, "a button needs a `label`", fix="add label: …")

    def schema(self) -> dict[str, Any]:
        made = self._fields().schema()
        single = [key for key in ACTIONS if key != "switch"]
        other = {"required": ["switch"], "not": {"anyOf": [{"required": [k]} for k in single if k != "postback"]}}
        made["oneOf"] = [{"required": [key], "not": {"required": ["switch"]}} for key in single] + [other]
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, made]} if self.bare else made


BUTTON = ButtonShape()


def buttons(made: tuple[Button, ...], state: State, ask: str) -> list[dict[str, Any]]:
    return [button for one in made for button in one.all(state, ask)]


def offered(output: Output) -> dict[str, list[str]]:
    """Values of the buttons in an output, each with the words on it."""
    found: dict[str, list[str]] = {}
    for button in (*output.quick, *_within(output.data)):
        if "value" in button:
            words = found.setdefault(str(button["value"]), [])
            words += [str(button[key]) for key in ("label", "say") if button.get(key)]
    return found


def _within(data: Data) -> list[Data]:
    found: list[Data] = list(data.get("buttons", ()))
    for card in (*data.get("cards", ()), *data.get("items", ())):
        found += card.get("buttons", ())
        found += [card["button"]] if "button" in card else []
    return found + list(data.get("areas", ()))


SENDER_FIELDS = Fields({"name": Wording(), "icon": Plainly()}, what="a sender")


@dataclass(frozen=True, slots=True)
class SenderShape:
    """Who speaks: a name, or name and icon."""

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if node.kind in ("text", "number"):
            return {"name": Wording().read(node, reading)}
        made: dict[str, Any] = SENDER_FIELDS.read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": ["string", "number"]}, SENDER_FIELDS.schema()]}


def fields_of(parts: Mapping[str, Any], state: State) -> dict[str, Any]:
    """A mapping of texts and plain values, worked out; empty ones are left out."""
    made = {name: _part(part, state) for name, part in parts.items()}
    return {name: value for name, value in made.items() if value not in ("", None)}


def said(phrase: Phrase | None, state: State) -> str:
    return bare(phrase.text(state)) if phrase is not None else ""
