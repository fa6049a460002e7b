"""Branches and jumps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.errors import NorenError
from runtime.flow.compiling import Jump, Steps
from runtime.flow.expr import Expression, Template
from runtime.flow.filling import Filling, fill
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula, Plainly
from runtime.flow.reading import Reading
from runtime.flow.shapes import Dict, Fields, Many, Nothing, Number, One, Shapes, Span, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tree import Block, Effects, Step, Target
from runtime.model import Place


def leads_on(block: Block | None) -> bool:
    """Whether the end of a block can be reached; one that is not there is passed by."""
    return block is None or not block.steps or block.steps[-1].falls


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Step):
    """Does one thing or another."""

    VERB = "when"
    VALUE = Formula()
    KEYS: ClassVar[Shapes] = {"do": Steps(say=True), "else": Steps(say=True)}
    NEEDS = ("do",)

    value: Expression
    do: Block | None = None
    else_: Block | None = None

    def run(self, state: State) -> Effects | None:
        state.enter(self.do if self.value.value(state.scope()) else self.else_)
        return None

    @property
    def falls(self) -> bool:
        return leads_on(self.do) or leads_on(self.else_)


RANGE = re.compile(r"(-?\d+(?:\.\d+)?)?\s*\.\.\s*(-?\d+(?:\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a `switch`. `low` and `high` bound a range, ends included."""

    do: Block
    of: tuple[Any, ...] = ()
    low: Expression | None = None
    high: Expression | None = None
    when: Expression | None = None

    def fits(self, value: Any, state: State) -> bool:
        if self.of:
            return any(value == one or plain_text(value) == plain_text(one) for one in self.of)
        if self.when is not None:
            return bool(self.when.value(state.scope()))
        return self._within(value, state)

    def _within(self, value: Any, state: State) -> bool:
        if value is None or isinstance(value, (bool, list, Mapping)):
            return False
        low = self.low.value(state.scope()) if self.low else None
        high = self.high.value(state.scope()) if self.high else None
        try:
            return (low is None or value >= low) and (high is None or value <= high)
        except TypeError:
            return False


CASE = Fields(
    {
        "is": Filling(schemas={}),
        "in": Many(Filling(schemas={}), min=1),
        "from": Formula(),
        "to": Formula(),
        "when": Formula(),
        "do": Steps(say=True),
    },
    needs=("do",),
    what="a case",
)


