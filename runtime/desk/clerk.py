"""Follows the log for what nobody has to ask for: rules of automation, news for browsers, the month's quota."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from runtime.desk import costs
from runtime.desk.automation import Automation
from runtime.desk.house import DeskHouse
from runtime.desk.push import Pusher
from runtime.errors import StoreError
from runtime.log import Logger

log = Logger("desk")

EVERY: Final = 5.0
"""Seconds after which the log is looked at when nobody told of anything."""
QUOTA: Final = 60_000
"""How often at most, in ms, open desks are told of the month's quota."""


class Clerk:
    """One loop of a process. `work` hears that there are events to work."""

    def __init__(self, house: DeskHouse, automation: Automation, pusher: Pusher, work: Callable[[], None]) -> None:
        self._house, self.automation, self.pusher, self._work = house, automation, pusher, work
        self._task: asyncio.Task[None] | None = None
        self._quota: tuple[int, Any] = (0, None)

    async def start(self) -> None:
        await self.look()  # from here on nothing is missed
        self._task = asyncio.create_task(self._loop(), name="desk-clerk")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.pusher.stop()

    async def look(self) -> None:
        now = self._house.clock.now()
        if await self.automation.look(now):
            self._work()
        await self.pusher.look(now)

    async def _loop(self) -> None:
        while True:
            await self._house.hub.changed(EVERY)
            try:
                await self.look()
                await self._tell_quota()
            except StoreError as error:
                log.error("rules and notifications cannot follow the log", error=error.message)
            except Exception as error:  # whatever it is: the next line of the log is another one
                log.error("rules and notifications failed", trace=error)

    async def _tell_quota(self) -> None:
        at, before = self._quota
        now = self._house.clock.now()
        if now - at < QUOTA or not self._house.attendance.anybody:
            return
        found = await costs.quotas(self._house)
        self._quota = (now, found)
        for one in found:
            if found != before:
                self._house.hub.tell("quota", **one)
