"""`noren check`: everything that can be known about a bot's files without running them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from runtime.cli.project import open_project, read_files, root_option
from runtime.cli.schemas import write_schemas
from runtime.errors import BadInput
from runtime.flow.check import check as findings_of
from runtime.flow.source import excerpt
from runtime.model import Finding, Place
from runtime.settings import EndpointSettings
from runtime.transform import HOOKS, Library

COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}
GITHUB = {"error": "error", "warning": "warning", "hint": "notice"}


@click.command()
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print; github makes annotations.",
)
@click.option("--strict", is_flag=True, help="Warnings count as findings too (exit code 1).")
@click.option("--write-schema", is_flag=True, help="Write the schemas that editors use into .noren/, then check.")
def check(root: Path, form: str, strict: bool, write_schema: bool) -> None:
    """Check noren.yaml, flows, texts, cards and transformer functions.

    Exit code 0 when there is no error, 1 when there is, 2 when the files cannot be read.

    \b
    Example:
      noren check
      noren check --strict --format github
    """
    project = open_project(root, lenient=True)
    if write_schema:
        write_schemas(project.root)
    found: list[Finding] = []
    files: dict[str, str] = {}
    for endpoint in project.settings.endpoints.values():
        own = read_files(project.root, project.root / endpoint.flows)
        files |= own
        found += findings_of(own, endpoint.languages, used=_keys(endpoint))
        found += _functions(project.root, endpoint)
    found = sorted(dict.fromkeys(found), key=lambda f: (f.at.file, f.at.line, f.at.column, f.code))
    PRINT[form](found, files)
    worst = {"error", "warning"} if strict else {"error"}
    sys.exit(1 if any(finding.severity in worst for finding in found) else 0)


def _keys(endpoint: EndpointSettings) -> list[str]:
    """Keys of texts that noren.yaml refers to."""
    said = (endpoint.late_text, endpoint.late_label, endpoint.trouble, endpoint.session.expired_say)
    return [text[1:] for text in said if text.startswith("$")]


def _functions(root: Path, endpoint: EndpointSettings) -> list[Finding]:
    """Transformer functions that noren.yaml names and nobody can load."""
    library, found = Library(root), []
    for hook, name in HOOKS.items():
        for spec in getattr(endpoint.transformers, hook):
            try:
                library.function(spec, name)
            except BadInput as error:
                place = open_place(root, spec)
                found.append(Finding(code="transformer", severity="error", at=place, message=error.message))
    return found


def open_place(root: Path, word: str) -> Place:
    """Where noren.yaml first names a word."""
    for number, line in enumerate((root / "noren.yaml").read_text(encoding="utf-8").splitlines(), 1):
        if word in line:
            return Place("noren.yaml", number, line.index(word) + 1)
    return Place("noren.yaml")


def _text(found: Sequence[Finding], files: dict[str, str]) -> None:
    for finding in found:
        head = click.style(finding.severity, fg=COLOURS[finding.severity], bold=True)
        click.echo(f"{finding.at}: {head}[{finding.code}] {finding.message}")
        if finding.at.line and finding.at.file in files:
            click.echo(click.style(excerpt(files[finding.at.file], finding.at), dim=True))
        for label, text in (("why", finding.why), ("fix", finding.fix)):
            if text:
                click.echo(f"    {label}: {text}")
    count = {severity: sum(f.severity == severity for f in found) for severity in COLOURS}
    words = [f"{number} {severity}{'s' * (number != 1)}" for severity, number in count.items() if number]
    click.echo(", ".join(words) if words else f"{len(files)} files, nothing to complain about")


def _json(found: Sequence[Finding], files: dict[str, str]) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(list(found)), indent=2).decode())


def _github(found: Sequence[Finding], files: dict[str, str]) -> None:
    for f in found:
        text = f.message + (f" ({f.fix})" if f.fix else "")
        click.echo(f"::{GITHUB[f.severity]} file={f.at.file},line={f.at.line},col={f.at.column},title={f.code}::{text}")


PRINT = {"text": _text, "json": _json, "github": _github}
