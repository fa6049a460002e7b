"""Several processes on one PostgreSQL store, killed without warning: one answer to everything, in order.

LINE is played by this process, as in `test_kill.py`; here there are always several servers, and each event of a
user goes to another one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import pytest

from runtime.clock import SystemClock
from runtime.line.webhook import sign
from runtime.simulator.ids import steady
from runtime.simulator.serve import listen
from runtime.simulator.values import User
from runtime.store import Store, connect
from runtime.store.postgres import Postgres
from tests.line_platform import Line, bot, line_platform
from tests.store.values import NOW, event
from tests.world import write

pytestmark = [pytest.mark.anyio, pytest.mark.faults, pytest.mark.postgres]

SECRET, TOKEN = "workers-test-secret", "workers-test-token"
FLOWS = {"flows/echo.yaml": 'flow: echo\nfallback:\n  - say: "{{ input.text }}"\n'}
CONFIG = """store: {store}
log_level: {level}
worker: {{poll: 200ms, grace: 5s}}
endpoints:
  shop:
    channel_secret: {secret}
    access_token: {token}
    profile: false
    loading: 0
    session: {{expire: 0}}
    api: {api}
    api_data: {api}
"""


@dataclass(slots=True)
class Process:
    """One `noren serve`, and how to get another one in its place."""

    root: Path
    args: Sequence[str] = ()
    port: int = 0
    running: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.root / f"server-{self.port}.log"

    def start(self) -> None:
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "runtime", "serve", "--root", str(self.root), "--port", str(self.port)]
        with self._log.open("ab") as log:
            self.running = subprocess.Popen([*command, *self.args], stdout=log, stderr=log)

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            return
                assert self.running is not None
                assert self.running.poll() is None, self.log[-2_000:]
                await pause(0.02)

    async def gone(self) -> None:
        """Nobody answers any more: the workers ended with the process that started them."""
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{self.port}/healthz"):
                        pass
                except aiohttp.ClientConnectorError:
                    return
                except aiohttp.ClientError:
                    continue
                await pause(0.05)

    def end(self, with_signal: signal.Signals = signal.SIGKILL) -> int:
        assert self.running is not None
        self.running.send_signal(with_signal)
        return self.running.wait(60)


@dataclass(slots=True)
class Crowd:
    """Users of a bot that several processes serve."""

    root: Path
    line: Line
    servers: list[Process]
    users: int
    rng: random.Random = field(default_factory=lambda: random.Random(11))

    async def ready(self) -> None:
        await asyncio.gather(*(server.ready() for server in self.servers))

    async def talk(self, events: int, doors: Sequence[Process]) -> None:
        """Each user says 0, 1, 2 …, each once the one before was taken, to one server after the other."""
        timeout = aiohttp.ClientTimeout(5)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), timeout=timeout) as http:
            await asyncio.gather(*(self._one(http, user, events, doors) for user in range(self.users)))

    async def _one(self, http: aiohttp.ClientSession, user: int, events: int, doors: Sequence[Process]) -> None:
        turns = itertools.cycle(doors[user % len(doors) :] + doors[: user % len(doors)])  # type: ignore[operator]  # lists
        for n in range(events):
            happened = self.happens(user_id(user), str(n))
            await pause(self.rng.uniform(0, 0.2))
            while not await self.post(http, next(turns), happened):
                happened["deliveryContext"]["isRedelivery"] = True
                await pause(0.05)
            if self.rng.random() < 0.2:
                await self.post(http, next(turns), happened)

    def happens(self, user: str, text: str) -> dict[str, Any]:
        simulator = self.line.simulator
        (said,) = simulator.acts.send(simulator.platform.account("shop"), user, {"type": "text", "text": text}, "")
        return self.line.event(said.id)

    async def post(self, http: aiohttp.ClientSession, server: Process, event: dict[str, Any]) -> bool:
        raw = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
        headers = {"x-line-signature": sign(SECRET, raw), "content-type": "application/json"}
        url = f"http://127.0.0.1:{server.port}/line/shop"
        try:
            async with http.post(url, data=raw, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def answers(self, user: int) -> list[str]:
        history = self.line.simulator.platform.chats.history("shop", user_id(user))
        return [str(said.message["text"]) for said in history if said.via in ("reply", "push")]

    def wrong(self, events: int) -> dict[int, list[str]]:
        wanted = [str(n) for n in range(events)]
        return {user: self.answers(user) for user in range(self.users) if self.answers(user) != wanted}

    async def all_answered(self, events: int, seconds: float = 30) -> None:
        with suppress(TimeoutError):  # what is missing is told by `wrong`
            async with asyncio.timeout(seconds):
                while any(len(self.answers(user)) < events for user in range(self.users)):
                    await pause(0.05)


@asynccontextmanager
async def crowd(
    root: Path,
    store: str,
    *roles: Sequence[str],
    users: int = 20,
    level: str = "error",
    more: str = "",
    flows: dict[str, str] = FLOWS,
) -> AsyncIterator[Crowd]:
    async with line_platform(bot(hold=True, access_token=TOKEN), clock=SystemClock()) as line:
        for number in range(users):
            line.simulator.platform.people.add_user(User(id=user_id(number), name=f"User {number}"))
        write(root, flows)
        config = CONFIG.format(store=store, secret=SECRET, token=TOKEN, api=line.url, level=level)
        (root / "noren.yaml").write_text(config + more)
        servers = [Process(root, args) for args in roles]
        try:
            for server in servers:
                server.start()
            made = Crowd(root, line, servers, users)
            await made.ready()
            yield made
        finally:
            for server in servers:
                if server.running is not None:
                    server.end()


def user_id(number: int) -> str:
    return steady("U", f"workers:{number}")


def free_port() -> int:
    with listen("127.0.0.1", 0) as one:
        return int(one.getsockname()[1])


async def pause(seconds: float) -> None:
    """Real time passes here: what is tested are processes that die in the middle of it."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), seconds)


