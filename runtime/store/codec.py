"""Values to rows and back: JSON as text, times inside 64 bits, texts that every database takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import msgspec

from runtime.errors import BadInput, StoreError
from runtime.model import Case, Delivery, Entry, Event, Outcome, Session, Turn

T = TypeVar("T")
BIGGEST = 2**63 - 1
PER_DELIVERY = ("deliveryContext", "replyToken")
"""Fields of a LINE event that may differ when the same event is delivered again."""

URGENT = 0
"""Rank of events that go before all others."""
TAKES_OVER = frozenset(("take_over", "pause", "reply"))
"""What people do to a chat that the bot may be answering in this moment."""

_strict = msgspec.json.Encoder()
_sorted = msgspec.json.Encoder(order="sorted", enc_hook=repr)
_lenient = msgspec.json.Encoder(enc_hook=repr)
_event = msgspec.json.Decoder(Event)
_session = msgspec.json.Decoder(Session)
_delivery = msgspec.json.Decoder(Delivery)
_case = msgspec.json.Decoder(Case)


class Kept(NamedTuple):
    """An event ready for the inbox. `print` tells other content under the same id apart."""

    event: Event
    print: str
    rank: int
    due: int
    body: str


class Packed(NamedTuple):
    """A turn ready to be written: everything encoded before the transaction begins."""

    turn: Turn
    session: Session
    state: str
    trace: str
    body: str | None
    deliveries: tuple[Delivery, ...]
    entries: list[tuple[Any, ...]]
    timers: tuple[Kept, ...]
    sent_on: tuple[Kept, ...] = ()


def text(value: Any) -> str:
    """JSON that may hold anything: what JSON does not know is written as its `repr`."""
    return _encode(_lenient, value)


def _encode(encoder: msgspec.json.Encoder, value: Any) -> str:
    try:
        return encoder.encode(value).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 cannot say
        return plain(json.dumps(msgspec.to_builtins(value, enc_hook=repr), ensure_ascii=False))


def plain(value: str) -> str:
    """A text column: PostgreSQL takes no NUL, and no database takes half of a surrogate pair."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def small(value: int) -> int:
    """The number, or the nearest one that 64 bits hold."""
    return max(-BIGGEST, min(BIGGEST, value))


def print_of(event: Event) -> str:
    """Eight hex digits that stay the same when LINE delivers the event again."""
    raw = event.raw
    content: Any = {k: raw[k] for k in raw if k not in PER_DELIVERY} if raw else (event.kind, event.text, event.data)
    try:
        known = _sorted.encode(content)
    except UnicodeEncodeError:
        known = repr(content).encode("utf-8", "replace")
    return hashlib.blake2b(known, digest_size=4).hexdigest()


def keep(event: Event, now: int) -> Kept:
    """The event as an inbox row. What LINE sent is due at once, even when its clock runs ahead of ours."""
    due = event.due if event.due > event.at else min(event.due, now)
    rank = URGENT if urgent(event) else small(event.due)
    return Kept(event, print_of(event), rank, small(due), text(event))


def urgent(event: Event) -> bool:
    """Whether somebody takes a chat over: that goes before all that waits, and before the answer under way."""
    return event.kind == "handover" and event.data.get("do") in TAKES_OVER


def message_of(event: Event) -> str:
    """The id of the message an event brought, by which its content can be erased."""
    return str(event.data.get("id") or "") if event.kind in ("message", "edited") else ""


def fresh(event: Event, now: int) -> Session:
    """The session of a chat that was never heard of.

    Versions count from the time, not from 0: whoever remembers a session that was erased and began anew since
    then must not take one for the other.
    """
    contact = event.user if event.chat.kind == "user" else ""
    return Session(
        key=event.session, endpoint=event.endpoint, chat=event.chat, contact=contact, started=now, seen=now,
        version=now,
    )  # fmt: skip


