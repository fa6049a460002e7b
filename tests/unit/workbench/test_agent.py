"""The page's agent: the same person on both sides."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from tests.bench import CONFIG, Desk, bench
from tests.line_platform import MAI
from tests.unit.transcript.bots import played

pytestmark = pytest.mark.anyio

HANDOVER = """
handover:
  queues: {general: {}, orders: {}}
  workstreams: {support: {queues: [general], timers: {wrap_up: 0}}}
"""
HELP = """
flow: help
start: [{keyword: help}]
steps:
  - handover
  - say: Back.
sections:
  other: [{say: Other.}]
"""
FILES = {"flows/help.yaml": HELP}
KEY = f"shop:{MAI}"


async def act(desk: Desk, do: str, **data: object) -> None:
    await desk.post("/agent/acts", session=KEY, do=do, **data)
    await desk.settle()


def texts(desk: Desk) -> list[str]:
    history = desk.simulator.platform.chats.history("shop", MAI)
    return [str(one.message.get("text")) for one in history if one.who == "bot" and one.via != "note"]


async def test_a_designer_plays_both_sides(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        await desk.say("help")
        found = await desk.get("/agent")
        assert (found["status"], found["queues"], found["flows"]) == ("offline", ["general", "orders"], ["help"])
        [case] = found["cases"]
        assert (case["state"], case["queue"], case["session"]) == ("queued", "general", KEY)
        await act(desk, "claim")
        await act(desk, "reply", messages=[{"text": "How can I help?"}])
        await act(desk, "note", text="Third time")
        assert texts(desk)[-1] == "How can I help?"
        await desk.say("Where is my tea?")
        found = await desk.get(f"/agent?session={KEY}")
        assert (found["cases"][0]["agent"], found["cases"][0]["last"]) == ("you", "Where is my tea?")
        assert [one["text"] for one in found["notes"]] == ["Third time"]
        await act(desk, "resolve", labels=["tea"], inject="help.other")
        made = (await desk.post("/recordings", endpoint="shop", chat=MAI))["text"]
        for line in (
            "  agents: {you: {}}",
            "  - agent: {claim: true}",
            "  - agent: How can I help?",
            "  - agent: {note: Third time}",
            "  - agent: {resolve: {labels: [tea], inject: help.other}}",
        ):
            assert line in made.splitlines(), made
        await desk.say("thanks")
        assert texts(desk)[-1] == "Other."
        assert (await desk.get("/agent"))["cases"] == []


async def test_what_was_recorded_of_both_sides_passes(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        await desk.say("help")
        await act(desk, "claim")
        desk.simulator.clock.advance(120_000)
        await act(desk, "reply", messages=[{"text": "Good day"}])
        await desk.say("Hello")
        await act(desk, "reply", messages=[{"text": "How can I help?"}])
        await act(desk, "resolve")
        await desk.say("thanks")
        made = (await desk.post("/recordings", endpoint="shop", chat=MAI))["text"]
    assert [line for one in await asyncio.to_thread(played, tmp_path, made) for line in one.failures] == []


async def test_who_is_there_is_offered_what_waits_also_when_the_clock_is_turned(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        assert (await desk.done("PUT", "/agent/presence", {"status": "online"}))["status"] == "online"
        await desk.say("help")
        runtime = desk.bench.life.runtime
        assert runtime.distributor is not None
        await runtime.distributor.look()
        await desk.settle()
        [case] = (await desk.get("/agent"))["cases"]
        assert case["offer"]["agent"] == "you"
        await act(desk, "accept", offer=case["offer"]["id"])
        desk.simulator.clock.advance(3_600_000)
        await runtime.distributor.look()
        await desk.settle()
        [case] = (await desk.get("/agent"))["cases"]
        assert case["agent"] == "you"


async def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        await desk.say("hello")
        for given, said in (
            ({"do": "resolve"}, "there is no case"),
            ({"do": "dance"}, "do: one of accept"),
            ({"do": "claim", "session": "shop:nobody"}, "there is no such conversation"),
        ):
            status, problem = await desk.ask("POST", "/agent/acts", {"session": KEY, **given})
            assert status >= 400
            assert said in problem["detail"]
        status, problem = await desk.ask("PUT", "/agent/presence", {"status": "asleep"})
        assert status == 400


async def test_nobody_has_to_make_a_first_account(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        house = desk.bench.life.runtime.desk
        assert house is not None
        assert await house.doors.code() == ""
        [agent] = await house.store.agents()
        assert (agent["email"], agent["role"], agent["status"]) == ("you@localhost", "admin", "offline")


async def test_without_a_workstream_there_is_no_desk(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        assert (await desk.get("/agent"))["desk"] is None
        status, problem = await desk.ask("POST", "/agent/acts", {"session": KEY, "do": "claim"})
        assert status >= 400
        assert "no workstream" in problem["detail"]


async def test_the_desk_opens_signed_in_on_this_machine_only(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES, config=CONFIG + HANDOVER) as desk:
        url = f"{desk.stage.line_url}/simulator/desk"
        async with desk.http.get(url, allow_redirects=False) as answer:
            assert answer.status == 303
            assert answer.headers["location"] == f"{desk.stage.bot_url}/desk/"
            cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        ticket = cookie.partition(";")[0]
        async with desk.http.get(f"{desk.stage.bot_url}/desk/api/me", headers={"Cookie": ticket}) as answer:
            assert answer.status == 200
            assert (await answer.json())["agent"]["role"] == "admin"
        async with desk.http.get(url, headers={"Host": "tunnel.local"}, allow_redirects=False) as answer:
            assert answer.status >= 400
            assert "set-cookie" not in answer.headers
        key = tmp_path / ".noren" / "dev-desk.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
