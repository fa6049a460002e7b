"""`noren texts`: a sheet for translators, written and read back, and what is still to be written."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from runtime.cli.project import open_project, read_files, root_option
from runtime.errors import BadInput
from runtime.flow import rewriting
from runtime.flow.check import check
from runtime.flow.loader import Found, examine
from runtime.flow.sheet import Change, changes, entries, written
from runtime.flow.texts import ANY
from runtime.settings import EndpointSettings

NAMES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def endpoint_option(command: Any) -> Any:
    return click.option("--endpoint", default="", help="Whose texts; needed when noren.yaml has several.")(command)


@click.group()
def texts() -> None:
    """Hand all texts to translators in one sheet, and take them back.

    \b
    Example:
      noren texts export sheet.csv
      noren texts import sheet.csv
      noren texts missing
    """


class Bot:
    """The files and texts of one endpoint."""

    def __init__(self, root: Path, name: str) -> None:
        self.project = open_project(root, lenient=True)
        self.endpoint = _chosen(self.project.settings.endpoints, name)
        self.root = self.project.root
        self.files = read_files(self.root, self.root / self.endpoint.flows)
        self.found: Found = examine(self.files, self.endpoint.languages)
        self.entries = entries(self.found)


def _chosen(endpoints: Any, name: str) -> EndpointSettings:
    if name and name not in endpoints:
        raise BadInput(f"there is no endpoint {name}; there are: {', '.join(endpoints)}")
    if not name and len(endpoints) != 1:
        raise BadInput(f"say whose texts: --endpoint {' or '.join(endpoints)}")
    found: EndpointSettings = endpoints[name or next(iter(endpoints))]
    return found


@texts.command("export")
@root_option
@endpoint_option
@click.option("--missing", "only", is_flag=True, help="Only texts that lack a language.")
@click.argument("sheet", type=click.Path(dir_okay=False, path_type=Path), required=False)
def export(root: Path, endpoint: str, only: bool, sheet: Path | None) -> None:
    """Write all texts to SHEET (CSV), or to standard output.

    Columns: key, flow, place, context, one per language, missing. Table programs open it as it is.

    \b
    Example:
      noren texts export sheet.csv
      noren texts export --missing > to-translate.csv
    """
    bot = Bot(root, endpoint)
    chosen = [one for one in bot.entries if one.missing or not only]
    made = written(chosen, bot.endpoint.languages)
    if sheet is None:
        click.echo(made, nl=False)
        return
    sheet.write_text(made, encoding="utf-8-sig", newline="")  # table programs know UTF-8 by the mark at the beginning
    lacking = sum(len(one.missing) for one in chosen)
    click.echo(f"{sheet}: {len(chosen)} texts, {lacking} translations missing")


@texts.command("import")
@root_option
@endpoint_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(root: Path, endpoint: str, dry_run: bool, sheet: Path) -> None:
    """Read SHEET back into the files that the texts came from.

    Only words change: comments, order and layout of the files stay. An empty cell changes nothing. Exit code 1 when
    something of the sheet could not be used.

    \b
    Example:
      noren texts import --dry-run sheet.csv
      noren texts import sheet.csv
    """
    bot = Bot(root, endpoint)
    found = list(changes(_read(sheet), bot.entries, bot.endpoint.languages))
    wanted = [one for one in found if isinstance(one, Change)]
    notes = [one for one in found if isinstance(one, str)]
    notes += [note for one in wanted for note in _names(one, bot.endpoint.languages[0])]
    new = _rewritten(bot, wanted)
    notes += _broken(bot, new)
    for path, text in new.items() if not dry_run else ():
        _write(bot.root / path, text)
    for one in wanted:
        click.echo(f"{one.entry.at.file}: {one.entry.key} {one.language or bot.endpoint.languages[0]}")
    for note in notes:
        click.echo(note, err=True)
    verb = "would change" if dry_run else "changed"
    click.echo(f"{verb} {len(wanted)} texts in {len(new)} files")
    sys.exit(1 if notes else 0)


def _read(sheet: Path) -> str:
    data = sheet.read_bytes()
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{sheet} is not UTF-8 text; save it as CSV UTF-8")


def _names(change: Change, first: str) -> Iterator[str]:
    """What stands in `{{ }}` is no word to translate."""
    texts = change.entry.texts
    pattern = texts.get(change.language) or texts.get(first) or texts.get(ANY)
    if not pattern:
        return
    wanted = {name.strip() for words in pattern for name in NAMES.findall(words)}
    given = {name.strip() for words in change.texts for name in NAMES.findall(words)}
    for name in sorted(wanted ^ given):
        where = f"{change.entry.key} in {change.language}"
        said = "is not there any more" if name in wanted else "was not there before"
        yield f"{where}: {{{{ {name} }}}} {said}; look whether that is meant"


def _rewritten(bot: Bot, wanted: Sequence[Change]) -> dict[str, str]:
    """Path → new text of each file that changes."""
    by_file: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
    for one in wanted:
        by_file.setdefault(one.entry.at.file, {})[one.entry.key, one.language] = one.texts
    inline = [one.entry for one in wanted if one.entry.inline]
    new = {}
    for path, words in by_file.items():
        if path.endswith(".csv"):
            new[path] = rewriting.in_csv(bot.files[path], words, path)
        else:
            here = {
                one.key: rewriting.Spot(one.at, tuple(one.texts), one.bare) for one in inline if one.at.file == path
            }
            new[path] = rewriting.in_yaml(bot.files[path], words, bot.endpoint.languages[0], here)
    return _sure(bot, new, wanted)


def _sure(bot: Bot, new: dict[str, str], wanted: Sequence[Change]) -> dict[str, str]:
    """The new files, when all texts in them are what they shall be, and all others what they were."""
    after = {(one.flow, one.key): one.texts for one in entries(examine({**bot.files, **new}, bot.endpoint.languages))}
    before = {(one.flow, one.key): dict(one.texts) for one in bot.entries}
    first = bot.endpoint.languages[0]
    for one in wanted:
        texts = before[one.entry.flow, one.entry.key]
        if one.language != ANY and ANY in texts:
            texts[first] = texts.pop(ANY)
        texts[first if one.language == ANY and first in texts else one.language] = one.texts
    for name, texts in before.items():
        if dict(after.get(name, {})) != texts:
            raise BadInput(f"the text `{name[1]}` could not be put into its file; nothing was changed")
    return new


def _broken(bot: Bot, new: dict[str, str]) -> list[str]:
    """Errors that the new words bring along."""
    languages = bot.endpoint.languages
    old = {(one.code, one.message, one.at.file) for one in check(bot.files, languages, found=bot.found)}
    now = check({**bot.files, **new}, languages) if new else []
    return [
        f"{one.at}: {one.message}"
        for one in now
        if one.severity == "error" and (one.code, one.message, one.at.file) not in old
    ]


def _write(path: Path, text: str) -> None:
    """Line ends and the mark at the beginning stay as they were."""
    before = path.read_bytes()
    text = text.replace("\n", "\r\n") if b"\r\n" in before else text
    path.write_text(text, encoding="utf-8-sig" if before.startswith(b"\xef\xbb\xbf") else "utf-8", newline="")


@texts.command("missing")
@root_option
@endpoint_option
@click.option("--language", "only", multiple=True, help="Only this language; may be given again.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def missing(root: Path, endpoint: str, only: tuple[str, ...], form: str) -> None:
    """List texts that lack a language, and texts that nothing uses.

    Exit code 1 when a translation is missing.

    \b
    Example:
      noren texts missing
      noren texts missing --language th
    """
    bot = Bot(root, endpoint)
    lacking = [(one, [tag for tag in one.missing if not only or tag in only]) for one in bot.entries]
    lacking = [(one, tags) for one, tags in lacking if tags]
    used = [text[1:] for text in _settings(bot.endpoint) if text.startswith("$")]
    used += [use.key for use in bot.found.menu_texts]
    idle = [one for one in check(bot.files, bot.endpoint.languages, used=used) if one.code == "text-unused"]
    if form == "json":
        listed = [{"key": one.key, "flow": one.flow, "at": one.at, "missing": tags} for one, tags in lacking]
        click.echo(msgspec.json.format(msgspec.json.encode({"missing": listed, "unused": idle}), indent=2).decode())
    else:
        for one, tags in lacking:
            click.echo(f"{one.at}: {one.key} has no text in {', '.join(tags)}")
        for finding in idle:
            click.echo(f"{finding.at}: {finding.message}")
        click.echo(
            f"{len(bot.entries)} texts, {sum(len(t) for _, t in lacking)} translations missing, {len(idle)} unused"
        )
    sys.exit(1 if lacking else 0)


def _settings(endpoint: EndpointSettings) -> tuple[str, ...]:
    """Texts that noren.yaml says."""
    said = (endpoint.late_text, endpoint.late_label, endpoint.trouble, endpoint.session.expired_say)
    return (*said, *endpoint.fallback)
