"""Several workers, dead workers, and news for those that rest."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from runtime.errors import Fenced, StoreError, StoreTaken
from runtime.model import Claim
from runtime.store import Store, connect, workers
from tests.store.values import NOW, SENT, WORKER, delivery, drain, event, take, timer, turn, work

pytestmark = pytest.mark.anyio

LONG = 60_000
HOLDER = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)"""


async def reopened(url: str) -> Store:
    store = connect(url)
    await store.open()
    return store


async def test_what_a_dead_process_held_is_free_again(store_url: str) -> None:
    first = await reopened(store_url)
    await first.join("w-1")
    await first.accept([event("e1", "U1"), event("e2", "U2")], worker="w-1", now=NOW)
    [claim] = await first.accept([event("e3", "U3")], worker="w-1", now=NOW)
    await first.commit(turn(claim, deliveries=(delivery("d1", "U3"),)), worker="w-1", now=NOW)
    await first.close()  # without `leave`: as if it had been killed
    second = await reopened(store_url)
    await second.join(WORKER)
    assert (await second.info(NOW))["workers"] == [WORKER]
    claims = [await second.claim(WORKER, NOW) for _ in range(4)]
    assert claims.pop() is None
    found = {claim.session.key: claim for claim in claims if claim is not None}
    assert found["shop:U1"].event == event("e1", "U1")
    assert found["shop:U3"].event is None
    assert [one.state for one in found["shop:U3"].deliveries] == ["sending"], "it may have arrived"
    await second.close()


async def test_a_worker_that_comes_back_under_its_name_frees_what_it_held(store_url: str) -> None:
    for _ in range(2):
        store = await reopened(store_url)
        await store.join(WORKER)
        await store.accept([event()], worker=None, now=NOW)
        assert await store.claim(WORKER, NOW) is not None
        await store.close()


async def test_leaving_frees_everything(store: Store) -> None:
    await take(store, event())
    await store.join("w-2")
    await store.leave(WORKER)
    assert await store.claim("w-2", NOW) is not None
    assert (await store.info(NOW))["workers"] == ["w-2"]


async def test_the_living_are_not_swept(store: Store) -> None:
    await take(store, event())
    await store.join("w-2")
    assert await store.sweep() == 0
    assert await store.claim("w-2", NOW) is None


@pytest.mark.parametrize("shape", [(1, 40), (8, 5), (40, 1)], ids=["one session", "some", "many"])
async def test_no_event_is_handed_out_twice(store: Store, shape: tuple[int, int]) -> None:
    sessions, each = shape
    crew = [f"w-{n}" for n in range(6)]
    for worker in crew:
        await store.join(worker)
    events = [event(f"e{n}-{u}", f"U{u}", at=NOW - LONG + n) for n in range(each) for u in range(sessions)]
    worked: list[tuple[str, str]] = []
    at_work: set[str] = set()

    async def one(worker: str) -> None:
        while len(worked) < len(events):
            claim = await store.claim(worker, NOW)
            while claim is not None:
                claim = await once(worker, claim)

    async def once(worker: str, claim: Claim) -> Claim | None:
        key = claim.session.key
        assert key not in at_work, "held twice"
        at_work.add(key)
        assert claim.event is not None
        assert claim.session.vars.get("turns", 0) == len([1 for session, _ in worked if session == key])
        worked.append((key, claim.event.id))
        await asyncio.sleep(0)
        at_work.discard(key)
        return await store.commit(turn(claim), worker=worker, now=NOW)

    async def feed() -> None:
        for n in range(0, len(events), 3):
            await store.accept(events[n : n + 3], worker=None, now=NOW)

    await asyncio.gather(feed(), *(one(worker) for worker in crew))
    assert sorted(name for _, name in worked) == sorted(e.id for e in events)
    for u in range(sessions):
        mine = [name for key, name in worked if key == f"shop:U{u}"]
        assert set(mine) == {f"e{n}-{u}" for n in range(each)}


async def test_accepting_and_claiming_at_once_gives_each_event_to_one(store: Store) -> None:
    await store.join("w-2")
    seen: list[str] = []

    async def lane(worker: str, claim: Claim | None) -> None:
        while claim is not None:
            assert claim.event is not None
            seen.append(claim.event.id)
            claim = await store.commit(turn(claim), worker=worker, now=NOW)

    async def accept(n: int) -> None:
        for claim in await store.accept([event(f"e{n}", f"U{n % 3}")], worker=WORKER, now=NOW):
            await lane(WORKER, claim)

    async def poll() -> None:
        for _ in range(30):
            await lane("w-2", await store.claim("w-2", NOW))

    await asyncio.gather(*(accept(n) for n in range(60)), poll())
    assert sorted([*seen, *await drain(store)]) == sorted(f"e{n}" for n in range(60))


