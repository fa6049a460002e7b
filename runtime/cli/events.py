"""`noren events`: what came in, what is parked, and what to do with it."""

from __future__ import annotations

from pathlib import Path

import click

from runtime.cli.stores import each, store_options, work
from runtime.cli.tables import field, format_option, limit_option, listed, moment, shown
from runtime.clock import SystemClock
from runtime.errors import BadInput
from runtime.store.records import EVENT_STATES
from runtime.store.store import Store

COLUMNS = (
    *(field("id"), field("state"), field("kind"), field("session"), moment("at"), moment("due")),
    *(field("attempts"), field("error")),
)
TIMES = ("at", "due", "accepted", "done_at")
EVERY = 100_000


@click.group()
def events() -> None:
    """Events of the inbox: due, done, and dead ones that are parked.

    \b
    Example:
      noren events list --state dead
      noren events retry --all
    """


@events.command("list")
@store_options
@click.option("--state", type=click.Choice(list(EVENT_STATES)), help="Only those.")
@click.option("--session", metavar="KEY", help="Only those of this session.")
@limit_option(50)
@format_option
def list_(root: Path, dev: bool, state: str | None, session: str | None, limit: int, form: str) -> None:
    """List events, newest first, without what was said.

    \b
    Example:
      noren events list --state dead --format json
    """
    rows = work(root, dev, lambda store: store.list_events(state, session, limit))
    listed(rows, COLUMNS, form, f"no {state} events" if state else "no events")


@events.command()
@store_options
@click.argument("id")
@format_option
def show(root: Path, dev: bool, id: str, form: str) -> None:
    """Show one event whole: what was said and what the flow did.

    \b
    Example:
      noren events show 01HGW2N7E0Z0Z0Z0Z0Z0Z0Z0Z0
    """
    shown(work(root, dev, lambda store: store.show_event(id)), form, TIMES)


@events.command()
@store_options
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every dead event.")
@click.option("--session", metavar="KEY", help="With --all: only those of this session.")
def retry(root: Path, dev: bool, ids: tuple[str, ...], every: bool, session: str | None) -> None:
    """Work parked events again, as if they had never failed.

    \b
    Example:
      noren events retry --all
    """
    chosen(ids, every)

    async def job(store: Store) -> None:
        found = [row["id"] for row in await store.list_events("dead", session, EVERY)][::-1] if every else ids
        await each(found, lambda id: store.retry_event(id, SystemClock().now()), "to be worked again")

    work(root, dev, job)


@events.command()
@store_options
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
def drop(root: Path, dev: bool, ids: tuple[str, ...]) -> None:
    """Give events up: they are never worked, and stay known so that LINE's repeat is not either.

    \b
    Example:
      noren events drop 01HGW2N7E0Z0Z0Z0Z0Z0Z0Z0Z0
    """

    async def job(store: Store) -> None:
        await each(ids, lambda id: store.drop_event(id, SystemClock().now()), "dropped")

    work(root, dev, job)


def chosen(ids: tuple[str, ...], every: bool) -> None:
    """Either ids or all. Raises `BadInput`."""
    if bool(ids) == every:
        raise BadInput("give the ids of what to try again, or --all")
