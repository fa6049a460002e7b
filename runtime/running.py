"""A bot while it runs: what begins with it, what ends with it, and how it takes up edited files."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.desk import elsewhere
from runtime.desk.distributor import Distributor
from runtime.desk.house import DeskHouse
from runtime.errors import NorenError
from runtime.fetch import Fetcher
from runtime.flow.tree import Flows
from runtime.line.client import Client
from runtime.log import Logger
from runtime.pipeline import House, compiled
from runtime.project import read_files, uncollected
from runtime.settings import EndpointSettings, Settings
from runtime.transform import Transformers
from runtime.worker import Worker

if TYPE_CHECKING:
    from starlette.types import ASGIApp

log = Logger("app")


@dataclass(slots=True)
class Runtime:
    """A built runtime: start it, hand `asgi` to a server, stop it. `asgi` starts and stops it by its lifespan."""

    root: Path
    settings: Settings
    house: House
    worker: Worker | None
    distributor: Distributor | None
    fetcher: Fetcher
    client: Client
    libraries: Mapping[str, Transformers]
    asgi: ASGIApp
    desk: DeskHouse | None = None
    others: elsewhere.Elsewhere | None = None
    content: Path | None = None

    async def start(self) -> None:
        """Raises `StoreError`, `StoreTaken` among them; then nothing stays open."""
        await self.house.store.open()
        try:
            await self._begin()
        except BaseException:
            await self._close()
            raise
        settle_memory()
        log.info("ready", endpoints=",".join(self.house.endpoints) or "none", store=store_name(self.settings.store))

    async def _begin(self) -> None:
        for endpoint in self.house.endpoints.values():
            files = flow_files(self.root, endpoint.settings)
            await self.house.store.save_version(endpoint.book.version, files, self.house.clock.now())
        if self.worker is not None:
            await self.worker.start()
        if self.distributor is not None and self.settings.handover.workstreams:
            self.distributor.start()
        if self.desk is not None:
            await self.desk.start()
            if code := await self.desk.doors.code():
                log.warning("the desk has no admin yet: open /desk/ and give this code", code=code)

    async def stop(self) -> None:
        """Finish what is held, then close what is open."""
        try:
            await self._close_desk()
            if self.worker is not None:
                await self.worker.stop()
        finally:
            await self._close()
        log.info("stopped")

    async def kill(self) -> None:
        """End as a killed process does: nothing is finished, given back or signed off."""
        try:
            await self._close_desk(sign_off=False)
            if self.worker is not None:
                await self.worker.die()
        finally:
            await self._close()
        log.info("killed")

    async def _close_desk(self, *, sign_off: bool = True) -> None:
        if self.distributor is not None:
            await self.distributor.stop()
        if self.desk is not None:
            await self.desk.stop(sign_off=sign_off)

    async def _close(self) -> None:
        await self.fetcher.close()
        await self.client.close()
        if self.others is not None:
            await self.others.close()
        await self.house.store.close()

    async def reload(self) -> None:
        """Take up edited flow files and functions. Raises `BadInput`; then everything stays as it was."""
        house = self.house
        files, flows = await asyncio.to_thread(self._compiled)
        functions = [(chain, await asyncio.to_thread(chain.read)) for chain in self.libraries.values()]
        for name in house.endpoints:
            await house.store.save_version(flows[name].version, files[name], house.clock.now())
        for chain, loaded in functions:
            chain.take(loaded)
        for name, endpoint in house.endpoints.items():
            endpoint.book.take(flows[name])

    def _compiled(self) -> tuple[dict[str, dict[str, str]], dict[str, Flows]]:
        """The files of each endpoint as they are now, and what they compile to."""
        endpoints = {name: endpoint.settings for name, endpoint in self.house.endpoints.items()}
        files = {name: flow_files(self.root, config) for name, config in endpoints.items()}
        with uncollected():
            return files, {name: compiled(files[name], config) for name, config in endpoints.items()}


def settle_memory() -> None:
    """Modules and compiled flows stay: the garbage collector need not look at them again and again.

    What a turn makes is freed by reference counts; the collector is left for the rare cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def lifespan(runtime: Runtime) -> Any:
    @asynccontextmanager
    async def around(_: Any) -> AsyncIterator[None]:
        try:
            await runtime.start()
        except NorenError as error:
            log.error("cannot start", reason=str(error))
            raise
        try:
            yield
        finally:
            await runtime.stop()

    return around


def flow_files(root: Path, config: EndpointSettings) -> dict[str, str]:
    """Path → text of an endpoint's flow files, paths relative to the bot's folder."""
    return read_files(root, root / config.flows)


def store_name(url: str) -> str:
    """The store's kind and database, without user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