async def haunt(servers: Sequence[Process], done: asyncio.Event, rng: random.Random) -> int:
    """Kill one after the other and start it again, as long as there is talk."""
    for kills, server in enumerate(itertools.cycle(servers), 1):
        await pause(rng.uniform(0.1, 0.6))
        server.end()
        server.start()
        await server.ready()
        if done.is_set():
            return kills
    raise AssertionError("a cycle does not end")


async def test_processes_that_die_in_turn(tmp_path: Path, postgres_schema: str) -> None:
    events = 40
    async with crowd(tmp_path, postgres_schema, (), ()) as c:
        done = asyncio.Event()
        haunting = asyncio.create_task(haunt(c.servers, done, c.rng))
        await c.talk(events, c.servers)
        done.set()
        kills = await haunting
        await c.all_answered(events)
        assert c.wrong(events) == {}
        assert kills >= 4


async def test_receiving_and_working_apart(tmp_path: Path, postgres_schema: str) -> None:
    events = 30
    worker = ("--role", "worker")
    async with crowd(tmp_path, postgres_schema, ("--role", "web"), worker, worker) as c:
        web, *workers = c.servers
        done = asyncio.Event()
        haunting = asyncio.create_task(haunt(workers, done, c.rng))
        await c.talk(events, [web])
        done.set()
        kills = await haunting
        await c.all_answered(events)
        assert c.wrong(events) == {}
        assert kills >= 2
        async with aiohttp.ClientSession() as http:
            happened = c.happens(user_id(0), "to a worker")
            assert not await c.post(http, workers[0], happened), "a worker takes no webhooks"


async def test_workers_of_one_command(tmp_path: Path, postgres_schema: str) -> None:
    events = 20
    async with crowd(tmp_path, postgres_schema, ("--workers", "2"), level="info") as c:
        [server] = c.servers
        await c.talk(events, [server])
        await c.all_answered(events)
        assert c.wrong(events) == {}
        assert server.end(signal.SIGTERM) == 0
        assert server.log.count(" stopped") == 2
        assert "Traceback" not in server.log
        server.start()
        await server.ready()
        server.end(signal.SIGKILL)
        await server.gone()


@pytest.mark.parametrize("store", ["noren.db", "sqlite:///noren.db", "postgresql://nobody@127.0.0.1:9/nothing"])
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_start_that_fails_is_told_in_a_line(tmp_path: Path, store: str, workers: str) -> None:
    write(tmp_path, FLOWS)
    config = CONFIG.format(store=store, secret=SECRET, token=TOKEN, api="http://127.0.0.1:9", level="info")
    (tmp_path / "noren.yaml").write_text(config)
    first, second = Process(tmp_path, ("--workers", "1")), Process(tmp_path, ("--workers", workers))
    if "9" not in store:
        first.start()
        await first.ready()
    try:
        second.start()
        assert second.running is not None
        assert second.running.wait(30) == 2
        assert "Traceback" not in second.log
        assert any(word in second.log for word in ("PostgreSQL", "is being worked on by process"))
    finally:
        if first.running is not None:
            first.end()


async def test_stopping_without_a_store(tmp_path: Path, postgres_schema: str) -> None:
    async with wired(postgres_schema) as (wire, url), crowd(tmp_path, url, (), users=1) as c:
        [server] = c.servers
        await c.talk(1, [server])
        await c.all_answered(1)
        wire.server.close()
        for number in range(len(wire.pairs)):
            wire.cut(number)
        assert await asyncio.to_thread(server.end, signal.SIGTERM) in (0, -signal.SIGTERM)
        server.running = None


@dataclass(slots=True)
class Wire:
    """A way to a server whose connections can fall silent: the far end is closed, the near end never learns of it."""

    host: str
    port: int
    server: Any = None
    pairs: list[tuple[asyncio.StreamWriter, asyncio.Task[None], asyncio.StreamWriter]] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far, onwards = await asyncio.open_connection(self.host, self.port)
        back = asyncio.create_task(carry(far, writer))
        self.pairs.append((onwards, back, writer))
        await carry(reader, onwards)
        back.cancel()
        writer.close()

    def silence(self, number: int) -> None:
        onwards, back, _ = self.pairs[number]
        back.cancel()
        onwards.close()

    def cut(self, number: int) -> None:
        self.silence(number)
        self.pairs[number][2].close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "", parts.port or 5432)
    wire.server = server = await asyncio.start_server(wire, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield wire, urlunsplit(parts._replace(netloc=f"postgres@127.0.0.1:{port}"))
    finally:
        server.close()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            if not writer.is_closing():
                writer.write(data)
    writer.close()


async def test_a_connection_that_fell_silent_is_made_anew(postgres_schema: str) -> None:
    async with wired(postgres_schema) as (wire, url):
        store, other = Store(Postgres(url, patience=0.3)), connect(postgres_schema)
        await store.open()
        await other.open()
        await store.join("one")
        await other.join("two")
        [_] = await store.accept([event("e1")], worker="one", now=NOW)
        wire.silence(1)  # the connection that tells we are alive; the first one carries transactions
        while not await other.sweep():
            await pause(0.01)
        assert await other.claim("two", NOW) is not None, "whoever seems dead loses what it holds"
        await store.sweep()
        [_] = await store.accept([event("e2", "U2")], worker="one", now=NOW)
        assert await other.sweep() == 0, "one is alive again"
        await other.release("shop:U1", worker="two")
        assert await store.wait(2_000), "and hears of news"
        await other.close()
        await store.close()
