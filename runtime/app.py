"""The composition root: the only file that knows every class. Settings and files in, a running house out."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing.connection
import os
import secrets
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runtime import store as stores
from runtime import web
from runtime.clock import SystemClock
from runtime.desk import app as desk
from runtime.desk import elsewhere
from runtime.desk.distributor import Distributor
from runtime.desk.files.keeping import Files
from runtime.desk.people import Staff
from runtime.fetch import Fetcher
from runtime.flow.entrances import entrances
from runtime.flow.expr import Expression
from runtime.flow.tree import Flows
from runtime.flow.versions import Book
from runtime.line.channel import line_channel
from runtime.line.client import Client, Limits
from runtime.line.content import Contents
from runtime.line.gaps import OnGap
from runtime.line.media import MediaLinks
from runtime.line.richmenu import menus
from runtime.log import Logger, configure
from runtime.model import Data, Event, Place
from runtime.pipeline import Endpoint, House, compiled
from runtime.pipeline.trying import Failing, Gone, ignored
from runtime.ports import Clock, Effects
from runtime.project import open_project
from runtime.running import Runtime, flow_files, lifespan
from runtime.settings import EndpointSettings, Settings
from runtime.transform import Library, Transformers
from runtime.worker import Worker

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from runtime.store.store import Store

log = Logger("app")

Role = Literal["all", "web", "worker"]
LIMITS = Limits()
SAID_BETTER = ("Traceback", "Application startup failed")
"""How the server's words begin about a start that failed; `lifespan` has said why, in a line."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What `build` takes instead of making it, for whoever runs a bot elsewhere than beside a real network.

    `flows` compiles flow files, `effects` may put something around each kind of effect of an endpoint, `content`
    is where what users send is kept, `functions` makes the transformer chains, `around` puts something around a
    whole endpoint; `failing` hears of every turn that fails.
    """

    client: Client | None = None
    fetcher: Fetcher | None = None
    flows: Callable[[Mapping[str, str], EndpointSettings], Flows] = compiled
    effects: Callable[[Effects], Effects] = lambda effects: effects
    content: Path | None = None
    functions: type[Transformers] = Transformers
    around: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint
    failing: Failing = ignored


PARTS = Parts()


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
    """Everything of a bot's folder, wired. Raises `BadInput` for whatever is wrong with its files.

    `limits` are those of calls to LINE, `store` replaces that of the settings.
    """
    clock = clock or SystemClock()
    store = store or stores.connect(settings.store if "://" in settings.store else f"sqlite:///{settings.store}", root)
    client = parts.client or Client(limits)
    fetcher = parts.fetcher or Fetcher(settings.http, settings.connections)
    key, public = settings.media_key or kept_key(root), settings.public_url
    links = {n: MediaLinks(key, public, root / e.flows) for n, e in settings.endpoints.items()}
    chains = {n: parts.functions(Library(root), e, clock, fetcher) for n, e in settings.endpoints.items()}
    on_gap, broken = gap_keeper(store, clock), Counter[str]()
    staff = Staff(settings, store, clock, judged)
    others = elsewhere.furnish(root, settings, store, clock, parts.fetcher, parts.content)

    def endpoint(name: str, config: EndpointSettings) -> Endpoint:
        contents = Contents(parts.content or root / ".noren" / "content", name) if config.media.fetch else None
        link = links[name].link
        channel = line_channel(config, client, clock, links=link, contents=contents, on_gap=on_gap, broken=broken)
        own: Effects = {"call": chains[name].call, "menu": menus(channel.api, clock)}
        effects = parts.effects({"http": fetcher.perform, **others.effects(staff.available), **own})
        book = Book(parts.flows(flow_files(root, config), config))
        return parts.around(Endpoint(config, channel, chains[name], book, effects))

    endpoints = {name: endpoint(name, config) for name, config in settings.endpoints.items()}
    house = House(endpoints, store, clock, f"{os.getpid()}-{secrets.token_hex(4)}", staff, failing=parts.failing)
    runtime = _run(root, settings, house, role, (fetcher, client, chains))
    runtime.content, runtime.others = parts.content, others
    runtime.asgi = _site(runtime, staff, role, links.values(), others.counted(counted(store, house.gone, broken)))
    return runtime


def _site(runtime: Runtime, staff: Staff, role: Role, links: Iterable[MediaLinks], facts: web.Facts) -> ASGIApp:
    """What is served: webhooks, media, health, and the desk."""
    settings, house = runtime.settings, runtime.house
    store: Any = house.store
    hooks = settings.endpoints if role != "worker" else {}
    hook = web.Webhook(hooks, store, house.clock, runtime.worker, settings.max_body_kb * 1024)
    site = web.create(
        hook, opener(links, Files(runtime.root / ".noren" / "files", "").open), facts, lifespan=lifespan(runtime)
    )
    return _with_desk(runtime, staff, site) if role != "worker" else site


def _with_desk(runtime: Runtime, staff: Staff, site: ASGIApp) -> ASGIApp:
    """The site with the providers' door, and the desk where noren.yaml has people to hand chats over to."""
    house, worker, distributor = runtime.house, runtime.worker, runtime.distributor
    store: Any = house.store

    async def accept(events: Sequence[Event]) -> None:
        if worker is not None:
            await worker.accept(events)
        else:
            await store.accept(events, worker=None, now=house.clock.now())

    if runtime.others is not None:
        site = web.parted_by("/handover", runtime.others.door(accept), site)
    if not runtime.settings.handover.workstreams:
        return site

    def nudge() -> None:
        if distributor is not None:
            distributor.nudge()

    def work() -> None:
        if worker is not None:
            worker.nudge()

    channels = {name: endpoint.channel for name, endpoint in house.endpoints.items()}
    content = Contents(runtime.content or runtime.root / ".noren" / "content", "").open
    outside = desk.Outside(runtime.root / ".noren", content, runtime.fetcher, judged, work)
    runtime.desk = desk.furnish(runtime.settings, store, house.clock, accept, nudge, channels, outside)
    runtime.desk.entrances = lambda name: [asdict(one) for one in entrances(house.endpoints[name].book.current)]
    staff.listen(runtime.desk.hub.nudge)
    staff.listen(nudge)
    return web.parted_by("/desk", desk.create(runtime.desk), site)


