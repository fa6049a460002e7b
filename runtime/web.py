"""What Noren answers over HTTP: LINE's webhooks, media links, health.

The webhook is plain ASGI, the rest Starlette routes: a webhook is the one request that comes by the thousand,
and it needs no routing table, no request object and no response object.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from runtime import __version__
from runtime.errors import BadBody, StoreError, Unverified
from runtime.line import webhook
from runtime.log import Logger
from runtime.model import Event
from runtime.ports import Clock, Store
from runtime.settings import EndpointSettings
from runtime.worker import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

log = Logger("web")

PREFIX = "/line/"
SIGNATURE = b"x-line-signature"
PATIENCE = 10.0
"""Seconds a body may take to come. LINE itself gives up on us after two."""
Head = tuple[tuple[bytes, bytes], ...]
Lookup = Callable[[str], "tuple[Path, str] | None"]
Facts = Callable[[int], Awaitable[Mapping[str, Any]]]


class TooLarge(Exception):
    """The body is over the limit."""


class Webhook:
    """`POST /line/{endpoint}`: 200 only after the events are durable.

    401 bad or missing signature · 400 no webhook body · 404 unknown or disabled endpoint · 405 not a POST · 413 over
    the size limit · 500 a fault of ours · 503 the store did not take it (then LINE delivers again, when redelivery is
    switched on).
    https://developers.line.biz/en/docs/messaging-api/receiving-messages/
    """

    def __init__(
        self, endpoints: Mapping[str, EndpointSettings], store: Store, clock: Clock, worker: Worker | None, limit: int
    ) -> None:
        self._endpoints = endpoints
        self._store, self._clock, self._worker, self._limit = store, clock, worker, limit
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> int:
        return self._clock.now()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, message = await self._answer(scope, receive)
        if status != 200:
            log.warning("webhook refused", endpoint=scope["path"][len(PREFIX) :][:64], status=status, reason=message)
        await _respond(send, status, message)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, str]:
        endpoint = self._endpoints.get(scope["path"][len(PREFIX) :])
        if endpoint is None or not endpoint.enabled:
            return 404, "there is no such endpoint, or it is disabled"
        if scope["method"] != "POST":
            return 405, "LINE posts here"
        try:
            # Kept: before Python 3.12 each look-up of the loop asks the system for our process id.
            self._loop = self._loop or asyncio.get_running_loop()
            body = await read(scope, receive, self._limit, loop=self._loop)
            webhook.verify(endpoint.channel_secret, body, _header(scope["headers"], SIGNATURE))
            await self._keep(webhook.parse(body, endpoint, self._clock.now()))
        except TooLarge:
            return 413, "the body is too large"
        except Unverified as error:
            return 401, error.message
        except BadBody as error:
            return 400, error.message
        except StoreError as error:
            log.error("events not stored; LINE will deliver them again", endpoint=endpoint.name, error=error.message)
            return 503, "the store did not take it"
        except Exception as error:  # told in our own log, which leaves out what somebody wrote
            log.error("events not taken; LINE will deliver them again", endpoint=endpoint.name, trace=error)
            return 500, "something went wrong"
        return 200, ""

    async def _keep(self, events: Sequence[Event]) -> None:
        if not events:
            return
        if self._worker is not None:
            await self._worker.accept(events)
        else:
            await self._store.accept(events, worker=None, now=self._clock.now())


async def read(
    scope: Scope,
    receive: Receive,
    limit: int,
    *,
    patience: float = PATIENCE,
    loop: asyncio.AbstractEventLoop | None = None,
) -> bytes:
    """The whole body; `TooLarge` as soon as it is known to be over the limit, `BadBody` when it does not come."""
    length = _header(scope["headers"], b"content-length")
    if length and length.isdecimal() and int(length) > limit:
        raise TooLarge
    waiting = Waiting(loop or asyncio.get_running_loop(), patience)
    try:
        return await _whole(receive, limit)
    except asyncio.CancelledError:
        if not waiting.over:
            raise
        waiting.task.uncancel()
        raise BadBody("the body did not come in time") from None
    finally:
        waiting.handle.cancel()


class Waiting:
    """Cancels the task that reads a body which does not come; `asyncio.timeout` would cost ten times as much."""

    __slots__ = ("handle", "over", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        task = asyncio.current_task(loop)
        assert task is not None
        self.task, self.over = task, False
        self.handle = loop.call_later(patience, self._end)

    def _end(self) -> None:
        self.over = True
        self.task.cancel()


async def _whole(receive: Receive, limit: int) -> bytes:
    message = await receive()
    if not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise TooLarge
        return body
    parts = bytearray(message.get("body", b""))
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadBody("the sender went away before the body was whole")
        parts += message.get("body", b"")
        if len(parts) > limit:
            raise TooLarge
    return bytes(parts)


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None


MEDIA_HEADERS = {
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
GOOD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"2")],
}
EMPTY = {"type": "http.response.body", "body": b"{}"}


async def _respond(send: Send, status: int, message: str) -> None:
    if status == 200:
        await send(GOOD)
        await send(EMPTY)
        return
    body = msgspec.json.encode({"message": message})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def create(hook: Webhook, media: Lookup, facts: Facts, *, lifespan: Any = None) -> ASGIApp:
    """The whole application. `media` finds the file of a link, `facts` tells the store's counts."""

    async def file(request: Request) -> Response:
        found = media(request.path_params["token"])
        if found is None:
            return JSONResponse({"message": "this link is not valid"}, 404)
        path, kind = found
        if kind.startswith(("image/", "video/", "audio/")):
            return FileResponse(path, media_type=kind, headers=MEDIA_HEADERS)
        return FileResponse(path, media_type=kind, filename=path.name, headers=MEDIA_HEADERS)  # to be saved, not run

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok", "version": __version__})

    async def ready(_: Request) -> Response:
        try:
            counts = await facts(hook.now())
        except StoreError as error:
            return JSONResponse({"status": "not ready", "reason": error.message}, 503)
        return JSONResponse({"status": "ready", **counts})

    async def metrics(_: Request) -> Response:
        try:
            counts = await facts(hook.now())
        except StoreError as error:
            return PlainTextResponse(f"# {error.message}\n", 503)
        return PlainTextResponse(exposition(counts), media_type="text/plain; version=0.0.4")

    site = Starlette(
        routes=[
            Route("/media/{token:path}", file),
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/metrics", metrics),
        ],
        lifespan=lifespan,
    )
    return parted(hook, site)


