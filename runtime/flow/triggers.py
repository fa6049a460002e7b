"""What brings a user into a flow: keywords, postbacks, events, kinds of message; found without asking each flow.

Each trigger lies in an index under the condition that says most; what it asks beside is judged for the few that
are found there. Only triggers that are nothing but a pattern, a `when`, a `language` or a `mention` are asked one
by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runtime.flow.compiling import Jump, Steps
from runtime.flow.expr import ExprError, Expression
from runtime.flow.filters import plain_text
from runtime.flow.live import Formula
from runtime.flow.reading import NAME, Reading
from runtime.flow.shapes import By, Dict, Fields, Flag, Many, One, Pattern, Plain, Shape
from runtime.flow.source import Node
from runtime.flow.tongues import ByLanguage
from runtime.flow.tree import Block, Target
from runtime.flow.words import KeywordIndex
from runtime.model import Data, Event, Place

if TYPE_CHECKING:
    from runtime.flow.state import State

EVENTS = (
    *("follow", "unfollow", "join", "leave", "member_joined", "member_left", "message", "edited", "unsend"),
    *("postback", "video_complete", "beacon", "account_link", "membership", "module", "activated", "deactivated"),
    *("bot_suspended", "bot_resumed", "delivery", "unknown", "timer", "inject", "notify", "handover"),
)
MESSAGES = ("text", "image", "video", "audio", "file", "location", "sticker", "unknown")
HANDOVERS = ("queue", "active", "inactive", "completed", "cancelled", "error")
"""What people let a flow know: a status, or that the user is silent."""
CONDITIONS = ("keyword", "regex", "postback", "event", "handover", "message", "data", "mention", "language", "when")
SCORES = {
    "postback": 90.0,
    "keyword": 60.0,
    "regex": 40.0,
    "message": 30.0,
    "handover": 25.0,
    "event": 20.0,
    "mention": 10.0,
}
WHATEVER = "*"
"""In a postback: any value under this name. One that is written out fits better."""
BESIDE = 1.0
"""What each further condition adds: of two triggers of a kind, the one that asks more fits better."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """All conditions hold, or it does not fire. `do` or `goto` say what then happens, else the flow begins."""

    flow: str
    at: Place
    order: int = 0
    conditions: Mapping[str, Any] = field(default_factory=dict)
    do: Block | None = None
    goto: Target | None = None
    path: str = ""
    row: Data = field(default_factory=dict, repr=False, compare=False)
    """What the trace says of this trigger."""

    @property
    def score(self) -> float:
        """How much this trigger says, without how well its keyword fits."""
        best = max((SCORES.get(name, 0.0) for name in self.conditions), default=0.0)
        given = self.conditions.get("postback")
        if isinstance(given, Mapping) and WHATEVER in given.values():
            best -= BESIDE / 2
        return best + BESIDE * (len(self.conditions) - 1)

    def fits(self, state: State) -> bool:
        """Whether everything holds but the keyword, which the index has judged."""
        for name, wanted in self.conditions.items():
            if name != "keyword" and not CHECKS[name](wanted, state, self):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Hit:
    trigger: Trigger
    score: float


class TriggerIndex:
    """Triggers by what makes them fire; `first` in the order of the file, `best` over all flows."""

    __slots__ = ("_events", "_messages", "_pairs", "_raw", "_rest", "_stickers", "_words", "triggers")

    def __init__(self, triggers: Iterable[Trigger] = ()) -> None:
        self.triggers = tuple(triggers)
        words: list[tuple[str, int]] = []
        stickers: list[tuple[str, int]] = []
        self._raw: dict[str, list[int]] = {}
        self._pairs: dict[tuple[str, str], list[int]] = {}
        self._events: dict[str, list[int]] = {}
        self._messages: dict[str, list[int]] = {}
        self._rest: list[int] = []
        for number, trigger in enumerate(self.triggers):
            wanted = trigger.conditions
            if "keyword" in wanted:
                into = stickers if "sticker" in wanted.get("message", ()) else words
                into += [(word, number) for word in wanted["keyword"]]
            else:
                self._sort(number, wanted)
        self._words, self._stickers = KeywordIndex(words), KeywordIndex(stickers)

    def _sort(self, number: int, wanted: Mapping[str, Any]) -> None:
        if "postback" in wanted:
            given = wanted["postback"]
            if isinstance(given, str):
                self._raw.setdefault(given, []).append(number)
            elif given:
                told = min(given.items(), key=lambda pair: (pair[1] == WHATEVER, pair))
                self._pairs.setdefault(told, []).append(number)
            return
        if "handover" in wanted:
            self._events.setdefault("handover", []).append(number)
            return
        for name, into in (("message", self._messages), ("event", self._events)):
            if name in wanted:
                for kind in wanted[name]:
                    into.setdefault(kind, []).append(number)
                return
        self._rest.append(number)

    def first(self, state: State) -> Hit | None:
        """The first in file order that fires."""
        for number, fit in sorted(self._found(state.event).items()):
            trigger = self.triggers[number]
            if trigger.fits(state):
                return Hit(trigger, trigger.score + fit)
        return None

    def best(self, state: State) -> Hit | None:
        """Of each flow the first that fires; of those the one that fits best, the earlier of equals."""
        best: Hit | None = None
        found = self._found(state.event)
        if len(found) == 1:
            [(number, fit)] = found.items()
            trigger = self.triggers[number]
            return Hit(trigger, fit) if trigger.fits(state) else None
        done: set[str] = set()
        for number, fit in sorted(found.items()):
            trigger = self.triggers[number]
            if trigger.flow in done or not trigger.fits(state):
                continue
            done.add(trigger.flow)
            if best is None or trigger.score + fit > best.score:
                best = Hit(trigger, trigger.score + fit)
        return best

    def _found(self, event: Event) -> dict[int, float]:
        """Numbers of the triggers that may fire, each with how well its keyword fits."""
        found: dict[int, float] = dict.fromkeys(self._rest, 0.0) if self._rest else {}
        for number in self._events.get(event.kind, ()):
            found[number] = 0.0
        if event.kind == "message":
            kind = str(event.data.get("type", "text"))
            for number in self._messages.get(kind, ()):
                found[number] = 0.0
            if kind == "sticker":
                for word in event.data.get("keywords") or ():
                    _keep(found, self._stickers, str(word))
            elif event.text:
                _keep(found, self._words, addressed(event))
        elif event.kind == "postback":
            found.update(dict.fromkeys(self._raw.get(str(event.data.get("data", "")), ()), 0.0))
            for key, value in (event.data.get("values") or {}).items():
                for told in (WHATEVER, plain_text(value)):
                    found.update(dict.fromkeys(self._pairs.get((str(key), told), ()), 0.0))
        return found


def _keep(found: dict[int, float], index: KeywordIndex[int], text: str) -> None:
    for hit in index.find(text):
        found[hit.value] = max(found.get(hit.value, 0.0), hit.score * 10)


def addressed(event: Event) -> str:
    """What the user wrote, without the bot's own name in a group."""
    mention = event.data.get("mention")
    if isinstance(mention, Mapping) and mention.get("self") and isinstance(mention.get("rest"), str):
        return str(mention["rest"])
    return event.text


