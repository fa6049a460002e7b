"""Who is there to take cases: what agents set themselves, how they are seen, and the windows they have open."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from runtime.model import Chat, Event, Noted
from runtime.store import codec, lanes
from runtime.store.lanes import TELL, Op

STALE: Final = 45_000
"""After how many ms a window counts as closed that nobody told of: its process may be gone. Two beats and a bit."""
LOADING: Final = 3_000
"""For how long, in ms, a page that is being loaded counts as a window."""
STRAYED: Final = 600_000
"""For how long after an agent left it is looked whether a case still came to them, in ms."""
STAFF: Final = "staff"
"""News that somebody came, went, or is seen otherwise."""

SHOWN: Final = "CASE WHEN gone > 0 AND status <> 'offline' THEN 'leaving' ELSE status END"
"""How colleagues see an agent: one whose windows are all closed is about to leave until the grace time is over."""
SINCE: Final = "CASE WHEN gone > 0 AND status <> 'offline' THEN gone ELSE since END"
ALL: Final = f"SELECT agent, {SHOWN}, {SINCE}, chosen FROM presence"
ONE: Final = "SELECT status, chosen, gone FROM presence WHERE agent = ? {lock}"
PRESENT: Final = """INSERT INTO presence (agent, status, chosen, seen, idle, since) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent) DO UPDATE SET seen = excluded.seen, status = excluded.status, chosen = excluded.chosen, gone = 0,
  missed = CASE WHEN excluded.status = 'online' THEN 0 ELSE presence.missed END,
  idle = CASE WHEN presence.status = 'offline' THEN excluded.idle ELSE presence.idle END,
  since = CASE WHEN presence.status = excluded.status AND presence.gone = 0 THEN presence.since
    ELSE excluded.since END"""
BEAT: Final = "UPDATE presence SET seen = ? WHERE agent = ? AND chosen <> 'offline'"
BACK: Final = """UPDATE presence SET status = chosen, gone = 0, since = ?,
  idle = CASE WHEN status = 'offline' THEN ? ELSE idle END WHERE agent = ?"""
STEP_OUT: Final = "UPDATE presence SET gone = ? WHERE agent = ? AND status <> 'offline' AND gone = 0"
OFFLINE: Final = "UPDATE presence SET status = 'offline', dropped = ?, since = ?, gone = 0 WHERE agent = ?"
SIGNED_OUT: Final = "UPDATE presence SET chosen = 'offline' WHERE agent = ?"
ABSENT: Final = "SELECT agent FROM presence WHERE status <> 'offline' AND seen < ?"

OPEN: Final = """INSERT INTO windows (id, agent, until, loading) VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET until = excluded.until"""
LOADED: Final = "DELETE FROM windows WHERE agent = ? AND loading = 1"
CLOSE: Final = "DELETE FROM windows WHERE id = ?"
OPENED: Final = "SELECT until, loading FROM windows WHERE agent = ? AND until > ?"
OLD_WINDOWS: Final = "DELETE FROM windows WHERE until <= ?"

MISSED: Final = "UPDATE presence SET missed = missed + 1 WHERE agent = ?"
AWAY: Final = """UPDATE presence SET status = 'away', chosen = 'away', since = ?
  WHERE agent = ? AND status = 'online' AND missed >= ? RETURNING agent"""
TOOK: Final = "UPDATE presence SET missed = 0, given = ?, idle = 0 WHERE agent = ?"
IDLE: Final = """UPDATE presence SET idle = ? WHERE idle = 0 AND status = 'online' AND NOT EXISTS
  (SELECT 1 FROM cases WHERE cases.agent = presence.agent AND cases.state IN ('assigned', 'active'))"""
UNRESERVE: Final = (
    "UPDATE cases SET reserved = '', reserved_until = 0 WHERE id = ? AND state = 'queued' AND reserved = ?"
)
FREE_RESERVED: Final = "UPDATE cases SET reserved = '', reserved_until = 0 WHERE reserved = ? AND state = 'queued'"
OFFERED: Final = "SELECT id, session, endpoint, chat_kind, chat_id FROM cases WHERE state = 'offered' AND reserved = ?"
THEIRS: Final = """SELECT id, session, endpoint, chat_kind, chat_id, assigned FROM cases
  WHERE (agent = ? AND state IN ('assigned', 'active')) OR (reserved = ? AND state = 'offered')"""
STRAYS: Final = """SELECT p.agent, p.dropped FROM presence p WHERE p.status = 'offline' AND p.dropped > ? AND EXISTS
  (SELECT 1 FROM cases WHERE (cases.reserved = p.agent AND cases.state = 'offered')
    OR (cases.agent = p.agent AND cases.state IN ('assigned', 'active') AND cases.assigned <= p.dropped))"""
"""Agents who left while a case was just on its way to them."""


def everybody() -> Op[dict[str, tuple[str, int, str]]]:
    """Agent → how they are seen (`online`, `away`, `busy`, `leaving`, `offline`), since when, and what they set."""
    return {agent: (status, int(since), chosen) for agent, status, since, chosen in (yield ALL, ())}


def present(agent: str, status: str, now: int) -> Op[None]:
    """An agent says how they are; who is not online is asked for nothing, and open offers go on."""
    if status == "offline":
        yield from leave(agent, now, status)
    elif status != "online":
        yield from withdraw(agent, status, now)
    yield PRESENT, (agent, status, status, now, now, now)
    yield TELL, (STAFF,)


class Back(NamedTuple):
    """How an agent is seen again (`online`, `away`, `busy`; empty: as before), and whether they had been dropped: not
    only offered nothing more, but their cases given back."""

    status: str = ""
    dropped: bool = False


def beat(agent: str, window: str, now: int) -> Op[Back]:
    """An agent is there, in this window if it is one. Who set themselves to offline stays so."""
    if window:
        yield OPEN, (window, agent, now + STALE, 0)
        yield LOADED, (agent,)
    found = yield ONE, (agent,)
    if not found or found[0][1] == "offline":
        return Back()
    status, chosen, gone = found[0]
    yield BEAT, (now, agent)
    if status == chosen and not gone:
        return Back()
    yield BACK, (now, now, agent)
    yield TELL, (STAFF,)
    return Back(chosen, status != chosen)


def loads(agent: str, name: str, now: int) -> Op[None]:
    """A page of the desk is on its way to an agent's browser."""
    yield OPEN, (name, agent, now + LOADING, 1)


