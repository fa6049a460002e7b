"""The whole house in one process: real HTTP both ways, a real store, LINE simulated, time by hand.

async with world(tmp_path, {"flows/hello.yaml": HELLO}) as w:
    await w.say("hello")
    assert w.texts() == ["Hi!"]
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn

from runtime import app
from runtime.model import Message
from runtime.project import settings_of
from runtime.settings import Settings, TokenSettings
from runtime.simulator.serve import Inside, serving
from runtime.simulator.values import Said
from tests.clock import ManualClock
from tests.line_platform import KEN, MAI, Line, platform
from tests.line_platform import bot as line_bot

CONFIG = "endpoints: {shop: {languages: [en], loading: 0}}\n"
START = 1_800_000_000_000


@dataclass(slots=True)
class World:
    """A bot, LINE, and the people around them."""

    line: Line
    runtime: app.Runtime
    clock: ManualClock
    url: str
    errors: list[str] = field(default_factory=list)

    async def say(self, text: str, *, user: str = MAI, chat: str = "", settle: bool = True) -> None:
        """Somebody writes; returns when everything that follows from it is done."""
        await self.send({"type": "text", "text": text}, user=user, chat=chat, settle=settle)

    async def send(self, message: Mapping[str, Any], *, user: str = MAI, chat: str = "", settle: bool = True) -> None:
        account = self.line.simulator.platform.account("shop")
        self.line.simulator.acts.send(account, chat or user, dict(message), user if chat else "")
        if settle:
            await self.settle()

    async def tap(self, label: str, *, user: str = MAI, chat: str = "", **more: Any) -> None:
        path = f"/bots/shop/chats/{chat or user}/tap"
        await self.line.control("POST", path, label=label, **({"user": user} if chat else {}), **more)
        await self.settle()

    async def settle(self) -> None:
        """Webhooks sent, events worked, answers given."""
        while True:
            await self.line.simulator.hooks.idle()
            worker = self.runtime.worker
            assert worker is not None
            await worker.idle()
            due = await self.runtime.house.store.next_due(self.clock.now())
            if due is None or due > self.clock.now():
                return
            worker.nudge()
            await asyncio.sleep(0)

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

    def said(self, chat: str = MAI) -> list[Said]:
        """What stands in a chat, both sides."""
        return self.line.simulator.platform.chats.history("shop", chat)

    def answers(self, chat: str = MAI) -> list[Said]:
        return [one for one in self.said(chat) if one.via in ("reply", "push", "multicast", "broadcast")]

    def messages(self, chat: str = MAI) -> list[Message]:
        return [one.message for one in self.answers(chat)]

    def texts(self, chat: str = MAI) -> list[str]:
        return [str(m.get("text", m.get("altText", m["type"]))) for m in self.messages(chat)]

    def calls(self, path: str) -> list[Any]:
        """The requests the platform got at a path."""
        return [row for row in self.line.simulator.journal.since(0) if path in str(row)]


def settings(text: str, line: str, changes: Callable[[Settings], Settings] | None = None) -> Settings:
    """A noren.yaml whose endpoints all talk to the simulated platform."""
    made = settings_of(text, {})
    account = line_bot().complete()
    endpoints = {
        name: replace(
            endpoint,
            channel_secret=endpoint.channel_secret or account.channel_secret,
            token=TokenSettings(long_lived=account.access_token),
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
    store: str = "",
    changes: Callable[[Settings], Settings] | None = None,
    **platform_options: Any,
) -> AsyncIterator[World]:
    """A world with a bot made of these files; closed with everything finished."""
    write(root, files)
    clock = ManualClock(START)
    line = platform(line_bot(), clock=clock, **{"post": None, **platform_options})
    async with serving(line.app) as url:
        line.url = url
        made = settings(config, url, changes)
        made = replace(
            made, store=store or f"sqlite:///{root}/world.db", public_url=made.public_url or "https://bot.example"
        )
        runtime = app.build(root, made, clock=clock)
        listener = socket.create_server(("127.0.0.1", 0))
        bot_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        line.simulator.platform.change_bot("shop", webhook_url=f"{bot_url}/line/shop")
        async with served(runtime, listener):
            yield World(line, runtime, clock, bot_url)


@asynccontextmanager
async def served(runtime: app.Runtime, listener: socket.socket) -> AsyncIterator[None]:
    server = Inside(
        uvicorn.Config(runtime.asgi, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=2)
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await server.up.wait()
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await task
        listener.close()


__all__ = ["KEN", "MAI", "World", "served", "settings", "world", "write"]
