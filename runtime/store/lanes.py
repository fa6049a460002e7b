"""What happens to one conversation's lane of events and deliveries, each function one transaction.

Each is a generator that yields `(sql, parameters)` and is sent the rows: the two connectors drive it, one in a
thread, one over the network. A list of parameters runs the statement once for each and gives no rows. Every
transaction that changes a lane locks its row first, so that nothing arrives unseen between reading what is next
and letting the session go. A session that has nothing to do has no row in `lanes`.

While a session is held its lane's `due` is in the past: freeing what a dead worker held makes it found at once.
A delivery waits as `waiting`, becomes `sending` when it is handed to a worker, and `unsure` when it is handed
out again without anybody having said what came of it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, TypeVar

from runtime.errors import StoreError
from runtime.log import Logger
from runtime.model import Claim, Delivery, Event, Session
from runtime.store import codec
from runtime.store.codec import Kept

R = TypeVar("R")
Op: TypeAlias = Generator[tuple[str, Any], Any, R]
"""One transaction: yields statements with parameters, is sent rows, returns its result."""

Row: TypeAlias = tuple[Any, ...]

WAKE = "{wake}"
"""Tell workers that rest that a free session has work; its parameter is in how many milliseconds."""
TELL = "{tell}"
"""Tell every process that the log has new lines (its parameter: ""), or what else desks should know at once."""

UNREADABLE = 60_000
"""After how many ms a session with a row that cannot be read is looked at again: it must not stop the others."""

UNWORKABLE = "a session cannot be worked; `noren sessions erase` begins it anew"
log = Logger("store")

SESSION = "SELECT state FROM sessions WHERE key = ?"
BEGIN = """INSERT INTO sessions (key, endpoint, contact, version, started, seen, state) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO NOTHING"""

OPEN = "INSERT INTO lanes (key, due, worker) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING key"
LANE = "SELECT due, worker FROM lanes WHERE key = ? {lock}"
FREE = "SELECT key FROM lanes WHERE worker IS NULL AND due <= ? ORDER BY due LIMIT 1 {skip}"
SOONEST = "SELECT min(due) FROM lanes WHERE worker IS NULL"
SET_DUE = "UPDATE lanes SET due = ? WHERE key = ?"
HOLD = "UPDATE lanes SET worker = ?, due = ? WHERE key = ?"
LET_GO = "UPDATE lanes SET worker = NULL, due = ? WHERE key = ?"
CLOSE = "DELETE FROM lanes WHERE key = ?"
RELEASE = "UPDATE lanes SET worker = NULL WHERE key = ? AND worker = ? RETURNING key"
HELD_BY = "SELECT key FROM lanes WHERE worker = ? ORDER BY key"
FREE_ALL = "UPDATE lanes SET worker = NULL WHERE worker = ? RETURNING key"

COLUMNS = "id, print, session, endpoint, kind, at, rank, due, message, accepted, body"
ADD_EVENT = f"""INSERT INTO inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING RETURNING seq"""
KNOWN = "SELECT print, state FROM inbox WHERE id = ?"
REFRESH = "UPDATE inbox SET body = ? WHERE id = ? AND state = 'due'"
FIRST = """SELECT id, due, attempts, body FROM inbox WHERE session = ? AND state = 'due'
  ORDER BY rank, seq LIMIT 1"""
FIRST_READY = """SELECT id, due, attempts, body FROM inbox WHERE session = ? AND state = 'due'
  ORDER BY CASE WHEN due <= ? OR attempts > 0 THEN 0 ELSE 1 END, rank, seq LIMIT 1"""

UNSENT = """SELECT id, state, due, attempts, detail, body FROM outbox
  WHERE session = ? AND settled IS NULL ORDER BY seq"""
ADD_DELIVERY = """INSERT INTO outbox (id, event, session, endpoint, state, via, due, detail, created, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq"""
HAND_OUT = "UPDATE outbox SET state = CASE state WHEN 'waiting' THEN 'sending' ELSE 'unsure' END WHERE id = ?"

ID, STATE, DUE, ATTEMPTS, DETAIL, BODY = range(6)


class Hold(NamedTuple):
    """A session under work: its row if that is already read, and whether its lane already names the worker."""

    key: str
    worker: str
    taken: bool
    session: Session | None = None


def accept(rows: Sequence[Kept], worker: str | None, now: int) -> Op[list[Claim]]:
    lanes: dict[str, list[Kept]] = {}
    for row in rows:
        lanes.setdefault(row.event.session, []).append(row)
    claims = []
    for key in sorted(lanes):  # in one order everywhere, so that two transactions never wait for each other
        claim = yield from _arrive(key, lanes[key], worker, now)
        if claim is not None:
            claims.append(claim)
    return claims


def _arrive(key: str, rows: list[Kept], worker: str | None, now: int) -> Op[Claim | None]:
    soonest = min(row.due for row in rows)
    take = worker if soonest <= now else None
    idle, due, holder = yield from lock(key, soonest, take)
    session = yield from _session(key, rows[0].event, take, now)
    kept = yield from _keep_each(rows, now)
    if kept and session is None:  # nobody can work it, but what comes in is kept, here and in other sessions
        if idle:
            yield LET_GO, (now + UNREADABLE, key)
        return None
    if not kept:
        if idle:
            yield CLOSE, (key,)
        return None
    soonest = min(row.due for row in kept)
    if take and idle and soonest <= now:
        return (yield from _take_first(Hold(key, take, True, session), kept, now))
    if take and holder is None:
        return (yield from onward(Hold(key, take, idle, session), now))
    if soonest < due:
        yield SET_DUE, (soonest, key)
    if holder is None and (idle or soonest < due):
        yield WAKE, (soonest - now,)
    return None


def _session(key: str, event: Event, take: str | None, now: int) -> Op[Session | None]:
    """The session's row, made if there is none; None when a worker wants it and it cannot be read."""
    found = yield SESSION, (key,)
    if not found:
        session = codec.fresh(event, now)
        yield BEGIN, (key, session.endpoint, session.contact, session.version, now, now, codec.state_of(session))
        return session
    if not take:
        return codec.fresh(event, now)  # nobody looks at it
    try:
        return codec.session_of(found[0][0])
    except StoreError as error:
        log.error(UNWORKABLE, session=key, error=error.message)
        return None


def lock(key: str, due: int, worker: str | None) -> Op[tuple[bool, int, str | None]]:
    """Lock the session's lane: whether it was idle and is opened now, when it is due, and who holds it."""
    while True:
        if (yield OPEN, (key, due, worker)):
            return True, due, None
        found = yield LANE, (key,)
        if found:  # else it was closed in this moment
            return False, found[0][0], found[0][1]


def _keep_each(rows: Sequence[Kept], now: int) -> Op[list[Kept]]:
    """Put the events into the inbox; those that were not known."""
    kept = []
    for row in rows:
        new = yield from _keep(row, now)
        if new is not None:
            kept.append(new)
    return kept


def _keep(row: Kept, now: int) -> Op[Kept | None]:
    """Put the event into the inbox; None when it is known.

    Another event under a known id is kept beside the first: to lose one is worse than to answer one twice.
    """
    event = row.event
    if (yield ADD_EVENT, columns(row, now)):
        return row
    known = yield KNOWN, (event.id,)
    if known and known[0][0] == row.print:
        if known[0][1] == "due":
            yield REFRESH, (row.body, event.id)  # a redelivery brings a fresh minute for the reply token
        return None
    twin = codec.renamed(row, f"{event.id}#{row.print}")
    if not (yield ADD_EVENT, columns(twin, now)):
        return None
    log.warning("another event came under a known id; both are kept", event=twin.event.id, session=event.session)
    return twin


def columns(row: Kept, now: int) -> Row:
    event = row.event
    return (
        event.id, row.print, event.session, event.endpoint, event.kind, codec.small(event.at), row.rank, row.due,
        codec.message_of(event), now, row.body,
    )  # fmt: skip


def _take_first(hold: Hold, kept: list[Kept], now: int) -> Op[Claim]:
    """Hold a session that had nothing to do: the first of the new events is its next, unread."""
    rows = yield UNSENT, (hold.key,)  # what is held for a fresh reply token
    first = min((row for row in kept if row.due <= now), key=lambda row: row.rank)
    assert hold.session is not None
    return Claim(hold.session, first.event, tuple(map(_delivery, rows)))


def claim(worker: str, now: int) -> Op[Claim | None]:
    while True:
        found = yield FREE, (now,)
        if not found:
            return None
        key = found[0][0]
        try:
            claim = yield from onward(Hold(key, worker, taken=False), now)
        except StoreError as error:
            log.error(UNWORKABLE, session=key, error=error.message)
            yield LET_GO, (now + UNREADABLE, key)
            continue
        if claim is not None:
            return claim


def onward(
    hold: Hold, now: int, rows: Sequence[Row] | None = None, fresh: Sequence[Row] = (), event: str = ""
) -> Op[Claim | None]:
    """The session's next due work: what is to be sent, else the next event with what it may carry, else let go.

    `fresh` are new deliveries of `event`; they stand behind what is still unsent.
    """
    if rows is None:
        rows = yield UNSENT, (hold.key,)
    ready, held, later = line_up([*rows, *fresh], now)
    for row in fresh:
        added = yield from _add_delivery(row, event, row in ready)
        ready = [added if one is row else one for one in ready]
    if ready:
        again = [(row[ID],) for row in ready if isinstance(row[BODY], str)]
        if again:
            yield HAND_OUT, again
        session = yield from _hold(hold, now)
        return Claim(session, None, tuple(map(_delivery, ready)))
    first = yield from _first_event(hold.key, now)
    if first is not None and first[1] <= now:
        session = yield from _hold(hold, now)
        name, _, attempts, body = first
        return Claim(session, codec.event_of(body, name), tuple(map(_delivery, held)), attempts)
    dues: list[int] = [] if later is None else [later]
    if first is not None:
        dues.append(first[1])
    yield from let_go(hold.key, min(dues, default=None), now)
    return None


def line_up(rows: Sequence[Row], now: int) -> tuple[list[Row], list[Row], int | None]:
    """What may be sent now, what is held, and when the first that must wait is due; it holds back all behind it."""
    ready: list[Row] = []
    held: list[Row] = []
    later: int | None = None
    for row in rows:
        if row[STATE] == "held":
            held.append(row)
        elif later is None and row[STATE] == "waiting" and row[DUE] > now:
            later = row[DUE]
        elif later is None:
            ready.append(row)
    return ready, held, later


def _first_event(key: str, now: int) -> Op[Row | None]:
    """The event that is next, due or not. A failed one holds back those behind it, a timer does not."""
    found = yield FIRST, (key,)
    if found and found[0][1] > now and not found[0][2]:
        found = yield FIRST_READY, (key, now)
    return found[0] if found else None


def _hold(hold: Hold, now: int) -> Op[Session]:
    if not hold.taken:
        yield HOLD, (hold.worker, now, hold.key)
    if hold.session is not None:
        return hold.session
    found = yield SESSION, (hold.key,)
    return codec.session_of(found[0][0])


def let_go(key: str, due: int | None, now: int) -> Op[None]:
    if due is None:
        yield CLOSE, (key,)
    else:
        yield LET_GO, (due, key)
        yield WAKE, (due - now,)


def _delivery(row: Row) -> Delivery:
    """As the worker sees it: `sending` may have reached LINE before, `waiting` has not."""
    body: Delivery | str = row[BODY]
    if isinstance(body, Delivery):
        return body
    state = "sending" if row[STATE] in ("sending", "unsure") else row[STATE]
    return codec.delivery_of(body, state, row[DUE], row[ATTEMPTS], row[DETAIL])


def queued(deliveries: Sequence[Delivery]) -> list[Row]:
    """New deliveries as rows of `UNSENT`, with the delivery itself as body."""
    return [(d.id, d.state, d.due, d.attempts, d.detail, d) for d in deliveries]


def _add_delivery(row: Row, event: str, ready: bool) -> Op[Row]:
    """Into the outbox; under another id when the event was parked with an apology and is worked again."""
    number = 1
    while not (yield ADD_DELIVERY, _outgoing(row, event, ready)):
        number += 1
        delivery = replace(row[BODY], id=f"{row[BODY].id.partition('~')[0]}~{number}")
        [row] = queued([delivery])
    return row


def _outgoing(row: Row, event: str, ready: bool) -> Row:
    d: Delivery = row[BODY]
    state = "sending" if ready else d.state
    return (
        d.id, event, d.session, d.endpoint, state, d.via, codec.small(d.due), d.detail, d.created, codec.text(d)
    )  # fmt: skip


def release(key: str, worker: str) -> Op[None]:
    if (yield RELEASE, (key, worker)):
        yield WAKE, (0,)


def held_by(worker: str) -> Op[list[str]]:
    return [key for (key,) in (yield HELD_BY, (worker,))]


def free(worker: str) -> Op[int]:
    """Let go of everything a worker held."""
    freed = yield FREE_ALL, (worker,)
    if freed:
        yield WAKE, (0,)
    return len(freed)


def next_due() -> Op[int | None]:
    [(due,)] = yield SOONEST, ()
    return None if due is None else int(due)
