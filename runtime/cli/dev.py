"""`noren dev`: the bot and LINE itself, on this machine, with no account."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

import click
from starlette.routing import BaseRoute

from runtime import app
from runtime.cli.project import Project, open_project, root_option
from runtime.cli.serve import SERVER
from runtime.cli.simulator import allow_host
from runtime.cli.told import Told
from runtime.errors import BadInput, FlowError, NorenError
from runtime.log import configure
from runtime.menus import sync_all
from runtime.running import Runtime
from runtime.settings import EndpointSettings, Settings, TokenSettings
from runtime.simulator.app import create
from runtime.simulator.clock import PlatformClock
from runtime.simulator.feed import Feed
from runtime.simulator.serve import listen
from runtime.simulator.state import Simulator
from runtime.simulator.values import Bot
from runtime.store.store import Store
from runtime.workbench.agent import prepared
from runtime.workbench.around import Pace, connect, parts
from runtime.workbench.bench import Bench, heard
from runtime.workbench.hotreload import HotReload
from runtime.workbench.life import Life
from runtime.workbench.record import Records
from runtime.workbench.routes import DESK, routes
from runtime.workbench.server import Server

HOST = "127.0.0.1"
LINE_PORT = 8001
LOOK_BACK = 20
LEVELS = ("debug", "info", "warning", "error")


@click.command()
@root_option
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the bot; noren.yaml's `port` otherwise.")
@click.option(
    "--simulator-port",
    type=click.IntRange(0, 65535),
    default=LINE_PORT,
    show_default=True,
    help="Port of the LINE platform.",
)
@click.option("--fresh", is_flag=True, help="Forget all earlier conversations first.")
@click.option("--open", "browser", is_flag=True, help="Show the page in the browser, if there is one.")
@allow_host
@click.option("--log-level", default="info", type=click.Choice(LEVELS), show_default=True, help="What is logged.")
def dev(
    root: Path,
    port: int | None,
    simulator_port: int,
    fresh: bool,
    browser: bool,
    hosts: tuple[str, ...],
    log_level: str,
) -> None:
    """Try the bot on this machine: endpoint, simulator, a page to chat on, reload.

    Credentials of noren.yaml are not used here: the simulator has its own, and nothing leaves this machine but
    what `http` steps fetch. Saved flow files and transformer functions are taken up at once.

    \b
    Example:
      noren dev
      noren dev --open
      noren dev --fresh --port 9000 --simulator-port 9001
    """
    begun = time.time()
    project = open_project(root, lenient=True)
    configure("plain", log_level)
    if fresh:
        forget(project)
    with listening(port if port is not None else project.settings.port) as bot, listening(simulator_port) as line:
        asyncio.run(Stage(project, bot, line, hosts=hosts, since=begun).run(browser=browser))


@dataclass
class Stage:
    """A bot and the simulated platform beside it, in one process and one loop."""

    project: Project
    bot: socket.socket
    line: socket.socket
    say: Callable[..., None] = click.secho
    hosts: Sequence[str] = ()
    since: float = field(default_factory=time.time)
    """When the files of `project` were read, in seconds."""

    @cached_property
    def told(self) -> Told:
        return Told(self.project.root, self.say)

    @property
    def bot_url(self) -> str:
        return f"http://{HOST}:{self.bot_port}"

    @cached_property
    def bot_port(self) -> int:
        return int(self.bot.getsockname()[1])

    @property
    def line_url(self) -> str:
        return f"http://{HOST}:{self.line.getsockname()[1]}"

    @property
    def page_url(self) -> str:
        return f"{self.line_url}/simulator/"

    async def run(self, until: asyncio.Event | None = None, *, browser: bool = False) -> None:
        """Serve both until a signal comes, or `until` is set."""
        stop = until or asyncio.Event()
        async with self.open(lenient=True):
            if until is None:
                for name in (signal.SIGINT, signal.SIGTERM):
                    asyncio.get_running_loop().add_signal_handler(name, stop.set)
            self._greet()
            if browser and not await asyncio.to_thread(shown, self.page_url):
                self.say(f"no browser could be started here; open {self.page_url}", fg="yellow")
            await self.told.first()
            await stop.wait()

    @contextlib.asynccontextmanager
    async def open(self, *, lenient: bool = False) -> AsyncIterator[Bench]:
        """Both servers running, files watched; closed in the order that loses nothing.

        `lenient` begins without the bot when its flows cannot be run, and waits for a save that mends them.
        """
        made: list[Bench] = []

        def more(simulator: Simulator) -> Sequence[BaseRoute]:
            made.append(self._bench(simulator))
            return routes(made[0])

        platform = create(hosts=self.hosts, more=more)
        [bench] = made
        self.told.heard = bench.judged

        def stage(project: Project) -> Settings:
            settings = self._staged(platform.simulator, project)
            bench.media = media_of(settings, self.bot_url)
            return settings

        await prepared(self.project, bench.life.settings, platform.simulator.clock.now())
        reload = HotReload(bench, stage, partial(self._after, bench), self.say, since=self.since)
        async with served(platform, self.line), bench.life.lived(reload.begin if lenient else None):
            watch = asyncio.create_task(reload.run())
            await reload.watching.wait()
            try:
                yield bench
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
                bench.feed.close()
                platform.simulator.platform.feed.close()

    def _bench(self, simulator: Simulator) -> Bench:
        feed, clock = Feed(), simulator.clock
        records, pace = Records(clock, lambda record: heard(feed, record)), Pace()

        def make(settings: Settings) -> Runtime:
            store = connect(settings.store, self.project.root, records)
            return app.build(self.project.root, settings, clock=clock, store=store, parts=parts(records, pace))

        def state(word: str) -> None:
            feed.publish("runtime", {"state": word})

        async def ready(runtime: Runtime) -> None:
            await go_on(clock, cast(Store, runtime.house.store))
            await self._menus(made)

        settings = self._staged(simulator, self.project)
        options = {**SERVER, "lifespan": "off"}
        life = Life(make, settings, self.bot, clock, server=options, heard=state, ready=ready)
        made = Bench(self.project, simulator, feed, records, life, pace, media=media_of(settings, self.bot_url))
        return made

    def _staged(self, simulator: Simulator, project: Project) -> Settings:
        """The settings of a project pointed at the simulator, which has their bots from then on."""
        settings, bots = staged(project, self.bot_url, self.line_url)
        platform = simulator.platform
        for bot in bots:
            if bot.name not in platform.accounts:
                platform.add_bot(bot)
        for name in set(platform.accounts) - {bot.name for bot in bots}:
            platform.drop_bot(name)
        return settings

    async def _after(self, bench: Bench) -> None:
        """What follows a save that was taken up."""
        if bench.reload is not None and bench.reload.ok:
            await self._menus(bench)
        await self.told.news(bench.reload.findings if bench.reload is not None else ())

    async def _menus(self, bench: Bench) -> None:
        """Bring the rich menus of the files to the simulator."""
        if bench.life.state != "running":
            return
        try:
            done = await sync_all(bench.life.runtime)
        except FlowError as error:
            self.say(f"rich menus: {error}", fg="red")
        except NorenError as error:  # a fault that somebody set, such as a 500
            self.say(f"the rich menus are not in the simulator: {error.message}", fg="yellow")
        else:
            changed = sum(len(report.lines) for report in done.values())
            if changed and bench.reload is not None:
                self.say(f"rich menus: {changed} change{'s' * (changed != 1)}", dim=True)

    def _greet(self) -> None:
        names = ", ".join(self.project.settings.endpoints) or "none"
        click.echo()
        click.secho("  noren dev", bold=True)
        click.echo(f"  page       {click.style(self.page_url, bold=True)}   chat with the bot in a browser")
        if self.project.settings.handover.workstreams:
            address = click.style(f"{self.line_url}{DESK}", bold=True)
            click.echo(f"  desk       {address}      answer people yourself, signed in")
        click.echo(f"  bot        {self.bot_url}/line/…   (endpoints: {names})")
        click.echo(f"  simulator  {self.line_url}/simulator/api/   LINE on this machine")
        where = "" if self.line.getsockname()[1] == LINE_PORT else f" --line {self.line_url}"
        click.echo(f"  talk       noren chat --root {self.project.root}{where}   in another terminal\n")


def media_of(settings: Settings, bot_url: str) -> dict[str, str] | None:
    """Where the page finds the bot's own media: LINE's rules want https in links, and this server has none."""
    public = settings.public_url.rstrip("/")
    return {"from": public, "to": bot_url} if public and public != bot_url else None


async def go_on(clock: PlatformClock, store: Store) -> None:
    """Let time go on where it stood: it may have been turned forward, and no conversation goes back in time."""
    last = [row["done_at"] or row["accepted"] for row in await store.list_events(limit=LOOK_BACK)]
    behind = max(last, default=0) - clock.now()
    if behind > 0:
        clock.advance(behind)


@contextlib.asynccontextmanager
async def served(asgi: Any, sock: socket.socket) -> AsyncIterator[None]:
    """A web server while the block runs, leaving signals to its caller."""
    server = Server(asgi, sock, {**SERVER, "lifespan": "on"})
    await server.start()
    try:
        yield
    finally:
        await server.stop()


def shown(url: str) -> bool:
    """Whether a browser took the address. On Linux without a display there is none that anybody would see."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    return webbrowser.open(url)


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A listening socket on that port (0: any free one). Raises `BadInput` when it is taken."""
    try:
        sock = listen(HOST, port)
    except OSError as error:
        raise BadInput(
            f"port {port} is taken ({error.strerror}); choose another with --port or --simulator-port"
        ) from None
    with sock:
        yield sock


def staged(project: Project, bot_url: str, line_url: str) -> tuple[Settings, Sequence[Bot]]:
    """The settings with every endpoint pointed at the simulator, and the bots the simulator needs for that."""
    bots = [
        Bot(name=name, webhook_url=f"{bot_url}/line/{name}", redelivery=True).complete()
        for name in project.settings.endpoints
    ]
    endpoints = {bot.name: _pointed(project.settings.endpoints[bot.name], bot, line_url) for bot in bots}
    store = f"sqlite:///{project.hidden / 'dev.db'}"
    public = project.settings.public_url or bot_url.replace("http:", "https:", 1)  # what the rules want of links
    return replace(project.settings, endpoints=endpoints, store=store, public_url=public), bots


def _pointed(endpoint: EndpointSettings, bot: Bot, line_url: str) -> EndpointSettings:
    token = TokenSettings(long_lived=bot.access_token)
    return replace(
        endpoint, channel_secret=bot.channel_secret, access_token="", token=token, api=line_url, api_data=line_url
    )


def forget(project: Project) -> None:
    """Delete the store of earlier `dev` runs."""
    for path in project.hidden.glob("dev.db*"):
        path.unlink()
