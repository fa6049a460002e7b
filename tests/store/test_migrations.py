"""A store of an older version is moved on with all it holds; one of a newer version is refused."""

from __future__ import annotations

import asyncio

import pytest

from runtime.errors import StoreError
from runtime.store import SCHEMES, Store, migrate
from runtime.store.migrate import Migration
from tests.store.values import NOW, WORKER, drain, event, take, work

pytestmark = pytest.mark.anyio

NEXT = Migration("9999_next", ("ALTER TABLE sessions ADD COLUMN mood text NOT NULL DEFAULT 'calm'",))


def store_with(url: str, known: tuple[Migration, ...]) -> Store:
    from pathlib import Path

    return Store(SCHEMES[url.partition("://")[0]](url, Path()), known)


async def test_an_older_store_is_moved_on_and_keeps_what_it_holds(store_url: str) -> None:
    known = migrate.load()
    older = store_with(store_url, known[:1])
    await older.open()
    await older.join(WORKER)
    await work(older, await take(older, event("e1")))
    await older.accept([event("e2", at=NOW + 1)], worker=None, now=NOW)
    await older.leave(WORKER)
    await older.close()
    newer = store_with(store_url, (*known, NEXT))
    await newer.open()
    await newer.join(WORKER)
    assert (await newer.info(NOW))["migrations"] == [*(one.id for one in known), NEXT.id]
    session = await newer.load_session("shop:U1")
    assert session is not None
    assert session.vars == {"turns": 1}
    assert await newer.accept([event("e1")], worker=WORKER, now=NOW) == []
    assert await drain(newer) == ["e2"]
    await newer.put("a", 1, NOW)
    assert await newer.migrate() == []
    await newer.close()


async def test_a_newer_store_is_refused(store_url: str) -> None:
    known = migrate.load()
    newer = store_with(store_url, (*known, NEXT))
    await newer.open()
    await newer.close()
    older = store_with(store_url, known)
    with pytest.raises(StoreError, match=r"moved on by a newer Noren .*9999_next.* Update Noren"):
        await older.open()


async def test_a_migration_that_fails_leaves_nothing_behind(store_url: str) -> None:
    known = migrate.load()
    broken = Migration("9999_broken", ("CREATE TABLE half (a text)", "CREATE TABLE half (a text)"))
    store = store_with(store_url, (*known, broken))
    with pytest.raises(StoreError):
        await store.open()
    store = store_with(store_url, (*known, Migration("9999_mended", ("CREATE TABLE half (a text)",))))
    await store.open()
    await store.close()


async def test_processes_that_start_at_once_migrate_once(store_url: str) -> None:
    stores = [store_with(store_url, migrate.load()) for _ in range(4)]
    await asyncio.gather(*(store.open() for store in stores))
    assert (await stores[0].info(NOW))["migrations"] == [one.id for one in migrate.load()]
    await asyncio.gather(*(store.close() for store in stores))


async def test_what_another_version_wrote_into_a_session_is_tolerated(store_url: str) -> None:
    known = migrate.load()
    extra = Migration(
        "9999_extra",
        ('UPDATE sessions SET state = \'{"novelty":{"a":1},\' || substr(state, 2)',),
    )
    store = store_with(store_url, known)
    await store.open()
    await store.join(WORKER)
    await work(store, await take(store, event("e1")))
    await store.close()
    store = store_with(store_url, (*known, extra))
    await store.open()
    await store.join(WORKER)
    claim = await take(store, event("e2", at=NOW + 1))
    assert claim.session.vars == {"turns": 1}
    await store.close()