def _run(
    root: Path,
    settings: Settings,
    house: House,
    role: Role,
    outside: tuple[Fetcher, Client, Mapping[str, Transformers]],
) -> Runtime:
    """The house with those who work in it."""
    fetcher, client, chains = outside
    worker = Worker(house, settings.worker) if role != "web" else None
    store: Any = house.store
    distributor = Distributor(settings.handover, store, house.clock, worker.nudge) if worker else None
    return Runtime(root, settings, house, worker, distributor, fetcher, client, chains, asgi=_unbuilt)


@functools.cache
def _expression(text: str) -> Expression:
    return Expression(text, Place("noren.yaml"))


def judged(when: str, facts: Mapping[str, Any]) -> bool:
    """An expression of a routing rule over what is known of a case."""
    return bool(_expression(when).value(facts))


def factory() -> ASGIApp:
    """For servers that import the application: the bot in the folder NOREN_ROOT (or here), as NOREN_ROLE."""
    project = open_project(Path(os.environ.get("NOREN_ROOT", ".")))
    configure(project.settings.log, project.settings.log_level)
    # `lifespan` says in a line why a start fails; the server would add a traceback.
    logging.getLogger("uvicorn.error").addFilter(lambda record: not record.getMessage().startswith(SAID_BETTER))
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


def opener(links: Iterable[MediaLinks], agents: web.Lookup = lambda token: None) -> web.Lookup:
    """Finds the file of a media token, whichever endpoint made it, or which agent sent it."""
    known = (*(one.open for one in links), agents)
    return lambda token: next((found for one in known if (found := one(token))), None)


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


def counted(store: Store, gone: Gone, broken: Mapping[str, int]) -> web.Facts:
    """The store's counts; since this process began: how often each rule was broken, what waits for no endpoint."""

    async def facts(now: int) -> Mapping[str, Any]:
        return {**await store.counts(now), "violations": broken, "gone": gone.counts()}

    return facts
