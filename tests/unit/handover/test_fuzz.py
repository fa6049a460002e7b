"""Whatever people, providers and users send, in whatever state: nothing is raised, and the log tells all of it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.handover.case import machine
from runtime.handover.case.move import View
from tests.unit.handover.chats import NOW, Talk, rules

STATES = ("none", "requested", "queued", "offered", "assigned", "active", "waiting", "snoozed", "wrap_up", "offline")
json = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 2**60) | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
fields = ("agent", "queue", "until", "form", "labels", "priority", "subject", "skills", "survey", "inject", "reason",
          "text", "mentions", "offer", "join", "messages", "case", "ref", "provider", "note", "workstream", "context",
          "language", "cancel", "events", "inactive", "accepted", "data", "agent_name")  # fmt: skip
said = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, json))
actor = st.fixed_dictionaries({"kind": st.sampled_from(("agent", "provider", "system", "api"))},
                              optional={"id": json, "name": json})  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(state=st.sampled_from(STATES), do=st.sampled_from((*machine.ACTS, "nonsense", "")), data=said, actor=actor,
       more=st.sampled_from(("", "mode: live, cancel: any, reopen: 1h, survey: {when: ended}")))  # fmt: skip
def test_an_act(state: str, do: str, data: dict[str, Any], actor: dict[str, Any], more: str) -> None:
    t = Talk(rules=rules(more)).at(state)
    t.view = View(left=list(t.ended.values())[-1] if state == "offline" else None)
    if state != "none" and isinstance(data.get("case"), str):
        data["case"] = list(t.ended)[-1]
    t.play(t.event("handover", {**data, "do": do, "actor": actor}))
    assert t.types(), "an act always leaves a line"


KINDS = ("message", "postback", "edited", "unsend", "video", "follow")
PRESSED = ("ho:", "ho:cancel:", "ho:survey:", "ho:cancel:a:b:c", "ho:survey:::5")
event_data = st.dictionaries(st.sampled_from(("data", "type", "id", "text")), json, max_size=3)
WISHES = ("queue", "workstream", "priority", "skills", "labels", "context", "subject", "cancel", "events", "repeat",
          "accepted", "inactive", "ball", "provider")  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(state=st.sampled_from(STATES), kind=st.sampled_from(KINDS), data=event_data, text=st.text(max_size=9),
       ho=st.sampled_from(PRESSED))  # fmt: skip
def test_a_word_of_the_user(state: str, kind: str, data: dict[str, Any], text: str, ho: str) -> None:
    t = Talk(rules=rules("survey: {when: ended}, reopen: 1h")).at(state)
    if kind == "postback":
        data["data"] = ho
    event = t.event(kind, data, text=text, user="U1", reply_to="token")
    if machine.takes(t.session, event):
        t.play(event)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=st.dictionaries(st.sampled_from(WISHES), json, max_size=4))
def test_a_wish_of_the_flow(asked: dict[str, Any]) -> None:
    t = Talk()
    t.flow(**asked)
    t.now = NOW + 60_000
    if t.session.case is not None:
        t.user("hello?")
