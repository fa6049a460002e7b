"""Every way a case can go: from which state, by whose doing, into which state, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from runtime.handover.case.move import View
from runtime.handover.routing import Line
from tests.unit.handover.chats import HOUR, MINUTE, Talk, rules

ALL = ("requested", "queued", "offered", "assigned", "active", "waiting", "snoozed")


def talk(state: str, more: str = "") -> Talk:
    return Talk(rules=rules(more)).at(state)


@dataclass(frozen=True)
class Row:
    """`do` to a chat in each of `states`: the state then, who may speak, what the flow hears, what the log says."""

    name: str
    states: tuple[str, ...]
    do: Callable[[Talk], Any]
    then: str
    owner: str = "human"
    reason: str = ""
    told: str | None = None
    log: str = ""
    more: str = ""


def busy(t: Talk, *agents: str) -> Talk:
    t.view = View(busy=frozenset(agents), away=frozenset(agents))
    return t


def cancel_button(t: Talk) -> str:
    return f"ho:cancel:{t.case.id}:{t.case.epoch}"


ROWS = (
    # a case begins
    Row("the flow asks", ("none",), lambda t: t.flow(), "queued", log="case.requested"),
    Row("somebody outside asks", ("none",), lambda t: t.act("request", kind="api"), "queued", log="case.requested"),
    Row("a rule asks with a keyword", ("none",), lambda t: t.act("request", kind="rule"), "queued"),
    Row("an agent takes over", ("none",), lambda t: t.act("take_over"), "assigned", log="case.given"),
    Row("an agent asks again over old notes", ("wrap_up",), lambda t: t.act("take_over"), "assigned"),
    Row("the flow asks a provider", ("none",), lambda t: t.flow(provider="ours"), "requested", "provider:ours"),
    Row("the provider confirms", ("requested",), lambda t: t.act("ack", case=t.case.id, ref="7"), "queued",
        "provider:ours", log="provider.has"),
    Row("the queue event is wanted", ("none",), lambda t: t.flow(events=["queue"]), "queued", told="queue"),
    # hours and queues
    Row("closed: a message is left", ("none",), lambda t: t.flow(), "offline", "bot", "left_message", "completed",
        more='hours: {week: {mon: "09:00-10:00"}}'),
    Row("closed: back to the bot", ("none",), lambda t: t.flow(), "closed", "bot", "out_of_hours", "error",
        more='hours: {week: {mon: "09:00-10:00"}, outside: back_to_bot}'),
    Row("closed: it waits all the same", ("none",), lambda t: t.flow(), "queued",
        more='hours: {week: {mon: "09:00-10:00"}, outside: stay_in_queue}'),
    Row("closed: to another queue", ("none",), lambda t: t.flow(), "queued",
        more='hours: {week: {mon: "09:00-10:00"}, outside: transfer, transfer_to: orders}'),
    # the provider fails
    Row("the provider refuses", ("requested",), lambda t: t.act("nack", kind="provider", case=t.case.id), "closed",
        "bot", "provider_error", log="case.closed"),
    Row("the provider is silent", ("requested",), lambda t: t.ring("ack"), "closed", "bot", "provider_error"),
    Row("the provider cannot", ("requested",), lambda t: t.act("nack", kind="provider", reason="unsupported"),
        "closed", "bot", "unsupported"),
    # a second request
    *(Row("asked twice", (s,), lambda t: t.flow(), s, "provider:ours" if s == "requested" else "human",
          log="case.duplicate") for s in ALL),
    # offers
    Row("the distributor offers", ("queued",), lambda t: t.system("offer", agent="aya"), "offered", log="offer.made"),
    Row("accepted", ("offered",), lambda t: t.act("accept", offer=t.offer), "assigned", log="offer.accepted"),
    Row("rejected", ("offered",), lambda t: t.act("reject", offer=t.offer), "queued", log="offer.rejected"),
    Row("missed", ("offered",), lambda t: t.ring("offer"), "queued", log="offer.missed"),
    Row("the agent is gone", ("offered",), lambda t: t.system("gone", agent="aya"), "queued",
        log="offer.withdrawn"),
    Row("offered to somebody who left", ("queued",), lambda t: busy(t, "aya").system("offer", agent="aya"), "queued",
        log="offer.void"),
    Row("given without asking", ("queued",), lambda t: t.system("offer", agent="aya"), "assigned",
        more="distribution: {offer: auto}"),
    # claims and assignments
    Row("claimed", ("queued", "offered"), lambda t: t.act("claim", "ben"), "assigned", log="case.given"),
    Row("claimed too late", ("assigned",), lambda t: t.act("claim", "ben"), "assigned", log="ignored"),
    Row("assigned", ("queued", "offered", "assigned"), lambda t: t.act("assign", "sue", agent="ben"), "assigned"),
    Row("assigned in the middle", ("active", "waiting", "snoozed"), lambda t: t.act("assign", "sue", agent="ben"),
        "active", log="case.given"),
    Row("a message that was left is claimed", ("offline",), lambda t: left(t).act("claim", case=next(iter(t.ended))),
        "assigned", log="case.reopened"),
    # the agent's first public words
    Row("the first answer", ("assigned",), lambda t: t.act("reply", messages=[{"text": "Hi"}]), "active"),
    Row("the first answer without accepting", ("queued", "offered"), lambda t: t.act("reply", messages=[{"text": "x"}]),
        "active"),
    Row("a note is no answer", ("assigned",), lambda t: t.act("note", text="hm"), "assigned", log="note.added"),
    Row("an answer in the bot's chat", ("none",), lambda t: t.act("reply", messages=[{"text": "Hi"}]), "active"),
    Row("a supervisor joins", ("assigned",), lambda t: t.act("reply", "sue", messages=[{"text": "Hi"}], join=True),
        "active"),
    Row("another agent does not speak", ("active",), lambda t: t.act("reply", "ben", messages=[{"text": "Hi"}]),
        "active", log="ignored"),
    Row("an offer that comes too late", ("requested", "offered", "assigned", "active", "waiting", "snoozed"),
        lambda t: t.system("offer", agent="ben"), "", log="offer.void"),
    # agents leave
    Row("the agent drops", ("assigned", "active"), lambda t: t.system("gone", agent="aya"), "queued",
        log="case.dropped"),
    Row("the agent of a waiting case drops", ("waiting", "snoozed"), lambda t: t.system("gone", agent="aya"), ""),
    Row("no first answer", ("assigned",), lambda t: t.ring("first_reply"), "queued", log="case.unanswered"),
    # the user's turn
    Row("parked", ("active",), lambda t: t.act("park"), "waiting"),
    Row("parked by time", ("active",), lambda t: t.ring("park"), "waiting"),
    Row("snoozed", ("active", "waiting"), lambda t: t.act("snooze", until=t.now + HOUR), "snoozed"),
    Row("the user writes", ("waiting", "snoozed"), lambda t: t.user("hi"), "active"),
    Row("the user writes and the agent is away", ("waiting", "snoozed"), lambda t: busy(t, "aya").user("hi"),
        "queued"),
    Row("the sleep is over", ("snoozed",), lambda t: t.ring("snooze"), "active"),
    Row("the sleep is over and the agent is away", ("snoozed",), lambda t: busy(t, "aya").ring("snooze"), "queued"),
    Row("woken by hand", ("waiting", "snoozed"), lambda t: t.act("wake"), "active"),
    # transfers
    Row("to another queue", ("queued", "offered", "assigned", "active", "waiting", "snoozed"),
        lambda t: t.act("transfer", queue="orders"), "queued", log="case.transferred"),
    Row("to an agent", ("assigned", "active", "waiting", "snoozed"), lambda t: t.act("transfer", agent="ben"),
        "queued", log="case.transferred"),
    Row("to a queue that is not there", ("active",), lambda t: t.act("transfer", queue="x"), "active", log="ignored"),
    # the user cancels
    Row("the button", ("requested", "queued", "offered", "assigned"), lambda t: t.tap(cancel_button(t)), "closed",
        "bot", "user_cancelled", "cancelled", "case.cancelled"),
    Row("the button's words", ("requested", "queued", "offered", "assigned"), lambda t: t.user("cancel REQUEST "),
        "closed", "bot", "user_cancelled", "cancelled"),
    Row("not in the middle of a talk", ("active", "waiting", "snoozed"), lambda t: t.tap(cancel_button(t)), "",
        log="ignored"),
    Row("in the middle, where that is allowed", ("active",), lambda t: t.tap(cancel_button(t)), "closed", "bot",
        "user_cancelled", "cancelled", more="cancel: any"),
    Row("where nobody may", ("queued",), lambda t: t.user("Cancel request"), "queued", more="cancel: never"),
    # waits end
    Row("nobody took it", ("queued", "offered"), lambda t: t.ring("assign"), "closed", "bot", "no_agent_timeout",
        more="timers: {assign: 5m}"),
    Row("the user is silent", ("queued", "active"), lambda t: watched(t).ring("inactive"), "", told=""),
    # ends
    Row("resolved", ("active", "waiting", "snoozed", "assigned"), lambda t: t.act("resolve"), "wrap_up", "bot",
        log="case.resolved"),
    Row("resolved without wrap-up", ("active",), lambda t: t.act("resolve"), "closed", "bot", "resolved",
        more="timers: {wrap_up: 0}"),
    Row("resolved unanswered", ("assigned",), lambda t: t.act("resolve"), "closed", "bot", "agent_closed_no_reply",
        more="timers: {wrap_up: 0}"),
    Row("closed by the flow", ALL, lambda t: t.flow("close"), "closed", "bot", "flow_closed"),
    Row("the notes are written", ("wrap_up",), lambda t: t.act("done"), "closed", "bot", "resolved"),
    Row("the time for notes is over", ("wrap_up",), lambda t: t.ring("wrap_up"), "closed", "bot", "resolved"),
    Row("given back", ALL, lambda t: t.act("give_back", "sue"), "closed", "bot", "admin_forced"),
    Row("both silent", ("active", "waiting"), lambda t: t.ring("auto_close"), "closed", "bot", "silent"),
    # the user is out of reach
    Row("blocked", ALL, lambda t: t.happens("unfollow"), "", "", log="case.unreachable"),
    Row("the group is left", ALL, lambda t: t.happens("leave"), "", "", log="case.unreachable"),
    Row("back again", ALL, lambda t: gone(t).happens("follow"), "", "", log="case.reachable"),
    Row("blocked for good", ALL, lambda t: gone(t).ring("unreachable"), "closed", "bot", "user_blocked"),
    # late words of others
    Row("a resolve of an older case", ("active",), lambda t: t.act("resolve", kind="provider", case="old.case"),
        "active", log="ignored"),
    Row("the chat is lent to another module", ("active",), lambda t: t.happens("deactivated"), "active", "module"),
    Row("and returned", ("active",), lambda t: lent(t).happens("activated"), "active"),
)  # fmt: skip


def left(t: Talk) -> Talk:
    t.view = View(left=list(t.ended.values())[-1])
    return t


def gone(t: Talk) -> Talk:
    t.happens("unfollow")
    return t


def lent(t: Talk) -> Talk:
    t.happens("deactivated")
    return t


def watched(t: Talk) -> Talk:
    t.flow("inactive", after=5 * MINUTE)
    return t


@pytest.mark.parametrize(("row", "state"), [(row, state) for row in ROWS for state in row.states],
                         ids=[f"{row.name}: {state}" for row in ROWS for state in row.states])  # fmt: skip
def test_a_transition(row: Row, state: str) -> None:
    t = talk(state, row.more)
    assert t.state == state
    row.do(t)
    assert t.state == (row.then or state)
    if row.owner and state != "requested":
        assert t.owner == row.owner
    if row.reason:
        assert t.reason == row.reason
    if row.told is not None:
        assert t.told is not None
        assert row.told in ("", t.told["status"])
    if row.log:
        assert row.log in t.types()


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("resolved", "completed"),
        ("agent_closed_no_reply", "completed"),
        ("left_message", "completed"),
        ("silent", "completed"),
        ("flow_closed", "completed"),
        ("admin_forced", "completed"),
        ("user_cancelled", "cancelled"),
        ("no_agent_timeout", "error"),
        ("queue_full", "error"),
        ("out_of_hours", "error"),
        ("provider_error", "error"),
        ("unsupported", "error"),
    ],
)
def test_what_the_flow_hears_of_an_end(reason: str, status: str) -> None:
    t = ends(reason)
    told = t.told or t.session.memory["handover"]
    assert (told["status"], told["result"]["reason"]) == (status, reason)
    if status == "error":
        assert told["error"]["reason"] == ("unsupported" if reason == "unsupported" else "error")
    else:
        assert "error" not in told
    assert t.reason == reason


def ends(reason: str) -> Talk:
    """A case that ended so."""
    row = next(row for row in ROWS if row.reason == reason)
    t = talk(row.states[0], row.more)
    row.do(t)
    return t


def _full() -> Row:
    def ask(t: Talk) -> None:
        t.view = View(lines={"general": Line(9, 9)})
        settings = t.rules.settings
        queues = {name: replace(queue, max_length=1) for name, queue in settings.queues.items()}
        t.rules = replace(t.rules, settings=replace(settings, queues=queues))
        t.view = View(lines=dict.fromkeys(queues, Line(9, 9)))
        t.flow()

    return Row("full", ("none",), ask, "closed", "bot", "queue_full", "error", "queue.overflow")


ROWS = (*ROWS, _full())


def test_a_full_queue_leads_back_to_the_bot() -> None:
    t = ends("queue_full")
    assert t.said == ["Sorry, too many people are waiting at the moment."]
    assert t.told["error"]["message"] == "queue_full"


def test_the_flow_hears_who_helped_for_how_long_and_what_was_noted() -> None:
    t = Talk().active()
    t.now += HOUR
    t.act("resolve", labels=["parcel"], form={"cause": "late"})
    result = t.session.memory["handover"]["result"]
    assert (result["agent"], result["labels"], result["form"]) == ("aya", ["parcel"], {"cause": "late"})
    assert (result["duration_ms"], result["first_reply_ms"]) == (HOUR, 0)
