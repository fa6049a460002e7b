"""Small real servers on 127.0.0.1 that do exactly what a test writes down."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Script = Callable[["Talk"], Awaitable[None]]


@dataclass(slots=True)
class Talk:
    """One connection as a script sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    requests: list[tuple[bytes, bytes]]

    async def request(self) -> tuple[bytes, bytes]:
        """Read one request: head and body."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next((int(h[15:]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")), 0)
        body = await self.reader.readexactly(length)
        self.requests.append((head, body))
        return head, body

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, body: bytes = b"{}", status: str = "200 OK", extra: bytes = b"") -> None:
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n".encode()
        await self.say(head + extra + b"\r\n" + body)

    def reset(self) -> None:
        """Close with RST, as a crashed machine or a balancer does."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass(slots=True)
class Server:
    url: str
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0


@contextlib.asynccontextmanager
async def serving(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Run `script` for each connection; a client that goes away ends it quietly."""
    talks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []
    server = Server("")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await script(Talk(reader, writer, server.connections, server.requests))
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)  # a task that is cancelled before it began closes nothing
        talks.add(asyncio.get_running_loop().create_task(talk(reader, writer)))

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in talks:
            task.cancel()
        results = await asyncio.gather(*talks, return_exceptions=True)
        for writer in writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        await listening.wait_closed()
    assert not [r for r in results if isinstance(r, Exception)], results


def refusing() -> str:
    """The address of a port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"
