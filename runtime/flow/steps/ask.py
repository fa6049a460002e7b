"""A question: its wording, what it accepts, second tries, silence, the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from runtime.flow.compiling import FUNCTION_NAME, Save, Steps
from runtime.flow.expr import Expression
from runtime.flow.filling import fill
from runtime.flow.live import Formula, Phrase, Plainly, Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import By, Fields, Flag, Many, One, Pattern, Plain, Shape, Shapes, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps import checks, escalation, kinds, silence, sure, wordings
from runtime.flow.steps.buttons import buttons, offered
from runtime.flow.steps.choices import Choices, ChoicesShape
from runtime.flow.steps.effects import judgement
from runtime.flow.steps.questions import Reaction, Skippable, TypeShape, judge_question
from runtime.flow.steps.say import Saying
from runtime.flow.steps.timing import TALK
from runtime.flow.tree import Block, Effects, Step
from runtime.flow.variables import Variable, jsonable
from runtime.model import Data, Output

QUICK = 13
"""Quick replies a message can have: https://developers.line.biz/en/reference/messaging-api/#items-object"""

PICKER = By(
    scalar=Flag(),
    map=Fields({"label": Wording(), **{key: Plainly() for key in ("min", "max", "initial")}}),
)


@dataclass(frozen=True, slots=True)
class Answers(Word):
    """The name of the variable that the answer goes into."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.kind == "text" and " " in node.text.strip():
            message = "behind `ask` stands the name of the variable that takes the answer"
            fix = f'write ask: answer, and below it say: "{node.text[:60]}"'
            reading.tell("wrong-form", node.at, message, fix=fix)
            return "answer"
        return Word.read(self, node, reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """Asks and waits; the answer goes into the variable of its name."""

    VERB = "ask"
    VALUE: ClassVar[Shape] = Answers()
    KEYS: ClassVar[Shapes] = {
        "type": TypeShape(),
        "options": ChoicesShape(),
        "pattern": Pattern(),
        "picker": PICKER,
        "min": Formula(),
        "max": Formula(),
        "unit": One(tuple(dict.fromkeys(unit for units in kinds.UNITS.values() for unit in units))),
        "currency": Plain("[A-Z]{3}", "a currency such as JPY"),
        "when": checks.ChecksShape(),
        "check": FUNCTION_NAME,
        "else": Many(Steps(say=True, aside=True), single=True),
        "escalate": escalation.EscalationShape(),
        "give_up": Steps(say=True),
        "silent": silence.SILENT,
        "save": Save(("answer",)),
        "skip": By(scalar=Formula()),
        "optional": Skippable(),
        "forget": Flag(),
        "stale": One(("again", "ignore")),
        "edited": Reaction(),
        "unsent": Reaction(),
    }

    value: str
    type: str = ""
    options: Choices | None = None
    pattern: Any = None
    picker: Any = None
    min: Expression | None = None
    max: Expression | None = None
    unit: str = ""
    currency: str = ""
    when: tuple[checks.Check, ...] | None = None
    check: str = ""
    else_: tuple[Block, ...] = ()
    escalate: tuple[escalation.Rung, ...] = ()
    give_up: Block | None = None
    silent: silence.Rungs | None = None
    save: tuple[tuple[str, Expression | None], ...] = ()
    skip: Expression | None = None
    optional: Mapping[str, Any] | None = None
    forget: bool = False
    stale: str = "again"
    edited: Block | bool = False
    unsent: Block | bool = False
    ELSEWHERE: ClassVar[Shapes] = wordings.KEYS

    said: tuple[Saying, ...] = field(default=(), repr=False)
    variable: Variable | None = None
    sure: Mapping[str, Any] | None = None

    # asking

    def run(self, state: State) -> Effects | None:
        if self.skip is not None and state.landed is not self and self._known(state):
            state.note(self, skipped="answered before")
            return None
        self._speak(state, {"tries": 0})
        return None

    def _known(self, state: State) -> bool:
        """Whether the question need not be asked; `skip: true` asks for the variable."""
        assert self.skip is not None
        if self.skip.static:
            return bool(self.skip.value({})) and state.value(self.value) not in (None, "")
        return bool(self.skip.value(state.scope()))

    def again(self, state: State) -> Effects | None:
        data = state.level.data
        kept = {key: data[key] for key in ("tries", "refused", sure.KEPT) if key in data}
        if sure.KEPT in kept and self.sure is not None:
            self._say_back(state, kept[sure.KEPT], kept)
        else:
            self._speak(state, {"tries": 0, **kept})
        return None

    def rest(self, state: State) -> None:
        """Below a hint the quick replies of the question are gone; they come again with the hint."""
        silence.watch(self, state, self.silent, state.level.data)
        if sure.KEPT in state.level.data:
            return
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
        silence.watch(self, state, self.silent, data)
        state.wait(self, data)

    def _say_back(self, state: State, answer: Any, data: dict[str, Any]) -> None:
        assert self.sure is not None
        state.out(sure.say_back(self.sure, answer, self, state))
        data[sure.KEPT] = jsonable(answer)
        silence.watch(self, state, self.silent, data)
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
        label: Phrase | None = self.optional.get("label") if self.optional else None
        skip = [{"label": label.text(state), "value": "", "ask": self.name}] if label is not None else []
        return (*own, *options, *kinds.picker(self, state), *skip)

    # answering

    def resume(self, state: State) -> bool:
        event, data = state.event, state.level.data
        if event.kind == "edited":
            if not data.get("refused") or event.data.get("id") != data["refused"]:
                return False
        elif event.kind not in TALK or kinds.stale(self, state):
            return False
        if sure.KEPT in data and self.sure is not None:
            said = sure.verdict(self.sure, state)
            if said is not None:
                self._settled(state, said)
                return True
        answer = kinds.answer(self, state)
        if answer is None and self.optional is not None:
            self._leave_out(state)
            return True
        if answer is kinds.MISS or not self.agrees(state, answer):
            return self._pass_by(state)
        if self.check and answer is not None:
            state.judge(answer)
        else:
            self._accept(state, answer)
        return True

    def understood(self, state: State, text: str) -> Any:
        """The value that a text means, or None."""
        return kinds.READERS[self.type](self, state, text)

    def agrees(self, state: State, answer: Any) -> bool:
        """Whether the answer also passes the variable's bounds and the question's own checks."""
        if self.variable is not None and not kinds.fits(self.variable, answer):
            return False
        found = checks.failing(self.when, self.value, answer, state) if self.when else None
        state.objection = found.otherwise if found else None
        return found is None

    def judge(self, state: State) -> Effects:
        """Ask the question's Python function: true, false, words for the user, or `{value: …}` or `{say: …}`."""
        state.step, state.stopped = None, True
        answer, words = state.candidate, ""
        said = yield from judgement(self, state, self.check, {"answer": answer, "question": self.value}, self.forget)
        good = said is None or (bool(said) and not isinstance(said, str))
        if isinstance(said, Mapping):
            good, words = "value" in said, str(said.get("say") or "")
            answer = said.get("value", answer)
        elif isinstance(said, str):
            words = said
        if good:
            self._accept(state, answer)
        else:
            self._wrong(state, words)

    def _accept(self, state: State, answer: Any) -> None:
        if self.sure is not None and answer is not None:
            self._drop_silence(state)
            self._say_back(state, answer, {"tries": state.level.data.get("tries", 0)})
            state.remember_tap()
        else:
            self._take(state, answer)

    def _settled(self, state: State, right: bool) -> None:
        """The user has said whether what was said back is right."""
        answer = state.level.data.pop(sure.KEPT)
        if right:
            self._take(state, answer)
            return
        assert self.sure is not None
        self._drop_silence(state)
        wrong: Block | None = self.sure.get("wrong")
        if wrong is not None:
            state.aside(wrong, again=True)
        else:
            state.ask_again()

    def _take(self, state: State, answer: Any) -> None:
        self.keep(state, answer)
        if self.forget:
            self._hide(state)
        else:
            state.remember_tap()
        state.remember_answer(self)
        state.go_on()

    def keep(self, state: State, answer: Any) -> None:
        """Put the answer, and parts of it, into their variables."""
        state.assign(self.value, answer, self.at)
        if self.forget:
            state.forget(self.value)
        with state.naming("answer", answer):
            for name, part in self.save:
                state.assign(name, answer if part is None else part.value(state.scope()), self.at)

    def _hide(self, state: State) -> None:
        state.private = True
        state.note(self, private=True)

    def _pass_by(self, state: State) -> bool:
        """An optional question lets go of what it cannot use, once its second tries are used up."""
        if self.optional is None or not kinds.counts(state.event):
            return False
        words: frozenset[str] = self.optional.get("words", frozenset())
        if not kinds.skips(state, words) and state.level.data.get("tries", 0) < len(self.else_):
            return False
        self._leave_out(state)
        return True

    def _leave_out(self, state: State) -> None:
        assert self.optional is not None
        state.assign(self.value, fill(self.optional["value"], state) if "value" in self.optional else None, self.at)
        state.remember_tap()
        state.go_on()

    # second tries

    def refuse(self, state: State) -> bool:
        event = state.event
        if kinds.stale(self, state) or not kinds.counts(event):
            if self.stale == "ignore":
                state.note(self, ignored="a tap on what was answered before")
                return True
            self._drop_silence(state)
            state.ask_again()
            return True
        self._wrong(state)
        return True

    def _wrong(self, state: State, words: str = "") -> None:
        """What is done at this wrong answer, else the check's own words, else the next hint, else the way out."""
        data = state.level.data
        tries = data["tries"] = int(data.get("tries", 0)) + 1
        data["refused"] = str(state.event.data.get("id") or "")
        state.note(self, wrong=tries)
        if self.forget:
            self._hide(state)
        self._drop_silence(state)
        rung = escalation.rung_for(self.escalate, tries)
        own = words or state.objection is not None
        if rung is not None:
            if rung.skips:
                state.assign(self.value, fill(rung.value, state), self.at)
            escalation.climb(rung, state)
        elif tries > max(len(self.else_), 1 if own else 0) and self.give_up is not None:
            state.settle(self.give_up)
        elif words:
            state.out(Output(kind="text", text=words, at=self.at))
            state.stay()
        elif state.objection is not None:
            state.aside(state.objection, again=False)
        elif self.else_ and sure.KEPT not in data:
            state.aside(self.else_[min(tries, len(self.else_)) - 1], again=False)
        else:
            state.ask_again()

    def _drop_silence(self, state: State) -> None:
        timer = state.level.data.pop("silent", None)
        if timer is not None:
            state.cancel(timer)

    def due(self, state: State, purpose: str) -> None:
        silence.break_in(self, state, self.silent)

    # the file

    @classmethod
    def parts(cls, node: Node, reading: Reading) -> dict[str, Any]:
        said = wordings.read(node, reading)
        name = node.map[cls.VERB].text if cls.VERB in node.map else ""
        variable = reading.vars.get(name)
        made: dict[str, Any] = {"said": said, "variable": variable, "type": kinds.inferred(node, variable)}
        confirm = node.get("confirm")
        if confirm is not None and sure.meant(confirm):
            with reading.inside("confirm"):
                made["sure"] = sure.read(confirm, reading)
        return made

    @property
    def waits(self) -> bool:
        return True

    @property
    def asks(self) -> bool:
        return True

    @property
    def implicit_id(self) -> str:
        return self.value

    def blocks(self) -> Iterator[Block]:
        yield from Step.blocks(self)
        yield from (check.otherwise for check in self.when or () if check.otherwise is not None)
        yield from (rung.block for rung in self.escalate)

    def verify(self, reading: Reading, node: Node) -> None:
        judge_question(self, reading, node)


def _with_quick(output: Output, quick: tuple[Data, ...]) -> Output:
    return replace(output, quick=quick[:QUICK])
