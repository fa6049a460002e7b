"""`noren desk`: accounts of the people who work at the desk, without the page."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import click

from runtime.cli.stores import store_options, work
from runtime.cli.tables import field, format_option
from runtime.cli.tables import listed as table
from runtime.clock import SystemClock
from runtime.desk.doors import ROLES, Doors
from runtime.desk.passwords import hashed
from runtime.errors import BadInput
from runtime.store.store import Store

COLUMNS = ("name", "email", "role", "state", "status", "queues")


@click.group()
def desk() -> None:
    """The agents' desk: its first admin, its accounts.

    All of it works while a server is running.

    \b
    Example:
      noren desk add mika@example.com --role supervisor
      noren desk list
    """


@desk.command()
@store_options
def code(root: Path, dev: bool) -> None:
    """Tell the code with which /desk/ makes its first admin.

    \b
    Example:
      noren desk code
    """

    async def job(store: Store) -> str:
        return await Doors(store, SystemClock()).code()

    found = work(root, dev, job)
    if not found:
        raise BadInput("there is an admin already; `noren desk list` shows who")
    click.echo(found)


@desk.command()
@store_options
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True, help="What they may do.")
@click.option("--name", default="", help="What colleagues and users see; else what stands before the @.")
@click.option("--queue", "queues", multiple=True, help="A queue whose cases they see; may be given again.")
def add(root: Path, dev: bool, email: str, role: str, name: str, queues: tuple[str, ...]) -> None:
    """Make an account, and tell its first password.

    \b
    Example:
      noren desk add ben@example.com --queue orders --queue general
    """
    word = secrets.token_urlsafe(12)

    async def job(store: Store) -> str:
        doors = Doors(store, SystemClock())
        return await doors.enrol(email, name or email.partition("@")[0], role, word, queues=list(queues))

    agent = work(root, dev, job)
    click.echo(f"{agent}: {role} {email}; first password: {word}")


@desk.command()
@store_options
@click.argument("email")
def password(root: Path, dev: bool, email: str) -> None:
    """Give an account a new password, and tell it; every sign-in of theirs ends.

    \b
    Example:
      noren desk password ben@example.com
    """
    word = secrets.token_urlsafe(12)

    async def job(store: Store) -> None:
        agent, now = await store.agent_by_email(email.strip().lower()), SystemClock().now()
        if agent is None:
            raise BadInput(f"there is no account {email}; `noren desk list` shows all")
        await store.put_password_hash(agent["id"], hashed(word), now)
        await store.audit("", "password.reset", "the command line", {"agent": agent["id"]}, now)

    work(root, dev, job)
    click.echo(f"{email}: new password: {word}")


@desk.command("list")
@store_options
@format_option
def listed(root: Path, dev: bool, form: str) -> None:
    """Tell the accounts: role, state, whether they are there, queues.

    \b
    Example:
      noren desk list --format json
    """

    async def job(store: Store) -> list[dict[str, Any]]:
        return [row(agent) for agent in await store.agents()]

    table(work(root, dev, job), [field(name) for name in COLUMNS], form, "no accounts")


def row(agent: dict[str, Any]) -> dict[str, Any]:
    body = agent["body"]
    told = {key: agent[key] for key in ("email", "role", "state", "status")}
    return {"name": body.get("name"), **told, "queues": ", ".join(map(str, body.get("queues") or ()))}
