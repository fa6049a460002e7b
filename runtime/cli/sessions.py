"""`noren sessions`: conversations as the store keeps them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from runtime.cli import live
from runtime.cli.project import open_project
from runtime.cli.stores import each, store_options, work
from runtime.cli.tables import as_json, field, format_option, limit_option, listed, moment, shown, when
from runtime.clock import SystemClock
from runtime.desk.files.clearing import clear
from runtime.desk.files.keeping import Files
from runtime.errors import BadInput
from runtime.line.content import Contents
from runtime.store.store import Store

COLUMNS = (field("key"), field("endpoint"), moment("seen"), moment("started"), field("contact"))
TIMES = ("due", "started", "seen")


@click.group()
def sessions() -> None:
    """Conversations: where they stand and what was said.

    \b
    Example:
      noren sessions list
      noren sessions show shop:U0123456789abcdef0123456789abcdef
    """


@sessions.command("list")
@store_options
@limit_option(50)
@format_option
def list_(root: Path, dev: bool, limit: int, form: str) -> None:
    """List sessions, those that had an event last first.

    \b
    Example:
      noren sessions list --limit 10 --format json
    """
    rows = work(root, dev, lambda store: store.list_sessions(limit))
    listed(rows, COLUMNS, form, "no sessions")


@sessions.command()
@store_options
@click.argument("key")
@limit_option(50)
@format_option
def show(root: Path, dev: bool, key: str, limit: int, form: str) -> None:
    """Show one session whole: position, variables, and the last lines of what was said.

    \b
    Example:
      noren sessions show shop:U0123456789abcdef0123456789abcdef
    """

    async def job(store: Store) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        return await store.show_session(key), await store.transcript(key, limit)

    session, said = work(root, dev, job)
    if form == "json":
        shown({**session, "transcript": said}, form)
        return
    shown(session, form, TIMES)
    click.echo("transcript:")
    for entry in said:
        click.echo(f"  {when(entry['at'])}  {entry['who']:6} {entry['text'] or '(' + entry['kind'] + ')'}")


@sessions.command()
@store_options
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
def end(root: Path, dev: bool, keys: tuple[str, ...]) -> None:
    """End conversations: the next message starts afresh. What is kept for ever stays.

    \b
    Example:
      noren sessions end shop:U0123456789abcdef0123456789abcdef
    """

    async def job(store: Store) -> None:
        await each(keys, lambda key: store.end_session(key, SystemClock().now()), "ended")

    work(root, dev, job)


@sessions.command()
@store_options
@click.option("--flow", default="", help="Only conversations that are in this flow.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@format_option
def move(root: Path, dev: bool, flow: str, dry_run: bool, form: str) -> None:
    """Move conversations from earlier flows to those of now, each to the step where it stands.

    One whose step is gone or does something else stays on the flows it began with, and is listed. Exit code 1 when
    there are any.

    \b
    Example:
      noren sessions move --dry-run
      noren sessions move --flow booking
    """
    project = open_project(root, lenient=True)
    moves = work(root, dev, lambda store: live.move(store, project, flow, dry_run))
    word = "would move" if dry_run else "moved"
    stay = [one for one in moves if one["why"]]
    if form == "json":
        click.echo(as_json(moves))
    else:
        if stay:
            listed(stay, (field("key"), field("why")), form, "")
        click.echo(f"{len(moves) - len(stay)} {word}, {len(stay)} stay where they are")
    sys.exit(1 if stay else 0)


@sessions.command()
@store_options
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(root: Path, dev: bool, keys: tuple[str, ...], yes: bool) -> None:
    """Delete everything of conversations: position, variables, what was said, what users and agents sent.

    A file that an agent also sent to somebody else stays with them.

    \b
    Example:
      noren sessions erase shop:U0123456789abcdef0123456789abcdef --yes
    """
    if not yes:
        sure(len(keys))

    async def job(store: Store) -> None:
        await each(keys, lambda key: forget(store, root.resolve(), key), "erased")

    work(root, dev, job)


def sure(count: int) -> None:
    """Ask on a terminal; elsewhere nobody can answer. Raises `BadInput`."""
    if not sys.stdin.isatty():
        raise BadInput("this cannot be undone; say --yes when you are sure")
    click.confirm(f"Delete everything of {count} conversation{'s' * (count > 1)}? This cannot be undone", abort=True)


async def forget(store: Store, root: Path, key: str) -> None:
    """The rows first, then what users and agents sent: a crash between leaves files, never rows without files."""
    endpoint, sent = (await store.show_session(key))["endpoint"], await store.sent_files(key)
    messages: Sequence[str] = await store.erase_session(key)
    await clear(store, Files(root / ".noren" / "files", ""), sent)
    folder = root / ".noren" / "content"
    if await asyncio.to_thread(folder.is_dir):
        contents = Contents(folder, endpoint)
        for message in messages:
            await contents.erase(message)
