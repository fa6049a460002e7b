"""`noren chat`: talk to the bot in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from runtime.cli.project import Project, open_project, root_option
from runtime.cli.stores import address, opened
from runtime.cli.talk.acts import ACTS, act
from runtime.cli.talk.control import Control, bots_at
from runtime.cli.talk.eyes import Eyes
from runtime.cli.talk.recording import kept, new_file
from runtime.cli.talk.room import Room, gone
from runtime.cli.talk.screen import Screen, screen
from runtime.errors import BadInput
from runtime.line.client import Client
from runtime.log import configure
from runtime.project import FILE

USUAL = "http://127.0.0.1:8001"


@click.command()
@click.argument("endpoint", required=False)
@root_option
@click.option("--line", metavar="URL", help=f"A simulator that runs; {USUAL} is tried first.")
@click.option("--language", help="The language of your LINE, such as ja; the bot's first one otherwise.")
@click.option("--name", help="Your name on LINE: Guest, and with --language somebody else for each language.")
@click.option(
    "--record", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Keep it as a transcript test."
)
def chat(
    endpoint: str | None, root: Path, line: str | None, language: str | None, name: str | None, record: Path | None
) -> None:
    """Talk to the bot in the terminal, as a LINE user would.

    Joins the `noren dev` that runs for this folder, or starts the bot by itself for as long as you talk. What you
    type is sent as a text; the number of a button taps it; /help lists the rest: stickers, pictures, groups,
    blocking, turning the clock. Lines from a pipe or a file are sent one by one, each after its answer.

    Exit code 1 when a line could not be sent or a webhook failed.

    \b
    Example:
      noren chat
      noren chat shop --language ja --name Mai
      printf 'hello\\n' | noren chat
      noren chat --record tests/booking.yaml
    """
    new_file(record)
    project = open_project(root, lenient=True) if line is None or (root / FILE).is_file() else None
    who = name or ("Guest" if language is None else f"Guest {language}")
    line = line and line.rstrip("/").removesuffix("/simulator/api")  # as `noren dev` prints it
    wish = Wish(project, line, endpoint, language, who, record)
    sys.exit(asyncio.run(talk(wish, screen([*ACTS, "/quit"]))))


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line; no `project` for a bot that is not in a folder here."""

    project: Project | None
    line: str | None
    endpoint: str | None
    language: str | None
    name: str
    record: Path | None = None


async def talk(wish: Wish, on: Screen) -> int:
    """One conversation from hello to goodbye; the exit code."""
    client = Client()
    try:
        async with contextlib.AsyncExitStack() as stack:
            running = await found(wish, client)
            line = running if running else await stack.enter_async_context(staged(wish, on))
            room = await stack.enter_async_context(room_at(Control(line, client), wish, on))
            began = await room.now()
            await greet(room)
            await converse(room)
            await keep(room, wish, began)
            return int(room.failed)
    finally:
        await client.close()


async def keep(room: Room, wish: Wish, began: int) -> None:
    """Write the recording, when one was wanted."""
    if wish.record is None:
        return
    settings = wish.project.settings.endpoints.get(room.bot) if wish.project else None
    done = await kept(room, wish.record, began, settings)
    room.tell([f"recorded in {wish.record}; `noren test {wish.record}` plays it" if done else "nothing to record"])


# ── where ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def found(wish: Wish, client: Client) -> str | None:
    """The simulator that runs already: the one that was named, or the one of this folder's `noren dev`."""
    if wish.line is not None:
        if await bots_at(wish.line, client) is None:
            raise BadInput(
                f"there is no simulator at {wish.line}; `noren dev` and `noren simulator` say where theirs is"
            )
        return wish.line
    assert wish.project is not None
    if not at_work(wish.project):
        return None
    names = {bot["name"] for bot in await bots_at(USUAL, client) or ()}
    if names != set(wish.project.settings.endpoints):
        raise BadInput(f"a `noren dev` of this folder runs, but not at {USUAL}; say --line URL as it printed it")
    return USUAL


def at_work(project: Project) -> bool:
    """Whether a process works on the store of this folder's `noren dev`: it holds the lock beside it."""
    path = project.root / ".noren" / "dev.db.lock"
    if not path.is_file():
        return False
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@contextlib.asynccontextmanager
async def staged(wish: Wish, on: Screen) -> AsyncIterator[str]:
    """The bot and the simulator, on free ports, as long as the conversation lasts."""
    from runtime.cli.dev import Stage, listening

    assert wish.project is not None
    quiet(wish.project.hidden / "chat.log")
    with listening(0) as bot, listening(0) as line:
        stage = Stage(wish.project, bot, line, say=lambda text, **style: on.show([click.style(text, **style)]))
        async with stage.open():
            yield stage.line_url


def quiet(path: Path) -> None:
    """Warnings go to a file: the terminal belongs to the conversation."""
    file = path.open("a", encoding="utf-8")
    configure("plain", "warning", file)
    logging.getLogger().handlers[:] = [logging.StreamHandler(file)]


@contextlib.asynccontextmanager
async def room_at(control: Control, wish: Wish, on: Screen) -> AsyncIterator[Room]:
    """The person in a chat with the bot."""
    bots = (await control.get("/bots"))["bots"]
    bot = chosen(bots, wish.endpoint)
    async with looking(wish.project, str(bot["name"]), named=wish.line is not None) as eyes:
        room = Room(control, bot, on, eyes)
        await room.become(wish.name, wish.language or spoken(wish.project, room.bot))
        await room.enter(room.user["id"])
        yield room


def chosen(bots: Sequence[Mapping[str, Any]], name: str | None) -> Mapping[str, Any]:
    """The bot of that name, or the first. Raises `BadInput`."""
    for bot in bots:
        if name in (None, bot["name"]):
            return bot
    there = ", ".join(bot["name"] for bot in bots) or "none"
    raise BadInput(f"there is no bot {name or ''} here; there are: {there}")


def spoken(project: Project | None, bot: str) -> str:
    settings = project.settings.endpoints.get(bot) if project else None
    return settings.languages[0] if settings else "en"


@contextlib.asynccontextmanager
async def looking(project: Project | None, bot: str, *, named: bool) -> AsyncIterator[Eyes | None]:
    """A look at the bot's store, when it lies here: that of `noren dev`, or with --line that of `noren serve`."""
    settings = project.settings.endpoints.get(bot) if project else None
    if project is None or settings is None:
        yield None
        return
    url = address(project.root, not named or at_work(project))
    async with contextlib.AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(opened(project.root, url))
        except BadInput:
            yield None
            return
        yield Eyes(store, settings)


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────


async def greet(room: Room) -> None:
    if room.screen.live:
        room.tell(
            ["", f"  {room.bot_name} at {room.control.base}. Write something; /help says what else there is.", ""]
        )


async def converse(room: Room) -> None:
    """Lines until there are no more, or the simulator is gone."""
    watching = asyncio.create_task(gone(room))
    lines = asyncio.create_task(typed(room))
    try:
        await asyncio.wait({watching, lines}, return_when=asyncio.FIRST_COMPLETED)
        if not lines.done():
            room.complain(f"the simulator is gone: {await watching}")
        else:
            await lines
    finally:
        for task in (watching, lines):
            task.cancel()
        await asyncio.gather(watching, lines, return_exceptions=True)


async def typed(room: Room) -> None:
    """Each line done; without somebody who watches, answered before the next."""
    async with contextlib.aclosing(room.screen.lines()) as lines:
        async for line in lines:
            try:
                if not await act(room, line):
                    return
                if not room.screen.live:
                    await room.settled()
            except BadInput as error:
                room.complain(error.message)
