"""Handing the chat over to people: asking for them, waiting while they have it, going on afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.flow.compiling import Jump, Save, Steps
from runtime.flow.expr import Template
from runtime.flow.levels import Level
from runtime.flow.live import Plainly, Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Flag, Many, One, Plain, Shape, Shapes, Span, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps.effects import effect, save
from runtime.flow.tree import Block, Effects, Step, Target
from runtime.flow.variables import jsonable
from runtime.model import Place

TALK = frozenset({"message", "postback"})
HEARD = ("queue", "active")
FINAL = frozenset({"completed", "cancelled", "error"})
PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True)
class RequestShape:
    """A queue, or what is asked for in a mapping."""

    def read(self, node: Node, reading: Reading) -> Mapping[str, Any]:
        if node.kind == "text":
            return {"queue": Plainly().read(node, reading)}
        made: Mapping[str, Any] = _REQUEST.read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Plainly().schema(), _REQUEST.schema()]}


_REQUEST = Fields(
    {
        "queue": Plainly(),
        "workstream": Plainly(),
        "provider": Plainly(),
        "priority": One(PRIORITIES),
        "skills": Many(Plainly(), single=True),
        "language": Plainly(),
        "subject": Plainly(),
        "labels": Many(Plainly(), single=True),
        "copilot": Jump("run"),
        "show": Many(Word(), single=True),
    },
    what="a queue, or a mapping",
)

_INACTIVE = Fields(
    {"after": Span(min=60_000), "ball": Flag(), "do": Steps(say=True, aside=True)}, needs=("after",), what="a mapping"
)


class LabelShape:
    """The words on the button, or `false`: nothing is shown, and words and intent still cancel."""

    def read(self, node: Node, reading: Reading) -> Any:
        return "" if node.value is False else Wording().read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": False}, Wording().schema()]}


_CANCEL = Fields(
    {"label": LabelShape(), "words": Many(Plain(), single=True), "intent": Word()}, what="the button, words, an intent"
)


@dataclass(frozen=True, slots=True)
class Cancel:
    """What cancels: the words on the button (`False`: nothing does), others, an intent, and where that is named."""

    label: Any = None
    words: tuple[str, ...] = ()
    intent: str = ""
    at: Place | None = None


class CancelShape:
    """The words on the button that cancels, or `false` for none, or a mapping with `label`, `words` and `intent`."""

    def read(self, node: Node, reading: Reading) -> Cancel:
        if node.value is False:
            return Cancel(False)
        if node.kind != "map" or not set(node.map) & set(_CANCEL.of):
            return Cancel(Wording().read(node, reading))
        intent = node.get("intent")
        return Cancel(**_CANCEL.read(node, reading), at=intent.at if intent is not None else None)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": False}, Wording().schema(), _CANCEL.schema()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(Step):
    """Asks people to take the chat over, and goes on below when they are done with it."""

    VERB = "handover"
    VALUE: ClassVar[Shape] = RequestShape()
    BARE = True
    KEYS: ClassVar[Shapes] = {
        "say": Wording(),
        "repeat": Flag(),
        "cancel": CancelShape(),
        "eager": Flag(),
        "inactive": _INACTIVE,
        "queued": Steps(say=True, aside=True),
        "active": Steps(say=True, aside=True),
        "completed": Steps(say=True),
        "cancelled": Steps(say=True),
        "failed": Steps(say=True),
    }

    value: Mapping[str, Any] | None = None
    say: Any = None
    repeat: bool = False
    cancel: Cancel | None = None
    eager: bool = False
    inactive: Mapping[str, Any] | None = None
    queued: Block | None = None
    active: Block | None = None
    completed: Block | None = None
    cancelled: Block | None = None
    failed: Block | None = None

    def run(self, state: State) -> Effects | None:
        state.memory.pop("handover", None)
        state.handover.append(self._request(state))
        state.wait(self, {})
        return None

    def _request(self, state: State) -> dict[str, Any]:
        scope, value = state.scope(), dict(self.value or {})
        show = value.pop("show", ())
        asked: dict[str, Any] = {"do": "request", "flow": self.flow, "step": self.path}
        asked |= {name: _filled(part, scope) for name, part in value.items()}
        asked["context"] = {name: jsonable(state.value(name)) for name in show}
        if self.say is not None:
            asked["accepted"] = self.say.text(state)
        if self.cancel is not None:
            asked |= _cancelling(self.cancel, state)
        asked["events"] = [name for name in HEARD if self._told(name) is not None or _awaited(name, state.level.home)]
        asked["eager"] = self.eager
        asked["repeat"] = self.repeat
        if self.inactive is not None:
            asked |= {"inactive": self.inactive["after"], "ball": bool(self.inactive.get("ball"))}
        return asked

    def _told(self, status: str) -> Block | None:
        return {"queue": self.queued, "active": self.active}.get(status)

    def again(self, state: State) -> Effects | None:
        """Something came between: people still have the chat, or the flow was already told that they are done."""
        state.wait(self, {})
        return None

    @property
    def waits(self) -> bool:
        return True

    @property
    def asks(self) -> bool:
        return True

    def resume(self, state: State) -> bool:
        told = state.event.data if state.event.kind == "handover" else state.memory.get("handover")
        if not isinstance(told, Mapping) or "status" not in told:
            return False
        status = str(told["status"])
        if state.event.kind != "handover" and (state.event.kind not in TALK or status not in FINAL):
            return False
        if status in FINAL:
            self._over(state, told, status)
            return True
        block = self.inactive.get("do") if "inactivityCount" in told and self.inactive else self._told(status)
        if block is not None:
            state.aside(block, again=False)
        else:
            state.stay()
        return True

    def _over(self, state: State, told: Mapping[str, Any], status: str) -> None:
        state.memory.pop("handover", None)
        state.memory["handover_result"] = dict(told)
        state.changed()
        if goto := str(told.get("goto") or ""):
            if entrance(state.level.home, goto):
                state.jump(Target(goto, self.at))
                state.stopped = False
                return
            state.handover.append({"do": "lost", "target": goto})
        block = {"completed": self.completed, "cancelled": self.cancelled, "error": self.failed}[status]
        if block is not None:
            state.settle(block)
        else:
            state.go_on()

    @property
    def copilot(self) -> Target | None:
        """The flow that helps the agent, in a conversation of its own."""
        return (self.value or {}).get("copilot")

    def verify(self, reading: Reading, node: Node) -> None:
        asked = node.get("handover")
        shown = asked.get("show") if asked is not None else None
        for one in (shown.items or [shown]) if shown is not None else ():
            reading.variable(one.text, one.at)


def _cancelling(cancel: Cancel, state: State) -> dict[str, Any]:
    label = cancel.label.text(state) if cancel.label else cancel.label
    made = {"cancel": label, "cancel_words": list(cancel.words), "cancel_intent": cancel.intent or None}
    return {name: value for name, value in made.items() if value not in (None, [])}


def _awaited(status: str, home: Level) -> bool:
    """Whether a trigger asks for this status."""
    starts = (trigger for flow in home.flows.flows.values() for trigger in flow.start)
    asked = (trigger.conditions for trigger in (*home.flow.anytime.triggers, *starts))
    return any(status in one.get("handover", ()) or "handover" in one.get("event", ()) for one in asked)


def entrance(home: Level, target: str) -> bool:
    """Whether a conversation can go on there: at a step or section of its flow, or at another flow."""
    if home.flow.find(target) is not None:
        return True
    found = home.flows.find(target)
    return found is not None and found[1] is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseHandover(Step):
    """Ends the case: the bot has the chat again, whatever people do afterwards."""

    VERB = "close_handover"
    VALUE = One(("now",))
    BARE = True

    value: str | None = None

    def run(self, state: State) -> Effects | None:
        state.handover.append({"do": "close"})
        return None


@dataclass(frozen=True, slots=True)
class InactivityShape:
    """How long the user may be silent, or a mapping with `after` and `ball`."""

    def read(self, node: Node, reading: Reading) -> Mapping[str, Any]:
        if node.kind != "map":
            return {"after": Span(min=60_000).read(node, reading)}
        made: Mapping[str, Any] = _WATCH.read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Span().schema(), _WATCH.schema()]}


_WATCH = Fields({"after": Span(min=60_000), "ball": Flag()}, needs=("after",), what="a mapping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inactivity(Step):
    """Has the flow told when the user is silent for so long while people have the chat."""

    VERB = "inactivity"
    VALUE = InactivityShape()

    value: Mapping[str, Any]

    def run(self, state: State) -> Effects | None:
        state.handover.append({"do": "inactive", "after": self.value["after"], "ball": bool(self.value.get("ball"))})
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability(Step):
    """Asks whether somebody is there: agents online and free, the queue's length, hours."""

    VERB = "availability"
    VALUE: ClassVar[Shape] = RequestShape()
    BARE = True
    KEYS: ClassVar[Shapes] = {"save": Save(("available", "online", "free", "waiting", "wait", "open", "next_open"))}
    NEEDS = ("save",)

    value: Mapping[str, Any] | None = None
    save: tuple[tuple[str, Any], ...] = ()

    def run(self, state: State) -> Effects:
        scope = state.scope()
        args = {name: _filled(part, scope) for name, part in (self.value or {}).items() if name != "show"}
        save(self, state, self.save, (yield from effect(self, state, self.VERB, args)))


def _filled(part: Any, scope: Any) -> Any:
    if isinstance(part, Target):
        return part.name
    if isinstance(part, tuple):
        return [one.render(scope).strip() for one in part]
    return part.render(scope).strip() if isinstance(part, Template) else part
