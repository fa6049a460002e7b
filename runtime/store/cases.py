"""Cases as they stand, the log of what happened to them, and who is there to take them.

Rows of `cases` are written by the turns that change a case, in the same transaction. The one thing decided
across chats, who is offered what, happens in `distribute`: one transaction that sees all that waits and all who
are there, reserves, and puts the offers into the chats' inboxes as events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from runtime.model import Case, Chat, Event, Noted, Session, Turn
from runtime.store import codec, labels, lanes, lastwords, presence
from runtime.store.lanes import TELL, Op, Row

URGENCY: Final = {"urgent": 0, "high": 1, "normal": 2, "low": 3}

CASE = (
    "id", "session", "endpoint", "chat_kind", "chat_id", "contact", "state", "workstream", "provider", "queue", "agent",
    "urgency", "opened", "queued", "assigned", "replied", "ended", "since", "changed", "unread", "ref", "subject",
    "reserved", "reserved_until", "units", "body",
)  # fmt: skip
KEPT = ("id", "session", "endpoint", "chat_kind", "chat_id", "contact", "opened")
PENDING = "cases.state = 'queued' AND excluded.state = 'queued' AND cases.queue = excluded.queue"
"""An offer may be on its way to a case that waits as before: for whom it is reserved then stays."""
WRITTEN = {
    **{name: f"excluded.{name}" for name in CASE if name not in KEPT},
    **{n: f"CASE WHEN {PENDING} THEN cases.{n} ELSE excluded.{n} END" for n in ("reserved", "reserved_until")},
}
PUT_CASE = f"""INSERT INTO cases ({", ".join(CASE)}) VALUES ({", ".join("?" * len(CASE))})
  ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = {value}" for name, value in WRITTEN.items())}"""
NOTE = (
    "session",
    "endpoint",
    "case_id",
    "queue",
    "agent",
    "event",
    "type",
    "at",
    "epoch",
    "visibility",
    "actor",
    "data",
)
ADD_NOTE = f"INSERT INTO notes ({', '.join(NOTE)}) VALUES ({', '.join('?' * len(NOTE))})"
LOG_FIRST = "INSERT INTO facts (name, value, at) VALUES ('log', '1', 0) ON CONFLICT (name) DO NOTHING"
LOG_TURN = "SELECT value FROM facts WHERE name = 'log' {lock}"
NOTES_AFTER = f"SELECT seq, {', '.join(NOTE)} FROM notes WHERE seq > ? ORDER BY seq LIMIT ?"
NOTES_OF = f"SELECT seq, {', '.join(NOTE)} FROM notes WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?"
NOTES_BY = f"SELECT seq, {', '.join(NOTE)} FROM notes WHERE session = ? AND event = ? ORDER BY seq"
LAST_NOTE = "SELECT coalesce(max(seq), 0) FROM notes"

SHOWN = ("id", "session", "endpoint", "contact", "state", "workstream", "provider", "queue", "agent", "urgency",
         "opened", "queued", "assigned", "replied", "ended", "since", "changed", "unread", "ref", "subject", "last",
         "last_kind", "reserved", "reserved_until")  # fmt: skip
SHOW = f"SELECT {', '.join(SHOWN)}, body FROM cases WHERE id = ?"
BY_REF = "SELECT id FROM cases WHERE provider = ? AND ref = ? ORDER BY opened DESC LIMIT 1"
OF_SESSION = f"SELECT {', '.join(SHOWN)} FROM cases WHERE session = ? ORDER BY opened DESC LIMIT ?"
BODY = "SELECT body FROM cases WHERE id = ?"
LINES = """SELECT queue, count(*), min(queued) FROM cases WHERE state IN ('queued', 'offered') GROUP BY queue"""
AHEAD = """SELECT count(*) FROM cases WHERE state IN ('queued', 'offered') AND queue = ?
  AND (urgency < ? OR (urgency = ? AND (queued < ? OR (queued = ? AND id < ?))))"""
HANDLED = """SELECT ended - assigned FROM cases WHERE queue = ? AND state = 'closed' AND assigned > 0
  ORDER BY changed DESC LIMIT 20"""
LOADS = """SELECT agent, sum(units) FROM cases WHERE state IN ('assigned', 'active') AND agent <> '' GROUP BY agent"""
OFFERS = """SELECT reserved, sum(units) FROM cases WHERE state IN ('queued', 'offered') AND reserved <> ''
  AND reserved_until > ? GROUP BY reserved"""

WAITING = (
    "id",
    "session",
    "endpoint",
    "chat_kind",
    "chat_id",
    "workstream",
    "queue",
    "urgency",
    "queued",
    "units",
    "contact",
)
FIND_WAITING = f"""SELECT {", ".join(WAITING)}, body FROM cases WHERE state = 'queued' AND provider = 'desk'
  AND (reserved = '' OR reserved_until <= ?) ORDER BY urgency, queued, id LIMIT 500"""
