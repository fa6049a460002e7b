"""`noren check`: everything that can be known about a bot's files without running them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from runtime import menus
from runtime.cli import judge, live
from runtime.cli.check_handover import Steps, unstaffed
from runtime.cli.check_settings import Read, connections, read
from runtime.cli.checks import explained
from runtime.cli.findings import FORMS, as_folded
from runtime.cli.project import root_option
from runtime.cli.schemas import write_schemas
from runtime.errors import BadInput
from runtime.flow.check import check as judged
from runtime.flow.check import functions, requests, unanswered
from runtime.flow.echoes import causes
from runtime.flow.loader import Found, examine
from runtime.model import Finding, Place
from runtime.project import FILE, FLOW_FILES, Lenient, environment, names_below, read_files, read_text, uncollected
from runtime.settings import EndpointSettings
from runtime.transform import CALLED, GIVEN, HOOKS, Library
from runtime.verdict import finding as broken_rule


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    default="text",
    show_default=True,
    help="How to print: for people, for programs, as annotations of GitHub, as SARIF 2.1.0 for code scanners.",
)
@click.option("--strict", is_flag=True, help="Warnings count as findings too (exit code 1).")
@click.option("--write-schema", is_flag=True, help="Write the schemas that editors use into .noren/, then check.")
@click.option("--explain", metavar="CODE", help="Say what a finding means, with an example, and check nothing.")
@click.option("--watch", "again", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
def check(
    paths: tuple[Path, ...], root: Path, form: str, strict: bool, write_schema: bool, explain: str, again: bool
) -> None:
    """Check noren.yaml, flows, texts, cards and transformer functions.

    With PATHs, files or folders, everything is read but only what concerns them is told; without, hints of one
    code share their words where they are many. Exit code 0 when there is no error, 1 when there is, 2 when the
    files cannot be read. With --watch, conversations that wait in the store are not looked at, and the exit code is 0.

    \b
    Example:
      noren check
      noren check --watch
      noren check flows/booking.yaml
      noren check --strict --format github
      noren check --explain endless-loop
    """
    if explain:
        click.echo(explained(explain))
        return
    root = root.resolve()
    wanted = [_inside(path, root) for path in paths]
    if write_schema:
        write_schemas(root)
    if again:
        from runtime.cli.check_watch import watch

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(watch(root, lambda saved: _again(root, wanted, form, saved)))
        return
    found = _shown(root, wanted, form)
    worst = {"error", "warning"} if strict else {"error"}
    sys.exit(1 if any(finding.severity in worst for finding in found) else 0)


def _shown(root: Path, wanted: Sequence[str], form: str, *, stored: bool = True) -> list[Finding]:
    """The findings that are wanted, printed."""
    with _ONE, uncollected():
        found, files = everything(root, stored=stored)
    found = [one for one in found if not wanted or _concerns(one, wanted)]
    (as_folded if form == "text" and not wanted else FORMS[form])(found, files)
    return found


def _again(root: Path, wanted: Sequence[str], form: str, saved: Collection[Path]) -> None:
    """Print what there is now that these files were saved."""
    if saved:
        click.secho(f"\n── {', '.join(sorted(path.name for path in saved))}", dim=True, err=True)
    try:
        _shown(root, wanted, form, stored=False)
    except BadInput as error:
        click.secho(f"noren: {error}", fg="red", err=True)


def findings_of(root: Path) -> list[Finding]:
    """All findings of a bot's files in the order of files and lines; conversations under way are not asked.

    What is unchanged since the last time in this process costs little. May be called from any thread; of several
    calls at once the later ones wait. Raises `BadInput` for files that cannot be read.
    """
    with _ONE, uncollected():
        return everything(root.resolve(), stored=False)[0]


_ONE = threading.Lock()


def everything(root: Path, *, stored: bool = True) -> tuple[list[Finding], dict[str, str]]:
    """All findings of a bot in the order of files and lines, and the text of its files.

    With `stored`, conversations that wait in its store are held against the files.
    """
    path = root / FILE
    if not path.is_file():
        raise BadInput(f"there is no {FILE} in {root}; go to a bot's folder, or make one with `noren new DIR`")
    files = {FILE: read_text(path, root)}
    settings = read(files[FILE], Lenient({**environment(root), **os.environ}), root)
    found = list(settings.findings)
    for endpoint in settings.settings.endpoints.values() if settings.settings else ():
        if not (root / endpoint.flows).is_dir():
            found.append(_no_folder(endpoint, settings))
            continue
        own = read_files(root, root / endpoint.flows)
        files |= own
        found += _endpoint(root, endpoint, own, settings, stored)
    if stored and settings.settings is not None:
        found += unstaffed(live.unstaffed(root, settings.settings), settings.node)
    return sorted(causes(found), key=lambda f: (f.at.file, f.at.line, f.at.column, f.code)), files


def _endpoint(
    root: Path, endpoint: EndpointSettings, own: dict[str, str], settings: Read, stored: bool
) -> Iterator[Finding]:
    """What is wrong with the flows and functions of one endpoint."""
    read = examine(own, endpoint.languages)
    used, media = [key for key, _ in _keys(endpoint)], list(_media(root / endpoint.flows))
    used += [use.key for use in read.menu_texts]
    people = Steps(settings.settings, read, endpoint) if settings.settings is not None else None
    for one in judged(own, endpoint.languages, used=used, media=media, others=_python(root), found=read):
        if people is None or one.code != "unreachable" or one.at.file not in people.copilots:
            yield one
    yield from _texts(read, endpoint, settings)
    yield from _functions(root, endpoint, functions(read), settings)
    yield from _silences(read, endpoint)
    if people is not None:
        yield from connections(requests(read), people.made, settings.node)
        yield from people.findings(settings.node)
    yield from _messages(read, endpoint, settings)
    yield from menus.findings(root, endpoint, read.menus)
    if stored and read.flows is not None and settings.settings is not None:
        yield from live.findings(root, settings.settings, endpoint, read.flows)


def _inside(path: Path, root: Path) -> str:
    """A path as findings name files: relative to the bot's folder."""
    known = [one for one in (path.resolve(), (root / path).resolve()) if one.exists() and one.is_relative_to(root)]
    if not known:
        raise BadInput(f"there is no {path} in {root}")
    return known[0].relative_to(root).as_posix()


