"""How findings are printed: for people, for programs, for GitHub, as SARIF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import click
import msgspec

from runtime import __version__
from runtime.flow.source import excerpt
from runtime.model import Finding

COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}
GITHUB = {"error": "error", "warning": "warning", "hint": "notice"}
SARIF = {"error": "error", "warning": "warning", "hint": "note"}
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
PAGE = "docs/reference/checks.md"
MASKED = frozenset({"secret"})
"""Codes whose place in the file must not be shown in full."""

Files = Mapping[str, str]
FOLD = 3
"""Hints of one code that are told together: what is good to know stays short beside what is wrong."""


def as_text(found: Sequence[Finding], files: Files) -> None:
    """File by file, each finding with its place, the line, the reason and the way out; counts at the end."""
    _each(found, files)
    _count(found, files)


def _each(found: Sequence[Finding], files: Files) -> None:
    for number, finding in enumerate(found):
        if number and found[number - 1].at.file != finding.at.file:
            click.echo()
        _one(finding, files)


def as_folded(found: Sequence[Finding], files: Files) -> None:
    """The same; hints of one code in several places share their words, and come after everything else."""
    many = Counter(one.code for one in found if one.severity == "hint")
    whole = [one for one in found if one.severity != "hint" or many[one.code] < FOLD]
    _each(whole, files)
    for code in [code for code, number in many.items() if number >= FOLD]:
        _fold([one for one in found if one.severity == "hint" and one.code == code], first=not whole)
    _count(found, files)


def _fold(alike: Sequence[Finding], *, first: bool) -> None:
    if not first:
        click.echo()
    said = Counter(one.message for one in alike).most_common(1)[0][0]
    head = click.style(f"hint[{alike[0].code}]", fg=COLOURS["hint"], bold=True)
    click.echo(f"{head} {said}")
    places: dict[str, list[str]] = {}
    for one in alike:
        places.setdefault(one.at.file, []).append(f"{one.at.line}:{one.at.column}")
    for file, spots in places.items():
        click.echo(f"    {file}: {', '.join(spots)}")
    click.echo(click.style(f"    each of them whole: noren check {next(iter(places))}", dim=True))


def _one(finding: Finding, files: Files) -> None:
    head = click.style(f"{finding.severity}[{finding.code}]", fg=COLOURS[finding.severity], bold=True)
    click.echo(f"{finding.at}: {head} {finding.message}")
    shown = excerpt(files.get(finding.at.file, ""), finding.at) if finding.at.line else ""
    if shown:
        line, _, caret = shown.partition("\n")
        line = _masked(line, caret) if finding.code in MASKED else line
        gutter = len(str(finding.at.line))
        click.echo(click.style(f"  {finding.at.line} │ ", dim=True) + line)
        click.echo(click.style(f"  {' ' * gutter} │ ", dim=True) + click.style(caret, fg=COLOURS[finding.severity]))
    for label, text in (("in", finding.path), ("why", finding.why), ("fix", finding.fix)):
        if text:
            click.echo(f"    {label + ':':<5}{text}")


def _masked(line: str, caret: str) -> str:
    """The line with the secret at the caret cut down to its first signs."""
    at = len(caret) - 1
    return re.sub(r"(\S{4})\S+", r"\1…", line[at:], count=1).join((line[:at], ""))


def _count(found: Sequence[Finding], files: Files) -> None:
    many = "1 file" if len(files) == 1 else f"{len(files)} files"
    if not found:
        click.echo(f"{many}, nothing to complain about")
        return
    touched = len({one.at.file for one in found})
    click.echo(f"{counts(found)} in {touched} of {many}")
    if len(found) > 1:
        kinds = Counter(one.code for one in found).most_common()
        click.echo(click.style("  " + ", ".join(f"{code} {number}" for code, number in kinds), dim=True))
    worst = min(found, key=lambda one: list(COLOURS).index(one.severity))
    click.echo(click.style(f"  more about one: noren check --explain {worst.code}", dim=True))


def counts(found: Sequence[Finding]) -> str:
    """`1 error, 3 warnings`."""
    count = Counter[str](one.severity for one in found)
    words = [f"{count[severity]} {severity}{'s' * (count[severity] != 1)}" for severity in COLOURS if count[severity]]
    return ", ".join(words)


def as_json(found: Sequence[Finding], files: Files) -> None:
    """A list of findings as they are."""
    click.echo(msgspec.json.format(msgspec.json.encode(list(found)), indent=2).decode())


def as_github(found: Sequence[Finding], files: Files) -> None:
    """Annotations: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"""
    for one in found:
        text = one.message + (f" ({one.fix})" if one.fix else "")
        place = f"file={_property(one.at.file)},line={max(one.at.line, 1)},col={max(one.at.column, 1)}"
        click.echo(f"::{GITHUB[one.severity]} {place},title={one.code}::{_escaped(text)}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(found: Sequence[Finding], files: Files) -> None:
    """SARIF 2.1.0, as code scanners exchange it."""
    click.echo(msgspec.json.format(msgspec.json.encode(sarif(found)), indent=2).decode())


def sarif(found: Sequence[Finding]) -> dict[str, Any]:
    """The log: one run, one rule per code. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""
    codes = sorted({one.code for one in found})
    driver = {
        "name": "noren check",
        "semanticVersion": __version__,
        "rules": [
            {"id": code, "shortDescription": {"text": code}, "help": {"text": f"{PAGE}#{code}"}} for code in codes
        ],
    }
    results = [_result(one, codes.index(one.code)) for one in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Finding, rule: int) -> dict[str, Any]:
    text = ". ".join(part.rstrip(".") for part in (one.message, one.why, f"Fix: {one.fix}" if one.fix else "") if part)
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(one.at.file), "uriBaseId": "%SRCROOT%"}}
    if one.at.line:
        place["region"] = {"startLine": one.at.line, "startColumn": max(one.at.column, 1)}
    location: dict[str, Any] = {"physicalLocation": place}
    if one.path:
        location["logicalLocations"] = [{"fullyQualifiedName": one.path, "kind": "element"}]
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": SARIF[one.severity],
        "message": {"text": text},
        "locations": [location],
    }


FORMS: dict[str, Callable[[Sequence[Finding], Files], None]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""Value of `--format` → what prints it."""
