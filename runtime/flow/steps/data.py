"""Variables, language, the log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.errors import NorenError
from runtime.flow.compiling import Into, check_into
from runtime.flow.expr import Expression, Template
from runtime.flow.filling import Filling, fill
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula, Plainly
from runtime.flow.reading import LANGUAGE, NAME, Reading
from runtime.flow.shapes import Dict, Many, One
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tongues import tongue
from runtime.flow.tree import Effects, Step
from runtime.flow.variables import called

MAX_PUSHED = 1_000
"""Entries a list may have grown to by `push`; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Assignments:
    """Variable → bare expression; lists and mappings are taken as they are written, with `{{ }}` inside."""

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if node.kind != "map" or not node.map:
            reading.wrong(node, "a mapping: variable: expression")
            return {}
        made: dict[str, Any] = {}
        for key, one in node.map.items():
            check_into(key, node, reading, key)
            with reading.inside(key):
                shape = Filling() if one.kind in ("map", "list", "nothing") else Formula()
                before = len(reading.findings)
                made[key] = shape.read(one, reading)
                _text_meant(key, one, before, reading)
        return made

    def schema(self) -> dict[str, Any]:
        made = Dict(Filling(schemas={}), Into().schema()["pattern"][1:-1]).schema()
        return made | {"minProperties": 1}


def _text_meant(key: str, node: Node, before: int, reading: Reading) -> None:
    """A single unknown word is most likely meant as a text."""
    for index, told in enumerate(reading.findings[before:], before):
        if told.code == "expr-name" and NAME.fullmatch(node.text) and "did you mean" not in told.fix:
            why = "values of `set` are expressions, and a word without quotes is a name in them"
            reading.findings[index] = replace(told, why=why, fix=f"for the text write {key}: \"'{node.text}'\"")


def assign(state: State, name: str, part: Any, step: Step) -> None:
    """Put an expression's or a filling's value into a variable."""
    value = part.value(state.scope()) if isinstance(part, Expression) else fill(part, state)
    state.assign(name, value, step.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Step):
    """Puts values into variables, one after the other."""

    VERB = "set"
    VALUE = Assignments()

    value: Mapping[str, Any]

    def run(self, state: State) -> Effects | None:
        for name, part in self.value.items():
            assign(state, name, part, self)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push(Step):
    """Adds to the end of a list."""

    VERB = "push"
    VALUE = Assignments()

    value: Mapping[str, Any]

    def run(self, state: State) -> Effects | None:
        for name, part in self.value.items():
            before = self._list(state, name)
            added = part.value(state.scope()) if isinstance(part, Expression) else fill(part, state)
            state.assign(name, [*before, added][-MAX_PUSHED:], self.at)
        return None

    def _list(self, state: State, name: str) -> list[Any]:
        root, _, rest = name.partition(".")
        found = state.value(root)
        found = (found or {}).get(rest) if rest else found
        if found is None:
            return []
        if not isinstance(found, list):
            raise NorenError(f"`{name}` is {called(found)}, not a list", at=self.at)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset(Step):
    """Puts variables back to their defaults."""

    VERB = "unset"
    VALUE = Many(Into(), min=1, single=True)

    value: tuple[str, ...]

    def run(self, state: State) -> Effects | None:
        for name in self.value:
            state.unset(name)
        return None


@dataclass(frozen=True, slots=True)
class Scope:
    """`vars` (this flow's), `session` (all flows' and what waits), `profile`, or variables by name."""

    def read(self, node: Node, reading: Reading) -> tuple[str, ...]:
        if node.kind == "text" and node.text in ("vars", "session", "profile"):
            return (f"*{node.text}",)
        made: tuple[str, ...] = Many(Into(), min=1, single=True).read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return Many(Into(), min=1, single=True).schema()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset(Step):
    """Forgets: the flow's variables, the whole session, the profile, or single variables."""

    VERB = "reset"
    VALUE = Scope()
    BARE = True

    value: tuple[str, ...] | None = None

    def run(self, state: State) -> Effects | None:
        for name in self.value or ("*vars",):
            if name == "*vars":
                for known in state.level.home.flow.vars:
                    state.unset(known)
            elif name == "*profile":
                state.profile.clear()
                state.changed()
            elif name == "*session":
                state.forget_session()
            else:
                state.unset(name)
        return None


@dataclass(frozen=True, slots=True)
class LanguageShape:
    """A language as it is written, or an expression that gives one."""

    def read(self, node: Node, reading: Reading) -> Expression:
        if node.kind == "text" and kin(node.text, reading.languages):
            return Expression.constant(node.text, node.at)
        if node.kind == "text" and re.fullmatch(LANGUAGE, node.text) and node.text not in reading.vars:
            close = tongue(node.text, reading.languages)
            reading.tell(
                "unknown-language",
                node.at,
                f"`{node.text}` is no language of this endpoint" + (f"; did you mean `{close}`?" if close else ""),
                fix=f"write {close}" if close else f"known here: {', '.join(reading.languages)}",
            )
            return Expression.constant("", node.at)
        return Formula().read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def kin(wanted: str, known: Sequence[str]) -> str:
    """The one of the known languages that is meant: the same, or else of the same family."""
    tag = wanted.lower().replace("_", "-")
    exact = [one for one in known if one.lower() == tag]
    return next(iter(exact + [one for one in known if one.lower().split("-")[0] == tag.split("-")[0]]), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Step):
    """Goes on in another language."""

    VERB = "language"
    VALUE = LanguageShape()

    value: Expression

    def run(self, state: State) -> Effects | None:
        wanted = plain_text(self.value.value(state.scope()))
        found = kin(wanted, state.config.languages)
        if not found:
            known = ", ".join(state.config.languages)
            raise NorenError(f"this is no language of the endpoint; it has {known}", at=self.at)
        state.speak(found)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Step):
    """Notes in the trace that something was achieved, for reports."""

    VERB = "goal"
    VALUE = Plainly()

    value: Template

    def run(self, state: State) -> Effects | None:
        state.note(self, **{self.VERB: self.value.render(state.scope())})
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Goal):
    """Notes in the trace that a task is done, for reports."""

    VERB = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Step):
    """`off`: from here on, what is said stays out of transcripts and inbox, until `on`."""

    VERB = "record"
    VALUE = One(("on", "off"))

    value: str

    def run(self, state: State) -> Effects | None:
        if self.value == "off":
            state.memory["record"] = "off"
        else:
            state.memory.pop("record", None)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Step):
    """Writes a line into the trace of the turn."""

    VERB = "log"
    VALUE = Plainly()

    value: Template

    def run(self, state: State) -> Effects | None:
        state.note(self, log=self.value.render(state.scope()))
        return None
