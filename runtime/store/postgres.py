"""PostgreSQL: a pool of connections, workers known alive by their advisory locks, work announced by NOTIFY.

One connection is kept beside the pool: it holds the locks of this process's workers and listens. When it
breaks, other processes take us for dead and free what we held; what we still try to write is fenced.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from runtime.errors import BadInput, StoreError, StoreTaken
from runtime.log import Logger
from runtime.store.dialects import POSTGRES as WORDS
from runtime.store.lanes import WAKE, Op

try:
    import asyncpg
except ImportError:
    raise BadInput('A PostgreSQL store needs the driver asyncpg: pip install "noren[postgres]"') from None

if TYPE_CHECKING:
    from asyncpg import Connection
    from asyncpg.pool import PoolConnectionProxy

R = TypeVar("R")
log = Logger("store")

CONNECTIONS = 16
TRIES = 5
"""How often a transaction is run when PostgreSQL ends it to resolve a deadlock."""
SOON = 1_000
"""Work due later than this many ms is not announced: workers look by themselves that often, and every
NOTIFY makes commits wait for each other."""
JOIN_WAIT = 2_000

NAME = "hashtextextended('noren worker ' || current_schema() || ' ' || $1::text, 0)"
TAKE = f"SELECT pg_advisory_lock({NAME})"
DROP = f"SELECT pg_advisory_unlock({NAME})"
TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended('noren worker ' || current_schema() || ' ' || ?, 0))"
SIZE = "SELECT pg_database_size(current_database())"
AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
CANNOT = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError, asyncpg.exceptions.DataError)


class Postgres:
    """The connector of a PostgreSQL store: any number of processes on any number of machines."""

    name = "postgresql"

    def __init__(self, url: str, *, patience: float = 5.0) -> None:
        """`patience`: seconds within which our own connection has to answer, or it is made anew."""
        self._url, self._patience = url, patience
        self._news = asyncio.Event()
        self._statements: dict[str, str] = {}
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._own: Connection[asyncpg.Record] | None = None
        self._workers: set[str] = set()
        self.listeners: list[Callable[[str], None]] = []
        self._mending = asyncio.Lock()
        self._orphans: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        try:
            self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=CONNECTIONS, command_timeout=60)
            self._own = await self._listen()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            await self.close()
            words = str(error) if isinstance(error, asyncpg.PostgresError) else explain(error)
            where = place(self._url)
            way = "is it running, and is `store` of noren.yaml right?" if isinstance(error, OSError) else ""
            raise StoreError(f"PostgreSQL at {where} cannot be used: {words}{way and f'; {way}'}") from None

    async def close(self) -> None:
        """Let the connections go; what a worker holds is free for others from now on."""
        if self._orphans:
            await asyncio.gather(*self._orphans, return_exceptions=True)
        own, pool, self._own, self._pool = self._own, self._pool, None, None
        for one in (own, pool):
            if one is not None:
                await self._closed(one)
        self._workers.clear()

    async def _closed(self, one: Connection[asyncpg.Record] | asyncpg.Pool[asyncpg.Record]) -> None:
        """Closed in peace, or at once when the other end does not answer."""
        try:
            async with asyncio.timeout(self._patience):
                await one.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            one.terminate()

    def write(self, make: Callable[..., Op[R]], *args: Any, orphan: Callable[[R], None] | None = None) -> Awaitable[R]:
        """Run a transaction. `orphan` gets the result when its caller was cancelled meanwhile."""
        run = self._transact(make, args)
        return run if orphan is None else self._kept(run, orphan)

    async def read(self, make: Callable[..., Op[R]], *args: Any) -> R:
        return await self._transact(make, args, readonly=True)

    async def join(self, worker: str) -> None:
        """Hold the worker's lock as long as this process lives."""
        own = await self._mend()
        try:
            await own.execute(f"SET lock_timeout = {JOIN_WAIT}")
            await own.execute(TAKE, worker)
            await own.execute("SET lock_timeout = 0")
        except asyncpg.LockNotAvailableError:
            raise StoreTaken(f"A worker named {worker} is running already; each process needs its own name.") from None
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreError(f"PostgreSQL: {explain(error)}") from None
        self._workers.add(worker)

    async def leave(self, worker: str) -> None:
        if worker in self._workers:
            self._workers.discard(worker)
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                if self._own is not None:
                    await self._own.execute(DROP, worker, timeout=self._patience)

    def dead(self, worker: str) -> Op[bool]:
        """Whether a worker that once joined is gone: its lock is free. We keep it until the transaction ends."""
        if worker in self._workers:
            return False
        [(free,)] = yield TRY, (worker,)
        return bool(free)

    async def wait(self, timeout: int) -> bool:
        """Return at news of due work, or after `timeout` ms; whether there was news."""
        try:
            async with asyncio.timeout(timeout / 1000):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    async def alive(self) -> None:
        """Take the workers' locks again when the connection that held them broke."""
        await self._mend()

    async def vacuum(self) -> None:
        """Mark freed space as usable and bring the planner's numbers up to date."""
        await self._guard(lambda pool: pool.execute("VACUUM (ANALYZE)", timeout=None))

    async def backup(self, path: Path) -> None:
        raise BadInput(f"A PostgreSQL store is backed up with its own tool: pg_dump --format=custom --file={path} …")

    def size(self) -> Op[int]:
        [(size,)] = yield SIZE, ()
        return int(size)

    async def _transact(self, make: Callable[..., Op[R]], args: tuple[Any, ...], readonly: bool = False) -> R:
        level: Literal["repeatable_read", "read_committed"] = "repeatable_read" if readonly else "read_committed"

        async def run(pool: asyncpg.Pool[asyncpg.Record]) -> R:
            async with pool.acquire() as base, base.transaction(isolation=level, readonly=readonly):
                return await self._drive(base, make(*args))

        return await self._guard(run)

    async def _guard(self, run: Callable[[asyncpg.Pool[asyncpg.Record]], Coroutine[Any, Any, R]]) -> R:
        """Run it on the pool, again after a deadlock, with PostgreSQL's errors as ours."""
        if self._pool is None:
            raise StoreError("The PostgreSQL store is not open")
        for left in reversed(range(TRIES)):
            try:
                return await run(self._pool)
            except AGAIN as error:
                if not left:
                    raise StoreError(f"PostgreSQL: {explain(error)}") from None
            except CANNOT as error:
                raise BadInput(f"PostgreSQL refused it: {explain(error)}") from None
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise StoreError(f"PostgreSQL: {explain(error)}") from None
        raise StoreError("PostgreSQL: deadlocks without end")

    async def _drive(
        self, base: PoolConnectionProxy[asyncpg.Record], op: Generator[tuple[str, Any], Any, R]
    ) -> R:  # fmt: skip
        rows: Any = None
        try:
            while True:
                sql, args = op.send(rows)
                if sql is WAKE:
                    if args[0] > SOON:
                        continue
                    args = ()
                statement = self._statements.get(sql) or self._translate(sql)
                if isinstance(args, list):
                    await base.executemany(statement, args)
                    rows = None
                else:
                    rows = await base.fetch(statement, *args)
        except StopIteration as done:
            result: R = done.value
            return result

    def _translate(self, sql: str) -> str:
        """`?` becomes `$1`, and words in braces what PostgreSQL calls them."""
        statement = sql
        for word, spelled in WORDS.items():
            statement = statement.replace(f"{{{word}}}", spelled)
        first, *rest = statement.split("?")
        statement = first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
        self._statements[sql] = statement
        return statement

    async def _kept(self, run: Coroutine[Any, Any, R], orphan: Callable[[R], None]) -> R:
        """Let the transaction end even when its caller is cancelled, so that what it took can be given back."""
        task = asyncio.create_task(run)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._orphans.add(task)
            task.add_done_callback(lambda done: self._orphaned(done, orphan))
            raise

    def _orphaned(self, task: asyncio.Task[R], orphan: Callable[[R], None]) -> None:
        self._orphans.discard(task)
        if not task.cancelled() and task.exception() is None:
            orphan(task.result())

    async def _listen(self) -> Connection[asyncpg.Record]:
        own: Connection[asyncpg.Record] = await asyncpg.connect(self._url)
        channel = await own.fetchval("SELECT 'noren_' || current_schema()")
        await own.add_listener(channel, lambda *_: self._news.set())
        await own.add_listener(channel.replace("noren_", "noren_desk_", 1), self._told)
        own.add_termination_listener(self._broken)
        return own

    def _told(self, base: object, process: int, channel: str, news: object) -> None:
        for listener in self.listeners:
            listener(str(news))

    def _broken(self, own: object) -> None:
        if own is self._own:  # else we closed it ourselves
            task = asyncio.get_running_loop().create_task(self._revive())
            self._orphans.add(task)
            task.add_done_callback(self._orphans.discard)

    async def _revive(self) -> None:
        try:
            await self._mend()
        except StoreError as error:
            log.error("the connection that tells we are alive is still broken", error=error.message)

    async def _mend(self) -> Connection[asyncpg.Record]:
        """Our own connection, made anew if it broke."""
        async with self._mending:
            if self._own is not None and await self._answers(self._own):
                return self._own
            log.warning("the connection that tells we are alive broke; connecting again")
            try:
                own = await self._listen()
                try:
                    for worker in self._workers:
                        await own.execute(TAKE, worker)
                except BaseException:
                    own.terminate()  # without our locks it would tell us that we are alive, and nobody else
                    raise
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise StoreError(f"PostgreSQL: {explain(error)}") from None
            self._own = own
            return own

    async def _answers(self, own: Connection[asyncpg.Record]) -> bool:
        """Whether the connection is heard at the other end. One that is silent for long is dropped on many networks."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await own.execute("SELECT 1", timeout=self._patience)
            return True
        own.terminate()
        return False


def place(url: str) -> str:
    """Host, port and database of an address, without user and password."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or 'its socket'}:{parts.port or 5432}{parts.path}"
    except ValueError:
        return "that address"


def explain(error: BaseException) -> str:
    """What went wrong, without PostgreSQL's own sentence: it may quote what is stored."""
    if isinstance(error, asyncpg.PostgresError):
        return f"{type(error).__name__} ({error.sqlstate})"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return type(error).__name__