def _regex(wanted: tuple[re.Pattern[str], ...], state: State, _: Trigger) -> bool:
    text = addressed(state.event).strip()
    return bool(text) and any(pattern.search(text) for pattern in wanted)


def _postback(wanted: str | Mapping[str, str], state: State, _: Trigger) -> bool:
    if state.event.kind != "postback":
        return False
    if isinstance(wanted, str):
        return str(state.event.data.get("data", "")) == wanted
    values: Data = state.event.data.get("values") or {}
    return all(key in values and value in (WHATEVER, plain_text(values[key])) for key, value in wanted.items())


def _message(wanted: tuple[str, ...], state: State, _: Trigger) -> bool:
    return state.event.kind == "message" and state.event.data.get("type", "text") in wanted


def _event(wanted: tuple[str, ...], state: State, _: Trigger) -> bool:
    return state.event.kind in wanted


def _handover(wanted: tuple[str, ...], state: State, _: Trigger) -> bool:
    if state.event.kind != "handover":
        return False
    told = state.event.data
    return ("inactive" if "inactivityCount" in told else str(told.get("status"))) in wanted


def _data(wanted: Mapping[str, str], state: State, _: Trigger) -> bool:
    data = state.event.data
    return all(key in data and plain_text(data[key]) == value for key, value in wanted.items())


def _mention(wanted: bool, state: State, _: Trigger) -> bool:
    mention = state.event.data.get("mention")
    return state.event.kind == "message" and bool(isinstance(mention, Mapping) and mention.get("self")) == wanted


def _language(wanted: tuple[str, ...], state: State, _: Trigger) -> bool:
    spoken = state.language.lower()
    return any(one.lower() in (spoken, spoken.split("-")[0]) for one in wanted)


def _when(wanted: Expression, state: State, trigger: Trigger) -> bool:
    try:
        return bool(wanted.value(state.glimpse(trigger.flow)))
    except ExprError as error:
        state.trace.append({"step": f"{trigger.flow}.{trigger.path}", "at": str(trigger.at), "error": error.message})
        return False


