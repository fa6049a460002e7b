"""LINE's platform for tests: in-process over ASGI, or on a real port.

async with line_platform(bot(webhook_url=url)) as line:
    await line.control("POST", "/users", name="Mai")
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.app import SimulatorApp, create
from runtime.simulator.ids import steady
from runtime.simulator.serve import serving
from runtime.simulator.state import Simulator
from runtime.simulator.values import Bot, Group, User
from tests.clock import ManualClock

MAI = steady("U", "user:Mai")
KEN = steady("U", "user:Ken")
CLUB = steady("C", "group:Club")
LOUNGE = steady("R", "room:Lounge")
HOOK = "http://bot.test/line/shop"
START = 1_800_000_000_000
Turned = ManualClock


def bot(name: str = "shop", **changes: Any) -> Bot:
    return Bot(name=name, **changes)


@dataclass(slots=True)
class Caught:
    """A bot's webhook: keeps what it gets and answers as told (200 when nothing is)."""

    answers: list[int | Exception] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def __call__(self, url: str, data: bytes, headers: Mapping[str, str]) -> int:
        self.bodies.append(data)
        self.headers.append(headers)
        if self.gate:
            await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for data in self.bodies for event in json.loads(data)["events"]]


@dataclass(slots=True)
class Reply:
    """An answer of the simulator."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.raw)


@dataclass(slots=True)
class Line:
    """A platform in this process. `url` is set when it also listens on a port."""

    app: SimulatorApp
    caught: Caught
    url: str = ""

    @property
    def simulator(self) -> Simulator:
        return self.app.simulator

    def token(self, name: str = "shop") -> str:
        return self.simulator.platform.account(name).bot.access_token

    async def api(self, method: str, path: str, body: Any = None, *, bot: str = "shop", **headers: str) -> Reply:
        """A call to LINE's API as the bot would make it."""
        given = {"authorization": f"Bearer {self.token(bot)}"} if bot else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            given.setdefault("content-type", "application/json")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return await request(self.app, method, path, raw, given)

    async def control(self, method: str, path: str, /, **body: Any) -> Any:
        """A call to the control API; what it answers, which must be no error."""
        answer = await self.asked(method, path, **body)
        assert answer.status < 400, answer.raw
        return answer.data

    async def asked(self, method: str, path: str, /, **body: Any) -> Reply:
        raw = json.dumps(body).encode() if body else b""
        return await request(self.app, method, f"/simulator/api{path}", raw, {"host": "simulator.test"})

    async def say(self, text: str = "hello", *, chat: str = MAI, user: str = "", bot: str = "shop") -> dict[str, Any]:
        """A person writes; the event that the bot gets."""
        account = self.simulator.platform.account(bot)
        said = self.simulator.acts.send(account, chat, {"type": "text", "text": text}, user)[0]
        await self.simulator.hooks.idle()
        return self.event(said.id)

    def event(self, message: str) -> dict[str, Any]:
        hooks = [h for name in self.simulator.platform.accounts for h in self.simulator.hooks.of(name)]
        return next(h.event for h in hooks if h.event.get("message", {}).get("id") == message)


async def request(app: SimulatorApp, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """One HTTP request, straight into the app."""
    path, _, query = path.partition("?")
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": ""}
    scope |= {"query_string": query.encode(), "headers": pairs, "http_version": "1.1", "scheme": "http"}
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": body}]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    raw = b"".join(message.get("body", b"") for message in sent[1:])
    return Reply(sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, raw)


def platform(*bots: Bot, clock: ManualClock | None = None, **options: Any) -> Line:
    """A platform in this process with Mai and Ken, who are friends of every bot, and a group and a room of both."""
    caught = Caught()
    options.setdefault("post", caught)
    app = create(bots=bots or (bot(webhook_url=HOOK),), clock=clock or ManualClock(), seed=7, **options)
    people = app.simulator.platform.people
    people.add_user(User(id=MAI, name="Mai", language="th"))
    people.add_user(User(id=KEN, name="Ken", language="ja", picture="https://example.com/ken.png"))
    people.add_group(Group(id=CLUB, kind="group", name="Club", members=(MAI, KEN)))
    people.add_group(Group(id=LOUNGE, kind="room", name="Lounge", members=(MAI, KEN)))
    return Line(app, caught)


@asynccontextmanager
async def line_platform(*bots: Bot, **options: Any) -> AsyncIterator[Line]:
    """The same on a free port of this machine, with webhooks over HTTP."""
    line = platform(*bots, **{"post": None, **options})
    async with serving(line.app) as url:
        line.url = url
        yield line
