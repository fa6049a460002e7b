"""Pages of `docs/reference/` that are made from the code: settings, errors, commands.

`noren reference` writes them; a test holds each page against what would be written now.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from runtime import errors, settings
from runtime.cli.checks import checks_page
from runtime.line.rules.page import page as rules_page

MADE_PAGES = ("settings.md", "errors.md", "commands.md", "rules.md", "checks.md")
MADE = "<!-- Written by `noren reference`; edit the code it describes, then run that. -->\n"
NAMES = {str: "text", int: "number", bool: "true, false", float: "decimal"}
EXIT_CODES = {"BadInput": "exit code 2", "Unverified": "HTTP 401", "BadBody": "HTTP 400", "StoreError": "HTTP 503"}

SETTINGS_HEAD = """# Settings

Settings stand in `noren.yaml`, beside the `flows/` folder. Nothing else configures Noren.

- `${NAME}` is replaced by the environment variable `NAME`, `${NAME:-value}` falls back to `value`. A variable
  that is not set and has no fallback stops the start with a message that names it. Keep secrets there.
- A *duration* is written `250ms`, `10s`, `30m`, `1.5h` or `2d`; `0` switches the thing off.
- An unknown setting is an error that names the nearest known one.
- A *secret* is never written to a log.
"""

ERRORS_HEAD = """# Errors

Each error of Noren is a class in [`runtime/errors.py`](../../runtime/errors.py); its text says what happened and
what to do. No error text carries a secret or what somebody wrote in a chat. On the command line an error is one
line and an exit code, never a traceback: 0 fine, 1 findings or failed tests, 2 input or settings that cannot be used.
"""

COMMANDS_HEAD = """# Commands

`noren COMMAND --help` says the same in the terminal. Exit codes: 0 fine, 1 findings or failed tests, 2 input or
settings that cannot be used. Colours and progress bars appear on a terminal only.
"""


@click.command(hidden=True)
@click.argument("folder", default="docs/reference", type=click.Path(file_okay=False, path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(MADE_PAGES), help="Write this page; may be given again.")
def reference(folder: Path, only: tuple[str, ...]) -> None:
    """Write the pages of FOLDER that are made from the code."""
    for name in only or PAGES:
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
        click.echo(folder / name)


def settings_page() -> str:
    """`settings.md`: one section per group of settings, one row per setting."""
    return MADE + SETTINGS_HEAD + "".join(_group(kind, path) for kind, path in groups(settings.Settings, ""))


def groups(kind: type, path: str) -> Iterator[tuple[type, str]]:
    """Each settings class with the path its settings stand under, outermost first."""
    yield kind, path
    for hint, one in _hinted(kind):
        inner, name = hint, f"{path}{one.name}."
        if _is_mapping(hint):
            inner, name = get_args(hint)[1], f"{path}{one.name}.NAME."
        if is_dataclass(inner) and isinstance(inner, type):
            yield from groups(inner, name)


def _group(kind: type, path: str) -> str:
    title = f"`{path.rstrip('.')}`" if path else "Top level"
    rows = [_row(one, hint) for hint, one in _hinted(kind) if one.name != "name"]
    head = "| setting | value | default | what it does |\n|---|---|---|---|\n"
    return f"\n## {title}\n\n{inspect.getdoc(kind)}\n\n{head}" + "".join(rows)


def _row(one: Field[Any], hint: Any) -> str:
    secret = " *Secret.*" if one.metadata["secret"] else ""
    cells = (f"`{one.name}`", _kind(hint, one), _default(one), one.metadata["help"] + secret)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _kind(hint: Any, one: Field[Any]) -> str:
    if one.metadata["unit"] == "duration":
        return "duration"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(hint))
    if get_origin(hint) is tuple:
        return "list of texts"
    return "mapping" if _is_mapping(hint) or is_dataclass(hint) else NAMES[hint]


def _default(one: Field[Any]) -> str:
    if callable(one.default_factory):
        return "see below" if is_dataclass(one.default_factory()) else "none"
    value: Any = one.default
    if one.metadata["unit"] == "duration":
        return f"`{_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(value)}]`" if value else "none"
    return f"`{value}`" if value != "" else "empty"


def _duration(value: int) -> str:
    """The shortest way to write milliseconds: 1800000 → `30m`."""
    fitting = [(value // size, unit) for unit, size in settings.UNITS.items() if value and value % size == 0]
    number, unit = fitting[-1] if fitting else (0, "")
    return f"{number}{unit}"


def _hinted(kind: type) -> list[tuple[Any, Field[Any]]]:
    hints = get_type_hints(kind)
    return [(hints[one.name], one) for one in fields(kind)]


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def errors_page() -> str:
    """`errors.md`: the tree as a table."""
    head = "\n| error | is a | seen as | says |\n|---|---|---|---|\n"
    return MADE + ERRORS_HEAD + head + "".join(_error(kind) for kind in _below(errors.NorenError))


def findings_page() -> str:
    """`checks.md`: what `noren check --explain` shows, all of it."""
    return MADE + checks_page()


def _below(kind: type[errors.NorenError]) -> Iterator[type[errors.NorenError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _below(child)


def _error(kind: type[errors.NorenError]) -> str:
    seen = next((EXIT_CODES[one.__name__] for one in kind.__mro__ if one.__name__ in EXIT_CODES), "log, trace")
    base = kind.__bases__[0].__name__
    return f"| `{kind.__name__}` | {base if base == 'Exception' else f'`{base}`'} | {seen} | {kind.__doc__} |\n"


def commands_page() -> str:
    """`commands.md`: every command that is not hidden, with its arguments and options."""
    cli: click.Group = importlib.import_module("runtime.cli.main").cli
    return MADE + COMMANDS_HEAD + "".join(_command(path, one) for path, one in commands(cli, "noren"))


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Each visible command with the words that call it; groups go before what is in them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        if one is None or one.hidden:
            continue
        yield f"{path} {name}", one
        if isinstance(one, click.Group):
            yield from commands(one, f"{path} {name}")


def _command(path: str, one: click.Command) -> str:
    with click.Context(one, info_name=path) as context:
        usage = " ".join([path, *one.collect_usage_pieces(context)])
        records = [p.get_help_record(context) for p in one.get_params(context) if p.name != "help"]
    rows = "".join(f"| `{name}` | {text} |\n" for name, text in _told(records))
    table = f"\n| option | what it does |\n|---|---|\n{rows}" if rows else ""
    return f"\n## `{path}`\n\n```\n{usage}\n```\n\n{_help(one)}\n{table}"


def _told(records: Iterable[tuple[str, str] | None]) -> Iterator[tuple[str, str]]:
    """Options with something said about them; a `|` of theirs must not end a cell."""
    for record in records:
        if record and record[1] and not record[0].endswith("--help"):
            yield record[0].replace("|", "\\|"), record[1].replace("|", "\\|")


def _help(one: click.Command) -> str:
    """The help text; lines that click prints as they are (after a backspace sign) become a code block."""
    parts = inspect.cleandoc(one.help or "").split("\n\n")
    return "\n\n".join(_example(part) if part.startswith("\b") else part for part in parts)


def _example(part: str) -> str:
    lines = part.removeprefix("\b").strip("\n").splitlines()
    words = [line for line in lines if not line.startswith(" ")]
    code = "\n".join(line.strip() for line in lines if line.startswith(" "))
    return "\n".join(words) + (f"\n\n```console\n{code}\n```" if code else "")


PAGES: dict[str, Callable[[], str]] = dict(
    zip(MADE_PAGES, (settings_page, errors_page, commands_page, rules_page, findings_page), strict=True)
)
