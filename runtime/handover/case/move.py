"""One change of a chat that people have or want, while it is worked out.

The three machines live in one session: `control` (who may speak), `case` (the work) and `case.offer` (who is
asked). A `Move` begins with them as stored, is changed by one event, and ends as a frozen `Change`. It does
nothing itself and waits for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from runtime.handover import routing, words
from runtime.handover.routing import Judge, Line
from runtime.model import Case, CaseState, Control, Data, Event, Noted, Output, Session
from runtime.settings.handover import BY_MODE, HandoverSettings, WorkstreamSettings

BOT, HUMAN, PAUSED, MODULE = "bot", "human", "paused", "module"
DESK: Final = "desk"
LABEL: Final = 20
"""Characters of a button's label. https://developers.line.biz/en/reference/messaging-api/#postback-action"""
TIMER: Final = "case"
"""`data.timer` of the events that a case sets for itself."""

LIVE: Final[frozenset[CaseState]] = frozenset(
    ("requested", "queued", "offered", "assigned", "active", "waiting", "snoozed")
)
"""States in which people own the chat."""
HELD: Final[frozenset[CaseState]] = frozenset(("assigned", "active", "waiting", "snoozed"))
"""States in which one agent has the case."""
GONE: Final[frozenset[CaseState]] = frozenset(("closed", "offline"))
"""States in which the chat is free for another case."""
LOADS: Final[frozenset[CaseState]] = frozenset(("offered", "assigned", "active"))
"""States in which a case takes capacity of its agent."""

TOLD = ("queue", "agent", "queued", "assigned", "reason", "ended")
"""What the log tells of a case that goes into another state."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
LATER: Final = "later"
"""Where a session's memory keeps the ids of events that wait until the bot has the chat."""
DEFAULTS: Final[Mapping[str, Mapping[str, int]]] = {
    "assign": {"live": 5 * MINUTE, "async": 0},
    "first_reply": {"live": 2 * MINUTE, "async": 4 * HOUR},
    "next_reply": {"live": 5 * MINUTE, "async": DAY},
    "park": {"live": 0, "async": 30 * MINUTE},
    "auto_close": {"live": 10 * MINUTE, "async": DAY},
    "wrap_up": {"live": 30_000, "async": DAY},
}
"""Timers that follow from the mode, in ms; 0: off."""


@dataclass(frozen=True, slots=True)
class View:
    """What a change has to know of the rest of the house.

    `lines` are the queues' lengths, `position` where this case stands (1 = next; 0: unknown), `wait` its expected
    wait in ms, `left` the case that an event names and the session no longer has, `busy` agents who are not there or
    have no capacity left, `away` those of them who are not there, `meant` the intents of what was written.
    """

    lines: Mapping[str, Line] = field(default_factory=dict)
    position: int = 0
    wait: int = 0
    left: Case | None = None
    busy: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()

    def agent_free(self, agent: str) -> bool:
        return agent not in self.busy

    def line(self, queue: str) -> Line:
        return self.lines.get(queue, Line())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds in this endpoint: settings, how expressions are judged, how long a reply token is used, after how
    much silence a session is over."""

    settings: HandoverSettings
    judge: Judge
    reply_within: int = 50_000
    expire: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one event leads to.

    `case` is the case as this change leaves it, also when the session has none any more; `over` are cases that it
    closed before. `run` is what the flow is told (None: no flow runs), `asks` what the provider is asked to do, `erase`
    ids of messages that were taken back, `copilot` the flow that hears what the user said, to help the agent. With
    `plays` the flow plays the event itself all the same; `wake` are ids of events that waited for the bot.
    """

    session: Session
    event: Event
    case: Case | None = None
    over: tuple[Case, ...] = ()
    outputs: tuple[Output, ...] = ()
    notes: tuple[Noted, ...] = ()
    timers: tuple[Event, ...] = ()
    cancel: tuple[str, ...] = ()
    run: Data | None = None
    asks: tuple[Data, ...] = ()
    erase: tuple[str, ...] = ()
    copilot: str = ""
    plays: bool = False
    wake: tuple[str, ...] = ()


def tap(label: str, data: str) -> Data:
    """A quick reply, as outputs have them, whose tap comes back as a postback with this data."""
    return {"label": label, "postback": data, "say": label, "data": data}


