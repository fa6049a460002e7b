"""Each timer of a case: set where it should be, set anew, rung, and rung too late for nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.handover.case import machine
from runtime.handover.case.move import View
from runtime.model import Event
from tests.unit.handover.chats import DAY, HOUR, MINUTE, Talk, rules

LIVE = "mode: live"


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("queued", LIVE, {"assign": 5 * MINUTE, "abandoned": 30 * DAY}),
        ("queued", "", {"abandoned": 30 * DAY}),
        ("offered", LIVE, {"assign": 5 * MINUTE, "offer": 2 * MINUTE, "abandoned": 30 * DAY}),
        ("assigned", LIVE, {"first_reply": 2 * MINUTE, "auto_close": 10 * MINUTE, "abandoned": 30 * DAY}),
        ("assigned", "", {"first_reply": 4 * HOUR, "abandoned": 30 * DAY}),
        ("active", LIVE, {"auto_close": 10 * MINUTE, "abandoned": 30 * DAY}),
        ("active", "", {"park": 30 * MINUTE, "auto_close": DAY, "abandoned": 30 * DAY}),
        ("waiting", "", {"auto_close": DAY, "abandoned": 30 * DAY}),
        ("snoozed", "", {"snooze": HOUR, "abandoned": 30 * DAY}),
        ("wrap_up", LIVE, {"wrap_up": 30_000}),
        ("wrap_up", "", {"wrap_up": DAY}),
        ("requested", "", {"ack": 40_000}),
        ("closed", "timers: {wrap_up: 0}", {}),
    ],
)
def test_what_runs_in_each_state(state: str, more: str, expected: dict[str, int]) -> None:
    t = Talk(rules=rules(more))
    if state == "closed":
        t.active().act("resolve")
    else:
        t.at(state)
    assert (t.state, t.due()) == (state, expected)


def test_settings_come_before_the_mode_and_zero_is_off() -> None:
    timers = "timers: {assign: 1m, first_reply: 0, park: 1m, auto_close: 0, abandoned: 0}"
    t = Talk(rules=rules(timers)).queued()
    assert t.due() == {"assign": MINUTE}
    t.act("claim")
    assert t.due() == {}
    t.act("reply", messages=[{"text": "hi"}])
    assert t.due() == {"park": MINUTE}


def test_silence_is_not_counted_while_the_user_waits_for_us() -> None:
    t = Talk().active()
    t.now += MINUTE
    t.user("and?")
    assert "auto_close" not in t.due()
    assert t.due()["next_reply"] == DAY
    t.act("reply", messages=[{"text": "done"}])
    assert t.due()["auto_close"] == DAY
    assert "next_reply" not in t.due()


def test_in_a_live_chat_silence_counts_whoever_owes_an_answer() -> None:
    t = Talk(rules=rules(LIVE)).active()
    t.now += 9 * MINUTE
    t.user("and?")
    assert t.due()["auto_close"] == 10 * MINUTE
    t.ring("auto_close")
    assert (t.state, t.reason) == ("closed", "silent")


def test_every_public_word_puts_off_the_end_of_a_case_that_is_kept_open() -> None:
    t = Talk().active()
    t.now += 20 * DAY
    t.user("still here")
    assert t.due()["abandoned"] == 30 * DAY
    t.now += 20 * DAY
    t.act("reply", messages=[{"text": "so are we"}])
    assert t.due()["abandoned"] == 30 * DAY


def test_an_answer_that_is_overdue_alerts_people_and_nobody_else() -> None:
    t = Talk().active()
    t.now += 1
    t.user("and?")
    t.ring("next_reply")
    assert (t.state, t.said, t.types()) == ("active", [], ["case.overdue"])


def test_a_case_is_not_parked_by_time_when_the_user_has_just_spoken() -> None:
    t = Talk().active()
    park = next(event for name, event in t.timers.items() if name.endswith("/park"))
    t.now += 1
    t.user("and?")
    assert "park" not in t.due()
    t.play(replace(park, due=t.now))
    assert t.state == "active"


def test_an_offer_is_missed_at_its_own_end_and_no_earlier() -> None:
    t = Talk().offered()
    early = next(event for name, event in t.timers.items() if name.endswith("/offer"))
    t.now += MINUTE
    t.play(early)
    assert (t.state, t.due()["offer"]) == ("offered", MINUTE)
    t.ring("offer")
    assert t.state == "queued"


def test_a_user_who_is_silent_is_counted_until_they_speak() -> None:
    t = Talk().queued(inactive=5 * MINUTE)
    t.ring("inactive")
    assert (t.told["status"], t.told["inactivityCount"]) == ("queue", 1)
    t.flow("inactive", after=5 * MINUTE)
    t.ring("inactive")
    assert t.told["inactivityCount"] == 2
    t.user("here")
    assert t.due()["inactive"] == 5 * MINUTE
    t.ring("inactive")
    assert t.told["inactivityCount"] == 1


def test_with_the_ball_in_our_court_nobody_is_reminded() -> None:
    t = Talk().queued(inactive=5 * MINUTE, ball=True)
    t.ring("inactive")
    assert (t.told, t.due()["inactive"]) == (None, 5 * MINUTE)
    t.act("claim")
    t.now += MINUTE
    t.act("reply", messages=[{"text": "which size?"}])
    assert t.due()["inactive"] == 5 * MINUTE
    t.ring("inactive")
    assert (t.told["status"], t.told["inactivityCount"]) == ("active", 1)


def test_who_waits_when_the_hours_end_is_told_and_leaves_a_message() -> None:
    t = Talk(rules=rules('hours: {week: {fri: "08:00-09:00", mon: "09:00-10:00"}}')).queued()
    assert t.due()["hours"] == HOUR
    t.ring("hours")
    assert (t.state, t.reason) == ("offline", "left_message")
    assert "hours" not in Talk(rules=rules("")).queued().due()


def test_who_waits_when_the_hours_end_may_go_on_waiting() -> None:
    t = Talk(rules=rules('hours: {week: {fri: "08:00-09:00"}, outside: stay_in_queue}')).queued()
    assert "hours" not in t.due()


def test_the_end_of_the_hours_is_nothing_to_who_has_an_agent() -> None:
    t = Talk(rules=rules('hours: {week: {fri: "08:00-09:00"}}')).queued()
    rang = next(event for name, event in t.timers.items() if name.endswith("/hours"))
    t.act("claim")
    assert "hours" not in t.due()
    t.now = rang.due
    t.play(rang)
    assert t.state == "assigned"


def test_a_place_in_line_is_pushed_when_it_is_nearer_and_no_oftener_than_allowed() -> None:
    t = Talk(rules=rules("position: {tell: on_change, pushes: 1}"), view=View(position=3)).queued()
    t.ring("position")
    assert t.said == [], "it has not changed"
    t.view = View(position=2)
    t.ring("position")
    assert t.said == ["You are number 2 in line."]
    t.view = View(position=1)
    t.ring("position")
    assert t.said == []
    assert "position" not in t.due(), "the pushes are used up"


def test_timers_of_the_flow_and_words_from_outside_come_again_later() -> None:
    t = Talk().queued()
    flows = Event(id="f", session="shop:U1", endpoint="shop", kind="timer", at=t.now, due=t.now, chat=t.session.chat,
                  data={"timer": "silent"})  # fmt: skip
    t.play(flows)
    assert t.timers["f"].due == t.now + 30 * DAY, "it does not ring again and again"
    t.play(t.event("notify", {}))
    assert len([name for name in t.timers if name.startswith("e")]) == 2


TIMERS = sorted(machine.TIMERS)
STATES = ("requested", "queued", "offered", "assigned", "active", "waiting", "snoozed", "wrap_up")


@pytest.mark.parametrize("what", TIMERS)
def test_a_timer_of_a_case_that_is_over_rings_for_nobody(what: str) -> None:
    t = Talk(rules=rules("timers: {wrap_up: 0}")).active()
    case = t.case.id
    t.act("resolve")
    before = t.session
    t.play(t.event("timer", {"timer": "case", "what": what, "case": case}))
    assert (t.session, t.outputs, t.told, t.types()) == (before, (), None, ["timer.noop"])


MAY_RING = {
    "ack": {"requested", "queued"},
    "assign": {"queued", "offered"},
    "offer": {"offered"},
    "first_reply": {"assigned"},
    "next_reply": {"active"},
    "park": {"active"},
    "snooze": {"waiting", "snoozed"},
    "unreachable": set(),
    "wrap_up": {"wrap_up"},
    "hours": {"queued", "offered"},
    "position": {"queued", "offered"},
    "inactive": {"requested", "queued", "offered", "assigned", "active", "waiting", "snoozed"},
    "auto_close": {"requested", "queued", "offered", "assigned", "active", "waiting", "snoozed"},
    "abandoned": {"requested", "queued", "offered", "assigned", "active", "waiting", "snoozed"},
}


@pytest.mark.parametrize("what", TIMERS)
@pytest.mark.parametrize("state", STATES)
def test_a_timer_that_comes_too_late_changes_nothing(what: str, state: str) -> None:
    if state in MAY_RING[what]:
        return
    t = Talk().at(state)
    before = (t.state, t.owner, t.case.agent, t.case.queue)
    t.play(t.event("timer", {"timer": "case", "what": what, "case": t.case.id}))
    assert (t.state, t.owner, t.case.agent, t.case.queue) == before
    assert (t.outputs, t.told) == ((), None)


def test_there_is_a_test_for_each_timer() -> None:
    assert set(MAY_RING) == set(machine.TIMERS)


def test_the_flow_hears_of_silence_three_times_and_again_when_the_user_wrote() -> None:
    t = Talk().queued(inactive=5 * MINUTE)
    for number in (1, 2, 3):
        t.ring("inactive")
        assert t.told == {"status": "queue", "inactivityCount": number}
    assert "inactive" not in t.due(), "each time may be a push"
    t.user("I am here")
    assert t.due()["inactive"] == 5 * MINUTE
    t.ring("inactive")
    assert t.told["inactivityCount"] == 1
    t.flow("inactive", after=2 * MINUTE)
    assert t.due()["inactive"] == 2 * MINUTE, "the flow sets the next time itself"
