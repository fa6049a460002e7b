"""A bot under `noren dev` in this process: both servers on free ports, the workbench's routes called over HTTP.

async with bench(tmp_path, {"flows/hello.yaml": HELLO}) as b:
    await b.say("hello")
    assert (await b.get("/sessions/shop:U…"))["at"]["step"] == "steps[1]"
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from runtime.cli.dev import Stage, listening
from runtime.project import open_project
from runtime.simulator.state import Simulator
from runtime.simulator.values import Said, User
from runtime.workbench.bench import Bench
from tests.line_platform import KEN, MAI
from tests.world import write

CONFIG = "endpoints: {shop: {languages: [en], loading: 0, channel_secret: '${SECRET}', access_token: '${TOKEN}'}}\n"
PATIENCE = 20


@dataclass
class Desk:
    """The bot, LINE, and the page's side of the workbench."""

    stage: Stage
    bench: Bench
    http: aiohttp.ClientSession
    said: list[str] = field(default_factory=list)

    @property
    def simulator(self) -> Simulator:
        return self.bench.simulator

    @property
    def root(self) -> Path:
        return self.bench.root

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of a route of the workbench."""
        url = f"{self.stage.line_url}/simulator/api/workbench{path}"
        async with self.http.request(method, url, json=body) as answer:
            raw = await answer.read()
            plain = answer.content_type in ("application/json", "application/problem+json")
            return answer.status, json.loads(raw) if plain else raw.decode()

    async def get(self, path: str) -> Any:
        return await self.done("GET", path)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.done("POST", path, body)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        status, found = await self.ask(method, path, body)
        assert status < 400, found
        return found

    async def control(self, method: str, path: str, **body: Any) -> Any:
        """A route of the simulator's own."""
        url = f"{self.stage.line_url}/simulator/api{path}"
        async with self.http.request(method, url, json=body or None) as answer:
            found = await answer.json(content_type=None)
            assert answer.status < 400, found
            return found

    async def say(self, text: str, *, user: str = MAI, settle: bool = True) -> Said:
        account = self.simulator.platform.account("shop")
        (said,) = self.simulator.acts.send(account, user, {"type": "text", "text": text}, "")
        if settle:
            await self.settle()
        return said

    async def settle(self) -> None:
        """Webhooks sent, events worked, answers given."""
        await self.simulator.hooks.idle()
        worker = self.bench.life.runtime.worker
        assert worker is not None
        async with asyncio.timeout(PATIENCE):
            while True:
                await worker.idle()
                counts = await self.bench.life.store.counts(self.simulator.clock.now())
                if not counts["backlog"] and not counts["at_work"]:
                    return
                worker.nudge()
                await asyncio.sleep(0)

    async def until(self, true: Callable[[], object]) -> None:
        """Let everything else run until this is so."""
        async with asyncio.timeout(PATIENCE):
            while not true():  # noqa: ASYNC110  # what is waited for happens all over the house
                await asyncio.sleep(0)

    def texts(self, user: str = MAI) -> list[str]:
        """What the bot said to somebody."""
        history = self.simulator.platform.chats.history("shop", user)
        answers = [one.message for one in history if one.via in ("reply", "push")]
        return [str(one.get("text", one.get("altText", one["type"]))) for one in answers]

    async def saved(self, files: Mapping[str, str | None]) -> dict[str, Any]:
        """Save files (None removes one) and wait until that is taken up or refused; the page's news of it."""
        before = self.bench.reload
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        await self.until(lambda: self.bench.reload is not before)
        found: dict[str, Any] = (await self.get(""))["reload"]
        return found


@asynccontextmanager
async def bench(
    root: Path, files: Mapping[str, str], *, config: str = CONFIG, lenient: bool = False
) -> AsyncIterator[Desk]:
    """A running desk; Mai and Ken are friends of the bot. `lenient` begins without a bot that cannot be run."""
    write(root, {"noren.yaml": config, **files})
    said: list[str] = []
    with listening(0) as bot, listening(0) as line:
        stage = Stage(open_project(root, lenient=True), bot, line, say=lambda text, **style: said.append(text))
        async with stage.open(lenient=lenient) as made, aiohttp.ClientSession() as http:
            people = made.simulator.platform.people
            people.add_user(User(id=MAI, name="Mai", language="en"))
            people.add_user(User(id=KEN, name="Ken", language="ja"))
            yield Desk(stage, made, http, said)
