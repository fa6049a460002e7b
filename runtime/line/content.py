"""What users send (images, videos, sounds, files): fetched from LINE at once and kept in a folder.

LINE keeps content for a time it does not tell, and takes it back when the user unsends the message.
https://developers.line.biz/en/reference/messaging-api/#get-content

The file of a message lies at `{folder}/{aa}/{place}/{random}.{extension}`, where `place` is made of endpoint and
message id: a turn that is worked twice finds what it kept, and an unsent message's file is found without a table.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Protocol

from runtime.errors import ChannelError, Refused
from runtime.line.filetypes import EXTENSIONS, HEAD, TYPES, fitting
from runtime.log import Logger
from runtime.model import Data, Event
from runtime.ports import Clock
from runtime.settings import EndpointSettings

KINDS = frozenset({"image", "video", "audio", "file"})
LONGEST_PAUSE = 5_000
TROUBLES = 4
"""Times a content is asked for again after an error, within `media.wait`."""

FINAL: dict[int, Data] = {410: {"gone": True}, 404: {"failed": "not found"}}

log = Logger("line.content")

_TOKEN = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32}\.[a-z0-9]{2,4})")


class Download(Protocol):
    """The answer to a request for content: its status, its announced size, its bytes."""

    @property
    def status(self) -> int: ...

    @property
    def size(self) -> int | None: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class ContentApi(Protocol):
    """The two calls to LINE's content host. They raise `Refused` and `ChannelError`."""

    def content(self, message: str) -> AbstractAsyncContextManager[Download]:
        """200 with the bytes, 202 while LINE prepares them, 404 unknown, 410 unsent."""

    async def transcoding(self, message: str) -> str:
        """processing, succeeded or failed."""


class Again(Exception):
    """Not this time. `trouble` tells an error from LINE still preparing the content."""

    def __init__(self, why: str, *, trouble: bool) -> None:
        super().__init__(why)
        self.why = why
        self.trouble = trouble


async def keep(event: Event, api: ContentApi, contents: Contents, config: EndpointSettings, clock: Clock) -> Event:
    """The event with `data["content"]`: `{"token", "type", "size", "sha256"}`, `{"gone": true}` or `{"failed": why}`.

    Other events come back as they are, and so does content that lies elsewhere (`provider: external`): its address
    is the sender's choice, and this machine calls no address of a stranger's choice.
    """
    if not wanted(event, config):
        return event
    try:
        result = await _fetch(event, api, contents, config, clock)
    except OSError as error:
        log.error("content not stored", endpoint=event.endpoint, event=event.id, why=error.strerror)
        result = {"failed": "not stored"}
    return replace(event, data={**event.data, "content": result})


def wanted(event: Event, config: EndpointSettings) -> bool:
    """Whether there is content of this event to fetch."""
    data = event.data
    if not config.media.fetch or event.standby or event.kind != "message" or "content" in data:
        return False
    return data.get("type") in KINDS and data.get("provider", "line") == "line" and bool(data.get("id"))


async def _fetch(event: Event, api: ContentApi, contents: Contents, config: EndpointSettings, clock: Clock) -> Data:
    message, limit = event.data["id"], config.media.max_mb * 1_048_576
    if found := await asyncio.to_thread(contents.find, message):
        return found
    if event.data.get("size", 0) > limit:
        return {"failed": "too large"}
    until = clock.now() + config.media.wait
    troubles, waited = 0, False
    for pause in _pauses():
        try:
            if waited and await _unusable(api, message):
                return {"failed": "not usable"}
            return await _once(event, api, contents, limit)
        except Again as again:
            troubles += again.trouble
            waited = waited or not again.trouble
            if troubles > TROUBLES or clock.now() + pause > until:
                log.warning("content not fetched", endpoint=event.endpoint, event=event.id, why=again.why)
                return {"failed": again.why}
        await clock.sleep_until(clock.now() + pause)
    raise AssertionError("pauses do not end")


def _pauses() -> Iterator[int]:
    pause = 500
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)


async def _unusable(api: ContentApi, message: str) -> bool:
    """Whether LINE gave up on it. Raises `Again` while it works; other content than video and audio has no status."""
    try:
        status = await api.transcoding(message)
    except ChannelError:
        return False  # the content call says more
    if status == "processing":
        raise Again("not ready", trouble=False)
    return status == "failed"