def _concerns(finding: Finding, wanted: Sequence[str]) -> bool:
    return any(path == "." or finding.at.file == path or finding.at.file.startswith(f"{path}/") for path in wanted)


def _no_folder(endpoint: EndpointSettings, settings: Read) -> Finding:
    at = settings.at(f"endpoints.{endpoint.name}.flows")
    message = f"there is no folder {endpoint.flows}/ for the flows of `{endpoint.name}`"
    fix = f"make it and put {endpoint.flows}/hello.yaml into it"
    return Finding(code="no-flows", severity="error", at=at, message=message, fix=fix)


def _media(folder: Path) -> Iterator[str]:
    """Files below the flows' folder that are no flow files, relative to it."""
    for name in names_below(folder):
        if not name.endswith(FLOW_FILES) and menus.FOLDER not in name.split("/")[:-1]:
            yield name


def _python(root: Path) -> list[str]:
    """The texts of transformer files; they too name media."""
    return [read_text(path, root) for path in sorted((root / "transformers").rglob("*.py"))]


def _silences(read: Found, endpoint: EndpointSettings) -> Iterator[Finding]:
    """Steps after whose failure the user hears nothing at all."""
    for step in unanswered(read) if not endpoint.trouble else ():
        yield Finding(
            code="silent-failure",
            severity="hint",
            at=step.at,
            message=f"when this `{step.VERB}` fails, the user hears nothing",
            why=f"it has no `error`, its flow no `trouble`, and noren.yaml no `trouble` for `{endpoint.name}`",
            fix="add error: [{say: …}] to the step, or trouble: … to the flow or the endpoint",
            path=step.path,
        )


def _keys(endpoint: EndpointSettings) -> Iterator[tuple[str, str]]:
    """Keys of texts that noren.yaml refers to, each with the setting that does."""
    said = {
        "late_text": endpoint.late_text,
        "late_label": endpoint.late_label,
        "trouble": endpoint.trouble,
        **{f"fallback[{n}]": text for n, text in enumerate(endpoint.fallback)},
        "session.expired_say": endpoint.session.expired_say,
    }
    yield from ((text[1:], name) for name, text in said.items() if text.startswith("$"))


def _texts(read: Found, endpoint: EndpointSettings, settings: Read) -> Iterator[Finding]:
    """Keys in noren.yaml without a text."""
    for key, name in _keys(endpoint):
        if not read.texts.has(key):
            made = read.texts.unknown(key, settings.at(f"endpoints.{endpoint.name}.{name}"))
            yield replace(made, why="settings use the texts that all flows share, from a file in texts/")


def _messages(read: Found, endpoint: EndpointSettings, settings: Read) -> Iterator[Finding]:
    """What LINE would refuse of all that the flows and noren.yaml say."""
    yield from judge.findings(read, endpoint)
    for name, violation in judge.settings(read, endpoint):
        yield broken_rule(violation, settings.at(f"endpoints.{endpoint.name}.{name}"))


def _functions(
    root: Path, endpoint: EndpointSettings, called: Sequence[tuple[str, Place]], settings: Read
) -> Iterator[Finding]:
    """Python functions that noren.yaml or a `call` step names and nobody can load."""
    library = Library(root)
    where = f"endpoints.{endpoint.name}"
    named = [
        (spec, name, settings.at(f"{where}.transformers.{hook}"))
        for hook, name in HOOKS.items()
        for spec in getattr(endpoint.transformers, hook)
    ]
    if endpoint.session.expired_hook:
        named.append((endpoint.session.expired_hook, "", settings.at(f"{where}.session.expired_hook")))
    named += [(spec, "", at) for spec, at in called]
    for spec, name, at in named:
        yield from _loaded(library, spec, name, at)


def _loaded(library: Library, spec: str, name: str, at: Place) -> Iterator[Finding]:
    given = GIVEN.get(name, CALLED)
    try:
        way = library.function(spec, name).misfit(given)
        if way:
            message = f"{spec} cannot be called with its {len(given)} arguments"
            yield Finding(code="transformer", severity="error", at=at, message=message, fix=f"write {way}")
    except BadInput as error:
        inside = error.at
        fix = "mend the line" if inside else "write file.py:function, the file in transformers/"
        yield Finding(code="transformer", severity="error", at=inside or at, message=error.message, fix=fix)
