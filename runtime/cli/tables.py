"""Lists on a terminal and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
import msgspec
import yaml

Column = tuple[str, Callable[[Mapping[str, Any]], str]]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)


def limit_option(default: int) -> Callable[..., Any]:
    """`--limit N`."""
    return click.option(
        "--limit", type=click.IntRange(1, 100_000), default=default, show_default=True, help="At most so many."
    )


def field(name: str) -> Column:
    """A column that shows a property as it is."""
    return name, lambda row: str(row[name] if row[name] not in (None, "") else "-")


def moment(name: str) -> Column:
    """A column that shows a property as a local time."""
    return name, lambda row: when(row[name])


def when(ms: int | None) -> str:
    """`2026-12-01 19:30:05`, local time; `-` for none."""
    return datetime.fromtimestamp(ms / 1000).strftime("%Y-%m-%d %H:%M:%S") if ms else "-"


def listed(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], form: str, nothing: str) -> None:
    """Print rows as a table or as a JSON list."""
    if form == "json":
        click.echo(as_json(rows))
    elif not rows:
        click.echo(nothing)
    else:
        for line in table([[title for title, _ in columns], *([cell(row) for _, cell in columns] for row in rows)]):
            click.echo(line)


def shown(value: Mapping[str, Any], form: str, times: Iterable[str] = ()) -> None:
    """Print one thing whole, with its times readable in the text form."""
    if form == "json":
        click.echo(as_json(value))
        return
    readable = {name: when(part) if name in times else part for name, part in value.items()}
    plain = msgspec.to_builtins(readable)
    click.echo(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110).rstrip())


def as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns of equal width; the last column is not padded."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join([*map(pad, row[:-1], widths), row[-1]]).rstrip() for row in rows]


def pad(text: str, to: int) -> str:
    return text + " " * (to - width(text))


def width(text: str) -> int:
    """Columns a text takes on a terminal: wide letters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(columns, text))


def columns(letter: str) -> int:
    """https://www.unicode.org/reports/tr11/"""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
