"""A small HTTP/1.1 client with a keep-alive pool, for the calls that every turn makes.

Redirects, cookies, compression and proxies are left out on purpose: LINE's API uses none of them, and what is
not there costs nothing. `Connection` (wire.py) speaks on one socket; here is which socket, and for how long.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from runtime.errors import ChannelError
from runtime.line.wire import Closed, Connection, Response, Stream

T = TypeVar("T")
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_BAD_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]").search
_BAD_URL = re.compile(r"[\x00-\x20\x7f-\U0010ffff]").search


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, counts and bytes. `total` covers the whole call: waiting for a connection, connecting, answering."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 15.0
    pool: int = 64
    idle: float = 30.0
    body: int = 4_194_304


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: whom to connect to, and what to ask there."""

    tls: bool
    host: str
    port: int
    authority: str
    path: str


@dataclass(slots=True)
class Pool:
    """Connections to one origin. `connecting` ones hold a place too."""

    idle: list[Connection] = field(default_factory=list)
    all: set[Connection] = field(default_factory=set)
    waiting: deque[asyncio.Future[Connection | None]] = field(default_factory=deque)
    connecting: int = 0


@functools.lru_cache(maxsize=1024)
def target(url: str) -> Target:
    """Take a URL apart. Raises `ValueError` for anything that is no plain, encoded http(s) URL."""
    parts = urlsplit(url)
    if _BAD_URL(url) or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an encoded http or https URL")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, parts.hostname, parts.port or (443 if tls else 80), parts.netloc.rpartition("@")[2], path)


