"""The folder of what agents send: each file under a name nobody can guess, for as long as a chat is read.

`{folder}/{aa}/{token}/` holds `told.json`, the file itself under the name users see, and `preview.jpg` for pictures
and videos. LINE's apps fetch media when somebody looks at a message, so the links do not expire.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from runtime.desk.files import kinds, moving, pictures, tracks
from runtime.desk.refusal import Refused
from runtime.errors import BadInput

TOKEN: Final = re.compile(r"[0-9a-f]{32}")
LINK: Final = re.compile(r"d-([0-9a-f]{32})(/preview)?")
AT_ONCE: Final = 2
"""Files that are looked into at once: a large picture takes some hundred megabytes while it is drawn."""
LONGEST: Final = 80
BYTES: Final = 200
"""Characters and bytes of a file's name."""
TOLD: Final = "told.json"
SHOWN: Final = ("token", "kind", "sort", "name", "size", "type", "duration", "warning")
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png"}
NONE: Final = (
    "this kind of file cannot be sent on LINE: pictures, mp4, m4a, mp3, pdf, office files, txt, csv and zip can"
)

HEIC: Final = (
    "this picture is in Apple's HEIC form, which cannot be read here: send it as JPEG; an iPhone takes JPEG with "
    "Settings, Camera, Formats, Most Compatible"
)
MOV: Final = "QuickTime films (.mov) cannot be sent on LINE: save it as MP4 with H.264"
SCRAMBLED: Final = "this file is protected against copying: nobody else could play it"
HOLLOW: Final = "this file cannot be played: it holds neither pictures nor sound"
ENDLESS: Final = "this file cannot be played: it does not say how long it is"
OTHERWISE: Final = {"video/quicktime": MOV}
"""What to do instead, by type."""


