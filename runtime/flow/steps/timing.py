"""Waiting: for the user, for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from runtime.errors import NorenError
from runtime.flow.expr import Expression
from runtime.flow.live import Formula
from runtime.flow.moments import read_moment, zone
from runtime.flow.reading import Reading
from runtime.flow.shapes import LONGEST, SPAN, UNITS, Fields, Many, One, Shapes, Span
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps import silence
from runtime.flow.tree import Effects, Step
from runtime.flow.triggers import EVENTS, MESSAGES, Trigger, TriggerIndex, TriggerShape

TALK = frozenset({"message", "postback"})
"""Events by which a user says something: only these can answer, and only these can be wrong answers."""


@dataclass(frozen=True, slots=True)
class WaitShape:
    """What is waited for: anything, a kind of message or event, or triggers."""

    def read(self, node: Node, reading: Reading) -> TriggerIndex | None:
        if node.kind == "map":
            made = _FOR.read(node, reading)
            return TriggerIndex(one for one in made.get("for", ()) if one is not None)
        if SPAN.fullmatch(node.text.strip()):
            message = f"`wait` waits for the user, and {node.text} is a length of time"
            reading.tell("unknown-word", node.at, message, fix=f"to go on after a while write delay: {node.text}")
            return None
        word = One((*MESSAGES, *(kind for kind in EVENTS if kind not in MESSAGES))).read(node, reading)
        name = "message" if word in MESSAGES else "event"
        return TriggerIndex([Trigger(reading.flow, node.at, 0, {name: (word,)}, path=reading.path)])

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"enum": [*MESSAGES, *EVENTS]}, _FOR.schema()]}


_FOR = Fields({"for": Many(TriggerShape(acts=False), min=1, single=True)}, needs=("for",), what="a mapping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Step):
    """Waits for what comes next, or for something of a kind."""

    VERB = "wait"
    VALUE = WaitShape()
    BARE = True
    KEYS: ClassVar[Shapes] = {"silent": silence.SILENT}

    value: TriggerIndex | None = None
    silent: silence.Rungs | None = None

    def run(self, state: State) -> Effects | None:
        data: dict[str, Any] = {}
        silence.watch(self, state, self.silent, data)
        state.wait(self, data)
        return None

    def resume(self, state: State) -> bool:
        if state.event.kind not in TALK if self.value is None else self.value.first(state) is None:
            return False
        state.go_on()
        return True

    def rest(self, state: State) -> None:
        silence.watch(self, state, self.silent, state.level.data)

    def due(self, state: State, purpose: str) -> None:
        silence.break_in(self, state, self.silent)

    @property
    def waits(self) -> bool:
        return True

    @property
    def asks(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class DelayShape:
    """A length of time, or an expression that gives one or says until when."""

    def read(self, node: Node, reading: Reading) -> int | Expression:
        if node.kind == "map":
            made: Expression = _UNTIL.read(node, reading).get("until") or Expression.constant(0, node.at)
            return made
        if node.kind == "text" and "{{" in node.text:
            return Formula().read(node, reading)
        return Span(min=100).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Span().schema(), {"type": "string", "pattern": r"\{\{"}, _UNTIL.schema()]}


_UNTIL = Fields({"until": Formula()}, needs=("until",), what="a mapping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(Step):
    """Goes on after a while, or at a time. The session waits, the runtime does not."""

    VERB = "delay"
    VALUE = DelayShape()

    value: int | Expression

    def run(self, state: State) -> Effects | None:
        due = self._due(state)
        if due > state.now:
            state.wait(self, {"delay": state.timer("delay", due, step=self.name)})
        return None

    def _due(self, state: State) -> int:
        if isinstance(self.value, int):
            return state.now + self.value
        found = moment_of(self.value.value(state.scope()), state)
        if found is None or found > state.now + LONGEST:
            raise NorenError("this gives neither a length of time nor a time within 400 days", at=self.at)
        return found

    def again(self, state: State) -> Effects | None:
        state.wait(self, dict(state.level.data))
        return None

    def due(self, state: State, purpose: str) -> None:
        state.go_on()

    @property
    def waits(self) -> bool:
        return True


def moment_of(value: Any, state: State) -> int | None:
    """Milliseconds since the epoch of a time, or of a length of time from now; dates begin at midnight."""
    if isinstance(value, timedelta):
        return state.now + round(value.total_seconds() * 1000)
    if isinstance(value, str) and (span := re.fullmatch(SPAN, value.strip())):
        return state.now + round(float(span[1]) * UNITS[span[2]])
    found = read_moment(value)
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not isinstance(found, datetime):
        return None
    here = found if found.tzinfo else found.replace(tzinfo=zone(state.config.timezone))
    return round(here.timestamp() * 1000)
