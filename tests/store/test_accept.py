"""What comes in is kept once, in order, and nothing of it is lost."""

from __future__ import annotations

import pytest

from runtime.model import Chat, Outcome
from runtime.store import Store
from tests.store.values import NOW, WORKER, again, delivery, drain, event, settle, take, timer, work

pytestmark = pytest.mark.anyio


async def test_a_first_message_begins_a_session_and_is_claimed_at_once(store: Store) -> None:
    claim = await take(store, event())
    assert claim.event == event()
    assert claim.session.key == "shop:U1"
    assert (claim.session.contact, claim.session.chat) == ("U1", Chat("user", "U1"))
    assert (claim.session.version, claim.session.started, claim.session.seen) == (NOW, NOW, NOW)
    assert claim.deliveries == ()


async def test_a_group_is_nobodys_contact(store: Store) -> None:
    claim = await take(store, event(chat=Chat("group", "C1"), session="shop:C1"))
    assert claim.session.contact == ""


async def test_a_known_event_gives_nothing(store: Store) -> None:
    claim = await take(store, event())
    assert await store.accept([event()], worker=WORKER, now=NOW) == []
    assert await work(store, claim) is None
    assert await store.accept([again(event(), NOW + 60_000)], worker=WORKER, now=NOW + 60_000) == []
    assert await store.claim(WORKER, NOW + 60_000) is None
    assert await store.next_due(NOW) is None


async def test_the_same_event_twice_in_one_body_is_kept_once(store: Store) -> None:
    await take(store, event(), again(event(), NOW))
    assert len(await store.list_events()) == 1


async def test_a_redelivered_event_is_accepted_when_the_first_was_lost(store: Store) -> None:
    claim = await take(store, again(event(), NOW))
    assert claim.event is not None
    assert claim.event.redelivery


async def test_a_redelivery_brings_its_fresh_minute_to_an_event_that_still_waits(store: Store) -> None:
    await store.accept([event()], worker=None, now=NOW)
    await store.accept([again(event(), NOW + 70_000)], worker=None, now=NOW + 70_000)
    claim = await store.claim(WORKER, NOW + 70_000)
    assert claim is not None
    assert claim.event is not None
    assert claim.event.received == NOW + 70_000


async def test_another_event_under_a_known_id_is_kept_beside_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:  # fmt: skip
    other = event(text="something else")
    await store.accept([event()], worker=None, now=NOW)
    await store.accept([other, other], worker=None, now=NOW)
    await store.accept([again(other, NOW)], worker=None, now=NOW)
    assert "both are kept" in caplog.text
    first, second = await drain(store)
    assert first == "e1"
    assert second.startswith("e1#")
    shown = await store.show_event(second)
    assert shown["body"]["text"] == "something else"
    assert shown["body"]["id"] == second


async def test_another_event_of_another_session_under_a_known_id_begins_its_session(store: Store) -> None:
    await take(store, event())
    claim = await take(store, event(user="U2", text="I am somebody else"))
    assert claim.session.key == "shop:U2"


async def test_events_of_one_session_come_in_the_order_of_their_time(store: Store) -> None:
    late, early = event("late", at=NOW - 10), event("early", at=NOW - 20)
    await store.accept([late], worker=None, now=NOW)
    await store.accept([early, event("same", at=NOW - 20, text="2")], worker=None, now=NOW)
    assert await drain(store) == ["early", "same", "late"]


async def test_the_claim_of_several_events_is_the_earliest(store: Store) -> None:
    claim = await take(store, event("late", at=NOW - 10), event("early", at=NOW - 20))
    assert claim.event is not None
    assert claim.event.id == "early"


async def test_an_event_is_due_at_once_though_lines_clock_runs_ahead(store: Store) -> None:
    claim = await take(store, event(at=NOW + 5_000))
    assert claim.event is not None
    after = await work(store, claim)
    assert after is None


async def test_the_order_holds_though_lines_clock_runs_ahead_and_a_timer_waits(store: Store) -> None:
    claim = await take(store, event("first"))
    await work(store, claim, timers=(timer("t", NOW + 1_000),))
    await store.accept([event("b", at=NOW + 5_000)], worker=None, now=NOW)
    await store.accept([event("a", at=NOW + 4_000)], worker=None, now=NOW)
    assert await drain(store) == ["a", "b"]
    assert await drain(store, NOW + 1_000) == ["t"]


async def test_a_held_session_gives_no_second_claim(store: Store) -> None:
    claim = await take(store, event("e1"))
    assert await store.accept([event("e2")], worker=WORKER, now=NOW) == []
    assert await store.claim(WORKER, NOW) is None
    after = await work(store, claim)
    assert after is not None
    assert after.event is not None
    assert after.event.id == "e2"
    assert after.session.vars == {"turns": 1}


async def test_several_users_in_one_body_give_a_claim_each(store: Store) -> None:
    events = [event("e1", "U1"), event("e2", "U2"), event("e3", "U1", at=NOW + 1)]
    claims = await store.accept(events, worker=WORKER, now=NOW)
    assert {claim.session.key for claim in claims} == {"shop:U1", "shop:U2"}


async def test_without_a_worker_nothing_is_claimed(store: Store) -> None:
    assert await store.accept([event()], worker=None, now=NOW) == []
    assert await store.next_due(NOW) == NOW
    assert await drain(store) == ["e1"]


async def test_an_event_for_later_waits(store: Store) -> None:
    assert await store.accept([timer("t", NOW + 100)], worker=WORKER, now=NOW) == []
    assert await store.claim(WORKER, NOW + 99) is None
    assert await store.next_due(NOW) == NOW + 100
    assert await drain(store, NOW + 100) == ["t"]


async def test_an_event_now_and_one_for_later(store: Store) -> None:
    claim = await take(store, timer("t", NOW + 100), event("e1"))
    assert claim.event is not None
    assert claim.event.id == "e1"
    assert await work(store, claim) is None
    assert await store.next_due(NOW) == NOW + 100


async def test_a_known_event_beside_one_for_later_leaves_the_session_free(store: Store) -> None:
    await work(store, await take(store, event("e1")))
    assert await store.accept([event("e1"), timer("t", NOW + 100)], worker=WORKER, now=NOW) == []
    assert await drain(store, NOW + 100) == ["t"]


async def test_standby_and_nowhere_are_kept_too(store: Store) -> None:
    nowhere = event("e2", session="shop:-", chat=Chat("none", ""), user="", kind="module", data={}, reply_to=None)
    claims = await store.accept([event("e1", standby=True), nowhere], worker=WORKER, now=NOW)
    assert [claim.event and (claim.event.id, claim.event.standby) for claim in claims] == [("e2", False), ("e1", True)]


async def test_texts_that_databases_dislike_are_kept(store: Store) -> None:
    odd = event(text="nul \0 half \ud800 full \U0001f375", at=2**70)
    claim = await take(store, odd)
    assert claim.event is not None
    assert await work(store, claim, timers=(timer("t", 2**80),)) is None
    [kept] = await store.list_events(state="done")
    assert kept["at"] == 2**63 - 1
    assert "\U0001f375" in (await store.show_event("e1"))["body"]["text"]


async def test_a_claim_brings_what_is_held_for_a_fresh_token(store: Store) -> None:
    sending = await work(store, await take(store, event("e1")), deliveries=(delivery("d1"),))
    assert await settle(store, sending, Outcome(state="held", detail="quota")) is None
    assert await store.next_due(NOW) is None
    claim = await take(store, event("e2"))
    assert [(one.id, one.state, one.detail, one.attempts) for one in claim.deliveries] == [("d1", "held", "quota", 1)]
