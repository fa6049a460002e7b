"""`POST /handover/{provider}[/{secret}]`: what providers tell us, kept before it is answered.

`GET /handover/{provider}/files/{token}`: what a user sent, for providers that are given its address; the token is
drawn by lot and is all that is needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from runtime.errors import BadBody, StoreError, Unverified
from runtime.handover.providers import mail
from runtime.handover.providers.mail import Address
from runtime.handover.providers.saying import Opener
from runtime.log import Logger
from runtime.model import Chat, Event
from runtime.ports import Clock, HandoverProvider, ProviderEvent

log = Logger("handover")

PREFIX: Final = "/handover"
PATIENCE: Final = 10.0
"""Seconds a body may take to come."""
FILES: Final = "files"
PIECE: Final = 1_048_576
QUIET: Final = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))

Find = Callable[[str, str, str], Awaitable[Mapping[str, Any] | None]]
"""The row of a case by provider, its name there, and our name of it."""
Accept = Callable[[Sequence[Event]], Awaitable[None]]


class Door:
    """A plain ASGI part. 200 stored, or nothing to store · 400 · 401 not signed as it should be · 404 · 413 · 503."""

    def __init__(
        self, providers: Mapping[str, HandoverProvider], find: Find, accept: Accept, opener: Opener, clock: Clock,
        limit: int,
    ) -> None:  # fmt: skip
        self._providers, self._find, self._accept = providers, find, accept
        self._opener, self._clock, self._limit = opener, clock, limit

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        name, _, rest = str(scope["path"])[len(PREFIX) + 1 :].partition("/")
        provider = self._providers.get(name)
        if provider is not None and scope["method"] in ("GET", "HEAD") and rest.startswith(f"{FILES}/"):
            await self._file(rest.removeprefix(f"{FILES}/"), scope["method"], send)
            return
        status = await self._answer(provider, rest, scope, receive)
        if status != 200:
            log.warning("webhook of a provider refused", provider=name[:64], status=status)
        await _respond(send, status, b"{}", b"application/json")

    async def _answer(self, provider: HandoverProvider | None, secret: str, scope: Any, receive: Any) -> int:
        if provider is None:
            return 404
        if scope["method"] != "POST":
            return 405
        try:
            raw = await _body(receive, self._limit)
            headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
            now = self._clock.now()
            await self._keep(provider.name, provider.parse_webhook(raw, headers, secret, now), now)
        except TooLong:
            return 413
        except Unverified:
            return 401
        except BadBody:
            return 400
        except StoreError:
            return 503
        except Exception as error:  # told in our own log, which leaves out what somebody wrote
            log.error("webhook of a provider not taken", provider=provider.name, trace=error)
            return 500
        return 200

    async def _keep(self, name: str, events: Sequence[ProviderEvent], now: int) -> None:
        kept = []
        for event in events:
            row = await self._find(name, event.ref, event.case)
            if row is None:
                log.info("a provider told of a case nobody knows", provider=name)
                continue
            at = Address(str(row["endpoint"]), name, str(row["id"]), str(row["session"]))
            kept.append(arrival(at, event, Chat(row["chat_kind"], str(row["chat_id"])), now))
        if kept:
            await self._accept(kept)

    async def _file(self, token: str, method: str, send: Any) -> None:
        found = self._opener(token)
        if found is None:
            await _respond(send, 404, b"{}", b"application/json")
            return
        path, type = found
        length = str(path.stat().st_size).encode()
        headers = [(b"content-type", type.encode()), (b"content-length", length), *QUIET]
        headers.append((b"content-disposition", b"attachment"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _poured(path, send, whole=method == "GET")


def arrival(at: Address, event: ProviderEvent, chat: Chat, now: int) -> Event:
    """What was told, for the lane of the case. The chat goes along for the waiting dots alone."""
    made = mail.told(at, event.key, event.ref, [event])
    data = {**made["data"], "to": {"kind": chat.kind, "id": chat.id}}
    return Event(
        id=made["id"], session=made["session"], endpoint=at.endpoint, kind=made["kind"], at=now, due=now,
        chat=Chat("none", ""), data=data,
    )  # fmt: skip


class TooLong(Exception):
    """The body is over the limit."""


async def _body(receive: Any, limit: int) -> bytes:
    parts = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BadBody("the sender went away before the body was whole")
                parts += message.get("body", b"")
                if len(parts) > limit:
                    raise TooLong
                if not message.get("more_body"):
                    return bytes(parts)
    except TimeoutError:
        raise BadBody("the body did not come in time") from None


async def _poured(path: Path, send: Any, *, whole: bool) -> None:
    """The bytes of a file, a piece at a time: films of users are large."""
    with path.open("rb") as file:
        while whole and (piece := await asyncio.to_thread(file.read, PIECE)):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _respond(send: Any, status: int, body: bytes, type: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", type), (b"content-length", str(len(body)).encode()), *QUIET, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
