"""A very small LINE on a real socket: one-use reply tokens, retry keys, and faults played in order.

Each request takes the next fault. A fault is an answer (`400:words`), or what happens to the connection; those that
end in `after` break only once LINE has accepted the request.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from runtime.line.api import LineApi
from runtime.line.client import Client, Limits
from runtime.line.tokens import Fixed, TokenSource
from tests.unit.line.servers import Talk, serving

HEADERS = b"content-type: application/json\r\nx-line-request-id: request-1\r\n"
LIMITS = Limits(connect=10, read=10, total=10)
SHORT = Limits(connect=10, read=0.25, total=0.25)
"""For whoever waits in vain: a try after that one has to be answered in as short a time."""


@dataclass(slots=True)
class StubLine:
    faults: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    delivered: list[Any] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    quota: dict[str, Any] = field(default_factory=lambda: {"type": "none"})
    consumption: int = 0
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def sends(self) -> list[str]:
        """`reply` and `push` calls, in order."""
        return [call.rpartition("/")[2] for call in self.calls if call.endswith(("/reply", "/push"))]

    async def script(self, talk: Talk) -> None:
        while True:
            head, body = await talk.request()
            path = head.split(b" ")[1].decode()
            self.calls.append(path)
            self.heads.append(head)
            self.bodies.append(json.loads(body) if body.startswith(b"{") else body.decode())
            if not await self._one(talk, path, head):
                return

    async def _one(self, talk: Talk, path: str, head: bytes) -> bool:
        if path in self.files:
            await talk.answer(self.files[path])
            return True
        sends = path.endswith(("/reply", "/push"))
        fault = self.faults.pop(0) if sends and self.faults else ""
        kind, _, words = fault.partition(":")
        if kind == "reset before":
            talk.reset()
            return False
        if kind == "time-out before":
            await talk.reader.read()
            return False
        if kind.isdecimal():
            await _answer(talk, int(kind), {"message": words} if words else {})
            return True
        status, answer = self._accept(path, head) if sends else self._fact(path)
        if kind == "reset after":
            talk.reset()
            return False
        if kind == "time-out after":
            await talk.reader.read()
            return False
        if kind == "slow body":
            await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")
            await talk.reader.read()
            return False
        await _answer(talk, status, answer)
        return True

    def _accept(self, path: str, head: bytes) -> tuple[int, Any]:
        body = self.bodies[-1]
        token, key = body.get("replyToken", ""), _header(head, b"x-line-retry-key")
        if token in self.used:
            return 400, {"message": "Invalid reply token"}
        sent = {"sentMessages": [{"id": f"id-{i}"} for i, _ in enumerate(body["messages"])]}
        if key in self.keys:
            return 409, {"message": "The retry key is already accepted", **sent}
        self.used.add(token or "-")
        self.keys.add(key or "-")
        self.delivered.append(body)
        return 200, sent

    def _fact(self, path: str) -> tuple[int, Any]:
        facts = {
            "/v2/bot/message/quota": (200, self.quota),
            "/v2/bot/message/quota/consumption": (200, {"totalUsage": self.consumption}),
            **self.answers,
        }
        return facts.get(path, (404, {"message": "Not found"}))


@contextlib.asynccontextmanager
async def line(stub: StubLine, tokens: TokenSource | None = None) -> AsyncIterator[LineApi]:
    """The API over a real connection to the stub, with patience unless the stub keeps one waiting on purpose."""
    limits = SHORT if any(fault.startswith(("time-out", "slow")) for fault in stub.faults) else LIMITS
    async with serving(stub.script) as server:
        client = Client(limits)
        try:
            timeout = limits.total
            yield LineApi(client, tokens or Fixed("a-token"), api=server.url, api_data=server.url, timeout=timeout)
        finally:
            await client.close()
            await asyncio.sleep(0)


async def _answer(talk: Talk, status: int, body: Any) -> None:
    extra = HEADERS + (b"retry-after: 7\r\n" if status == 429 else b"")
    await talk.answer(json.dumps(body).encode(), f"{status} X", extra)


def _header(head: bytes, name: bytes) -> str:
    for line_ in head.split(b"\r\n"):
        key, _, value = line_.partition(b":")
        if key.lower() == name:
            return value.strip().decode()
    return ""
