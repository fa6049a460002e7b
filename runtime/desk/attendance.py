"""Who has a desk open. The windows of all processes are in the store; whose last one closes is offered nothing more,
and loses open offers at once; their cases they keep for the `grace` of noren.yaml."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from runtime.errors import StoreError
from runtime.log import Logger
from runtime.ports import Clock
from runtime.store.store import Store

log = Logger("desk")

BLINK: Final = 300
"""For how long, in ms, no desk may be open while a stream is joined again. A page that is loaded anew has longer: it
is seen coming (`runtime.store.presence.LOADING`)."""
SIGN_OFF: Final = 3
"""Seconds the store gets to take our leave."""
STIRRED: Final = 10_000
"""How often at most, in ms, what somebody does is written down as a sign that they are there."""


class Attendance:
    """`changed` hears that somebody is seen otherwise than before, and that offers may be free again; `back` who is
    there again after they had been dropped, and as what."""

    def __init__(
        self, store: Store, clock: Clock, changed: Callable[[], None], back: Callable[[str, str], Awaitable[None]]
    ) -> None:
        self._store, self._clock, self._changed, self._back = store, clock, changed, back
        self._open: Counter[str] = Counter()
        self._windows: set[str] = set()
        self._leaving: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._stirred: dict[str, int] = {}

    def here(self, agent: str) -> bool:
        """Whether this process has a window of theirs."""
        return self._open[agent] > 0

    @property
    def anybody(self) -> bool:
        return bool(self._open)

    async def anywhere(self, agent: str) -> bool:
        """Whether any process has a window of theirs."""
        return self.here(agent) or await self._store.window_open(agent, self._clock.now())

    def came(self, agent: str) -> str:
        """A window was opened; its name. `beat` tells it to others."""
        window = secrets.token_hex(8)
        self._open[agent] += 1
        self._windows.add(window)
        return window

    async def beat(self, agent: str, window: str = "") -> bool:
        """An agent is there; false when that could not be written down."""
        try:
            found = await self._store.beat(agent, self._clock.now(), window)
            if found.dropped:
                log.info("there again after they had been dropped", agent=agent, status=found.status)
                await self._back(agent, found.status)
        except StoreError as error:
            log.warning("not told that somebody is there", why=error.message)
            return False
        if found.status:
            self._changed()
        return True

    async def stirs(self, agent: str) -> None:
        """An agent does something: whoever was taken for gone is there again."""
        now = self._clock.now()
        if now - self._stirred.get(agent, -STIRRED) >= STIRRED:
            self._stirred[agent] = now
            await self.beat(agent)

    def went(self, agent: str, window: str) -> None:
        self._open[agent] -= 1
        if self._open[agent] <= 0:
            del self._open[agent]
        task = asyncio.create_task(self._leave(agent, window), name="desk-leaving")
        self._leaving[window] = (agent, task)

    async def loads(self, agent: str, *, page: bool) -> None:
        """Their browser asks for the page, or for what it begins with: that is no farewell."""
        if page or any(one == agent for one, _ in self._leaving.values()):
            await self._store.loads(agent, f"{agent}.{secrets.token_hex(4)}", self._clock.now())

    async def stop(self, *, sign_off: bool = True) -> None:
        """Browsers come back to another process, or to the next one: nobody has left. Who dies signs nothing off."""
        tasks = [task for _, task in self._leaving.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._leaving.clear()
        if not sign_off:
            return
        try:
            async with asyncio.timeout(SIGN_OFF):
                await self._store.close_windows(sorted(self._windows))
        except (StoreError, TimeoutError) as error:
            log.warning("open windows are not signed off", why=str(error))

    async def _leave(self, agent: str, window: str) -> None:
        wait: int | None = BLINK
        try:
            while wait:
                await self._clock.sleep_until(self._clock.now() + wait)
                wait = await self._store.step_out(window, agent, self._clock.now())
        except StoreError as error:
            log.warning("not told that somebody left", why=error.message)
        self._leaving.pop(window, None)
        self._windows.discard(window)
        if wait == 0:
            log.info("left", agent=agent)
            self._changed()