async def test_crossed_bodies_of_many_sessions_do_not_lock_each_other_out(store: Store) -> None:
    users = [f"U{n}" for n in range(6)]
    bodies = [
        [event(f"e{n}-{user}", user) for user in (users if n % 2 else reversed(users))] for n in range(12)
    ]  # fmt: skip
    await asyncio.gather(*(store.accept(body, worker=None, now=NOW) for body in bodies))
    assert len(await drain(store)) == 72


async def test_news_wakes_who_waits(store: Store) -> None:
    waiting = asyncio.create_task(store.wait(LONG))
    await asyncio.sleep(0)
    await store.accept([event()], worker=None, now=NOW)
    assert await waiting
    assert not await store.wait(0)


async def test_work_for_soon_is_news_too(store: Store) -> None:
    claim = await take(store, event())
    waiting = asyncio.create_task(store.wait(LONG))
    await work(store, claim, timers=(timer("t", NOW + 500),))
    assert await waiting
    waiting = asyncio.create_task(store.wait(LONG))
    claim = await take(store, event("e2", at=NOW + 1))
    await store.release("shop:U1", worker=WORKER)
    assert await waiting
    assert claim.event is not None


async def test_a_claim_for_a_cancelled_caller_is_given_back(store: Store) -> None:
    for call in (
        lambda: store.accept([event("e1")], worker=WORKER, now=NOW),
        lambda: store.claim(WORKER, NOW),
    ):
        task = asyncio.ensure_future(call())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        claim = None
        async with asyncio.timeout(10):
            while claim is None:
                claim = await store.claim(WORKER, NOW)
        await store.release("shop:U1", worker=WORKER)


async def test_a_closed_store_says_so(store_url: str) -> None:
    store = await reopened(store_url)
    await store.close()
    with pytest.raises(StoreError, match="not open"):
        await store.accept([event()], worker=None, now=NOW)


@pytest.mark.postgres
async def test_postgres_workers_have_names_of_their_own(postgres_schema: str) -> None:
    first, second = await reopened(postgres_schema), await reopened(postgres_schema)
    await first.join(WORKER)
    with pytest.raises(StoreTaken, match="worker-1"):
        await second.join(WORKER)
    await second.join("w-2")
    await take(first, event())
    assert await second.sweep() == 0
    assert await second.claim("w-2", NOW) is None
    news = asyncio.create_task(second.wait(LONG))
    await first.close()
    assert await second.sweep() == 1
    assert await news
    assert await second.claim("w-2", NOW) is not None
    await second.close()


@pytest.mark.postgres
async def test_a_postgres_worker_whose_connection_breaks_shows_again_that_it_lives(postgres_schema: str) -> None:
    first, second = await reopened(postgres_schema), await reopened(postgres_schema)
    await first.join(WORKER)
    await second.join("w-2")
    base = await asyncpg.connect(postgres_schema)
    name = f"noren worker {await base.fetchval('SELECT current_schema()')} {WORKER}"
    broken = await base.fetchval(HOLDER, name)
    await base.execute("SELECT pg_terminate_backend($1, 5000)", broken)
    async with asyncio.timeout(10):
        while await base.fetchval(HOLDER, name) in (None, broken):
            await second.wait(10)
    await base.close()
    await take(first, event())
    assert await second.sweep() == 0
    waiting = asyncio.create_task(first.wait(LONG))
    await second.accept([event("e2", "U2")], worker=None, now=NOW)
    assert await waiting, "it listens again"
    await first.close()
    await second.close()


@pytest.mark.postgres
async def test_a_worker_that_was_taken_for_dead_is_fenced_and_goes_on(postgres_schema: str) -> None:
    first, second = await reopened(postgres_schema), await reopened(postgres_schema)
    await first.join(WORKER)
    await second.join("w-2")
    claim = await take(first, event())
    await second._base.write(workers.leave, WORKER)
    taken = await second.claim("w-2", NOW)
    assert taken is not None
    with pytest.raises(Fenced):
        await work(first, claim)
    await second.commit(turn(taken), worker="w-2", now=NOW)
    await take(first, event("e2", at=NOW + 1))
    assert await second.sweep() == 0
    await first.close()
    assert await second.sweep() == 1, "though nothing but its hold told of it"
    await second.close()


async def test_settled_once_is_sent_once(store: Store) -> None:
    after = await work(store, await take(store, event()), deliveries=(delivery("d1"),))
    assert after is not None
    results = [(after.deliveries[0], SENT)]
    await asyncio.gather(*(store.settle("shop:U1", results, worker=WORKER, now=NOW) for _ in range(4)))
    assert (await store.show_delivery("d1"))["attempts"] == 1
