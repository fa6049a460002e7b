"""The simulator on a port of its own."""

from __future__ import annotations

import asyncio
import socket

import pytest

from runtime.simulator.serve import listen
from tests.line_platform import line_platform

pytestmark = pytest.mark.anyio


async def test_answers_are_not_held_back_by_nagles_algorithm() -> None:
    accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("socket")
        accepted.set_result(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = listen("127.0.0.1", 0)
    async with await asyncio.start_server(connected, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname())
        assert await accepted
        writer.close()
        await writer.wait_closed()


async def test_a_taken_port_is_an_os_error() -> None:
    async with line_platform() as line:
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", int(line.url.rpartition(":")[2]))
