"""An event of a resting session is accepted and its turn committed in one transaction, or nothing is written."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from runtime.errors import Fenced
from runtime.model import Claim, Event, Session, Turn
from runtime.store import Store
from tests.store.values import NOW, WORKER, again, counted, delivery, drain, event, said, settle, take, timer, work

pytestmark = pytest.mark.anyio


async def rested(store: Store) -> Session:
    await work(store, await take(store, event("e1")))
    session = await store.load_session("shop:U1")
    assert session is not None
    return session


def played(session: Session, spoken: Event, **more: object) -> Turn:
    return replace(Turn(event=spoken, session=counted(session)), **more)  # type: ignore[arg-type]  # fields by name


async def test_it_is_as_if_accepted_and_committed(store: Store) -> None:
    session = await rested(store)
    spoken = event("e2", at=NOW + 1, text="once more")
    entry = said(Claim(session, spoken), "once more")
    after = await store.direct(
        played(session, spoken, deliveries=(delivery("d1"),), timers=(timer("t", NOW + 9),), entries=(entry,)),
        worker=WORKER,
        now=NOW,
    )
    assert after is not None
    assert [one.id for one in after.deliveries] == ["d1"]
    assert after.session.vars == {"turns": 2}
    assert (await store.show_event("e2"))["state"] == "done"
    assert await settle(store, after) is None
    assert await store.accept([again(spoken, NOW)], worker=WORKER, now=NOW) == []
    assert await drain(store, NOW + 9) == ["t"]


async def test_a_turn_without_words_lets_the_session_rest(store: Store) -> None:
    session = await rested(store)
    assert await store.direct(played(session, event("e2", at=NOW + 1)), worker=WORKER, now=NOW) is None
    assert await store.next_due(NOW) is None
    assert (await take(store, event("e3", at=NOW + 2))).session.vars == {"turns": 2}


async def test_nothing_is_written_for_a_session_that_does_not_rest(store: Store) -> None:
    session = await rested(store)
    await store.accept([event("e2", at=NOW + 1)], worker=None, now=NOW)
    with pytest.raises(Fenced):
        await store.direct(played(session, event("e3", at=NOW + 2)), worker=WORKER, now=NOW)
    assert await drain(store) == ["e2"]


async def test_nothing_is_written_for_a_session_that_moved_on(store: Store) -> None:
    session = await rested(store)
    await store.end_session("shop:U1", NOW)
    with pytest.raises(Fenced):
        await store.direct(played(session, event("e2", at=NOW + 1)), worker=WORKER, now=NOW)
    assert await store.next_due(NOW) is None
    assert [row["id"] for row in await store.list_events()] == ["e1"]


async def test_nothing_is_written_for_a_known_event(store: Store) -> None:
    session = await rested(store)
    with pytest.raises(Fenced):
        await store.direct(played(session, again(event("e1"), NOW)), worker=WORKER, now=NOW)
    assert await store.load_session("shop:U1") == session
    assert await store.next_due(NOW) is None


async def test_an_unknown_session_is_not_begun(store: Store) -> None:
    session = replace(await rested(store), key="shop:U2")
    with pytest.raises(Fenced):
        await store.direct(played(session, event("e2", "U2")), worker=WORKER, now=NOW)
    assert await store.load_session("shop:U2") is None


async def test_two_at_once_are_worked_one_after_the_other(store: Store) -> None:
    session = await rested(store)
    turns = [played(session, event(f"x{n}", at=NOW + n)) for n in range(6)]
    results = await asyncio.gather(
        *(store.direct(turn, worker=WORKER, now=NOW) for turn in turns), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Fenced"] * 5 + ["NoneType"]
    found = await store.load_session("shop:U1")
    assert found is not None
    assert (found.version, found.vars) == (NOW + 2, {"turns": 2})
