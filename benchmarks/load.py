"""The other side of every measurement, in one process on its own core: LINE's users and LINE's API.

`Load` posts signed webhooks over kept connections; `Stub` answers the reply calls and notes when each came. Both
are bare asyncio protocols, so that what is measured is the server and not its surroundings.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httptools

SECRET = "benchmark-secret"
TOKEN = "benchmark-token"
ANSWER = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"IStG5h1Tz7b..."}]}'
REPLY = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-line-request-id: 123e4567-e89b-12d3-a456-426655440000\r\n"
    b"content-length: " + str(len(ANSWER)).encode() + b"\r\n\r\n" + ANSWER
)
ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(number: int) -> str:
    """A webhookEventId that sorts by its number."""
    digits = []
    for _ in range(26):
        number, rest = divmod(number, 32)
        digits.append(ULID[rest])
    return "".join(reversed(digits))


def webhook(number: int, users: int, text: str = "hello", base: int = 0) -> bytes:
    """A body of about one kilobyte with one text event."""
    user = number % users
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_780_000_000_000 + number,
        "source": {"type": "user", "userId": f"U{user:032x}"},
        "webhookEventId": ulid(base + number),
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{base + number:032x}",
        "message": {
            "id": str(10**17 + number),
            "type": "text",
            "text": text,
            "quoteToken": "q3Plxr4AgKd" * 8,
            "markAsReadToken": "30yhdy232" * 40,
        },
    }
    body = {"destination": "U" + "8" * 32, "events": [event]}
    return json.dumps(body, separators=(",", ":")).encode()


def request(path: str, body: bytes) -> bytes:
    """The whole HTTP request, signed as LINE signs."""
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())
    return (
        (
            f"POST {path} HTTP/1.1\r\nhost: bot.example\r\ncontent-type: application/json; charset=utf-8\r\n"
            f"user-agent: LineBotWebhook/2.0\r\ncontent-length: {len(body)}\r\nx-line-signature: "
        ).encode()
        + signature
        + b"\r\n\r\n"
        + body
    )


class Stub(asyncio.Protocol):
    """LINE's API: 200 for every request; the arrival of each reply is noted."""

    arrivals: list[float]
    wanted: int
    enough: asyncio.Event

    def __init__(self, book: StubBook) -> None:
        self._book, self._parser = book, httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._transport.write(REPLY)  # type: ignore[attr-defined]
        self._book.note()


@dataclass
class StubBook:
    """What reached the stub."""

    arrivals: list[float] = field(default_factory=list)
    wanted: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self) -> None:
        self.arrivals.append(time.perf_counter())
        if len(self.arrivals) >= self.wanted:
            self.enough.set()

    def expect(self, count: int) -> None:
        self.arrivals, self.wanted = [], count
        self.enough.clear()


class Poster(asyncio.Protocol):
    """One connection that posts the next webhook as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[int]) -> None:
        self._requests, self._done, self._count = requests, done, 0
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status != 200:
            self._done.set_exception(RuntimeError(f"the server answered {status}"))
            self._transport.close()
            return
        self._count += 1
        self._parser = httptools.HttpResponseParser(self)
        self._next()

    def _next(self) -> None:
        try:
            self._transport.write(next(self._requests))  # type: ignore[attr-defined]
        except StopIteration:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(self._count)


async def post_all(port: int, requests: list[bytes], connections: int) -> float:
    """Post every request over that many connections; seconds until the last is answered."""
    loop, shared = asyncio.get_running_loop(), iter(requests)
    futures: list[asyncio.Future[int]] = [loop.create_future() for _ in range(connections)]
    start = time.perf_counter()
    for future in futures:
        await loop.create_connection(lambda future=future: Poster(shared, future), "127.0.0.1", port)
    await asyncio.gather(*futures)
    return time.perf_counter() - start
