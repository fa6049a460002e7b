"""Agents who work elsewhere than at our desk: the providers of noren.yaml with all they need, and their door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from runtime.desk.call import Asked
from runtime.desk.files.keeping import Files
from runtime.desk.house import Accept
from runtime.errors import CallError
from runtime.fetch import Fetcher
from runtime.handover.providers.arrivals import Arrivals
from runtime.handover.providers.door import Door
from runtime.handover.providers.health import Health, standings
from runtime.handover.providers.office import Office
from runtime.handover.providers.saying import LINES, Opener
from runtime.handover.providers.table import Tools, connect
from runtime.line.content import Contents
from runtime.model import Call, Data, Result, Session
from runtime.ports import Clock, Effect, Effects
from runtime.settings import Settings
from runtime.store.store import Store

LARGEST: Final = 50 * 1_048_576
"""Bytes of a file that is fetched from a provider."""
FETCHED: Final = 30
"""Seconds such a file may take: what the agent says after it waits for it."""
ANSWER_KB: Final = 8_192
"""Of an answer of a provider: a hundred messages with all that hangs on them."""


Counts = Callable[[int], Awaitable[Mapping[str, Any]]]
"""What `/readyz` and `/metrics` tell at a moment."""

KINDS: Final = {"U": "user", "C": "group", "R": "room"}
"""First letter of a chat's id → its kind."""


@dataclass(slots=True)
class Elsewhere:
    """The providers of one runtime."""

    office: Office
    fetcher: Fetcher
    settings: Settings
    store: Store
    clock: Clock
    opener: Opener

    def effects(self, desk: Effect) -> Effects:
        """Calls of providers, and the step `availability`: of the desk, or of the provider it names."""

        async def available(call: Call, session: Session) -> Result:
            name = str(call.args.get("provider") or self.settings.handover.default)
            found = self.settings.handover.providers.get(name)
            if found is None or found.type == "desk":
                return await desk(call, session)
            return await self.office.available(name, call.args)

        return {"availability": available, "provider": self.office.perform}

    def door(self, accept: Accept) -> Door:
        """Where providers' webhooks come in."""
        providers, limit = self.office.providers, self.settings.max_body_kb * 1024
        return Door(providers, self._case, accept, self.opener, self.clock, limit)

    async def _case(self, provider: str, ref: str, case: str) -> Mapping[str, Any] | None:
        """By our own mark on it, as a webhook may be quicker than the answer that names it; else by its name there."""
        row = await self.store.show_case(case) if case else None
        if row is None or row["provider"] != provider or row["ref"] not in ("", ref):
            row = await self.store.show_case(await self.store.case_of_ref(provider, ref))
        if row is None or row["provider"] != provider:
            return None
        id = str(row["session"]).removeprefix(f"{row['endpoint']}:")
        return {**row, "chat_kind": KINDS.get(id[:1], "none"), "chat_id": id}

    def counted(self, counts: Counts) -> Counts:
        """The same with how each provider stands, where there are any."""
        if not others(self.settings):
            return counts

        async def both(now: int) -> Mapping[str, Any]:
            return {**await counts(now), "providers": await standing(self.settings, self.store, now)}

        return both

    async def close(self) -> None:
        await self.fetcher.close()


def others(settings: Settings) -> list[str]:
    """Providers that are elsewhere."""
    return [name for name, one in settings.handover.providers.items() if one.type != "desk"]


async def standing(settings: Settings, store: Store, now: int) -> dict[str, Any]:
    """How each of them stands, as `health.standings` tells it."""
    return await standings(others(settings), store.get, await store.provider_requests(now), now)


async def providers(asked: Asked) -> Any:
    """For those who lead: where people work elsewhere, and whether they answer there."""
    house = asked.house
    found = await standing(house.settings, house.store, house.clock.now())
    return {"providers": [{"name": name, **one} for name, one in found.items()]}


def furnish(
    root: Path, settings: Settings, store: Store, clock: Clock, fetcher: Fetcher | None, content: Path | None
) -> Elsewhere:
    """`fetcher` and `content` as in `Parts`; addresses of providers may be on a private network, as noren.yaml says."""
    hosts = [urlsplit(one.url).hostname or "" for one in settings.handover.providers.values() if one.url]
    private = (*settings.http.allow_private, *hosts)
    http = replace(settings.http, allow_private=private, max_kb=max(settings.http.max_kb, ANSWER_KB))
    fetcher = fetcher or Fetcher(http, {})
    opener = Contents(content or root / ".noren" / "content", "").open
    files = Files(root / ".noren" / "files", settings.public_url)
    seen, shared = Health(clock, store.put).of, store.kind != "sqlite"  # which is of one process at a time
    tools = Tools(fetcher.request, opener, clock, settings.public_url, seen, shared)

    async def history(chat: str) -> list[Any]:
        return await store.transcript(chat, LINES)

    async def fetch(url: str) -> tuple[bytes, str]:
        try:
            async with asyncio.timeout(FETCHED):
                return await fetcher.download(url, LARGEST)
        except TimeoutError:
            raise CallError(f"it did not come within {FETCHED} s") from None

    async def keep(data: bytes, name: str) -> Data:
        return await files.keep(_whole(data), name, "provider", LARGEST, clock.now())

    office = Office(connect(settings.handover, tools), history, Arrivals(clock, fetch, keep))
    return Elsewhere(office, fetcher, settings, store, clock, opener)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
