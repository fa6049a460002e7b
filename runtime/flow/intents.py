"""What people mean: intents with examples in each language, and the slots that are picked out of them.

The file is read and judged here. Until a classifier listens, words mean an intent when they are one of its examples as
a whole; triggers and questions that name an intent are refused with a word about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from runtime.flow import kept
from runtime.flow.nodes import Node
from runtime.flow.reading import NAME, Reading, nearest
from runtime.flow.shapes import Dict, Fields, Many, One, Pattern, Plain, Shape
from runtime.flow.tongues import ByLanguage, missing
from runtime.model import Finding, Place
from runtime.text import fold

FILE = "nlu/intents.yaml"
MARK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)\)")
"""`[two](seats)`: the words of a slot inside an example."""
TYPES = (
    *("text", "choice", "int", "number", "money", "percentage", "age", "temperature", "duration"),
    *("date", "time", "datetime", "email", "phone", "url"),
)


@dataclass(frozen=True, slots=True)
class Example:
    """One way of saying it; `slots` are the marked words with the names of their slots."""

    text: str
    at: Place
    slots: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """What is picked out: a type that questions know, words by value, or a pattern."""

    type: str = "text"
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Intents:
    """Intent → language → examples, and slots by name."""

    of: Mapping[str, Mapping[str, tuple[Example, ...]]] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)

    def phrases(self) -> dict[str, frozenset[str]]:
        """Folded example → the intents it stands for, in whatever language it is written."""
        made: dict[str, frozenset[str]] = {}
        for name, by in self.of.items():
            for example in (one for examples in by.values() for one in examples):
                key = fold(example.text)
                made[key] = made.get(key, frozenset()) | {name}
        return made


@dataclass(frozen=True, slots=True)
class Says:
    """An example; words of a slot are marked `[two](seats)`."""

    def read(self, node: Node, reading: Reading) -> Example:
        text = Plain().read(node, reading)
        if node.kind == "text" and not text.strip():
            reading.tell("wrong-form", node.at, "an empty example means nothing", fix="write it, or take it out")
        bare = MARK.sub(r"\1", text)
        if "](" in bare or "[]" in bare:
            fix = "write the words in square brackets, then the slot's name in round ones: [two](seats)"
            reading.tell("wrong-form", node.at, "a marked word is not written right here", fix=fix)
        return Example(bare, node.at, tuple((found[1], found[2]) for found in MARK.finditer(text)))

    def schema(self) -> dict[str, Any]:
        return Plain().schema()


EXAMPLES = ByLanguage(Says())
INTENT = Fields({"examples": EXAMPLES, "note": Plain()}, needs=("examples",), what="an intent")


@dataclass(frozen=True, slots=True)
class IntentShape:
    """Examples by language, or `{examples, note}`."""

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[Example, ...]]:
        if node.kind == "map" and set(node.map) & set(INTENT.of):
            made: dict[str, tuple[Example, ...]] = INTENT.read(node, reading).get("examples", {})
            return made
        return EXAMPLES.read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [INTENT.schema(), EXAMPLES.schema()]}


@dataclass(frozen=True, slots=True)
class ValueShape:
    """The words of a value: a list, or lists by language."""

    def read(self, node: Node, reading: Reading) -> dict[str, tuple[str, ...]]:
        if node.kind == "map":
            return ByLanguage(Plain()).read(node, reading)
        return {"": Many(Plain(), single=True).read(node, reading)}

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Many(Plain(), single=True).schema(), ByLanguage(Plain()).schema()]}


KIND = One(TYPES)
SLOT = Fields({"type": KIND, "values": Dict(ValueShape()), "pattern": Pattern(), "note": Plain()}, what="a slot")


@dataclass(frozen=True, slots=True)
class SlotShape:
    """A type, or `{type, values, pattern}`."""

    def read(self, node: Node, reading: Reading) -> Slot:
        if node.kind != "map":
            return Slot(KIND.read(node, reading))
        made = SLOT.read(node, reading)
        if len({"type", "values", "pattern"} & made.keys()) != 1:
            reading.tell("one-of", node.at, "a slot has one of type, values and pattern")
        return Slot(made.get("type", "choice"), made.get("values", {}), made.get("pattern"))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [KIND.schema(), SLOT.schema()]}


PARTS: dict[str, Shape] = {
    "intents": Dict(IntentShape(), NAME.pattern),
    "slots": Dict(SlotShape(), NAME.pattern),
    "note": Plain(),
}


def read(files: Mapping[str, str], languages: Sequence[str]) -> tuple[Intents, list[Finding]]:
    """The intents of a bot, and everything that is wrong with their file."""
    found: list[Finding] = []
    made = Intents()
    for path in sorted(files):
        node, findings = kept.parsed(files[path], path)
        found += findings
        if node is None:
            continue
        reading = Reading(path, "", {}, frozenset(), tuple(languages) or ("en",))
        if "/".join(PurePosixPath(path).parts[-2:]) != FILE:
            reading.tell("unread-file", node.at, "nothing reads this file", fix=f"intents stand in flows/{FILE}")
        else:
            parts = Fields(PARTS, needs=("intents",), what="intents").read(node, reading)
            made = Intents(parts.get("intents", {}), parts.get("slots", {}))
            _judge(made, node, reading)
        found += reading.findings
    return made, found


def _judge(made: Intents, node: Node, reading: Reading) -> None:
    """What only the whole file shows: slots that are not there, examples of two intents, languages that lack."""
    first: dict[tuple[str, str], str] = {}
    listed = node.get("intents")
    for name, by in made.of.items():
        for language, examples in by.items():
            for example in examples:
                _judge_slots(example, made, reading)
                _judge_twin(example, language, name, first, reading)
        lacking = missing(by, reading.languages)
        if by and lacking and listed is not None:
            message = f"the intent `{name}` has no example in {', '.join(lacking)}"
            reading.tell("text-missing", listed.key_at(name), message, fix="write some", severity="warning")


def _judge_slots(example: Example, made: Intents, reading: Reading) -> None:
    for words, slot in example.slots:
        if slot not in made.slots:
            message = f"`{words}` is marked as the slot `{slot}`, which is not there{nearest(slot, made.slots)}"
            reading.tell("unknown-slot", example.at, message, fix=f"add it under slots: {slot or 'name'}: text")


def _judge_twin(
    example: Example, language: str, name: str, first: dict[tuple[str, str], str], reading: Reading
) -> None:
    key = language, fold(example.text)
    other = first.setdefault(key, name)
    if other != name:
        message = f"`{example.text}` is an example of `{other}` already"
        why = "nobody could tell which of the two is meant"
        reading.tell("same-example", example.at, message, why=why, fix="keep it in one of them", severity="warning")
