"""One connection to LINE: HTTP/1.1 on an asyncio protocol, one request at a time.

The head is parsed by `httptools`; nothing here knows about pools, retries or LINE. A failure is a `ChannelError`
whose `sent` says whether request bytes may have reached the other side.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httptools

from runtime.errors import ChannelError

MAX_HEAD = 65_536
"""Bytes of status line and headers that are read."""

HIGH, LOW = 262_144, 65_536
"""A stream stops reading above the first number of waiting bytes and goes on below the second."""


class Closed(ChannelError):
    """The connection was closed before the answer began."""


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer. Header names are lower case."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header (name in lower case), or an empty text."""
        return self.headers.get(name.encode("latin-1"), b"").decode("latin-1")


class Stream:
    """An answer whose body is read piece by piece: `async for chunk in stream`. The reader sets the pace."""

    __slots__ = ("_chunks", "_done", "_error", "_ready", "_waiting", "connection", "headers", "status")

    def __init__(self, connection: Connection, status: int, headers: dict[bytes, bytes]) -> None:
        self.status = status
        self.headers = headers
        self.connection = connection
        self._chunks: deque[bytes] = deque()
        self._waiting = 0
        self._done = False
        self._error: ChannelError | None = None
        self._ready = asyncio.Event()

    def header(self, name: str) -> str:
        """The value of a header (name in lower case), or an empty text."""
        return self.headers.get(name.encode("latin-1"), b"").decode("latin-1")

    @property
    def size(self) -> int | None:
        """Bytes announced by the server, if it did."""
        length = self.header("content-length")
        return int(length) if length.isdecimal() else None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        while not self._chunks:
            if self._error:
                raise self._error
            if self._done:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        chunk = self._chunks.popleft()
        self._waiting -= len(chunk)
        if self._waiting < LOW:
            self.connection.resume()
        return chunk

    def feed(self, data: bytes) -> None:
        self._chunks.append(data)
        self._waiting += len(data)
        self._ready.set()
        if self._waiting > HIGH:
            self.connection.pause()

    def finish(self, error: ChannelError | None = None) -> None:
        self._done = True
        self._error = error
        self._ready.set()


