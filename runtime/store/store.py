"""The `Store` port over one of the two connectors, and what operators and other rooms ask of the same tables."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from runtime.errors import StoreError
from runtime.log import Logger
from runtime.model import Claim, Data, Delivery, Event, Outcome, Turn
from runtime.store import codec, lanes, migrate, turns, workers
from runtime.store.accounts import Accounts
from runtime.store.connector import Connector
from runtime.store.desk import DeskStore
from runtime.store.migrate import Migration
from runtime.store.office import Office

log = Logger("store")


class Store(Office, DeskStore, Accounts):
    """Inbox, sessions, outbox, transcript and timers; every method is one transaction. See `runtime.ports.Store`."""

    def __init__(self, base: Connector, migrations: Sequence[Migration] | None = None) -> None:
        super().__init__(base)
        self._migrations = migrate.load() if migrations is None else migrations
        self._aside: set[asyncio.Task[None]] = set()  # written beside what anybody waits for
        self.applied: list[str] = []
        """Migrations that `open` had to apply."""

    async def open(self) -> None:
        """Connect and bring the tables up to date. Raises `StoreError` when a newer version wrote them."""
        await self._base.open()
        try:
            self.applied = await self.migrate()
        except BaseException:
            await self._base.close()
            raise

    async def look(self) -> None:
        """Connect to a store as it is: for tools that change no tables. Raises `StoreError` if they do not fit."""
        await self._base.open()
        try:
            missing = migrate.pending(self._migrations, await self._base.read(migrate.applied))
            if missing:
                raise StoreError("the store is older than this Noren; run `noren db migrate`")
        except BaseException:
            await self._base.close()
            raise

    async def close(self) -> None:
        if self._aside:
            await asyncio.gather(*self._aside, return_exceptions=True)
        await self._base.close()

    async def migrate(self) -> list[str]:
        """Apply what is missing; the ids of the migrations that were applied."""
        await self._base.write(migrate.begin)
        steps = migrate.pending(self._migrations, await self._base.read(migrate.applied))
        return [step.id for step in steps if await self._base.write(migrate.apply, step, _now())]

    # A worker's part

    async def join(self, worker: str) -> None:
        """Register this process as a worker and free what dead workers held.

        Raises `StoreTaken` when another process works on this SQLite file.
        """
        await self._base.join(worker)
        await self._base.write(workers.join, worker, _now())
        await self.sweep()

    async def leave(self, worker: str) -> None:
        """Let go of everything the worker holds and of its name."""
        try:
            await self._base.write(workers.leave, worker)
        finally:
            await self._base.leave(worker)

    async def sweep(self) -> int:
        """Free what workers held that died; the number of sessions freed. To be called now and then."""
        await self._base.alive()
        freed = await self._base.write(workers.sweep, self._base.dead)
        if freed:
            log.warning("freed sessions of dead workers", sessions=freed)
        return freed

    async def wait(self, timeout: int) -> bool:
        """Return at news of due work nobody holds, or after `timeout` ms; whether there was news."""
        return await self._base.wait(timeout)

    async def accept(self, events: Sequence[Event], *, worker: str | None, now: int) -> list[Claim]:
        rows = [codec.keep(event, now) for event in events]
        orphan = None if worker is None else lambda claims: self._give_back(claims, worker)
        return await self._base.write(lanes.accept, rows, worker, now, orphan=orphan)

    async def claim(self, worker: str, now: int) -> Claim | None:
        def orphan(claim: Claim | None) -> None:
            self._give_back([claim] if claim else [], worker)

        return await self._base.write(lanes.claim, worker, now, orphan=orphan)

    async def direct(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        def orphan(claim: Claim | None) -> None:
            self._give_back([claim] if claim else [], worker)

        row = codec.keep(turn.event, now)
        return await self._base.write(turns.direct, row, codec.pack(turn, now), worker, now, orphan=orphan)

    async def commit(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        return await self._base.write(turns.commit, codec.pack(turn, now), worker, now)

    async def settle(
        self, key: str, results: Sequence[tuple[Delivery, Outcome]], *, worker: str, now: int
    ) -> Claim | None:  # fmt: skip
        return await self._base.write(turns.settle, key, results, worker, now)

    async def fail(
        self,
        claim: Claim,
        error: str,
        *,
        due: int | None,
        worker: str,
        now: int,
        deliveries: Sequence[Delivery] = (),
    ) -> Claim | None:
        fresh = [codec.stamp(delivery, now) for delivery in deliveries]
        return await self._base.write(turns.fail, claim, error, due, worker, now, fresh)

    async def release(self, key: str, *, worker: str) -> None:
        await self._base.write(lanes.release, key, worker)

    async def held_by(self, worker: str) -> list[str]:
        return await self._base.read(lanes.held_by, worker)

    async def next_due(self, now: int) -> int | None:
        return await self._base.read(lanes.next_due)

    def _give_back(self, claims: Sequence[Claim], worker: str) -> None:
        """Release what was taken for a caller that was cancelled before it could know."""
        for claim in claims:
            self._beside(self.release(claim.session.key, worker=worker))

    def note_gap(self, endpoint: str, shape: Any, status: int, answer: Data, now: int) -> None:
        """`keep_gap` without waiting for it."""
        self._beside(self._keep_gap(endpoint, shape, status, answer, now))

    async def _keep_gap(self, endpoint: str, shape: Any, status: int, answer: Data, now: int) -> None:
        try:
            await self.keep_gap(endpoint, shape, status, answer, now)
        except StoreError as error:
            log.error("a gap of the message rules is not kept", why=error.message)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


def _now() -> int:
    """For records about the store itself; everything that is worked on brings its own time."""
    return time.time_ns() // 1_000_000
