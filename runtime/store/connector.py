"""What the store needs of a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from runtime.store.lanes import Op

R = TypeVar("R")


class Connector(Protocol):
    """One kind of database: it runs transactions, knows which workers live, and hears of news."""

    name: str
    listeners: list[Callable[[str], None]]
    """Who hears what other processes tell; empty calls where there are none."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    def write(self, make: Callable[..., Op[R]], *args: Any, orphan: Callable[[R], None] | None = None) -> Awaitable[R]:
        """Run a transaction; done when it is durable. `orphan` gets a result nobody waits for any more."""

    async def read(self, make: Callable[..., Op[R]], *args: Any) -> R:
        """Run a transaction that only reads, all of it on one state of the store."""

    async def join(self, worker: str) -> None:
        """Hold what shows that this worker lives, until `leave` or the end of the process."""

    async def leave(self, worker: str) -> None: ...

    def dead(self, worker: str) -> Op[bool]:
        """Whether a worker that once joined is gone."""

    async def alive(self) -> None:
        """Make sure that our workers are still known to live."""

    async def wait(self, timeout: int) -> bool:
        """Return at news of due work nobody holds, or after `timeout` ms; whether there was news."""

    async def vacuum(self) -> None: ...

    async def backup(self, path: Path) -> None: ...

    def size(self) -> Op[int]:
        """Bytes the store takes."""