STAFF = """SELECT a.id, a.body, p.status, p.seen, p.given, p.idle, p.missed FROM agents a
  JOIN presence p ON p.agent = a.id WHERE a.state = 'active' AND p.status = 'online' AND p.gone = 0"""
LAST_AGENTS = """SELECT session, agent, ended FROM cases WHERE ended > 0 AND agent <> ''
  AND session IN ({}) ORDER BY ended"""
"""Of sessions that are named: for a subquery PostgreSQL reads all cases there ever were."""
RESERVE = "UPDATE cases SET reserved = ?, reserved_until = ? WHERE id = ?"
GIVEN = "UPDATE presence SET given = ?, idle = 0 WHERE agent = ?"
ONE_AT_A_TIME = "INSERT INTO facts (name, value, at) VALUES ('distributor', '1', 0) ON CONFLICT (name) DO NOTHING"
MY_TURN = "SELECT value FROM facts WHERE name = 'distributor' {lock}"


class Picked(NamedTuple):
    """What a decision gives: this case to this agent, until when it is reserved, and why."""

    case: str
    agent: str
    until: int
    why: str


Decide = Callable[[list[dict[str, Any]], list[dict[str, Any]]], Sequence[Picked]]
"""From what waits and who is there; a plain function that is called inside the transaction."""


def written(turn: Turn, now: int) -> Op[None]:
    """What a turn says about people: the case as it is now, and its lines of the log."""
    case = turn.case
    for one in (*turn.over, *((case,) if case is not None else ())):
        yield PUT_CASE, _columns(one, turn.session, now)
        yield from labels.kept(one, turn.notes, now)
    if turn.notes:
        yield from _in_order()
        known = {one.id: one for one in (*turn.over, *filter(None, (turn.session.case, case)))}
        yield ADD_NOTE, [_note(note, turn, known.get(note.case)) for note in turn.notes]
        yield from lastwords.written(turn)
        for note in turn.notes:
            yield from presence.noted(note, now)
        yield TELL, ("",)


def _in_order() -> Op[None]:
    """Lines of the log are committed in the order of their numbers: whoever reads on from a number misses none."""
    if not (yield LOG_TURN, ()):
        yield LOG_FIRST, ()
        yield LOG_TURN, ()


def _columns(case: Case, session: Session, now: int) -> Row:
    asked, until = (case.offer.agent, case.offer.until) if case.offer else ("", 0)
    return (
        case.id, session.key, session.endpoint, session.chat.kind, session.chat.id, session.contact, case.state,
        case.workstream, case.provider, case.queue, case.agent, URGENCY[case.priority], case.opened, case.queued,
        case.assigned, case.replied, case.ended, case.since, now, case.unread, case.ref, codec.plain(case.subject),
        asked, until, case.units, codec.text(case),
    )  # fmt: skip


def _note(note: Noted, turn: Turn, case: Case | None) -> Row:
    said = note.data
    queue, agent = (case.queue, case.agent) if case is not None else (said.get("queue"), said.get("agent"))
    return (
        turn.session.key, turn.session.endpoint, note.case, str(queue or ""), str(agent or ""), turn.event.id,
        note.type, note.at, note.epoch, note.visibility, codec.text(note.actor), codec.text(note.data),
    )  # fmt: skip


BLANK_NOTES = """UPDATE notes SET data = '{"erased":true}' WHERE session = ? AND event = ?
  AND type IN ('message.received', 'survey.commented')"""
SENT_ON = "SELECT id, body FROM inbox WHERE (id >= ? AND id < ? AND kind = 'provider') OR id = ?"
IS_OVER = "SELECT 1 FROM cases WHERE id = ? AND ended > 0"
BLANK_SENT = "UPDATE inbox SET body = ?, trace = '[]' WHERE id = ?"


BONES = ("do", "provider", "case", "ref", "chat")
"""What is left of a request to a provider when what it told was taken back."""


def erase(event: str, session: str, message: str) -> Op[list[Event]]:
    """Blank what an event said in the log, in lists, and where it was sent on to.

    Gives what providers have to be asked of it: in cases that are over nobody else does.
    """
    asks = []
    yield BLANK_NOTES, (session, event)
    yield lastwords.BLANK, (session,)
    for name, body in (yield SENT_ON, (f"{event}.", f"{event}/", f"{event}:copilot")):
        sent = codec.event_of(body, name)
        data = {key: sent.data[key] for key in BONES if key in sent.data}
        yield BLANK_SENT, (codec.text(replace(sent, text="", data={**data, "erased": True})), name)
        if data.get("do") == "message" and (yield IS_OVER, (data.get("case"),)):
            asked = {**data, "do": "unsend", "message": message}
            asks.append(replace(sent, id=f"unsend.{name}", text="", data=asked))
    return asks


