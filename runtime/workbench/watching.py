"""Which files of a bot were saved, told as soon as they are."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import awatch

from runtime.project import FILE

WATCHED = frozenset({".yaml", ".yml", ".csv", ".json", ".py", ".png", ".jpg", ".jpeg"})
STEP, DEBOUNCE = 15, 100
"""How long quiet has to last before a save counts as done, and how long an endless one is waited for, in ms."""
BESIDE = frozenset({FILE, ".env"})

Folders = Callable[[], set[Path]]


async def saved(
    root: Path, folders: Folders, begun: Callable[[], None], since: float = math.inf
) -> AsyncIterator[set[Path]]:
    """Sets of files that were saved, removed or made, as long as anybody asks; `begun` once nothing is missed.

    What was saved after `since`, in seconds of wall time, and before anybody watched is told first.
    `folders` says which ones are watched with all below them, anew after each change, because it may have moved
    one; noren.yaml and .env are watched through the bot's folder, since editors replace a file when they save it.
    """
    queue: asyncio.Queue[set[Path]] = asyncio.Queue()
    tasks, first = {root: asyncio.create_task(_feed(queue, root, folders))}, True
    try:
        while True:
            wanted = _outermost({folder for folder in folders() if folder.is_dir()})
            new = wanted - tasks.keys()
            tasks |= {folder: asyncio.create_task(_feed(queue, folder)) for folder in new}
            await asyncio.sleep(0)  # their first step makes the system watch
            await _end([tasks.pop(folder) for folder in tasks.keys() - wanted - {root}])
            if first and (late := {path for path in _every(root, wanted) if _changed(path) > since}):
                queue.put_nowait(late)
            if not first and (there := {path for folder in new for path in _files(folder) if _counts(path, folder)}):
                queue.put_nowait(there)
            first = False
            begun()
            found = await queue.get()
            while not queue.empty():
                found |= queue.get_nowait()
            yield found
    finally:
        await _end(list(tasks.values()))


def _every(root: Path, folders: Iterable[Path]) -> Iterator[Path]:
    """All files that are watched."""
    yield from (root / name for name in BESIDE)
    for folder in folders:
        yield from (path for path in _files(folder) if _counts(path, folder))


def _changed(path: Path) -> float:
    """When a file got its content or its place; the beginning of time for one that is not there."""
    try:
        found = path.stat()
    except OSError:
        return 0.0
    return max(found.st_mtime, found.st_ctime)


async def _feed(queue: asyncio.Queue[set[Path]], folder: Path, beside: Folders | None = None) -> None:
    """Changes below a folder; with `beside` in it alone: of settings, and of folders that come or go."""
    async for changes in awatch(folder, step=STEP, debounce=DEBOUNCE, recursive=beside is None, watch_filter=None):
        paths = {Path(path) for _, path in changes}
        if beside is None:
            kept = {path for one in paths for path in _files(one) if _counts(path, folder)}
        else:
            kept = {path for one in paths & beside() for path in _files(one)}
            kept |= {path for path in paths if path.name in BESIDE}
        if kept:
            queue.put_nowait(kept)


def _files(path: Path) -> list[Path]:
    """A file, or all files below a new folder: what was put there before it was watched is told by nobody."""
    return [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]


def _counts(path: Path, folder: Path) -> bool:
    """Whether a file is one that a bot is made of, and not what an editor leaves beside it."""
    return path.suffix.lower() in WATCHED and not any(part.startswith(".") for part in path.relative_to(folder).parts)


def _outermost(folders: set[Path]) -> set[Path]:
    """Without those that lie in another one."""
    return {one for one in folders if not any(other in one.parents for other in folders)}


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
