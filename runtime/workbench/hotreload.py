"""What a save brings about: new flows at once, a new runtime for new settings, and the last good one for a mistake."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.errors import BadInput, FlowError, NorenError
from runtime.log import Logger
from runtime.model import Finding, Place
from runtime.project import FILE, Project, open_project
from runtime.settings import Settings
from runtime.workbench.bench import Bench
from runtime.workbench.watching import BESIDE, saved

log = Logger("workbench")

Say = Callable[..., None]
GOES_ON = "the last good version goes on"
STARTS = "the bot starts as soon as this is mended"


@dataclass(slots=True)
class HotReload:
    """`stage` turns a project into settings that point at the simulator, `after` follows every save taken up.

    `since`: when the files were read first, in seconds of wall time; what was saved since is taken up as well.
    """

    bench: Bench
    stage: Callable[[Project], Settings]
    after: Callable[[], Awaitable[None]]
    say: Say
    since: float = math.inf
    watching: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled."""
        async for paths in saved(self.bench.root, self.folders, self.watching.set, self.since):
            try:
                await self.take(paths)
            except NorenError as error:
                self.say(f"{error}; {GOES_ON}", fg="red")
            except Exception as error:  # whatever it is: without this loop nothing is taken up any more
                log.error("a save could not be taken up", trace=error)

    def folders(self) -> set[Path]:
        root = self.bench.root
        return {root / one.flows for one in self.bench.project.settings.endpoints.values()} | {root / "transformers"}

    async def take(self, paths: set[Path]) -> None:
        """Take up what was saved."""
        moment = await asyncio.to_thread(latest, paths)
        names = sorted(path.relative_to(self.bench.root).as_posix() for path in paths)
        try:
            if any(path.name in BESIDE and path.parent == self.bench.root for path in paths):
                await self._settings()
            else:
                await self.bench.life.reload()
        except FlowError as error:
            self._refused(names, moment, error.findings)
        except BadInput as error:
            self._refused(names, moment, [finding(error)])
        else:
            done = self.bench.reloaded(True, names, moment)
            self.say(f"reloaded {', '.join(names)} in {done.ms} ms", fg="green", dim=True)
        await self.after()

    async def _settings(self) -> None:
        project = await asyncio.to_thread(open_project, self.bench.root, lenient=True)
        await self.bench.life.renew(self.stage(project))
        self.bench.project = project

    def begin(self, error: FlowError) -> None:
        """The files were wrong from the beginning: the bot starts with the first save that mends them."""
        self._refused([], time.time(), error.findings)

    def _refused(self, names: Sequence[str], moment: float, findings: Sequence[Finding]) -> None:
        self.bench.reloaded(False, names, moment, findings)
        for one in findings:
            self.say(f"{one.at}: {one.severity}: {one.message}", fg="red")
            if one.fix:
                self.say(f"    fix: {one.fix}")
        self.say(GOES_ON if self.bench.life.begun else STARTS, fg="yellow")


def finding(error: NorenError) -> Finding:
    """A mistake that is no finding of a flow, as one."""
    return Finding(code="settings", severity="error", at=error.at or Place(FILE), message=error.message)


def latest(paths: set[Path]) -> float:
    """When the last of these was saved, in seconds of wall time; now, for one that is gone."""
    times = []
    for path in paths:
        try:
            times.append(os.stat(path).st_mtime)
        except OSError:
            times.append(time.time())
    return min(max(times, default=time.time()), time.time())
