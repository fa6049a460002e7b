"""How quickly desks hear and agents answer: `python -m benchmarks.desk [--postgres[=URL]] [CASES] [AGENTS] [SECONDS]`.

`noren serve` with SQLite, or in a new database of a PostgreSQL server, and a stub of LINE's API. Every agent has a desk
open and as many cases as the others. Users write ten times a second; what counts is the time from a webhook's first
byte until the desk of the case's agent has the message, and from an agent's answer until the stub has it, above a round
trip to the stub. Then the desk of somebody who is offered a case closes, and the time counts until somebody else is
offered it. Beside that stands the processor time that the server took for each message.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from benchmarks.load import SECRET, TOKEN, Stub, StubBook, request, webhook
from benchmarks.process import LOAD_CPU, Server, free_port, start

PASSWORD = "a password for measuring"
CONFIG = """store: {store}
log_level: warning
endpoints: {{shop: {{channel_secret: {secret}, access_token: {token}, api: "{api}", api_data: "{api}",
  profile: false, loading: 0, languages: [en]}}}}
handover:
  queues: {{general: {{}}}}
  workstreams: {{support: {{queues: [general], timers: {{wrap_up: 0}}, distribution: {{accept_within: 60s}}}}}}
"""
FLOW = """flow: help
start: [{keyword: help}]
steps: [{handover: {}}]
"""


@dataclass
class Desk:
    """One agent's open page."""

    http: aiohttp.ClientSession
    url: str
    id: str = ""
    csrf: str = ""
    heard: dict[str, float] = field(default_factory=dict)
    offers: list[tuple[str, float]] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        headers = {"x-noren-csrf": self.csrf, "origin": self.url}
        async with self.http.request(
            method, f"{self.url}/desk/api{path}", json=body or None, headers=headers
        ) as answer:
            told = await answer.json(content_type=None)
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {told}")
            return told

    async def follow(self) -> None:
        kind = ""
        async with self.http.get(f"{self.url}/desk/api/stream", timeout=aiohttp.ClientTimeout(total=None)) as answer:
            async for raw in answer.content:
                line = raw.decode().rstrip()
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: ") and kind == "note":
                    self._take(json.loads(line[6:]))

    def _take(self, note: dict[str, Any]) -> None:
        now = time.perf_counter()
        if note["type"] == "message.received":
            self.heard[note["data"]["text"]] = now
        elif note["type"] == "offer.made":
            self.offers.append((note["data"]["agent"], now))


async def main(cases: int, agents: int, seconds: int, postgres: str = "") -> None:
    book, stub_port, port = StubBook(), free_port(), free_port()
    loop = asyncio.get_running_loop()
    await (await loop.create_server(lambda: Stub(book), "127.0.0.1", stub_port)).start_serving()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flows").mkdir()
        (folder / "flows" / "help.yaml").write_text(FLOW)
        store, api = postgres or f"sqlite:///{folder}/noren.db", f"http://127.0.0.1:{stub_port}"
        (folder / "noren.yaml").write_text(CONFIG.format(store=store, secret=SECRET, token=TOKEN, api=api))
        server = await start(["runtime", "serve", "--port", str(port), "--root", str(folder)], port, "/readyz", folder)
        try:
            await measure(folder, f"http://127.0.0.1:{port}", book, server, cases, agents, seconds)
            print(f"server: {server.cpu():.1f} s of CPU, {server.memory():.0f} MB")
        finally:
            server.stop()


async def measure(
    folder: Path, url: str, book: StubBook, server: Server, cases: int, agents: int, seconds: int
) -> None:
    desks = await opened(folder, url, agents)
    try:
        owners = await shared(desks, url, cases)
        print(f"{len(owners)} live cases, {agents} agents with an open desk")
        begun = server.cpu()
        sent = await heard(desks, owners, url, seconds)
        between = server.cpu()
        await answered(desks, owners, book)
        each = (between - begun) * 1000 / sent, (server.cpu() - between) * 1000 / len(owners)
        print(f"  {'server: CPU of each':28} {each[0]:.1f} ms heard by {agents} desks, {each[1]:.1f} ms answered")
        await rerouted(desks, url, cases)
    finally:
        for one in desks:
            if one.task is not None:
                one.task.cancel()
            await one.http.close()


