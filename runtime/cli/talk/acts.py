"""What a person types: a text, the number of a button, or a command that begins with a slash."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml

from runtime.cli.tables import table, when
from runtime.cli.talk.bubbles import Tap
from runtime.cli.talk.eyes import position
from runtime.cli.talk.room import Room
from runtime.errors import BadInput, SettingsError
from runtime.line.richmenu_sync import file_of
from runtime.settings import duration

PLACE: Final = re.compile(r"(?:(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?))?\s*(.*)", re.DOTALL)
PART: Final = r"\d+(?:\.\d+)?(?:ms|[smhdw])"
LARGEST: Final = 200 * 1024 * 1024
CAMERAS: Final = ("camera", "cameraRoll")


@dataclass(frozen=True, slots=True)
class Act:
    """A command: how it is written, what it does."""

    usage: str
    does: str
    run: Callable[[Room, str], Awaitable[None]]


async def act(room: Room, line: str) -> bool:
    """Do what a line says; false when the conversation is over. Raises `BadInput`."""
    text = line.strip()
    room.begin(text)
    if not text:
        return True
    if text.startswith("/"):
        name, _, rest = text.partition(" ")
        if name == "/quit":
            return False
        known = ACTS.get(SAME.get(name, name))
        if known is None:
            close = get_close_matches(name, ACTS, n=1, cutoff=0.7)
            way = f"did you mean {close[0]}?" if close else "/help says what there is,"
            raise BadInput(f"there is no {name}; {way} /say {text} sends it as a text")
        await known.run(room, rest.strip())
    elif found := tapped(room, text):
        await room.tap(found)
    else:
        await room.send(type="text", text=text)
    return True


def tapped(room: Room, text: str) -> Tap | None:
    """The button a line taps: by its label, else by its number."""
    for tap in reversed(room.taps.values()):
        if tap.label == text:
            return tap
    return room.taps.get(text)


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────


async def _say(room: Room, rest: str) -> None:
    await room.send(type="text", text=rest)


async def _sticker(room: Room, rest: str) -> None:
    ids = rest.split()
    if len(ids) not in (0, 2) or not all(id.isdecimal() for id in ids):
        raise BadInput("write /sticker, or /sticker PACKAGE ID such as /sticker 446 1988")
    await room.send(type="sticker", **dict(zip(("package", "sticker"), ids, strict=False)))


def _media(kind: str) -> Callable[[Room, str], Awaitable[None]]:
    async def send(room: Room, rest: str) -> None:
        content = await asyncio.to_thread(read, rest) if rest else {}
        if kind == "image" and (tap := camera(room)):
            await room.tap(tap, **content)
        else:
            await room.send(type=kind, **content)

    return send


def camera(room: Room) -> Tap | None:
    """A shown button that opens the camera: a picture sent now comes from there."""
    return next((tap for tap in room.taps.values() if tap.action["type"] in CAMERAS), None)


def read(name: str) -> dict[str, str]:
    """A file of this machine as the simulator takes it. Raises `BadInput`."""
    path = Path(name).expanduser()
    if not path.is_file():
        raise BadInput(f"there is no file {name}")
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{name} is larger than {LARGEST // 1024 // 1024} MB, the most LINE takes")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {"data": base64.b64encode(path.read_bytes()).decode(), "content_type": kind, "name": path.name}


async def _location(room: Room, rest: str) -> None:
    found = PLACE.fullmatch(rest)
    latitude, longitude, title = found.groups() if found else (None, None, rest)
    where = {"latitude": float(latitude or 35.681236), "longitude": float(longitude or 139.767125)}
    place: dict[str, Any] = {**where, **({"title": title} if title else {})}
    if tap := next((tap for tap in room.taps.values() if tap.action["type"] == "location"), None):
        await room.tap(tap, **place)
    else:
        await room.send(type="location", **place)


async def _mention(room: Room, rest: str) -> None:
    text = f"@{room.bot_name} {rest}".strip()
    await room.send(type="text", text=text, mention=[{"to": "bot"}])


async def _unsend(room: Room, rest: str) -> None:
    await room.control.delete(f"/messages/{_last(room)}")


async def _edit(room: Room, rest: str) -> None:
    await room.control.patch(f"/messages/{_last(room)}", text=rest)


def _last(room: Room) -> str:
    if not room.mine:
        raise BadInput("you have not sent anything here yet")
    return room.mine


# ── taps and events ───────────────────────────────────────────────────────────────────────────────────────────


async def _pick(room: Room, rest: str) -> None:
    pickers = [tap for tap in room.taps.values() if tap.action["type"] == "datetimepicker"]
    if not pickers:
        raise BadInput("no picker is shown")
    await room.tap(pickers[0], value=rest)


async def _postback(room: Room, rest: str) -> None:
    room.forget()
    await _event(room, "postback", data=rest, user=room.user["id"])


async def _event(room: Room, kind: str, **own: Any) -> None:
    await room.control.post(f"/bots/{room.bot}/events", kind=kind, chat=room.chat, **own)


async def _follow(room: Room, rest: str) -> None:
    await room.control.post(f"/bots/{room.bot}/followers/{room.user['id']}")


async def _unfollow(room: Room, rest: str) -> None:
    await room.control.delete(f"/bots/{room.bot}/followers/{room.user['id']}")


async def _menu(room: Room, rest: str) -> None:
    if rest:
        by = {"index": int(rest) - 1} if rest.isdecimal() else {"label": rest}
        await room.control.post(f"{room.path}/tap", menu=True, user=room.user["id"], **by)
        return
    menu = await room.control.get(f"/bots/{room.bot}/users/{room.user['id']}/menu")
    areas = [f"/menu {button['index'] + 1}  {button['label']}" for button in menu["buttons"]]
    room.tell([f"rich menu {file_of(str(menu.get('name', '')))}", *areas])


# ── places and people ─────────────────────────────────────────────────────────────────────────────────────────


async def _group(room: Room, rest: str) -> None:
    if not rest:
        await room.enter(room.user["id"])
        room.tell([f"alone with {room.bot_name}"])
        return
    groups = {group["name"]: group for group in (await room.control.get("/groups"))["groups"]}
    if rest in groups:
        await room.enter(groups[rest]["id"], rest)
        await _sit_down(room, groups[rest])
        return
    made = await room.control.post("/groups", name=rest, members=[room.user["id"]])
    await room.enter(made["id"], rest)
    await room.control.post(f"/groups/{made['id']}/bot", bot=room.bot)


async def _sit_down(room: Room, group: dict[str, Any]) -> None:
    """Person and bot in the group, as far as they are not."""
    if room.user["id"] not in group["members"]:
        await room.control.post(f"/groups/{group['id']}/members", users=[room.user["id"]])
    if not group["bot"]:
        await room.control.post(f"/groups/{group['id']}/bot", bot=room.bot)


async def _user(room: Room, rest: str) -> None:
    if not rest:
        raise BadInput("write /user NAME")
    language = str(room.user["language"])
    await room.become(rest, language)
    if room.group:
        await _sit_down(room, await room.control.get(f"/groups/{room.chat}"))
        room.mine = ""
    else:
        await room.enter(room.user["id"])


async def _language(room: Room, rest: str) -> None:
    room.user = await room.control.patch(f"/users/{room.user['id']}", language=rest)
    room.tell([f"your LINE speaks {rest} now; a bot that knows you already asks again only now and then"])


# ── time and insight ──────────────────────────────────────────────────────────────────────────────────────────


def span(text: str) -> int:
    """Milliseconds of `10m`, or of several: `1h30m`. Raises `BadInput`."""
    try:
        parts = re.findall(PART, text) if re.fullmatch(f"(?:{PART})+", text) else [text]
        return sum(duration(part, "time") for part in parts)
    except SettingsError as error:
        raise BadInput(error.message) from None


async def _clock(room: Room, rest: str) -> None:
    if rest:
        await room.control.post("/clock", advance=span(rest))
        room.told = True  # its timers are
    room.tell([f"it is {when(await room.now())}"])


async def _wait(room: Room, rest: str) -> None:
    await asyncio.sleep(span(rest) / 1000)


async def _log(room: Room, rest: str) -> None:
    found = (await room.control.get("/log", bot=room.bot, limit=int(rest) if rest.isdecimal() else 12))["log"]
    rows = [
        [when(one["at"])[11:], one["way"], one["method"], one["path"], str(one["status"]), f"{one['ms']:.1f} ms"]
        for one in found
    ]
    room.tell(table(rows) if rows else ["nothing was asked yet"])


async def _vars(room: Room, rest: str) -> None:
    if room.eyes is None:
        raise BadInput("the bot's store cannot be looked at from here; start chat in the bot's folder")
    session = await room.eyes.session(room.own_key)
    told = yaml.safe_dump(position(session), allow_unicode=True, sort_keys=False) if session else "nothing yet"
    room.tell(told.rstrip().split("\n"))


async def _help(room: Room, rest: str) -> None:
    rows = [[one.usage, one.does] for one in ACTS.values()]
    head = "Write a text, or the number of a button. Ctrl-J begins a new line, Ctrl-D leaves."
    room.tell([head, *table([*rows, ["/quit", "leave"]])])


ACTS: Final[dict[str, Act]] = {
    "/say": Act("/say TEXT", "send it as a text, whatever it looks like", _say),
    "/sticker": Act("/sticker [PACKAGE ID]", "send a sticker", _sticker),
    "/image": Act("/image [FILE]", "send a picture (a made-up one without FILE)", _media("image")),
    "/video": Act("/video [FILE]", "send a video", _media("video")),
    "/audio": Act("/audio [FILE]", "send a sound", _media("audio")),
    "/file": Act("/file [FILE]", "send a file", _media("file")),
    "/location": Act("/location [LAT,LON] [TITLE]", "send a place", _location),
    "/pick": Act("/pick 2026-12-05", "choose in the picker that is shown: a date, 18:30, 2026-12-05T18:30", _pick),
    "/postback": Act("/postback DATA", "a postback, as from a button", _postback),
    "/menu": Act("/menu [NUMBER]", "show the rich menu, or tap in it", _menu),
    "/follow": Act("/follow", "add the bot as a friend, or unblock it", _follow),
    "/unfollow": Act("/unfollow", "block the bot", _unfollow),
    "/unsend": Act("/unsend", "take your last message back", _unsend),
    "/edit": Act("/edit TEXT", "change your last message (in groups)", _edit),
    "/group": Act("/group [NAME]", "go to a group, made if there is none; back without NAME", _group),
    "/user": Act("/user NAME", "be somebody else", _user),
    "/mention": Act("/mention TEXT", "mention the bot", _mention),
    "/language": Act("/language CODE", "the language of your LINE, such as ja", _language),
    "/clock": Act("/clock [10m]", "turn the clock forward; timers of the bot go off", _clock),
    "/wait": Act("/wait 3s", "wait (for scripts)", _wait),
    "/log": Act("/log [COUNT]", "the last requests and webhooks", _log),
    "/vars": Act("/vars", "where the conversation stands, and its variables", _vars),
    "/help": Act("/help", "this", _help),
}
"""Command → what it does; `/quit` ends the conversation and is no act in it."""

SAME: Final[Mapping[str, str]] = {
    "/voice": "/audio",
    "/photo": "/image",
    "/picture": "/image",
    "/block": "/unfollow",
    "/unblock": "/follow",
    "/lang": "/language",
    "/time": "/clock",
}
"""Other words for a command → its name."""
