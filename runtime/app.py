"""The composition root: the only file that knows every class. Settings and files in, a running house out."""

from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing.connection
import os
import secrets
import signal
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runtime import store as stores
from runtime import web
from runtime.clock import SystemClock
from runtime.errors import NorenError
from runtime.fetch import Fetcher
from runtime.flow.tree import Flows
from runtime.flow.versions import Book
from runtime.line.channel import line_channel
from runtime.line.client import Client, Limits
from runtime.line.content import Contents
from runtime.line.gaps import OnGap
from runtime.line.media import MediaLinks
from runtime.log import Logger, configure
from runtime.model import Data
from runtime.pipeline import Endpoint, House, compiled
from runtime.ports import Clock, Effects
from runtime.project import open_project, read_files, uncollected
from runtime.settings import EndpointSettings, Settings
from runtime.transform import Library, Transformers
from runtime.worker import Worker

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from runtime.store.store import Store

log = Logger("app")

Role = Literal["all", "web", "worker"]
LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Parts:
    """What `build` takes instead of making it, for whoever runs a bot elsewhere than beside a real network.

    `flows` compiles flow files, `effects` may put something around each kind of effect of an endpoint, `content`
    is where what users send is kept.
    """

    client: Client | None = None
    fetcher: Fetcher | None = None
    flows: Callable[[Mapping[str, str], EndpointSettings], Flows] = compiled
    effects: Callable[[Effects], Effects] = lambda effects: effects
    content: Path | None = None


PARTS = Parts()


@dataclass(slots=True)
class Runtime:
    """A built runtime: start it, hand `asgi` to a server, stop it. `asgi` starts and stops it by its lifespan."""

    root: Path
    settings: Settings
    house: House
    worker: Worker | None
    fetcher: Fetcher
    client: Client
    libraries: Mapping[str, Transformers]
    asgi: ASGIApp

    async def start(self) -> None:
        """Raises `StoreError`, `StoreTaken` among them; then nothing stays open."""
        await self.house.store.open()
        try:
            await self._begin()
        except BaseException:
            await self._close()
            raise
        settle_memory()
        log.info("ready", endpoints=",".join(self.house.endpoints) or "none", store=store_name(self.settings.store))

    async def _begin(self) -> None:
        for endpoint in self.house.endpoints.values():
            files = flow_files(self.root, endpoint.settings)
            await self.house.store.save_version(endpoint.book.version, files, self.house.clock.now())
        if self.worker is not None:
            await self.worker.start()

    async def stop(self) -> None:
        """Finish what is held, then close what is open."""
        try:
            if self.worker is not None:
                await self.worker.stop()
        finally:
            await self._close()
        log.info("stopped")

    async def _close(self) -> None:
        await self.fetcher.close()
        await self.client.close()
        await self.house.store.close()

    async def reload(self) -> None:
        """Take up edited flow files and functions. Raises `BadInput`; then everything stays as it was."""
        house = self.house
        files = {name: flow_files(self.root, e.settings) for name, e in house.endpoints.items()}
        with uncollected():
            flows = {name: compiled(files[name], e.settings) for name, e in house.endpoints.items()}
        for chain in self.libraries.values():
            chain.reload()
        for name, endpoint in house.endpoints.items():
            await house.store.save_version(flows[name].version, files[name], house.clock.now())
            endpoint.book.take(flows[name])


