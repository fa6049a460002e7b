"""Which waiting case is offered to which agent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.handover.distribution import ROUND, URGENCY, Agent, Choice, Waiting, able, choose, estimate, share
from runtime.settings.handover import DistributionSettings

NOW = 1_800_000_000_000
MINUTE = 60_000


def case(name: str = "c1", **more: Any) -> Waiting:
    rules = DistributionSettings(**more.pop("rules", {}))
    return Waiting(**{"case": name, "queue": "q", "since": NOW - 1, "rules": rules, **more})


def agent(name: str, **more: Any) -> Agent:
    return Agent(**{"id": name, "queues": frozenset("q"), **more})


def chosen(one: Waiting, *agents: Agent, now: int = NOW) -> str:
    found = choose(one, agents, now)
    return found[0].id if found else ""


@pytest.mark.parametrize(
    ("method", "expected"),
    [("round_robin", "b"), ("least_recent", "b"), ("most_free", "c"), ("longest_idle", "a")],
)
def test_each_method(method: str, expected: str) -> None:
    agents = (
        agent("a", capacity=5, load=2, last=3, idle=NOW - 9_000),
        agent("b", capacity=5, load=2, last=1, idle=NOW - 1_000),
        agent("c", capacity=5, load=1, last=2, idle=0),
    )
    assert chosen(case(rules={"method": method}), *agents) == expected


def test_ties_are_broken_by_name() -> None:
    for method in ("round_robin", "least_recent", "most_free", "longest_idle"):
        assert chosen(case(rules={"method": method}), agent("b"), agent("a")) == "a"


def test_who_may_not_take_it_is_not_asked() -> None:
    assert chosen(case(), agent("a", online=False), agent("b", queues=frozenset("x")), agent("c", load=5)) == ""
    assert chosen(case(units=2), agent("a", load=4), agent("b", load=3)) == "b"


def test_the_last_agent_is_asked_first_if_they_can() -> None:
    had = case(wanted="b")
    assert choose(had, [agent("a"), agent("b", last=9)], NOW) == (agent("b", last=9), "sticky")
    assert chosen(had, agent("a"), agent("b", load=5)) == "a"
    assert chosen(replace(had, declined=("b",)), agent("a"), agent("b")) == "a"
    assert chosen(case(wanted="b", rules={"sticky": "off"}), agent("a"), agent("b", last=9)) == "a"


def test_forced_waits_for_the_last_agent_while_they_are_there() -> None:
    had = case(wanted="b", rules={"sticky": "force"})
    assert chosen(had, agent("a"), agent("b", load=5)) == ""
    assert chosen(had, agent("a"), agent("b", online=False)) == "a"
    assert chosen(replace(had, declined=("b",)), agent("a"), agent("b")) == "a"


def test_a_named_agent_is_asked_before_the_queue_even_from_outside_it() -> None:
    outside = agent("b", queues=frozenset("x"))
    assert chosen(case(named="b"), agent("a"), outside) == "b"
    assert chosen(case(named="b", rules={"sticky": "off"}), agent("a"), outside) == "b"
    assert chosen(case(named="b"), agent("a"), replace(outside, load=5)) == "", "they may be free in a moment"
    late = NOW + 2 * MINUTE
    assert chosen(case(named="b"), agent("a"), replace(outside, load=5), now=late) == "a"
    assert chosen(case(named="b"), agent("a"), replace(outside, online=False)) == "a"
    assert chosen(case(named="b", declined=("b",)), agent("a"), outside) == "a"


def test_when_everybody_said_no_they_are_asked_again_after_a_while() -> None:
    no = case(declined=("a",), asked=NOW)
    assert chosen(no, agent("a")) == ""
    assert chosen(no, agent("a"), agent("b")) == "b"
    assert chosen(no, agent("a"), now=NOW + ROUND) == "a"


def test_skills_are_asked_for_as_strictly_as_the_workstream_wants() -> None:
    one, two, none = (agent(n, skills=frozenset(s)) for n, s in (("a", "x"), ("b", "xy"), ("c", "")))
    assert chosen(case(skills=("x", "y")), one, none) == ""
    assert chosen(case(skills=("x", "y")), one, two, none) == "b"
    assert chosen(case(skills=("x", "y")), one, none, now=NOW + MINUTE) == "a"
    assert chosen(case(skills=("x", "y"), rules={"skills": "exact"}), one, none, now=NOW + MINUTE) == ""
    assert chosen(case(skills=("x", "y"), rules={"skills": "none"}), none) == "c"


def test_the_language_counts_where_somebody_speaks_it() -> None:
    thai, english = agent("b", languages=frozenset(("th",))), agent("a", languages=frozenset(("en-GB",)))
    assert chosen(case(language="th"), english, thai) == "b"
    assert chosen(case(language="en-US"), english, thai) == "a"
    assert chosen(case(language="ja"), english, thai) == "a", "better somebody than nobody"
    assert chosen(case(language="ja", rules={"skills": "exact"}), english, thai) == ""


def test_what_is_picked_by_agents_is_offered_to_nobody() -> None:
    assert share([case(rules={"offer": "pick"})], [agent("a")], NOW) == []


def test_one_look_gives_each_agent_no_more_than_they_can_carry() -> None:
    made = share([case(f"c{n}", since=n) for n in range(5)], [agent("a", capacity=2), agent("b", capacity=1)], NOW)
    assert made == [
        Choice("c0", "a", "round_robin"),
        Choice("c1", "b", "round_robin"),
        Choice("c2", "a", "round_robin"),
    ]


NAMES = ("a", "b", "c", "d")
SKILLS = st.frozensets(st.sampled_from("xyz"))
agents_ = st.lists(
    st.builds(
        Agent,
        id=st.sampled_from(NAMES), queues=st.frozensets(st.sampled_from("qr"), min_size=1), skills=SKILLS,
        languages=st.frozensets(st.sampled_from(("en", "ja"))), online=st.booleans(), capacity=st.integers(0, 4),
        load=st.integers(0, 4), last=st.integers(0, 9), idle=st.integers(0, 9),
    ),
    unique_by=lambda one: one.id, max_size=4,
)  # fmt: skip
rules_ = st.builds(
    DistributionSettings,
    method=st.sampled_from(("round_robin", "most_free", "least_recent", "longest_idle")),
    sticky=st.sampled_from(("off", "if_available", "force")),
    skills=st.sampled_from(("exact", "closest", "none")),
)
cases_ = st.lists(
    st.builds(
        Waiting,
        case=st.uuids().map(str), queue=st.sampled_from("qr"), since=st.integers(NOW - 10 * MINUTE, NOW),
        priority=st.sampled_from(tuple(URGENCY)), skills=SKILLS.map(tuple), language=st.sampled_from(("", "en", "ja")),
        wanted=st.sampled_from(("", *NAMES)), named=st.sampled_from(("", *NAMES)),
        declined=st.lists(st.sampled_from(NAMES), unique=True).map(tuple), asked=st.just(NOW), units=st.integers(1, 2),
        rules=rules_,
    ),
    unique_by=lambda one: one.case, max_size=8,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(cases=cases_, agents=agents_)
def test_whatever_waits_and_whoever_is_there(cases: list[Waiting], agents: list[Agent]) -> None:
    made = share(cases, agents, NOW)
    by_case, staff = {one.case: one for one in cases}, {one.id: one for one in agents}
    assert len({choice.case for choice in made}) == len(made)
    for choice in made:
        one, who = by_case[choice.case], staff[choice.agent]
        assert who.online
        assert who.id not in one.declined
        assert who.id == one.named or one.queue in who.queues
        if one.rules.skills == "exact" and choice.why not in ("sticky", "named"):
            assert set(one.skills) <= who.skills
    for who in agents:
        taken = sum(by_case[choice.case].units for choice in made if choice.agent == who.id)
        assert not taken or who.load + taken <= who.capacity
    order = [(URGENCY[by_case[one.case].priority], by_case[one.case].since) for one in made]
    assert order == sorted(order)
    assert share(cases[::-1], agents[::-1], NOW) == made


@settings(max_examples=200, deadline=None)
@given(cases=cases_, agents=agents_)
def test_nobody_waits_while_somebody_who_fits_is_free(cases: list[Waiting], agents: list[Agent]) -> None:
    plain = [replace(one, named="", wanted="", declined=(), skills=()) for one in cases]
    made = share(plain, agents, NOW)
    left = {
        who.id: replace(
            who,
            load=who.load + sum(one.units for one in plain for c in made if (c.case, c.agent) == (one.case, who.id)),
        )
        for who in agents
    }
    for one in plain:
        if one.case not in {choice.case for choice in made} and one.rules.skills != "exact":
            assert not [who for who in left.values() if able(one, who)]


def test_an_estimate_follows_from_how_long_the_last_ones_took() -> None:
    assert estimate(3, [60_000, 120_000, 600_000], 2) == 3 * 120_000 // 2
    assert estimate(3, [], 2) == estimate(3, [60_000], 0) == 0
