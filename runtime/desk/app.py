"""The desk as an ASGI application: its API, and the page agents work in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime import pages
from runtime.desk.attendance import Attendance
from runtime.desk.automation import Automation
from runtime.desk.clerk import Clerk
from runtime.desk.doors import COOKIE, Doors, Pace
from runtime.desk.files.keeping import Files
from runtime.desk.house import Accept, Content, DeskHouse
from runtime.desk.hub import Hub
from runtime.desk.push import Pusher
from runtime.desk.routes import routes
from runtime.errors import StoreError
from runtime.fetch import Fetcher
from runtime.handover.routing import Judge
from runtime.ports import Channel, Clock
from runtime.settings import Settings
from runtime.store.store import Store


@dataclass(frozen=True, slots=True)
class Outside:
    """What the desk takes from the rest of the house.

    `folder` is where keys and files are kept, `content` finds what users sent, `judge` works expressions out, `work`
    says that there are events to work.
    """

    folder: Path
    content: Content
    fetcher: Fetcher
    judge: Judge
    work: Callable[[], None]


FOLDER: Final = Path(__file__).parent / "page"
WITHOUT: Final = "The desk's API under /desk/api works without.\n"


def furnish(
    settings: Settings,
    store: Store,
    clock: Clock,
    accept: Accept,
    nudge: Callable[[], None],
    channels: Mapping[str, Channel],
    outside: Outside,
) -> DeskHouse:
    """Everything the desk needs, not yet running. `nudge` has waiting cases looked at."""
    doors, hub = Doors(store, clock), Hub(store, clock, monitoring=settings.handover.monitoring)

    def changed() -> None:
        outside.work()
        nudge()
        hub.nudge()

    async def back(agent: str, status: str) -> None:
        now = clock.now()
        await hub.tell_all("presence", agent=agent, status=status, since=now, chosen=status, dropped=True)

    attendance = Attendance(store, clock, changed, back)
    files = Files(outside.folder / "files", settings.public_url)
    house = DeskHouse(
        settings, store, clock, accept, doors, hub, nudge, attendance, files, outside.content, outside.judge,
        Pace(clock), outside.work,
        dict(channels), settings.public_url.startswith("https:"),
    )  # fmt: skip
    pusher = Pusher(store, clock, outside.folder / "push.key", outside.fetcher, attendance.anywhere, doors.lives)
    pusher.subject = settings.public_url if house.secure else pusher.subject
    house.clerk = Clerk(house, Automation(store, outside.judge), pusher, outside.work)
    return house


def create(house: DeskHouse, **more: Any) -> Starlette:
    ways = [*routes(house), *pages.page(FOLDER, "/desk", WITHOUT)]
    return Starlette(routes=ways, middleware=[Middleware(_arrivals, house)], **more)


def _arrivals(site: ASGIApp, house: DeskHouse) -> ASGIApp:
    """Notices who loads the page."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/desk/" and scope["method"] == "GET":
            await _comes(house, Request(scope))
        await site(scope, receive, send)

    return app


async def _comes(house: DeskHouse, request: Request) -> None:
    """Whoever loads the page anew is not gone although their stream has just ended."""
    with contextlib.suppress(StoreError):  # then the stream finds out
        if (person := await house.doors.who(request.cookies.get(COOKIE, ""))) is not None:
            await house.attendance.loads(person.id, page=True)
