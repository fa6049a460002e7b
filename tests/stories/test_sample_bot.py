"""The sample shop through real HTTP and a real store.

Its conversations are the transcript tests beside this file; here is what those leave out: sockets, files, and that
together they go through every step.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.menus import sync_all
from runtime.project import open_project
from runtime.simulator.ids import steady
from runtime.simulator.values import User
from runtime.transcript.suite import Suite, cases, found
from tests.line_platform import bot
from tests.world import World, world

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ja", "th", "zh-TW", "id", "en")
HANA = steady("U", "user:Hana")
DAY = 86_400_000
PICNIC = "2027-01-23"  # a Saturday; the story's clock stands at Friday, 15 January 2027, 17:00 in Tokyo


def texts(name: str) -> dict[str, dict[str, str]]:
    """Key → language → text of one file of texts."""
    with (ROOT / "flows" / "texts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@asynccontextmanager
async def shop(tmp_path: Path, language: str = "en") -> AsyncIterator[World]:
    """The sample bot as it is in the repository, with a guest whose LINE speaks a language."""
    secret = bot().complete().channel_secret
    config = (ROOT / "noren.yaml").read_text(encoding="utf-8").replace("simulated-secret", secret)
    async with world(ROOT, {}, config=config, store=f"sqlite:///{tmp_path}/shop.db") as w:
        people = w.line.simulator.platform.people
        people.add_user(User(id=HANA, name="Hana", language=language))
        await sync_all(w.runtime)
        await follow(w)
        yield w
        assert await complaints(w) == []


async def complaints(w: World) -> list[Any]:
    """Rules of LINE that a message broke, steps that failed, deliveries that LINE refused."""
    store: Any = w.runtime.house.store
    rows = [row for event in await store.list_events(None, None, 1_000) for row in await trace(store, event["id"])]
    broken = [row["violation"] for row in rows if row.get("violation", {}).get("severity") == "error"]
    failed = [row for row in rows if row.get("error") and row.get("do") != "http"]
    dead = await store.list_events("dead", None, 1_000)
    return broken + failed + dead + await store.list_outbox("failed", None, 1_000)


async def trace(store: Any, event: str) -> list[Any]:
    return list((await store.show_event(event))["trace"] or ())


async def follow(w: World) -> None:
    w.line.simulator.acts.follow(w.line.simulator.platform.account("shop"), HANA)
    await w.settle()


class Guest:
    """Hana, who writes and taps; each call gives what the shop answered to it."""

    def __init__(self, w: World, chat: str = HANA) -> None:
        self.w, self.chat, self.read = w, chat, len(w.messages(chat))

    def news(self) -> list[dict[str, Any]]:
        fresh = self.w.messages(self.chat)[self.read :]
        self.read += len(fresh)
        return fresh

    def heard(self) -> list[str]:
        return [str(m.get("text") or m.get("altText") or m["type"]) for m in self.news()]

    async def says(self, text: str) -> list[str]:
        await self.w.say(text, user=HANA, chat="" if self.chat == HANA else self.chat)
        return self.heard()

    async def taps(self, label: str, **more: Any) -> list[str]:
        await self.w.tap(label, user=HANA, **more)
        return self.heard()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_new_friend_is_greeted_by_name_and_shown_the_menu(tmp_path: Path, language: str) -> None:
    welcome = texts("welcome")
    async with shop(tmp_path, language) as w:
        hello, menu = w.messages(HANA)
        assert "Hana" in hello["text"]
        assert hello["text"][-8:] == welcome["hello"][language][-8:]
        assert menu["altText"] == welcome["menu_alt"][language]
        assert len(menu["template"]["actions"]) == 4
        assert menu["template"]["thumbnailImageUrl"].startswith("https://bot.example/media/")
        assert menu["sender"]["name"] == texts("shared")["shop"][language]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_table_is_booked_with_receipt_and_reminder(tmp_path: Path, language: str) -> None:
    shared, booking = texts("shared"), texts("booking")

    def t(key: str) -> str:
        return booking[key][language]

    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        assert await hana.taps(shared["to_book"][language]) == [t("booking_hello"), t("which_day")]
        assert await hana.taps(t("pick_day"), value=PICNIC) == [t("how_many")]
        asked = await hana.says("２")  # full-width: the input transformer makes it even
        assert len(asked) == 1
        assert await hana.taps("15:00") == [t("which_name")]
        [question] = await hana.says("Hana")
        hour = {"th": "15.00 น.", "id": "15.00"}.get(language, "15:00")
        assert hour in question
        assert "Hana" in question
        booked, receipt, remind = await hana.taps(shared["yes"][language])
        assert booked == t("booked")
        assert hour in receipt
        assert remind == t("remind_you")
        assert await hana.says(shared["yes"][language]) == [t("will_remind")]
        await w.turn(6 * DAY)
        assert hana.heard() == []
        await w.turn(2 * DAY)
        [reminder] = hana.heard()
        assert hour in reminder
        assert w.answers(HANA)[-1].via == "push"  # the one message of this story that LINE bills


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_words_on_the_buttons_do_the_same_when_written(tmp_path: Path, language: str) -> None:
    shared, lost = texts("shared"), texts("manners")["not_understood"][language]
    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        asked = ("to_book", "to_products", "to_hours", "to_visit", "to_photo", "to_language", "to_menu")
        for key in (*asked, "to_fortune", "to_taste", "to_feedback", "to_privacy"):
            answer = await hana.says(shared[key][language])
            assert answer, key
            assert lost not in answer, key
            await hana.says(shared["to_cancel"][language])


def test_the_transcripts_go_through_every_step() -> None:
    played = Suite(open_project(ROOT, lenient=True))
    paths = found([ROOT / "tests" / "stories"])
    outcomes = played.run([case for path in paths for case in cases(played.project, path)], lambda case, outcome: None)
    assert [one.name for one in outcomes if not one.passed] == []
    assert {one.language for one in outcomes} == set(LANGUAGES)
    left = [str(step.at) for flow in played.coverage()["shop"] for step in flow.left]
    assert left == []


async def test_nothing_the_shop_says_breaks_a_rule_or_is_billed_without_need(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        hana = Guest(w)
        for text in ("menu", "matcha", "cancel", "opening hours", "where", "photo", "cancel", "hmm"):
            assert await hana.says(text), text
        assert [one.via for one in w.answers(HANA) if one.who == "bot" and one.via != "reply"] == []
