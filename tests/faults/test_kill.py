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
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from runtime.line.webhook import sign
from runtime.simulator.ids import steady
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
    rng: random.Random = field(default_factory=lambda: random.Random(4))

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runtime", "serve", "--root", str(self.root), "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=(self.root / "server.log").open("ab"),
        )

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    assert self.process is not None
                    assert self.process.poll() is None, (self.root / "server.log").read_text()[-2_000:]
                await pause(0.01)

    async def haunt(self, done: asyncio.Event) -> None:
        """Kill and start again until everything is posted, and at least as often as promised."""
        while self.kills < KILLS or not done.is_set():
            await self.ready()
            await pause(self.rng.uniform(0.0, 0.25))
            self.kill()
            self.start()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1


async def pause(seconds: float) -> None:
    """Real time passes here: what is tested is a process that dies in the middle of it."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(seconds, over.set_result, None)
    await over


class Poster:
    """LINE's webhooks for one user after the other's will; each event until it is taken."""

    def __init__(self, port: int, seed: int) -> None:
        self.url = f"http://127.0.0.1:{port}/line/shop"
        self.rng = random.Random(seed)
        self.posted = self.copies = self.again = 0

    async def user(self, http: aiohttp.ClientSession, number: int, events: int) -> None:
        for n in range(events):
            body = webhook(number, n)
            tries = 0
            while not await self.post(http, body, again=tries > 0):
                tries += 1
                await pause(0.02)
            self.posted += 1
            self.again += tries
            if self.rng.random() < 0.1:
                self.copies += await self.post(http, body, again=True)

    async def post(self, http: aiohttp.ClientSession, body: dict[str, object], *, again: bool) -> bool:
        event = body["events"][0]  # type: ignore[index]
        event["deliveryContext"]["isRedelivery"] = again
        raw = json.dumps(body).encode()
        headers = {"x-line-signature": sign(SECRET, raw), "content-type": "application/json"}
        try:
            async with http.post(self.url, data=raw, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


def user_id(number: int) -> str:
    return steady("U", f"kill:{number}")


def webhook(user: int, n: int) -> dict[str, object]:
    """Event `n` of a user: its text is its number, its reply token and id are its own."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    serial, name = user * 1_000_000 + n, ""
    for _ in range(26):
        serial, rest = divmod(serial, 32)
        name = digits[rest] + name
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": time.time_ns() // 1_000_000,
        "source": {"type": "user", "userId": user_id(user)},
        "webhookEventId": name,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{user:016x}{n:016x}",
        "message": {"id": f"{user + 1}{n:08d}", "type": "text", "text": str(n), "quoteToken": "q"},
    }
    return {"destination": "U" + "0" * 32, "events": [event]}


def answers(line: Line, user: int) -> list[str]:
    history = line.simulator.platform.chats.history("shop", user_id(user))
    return [str(said.message["text"]) for said in history if said.via in ("reply", "push")]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_every_event_is_answered_exactly_once(kind: str, tmp_path: Path, store_url: str) -> None:
    async with line_platform(bot(open=True, access_token="kill-test-token"), clock=None) as line:
        write(tmp_path, FLOWS)
        config = CONFIG.format(store=store_url, secret=SECRET, token="kill-test-token", api=line.url)
        (tmp_path / "noren.yaml").write_text(config)
        server = Server(tmp_path, free_port())
        server.start()
        poster, done = Poster(server.port, 7), asyncio.Event()
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
            await asyncio.wait_for(all_answered(line, each), 120)
        finally:
            haunting.cancel()
            os.kill(server.process.pid, signal.SIGTERM)  # type: ignore[union-attr]
            server.process.wait(40)  # type: ignore[union-attr]
        wrong = {u: answers(line, u) for u in range(USERS) if answers(line, u) != [str(n) for n in range(each)]}
        vias = [s.via for u in range(USERS) for s in line.simulator.platform.chats.history("shop", user_id(u))]
        print(
            f"\n{kind}: {server.kills} kills in {time.perf_counter() - started:.0f} s, {EVENTS} events, {poster.again} posted "
            f"again, {poster.copies} posted twice; answers {vias.count('reply')} by reply, {vias.count('push')} by push; "
            f"wrong sessions {len(wrong)}"
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
