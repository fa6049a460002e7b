"""A bot that dies at a chosen point of an event's life and is started again.

A point is the moment before or after a transaction, and before or after a word to LINE. Here death is a runtime of
which nothing more happens: whatever it wanted to do next never returns. LINE delivers again what was not
answered with 200. Every scenario is played again and again, dying one point later each time, until it is through.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from runtime import app
from runtime.line.webhook import sign
from runtime.model import Message
from runtime.running import Runtime
from runtime.simulator import taps
from runtime.simulator.values import Bot, Said
from runtime.store import Store
from runtime.store.postgres import Postgres
from runtime.store.sqlite import Sqlite
from tests.clock import ManualClock
from tests.line_platform import MAI, Line, bot, platform, request
from tests.world import START, line_served, settings, write

COUNTED = {"accept", "direct", "commit", "settle", "fail", "release"}
"""Transactions of an event's life; `claim` is left out, for how often it finds nothing is chance."""
CONFIG = """worker: {attempts: 2, backoff: 1s, poll: 500ms}
endpoints: {shop: {languages: [en], loading: 0, profile: false, session: {expire: 0}, trouble: Sorry. MORE}}
"""


class Fate:
    """Counts points, and ends the life of a runtime at the chosen one."""

    def __init__(self, last: int) -> None:
        self.last, self.passed = last, 0
        self.died = asyncio.Event()
        self.where = ""

    async def point(self, where: str) -> None:
        if not self.died.is_set():
            self.passed += 1
            if self.passed == self.last:
                self.where = where
                self.died.set()
        if self.died.is_set():
            await asyncio.Future()

    async def around(self, name: str, doing: Callable[[], Awaitable[Any]]) -> Any:
        await self.point(f"before {name}")
        result = await doing()
        await self.point(f"after {name}")
        return result


class MortalFile(Sqlite):
    fate: Fate

    def write(self, make: Any, *args: Any, orphan: Any = None) -> Any:
        return mortal(self.fate, make, lambda: super(MortalFile, self).write(make, *args, orphan=orphan))


class MortalServer(Postgres):
    fate: Fate

    def write(self, make: Any, *args: Any, orphan: Any = None) -> Any:
        return mortal(self.fate, make, lambda: super(MortalServer, self).write(make, *args, orphan=orphan))


def mortal(fate: Fate, make: Any, doing: Callable[[], Awaitable[Any]]) -> Awaitable[Any]:
    name = make.__name__
    if name in COUNTED:
        return fate.around(name, doing)
    return forever() if fate.died.is_set() and name != "leave" else doing()


async def forever() -> None:
    await asyncio.Future()


@dataclass(frozen=True, slots=True)
class MortalChannel:
    """The LINE channel with points around everything it says to LINE and every file it deletes."""

    channel: Any
    fate: Fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self.channel, name)

    async def send(self, *args: Any, **more: Any) -> Any:
        return await self.fate.around("send", lambda: self.channel.send(*args, **more))

    async def button(self, *args: Any) -> Any:
        return await self.fate.around("button", lambda: self.channel.button(*args))

    async def forget(self, *args: Any) -> Any:
        return await self.fate.around("forget", lambda: self.channel.forget(*args))

    async def keep_content(self, *args: Any) -> Any:
        return await self.fate.around("keep_content", lambda: self.channel.keep_content(*args))