class Move:
    """A change under way."""

    def __init__(self, session: Session, event: Event, rules: Rules, view: View, now: int) -> None:
        self.session, self.event, self.rules, self.view, self.now = session, event, rules, view, now
        self.control = session.control
        self.live = session.case
        self.over: list[Case] = []
        self.outputs: list[Output] = []
        self.notes: list[Noted] = []
        self.timers: dict[str, Event] = {}
        self.cancelled: list[str] = []
        self.run: Data | None = None
        self.asks: list[Data] = []
        self.erase: list[str] = []
        self.copilot = ""
        self.plays = False
        self.wake: list[str] = []
        self.memory = dict(session.memory)
        self.reply_to, self.received = event.reply_to, event.received

    # what there is

    @property
    def case(self) -> Case:
        assert self.live is not None
        return self.live

    @property
    def data(self) -> Data:
        return self.event.data

    @property
    def actor(self) -> Data:
        """Who did it: what the event says, else the user or the system."""
        found = self.event.data.get("actor")
        if isinstance(found, Mapping):
            return found
        if self.event.kind == "timer":
            return {"kind": "timer"}
        return {"kind": "user", "id": self.event.user} if self.event.user else {"kind": "system"}

    @property
    def stream(self) -> WorkstreamSettings:
        name = self.live.workstream if self.live else ""
        return routing.workstream_of(self.rules.settings, name)[1]

    @property
    def language(self) -> str:
        case = self.live
        return (case.language if case else "") or self.session.language or "en"

    @property
    def free(self) -> bool:
        """Whether something said now costs nothing."""
        return bool(self.reply_to) and self.now - self.received <= self.rules.reply_within

    @property
    def mute(self) -> str:
        """Why nothing can be said now; empty: it can."""
        if self.control.owner == MODULE:
            return "another module has the chat"
        if self.control.owner == PAUSED:
            return "nobody speaks here for now"
        return "" if self.live is None or self.live.reachable else "the user cannot be reached"

    def borrow(self) -> None:
        """Answer with the user's newest reply token while it lives: that is free."""
        case = self.live
        if self.reply_to or case is None or not case.token or self.now - case.token_at > self.rules.reply_within:
            return
        self.reply_to, self.received = case.token, case.token_at
        self.change(token="", token_at=0)

    def limit(self, timer: str) -> int:
        """How long until a timer of the workstream runs out, in ms; 0: never."""
        value = int(getattr(self.stream.timers, timer))
        return DEFAULTS[timer][self.stream.mode] if value == BY_MODE else value

    # what changes

    def change(self, **values: Any) -> None:
        """Change the case; every change counts."""
        case = self.case
        self.live = replace(case, number=case.number + 1, **values)

    def to(self, state: CaseState, **values: Any) -> None:
        """The case goes into another state, or to somebody else, and the log says so."""
        before = self.case
        self.change(state=state, since=self.now, **values)
        self.note(f"case.{state}", before=before.state, **{name: values[name] for name in TOLD if name in values})

    def own(self, owner: str) -> None:
        """Somebody else may speak from now on: what was begun before is not sent any more."""
        if owner == self.control.owner:
            return
        before = self.control.owner
        self.control = Control(owner, self.control.epoch + 1)
        if owner == BOT:
            self.wake += self.memory.pop(LATER, ())
        if self.live is not None and owner not in (BOT, PAUSED, MODULE):
            self.change(epoch=self.control.epoch)
        self.note("control.changed", owner=owner, before=before)

    def note(self, type: str, visibility: str = "system", **data: Any) -> None:
        """A line for the event log."""
        shown: Any = visibility
        case = self.live.id if self.live else ""
        epoch, actor = self.control.epoch, self.actor
        self.notes.append(
            Noted(type=type, at=self.now, case=case, epoch=epoch, actor=actor, visibility=shown, data=data)
        )

    def count(self, name: str, by: int = 1) -> int:
        """One more of something that is limited; how many now."""
        counts = dict(self.case.counts)
        counts[name] = int(counts.get(name, 0)) + by
        self.change(counts=counts)
        return int(counts[name])

    # timers

    def timer(self, name: str, after: int, of: str = "") -> None:
        """Set a timer of the case (or of what `of` names), or set it anew; none when `after` is 0."""
        whose = of or self.case.id
        key = f"{whose}/{name}"
        if after <= 0:
            self.stop(name, of=of)
            return
        data = {"timer": TIMER, "what": name, "case": whose}
        event, due = self.event, self.now + after
        if key in self.cancelled:
            self.cancelled.remove(key)
        self.timers[key] = Event(
            id=key, session=self.session.key, endpoint=self.session.endpoint, kind="timer", at=self.now, due=due,
            chat=self.session.chat, user=event.user, data=data,
        )  # fmt: skip

    def stop(self, *names: str, of: str = "") -> None:
        for name in names:
            key = f"{of or self.case.id}/{name}"
            self.timers.pop(key, None)
            self.cancelled.append(key)

    # words

    def automated(self, name: str, *, last: bool = False, paid: bool = False, **slots: Any) -> bool:
        """Say one of the automated messages, if it has a text and may cost what it would; whether it was said.

        `last`: nothing that is worth more follows, so it may use up the reply token that the user left; `paid`: it
        may be billed in any case.
        """
        settings = self.rules.settings.messages.get(name)
        delivery = settings.delivery if settings else words.PUSHED.get(name, "free_only")
        text = self.text_of(name, **slots)
        if not text:
            return False
        if last and not self.mute:
            self.borrow()
        if delivery == "free_only" and not paid and not self.free and not self.mute:
            self.note("message.withheld", message=name, why="it would be billed")
            return False
        return self.say(text, message=name)

    def text_of(self, name: str, **slots: Any) -> str:
        """An automated message in the user's language."""
        settings = self.rules.settings.messages.get(name)
        texts = {**words.MESSAGES.get(name, {}), **(settings.text if settings else {})}
        return words.filled(words.text_of(texts, self.language), slots)

    def say(self, text: str, **about: Any) -> bool:
        """Words of the system to the user; whether they are sent."""
        if self.mute:
            self.note("message.withheld", **about, why=self.mute)
            return False
        self.outputs.append(Output(kind="text", text=text, quick=self.buttons()))
        self.note("message.sent", "public", by="system", text=text, **about)
        return True

    def buttons(self) -> tuple[Data, ...]:
        """The button that cancels, under everything that those who wait are told."""
        case = self.live
        if case is None or not self.may_cancel or case.plan.get("cancel") == "":
            return ()
        label = self.cancel_label[:LABEL]
        data = f"ho:cancel:{case.id}:{case.epoch}"
        return (tap(label, data),)

    @property
    def cancel_label(self) -> str:
        """What the button says, and what may be typed instead."""
        return str(self.case.plan.get("cancel") or words.text_of(words.CANCEL, self.language))

    @property
    def may_cancel(self) -> bool:
        case, scope = self.live, self.stream.cancel.until
        if case is None or scope == "never" or case.plan.get("cancel") is False:
            return False
        waits = ("requested", "queued", "offered", "assigned")
        return case.state in (waits if scope == "queue" else (*waits, "active", "waiting", "snoozed"))

    def tell_flow(self, status: str, **more: Any) -> None:
        """Run the flow with a status of the handover."""
        self.run = {"status": status, **more}

    def ask(self, verb: str, **data: Any) -> None:
        """Something the provider should do; nothing where the desk itself is the provider."""
        case = self.live
        if case is not None and self.provider_type != DESK:
            self.asks.append({"do": verb, "provider": case.provider, "case": case.id, "ref": case.ref, **data})

    @property
    def provider_type(self) -> str:
        found = self.rules.settings.providers.get(self.live.provider if self.live else "")
        return found.type if found else DESK

    def done(self) -> Change:
        event = self.event
        if (self.reply_to, self.received) != (event.reply_to, event.received):
            event = replace(event, reply_to=self.reply_to, received=self.received)
        gone = self.live is not None and self.live.state in GONE
        had = any(case is not None and case.state in LIVE for case in (self.session.case, self.live))
        seen = max(self.session.seen, self.now) if had else self.session.seen  # no session expires in people's hands
        case = None if gone else self.live
        session = replace(self.session, control=self.control, case=case, memory=self.memory, seen=seen)
        changed = self.live if self.live is not self.session.case else None
        return Change(
            session=session,
            event=event,
            case=changed,
            over=tuple(self.over),
            outputs=tuple(self.outputs),
            notes=tuple(self.notes),
            timers=tuple(self.timers.values()),
            cancel=tuple(dict.fromkeys(self.cancelled)),
            run=self.run,
            asks=tuple(self.asks),
            erase=tuple(filter(None, self.erase)),
            copilot=self.copilot,
            plays=self.plays,
            wake=tuple(self.wake),
        )
