"""What users send, fetched over real sockets and kept on a real disk."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from runtime.line import filetypes
from runtime.line.api import LineApi
from runtime.line.client import Client, Limits
from runtime.line.content import Contents, keep
from runtime.line.tokens import Fixed
from runtime.model import Chat, Data, Event
from runtime.settings import EndpointSettings, MediaSettings
from tests.clock import ManualClock
from tests.unit.line.servers import Server, Talk, refusing, serving

pytestmark = pytest.mark.anyio

SHOP = EndpointSettings(name="shop", media=MediaSettings(max_mb=1, wait=10_000))
JPEG = b"\xff\xd8\xff\xe0" + b"picture " * 40_000
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"frame " * 1_000
LIMIT = 1_048_576

Step = tuple[str, bytes]
BUSY: Step = ("202 Accepted", b"")
PROCESSING, SUCCEEDED, FAILED = (("200 OK", b'{"status":"%s"}' % s) for s in (b"processing", b"succeeded", b"failed"))


@dataclass
class Line:
    """LINE's content host for one test, and everything `keep` needs."""

    server: Server
    api: LineApi
    contents: Contents
    clock: ManualClock
    folder: Path

    async def kept(self, event: Event, config: EndpointSettings = SHOP) -> Data:
        event = await self.finish(keep(event, self.api, self.contents, config, self.clock))
        content: Data = event.data["content"]
        return content

    async def finish(self, work: Awaitable[Event]) -> Event:
        """Run to the end, turning the clock whenever somebody sleeps."""
        task = asyncio.ensure_future(work)
        while not task.done():
            if self.clock.next_due is not None:
                self.clock.turn(self.clock.next_due - self.clock.now())
            await asyncio.sleep(0)
        return await task

    @property
    def files(self) -> list[str]:
        return files(self.folder)

    @property
    def asked(self) -> list[str]:
        return [head.split(b" ")[1].decode().removeprefix("/v2/bot/message/") for head, _ in self.server.requests]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "content"


@contextlib.asynccontextmanager
async def line(folder: Path, *steps: Step | str) -> AsyncIterator[Line]:
    """A server that gives these answers in turn, over however many connections; `reset` cuts one off."""
    left = list(steps)

    async def script(talk: Talk) -> None:
        while True:
            await talk.request()
            step = left.pop(0)
            if step == "reset":
                await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + JPEG[:1000])
                return talk.reset()
            assert not isinstance(step, str)
            await talk.answer(step[1], step[0])

    async with serving(script) as server:
        async with api(server.url) as found:
            yield Line(server, found, Contents(folder, "shop"), ManualClock(), folder)
        assert not left


@contextlib.asynccontextmanager
async def api(url: str) -> AsyncIterator[LineApi]:
    client = Client(Limits(connect=2, read=2, total=5))
    try:
        yield LineApi(client, Fixed("token"), api=url, api_data=url)
    finally:
        await client.close()


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def message(kind: str = "image", **data: Any) -> Event:
    known = {"type": kind, "id": "600000000000000001", "provider": "line", **data}
    return Event(id="e", session="s", endpoint="shop", kind="message", at=1, due=1, chat=Chat("user", "U"), data=known)


def ok(body: bytes) -> Step:
    return ("200 OK", body)


async def test_content_is_kept(folder: Path) -> None:
    async with line(folder, ok(JPEG)) as here:
        content = await here.kept(message())
        assert content == {
            "token": content["token"],
            "type": "image/jpeg",
            "size": len(JPEG),
            "sha256": hashlib.sha256(JPEG).hexdigest(),
        }
        opened = here.contents.open(content["token"])
        assert opened is not None
        path, kind = opened
        assert (path.read_bytes(), kind, path.suffix) == (JPEG, "image/jpeg", ".jpg")
        assert path.stat().st_mode & 0o077 == 0
        assert here.asked == ["600000000000000001/content"]
        assert b"Authorization: Bearer token" in here.server.requests[0][0]


async def test_a_turn_worked_twice_fetches_once(folder: Path) -> None:
    async with line(folder, ok(JPEG)) as here:
        assert await here.kept(message()) == await here.kept(message())
        assert len(here.files) == 1


async def test_names_tell_nothing_and_endpoints_share_nothing(folder: Path) -> None:
    async with line(folder, ok(JPEG), ok(JPEG)) as here:
        first = await here.kept(message())
        other = replace(here, contents=Contents(folder, "other"))
        second = await other.kept(message())
        assert first["token"] != second["token"]
        assert "6000" not in first["token"]
        assert await here.contents.erase("600000000000000001")
        assert here.contents.open(first["token"]) is None
        assert here.contents.open(second["token"]) is not None


