"""Everything the flows may say, worked out without anybody to say it to.

Each step that speaks is made to, once per language and wording, with marks in place of what its `{{ }}` will
hold. The texts in what comes out are the very objects of the files, so that each can be led back to its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, cast

from runtime.errors import NorenError
from runtime.flow.bounds import FREE, NAMES, WILD, Blank, Size, draft, size_of
from runtime.flow.expr import Expression, Scope, Template
from runtime.flow.levels import Level
from runtime.flow.live import Filled, Keyed, Repeat, Spoken
from runtime.flow.names import Names
from runtime.flow.state import State
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.say import Saying
from runtime.flow.steps.sending import Notify
from runtime.flow.texts import Entry, Texts
from runtime.flow.tree import Flow, Flows, Step
from runtime.flow.triggers import TriggerIndex
from runtime.flow.variables import Variable
from runtime.model import Chat, Event, Output, Place, Session
from runtime.settings import EndpointSettings

Fill = Literal["short", "long", "wild"]
"""How blanks are filled: with one mark each, with as many as are known to be possible, with a very long text."""
FILLS: tuple[Fill, ...] = ("short", "long", "wild")
ANSWERS: Mapping[str, Size] = {"text": FREE, "any": FREE, "regex": FREE, "url": FREE, "email": 254, "phone": 16}
"""Characters of an answer, by type of the question."""
WORDINGS = 24
"""Wordings of one step that are looked at, in each language."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a file: where it stands and what is filled into it."""

    at: Place
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One output of one step. `texts` leads from the `id` of a text in it to where that is written."""

    output: Output
    step: Step
    language: str
    fill: Fill
    texts: Mapping[int, Written]


class Sample(Template):
    """A template that fills itself with marks; the scope says how."""

    __slots__ = ("fillings",)

    def __init__(self, template: Template, fillings: Mapping[str, str]) -> None:
        self.text, self.at, self.names, self.static = template.text, template.at, template.names, False
        self.fillings = fillings

    @property
    def fills(self) -> set[str]:
        """The ways of filling that make a difference."""
        return {fill for fill, text in self.fillings.items() if fill == "short" or text != self.fillings["short"]}

    def render(self, scope: Scope) -> str:
        return self.fillings[scope["fill"]]


class Guess(Expression):
    """An expression whose value nobody knows yet."""

    __slots__ = ("guess",)

    def __init__(self, guess: Any, at: Place) -> None:
        self.source, self.at, self.names, self.static, self.guess = "", at, frozenset(), False, guess

    def value(self, scope: Scope) -> Any:
        return self.guess


class Drafts:
    """Steps and texts with samples in place of their templates. Keeps every text alive, so that ids stay true."""

    def __init__(self, texts: Texts, sizes: Mapping[str, Size]) -> None:
        self._texts, self._sizes = texts, sizes
        self._kept: dict[int, tuple[Template, Template]] = {}
        self.written: dict[int, Written] = {}
        self.asked: dict[tuple[str, str], Entry] = {}
        """What was asked for, and all that it stood for."""
        self.languages = False
        self.fills: set[str] = set()

    def get(self, key: str, language: str, flow: str = "") -> tuple[Template, ...]:
        """As `Texts.get`."""
        if (key, flow) not in self.asked:
            self.asked[key, flow] = self._texts.entry(key, flow)
        return tuple(self.template(one) for one in self._texts.get(key, language, flow))

    def template(self, template: Template) -> Template:
        known = self._kept.get(id(template))
        if known is None:
            made = self._noted(template) if template.static else self._sample(template)
            known = self._kept[id(template)] = (template, made)
        if isinstance(known[1], Sample):
            self.fills |= known[1].fills
        return known[1]

    def _noted(self, template: Template) -> Template:
        self.written[id(template.text)] = Written(template.at)
        return template

    def _sample(self, template: Template) -> Template:
        made = draft(template, self._sizes)
        fillings: dict[str, str] = {
            fill: made.filled([_size(blank.most, fill) for blank in made.blanks]) for fill in FILLS
        }
        for text in fillings.values():
            self.written[id(text)] = Written(template.at, made.blanks)
        return Sample(template, fillings)

    def of(self, value: Any) -> Any:
        """A step, or a part of one; the very same object when nothing is filled into it."""
        kind = type(value)
        way = _ways.get(kind) or _ways.setdefault(kind, _way(kind))
        return way(self, value)

    def _guess(self, value: Expression) -> Expression:
        return value if value.static else Guess(1.0, value.at)

    def _repeat(self, value: Repeat) -> Repeat:
        return replace(value, over=Guess([None], value.over.at))

    def _several(self, value: Any) -> Any:
        made = [self.of(one) for one in value]
        if all(one is other for one, other in zip(made, value, strict=True)):
            return value
        return made if isinstance(value, list) else tuple(made)

    def _mapping(self, value: dict[Any, Any]) -> dict[Any, Any]:
        filled = {key: self.of(one) for key, one in value.items()}
        return value if all(filled[key] is one for key, one in value.items()) else filled

    def _filled(self, value: Filled) -> Filled:
        filled = self.template(value.template)
        return value if filled is value.template else Filled(filled)

    def _keyed(self, value: Keyed) -> Keyed:
        self.languages = True
        return value

    def _spoken(self, value: Spoken) -> Any:
        self.languages = True
        return self._object(value)

    def _object(self, value: Any) -> Any:
        changed = {}
        for name in _names(type(value)):
            before = getattr(value, name)
            if before and not isinstance(before, (str, int, float)):
                after = self.of(before)
                if after is not before:
                    changed[name] = after
        return _changed(value, changed) if changed else value

    def _same(self, value: Any) -> Any:
        return value


Way = Callable[[Drafts, Any], Any]
WAYS: tuple[tuple[type | tuple[type, ...], Way], ...] = (
    (Template, Drafts.template),
    (Expression, Drafts._guess),
    (Repeat, Drafts._repeat),
    ((tuple, list), Drafts._several),
    (dict, Drafts._mapping),
    (Filled, Drafts._filled),
    (Keyed, Drafts._keyed),
    (Spoken, Drafts._spoken),
    (Saying, Drafts._object),
    ((Place, Variable, Step), Drafts._same),
)
"""What becomes of a value, by its kind: the first that fits. Other dataclasses are looked through."""
_ways: dict[type, Way] = {}


def _way(kind: type) -> Way:
    found = next((way for kinds, way in WAYS if issubclass(kind, kinds)), None)
    return found or (Drafts._object if is_dataclass(kind) else Drafts._same)


def _changed(value: Any, changed: Mapping[str, Any]) -> Any:
    """As `dataclasses.replace`, which takes twice the time: what a value was checked for still holds."""
    made = object.__new__(type(value))
    for name in _names(type(value), every=True):
        object.__setattr__(made, name, changed[name] if name in changed else getattr(value, name))
    return made


PLAIN = frozenset({"flow", "path", "at", "row"})
"""Fields of every step that say where it stands."""


_parts: dict[tuple[type[Any], bool], tuple[str, ...]] = {}


def _names(kind: type[Any], *, every: bool = False) -> tuple[str, ...]:
    """The fields of a kind of value; of steps without `every` those that may hold words."""
    if (kind, every) not in _parts:
        plain = PLAIN if issubclass(kind, Step) and not every else frozenset[str]()
        _parts[kind, every] = tuple(one.name for one in fields(kind) if one.name not in plain)
    return _parts[kind, every]


def sizes(flow: Flow) -> dict[str, Size]:
    """How long each name of a flow may get in a text. What people are asked to write has no end."""
    known = {**NAMES, **{name: size_of(variable) for name, variable in flow.vars.items()}}
    for step in flow.nodes.values():
        if isinstance(step, Ask) and known.get(step.value) is None:
            known[step.value] = ANSWERS.get(step.type)
    return known


def _size(most: Size, fill: Fill) -> Size:
    if most is None or fill == "short":
        return 1
    return (WILD if fill == "wild" else 1) if most == FREE else max(most, 1)


class Rehearsal(State):
    """A state in which a step can speak: one language, one wording after the other."""

    def __init__(self, flow: Flow, drafts: Drafts, config: EndpointSettings) -> None:
        chat = Chat("user", "U" + "0" * 32)
        event = Event(id="-", session="-", endpoint="-", kind="message", at=0, due=0, chat=chat)
        texts = cast(Texts, drafts)
        flows = Flows(version="", flows={flow.name: flow}, start=TriggerIndex([]), texts=texts)
        super().__init__(flows, Session(key="-", endpoint="-", chat=chat), event, config, 0)
        self.levels = [Level(flows, flow)]
        self.fill: Fill = "short"
        self.turn_of = 0
        self.wordings = 1

    def scope(self) -> Names:
        return Names({"fill": self.fill}, self)

    @contextmanager
    def naming(self, name: str, value: Any) -> Iterator[None]:
        yield

    def draw(self, count: int) -> int:
        self.wordings = max(self.wordings, min(count, WORDINGS))
        return self.turn_of % count

    def tally(self, kind: str, name: str, *, forever: bool = False) -> int:
        self.wordings = max(self.wordings, 3)
        return self.turn_of


def spoken(flow: Flow, drafts: Drafts, config: EndpointSettings) -> Iterator[Said]:
    """What a flow says at an endpoint, step by step; `drafts` are made for it (see `drafts_of`)."""
    state = Rehearsal(flow, drafts, config)
    for step in flow.nodes.values():
        yield from _step(step, state, drafts)


def drafts_of(flow: Flow, texts: Texts) -> Drafts:
    return Drafts(texts, sizes(flow))


def _step(step: Step, state: Rehearsal, drafts: Drafts) -> Iterator[Said]:
    drafts.languages, drafts.fills = False, {"short"}
    outputs = _speaker(step, drafts)
    if outputs is None:
        return
    for language in state.config.languages if drafts.languages else state.config.languages[:1]:
        state.language = language
        for fill in FILLS:
            if fill in drafts.fills:
                state.fill, state.wordings = fill, 1
                yield from _wordings(step, outputs, state, drafts)


def _wordings(step: Step, outputs: Any, state: Rehearsal, drafts: Drafts) -> Iterator[Said]:
    state.turn_of = 0
    while state.turn_of < state.wordings:
        try:
            made = outputs(state)
        except NorenError:
            return  # what cannot be said has a finding of its own: a text that is not there
        for output in made:
            yield Said(output, step, state.language, state.fill, drafts.written)
        state.turn_of += 1


def _speaker(step: Step, drafts: Drafts) -> Any:
    """What gives the outputs of a step in a state; None for a step that never speaks."""
    if isinstance(step, Notify):
        told = drafts.of(step.said)
        return lambda state: [one.output(state, "") for one in told]
    if isinstance(step, Saying):
        one = drafts.of(step)
        return lambda state: [one.output(state, "")]
    silent = [drafts.of(rung["say"]) for rung in getattr(step, "silent", None) or () if "say" in rung]
    if isinstance(step, Ask):
        parts = {name: drafts.of(getattr(step, name)) for name in ("said", "options", "picker")}
        ask = _changed(step, parts)
        return lambda state: [*_asked(ask, state), *_silence(silent, step, state)]
    return (lambda state: _silence(silent, step, state)) if silent else None


def _asked(ask: Ask, state: State) -> list[Output]:
    """A question's wording with all its quick replies, also those beyond what a message can hold."""
    made = [one.output(state, ask.name) for one in ask.said]
    if made and (quick := ask.quick(state)):
        made[-1] = replace(made[-1], quick=quick)
    return made


def _silence(phrases: list[Any], step: Step, state: State) -> list[Output]:
    return [Output(kind="text", text=phrase.text(state), at=step.at) for phrase in phrases]
