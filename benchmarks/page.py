"""How quickly the page hears while many write: `python -m benchmarks.page [USERS] [SECONDS]`.

`noren dev` on the sample bot. One chat is in view: somebody there writes twice a second, and what counts is the time
from sending the message until the page's stream brings the bot's answer, and until the workbench's stream brings
the whole turn. Meanwhile the other users write, each once in three seconds; then all of them at the same moment.
Milliseconds of this machine, beside the same with nobody else.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.process import Server, free_port, start

EVERY = 3.0
"""Seconds between two messages of one of the others."""
OWN = 0.5
WORDS = ("hours", "hello", "book a table", "tomorrow", "2", "menu", "where are you?")


@dataclass
class Page:
    """The chat in view, with both streams the page follows."""

    base: str
    http: aiohttp.ClientSession
    server: Server
    user: str = ""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    event: str = ""

    async def post(self, path: str, **body: Any) -> Any:
        async with self.http.post(f"{self.base}/simulator/api{path}", json=body) as answer:
            return await answer.json(content_type=None)

    async def write(self, user: str, text: str) -> None:
        await self.post(f"/bots/shop/chats/{user}/messages", type="text", text=text)

    async def follow(self) -> None:
        """The simulator's stream: an answer of the bot in the chat in view."""
        async for kind, data in self._events("/stream"):
            if kind == "said" and data["chat"] == self.user and data["who"] == "bot":
                self.answered.set()

    async def follow_turns(self) -> None:
        async for kind, data in self._events("/workbench/stream"):
            if kind == "turn" and data["user"] == self.user and data["state"] == "done":
                self.told.set()

    async def _events(self, path: str) -> AsyncIterator[tuple[str, Any]]:
        kind = ""
        async with self.http.get(f"{self.base}/simulator/api{path}", timeout=aiohttp.ClientTimeout()) as stream:
            async for line in stream.content:
                if line.startswith(b"event: "):
                    kind = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    yield kind, json.loads(line[6:])

    async def once(self) -> tuple[float, float]:
        """Milliseconds until the answer, and until the turn."""
        self.answered.clear()
        self.told.clear()
        begun = time.perf_counter()
        await self.write(self.user, "hours")
        async with asyncio.timeout(30):
            await self.answered.wait()
            first = time.perf_counter()
            await self.told.wait()
        return (first - begun) * 1000, (time.perf_counter() - begun) * 1000


async def main() -> None:
    users = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    async with dev() as page:
        others = [(await page.post("/users", name=f"Guest {n}", language="en"))["id"] for n in range(users - 1)]
        page.user = (await page.post("/users", name="In view", language="en"))["id"]
        streams = [asyncio.create_task(page.follow()), asyncio.create_task(page.follow_turns())]
        await asyncio.sleep(0.5)
        await page.once()
        show("nobody else", await watched(page, seconds / 2))
        load = [asyncio.create_task(talking(page, user)) for user in others]
        await asyncio.sleep(EVERY)
        cpu, begun = page.server.cpu(), time.perf_counter()
        show(f"{len(others)} others, {len(others) / EVERY:.0f} messages a second", await watched(page, seconds))
        share = (page.server.cpu() - cpu) / (time.perf_counter() - begun)
        print(f"  the server was at work {100 * share:.0f} % of the time (one core is 100 %)")
        for task in load:
            task.cancel()
        await asyncio.gather(*load, return_exceptions=True)
        rounds = [await burst(page, others) for _ in range(5)]
        show(f"{len(others)} others at the same moment", rounds)
        for task in streams:
            task.cancel()
        await asyncio.gather(*streams, return_exceptions=True)


async def watched(page: Page, seconds: float) -> list[tuple[float, float]]:
    until, found = time.perf_counter() + seconds, []
    while time.perf_counter() < until:
        found.append(await page.once())
        await asyncio.sleep(OWN)
    return found


async def burst(page: Page, others: list[str]) -> tuple[float, float]:
    await asyncio.sleep(2)
    load = [asyncio.create_task(page.write(user, "hours")) for user in others]
    found = await page.once()
    await asyncio.gather(*load)
    return found


async def talking(page: Page, user: str) -> None:
    await asyncio.sleep(random.random() * EVERY)
    while True:
        await page.write(user, random.choice(WORDS))
        await asyncio.sleep(EVERY * (0.5 + random.random()))


def show(name: str, found: list[tuple[float, float]]) -> None:
    for what, times in (("answer", [one for one, _ in found]), ("turn", [one for _, one in found])):
        ordered = sorted(times)
        middle, late = statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(f"{name:45} {what:7} median {middle:6.1f} ms   p95 {late:6.1f} ms   of {len(ordered)}", flush=True)


async def running(page: Page) -> None:
    """Return when the bot is there; the simulator is up a little earlier."""
    for _ in range(200):
        async with page.http.get(f"{page.base}/simulator/api/workbench") as answer:
            if (await answer.json())["runtime"]["state"] == "running":
                return
        await asyncio.sleep(0.05)
    raise RuntimeError("the bot did not start")


@asynccontextmanager
async def dev() -> AsyncIterator[Page]:
    """`noren dev` on a copy of the sample bot."""
    with tempfile.TemporaryDirectory() as folder:
        root, (bot, line) = Path(folder), (free_port(), free_port())
        for name in ("flows", "transformers", "noren.yaml"):
            source = Path.cwd() / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
        arguments = ["runtime", "dev", "--root", str(root), "--port", str(bot), "--simulator-port", str(line)]
        server = await start(arguments, line, "/simulator/api/")
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
                page = Page(f"http://127.0.0.1:{line}", http, server)
                await running(page)
                yield page
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(main())
