"""Whoever acts on what the log says reads each line once, also when several processes do, and after a restart.

The place up to which was read is kept in the transaction that keeps what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from runtime.model import Event
from runtime.store import cases, codec, lanes
from runtime.store.lanes import Op

Judged = Callable[[list[dict[str, Any]], Any], tuple[Sequence[Event], Any]]
"""From new lines, each with its `case` as it is now, and what was remembered: events, and what to remember."""

BEGIN: Final = "INSERT INTO facts (name, value, at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
WHERE: Final = "SELECT value FROM facts WHERE name = ? {lock}"
KEEP: Final = "UPDATE facts SET value = ?, at = ? WHERE name = ?"


def follow(name: str, decide: Judged, most: int, now: int) -> Op[int]:
    """The first call begins at the end of the log: what was before is nobody's business."""
    key = f"follows the log: {name}"
    seq = yield from cases.last_note()
    yield BEGIN, (key, codec.text({"seq": seq}), now)
    [(value,)] = yield WHERE, (key,)
    kept = codec.loads(value)
    rows = yield from cases.notes_after(int(kept["seq"]), most)
    if not rows:
        return 0
    known: dict[str, Any] = {}
    for row in rows:
        id = row["case_id"]
        if id and id not in known:
            known[id] = yield from cases.show_case(id)
        row["case"] = known.get(id)
    events, memory = decide(rows, kept.get("memory"))
    if events:
        yield from lanes.accept([codec.keep(event, now) for event in events], None, now)
    yield KEEP, (codec.text({"seq": rows[-1]["seq"], "memory": memory}), now, key)
    return len(rows)
