"""The runtime is stopped, killed and begun again while LINE goes on: nothing is lost and nothing said twice."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest

from tests.bench import CONFIG, Desk, bench
from tests.line_platform import KEN, MAI

pytestmark = pytest.mark.anyio

FLOW = """
flow: shop
vars: {cup: text}
start: [{keyword: [tea]}]
steps:
  - {call: work.py:brew, save: cup}
  - say: "{{ cup }}"
  - {ask: name, say: Whose name?}
  - say: "Thanks, {{ name }}"
"""
SLOW = """
import asyncio
from pathlib import Path

async def brew(args, session, endpoint, kit):
    with (Path(__file__).parent / "brews").open("a") as file:
        file.write("x")
    if not (Path(__file__).parent / "quick").exists():
        await asyncio.Event().wait()
    return "Here you are"
"""
FILES = {"flows/shop.yaml": FLOW, "transformers/work.py": SLOW}


def brews(desk: Desk) -> int:
    path = desk.root / "transformers" / "brews"
    return len(path.read_text()) if path.exists() else 0


def quick(desk: Desk) -> None:
    (desk.root / "transformers" / "quick").touch()


async def test_a_turn_that_is_killed_is_answered_once_by_the_next_runtime(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.say("tea", settle=False)
        await desk.until(lambda: brews(desk) == 1)
        assert await desk.post("/runtime", do="kill") == {"state": "stopped", "slow": 0}
        assert desk.texts() == []
        quick(desk)
        assert await desk.post("/runtime", do="start") == {"state": "running", "slow": 0}
        await desk.settle()
        assert desk.texts() == ["Here you are", "Whose name?"]
        assert brews(desk) == 2
        await desk.say("Mai")
        assert desk.texts()[2:] == ["Thanks, Mai"]


async def test_what_comes_while_it_is_dead_is_delivered_again(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        quick(desk)
        await desk.say("tea")
        await desk.post("/runtime", do="kill")
        await desk.say("Mai", settle=False)
        await desk.simulator.hooks.idle()
        [hook] = desk.simulator.hooks.of("shop", "failed")
        assert hook.last is not None
        assert hook.last.reason == "COULD_NOT_CONNECT"
        await desk.post("/runtime", do="start")
        await desk.control("POST", "/clock", advance=61_000)
        await desk.until(lambda: "Thanks, Mai" in desk.texts())
        await desk.settle()
        assert desk.texts().count("Thanks, Mai") == 1


async def test_a_restart_finishes_what_is_under_way(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        quick(desk)
        await desk.say("tea", settle=False)
        await desk.simulator.hooks.idle()
        assert await desk.post("/runtime", do="restart") == {"state": "running", "slow": 0}
        await desk.settle()
        assert desk.texts() == ["Here you are", "Whose name?"]
        await desk.say("Mai")
        assert desk.texts()[2:] == ["Thanks, Mai"]


async def test_a_connection_that_waits_is_broken_off(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        with socket.create_connection(("127.0.0.1", desk.stage.bot_port), timeout=10) as client:
            client.sendall(b"POST /line/shop HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
            await desk.say("hello", user=KEN)  # the server has had its turn: the half request has arrived
            await desk.post("/runtime", do="kill")
            with contextlib.suppress(ConnectionResetError):
                assert client.recv(100) == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", desk.stage.bot_port), timeout=10)


async def test_the_page_is_told_of_each_state(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        rev = desk.bench.feed.rev
        assert (await desk.get(""))["runtime"]["state"] == "running"
        await desk.post("/runtime", do="stop")
        await desk.post("/runtime", do="stop")
        assert (await desk.get(""))["runtime"]["state"] == "stopped"
        status, told = await desk.ask("GET", f"/sessions/shop:{MAI}")
        assert (status, told["detail"]) == (409, "the runtime does not run; start it first")
        await desk.post("/runtime", do="start")
        states = [change.plain()["state"] for change in desk.bench.feed.since(rev) if change.kind == "runtime"]
        assert states == ["stopped", "starting", "running"]
        assert (await desk.ask("POST", "/runtime", {"do": "explode"}))[0] == 400


async def test_files_that_cannot_be_run_are_told_at_the_start(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.post("/runtime", do="stop")
        assert (await desk.saved({"flows/shop.yaml": FLOW.replace("ask:", "aks:")}))["ok"] is False
        status, told = await desk.ask("POST", "/runtime", {"do": "start"})
        assert (status, "flows/shop.yaml:8" in told["detail"]) == (409, True)
        seen = await desk.get("")
        assert (seen["runtime"]["state"], seen["reload"]["ok"]) == ("stopped", False)
        await desk.saved({"flows/shop.yaml": FLOW})
        assert await desk.post("/runtime", do="start") == {"state": "running", "slow": 0}


async def test_settings_that_cannot_be_used_leave_the_old_runtime(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        quick(desk)
        told = await desk.saved({"noren.yaml": CONFIG.replace("languages", "langages")})
        assert told["ok"] is False
        assert "langages" in told["findings"][0]["message"]
        await desk.say("tea")
        assert desk.texts() == ["Here you are", "Whose name?"]


async def test_changed_settings_begin_a_new_runtime_with_its_new_bots(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        more = CONFIG.replace("endpoints: {", "endpoints: {bar: {languages: [en], flows: bar}, ")
        more += "public_url: https://bot.example\n"
        (tmp_path / "bar").mkdir()
        (tmp_path / "bar" / "bar.yaml").write_text("flow: bar\nfallback: [{say: Cheers}]\n")
        told = await desk.saved({"noren.yaml": more})
        assert (told["ok"], told["files"]) == (True, ["noren.yaml"])
        seen = await desk.get("")
        assert {one["name"] for one in seen["endpoints"]} == {"shop", "bar"}
        assert seen["media"]["from"] == "https://bot.example"
        assert set(desk.simulator.platform.accounts) == {"shop", "bar"}
        await desk.control("POST", f"/bots/bar/chats/{MAI}/messages", type="text", text="hi")
        await desk.settle()
        history = desk.simulator.platform.chats.history("bar", MAI)
        assert history[-1].message["text"] == "Cheers"
        await desk.saved({"bar/bar.yaml": "flow: bar\nfallback: [{say: Salut}]\n"})  # its folder is watched now
        assert desk.bench.reload is not None
        assert desk.bench.reload.ok


async def test_a_slow_bot_keeps_everybody_waiting_until_it_is_quick_again(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        quick(desk)
        await desk.control("POST", "/clock", stop=True)
        assert await desk.post("/runtime", do="slow", ms=90_000) == {"state": "running", "slow": 90_000}
        await desk.say("tea", settle=False)
        await desk.simulator.hooks.idle()
        for _ in range(20):  # time enough for a turn that does not wait
            [turn] = (await desk.get(f"/sessions/shop:{MAI}/turns"))["turns"]
        assert (turn["state"], brews(desk), desk.texts()) == ("due", 0, [])
        await desk.control("POST", "/clock", advance=90_000)
        await desk.settle()
        assert desk.texts() == ["Here you are", "Whose name?"]
        history = desk.simulator.platform.chats.history("shop", MAI)
        assert history[-1].via == "push"  # the reply token was too old by then
        await desk.post("/runtime", do="slow", ms=0)
        await desk.say("Mai")
        assert desk.texts()[2:] == ["Thanks, Mai"]
        for ms in (-1, 10**9, "1s", True):
            assert (await desk.ask("POST", "/runtime", {"do": "slow", "ms": ms}))[0] == 400
