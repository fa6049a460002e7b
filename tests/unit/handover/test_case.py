"""One case at a time: races, late words, groups, providers, pauses, and chats that are opened again."""

from __future__ import annotations

import pytest

from runtime.handover.case.move import HELD, LIVE
from runtime.model import Chat, Session
from tests.unit.handover.chats import HOUR, MINUTE, Talk, rules
from tests.unit.handover.test_transitions import ALL, cancel_button


def test_one_wins_a_claim_and_the_other_is_told() -> None:
    t = Talk().queued()
    t.act("claim", "aya")
    t.act("claim", "ben")
    assert t.why() == "somebody else has it"
    assert t.case.agent == "aya"


def test_a_late_yes_to_an_offer_changes_nothing() -> None:
    t = Talk().offered()
    assert t.case.offer is not None
    late = t.case.offer.id
    t.ring("offer")
    t.act("accept", offer=late)
    assert (t.state, t.why()) == ("queued", "this offer is over")
    t.system("offer", agent="ben")
    t.act("accept", "aya", offer=late)
    assert t.state == "offered"
    t.act("accept", "aya", offer=t.offer)
    assert t.state == "offered", "the offer is somebody else's"


def test_who_transfers_a_case_to_a_queue_is_not_asked_at_once_again() -> None:
    t = Talk().active()
    t.act("transfer", queue="orders", note="an order")
    assert (t.case.queue, t.case.declined, t.case.agent) == ("orders", ("aya",), "")
    assert [n.data["text"] for n in t.notes if n.visibility == "internal"] == ["an order"]
    t.act("claim", "ben")
    t.act("transfer", agent="cat")
    assert t.case.plan["named"] == "cat"
    t.act("claim", "cat")
    assert "named" not in t.case.plan


def test_a_dropped_case_waits_where_it_stood() -> None:
    t = Talk().queued()
    began = t.now
    t.act("claim")
    t.now += HOUR
    t.system("gone", agent="aya")
    assert (t.case.queued, t.case.declined) == (began, ("aya",))


def test_the_first_public_answer_is_told_to_the_flow_once() -> None:
    t = Talk().assigned(events=["active"])
    t.act("note", text="who knows?")
    assert not t.told
    t.act("reply", messages=[{"text": "one"}])
    assert t.told["status"] == "active"
    t.act("reply", messages=[{"text": "two"}])
    assert t.told is None


def test_a_request_for_one_member_of_a_group_is_refused_as_unsupported() -> None:
    chat = Chat("group", "C1")
    t = Talk(session=Session(key="shop:C1:U1", endpoint="shop", chat=chat, language="en"))
    t.flow()
    assert t.session.case is None
    assert (t.told["status"], t.told["error"]["reason"], t.owner) == ("error", "unsupported", "bot")
    t.act("take_over")
    assert "cannot be handed over" in t.why()


def test_a_provider_that_is_not_there_is_refused_as_unsupported() -> None:
    t = Talk()
    t.flow(provider="theirs")
    assert (t.told["error"]["reason"], t.owner) == ("unsupported", "bot")


def test_in_a_group_only_who_asked_cancels() -> None:
    t = Talk(session=Session(key="shop:C1", endpoint="shop", chat=Chat("group", "C1"), language="en")).queued()
    button = cancel_button(t)
    t.tap(button, user="U2")
    assert (t.state, t.why()) == ("queued", "only who asked may cancel")
    t.user("Cancel request", user="U2")
    assert t.state == "queued"
    t.tap(button, user="U1")
    assert t.state == "closed"


def test_a_button_of_an_older_case_says_so_and_does_nothing() -> None:
    t = Talk().queued()
    old = cancel_button(t)
    t.act("give_back", "sue")
    t.tap(old)
    assert (t.said, t.state) == (["That request has ended."], "closed")
    t.queued()
    t.tap(old)
    assert (t.said, t.state) == (["That request has ended."], "queued")


