"""Notifications, injected events and timers that arrive while people have the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.handover.case import machine
from runtime.model import Event
from tests.line_platform import KEN, MAI
from tests.unit.handover.chats import DAY, MINUTE, Talk, rules
from tests.unit.handover.house import act, agent, session_of
from tests.world import World, world

pytestmark = pytest.mark.anyio

CONFIG = """
endpoints: {shop: {languages: [en, ja], loading: 0}}
handover:
  queues: {general: {}}
  workstreams: {support: {queues: [general], timers: {wrap_up: 0}, position: {tell: never}MORE}}
"""


def flows(during: str = "") -> dict[str, str]:
    key = f"\n        during_handover: {during}" if during else ""
    return {
        "flows/help.yaml": f"""flow: help
start:
  - keyword: help
    goto: help.people
  - keyword: tell
    do:
      - notify: {MAI}
        say: {{en: "Your parcel is here. {{{{ chat.user | length }}}}", ja: お荷物です。}}{key}
  - keyword: put
    do:
      - inject: {MAI}
        data: {{topic: parcel}}{key.replace("now", "later")}
  - {{event: inject, data: {{topic: parcel}}, do: [{{say: "About your parcel."}}]}}
steps: [end]
sections:
  people: [{{handover: {{}}}}, {{say: Below}}]
