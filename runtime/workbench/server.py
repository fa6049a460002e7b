"""The bot's door: a web server that can also end the way a killed process does."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn

from runtime.errors import BadInput
from runtime.simulator.serve import Inside

PATIENCE = 5
"""Seconds that requests get to finish when the server stops."""


class Server:
    """One application on one listening socket, from `start` until `stop` or `kill`."""

    def __init__(self, asgi: Any, door: socket.socket, options: dict[str, Any]) -> None:
        config = uvicorn.Config(asgi, **options, timeout_graceful_shutdown=PATIENCE)
        self._server, self._door = Inside(config), door
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises `BadInput` when it cannot."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._door]))
        up = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._task, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._task.done():
            raise BadInput("the server could not start; the log says why")

    async def stop(self) -> None:
        """Take nothing more, and finish what is under way."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def kill(self) -> None:
        """Break every connection off: whoever waits for an answer learns that there is nobody any more."""
        for one in getattr(self._server, "servers", ()):
            one.close()
        state = self._server.server_state
        for connection in list(state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        tasks = set(state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._server.force_exit = True
        await self.stop()