def pack(turn: Turn, now: int) -> Packed:
    """Everything of the turn encoded; raises `BadInput` when the session holds what JSON cannot."""
    session = replace(turn.session, version=turn.session.version + 1)
    return Packed(
        turn=turn,
        session=session,
        state=state_of(session),
        trace=_trace(turn, now),
        body=blank(turn.event) if turn.private else text(turn.event) if "content" in turn.event.data else None,
        deliveries=tuple(stamp(delivery, now) for delivery in turn.deliveries),
        entries=_entries(turn, now),
        timers=tuple(keep(timer, now) for timer in turn.timers),
        sent_on=tuple(keep(event, now) for event in turn.sent_on),
    )


def _trace(turn: Turn, now: int) -> str:
    """The trace as it is kept; where the turn took its time, with the time that its flow saw, for replay."""
    trace = (*turn.trace, {"now": turn.now}) if turn.now and turn.now != now else turn.trace
    return text(trace) if trace else "[]"


def stamp(delivery: Delivery, now: int) -> Delivery:
    """The delivery as it enters the outbox."""
    state = "held" if delivery.state == "held" else "waiting"
    if delivery.state == state and delivery.created:
        return delivery
    return replace(delivery, state=state, created=delivery.created or now)


def _entries(turn: Turn, now: int) -> list[tuple[Any, ...]]:
    """Transcript rows, at least one for the event itself: by it the event is found from its session."""
    event = turn.event
    rows = [_entry(entry) for entry in turn.entries]
    if not any(entry.event == event.id for entry in turn.entries):
        rows.append(_entry(Entry(session=turn.session.key, at=now, who="", kind=event.kind, event=event.id)))
    return rows


def _entry(entry: Entry) -> tuple[Any, ...]:
    data = text(entry.data) if entry.data else "{}"
    return (
        entry.session, small(entry.at), entry.who, entry.kind, plain(entry.text), data, entry.event, entry.message
    )  # fmt: skip


def state_of(session: Session) -> str:
    try:
        return _encode(_strict, session)
    except (TypeError, ValueError, RecursionError) as error:
        # Not a StoreError: no further try would help.
        raise BadInput(f"session {session.key} cannot be stored as JSON: {error}") from None


def session_of(state: str) -> Session:
    return _read(_session, state, "session")


def event_of(body: str, key: str) -> Event:
    """The event, under the id of its row."""
    event = _read(_event, body, "event")
    return event if event.id == key else replace(event, id=key)


def case_of(body: str) -> Case:
    return _read(_case, body, "case")


def delivery_of(body: str, state: str, due: int, attempts: int, detail: str) -> Delivery:
    delivery = _read(_delivery, body, "delivery")
    return replace(delivery, state=state, due=due, attempts=attempts, detail=detail)


def _read(decoder: msgspec.json.Decoder[T], source: str, what: str) -> T:
    """Fields that another version of Noren added are passed over, those it did not know get their defaults."""
    try:
        return decoder.decode(source)
    except msgspec.DecodeError as error:
        raise StoreError(f"a stored {what} cannot be read: {error}") from None


def blank(event: Event) -> str:
    """The event's body without anything its author said."""
    data = {name: event.data[name] for name in ("type", "id") if name in event.data} | {"erased": True}
    return text(replace(event, text="", data=data, raw={}))


def outcome(delivery: str, result: Outcome, now: int) -> tuple[Any, ...]:
    """The parameters of the statement that records what became of a delivery."""
    state = {"retry": "waiting"}.get(result.state, result.state)
    settled = None if state in ("waiting", "held") else now
    ids = text(result.message_ids) if result.message_ids else "[]"
    return (
        state, result.via, small(result.due), result.billed, result.status, result.request_id, ids,
        plain(result.detail), settled, delivery,
    )  # fmt: skip


def loads(source: str) -> Any:
    return msgspec.json.decode(source)


def many(rows: Sequence[tuple[Any, ...]] | None, names: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as mappings, for people and scripts."""
    return [dict(zip(names, row, strict=True)) for row in rows or ()]


def renamed(row: Kept, name: str) -> Kept:
    event = replace(row.event, id=name)
    return row._replace(event=event, body=text(event))
