"""The whole house in one process: real HTTP both ways, a real store, LINE simulated, time by hand.

async with world(tmp_path, {"flows/hello.yaml": HELLO}) as w:
    await w.say("hello")
    assert w.texts() == ["Hi!"]
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.lifespan.on import LifespanOn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from runtime import app
from runtime.line.client import Limits
from runtime.model import Message, Session
from runtime.project import settings_of
from runtime.running import Runtime
from runtime.settings import Settings, TokenSettings
from runtime.simulator.account import Account
from runtime.simulator.faults import Fault
from runtime.simulator.serve import listen
from runtime.simulator.values import Bot, Said
from runtime.store import Store
from tests.clock import ManualClock
from tests.line_platform import KEN, MAI, Line, platform
from tests.line_platform import bot as line_bot

CONFIG = "endpoints: {shop: {languages: [en], loading: 0}}\n"
START = 1_800_000_000_000
LIMITS = Limits()


@dataclass(slots=True)
class World:
    """A bot, LINE, and the people around them."""

    line: Line
    runtime: Runtime
    clock: ManualClock
    url: str
    errors: list[str] = field(default_factory=list)

    async def say(self, text: str, *, user: str = MAI, chat: str = "", settle: bool = True, bot: str = "shop") -> Said:
        """Somebody writes; returns when everything that follows from it is done."""
        return await self.send({"type": "text", "text": text}, user=user, chat=chat, settle=settle, bot=bot)

    async def send(
        self, message: Mapping[str, Any], *, user: str = MAI, chat: str = "", settle: bool = True, bot: str = "shop"
    ) -> Said:
        (said,) = self.line.simulator.acts.send(self.account(bot), chat or user, dict(message), user if chat else "")
        if settle:
            await self.settle()
        return said

    def account(self, bot: str = "shop") -> Account:
        return self.line.simulator.platform.account(bot)

    async def delivered(self) -> None:
        """Webhooks answered; what follows from them may still be under way."""
        await self.line.simulator.hooks.idle()

    async def tap(self, label: str, *, user: str = MAI, chat: str = "", **more: Any) -> None:
        path = f"/bots/shop/chats/{chat or user}/tap"
        await self.line.control("POST", path, label=label, **({"user": user} if chat else {}), **more)
        await self.settle()

    async def settle(self) -> None:
        """Webhooks sent, events worked, answers given."""
        worker = self.runtime.worker
        assert worker is not None
        while True:
            await self.line.simulator.hooks.idle()
            await worker.idle()
            counts = await self.store.counts(self.clock.now())
            if not counts["backlog"] and not counts["at_work"]:
                return await worker.idle()
            worker.nudge()
            await asyncio.sleep(0)

    async def until(self, true: Callable[[], object]) -> None:
        """Let everything else run until this is so."""
        async with asyncio.timeout(30):
            while not true():  # noqa: ASYNC110  # what is waited for happens all over the house
                await asyncio.sleep(0)

    @property
    def busy(self) -> int:
        """How many sessions are worked on now."""
        return self.runtime.worker.busy if self.runtime.worker else 0

    async def pass_time(self, true: Callable[[], object], *, step: int = 250, most: int = 60_000) -> int:
        """Let at most `most` ms pass while others work, until this is so; how much did.

        For work that itself waits for time. Disk and network take real time, for which the clock stands still.
        """
        passed = 0
        async with asyncio.timeout(30):
            while True:
                spins, until = 300, time.monotonic() + 0.02  # the store's thread waits its turn on a busy machine
                while spins > 0 or time.monotonic() < until:
                    if true():
                        return passed
                    await asyncio.sleep(0)
                    spins -= 1
                if passed < most:
                    self.clock.turn(step)
                    passed += step

    async def turn(self, ms: int) -> None:
        """Let time pass, stopping wherever something falls due."""
        until = self.clock.now() + ms
        while True:
            await self.settle()
            due = await self.runtime.house.store.next_due(self.clock.now())
            step = until if due is None else min(max(due, self.clock.now()), until)
            self.clock.turn(step - self.clock.now())
            await self.settle()
            if self.clock.now() >= until:
                return

    def said(self, chat: str = MAI, bot: str = "shop") -> list[Said]:
        """What stands in a chat, both sides."""
        return self.line.simulator.platform.chats.history(bot, chat)

    def answers(self, chat: str = MAI, bot: str = "shop") -> list[Said]:
        return [one for one in self.said(chat, bot) if one.via in ("reply", "push", "multicast", "broadcast")]

    def messages(self, chat: str = MAI, bot: str = "shop") -> list[Message]:
        return [one.message for one in self.answers(chat, bot)]

    def texts(self, chat: str = MAI, bot: str = "shop") -> list[str]:
        return [str(m.get("text", m.get("altText", m["type"]))) for m in self.messages(chat, bot)]

    def vias(self, chat: str = MAI, bot: str = "shop") -> list[str]:
        """How each answer came: reply or push."""
        return [one.via for one in self.answers(chat, bot)]

    def calls(self, path: str) -> list[Any]:
        """The requests the platform got at a path."""
        return [row for row in self.line.simulator.journal.since(0) if path in str(row)]

    def count(self, path: str) -> int:
        """How many requests to LINE's API had this in their path."""
        return len(self.line.simulator.journal.since(0, way="api", path=path))

    def fault(self, kind: str, path: str = "*", **more: Any) -> Fault:
        """Bad weather at LINE; see docs/reference/simulator.md."""
        return self.line.simulator.faults.add(Fault(kind=kind, path=path, **more))

    @property
    def store(self) -> Any:
        """The store with what operators ask of it."""
        return self.runtime.house.store

    async def events(self, state: str | None = None) -> list[dict[str, Any]]:
        """Rows of the inbox, oldest first."""
        return list(reversed(await self.store.list_events(state, None, 1_000)))

    async def outbox(self, state: str | None = None) -> list[dict[str, Any]]:
        """Deliveries, oldest first."""
        return list(reversed(await self.store.list_outbox(state, None, 1_000)))

    async def sent(self) -> list[tuple[str, str, int]]:
        """State, way and billed count of each delivery, oldest first."""
        return [(row["state"], row["via"], row["billed"]) for row in await self.outbox()]

    async def session(self, chat: str = MAI, bot: str = "shop") -> Session:
        found: Session | None = await self.store.load_session(f"{bot}:{chat}")
        assert found is not None
        return found

    async def transcript(self, chat: str = MAI, bot: str = "shop") -> list[tuple[str, str, str]]:
        """Who, kind and text of each line of the transcript."""
        rows = await self.store.transcript(f"{bot}:{chat}", 1_000, None)
        return [(row["who"], row["kind"], row["text"]) for row in rows]


