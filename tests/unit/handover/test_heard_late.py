"""Ends of handovers that no step waits for: after the session expired, or when an agent took the chat over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.handover.chats import Talk, rules
from tests.unit.handover.house import act, agent, session_of
from tests.world import World, world

pytestmark = pytest.mark.anyio

CONFIG = """
endpoints: {shop: {languages: [en], loading: 0, session: {expire: 30m}}}
handover:
  queues: {general: {}}
  workstreams: {support: {queues: [general], timers: {wrap_up: 0}, position: {tell: never}, survey: SURVEY}}
"""
HOUR = 3_600_000


def files(back: str = "", survey: str = "{}", vars: str = "") -> dict[str, str]:
    return {
        "flows/help.yaml": """flow: help
start: [{keyword: help}]
steps:
  - handover: {}
  - say: "Below: {{ handover.status }}"
fallback: [{say: "bot: {{ input.text }} / {{ handover.status }} {{ input.handover.result.reason }}"}]
""",
        **({"flows/back.yaml": back} if back else {}),
        "flows/day.yaml": "flow: day\nvars: {day: text}\nstart: [{keyword: day}]\n"
        "steps:\n  - ask: day\n    say: Which day?\n  - say: 'On {{ day }}.'\n",
    }


BACK = """flow: back
start:
  - handover: completed
    do: [{say: "{{ handover.result.reason }} by {{ handover.agent }}."}]
steps: [end]
"""
ASKS = """flow: back
vars: {fine: text}
start: [{handover: completed}]
steps:
  - ask: fine
    say: Was it fine?
  - say: "Noted: {{ fine }}"
"""


async def helped(w: World, took: bool = False) -> None:
    await agent(w, queues=("general",))
    if not took:
        await w.say("help")
        await act(w, "claim")
    await act(w, "reply", messages=[{"text": "Yes?"}])


def config(survey: str = "{}") -> str:
    return CONFIG.replace("SURVEY", survey)


async def test_after_the_session_expired_the_trigger_hears_how_it_ended_before_the_next_words(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        await w.turn(5 * HOUR)
        await w.say("day")
        assert w.texts()[-2:] == ["resolved by aya.", "Which day?"], "and the words are worked like any other"
        assert w.vias()[-2:] == ["reply", "reply"]
        await w.say("Monday")
        assert w.texts()[-1] == "On Monday."


async def test_without_a_trigger_the_next_words_still_know_it(tmp_path: Path) -> None:
    async with world(tmp_path, files(), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        await w.turn(5 * HOUR)
        await w.say("thanks")
        assert w.texts()[-1] == "bot: thanks / completed resolved"
        events = [row["id"] for row in await w.events() if row["kind"] == "message"]
        traces = [str((await w.store.show_event(one))["trace"]) for one in events]
        assert any("no trigger hears that people are done: completed" in trace for trace in traces)


async def test_words_that_mean_nothing_to_the_bot_are_answered_by_the_trigger_alone(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        await w.turn(5 * HOUR)
        await w.say("thanks")
        assert w.texts()[-2:] == ["Yes?", "resolved by aya."]
        result = (await session_of(w)).memory["handover_result"]["result"]
        assert (result["agent"], result["agent_name"]) == ("aya", "Aya")
        await w.say("thanks")
        assert w.texts()[-1].startswith("bot: thanks"), "it is told once"


async def test_a_trigger_that_asks_something_is_not_answered_by_words_that_came_before(tmp_path: Path) -> None:
    async with world(tmp_path, files(ASKS), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        await w.turn(5 * HOUR)
        await w.say("thanks")
        assert w.texts()[-1] == "Was it fine?"
        await w.say("very")
        assert w.texts()[-1] == "Noted: very"


async def test_within_its_time_the_step_hears_it_and_no_trigger(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config()) as w:
        await helped(w)
        await act(w, "resolve")
        await w.say("thanks")
        assert w.texts()[-2:] == ["Yes?", "Below: completed"]


async def test_the_end_of_a_chat_that_an_agent_took_over_is_heard_with_the_next_words(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config()) as w:
        await w.say("day")
        await helped(w, took=True)
        await act(w, "resolve")
        assert w.texts()[-1] == "Yes?", "it would be billed"
        await w.say("Monday")
        assert w.texts()[-2:] == ["resolved by aya.", "On Monday."], "the question that waited hears the words"
        await w.say("thanks")
        assert w.texts()[-1].startswith("bot: thanks")


async def test_with_a_token_left_it_is_heard_at_once_and_only_once(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config()) as w:
        await w.say("hello")
        await act(w, "take_over")
        await agent(w, queues=("general",))
        await w.say("are you there?")
        await act(w, "give_back")
        before = w.texts()
        await w.say("day")
        assert w.texts()[len(before) :] == ["admin_forced by aya.", "Which day?"]
        await w.say("Monday")
        assert w.texts()[-1] == "On Monday."


async def test_a_trigger_hears_when_an_agent_who_took_over_writes(tmp_path: Path) -> None:
    back = BACK.replace("start:\n", 'start:\n  - {handover: active, do: [{say: "{{ handover.agent }} is here."}]}\n')
    async with world(tmp_path, files(back), config=config()) as w:
        await w.say("hello")
        await helped(w, took=True)
        assert w.texts()[-2:] == ["Yes?", "aya is here."]


async def test_what_was_asked_long_before_an_agent_came_is_not_asked_any_more(tmp_path: Path) -> None:
    async with world(tmp_path, files(), config=config()) as w:
        await w.say("day")
        await w.turn(5 * HOUR)
        await helped(w, took=True)
        await act(w, "resolve")
        await w.say("thanks")
        assert w.texts()[-1] == "bot: thanks / completed resolved", "it is no answer to `Which day?`"


async def test_what_was_asked_just_before_an_agent_came_still_is(tmp_path: Path) -> None:
    async with world(tmp_path, files(), config=config()) as w:
        await w.say("day")
        await helped(w, took=True)
        await w.turn(5 * HOUR)
        await act(w, "resolve")
        await w.say("Monday")
        assert w.texts()[-1] == "On Monday."


async def test_the_question_of_a_survey_outlives_the_session(tmp_path: Path) -> None:
    async with world(tmp_path, files(BACK), config=config("{when: resolved}")) as w:
        await helped(w)
        await w.say("aha")
        await act(w, "resolve")
        asked = (await session_of(w)).memory["survey"]
        await w.turn(5 * HOUR)
        await w.say("day")
        assert (await session_of(w)).memory["survey"] == asked, "the question is not forgotten"


def test_an_end_that_comes_by_itself_costs_no_push_of_the_flow() -> None:
    talk = Talk(rules()).queued(provider="ours")
    talk.act("nack", kind="provider", reason="unsupported")
    assert (talk.told, talk.session.memory["handover"]["error"]["reason"]) == (None, "unsupported")
    closing = Talk(rules('hours: {week: {fri: "00:00-09:00"}, outside: back_to_bot}')).queued()
    closing.ring("hours")
    assert (closing.reason, closing.told) == ("out_of_hours", None)
    closed = Talk(rules('hours: {week: {fri: "00:00-00:01"}, outside: back_to_bot}'))
    closed.flow()
    assert closed.told["status"] == "error", "in the user's own turn it goes on at once"
