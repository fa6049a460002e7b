"""`noren dev`: the bot and LINE itself, on this machine, with no account."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import click
import uvicorn

from runtime import app
from runtime.cli.project import Project, open_project, root_option
from runtime.cli.serve import SERVER
from runtime.errors import BadInput, FlowError, StoreError
from runtime.log import configure
from runtime.settings import EndpointSettings, Settings, TokenSettings
from runtime.simulator.app import create
from runtime.simulator.clock import PlatformClock
from runtime.simulator.serve import Inside, listen
from runtime.simulator.values import Bot
from runtime.store.store import Store

HOST = "127.0.0.1"
LINE_PORT = 8001
WATCHED = frozenset({".yaml", ".yml", ".csv", ".json", ".py"})
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
@click.option("--log-level", default="info", type=click.Choice(LEVELS), show_default=True, help="What is logged.")
def dev(root: Path, port: int | None, simulator_port: int, fresh: bool, log_level: str) -> None:
    """Try the bot on this machine: endpoint, simulator, reload.

    Credentials of noren.yaml are not used here: the simulator has its own, and nothing leaves this machine but
    what `http` steps fetch. Saved flow files and transformer functions are taken up at once.

    \b
    Example:
      noren dev
      noren dev --fresh --port 9000 --simulator-port 9001
    """
    project = open_project(root, lenient=True)
    configure("plain", log_level)
    if fresh:
        forget(project)
    with listening(port if port is not None else project.settings.port) as bot, listening(simulator_port) as line:
        asyncio.run(Stage(project, bot, line).run())


@dataclass
class Stage:
    """A bot and the simulated platform beside it, in one process and one loop."""

    project: Project
    bot: socket.socket
    line: socket.socket
    say: Callable[..., None] = click.secho

    @property
    def bot_url(self) -> str:
        return f"http://{HOST}:{self.bot.getsockname()[1]}"

    @property
    def line_url(self) -> str:
        return f"http://{HOST}:{self.line.getsockname()[1]}"

    async def run(self, until: asyncio.Event | None = None) -> None:
        """Serve both until a signal comes, or `until` is set."""
        stop = until or asyncio.Event()
        async with self.open():
            if until is None:
                for name in (signal.SIGINT, signal.SIGTERM):
                    asyncio.get_running_loop().add_signal_handler(name, stop.set)
            self._greet()
            await stop.wait()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[app.Runtime]:
        """Both servers running, files watched; closed in the order that loses nothing."""
        settings, bots = staged(self.project, self.bot_url, self.line_url)
        platform = create(bots=bots)
        runtime = app.build(self.project.root, settings, clock=platform.simulator.clock)
        async with served(platform, self.line), started(runtime), served(runtime.asgi, self.bot, lifespan="off"):
            await go_on(platform.simulator.clock, cast(Store, runtime.house.store))
            watch = asyncio.create_task(self._reload(runtime))
            try:
                yield runtime
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
                platform.simulator.platform.feed.close()

    async def _reload(self, runtime: app.Runtime) -> None:
        """Take up what is saved; a broken edit is told and the last good version goes on."""
        from watchfiles import awatch

        folders = {self.project.root / endpoint.flows for endpoint in self.project.settings.endpoints.values()}
        folders |= {self.project.root / "transformers", self.project.root / "noren.yaml"}
        async for changes in awatch(*(f for f in folders if f.exists()), step=50, debounce=100, recursive=True):
            names = sorted({Path(path).name for _, path in changes if Path(path).suffix in WATCHED})
            if not names:
                continue
            if any(name == "noren.yaml" for name in names):
                self.say("noren.yaml changed: restart to take it up", fg="yellow")
            try:
                await runtime.reload()
            except FlowError as error:
                for finding in error.findings:
                    self.say(f"{finding.at}: {finding.severity}: {finding.message}", fg="red")
                    if finding.fix:
                        self.say(f"    fix: {finding.fix}")
                self.say("the last good version goes on", fg="yellow")
            except BadInput as error:
                self.say(f"{error}; the last good version goes on", fg="red")
            else:
                self.say(f"reloaded {', '.join(names)}", fg="green", dim=True)

    def _greet(self) -> None:
        names = ", ".join(self.project.settings.endpoints) or "none"
        click.echo()
        click.secho("  noren dev", bold=True)
        click.echo(f"  bot        {self.bot_url}/line/…   (endpoints: {names})")
        click.echo(f"  simulator  {self.line_url}/simulator/api/   LINE on this machine")
        where = "" if self.line.getsockname()[1] == LINE_PORT else f" --line {self.line_url}"
        click.echo(f"  talk       noren chat --root {self.project.root}{where}   in another terminal\n")


@contextlib.asynccontextmanager
async def started(runtime: app.Runtime) -> AsyncIterator[None]:
    """The runtime at work while the block runs. Raises `BadInput` when its store cannot be worked on."""
    try:
        await runtime.start()
    except StoreError as error:
        raise BadInput(error.message) from None
    try:
        yield
    finally:
        await runtime.stop()


async def go_on(clock: PlatformClock, store: Store) -> None:
    """Let time go on where it stood: it may have been turned forward, and no conversation goes back in time."""
    last = [row["done_at"] or row["accepted"] for row in await store.list_events(limit=LOOK_BACK)]
    behind = max(last, default=0) - clock.now()
    if behind > 0:
        clock.advance(behind)


@contextlib.asynccontextmanager
async def served(asgi: Any, sock: socket.socket, lifespan: str = "on") -> AsyncIterator[None]:
    """A uvicorn server while the block runs, leaving signals to its caller."""
    server = Inside(uvicorn.Config(asgi, **{**SERVER, "lifespan": lifespan}, timeout_graceful_shutdown=5))
    task = asyncio.create_task(server.serve(sockets=[sock]))
    up = asyncio.create_task(server.up.wait())
    await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
    up.cancel()
    if task.done():
        raise BadInput("the server could not start; the log says why")
    try:
        yield
    finally:
        server.should_exit = True
        await task


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
