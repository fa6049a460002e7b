"""SQLite: one writer thread that commits in groups, a few reading connections, one worker process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, NamedTuple, TypeVar

from runtime.errors import BadInput, NorenError, StoreError, StoreTaken
from runtime.store.dialects import SQLITE as WORDS
from runtime.store.folder import make_folder
from runtime.store.lanes import WAKE, Op

R = TypeVar("R")

GROUP = 256
"""Most operations in one commit: more would make the first of them wait for no gain."""
READERS = 2
BUSY = 10_000
"""How long a write waits for another process (a command line beside the server), in milliseconds."""
PAUSE = 0.02
"""Seconds between two looks whether a file that others open too is free."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk before LINE gets its 200
    "PRAGMA cache_size = -32000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
CANNOT = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.DataError, OverflowError)
"""What no further try would change."""


class Job(NamedTuple):
    """A transaction on its way to the writer, and who waits for it."""

    future: asyncio.Future[Any]
    make: Callable[..., Op[Any]]
    args: tuple[Any, ...]
    orphan: Callable[[Any], None] | None


Result = tuple[Job, Any, BaseException | None]


class Sqlite:
    """The connector of an embedded store: a file that one worker process at a time works on."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._gathered: list[Job] = []
        self._news = asyncio.Event()
        self._woken = False
        self._thread: threading.Thread | None = None
        self._statements: dict[str, str] = {}
        self._readers = threading.local()
        self._reading: list[sqlite3.Connection] = []
        self._lock: IO[str] | None = None
        self._workers: set[str] = set()
        self.listeners: list[Callable[[str], None]] = []

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._base = await asyncio.to_thread(self._connect)
        self._cursor = self._base.cursor()
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="noren-read")
        self._thread = threading.Thread(target=self._serve, name="noren-write", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Finish what is queued, then close; what a worker holds stays held until the next `join`."""
        if self._thread is not None:
            self._hand_over()
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
            await asyncio.to_thread(self._pool.shutdown)
            for connection in (*self._reading, self._base):
                connection.close()
            self._reading.clear()
            self._readers = threading.local()
        self._workers.clear()
        self._unlock()

    def write(
        self, make: Callable[..., Op[R]], *args: Any, orphan: Callable[[R], None] | None = None
    ) -> asyncio.Future[R]:
        """Run a transaction on the writer; resolved after its group is committed.

        `orphan` gets the result when nobody waits for it any more.
        """
        future: asyncio.Future[R] = self._loop.create_future()
        if self._thread is None:
            future.set_exception(StoreError(f"{self.path} is not open"))
        else:
            if not self._gathered:
                self._loop.call_soon(self._hand_over)
            self._gathered.append(Job(future, make, args, orphan))
        return future

    def _hand_over(self) -> None:
        """Wake the writer once for all that this round of the loop brought: fewer commits, fewer switches."""
        if self._gathered:
            self._jobs.put(self._gathered)
            self._gathered = []

    async def read(self, make: Callable[..., Op[R]], *args: Any) -> R:
        """Run a transaction that only reads, on a connection of its own."""
        return await self._loop.run_in_executor(self._pool, self._read, make, args)

    async def join(self, worker: str) -> None:
        """Become the worker process of this file. Raises `StoreTaken` when there is another."""
        if self._lock is None:
            self._lock = lock(self.path.with_name(self.path.name + ".lock"), self.path)
        self._workers.add(worker)

    async def leave(self, worker: str) -> None:
        self._workers.discard(worker)
        if not self._workers:
            self._unlock()

    def dead(self, worker: str) -> Op[bool]:
        """Whether a worker that once joined is gone: whoever is not here, while we hold the file's lock."""
        [(held,)] = yield "SELECT 1", ()
        return bool(held and self._lock is not None and worker not in self._workers)

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
        """Nothing can get lost between this process and its file."""

    async def vacuum(self) -> None:
        """Give freed space back to the file system. Writers wait meanwhile."""
        await self._loop.run_in_executor(self._pool, self._vacuum)

    async def backup(self, path: Path) -> None:
        """Copy the whole store into a new file while it is in use. https://www.sqlite.org/backup.html"""
        await self._loop.run_in_executor(self._pool, self._backup, path)

    def size(self) -> Op[int]:
        """Bytes of the database without its write-ahead log."""
        [(pages,)] = yield "PRAGMA page_count", ()
        [(bytes_each,)] = yield "PRAGMA page_size", ()
        return int(pages * bytes_each)

    def _connect(self) -> sqlite3.Connection:
        try:
            make_folder(self.path.parent)
            base = sqlite3.connect(
                self.path, BUSY / 1000, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in PRAGMAS:
                _patiently(base, pragma)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path} cannot be opened: {error}{way_out(error)}") from None
        return base

    def _serve(self) -> None:
        """The writer thread: everything that waits goes into one commit."""
        more: list[Job] | None = []
        while more is not None:
            jobs: list[Job] = []
            more = self._jobs.get()
            while more is not None:
                jobs += more
                if len(jobs) >= GROUP or self._jobs.empty():
                    break
                more = self._jobs.get()
            results = self._together(jobs) if jobs else []
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._resolve, results, self._woken)
            self._woken = False

    def _together(self, jobs: list[Job]) -> list[Result]:
        """All in one transaction, which is how it nearly always goes; else again, each safe from the others."""
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            results = [self._clean(job) for job in jobs]
            self._cursor.execute("COMMIT")
            return results
        except BaseException as error:
            if self._base.in_transaction:
                self._base.rollback()
            self._woken = False
            return self._group(jobs) if len(jobs) > 1 else [(jobs[0], None, trouble(self.path, error))]

    def _clean(self, job: Job) -> Result:
        """One transaction without a savepoint: refusing before it wrote anything, it needs none."""
        before = self._base.total_changes
        try:
            return job, self._drive(self._cursor, job.make(*job.args)), None
        except NorenError as error:
            if self._base.total_changes != before:
                raise
            return job, None, error

    def _group(self, jobs: list[Job]) -> list[Result]:
        """Each in a savepoint, so that its failure is its own."""
        results: list[Result] = []
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
            for job in jobs:
                result = self._one(job)
                results.append(result)
                if result[2] is not None and not self._base.in_transaction:
                    return self._lost(jobs, result[2])  # a full or failing disk rolled back its neighbours too
            self._cursor.execute("COMMIT")
            return results
        except sqlite3.Error as error:
            return self._lost(jobs, error)

    def _lost(self, jobs: list[Job], error: BaseException) -> list[Result]:
        """Nothing of the group was kept."""
        if self._base.in_transaction:
            self._base.rollback()
        self._woken = False
        reason = trouble(self.path, error)
        return [(job, None, reason) for job in jobs]

    def _one(self, job: Job) -> Result:
        execute = self._cursor.execute
        try:
            execute("SAVEPOINT one")
            value = self._drive(self._cursor, job.make(*job.args))
            execute("RELEASE one")
            return job, value, None
        except BaseException as error:
            if self._base.in_transaction:
                execute("ROLLBACK TO one")
                execute("RELEASE one")
            return job, None, trouble(self.path, error)

    def _drive(self, cursor: sqlite3.Cursor, op: Generator[tuple[str, Any], Any, R]) -> R:
        rows: Any = None
        try:
            while True:
                sql, args = op.send(rows)
                if sql is WAKE:
                    self._woken = True
                    continue
                statement = self._statements.get(sql) or self._translate(sql)
                if args.__class__ is list:
                    cursor.executemany(statement, args)
                    rows = None
                else:
                    rows = cursor.execute(statement, args).fetchall()
        except StopIteration as done:
            result: R = done.value
            return result

    def _translate(self, sql: str) -> str:
        statement = sql
        for word, spelled in WORDS.items():
            statement = statement.replace(f"{{{word}}}", spelled)
        self._statements[sql] = statement
        return statement

    def _resolve(self, results: list[Result], woken: bool) -> None:
        for job, value, error in results:
            if not job.future.done():
                if error is None:
                    job.future.set_result(value)
                else:
                    job.future.set_exception(error)
            elif job.orphan is not None and error is None:
                job.orphan(value)
        if woken:
            self._news.set()

    def _read(self, make: Callable[..., Op[R]], args: tuple[Any, ...]) -> R:
        cursor = self._reader().cursor()
        try:
            cursor.execute("BEGIN")
            try:
                return self._drive(cursor, make(*args))
            finally:
                cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise trouble(self.path, error) from None

    def _reader(self) -> sqlite3.Connection:
        """This thread's connection, which cannot write."""
        found: sqlite3.Connection | None = getattr(self._readers, "base", None)
        if found is None:
            uri = self.path.absolute().as_uri() + "?mode=ro"
            found = sqlite3.connect(uri, BUSY / 1000, isolation_level=None, check_same_thread=False, uri=True)
            self._readers.base = found
            self._reading.append(found)
        return found

    def _vacuum(self) -> None:
        try:
            base = self._connect()
            try:
                base.execute("VACUUM")
                base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                base.close()
        except sqlite3.Error as error:
            raise trouble(self.path, error) from None

    def _backup(self, path: Path) -> None:
        if path.exists():
            raise BadInput(f"{path} exists; name a new file for the backup")
        try:
            copy = sqlite3.connect(path)
            try:
                self._reader().backup(copy)
            finally:
                copy.close()
        except sqlite3.Error as error:
            raise trouble(self.path, error) from None

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _patiently(base: sqlite3.Connection, pragma: str) -> None:
    """Switching a new file to its log takes the whole file and does not wait for others that do the same now."""
    until = time.monotonic() + BUSY / 1000
    while True:
        try:
            base.execute(pragma)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(PAUSE)