def build(
    root: Path,
    settings: Settings,
    *,
    role: Role = "all",
    clock: Clock | None = None,
    limits: Limits = LIMITS,
    store: Store | None = None,
    parts: Parts = PARTS,
) -> Runtime:
    """Everything of a bot's folder, wired. `limits` are those of calls to LINE, `store` replaces that of the settings.

    Raises `BadInput` for whatever is wrong with its files.
    """
    clock = clock or SystemClock()
    store = store or stores.connect(settings.store if "://" in settings.store else f"sqlite:///{settings.store}", root)
    client = parts.client or Client(limits)
    fetcher = parts.fetcher or Fetcher(settings.http, settings.connections)
    kept = parts.content or root / ".noren" / "content"
    key = settings.media_key or kept_key(root)
    links = {n: MediaLinks(key, settings.public_url, root / e.flows) for n, e in settings.endpoints.items()}
    chains = {n: Transformers(Library(root), e, clock, fetcher) for n, e in settings.endpoints.items()}
    on_gap, broken = gap_keeper(store, clock), Counter[str]()

    def endpoint(name: str, config: EndpointSettings) -> Endpoint:
        contents = Contents(kept, name) if config.media.fetch else None
        link = links[name].link
        channel = line_channel(config, client, clock, links=link, contents=contents, on_gap=on_gap, broken=broken)
        effects = parts.effects({"http": fetcher.perform, "call": chains[name].call})
        return Endpoint(config, channel, chains[name], Book(parts.flows(flow_files(root, config), config)), effects)

    endpoints = {name: endpoint(name, config) for name, config in settings.endpoints.items()}
    house = House(endpoints, store, clock, worker=f"{os.getpid()}-{secrets.token_hex(4)}")
    worker = Worker(house, settings.worker) if role != "web" else None
    runtime = Runtime(root, settings, house, worker, fetcher, client, chains, asgi=_unbuilt)
    hooks = {} if role == "worker" else settings.endpoints
    hook = web.Webhook(hooks, store, clock, worker, settings.max_body_kb * 1024)
    runtime.asgi = web.create(hook, opener(links.values()), counted(store, broken), lifespan=lifespan(runtime))
    return runtime


def settle_memory() -> None:
    """Modules and compiled flows stay: the garbage collector need not look at them again and again.

    What a turn makes is freed by reference counts; the collector is left for the rare cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def lifespan(runtime: Runtime) -> Any:
    @asynccontextmanager
    async def around(_: Any) -> AsyncIterator[None]:
        try:
            await runtime.start()
        except NorenError as error:
            log.error("cannot start", reason=str(error))
            raise
        try:
            yield
        finally:
            await runtime.stop()

    return around


def factory() -> ASGIApp:
    """For servers that import the application: the bot in the folder NOREN_ROOT (or here), as NOREN_ROLE."""
    project = open_project(Path(os.environ.get("NOREN_ROOT", ".")))
    configure(project.settings.log, project.settings.log_level)
    # `lifespan` says in a line why a start fails; the server would add a traceback.
    logging.getLogger("uvicorn.error").addFilter(lambda record: "Traceback" not in record.getMessage())
    follow_parent()
    role: Any = os.environ.get("NOREN_ROLE", "all")
    return build(project.root, project.settings, role=role).asgi


def follow_parent() -> None:
    """End with the process of `serve --workers` that started this one, also when it was killed without a word."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def until_gone() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=until_gone, name="noren-parent", daemon=True).start()


async def _unbuilt(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the runtime is not built yet")


def flow_files(root: Path, config: EndpointSettings) -> dict[str, str]:
    """Path → text of an endpoint's flow files, paths relative to the bot's folder."""
    return read_files(root, root / config.flows)


def opener(links: Iterable[MediaLinks]) -> web.Lookup:
    """Finds the file of a media token, whichever endpoint made it."""
    known = tuple(links)
    return lambda token: next((found for one in known if (found := one.open(token))), None)


def kept_key(root: Path) -> str:
    """The key of media links, made once and kept beside the bot with no rights for others.

    Written whole before it gets its name: of processes that start at once, one gives the key to all.
    """
    path = root / ".noren" / "media.key"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        mine = path.with_name(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text(encoding="ascii")


def gap_keeper(store: Store, clock: Clock) -> OnGap:
    """Tells and keeps what LINE refused although the message rules allowed it."""

    def keep(endpoint: str, shape: Any, status: int, answer: Data) -> None:
        log.error("LINE refused what our rules allow", endpoint=endpoint, status=status, shape=shape, line=answer)
        store.note_gap(endpoint, shape, status, answer, clock.now())

    return keep


def counted(store: Store, broken: Mapping[str, int]) -> web.Facts:
    """The store's counts, and how often each message rule was broken since this process began."""

    async def facts(now: int) -> Mapping[str, Any]:
        return {**await store.counts(now), "violations": broken}

    return facts


def store_name(url: str) -> str:
    """The store's kind and database, without user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
