"""The simulator's time: the wall's, shifted or stopped by whoever plays with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from runtime.clock import SystemClock
from runtime.ports import Clock

T = TypeVar("T")


class PlatformClock:
    """A base clock that can be advanced and stopped. Milliseconds since the Unix epoch."""

    def __init__(self, base: Clock | None = None) -> None:
        self._base: Clock = base or SystemClock()
        self._offset = 0
        self._stopped: int | None = None
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def stopped(self) -> bool:
        """Whether time stands still until it is advanced."""
        return self._stopped is not None

    def now(self) -> int:
        return self._base.now() + self._offset if self._stopped is None else self._stopped

    def advance(self, ms: int) -> int:
        """Turn the clock forward by `ms` and return the new time."""
        if self._stopped is None:
            self._offset += ms
        else:
            self._stopped += ms
        self._wake()
        return self.now()

    def stop(self, at: int | None = None) -> None:
        """Let time stand still, at `at` or now."""
        self._stopped = self.now() if at is None else at
        self._wake()

    def run(self) -> None:
        """Let time go on from where it stands."""
        if self._stopped is not None:
            self._offset = self._stopped - self._base.now()
            self._stopped = None
            self._wake()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def sleep_until(self, when: int) -> None:
        while self.now() < when:
            turned = asyncio.get_running_loop().create_future()
            self._waiting.add(turned)
            try:
                await self._first(turned, when)
            finally:
                self._waiting.discard(turned)

    async def _first(self, turned: asyncio.Future[None], when: int) -> None:
        if self.stopped:
            await turned
            return
        rest = asyncio.ensure_future(self._base.sleep_until(when - self._offset))
        try:
            await asyncio.wait({rest, turned}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            rest.cancel()

    async def within(self, ms: int, work: Awaitable[T]) -> T:
        """The result of `work`; raises `TimeoutError` when the clock passes `ms` from now before it is there."""
        if not self.stopped and isinstance(self._base, SystemClock):
            async with asyncio.timeout(ms / 1000):
                return await work
        task = asyncio.ensure_future(work)
        limit = asyncio.ensure_future(self.sleep_until(self.now() + ms))
        try:
            await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise TimeoutError
        finally:
            limit.cancel()
            task.cancel()
