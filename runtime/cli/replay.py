"""`noren replay`: what the bot would have said."""

from __future__ import annotations

import asyncio
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from runtime.app import LIMITS
from runtime.cli.project import Project, open_project, read_files
from runtime.cli.sessions import COLUMNS
from runtime.cli.stores import address, opened, store_options, work
from runtime.cli.tables import as_json, format_option, listed, when
from runtime.errors import BadInput
from runtime.line.client import Client
from runtime.model import Message, Session
from runtime.settings import EndpointSettings
from runtime.store.store import Store
from runtime.transcript.replayer import (
    Moment,
    Recorded,
    Replayer,
    Still,
    endpoint,
    first_session,
    profiled,
    recording,
)

LISTED = 20
"""Conversations that are listed when none is named."""
SIGNS = {" ": ("  ", None), "-": ("- ", "red"), "+": ("+ ", "green")}


@click.command()
@store_options
@click.argument("key", metavar="[SESSION]", default="")
@click.option(
    "--flows",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with other flows; those of the bot as they are now otherwise.",
)
@click.option("--pinned", is_flag=True, help="The flows the session is on, as they were: shows what a replay can tell.")
@click.option("--all", "whole", is_flag=True, help="Show what stayed the same too.")
@format_option
def replay(root: Path, dev: bool, key: str, folder: Path | None, pinned: bool, whole: bool, form: str) -> None:
    """Play a recorded conversation on edited flows and show what the bot would have said.

    Without SESSION: list the conversations that can be played, those that had an event last first.
    Nothing is sent and nothing is asked outside: answers of services and functions come from the record.
    Exit code 1 when something would have been said otherwise.

    \b
    Example:
      noren replay shop:U0123456789abcdef0123456789abcdef
      noren replay shop:U0123456789abcdef0123456789abcdef --flows ../new/flows
    """
    if not key:
        rows = work(root, dev, lambda store: store.list_sessions(LISTED))
        listed(rows, COLUMNS, form, "no conversations yet; talk to the bot, then play one again")
        if rows and form == "text":
            click.echo(f"noren replay{' --dev' if dev else ''} KEY plays one again")
        return
    project = open_project(root, lenient=True)
    moments, pending = asyncio.run(_replayed(project, dev, key, folder, pinned))
    changed = sum(not moment.same for moment in moments)
    if form == "json":
        rows = [{**_row(moment), "same": moment.same} for moment in moments if whole or not moment.same]
        click.echo(as_json({"session": key, "moments": rows, "events": len(moments), "changed": changed}))
    else:
        _print(moments, whole)
        waiting = f"; {pending} timer{'s' * (pending != 1)} still to come" if pending else ""
        click.echo(f"{len(moments)} events, {changed} answered otherwise{waiting}")
    sys.exit(1 if changed else 0)


async def _replayed(
    project: Project, dev: bool, key: str, folder: Path | None, pinned: bool
) -> tuple[Sequence[Moment], int]:
    async with opened(project.root, address(project.root, dev)) as store:
        recorded = await recording(store, key)
        session = await store.load_session(key)
        assert session is not None
        config = _config(project, session)
        files = await _pinned(store, session, recorded) if pinned else _files(project, config, folder)
    clock, client = Still(), Client(LIMITS)
    try:
        made = Replayer(
            endpoint(project, config, files, client, clock),
            clock,
            first_session(session, recorded[0], profiled=profiled(recorded)),
            recorded,
        )
        return await made.run(), len(made.pending)
    finally:
        await client.close()


def _config(project: Project, session: Session) -> EndpointSettings:
    config = project.settings.endpoints.get(session.endpoint)
    if config is None:
        raise BadInput(f"the endpoint {session.endpoint} of this session is not in noren.yaml")
    return config


def _files(project: Project, config: EndpointSettings, folder: Path | None) -> dict[str, str]:
    if folder is None:
        return project.files(config.flows)
    folder = folder.resolve()
    return read_files(folder.parent, folder)


async def _pinned(store: Store, session: Session, recorded: Sequence[Recorded]) -> Mapping[str, str]:
    """The files of the version that the session waits on."""
    pins = [session.cursor.version] if session.cursor else []
    pins += [frame.version for frame in reversed(session.stack)]
    for version in pins:
        files: Mapping[str, str] | None = await store.load_version(version)
        if files is not None:
            return files
    raise BadInput(
        "this session waits nowhere, so it is on no version; replay it on the flows of the bot or --flows DIR"
    )


def _row(moment: Moment) -> dict[str, Any]:
    return {name: getattr(moment, name) for name in Moment.__slots__}


def _print(moments: Sequence[Moment], whole: bool) -> None:
    for moment in moments:
        if moment.same and not whole:
            continue
        said = moment.text or f"({moment.kind})"
        click.secho(f"{when(moment.at)}  {moment.who}  {said}", bold=True)
        for note in moment.notes:
            click.secho(f"    ! {note}", fg="yellow")
        for line in difference(moment.recorded, moment.replayed):
            sign, colour = SIGNS[line[0]]
            click.secho(f"    {sign}{line[2:]}", fg=colour)


def difference(recorded: Sequence[Message], replayed: Sequence[Message]) -> Iterator[str]:
    """Lines that begin with `-` (said then), `+` (said now) or a space (both)."""
    before, after = _told(recorded, short=True), _told(replayed, short=True)
    if before == after and recorded != replayed:  # what differs is not in the words
        before, after = _told(recorded, short=False), _told(replayed, short=False)
    return (line for line in difflib.ndiff(before, after) if line[0] != "?")


def _told(messages: Sequence[Message], *, short: bool) -> list[str]:
    return [line for message in messages for line in (_words(message) if short else _whole(message))]


def _words(message: Message) -> Iterator[str]:
    """What somebody sees of a message, in a few lines."""
    kind = str(message.get("type"))
    text = str(message.get("text") or message.get("altText") or "")
    lines = text.splitlines() or [""]
    yield lines[0] if kind == "text" else f"({kind}) {lines[0]}".rstrip()
    yield from (f"  {line}" for line in lines[1:])
    labels = [str(item.get("action", {}).get("label", "")) for item in message.get("quickReply", {}).get("items", ())]
    if labels:
        yield "  " + " ".join(f"[{label}]" for label in labels)


def _whole(message: Message) -> list[str]:
    return yaml.safe_dump(dict(message), allow_unicode=True, sort_keys=True, width=110).splitlines()
