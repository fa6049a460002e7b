"""The month's quota of billed messages, as LINE counts it, and who a push is billed for.

https://developers.line.biz/en/docs/messaging-api/pricing/. LINE is asked when a push is wanted, at most every few
minutes; in between what was pushed is added here.
"""

from __future__ import annotations

import asyncio
import datetime

from runtime.errors import ChannelError
from runtime.line.api import LineApi
from runtime.log import Logger
from runtime.model import Chat
from runtime.ports import Clock

log = Logger("line.quota")

EVERY = 300_000
"""Milliseconds after which the numbers are read again."""

AFTER_FAILURE = 60_000
MEMBERS_KEPT = 6 * 3_600_000
MANY_CHATS = 10_000
JAPAN = datetime.timezone(datetime.timedelta(hours=9))
"""LINE's day for quotas; other markets turn the month a little later, which the regular reading notices."""


class Quota:
    """What one endpoint may still push this month."""

    def __init__(self, api: LineApi, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._lock = asyncio.Lock()
        self._limit: int | None = None
        self._used = 0
        self._month = 0
        self._read_at = 0  # when the numbers are to be read again
        self._exhausted = False

    async def may_push(self, count: int = 1) -> bool:
        """Whether `count` more recipients fit. True when LINE does not tell: it will then refuse by itself."""
        await self._fresh()
        return not self._exhausted and (self._limit is None or self._used + count <= self._limit)

    async def numbers(self) -> tuple[int | None, int]:
        """The month's limit (None: none, or LINE does not tell) and what of it is used."""
        await self._fresh()
        return self._limit, self._used if not self._exhausted or self._limit is None else max(self._used, self._limit)

    async def _fresh(self) -> None:
        if self._stale():
            async with self._lock:
                if self._stale():
                    await self._read()

    def spent(self, count: int) -> None:
        """A push to `count` recipients was taken."""
        self._used += count

    def used_up(self) -> None:
        """LINE said so itself: stop until the month turns or the numbers, read anew, allow it."""
        self._exhausted = True
        self._month = self._this_month()
        self._read_at = self._clock.now() + EVERY
        log.warning("the month's quota is used up")

    def _stale(self) -> bool:
        return self._clock.now() >= self._read_at or self._this_month() != self._month

    async def _read(self) -> None:
        month = self._this_month()
        if month != self._month:
            self._month, self._used, self._exhausted = month, 0, False
        try:
            limit = await self._api.quota()
            used = 0 if limit is None else await self._api.consumption()
        except ChannelError as error:
            self._read_at = self._clock.now() + AFTER_FAILURE
            log.warning("quota not read", reason=error.message)
            return
        self._limit, self._used = limit, used
        self._exhausted = False
        self._read_at = self._clock.now() + EVERY

    def _this_month(self) -> int:
        day = datetime.datetime.fromtimestamp(self._clock.now() / 1000, JAPAN)
        return day.year * 12 + day.month


class Members:
    """How many people a push to a group or room is billed for; asked at most every few hours per chat."""

    def __init__(self, api: LineApi, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._known: dict[str, tuple[int, int | None]] = {}

    async def count(self, chat: Chat) -> int | None:
        """1 for a user; members of a group or room; None when LINE does not tell."""
        if chat.kind == "user":
            return 1
        now = self._clock.now()
        until, count = self._known.get(chat.id, (0, None))
        if now >= until:
            count, until = await self._ask(chat, now)
            if len(self._known) >= MANY_CHATS:
                self._known.clear()
            self._known[chat.id] = (until, count)
        return count

    async def _ask(self, chat: Chat, now: int) -> tuple[int | None, int]:
        try:
            return await self._api.member_count(chat), now + MEMBERS_KEPT
        except ChannelError:
            return None, now + EVERY
