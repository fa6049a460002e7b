"""What agents sent goes with the last chat that holds it; what users sent goes with their message and with its age."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from runtime.cli.sessions import forget
from runtime.desk.files.clearing import DRAFT, sweep
from runtime.desk.files.keeping import Files
from runtime.line.content import Contents
from tests.contract.handover_desks import chatwoot
from tests.line_platform import KEN, MAI
from tests.unit.desk.files.samples import PDF, mp4, picture
from tests.unit.desk.files.test_keeping import WIDE, send
from tests.unit.desk.test_desk import desk
from tests.unit.handover.test_whole import FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio
DAY = 86_400_000


def kept(root: Path) -> list[str]:
    """Tokens of all files of agents, and whatever else lies there."""
    return sorted(place.name for place in (root / ".noren" / "files").glob("*/*"))


def contents(root: Path) -> list[Path]:
    return [file for file in (root / ".noren" / "content").rglob("*") if file.is_file()]


async def swept(w: World, root: Path, before: int) -> int:
    folder = root / ".noren"
    store: Any = w.store
    await store.prune(before)
    return await sweep(store, Files(folder / "files", ""), Contents(folder / "content", ""), before, w.clock.now())


async def test_an_erased_chat_takes_its_files_along_and_leaves_those_of_others(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        own, shared = await send(aya, "own.jpg", picture()), await send(aya, "all.pdf", PDF)
        for user, files in ((MAI, (own, shared)), (KEN, (shared,))):
            await w.say("help", user=user)
            [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
            await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
            said = [{"kind": file["kind"], "data": {"file": file["token"]}} for file in files]
            await aya.ask("POST", f"/cases/{case['id']}/reply", id=f"r-{user}", messages=said)
        await w.settle()
        assert kept(tmp_path) == sorted([own["token"], shared["token"]])
        await forget(w.store, tmp_path, f"shop:{MAI}")
        assert kept(tmp_path) == [shared["token"]]
        await forget(w.store, tmp_path, f"shop:{KEN}")
        assert kept(tmp_path) == []


async def test_a_file_of_a_ready_made_reply_stays(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        file = await send(aya, "map.jpg", picture())
        said = [{"kind": "image", "data": {"file": file["token"]}}]
        await aya.ask("POST", "/canned", expect=201, code="map", texts={"en": "x"}, messages=said, scope="all")
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
        await aya.ask("POST", f"/cases/{case['id']}/reply", id="r", messages=said)
        await w.settle()
        await forget(w.store, tmp_path, f"shop:{MAI}")
        assert kept(tmp_path) == [file["token"]]


async def test_files_that_came_from_a_provider_go_too(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await house.say("help")
        await house.desk.sends("film.mp4", mp4(), "video/mp4")
        await house.desk.sends("terms.pdf", PDF, "application/pdf")
        await house.desk.resolves()
        assert len(kept(tmp_path)) == 2
        await forget(house.w.store, tmp_path, house.key)
        assert kept(tmp_path) == []


async def test_what_is_old_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=WIDE) as w, desk(w) as aya:
        sent, draft = await send(aya, "own.jpg", picture()), await send(aya, "never.pdf", PDF)
        half = tmp_path / ".noren" / "files" / "ab" / ("ab" * 16)
        half.mkdir(parents=True)
        (half / ".draft").write_bytes(b"cut off")
        os.utime(half, (w.clock.now() / 1000,) * 2)
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
        said = [{"kind": "image", "data": {"file": sent["token"]}}]
        await aya.ask("POST", f"/cases/{case['id']}/reply", id="r", messages=said)
        await w.send({"type": "image"})
        await w.settle()
        assert contents(tmp_path)
        start = w.clock.now()
        assert await swept(w, tmp_path, start + 1) == 0, "the case goes on, and an answer may still be written"
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="resolve", survey=False)
        await w.turn(DRAFT + DAY)
        assert await swept(w, tmp_path, start + 1) == 4, (sent, draft)
        assert kept(tmp_path) == []
        assert contents(tmp_path) == []
