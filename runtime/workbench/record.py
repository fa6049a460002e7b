"""What happened in the last turns, kept in memory: more than the store keeps, and gone with the process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.errors import Fenced, StepFailed
from runtime.log import context
from runtime.model import (
    Call,
    Claim,
    Data,
    Delivery,
    Event,
    Message,
    Outcome,
    Output,
    Place,
    Result,
    Session,
    Turn,
    Violation,
)
from runtime.ports import Clock

KEEP = 500
"""Turns that are remembered, and once more as many of the conversations somebody looks at."""
LOOKED = 16
"""Conversations that count as looked at: those that were asked for last."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One transformer function. `changed` names what it changed."""

    hook: str
    function: str
    file: str
    line: int
    ms: float
    changed: tuple[str, ...] = ()
    dropped: bool = False
    error: str = ""


@dataclass(slots=True)
class Called:
    """One effect; `ms` is None while it is under way. `said`: a function's failure with the words of its exception."""

    key: str
    action: str
    args: Any
    at: Place | None
    ms: float | None = None
    value: Any = None
    error: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The messages of a turn, each with the index of the output it came from."""

    outputs: tuple[Output, ...]
    messages: tuple[Message, ...]
    sources: tuple[int, ...]
    violations: tuple[Violation, ...]


@dataclass(slots=True)
class Sent:
    """One delivery with what became of it so far. `fate` is set when a later turn decided it: merged, suppressed."""

    delivery: Delivery
    attempts: int = 0
    billed: int = 0
    outcome: Outcome | None = None
    fate: str = ""


@dataclass(slots=True, eq=False)
class Record:
    """One event and its turn. `before` is the session as the turn found it, `turn` what was committed.

    `trace` is what a turn did before it failed.
    """

    event: Event
    before: Session
    at: int
    claimed: bool
    begun: float = field(default_factory=time.perf_counter)
    state: str = "due"
    attempts: int = 0
    ms: float | None = None
    done_at: int | None = None
    error: str = ""
    turn: Turn | None = None
    trace: Sequence[Data] = ()
    checked: Checked | None = None
    ran: list[Ran] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    sent: dict[str, Sent] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.event.session


class Records:
    """The last turns by event. `heard` is told of every one that is done, failed, or had something sent."""

    def __init__(self, clock: Clock, heard: Callable[[Record], None], keep: int = KEEP) -> None:
        self._clock, self._heard, self._keep = clock, heard, keep
        self._known: OrderedDict[str, Record] = OrderedDict()
        self._older: OrderedDict[str, Record] = OrderedDict()
        self._viewed: OrderedDict[str, None] = OrderedDict()
        self._messages: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._latest = ""

    # ── looking up ────────────────────────────────────────────────────────────────────────────────────────

    def view(self, key: str) -> None:
        """Somebody looks at this conversation: its turns stay, however many others write."""
        if key:
            self._viewed[key] = None
            self._viewed.move_to_end(key)
            while len(self._viewed) > LOOKED:
                self._viewed.popitem(last=False)

    def get(self, event: str) -> Record | None:
        return self._known.get(event) or self._older.get(event)

    def of(self, key: str) -> list[Record]:
        """A session's turns, newest first."""
        every = (*reversed(self._known.values()), *reversed(self._older.values()))
        return [record for record in every if record.key == key]

    def message(self, id: str) -> tuple[Record, int] | None:
        """The turn that a message of LINE's id belongs to, and which of its messages it is (-1: the user's)."""
        event, number = self._messages.get(id, ("", 0))
        record = self.get(event)
        return (record, number) if record is not None else None

    def forget(self) -> None:
        """Begin anew, as after a restart of the whole process."""
        self._known.clear()
        self._older.clear()
        self._messages.clear()

    # ── what happens ──────────────────────────────────────────────────────────────────────────────────────

    def glimpsed(self, event: Event, session: Session) -> None:
        """An event is looked at, perhaps without anybody having taken hold of its session."""
        self._latest = event.id
        if event.id not in self._known:
            self._add(Record(event, session, self._clock.now(), claimed=False))

    def claimed(self, claim: Claim | None) -> None:
        """A worker has an event to work, the first time or again."""
        if claim is None or claim.event is None:
            return
        before = self._known.get(claim.event.id)
        record = Record(claim.event, claim.session, self._clock.now(), claimed=True, attempts=claim.attempts)
        if before is not None:
            record.error, record.trace = before.error, before.trace
        self._add(record)

    def ran(self, ran: Ran) -> None:
        if (record := self._open()) is not None:
            record.ran.append(ran)
            if ran.hook == "call" and record.called and record.called[-1].ms is None:
                record.called[-1].said = ran.error

    def calling(self, call: Call) -> Called:
        """An effect begins; the page hears of it, since it may take long."""
        called = Called(call.key, call.action, call.args, call.at)
        if (record := self._open()) is not None:
            record.called.append(called)
            self._heard(record)
        return called

    @staticmethod
    def answered(called: Called, result: Result, ms: float) -> None:
        called.ms, called.value, called.error = ms, result.value, result.error

    def checked(self, checked: Checked) -> None:
        if (record := self._open()) is not None:
            record.checked = checked

    def done(self, turn: Turn) -> None:
        record = self._known.get(turn.event.id)
        if record is None:
            return
        record.turn, record.state, record.error = turn, "done", ""
        record.done_at = self._clock.now()
        record.ms = (time.perf_counter() - record.begun) * 1000
        record.sent = {one.id: Sent(one) for one in turn.deliveries}
        record.attempts += 1
        self._heard(record)
        self._decided(turn.merged, "merged")
        self._decided(turn.suppressed, "suppressed")

    def missed(self, turn: Turn, error: BaseException) -> None:
        """What was played was not written; if nobody holds the event either, it was looked at in vain."""
        record = self._known.get(turn.event.id)
        if record is not None and not record.claimed and record.state == "due" and isinstance(error, Fenced):
            del self._known[turn.event.id]

    def broke(self, claim: Claim, error: Exception) -> None:
        """A turn failed in the middle."""
        record = self._known.get(claim.event.id) if claim.event is not None else None
        if record is not None and isinstance(error, StepFailed):
            record.trace = error.trace

    def failed(self, claim: Claim, error: str, due: int | None, deliveries: Sequence[Delivery]) -> None:
        record = self._known.get(claim.event.id) if claim.event is not None else None
        if record is None:
            return
        record.state, record.error = "due" if due is not None else "dead", error
        record.attempts = claim.attempts + 1
        record.ms = (time.perf_counter() - record.begun) * 1000
        record.sent |= {one.id: Sent(one) for one in deliveries}
        self._heard(record)

    def settled(self, results: Sequence[tuple[Delivery, Outcome]]) -> None:
        touched: dict[str, Record] = {}
        for delivery, outcome in results:
            if (found := self._sent(delivery.id)) is not None:
                self._outcome(*found, outcome)
                touched[found[0].event.id] = found[0]
        for record in touched.values():
            self._heard(record)

    def _sent(self, delivery: str) -> tuple[Record, Sent] | None:
        """The delivery of that id; its id begins with that of its event."""
        record = self.get(delivery.partition("/")[0])
        sent = record.sent.get(delivery.partition("~")[0]) if record is not None else None
        return (record, sent) if record is not None and sent is not None else None

    def _decided(self, deliveries: Sequence[str], fate: str) -> None:
        """What was held has gone with a later turn, or goes nowhere."""
        for id in deliveries:
            if (found := self._sent(id)) is not None:
                found[1].fate = fate
                self._heard(found[0])

    def _outcome(self, record: Record, sent: Sent, outcome: Outcome) -> None:
        sent.outcome, sent.attempts, sent.billed = outcome, sent.attempts + 1, sent.billed + outcome.billed
        first = 0
        for one in record.sent.values():
            if one is sent:
                break
            first += len(one.delivery.messages)
        for number, id in enumerate(outcome.message_ids):
            self._named(id, record.event.id, first + number)

    # ── the shelf ─────────────────────────────────────────────────────────────────────────────────────────

    def _open(self) -> Record | None:
        """The turn that is worked here and now: the lane says which, else it is the one just looked at."""
        event = (context.get() or {}).get("event", self._latest)
        record = self._known.get(event)
        return record if record is not None and record.state == "due" else None

    def _add(self, record: Record) -> None:
        id = record.event.id
        self._known[id] = record
        self._known.move_to_end(id)
        if message := str(record.event.data.get("id") or ""):
            self._named(message, id, -1)
        while len(self._known) > self._keep:
            event, oldest = self._known.popitem(last=False)
            if oldest.key in self._viewed:
                self._older[event] = oldest
        while len(self._older) > self._keep:
            self._older.popitem(last=False)

    def _named(self, message: str, event: str, number: int) -> None:
        if message not in self._messages:
            self._messages[message] = (event, number)
        while len(self._messages) > 16 * self._keep:
            self._messages.popitem(last=False)