@pytest.mark.parametrize(
    "odd", ["", "x", "../../etc/passwd", "0" * 32 + "-" + "0" * 32 + ".jpg", "0" * 32 + "-" + "0" * 32 + ".html", "\0"]
)
async def test_what_is_no_token_opens_nothing(folder: Path, odd: str) -> None:
    assert Contents(folder, "shop").open(odd) is None


# waiting


async def test_content_that_line_prepares_is_waited_for(folder: Path) -> None:
    async with line(folder, BUSY, PROCESSING, PROCESSING, SUCCEEDED, ok(MP4)) as here:
        start = here.clock.now()
        assert (await here.kept(message("video")))["type"] == "video/mp4"
        assert here.clock.now() - start == 500 + 1_000 + 2_000
        assert [path.rpartition("/")[2] for path in here.asked] == ["content", *["transcoding"] * 3, "content"]


async def test_the_waiting_has_an_end(folder: Path) -> None:
    async with line(folder, BUSY, *[PROCESSING] * 4) as here:
        start = here.clock.now()
        assert await here.kept(message("video")) == {"failed": "not ready"}
        assert here.clock.now() - start == 7_500
        assert here.files == []


async def test_content_that_cannot_be_prepared_is_given_up(folder: Path) -> None:
    async with line(folder, BUSY, FAILED) as here:
        assert await here.kept(message("video")) == {"failed": "not usable"}


async def test_where_there_is_no_such_status_the_content_is_asked_for_again(folder: Path) -> None:
    refused = ("400 Bad Request", b'{"message":"no"}')
    async with line(folder, BUSY, refused, BUSY, refused, ok(JPEG)) as here:
        assert (await here.kept(message()))["type"] == "image/jpeg"


async def test_an_empty_answer_is_not_yet_the_content(folder: Path) -> None:
    async with line(folder, ok(b""), ok(JPEG)) as here:
        assert (await here.kept(message()))["size"] == len(JPEG)
        assert len(here.files) == 1


# trouble


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("410 Gone", b'{"message":"The content is gone"}'), {"gone": True}),
        (("404 Not Found", b'{"message":"not found"}'), {"failed": "not found"}),
        (("401 Unauthorized", b"{}"), {"failed": "refused (401)"}),
        (("400 Bad Request", b"{}"), {"failed": "refused (400)"}),
    ],
)
async def test_an_answer_that_is_final(folder: Path, step: Step, expected: Data) -> None:
    async with line(folder, step) as here:
        assert await here.kept(message()) == expected
        assert here.files == []


@pytest.mark.parametrize("step", ["reset", ("500 Internal Server Error", b"{}"), ("429 Too Many Requests", b"{}")])
async def test_trouble_is_tried_again(folder: Path, step: Step | str) -> None:
    async with line(folder, step, ok(JPEG)) as here:
        assert (await here.kept(message()))["sha256"] == hashlib.sha256(JPEG).hexdigest()
        assert len(here.files) == 1


async def test_trouble_without_end_fails_the_content_not_the_turn(folder: Path) -> None:
    async with line(folder, *["reset"] * 5) as here:
        assert await here.kept(message()) == {"failed": "not reached"}
        assert here.files == []


async def test_line_cannot_be_reached(folder: Path) -> None:
    async with api(refusing()) as unreachable:
        here = Line(Server(""), unreachable, Contents(folder, "shop"), ManualClock(), folder)
        assert await here.kept(message()) == {"failed": "not reached"}


