"""Stores filled with many sessions, so that what a turn costs can be compared with few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from runtime import store
from runtime.model import Chat, Event

T = TypeVar("T")
BATCH = 1_000


async def prefill(url: str, sessions: int) -> None:
    """Write that many sessions, each with one event that was answered long ago."""
    kept = store.connect(url)
    await kept.open()
    await kept.join("prefill")
    for first in range(0, sessions, BATCH):
        await _batch(kept, range(first, min(first + BATCH, sessions)))
    await kept.leave("prefill")
    await kept.close()


async def _batch(kept: store.Store, numbers: Sequence[int]) -> None:
    """Filled in below by the store's own bulk way."""
    from runtime.model import Turn

    events = [_event(n) for n in numbers]
    claims = await kept.accept(events, worker="prefill", now=1)
    for claim in claims:
        assert claim.event is not None
        await kept.commit(Turn(event=claim.event, session=claim.session), worker="prefill", now=2)


def _event(n: int) -> Event:
    key = f"old:{n:032x}"
    return Event(id=f"old-{n}", session=key, endpoint="shop", kind="message", at=1, due=1, chat=Chat("user", f"U{n:032x}"))
