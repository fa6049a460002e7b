"""`noren serve` told to stop: what it has begun it finishes, and what it was told it keeps."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from runtime.clock import SystemClock
from tests.line_platform import MAI, Line, bot, line_platform
from tests.world import write

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """log_level: info
http: {{allow_private: ["127.0.0.1"]}}
worker: {{grace: {grace}}}
endpoints:
  shop:
    channel_secret: {secret}
    access_token: {token}
    profile: false
    loading: 0
    api: {api}
    api_data: {api}
"""
FLOW = """flow: stock
vars: {{left: any}}
start: [{{keyword: stock}}]
steps:
  - http: {{get: "{stock}/stock"}}
    timeout: 60s
    save: {{left: body.left}}
  - say: "{{{{ left }}}} left"
  - end
fallback: [{{say: "{{{{ input.text }}}}"}}]
"""


@dataclass
class Stock:
    """A slow service that a flow asks."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, _: web.Request) -> web.Response:
        self.asked.set()
        await self.open.wait()
        return web.json_response({"left": 3})


@asynccontextmanager
async def stock() -> AsyncIterator[Stock]:
    made, site = Stock(), web.Application()
    site.router.add_get("/stock", made.answer)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield made
    finally:
        await runner.cleanup()


@dataclass
class Server:
    process: Process
    url: str
    log: list[str] = field(default_factory=list)

    async def until(self, words: str) -> None:
        """Until the server says this."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while line := (await self.process.stderr.readline()).decode():
                self.log.append(line)
                if words in line:
                    return
        raise AssertionError(f"the server never said {words!r}:\n{''.join(self.log)}")

    async def gone(self) -> int:
        assert self.process.stderr is not None
        self.log += (await self.process.stderr.read()).decode().splitlines(keepends=True)
        return await self.process.wait()


@asynccontextmanager
async def serving(root: Path, line: Line) -> AsyncIterator[Server]:
    """`noren serve` in a process of its own, once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "runtime", "serve", "--root", str(root), "--port", str(port)]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=DEVNULL, stderr=PIPE, cwd=ROOT)
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        await server.until(" ready ")
        await listening(server.url)
        line.simulator.platform.change_bot("shop", webhook_url=f"{server.url}/line/shop")
        yield server
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def listening(url: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await pause(0.01)


async def pause(seconds: float) -> None:
    """Real time passes here: another process needs it."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


@asynccontextmanager
async def scene(root: Path, grace: str = "20s") -> AsyncIterator[tuple[Line, Stock]]:
    made = bot(access_token="a-token", channel_secret="a-secret", redelivery=True, redelivery_every=300)
    async with stock() as service, line_platform(made, clock=SystemClock()) as line:
        config = CONFIG.format(grace=grace, secret="a-secret", token="a-token", api=line.url)
        write(root, {"noren.yaml": config, "flows/stock.yaml": FLOW.format(stock=service.url)})
        yield line, service


def say(line: Line, text: str) -> None:
    line.simulator.acts.send(line.simulator.platform.account("shop"), MAI, {"type": "text", "text": text}, "")


def texts(line: Line) -> list[str]:
    history = line.simulator.platform.chats.history("shop", MAI)
    return [str(said.message["text"]) for said in history if said.via in ("reply", "push")]


async def test_a_running_turn_is_finished_and_answered(tmp_path: Path) -> None:
    async with scene(tmp_path) as (line, service), serving(tmp_path, line) as server:
        say(line, "stock")
        await service.asked.wait()
        server.process.send_signal(signal.SIGTERM)
        await server.until("finishing turns")
        assert texts(line) == []
        service.open.set()
        assert await server.gone() in (0, -signal.SIGTERM)
        assert texts(line) == ["3 left"]
        assert "Traceback" not in "".join(server.log)


async def test_what_could_not_be_finished_is_done_by_the_next_process(tmp_path: Path) -> None:
    async with scene(tmp_path, grace="1s") as (line, service):
        async with serving(tmp_path, line) as server:
            say(line, "stock")
            await service.asked.wait()
            server.process.send_signal(signal.SIGTERM)
            assert await server.gone() in (0, -signal.SIGTERM)
            assert texts(line) == []
        say(line, "and then?")  # nobody is there: LINE delivers it again
        async with serving(tmp_path, line) as server:
            service.open.set()
            async with asyncio.timeout(20):
                while len(texts(line)) < 2:
                    await pause(0.02)
            server.process.send_signal(signal.SIGTERM)
            await server.gone()
        assert sorted(texts(line)) == ["3 left", "and then?"]
