"""Turns that are no longer remembered, as far as the store tells of them: positions, effects, what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.flow.versions import Book
from runtime.model import Event
from runtime.store.store import Store
from runtime.workbench.places import of_place, spot
from runtime.workbench.shown import Plain, head, steps, trigger

Row = Mapping[str, Any]
MOST = 500
LATER = 20


async def turn(store: Store, event: str, book: Book | None, outbox: Sequence[Row] | None = None) -> Plain:
    """Raises `BadInput` for an event the store does not know. `outbox`: the session's, when at hand."""
    row = await store.show_event(event)
    happened = replaced(row)
    trace = row["trace"] or []
    flows = book.current if book is not None else None
    rows = await store.list_outbox(None, row["session"], MOST) if outbox is None else outbox
    sent = await deliveries(store, rows, event)
    messages = [
        {"id": one["ids"][index] if index < len(one["ids"]) else "", "output": None, "delivery": n, "message": message}
        for n, one in enumerate(sent)
        for index, message in enumerate(one["messages"])
    ]
    return {
        **head(happened),
        "at": row["accepted"],
        "done_at": row["done_at"],
        "ms": None,
        "state": row["state"],
        "attempts": row["attempts"],
        "error": row["error"] or "",
        "version": "",
        "transformers": [],
        "waited": None,
        "trigger": trigger(trace, flows, happened),
        "steps": list(steps(trace, {})),
        "changes": [],
        "outputs": [],
        "messages": messages,
        "violations": [broken(one["violation"]) for one in trace if "violation" in one],
        "deliveries": [one["told"] for one in sent],
        "timers": [],
        "cancelled": [],
        "partial": True,
    }


def replaced(row: Mapping[str, Any]) -> Event:
    event: Event = msgspec.convert({**row["body"], "id": row["id"]}, Event)
    return event


def broken(row: Mapping[str, Any]) -> Plain:
    file, line = spot(str(row.get("at", "")))
    return {**{name: value for name, value in row.items() if name != "at"}, "file": file, "line": line}


async def deliveries(store: Store, rows: Sequence[Row], event: str) -> list[Plain]:
    """What an event's turn sent: how it went, the messages, and their ids on LINE."""
    found = []
    for row in reversed([row for row in rows if row["event"] == event]):
        body = (await store.show_delivery(row["id"]))["body"]
        names = ("id", "via", "state", "status", "detail", "request_id", "billed", "attempts")
        messages = list(body.get("messages", ()))
        told = {**{name: row[name] for name in names}, "count": len(messages)}
        found.append({"told": told, "messages": messages, "ids": row["message_ids"] or []})
    return found


async def timers(store: Store, key: str) -> list[Plain]:
    """What a session waits for by the clock."""
    rows = [row for row in await store.list_events("due", key, LATER) if row["kind"] == "timer"]
    found = []
    for row in rows:
        data = replaced(await store.show_event(row["id"])).data
        found.append({"id": row["id"], "purpose": str(data.get("timer", "")), "due": row["due"]})
    return sorted(found, key=lambda one: int(one["due"]))


async def message(store: Store, key: str, id: str, book: Book | None) -> Plain | None:
    """The event a message belongs to, and which of the turn's messages it is (-1: the user's own)."""
    outbox = await store.list_outbox(None, key, MOST)
    for row in outbox:
        if id in (row["message_ids"] or ()):
            before = 0
            for one in await deliveries(store, outbox, row["event"]):
                if id in one["ids"]:
                    number = before + one["ids"].index(id)
                    return {"event": row["event"], "message": number, **of_place(book.current, None)} if book else None
                before += len(one["messages"])
    for row in await store.list_events(None, key, MOST):
        if row["kind"] in ("message", "edited") and replaced(await store.show_event(row["id"])).data.get("id") == id:
            return {"event": row["id"], "message": -1, "file": "", "line": 0, "flow": "", "step": ""}
    return None
