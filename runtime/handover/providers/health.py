"""Whether providers answer: what their calls tell, kept in the store for all who look there.

A provider is `down` after a few calls in a row that came to nothing, at once when it refuses our key. The bot goes on
all the same: what users write to people waits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from runtime.errors import StoreError
from runtime.log import Logger
from runtime.ports import Clock

log = Logger("handover")

FEW: Final = 3
"""Calls in a row that come to nothing before a provider is taken to be down."""
EVERY: Final = 60_000
"""How often, in ms, it is written down that it still is."""
STALE: Final = 900_000
"""News that are older, in ms, are of a process that died: open cases are looked at more often than that."""
NAME: Final = "provider "
"""Begins the names of the store's facts about providers."""

Put = Callable[[str, Any, int], Awaitable[None]]
Get = Callable[[str], Awaitable["tuple[Any, int] | None"]]
Seen = Callable[[str, bool], Awaitable[None]]
"""What became of a call: why it came to nothing (empty: it was answered), and whether somebody has to mend that."""


async def unseen(why: str, mend: bool) -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class Standing:
    """How one provider stands, as this process found it. `told` is when that was written down."""

    failed: int = 0
    since: int = 0
    down: bool = False
    told: int = -1


class Health:
    """Judges the calls of all providers of a process."""

    def __init__(self, clock: Clock, put: Put) -> None:
        self._clock, self._put = clock, put
        self._known: dict[str, Standing] = {}

    def of(self, name: str) -> Seen:
        """What the calls of one provider are told to."""

        async def seen(why: str, mend: bool) -> None:
            one = self._known.setdefault(name, Standing())
            await (self._bad(name, one, why, mend) if why else self._good(name, one))

        return seen

    async def _good(self, name: str, one: Standing) -> None:
        was, one.failed, one.down = one.down, 0, False
        if was:
            log.info("a provider answers again", provider=name)
        if was or one.told < 0:  # the first good answer ends what a process before us wrote
            await self._write(name, one, None)

    async def _bad(self, name: str, one: Standing, why: str, mend: bool) -> None:
        now = self._clock.now()
        one.since = now if not one.failed else one.since
        one.failed += 1
        if not one.down and (mend or one.failed >= FEW):
            one.down, one.told = True, -1
            log.error("a provider is down", provider=name, why=why)
        if one.down and (one.told < 0 or now - one.told >= EVERY):
            await self._write(name, one, {"since": one.since, "why": why})

    async def _write(self, name: str, one: Standing, value: Any) -> None:
        now = self._clock.now()
        with suppress(StoreError):  # then it is written with the next call
            await self._put(f"{NAME}{name}", value, now)
            one.told = now


async def standings(names: Iterable[str], get: Get, waiting: Mapping[str, tuple[int, int]], now: int) -> dict[str, Any]:
    """By name: `up` (1 or 0), `since` and `why` when it is down, requests that wait (`waiting`) or were given up.

    `waiting` has both numbers of each provider.
    """
    found: dict[str, Any] = {}
    for name in names:
        kept, (tried, parked) = await get(f"{NAME}{name}"), waiting.get(name, (0, 0))
        down = kept is not None and now - kept[1] < STALE
        told = {"since": kept[0]["since"], "why": kept[0]["why"]} if kept is not None and down else {}
        found[name] = {"up": int(not down), **told, "waiting": tried, "parked": parked}
    return found
