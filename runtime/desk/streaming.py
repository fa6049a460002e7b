"""Server-sent events for an open desk; while it is open, its agent counts as there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from runtime.desk.call import DIGITS, Asked
from runtime.desk.hub import Row, shown

BEAT: Final = 20_000
"""How often, in ms, an open desk tells that its agent is still there."""
AGAIN: Final = 2_000
"""After how many ms it does when the store did not hear it."""


async def stream(asked: Asked) -> Response:
    """From `Last-Event-ID` (or `?after=`) on, else from now."""
    given = asked.request.headers.get("last-event-id") or asked.query("after", "0")
    after = int(given) if given.isdecimal() and len(given) <= DIGITS else 0
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(_lines(asked, after), media_type="text/event-stream", headers=headers)


async def _lines(asked: Asked, after: int) -> AsyncIterator[str | bytes]:
    house, person, guard = asked.house, asked.person, asked.guard
    window, beat = house.attendance.came(person.id), None
    try:
        await house.attendance.beat(person.id, window)
        beat = asyncio.create_task(_alive(asked, window))
        yield event("hello", {"seq": house.hub.seq, "now": house.clock.now()}, house.hub.seq if not after else 0)
        async for row in house.hub.follow(person, after):
            if not await guard.holds():
                return  # signed out elsewhere, no longer active, or of other queues: who may, comes back
            if not row:
                yield ": still here\n\n"
            elif "seq" not in row:
                yield event(row["kind"], {key: value for key, value in row.items() if key != "kind"})
                if (row["kind"], row.get("agent"), row.get("status")) == ("presence", person.id, "offline"):
                    await house.attendance.beat(person.id, window)  # taken for gone although their desk is open
            else:
                yield line(row)
    finally:
        if beat is not None:
            beat.cancel()
        house.attendance.went(person.id, window)


async def _alive(asked: Asked, window: str) -> None:
    """Says again and again that the agent is there, while the stream is open."""
    house, told = asked.house, True
    while True:
        await house.clock.sleep_until(house.clock.now() + (BEAT if told else AGAIN))
        told = await house.attendance.beat(asked.person.id, window)


def line(row: Row) -> bytes:
    """A line of the log, behind its case where that goes along; written once for all who hear of it."""
    case, sent = row["summary"], row["sent"]
    whole = case is not None
    if whole not in sent:
        sent[whole] = ((event("case", case) if whole else "") + event("note", shown(row), row["seq"])).encode()
    made: bytes = sent[whole]
    return made


def event(kind: str, data: Any, id: int = 0) -> str:
    number = f"id: {id}\n" if id else ""
    return f"{number}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
