"""Cases in the store: who is offered what when several look at once, who left meanwhile, and the log in its order."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from runtime.handover import distribution
from runtime.handover.distribution import Agent, Waiting
from runtime.model import Case, Control, Noted, Offer, Session, Turn
from runtime.store import Store, connect
from runtime.store.cases import Picked
from tests.store.values import NOW, WORKER, event, take, timer

pytestmark = pytest.mark.anyio

AGENTS = ("aya", "ben")


async def staffed(store: Any, *agents: str, capacity: int = 2) -> None:
    for name in agents or AGENTS:
        body = {"name": name, "queues": ["general"], "capacity": capacity}
        await store.put_agent(name, f"{name}@shop", "agent", body, NOW)
        await store.present(name, "online", NOW)


def waiting(name: str, **more: Any) -> Case:
    values = {"workstream": "support", "state": "queued", "queue": "general", "queued": NOW, "opened": NOW, **more}
    return Case(id=name, **values)


async def kept(store: Any, case: Case, user: str, *notes: Noted, worker: str = WORKER) -> None:
    """Write a case as a turn does."""
    [claim] = await store.accept([event(f"{case.id}-{case.number}-{case.state}", user)], worker=worker, now=NOW)
    session: Session = replace(claim.session, case=case, control=Control("human", 1))
    turn = Turn(event=claim.event, session=session, case=case, notes=notes)
    assert await store.commit(turn, worker=worker, now=NOW) is None


def decide(cases: Any, staff: Any) -> list[Picked]:
    waiting = [Waiting(case=row["id"], queue=row["queue"], since=row["queued"]) for row in cases]
    agents = [
        Agent(id=row["id"], queues=frozenset(("general",)), capacity=row["body"]["capacity"], load=row["load"])
        for row in staff
    ]
    return [Picked(c.case, c.agent, NOW + 10_000, c.why) for c in distribution.share(waiting, agents, NOW)]


async def offers(store: Any) -> list[tuple[str, str]]:
    """Offers on their way: case and agent."""
    rows = [await store.show_event(row["id"]) for row in await store.list_events("due", None, 100)]
    return [(row["body"]["data"]["case"], row["body"]["data"]["agent"]) for row in rows if row["kind"] == "handover"]


async def test_who_looks_at_once_offers_each_case_once_and_no_more_than_agents_can_carry(
    store: Store, store_url: str
) -> None:
    await staffed(store)
    for n in range(6):
        await kept(store, waiting(f"c{n}"), f"U{n}")
    others = [connect(store_url) for _ in range(3)]
    for other in others:
        await other.open()
    looks: list[Any] = [store, *others, *others]
    picked = [one for found in await asyncio.gather(*(s.distribute(decide, NOW) for s in looks)) for one in found]
    for other in others:
        await other.close()
    assert max(Counter(one.case for one in picked).values()) == 1
    assert Counter(one.agent for one in picked) == {"aya": 2, "ben": 2}


async def test_an_offer_on_its_way_stays_reserved_while_the_user_writes(store: Any) -> None:
    await staffed(store, "aya")
    await kept(store, waiting("c1"), "U1")
    assert [one.agent for one in await store.distribute(decide, NOW)] == ["aya"]
    await kept_again(store, waiting("c1", number=1, heard=NOW), "U1")
    assert await store.distribute(decide, NOW) == []
    assert (await store.desk_view("", NOW))["loads"] == {"aya": 1}
    assert [one.agent for one in await store.distribute(decide, NOW + 10_001)] == ["aya"], "it never came: once more"


async def kept_again(store: Any, case: Case, user: str, *notes: Noted) -> None:
    """Write the case with whatever event of its chat is next."""
    claim = await store.claim(WORKER, NOW)
    assert claim is not None
    turn = Turn(event=claim.event, session=replace(claim.session, case=case), case=case, notes=notes)
    await store.commit(turn, worker=WORKER, now=NOW)


async def test_what_was_reserved_for_somebody_who_left_is_free_at_once(store: Any) -> None:
    await staffed(store)
    await kept(store, waiting("c1"), "U1")
    [first] = await store.distribute(decide, NOW)
    await store.present(first.agent, "offline", NOW)
    [second] = await store.distribute(decide, NOW)
    assert second.agent != first.agent


async def test_an_offer_that_was_void_frees_what_it_reserved(store: Any) -> None:
    await staffed(store, "aya")
    await kept(store, waiting("c1"), "U1")
    await store.distribute(decide, NOW)
    void = Noted(type="offer.void", at=NOW, case="c1", data={"agent": "aya"})
    await kept_again(store, waiting("c1", number=1), "U1", void)
    assert (await store.desk_view("", NOW))["loads"] == {}


async def test_a_case_that_came_to_an_agent_in_the_moment_they_left_is_found(store: Any) -> None:
    await staffed(store, "aya")
    await store.present("aya", "offline", NOW)
    offer = Offer("o1", "aya", NOW, NOW + 120_000)
    await kept(store, waiting("c1", state="offered", offer=offer), "U1")
    assert await store.drop_absent(0, NOW + 500) == ["aya"]
    assert await offers(store) == [("c1", "aya")]
    assert [row["id"] for row in await store.list_events("due", None, 9)] == [f"c1/gone{NOW}"]
    await store.drop_absent(0, NOW + 1_000)
    assert len(await store.list_events("due", None, 9)) == 1, "it is told once"


async def test_who_is_silent_too_long_is_gone_and_their_chats_hear_of_it(store: Any) -> None:
    await staffed(store)
    await kept(store, waiting("c1", state="active", agent="aya", assigned=NOW - 1), "U1")
    await store.beat("ben", NOW + 50_000)
    assert await store.drop_absent(NOW + 10_000, NOW + 60_000) == ["aya"]
    assert await offers(store) == [("c1", "aya")]


async def test_units_of_a_case_count(store: Any) -> None:
    await staffed(store)
    await kept(store, waiting("c1", state="active", agent="aya", units=3), "U1")
    assert (await store.desk_view("", NOW))["loads"] == {"aya": 3}


async def test_cases_that_ended_in_the_same_turn_are_kept_too(store: Any) -> None:
    claim = await take(store, event("e1"))
    ended, live = waiting("c1", state="closed", reason="out_of_hours"), waiting("c2")
    turn = Turn(event=claim.event or event(), session=replace(claim.session, case=live), case=live, over=(ended,))
    await store.commit(turn, worker=WORKER, now=NOW)
    assert {row["id"]: row["state"] for row in await store.cases_of("shop:U1")} == {"c1": "closed", "c2": "queued"}


async def test_a_case_keeps_its_clocks_when_an_operator_ends_the_flow(store: Any) -> None:
    claim = await take(store, event("e1"))
    assert claim.event is not None
    clock = timer("c1/offer", NOW + 60_000)
    clock = replace(clock, data={"timer": "case", "what": "offer", "case": "c1"})
    session = replace(claim.session, case=waiting("c1"), control=Control("human", 1))
    timers = (clock, timer("e1/silent", NOW + 60_000))
    await store.commit(Turn(event=claim.event, session=session, timers=timers), worker=WORKER, now=NOW)
    await store.end_session("shop:U1", NOW)
    assert [row["id"] for row in await store.list_events("due", None, 9)] == ["c1/offer"]
    assert await store.claim(WORKER, NOW) is None
    found = await store.claim(WORKER, NOW + 60_000)
    assert found is not None
    assert found.event is not None
    assert found.event.id == "c1/offer"


async def test_what_is_erased_is_gone_from_copilots_and_providers_too(store: Any) -> None:
    claim = await take(store, event("e1", text="secret"))
    assert claim.event is not None
    told = event("e1.0", session="shop:ours:c1", kind="provider", text="secret", due=NOW + 1)
    hint = event("e1:copilot", session="shop:U1:copilot", kind="copilot", text="secret", due=NOW + 1)
    case = waiting("c1", provider="ours")
    turn = Turn(event=claim.event, session=replace(claim.session, case=case), case=case, sent_on=(told, hint))
    await store.commit(turn, worker=WORKER, now=NOW)
    for _ in range(2):
        beside = await store.claim(WORKER, NOW + 1)
        assert beside is not None
        await store.commit(Turn(event=beside.event, session=beside.session), worker=WORKER, now=NOW + 1)
    await store.erase_session("shop:U1")
    assert await store.list_events(None, None, 9) == []
    assert await store.load_session("shop:U1:copilot") is None
    assert await store.cases_of("shop:U1") == []


async def test_whoever_reads_on_in_the_log_misses_no_line(store_url: str, store: Any) -> None:
    """Also where two processes write at once, and the later number might be there before the earlier one."""
    other: Any = store if store_url.startswith("sqlite") else connect(store_url)
    if other is not store:
        await other.open()
    await other.join("worker-2")
    seen: list[int] = []
    writing = True

    async def write(to: Any, worker: str, user: str) -> None:
        for n in range(40):
            lines = [Noted(type="note.added", at=NOW, case=user, data={"n": n, "i": i}) for i in range(3)]
            await kept(to, waiting(user, number=n), user, *lines, worker=worker)

    async def read() -> None:
        while writing:
            seen.extend(row["seq"] for row in await store.notes_after(seen[-1] if seen else 0))
            await asyncio.sleep(0)

    reading = asyncio.create_task(read())
    await asyncio.gather(write(store, WORKER, "U1"), write(other, "worker-2", "U2"))
    writing = False
    await reading
    seen.extend(row["seq"] for row in await store.notes_after(seen[-1]))
    if other is not store:
        await other.close()
    assert len(seen) == 240
    assert seen == sorted(seen)
