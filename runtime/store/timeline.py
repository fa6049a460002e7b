"""What was said and what happened in a chat, page by page.

A page never ends within a moment: what one turn said and what it changed stand at the same time, in two tables whose
numbers say nothing of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from runtime.store import codec
from runtime.store.lanes import Op
from runtime.store.listing import Sees

Found = list[dict[str, Any]]

TOLD: Final = ("seq", "at", "who", "kind", "text", "data", "event", "message")
NOTED: Final = ("seq", "at", "type", "visibility", "actor", "data", "event", "queue", "agent")
_SAID: Final = f"SELECT {', '.join(TOLD)} FROM transcript WHERE session = ? AND who <> ''"
_HAPPENED: Final = f"SELECT {', '.join(NOTED)} FROM notes WHERE session = ? AND type NOT LIKE 'message.%'"
SAID: Final = f"{_SAID} AND at < ? ORDER BY at DESC, seq DESC LIMIT ?"
HAPPENED: Final = f"{_HAPPENED} AND at < ? ORDER BY at DESC, seq DESC LIMIT ?"
SAID_AT: Final = f"{_SAID} AND at = ?"
HAPPENED_AT: Final = f"{_HAPPENED} AND at = ?"
OF_CASES: Final = """SELECT event, queue, agent FROM notes
  WHERE event IN ({}) AND session || '' = ? AND case_id || '' <> ''"""
HEARD: Final = """SELECT event, data FROM notes
  WHERE event IN ({}) AND session || '' = ? AND type || '' = 'message.received'"""
"""By the events: SQLite would look at all that anybody ever said."""
BROUGHT: Final = "SELECT id, body FROM inbox WHERE id IN ({})"
SENT: Final = """SELECT event, state, via, billed, status, detail, message_ids FROM outbox
  WHERE session = ? AND event IN ({})"""


SAID_BY: Final = """SELECT seq, at, who, kind, text, data, event, message FROM transcript
  WHERE seq > (SELECT coalesce(max(seq), 0) - 500 FROM transcript) AND session || '' = ? AND who = 'agent' AND event = ?
  ORDER BY seq"""
"""Among the latest lines of all chats: one chat may have very many."""


def timeline(session: str, before: int, limit: int, sees: Sees | None = None) -> Op[Found]:
    """The latest lines before a moment, oldest first: about `limit` of them, fewer at the beginning.

    With `sees` only what is of no case, or of one that may be seen: a chat can have cases of several queues.
    """
    found: Found = []
    while len(found) < limit:
        page = yield from _page(session, before, limit)
        if not page:
            break
        before = page[0]["at"]
        found = [*(page if sees is None else (yield from _visible(session, page, sees))), *found]
    return (yield from _with_deliveries(session, (yield from _with_speakers(session, found))))


def _page(session: str, before: int, limit: int) -> Op[Found]:
    key = (session, before, limit)
    said, happened = (yield SAID, key), (yield HAPPENED, key)
    items = sorted((*map(_line, said), *map(_event, happened)), key=_place)
    if len(items) <= limit:
        return items
    first = items[-limit]["at"]
    moment = (session, first)
    whole = sorted((*map(_line, (yield SAID_AT, moment)), *map(_event, (yield HAPPENED_AT, moment))), key=_place)
    return [*whole, *(one for one in items if one["at"] > first)]


def _place(item: dict[str, Any]) -> tuple[int, bool, int]:
    return item["at"], item["what"] == "happened", item["seq"]


def _line(row: Sequence[Any]) -> dict[str, Any]:
    [found] = codec.many([tuple(row)], TOLD)
    return {**found, "what": "said", "data": codec.loads(found["data"])}


def _event(row: Sequence[Any]) -> dict[str, Any]:
    [found] = codec.many([tuple(row)], NOTED)
    return {**found, "what": "happened", "actor": codec.loads(found["actor"]), "data": codec.loads(found["data"])}


def _visible(session: str, items: Found, sees: Sees) -> Op[Found]:
    """What was said belongs to the cases that its event tells of."""
    events = sorted({one["event"] for one in items} - {""})
    hidden = {
        event for event, queue, agent in ((yield OF_CASES.format(_marks(events)), (*events, session)) if events else ())
        if not sees(queue, agent)
    }  # fmt: skip
    return [one for one in items if one["event"] not in hidden]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def said_by(session: str, event: str) -> Op[Found]:
    """What an agent's act said, as the timeline shows it."""
    rows = yield SAID_BY, (session, event)
    return (yield from _with_deliveries(session, [*map(_line, rows)]))


def _with_speakers(session: str, items: Found) -> Op[Found]:
    """In groups and rooms: which member said what; what came before the case is known by the events that brought it."""
    if session.partition(":")[2][:1] not in ("C", "R"):
        return items
    events = sorted({one["event"] for one in items if one.get("who") == "user"} - {""})
    rows = (yield HEARD.format(_marks(events)), (*events, session)) if events else ()
    users = {event: str(codec.loads(data).get("user") or "") for event, data in rows or ()}
    if before := [event for event in events if not users.get(event)]:
        for event, body in (yield BROUGHT.format(_marks(before)), tuple(before)):
            users[event] = codec.event_of(body, event).user
    return [{**one, "user": users[one["event"]]} if one.get("who") == "user" and one["event"] in users else one
            for one in items]  # fmt: skip


def _with_deliveries(session: str, items: Found) -> Op[Found]:
    """Each with what became of it at LINE."""
    events = sorted({one["event"] for one in items if one["what"] == "said" and one["who"] != "user"} - {""})
    sent: dict[str, dict[str, Any]] = {}
    if events:
        rows = yield SENT.format(_marks(events)), (session, *events)
        for row in codec.many(rows, ("event", "state", "via", "billed", "status", "detail", "message_ids")):
            sent[row["event"]] = {**row, "message_ids": codec.loads(row["message_ids"])}
    return [{**one, "delivery": sent.get(one["event"])} for one in items]