def encode(method: str, to: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a request. Raises `ValueError` for a header that would break out of its line."""
    lines = [f"{method} {to.path} HTTP/1.1\r\nHost: {to.authority}\r\nUser-Agent: noren\r\n"]
    lines += [_line(name, value) for name, value in headers.items()]
    if body or method not in ("GET", "HEAD"):
        lines.append(f"Content-Length: {len(body)}\r\n")
    lines.append("\r\n")
    return "".join(lines).encode("latin-1") + body


@functools.lru_cache(maxsize=256)
def _line(name: str, value: str) -> str:
    if not _NAME(name) or _BAD_VALUE(value):
        raise ValueError(f"the header {name!r} has a character that no header may have")
    return f"{name}: {value}\r\n"


class Client:
    """Requests over pooled connections. One client serves all endpoints of a process."""

    def __init__(self, limits: Limits = Limits(), *, tls: ssl.SSLContext | None = None) -> None:
        self.limits = limits
        self._tls = tls
        self._pools: dict[tuple[bool, str, int], Pool] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False
        self._gone: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def _now(self) -> float:
        """The loop's time. The loop is kept: before Python 3.12 each look-up asks the system for our process id."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] = {},
        body: bytes = b"",
        *,
        timeout: float | None = None,
        repeatable: bool | None = None,
    ) -> Response:
        """Send one request and read the whole answer, whatever its status.

        `timeout` in seconds replaces `limits.total`. `repeatable` (default: by method) allows a second try when the
        server closed a kept connection just as the request went out. Raises `ChannelError` with `sent`.
        """
        to = target(url)
        data = encode(method, to, headers, body)
        again = method in REPEATABLE if repeatable is None else repeatable
        until = self._now() + (timeout or self.limits.total)
        read = max(self.limits.read, timeout or 0)
        limit = self.limits.body
        return await self._run(to, until, again, lambda c: c.ask(data, read=read, until=until, limit=limit))

    @contextlib.asynccontextmanager
    async def stream(
        self,
        url: str,
        headers: Mapping[str, str] = {},
        *,
        timeout: float | None = None,
    ) -> AsyncIterator[Stream]:
        """GET an answer of any size: `async with client.stream(url) as s: async for chunk in s: …`."""
        to = target(url)
        data = encode("GET", to, headers, b"")
        until = self._now() + (timeout or self.limits.total)
        read = self.limits.read
        stream = await self._run(to, until, True, lambda c: c.open(data, read=read, until=until), keep=True)
        try:
            yield stream
        finally:
            self._release(self._pool(to), stream.connection)

    async def close(self) -> None:
        """Close every connection; calls in flight fail."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for pool in self._pools.values():
            for connection in list(pool.all):
                connection.abort()
        if self._open():
            self._gone = asyncio.Event()
            await self._gone.wait()

    def _open(self) -> bool:
        return any(pool.all for pool in self._pools.values())

    async def _run(
        self, to: Target, until: float, again: bool, ask: Callable[[Connection], Awaitable[T]], *, keep: bool = False
    ) -> T:
        pool = self._pool(to)
        while True:
            connection = await self._take(pool, to, until)
            kept_alive = connection.used > 0
            answered = False
            try:
                result = await ask(connection)
                answered = True
                return result
            except Closed as error:
                if not kept_alive or (error.sent and not again):
                    raise
            finally:
                if not (keep and answered):
                    self._release(pool, connection)

    def _pool(self, to: Target) -> Pool:
        key = (to.tls, to.host, to.port)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool()
        return pool

    async def _take(self, pool: Pool, to: Target, until: float) -> Connection:
        if self._closed:
            raise ChannelError("the client is closed")
        now = self._now()
        while True:
            while pool.idle:
                connection = pool.idle.pop()
                if connection.free and connection.silent and now - connection.idle_since < self.limits.idle:
                    return connection
                connection.abort()
            if len(pool.all) + pool.connecting < self.limits.pool:
                return await self._connect(pool, to, until)
            handed = await self._wait(pool, to, until)
            if handed is not None:
                return handed

    async def _wait(self, pool: Pool, to: Target, until: float) -> Connection | None:
        """A connection another call gives back, or None when a place became free."""
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        pool.waiting.append(waiter)
        try:
            async with asyncio.timeout_at(until):
                return await waiter
        except BaseException as error:
            if waiter in pool.waiting:
                pool.waiting.remove(waiter)
            elif not waiter.cancelled():
                self._hand_back(pool, waiter.result())
            if isinstance(error, TimeoutError):
                raise ChannelError(f"no free connection to {to.host} in time") from None
            raise

    async def _connect(self, pool: Pool, to: Target, until: float) -> Connection:
        loop = asyncio.get_running_loop()
        pool.connecting += 1
        made: Connection | None = None
        try:
            async with asyncio.timeout_at(min(until, loop.time() + self.limits.connect)):
                _, made = await loop.create_connection(
                    lambda: Connection(to.host, lambda c: self._lost(pool, c)),
                    to.host,
                    to.port,
                    ssl=self._context() if to.tls else None,
                    server_hostname=to.host if to.tls else None,
                )
            if made.alive:
                pool.all.add(made)
            return made
        except TimeoutError:
            raise ChannelError(f"{to.host} does not accept connections in time") from None
        except OSError as error:
            raise ChannelError(f"cannot connect to {to.host}: {error.strerror or error}") from None
        finally:
            pool.connecting -= 1
            if made is None:
                self._wake(pool)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _hand_back(self, pool: Pool, handed: Connection | None) -> None:
        """What a call was given in the very moment it gave up goes to the next one."""
        if handed is None:
            self._wake(pool)
        else:
            self._release(pool, handed)

    def _release(self, pool: Pool, connection: Connection) -> None:
        if self._closed or not connection.free:
            connection.abort()
            return  # its place is free once the socket is gone
        while pool.waiting:
            waiter = pool.waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        connection.idle_since = self._now()
        pool.idle.append(connection)
        if self._sweeper is None:
            self._sweeper = asyncio.get_running_loop().call_later(self.limits.idle, self._sweep)

    def _lost(self, pool: Pool, connection: Connection) -> None:
        pool.all.discard(connection)
        if connection in pool.idle:
            pool.idle.remove(connection)
        self._wake(pool)
        if self._gone is not None and not self._open():
            self._gone.set()

    def _wake(self, pool: Pool) -> None:
        """A place is free: let the first waiting call make its own connection."""
        while pool.waiting:
            waiter = pool.waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _sweep(self) -> None:
        """Close what was idle too long, so that no socket outlives its use."""
        loop = asyncio.get_running_loop()
        self._sweeper = None
        for pool in self._pools.values():
            for connection in [c for c in pool.idle if loop.time() - c.idle_since >= self.limits.idle]:
                connection.abort()
        if any(pool.idle for pool in self._pools.values()):
            self._sweeper = loop.call_later(self.limits.idle, self._sweep)
