"""Ends a flow's waiting for something outside when somebody takes the chat over meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class GaveWay(Exception):
    """Somebody takes the chat over: the turn under way is given up, and its event is worked after theirs."""


class Gate:
    """Which sessions wait for an effect, and a way to call them off. Of one process; the store guards the rest."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def take(self, key: str) -> None:
        """Somebody takes this chat over now."""
        waiting = self._waiting.get(key)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def unless_taken(self, key: str, work: Coroutine[Any, Any, R]) -> R:
        """What `work` gives. Raises `GaveWay` when the chat is taken over first; the work is then cancelled."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[key] = taken
        task = asyncio.ensure_future(work)
        either: set[asyncio.Future[Any]] = {task, taken}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise GaveWay
        finally:
            del self._waiting[key]
            task.cancel()
            taken.cancel()
