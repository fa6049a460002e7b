"""A save is taken up at once; a mistake is told and the last good version goes on."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

import pytest

from runtime.errors import FlowError
from runtime.workbench.watching import saved
from tests.bench import bench
from tests.line_platform import MAI
from tests.world import write

pytestmark = pytest.mark.anyio

TEA = "flow: tea\nstart: [{keyword: tea}]\nsteps:\n  - say: Green tea\n"
COFFEE = "flow: coffee\nstart: [{keyword: coffee}]\nsteps:\n  - {call: work.py:brew, save: cup}\n  - say: '{{ cup }}'\n"
FILES = {"flows/tea.yaml": TEA}


async def test_the_next_message_meets_the_new_version(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.say("tea")
        told = await desk.saved({"flows/tea.yaml": TEA.replace("Green", "Black")})
        assert (told["ok"], told["files"], told["findings"]) == (True, ["flows/tea.yaml"], [])
        await desk.say("tea")
        assert desk.texts() == ["Green tea", "Black tea"]


async def test_a_mistake_is_told_and_the_last_good_version_talks_on(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.stage.told.first()
        told = await desk.saved({"flows/tea.yaml": TEA.replace("say:", "sey:")})
        assert (told["ok"], told["findings"][0]["line"]) == (False, 4)
        await desk.until(lambda: desk.bench.findings)
        assert desk.said.count("the last good version goes on") == 1
        assert sum("`sey`" in line for line in desk.said) == 1  # by the reload, and not again by the check
        await desk.say("tea")
        assert desk.texts() == ["Green tea"]
        assert (await desk.saved({"flows/tea.yaml": TEA}))["ok"] is True


async def test_files_come_and_go(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        call = "def brew(args, session, endpoint, kit):\n    return 'Coffee'\n"
        await desk.saved({"transformers/work.py": call})
        await desk.saved({"flows/more/coffee.yaml": COFFEE.replace("steps", "vars: {cup: text}\nsteps", 1)})
        await desk.say("coffee")
        assert desk.texts() == ["Coffee"]
        await desk.saved({"transformers/work.py": call.replace("Coffee", "Espresso")})
        await desk.say("coffee")
        assert desk.texts()[-1] == "Espresso"
        await desk.saved({"flows/more/coffee.yaml": None})
        assert [one["name"] for one in (await desk.get(""))["endpoints"][0]["flows"]] == ["tea"]


async def test_a_file_that_an_editor_replaces_counts_once(tmp_path: Path) -> None:
    """Many editors write a new file and put it in the place of the old one."""
    async with bench(tmp_path, FILES) as desk:
        for word in ("Black", "White"):
            before = desk.bench.reload
            (tmp_path / "flows" / ".tea.yaml.swp").write_text("half a line")
            (tmp_path / "flows" / "4913").write_text("")
            new = tmp_path / "flows" / "tea.yaml.part"
            new.write_text(TEA.replace("Green", word))
            new.rename(tmp_path / "flows" / "tea.yaml")
            await desk.until(lambda before=before: desk.bench.reload is not before)  # type: ignore[misc]  # bound early
            assert desk.bench.reload is not None
            assert desk.bench.reload.files == ("flows/tea.yaml",)
            await desk.say("tea")
            assert desk.texts()[-1] == f"{word} tea"


def drawn(width: int, height: int) -> bytes:
    """A PNG of nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + bytes(3 * width)) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


MENU = "bar: Menu\nlayout: compact 1x1\ndefault: true\nareas:\n  - {cell: 1, label: Tea, text: tea}\n"


async def test_rich_menus_follow_their_files(tmp_path: Path) -> None:
    (tmp_path / "flows" / "menus").mkdir(parents=True)
    (tmp_path / "flows" / "menus" / "main.png").write_bytes(drawn(2500, 843))
    async with bench(tmp_path, {**FILES, "flows/menus/main.yaml": MENU}) as desk:
        account = desk.simulator.platform.account("shop")
        shown = account.menus.shown(MAI)
        assert shown is not None
        assert shown.object["chatBarText"] == "Menu"
        await desk.saved({"flows/menus/main.yaml": MENU.replace("bar: Menu", "bar: Karte")})
        await desk.until(lambda: (now := account.menus.shown(MAI)) and now.object["chatBarText"] == "Karte")


async def test_how_long_a_save_takes(tmp_path: Path) -> None:
    """From saving a file to the new version answering; printed, since machines differ."""
    async with bench(tmp_path, FILES) as desk:
        took = []
        for number in range(10):
            begun = time.perf_counter()
            await desk.saved({"flows/tea.yaml": TEA.replace("Green", f"No. {number}")})
            await desk.say("tea")
            took.append((time.perf_counter() - begun) * 1000)
            assert desk.texts()[-1] == f"No. {number} tea"
        took.sort()
        print(f"\nsave to answer: median {took[5]:.0f} ms, worst of 10 {took[-1]:.0f} ms")


async def test_a_bot_that_was_wrong_from_the_beginning_starts_when_it_is_mended(tmp_path: Path) -> None:
    async with bench(tmp_path, {"flows/tea.yaml": TEA.replace("say:", "sey:")}, lenient=True) as desk:
        seen = await desk.get("")
        assert (seen["runtime"]["state"], seen["endpoints"]) == ("stopped", [])
        assert (seen["reload"]["ok"], seen["reload"]["findings"][0]["line"]) == (False, 4)
        told = await desk.saved({"flows/tea.yaml": TEA.replace("say:", "syy:")})
        assert told["ok"] is False
        assert "the bot starts as soon as this is mended" in desk.said
        assert (await desk.saved({"flows/tea.yaml": TEA}))["ok"] is True
        await desk.say("tea")
        assert desk.texts() == ["Green tea"]


async def test_others_are_told_at_once_that_the_files_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="sey"):
        async with bench(tmp_path, {"flows/tea.yaml": TEA.replace("say:", "sey:")}):
            pass


async def test_a_file_saved_before_anybody_watched_is_taken_up(tmp_path: Path) -> None:
    write(tmp_path, {"flows/tea.yaml": TEA, "noren.yaml": "endpoints: {shop: {}}\n", ".env": ""})
    begun: list[bool] = []
    paths = saved(tmp_path, lambda: {tmp_path / "flows"}, lambda: begun.append(True), since=0)
    assert await anext(paths) == {tmp_path / name for name in ("flows/tea.yaml", "noren.yaml", ".env")}
    await paths.aclose()  # type: ignore[attr-defined]  # it is a generator