class Connection(asyncio.Protocol):
    """One socket. `lost` is called once, when it is gone."""

    __slots__ = (
        *("_chunks", "_deadline", "_head_size", "_headers", "_keep", "_last", "_limit", "_loop", "_lost", "_parser"),
        *("_paused", "_poll", "_read", "_size", "_status", "_stream", "_streaming", "_timer", "_transport"),
        *("_until_close", "_waiter", "host", "idle_since", "used"),
    )

    def __init__(self, host: str, lost: Callable[[Connection], None]) -> None:
        self.host = host
        self.idle_since = 0.0
        self.used = 0
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._poll = select.poll()
        self._waiter: asyncio.Future[Any] | None = None
        self._stream: Stream | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False
        self._keep = True
        self._begin(0, streaming=False)

    # asking

    async def ask(self, request: bytes, *, read: float, until: float, limit: int) -> Response:
        """Send the request and return the whole answer. `read` seconds of silence or the loop time `until` end it."""
        waiter = self._send(request, read, until, limit, streaming=False)
        response: Response = await waiter
        return response

    async def open(self, request: bytes, *, read: float, until: float) -> Stream:
        """Send the request and return once the head of the answer is there."""
        waiter = self._send(request, read, until, 0, streaming=True)
        stream: Stream = await waiter
        return stream

    def _send(self, request: bytes, read: float, until: float, limit: int, *, streaming: bool) -> asyncio.Future[Any]:
        if self._transport.is_closing():
            raise Closed(f"{self.host} closed the connection before anything was sent")
        self._begin(limit, streaming=streaming)
        self.used += 1
        self._read, self._deadline, self._last = read, until, self._loop.time()
        self._timer = self._loop.call_at(min(self._last + read, until), self._tick)
        self._waiter = self._loop.create_future()
        self._transport.write(request)
        return self._waiter

    def _begin(self, limit: int, *, streaming: bool) -> None:
        self._status = 0
        self._headers: dict[bytes, bytes] = {}
        self._head_size = 0
        self._chunks: list[bytes] = []
        self._size = 0
        self._limit = limit
        self._streaming = streaming
        self._until_close = False

    @property
    def alive(self) -> bool:
        return self._parser is not None

    @property
    def free(self) -> bool:
        """The answer is complete and the server keeps the connection."""
        busy = self._waiter is not None or self._stream is not None
        return self._keep and not busy and not self._transport.is_closing()

    @property
    def silent(self) -> bool:
        """Nothing waits in the socket: neither the server's goodbye nor bytes nobody asked for."""
        return not self._poll.poll(0)

    def abort(self) -> None:
        """Close at once."""
        self._keep = False
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._paused:
            self._paused = False
            self._last = self._loop.time()
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def _tick(self) -> None:
        now = self._loop.time()
        if self._paused:
            self._last = now
        at = min(self._last + self._read, self._deadline)
        if now >= at:
            self._timer = None
            self._fail(ChannelError(f"{self.host} did not answer in time", sent=True))
        else:
            self._timer = self._loop.call_at(at, self._tick)

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN | select.POLLHUP)

    def data_received(self, data: bytes) -> None:
        if self._waiter is None and self._stream is None:
            self.abort()
            return
        self._last = self._loop.time()
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(ChannelError(f"{self.host} did not answer with HTTP", sent=True))

    def eof_received(self) -> None:
        self._end_of_body()

    def connection_lost(self, exc: Exception | None) -> None:
        self._keep = False
        if exc is None:
            self._end_of_body()
        if self._status or self._head_size:
            self._fail(ChannelError(f"{self.host} closed the connection in the middle of its answer", sent=True))
        else:
            self._fail(Closed(f"{self.host} closed the connection before it answered", sent=True))
        self._parser = None
        self._lost(self)

    def _end_of_body(self) -> None:
        """A body without a length ends with the connection (RFC 9112, 6.3)."""
        if self._until_close:
            self._until_close = False
            self.on_message_complete()

    # what the parser calls

    def on_message_begin(self) -> None:
        if self._waiter is None:
            self._keep = False  # a second answer nobody asked for

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self._head_size += len(name) + len(value) + 4
        headers = self._headers
        headers[name] = headers[name] + b", " + value if name in headers else value
        if self._head_size > MAX_HEAD:
            self._fail(ChannelError(f"{self.host} sent more than {MAX_HEAD} bytes of headers", sent=True))

    def on_headers_complete(self) -> None:
        self._status = status = self._parser.get_status_code()
        if status < 200:
            return
        headers = self._headers
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            self._until_close = status not in (204, 304)
        if self._streaming and self._waiter is not None and not self._waiter.done():
            self._stream = Stream(self, status, headers)
            self._waiter.set_result(self._stream)
            self._waiter = None

    def on_body(self, data: bytes) -> None:
        if self._stream is not None:
            self._stream.feed(data)
            return
        self._size += len(data)
        if self._size > self._limit:
            self._fail(ChannelError(f"the answer of {self.host} is larger than {self._limit} bytes", sent=True))
        else:
            self._chunks.append(data)

    def on_message_complete(self) -> None:
        if self._status < 200:
            self._begin(self._limit, streaming=self._streaming)  # 1xx: the real answer follows
            return
        self._keep = self._keep and not self._until_close and self._parser.should_keep_alive()
        self._until_close = False
        self._stop_timer()
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.finish()
        elif self._waiter is not None:
            waiter, self._waiter = self._waiter, None
            if not waiter.done():
                waiter.set_result(Response(self._status, self._headers, b"".join(self._chunks)))

    def _fail(self, error: ChannelError) -> None:
        self._stop_timer()
        if self._waiter is not None:
            waiter, self._waiter = self._waiter, None
            if not waiter.done():
                waiter.set_exception(error)
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.finish(error)
        self.abort()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
