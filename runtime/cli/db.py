"""`noren db`: the store itself."""

from __future__ import annotations

from pathlib import Path

import click

from runtime.cli.stores import store_options, work
from runtime.cli.tables import format_option, shown
from runtime.clock import SystemClock
from runtime.desk.files.clearing import sweep
from runtime.desk.files.keeping import Files
from runtime.errors import BadInput, SettingsError
from runtime.line.content import Contents
from runtime.settings import duration
from runtime.store.store import Store


@click.group()
def db() -> None:
    """The store: tables, size, copies.

    All of it works while a server is running.

    \b
    Example:
      noren db info
      noren db backup ~/noren-today.db
    """


@db.command()
@store_options
def migrate(root: Path, dev: bool) -> None:
    """Make the store, or bring its tables up to date.

    \b
    Example:
      noren db migrate
    """

    async def job(store: Store) -> list[str]:
        return store.applied

    applied = work(root, dev, job, migrate=True)
    click.echo(f"applied {', '.join(applied)}" if applied else "up to date")


@db.command()
@store_options
@format_option
def info(root: Path, dev: bool, form: str) -> None:
    """Tell what is in the store: rows, size, what is open, what is parked, who works on it.

    \b
    Example:
      noren db info --format json
    """
    shown(work(root, dev, lambda store: store.info(SystemClock().now())), form)


@db.command()
@store_options
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@format_option
def export(root: Path, dev: bool, file: Path, form: str) -> None:
    """Write all tables to FILE: .jsonl (one object per row) or .db (an SQLite file for other tools).

    \b
    Example:
      noren db export conversations.jsonl
    """
    shown(work(root, dev, lambda store: store.export(new(file))), form)


@db.command()
@store_options
def vacuum(root: Path, dev: bool) -> None:
    """Give the space of deleted rows back. Writers wait while it runs.

    \b
    Example:
      noren db vacuum
    """
    work(root, dev, lambda store: store.vacuum())
    click.echo("done")


@db.command()
@store_options
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(root: Path, dev: bool, file: Path) -> None:
    """Copy an SQLite store into FILE while it is in use. For PostgreSQL use pg_dump.

    \b
    Example:
      noren db backup backups/monday.db
    """
    work(root, dev, lambda store: store.backup(new(file)))
    click.echo(f"{file}: {file.stat().st_size} bytes")


@db.command()
@store_options
@click.option("--older", required=True, metavar="AGE", help="Such as 90d: what is worked and settled, and older.")
@format_option
def prune(root: Path, dev: bool, older: str, form: str) -> None:
    """Delete worked events, settled deliveries, transcript lines and files that are older than AGE.

    Files of cases that go on stay, and those of users that a bot keeps among its variables.

    \b
    Example:
      noren db prune --older 90d
    """
    try:
        age = duration(older, "--older")
    except SettingsError as error:
        raise BadInput(error.message) from None
    if age < 60_000:
        raise BadInput("--older: at least 1m; what is younger may still be needed")
    folder = root.resolve() / ".noren"

    async def job(store: Store) -> dict[str, int]:
        now = SystemClock().now()
        rows = await store.prune(now - age)
        files = await sweep(store, Files(folder / "files", ""), Contents(folder / "content", ""), now - age, now)
        return {**rows, "files": files}

    shown(work(root, dev, job), form)


def new(file: Path) -> Path:
    """A file that can be made. Raises `BadInput`."""
    if not file.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {file.absolute().parent}")
    return file.absolute()
