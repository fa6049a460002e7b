"""What was said in `noren chat`, kept as a transcript test."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from runtime.cli.talk.room import Room
from runtime.errors import BadInput, NorenError
from runtime.settings import EndpointSettings
from runtime.transcript.record import Tape, record

MOST = 100_000


def new_file(path: Path | None) -> None:
    """Raises `BadInput` for a file that cannot be written, before anybody has said anything."""
    if path is None:
        return
    if path.exists():
        raise BadInput(f"{path} exists; name a new file to record into")
    if path.suffix not in (".yaml", ".yml"):
        raise BadInput(f"{path}: a transcript test ends in .yaml")


async def kept(room: Room, path: Path, began: int, settings: EndpointSettings | None) -> bool:
    """Write what was said in the room's chat since `began`; false when nothing was."""
    text = record(await tape(room, path, began, settings))
    if text:
        await asyncio.to_thread(written, path, text)
    return bool(text)


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def tape(room: Room, path: Path, began: int, settings: EndpointSettings | None) -> Tape:
    entries = (await room.control.get(room.path, limit=MOST))["entries"]
    hooks = (await room.control.get(f"/bots/{room.bot}/webhooks", limit=MOST))["webhooks"]
    users = {user["id"]: user["name"] for user in (await room.control.get("/users"))["users"]}
    people = [room.user["id"]]
    if room.group:
        people = (await room.control.get(f"/groups/{room.chat}"))["members"]
    return Tape(
        entries=[one for one in entries if one["at"] >= began],
        webhooks=[one for one in hooks if one["event"]["timestamp"] >= began],
        chat=room.chat,
        names={id: users[id] for id in people if id in users},
        title=path.stem.replace("-", " ").replace("_", " "),
        endpoint=room.bot,
        language=str(room.user["language"]),
        zone=settings.timezone if settings else "UTC",
        group=room.group,
        acts=[one for one in await acts(room) if one["at"] >= began],
    )


async def acts(room: Room) -> list[dict[str, Any]]:
    """What agents did in the chat; only `noren dev` knows."""
    try:
        found = await room.control.get("/workbench/agent/acts", session=f"{room.bot}:{room.chat}")
    except NorenError:
        return []
    return list(found["acts"])
