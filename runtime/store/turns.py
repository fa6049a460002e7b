"""What a worker does with what it holds: commit a turn, settle what was sent, fail an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runtime.errors import BadInput, Fenced
from runtime.log import Logger
from runtime.model import Claim, Delivery, Event, Outcome
from runtime.store import cases, codec, files
from runtime.store.codec import Kept, Packed
from runtime.store.lanes import COLUMNS, ID, STATE, UNSENT, Hold, Op, accept, columns, let_go, onward, queued

log = Logger("store")

HELD = "SELECT key FROM lanes WHERE key = ? AND worker = ? {lock}"
SAVE = """UPDATE sessions SET state = ?, seen = ?, started = ?, version = version + 1
  WHERE key = ? AND version = ? RETURNING contact"""
SAVE_RESTED = SAVE.replace(
    " RETURNING", " AND NOT EXISTS (SELECT 1 FROM outbox WHERE session = ? AND settled IS NULL) RETURNING"
)
"""Only if nothing of the session is held for its next reply token: that has to go first."""
SAVE_UNTAKEN = SAVE.replace(
    " RETURNING",
    " AND NOT EXISTS (SELECT 1 FROM inbox WHERE session = ? AND state = 'due' AND rank = 0) RETURNING",
)
"""Only if nobody takes the chat over meanwhile. It stands behind `HELD`, so that it sees whoever held the lane then."""
TAKEN = "SELECT 1 FROM inbox WHERE session = ? AND state = 'due' AND rank = 0 LIMIT 1"
SET_CONTACT = "UPDATE sessions SET contact = ? WHERE key = ?"

PUT_TIMER = f"""INSERT INTO inbox ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET print = excluded.print, at = excluded.at, rank = excluded.rank, due = excluded.due,
    accepted = excluded.accepted, body = excluded.body, state = 'due', attempts = 0, done_at = NULL
  WHERE inbox.session = excluded.session RETURNING seq"""
DONE = """UPDATE inbox SET state = 'done', trace = ?, body = COALESCE(?, body), done_at = ?
  WHERE id = ? AND state = 'due' RETURNING seq"""
TAKE = "INSERT INTO lanes (key, due, worker) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING key"
ADD_DONE = f"""INSERT INTO inbox ({COLUMNS}, state, trace, done_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'done', ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq"""
FAIL = """UPDATE inbox SET state = ?, due = ?, attempts = attempts + 1, error = ?, done_at = ?
  WHERE id = ? AND state = 'due' RETURNING seq"""
WAKE_UP = "UPDATE inbox SET due = ?, rank = ? WHERE id = ? AND session = ? AND state = 'due' AND due > ?"
CANCEL = "DELETE FROM inbox WHERE id = ? AND session = ? AND state = 'due'"

LEFT = """SELECT EXISTS (SELECT 1 FROM outbox WHERE session = ? AND settled IS NULL)
  OR EXISTS (SELECT 1 FROM inbox WHERE session = ? AND state = 'due')"""
UNTRIED = "UPDATE outbox SET state = 'waiting' WHERE id = ?"
SETTLE = """UPDATE outbox SET state = ?, via = ?, due = ?, billed = billed + ?, status = ?, request_id = ?,
  message_ids = ?, detail = ?, settled = ?, attempts = attempts + 1 WHERE id = ? AND settled IS NULL"""
MERGE = "UPDATE outbox SET state = 'merged', settled = ? WHERE id = ? AND session = ? AND state = 'held'"
SUPPRESS = "UPDATE outbox SET state = 'suppressed', settled = ? WHERE id = ? AND session = ? AND state = 'held'"

ADD_ENTRY = """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
SAID = "SELECT id, body, session FROM inbox WHERE message = ? AND message <> ''"
BLANK_EVENT = "UPDATE inbox SET body = ?, trace = '[]' WHERE id = ?"
BLANK_ENTRY = """UPDATE transcript SET text = '', data = '{"erased":true}' WHERE message = ? AND message <> ''"""
BLANK_WORDS = "DELETE FROM found WHERE {rowid} IN (SELECT seq FROM notes WHERE session = ? AND event = ?)"
BLANK_MEDIA = "UPDATE media SET state = 'erased' WHERE message = ? AND message <> ''"
ADD_MEDIA = """INSERT INTO media (token, session, message, type, size, at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (token) DO UPDATE SET state = 'kept', size = excluded.size"""


def commit(packed: Packed, worker: str, now: int) -> Op[Claim | None]:
    turn, session = packed.turn, packed.session
    key, event = session.key, turn.event.id
    if not (yield HELD, (key, worker)):
        raise Fenced
    seen, started = codec.small(session.seen), codec.small(session.started)
    values = (packed.state, seen, started, key, turn.session.version)
    urgent = codec.urgent(turn.event)
    saved = yield (SAVE, values) if urgent else (SAVE_UNTAKEN, (*values, key))
    if not saved:
        if not urgent and (yield TAKEN, (key,)):
            log.info("a turn gave way to somebody who takes the chat over", session=key, event=event)
            return (yield from onward(Hold(key, worker, True), now))
        raise Fenced
    if saved[0][0] != session.contact:
        yield SET_CONTACT, (session.contact, key)
    if not (yield DONE, (packed.trace, packed.body, now, event)):
        raise Fenced(f"event {event} was already worked; the turn was not written")
    yield from _written(packed, now)
    hold = Hold(key, worker, True, session)
    return (yield from onward(hold, now, fresh=queued(packed.deliveries), event=event))


def direct(row: Kept, packed: Packed, worker: str, now: int) -> Op[Claim | None]:
    """Accept an event and commit its turn at once, if its session rests and is as the turn found it."""
    turn, session, event = packed.turn, packed.session, row.event
    key, seen, started = session.key, codec.small(session.seen), codec.small(session.started)
    if not (yield TAKE, (key, now, worker)):
        raise Fenced
    saved = yield SAVE_RESTED, (packed.state, seen, started, key, turn.session.version, key)
    if not saved or not (yield ADD_DONE, (*columns(_kept(row, packed), now), packed.trace, now)):
        raise Fenced
    if saved[0][0] != session.contact:
        yield SET_CONTACT, (session.contact, key)
    yield from _written(packed, now)
    hold = Hold(key, worker, True, session)
    return (yield from onward(hold, now, (), fresh=queued(packed.deliveries), event=event.id))


def _kept(row: Kept, packed: Packed) -> Kept:
    """The event as the turn leaves it."""
    return row if packed.body is None else row._replace(body=packed.body)


def _written(packed: Packed, now: int) -> Op[None]:
    """What a turn leaves beside session, event and deliveries."""
    turn = packed.turn
    asks = yield from erase(turn.erase)
    yield ADD_ENTRY, packed.entries
    yield from _timers(packed, now)
    if packed.sent_on or asks:
        more = (codec.keep(replace(event, at=now, due=now), now) for event in asks)
        yield from accept((*packed.sent_on, *more), None, now)
    if turn.merged:
        yield MERGE, [(now, delivery, packed.session.key) for delivery in turn.merged]
    if turn.suppressed:
        yield SUPPRESS, [(now, delivery, packed.session.key) for delivery in turn.suppressed]
    if turn.case is not None or turn.notes or turn.over:
        yield from cases.written(turn, now)
        yield from files.held(turn.notes, packed.session.key, now)
    yield from _media(turn.event, now)


def _timers(packed: Packed, now: int) -> Op[None]:
    key = packed.session.key
    if packed.turn.cancel:
        yield CANCEL, [(timer, key) for timer in packed.turn.cancel]
    if packed.turn.wake:
        yield WAKE_UP, [(now, now, event, key, now) for event in packed.turn.wake]
    for timer in packed.timers:
        if timer.event.session != key or not (yield PUT_TIMER, columns(timer, now)):
            raise BadInput(f"timer {timer.event.id} belongs to another session than {key}")


def _media(event: Event, now: int) -> Op[None]:
    content = event.data.get("content")
    if isinstance(content, dict) and content.get("token"):
        size = codec.small(int(content.get("size") or 0))
        yield (
            ADD_MEDIA,
            (content["token"], event.session, codec.message_of(event), str(content.get("type") or ""), size, now),
        )


def erase(messages: Sequence[str]) -> Op[list[Event]]:
    """Blank what these messages said, wherever it is kept; what providers have to be asked of it."""
    asks = []
    for message in filter(None, messages):
        for name, body, session in (yield SAID, (message,)):
            yield BLANK_EVENT, (codec.blank(codec.event_of(body, name)), name)
            yield BLANK_WORDS, (session, name)
            asks += yield from cases.erase(name, session, message)
        yield BLANK_ENTRY, (message,)
        yield BLANK_MEDIA, (message,)
    return asks


def settle(
    key: str, results: Sequence[tuple[Delivery, Outcome]], worker: str, now: int
) -> Op[Claim | None]:  # fmt: skip
    found = yield HELD, (key, worker)
    if results:
        yield SETTLE, [codec.outcome(delivery.id, result, now) for delivery, result in results]
    if not found:
        return None  # the hold is lost, but what was sent was sent
    if not (yield LEFT, (key, key))[0][0]:
        yield from let_go(key, None, now)
        return None
    rows = yield UNSENT, (key,)
    untried = [row[ID] for row in rows if row[STATE] == "sending"]
    if untried:
        yield UNTRIED, [(delivery,) for delivery in untried]
        rows = yield UNSENT, (key,)
    return (yield from onward(Hold(key, worker, taken=True), now, rows))


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
    fresh = queued(deliveries) if failed else []
    return (yield from onward(Hold(key, worker, taken=True), now, fresh=fresh, event=event))
