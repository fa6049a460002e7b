"""Who has a desk open in this process. Whose last one closes is offered nothing more, and loses open offers at once;
their cases they keep for the `grace` of noren.yaml."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Final

from runtime.errors import StoreError
from runtime.log import Logger
from runtime.ports import Clock
from runtime.store.store import Store

log = Logger("desk")

BLINK: Final = 500
"""For how long, in ms, a desk may be closed while its page is loaded anew."""


class Attendance:
    """`gone` hears that somebody's offers are free again."""

    def __init__(self, store: Store, clock: Clock, gone: Callable[[str], None]) -> None:
        self._store, self._clock, self._gone = store, clock, gone
        self._open: Counter[str] = Counter()
        self._leaving: dict[str, asyncio.Task[None]] = {}

    def here(self, agent: str) -> bool:
        return self._open[agent] > 0

    @property
    def anybody(self) -> bool:
        return bool(self._open)

    def came(self, agent: str) -> None:
        self._open[agent] += 1
        if (leaving := self._leaving.pop(agent, None)) is not None:
            leaving.cancel()

    def went(self, agent: str) -> None:
        self._open[agent] -= 1
        if self._open[agent] <= 0:
            del self._open[agent]
            self._leaving[agent] = asyncio.create_task(self._leave(agent), name="desk-leaving")

    async def stop(self) -> None:
        for task in self._leaving.values():
            task.cancel()
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)
        self._leaving.clear()

    async def _leave(self, agent: str) -> None:
        await self._clock.sleep_until(self._clock.now() + BLINK)
        try:
            await self._store.step_out(agent, self._clock.now())
        except StoreError as error:
            log.warning("not told that somebody left", why=error.message)
        self._leaving.pop(agent, None)
        self._gone(agent)
