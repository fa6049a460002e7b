"""Which queue a case goes to, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runtime.app import judged
from runtime.errors import NorenError
from runtime.handover import routing
from runtime.handover.routing import BACK_TO_BOT, LEAVE_MESSAGE, Line
from runtime.model import Case
from runtime.settings.handover import HandoverSettings, QueueSettings, RouteSettings, WorkstreamSettings

RULES = (
    RouteSettings(queue="vip", when="stars >= 3"),
    RouteSettings(queue="orders", when='topic == "order" and language == "ja"'),
    RouteSettings(queue="general"),
)
STREAM = WorkstreamSettings(queues=RULES)
SETTINGS = HandoverSettings(
    workstreams={"support": STREAM, "sales": WorkstreamSettings()},
    queues={name: QueueSettings() for name in ("vip", "orders", "general")},
)
CASE = Case(id="c", workstream="support", language="ja", labels=("new",))


def facts(**context: Any) -> dict[str, Any]:
    return routing.facts_of(
        replace(CASE, context={"stars": 0, "topic": "", **context}), {"name": "Mai"}, {"chat": "user"}
    )


@pytest.mark.parametrize(
    ("context", "queue", "tried"),
    [
        ({"stars": 5}, "vip", [True]),
        ({"topic": "order"}, "orders", [False, True]),
        ({}, "general", [False, False, True]),
    ],
)
def test_the_first_rule_that_holds_takes_the_case(context: dict[str, Any], queue: str, tried: list[bool]) -> None:
    routed = routing.route(SETTINGS, STREAM, facts(**context), judged)
    assert (routed.queue, [one.held for one in routed.tried]) == (queue, tried)
    assert [one.queue for one in routed.tried] == [rule.queue for rule in RULES[: len(tried)]]


def test_a_rule_that_cannot_be_worked_out_is_passed_over_and_told() -> None:
    def judge(when: str, facts: Any) -> bool:
        raise NorenError("there is no such name")

    routed = routing.route(SETTINGS, STREAM, facts(), judge)
    assert routed.queue == "general"
    assert [one.error for one in routed.tried] == ["there is no such name"] * 2 + [""]


def test_what_no_rule_takes_goes_to_the_last_queue() -> None:
    stream = WorkstreamSettings(queues=RULES[:2])
    assert routing.route(SETTINGS, stream, facts(), judged).queue == "orders"


def test_rules_may_ask_about_the_user_the_chat_and_the_case() -> None:
    assert judged('profile.name == "Mai" and chat == "user" and priority == "normal" and "new" in labels', facts())


def test_the_first_workstream_is_the_default() -> None:
    assert routing.workstream_of(SETTINGS, "sales")[0] == "sales"
    assert routing.workstream_of(SETTINGS, "nothing")[0] == "support"
    assert routing.workstream_of(HandoverSettings(), "")[0] == "default"
    assert routing.queues_of(SETTINGS, STREAM) == ("vip", "orders", "general")
    assert routing.queues_of(HandoverSettings(), WorkstreamSettings()) == ("default",)


def lines(**found: Line) -> Any:
    return lambda queue: found.get(queue, Line())


def test_a_full_queue_leads_on_and_never_round_in_circles() -> None:
    queues = {
        "a": QueueSettings(max_length=2, overflow="b"),
        "b": QueueSettings(max_wait=60_000, overflow="c"),
        "c": QueueSettings(max_length=1, overflow="a"),
    }
    made = HandoverSettings(queues=queues)
    assert routing.overflow(made, "a", lines(a=Line(1))) == "a"
    assert routing.overflow(made, "a", lines(a=Line(2))) == "b"
    assert routing.overflow(made, "a", lines(a=Line(2), b=Line(1, 60_000))) == "c"
    assert routing.overflow(made, "a", lines(a=Line(2), b=Line(1, 60_000), c=Line(1))) == BACK_TO_BOT
    assert routing.overflow(made, "unknown", lines()) == "unknown"


@pytest.mark.parametrize("where", [LEAVE_MESSAGE, BACK_TO_BOT])
def test_a_full_queue_may_send_back(where: str) -> None:
    made = HandoverSettings(queues={"a": QueueSettings(max_length=1, overflow=where)})
    assert routing.overflow(made, "a", lines(a=Line(1))) == where


def test_rules_behind_one_that_takes_all_are_never_reached() -> None:
    assert routing.unreachable([("a", "x"), ("b", ""), ("c", "y"), ("d", "")]) == [2, 3]
    assert routing.unreachable([("a", "x")]) == []


def test_an_agent_needs_the_skills_of_case_and_queue() -> None:
    made = HandoverSettings(queues={"a": QueueSettings(skills=("x", "y"))})
    assert routing.skills_of(made, replace(CASE, queue="a", skills=("y", "z"))) == ("y", "z", "x")
