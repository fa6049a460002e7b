"""A bot and LINE in one process: everything of production but the sockets, the files and the waiting."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runtime import app
from runtime.errors import NorenError
from runtime.flow.tree import Flows
from runtime.line.client import Limits
from runtime.line.richmenu_sync import file_of
from runtime.menus import sync_all
from runtime.pipeline import compiled
from runtime.running import Runtime
from runtime.settings import EndpointSettings, Settings, TokenSettings
from runtime.settings.handover import ProviderSettings
from runtime.simulator.account import Account
from runtime.simulator.app import create
from runtime.simulator.state import Simulator
from runtime.simulator.values import Bot, Said
from runtime.store.memory import Memory
from runtime.store.store import Store
from runtime.transcript.clock import HandClock
from runtime.transcript.mocks import Mock, MockedHttp, Mocks
from runtime.transcript.others import Others
from runtime.transcript.wires import HOOKS, SECURE, ToBot, ToLine
from runtime.worker import Worker

BOT_URL = "https://bot.test"
MEDIA_KEY = "links are the same in every run"
SEED = 7
ROUNDS = 1_000
"""Times that something may fall due at one and the same moment."""
QUIET = 30
"""Steps of the loop after which nobody goes on by themselves any more."""

Compile = Callable[[Mapping[str, str], EndpointSettings], Flows]


@dataclass(slots=True)
class Stage:
    """A bot on stage. `clock` is everybody's time; `look` has the desk look after what waits, `next_look` tells when
    it would do so for no other reason than time."""

    simulator: Simulator
    runtime: Runtime
    clock: HandClock
    mocks: Mocks
    bot: str
    others: Others
    look: Callable[[], Awaitable[bool]] | None = None
    next_look: Callable[[], int | None] = lambda: None

    @property
    def account(self) -> Account:
        return self.simulator.platform.account(self.bot)

    @property
    def store(self) -> Store:
        store = self.runtime.house.store
        assert isinstance(store, Store)
        return store

    @property
    def worker(self) -> Worker:
        assert self.runtime.worker is not None
        return self.runtime.worker

    @property
    def flows(self) -> Flows:
        return self.runtime.house.endpoints[self.bot].book.current

    @property
    def settings(self) -> EndpointSettings:
        return self.runtime.house.endpoints[self.bot].settings

    def said(self, chat: str) -> list[Said]:
        """What the bot said in a chat, oldest first."""
        history = self.simulator.platform.chats.history(self.bot, chat, limit=100_000)
        return [one for one in history if one.who == "bot" and one.via != "note"]

    def menu(self, user: str) -> str:
        """The file that the rich menu somebody sees was made of, or `none`."""
        shown = self.account.menus.shown(user) if user else None
        return file_of(str(shown.object.get("name", ""))) if shown is not None else "none"

    async def settle(self) -> None:
        """Return when everything that follows from what happened is done. Raises `NorenError` when that never ends."""
        for _ in range(ROUNDS):
            await self._quiet()
            if not await self._due() and not (self.look is not None and await self.look()) and not await self._due():
                return
            self.worker.nudge()
            await asyncio.sleep(0)
        raise NorenError("the bot does not come to rest: it sets one timer after the other for this very moment")

    async def _due(self) -> bool:
        """Whether there is something to do now, or somebody has just begun to."""
        due = await self.store.next_due(self.clock.now())
        return self.worker.busy > 0 or (due is not None and due <= self.clock.now())

    async def _idle(self) -> None:
        await self.simulator.hooks.idle()
        await self.worker.idle()

    async def _quiet(self) -> None:
        """No lane runs. Where a mock takes its time, time is turned to where it is done."""
        work = asyncio.ensure_future(self._idle())
        rounds = 0
        while not work.done():
            await asyncio.sleep(0)
            rounds += 1
            if rounds % QUIET:
                continue
            if self.mocks.waiting and (due := self.clock.next_due) is not None:
                self.clock.turn_to(due)
            elif rounds > QUIET:
                await asyncio.wait({work}, timeout=0.001)  # a function of the bot runs in a thread of its own
        await work

    async def turn_to(self, moment: int) -> None:
        """Let time pass, stopping wherever something falls due."""
        while self.clock.now() < moment:
            due, look = await self.store.next_due(self.clock.now()), self.next_look()
            soon = min((at for at in (due, look) if at is not None), default=moment)
            self.clock.turn_to(min(max(soon, self.clock.now()), moment))
            await self.settle()

    async def dossier(self) -> list[dict[str, Any]]:
        """The events that were worked or parked, each with its trace, oldest first."""
        rows = await self.store.list_events(None, None, 100_000)
        return [await self.store.show_event(row["id"]) for row in reversed(rows) if row["state"] != "due"]


@contextlib.asynccontextmanager
async def staged(
    root: Path,
    settings: Settings,
    *,
    bot: str,
    now: int,
    mocks: Sequence[Mock] = (),
    flows: Compile = compiled,
    content: Path | None = None,
) -> AsyncIterator[Stage]:
    """The bot of a folder on stage. Raises `BadInput` for whatever is wrong with its files."""
    clock, hook = HandClock(now), ToBot()
    bots = [_account(name) for name in settings.endpoints]
    line = create(bots=bots, clock=clock, post=hook, seed=SEED)
    made = _pointed(settings, bots)
    world = Mocks(mocks, clock)
    others = Others(made.handover.providers, made.handover.default)
    parts = app.Parts(
        client=ToLine(line),
        fetcher=MockedHttp(world, made.http, made.connections),
        flows=flows,
        effects=lambda effects: others.around(world.around(effects)),
        content=content,
    )
    runtime = app.build(root, made, clock=clock, limits=Limits(), store=Store(Memory()), parts=parts)
    hook.bot = runtime.asgi
    stage = Stage(line.simulator, runtime, clock, world, bot, others)
    await stage.store.open()
    await stage.worker.start()
    await sync_all(runtime)
    try:
        yield stage
    finally:
        await line.simulator.close()
        await runtime.stop()


def _account(name: str) -> Bot:
    return Bot(name=name, webhook_url=HOOKS + name, display_name=name).complete()


def _pointed(settings: Settings, bots: Sequence[Bot]) -> Settings:
    """The settings with every endpoint pointed at the simulated LINE, and other systems without address and secrets.

    None of them is called: see `others`.
    """
    endpoints = {}
    for bot in bots:
        token = TokenSettings(long_lived=bot.access_token)
        endpoints[bot.name] = replace(
            settings.endpoints[bot.name],
            channel_secret=bot.channel_secret,
            access_token="",
            token=token,
            api=SECURE,
            api_data=SECURE,
        )
    public = settings.public_url or BOT_URL
    providers = {name: _nowhere(name, one) for name, one in settings.handover.providers.items()}
    people = replace(settings.handover, providers=providers)
    return replace(settings, endpoints=endpoints, public_url=public, media_key=MEDIA_KEY, handover=people)


def _nowhere(name: str, provider: ProviderSettings) -> ProviderSettings:
    """A provider that is there by its name and kind alone."""
    return ProviderSettings(
        type=provider.type, url=f"https://{name}.test", timeout=provider.timeout, account=1, inbox=1
    )
