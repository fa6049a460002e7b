"""The bot's runtime inside `noren dev`: begun, stopped, killed, begun again, while LINE beside it goes on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

from runtime.errors import BadInput, FlowError, NorenError, StoreError
from runtime.log import Logger
from runtime.ports import Clock
from runtime.running import Runtime
from runtime.settings import Settings
from runtime.simulator.serve import listen
from runtime.simulator.values import Impossible
from runtime.store.store import Store
from runtime.workbench.server import Server

log = Logger("workbench")

Make = Callable[[Settings], Runtime]


class Life:
    """One runtime at a time. `make` builds it, `heard` is told of each change of `state`.

    What was being done when it is killed is lost as it would be with the process: LINE delivers again, and what
    was stored is found by the next one.
    """

    def __init__(
        self,
        make: Make,
        settings: Settings,
        door: socket.socket,
        clock: Clock,
        *,
        server: dict[str, Any],
        heard: Callable[[str], None] = lambda state: None,
        ready: Callable[[Runtime], Awaitable[None]] | None = None,
    ) -> None:
        self._make, self._settings, self._door, self._clock = make, settings, door, clock
        self._host, self._port = door.getsockname()[:2]
        self._options, self._heard, self._ready = server, heard, ready
        self._turns = asyncio.Lock()
        self._server: Server | None = None
        self._runtime: Runtime | None = None
        self.state, self.since = "stopped", clock.now()

    @property
    def port(self) -> int:
        """The port of the bot."""
        return int(self._port)

    @property
    def settings(self) -> Settings:
        """What the runtime goes by: the bot's own settings, pointed at the simulator."""
        return self._settings

    @property
    def begun(self) -> bool:
        """Whether there is or was a runtime."""
        return self._runtime is not None

    @property
    def runtime(self) -> Runtime:
        """The runtime that runs, or ran last. Raises `Impossible` before the first."""
        if self._runtime is None:
            raise Impossible("the runtime has not been started yet")
        return self._runtime

    @property
    def store(self) -> Store:
        """The running bot's store. Raises `Impossible` while there is none."""
        if self.state != "running":
            raise Impossible("the runtime does not run; start it first")
        return cast(Store, self.runtime.house.store)

    def _now(self, state: str) -> None:
        self.state, self.since = state, self._clock.now()
        self._heard(state)

    async def start(self) -> None:
        """Raises `BadInput` or `FlowError` for files that cannot be run, a store or a port that cannot be had."""
        async with self._turns:
            if self.state == "stopped":
                await self._begin(self._make(self._settings))

    async def _begin(self, runtime: Runtime) -> None:
        self._now("starting")
        try:
            await runtime.start()
            try:
                self._server = Server(runtime.asgi, self._listening(), self._options)
                await self._server.start()
            except BaseException:
                await runtime.stop()
                raise
        except BaseException as error:
            self._now("stopped")
            if isinstance(error, StoreError):
                raise BadInput(error.message) from None
            raise
        self._runtime = runtime
        self._now("running")
        if self._ready is not None:
            await self._ready(runtime)

    def _listening(self) -> socket.socket:
        """The socket that was given, or a new one on its port when that is closed."""
        if self._door.fileno() == -1:
            try:
                self._door = listen(self._host, self._port)
            except OSError as error:
                raise BadInput(f"port {self._port} was taken meanwhile ({error.strerror})") from None
        return self._door

    async def stop(self) -> None:
        """Finish what is being done, then end."""
        async with self._turns:
            await self._end(kill=False)

    async def kill(self) -> None:
        """End in the middle of whatever is being done."""
        async with self._turns:
            await self._end(kill=True)

    async def restart(self) -> None:
        async with self._turns:
            runtime = self._make(self._settings)  # what cannot be built does not end what runs
            await self._end(kill=False)
            await self._begin(runtime)

    async def renew(self, settings: Settings) -> None:
        """Go on with other settings; with the old ones when these cannot be used, and that is raised."""
        async with self._turns:
            runtime = self._make(settings)
            was = self.state
            await self._end(kill=False)
            try:
                if was == "running" or not self.begun:
                    await self._begin(runtime)
            except NorenError:
                if was == "running":
                    await self._begin(self._make(self._settings))
                raise
            self._settings = settings

    async def _end(self, *, kill: bool) -> None:
        runtime, server = self._runtime, self._server
        if self.state != "running" or runtime is None or server is None:
            return
        self._now("stopped")
        self._server = None
        if kill:
            await asyncio.gather(server.kill(), runtime.kill())
        else:
            await server.stop()
            await runtime.stop()
        self._door.close()

    async def reload(self) -> None:
        """Take up edited flows and functions. Raises `BadInput`, `FlowError`; then everything stays as it was.

        A runtime that could not begin, because its files were wrong, begins; one that was stopped does not, but what
        is wrong with its files is told.
        """
        if self.state == "running":
            await self.runtime.reload()
        elif not self.begun:
            await self.start()
        else:
            await asyncio.to_thread(self._make, self._settings)

    @contextlib.asynccontextmanager
    async def lived(self, wrong: Callable[[FlowError], None] | None = None) -> AsyncIterator[Life]:
        """Running while the block runs, whatever happens to it in between.

        Files that cannot be run are told to `wrong`, and a later `reload` begins; without it they are an error.
        """
        try:
            await self.start()
        except FlowError as error:
            if wrong is None:
                raise
            wrong(error)
        try:
            yield self
        finally:
            await self.stop()


DO: dict[str, Callable[[Life], Awaitable[None]]] = {
    "start": Life.start,
    "stop": Life.stop,
    "kill": Life.kill,
    "restart": Life.restart,
}
"""What may be done to a runtime, by the word of the API."""
