"""A turn is written whole or not at all, by who holds the session, and what it says is sent in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from runtime.errors import BadInput, Fenced
from runtime.model import Claim, Cursor, Outcome, Turn
from runtime.store import Store
from tests.store.values import NOW, SENT, WORKER, delivery, drain, event, said, settle, take, timer, turn, work

pytestmark = pytest.mark.anyio

RETRY = Outcome(state="retry", due=NOW + 5_000, status=429, detail="too many requests")
HELD = Outcome(state="held", detail="quota")


def names(claim: Claim | None) -> list[tuple[str, str]]:
    assert claim is not None
    return [(one.id, one.state) for one in claim.deliveries]


async def states(store: Store) -> dict[str, str]:
    return {row["id"]: row["state"] for row in await store.list_outbox()}


async def test_a_turn_changes_the_session_and_ends_its_event(store: Store) -> None:
    claim = await take(store, event())
    session = replace(claim.session, language="th", cursor=Cursor("book", "v1", "ask", NOW, {"tries": 1}))
    assert (
        await store.commit(replace(turn(claim), session=session, trace=({"step": "ask"},)), worker=WORKER, now=NOW)
        is None
    )
    assert await store.load_session("shop:U1") == replace(session, version=NOW + 1)
    shown = await store.show_event("e1")
    assert (shown["state"], shown["done_at"], shown["trace"]) == ("done", NOW, [{"step": "ask"}])


async def test_a_turn_with_something_to_say_keeps_the_hold_until_it_is_settled(store: Store) -> None:
    after = await work(store, await take(store, event()), deliveries=(delivery("d1"), delivery("d2")))
    assert after is not None
    assert after.event is None
    assert after.session.version == NOW + 1
    assert names(after) == [("d1", "waiting"), ("d2", "waiting")], "not yet tried"
    assert await states(store) == {"d1": "sending", "d2": "sending"}
    assert await store.accept([event("e2", at=NOW + 1)], worker=WORKER, now=NOW) == []
    following = await settle(store, after, Outcome(state="sent", billed=1, request_id="r", message_ids=("9",)))
    assert following is not None
    assert following.event is not None
    assert following.event.id == "e2"
    shown = await store.show_delivery("d1")
    assert (shown["state"], shown["billed"], shown["request_id"], shown["message_ids"]) == ("sent", 1, "r", ["9"])


async def test_a_turn_is_fenced_when_the_hold_is_lost(store: Store) -> None:
    claim = await take(store, event())
    await store.release("shop:U1", worker=WORKER)
    with pytest.raises(Fenced):
        await work(store, claim, deliveries=(delivery("d1"),), timers=(timer("t", NOW + 1),))
    assert await states(store) == {}
    assert await drain(store, NOW + 10) == ["e1"]


async def test_a_turn_is_fenced_when_the_session_has_moved_on(store: Store) -> None:
    claim = await take(store, event("e1"), event("e2", at=NOW + 1))
    assert await work(store, claim) is not None
    with pytest.raises(Fenced):
        await work(store, claim)
    stale = Turn(event=event("e1"), session=replace(claim.session, version=NOW + 1))
    with pytest.raises(Fenced, match="already worked"):
        await store.commit(stale, worker=WORKER, now=NOW)


async def test_another_workers_turn_is_fenced(store: Store) -> None:
    claim = await take(store, event())
    with pytest.raises(Fenced):
        await store.commit(turn(claim), worker="worker-2", now=NOW)


async def test_a_session_that_is_no_json_is_named_and_nothing_is_written(store: Store) -> None:
    claim = await take(store, event())
    odd = replace(claim.session, storage={"thing": object()})
    with pytest.raises(BadInput, match="shop:U1 cannot be stored as JSON"):
        await store.commit(Turn(event=event(), session=odd), worker=WORKER, now=NOW)
    assert await work(store, claim, trace=({"odd": object(), "day": date(2026, 1, 2)},)) is None


async def test_a_retry_of_a_delivery_holds_back_those_behind_it_but_no_events(store: Store) -> None:
    after = await work(store, await take(store, event("e1")), deliveries=(delivery("d1"),))
    assert await settle(store, after, RETRY) is None
    assert await store.next_due(NOW) == NOW + 5_000
    claim = await take(store, event("e2", at=NOW + 1))
    assert claim.deliveries == ()
    assert await work(store, claim, deliveries=(delivery("d2"),)) is None
    assert await states(store) == {"d1": "waiting", "d2": "waiting"}
    assert await store.claim(WORKER, NOW + 4_999) is None
    later = await store.claim(WORKER, NOW + 5_000)
    assert later is not None
    assert later.event is None
    assert names(later) == [("d1", "waiting"), ("d2", "waiting")]
    assert (later.deliveries[0].attempts, later.deliveries[0].detail) == (1, "too many requests")
    assert await settle(store, later, SENT, NOW + 5_000) is None


async def test_what_is_to_be_sent_comes_before_the_next_event(store: Store) -> None:
    after = await work(store, await take(store, event("e1")), deliveries=(delivery("d1"),))
    await settle(store, after, RETRY)
    await store.accept([event("e2", at=NOW + 1)], worker=None, now=NOW)
    claim = await store.claim(WORKER, NOW + 5_000)
    assert claim is not None
    assert claim.event is None
    following = await settle(store, claim, SENT, NOW + 5_000)
    assert following is not None
    assert following.event is not None


async def test_what_was_not_tried_waits_untouched(store: Store) -> None:
    after = await work(store, await take(store, event()), deliveries=(delivery("d1"), delivery("d2")))
    assert after is not None
    assert await store.settle("shop:U1", [(after.deliveries[0], RETRY)], worker=WORKER, now=NOW) is None
    assert await states(store) == {"d1": "waiting", "d2": "waiting"}
    later = await store.claim(WORKER, NOW + 5_000)
    assert names(later) == [("d1", "waiting"), ("d2", "waiting")]


async def test_a_delivery_for_later_waits_for_its_time(store: Store) -> None:
    claim = await take(store, event())
    after = await work(store, claim, deliveries=(delivery("d1"), delivery("d2", due=NOW + 50), delivery("d3")))
    assert names(after) == [("d1", "waiting")]
    assert await settle(store, after) is None
    assert await store.next_due(NOW) == NOW + 50
    assert names(await store.claim(WORKER, NOW + 50)) == [("d2", "waiting"), ("d3", "waiting")]


async def test_what_was_on_its_way_when_a_hold_was_lost_may_have_arrived(store: Store) -> None:
    await work(store, await take(store, event()), deliveries=(delivery("d1"), delivery("d2")))
    await store.release("shop:U1", worker=WORKER)
    claim = await store.claim(WORKER, NOW)
    assert names(claim) == [("d1", "sending"), ("d2", "sending")]
    await store.release("shop:U1", worker=WORKER)
    claim = await store.claim(WORKER, NOW)
    assert claim is not None
    assert names(claim) == [("d1", "sending"), ("d2", "sending")]
    first = await store.settle("shop:U1", [(claim.deliveries[0], SENT)], worker=WORKER, now=NOW)
    assert names(first) == [("d2", "sending")], "nobody said what came of it"
    assert await settle(store, first, Outcome(state="unknown")) is None
    assert await states(store) == {"d1": "sent", "d2": "unknown"}


async def test_outcomes_are_kept_though_the_hold_is_lost(store: Store) -> None:
    after = await work(store, await take(store, event()), deliveries=(delivery("d1"),))
    await store.release("shop:U1", worker=WORKER)
    assert await settle(store, after) is None
    assert await states(store) == {"d1": "sent"}
    assert await store.claim(WORKER, NOW) is None


async def test_a_settled_delivery_is_not_settled_again(store: Store) -> None:
    after = await work(store, await take(store, event()), deliveries=(delivery("d1"),))
    await settle(store, after, Outcome(state="suppressed", detail="stale"))
    await settle(store, after, SENT)
    assert await states(store) == {"d1": "suppressed"}


async def test_held_deliveries_are_merged_into_the_next_turn(store: Store) -> None:
    after = await work(store, await take(store, event("e1")), deliveries=(delivery("d1"), delivery("d2")))
    assert await settle(store, after, HELD) is None
    claim = await take(store, event("e2", at=NOW + 1))
    assert names(claim) == [("d1", "held"), ("d2", "held")]
    after = await work(store, claim, deliveries=(delivery("d3"),), merged=("d1",))
    assert names(after) == [("d3", "waiting")], "what is held holds nothing back"
    assert await settle(store, after) is None
    assert await states(store) == {"d1": "merged", "d2": "held", "d3": "sent"}


async def test_held_deliveries_that_nobody_may_hear_are_suppressed(store: Store) -> None:
    after = await work(store, await take(store, event("e1")), deliveries=(delivery("d1"),))
    assert await settle(store, after, HELD) is None
    assert await work(store, await take(store, event("e2", at=NOW + 1)), suppressed=("d1",)) is None
    assert await states(store) == {"d1": "suppressed"}


async def test_a_turn_may_hold_its_answer_from_the_start(store: Store) -> None:
    assert await work(store, await take(store, event("e1")), deliveries=(delivery("d1", state="held"),)) is None
    assert await store.next_due(NOW) is None
    assert names(await take(store, event("e2", at=NOW + 1))) == [("d1", "held")]


async def test_a_failed_event_holds_back_those_behind_it_until_its_time(store: Store) -> None:
    claim = await take(store, event("e1"), event("e2", at=NOW + 1))
    assert await store.fail(claim, "out of luck", due=NOW + 2_000, worker=WORKER, now=NOW) is None
    assert await store.accept([event("e3", at=NOW + 2)], worker=WORKER, now=NOW) == []
    assert await store.next_due(NOW) == NOW + 2_000
    later = await store.claim(WORKER, NOW + 2_000)
    assert later is not None
    assert later.event is not None
    assert (later.event.id, later.attempts) == ("e1", 1)
    assert (await store.show_event("e1"))["error"] == "out of luck"
    await store.release("shop:U1", worker=WORKER)
    assert await drain(store, NOW + 2_000) == ["e1", "e2", "e3"]


async def test_a_waiting_timer_holds_back_nothing(store: Store) -> None:
    await work(store, await take(store, event("e1")), timers=(timer("t", NOW + 100),))
    claim = await take(store, event("e2", at=NOW + 200), now=NOW + 50)
    assert claim.event is not None
    assert claim.event.id == "e2"
    assert await store.fail(claim, "x", due=NOW + 60, worker=WORKER, now=NOW + 50) is None
    assert await store.next_due(NOW) == NOW + 60
    assert await drain(store, NOW + 60) == ["e2"]


async def test_a_parked_event_lets_the_lane_go_on_and_says_sorry(store: Store) -> None:
    claim = await take(store, event("e1"), event("e2", at=NOW + 1))
    after = await store.fail(claim, "bad \0", due=None, worker=WORKER, now=NOW, deliveries=[delivery("e1/0")])
    assert names(after) == [("e1/0", "waiting")]
    following = await settle(store, after)
    assert following is not None
    assert following.event is not None
    assert following.event.id == "e2"
    [dead] = await store.list_events(state="dead")
    assert (dead["id"], dead["attempts"]) == ("e1", 1)


async def test_a_parked_event_that_is_worked_after_all_may_answer_under_the_same_id(store: Store) -> None:
    claim = await take(store, event("e1"))
    after = await store.fail(claim, "bad", due=None, worker=WORKER, now=NOW, deliveries=[delivery("e1/0")])
    await settle(store, after)
    await store.retry_event("e1", NOW)
    claim = await store.claim(WORKER, NOW) or claim
    after = await work(store, claim, deliveries=(delivery("e1/0"),))
    assert names(after) == [("e1/0~2", "waiting")]
    await settle(store, after)
    assert await states(store) == {"e1/0": "sent", "e1/0~2": "sent"}


async def test_failing_is_fenced_too(store: Store) -> None:
    claim = await take(store, event())
    await store.release("shop:U1", worker=WORKER)
    with pytest.raises(Fenced):
        await store.fail(claim, "late", due=None, worker=WORKER, now=NOW)


async def test_a_turn_that_was_committed_in_its_last_moment_does_not_fail(store: Store) -> None:
    claim = await take(store, event("e1"), event("e2", at=NOW + 1))
    await work(store, claim, deliveries=(delivery("d1"),))
    after = await store.fail(claim, "out of time", due=None, worker=WORKER, now=NOW, deliveries=[delivery("sorry")])
    assert names(after) == [("d1", "sending")]
    assert (await store.show_event("e1"))["state"] == "done"
    assert await states(store) == {"d1": "unsure"}


async def test_timers_are_set_moved_and_cancelled(store: Store) -> None:
    claim = await take(store, event("e1"))
    await work(store, claim, timers=(timer("a", NOW + 100), timer("b", NOW + 200), timer("c", NOW + 300)))
    assert await store.next_due(NOW) == NOW + 100
    claim = await take(store, event("e2", at=NOW + 1))
    await work(store, claim, cancel=("a", "nothing"), timers=(timer("b", NOW + 400),))
    assert await store.next_due(NOW) == NOW + 300
    assert await drain(store, NOW + 300) == ["c"]
    assert await drain(store, NOW + 400) == ["b"]
    assert await store.next_due(NOW) is None


async def test_a_timer_may_be_set_again_after_it_has_run(store: Store) -> None:
    await work(store, await take(store, event("e1")), timers=(timer("t", NOW + 1),))
    assert await drain(store, NOW + 1) == ["t"]
    await work(store, await take(store, event("e2", at=NOW + 2)), timers=(timer("t", NOW + 9),))
    assert await drain(store, NOW + 9) == ["t"]


async def test_a_timer_never_replaces_another_sessions_event(store: Store) -> None:
    await store.accept([event("e1", "U2")], worker=None, now=NOW)
    claim = await take(store, event("e2"))
    for foreign in (timer("e1", NOW + 1), timer("t", NOW + 1, "U2")):
        with pytest.raises(BadInput, match="belongs to another session"):
            await work(store, claim, timers=(foreign,))
    assert (await store.show_event("e1"))["session"] == "shop:U2"


async def test_what_is_taken_back_is_blank_everywhere(store: Store) -> None:
    first = event("e1", text="my secret")
    claim = await take(store, first)
    content = replace(first, data={**first.data, "content": {"token": "tok", "type": "image/png", "size": 12}})
    entry = said(claim, "my secret")
    spoken = replace(turn(claim), event=content, entries=(entry,), trace=({"heard": "my secret"},))
    await store.commit(spoken, worker=WORKER, now=NOW)
    assert (await store.show_event("e1"))["body"]["data"]["content"]["token"] == "tok"
    unsend = await take(store, event("e2", kind="unsend", at=NOW + 1, text="", data={"id": "m-e1"}))
    await work(store, unsend, erase=("m-e1", ""))
    shown = await store.show_event("e1")
    assert "secret" not in str(shown)
    assert shown["body"]["data"] == {"type": "text", "id": "m-e1", "erased": True}
    assert shown["trace"] == []
    [line] = [one for one in await store.transcript("shop:U1") if one["message"] == "m-e1"]
    assert (line["text"], line["data"]) == ("", {"erased": True})
    assert await store.erased_media() == [("tok", "m-e1")]
    await store.forget_media(["tok"])
    assert await store.erased_media() == []
    assert await store.accept([first], worker=WORKER, now=NOW) == [], "it is still known"


async def test_what_a_turn_sends_on_arrives_with_it_and_only_once(store: Store) -> None:
    letter = event("inject-1", "U2", kind="inject", reply_to=None, raw={"goto": "tea"})
    fenced = await take(store, event("e1"))
    await store.release("shop:U1", worker=WORKER)
    with pytest.raises(Fenced):
        await work(store, fenced, sent_on=(letter,))
    assert await store.list_events(session="shop:U2") == []
    [again] = [await store.claim(WORKER, NOW)]
    assert again is not None
    await work(store, again, sent_on=(letter,))
    assert await drain(store, NOW) == ["inject-1"]
    session = await store.load_session("shop:U2")
    assert session is not None
    assert session.chat.id == "U2"
    await work(store, await take(store, event("e2", at=NOW + 1)), sent_on=(letter,))
    assert await drain(store, NOW + 10) == []


async def test_a_turn_may_send_on_to_its_own_session(store: Store) -> None:
    letter = event("inject-1", at=NOW + 1, kind="inject", reply_to=None, raw={})
    following = await work(store, await take(store, event("e1")), sent_on=(letter,))
    assert following is not None
    assert following.event is not None
    assert following.event.id == "inject-1"


async def test_sessions_that_write_to_each_other_do_not_wait_for_each_other(store: Store) -> None:
    claims = [await take(store, event(f"e-{user}", user)) for user in ("U1", "U2")]
    letters = [event(f"to-{user}", user, at=NOW + 1, kind="inject", reply_to=None, raw={}) for user in ("U2", "U1")]
    after = await asyncio.gather(
        *(work(store, claim, sent_on=(letter,)) for claim, letter in zip(claims, letters, strict=True))
    )
    found = {claim.event.id for claim in after if claim is not None and claim.event is not None}
    assert found | set(await drain(store, NOW + 1)) == {"to-U1", "to-U2"}


async def test_a_turn_that_took_its_time_keeps_the_time_that_its_flow_saw(store: Store) -> None:
    claim = await take(store, event("e1"))
    slow = replace(turn(claim, trace=({"step": "ask"},)), now=NOW)
    await store.commit(slow, worker=WORKER, now=NOW + 4_000)
    assert (await store.show_event("e1"))["trace"] == [{"step": "ask"}, {"now": NOW}]
    claim = await take(store, event("e2", at=NOW + 5_000), now=NOW + 5_000)
    await store.commit(replace(turn(claim), now=NOW + 5_000), worker=WORKER, now=NOW + 5_000)
    assert (await store.show_event("e2"))["trace"] == []