def settings(
    text: str, line: str, changes: Callable[[Settings], Settings] | None = None, bots: Sequence[Bot] = ()
) -> Settings:
    """A noren.yaml whose endpoints all talk to the simulated platform, each as the bot of its name."""
    made = settings_of(text, {})
    accounts = {bot.name: bot.complete() for bot in bots}
    shop = line_bot().complete()
    endpoints = {
        name: replace(
            endpoint,
            channel_secret=endpoint.channel_secret or accounts.get(name, shop).channel_secret,
            token=TokenSettings(long_lived=accounts.get(name, shop).access_token),
            api=line,
            api_data=line,
        )
        for name, endpoint in made.endpoints.items()
    }
    made = replace(made, endpoints=endpoints)
    return changes(made) if changes else made


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@asynccontextmanager
async def world(
    root: Path,
    files: Mapping[str, str],
    *,
    config: str = CONFIG,
    store: str | Store = "",
    changes: Callable[[Settings], Settings] | None = None,
    bots: Sequence[Bot] = (line_bot(),),
    limits: Limits = LIMITS,
    **platform_options: Any,
) -> AsyncIterator[World]:
    """A world with a bot made of these files; closed with everything finished."""
    write(root, files)
    clock = ManualClock(START)
    line = platform(*bots, clock=clock, **{"post": None, **platform_options})
    async with line_served(line) as url:
        line.url = url
        made = settings(config, url, changes, bots)
        url = store if isinstance(store, str) and store else f"sqlite:///{root}/world.db"
        made = replace(made, store=url, public_url=made.public_url or "https://bot.example")
        given = None if isinstance(store, str) else store
        runtime = app.build(root, made, clock=clock, limits=limits, store=given)
        listener = listen("127.0.0.1", 0)
        bot_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        for bot in bots:
            line.simulator.platform.change_bot(bot.name, webhook_url=f"{bot_url}/line/{bot.name}")
        async with served(runtime, listener):
            yield World(line, runtime, clock, bot_url)


@asynccontextmanager
async def served(runtime: Runtime, listener: socket.socket) -> AsyncIterator[None]:
    """The runtime behind a listening socket."""
    async with at_door(runtime.asgi, listener):
        yield


@asynccontextmanager
async def line_served(line: Line) -> AsyncIterator[str]:
    """The simulated platform on a free port; gives its base URL."""
    listener = listen("127.0.0.1", 0)
    async with at_door(line.app, listener):
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            line.simulator.platform.feed.close()


@asynccontextmanager
async def at_door(asgi: Any, listener: socket.socket) -> AsyncIterator[None]:
    """uvicorn's protocol and lifespan without its server, which looks only every 100 ms whether to go on."""
    config = uvicorn.Config(
        asgi, log_config=None, access_log=False, lifespan="on", server_header=False, proxy_headers=False
    )
    config.load()
    lifespan, state = LifespanOn(config), ServerState()
    await lifespan.startup()
    assert not lifespan.should_exit, "the application did not start"

    def protocol() -> Any:
        return HttpToolsProtocol(config=config, server_state=state, app_state=lifespan.state)

    server = await asyncio.get_running_loop().create_server(protocol, sock=listener)
    try:
        yield
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(state.tasks, timeout=0.5)
            for task in late:
                task.cancel()
        await lifespan.shutdown()


__all__ = ["KEN", "MAI", "World", "line_served", "served", "settings", "world", "write"]
