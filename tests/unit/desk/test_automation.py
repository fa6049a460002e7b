"""Rules: what sets them off, what they do, that they do it once, and that they do not chase each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.desk.automation import RUNS, Automation
from tests.line_platform import MAI
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.handover.house import act, agent, session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio


async def rule(one: Desk, on: str, *acts: dict[str, Any], when: str = "", **more: Any) -> str:
    made = await one.ask("POST", "/rules", title="R", on=[on], when=when, acts=list(acts), **more, expect=201)
    return str(made["id"])


async def looked(w: World) -> None:
    assert w.runtime.desk is not None
    assert w.runtime.desk.clerk is not None
    await w.runtime.desk.clerk.look()
    await w.settle()


async def test_a_rule_labels_answers_and_moves_what_it_is_about(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await rule(
            aya, "case.queued", {"do": "change", "labels": ["order"], "priority": "high"}, when="topic == 'order'"
        )
        await rule(aya, "case.queued", {"do": "transfer", "queue": "orders"}, when="case.queue == 'general'")
        await rule(
            aya,
            "message.received",
            {"do": "reply", "messages": [{"text": "One moment."}]},
            when="'hurry' in event.text",
        )
        await w.say("order")
        await looked(w)
        case = (await session_of(w)).case
        assert case is not None
        assert (case.labels, case.priority, case.queue, case.state) == (("order",), "high", "orders", "queued")
        await w.say("please hurry")
        await looked(w)
        assert w.texts()[-1] == "One moment."
        case = (await session_of(w)).case
        assert case is not None
        assert (case.state, case.agent) == ("queued", ""), "a rule that speaks takes no case"
        assert "sender" not in w.messages()[-1]


async def test_end_the_chat_and_say_what_it_was(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        acts = ({"do": "change", "labels": ["spam"]}, {"do": "resolve", "survey": False})
        await rule(aya, "message.received", *acts, when="'casino' in event.text")
        await w.say("help")
        await w.say("casino bonus")
        await looked(w)
        [row] = (await aya.ask("GET", "/cases?view=closed"))["cases"]
        assert (row["labels"], row["state"]) == (["spam"], "closed")
        assert (await session_of(w)).control.owner == "bot"


async def test_what_a_rule_did_sets_off_no_other(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await rule(aya, "case.queued", {"do": "transfer", "queue": "orders"}, when="case.queue == 'general'")
        await rule(aya, "case.transferred", {"do": "transfer", "queue": "general"})
        await w.say("help")
        await looked(w)
        await looked(w)
        case = (await session_of(w)).case
        assert case is not None
        assert case.queue == "orders"


async def test_a_case_has_so_many_runs_an_hour(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await rule(aya, "message.received", {"do": "note", "text": "heard"})
        await w.say("help")
        for number in range(RUNS + 5):
            await w.say(f"word {number}")
            await looked(w)
        assert await noted(w) == RUNS
        w.clock.turn(3_600_000)
        await w.say("an hour later")
        await looked(w)
        assert await noted(w) == RUNS + 1


async def noted(w: World) -> int:
    rows = await w.store.notes_of(f"shop:{MAI}", 0, 5_000)
    return sum(row["type"] == "note.added" for row in rows)


async def test_two_processes_and_a_restart_run_it_once(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await rule(aya, "message.received", {"do": "note", "text": "heard"})
        await w.say("help")
        await w.say("hello?")
        assert w.runtime.desk is not None
        other = Automation(w.store, w.runtime.desk.judge)
        await other.look(w.clock.now())
        await looked(w)
        assert await noted(w) == 1
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await looked(w)
        assert await noted(w) == 1
        await w.say("anybody there?")
        await looked(w)
        assert await noted(w) == 2


async def test_what_was_before_the_first_look_is_nobodys_business(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w:
        await agent(w)
        await w.say("help")
        await w.say("hello?")
        await w.store.put("follows the log: rules", None, 0)
        await w.store.put_item("r", "rule", "", {"on": ["message.received"], "acts": [{"do": "note", "text": "x"}]}, 0)
        await looked(w)
        assert await noted(w) == 0
        await act(w, "claim")
        await w.say("again")
        await looked(w)
        assert await noted(w) == 1


async def test_a_rule_that_cannot_be_worked_out_stops_no_other(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await rule(aya, "message.received", {"do": "note", "text": "never"}, when="event.text + 1 > 2")
        await rule(aya, "message.received", {"do": "note", "text": "heard"})
        off = await rule(aya, "message.received", {"do": "note", "text": "off"}, enabled=False)
        assert off
        await w.say("help")
        await w.say("hello?")
        await looked(w)
        assert await noted(w) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"when": "case.queue =="}, "when:"),
        ({"when": 7}, "when: an expression"),
        ({"acts": [{"do": "claim"}]}, "each does one of"),
        ({"acts": [{"do": "reply", "messages": []}]}, "a reply has messages"),
        ({"acts": [{"do": "reply", "messages": [{"text": ""}]}]}, "a reply has messages"),
    ],
)
async def test_a_rule_that_can_never_run_is_refused(tmp_path: Path, body: dict[str, Any], why: str) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        whole = {"title": "R", "on": ["case.queued"], "acts": [{"do": "park"}], **body}
        assert why in (await aya.ask("POST", "/rules", **whole, expect=400))["detail"]