@dataclass(slots=True)
class House:
    """A bot that lives as often as it has to, LINE around it, time by hand."""

    root: Path
    url: str
    config: str
    line: Line
    clock: ManualClock
    fate: Fate = field(default_factory=lambda: Fate(0))
    runtime: Runtime | None = None
    asleep: int = 0
    """For how long it stays dead."""
    deaths: list[str] = field(default_factory=list)
    next_deaths: list[int] = field(default_factory=list)

    async def start(self, last: int = 0) -> None:
        self.fate = Fate(last)
        path = self.url.removeprefix("sqlite:///")
        base: Any = MortalFile(Path(path)) if path != self.url else MortalServer(self.url)
        base.fate = self.fate
        made = settings(self.config, self.line.url, None, (bot(),))
        made = replace(made, public_url="https://bot.example")
        self.runtime = app.build(self.root, made, clock=self.clock, store=Store(base))
        endpoints: Any = self.runtime.house.endpoints
        for name, endpoint in endpoints.items():
            endpoints[name] = replace(endpoint, channel=MortalChannel(endpoint.channel, self.fate))
        await self.runtime.start()

    async def bury(self) -> None:
        """What the system does with a process that was killed: its sockets and locks are gone."""
        runtime = self.runtime
        assert runtime is not None
        assert runtime.worker is not None
        self.fate.died.set()
        worker: Any = runtime.worker
        tasks = [worker._loop_task, *worker._lanes.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runtime._close_desk(sign_off=False)
        await runtime.fetcher.close()
        await runtime.client.close()
        await runtime.house.store._base.close()  # type: ignore[attr-defined]  # of the store we made

    async def revived(self) -> None:
        """Buried and started again when it has died."""
        if self.fate.died.is_set():
            self.deaths.append(self.fate.where)
            await self.bury()
            self.clock.turn(self.asleep)
            await self.start(self.next_deaths.pop(0) if self.next_deaths else 0)

    async def event(self, happens: Callable[[], Any]) -> dict[str, Any]:
        """What the user does, as LINE's event."""
        before = {hook.id for hook in self.line.simulator.hooks.of("shop")}
        happens()
        [event] = [h.event for h in self.line.simulator.hooks.of("shop") if h.id not in before]
        return event

    async def post(self, *events: dict[str, Any]) -> None:
        """A webhook, delivered until it is answered with 200."""
        again = False
        while not await self.taken(events, again):
            await self.revived()
            again = True

    async def taken(self, events: tuple[dict[str, Any], ...], again: bool) -> bool:
        told = [{**event, "deliveryContext": {"isRedelivery": again}} for event in events]
        raw = json.dumps({"destination": "U" + "0" * 32, "events": told}).encode()
        secret = self.line.simulator.platform.account("shop").bot.channel_secret
        assert self.runtime is not None
        hook: Any = request(self.runtime.asgi, "POST", "/line/shop", raw, {"x-line-signature": sign(secret, raw)})  # type: ignore[arg-type]  # any ASGI application
        answer = asyncio.create_task(hook)
        died = asyncio.create_task(self.fate.died.wait())
        await asyncio.wait({answer, died}, return_when=asyncio.FIRST_COMPLETED)
        died.cancel()
        if answer.done():
            return bool((await answer).status == 200)
        answer.cancel()
        return False

    async def tap(self) -> None:
        """The button under the bot's latest message."""

        def tap() -> None:
            account = self.line.simulator.platform.account("shop")
            taps.tap(self.line.simulator.acts, account, MAI, {"index": 0})

        await self.post(await self.event(tap))
        await self.settle()

    async def say(self, text: str) -> None:
        event = await self.event(lambda: self.send({"type": "text", "text": text}))
        await self.post(event)
        await self.settle()

    async def until_done(self, doing: Callable[[], Awaitable[Any]]) -> None:
        """Something from outside that is tried again in each life until it is through; then all that follows."""
        while True:
            await self.revived()
            task = asyncio.ensure_future(doing())
            died = asyncio.create_task(self.fate.died.wait())
            await asyncio.wait({task, died}, return_when=asyncio.FIRST_COMPLETED)
            died.cancel()
            if task.done():
                await task
                return await self.settle()
            task.cancel()

    def send(self, message: Message) -> None:
        self.line.simulator.acts.send(self.line.simulator.platform.account("shop"), MAI, message, "")

    async def settle(self) -> None:
        """Everything that is due is done, however often it takes a new life."""
        while True:
            await self.revived()
            runtime = self.runtime
            assert runtime is not None
            assert runtime.worker is not None
            store: Any = runtime.house.store
            counts = await store.counts(self.clock.now())
            if self.fate.died.is_set():
                continue
            if not counts["backlog"] and not counts["at_work"] and not runtime.worker._lanes:
                return
            runtime.worker.nudge()
            await asyncio.sleep(0)

    async def turn(self, ms: int) -> None:
        until = self.clock.now() + ms
        while True:
            await self.settle()
            assert self.runtime is not None
            due = await self.runtime.house.store.next_due(self.clock.now())
            step = until if due is None else min(max(due, self.clock.now()), until)
            self.clock.turn(step - self.clock.now())
            await self.settle()
            if self.clock.now() >= until:
                return

    def answers(self) -> list[Said]:
        history = self.line.simulator.platform.chats.history("shop", MAI)
        return [one for one in history if one.via in ("reply", "push")]

    def texts(self) -> list[str]:
        return [str(one.message.get("text", one.message["type"])) for one in self.answers()]

    def vias(self) -> list[str]:
        return [one.via for one in self.answers()]


@asynccontextmanager
async def house(root: Path, url: str, files: Mapping[str, str], more: str, who: Bot) -> AsyncIterator[House]:
    write(root, files)
    clock = ManualClock(START)
    line = platform(replace(who, hold=True), clock=clock)
    async with line_served(line) as served:
        line.url = served
        made = House(root, url, CONFIG.replace(" MORE", more), line, clock)
        await made.start()
        try:
            yield made
        finally:
            await made.bury()


Scenario = Callable[[House], Awaitable[None]]


@dataclass(slots=True)
class Play:
    """A scenario, with a death at each of its points in turn, or at each and again at each of what follows."""

    root: Path
    files: Mapping[str, str]
    scenario: Scenario
    expected: Callable[[House], None]
    url: str = "sqlite"
    prelude: Scenario | None = None
    more: str = ""
    who: Bot = field(default_factory=bot)
    asleep: int = 0

    async def deaths(self) -> list[str]:
        """Where it died, each once."""
        found: list[str] = []
        for last in range(1, 200):
            died = await self.once(last)
            if not died:
                return found
            found += died
        raise AssertionError("it dies without end")

    async def twice(self) -> int:
        """In how many lives it died twice."""
        lives = 0
        for first in range(1, 200):
            for second in range(1, 200):
                died = await self.once(first, second)
                if not died:
                    return lives
                if len(died) == 1:
                    break
                lives += 1
        raise AssertionError("it dies without end")

    async def once(self, *lasts: int) -> list[str]:
        place = self.root / "-".join(map(str, lasts))
        place.mkdir()
        async with store_for(self.url, place) as url, house(place, url, self.files, self.more, self.who) as h:
            h.asleep = self.asleep
            if self.prelude:
                await self.prelude(h)
            h.fate.last = h.fate.passed + lasts[0]
            h.next_deaths = list(lasts[1:])
            await self.scenario(h)
            h.fate.last = 0
            try:
                self.expected(h)
            except AssertionError as error:
                raise AssertionError(f"having died {' and '.join(h.deaths) or 'never'}: {error}") from None
            return h.deaths


@asynccontextmanager
async def store_for(url: str, place: Path) -> AsyncIterator[str]:
    """An empty store for one life."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{place}/noren.db"
        return
    import asyncpg

    server, _, schema = url.partition("?search_path=")
    name = f"{schema}_{place.name.replace('-', '_')}"
    base = await asyncpg.connect(server)
    await base.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{server}?search_path={name}"
    finally:
        await base.execute(f"DROP SCHEMA {name} CASCADE")
        await base.close()