fallback: [{{say: "bot: {{{{ input.text }}}}"}}]
"""
    }


@asynccontextmanager
async def helped(root: Path, during: str = "", more: str = "") -> AsyncIterator[World]:
    """MAI talks to a person; KEN has a conversation of his own."""
    async with world(root, flows(during), config=CONFIG.replace("MORE", more)) as w:
        await agent(w, queues=("general",))
        await w.say("help")
        await act(w, "claim")
        await act(w, "reply", messages=[{"text": "Yes?"}])
        yield w


async def types(w: World) -> list[str]:
    return [row["type"] for row in await w.store.notes_of(f"shop:{MAI}") if row["type"].startswith("event.")]


async def test_a_notification_waits_until_the_bot_has_the_chat_and_rings_for_nobody_meanwhile(tmp_path: Path) -> None:
    async with helped(tmp_path) as w:
        await w.say("tell", user=KEN)
        assert w.texts()[-1] == "Yes?"
        await w.turn(3 * 3_600_000)
        kinds = [row["kind"] for row in await w.events()]
        assert kinds.count("notify") == 1
        waits = [row for row in await w.store.list_events("due", f"shop:{MAI}", 100) if row["kind"] == "notify"]
        assert len(waits) == 1
        assert waits[0]["due"] > w.clock.now() + 20 * 3_600_000, "nothing looks at it every minute"
        await act(w, "resolve")
        assert w.texts()[-1] == "Your parcel is here. 33", "it is said as soon as people are done"
        assert await types(w) == ["event.waits"]
        assert "later" not in (await session_of(w)).memory


async def test_what_may_be_said_at_once_is_said_beside_the_agent(tmp_path: Path) -> None:
    async with helped(tmp_path, "now") as w:
        await w.say("tell", user=KEN)
        assert w.texts()[-1] == "Your parcel is here. 33"
        session = await session_of(w)
        assert (session.control.owner, session.case and session.case.state) == ("human", "active")
        said = [row for row in await w.store.notes_of(f"shop:{MAI}") if row["type"] == "message.sent"]
        assert said[-1]["data"]["by"] == "bot", "the agent sees it"
        await act(w, "reply", messages=[{"text": "There it is."}])
        await act(w, "resolve")
        await w.say("thanks")
        assert w.texts()[-2:] == ["There it is.", "Below"], "the flow still waited for people"


@pytest.mark.parametrize("where", ["the step", "the workstream"])
async def test_what_may_not_wait_is_dropped_and_the_log_says_so(tmp_path: Path, where: str) -> None:
    during, more = ("drop", "") if where == "the step" else ("", ", meanwhile: {notify: drop, inject: drop}")
    async with helped(tmp_path, during, more) as w:
        await w.say("tell", user=KEN)
        await w.say("put", user=KEN)
        await act(w, "resolve")
        assert w.texts()[-1] == "Yes?"
        assert await types(w) == ["event.dropped", "event.dropped"]


async def test_an_injected_event_is_heard_afterwards_even_when_notifications_are_not_kept(tmp_path: Path) -> None:
    async with helped(tmp_path, "", ", meanwhile: {notify: drop}") as w:
        await w.say("put", user=KEN)
        assert w.texts()[-1] == "Yes?"
        await act(w, "resolve")
        assert w.texts()[-1] == "About your parcel."


async def test_what_waited_too_long_is_dropped_while_people_still_have_the_chat(tmp_path: Path) -> None:
    async with helped(tmp_path, "", ", mode: async, meanwhile: {keep: 2h}") as w:
        await w.say("tell", user=KEN)
        await w.turn(2 * 3_600_000 + 1)
        assert await types(w) == ["event.waits", "event.dropped"]
        await act(w, "resolve")
        assert w.texts()[-1] == "Yes?"


async def test_several_come_in_their_order(tmp_path: Path) -> None:
    async with helped(tmp_path) as w:
        for text in ("tell", "put", "tell"):
            await w.say(text, user=KEN)
            await w.turn(1_000)
        await act(w, "resolve")
        assert w.texts()[-3:] == ["Your parcel is here. 33", "About your parcel.", "Your parcel is here. 33"]


async def test_a_bot_that_pauses_says_it_when_it_speaks_again(tmp_path: Path) -> None:
    async with world(tmp_path, flows("now"), config=CONFIG.replace("MORE", "")) as w:
        await w.say("hello")
        await act(w, "pause")
        await w.say("tell", user=KEN)
        assert w.texts() == ["bot: hello"], "also what may be said beside an agent: nobody speaks there"
        await act(w, "resume")
        assert w.texts()[-1] == "Your parcel is here. 33"


def event(t: Talk, kind: str, name: str = "n", **more: Any) -> Event:
    raw = more.pop("raw", {})
    return t.event(kind, {}, id=name, raw=raw, **more)


def test_another_module_with_the_chat_is_waited_for() -> None:
    t = Talk().owned("module")
    told = event(t, "notify", raw={"during": "now"})
    assert machine.takes(t.session, told)
    change = machine.play(t.session, told, t.rules, t.view, t.now)
    assert (change.session.memory["later"], change.plays) == (["n"], False)
    back = t.event("activated", {})
    assert machine.takes(change.session, back)
    change = machine.play(change.session, back, t.rules, t.view, t.now)
    assert (change.session.control.owner, change.wake) == ("bot", ("n",))


def test_timers_of_the_flow_are_never_dropped() -> None:
    t = Talk(rules("meanwhile: {keep: 1m, inject: drop, notify: drop}")).active()
    timer = event(t, "timer", "delay")
    for _ in range(3):
        t.play(timer)
        assert t.timers["delay"].due == t.now + 30 * DAY
        t.now += 30 * DAY
    t.act("resolve")
    assert t.last is not None
    assert t.last.wake == ("delay",)


def test_no_more_than_some_wait() -> None:
    t = Talk().queued()
    for number in range(200):
        t.play(event(t, "notify", f"n{number}"))
    t.play(event(t, "notify", "one more"))
    assert t.types() == ["event.dropped"]
    t.now += MINUTE
    t.play(event(t, "notify", "n7"))
    assert "event.dropped" not in t.types(), "one that waits already is none more"
    assert len(t.session.memory["later"]) == 200


def test_nothing_is_said_to_somebody_who_blocked_the_account() -> None:
    t = Talk().active()
    t.happens("unfollow")
    t.play(event(t, "notify", raw={"during": "now"}))
    assert t.last is not None
    assert (t.last.plays, t.session.memory["later"]) == (False, ["n"])


async def test_functions_see_what_waited_as_it_came(tmp_path: Path) -> None:
    code = """def handle_inject(event, session, endpoint, kit):
    return {"data": {**event.data, "seen": event.data.get("seen", 0) + 1}}
"""
    files = flows()
    files["flows/help.yaml"] = files["flows/help.yaml"].replace(
        "About your parcel.", "Seen {{ event.data.seen }} times."
    )
    files["transformers/count.py"] = code
    config = CONFIG.replace("MORE", "").replace("loading: 0", "loading: 0, transformers: {inject: [count.py]}")
    async with world(tmp_path, files, config=config) as w:
        await agent(w, queues=("general",))
        await w.say("help")
        await act(w, "claim")
        await w.say("put", user=KEN)
        await act(w, "resolve")
        assert w.texts()[-1] == "Seen 1 times."