def test_a_provider_that_confirms_what_was_cancelled_is_told_to_drop_it() -> None:
    t = Talk().queued(provider="ours")
    case = t.case.id
    t.user("Cancel request")
    assert (t.asked, t.said) == (["message", "cancel"], ["All right, the request is cancelled."])
    t.act("ack", kind="provider", case=case, ref="7", provider="ours")
    assert (t.asked, t.state, t.said) == (["cancel"], "closed", [])


@pytest.mark.parametrize("do", ["claim", "take_over", "reply", "assign", "transfer", "snooze"])
def test_a_case_in_another_system_is_not_taken_at_the_desk_but_may_be_given_back(do: str) -> None:
    t = Talk().queued(provider="ours")
    t.act("ack", kind="provider", case=t.case.id, ref="7")
    t.act(do, agent="ben", queue="orders", until=t.now + HOUR, messages=[{"text": "mine"}])
    assert (t.state, t.said, t.why()) == ("queued", [], "it is worked on in ours")
    t.act("reply", "kim", kind="provider", messages=[{"text": "ours"}])
    assert (t.state, t.said) == ("active", ["ours"])
    t.act("give_back", "sue")
    assert (t.owner, t.asked) == ("bot", ["resolve"])


def test_pause_holds_until_its_time_and_no_longer() -> None:
    t = Talk()
    t.act("pause", until=t.now + HOUR)
    assert t.owner == "paused"
    t.user("anybody there?")
    assert t.said == []
    t.ring("paused")
    assert t.owner == "bot"
    t.act("pause")
    assert t.due() == {}
    t.act("take_over")
    assert t.owner == "human"


def test_what_is_said_soon_after_the_end_opens_the_case_again() -> None:
    t = Talk(rules=rules("reopen: 1h, timers: {wrap_up: 0}")).active()
    first = t.case.id
    t.act("resolve")
    t.now += 30 * MINUTE
    t.user("one more thing")
    assert (t.state, t.case.previous, t.case.plan["wanted"]) == ("queued", first, "aya")
    assert "handover" not in t.session.memory, "the flow waits for the end of this one"
    t.act("claim")
    t.act("resolve")
    t.now += 2 * HOUR
    with pytest.raises(AssertionError, match="the flow's business"):
        t.user("hello")


def test_the_notes_of_the_last_case_end_when_the_user_writes_again_in_time() -> None:
    t = Talk(rules=rules("reopen: 1h")).wrap_up()
    first = next(iter(t.ended))
    t.user("one more thing")
    assert (t.ended[first].state, t.state) == ("closed", "queued")


def test_two_cases_that_begin_in_one_turn_are_two() -> None:
    t = Talk(rules=rules('hours: {week: {mon: "09:00-10:00"}, outside: back_to_bot}'))
    first = t.flow().event.id
    t.number -= 1  # the same event: the flow asked again when it heard of the refusal
    assert t.flow().event.id == first
    assert [case.reason for case in t.ended.values()] == ["out_of_hours", "out_of_hours"]


def test_agents_of_a_lent_chat_are_silent_until_it_is_back() -> None:
    t = Talk().active()
    t.happens("deactivated")
    t.act("reply", messages=[{"text": "still here?"}])
    assert (t.said, t.why()) == ([], "another module has the chat")
    t.act("resolve")
    assert (t.owner, t.said, t.told) == ("module", [], None)


def test_nothing_is_said_to_who_cannot_be_reached_and_their_words_bring_them_back() -> None:
    t = Talk().active()
    t.happens("unfollow")
    t.act("reply", messages=[{"text": "hello?"}])
    assert (t.said, t.why()) == ([], "the user cannot be reached")
    t.user("I am back")
    assert t.case.reachable
    assert "unreachable" not in t.due()


def test_a_live_state_is_one_in_which_somebody_is_owed_an_answer() -> None:
    assert set(ALL) == LIVE
    assert set(HELD) < LIVE
