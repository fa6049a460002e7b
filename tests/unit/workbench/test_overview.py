"""The project on the page: its flows, what is wrong with it, its files, the stream of news."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.workbench.overview import editor
from runtime.workbench.routes import ROUTES
from tests.bench import Desk, bench
from tests.line_platform import KEN, MAI

pytestmark = pytest.mark.anyio

TEA = """flow: tea
title: Tea
start: [{keyword: [tea]}]
steps:
  - say: Welcome
  - {ask: kind, say: Which tea?}
  - {when: "kind == 'x'", do: [{say: Really}]}
  - say: Thanks
"""
FILES = {"flows/tea.yaml": TEA}
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "simulator.md"


@pytest.mark.parametrize("route", [f"{method} {path}" for method, path, _ in ROUTES])
def test_every_route_is_described(route: str) -> None:
    method, path = route.split(" ")
    assert f"`{method} /workbench{path}`" in PAGE.read_text(encoding="utf-8")


async def test_what_there_is(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        seen = await desk.get("")
        assert seen["project"] == {"name": tmp_path.name, "root": str(desk.root)}
        [shop] = seen["endpoints"]
        assert (shop["name"], shop["languages"], shop["bot_url"]) == ("shop", ["en"], f"{desk.stage.bot_url}/line/shop")
        assert shop["flows"] == [{"name": "tea", "title": "Tea", "file": "flows/tea.yaml", "line": 1}]
        assert (seen["runtime"]["state"], seen["reload"]) == ("running", None)
        assert seen["media"] == {"from": desk.stage.bot_url.replace("http:", "https:"), "to": desk.stage.bot_url}


async def test_findings_come_with_their_lines_and_follow_the_files(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.stage.told.first()
        assert (await desk.get("/findings"))["findings"] == []
        broken = await desk.saved({"flows/tea.yaml": TEA.replace("- say: Thanks", "- sya: Thanks")})
        assert broken["ok"] is False
        [found] = broken["findings"]
        assert (found["file"], found["line"], found["severity"]) == ("flows/tea.yaml", 8, "error")
        assert found["excerpt"][2] == {"line": 8, "text": "  - sya: Thanks"}
        await desk.until(lambda: desk.bench.findings)
        assert (await desk.get(""))["findings"]["error"] >= 1
        [told] = [one for one in (await desk.get("/findings"))["findings"] if one["line"] == 8]
        assert told["code"] == found["code"]
        await desk.saved({"flows/tea.yaml": TEA})
        await desk.until(lambda: not desk.bench.findings)
        assert any("sya" in line for line in desk.said)


async def test_source_shows_files_of_the_bot_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path.parent / "outside.yaml").write_text("secret: 1")
    async with bench(tmp_path, {**FILES, ".env": "TOKEN=x"}) as desk:
        found = await desk.get("/source?file=flows/tea.yaml&line=5&around=1")
        assert (found["from"], found["lines"]) == (
            4,
            ["steps:", "  - say: Welcome", "  - {ask: kind, say: Which tea?}"],
        )
        assert len((await desk.get("/source?file=flows/tea.yaml"))["lines"]) == 8
        for name in ("../outside.yaml", ".env", ".noren/dev.db", "/etc/passwd", "flows/none.yaml", "flows", ""):
            assert (await desk.ask("GET", f"/source?file={name}"))[0] == 404


async def test_a_line_is_shown_in_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "code").write_text(f'#!/bin/sh\necho "$@" > {tools}/told.part\nmv {tools}/told.part {tools}/told\n')
    (tools / "code").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("VISUAL", "code --reuse-window")
    async with bench(tmp_path / "bot", FILES) as desk:
        assert (await desk.ask("POST", "/open", {"file": "flows/tea.yaml", "line": 6}))[0] == 204
        await desk.until((tools / "told").exists)
        file = desk.root / "flows" / "tea.yaml"
        assert (tools / "told").read_text() == f"--reuse-window --goto {file}:6\n"
        assert (await desk.ask("POST", "/open", {"file": "../x", "line": 1}))[0] == 404
        assert (await desk.ask("POST", "/open", {"file": "flows/tea.yaml", "line": 0}))[0] == 400
        (tools / "code").unlink()
        status, told = await desk.ask("POST", "/open", {"file": "flows/tea.yaml", "line": 6})
        assert (status, "VISUAL=code" in told["detail"]) == (409, True)


def test_an_editor_in_the_terminal_has_no_place_to_appear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "vim").write_text("#!/bin/sh\n")
    (tmp_path / "vim").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("VISUAL", "vim")
    monkeypatch.setenv("EDITOR", "vim")
    assert editor(tmp_path / "x", 1) is None


async def heard(stream: aiohttp.ClientResponse, kind: str) -> Any:
    """The data of the next change of a kind."""
    async with asyncio.timeout(20):
        while True:
            if (await stream.content.readline()).decode().strip() == f"event: {kind}":
                return json.loads((await stream.content.readline()).decode().removeprefix("data: "))


async def test_the_stream_tells_of_turns_reloads_and_the_runtime(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk, desk.http.get(url(desk)) as stream:
        await desk.say("tea")
        turn = await heard(stream, "turn")  # what came together is told once, as it stands
        while turn["deliveries"][0]["state"] != "sent":
            turn = await heard(stream, "turn")
        assert (turn["text"], turn["state"], turn["deliveries"][0]["via"]) == ("tea", "done", "reply")
        assert await heard(stream, "session") == {"key": f"shop:{MAI}"}
        await desk.saved({"flows/tea.yaml": TEA.replace("Welcome", "Hello")})
        assert (await heard(stream, "reload"))["files"] == ["flows/tea.yaml"]
        await desk.post("/runtime", do="kill")
        assert await heard(stream, "runtime") == {"state": "stopped"}


async def test_the_stream_of_one_session_leaves_the_turns_of_others_out(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk, desk.http.get(url(desk) + f"?session=shop:{KEN}") as stream:
        await desk.say("tea", user=MAI)
        assert await heard(stream, "session") == {"key": f"shop:{MAI}"}
        await desk.say("tea", user=KEN)
        assert (await heard(stream, "turn"))["user"] == KEN


def url(desk: Desk) -> str:
    return f"{desk.stage.line_url}/simulator/api/workbench/stream"


async def test_pages_of_other_sites_are_kept_out(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        for headers in ({"host": "evil.example"}, {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}):
            async with desk.http.get(url(desk), headers=headers) as answer:
                assert answer.status == 403
        kill = url(desk).replace("stream", "runtime")
        async with desk.http.post(kill, json={"do": "kill"}, headers={"origin": "http://evil.example"}) as answer:
            assert answer.status == 403
        assert desk.bench.life.state == "running"
