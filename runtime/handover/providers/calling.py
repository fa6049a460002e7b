"""How providers are called, and how what they send is judged: time-outs, what may be tried again, signatures."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from runtime.errors import BadBody, CallError, Unverified
from runtime.handover.providers.health import Seen, unseen

Request = Callable[..., Awaitable[dict[str, Any]]]
"""`Fetcher.request`: one HTTP request, `{status, headers, body}`."""

AGAIN: Final = frozenset((408, 425, 429))
"""Refusals that may pass, beside all from 500 on."""
LOCKED: Final = frozenset((401, 402, 403))
"""Refusals that the people who run the provider can end."""
FLOOD: Final = 422
"""How Chatwoot says that a conversation got too many messages in a minute."""
SKEW: Final = 300_000
"""How far the clock of who signs may be from ours, in ms. Chatwoot proposes five minutes too."""
MOST: Final = 16
"""Calls of one provider at once: a quarter of the lanes a process has."""
SECRET: Final = 16
"""Characters a secret in an address needs."""


class Trouble(CallError):
    """A provider gave no good answer. `again`: it may give one later; `gone`: the case is not there any more."""

    def __init__(self, message: str, *, again: bool = False, status: int = 0) -> None:
        super().__init__(message)
        self.again, self.status = again, status

    @property
    def gone(self) -> bool:
        return self.status == 404


@dataclass(frozen=True, slots=True)
class File:
    """One file of a multipart body."""

    field: str
    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one provider. `timeout` in ms; `headers` go with every request."""

    name: str
    base: str
    timeout: int
    headers: Mapping[str, str]
    request: Request
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST))
    """How many calls at once; a provider that hangs must not keep everybody waiting who works for chats."""
    patience: float = 1.0
    """Seconds a call waits for room."""
    seen: Seen = unseen

    async def __call__(self, method: str, path: str = "", value: Any = None, **more: Any) -> Any:
        """The body of a good answer. Raises `Trouble`."""
        try:
            body = await self._answered(method, path, value, **more)
        except Trouble as trouble:
            ill = trouble.status in LOCKED or (trouble.again and trouble.status != FLOOD)
            await self.seen(trouble.message if ill else "", trouble.status in LOCKED)
            raise
        await self.seen("", False)
        return body

    async def _answered(self, method: str, path: str, value: Any, **more: Any) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        await self._enter()
        try:
            async with asyncio.timeout(self.timeout / 1000):
                answer = await self.request(method, f"{self.base}{path}", json=value, headers=headers, **more)
        except TimeoutError:
            raise Trouble(f"{self.name}: no answer within {self.timeout / 1000:g} s", again=True) from None
        except CallError as error:
            raise Trouble(f"{self.name}: {error.message}", again=True) from None
        finally:
            self.room.release()
        status = int(answer["status"])
        if status < 300:
            return answer["body"]
        flood = status == FLOOD and "Too many messages" in _words(answer["body"])
        raise Trouble(f"{self.name} answered {status}", again=status >= 500 or status in AGAIN or flood, status=status)

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await self.room.acquire()
        except TimeoutError:
            raise Trouble(f"{self.name}: too many calls wait for an answer", again=True) from None


def _words(body: Any) -> str:
    found = body.get("error") or body.get("message") if isinstance(body, Mapping) else body
    return str(found or "")


def multipart(fields: Mapping[str, str], files: Sequence[File]) -> tuple[bytes, str]:
    """A form with files, and its content type. https://www.rfc-editor.org/rfc/rfc7578"""
    border = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        parts.append(f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for file in files:
        quoted = file.name.replace('"', "%22").replace("\r", " ").replace("\n", " ")
        head = f'Content-Disposition: form-data; name="{file.field}"; filename="{quoted}"\r\nContent-Type: {file.type}'
        parts.append(f"--{border}\r\n{head}\r\n\r\n".encode() + file.data + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC of `{stamp}.{body}`, as Chatwoot signs."""
    return f"sha256={hmac.digest(secret.encode(), stamp.encode() + b'.' + body, 'sha256').hex()}"


def verify(secret: str, stamp: str, signed: str, body: bytes, now: int) -> None:
    """Raises `Unverified` when the body was signed with another secret, or too long ago (`now` in ms)."""
    if not hmac.compare_digest(signature(secret, stamp, body).encode(), signed.encode("utf-8", "replace")):
        raise Unverified("the signature does not fit the body")
    if not stamp.isdecimal() or abs(now - int(stamp) * 1000) > SKEW:
        raise Unverified("the signature is too old, or its clock is wrong")


def same(secret: str, given: str) -> bool:
    """Whether somebody knows a secret that stands in an address."""
    fits = hmac.compare_digest(secret.encode(), given.encode("utf-8", "replace"))
    return fits and len(secret) >= SECRET


def parsed(raw: bytes) -> dict[str, Any]:
    """The JSON object of a webhook. Raises `BadBody`."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadBody("the body is no JSON") from None
    if not isinstance(found, dict):
        raise BadBody("the body is no JSON object")
    return found
