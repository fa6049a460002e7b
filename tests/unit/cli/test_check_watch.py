"""`noren check --watch`: a look at the beginning and after each save."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import click
import pytest

from runtime.cli.check import check
from runtime.cli.check_watch import Folders, watch

pytestmark = pytest.mark.anyio
SETTINGS = "endpoints:\n  shop:\n    channel_secret: s\n    flows: {}\n"


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "noren.yaml").write_text(SETTINGS.format("flows"), encoding="utf-8")
    (tmp_path / "flows" / "shop.yaml").write_text("flow: shop\nsteps: [{say: Hi}]\n", encoding="utf-8")
    return tmp_path


async def test_each_save_is_looked_at(bot: Path) -> None:
    loop, looks = asyncio.get_running_loop(), asyncio.Queue[set[str]]()

    def look(saved: Collection[Path]) -> None:
        loop.call_soon_threadsafe(looks.put_nowait, {path.name for path in saved})

    task = asyncio.create_task(watch(bot, look))
    try:
        assert await looks.get() == set()
        (bot / "flows" / "shop.yaml").write_text("flow: shop\nsteps: [{say: Ho}]\n", encoding="utf-8")
        assert await looks.get() == {"shop.yaml"}
        (bot / "noren.yaml").write_text(SETTINGS.format("flows") + "port: 9000\n", encoding="utf-8")
        assert await looks.get() == {"noren.yaml"}
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_folders_follow_the_settings_as_long_as_they_can_be_read(bot: Path) -> None:
    folders = Folders(bot)
    assert folders() == {bot / "flows", bot / "transformers"}
    (bot / "noren.yaml").write_text(SETTINGS.format("talk"), encoding="utf-8")
    assert folders() == {bot / "talk", bot / "transformers"}
    (bot / "noren.yaml").write_text("endpoints: [", encoding="utf-8")
    assert folders() == {bot / "talk", bot / "transformers"}


def test_the_help_speaks_of_it() -> None:
    assert "--watch" in check.get_help(click.Context(check))
