"""An SQLite store that lives in memory and does everything at once, on the caller's thread: for tests."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from runtime.store.lanes import Op
from runtime.store.sqlite import Job, Sqlite

R = TypeVar("R")


class Memory(Sqlite):
    """The same statements and the same transactions as `Sqlite`, with no file, no thread and no waiting."""

    def __init__(self) -> None:
        super().__init__(Path("memory"))

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._base = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
        self._cursor = self._base.cursor()

    async def close(self) -> None:
        self._base.close()

    def write(
        self, make: Callable[..., Op[R]], *args: Any, orphan: Callable[[R], None] | None = None
    ) -> asyncio.Future[R]:
        future: asyncio.Future[R] = self._loop.create_future()
        results = self._together([Job(future, make, args, orphan)])
        self._resolve(results, self._woken)
        self._woken = False
        return future

    async def read(self, make: Callable[..., Op[R]], *args: Any) -> R:
        return self._drive(self._base.cursor(), make(*args))

    async def join(self, worker: str) -> None:
        self._workers.add(worker)

    def dead(self, worker: str) -> Op[bool]:
        yield "SELECT 1", ()
        return worker not in self._workers
