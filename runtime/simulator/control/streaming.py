"""Server-sent events: one per change of a feed, with its rev as id, so that a lost connection goes on where it was."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from runtime.model import Data
from runtime.simulator.feed import Change, Feed

HEARTBEAT = 15.0
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
Told = Callable[[Change], "tuple[str, Data] | None"]
"""The kind and data of a change as it is sent; None when this listener is not told."""
Merged = Callable[[list[Change]], list[Change]]
"""What is left to send of changes that came together."""


def everything(change: Change) -> tuple[str, Data]:
    return change.kind, change.plain()


def streamed(
    request: Request, feed: Feed, told: Told = everything, merged: Merged = lambda changes: changes
) -> StreamingResponse:
    """Changes after `Last-Event-ID`, or `?after=`, or from now on."""
    last = request.headers.get("last-event-id") or request.query_params.get("after")
    start = int(last) if last and last.isdecimal() else feed.rev
    return StreamingResponse(_events(feed, start, told, merged), media_type="text/event-stream", headers=HEADERS)


async def _events(feed: Feed, rev: int, told: Told, merged: Merged) -> AsyncIterator[str]:
    """What is there is sent in one piece: with many writers that is far fewer writes."""
    yield "retry: 1000\n\n"
    while not feed.closed:
        found = feed.since(rev)
        if found:
            rev = found[-1].rev
            lines = [line(change.rev, *one) for change in merged(found) if (one := told(change)) is not None]
            if lines:
                yield "".join(lines)
        if not await feed.changed(HEARTBEAT):
            yield ": still here\n\n"


def line(rev: int, kind: str, data: Any) -> str:
    return f"id: {rev}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False, default=str)}\n\n"
