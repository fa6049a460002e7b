"""`noren check --watch`: the findings again whenever a file is saved."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from pathlib import Path

from runtime.cli.project import open_project
from runtime.errors import NorenError
from runtime.workbench.watching import saved


async def watch(root: Path, look: Callable[[Collection[Path]], None]) -> None:
    """Call `look` in a thread: with nothing at the beginning, then with the files of each save, until cancelled."""
    watched = asyncio.Event()
    first = asyncio.create_task(_first(watched, look))
    try:
        async for files in saved(root, Folders(root), watched.set):
            await first
            await asyncio.to_thread(look, files)
    finally:
        first.cancel()


async def _first(watched: asyncio.Event, look: Callable[[Collection[Path]], None]) -> None:
    await watched.wait()  # what is saved while the first look is taken is not missed
    await asyncio.to_thread(look, ())


class Folders:
    """Folders of a bot's files; those of before while noren.yaml cannot be read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known = {root / "flows"}

    def __call__(self) -> set[Path]:
        with contextlib.suppress(NorenError):
            endpoints = open_project(self._root, lenient=True).settings.endpoints.values()
            self._known = {self._root / endpoint.flows for endpoint in endpoints}
        return self._known | {self._root / "transformers"}