def step_out(window: str, agent: str, now: int) -> Op[int | None]:
    """A window was closed; None: another one of the agent is open. 0: it was the last, they are offered nothing more
    and what was offered goes on. Else a page is being loaded: in how many ms to ask again."""
    found = yield ONE, (agent,)
    yield CLOSE, (window,)
    others = yield OPENED, (agent, now)
    if any(not loading for _, loading in others):
        return None
    if others:
        return max(int(until) for until, _ in others) - now
    if found and found[0][0] != "offline":
        yield STEP_OUT, (now, agent)
        yield from withdraw(agent, "left", now)
        yield TELL, (STAFF,)
    return 0


def close(windows: list[str]) -> Op[None]:
    """Forget windows of a process that ends: their browsers come back to another one."""
    if windows:
        yield CLOSE, [(window,) for window in windows]


def open_window(agent: str, now: int) -> Op[bool]:
    return bool((yield OPENED, (agent, now)))


def drop_absent(before: int, now: int) -> Op[list[str]]:
    """Agents who were not heard of since `before` are offline, and what they hold is told so."""
    gone = [agent for (agent,) in (yield ABSENT, (before,))]
    for agent in gone:
        yield from leave(agent, now)
    strays = yield STRAYS, (now - STRAYED,)
    for agent, dropped in strays:
        yield from _gone(agent, int(dropped), now)
    yield OLD_WINDOWS, (now,)
    if gone:
        yield TELL, (STAFF,)
    return list(dict.fromkeys([*gone, *(agent for agent, _ in strays)]))


def leave(agent: str, now: int, why: str = "left") -> Op[None]:
    """An agent is gone: each of their chats hears of it."""
    yield OFFLINE, (now, now, agent)
    yield FREE_RESERVED, (agent,)
    yield from _gone(agent, now, now, why)


def signed_out(agent: str, now: int) -> Op[None]:
    """An agent is gone for good: no beat brings them back."""
    yield from leave(agent, now)
    yield SIGNED_OUT, (agent,)
    yield TELL, (STAFF,)


def withdraw(agent: str, why: str, now: int) -> Op[None]:
    """What is offered to an agent goes on to others; `why`: left, away, busy or offline."""
    yield FREE_RESERVED, (agent,)
    for case, *chat in (yield OFFERED, (agent,)):
        yield from _tell(f"{case}/out{now}", case, chat, {"agent": agent, "only": "offer", "why": why}, now)


def noted(note: Noted, now: int) -> Op[None]:
    """What the log says about agents themselves: who missed an offer too often is away."""
    agent = str(note.data.get("agent") or note.data.get("before") or "")
    if note.type == "offer.missed":
        yield MISSED, (agent,)
        limit = int(note.data.get("away_after") or 0)
        if limit > 0 and (yield AWAY, (now, agent, limit)):
            yield from withdraw(agent, "away", now)
            yield TELL, (STAFF,)
    elif note.type in ("offer.accepted", "case.given"):
        yield TOOK, (now, agent)
    elif note.type in ("case.closed", "case.wrap_up", "case.waiting", "case.dropped"):
        yield IDLE, (now,)
    elif note.type == "offer.void":
        yield UNRESERVE, (note.case, agent)


def tell(news: str) -> Op[None]:
    """Say something to all processes that is not kept."""
    yield TELL, (news,)


def _gone(agent: str, dropped: int, now: int, why: str = "left") -> Op[None]:
    for case, *chat, assigned in (yield THEIRS, (agent, agent)):
        if assigned <= dropped:  # else somebody gave it to them after they had left
            yield from _tell(f"{case}/gone{dropped}", case, chat, {"agent": agent, "why": why}, now)


def _tell(id: str, case: str, chat: list[Any], data: dict[str, str], now: int) -> Op[None]:
    """Have a chat hear that its agent is not there."""
    session, endpoint, kind, name = chat
    told = {"do": "gone", "case": case, **data, "actor": {"kind": "system"}}
    event = Event(
        id=id, session=session, endpoint=endpoint, kind="handover", at=now, due=now, chat=Chat(kind, name), data=told,
    )  # fmt: skip
    yield from lanes.accept([codec.keep(event, now)], None, now)
