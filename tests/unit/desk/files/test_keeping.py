"""Files on their way: over HTTP in, to LINE and to its users out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from yarl import URL

from runtime.desk.files.keeping import safe
from tests.unit.desk.files.samples import DOCX, PDF, SOUND, box, mp3, mp4, picture
from tests.unit.desk.test_desk import Desk, desk
from tests.unit.desk.test_shelves import colleague
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio

WIDE = CONFIG.replace("timers:", "files: {types: [image, video, audio, pdf, docx], max_mb: 2}\n      timers:")


async def send(one: Desk, name: str, data: bytes, *, expect: int = 201) -> Any:
    headers = {"x-noren-csrf": one.csrf, "origin": one.url}
    where = f"{one.url}/desk/api/files"
    async with one.client.post(where, params={"name": name}, data=io.BytesIO(data), headers=headers) as answer:
        assert answer.status == expect, await answer.text()
        told = await answer.json(content_type=None)
        return told["file"] if expect == 201 else told["detail"]


async def opened(w: World, aya: Desk) -> str:
    """A case that Aya has."""
    await w.say("help")
    [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
    await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
    return str(case["id"])


async def fetched(w: World, url: str) -> tuple[int, bytes, Any]:
    """A link as LINE's servers and users' apps open it."""
    async with (
        aiohttp.ClientSession() as client,
        client.get(url.replace("https://bot.example", w.url)) as answer,
    ):
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize(
    ("name", "data", "type"),
    [("a.jpg", picture(place=True), "image"), ("a.mp4", mp4(), "video"), ("a.mp3", mp3(), "audio")],
)
async def test_what_line_shows_itself_is_sent_as_such(tmp_path: Path, name: str, data: bytes, type: str) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        case = await opened(w, aya)
        file = await send(aya, name, data)
        assert (file["kind"], file["name"].startswith("a.")) == (type, True)
        said = [{"kind": file["kind"], "data": {"file": file["token"], "url": "https://elsewhere.example/x"}}]
        done = await aya.ask("POST", f"/cases/{case}/reply", messages=said)
        await w.settle()
        message = w.messages()[-1]
        assert message["type"] == type
        assert message["originalContentUrl"].startswith("https://bot.example/media/d-"), "only our own link"
        status, body, _ = await fetched(w, message["originalContentUrl"])
        assert (status, b"Secret Camera" in body) == (200, False)
        if type != "audio":
            assert (await fetched(w, message["previewImageUrl"]))[2]["content-type"] == "image/jpeg"
        if type == "audio":
            assert message["duration"] == 2612
        [item] = done["items"]
        assert (item["what"], item["who"], item["kind"]) == ("said", "agent", type)


async def test_a_document_is_a_card_that_opens_it(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        case = await opened(w, aya)
        file = await send(aya, 'Rechnung "März".docx', DOCX)
        await aya.ask("POST", f"/cases/{case}/reply", messages=[{"kind": "file", "data": {"token": file["token"]}}])
        await w.settle()
        message = w.messages()[-1]
        assert (message["type"], message["altText"]) == ("flex", "Rechnung März.docx")
        link = message["contents"]["body"]["action"]["uri"]
        status, body, headers = await fetched(w, link)
        assert (status, body) == (200, DOCX)
        assert headers["content-disposition"].startswith("attachment")
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "data", "status", "why"),
    [
        ("a.png", b"<html><script>alert(1)</script>", 415, "cannot be sent on LINE"),
        ("a.svg", b"<svg onload='alert(1)'/>", 415, "cannot be sent on LINE"),
        ("a.jpg", b"\xff\xd8\xff<script>alert(1)</script>", 415, "cannot be read"),
        ("a.mov", mp4(brand=b"qt  "), 415, "save it as MP4"),
        ("a.heic", box(b"ftyp", b"heic" + bytes(200)), 415, "send it as JPEG"),
        ("a.jpg", box(b"ftyp", b"hevx" + bytes(200)), 415, "send it as JPEG"),
        ("a.mp4", mp4(0), 415, "how long it is"),
        ("a.mp4", mp4()[:580], 415, "neither pictures nor sound"),
        ("a.mp4", mp4(inside=((b"hint", b"rtp "),)), 415, "neither pictures nor sound"),
        ("a.mp4", mp4(inside=((b"vide", b"encv"),)), 415, "protected against copying"),
        ("a.m4a", mp4(brand=b"M4A ", inside=((b"soun", b"drms"),)), 415, "protected against copying"),
        ("a.pdf", b"", 400, "the file is empty"),
        ("a.pdf", PDF + bytes(3_000_000), 413, "larger than 2 MB"),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, data: bytes, status: int, why: str
) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        assert why in await send(aya, name, data, expect=status)
        assert not list((tmp_path / ".noren" / "files").rglob("*.*"))


async def test_a_kind_of_work_says_which_files_it_has(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        case = await opened(w, aya)
        file = await send(aya, "a.docx", DOCX)
        said = [{"kind": "file", "data": {"file": file["token"]}}]
        refused = await aya.ask("POST", f"/cases/{case}/reply", messages=said, expect=415)
        assert refused["detail"] == "docx files are not sent here; these are: image, video, audio, pdf"
        gone = [{"kind": "image", "data": {"file": "0" * 32}}]
        await aya.ask("POST", f"/cases/{case}/reply", messages=gone, expect=400)
    closed = CONFIG.replace("timers:", "files: {from_agent: false}\n      timers:")
    async with world(tmp_path / "b", FILES, config=closed) as w, desk(w) as aya:
        assert "from_agent" in await send(aya, "a.jpg", picture(), expect=403)


async def test_a_polyglot_loses_what_was_behind_the_picture(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        file = await send(aya, "a.gif", picture("GIF") + b"<script>alert(1)</script>")
        _, body, headers = await fetched(w, file["link"])
        assert b"script" not in body
        assert headers["content-type"] == "image/jpeg"


async def test_users_files_are_for_those_who_may_see_the_chat(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["orders"])
        case = await opened(w, aya)
        await w.send({"type": "image"})
        session = (await aya.ask("GET", f"/cases/{case}"))["case"]["session"]
        items = (await aya.ask("GET", f"/chats/{session}/timeline"))["items"]
        token = next(one["data"]["content"]["token"] for one in items if one.get("kind") == "image")
        for one, status in ((aya, 200), (ben, 404)):
            headers = {"origin": w.url}
            async with one.client.get(f"{w.url}/desk/api/files/{token}", headers=headers) as answer:
                assert answer.status == status
                if status == 200:
                    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
                    assert answer.headers["x-content-type-options"] == "nosniff"
        for path in ("..%2f..%2fnoren.yaml", "0" * 32, f"{'0' * 32}-{'0' * 32}.png", "%00", "a/../../b"):
            async with aya.client.get(URL(f"{w.url}/desk/api/files/{path}", encoded=True)) as answer:
                assert answer.status == 404


async def test_where_users_send_no_files_they_are_told_so(tmp_path: Path) -> None:
    closed = CONFIG.replace("timers:", "files: {from_user: false}\n      timers:")
    async with world(tmp_path, FILES, config=closed) as w, desk(w) as aya:
        case = await opened(w, aya)
        await w.send({"type": "image"})
        assert w.texts()[-1] == "Sorry, this kind of file cannot be passed on."
        found = await aya.ask("GET", f"/cases/{case}")
        items = (await aya.ask("GET", f"/chats/{found['case']['session']}/timeline"))["items"]
        token = next(one["data"]["content"]["token"] for one in items if one.get("kind") == "image")
        await aya.ask("GET", f"/files/{token}", expect=404)
        assert found["case"]["unread"] == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\bill.pdf", "bill.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ('"; filename=x.html', "filename=x.html"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "file"),
        ("...", "file"),
        ("n" * 300 + ".pdf", "n" * 80 + ".pdf"),
    ],
)
def test_names_are_safe_on_disks_and_in_headers(name: str, shown: str) -> None:
    assert safe(name) == shown


async def test_a_film_with_sound_alone_is_a_sound(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        file = await send(aya, "voice.mp4", mp4(inside=SOUND))
        assert (file["kind"], file["type"], file["name"], file["duration"]) == ("audio", "audio/mp4", "voice.m4a", 4500)
        assert "preview" not in file


async def test_an_agent_hears_what_phones_may_not_play(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        assert "H.265" in (await send(aya, "a.mp4", mp4(inside=((b"vide", b"hvc1"),))))["warning"]
        assert "warning" not in await send(aya, "b.mp4", mp4())


async def put(one: Desk, token: str, data: bytes, *, expect: int = 200) -> Any:
    headers = {"x-noren-csrf": one.csrf, "origin": one.url}
    where = f"{one.url}/desk/api/files/{token}/poster"
    async with one.client.put(where, data=io.BytesIO(data), headers=headers) as answer:
        assert answer.status == expect, await answer.text()
        return await answer.json(content_type=None)


async def test_a_browser_draws_the_picture_of_a_film(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya, desk(w, admin=False) as ben:
        await colleague(w, aya, ben, queues=["general"])
        case = await opened(w, aya)
        film, other = await send(aya, "a.mp4", mp4()), await send(aya, "a.jpg", picture())
        drawn = (await fetched(w, f"{film['link']}/preview"))[1]
        await put(ben, film["token"], picture(), expect=404)
        await put(aya, other["token"], picture(), expect=400)
        await put(aya, "0" * 32, picture(), expect=404)
        for bad in (b"", b"<svg/>", picture(size=(8, 8)), b"\xff\xd8\xff<script>", picture()[:100]):
            await put(aya, film["token"], bad, expect=415)
        assert (await fetched(w, f"{film['link']}/preview"))[1] == drawn, "what is no picture changes nothing"
        await put(aya, film["token"], picture(size=(1_600, 900), place=True))
        status, body, headers = await fetched(w, f"{film['link']}/preview")
        assert (status, headers["content-type"], b"Secret Camera" in body) == (200, "image/jpeg", False)
        with Image.open(io.BytesIO(body)) as made:
            assert (made.format, max(made.size)) == ("JPEG", 960)
        said = [{"kind": "video", "data": {"file": film["token"]}}]
        await aya.ask("POST", f"/cases/{case}/reply", messages=said)
        await w.settle()
        assert w.messages()[-1]["previewImageUrl"] == f"{film['link']}/preview"
        await put(aya, film["token"], picture(), expect=409)
        assert sorted(path.name for path in (tmp_path / ".noren").rglob("*poster*")) == []


async def test_a_file_is_asked_for_again_before_it_is_shown_again(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        file = await send(aya, "a.jpg", picture())
        where, headers = f"{w.url}{file['url']}", {"origin": w.url}
        async with aya.client.get(where, headers=headers) as answer:
            assert answer.headers["cache-control"] == "private, no-cache"
            tag = answer.headers["etag"]
        async with aya.client.get(where, headers={**headers, "if-none-match": tag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
