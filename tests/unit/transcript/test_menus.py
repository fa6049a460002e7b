"""Transcript tests see the rich menus of the files: they tap them, and expect which one is seen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from runtime.simulator.taps import tap
from runtime.transcript.play import Player
from tests.pictures import png
from tests.unit.transcript.bots import bot, chat, failing, played
from tests.unit.transcript.test_record import recorded
from tests.world import write

TEA = """\
default: true
bar: {en: Tea, ja: お茶}
layout: 2x1
areas: [{label: Order, text: tea}, {label: {en: More, ja: もっと}, switch: more}]
"""
MORE = "bar: More\nlayout: 2x1\nareas: [{label: Back, switch: tea}, {label: Nothing, text: nothing}]\n"
GROUP = "given: {group: Club, members: [Mai, Ken]}\n"


def with_menus(root: Path) -> Path:
    write(root, {"flows/menus/tea.yaml": TEA, "flows/menus/more.yaml": MORE})
    for name in ("tea", "more"):
        (root / "flows" / "menus" / f"{name}.png").write_bytes(png(800, 400))
    return root


def test_menus_are_there_are_tapped_and_expected(tmp_path: Path) -> None:
    test = chat(
        "expect: {menu: tea}",
        "user: {menu: More}",
        "bot: []",
        "expect: {menu: more}",
        "user: {menu: Nothing}",
        "bot: What?",
        "user: {menu: Back}",
        "user: {menu: Order}",
        "bot: $how_many",
        more="expect: {menu: tea}\n",
    )
    assert failing(with_menus(tmp_path), test) == []


def test_each_language_has_its_own(tmp_path: Path) -> None:
    given = "given: {language: [ja, en], profile: {name: Mai}}\n"
    test = chat("user: {menu: {ja: More, en: More}}", "user: {menu: Back}", "user: {menu: Order}", given=given)
    first, second = played(bot(with_menus(tmp_path)), test)
    assert (first.language, first.failures, second.failures) == ("ja", [], [])


@pytest.mark.parametrize(
    ("lines", "given", "said"),
    [
        (("user: {menu: Tea}",), "", "give the label or the index of a button; there are 0: Order, 1: More"),
        (("expect: {menu: more}",), "", "menu: the user sees the rich menu tea, not more"),
        (("Ken: hello", "expect: {menu: tea}"), GROUP, "menu: the user sees the rich menu none, not tea"),
    ],
)
def test_what_is_not_so_is_told(tmp_path: Path, lines: tuple[str, ...], given: str, said: str) -> None:
    test = chat(*lines, given=given) if given else chat(*lines)
    assert any(said in one for one in failing(with_menus(tmp_path), test))


def test_a_bot_without_menus_shows_none(tmp_path: Path) -> None:
    assert failing(tmp_path, chat("expect: {menu: none}", "user: {menu: More}"))[0].endswith(
        "no rich menu is shown here"
    )


def test_a_menu_that_is_wrong_fails_the_test_at_its_line(tmp_path: Path) -> None:
    root = with_menus(tmp_path)
    (root / "flows/menus/tea.png").unlink()
    assert any("there is no picture flows/menus/tea.png" in one for one in failing(root, chat("user: tea")))


def test_a_recording_passes_over_tabs_that_were_turned(tmp_path: Path) -> None:
    def talk(player: Player) -> list[Any]:
        me, acts, account = player.user, player.stage.simulator.acts, player.stage.account
        labels = ("More", "Nothing", "Back", "Order")
        return [lambda label=label: tap(acts, account, me, {"menu": True, "label": label}) for label in labels]

    root = with_menus(tmp_path)
    text = asyncio.run(recorded(bot(root), "given: {profile: {name: Mai}}\n", talk))
    assert text.count("# turned to another tab of the rich menu") == 2
    assert "menu=" not in text
    assert "user: nothing" in text
    assert "user: tea" in text
    assert failing(root, text) == []
