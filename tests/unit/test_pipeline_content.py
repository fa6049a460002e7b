"""What people send and what the bot shows: fetched, kept, linked, taken back."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.world import MAI, World, world

pytestmark = pytest.mark.anyio

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6260606060000000050001a5f645400000000049454e44ae426082"
)
FLOW = {
    "flows/photo.yaml": """flow: photo
start:
  - message: [image, video, audio, file]
steps:
  - say: "{{ input.data.content.failed or ('gone' if input.data.content.gone else input.data.content.type) }}"
  - end
fallback: [{say: "?"}]
"""
}
CONFIG = "endpoints: {shop: {languages: [en], loading: 0, media: {max_mb: 1, wait: 10s}}}\n"


def image(data: bytes = PNG, **more: Any) -> dict[str, Any]:
    return {"type": "image", "data": base64.b64encode(data).decode(), "content_type": "image/png", **more}


def kept(root: Path) -> list[Path]:
    return [path for path in (root / ".noren" / "content").rglob("*") if path.is_file()]


async def content(w: World) -> Any:
    [row] = [row for row in await w.events() if row["kind"] == "message"]
    return (await w.store.show_event(row["id"]))["body"]["data"]["content"]


async def test_a_picture_is_fetched_and_kept(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        await w.send(image())
        assert w.texts() == ["image/png"]
        [file] = kept(tmp_path)
        assert file.read_bytes() == PNG
        found = await content(w)
        assert (found["type"], found["size"]) == ("image/png", len(PNG))
        assert (await w.store.info(w.clock.now()))["rows"]["media"] == 1


async def test_content_that_line_still_prepares_is_waited_for(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        await w.send(image(preparing=1_000), settle=False)
        assert await w.pass_time(w.texts) >= 1_000
        assert w.texts() == ["image/png"]


async def test_content_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        await w.send(image(preparing=True), settle=False)
        assert 5_000 <= await w.pass_time(w.texts) <= 15_000
        assert w.texts() == ["not ready"]
        assert kept(tmp_path) == []


async def test_content_taken_back_before_it_was_fetched(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        said = await w.send(image(), settle=False)
        w.line.simulator.platform.contents.gone(said.id)
        await w.settle()
        assert w.texts() == ["gone"]
        assert kept(tmp_path) == []


@pytest.mark.parametrize("told", [True, False])
async def test_content_over_the_limit_is_not_kept(tmp_path: Path, told: bool) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        big = PNG + bytes(1024 * 1024)
        await w.send(image(big) if told else {**image(big), "type": "file", "name": "big.bin"})
        assert w.texts() == ["too large"]
        assert kept(tmp_path) == []


async def test_trouble_with_the_content_server_is_waited_out(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        w.fault("server_error", "*/content", times=2)
        await w.send(image(), settle=False)
        await w.pass_time(w.texts)
        assert w.texts() == ["image/png"]
        assert w.count("/content") == 3


async def test_unsending_deletes_the_file_and_what_was_stored(tmp_path: Path) -> None:
    async with world(tmp_path, FLOW, config=CONFIG) as w:
        said = await w.send(image())
        assert kept(tmp_path)
        w.line.simulator.acts.unsend(said.id)
        await w.settle()
        assert kept(tmp_path) == []
        [row] = [row for row in await w.events() if row["kind"] == "message"]
        body = (await w.store.show_event(row["id"]))["body"]
        assert body["data"] == {"type": "image", "id": said.id, "erased": True}
        assert (body["raw"], body["text"]) == ({}, "")
        rows = [r for r in await w.store.transcript(f"shop:{MAI}", 100, None) if r["kind"] == "image"]
        assert [row["data"] for row in rows] == [{"erased": True}]


async def test_a_retried_turn_finds_what_it_kept(tmp_path: Path) -> None:
    files = {
        **FLOW,
        "transformers/twice.py": "times = []\n"
        "def handle_input(event, session, endpoint, kit):\n"
        "    times.append(1)\n"
        "    if len(times) == 1: raise KeyError('a bug')\n",
    }
    config = CONFIG.replace("loading: 0", "loading: 0, transformers: {input: twice.py, on_error: continue}")
    async with world(tmp_path, files, config=config) as w:
        await w.send(image())
        assert len(kept(tmp_path)) == 1
        assert w.count("/content") == 1


SHOW = {
    "flows/show.yaml": "flow: show\nfallback: [{image: media/shop.png}]\n",
}


async def test_a_picture_of_the_bot_is_linked_and_served_in_ranges(tmp_path: Path) -> None:
    (tmp_path / "flows" / "media").mkdir(parents=True)
    (tmp_path / "flows" / "media" / "shop.png").write_bytes(PNG)
    async with world(tmp_path, SHOW) as w, aiohttp.ClientSession() as http:
        await w.say("show me")
        [message] = w.messages()
        assert message["originalContentUrl"].startswith("https://bot.example/media/")
        link = message["originalContentUrl"].replace("https://bot.example", w.url)
        async with http.get(link) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", PNG)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            tag = answer.headers["ETag"]
        async with http.get(link, headers={"Range": "bytes=2-5"}) as answer:
            assert (answer.status, await answer.read()) == (206, PNG[2:6])
            assert answer.headers["Content-Range"] == f"bytes 2-5/{len(PNG)}"
        async with http.get(link, headers={"Range": "bytes=999999-"}) as answer:
            assert answer.status == 416
        async with http.head(link) as answer:
            assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(PNG)))
            assert answer.headers["ETag"] == tag
        async with http.post(link) as answer:
            assert answer.status == 405


async def test_a_link_that_was_not_made_here_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "flows" / "media").mkdir(parents=True)
    (tmp_path / "flows" / "media" / "shop.png").write_bytes(PNG)
    async with world(tmp_path, SHOW) as w, aiohttp.ClientSession() as http:
        await w.say("show me")
        token = w.messages()[0]["originalContentUrl"].rpartition("/")[2]
        forged = base64.urlsafe_b64encode(b"x" * 22 + b"media/shop.png").decode().rstrip("=")
        wrong = [
            "x",
            "",
            token[:-1],
            "A" + token[1:],
            token + "/../..",
            f"{token}/1041",
            forged,
            "..%2f..%2fnoren.yaml",
            "%00",
        ]
        for one in wrong:
            async with http.get(f"{w.url}/media/{one}") as answer:
                assert answer.status == 404, one
                assert PNG[:8] not in await answer.read()
