"""The pytest plugin: transcript tests below a bot's `tests/` are tests like any other.

Installed with Noren, so it looks at every YAML file that pytest comes by; it leaves alone all that do not begin with
`test:` or that lie in no folder `tests` of a bot (a folder with a noren.yaml). `-p no:noren` switches it off.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from runtime.transcript.play import Outcome
    from runtime.transcript.suite import Case

SUFFIXES = (".yaml", ".yml")
FOLDER = "tests"
SHELF: pytest.StashKey[dict[Path, Any]] = pytest.StashKey()
"""By bot's folder: its project and its compiled flows."""


class Broken(Exception):
    """A transcript test that is not as it says; the outcome tells how."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.name)
        self.outcome = outcome


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.suffix not in SUFFIXES or FOLDER not in file_path.parts:
        return None
    home = _home(file_path)
    if home is None:
        return None
    from runtime.transcript.suite import begins

    return TranscriptFile.from_parent(parent, path=file_path, home=home) if begins(file_path) else None


def _home(path: Path) -> Path | None:
    """The bot's folder: the nearest above that has a noren.yaml, with the file below its `tests`."""
    for folder in path.parents:
        if (folder / "noren.yaml").is_file():
            return folder if path.relative_to(folder).parts[0] == FOLDER else None
    return None


class TranscriptFile(pytest.File):
    """A file with one test, in one or several languages."""

    def __init__(self, *, home: Path, **more: Any) -> None:
        super().__init__(**more)
        self.home = home

    def collect(self) -> Iterator[pytest.Item]:
        from runtime.errors import BadInput
        from runtime.transcript.suite import cases

        try:
            project, _ = shelf(self.config, self.home)
        except BadInput as error:
            raise self.CollectError(f"noren: {error}") from None
        for case in cases(project, self.path):
            yield TranscriptItem.from_parent(self, name=case.name, case=case)


class TranscriptItem(pytest.Item):
    """One test in one language."""

    def __init__(self, *, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.case = case

    def runtest(self) -> None:
        from runtime.transcript.suite import played, quiet

        if self.case.script.skip:
            pytest.skip(self.case.script.skip)
        file = self.parent
        assert isinstance(file, TranscriptFile)
        project, flows = shelf(self.config, file.home)
        with tempfile.TemporaryDirectory(prefix="noren-") as folder, quiet():
            outcome = asyncio.run(played(project, self.case, flows, Path(folder)))
        if not outcome.passed:
            raise Broken(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if not isinstance(excinfo.value, Broken):
            return super().repr_failure(excinfo, style)
        from runtime.transcript.report import told

        return "\n".join(line for failure in excinfo.value.outcome.failures for line in told(failure))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, self.case.script.at.line, self.name


def shelf(config: pytest.Config, home: Path) -> tuple[Any, Any]:
    """The project of a folder and its flows, read and compiled once in a run."""
    from runtime.project import open_project
    from runtime.transcript.suite import Compiled

    known = config.stash.setdefault(SHELF, {})
    if home not in known:
        known[home] = (open_project(home, lenient=True), Compiled())
    found: tuple[Any, Any] = known[home]
    return found
