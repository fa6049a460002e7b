"""Stores filled with many sessions, so that what a turn costs can be compared with few."""

from __future__ import annotations

import sqlite3

from runtime import store
from runtime.model import Chat, Claim, Delivery, Entry, Event, Outcome, Turn

PATTERN = "0" * 31 + "1"
"""The one chat that is really worked; all others are copies of its rows under another id."""

COPIES = {
    "sessions": ("key", "state"),
    "inbox": ("id", "session", "body"),
    "outbox": ("id", "event", "session", "body"),
    "transcript": ("session", "event"),
}
"""Tables and the columns in which the pattern stands."""


async def prefill(url: str, sessions: int) -> None:
    """Write that many sessions, each with one event that was answered long ago."""
    kept = store.connect(url)
    await kept.open()
    await kept.join("prefill")
    [claim] = await kept.accept([_event()], worker="prefill", now=1)
    await _work(kept, claim)
    await kept.leave("prefill")
    await kept.close()
    base = sqlite3.connect(url.removeprefix("sqlite:///"))
    with base:
        for table, changed in COPIES.items():
            _copy(base, table, changed, sessions)
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()


async def _work(kept: store.Store, claim: Claim) -> None:
    event = claim.event
    assert event is not None
    message = {"type": "text", "text": "hello to you"}
    delivery = Delivery(
        id=f"{event.id}/0", session=event.session, endpoint="shop", chat=event.chat, messages=(message,), via="reply",
        reply_to="t" * 32, received=1, retry_key="k" * 36, created=1,
    )  # fmt: skip
    entry = Entry(
        session=event.session, at=1, who="bot", kind="text", text="hello to you", data=message, event=event.id
    )
    turn = Turn(event=event, session=claim.session, deliveries=(delivery,), entries=(entry,))
    after = await kept.commit(turn, worker="prefill", now=1)
    assert after is not None
    sent = Outcome(state="sent", status=200, message_ids=("461230966842064897",))
    await kept.settle(after.session.key, [(after.deliveries[0], sent)], worker="prefill", now=1)


def _copy(base: sqlite3.Connection, table: str, changed: tuple[str, ...], count: int) -> None:
    names = [row[1] for row in base.execute(f"PRAGMA table_info({table})") if row[1] != "seq"]
    values = [f"replace({n}, '{PATTERN}', printf('%032x', i))" if n in changed else n for n in names]
    base.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 16 UNION ALL SELECT i + 1 FROM n WHERE i < {count + 15}) "
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, n "
        f"WHERE {table}.rowid = (SELECT min(rowid) FROM {table})"
    )


def _event() -> Event:
    return Event(
        id=f"old-{PATTERN}",
        session=f"shop:U{PATTERN}",
        endpoint="shop",
        kind="message",
        at=1,
        due=1,
        chat=Chat("user", f"U{PATTERN}"),
        user=f"U{PATTERN}",
        text="hello",
        data={"type": "text", "id": "5"},
        raw={"type": "message", "text": "x" * 300},
    )
