"""Everything the page works on, in one place: the bot's folder, its runtime, what was recorded, what is wrong."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.errors import BadInput
from runtime.flow.versions import Book
from runtime.model import Finding
from runtime.pipeline import Endpoint
from runtime.project import Project, read_text
from runtime.simulator.feed import Feed
from runtime.simulator.state import Simulator
from runtime.simulator.values import Missing
from runtime.workbench.around import Pace
from runtime.workbench.life import Life
from runtime.workbench.record import Record, Records

AROUND = 2
"""Lines of a file shown before and after the one a finding is about."""


@dataclass(frozen=True, slots=True)
class Reload:
    """How the last save was taken up. `at` is wall time, `ms` counts from the moment the file was saved."""

    ok: bool
    at: int
    ms: int
    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True, eq=False)
class Bench:
    """`feed` carries `turn`, `session`, `reload`, `findings`, `runtime` and `tests` to whoever watches."""

    project: Project
    simulator: Simulator
    feed: Feed
    records: Records
    life: Life
    pace: Pace
    media: Mapping[str, str] | None = None
    findings: tuple[Finding, ...] = ()
    reload: Reload | None = None
    testing: bool = False
    tried: dict[str, frozenset[str]] = field(default_factory=dict)
    """Steps that tests run here went through, by endpoint."""

    @property
    def root(self) -> Path:
        return self.project.root

    # ── news ──────────────────────────────────────────────────────────────────────────────────────────────

    def judged(self, found: Sequence[Finding]) -> None:
        if tuple(found) != self.findings:
            self.findings = tuple(found)
            self.feed.publish("findings", {"findings": shown(self.root, self.findings)})

    def reloaded(self, ok: bool, files: Sequence[str], saved: float, findings: Sequence[Finding] = ()) -> Reload:
        """A save was taken up, or was not. `saved` is when, in seconds of wall time."""
        now = time.time()
        self.reload = Reload(ok, round(now * 1000), round((now - saved) * 1000), tuple(files), tuple(findings))
        self.feed.publish("reload", reload_shown(self.root, self.reload))
        return self.reload

    # ── looking up ────────────────────────────────────────────────────────────────────────────────────────

    def endpoint(self, name: str) -> Endpoint:
        """Raises `Missing`."""
        found = self.life.runtime.house.endpoints.get(name)
        if found is None:
            raise Missing(f"there is no endpoint {name}")
        return found

    def book(self, endpoint: str) -> Book | None:
        try:
            return self.endpoint(endpoint).book
        except BadInput:
            return None


def heard(feed: Feed, record: Record) -> None:
    """Tell that a turn went on. It is put into words only for those who watch."""
    feed.publish("turn", {"record": record})
    feed.publish("session", {"key": record.key})


def counts(found: Sequence[Finding]) -> dict[str, int]:
    number = Counter(one.severity for one in found)
    return {"error": number["error"], "warning": number["warning"], "hint": number["hint"]}


def shown(root: Path, found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings with the lines they are about."""
    texts: dict[str, list[str]] = {}
    return [_finding(root, one, texts) for one in found]


def _finding(root: Path, one: Finding, texts: dict[str, list[str]]) -> dict[str, Any]:
    at = one.at
    if at.file not in texts:
        texts[at.file] = lines_of(root, at.file)
    names = ("code", "severity", "message", "why", "fix", "path")
    told = {name: getattr(one, name) for name in names}
    excerpt = around(texts[at.file], at.line, AROUND) if at.line else []
    return {**told, "file": at.file, "line": at.line, "column": at.column, "excerpt": excerpt}


def lines_of(root: Path, file: str) -> list[str]:
    """The lines of a file of the bot; none when it cannot be read."""
    try:
        path = (root / file).resolve()
        return read_text(path, root).splitlines() if path.is_relative_to(root) and path.is_file() else []
    except (BadInput, OSError, ValueError):
        return []


def around(lines: Sequence[str], line: int, more: int) -> list[dict[str, Any]]:
    first = max(1, line - more)
    return [{"line": first + n, "text": text} for n, text in enumerate(lines[first - 1 : line + more])]


def reload_shown(root: Path, one: Reload) -> dict[str, Any]:
    told = {"ok": one.ok, "at": one.at, "ms": one.ms, "files": list(one.files)}
    return {**told, "findings": shown(root, one.findings)}
