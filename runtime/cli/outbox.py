"""`noren outbox`: what was sent, what waits, and what LINE would not take."""

from __future__ import annotations

from pathlib import Path

import click

from runtime.cli.events import EVERY, chosen
from runtime.cli.stores import each, store_options, work
from runtime.cli.tables import field, format_option, limit_option, listed, moment, shown
from runtime.clock import SystemClock
from runtime.store.records import DELIVERY_STATES
from runtime.store.store import Store

COLUMNS = (
    *(field("id"), field("state"), field("via"), field("session"), moment("created"), field("attempts")),
    *(field("status"), field("billed"), field("detail")),
)
TIMES = ("due", "created", "settled")
AGAIN = ("failed", "unknown", "suppressed", "dropped")


@click.group()
def outbox() -> None:
    """Deliveries to LINE: sent, waiting, held for a free token, failed.

    \b
    Example:
      noren outbox list --state failed
      noren outbox retry --all
    """


@outbox.command("list")
@store_options
@click.option("--state", type=click.Choice(list(DELIVERY_STATES)), help="Only those.")
@click.option("--session", metavar="KEY", help="Only those of this session.")
@limit_option(50)
@format_option
def list_(root: Path, dev: bool, state: str | None, session: str | None, limit: int, form: str) -> None:
    """List deliveries, newest first, without what they say.

    \b
    Example:
      noren outbox list --state held --format json
    """
    rows = work(root, dev, lambda store: store.list_outbox(state, session, limit))
    listed(rows, COLUMNS, form, f"no {state} deliveries" if state else "no deliveries")


@outbox.command()
@store_options
@click.argument("id")
@format_option
def show(root: Path, dev: bool, id: str, form: str) -> None:
    """Show one delivery whole: its messages and what became of it.

    \b
    Example:
      noren outbox show 01HGW2N7E0Z0Z0Z0Z0Z0Z0Z0Z0-0
    """
    shown(work(root, dev, lambda store: store.show_delivery(id)), form, TIMES)


@outbox.command()
@store_options
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every delivery in the state that --state names.")
@click.option("--state", type=click.Choice(AGAIN), default="failed", show_default=True, help="With --all: which.")
@click.option("--session", metavar="KEY", help="With --all: only those of this session.")
@click.option("--push", is_flag=True, help="Push what was to be a reply: billed, and seen twice if the reply arrived.")
def retry(
    root: Path, dev: bool, ids: tuple[str, ...], every: bool, state: str, session: str | None, push: bool
) -> None:
    """Send deliveries again that were failed, unknown, suppressed, dropped, or still wait.

    A reply whose outcome is unknown may have arrived, and its token can be used only once: when it did not, only
    --push brings the answer to the user.

    \b
    Example:
      noren outbox retry --all --state failed
      noren outbox retry --all --state unknown --push
    """
    chosen(ids, every)

    async def job(store: Store) -> None:
        found = [row["id"] for row in await store.list_outbox(state, session, EVERY)][::-1] if every else ids
        await each(found, lambda id: store.retry_delivery(id, SystemClock().now(), push), "to be sent again")

    work(root, dev, job)


@outbox.command()
@store_options
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
def drop(root: Path, dev: bool, ids: tuple[str, ...]) -> None:
    """Give deliveries up that are still to be sent.

    \b
    Example:
      noren outbox drop 01HGW2N7E0Z0Z0Z0Z0Z0Z0Z0Z0-0
    """

    async def job(store: Store) -> None:
        await each(ids, lambda id: store.drop_delivery(id, SystemClock().now()), "dropped")

    work(root, dev, job)
