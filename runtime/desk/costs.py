"""What a word to a user costs now: nothing while their reply token lives, else LINE bills each who gets it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any, Final, Protocol, runtime_checkable

from runtime.desk.house import DeskHouse
from runtime.errors import ChannelError
from runtime.model import Chat, Session

PATIENCE: Final = 2.0
"""Seconds that LINE may take to tell numbers; the page does not wait longer for them."""


@runtime_checkable
class Priced(Protocol):
    """A channel that knows what it bills."""

    async def price(self, chat: Chat) -> int | None: ...

    async def budget(self) -> tuple[int | None, int]: ...


async def cost(house: DeskHouse, row: Mapping[str, Any], session: Session | None) -> dict[str, Any]:
    """`free` until a moment (ms), else `units` per message call; `left` of the month's quota, None: no limit known."""
    now, endpoint = house.clock.now(), house.settings.endpoints.get(row["endpoint"])
    case = session.case if session is not None else None
    token_at = case.token_at if case is not None and case.id == row["id"] and case.token else 0
    until = token_at + endpoint.reply_within if token_at and endpoint else 0
    units, (limit, used) = await _numbers(house, row["endpoint"], session)
    left = None if limit is None else max(0, limit - used)
    return {"free": until > now, "until": until or None, "units": units, "left": left}


async def _numbers(house: DeskHouse, endpoint: str, session: Session | None) -> tuple[int, tuple[int | None, int]]:
    channel = priced(house.channels.get(endpoint))
    units: int = 1
    left: tuple[int | None, int] = (None, 0)
    if session is None or channel is None:
        return units, left
    with contextlib.suppress(TimeoutError, ChannelError):
        async with asyncio.timeout(PATIENCE):
            units = await channel.price(session.chat) or 1
            left = await channel.budget()
    return units, left


def priced(channel: object) -> Priced | None:
    return channel if isinstance(channel, Priced) else None


async def quotas(house: DeskHouse) -> list[dict[str, Any]]:
    """Limit and use of each endpoint that tells them."""
    found = []
    for name in house.channels:
        if (channel := priced(house.channels[name])) is not None:
            with contextlib.suppress(TimeoutError, ChannelError):
                async with asyncio.timeout(PATIENCE):
                    limit, used = await channel.budget()
                    found.append({"endpoint": name, "limit": limit, "used": used})
    return found