async def test_a_disk_that_does_not_take_it(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.write_text("a file where the folder should be")
    async with line(folder, ok(JPEG)) as here:
        assert await here.kept(message()) == {"failed": "not stored"}


async def test_a_turn_that_is_stopped_leaves_nothing_half_written(folder: Path) -> None:
    begun = asyncio.Event()

    class Endless:
        status, size = 200, None

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield JPEG
            begun.set()
            await asyncio.Event().wait()

    contents = Contents(folder, "shop")
    task = asyncio.create_task(contents.take("1", "image", Endless(), LIMIT))
    await begun.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert files(folder) == []


async def test_what_a_killed_process_left_is_cleared(folder: Path) -> None:
    async with line(folder, ok(JPEG)) as here:
        place = here.contents._place("600000000000000001")
        place.mkdir(parents=True)
        (place / ".half").write_bytes(b"half")
        await here.kept(message())
        assert [name for name in here.files if name.startswith(".")] == []


# size


async def test_content_that_says_it_is_too_large(folder: Path) -> None:
    async with line(folder, ok(JPEG + b"x" * LIMIT)) as here:
        assert await here.kept(message()) == {"failed": "too large"}
        assert here.files == []


async def test_content_that_turns_out_too_large(folder: Path) -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            await talk.say(b"10000\r\n" + JPEG[:65_536] + b"\r\n")

    async with serving(script) as server, api(server.url) as found:
        here = Line(server, found, Contents(folder, "shop"), ManualClock(), folder)
        assert await here.kept(message()) == {"failed": "too large"}
        assert here.files == []


async def test_content_of_exactly_the_limit_is_kept(folder: Path) -> None:
    async with line(folder, ok(JPEG.ljust(LIMIT))) as here:
        assert (await here.kept(message()))["size"] == LIMIT


async def test_a_file_that_is_too_large_is_not_asked_for(folder: Path) -> None:
    async with line(folder) as here:
        assert await here.kept(message("file", size=LIMIT + 1)) == {"failed": "too large"}


# kinds


@pytest.mark.parametrize(
    ("claimed", "body", "expected"),
    [
        ("image", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("image", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("image", b"<html><script>", ""),
        ("image", MP4, ""),
        ("video", JPEG, ""),
        ("video", b"\0\0\0\x20ftypM4A ", "video/mp4"),
        ("audio", b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        ("audio", MP4, "audio/mp4"),
        ("audio", b"ID3\x04", "audio/mpeg"),
        ("audio", b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        ("file", b"%PDF-1.7", "application/pdf"),
        ("file", b"<svg onload=x>", "application/octet-stream"),
        ("file", MP4, "video/mp4"),
        ("file", b"a", "application/octet-stream"),
        ("image", b"", ""),
    ],
)
async def test_the_first_bytes_tell_what_it_is(claimed: str, body: bytes, expected: str) -> None:
    assert filetypes.fitting(claimed, body[: filetypes.HEAD]) == expected


async def test_every_type_has_an_extension() -> None:
    assert all(filetypes.TYPES[filetypes.EXTENSIONS[kind]] == kind for _, _, kind in filetypes.MAGIC)


async def test_content_that_is_not_what_it_claims_is_not_kept(folder: Path) -> None:
    async with line(folder, ok(b"<html>")) as here:
        assert await here.kept(message()) == {"failed": "no image"}
        assert here.files == []


async def test_a_file_is_kept_whatever_it_is_and_served_as_bytes(folder: Path) -> None:
    async with line(folder, ok(b"<html>")) as here:
        content = await here.kept(message("file", provider="line", name="page.html", size=6))
        assert (content["type"], content["token"][-4:]) == ("application/octet-stream", ".bin")


# whose content


@pytest.mark.parametrize(
    "event",
    [
        message(provider="external", url="http://127.0.0.1/admin"),
        message("text"),
        message("sticker"),
        message(id=""),
        message(content={"gone": True}),
        replace(message(), standby=True),
        replace(message(), kind="edited"),
    ],
)
async def test_what_is_not_fetched(folder: Path, event: Event) -> None:
    async with line(folder) as here:
        assert await keep(event, here.api, here.contents, SHOP, here.clock) is event


async def test_nothing_is_fetched_when_switched_off(folder: Path) -> None:
    off = replace(SHOP, media=MediaSettings(fetch=False))
    async with line(folder) as here:
        assert await keep(message(), here.api, here.contents, off, here.clock) == message()


async def test_a_file_has_no_provider(folder: Path) -> None:
    event = message("file", name="a.pdf", size=8)
    event = replace(event, data={k: v for k, v in event.data.items() if k != "provider"})
    async with line(folder, ok(b"%PDF-1.7")) as here:
        assert (await here.kept(event))["type"] == "application/pdf"


async def test_an_id_stays_one_piece_of_the_path(folder: Path) -> None:
    async with line(folder, ok(JPEG)) as here:
        await here.kept(message(id="../../profile/x?y#z"))
        assert here.asked == ["..%2F..%2Fprofile%2Fx%3Fy%23z/content"]


# unsend


async def test_unsent_content_is_erased(folder: Path) -> None:
    async with line(folder, ok(JPEG), ("410 Gone", b"{}")) as here:
        content = await here.kept(message())
        assert await here.contents.erase("600000000000000001") is True
        assert here.files == []
        assert here.contents.open(content["token"]) is None
        assert await here.contents.erase("600000000000000001") is False
        assert await here.kept(message()) == {"gone": True}
