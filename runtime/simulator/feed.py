"""Everything that changes on the platform, numbered, for whoever watches."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from runtime.model import Data
from runtime.simulator.values import Said


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: said, changed, bot, user, group, loading, read, richmenu, webhook, clock or reset."""

    rev: int
    kind: str
    data: Data | Said

    def plain(self) -> Data:
        return self.data.plain() if isinstance(self.data, Said) else self.data


class Feed:
    """A bounded, numbered list of changes that can be waited on."""

    def __init__(self, keep: int = 2_000) -> None:
        self.rev = 0
        self.closed = False
        self._changes: deque[Change] = deque(maxlen=keep)
        self._waiting: set[asyncio.Future[None]] = set()

    def next(self) -> int:
        self.rev += 1
        return self.rev

    def publish(self, kind: str, data: Data | Said, rev: int = 0) -> None:
        self._changes.append(Change(rev or self.next(), kind, data))
        if self._waiting:
            self._wake()

    def close(self) -> None:
        """Nothing will change any more; whoever waits is told."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def since(self, rev: int) -> list[Change]:
        """Changes after `rev`, oldest first, as far as they are still kept."""
        found: list[Change] = []
        for change in reversed(self._changes):
            if change.rev <= rev:
                break
            found.append(change)
        return found[::-1]

    async def changed(self, seconds: float) -> bool:
        """Wait for the next change; false when none came in time, or none will come any more."""
        if self.closed:
            return False
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
        return True
