"""Which workers there are, and freeing what dead ones held."""

from __future__ import annotations

from collections.abc import Callable

from runtime.store import lanes
from runtime.store.lanes import Op

JOIN = "INSERT INTO workers (id, since) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET since = excluded.since"
LEAVE = "DELETE FROM workers WHERE id = ?"
ALL = "SELECT id FROM workers ORDER BY since, id"
NAMES = "SELECT id FROM workers UNION SELECT worker FROM lanes WHERE worker IS NOT NULL"
"""Also those whose entry was removed while they lived, because they could not be reached."""


def join(worker: str, now: int) -> Op[None]:
    """Enter the worker; what an earlier process held under the same name is free again."""
    yield JOIN, (worker, now)
    yield from lanes.free(worker)


def leave(worker: str) -> Op[None]:
    yield LEAVE, (worker,)
    yield from lanes.free(worker)


def sweep(dead: Callable[[str], Op[bool]]) -> Op[int]:
    """Free what dead workers held; `dead` tells whether one is."""
    freed = 0
    for (worker,) in (yield NAMES, ()):
        if (yield from dead(worker)):
            freed += yield from lanes.free(worker)
            yield LEAVE, (worker,)
    return freed


def listed() -> Op[list[str]]:
    return [worker for (worker,) in (yield ALL, ())]
