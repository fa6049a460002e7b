"""The part of the store that is not one conversation's lane: for operators, and for other rooms' odds and ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runtime.model import Data, Session
from runtime.store import export, files, gaps, migrate, records, shelves, workers
from runtime.store.connector import Connector

Found = list[dict[str, Any]]


class Office:
    """Look-ups give mappings ready for JSON, newest first; changes raise `BadInput` that says why not."""

    def __init__(self, base: Connector) -> None:
        self._base = base

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._base.name

    async def list_events(self, state: str | None = None, session: str | None = None, limit: int = 50) -> Found:
        """`state`: due, done, dead or dropped."""
        return await self._base.read(records.list_events, state, session, limit)

    async def show_event(self, event: str) -> dict[str, Any]:
        """With `trace` and `body`."""
        return await self._base.read(records.show_event, event)

    async def retry_event(self, event: str, now: int) -> None:
        """A parked, dropped or waiting event is due at once, as if it had never failed."""
        await self._base.write(records.retry_event, event, now)

    async def drop_event(self, event: str, now: int) -> None:
        """A waiting or parked event is never worked; it stays known, so that LINE's repeat is not."""
        await self._base.write(records.drop_event, event, now)

    async def list_outbox(self, state: str | None = None, session: str | None = None, limit: int = 50) -> Found:
        """`state`: waiting, sending, unsure, held, sent, merged, failed, unknown, suppressed or dropped."""
        return await self._base.read(records.list_outbox, state, session, limit)

    async def show_delivery(self, delivery: str) -> dict[str, Any]:
        return await self._base.read(records.show_delivery, delivery)

    async def retry_delivery(self, delivery: str, now: int, push: bool = False) -> None:
        """Send it, or send it again when its outcome was failed, unknown or suppressed; with `push` as a push."""
        await self._base.write(records.retry_delivery, delivery, now, push)

    async def drop_delivery(self, delivery: str, now: int) -> None:
        await self._base.write(records.drop_delivery, delivery, now)

    async def list_sessions(self, limit: int = 50, after: str | None = None) -> Found:
        """Those that had an event most lately; with `after` (a key or ""), all of them page by page, by key."""
        return await self._base.read(records.list_sessions, limit, after)

    async def show_session(self, key: str) -> dict[str, Any]:
        return await self._base.read(records.show_session, key)

    async def load_session(self, key: str) -> Session | None:
        return await self._base.read(records.load_session, key)

    async def all_sessions(self, after: str = "", limit: int = 1_000) -> list[Session]:
        """Sessions whose key comes after `after`, by key."""
        return await self._base.read(records.all_sessions, limit, after)

    async def change_session(self, key: str, change: Callable[[Session], Session], now: int) -> bool:
        """Replace a session's state by what `change` makes of it; refused while a worker is at it."""
        return await self._base.write(records.change_session, key, change, now)

    async def end_session(self, key: str, now: int) -> None:
        """The next message starts afresh; `kept`, `profile` and `storage` stay."""
        await self._base.write(records.end_session, key, now)

    async def erase_session(self, key: str) -> list[str]:
        """Delete everything of a session; the message ids whose files the channel has to forget."""
        return await self._base.write(records.erase_session, key)

    async def transcript(self, session: str, limit: int = 200, after: int | None = None) -> Found:
        """The latest entries, oldest of them first; with `after` (a `seq`), those that follow it."""
        return await self._base.read(records.transcript, session, limit, after)

    async def save_version(self, digest: str, files: Mapping[str, Any], now: int = 0) -> None:
        """Keep the files of a version of the flows, by their digest."""
        await self._base.write(shelves.save_version, digest, files, now)

    async def load_version(self, digest: str) -> Any:
        """The files that were saved under a digest, or None."""
        return await self._base.read(shelves.load_version, digest)

    async def put(self, name: str, value: Any, now: int) -> None:
        """Keep one JSON value under a name; None deletes it."""
        await self._base.write(shelves.put_fact, name, value, now)

    async def put_first(self, name: str, value: Any, now: int) -> Any:
        """Keep a value under a name that has none; what is kept there, for all who try at once."""
        return await self._base.write(shelves.put_first, name, value, now)

    async def get(self, name: str) -> tuple[Any, int] | None:
        """The value under a name and when it was put there."""
        return await self._base.read(shelves.get_fact, name)

    async def erased_media(self, limit: int = 500) -> list[tuple[str, str]]:
        """Token and message id of contents whose author took them back; `forget_media` once the files are gone."""
        return await self._base.read(shelves.erased_media, limit)

    async def forget_media(self, tokens: Sequence[str]) -> None:
        await self._base.write(shelves.forget_media, tokens)

    async def sent_files(self, session: str) -> list[str]:
        """Tokens of the files that agents sent into a chat."""
        return await self._base.read(files.of_session, session)

    async def unneeded_files(self, tokens: Sequence[str]) -> list[str]:
        """Those of these files of agents that no chat and no ready-made reply holds any more."""
        return await self._base.read(files.unneeded, tokens)

    async def keep_gap(self, endpoint: str, shape: Any, status: int, answer: Data, now: int) -> None:
        """Remember what LINE refused although the rules allowed it; `shape` is the request without its words."""
        await self._base.write(gaps.keep, endpoint, shape, status, answer, now)

    async def list_gaps(self, limit: int = 50) -> Found:
        """The latest first: LINE's answer, the shape of the request, how often it was met and when."""
        return await self._base.read(gaps.listed, limit)

    async def forget_gap(self, id: str) -> None:
        """Its rule is in the table now."""
        await self._base.write(gaps.forget, id)

    async def counts(self, now: int) -> dict[str, Any]:
        """Open and parked events and deliveries by state, sessions in work and waiting; cheap at any size."""
        return await self._base.read(records.counts, now)

    async def provider_requests(self, now: int) -> dict[str, tuple[int, int]]:
        """By provider: requests that wait to be told there, and those that were given up."""
        return await self._base.read(records.provider_requests, now)

    async def info(self, now: int) -> dict[str, Any]:
        """`counts`, rows of each table, bytes, migrations, workers."""
        found = await self._base.read(records.info, now, self._base.size)
        applied = await self._base.read(migrate.applied)
        return {"kind": self.kind, **found, "migrations": applied, "workers": await self._base.read(workers.listed)}

    async def prune(self, before: int) -> dict[str, int]:
        """Delete worked events, settled deliveries and transcript entries older than `before`; how many of each."""
        return await export.prune(self._base, before)

    async def export(self, path: Path) -> dict[str, int]:
        """Write all tables to a `.jsonl` file or a new SQLite file; rows by table."""
        return await export.write(self._base, path)

    async def vacuum(self) -> None:
        """Give freed space back."""
        await self._base.vacuum()

    async def backup(self, path: Path) -> None:
        """Copy an SQLite store into a new file while it is in use."""
        await self._base.backup(path)
