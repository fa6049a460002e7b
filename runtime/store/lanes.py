"""What happens to one conversation's lane of events and deliveries, each function one transaction.

Each is a generator that yields `(sql, parameters)` and is sent the rows: the two connectors drive it, one in a
thread, one over the network. A list of parameters runs the statement once for each and gives no rows. Every
transaction that changes a lane locks its session's row first, so that nothing arrives unseen between reading
what is next and letting the session go.

While a session is held its `due` is in the past: freeing what a dead worker held makes it found at once.
A delivery waits as `waiting`, becomes `sending` when it is handed to a worker, and `unsure` when it is handed
out again without anybody having said what came of it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from runtime.errors import BadInput, Fenced
from runtime.log import Logger
from runtime.model import Claim, Delivery, Event, Outcome, Session
from runtime.store import codec
from runtime.store.codec import Kept, Packed

R = TypeVar("R")
Op: TypeAlias = Generator[tuple[str, Any], Any, R]
"""One transaction: yields statements with parameters, is sent rows, returns its result."""

Row: TypeAlias = tuple[Any, ...]

WAKE = "{wake}"
"""Tell workers that rest that a free session has work; its parameter is in how many milliseconds."""

log = Logger("store")

SESSION = "SELECT due, worker, state FROM sessions WHERE key = ? {lock}"
HELD = "SELECT state FROM sessions WHERE key = ? AND worker = ? {lock}"
FREE = "SELECT key, state FROM sessions WHERE worker IS NULL AND due <= ? ORDER BY due LIMIT 1 {skip}"
SOONEST = "SELECT min(due) FROM sessions WHERE worker IS NULL AND due IS NOT NULL"
BEGIN = """INSERT INTO sessions (key, endpoint, contact, started, seen, state) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO NOTHING RETURNING key"""
SAVE = """UPDATE sessions SET state = ?, contact = ?, seen = ?, started = ?, version = version + 1
  WHERE key = ? AND worker = ? AND version = ? RETURNING key"""
SET_DUE = "UPDATE sessions SET due = ? WHERE key = ?"
HOLD = "UPDATE sessions SET worker = ?, due = ? WHERE key = ?"
LET_GO = "UPDATE sessions SET worker = NULL, due = ? WHERE key = ?"
RELEASE = "UPDATE sessions SET worker = NULL WHERE key = ? AND worker = ? RETURNING due"
FREE_ALL = "UPDATE sessions SET worker = NULL WHERE worker = ? RETURNING key"

COLUMNS = "id, print, session, endpoint, kind, at, rank, due, message, accepted, body"
ADD_EVENT = f"""INSERT INTO inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING RETURNING seq"""
PUT_TIMER = f"""INSERT INTO inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET print = excluded.print, at = excluded.at, rank = excluded.rank, due = excluded.due,
    accepted = excluded.accepted, body = excluded.body, state = 'due', attempts = 0, done_at = NULL
  WHERE inbox.session = excluded.session RETURNING seq"""
KNOWN = "SELECT print, state FROM inbox WHERE id = ?"
REFRESH = "UPDATE inbox SET body = ? WHERE id = ? AND state = 'due'"
FIRST = """SELECT id, due, attempts, body FROM inbox WHERE session = ? AND state = 'due'
  ORDER BY rank, seq LIMIT 1"""
FIRST_READY = """SELECT id, due, attempts, body FROM inbox WHERE session = ? AND state = 'due'
  ORDER BY CASE WHEN due <= ? OR attempts > 0 THEN 0 ELSE 1 END, rank, seq LIMIT 1"""
DONE = """UPDATE inbox SET state = 'done', trace = ?, body = COALESCE(?, body), done_at = ?
  WHERE id = ? AND state = 'due' RETURNING seq"""
FAIL = """UPDATE inbox SET state = ?, due = ?, attempts = attempts + 1, error = ?, done_at = ?
  WHERE id = ? AND state = 'due' RETURNING seq"""
CANCEL = "DELETE FROM inbox WHERE id = ? AND session = ? AND state = 'due'"

UNSENT = """SELECT id, state, due, attempts, detail, body FROM outbox
  WHERE session = ? AND settled IS NULL ORDER BY seq"""
ADD_DELIVERY = """INSERT INTO outbox (id, event, session, endpoint, state, via, due, detail, created, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
HAND_OUT = "UPDATE outbox SET state = CASE state WHEN 'waiting' THEN 'sending' ELSE 'unsure' END WHERE id = ?"
UNTRIED = "UPDATE outbox SET state = 'waiting' WHERE id = ?"
SETTLE = """UPDATE outbox SET state = ?, via = ?, due = ?, billed = billed + ?, status = ?, request_id = ?,
  message_ids = ?, detail = ?, settled = ?, attempts = attempts + 1 WHERE id = ? AND settled IS NULL"""
MERGE = "UPDATE outbox SET state = 'merged', settled = ? WHERE id = ? AND session = ? AND state = 'held'"

ADD_ENTRY = """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
SAID = "SELECT id, body FROM inbox WHERE message = ? AND message <> ''"
BLANK_EVENT = "UPDATE inbox SET body = ?, trace = '[]' WHERE id = ?"
BLANK_ENTRY = """UPDATE transcript SET text = '', data = '{"erased":true}' WHERE message = ? AND message <> ''"""
BLANK_MEDIA = "UPDATE media SET state = 'erased' WHERE message = ? AND message <> ''"
ADD_MEDIA = """INSERT INTO media (token, session, message, type, size, at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (token) DO UPDATE SET state = 'kept', size = excluded.size"""

ID, STATE, DUE, ATTEMPTS, DETAIL, BODY = range(6)


class Hold(NamedTuple):
    """A session under work. `taken` says whether its row already names the worker."""

    key: str
    session: Session | str
    worker: str
    taken: bool

    def load(self) -> Session:
        return codec.session_of(self.session) if isinstance(self.session, str) else self.session


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
    due, holder, session = yield from _lane(key, rows[0].event, now)
    kept: list[Kept] = []
    for row in rows:
        new = yield from _keep(row, now)
        if new is not None:
            kept.append(new)
    if not kept:
        return None
    soonest = min(row.due for row in kept)
    if worker is not None and holder is None and soonest <= now:
        hold = Hold(key, session, worker, taken=False)
        if due is not None:
            return (yield from onward(hold, now))
        return (yield from _take_first(hold, kept, now))
    if due is None or soonest < due:
        yield SET_DUE, (soonest, key)
        if holder is None:
            yield WAKE, (soonest - now,)
    return None


def _lane(key: str, event: Event, now: int) -> Op[tuple[int | None, str | None, Session | str]]:
    """Lock the session's row, made if it is missing: when it is due, who holds it, and the session."""
    found = yield SESSION, (key,)
    if not found:
        session = codec.fresh(event, now)
        made = yield BEGIN, (key, session.endpoint, session.contact, now, now, codec.state_of(session))
        if made:
            return None, None, session
        found = yield SESSION, (key,)  # another process made it in this moment
    due, worker, state = found[0]
    return due, worker, state


def _keep(row: Kept, now: int) -> Op[Kept | None]:
    """Put the event into the inbox; None when it is known.

    Another event under a known id is kept beside the first: to lose one is worse than to answer one twice.
    """
    event = row.event
    if (yield ADD_EVENT, _columns(row, now)):
        return row
    known = yield KNOWN, (event.id,)
    if known and known[0][0] == row.print:
        if known[0][1] == "due":
            yield REFRESH, (row.body, event.id)  # a redelivery brings a fresh minute for the reply token
        return None
    twin = codec.renamed(row, f"{event.id}#{row.print}")
    if not (yield ADD_EVENT, _columns(twin, now)):
        return None
    log.warning("another event came under a known id; both are kept", event=twin.event.id, session=event.session)
    return twin


def _columns(row: Kept, now: int) -> Row:
    event = row.event
    return (
        event.id, row.print, event.session, event.endpoint, event.kind, codec.small(event.at), row.rank, row.due,
        codec.message_of(event), now, row.body,
    )  # fmt: skip


def _take_first(hold: Hold, kept: list[Kept], now: int) -> Op[Claim]:
    """Hold a session that had nothing to do: the first of the new events is its next, unread."""
    rows = yield UNSENT, (hold.key,)  # what is held for a fresh reply token
    yield HOLD, (hold.worker, now, hold.key)
    first = min((row for row in kept if row.due <= now), key=lambda row: row.rank)
    return Claim(hold.load(), first.event, tuple(map(_delivery, rows)))


def claim(worker: str, now: int) -> Op[Claim | None]:
    while True:
        found = yield FREE, (now,)
        if not found:
            return None
        key, state = found[0]
        claim = yield from onward(Hold(key, state, worker, taken=False), now)
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
    if fresh:
        yield ADD_DELIVERY, [_outgoing(row, event, row in ready) for row in fresh]
    if ready:
        again = [(row[ID],) for row in ready if isinstance(row[BODY], str)]
        if again:
            yield HAND_OUT, again
        yield from _hold(hold, now)
        return Claim(hold.load(), None, tuple(map(_delivery, ready)))
    first = yield from _first_event(hold.key, now)
    if first is not None and first[1] <= now:
        yield from _hold(hold, now)
        name, _, attempts, body = first
        return Claim(hold.load(), codec.event_of(body, name), tuple(map(_delivery, held)), attempts)
    dues: list[int] = [] if later is None else [later]
    if first is not None:
        dues.append(first[1])
    yield from _let_go(hold.key, min(dues, default=None), now)
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


def _hold(hold: Hold, now: int) -> Op[None]:
    if not hold.taken:
        yield HOLD, (hold.worker, now, hold.key)


def _let_go(key: str, due: int | None, now: int) -> Op[None]:
    yield LET_GO, (due, key)
    if due is not None:
        yield WAKE, (due - now,)


def _delivery(row: Row) -> Delivery:
    """As the worker sees it: `sending` may have reached LINE before, `waiting` has not."""
    body: Delivery | str = row[BODY]
    if isinstance(body, Delivery):
        return body
    state = "sending" if row[STATE] in ("sending", "unsure") else row[STATE]
    return codec.delivery_of(body, state, row[DUE], row[ATTEMPTS], row[DETAIL])


def _queued(deliveries: Sequence[Delivery]) -> list[Row]:
    """New deliveries as rows of `UNSENT`, with the delivery itself as body."""
    return [(d.id, d.state, d.due, d.attempts, d.detail, d) for d in deliveries]


def _outgoing(row: Row, event: str, ready: bool) -> Row:
    d: Delivery = row[BODY]
    state = "sending" if ready else d.state
    return (
        d.id, event, d.session, d.endpoint, state, d.via, codec.small(d.due), d.detail, d.created, codec.text(d)
    )  # fmt: skip


def commit(packed: Packed, worker: str, now: int) -> Op[Claim | None]:
    turn, session = packed.turn, packed.session
    key, event = session.key, turn.event.id
    seen, started = codec.small(session.seen), codec.small(session.started)
    if not (yield SAVE, (packed.state, session.contact, seen, started, key, worker, turn.session.version)):
        raise Fenced
    if not (yield DONE, (packed.trace, packed.body, now, event)):
        raise Fenced(f"event {event} was already worked; the turn was not written")
    yield from erase(turn.erase)
    if packed.entries:
        yield ADD_ENTRY, packed.entries
    yield from _timers(packed, now)
    if turn.merged:
        yield MERGE, [(now, delivery, key) for delivery in turn.merged]
    yield from _media(turn.event, now)
    hold = Hold(key, session, worker, taken=True)
    return (yield from onward(hold, now, fresh=_queued(packed.deliveries), event=event))


def _timers(packed: Packed, now: int) -> Op[None]:
    key = packed.session.key
    if packed.turn.cancel:
        yield CANCEL, [(timer, key) for timer in packed.turn.cancel]
    for timer in packed.timers:
        if timer.event.session != key or not (yield PUT_TIMER, _columns(timer, now)):
            raise BadInput(f"timer {timer.event.id} belongs to another session than {key}")


def _media(event: Event, now: int) -> Op[None]:
    content = event.data.get("content")
    if isinstance(content, dict) and content.get("token"):
        size = codec.small(int(content.get("size") or 0))
        yield (
            ADD_MEDIA,
            (content["token"], event.session, codec.message_of(event), str(content.get("type") or ""), size, now),
        )


def erase(messages: Sequence[str]) -> Op[None]:
    """Blank what these messages said, wherever it is kept."""
    for message in filter(None, messages):
        for name, body in (yield SAID, (message,)):
            yield BLANK_EVENT, (codec.blank(codec.event_of(body, name)), name)
        yield BLANK_ENTRY, (message,)
        yield BLANK_MEDIA, (message,)


def settle(
    key: str, results: Sequence[tuple[Delivery, Outcome]], worker: str, now: int
) -> Op[Claim | None]:  # fmt: skip
    found = yield HELD, (key, worker)
    if results:
        yield SETTLE, [codec.outcome(delivery.id, result, now) for delivery, result in results]
    if not found:
        return None  # the hold is lost, but what was sent was sent
    rows = yield UNSENT, (key,)
    untried = [row[ID] for row in rows if row[STATE] == "sending"]
    if untried:
        yield UNTRIED, [(delivery,) for delivery in untried]
        rows = yield UNSENT, (key,)
    return (yield from onward(Hold(key, found[0][0], worker, taken=True), now, rows))


def fail(
    claim: Claim, error: str, due: int | None, worker: str, now: int, deliveries: Sequence[Delivery]
) -> Op[Claim | None]:
    key, event = claim.session.key, claim.event.id if claim.event else ""
    found = yield HELD, (key, worker)
    if not found:
        raise Fenced
    state, when, done_at = ("dead", now, now) if due is None else ("due", codec.small(due), None)
    # An event that is done by now was committed by a turn that ran out of time right after: nothing failed.
    failed = yield FAIL, (state, when, codec.plain(error), done_at, event)
    fresh = _queued(deliveries) if failed else []
    return (yield from onward(Hold(key, found[0][0], worker, taken=True), now, fresh=fresh, event=event))


def release(key: str, worker: str) -> Op[None]:
    for (due,) in (yield RELEASE, (key, worker)):
        if due is not None:
            yield WAKE, (0,)


def free(worker: str) -> Op[int]:
    """Let go of everything a worker held."""
    freed = yield FREE_ALL, (worker,)
    if freed:
        yield WAKE, (0,)
    return len(freed)


def next_due() -> Op[int | None]:
    [(due,)] = yield SOONEST, ()
    return None if due is None else int(due)