def show_case(case: str) -> Op[dict[str, Any] | None]:
    found = codec.many((yield SHOW, (case,)), (*SHOWN, "body"))
    return {**found[0], "body": codec.loads(found[0]["body"])} if found else None


def load_case(case: str) -> Op[Case | None]:
    found = yield BODY, (case,)
    return codec.case_of(found[0][0]) if found else None


def case_of_ref(provider: str, ref: str) -> Op[str]:
    """The case a provider means; empty: none."""
    found = yield BY_REF, (provider, ref)
    return found[0][0] if found else ""


def cases_of(session: str, limit: int) -> Op[list[dict[str, Any]]]:
    """Earlier and present cases of a chat, newest first."""
    return codec.many((yield OF_SESSION, (session, limit)), SHOWN)


def notes_after(seq: int, limit: int) -> Op[list[dict[str, Any]]]:
    """The log of all chats after a number, oldest first."""
    return _decoded((yield NOTES_AFTER, (seq, limit)))


def notes_of(session: str, seq: int, limit: int) -> Op[list[dict[str, Any]]]:
    return _decoded((yield NOTES_OF, (session, seq, limit)))


def notes_by(session: str, event: str) -> Op[list[dict[str, Any]]]:
    return _decoded((yield NOTES_BY, (session, event)))


def _decoded(rows: Sequence[Row]) -> list[dict[str, Any]]:
    found = codec.many(rows, ("seq", *NOTE))
    return [{**row, "actor": codec.loads(row["actor"]), "data": codec.loads(row["data"])} for row in found]


def last_note() -> Op[int]:
    [(seq,)] = yield LAST_NOTE, ()
    return int(seq)


def queues(now: int) -> Op[dict[str, tuple[int, int]]]:
    """Queue → how many wait in it, and for how long the oldest does (ms)."""
    return {queue: (int(count), max(0, now - oldest)) for queue, count, oldest in (yield LINES, ())}


def place(case: str) -> Op[tuple[int, list[int]]]:
    """Where a waiting case stands (1 = next), and how long the last cases of its queue took (ms)."""
    found = yield SHOW, (case,)
    if not found:
        return 0, []
    row = codec.many(found, (*SHOWN, "body"))[0]
    if row["state"] not in ("queued", "offered"):
        return 0, []
    key = (row["queue"], row["urgency"], row["urgency"], row["queued"], row["queued"], case)
    [(ahead,)] = yield AHEAD, key
    handled = yield HANDLED, (row["queue"],)
    return int(ahead) + 1, [int(ms) for (ms,) in handled]


def loads(now: int) -> Op[dict[str, int]]:
    """Agent → units of what they hold and are offered."""
    found: dict[str, int] = {}
    for sql, args in ((LOADS, ()), (OFFERS, (now,))):
        for agent, units in (yield sql, args):
            found[agent] = found.get(agent, 0) + int(units)
    return found


def distribute(decide: Decide, now: int) -> Op[list[Picked]]:
    """Offer what waits to those who are there."""
    yield ONE_AT_A_TIME, ()
    yield MY_TURN, ()
    waiting = codec.many((yield FIND_WAITING, (now,)), (*WAITING, "body"))
    if not waiting:
        return []
    sessions = tuple({row["session"] for row in waiting})
    ended = yield LAST_AGENTS.format(", ".join("?" * len(sessions))), sessions
    last = {session: (agent, at) for session, agent, at in ended}
    for row in waiting:
        row["body"] = codec.case_of(row["body"])
        row["last_agent"], row["last_ended"] = last.get(row["session"], ("", 0))
    held = yield from loads(now)
    staff = codec.many((yield STAFF, ()), ("id", "body", "status", "seen", "given", "idle", "missed"))
    staff = [{**one, "body": codec.loads(one["body"]), "load": held.get(one["id"], 0)} for one in staff]
    picked = list(decide(waiting, staff))
    rows = {row["id"]: row for row in waiting}
    for one in picked:
        yield RESERVE, (one.agent, one.until, one.case)
        yield GIVEN, (now, one.agent)
        yield from lanes.accept([codec.keep(_offer(rows[one.case], one, now), now)], None, now)
    return picked


def _offer(row: dict[str, Any], picked: Picked, now: int) -> Event:
    case: Case = row["body"]
    return Event(
        id=f"{case.id}/offer{case.number}",
        session=row["session"],
        endpoint=row["endpoint"],
        kind="handover",
        at=now,
        due=now,
        chat=Chat(row["chat_kind"], row["chat_id"]),
        data={
            "do": "offer", "case": case.id, "queue": case.queue, "agent": picked.agent, "why": picked.why,
            "actor": {"kind": "system"},
        },
    )  # fmt: skip
