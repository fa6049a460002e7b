"""Reading the desk's requests and answering them: who asks, whether they may, and mistakes as problem+json."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.desk.addresses import caller
from runtime.desk.doors import COOKIE, ROLES, Person
from runtime.desk.refusal import Refused
from runtime.errors import BadInput, NorenError, StoreError
from runtime.log import Logger

if TYPE_CHECKING:
    from runtime.desk.house import DeskHouse

log = Logger("desk")

CSRF: Final = "x-noren-csrf"
LARGEST: Final = 1_000_000
"""Bytes of a JSON body."""
LOOK: Final = 2_000
"""How often, in ms, it is looked whether somebody's rights changed in another process."""
DIGITS: Final = 20


class Missing(NorenError):
    """There is no such thing, or it is none of your business."""


class Conflict(NorenError):
    """That cannot be done now."""


STATUS: Final[Mapping[type[NorenError], int]] = {Missing: 404, Conflict: 409, BadInput: 400, StoreError: 503}


class Guard:
    """Looks again whether somebody is still who they were when a request began: bodies and streams may take long."""

    def __init__(self, house: DeskHouse, request: Request, who: Person | None) -> None:
        self._house, self._request, self._who = house, request, who
        self._rights, self._at = house.doors.rights, house.clock.now()

    async def holds(self) -> bool:
        doors, now, was = self._house.doors, self._house.clock.now(), self._who
        if was is None or (doors.rights == self._rights and now - self._at < LOOK):
            return True
        self._rights, self._at = doors.rights, now
        found = await doors.who(self._request.cookies.get(COOKIE, ""))
        return found is not None and (found.role, found.queues) == (was.role, was.queues)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of somebody who has signed in, or of nobody yet."""

    request: Request
    house: DeskHouse
    who: Person | None
    guard: Guard

    @property
    def person(self) -> Person:
        assert self.who is not None
        return self.who

    @property
    def address(self) -> str:
        """Where the request comes from, as far as our own proxies tell."""
        return caller(self.request, self.house.settings.proxies)

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def number(self, name: str, default: int, most: int = 2**53) -> int:
        """A whole number of the query. Raises `BadInput`."""
        value = self.query(name, str(default))
        if not value.isdecimal() or len(value) > DIGITS or int(value) > most:
            raise BadInput(f"{name}: a whole number up to {most}")
        return int(value)

    async def body(self) -> dict[str, Any]:
        """The JSON object of the request; nothing at all counts as `{}`. Raises `BadInput`."""
        raw = await self.bytes(LARGEST)
        if not raw:
            return {}
        try:
            found = json.loads(raw)
            json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair can stand in JSON only
        except (ValueError, RecursionError):
            raise BadInput("the body is no JSON") from None
        if not isinstance(found, dict):
            raise BadInput("the body is no JSON object")
        return found

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises `Refused` at its end when the person's rights changed under way."""
        async for part in self.request.stream():
            yield part
        if not await self.guard.holds():
            raise Refused("your account was changed meanwhile; reload the page")

    async def bytes(self, most: int) -> bytes:
        """The body. Raises `Refused` (413) when it is larger."""
        parts = bytearray()
        async for part in self.parts():
            parts += part
            if len(parts) > most:
                raise Refused(f"more than {most // 1_000_000} MB", 413)
        return bytes(parts)


Handler = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """One route: who may take it (`role`; empty: anybody, also without a ticket) and what it does."""

    method: str
    path: str
    handler: Handler
    role: str = "agent"
    status: int = 200
    stirs: bool = True
    """Whether who changes something this way is there, even when they were taken for gone."""


def endpoint(house: DeskHouse, way: Way) -> Callable[[Request], Awaitable[Response]]:
    """A way as starlette calls it."""

    async def run(request: Request) -> Response:
        name = secrets.token_hex(8)
        try:
            who = await house.doors.who(request.cookies.get(COOKIE, ""))
            guard = Guard(house, request, who)
            allow(request, way, who, house.settings.public_url)
            if who is not None and request.method not in ("GET", "HEAD"):
                house.pace.spend(who.id)
                if way.stirs:
                    await house.attendance.stirs(who.id)
            value = await way.handler(Asked(request, house, who, guard))
        except NorenError as problem:
            answer = trouble(problem)
        except Exception as error:  # a browser gets a number to quote, and nothing of what went wrong
            log.error("a request of the desk failed", request=name, way=f"{way.method} {way.path}", trace=error)
            answer = JSONResponse({**BROKEN, "request": name}, 500, media_type=PROBLEM, headers=QUIET)
        else:
            answer = value if isinstance(value, Response) else JSONResponse(value, way.status, headers=QUIET)
        answer.headers["X-Request-Id"] = name
        return answer

    return run


PROBLEM: Final = "application/problem+json"
BROKEN: Final = {"title": "Error", "status": 500, "detail": "something went wrong here; the log tells what"}


QUIET: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def allow(request: Request, way: Way, who: Person | None, public_url: str = "") -> None:
    """Raises `Refused` when this person may not go this way."""
    changes = request.method not in ("GET", "HEAD")
    if changes:
        same_origin(request, public_url)
    if not way.role:
        return
    if who is None:
        raise Refused("sign in first", 401)
    if ROLES.index(who.role) < ROLES.index(way.role):
        raise Refused(f"this needs the role {way.role}", 403)
    if changes and not secrets.compare_digest(request.headers.get(CSRF, "").encode(), who.csrf.encode()):
        raise Refused("the page is out of date; reload it", 403)


def same_origin(request: Request, public_url: str = "") -> None:
    """Raises `Refused` when another origin's page sends this. A proxy may put another name into `Host`."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    ours = (request.headers.get("host", ""), urlsplit(public_url).netloc)
    if site not in ("same-origin", "none") or (origin and (urlsplit(origin).netloc or "null") not in ours):
        raise Refused("requests of other pages are not answered", 403)


def trouble(problem: NorenError) -> Response:
    """A mistake as problem+json."""
    found = (code for kind, code in STATUS.items() if isinstance(problem, kind))
    status = problem.status if isinstance(problem, Refused) else next(found, 500)
    body = {"title": type(problem).__name__, "status": status, "detail": problem.message}
    return JSONResponse(body, status, media_type=PROBLEM, headers=QUIET)
