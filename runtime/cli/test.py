"""`noren test`: conversations with the bot, played and compared."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click
import msgspec

from runtime.cli.project import Project, open_project, root_option
from runtime.errors import BadInput
from runtime.transcript import report, suite
from runtime.transcript.coverage import plain
from runtime.transcript.play import Outcome
from runtime.transcript.suite import Case, Suite, plural
from runtime.transcript.update import update as rewritten

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow")}
SIGNS = {"-": "red", "+": "green", "?": "cyan"}


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@root_option
@click.option("-k", "words", default="", help="Only tests whose name or file has these words; `not …` for the others.")
@click.option("--update", is_flag=True, help="Write what the bot says now into the tests that differ.")
@click.option(
    "--coverage",
    is_flag=False,
    flag_value="text",
    type=click.Choice(["text", "json"]),
    help="Show which steps of the flows the tests go through.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)
def test(paths: tuple[Path, ...], root: Path, words: str, update: bool, coverage: str | None, form: str) -> None:
    """Play the transcript tests in tests/, or those at PATH.

    A test is a YAML file that begins with `test:`. It runs through the whole bot and the simulated LINE, in one
    process and in no time: its clock is turned by hand, and no request leaves this machine.

    Exit code 0 when all tests pass (with --update: as they are written then), 1 when one fails, 2 when there is
    none, or when noren.yaml or the flows cannot be used.

    \b
    Example:
      noren test
      noren test tests/booking.yaml --update
      noren test --coverage
      noren test --format junit > results.xml
    """
    project = open_project(root, lenient=True)
    cases = gathered(project, paths, words)
    played = Suite(project)
    played.compile()
    if form == "text" and coverage != "json":
        outcomes = shown(played, cases)
    else:
        outcomes = played.run(cases, lambda case, outcome: None)
        printed(played, form, coverage)
    if update and (changed := rewritten(project.root, outcomes)):
        for path, count in changed:
            click.echo(f"{plural(count, 'place')} written anew in {path}", err=form != "text")
        outcomes = Suite(project, played.flows).run(gathered(project, paths, words), lambda case, outcome: None)
        click.echo(f"with these: {summary(outcomes)}", err=form != "text")
    if coverage == "text" and form == "text":
        for endpoint, flows in played.coverage().items():
            click.echo(f"\nsteps of {endpoint}")
            click.echo("\n".join(report.covered(flows)))
    sys.exit(1 if any(not one.passed for one in outcomes) else 0)


def gathered(project: Project, paths: Sequence[Path], words: str) -> list[Case]:
    """The cases to play. Raises `BadInput` when there is none."""
    folder = project.root / suite.FOLDER
    if not paths and not folder.is_dir():
        raise BadInput(f"there is no folder {suite.FOLDER}/ in {project.root}; transcript tests belong there")
    cases = [case for path in suite.found(paths or [folder]) for case in suite.cases(project, path)]
    if words and cases:
        chosen = suite.chosen(cases, words)
        if not chosen:
            raise BadInput(f"no test has {words!r} in its name or file; there are {plural(len(cases), 'test')}")
        return chosen
    if not cases:
        raise BadInput("no transcript test found; one is a .yaml file that begins with `test:`")
    return cases


def shown(played: Suite, cases: Sequence[Case]) -> list[Outcome]:
    """A tree of files and tests while they run, then every failure, then one line."""
    last = ""

    def tell(case: Case, outcome: Outcome) -> None:
        nonlocal last
        if case.script.file != last:
            last = case.script.file
            click.echo(last)
        mark, colour = MARKS[report.state(outcome)]
        more = f"  {case.script.skip}" if case.script.skip else click.style(f"  {outcome.ms:.0f} ms", dim=True)
        click.echo(f"  {click.style(mark, fg=colour)} {outcome.name}{more}")

    outcomes = played.run(cases, tell)
    failed = [one for one in outcomes if not one.passed]
    for outcome in failed:
        click.echo()
        click.secho(f"{outcome.name}", bold=True)
        for failure in outcome.failures:
            for line in report.told(failure):
                click.secho(line, fg=SIGNS.get(line.strip()[:1]) if line.startswith(" ") else None)
    click.echo()
    click.echo(summary(outcomes))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    states = sorted(report.state(one) for one in outcomes)
    counts = {word: len(list(group)) for word, group in groupby(states)}
    words = [f"{counts[word]} {word}" for word in ("failed", "passed", "skipped") if word in counts]
    seconds = sum(one.ms for one in outcomes) / 1000
    exchanges = sum(one.exchanges for one in outcomes)
    return f"{', '.join(words)} in {seconds:.2f} s ({plural(exchanges, 'exchange')})"


def printed(played: Suite, form: str, coverage: str | None) -> None:
    """For machines."""
    if form == "junit":
        click.echo(report.as_junit(played.outcomes), nl=False)
        return
    found = played.coverage() if coverage else None
    if form == "text":
        made: object = {endpoint: plain(flows) for endpoint, flows in (found or {}).items()}
    else:
        made = report.as_json(played.outcomes, found)
    click.echo(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
