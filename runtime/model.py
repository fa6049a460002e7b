"""The values that flow through Noren.

All are frozen: a change is `dataclasses.replace`. None carries a client, a store or a loop, so each can be
written to a store, compared in a test and sent to another process. Times are whole milliseconds since the
Unix epoch (UTC), durations whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Data: TypeAlias = Mapping[str, Any]
"""A JSON object."""

Message: TypeAlias = dict[str, Any]
"""One LINE message object, as it stands in a request body."""

ChatKind = Literal["user", "group", "room", "none"]
Via = Literal["reply", "push"]

NOTHING: Data = {}


@dataclass(frozen=True, slots=True)
class Chat:
    """Where an event came from and where its answer goes: a person, a group, a room, or nowhere."""

    kind: ChatKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a conversation.

    `id` is LINE's `webhookEventId` for what LINE sent, ours for timers and injected events. `due` later than
    `at` makes it a timer. `reply_to` is opaque: only the sender reads it, and only while it is younger than
    the endpoint's `reply_within`, counted from `received`.
    """

    id: str
    session: str
    endpoint: str
    kind: str
    at: int
    due: int
    chat: Chat
    user: str = ""
    text: str = ""
    data: Data = field(default_factory=dict)
    reply_to: str | None = None
    received: int = 0
    standby: bool = False
    redelivery: bool = False
    raw: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a flow waits.

    `version` pins the compiled flows the position belongs to; `data` is the waiting step's own notes (tries,
    offered choices, the id of the timer that watches for silence).
    """

    flow: str
    version: str
    step: str
    since: int
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """A caller that waits for its sub-flow: where to go on, its own variables, what it takes back."""

    flow: str
    version: str
    step: str
    vars: Data
    out: Data


@dataclass(frozen=True, slots=True)
class Control:
    """Who may speak in a chat. `epoch` rises at every change; a send with an old one is suppressed."""

    owner: str = "bot"
    epoch: int = 0


CaseState = Literal[
    "requested", "queued", "offered", "assigned", "active", "waiting", "snoozed", "wrap_up", "closed", "offline"
]
Priority = Literal["low", "normal", "high", "urgent"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One agent is asked to take a case, until `until`."""

    id: str
    agent: str
    at: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A chat in the hands of people, from the request to its end; at most one lives in a chat.

    `number` rises with every change, so that a timer or a tap that belongs to an earlier state is told apart.
    `epoch` is the control epoch while people own the chat, `units` what it takes of its agent's capacity. `heard` and
    `spoken` are the last public words of the user and of an agent, `token` the newest reply token the user brought and
    nobody has used. `plan` is what the flow asked for, `counts` what was done how often, `ref` the provider's own name
    of the case.
    """

    id: str
    workstream: str
    provider: str = "desk"
    state: CaseState = "requested"
    number: int = 0
    epoch: int = 0
    queue: str = ""
    agent: str = ""
    offer: Offer | None = None
    declined: tuple[str, ...] = ()
    priority: Priority = "normal"
    units: int = 1
    skills: tuple[str, ...] = ()
    language: str = ""
    requester: str = ""
    subject: str = ""
    labels: tuple[str, ...] = ()
    context: Data = field(default_factory=dict)
    plan: Data = field(default_factory=dict)
    counts: Data = field(default_factory=dict)
    result: Data = field(default_factory=dict)
    previous: str = ""
    ref: str = ""
    reachable: bool = True
    unread: int = 0
    reason: str = ""
    opened: int = 0
    queued: int = 0
    assigned: int = 0
    replied: int = 0
    since: int = 0
    heard: int = 0
    spoken: int = 0
    ended: int = 0
    token: str = ""
    token_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One line of a chat's event log, from which everything the desk shows follows.

    `type` is `case.queued`, `message.sent`, `control.changed` …; `actor` who did it (`kind`, `id`, `name`); what is
    `public` the user saw, `internal` only people who work here.
    """

    type: str
    at: int
    case: str = ""
    epoch: int = 0
    actor: Data = field(default_factory=dict)
    visibility: Literal["public", "internal", "system"] = "system"
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One conversation. `key` is endpoint + chat id (+ member id where the endpoint says so).

    `vars` holds the variables of the flow that now runs, by flow name; `kept` those declared `keep: forever`;
    `storage` what transformer functions keep; `memory` the engine's own counters (`next:` positions, timers).
    """

    key: str
    endpoint: str
    chat: Chat
    contact: str = ""
    language: str = ""
    control: Control = Control()
    case: Case | None = None
    cursor: Cursor | None = None
    stack: tuple[Frame, ...] = ()
    vars: Data = field(default_factory=dict)
    kept: Data = field(default_factory=dict)
    profile: Data = field(default_factory=dict)
    storage: Data = field(default_factory=dict)
    memory: Data = field(default_factory=dict)
    started: int = 0
    seen: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file that a person edits; lines and columns count from 1."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Something the bot says, before it has LINE's shape.

    `kind` is one of text sticker image video audio location imagemap buttons confirm cards image_cards list
    flex coupon line; `line` carries one raw LINE message object in `data["message"]`. `quick` are generic
    quick replies, `alt` the notification text and what is said where rich content cannot go.
    """

    kind: str
    text: str = ""
    data: Data = field(default_factory=dict)
    quick: tuple[Data, ...] = ()
    alt: str = ""
    sender: Data = field(default_factory=dict)
    private: bool = False
    to: Literal["user", "agent", "both"] = "both"
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A message rule that an outgoing message breaks, in LINE's own path and words where known.

    `done` says what became of the message: `repaired: cut`, `alternative text sent`, `blocked`, `left out`, …
    """

    rule: str
    path: str
    property: str
    message: str
    severity: Literal["error", "warning"]
    actual: Any = None
    limit: Any = None
    url: str = ""
    at: Place | None = None
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One outbox row: up to five message objects for one chat.

    `retry_key` is stored before the first try, so a push can be repeated for 24 hours without being doubled.
    `held` waits for the user's next reply token instead of being pushed.
    """

    id: str
    session: str
    endpoint: str
    chat: Chat
    messages: tuple[Message, ...]
    via: Via
    reply_to: str | None
    received: int
    retry_key: str
    epoch: int = 0
    state: str = "sending"
    attempts: int = 0
    created: int = 0
    due: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one try to send a `Delivery`.

    `state`: sent · retry (again at `due`) · held (waits for a fresh reply token) · unknown (a reply that may
    have arrived, never repeated as a push) · failed (LINE refused it for good) · suppressed (stale epoch).
    `billed` counts the recipients LINE bills for. `via` says which way it really went.
    """

    state: Literal["sent", "retry", "held", "unknown", "failed", "suppressed"]
    via: Via = "reply"
    due: int = 0
    status: int = 0
    detail: str = ""
    request_id: str = ""
    message_ids: tuple[str, ...] = ()
    billed: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """An effect the flow needs. It may run twice after a crash, so `key` goes along as idempotency key."""

    action: str
    args: Data
    key: str
    timeout: int = 10_000
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a `Call` gave: `value` when `error` is empty."""

    value: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a transcript. `who`: user, bot, agent or system."""

    session: str
    at: int
    who: str
    kind: str
    text: str = ""
    data: Data = field(default_factory=dict)
    event: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The whole change that one event causes; committed in one transaction or not at all.

    `timers` are new events with a later `due`; `cancel` ids of timers that are no longer wanted; `sent_on` events
    for other sessions, which arrive there when this turn is committed, each once; `trace` what happened, step by
    step, for people and for replay; `erase` ids of messages whose stored content must go; `merged` ids of held
    deliveries whose messages this turn's deliveries now carry; `suppressed` ids of those that nobody may hear any
    more, because the chat was somebody else's meanwhile. `private` says that what the event said is kept nowhere
    once it was worked. `case` is the chat's case as the turn leaves it, `over` are others that ended on the way there.
    `wake` are ids of events of this session that were to wait and are due now. `now` is the time that the flow saw, 0
    when none played.
    """

    event: Event
    session: Session
    outputs: tuple[Output, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    timers: tuple[Event, ...] = ()
    cancel: tuple[str, ...] = ()
    wake: tuple[str, ...] = ()
    sent_on: tuple[Event, ...] = ()
    entries: tuple[Entry, ...] = ()
    erase: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    case: Case | None = None
    over: tuple[Case, ...] = ()
    notes: tuple[Noted, ...] = ()
    handover: tuple[Data, ...] = ()
    private: bool = False
    trace: tuple[Data, ...] = ()
    now: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on one session: its next due event (if any) and what is still to be sent, in order.

    A delivery in state `sending` may have reached LINE before a crash; `waiting` has a retry due; `held` waits
    for a fresh reply token. `attempts` counts earlier failed tries of the event.
    """

    session: Session
    event: Event | None
    deliveries: tuple[Delivery, ...] = ()
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What `noren check` tells a designer. `path` is the step's place in the flow (`steps[3].else[0]`)."""

    code: str
    severity: Literal["error", "warning", "hint"]
    at: Place
    message: str
    why: str = ""
    fix: str = ""
    path: str = ""