async def opened(folder: Path, url: str, agents: int) -> list[Desk]:
    """Accounts, sign-ins and streams."""
    command = [sys.executable, "-m", "runtime", "desk", "code", "--root", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    code = await asyncio.to_thread(subprocess.check_output, command, env=environment, text=True)
    desks = []
    for number in range(agents):
        jar = aiohttp.CookieJar(unsafe=True)
        desks.append(Desk(aiohttp.ClientSession(cookie_jar=jar), url))
        mail = f"a{number}@example.com"
        if not number:
            words = {"code": code.strip(), "name": "First"}
            me = await desks[0].ask("POST", "/setup", email=mail, password=PASSWORD, **words)
        else:
            account = {"email": mail, "name": f"Agent {number}", "password": PASSWORD}
            await desks[0].ask("POST", "/agents", role="agent", queues=["general"], capacity=100, **account)
            me = await desks[-1].ask("POST", "/sign-in", email=mail, password=PASSWORD)
        desks[-1].id, desks[-1].csrf = me["agent"]["id"], me["csrf"]
        desks[-1].task = asyncio.create_task(desks[-1].follow())
    return desks


async def shared(desks: list[Desk], url: str, cases: int) -> dict[int, tuple[Desk, str]]:
    """Every user asks for help; the agents take their cases in turn: user → desk and case."""
    for number in range(1, cases + 1):
        await post(desks[0].http, url, webhook(number, 10**9, "help"))
    rows: list[dict[str, Any]] = []
    while len(rows) < cases:
        rows = (await desks[0].ask("GET", "/cases?view=queue&limit=500"))["cases"]
        await asyncio.sleep(0.05)
    owners: dict[int, tuple[Desk, str]] = {}
    for number, row in enumerate(rows):
        one = desks[number % len(desks)]
        await one.ask("POST", f"/cases/{row['id']}/acts", do="claim")
        owners[int(row["session"].partition(":U")[2], 16)] = (one, row["id"])
    return owners


async def post(http: aiohttp.ClientSession, url: str, body: bytes) -> None:
    head = request("/line/shop", body).partition(b"\r\n\r\n")[0].decode()
    signature = head.partition("x-line-signature: ")[2].partition("\r\n")[0]
    async with http.post(f"{url}/line/shop", data=body, headers={"x-line-signature": signature}) as answer:
        answer.raise_for_status()


async def heard(desks: list[Desk], owners: dict[int, tuple[Desk, str]], url: str, seconds: int) -> int:
    """How many messages users wrote."""
    users, sent = sorted(owners), {}
    for number in range(seconds * 10):
        user, text = users[number % len(users)], f"message {number}"
        sent[text] = (owners[user][0], time.perf_counter())
        await post(desks[0].http, url, webhook(user, 10**9, text, base=10**12 + number * 10**6))
        await asyncio.sleep(max(0.0, 0.1 - (time.perf_counter() - sent[text][1])))
    await asyncio.sleep(1)
    times = [(one.heard[text] - at) * 1000 for text, (one, at) in sent.items() if text in one.heard]
    tell("user's message → desk", times, len(sent))
    return len(sent)


async def answered(desks: list[Desk], owners: dict[int, tuple[Desk, str]], book: StubBook) -> None:
    times = []
    for number, (one, case) in enumerate(owners.values()):
        book.expect(1)
        begun = time.perf_counter()
        asking = asyncio.create_task(one.ask("POST", f"/cases/{case}/reply", messages=[{"text": f"answer {number}"}]))
        async with asyncio.timeout(5):
            await book.enough.wait()
        times.append((book.arrivals[0] - begun) * 1000)
        await asking
    tell("agent's answer → LINE", times, len(owners))


async def rerouted(desks: list[Desk], url: str, cases: int) -> None:
    for one in desks[1:3]:
        await one.ask("PUT", "/presence", status="online")
    await post(desks[0].http, url, webhook(cases + 2, 10**9, "help"))
    async with asyncio.timeout(5):
        while not desks[0].offers:  # noqa: ASYNC110  # the stream fills it
            await asyncio.sleep(0.01)
    first = desks[0].offers[0][0]
    [gone] = [one for one in desks if one.id == first]
    assert gone.task is not None
    begun = time.perf_counter()
    gone.task.cancel()
    async with asyncio.timeout(5):
        while len(desks[0].offers) < 2:  # noqa: ASYNC110  # the stream fills it
            await asyncio.sleep(0.005)
    print(f"  {'desk closed → offered on':28} {(desks[0].offers[1][1] - begun) * 1000:7.1f} ms")


def tell(name: str, times: list[float], count: int) -> None:
    times.sort()
    slow = times[int(len(times) * 0.95)]
    middle = statistics.median(times)
    print(
        f"  {name:28} p50 {middle:7.1f} ms   p95 {slow:7.1f} ms   max {times[-1]:7.1f} ms   ({len(times)} of {count})"
    )


@contextlib.asynccontextmanager
async def database(server: str) -> AsyncIterator[str]:
    """The address of a new database of a server, dropped afterwards."""
    import asyncpg

    name = f"noren_bench_{secrets.token_hex(4)}"
    base = await asyncpg.connect(server)
    try:
        await base.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        await base.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await base.close()


async def on(server: str, given: list[int]) -> None:
    async with database(server) if server else contextlib.nullcontext("") as url:
        await main(*given, url)


if __name__ == "__main__":
    named = [one for one in sys.argv[1:] if one.startswith("--postgres")]
    where = named[0].partition("=")[2] or "postgresql://postgres@127.0.0.1:5432/postgres" if named else ""
    numbers = [int(one) for one in sys.argv[1:] if one.isdecimal()][:3]
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {LOAD_CPU})
    asyncio.run(on(where, numbers + [200, 40, 20][len(numbers) :]))
