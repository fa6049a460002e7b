"""What people who edit a bot have been told about its files, so that a reload tells only what is new."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from runtime.cli.check import findings_of
from runtime.cli.findings import COLOURS, counts
from runtime.errors import NorenError
from runtime.log import Logger
from runtime.model import Finding

log = Logger("check")

Same = tuple[str, str, str]


@dataclass
class Told:
    """Findings of a bot's folder, told one time each; judged in a thread, so that nobody waits.

    `heard` gets all of them whenever they were judged.
    """

    root: Path
    say: Callable[..., None] = click.secho
    heard: Callable[[Sequence[Finding]], None] = lambda found: None
    _known: Counter[Same] | None = None

    async def first(self) -> None:
        """How many findings there are, in one line; nothing when there is none, or nothing but hints."""
        found = await self._findings()
        if any(one.severity != "hint" for one in found):
            self.say(f"{counts(found)}: noren check shows them", fg=COLOURS[worst(found)])

    async def news(self, told: Iterable[Finding] = ()) -> None:
        """The errors and warnings that were not there last time, and were not `told` meanwhile, whole."""
        before = self._known
        if before is None:
            await self.first()
            return
        for finding in new(await self._findings(), before + Counter(same(one) for one in told)):
            if finding.severity != "hint":
                self.say(f"{finding.at}: {finding.severity}: {finding.message}", fg=COLOURS[finding.severity])
                if finding.fix:
                    self.say(f"    fix: {finding.fix}")

    async def _findings(self) -> Sequence[Finding]:
        try:
            found = await asyncio.to_thread(findings_of, self.root)
        except NorenError:
            return ()  # files that cannot be read at all: whoever loads them says so
        self._known = Counter(same(one) for one in found)
        self.heard(found)
        return found


def same(finding: Finding) -> Same:
    """What a finding is known by when lines above it come and go."""
    return finding.at.file, finding.code, finding.message


def new(found: Iterable[Finding], before: Counter[Same]) -> Iterator[Finding]:
    """Findings that were not there before; of several alike, as many as were added."""
    left = before.copy()
    for one in found:
        if left[same(one)] > 0:
            left[same(one)] -= 1
        else:
            yield one


def worst(found: Sequence[Finding]) -> str:
    return min((one.severity for one in found), key=list(COLOURS).index)


def record(root: Path) -> None:
    """Log how many findings a bot's folder has."""
    try:
        count = Counter[str](one.severity for one in findings_of(root))
    except NorenError as error:
        log.warning("not checked", reason=str(error))
        return
    tell = log.warning if count["error"] or count["warning"] else log.info
    tell("checked", errors=count["error"], warnings=count["warning"], hints=count["hint"])
