"""What operators look up and change: parked events, deliveries, sessions, transcripts, counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from runtime.errors import BadInput
from runtime.model import Session
from runtime.store import codec, labels
from runtime.store.lanes import CLOSE, LANE, SESSION, SET_DUE, WAKE, Op, Row, lock

Found = list[dict[str, Any]]

EVENT = ("id", "session", "endpoint", "kind", "at", "due", "attempts", "state", "error", "accepted", "done_at")
DELIVERY = (
    "id", "event", "session", "endpoint", "state", "via", "due", "attempts", "billed", "status", "request_id",
    "message_ids", "detail", "created", "settled",
)  # fmt: skip
SESSION_ROW = ("key", "endpoint", "contact", "version", "started", "seen")
ENTRY = ("seq", "session", "at", "who", "kind", "text", "data", "event", "message")

EVENT_STATES = {
    "due": "state = 'due'",
    "done": "state = 'done'",
    "dead": "state = 'dead' AND state IN ('dead', 'dropped')",
    "dropped": "state = 'dropped' AND state IN ('dead', 'dropped')",
}
TROUBLE = "state IN ('failed', 'unknown', 'suppressed', 'dropped')"
DELIVERY_STATES = {
    "waiting": "state = 'waiting' AND settled IS NULL",
    "sending": "state = 'sending' AND settled IS NULL",
    "unsure": "state = 'unsure' AND settled IS NULL",
    "held": "state = 'held' AND settled IS NULL",
    "failed": f"state = 'failed' AND {TROUBLE}",
    "unknown": f"state = 'unknown' AND {TROUBLE}",
    "suppressed": f"state = 'suppressed' AND {TROUBLE}",
    "dropped": f"state = 'dropped' AND {TROUBLE}",
    "sent": "state = 'sent'",
    "merged": "state = 'merged'",
}
"""State → condition, in the words of the partial index that finds it. `sending` and `unsure` may have arrived."""

EVENTS = """SELECT event FROM transcript WHERE session = ? AND event <> ''
  UNION SELECT id FROM inbox WHERE session = ? AND state = 'due'
  UNION SELECT id FROM inbox WHERE session = ? AND state IN ('dead', 'dropped')"""
"""All events of a session, worked, waiting and parked; each part has its index."""

SHOW_EVENT = f"SELECT {', '.join(EVENT)}, trace, body FROM inbox WHERE id = ?"
SHOW_DELIVERY = f"SELECT {', '.join(DELIVERY)}, body FROM outbox WHERE id = ?"
SHOW_SESSION = f"SELECT {', '.join(SESSION_ROW)}, state FROM sessions WHERE key = ?"
RECENT = f"""SELECT {", ".join(f"sessions.{name}" for name in SESSION_ROW)} FROM sessions JOIN (
    SELECT session, max(seq) AS last FROM (SELECT session, seq FROM inbox ORDER BY seq DESC LIMIT 10000) AS newest
    GROUP BY session ORDER BY max(seq) DESC LIMIT ?) AS latest
  ON latest.session = sessions.key ORDER BY latest.last DESC"""
PAGE = f"SELECT {', '.join(SESSION_ROW)} FROM sessions WHERE key > ? ORDER BY key LIMIT ?"
LAST_SAID = f"""SELECT {", ".join(ENTRY)} FROM transcript WHERE session = ? AND who <> ''
  ORDER BY at DESC, seq DESC LIMIT ?"""
SAID_AFTER = (
    f"SELECT {', '.join(ENTRY)} FROM transcript WHERE session = ? AND seq > ? AND who <> '' ORDER BY seq LIMIT ?"
)

RETRY_EVENT = "UPDATE inbox SET state = 'due', due = ?, attempts = 0, done_at = NULL WHERE id = ?"
DROP_EVENT = "UPDATE inbox SET state = 'dropped', done_at = ? WHERE id = ?"
RETRY_DELIVERY = "UPDATE outbox SET state = 'waiting', due = ?, settled = NULL WHERE id = ?"
NO_SESSION = "there is no session {}; `noren sessions list` shows what there is"
PUSH_INSTEAD = "UPDATE outbox SET via = 'push', detail = '', attempts = 0, body = ? WHERE id = ?"
DELIVERY_BODY = "SELECT body FROM outbox WHERE id = ?"
DROP_DELIVERY = "UPDATE outbox SET state = 'dropped', settled = ? WHERE id = ?"
END = "UPDATE sessions SET state = ?, version = version + 1, started = ? WHERE key = ?"
CHANGE = "UPDATE sessions SET state = ?, version = version + 1 WHERE key = ?"
STATES = "SELECT state FROM sessions WHERE key > ? ORDER BY key LIMIT ?"
END_TIMERS = """DELETE FROM inbox WHERE session = ? AND state = 'due' AND kind = 'timer'
  AND body NOT LIKE '%"timer":"case"%'"""
"""Those of the flow: a case goes on, whatever becomes of the flow."""
BESIDE = "SELECT endpoint, provider, id FROM cases WHERE session = ? AND provider <> 'desk'"
MESSAGES = f"SELECT message FROM inbox WHERE id IN ({EVENTS}) AND message <> '' ORDER BY seq"
ERASE = (
    f"DELETE FROM outbox WHERE event IN ({EVENTS})",
    "DELETE FROM outbox WHERE session = ? AND settled IS NULL",
    f"DELETE FROM inbox WHERE id IN ({EVENTS})",
    "DELETE FROM transcript WHERE session = ?",
    "DELETE FROM media WHERE session = ?",
    "DELETE FROM sent_files WHERE session = ?",
    "DELETE FROM found WHERE {rowid} IN (SELECT seq FROM notes WHERE session = ?)",
    "DELETE FROM notes WHERE session = ?",
    labels.DROP_OF_SESSION,
    "DELETE FROM cases WHERE session = ?",
    "DELETE FROM lanes WHERE key = ?",
    "DELETE FROM sessions WHERE key = ?",
)


def list_events(state: str | None, session: str | None, limit: int) -> Op[Found]:
    sql, args = _search("inbox", EVENT, _condition(EVENT_STATES, state), f"id IN ({EVENTS})", session, limit)
    return codec.many((yield sql, args), EVENT)


def list_outbox(state: str | None, session: str | None, limit: int) -> Op[Found]:
    sql, args = _search("outbox", DELIVERY, _condition(DELIVERY_STATES, state), f"event IN ({EVENTS})", session, limit)
    return [_decoded(found, "message_ids") for found in codec.many((yield sql, args), DELIVERY)]


def _condition(states: dict[str, str], state: str | None) -> str:
    if state is None:
        return ""
    if state not in states:
        raise BadInput(f"{state!r} is no state; it is one of {', '.join(states)}")
    return states[state]


def _search(
    table: str, names: tuple[str, ...], state: str, among: str, session: str | None, limit: int
) -> tuple[str, Row]:
    where = [part for part in (state, among if session is not None else "") if part]
    condition = f"WHERE {' AND '.join(where)} " if where else ""
    sql = f"SELECT {', '.join(names)} FROM {table} {condition}ORDER BY seq DESC LIMIT ?"
    return sql, (limit,) if session is None else (session, session, session, limit)


def show_event(event: str) -> Op[dict[str, Any]]:
    found = codec.many((yield SHOW_EVENT, (event,)), (*EVENT, "trace", "body"))
    if not found:
        raise BadInput(f"there is no event {event}; `noren events list` shows what there is")
    return _decoded(found[0], "trace", "body")


def show_delivery(delivery: str) -> Op[dict[str, Any]]:
    found = codec.many((yield SHOW_DELIVERY, (delivery,)), (*DELIVERY, "body"))
    if not found:
        raise BadInput(f"there is no delivery {delivery}; `noren outbox list` shows what there is")
    return _decoded(found[0], "message_ids", "body")


def _decoded(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**found, **{name: codec.loads(found[name]) for name in names}}


def show_session(key: str) -> Op[dict[str, Any]]:
    found = codec.many((yield SHOW_SESSION, (key,)), (*SESSION_ROW, "state"))
    if not found:
        raise BadInput(NO_SESSION.format(key))
    due, worker = next(iter((yield LANE.format(lock=""), (key,))), (None, None))
    return {**_decoded(found[0], "state"), "due": due, "worker": worker}


def list_sessions(limit: int, after: str | None) -> Op[Found]:
    rows = (yield RECENT, (limit,)) if after is None else (yield PAGE, (after, limit))
    return codec.many(rows, SESSION_ROW)


def transcript(key: str, limit: int, after: int | None) -> Op[Found]:
    rows = list(reversed((yield LAST_SAID, (key, limit)))) if after is None else (yield SAID_AFTER, (key, after, limit))
    return [_decoded(found, "data") for found in codec.many(rows, ENTRY)]


def all_sessions(limit: int, after: str) -> Op[list[Session]]:
    """Sessions page by page, by key."""
    return [codec.session_of(state) for (state,) in (yield STATES, (after, limit))]


def change_session(key: str, change: Callable[[Session], Session], now: int) -> Op[bool]:
    """Put another state in the place of a session's; whether it is another one."""
    yield from show_session(key)
    idle = yield from _free(key, now)
    [(state,)] = yield SESSION, (key,)
    old = codec.session_of(state)
    new = change(old)
    if new != old:
        yield CHANGE, (codec.state_of(replace(new, version=old.version + 1)), key)
    if idle:
        yield CLOSE, (key,)
    return new != old


