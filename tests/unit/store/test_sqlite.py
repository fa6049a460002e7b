"""The embedded connector: groups of transactions, failing disks, and other processes at the same file."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.errors import BadInput, NorenError, StoreError, StoreTaken
from runtime.store import Store, connect
from runtime.store.lanes import Op
from runtime.store.sqlite import Sqlite, lock, trouble, way_out
from tests.store.values import NOW, WORKER, drain, event, take, work

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
async def base(tmp_path: Path) -> AsyncIterator[Sqlite]:
    base = Sqlite(tmp_path / "plain.db")
    await base.open()
    await base.write(make_table)
    yield base
    await base.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = connect(f"sqlite:///{tmp_path}/noren.db")
    await store.open()
    yield store
    await store.close()


def make_table() -> Op[None]:
    yield "CREATE TABLE pots (name text PRIMARY KEY, size int CHECK (size < 100))", ()


def put(name: str, size: int = 1, then: Exception | None = None) -> Op[int]:
    yield "INSERT INTO pots VALUES (?, ?)", (name, size)
    if then is not None:
        raise then
    [(count,)] = yield "SELECT count(*) FROM pots", ()
    return int(count)


def names() -> Op[list[str]]:
    return [name for (name,) in (yield "SELECT name FROM pots ORDER BY name", ())]


async def test_one_failing_operation_does_not_take_its_neighbours(base: Sqlite) -> None:
    results = await asyncio.gather(
        base.write(put, "a"),
        base.write(put, "b", 200),
        base.write(put, "a"),
        base.write(put, "c", 1, ValueError("own")),
        base.write(put, "d", 1, StoreError("ours")),
        base.write(put, "e"),
        return_exceptions=True,
    )
    assert results[0] == 1
    assert [type(error) for error in results[1:5]] == [BadInput, BadInput, ValueError, StoreError]
    assert results[5] == 2
    assert await base.read(names) == ["a", "e"]


async def test_a_failing_operation_alone_leaves_nothing(base: Sqlite) -> None:
    with pytest.raises(ValueError, match="own"):
        await base.write(put, "a", 1, ValueError("own"))
    assert await base.read(names) == []
    assert await base.write(put, "a") == 1


async def test_what_waits_is_committed_in_few_groups(base: Sqlite, tmp_path: Path) -> None:
    before = commits(tmp_path / "plain.db")
    await asyncio.gather(*(base.write(put, f"p{n}") for n in range(200)))
    assert commits(tmp_path / "plain.db") - before < 40


def commits(path: Path) -> int:
    """Commits so far, by the frames of the write-ahead log that end one."""
    wal = path.with_name(path.name + "-wal").read_bytes()
    size = 24 + int.from_bytes(wal[8:12], "big")
    return sum(wal[at + 4 : at + 8] != b"\0\0\0\0" for at in range(32, len(wal) - 24, size))


async def test_a_full_disk_fails_everything_that_waits_and_loses_nothing_else(base: Sqlite) -> None:
    await base.write(put, "before")
    await base.write(limit, 10)
    long = "x" * 30_000
    results = await asyncio.gather(
        base.write(put, "a"), base.write(put, long), base.write(put, "b"), return_exceptions=True
    )
    assert all(isinstance(error, StoreError) and "full" in str(error) for error in results), results
    with pytest.raises(StoreError, match="full"):
        await base.write(put, long)
    assert await base.read(names) == ["before"]
    await base.write(limit, 100_000)
    assert await base.write(put, long) == 2


def limit(pages: int) -> Op[None]:
    yield f"PRAGMA max_page_count = {pages}", ()


def test_a_commit_that_fails_fails_its_whole_group(tmp_path: Path) -> None:
    done = python(
        """
        import asyncio, resource, signal, sys
        from pathlib import Path
        from runtime.errors import StoreError
        from runtime.store.sqlite import Sqlite
        from tests.unit.store.test_sqlite import make_table, names, put

        async def main(path):
            base = Sqlite(Path(path))
            await base.open()
            await base.write(make_table)
            await base.write(put, "before")
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            wal = Path(path + "-wal").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 100, resource.RLIM_INFINITY))
            found = await asyncio.gather(*(base.write(put, f"p{n}") for n in range(20)), return_exceptions=True)
            assert all(isinstance(error, StoreError) for error in found), found
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert await base.read(names) == ["before"]
            assert await base.write(put, "after") == 2
            await base.close()

        asyncio.run(main(sys.argv[1]))
        """,
        str(tmp_path / "limited.db"),
    )
    assert done.returncode == 0, done.stderr


def python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *args], cwd=ROOT, capture_output=True, text=True, timeout=60
    )  # fmt: skip


async def test_a_second_worker_process_is_told_who_has_the_file(store: Store, tmp_path: Path) -> None:
    await store.join(WORKER)
    done = python(
        """
        import asyncio, sys
        from runtime.store import connect

        async def main(url):
            store = connect(url)
            await store.open()
            try:
                await store.join("w-2")
            except Exception as error:
                print(type(error).__name__, error)
            await store.close()

        asyncio.run(main(sys.argv[1]))
        """,
        f"sqlite:///{tmp_path}/noren.db",
    )
    assert done.stdout.startswith("StoreTaken"), done.stderr
    assert f"process {os.getpid()}" in done.stdout
    assert "PostgreSQL" in done.stdout


async def test_a_command_line_works_on_the_file_of_a_running_server(store: Store, tmp_path: Path) -> None:
    await store.join(WORKER)
    claim = await take(store, event("e1"))
    await store.fail(claim, "bad", due=None, worker=WORKER, now=NOW)
    code = """
        import asyncio, sys
        from runtime.store import connect

        async def main(url, now):
            store = connect(url)
            await store.open()
            [dead] = await store.list_events(state="dead")
            await store.retry_event(dead["id"], now)
            for n in range(200):
                await store.put(f"n{n}", n, now)
            await store.close()

        asyncio.run(main(sys.argv[1], int(sys.argv[2])))
        """
    other = asyncio.create_task(asyncio.to_thread(python, code, f"sqlite:///{tmp_path}/noren.db", str(NOW)))
    n = 0
    while not other.done():
        n += 1
        await work(store, await take(store, event(f"x{n}", "U2", at=NOW + n)))
    done = await other
    assert done.returncode == 0, done.stderr
    assert await drain(store) == ["e1"]
    assert await store.get("n199") == (199, NOW)


async def test_the_lock_is_gone_with_its_holder(store: Store, tmp_path: Path) -> None:
    await store.join(WORKER)
    path = tmp_path / "noren.db"
    with pytest.raises(StoreTaken):
        lock(path.with_name("noren.db.lock"), path)
    await store.leave(WORKER)
    lock(path.with_name("noren.db.lock"), path).close()
    await store.join(WORKER)


async def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "noren.db").write_text("this is no database at all, but long enough to have a header" * 9)
    with pytest.raises(StoreError, match=r"noren\.db"):
        await connect(f"sqlite:///{tmp_path}/noren.db").open()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        await connect(f"sqlite:///{tmp_path}/file/noren.db").open()


async def test_commits_are_on_the_disk(base: Sqlite) -> None:
    def settings() -> Op[tuple[str, int]]:
        [(journal,)] = yield "PRAGMA journal_mode", ()
        [(synchronous,)] = yield "PRAGMA synchronous", ()
        return journal, synchronous

    assert await base.write(settings) == ("wal", 2)


async def test_readers_cannot_write(base: Sqlite) -> None:
    with pytest.raises(NorenError, match="readonly"):
        await base.read(put, "a")
    assert await base.read(names) == []


async def test_a_closed_store_can_be_opened_again(base: Sqlite) -> None:
    await base.write(put, "a")
    await base.close()
    await base.open()
    assert await base.write(put, "b") == 2
    assert await base.read(names) == ["a", "b"]


async def test_closing_finishes_what_is_queued(base: Sqlite, tmp_path: Path) -> None:
    waiting = [base.write(put, f"p{n}") for n in range(50)]
    await base.close()
    await asyncio.gather(*waiting)
    found = sqlite3.connect(tmp_path / "plain.db")
    assert found.execute("SELECT count(*) FROM pots").fetchone() == (50,)
    found.close()
    await base.open()


def refuse(name: str) -> Op[None]:
    found = yield "SELECT 1 FROM pots WHERE name = ?", (name,)
    raise StoreError(f"{len(found)} of {name}")


async def test_refusing_costs_the_neighbours_nothing(base: Sqlite) -> None:
    results = await asyncio.gather(
        base.write(put, "a"), base.write(refuse, "a"), base.write(put, "b"), return_exceptions=True
    )
    assert [str(result) for result in results] == ["1", "1 of a", "2"]


def refused(path: Path) -> sqlite3.Error:
    """What SQLite says to somebody who may not write."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE a (b)")
    base.execute("PRAGMA query_only = 1")
    with pytest.raises(sqlite3.OperationalError) as caught:
        base.execute("INSERT INTO a VALUES (1)")
    base.close()
    return caught.value


def test_a_store_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    told = str(trouble(Path("shop.db"), refused(tmp_path / "shop.db")))
    assert told.startswith("shop.db: attempt to write a readonly database; give this user the right")
    assert way_out(PermissionError(13, "Permission denied")) in told
    assert way_out(OSError(5, "no idea")) == ""


async def test_a_lock_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    base = Sqlite(tmp_path / "shop.db")
    await base.open()
    (tmp_path / "shop.db.lock").mkdir()
    with pytest.raises(StoreError, match=r"shop\.db\.lock cannot be written: Is a directory"):
        await base.join("worker")
    await base.close()


async def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_text("not a database, and long enough to be looked at as one" * 40, encoding="utf-8")
    with pytest.raises(StoreError, match="move the file away"):
        await Sqlite(path).open()


async def test_a_folder_that_is_made_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("noren").addHandler(caplog.handler)
    for folder in ("data", "data", ".noren"):
        base = Sqlite(tmp_path / folder / "noren.db")
        await base.open()
        await base.close()
    logging.getLogger("noren").removeHandler(caplog.handler)
    told = [getattr(one, "fields", {}) for one in caplog.records if "folder" in one.getMessage()]
    assert {one["folder"] for one in told} == {str(tmp_path / "data")}
