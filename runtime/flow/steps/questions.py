"""Shapes of a question's keys, and what is wrong with a question as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.flow.compiling import Steps
from runtime.flow.filling import Filling
from runtime.flow.live import Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Flag, Many, One, Plain
from runtime.flow.source import Node
from runtime.flow.steps import kinds
from runtime.flow.tongues import ByLanguage
from runtime.flow.tree import Block
from runtime.text import fold

if TYPE_CHECKING:
    from runtime.flow.steps.ask import Ask

LATER = ("intent", "slot")
"""Types of the language that this version does not know yet."""


@dataclass(frozen=True, slots=True)
class TypeShape:
    """A type of question."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.text in LATER:
            reading.tell(
                "reserved-verb",
                node.at,
                f"questions of type `{node.text}` are part of the language but not of this version",
                fix="ask for a choice or a text for now",
            )
            return "text"
        return One(tuple(kinds.READERS)).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return One(tuple(kinds.READERS)).schema()


@dataclass(frozen=True, slots=True)
class Reaction:
    """`true`, or steps to do."""

    def read(self, node: Node, reading: Reading) -> Block | bool:
        return node.value is True if node.kind == "bool" else Steps(say=True, aside=True).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Flag().schema(), Steps(say=True).schema()]}


LISTED = Many(Plain(), min=1, single=True)


@dataclass(frozen=True, slots=True)
class SkipWords:
    """Words by which somebody skips: a list, or lists by language."""

    def read(self, node: Node, reading: Reading) -> frozenset[str]:
        if node.kind == "map":
            by: dict[str, tuple[str, ...]] = ByLanguage(Plain()).read(node, reading)
            return frozenset(fold(word) for words in by.values() for word in words)
        return frozenset(fold(word) for word in LISTED.read(node, reading))

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [LISTED.schema(), ByLanguage(Plain()).schema()]}


OPTIONAL = Fields(
    {
        "words": SkipWords(),
        "label": Wording(),
        "value": Filling(schemas={"type": ["string", "number", "boolean", "null"]}),
    },
    what="a mapping",
)


@dataclass(frozen=True, slots=True)
class Skippable:
    """`true`, or `{words, label, value}`."""

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | None:
        if node.kind == "map":
            made: dict[str, Any] = OPTIONAL.read(node, reading)
            return {"on": True, **made}
        return {"on": True} if Flag().read(node, reading) else None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Flag().schema(), OPTIONAL.schema()]}


def judge_question(ask: Ask, reading: Reading, node: Node) -> None:
    """What no single key shows."""
    _judge_type(ask, reading, node)
    if not ask.said and " " not in node.map[ask.VERB].text.strip():
        fix = "add say: … with the words of the question"
        reading.tell("missing-key", node.at, "this question says nothing", fix=fix)
    if _readable(node):
        _judge_parts(ask, reading, node)
    if ask.forget and (ask.sure is not None or ask.edited):
        at = node.key_at("confirm" if ask.sure is not None else "edited")
        why = "the answer would have to be kept until then"
        reading.tell("one-of", at, "a question that forgets cannot ask back or be corrected", why=why)
    if ask.check and ask.edited:
        reading.tell("one-of", node.key_at("edited"), "an edited answer cannot be shown to the `check` function again")


def _judge_parts(ask: Ask, reading: Reading, node: Node) -> None:
    """Keys that only questions of some types have."""
    if ask.type == "regex" and ask.pattern is None:
        reading.tell("missing-key", node.at, "a question of type regex needs a `pattern`", fix="add pattern: …")
    if ask.picker and ask.type not in ("date", "time", "datetime"):
        message, fix = f"a question of type {ask.type} has no picker", "write type: date, time or datetime"
        reading.tell("wrong-kind", node.key_at("picker"), message, fix=fix)
    if ask.unit and ask.unit not in kinds.UNITS.get(ask.type, ()):
        units = kinds.UNITS.get(ask.type, ())
        fix = f"write unit: {' or '.join(units)}" if units else "take it out, or write type: temperature or duration"
        message = f"a question of type {ask.type} has {' or '.join(units) or 'no unit'}"
        reading.tell("wrong-form", node.key_at("unit"), message, fix=fix)
    if ask.currency and ask.type != "money":
        message = f"a question of type {ask.type} has no currency"
        reading.tell("wrong-kind", node.key_at("currency"), message, fix="write type: money")


def _readable(node: Node) -> bool:
    """Whether the type of a question is one; if not, that has been told."""
    return "type" not in node.map or node.map["type"].text in kinds.READERS


def _judge_type(ask: Ask, reading: Reading, node: Node) -> None:
    variable = ask.variable
    if variable is None or not variable.declared:
        return
    fitting = kinds.FITTING.get(variable.type)
    if fitting is not None and ask.type not in fitting and _readable(node):
        reading.tell(
            "wrong-type",
            node.key_at("type") if "type" in node.map else node.at,
            f"`{ask.value}` is declared as {variable.type}, and a question of type {ask.type} gives another kind",
            fix=f"ask with type {' or '.join(fitting)}, or declare the variable as any",
        )
