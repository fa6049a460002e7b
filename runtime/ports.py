"""What the line needs from outside, as small protocols. Implementations are chosen in `runtime/app.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from runtime.model import (
    Call,
    Chat,
    Claim,
    Data,
    Delivery,
    Event,
    Message,
    Outcome,
    Output,
    Result,
    Session,
    Turn,
    Violation,
)


class Clock(Protocol):
    """Time, so that tests can turn it. Milliseconds since the Unix epoch."""

    def now(self) -> int: ...

    async def sleep_until(self, when: int) -> None:
        """Return at `when` or later; a manual clock returns when it has been turned that far."""


class Channel(Protocol):
    """One messaging account: how outputs become its messages, how they are checked and how they are sent."""

    def render(self, output: Output, session: Session) -> list[Message]:
        """The message objects of one output; never raises on what a designer may write."""

    def check(
        self, rendered: Sequence[tuple[Output, list[Message]]], chat: Chat
    ) -> tuple[list[Message], list[Violation]]:
        """All messages of a turn against the rules, repaired or replaced where the policy says so.

        Returns what may be sent, in order, quick replies moved to the last message, and every violation
        found, each with what was done about it.
        """

    def pack(self, messages: Sequence[Message], event: Event, session: Session, now: int) -> list[Delivery]:
        """Deliveries of at most five messages; the first by the event's reply token if it has one."""

    async def send(self, delivery: Delivery, *, again: bool) -> Outcome:
        """One try. `again` says that an earlier try may have reached LINE."""

    async def cue(self, event: Event) -> None:
        """Show that an answer is on its way (LINE's loading dots, one-to-one chats only)."""

    async def mark_read(self, event: Event) -> None:
        """Tell the user that what they wrote was read, where the account can."""

    async def button(self, event: Event, text: str, label: str) -> bool:
        """Spend the reply token on a "tap for the answer" button; true when LINE took it."""

    def at_hand(self, event: Event, session: Session) -> bool:
        """Whether `keep_content` and `enrich` have nothing to fetch for this event."""

    async def enrich(self, event: Event, session: Session) -> Session:
        """The session with the user's profile, when it is not yet known and may be fetched."""

    async def keep_content(self, event: Event) -> Event:
        """The event with its image, video, audio or file fetched and put where the bot can use it."""

    async def forget(self, message_ids: Sequence[str]) -> None:
        """Delete what was kept of messages that their author took back."""