async def _once(event: Event, api: ContentApi, contents: Contents, limit: int) -> Data:
    message = event.data["id"]
    try:
        async with api.content(message) as download:
            if download.status == 200:
                return await contents.take(message, event.data["type"], download, limit)
            if download.status in FINAL:
                return FINAL[download.status]
            raise Again("not ready", trouble=download.status != 202)
    except Refused as refused:
        if refused.status == 429 or refused.status >= 500:
            raise Again("not reached", trouble=True) from None
        return {"failed": f"refused ({refused.status})"}
    except ChannelError:
        raise Again("not reached", trouble=True) from None


class Contents:
    """The folder of kept content, of one endpoint. Tokens can be opened by that of any endpoint."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder
        self._endpoint = endpoint

    def find(self, message: str) -> Data | None:
        """What is kept of a message, as in `Event.data["content"]`."""
        place = self._place(message)
        for file in sorted(place.glob("*.*")) if place.is_dir() else ():
            if _TOKEN.fullmatch(f"{place.name}-{file.name}"):
                return _told(file, _sha256(file))
        return None

    async def take(self, message: str, claimed: str, download: Download, limit: int) -> Data:
        """Write a download of at most `limit` bytes, or say why it is not kept. Nothing half-written stays."""
        if (download.size or 0) > limit:
            return {"failed": "too large"}
        place = self._place(message)
        part = place / f".{secrets.token_hex(16)}"
        try:
            digest, head, size = await self._write(part, download, limit)
            if size > limit:
                return {"failed": "too large"}
            if not size:
                raise Again("not ready", trouble=True)  # an empty 200 has been seen while content was prepared
            kind = fitting(claimed, head)
            if not kind:
                return {"failed": f"no {claimed}"}
            file = place / f"{part.name[1:]}.{EXTENSIONS[kind]}"
            await asyncio.to_thread(os.replace, part, file)
            return _told(file, digest)
        finally:
            await asyncio.shield(asyncio.to_thread(_tidy, part))

    async def _write(self, part: Path, download: Download, limit: int) -> tuple[str, bytes, int]:
        digest, head, size = hashlib.sha256(), b"", 0

        def put(file: BinaryIO, chunk: bytes) -> None:
            digest.update(chunk)
            file.write(chunk)

        file = await asyncio.to_thread(_create, part)
        try:
            async for chunk in download:
                size += len(chunk)
                if size > limit:
                    break
                head = head if len(head) >= HEAD else head + chunk[:HEAD]
                await asyncio.to_thread(put, file, chunk)
            await asyncio.to_thread(_flush, file)
        finally:
            await asyncio.shield(asyncio.to_thread(file.close))
        return digest.hexdigest(), head, size

    def open(self, token: str) -> tuple[Path, str] | None:
        """The file of a token and its content type, when it is still kept."""
        found = _TOKEN.fullmatch(token)
        if not found:
            return None
        file = self._folder / found[1][:2] / found[1] / found[2]
        kind = TYPES.get(file.suffix[1:])
        return (file, kind) if kind and file.is_file() else None

    async def erase(self, message: str) -> bool:
        """Delete what is kept of a message; whether there was something."""
        place = self._place(message)
        if not place.is_dir():
            return False
        await asyncio.to_thread(shutil.rmtree, place)
        return True

    def drop(self, token: str) -> bool:
        """Delete what a token opens; whether there was something."""
        found = self.open(token)
        if found is not None:
            shutil.rmtree(found[0].parent, ignore_errors=True)
        return found is not None

    def _place(self, message: str) -> Path:
        name = hashlib.sha256(f"{self._endpoint}\0{message}".encode()).hexdigest()[:32]
        return self._folder / name[:2] / name


def _create(part: Path) -> BinaryIO:
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in part.parent.glob(".*"):
        left.unlink(missing_ok=True)  # half-written by a process that died
    return os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _tidy(part: Path) -> None:
    """Remove what is left of a write, and the place when nothing was kept there."""
    part.unlink(missing_ok=True)
    if part.parent.is_dir() and not any(part.parent.iterdir()):
        part.parent.rmdir()


def _told(file: Path, sha256: str) -> Data:
    token = f"{file.parent.name}-{file.name}"
    return {"token": token, "type": TYPES[file.suffix[1:]], "size": file.stat().st_size, "sha256": sha256}


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
