"""A chat goes to people and comes back, through the whole house."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.handover.house import act, agent, offered, session_of
from tests.world import world

pytestmark = pytest.mark.anyio

CONFIG = """
endpoints: {shop: {languages: [en], loading: 0}}
handover:
  queues: {general: {title: General}, orders: {title: Orders}}
  workstreams:
    support:
      queues: [{queue: orders, when: topic == "order"}, general]
      context: [topic]
      timers: {wrap_up: 0, park: 0}
"""
FLOW = """
flow: help
vars: {topic: text, back: text}
start: [{keyword: help*}, {keyword: order, do: [{set: {topic: "'order'"}}, {goto: ask}]}]
steps:
  - say: Hello!
  - id: ask
    handover: {show: [topic]}
    cancelled: [{say: "Cancelled by you."}]
    failed: [{say: "Nobody could take it."}]
  - say: "You are back: {{ handover.status }}, {{ handover.result.reason }}."
"""
FILES = {"flows/help.yaml": FLOW}


async def test_a_request_waits_is_offered_accepted_answered_and_resolved(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await agent(w)
        await w.say("help")
        assert w.texts() == ["Hello!", "Connecting you to a person. One moment, please.", "You are next in line."]
        case = (await session_of(w)).case
        assert case is not None
        assert case.queue == "general"
        await offered(w)
        case = (await session_of(w)).case
        assert case is not None
        assert case.offer is not None
        assert (case.state, case.offer.agent) == ("offered", "aya")
        await act(w, "accept", offer=case.offer.id)
        await act(w, "reply", messages=[{"text": "How can I help?"}])
        assert w.texts()[-1] == "How can I help?"
        assert w.messages()[-1]["sender"]["name"] == "Aya"
        await w.say("where is my parcel?")
        assert w.texts()[-1] == "How can I help?", "the bot is silent"
        await act(w, "resolve")
        assert (await session_of(w)).case is None
        assert (await session_of(w)).control.owner == "bot"
        await w.say("thanks")
        assert w.texts()[-1] == "You are back: completed, resolved."
        assert [one.via for one in w.answers()] == ["reply", "reply", "reply", "push", "reply"]


async def test_the_user_cancels(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await w.say("help")
        await w.tap("Cancel request")
        assert w.texts()[-3:-1] == ["All right, the request is cancelled.", "Cancelled by you."]
        assert (await session_of(w)).control.owner == "bot"


async def test_a_route_is_chosen_by_the_variables_that_are_shown(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await w.say("order")
        case = (await session_of(w)).case
        assert case is not None
        assert (case.queue, case.context) == ("orders", {"topic": "order"})


async def test_who_comes_back_is_asked_again_at_once(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await agent(w)
        await w.say("help")
        await offered(w)
        await w.store.present("aya", "offline", w.clock.now())
        await offered(w)
        case = (await session_of(w)).case
        assert case is not None
        assert (case.state, case.declined) == ("queued", ())
        await w.store.present("aya", "online", w.clock.now())
        await offered(w)
        case = (await session_of(w)).case
        assert case is not None
        assert case.offer is not None
        assert case.offer.agent == "aya"