def load_session(key: str) -> Op[Session | None]:
    found = yield SESSION, (key,)
    return codec.session_of(found[0][0]) if found else None


def retry_event(event: str, now: int) -> Op[None]:
    found = yield from show_event(event)
    if found["state"] == "done":
        raise BadInput(f"event {event} was worked; only parked, dropped and waiting events can be tried again")
    yield from _reopen(found["session"], now)
    yield RETRY_EVENT, (now, event)


def drop_event(event: str, now: int) -> Op[None]:
    found = yield from show_event(event)
    yield from _free(found["session"], now)
    if found["state"] not in ("due", "dead"):
        raise BadInput(f"event {event} is {found['state']}; only waiting and parked events can be dropped")
    yield DROP_EVENT, (now, event)


def retry_delivery(delivery: str, now: int, push: bool = False) -> Op[None]:
    found = yield from show_delivery(delivery)
    if found["state"] in ("sent", "merged"):
        raise BadInput(f"delivery {delivery} was {found['state']}; it is not sent again")
    yield from _reopen(found["session"], now)
    if push and found["via"] == "reply":  # its retry key was never used: from now on it guards the push
        [(body,)] = yield DELIVERY_BODY, (delivery,)
        pushed = replace(codec.delivery_of(body, "waiting", now, 0, ""), via="push", created=now)
        yield PUSH_INSTEAD, (codec.text(pushed), delivery)
    yield RETRY_DELIVERY, (now, delivery)