CHECKS: Mapping[str, Callable[[Any, State, Trigger], bool]] = {
    "regex": _regex,
    "postback": _postback,
    "event": _event,
    "handover": _handover,
    "message": _message,
    "data": _data,
    "mention": _mention,
    "language": _language,
    "when": _when,
}


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words, also by language."""

    def read(self, node: Node, reading: Reading) -> tuple[str, ...]:
        listed = Many(Plain(), min=1, single=True)
        if node.kind == "map":
            by = ByLanguage(Plain()).read(node, reading)
            return tuple(word for words in by.values() for word in words)
        words: tuple[str, ...] = listed.read(node, reading)
        for word in words:
            if not word.strip():
                reading.tell("wrong-form", node.at, "an empty keyword fits nothing")
        if node.kind == "text" and len(parts := [one.strip() for one in re.split(r"[,、]", node.text)]) > 1:
            message = "this is one keyword, with its comma: only the whole of it fits"
            fix = f"for several words write [{', '.join(parts)}]"
            reading.tell("wrong-form", node.at, message, fix=fix, severity="warning")
        return words

    def schema(self) -> dict[str, Any]:
        listed = Many(Plain(), min=1, single=True).schema()
        return {"anyOf": [listed, ByLanguage(Plain()).schema()]}


@dataclass(frozen=True, slots=True)
class PostbackShape:
    """The whole data as text, or values that must be among it."""

    def read(self, node: Node, reading: Reading) -> str | dict[str, str]:
        if node.kind == "map" and node.map:
            made: dict[str, str] = Dict(Plain()).read(node, reading)
            return made
        text: str = Plain(hint="a text or a mapping of values").read(node, reading)
        return text

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Plain().schema(), Dict(Plain()).schema() | {"minProperties": 1}]}


FIELDS: dict[str, Shape] = {
    "keyword": Keywords(),
    "regex": Many(Pattern(), min=1, single=True),
    "postback": PostbackShape(),
    "event": Many(One(EVENTS), min=1, single=True),
    "handover": Many(One(HANDOVERS), min=1, single=True),
    "message": Many(One(MESSAGES), min=1, single=True),
    "data": Dict(Plain()),
    "mention": Flag(),
    "language": Many(Plain(NAME.pattern + r"(?:-\w+)*", "a language such as ja or zh-TW"), min=1, single=True),
    "when": Formula(),
    "note": Plain(),
}
ACTIONS: dict[str, Shape] = {"do": Steps(say=True, aside=True), "goto": Jump()}


@dataclass(frozen=True, slots=True)
class TriggerShape:
    """One trigger. `acts`: it may say what happens; `must`: it has to."""

    acts: bool = True
    must: bool = False

    def read(self, node: Node, reading: Reading) -> Trigger | None:
        if node.kind != "map":
            said = f"keyword: [{node.text[:60]}]" if node.kind == "text" and node.text else "keyword: [word]"
            reading.wrong(node, "a trigger", fix=f"write {said}, postback: {{…}} or event: follow")
            return None
        if "intent" in node.map:
            reading.tell(
                "reserved-verb",
                node.key_at("intent"),
                "`intent` is part of the language but not of this version",
                fix="use keyword: […] for now",
            )
            return None
        made = self._fields().read(node, reading)
        self._judge(node, reading)
        conditions = {name: made[name] for name in CONDITIONS if name in made}
        row = {"trigger": f"{reading.flow}.{reading.path}", "at": str(node.at)}
        return Trigger(
            reading.flow, node.at, 0, conditions, made.get("do"), made.get("goto"), reading.path, row
        )  # fmt: skip

    def _judge(self, node: Node, reading: Reading) -> None:
        if not any(name in node.map for name in CONDITIONS):
            reading.tell("missing-key", node.at, "this trigger has no condition", fix=f"add {', '.join(CONDITIONS)}")
        if self.acts and "do" in node.map and "goto" in node.map:
            reading.tell("one-of", node.at, "a trigger has `do` or `goto`, not both", fix="put the goto into the do")
        if self.must and not {"do", "goto"} & node.map.keys():
            reading.tell("missing-key", node.at, "what happens then is missing", fix="add do: […] or goto: …")

    def _fields(self) -> Fields:
        return Fields({**FIELDS, **ACTIONS} if self.acts else FIELDS, what="a trigger")

    def schema(self) -> dict[str, Any]:
        made = self._fields().schema()
        made["anyOf"] = [{"required": [name]} for name in CONDITIONS]
        if self.must:
            made["oneOf"] = [{"required": [name]} for name in ACTIONS]
        return made


def listed(acts: bool, must: bool = False) -> By:
    """The shape of a list of triggers."""
    return By(list=Many(TriggerShape(acts, must), min=0), hint="put `- ` before the first line of each trigger")
