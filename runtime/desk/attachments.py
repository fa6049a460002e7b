"""Files over the desk's API: agents' own on their way to users, and what users sent, for those who may see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, Response

from runtime.desk.call import Asked, Conflict, Missing
from runtime.desk.casework import may_see_chat
from runtime.desk.files.keeping import TOKEN, safe
from runtime.desk.files.sending import MB
from runtime.desk.refusal import Refused
from runtime.handover.routing import workstream_of

HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Whatever it is, a browser runs nothing of it, and shows nothing again that was taken back since."""
SHOWN: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mp4", "audio/mpeg")
"""What is shown in the page; everything else is only downloaded."""


POSTER: Final = 4_000_000
"""Bytes of a picture that stands for a film."""


async def upload(asked: Asked) -> Any:
    """A file an agent wants to send: its raw bytes are the body, its name is in the query."""
    house, person = asked.house, asked.person
    streams = [stream.files for stream in house.settings.handover.workstreams.values() if stream.files.from_agent]
    if not streams:
        raise Refused("agents send no files here (files.from_agent)", 403)
    most = max(files.max_mb for files in streams) * MB
    if int(asked.request.headers.get("content-length") or 0) > most:
        raise Refused(f"the file is larger than {most // MB} MB", 413)
    name, now = asked.query("name", "file")[:200], house.clock.now()
    found = await house.files.keep(asked.parts(), name, person.id, most, now)
    told = {"token": found["token"], "type": found["type"], "size": found["size"]}
    await house.store.audit(person.id, "file.kept", asked.address, told, now)
    return {"file": {**found, "url": _here(found), **_preview(found), "link": found["url"]}}


async def poster(asked: Asked) -> Any:
    """The picture that stands for a film, which the sender's browser drew: its bytes are the body."""
    token, house = asked.part("token"), asked.house
    if not TOKEN.fullmatch(token) or house.files.owner(token) != asked.person.id:
        raise Missing("there is no such file, or it is not yours")
    if not await house.store.unneeded_files([token]):
        raise Conflict("it was sent already: users see it as it is")
    found = await house.files.put_poster(token, await asked.bytes(POSTER))
    return {"file": {**found, "url": _here(found), **_preview(found), "link": found["url"]}}


def _here(found: dict[str, Any]) -> str:
    """Where the desk itself shows a file, also when LINE cannot reach this machine yet."""
    return f"/desk/api/files/{found['token']}"


def _preview(found: dict[str, Any]) -> dict[str, str]:
    return {"preview": f"{_here(found)}?preview=1"} if "preview" in found else {}


async def show(asked: Asked) -> Response:
    """The content of a file. What users sent is for those who may see their chat."""
    token, house = asked.part("token"), asked.house
    if TOKEN.fullmatch(token):
        found = house.files.content(token, preview=bool(asked.query("preview")))
        known = house.files.told(token)
        name = str(known["name"]) if known else ""
    else:
        found, name = await _of_user(asked, token), asked.query("name")
    if found is None:
        raise Missing("there is no such file")
    path, kind = found
    tag = f'"{path.stat().st_size:x}-{path.stat().st_mtime_ns:x}"'
    headers = {**HEADERS, "ETag": tag}
    if asked.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    inline = kind in SHOWN
    return FileResponse(
        path, media_type=kind, headers=headers, filename=safe(name) if name else path.name,
        content_disposition_type="inline" if inline else "attachment",
    )  # fmt: skip


async def _of_user(asked: Asked, token: str) -> tuple[Path, str] | None:
    house = asked.house
    session = await house.store.media_session(token)
    if not session:
        return None
    await may_see_chat(asked, session)
    cases = await house.store.cases_of(session, 1)
    _, stream = workstream_of(house.settings.handover, cases[0]["workstream"] if cases else "")
    return house.content(token) if stream.files.from_user else None
