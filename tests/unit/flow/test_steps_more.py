"""Thinking again, intervals, goals, fallback ladders, kept variables, triggers with data."""

from __future__ import annotations

import pytest

from runtime.errors import NorenError
from tests.unit.flow.talk import Talk


def test_think_goes_on_as_if_the_user_had_written() -> None:
    bot = Talk(
        {
            "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps:\n  - say: Well.\n  - think: order tea\n",
            "flows/b.yaml": "flow: b\nstart: [{keyword: order*}]\n"
            "steps: [{ask: n, say: 'How many of {{ input.text }}?'}]\n",
        }
    )
    assert bot.user("go") == ["Well.", "How many of order tea?"]
    assert bot.turn is not None
    assert bot.turn.event.text == "go", "the turn is that of what really happened"
    assert bot.user("2") == []


def test_think_in_a_circle_is_an_error() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{think: go}]\n")
    with pytest.raises(NorenError, match="think"):
        bot.user("go")


def test_a_thought_that_nobody_takes_is_a_fallback() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{think: hm}]\nfallback: [Pardon?]\n")
    assert bot.user("go") == ["Pardon?"]


def test_every_so_often() -> None:
    bot = Talk(
        "flow: a\nstart: [{keyword: go}]\nsteps: [{every: 1d, do: [{say: New today!}], else: [{say: Again.}]}]\n",
        expire=0,
    )
    assert bot.user("go") == ["New today!"]
    bot.wait("23h")
    assert bot.user("go") == ["Again."]
    bot.wait("1h")
    assert bot.user("go") == ["New today!"]


def test_goals_and_tasks_are_in_the_trace() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{goal: '{{ input.text }}ne'}, {task: paid}]\n")
    bot.user("go")
    assert bot.turn is not None
    assert [(row.get("goal"), row.get("task")) for row in bot.turn.trace[1:]] == [
        (None, None),
        ("gone", None),
        (None, None),
        (None, "paid"),
    ]


def test_marking_as_read() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [mark_read, {say: Seen.}]\n", mock={})
    bot.user("go", read_token="r1")
    assert [call.action for call in bot.calls] == ["mark_read"]


LADDER = ("Pardon?", "$help", "I give up.")
HI = "flow: a\nstart: [{keyword: hi}]\nsteps: [{say: Hi.}]\ntexts: {}\n"
FILES = {"flows/a.yaml": HI, "flows/texts/shared.yaml": "help: Say hi.\n"}


def test_a_fallback_ladder_of_the_endpoint() -> None:
    bot = Talk(FILES, fallback=LADDER)
    assert [bot.user("x")[0] for _ in range(4)] == ["Pardon?", "Say hi.", "I give up.", "I give up."]
    assert bot.user("hi") == ["Hi."]
    assert bot.user("x") == ["Pardon?"]
    assert bot.sends("sticker", package="1", sticker="2") == ["Say hi."]


def test_a_flow_that_waits_answers_before_the_ladder() -> None:
    text = "flow: a\nstart: [{keyword: hi}]\nsteps: [stop]\nfallback: [{say: 'Missed {{ input.missed }}.'}]\n"
    bot = Talk(text, fallback=LADDER)
    assert bot.user("x") == ["Pardon?"]
    bot.user("hi")
    assert [bot.user("x"), bot.user("x")] == [["Missed 1."], ["Missed 2."]]


def test_variables_kept_in_the_profile() -> None:
    bot = Talk(
        "flow: a\nvars: {size: {type: choice, of: [s, m], keep: profile}}\nstart: [{keyword: go}]\n"
        "steps: [{set: {size: \"'m'\"}}, {say: '{{ size }} {{ profile.size }}'}, {if: size == 'm', say: Yes.}]\n"
    )
    assert bot.user("go") == ["m m", "Yes."]
    assert bot.session.profile["size"] == "m"
    assert bot.vars == {}


BEACON = """
flow: a
start:
  - {event: beacon, data: {type: enter, hwid: d1}}
  - {event: beacon, do: [{say: Bye.}]}
steps: [{say: Hi.}]
"""


def test_triggers_by_the_data_of_an_event() -> None:
    bot = Talk(BEACON)
    assert bot.happens("beacon", data={"type": "enter", "hwid": "d1"}) == ["Hi."]
    assert bot.happens("beacon", data={"type": "stay", "hwid": "d1"}) == ["Bye."]


@pytest.mark.parametrize(
    ("trigger", "kind", "data"),
    [
        ("event: unfollow", "unfollow", {}), ("event: join", "join", {}),
        ("event: member_left", "member_left", {"members": ["U2"]}),
        ("event: account_link, data: {result: ok}", "account_link", {"result": "ok", "nonce": "n"}),
        ("event: membership", "membership", {"type": "joined", "id": 1}), ("event: unsend", "unsend", {"id": "m1"}),
        ("event: edited", "edited", {"type": "text", "id": "m1"}),
        ("event: inject, data: {order: 7}", "inject", {"order": 7}),
        ("event: timer", "timer", {"timer": "own"}), ("event: handover", "handover", {"done": "completed"}),
        ("message: image", "message", {"type": "image", "id": "m1"}),
        ("message: location", "message", {"type": "location"}),
        ("{message: sticker, keyword: [thanks]}", "message", {"type": "sticker", "keywords": ["Thanks", "bow"]}),
    ],
)  # fmt: skip
def test_every_kind_of_trigger(trigger: str, kind: str, data: dict[str, object]) -> None:
    trigger = trigger if trigger.startswith("{") else f"{{{trigger}}}"
    bot = Talk(f"flow: a\nstart: [{trigger}]\nsteps: [{{say: Yes.}}]\n")
    assert bot.happens(kind, data=data) == ["Yes."]