def drop_delivery(delivery: str, now: int) -> Op[None]:
    found = yield from show_delivery(delivery)
    yield from _free(found["session"], now)
    if found["settled"] is not None:
        raise BadInput(f"delivery {delivery} is {found['state']}; only what is still to be sent can be dropped")
    yield DROP_DELIVERY, (now, delivery)


def _free(key: str, now: int) -> Op[bool]:
    """Lock the session's lane, refused while a worker is at it; whether it was idle and is opened for that."""
    idle, due, holder = yield from lock(key, now, None)
    if holder is not None:
        raise BadInput(f"session {key} is being worked on right now; try again in a moment")
    if due > now:
        yield SET_DUE, (now, key)
    return idle


def _reopen(key: str, now: int) -> Op[None]:
    """There is work for the session again."""
    yield from _free(key, now)
    yield WAKE, (0,)


def end_session(key: str, now: int) -> Op[None]:
    """Back to before the first message: no position, no variables, no timers; what is kept for ever stays."""
    yield from show_session(key)
    idle = yield from _free(key, now)
    [(state,)] = yield SESSION, (key,)
    old = codec.session_of(state)
    new = replace(old, cursor=None, stack=(), vars={}, memory={}, started=now, version=old.version + 1)
    yield END, (codec.state_of(new), now, key)
    yield END_TIMERS, (key,)
    if idle:
        yield CLOSE, (key,)