def trouble(path: Path, error: BaseException) -> BaseException:
    """SQLite's errors as ours. Its messages name tables and files, never what is stored."""
    if isinstance(error, CANNOT):
        return BadInput(f"{path.name} refused it: {error}")
    return StoreError(f"{path.name}: {error}{way_out(error)}") if isinstance(error, sqlite3.Error) else error


WAYS_OUT = {
    sqlite3.SQLITE_READONLY: "give this user the right to write the file and its folder, or set another `store`",
    sqlite3.SQLITE_CANTOPEN: "its folder has to be there, and this user has to be allowed to write in it",
    sqlite3.SQLITE_NOTADB: "move the file away, or set another `store`",
    sqlite3.SQLITE_CORRUPT: "put a backup in its place; `noren db backup` makes them",
    sqlite3.SQLITE_FULL: "make room on the disk",
}
"""What to do about what SQLite says: https://sqlite.org/rescode.html"""


def way_out(error: BaseException) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, PermissionError):
        code = sqlite3.SQLITE_READONLY
    way = WAYS_OUT.get(code & 0xFF) if isinstance(code, int) else None  # the low byte; the rest is detail
    return f"; {way}" if way else ""


def lock(path: Path, base: Path) -> IO[str]:
    """Take the lock file of a database, or tell which process has it. The system lets go of it when we die."""
    try:
        file = open(path, "a+", encoding="ascii")  # noqa: SIM115  # stays open as long as the lock is ours
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}{way_out(error)}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        who = f"process {holder}" if holder else "another process"
        raise StoreTaken(
            f"{base} is being worked on by {who}. Stop it first, or use PostgreSQL for several processes."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
