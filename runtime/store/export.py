"""Whole tables: written out for other tools, and cleared of what is old."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from runtime.errors import BadInput
from runtime.store import codec, files
from runtime.store.connector import Connector
from runtime.store.lanes import Op, Row

PAGE = 500

TABLES: dict[str, tuple[str, ...]] = {
    "sessions": ("key", "endpoint", "contact", "version", "started", "seen", "state"),
    "inbox": (
        "seq", "id", "print", "session", "endpoint", "kind", "at", "rank", "due", "attempts", "state", "message",
        "accepted", "done_at", "error", "trace", "body",
    ),
    "outbox": (
        "seq", "id", "event", "session", "endpoint", "state", "via", "due", "attempts", "billed", "status",
        "request_id", "message_ids", "detail", "created", "settled", "body",
    ),
    "transcript": ("seq", "session", "at", "who", "kind", "text", "data", "event", "message"),
    "versions": ("hash", "files", "at"),
    "media": ("token", "session", "message", "type", "size", "state", "at"),
    "sent_files": ("id", "token", "session", "at"),
    "cases": (
        "id", "session", "endpoint", "chat_kind", "chat_id", "contact", "state", "workstream", "provider", "queue",
        "agent", "urgency", "opened", "queued", "assigned", "replied", "ended", "since", "changed", "unread", "ref",
        "subject", "last", "last_kind", "body",
    ),
    "notes": (
        "seq", "session", "endpoint", "case_id", "queue", "agent", "event", "type", "at", "epoch", "visibility",
        "actor", "data",
    ),
    "agents": ("id", "email", "role", "state", "changed", "body"),
    "items": ("id", "kind", "owner", "changed", "body"),
    "audit": ("seq", "at", "agent", "what", "address", "data"),
    "gaps": ("id", "endpoint", "status", "times", "first", "last", "answer", "shape"),
}  # fmt: skip
"""Table → its columns, the key first. `facts`, `credentials` and `tickets` are left out: they hold secrets; `presence`,
`windows` and `tries` are of the moment."""

OLD = {
    "inbox": "DELETE FROM inbox WHERE seq > ? AND seq <= ? AND state IN ('done', 'dropped') AND done_at < ?",
    "outbox": "DELETE FROM outbox WHERE seq > ? AND seq <= ? AND settled < ?",
    "notes": """DELETE FROM notes WHERE seq > ? AND seq <= ? AND at < ?
      AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = notes.case_id AND cases.ended = 0)""",
    "audit": "DELETE FROM audit WHERE seq > ? AND seq <= ? AND at < ?",
    "transcript": """DELETE FROM transcript WHERE seq > ? AND seq <= ? AND at < ?
      AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.id = transcript.event)""",
}
AGE = {"inbox": "accepted", "outbox": "created", "transcript": "at", "notes": "at", "audit": "at"}


async def write(base: Connector, path: Path) -> dict[str, int]:
    """All tables into a file whose ending says how: `.jsonl`, `.db` or `.sqlite`."""
    if path.suffix not in WRITERS:
        raise BadInput(f"{path}: end the name in .jsonl (one JSON object per row) or .db (an SQLite file)")
    try:
        await asyncio.to_thread(path.touch, exist_ok=False)
    except FileExistsError:
        raise BadInput(f"{path} exists; name a new file for the export") from None
    return await WRITERS[path.suffix](base, path)


async def _lines(base: Connector, path: Path) -> dict[str, int]:
    counts = dict.fromkeys(TABLES, 0)
    with path.open("w", encoding="utf-8") as file:
        for table in TABLES:
            async for rows in pages(base, table):
                counts[table] += len(rows)
                lines = "".join(json.dumps({"table": table, **row}, ensure_ascii=False) + "\n" for row in rows)
                await asyncio.to_thread(file.write, lines)
    return counts


async def _tables(base: Connector, path: Path) -> dict[str, int]:
    import sqlite_utils

    counts = dict.fromkeys(TABLES, 0)
    target = sqlite_utils.Database(sqlite3.connect(path, check_same_thread=False))
    try:
        for table, names in TABLES.items():
            async for rows in pages(base, table):
                counts[table] += len(rows)
                await asyncio.to_thread(target.table(table).insert_all, rows, pk=names[0])
    finally:
        target.close()
    return counts


WRITERS: dict[str, Callable[[Connector, Path], Awaitable[dict[str, int]]]] = {
    ".jsonl": _lines,
    ".db": _tables,
    ".sqlite": _tables,
}


async def pages(base: Connector, table: str) -> AsyncIterator[list[dict[str, Any]]]:
    """The rows of a table, some at a time, in the order of its key."""
    names = TABLES[table]
    rows = await base.read(_page, table, None)
    while rows:
        yield codec.many(rows, names)
        rows = await base.read(_page, table, rows[-1][0]) if len(rows) == PAGE else []


def _page(table: str, after: Any) -> Op[list[Row]]:
    names = TABLES[table]
    where = "" if after is None else f"WHERE {names[0]} > ? "
    sql = f"SELECT {', '.join(names)} FROM {table} {where}ORDER BY {names[0]} LIMIT {PAGE}"
    return [tuple(row) for row in (yield sql, () if after is None else (after,))]


async def prune(base: Connector, before: int) -> dict[str, int]:
    """Delete what is old in small transactions, oldest first, up to the first row that is not."""
    counts = {}
    for table in OLD:
        deleted, after = 0, 0
        while True:
            last, found = await base.write(_prune, table, after, before)
            if last is None:
                break
            deleted, after = deleted + found, last
        counts[table] = deleted
    counts["cases"] = await base.write(_prune_cases, before)
    counts["sent_files"], counts["media"] = await base.write(files.prune, before)
    return counts


ENDED = "DELETE FROM cases WHERE ended > 0 AND ended < ? RETURNING id"
LABELS = "DELETE FROM labelled WHERE case_id IN (SELECT id FROM cases WHERE ended > 0 AND ended < ?)"
WORDS = "DELETE FROM found WHERE {rowid} < (SELECT coalesce(min(seq), 0) FROM notes)"


def _prune_cases(before: int) -> Op[int]:
    """Cases that ended before, with their labels, and words of lines that are gone."""
    yield LABELS, (before,)
    gone = yield ENDED, (before,)
    yield WORDS, ()
    return len(gone)


def _prune(table: str, after: int, before: int) -> Op[tuple[int | None, int]]:
    ages = yield f"SELECT seq, {AGE[table]} FROM {table} WHERE seq > ? ORDER BY seq LIMIT {PAGE}", (after,)
    old = [seq for seq, age in ages if age < before]
    if not old:
        return None, 0
    gone = yield f"{OLD[table]} RETURNING seq", (after, old[-1], before)
    return old[-1], len(gone)
