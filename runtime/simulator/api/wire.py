"""Reading and answering below the routes, and the ways a connection can go wrong."""

from __future__ import annotations

import socket
import struct
from typing import Final

from starlette.types import Receive, Send

from runtime.ports import Clock
from runtime.simulator.values import Answer

PIECES: Final = 5
BREAK: Final = struct.pack("ii", 1, 0)


async def read(receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when it is larger than `most` bytes."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        parts, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            size += len(message.get("body", b""))
            if size <= most:
                parts.append(message.get("body", b""))
        body = b"".join(parts)
        return body if size <= most else None
    return body if len(body) <= most else None


async def respond(send: Send, answer: Answer, body: bytes, request_id: str, slow: Clock | None, ms: int) -> None:
    """Send the answer; with `slow` in pieces, over `ms`."""
    headers = [
        (b"content-type", answer.type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"x-line-request-id", request_id.encode()),
    ]
    headers += [(name.encode(), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if slow is None:
        await send({"type": "http.response.body", "body": body})
        return
    step = max(1, -(-len(body) // PIECES))
    for first in range(0, len(body), step):
        await slow.sleep_until(slow.now() + ms // PIECES)
        await send({"type": "http.response.body", "body": body[first : first + step], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def hang(receive: Receive) -> None:
    """Say nothing until the other side gives up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(receive: Receive, send: Send) -> None:
    """Break the connection as a crashed peer does.

    ASGI has no word for this. uvicorn's `send` is a method of the request's cycle, which holds the transport;
    with SO_LINGER at zero, closing sends a reset. Other servers only see an answer that never begins.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("a fault of the simulator broke this connection")
    peer = transport.get_extra_info("socket")
    if peer is not None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, BREAK)
    transport.abort()
    await hang(receive)
