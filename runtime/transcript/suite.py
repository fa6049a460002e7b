"""The tests of a bot's folder: found, read, played one after the other."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime.errors import BadInput, FlowError
from runtime.flow.loader import version_of
from runtime.flow.tree import Flows
from runtime.model import Place
from runtime.pipeline import compiled
from runtime.project import FILE, Project, read_files
from runtime.settings import EndpointSettings
from runtime.transcript import play
from runtime.transcript.coverage import FlowCoverage, cover
from runtime.transcript.play import Failure, Outcome
from runtime.transcript.script import Given, Script, is_test, read_script

SUFFIXES = (".yaml", ".yml")
FOLDER = "tests"
HEAD = 4_096
"""Characters of a file that are looked at to see whether it is a test."""


@dataclass(slots=True)
class Compiled:
    """Flow files, compiled once for all tests that run on them."""

    known: dict[str, Flows] = field(default_factory=dict)

    def __call__(self, files: Mapping[str, str], config: EndpointSettings) -> Flows:
        version = f"{config.name}:{version_of(files, config.languages)}"
        if version not in self.known:
            self.known[version] = compiled(files, config)
        return self.known[version]


@dataclass(frozen=True, slots=True)
class Case:
    """One test in one language, ready to be played; `wrong` when the file cannot be read."""

    path: Path
    script: Script
    language: str
    wrong: tuple[Failure, ...] = ()

    @property
    def name(self) -> str:
        return Outcome(self.script, self.language).name


def found(paths: Sequence[Path]) -> Iterator[Path]:
    """The files among these, and below these folders, that are tests. Raises `BadInput` for a file that is none."""
    for path in paths:
        if path.is_dir():
            yield from (
                one for one in sorted(path.rglob("*")) if one.suffix in SUFFIXES and hidden(one, path) and begins(one)
            )
        elif not path.is_file():
            raise BadInput(f"there is no file or folder {path}")
        elif not begins(path):
            raise BadInput(f"{path} is no transcript test: it does not begin with `test:`")
        else:
            yield path


def hidden(path: Path, below: Path) -> bool:
    return not any(part.startswith(".") for part in path.relative_to(below).parts)


def begins(path: Path) -> bool:
    """Whether a file begins with `test:`."""
    try:
        with path.open(encoding="utf-8") as file:
            return is_test(file.read(HEAD))
    except (OSError, UnicodeDecodeError):
        return False


def cases(project: Project, path: Path) -> list[Case]:
    """The cases of one file: one for each of its languages."""
    name = shown(path, project.root)
    try:
        text = path.read_text(encoding="utf-8-sig")
        script = read_script(text, name, every_language(project))
        return [Case(path, script, language) for language in play.languages(project, script)]
    except FlowError as error:
        wrong = tuple(Failure(one.at, one.message, (f"fix: {one.fix}",) if one.fix else ()) for one in error.findings)
    except BadInput as error:
        wrong = (Failure(error.at or Place(name), error.message),)
    empty = Script(name=path.stem, file=name, at=Place(name, 1, 1), given=Given(), mocks=(), lines=())
    return [Case(path, empty, "", wrong)]


def every_language(project: Project) -> tuple[str, ...]:
    spoken = (language for one in project.settings.endpoints.values() for language in one.languages)
    return tuple(dict.fromkeys(spoken))


def shown(path: Path, root: Path) -> str:
    """A path as it is told: below the bot's folder, relative to it."""
    whole = path.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(path)


def chosen(cases: Sequence[Case], words: str) -> list[Case]:
    """Those whose name or file has these words in it; `not` before them turns it round."""
    turned, wanted = words.startswith("not "), words.removeprefix("not ").casefold()
    return [one for one in cases if (wanted in f"{one.script.file} {one.name}".casefold()) is not turned]


async def played(project: Project, case: Case, flows: Compiled, content: Path) -> Outcome:
    """How a case went."""
    if case.wrong:
        return Outcome(case.script, case.language, failures=list(case.wrong))
    if case.script.skip:
        return Outcome(case.script, case.language)
    return await play.run(project, case.script, case.language, flows=flows, content=content)


@dataclass(slots=True)
class Suite:
    """Plays cases of one bot; knows afterwards which steps they went through."""

    project: Project
    flows: Compiled = field(default_factory=Compiled)
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, cases: Sequence[Case], tell: Callable[[Case, Outcome], None]) -> list[Outcome]:
        """One after the other, in a loop of their own; `tell` hears of each at once."""
        asyncio.run(self._run(cases, tell))
        return self.outcomes

    async def _run(self, cases: Sequence[Case], tell: Callable[[Case, Outcome], None]) -> None:
        with tempfile.TemporaryDirectory(prefix="noren-") as folder, quiet():
            for case in cases:
                outcome = await played(self.project, case, self.flows, Path(folder))
                self.outcomes.append(outcome)
                tell(case, outcome)

    def compile(self) -> dict[str, Flows]:
        """The flows of every endpoint as they are now. Raises `FlowError` with everything that is wrong."""
        root = self.project.root
        return {
            name: self.flows(read_files(root, root / config.flows), config)
            for name, config in self.project.settings.endpoints.items()
        }

    def coverage(self) -> dict[str, list[FlowCoverage]]:
        """By endpoint."""
        done: dict[str, set[str]] = {}
        for outcome in self.outcomes:
            done.setdefault(outcome.endpoint, set()).update(outcome.steps)
        return {endpoint: cover(flows, done.get(endpoint, set())) for endpoint, flows in self.compile().items()}


class quiet:
    """No log lines while tests run: what goes wrong is told as a failure."""

    def __enter__(self) -> None:
        self._before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        logging.disable(self._before)


def home(path: Path) -> Path | None:
    """The bot's folder that a file belongs to: the nearest above it with a noren.yaml."""
    return next((folder for folder in path.resolve().parents if (folder / FILE).is_file()), None)


def plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
