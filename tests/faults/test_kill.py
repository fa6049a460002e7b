"""kill -9, again and again, under load: every event answered exactly once, in order, nothing lost.

LINE is played by this process: its API is the simulator on a real port, its webhooks are posted by hand, one after
the other for each user, again until they are answered with 200, and now and then twice. The server is a real
`noren serve` that is killed without warning at random moments.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.clock import SystemClock
from runtime.line.webhook import sign
from runtime.simulator.ids import steady
from runtime.simulator.values import User
from tests.line_platform import Line, bot, line_platform
from tests.world import write

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

KILLS, EVENTS, USERS = 50, 5_000, 100
SECRET = "kill-test-secret"
FLOWS = {"flows/echo.yaml": 'flow: echo\nfallback:\n  - say: "{{ input.text }}"\n'}
CONFIG = """store: {store}
log_level: error
worker: {{poll: 200ms}}
endpoints:
  shop:
    channel_secret: {secret}
    access_token: {token}
    profile: false
    loading: 0
    session: {{expire: 0}}
    reply_within: 50s
    api: {api}
    api_data: {api}
"""


@dataclass
class Server:
    """`noren serve` in a process of its own, started again after each kill."""

    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    rng: random.Random = field(default_factory=lambda: random.Random(4))

    def start(self) -> None:
        command = [sys.executable, "-m", "runtime", "serve", "--root", str(self.root), "--port", str(self.port)]
        with (self.root / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            self.up.set()
                            return
                except aiohttp.ClientError:
                    assert self.process is not None
                    assert self.process.poll() is None, (self.root / "server.log").read_text()[-2_000:]
                await pause(0.01)

    async def haunt(self, done: asyncio.Event) -> None:
        """Kill and start again until everything is posted, and at least as often as promised."""
        while self.kills < KILLS or not done.is_set():
            await self.ready()
            await pause(self.rng.uniform(0.0, 0.3))
            self.kill()
            self.start()

    def kill(self) -> None:
        assert self.process is not None
        self.up.clear()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1


async def pause(seconds: float) -> None:
    """Real time passes here: what is tested is a process that dies in the middle of it."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


class Poster:
    """LINE's webhooks: of each user one after the other, each until it is taken, now and then once more."""

    def __init__(self, line: Line, server: Server, seed: int) -> None:
        self.line, self.server = line, server
        self.url = f"http://127.0.0.1:{server.port}/line/shop"
        self.rng = random.Random(seed)
        self.again = self.copies = 0

    async def user(self, http: aiohttp.ClientSession, number: int, events: int) -> None:
        for n in range(events):
            event = self.happens(user_id(number), str(n))
            while not await self.post(http, event):
                event["deliveryContext"]["isRedelivery"] = True
                self.again += 1
                await self.server.up.wait()
            if self.rng.random() < 0.1:
                self.copies += await self.post(http, event)

    def happens(self, user: str, text: str) -> dict[str, Any]:
        """Somebody writes; the event LINE makes of it, with a real reply token."""
        simulator = self.line.simulator
        account = simulator.platform.account("shop")
        (said,) = simulator.acts.send(account, user, {"type": "text", "text": text}, "")
        return self.line.event(said.id)

    async def post(self, http: aiohttp.ClientSession, event: dict[str, Any]) -> bool:
        raw = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
        headers = {"x-line-signature": sign(SECRET, raw), "content-type": "application/json"}
        try:
            async with http.post(self.url, data=raw, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


def user_id(number: int) -> str:
    return steady("U", f"kill:{number}")


def answers(line: Line, user: int) -> list[str]:
    history = line.simulator.platform.chats.history("shop", user_id(user))
    return [str(said.message["text"]) for said in history if said.via in ("reply", "push")]


async def test_every_event_is_answered_exactly_once(tmp_path: Path, store_url: str) -> None:
    async with line_platform(bot(hold=True, access_token="kill-test-token"), clock=SystemClock()) as line:
        for number in range(USERS):
            line.simulator.platform.people.add_user(User(id=user_id(number), name=f"User {number}"))
        write(tmp_path, FLOWS)
        config = CONFIG.format(store=store_url, secret=SECRET, token="kill-test-token", api=line.url)
        (tmp_path / "noren.yaml").write_text(config)
        server = Server(tmp_path, free_port())
        server.start()
        poster, done = Poster(line, server, 7), asyncio.Event()
        started = time.perf_counter()
        haunting = asyncio.create_task(server.haunt(done))
        try:
            each = EVENTS // USERS
            connector = aiohttp.TCPConnector(force_close=True)
            async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(5)) as http:
                await asyncio.gather(*(poster.user(http, u, each) for u in range(USERS)))
            done.set()
            await haunting
            await server.ready()
            with suppress(TimeoutError):  # what is missing is told below
                await asyncio.wait_for(all_answered(line, each), 60)
        finally:
            haunting.cancel()
            os.kill(server.process.pid, signal.SIGTERM)  # type: ignore[union-attr]
            server.process.wait(40)  # type: ignore[union-attr]
        wrong = {u: answers(line, u) for u in range(USERS) if answers(line, u) != [str(n) for n in range(each)]}
        vias = [s.via for u in range(USERS) for s in line.simulator.platform.chats.history("shop", user_id(u))]
        print(
            f"\n{store_url.partition(':')[0]}: {server.kills} kills in {time.perf_counter() - started:.0f} s, "
            f"{EVENTS} events, {poster.again} posted again, {poster.copies} posted twice; answers "
            f"{vias.count('reply')} by reply, {vias.count('push')} by push; wrong sessions {len(wrong)}"
        )
        assert server.kills >= KILLS
        assert not wrong, dict(list(wrong.items())[:3])


async def all_answered(line: Line, each: int) -> None:
    while any(len(answers(line, u)) < each for u in range(USERS)):
        await pause(0.1)


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