class Files:
    """Keeps and finds files of agents. `public_url` is where LINE reaches this runtime."""

    def __init__(self, folder: Path, public_url: str) -> None:
        self._folder, self._base = folder, public_url.rstrip("/")
        self._room = asyncio.Semaphore(AT_ONCE)

    async def keep(self, parts: AsyncIterator[bytes], name: str, owner: str, most: int, now: int) -> dict[str, Any]:
        """The file as `told` gives it. Raises `BadInput`, `Refused` (413, 415); then nothing is kept."""
        token = secrets.token_hex(16)
        place = self._place(token)
        draft = await asyncio.to_thread(_draft, place)
        try:
            await _received(parts, draft, most)
            async with self._room:
                made = await asyncio.to_thread(_made, draft, place, safe(name))
            body = {"token": token, "owner": owner, "at": now, **made}
            await asyncio.to_thread((place / TOLD).write_text, json.dumps(body, ensure_ascii=False), "utf-8")
        except BaseException:
            await asyncio.shield(asyncio.to_thread(shutil.rmtree, place, True))
            raise
        finally:
            draft.unlink(missing_ok=True)
        return self.told(token) or {}

    async def put_poster(self, token: str, data: bytes) -> dict[str, Any]:
        """The picture that stands for a film, drawn by whoever sends it. Raises `BadInput`, `Refused` (415)."""
        found = self.told(token)
        if found is None or found["kind"] != "video":
            raise BadInput("only a film has a picture that stands for it")
        async with self._room:
            await asyncio.to_thread(_given, data, self._place(token))
        return found

    def owner(self, token: str) -> str:
        """Who sent a file; empty: there is none."""
        try:
            return str(json.loads((self._place(token) / TOLD).read_text("utf-8")).get("owner") or "")
        except (OSError, ValueError):
            return ""

    def told(self, token: str) -> dict[str, Any] | None:
        """What is known of a file, with the links LINE fetches it by; None: there is none."""
        if not TOKEN.fullmatch(token):
            return None
        try:
            body: dict[str, Any] = json.loads((self._place(token) / TOLD).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        link = f"{self._base}/media/d-{token}"
        small = {"preview": f"{link}/preview"} if body.get("small") else {}
        shown: dict[str, Any] = {key: body[key] for key in SHOWN if key in body}
        return {**shown, "url": link, **small}

    def open(self, link: str) -> tuple[Path, str] | None:
        """The file of the last part of a link, and its type."""
        found = LINK.fullmatch(link)
        return self.content(found[1], preview=bool(found[2])) if found else None

    def content(self, token: str, *, preview: bool = False) -> tuple[Path, str] | None:
        place = self._place(token)
        try:
            body = json.loads((place / TOLD).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        file = place / ("preview.jpg" if preview else str(body["file"]))
        return (file, "image/jpeg" if preview else str(body["type"])) if file.is_file() else None

    def drop(self, token: str) -> None:
        """Delete a file and everything that was made of it."""
        if TOKEN.fullmatch(token):
            shutil.rmtree(self._place(token), ignore_errors=True)

    def older(self, before: int) -> list[str]:
        """Tokens of files that were kept before a moment (ms), and of what a process that died left half made."""
        places = (one for one in self._folder.glob("*/*") if TOKEN.fullmatch(one.name))
        return [place.name for place in places if _kept_at(place) < before]

    def _place(self, token: str) -> Path:
        return self._folder / token[:2] / token


def _kept_at(place: Path) -> int:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((place / TOLD).read_text("utf-8"))["at"])
    return int(place.stat().st_mtime * 1000)


def safe(name: str) -> str:
    """A name as it may stand on a disk and in a header: no folders, no controls, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*;')
    shown = " ".join(plain.split()).strip(" .")  # many spaces would push the ending out of sight
    stem, dot, ending = shown.rpartition(".")
    return f"{_cut(stem)}{dot}{ending[:8]}" if dot and stem else _cut(shown) or "file"


def _cut(name: str) -> str:
    """Disks count bytes."""
    return name[:LONGEST].encode("utf-8", "ignore")[:BYTES].decode("utf-8", "ignore")


def _draft(place: Path) -> Path:
    place.mkdir(parents=True, mode=0o700)
    draft = place / ".draft"
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return draft


async def _received(parts: AsyncIterator[bytes], draft: Path, most: int) -> None:
    size = 0
    with draft.open("wb") as file:
        async for part in parts:
            size += len(part)
            if size > most:
                raise Refused(f"the file is larger than {most // 1_048_576} MB", 413)
            await asyncio.to_thread(file.write, part)
    if not size:
        raise BadInput("the file is empty")


def _made(draft: Path, place: Path, name: str) -> dict[str, Any]:
    """The kept form of a file. Raises `Refused` (415) for what cannot be sent."""
    sort, type, ending = kinds.kind_of(draft, name)
    stem = name.rpartition(".")[0] or name
    if sort == "image":
        whole, _ = _picture(draft, place / "picture", HEIC if type == "image/heic" else "")
        type, ending = f"image/{'png' if whole.suffix == '.png' else 'jpeg'}", whole.suffix[1:]
        return _body(whole, sort, type, f"{stem}.{ending}", small=True)
    if not ending:
        raise Refused(OTHERWISE.get(type, NONE), 415)
    if sort not in ("video", "audio"):
        file = place / "sent" / f"{stem}.{ending}"  # browsers save it under this name
        file.parent.mkdir(mode=0o700)
        shutil.move(draft, file)
        return {**_body(file, sort, type, file.name), "file": f"sent/{file.name}"}
    return _moving(draft, place, (sort, type, ending), stem)


def _moving(draft: Path, place: Path, found: tuple[str, str, str], stem: str) -> dict[str, Any]:
    """A film or a sound, which has to say how long it is. Raises `Refused` (415) for what nobody could play."""
    sort, type, ending = found
    inside: list[tracks.Track] = []
    with draft.open("r+b") as stream:
        if ending == "mp3":
            duration = moving.mp3_duration(stream)
        else:
            inside, duration = tracks.tracks(stream), moving.mp4_duration(stream)
            moving.silence(stream)
    if why := _unplayable(inside, duration, ending):
        raise Refused(why, 415)
    if sort == "video" and not any(track.kind == tracks.PICTURE for track in inside):
        sort, type, ending = "audio", "audio/mp4", "m4a"
    file = place / f"content.{ending}"
    shutil.move(draft, file)
    if sort == "video":
        pictures.poster(file, place / "video.jpg")
    more: dict[str, Any] = {"small": True} if sort == "video" else {}
    if warning := tracks.warning(inside):
        more["warning"] = warning
    return _body(file, sort, type, f"{stem}.{ending}", duration=duration, **more)


def _unplayable(inside: list[tracks.Track], duration: int, ending: str) -> str:
    if tracks.scrambled(inside):
        return SCRAMBLED
    if ending != "mp3" and not any(track.kind in tracks.EVERYWHERE for track in inside):
        return HOLLOW
    return "" if duration else ENDLESS


def _picture(draft: Path, target: Path, why: str) -> tuple[Path, Path]:
    try:
        return pictures.convert(draft, target)
    except BadInput as error:
        raise Refused(why or error.message, 415) from None


def _given(data: bytes, place: Path) -> None:
    draft = place / f".poster-{secrets.token_hex(8)}"
    try:
        draft.write_bytes(data)
        pictures.stand_in(draft, place / "preview.jpg")
    except BadInput as error:
        raise Refused(error.message, 415) from None
    finally:
        draft.unlink(missing_ok=True)


def _body(file: Path, sort: str, type: str, name: str, **more: Any) -> dict[str, Any]:
    size = file.stat().st_size
    return {"file": file.name, "kind": kinds.said(sort), "sort": sort, "type": type, "name": name, "size": size, **more}