@dataclass(frozen=True, slots=True)
class CasesShape:
    """Cases by their value, or a list of `{is|in|from|to|when: …, do: …}`."""

    def read(self, node: Node, reading: Reading) -> tuple[Case, ...]:
        if node.kind == "list":
            return tuple(self._case(index, one, reading) for index, one in enumerate(node.items))
        if node.kind != "map" or not node.map:
            reading.wrong(node, "a mapping of values, or a list of cases")
            return ()
        made = []
        for key, one in node.map.items():
            with reading.inside(key):
                made.append(self._by_value(key, Steps(say=True).read(one, reading), node.key_at(key)))
        return tuple(made)

    def _by_value(self, key: str, do: Block, at: Place) -> Case:
        """`5..6` is a range, anything else a value."""
        found = RANGE.fullmatch(key)
        if not found:
            return Case(do, of=(key,))
        low, high = (Expression.constant(float(part), at) if part else None for part in (found[1], found[2]))
        return Case(do, low=low, high=high)

    def _case(self, index: int, node: Node, reading: Reading) -> Case:
        with reading.inside(index):
            made = CASE.read(node, reading)
            kinds = [key for key in node.map if key in ("is", "in", "when")]
            if len(kinds) + bool({"from", "to"} & node.map.keys()) != 1:
                reading.tell("one-of", node.at, "a case has one of is, in, when, or from and to")
            of = made.get("in") or ((made["is"],) if "is" in made else ())
            plain = tuple(getattr(part, "value", None) for part in of)
            do = made.get("do") or Block(reading.path, node.at, ())
            return Case(do, plain, made.get("from"), made.get("to"), made.get("when"))

    def schema(self) -> dict[str, Any]:
        by_value = Dict(Steps(say=True)).schema() | {"minProperties": 1}
        return {"anyOf": [by_value, {"type": "array", "items": CASE.schema()}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Step):
    """Does what belongs to a value."""

    VERB = "switch"
    VALUE = Formula()
    KEYS: ClassVar[Shapes] = {"cases": CasesShape(), "default": Steps(say=True)}
    NEEDS = ("cases",)

    value: Expression
    cases: tuple[Case, ...] = ()
    default: Block | None = None

    def run(self, state: State) -> Effects | None:
        value = self.value.value(state.scope())
        for case in self.cases:
            if case.fits(value, state):
                state.enter(case.do)
                return None
        state.enter(self.default)
        return None

    def blocks(self) -> Iterator[Block]:
        yield from (case.do for case in self.cases)
        yield from (block for block in (self.default, self.error) if block)

    @property
    def falls(self) -> bool:
        return leads_on(self.default) or any(leads_on(case.do) for case in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goto(Step):
    """Jumps to a step, a section or another flow."""

    VERB = "goto"
    VALUE = Jump()

    value: Target

    def run(self, state: State) -> Effects | None:
        state.jump(self.value)
        return None

    def targets(self) -> Iterator[Target]:
        yield self.value

    @property
    def falls(self) -> bool:
        return self.if_ is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Step):
    """Runs another flow with variables of its own, then goes on here."""

    VERB = "run"
    VALUE = Jump("run")
    KEYS: ClassVar[Shapes] = {"in": Dict(Filling(schemas={}), Word().pattern), "out": Dict(Word())}

    value: Target
    in_: Mapping[str, Any] | None = None
    out: Mapping[str, str] | None = None

    def run(self, state: State) -> Effects | None:
        found = state.level.flows.flows.get(self.value.name)
        if found is None:
            raise NorenError(f"there is no flow `{self.value.name}`", at=self.at)
        given = {name: fill(part, state) for name, part in (self.in_ or {}).items()}
        state.call(found, given, self.out or {}, self)
        return None

    def targets(self) -> Iterator[Target]:
        yield self.value

    def verify(self, reading: Reading, node: Node) -> None:
        taken = node.get("out")
        for name in taken.map if taken is not None else ():
            assert taken is not None
            reading.variable(name, taken.key_at(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Step):
    """Ends the conversation, the flows that ran this one included; what it interrupted goes on."""

    VERB = "end"
    VALUE = Nothing()
    BARE = True

    value: None = None

    def run(self, state: State) -> Effects | None:
        state.end()
        return None

    @property
    def falls(self) -> bool:
        return self.if_ is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Step):
    """Ends the turn; what the user says next is a matter of triggers and fallbacks."""

    VERB = "stop"
    VALUE = Nothing()
    BARE = True

    value: None = None

    def run(self, state: State) -> Effects | None:
        if state.level.shares is None:
            state.wait(self)
        else:
            state.levels[-2].again = False
            state.step = None
        return None

    def again(self, state: State) -> Effects | None:
        state.wait(self)
        return None

    @property
    def waits(self) -> bool:
        return True

    @property
    def falls(self) -> bool:
        return self.if_ is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Step):
    """Goes back to the flow that ran this one; ends it when none did."""

    VERB = "return"
    VALUE = Nothing()
    BARE = True

    value: None = None

    def run(self, state: State) -> Effects | None:
        state.leave()
        return None

    @property
    def falls(self) -> bool:
        return self.if_ is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Think(Step):
    """Leaves this flow and goes on as if the user had written a text."""

    VERB = "think"
    VALUE = Plainly()

    value: Template

    def run(self, state: State) -> Effects | None:
        state.think(self.value.render(state.scope()), self)
        return None

    @property
    def falls(self) -> bool:
        return self.if_ is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Once(Step):
    """Does something the first time only, per session or per user."""

    VERB = "once"
    VALUE = Steps(say=True)
    KEYS: ClassVar[Shapes] = {"per": One(("session", "user")), "else": Steps(say=True)}

    value: Block
    per: str = "session"
    else_: Block | None = None

    def run(self, state: State) -> Effects | None:
        seen = state.tally("once", self.name, forever=self.per == "user")
        state.enter(self.else_ if seen else self.value)
        return None

    @property
    def falls(self) -> bool:
        return leads_on(self.value) or leads_on(self.else_)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A length of time."""

    ms: int


@dataclass(frozen=True, slots=True)
class EveryShape:
    """A number of times, or a length of time."""

    def read(self, node: Node, reading: Reading) -> int | Lapse:
        if node.kind == "text":
            return Lapse(Span(min=1_000).read(node, reading))
        number: int = _TIMES.read(node, reading)
        return number

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [_TIMES.schema(), Span().schema()]}


_TIMES = Number(min=1, max=1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Step):
    """Does something each n-th time, beginning with the first, or at most once in a while (`1d`)."""

    VERB = "every"
    VALUE = EveryShape()
    KEYS: ClassVar[Shapes] = {"do": Steps(say=True), "else": Steps(say=True), "per": One(("session", "user"))}
    NEEDS = ("do",)

    value: int | Lapse
    do: Block | None = None
    else_: Block | None = None
    per: str = "session"

    def run(self, state: State) -> Effects | None:
        forever = self.per == "user"
        if isinstance(self.value, Lapse):
            due = state.lapsed(self.name, self.value.ms, forever=forever)
        else:
            due = state.tally("every", self.name, forever=forever) % self.value == 0
        state.enter(self.do if due else self.else_)
        return None

    @property
    def falls(self) -> bool:
        return leads_on(self.do) or leads_on(self.else_)