class Store(Protocol):
    """Inbox, sessions, outbox, transcript, timers and dead events behind one set of transactions.

    Every method is one transaction. `worker` names a process that holds sessions while it works on them.
    """

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def join(self, worker: str) -> None:
        """Register this process as a worker and free what dead workers held."""

    async def leave(self, worker: str) -> None: ...

    async def accept(self, events: Sequence[Event], *, worker: str | None, now: int) -> list[Claim]:
        """Keep the events, each once. With `worker`, take hold of the free sessions among them at once.

        Returns the claims taken; an event already known, not yet due, or of a session that is held gives none.
        Raises `StoreError` when nothing was kept.
        """

    async def claim(self, worker: str, now: int) -> Claim | None:
        """Take hold of one free session that has a due event or a due delivery."""

    async def commit(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        """Write the whole turn and mark its event done.

        Keeps the hold while the turn has deliveries to send; otherwise goes on to the session's next due
        work (returned) or lets it go. Raises `Fenced` when the hold was lost, having written nothing.
        """

    async def direct(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        """`accept` and `commit` in one transaction, for an event whose session rests.

        Raises `Fenced`, having written nothing, when the session is held, has other work, or is not as the turn
        found it, or when the event is known: then `accept` is the way.
        """

    async def settle(
        self, key: str, results: Sequence[tuple[Delivery, Outcome]], *, worker: str, now: int
    ) -> Claim | None:
        """Record outcomes, then go on to the session's next due work or let it go."""

    async def fail(
        self,
        claim: Claim,
        error: str,
        *,
        due: int | None,
        worker: str,
        now: int,
        deliveries: Sequence[Delivery] = (),
    ) -> Claim | None:
        """The event could not be worked: due again at `due`, or parked as dead when `due` is None.

        `deliveries` (the word of apology for a parked event) are written in the same transaction; then the
        hold goes on as after `commit`.
        """

    async def release(self, key: str, *, worker: str) -> None:
        """Let the session go with its event untouched."""

    async def held_by(self, worker: str) -> list[str]:
        """Keys of the sessions this worker holds."""

    async def next_due(self, now: int) -> int | None:
        """When the earliest work of a free session is due."""

    async def wait(self, timeout: int) -> bool:
        """Return at news of due work that nobody holds, or after `timeout` ms; whether there was news."""

    async def sweep(self) -> int:
        """Free the sessions of workers that died; how many."""

    async def save_version(self, name: str, files: Mapping[str, str], now: int) -> None:
        """Keep the sources of compiled flows, so that sessions pinned to them survive a restart."""

    async def load_version(self, name: str) -> Mapping[str, str] | None: ...


class Flows(Protocol):
    """Compiled flow files: what a session is pinned to."""

    version: str


Effect = Callable[[Call, Session], Awaitable[Result]]
"""Performs one kind of `Call`."""

Effects = Mapping[str, Effect]


class Transformer(Protocol):
    """The chain of transformer functions of an endpoint; see docs/reference/transformers.md."""

    @property
    def quick(self) -> bool:
        """Whether no function runs before or after a turn."""

    async def inputs(self, event: Event, session: Session) -> tuple[Event | None, Session]: ...

    async def outputs(
        self, outputs: Sequence[Output], render: Callable[[Output], list[Message]], session: Session
    ) -> tuple[list[Output], Session]: ...

    async def call(self, call: Call, session: Session) -> Result: ...

    async def failed(self, error: Exception, event: Event, session: Session) -> None: ...


ProviderKind = Literal[
    "accepted",
    "failed",
    "queued",
    "assigned",
    "message",
    "system",
    "typing",
    "note",
    "status",
    "survey",
    "deleted",
    "look",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """Something that happened where human agents work.

    `key` tells it from everything else that happened to the case of this `ref`, so that what is told twice counts
    once; `case` is our own id of it, where the provider tells it. `agent` is who did it (`id`, `name`, `icon`).
    `look` says only that something happened, and that somebody should look.
    """

    kind: ProviderKind
    ref: str
    key: str
    at: int
    case: str = ""
    agent: Data = field(default_factory=dict)
    data: Data = field(default_factory=dict)


class HandoverProvider(Protocol):
    """A system that human agents work in; implementations live in `runtime/handover/providers/`.

    `known` is what is known of a case there (`ref` is its name there); calls that change it return it anew. It is
    kept with the case's lane, so that a call which is repeated after a crash finds what was done before. Calls raise
    `CallError` when there is no good answer.
    """

    name: str
    capabilities: frozenset[str]
    """What it can do: files, notes, typing, unsend, delivery, survey, fetch, availability."""

    async def availability(self, wanted: Data) -> Data:
        """`available`, `online`, `free` and whatever else is known of who is there."""

    async def open(self, asked: Data, known: Data) -> Data:
        """Have a case there, and one only, however often this is called. `asked` is what the machine wants."""

    async def post_customer(self, asked: Data, known: Data) -> Data:
        """Something the user said or sent."""

    async def post_note(self, asked: Data, known: Data) -> Data:
        """Words for agents alone."""

    async def update(self, values: Data, known: Data) -> Data:
        """`priority`, `labels`, `attrs`; `message` with `state` and `why`: what became of an agent's message;
        `rating` with `comment`: what the user answered when asked how it was."""

    async def unsend(self, asked: Data, known: Data) -> Data:
        """The user took a message back."""

    async def cancel(self, reason: str, known: Data) -> Data:
        """Nobody needs the case any more; harmless when it is over."""

    async def resolve(self, reason: str, known: Data) -> Data: ...

    async def fetch_since(self, cursor: int, known: Data) -> tuple[list[ProviderEvent], int]:
        """What happened there after a cursor, oldest first, and the cursor after it."""

    def parse_webhook(self, raw: bytes, headers: Mapping[str, str], secret: str, now: int) -> list[ProviderEvent]:
        """What a webhook tells. `headers` in small letters, `secret` what stood at the end of its address.

        Raises `Unverified` and `BadBody`.
        """


class NluConnector(Protocol):
    """Finds the intent and slots of a text."""

    async def understand(self, text: str, language: str) -> Mapping[str, Any]: ...


class Translator(Protocol):
    """Turns a text into another language."""

    async def translate(self, text: str, source: str, target: str) -> str: ...
