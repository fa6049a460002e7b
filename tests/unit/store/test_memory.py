"""The store in memory: what a worker does to it, and that a refused transaction leaves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.errors import BadInput, Fenced
from runtime.model import Chat, Event, Turn
from runtime.store.memory import Memory
from runtime.store.store import Store

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000


def event(id: str, due: int = NOW) -> Event:
    return Event(id=id, session="shop:U1", endpoint="shop", kind="message", at=NOW, due=due, chat=Chat("user", "U1"))


async def opened() -> Store:
    store = Store(Memory())
    await store.open()
    await store.join("w")
    return store


async def test_events_are_accepted_once_committed_and_remembered() -> None:
    store = await opened()
    [claim] = await store.accept([event("e1")], worker="w", now=NOW)
    assert await store.accept([event("e1")], worker="w", now=NOW) == []
    assert claim.event is not None
    timer = replace(event("t1", NOW + 5_000), kind="timer")
    turn = Turn(event=claim.event, session=replace(claim.session, kept={"nick": "Mai"}), timers=(timer,))
    assert await store.commit(turn, worker="w", now=NOW) is None
    session = await store.load_session("shop:U1")
    assert session is not None
    assert session.kept == {"nick": "Mai"}
    assert await store.next_due(NOW) == NOW + 5_000
    later = await store.claim("w", NOW + 5_000)
    assert later is not None
    assert later.event is not None
    assert later.event.id == "t1"
    await store.leave("w")
    await store.close()


async def test_a_transaction_that_fails_leaves_nothing() -> None:
    store = await opened()
    [claim] = await store.accept([event("e1")], worker="w", now=NOW)
    assert claim.event is not None
    foreign = replace(event("t1", NOW + 1), session="shop:U2")
    with pytest.raises(BadInput):
        await store.commit(Turn(event=claim.event, session=claim.session, timers=(foreign,)), worker="w", now=NOW)
    assert [row["state"] for row in await store.list_events()] == ["due"]
    with pytest.raises(Fenced):
        await store.commit(Turn(event=claim.event, session=claim.session), worker="somebody", now=NOW)
    await store.close()


async def test_what_a_dead_worker_held_is_freed() -> None:
    store = await opened()
    await store.accept([event("e1")], worker="w", now=NOW)
    assert await store.claim("w2", NOW) is None
    await store.leave("w")
    await store.join("w2")
    found = await store.claim("w2", NOW)
    assert found is not None
    await store.close()
