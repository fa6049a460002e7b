"""Time that stands still until a test turns it."""

from __future__ import annotations

import asyncio
import heapq
import itertools


class HandClock:
    """The `Clock` port by hand. Milliseconds since the Unix epoch."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._order = itertools.count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []

    def now(self) -> int:
        return self._now

    async def sleep_until(self, when: int) -> None:
        if when > self._now:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._sleepers, (when, next(self._order), sleeper))
            await sleeper

    @property
    def next_due(self) -> int | None:
        """When the first sleeper wants to be woken."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def turn_to(self, when: int) -> None:
        """Move on to a moment, never back; sleepers due by then go on at the loop's next step, in order."""
        self._now = max(self._now, when)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                sleeper.set_result(None)
