"""A question: its wording, what it accepts, second tries, silence, the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from runtime.flow.compiling import Save, Steps
from runtime.flow.expr import Expression
from runtime.flow.live import Formula, Plainly, Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import By, Fields, Flag, Many, One, Pattern, Shapes, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps import kinds, wordings
from runtime.flow.steps.buttons import buttons, offered
from runtime.flow.steps.choices import Choices, ChoicesShape
from runtime.flow.steps.say import Saying
from runtime.flow.steps.timing import SILENT, TALK, break_silence, watch_silence
from runtime.flow.tree import Block, Effects, Step
from runtime.flow.variables import Variable
from runtime.model import Data, Output

QUICK = 13
"""Quick replies a message can have: https://developers.line.biz/en/reference/messaging-api/#items-object"""

PICKER = By(
    scalar=Flag(),
    map=Fields({"label": Wording(), **{key: Plainly() for key in ("min", "max", "initial")}}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Asks and waits; the answer goes into the variable of its name."""

    VERB = "ask"
    VALUE = Word()
    KEYS: ClassVar[Shapes] = {
        "type": One(tuple(kinds.READERS)),
        "options": ChoicesShape(),
        "pattern": Pattern(),
        "picker": PICKER,
        "min": Formula(),
        "max": Formula(),
        "when": Formula(("answer",)),
        "else": Many(Steps(say=True, aside=True), single=True),
        "give_up": Steps(say=True),
        "silent": SILENT,
        "save": Save(("answer",)),
        "optional": Flag(),
        "forget": Flag(),
        "stale": One(("again", "ignore")),
    }

    value: str
    type: str = ""
    options: Choices | None = None
    pattern: Any = None
    picker: Any = None
    min: Expression | None = None
    max: Expression | None = None
    when: Expression | None = None
    else_: tuple[Block, ...] = ()
    give_up: Block | None = None
    silent: Mapping[str, Any] | None = None
    save: tuple[tuple[str, Expression | None], ...] = ()
    optional: bool = False
    forget: bool = False
    stale: str = "again"
    ELSEWHERE: ClassVar[Shapes] = wordings.KEYS

    said: tuple[Saying, ...] = field(default=(), repr=False)
    variable: Variable | None = None

    # asking

    def run(self, state: State) -> Effects | None:
        self._speak(state, {"tries": 0})
        return None

    def again(self, state: State) -> Effects | None:
        self._speak(state, {"tries": state.level.data.get("tries", 0)})
        return None

    def rest(self, state: State) -> None:
        """Below a hint the quick replies of the question are gone; they come again with the hint."""
        watch_silence(self, state, self.silent, state.level.data)
        if state.outputs and not state.outputs[-1].quick and (quick := self.quick(state)):
            state.outputs[-1] = _with_quick(state.outputs[-1], quick)

    def _speak(self, state: State, data: dict[str, Any]) -> None:
        said = self._wording(state)
        offers: dict[str, list[str]] = {}
        if self.options is not None:
            offers |= self.options.offers(state)
        for output in said:
            state.out(output)
            for value, words in offered(output).items():
                offers.setdefault(value, words)
        if self.type == "choice":
            data["offers"] = offers
        watch_silence(self, state, self.silent, data)
        state.wait(self, data)

    def _wording(self, state: State) -> list[Output]:
        made = [one.output(state, self.name) for one in self.said]
        if made and (quick := self.quick(state)):
            made[-1] = _with_quick(made[-1], quick)
        return made

    def quick(self, state: State) -> tuple[Data, ...]:
        """Quick replies that belong to the question rather than to a message: options, picker, the wording's own."""
        own = [one for said in self.said[-1:] for one in buttons(said.quick, state, self.name)]
        options = self.options.buttons(state, self.name) if self.options is not None else []
        return (*own, *options, *kinds.picker(self, state))

    # answering

    def resume(self, state: State) -> bool:
        event = state.event
        if event.kind not in TALK or kinds.stale(self, state):
            return False
        answer = kinds.answer(self, state)
        if answer is kinds.MISS or not self._agrees(state, answer):
            return self._pass_by(state)
        self._take(state, answer)
        return True

    def _agrees(self, state: State, answer: Any) -> bool:
        """Whether the answer also passes the variable's bounds and the question's own check."""
        if self.variable is not None and not kinds.fits(self.variable, answer):
            return False
        if self.when is None:
            return True
        with state.naming("answer", answer), state.naming(self.value, answer):
            return bool(self.when.value(state.scope()))

    def _take(self, state: State, answer: Any) -> None:
        state.assign(self.value, answer, self.at)
        if self.forget:
            state.forget(self.value)
            state.note(self, private=True)
        with state.naming("answer", answer):
            for name, part in self.save:
                state.assign(name, answer if part is None else part.value(state.scope()), self.at)
        state.remember_tap()
        state.go_on()

    def _pass_by(self, state: State) -> bool:
        """An optional question lets go of what it cannot use, once its second tries are used up."""
        if not self.optional or not kinds.counts(state.event):
            return False
        if not kinds.skips(state) and state.level.data.get("tries", 0) < len(self.else_):
            return False
        state.assign(self.value, None, self.at)
        state.go_on()
        return True

    # second tries

    def refuse(self, state: State) -> bool:
        event = state.event
        if kinds.stale(self, state) or not kinds.counts(event):
            if self.stale == "ignore":
                state.note(self, ignored="a tap on what was answered before")
                return True
            self._restart_silence(state)
            state.ask_again()
            return True
        tries = int(state.level.data.get("tries", 0)) + 1
        state.level.data["tries"] = tries
        state.note(self, wrong=tries)
        self._restart_silence(state)
        if tries > len(self.else_) and self.give_up is not None:
            state.settle(self.give_up)
        elif self.else_:
            state.aside(self.else_[min(tries, len(self.else_)) - 1], again=False)
        else:
            state.ask_again()
        return True

    def _restart_silence(self, state: State) -> None:
        timer = state.level.data.pop("silent", None)
        if timer is not None:
            state.cancel(timer)

    def due(self, state: State, purpose: str) -> None:
        break_silence(self, state, self.silent)

    # the file

    @classmethod
    def parts(cls, node: Node, reading: Reading) -> dict[str, Any]:
        said = wordings.read(node, reading)
        name = node.map["ask"].text if "ask" in node.map else ""
        return {"said": said, "variable": reading.vars.get(name), "type": kinds.inferred(node, reading.vars.get(name))}

    @property
    def waits(self) -> bool:
        return True

    @property
    def asks(self) -> bool:
        return True

    @property
    def implicit_id(self) -> str:
        return self.value

    def verify(self, reading: Reading, node: Node) -> None:
        self._judge_type(reading, node)
        if not self.said:
            reading.tell(
                "missing-key",
                node.at,
                "this question says nothing",
                fix=f"add say: … (or {', '.join(verb for verb in wordings.KINDS if verb != 'say')})",
            )
        if self.type == "regex" and self.pattern is None:
            reading.tell("missing-key", node.at, "a question of type regex needs a `pattern`", fix="add pattern: …")
        if self.picker and self.type not in ("date", "time", "datetime"):
            reading.tell("wrong-kind", node.key_at("picker"), f"a question of type {self.type} has no picker")

    def _judge_type(self, reading: Reading, node: Node) -> None:
        variable = self.variable
        if variable is None or not variable.declared:
            return
        fitting = kinds.FITTING.get(variable.type)
        if fitting is not None and self.type not in fitting:
            reading.tell(
                "wrong-type",
                node.key_at("type") if "type" in node.map else node.at,
                f"`{self.value}` is declared as {variable.type}, and a question of type {self.type} gives another kind",
                fix=f"ask with type {' or '.join(fitting)}, or declare the variable as any",
            )


def _with_quick(output: Output, quick: tuple[Data, ...]) -> Output:
    return replace(output, quick=quick[:QUICK])
