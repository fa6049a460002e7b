"""What is told of a bot's files while it runs: once each."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from runtime.cli.check import findings_of
from runtime.cli.told import Told, new, record, same
from runtime.errors import BadInput
from runtime.model import Finding, Place

pytestmark = pytest.mark.anyio
SETTINGS = "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n    languages: [en]\n"
FLOW = "flow: shop\nstart: [{keyword: shop}]\nvars: {idle: text}\nsteps:\n  - say: Welcome\n  - end\n  - say: Lost\n"


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "noren.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "flows" / "shop.yaml").write_text(FLOW, encoding="utf-8")
    return tmp_path


class Lines(list[str]):
    def say(self, text: str, **style: Any) -> None:
        self.append(text)

    def taken(self) -> list[str]:
        taken = list(self)
        self.clear()
        return taken


def edit(bot: Path, before: str, after: str) -> None:
    path = bot / "flows" / "shop.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


async def test_at_the_start_findings_are_counted_and_later_only_new_ones_told(bot: Path) -> None:
    lines = Lines()
    told = Told(bot, lines.say)
    await told.first()
    assert lines.taken() == ["1 warning, 1 hint: noren check shows them"]
    await told.news()
    assert lines.taken() == []
    edit(bot, "steps:\n", "steps:\n  - image: media/b.jpg\n")
    await told.news()
    assert lines.taken() == [
        "flows/shop.yaml:5:12: error: there is no file `media/b.jpg`",
        "    fix: put it there, or write the https address",
    ]
    edit(bot, "media/", "https://shop.example/")
    await told.news()
    assert lines.taken() == []


async def test_who_was_told_nothing_at_the_start_is_told_how_many_there_are(bot: Path) -> None:
    lines = Lines()
    await Told(bot, lines.say).news()
    assert lines == ["1 warning, 1 hint: noren check shows them"]


async def test_nothing_to_tell_is_not_told(bot: Path) -> None:
    lines = Lines()
    (bot / "flows" / "shop.yaml").write_text(
        "flow: shop\nstart: [{keyword: a}]\nsteps: [{say: Hi}]\n", encoding="utf-8"
    )
    await Told(bot, lines.say).first()
    (bot / "noren.yaml").unlink()
    await Told(bot, lines.say).first()
    assert lines == []
    with pytest.raises(BadInput, match=r"there is no noren\.yaml"):
        findings_of(bot)


def test_of_findings_that_are_alike_the_added_ones_are_new() -> None:
    def at(line: int) -> Finding:
        return Finding(code="unreachable", severity="warning", at=Place("flows/a.yaml", line, 1), message="lost")

    before = Counter([same(at(3))])
    assert list(new([at(4)], before)) == []
    assert list(new([at(4), at(9)], before)) == [at(9)]
    assert before == Counter([same(at(3))])


def test_the_log_holds_the_counts_and_no_words_of_the_files(bot: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="noren"):
        record(bot)
        (bot / "noren.yaml").unlink()
        record(bot)
    first, second = caplog.records
    assert (first.getMessage(), first.levelname) == ("checked", "WARNING")
    assert getattr(first, "fields") == {"errors": 0, "warnings": 1, "hints": 1}  # noqa: B009 - no field of every record
    assert (second.getMessage(), second.levelname) == ("not checked", "WARNING")


async def test_a_beginning_with_nothing_but_hints_is_calm(bot: Path) -> None:
    (bot / "flows" / "shop.yaml").write_text("flow: shop\nstart: [{keyword: a}]\nvars: {n: int}\nsteps: [say: Hi]\n")
    lines, heard = Lines(), list[int]()
    await Told(bot, lines.say, lambda found: heard.append(len(found))).first()
    assert (lines, heard) == ([], [1])