def parted(hook: Webhook, site: ASGIApp) -> ASGIApp:
    """Webhooks to the one, everything else to the other."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await hook(scope, receive, send)
        else:
            await site(scope, receive, send)

    return app


def parted_by(prefix: str, part: ASGIApp, site: ASGIApp) -> ASGIApp:
    """Paths below `prefix` to the one, everything else to the other, which also has the lifespan."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{prefix}/")
        await (part if found else site)(scope, receive, send)

    return app


LABELS = {"violations": "rule", "gone": "endpoint"}
"""What the parts of a count are told apart by, where it is not their state."""

HELP = {
    "events": "Events that are not done, by state.",
    "deliveries": "Deliveries that LINE has not taken, by state.",
    "backlog": "Events that wait to be worked.",
    "oldest_ms": "Milliseconds for which the oldest of them has waited.",
    "at_work": "Sessions at work in this moment.",
    "gone": "Sessions that wait for an endpoint that is not in noren.yaml, by endpoint.",
    "provider_up": "Whether a provider of human agents answers (1) or not (0).",
    "provider_waiting": "Requests that a provider of human agents was not told yet.",
    "provider_parked": "Requests to a provider of human agents that were given up.",
    "violations": "Messages found to break a rule since the process began, by rule.",
}


PARTS = {"providers": ("provider", ("up", "waiting", "parked"))}
"""Counts that have several numbers for each of something."""


def _parts(rows: Mapping[str, Mapping[str, Any]], label: str, numbers: Sequence[str]) -> list[str]:
    lines = []
    for number in numbers:
        name = f"{label}_{number}"
        lines += [f"# HELP noren_{name} {HELP[name]}", f"# TYPE noren_{name} gauge"]
        lines += [f'noren_{name}{{{label}="{part}"}} {row[number]}' for part, row in rows.items()]
    return lines


def exposition(counts: Mapping[str, Any]) -> str:
    """Counts in Prometheus' text form: `noren_events{state="dead"} 3`."""
    lines = []
    for name, value in counts.items():
        if name in PARTS:
            lines += _parts(value, *PARTS[name])
            continue
        if not isinstance(value, (Mapping, int)):
            continue
        lines += [f"# HELP noren_{name} {HELP[name]}"] if name in HELP else []
        lines.append(f"# TYPE noren_{name} gauge")
        if isinstance(value, Mapping):
            label = LABELS.get(name, "state")
            lines += [f'noren_{name}{{{label}="{part}"}} {count}' for part, count in value.items()]
        else:
            lines.append(f"noren_{name} {value}")
    return "\n".join(lines) + "\n"