def erase_session(key: str) -> Op[list[str]]:
    """Everything of the session; returns the ids of its messages, whose files are the caller's to delete."""
    if not (yield SESSION, (key,)):
        raise BadInput(NO_SESSION.format(key))
    yield from _free(key, 0)
    messages = [message for (message,) in (yield MESSAGES, (key,) * 3)]
    lanes = [f"{endpoint}:{provider}:{case}" for endpoint, provider, case in (yield BESIDE, (key,))]
    beside = [*lanes, *(f"{lane}:in" for lane in lanes)]
    for one in (f"{key}:copilot", *beside, key):  # what was told to copilots and providers was said in this chat
        for statement in ERASE:
            yield statement, (one,) * statement.count("?")
    return messages


COUNTS = {
    "events": "SELECT state, count(*) FROM inbox WHERE {} GROUP BY state",
    "deliveries": "SELECT state, count(*) FROM outbox WHERE {} GROUP BY state",
}
OPEN = {
    "events": ("state = 'due'", "state IN ('dead', 'dropped')"),
    "deliveries": ("settled IS NULL", TROUBLE),
}
BACKLOG = "SELECT count(*), min(due) FROM lanes WHERE worker IS NULL AND due <= ?"
AT_WORK = "SELECT count(*) FROM lanes WHERE worker IS NOT NULL"
TOTALS = {name: f"SELECT count(*) FROM {name}" for name in ("sessions", "inbox", "outbox", "transcript", "media")}


def counts(now: int) -> Op[dict[str, Any]]:
    """What is open and what is parked. Costs nothing for what is done."""
    result: dict[str, Any] = {}
    for name, conditions in OPEN.items():
        states: dict[str, int] = {}
        for condition in conditions:
            states.update([tuple(row) for row in (yield COUNTS[name].format(condition), ())])
        result[name] = states
    [(backlog, oldest)] = yield BACKLOG, (now,)
    [(at_work,)] = yield AT_WORK, ()
    return {**result, "backlog": backlog, "oldest_ms": now - oldest if oldest is not None else 0, "at_work": at_work}


ASKED = """SELECT session, count(*) FROM inbox WHERE state = 'due' AND kind = 'provider'
  AND (attempts > 0 OR due <= ?) GROUP BY session"""
GIVEN_UP = f"""SELECT session, count(*) FROM inbox WHERE {EVENT_STATES["dead"]} AND kind = 'provider'
  GROUP BY session"""


def provider_requests(now: int) -> Op[dict[str, tuple[int, int]]]:
    """By provider: requests that wait to be told there, and those that were given up."""
    found: dict[str, tuple[int, int]] = {}
    for sql, args, sign in ((ASKED, (now,), (1, 0)), (GIVEN_UP, (), (0, 1))):
        for session, count in (yield sql, args):
            if not session.endswith(":in"):
                name = session.split(":")[1]
                waiting, parked = found.get(name, (0, 0))
                found[name] = (waiting + count * sign[0], parked + count * sign[1])
    return found


def info(now: int, size: Callable[[], Op[int]]) -> Op[dict[str, Any]]:
    result = yield from counts(now)
    rows = {}
    for name, sql in TOTALS.items():
        [(rows[name],)] = yield sql, ()
    return {**result, "rows": rows, "bytes": (yield from size())}
