"""The sample shop as a guest meets it: five languages, through real HTTP, the rules and the simulated platform."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime.simulator.ids import steady
from runtime.simulator.values import Group, User
from tests.line_platform import bot
from tests.world import World, world

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ja", "th", "zh-TW", "id", "en")
HANA = steady("U", "user:Hana")
CLUB = steady("C", "group:Tea club")
HOUR, DAY = 3_600_000, 86_400_000
PICNIC = "2027-01-23"  # a Saturday; the story's clock stands at Friday, 15 January 2027, 17:00 in Tokyo
WEDNESDAY = "2027-01-20"


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

    async def calls(self, text: str) -> list[str]:
        """Writes into the group, with the bot's name at the beginning as a mention."""
        mention = {"to": "bot", "index": 0, "length": len(text.split()[0])}
        await self.w.send({"type": "text", "text": text, "mention": [mention]}, user=HANA, chat=self.chat)
        return self.heard()

    async def sends(self, **message: Any) -> list[str]:
        await self.w.send(message, user=HANA)
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
        assert "15:00" in question
        assert "Hana" in question
        booked, receipt, remind = await hana.taps(shared["yes"][language])
        assert booked == t("booked")
        assert "15:00" in receipt
        assert remind == t("remind_you")
        assert await hana.says(shared["yes"][language]) == [t("will_remind")]
        await w.turn(6 * DAY)
        assert hana.heard() == []
        await w.turn(2 * DAY)
        [reminder] = hana.heard()
        assert "15:00" in reminder
        assert w.answers(HANA)[-1].via == "push"  # the one message of this story that LINE bills


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_small_order_is_taken_from_the_cards(tmp_path: Path, language: str) -> None:
    shared, products = texts("shared"), texts("products")
    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        intro, cards = await hana.taps(shared["to_products"][language])
        assert [intro, cards] == [products["our_products"][language], products["products_alt"][language]]
        assert len(w.messages(HANA)[-1]["template"]["columns"]) == 4
        card, question = await hana.taps(products["order_this"][language])
        assert w.messages(HANA)[-2]["contents"]["hero"]["url"].startswith("https://bot.example/media/")
        assert card in question
        [confirm] = await hana.says("3")
        assert "2,700" in confirm or "2.700" in confirm
        ordered, receipt = await hana.taps(shared["yes"][language])
        assert ordered == products["ordered"][language]
        assert card in receipt


@pytest.mark.parametrize("language", LANGUAGES)
async def test_opening_hours_follow_the_day(tmp_path: Path, language: str) -> None:
    shared, hours = texts("shared"), texts("hours")

    def t(key: str) -> str:
        return hours[key][language]

    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        assert await hana.taps(shared["to_hours"][language]) == [t("open_weekday"), t("all_hours")]
        await w.turn(DAY)
        assert await hana.says(shared["to_hours"][language]) == [t("open_weekend"), t("all_hours")]
        await w.turn(4 * DAY)
        assert await hana.says(shared["to_hours"][language]) == [t("closed_today"), t("all_hours")]
        await w.turn(346 * DAY)
        assert await hana.says(shared["to_hours"][language]) == [t("new_year"), t("all_hours")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_cancelling_works_at_every_question(tmp_path: Path, language: str) -> None:
    shared = texts("shared")
    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        await hana.taps(shared["to_book"][language])
        await hana.taps(texts("booking")["pick_day"][language], value=PICNIC)
        assert await hana.taps(shared["to_cancel"][language]) == [shared["cancelled"][language]]
        [answer] = await hana.says("2")  # the question is gone
        assert answer == texts("manners")["not_understood"][language]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_map_the_photo_and_the_menu_are_one_tap_away(tmp_path: Path, language: str) -> None:
    shared, photo = texts("shared"), texts("photo")
    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        await hana.taps(shared["to_visit"][language])
        assert w.messages(HANA)[-1]["type"] == "location"
        await hana.taps(shared["to_menu"][language])
        assert await hana.taps(shared["to_photo"][language]) == [photo["photo_please"][language]]
        assert await hana.says("…") == [photo["photo_hint"][language]]
        assert await hana.sends(type="image") == [photo["caption_please"][language]]
        assert await hana.taps(photo["skip"][language]) == [photo["photo_thanks"][language]]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_words_on_the_buttons_do_the_same_when_written(tmp_path: Path, language: str) -> None:
    shared, lost = texts("shared"), texts("manners")["not_understood"][language]
    async with shop(tmp_path, language) as w:
        hana = Guest(w)
        for key in ("to_book", "to_products", "to_hours", "to_visit", "to_photo", "to_language", "to_menu"):
            answer = await hana.says(shared[key][language])
            assert answer, key
            assert lost not in answer, key
            await hana.says(shared["to_cancel"][language])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_service_that_does_not_answer_costs_no_answer(tmp_path: Path, language: str) -> None:
    words = {
        "ja": "おすすめは？",
        "th": "มีอะไรแนะนำบ้าง",
        "zh-TW": "有什麼推薦",
        "id": "Ada rekomendasi?",
        "en": "What do you recommend?",
    }
    async with shop(tmp_path, language) as w:
        assert await Guest(w).says(words[language]) == [texts("special")["house_favourite"][language]]


async def test_wrong_answers_get_help_and_then_the_telephone(tmp_path: Path) -> None:
    shared, booking = texts("shared"), texts("booking")
    async with shop(tmp_path) as w:
        hana = Guest(w)
        await hana.says("book a table")
        assert await hana.says("some day") == [booking["day_hint"]["en"]]
        assert await hana.says("any day") == [shared["give_up"]["en"]]


async def test_days_on_which_the_shop_is_closed_or_full_are_asked_again(tmp_path: Path) -> None:
    booking = texts("booking")
    async with shop(tmp_path) as w:
        hana = Guest(w)
        await hana.says("book a table")
        closed, again = await hana.taps("Pick a day", value=WEDNESDAY)
        assert closed.startswith("I am sorry, we are closed on Wednesday, 20 January")
        assert again == booking["which_day"]["en"]
        await hana.taps("Pick a day", value=PICNIC)
        full, again = await hana.says("eight")
        assert full.startswith("I am sorry, on Saturday, 23 January we have no table for 8 left")
        assert again == booking["which_day"]["en"]


async def test_a_silent_guest_is_asked_once_whether_they_are_still_there(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        hana = Guest(w)
        await hana.says("book a table")
        await w.turn(HOUR // 4)
        assert hana.heard() == [texts("shared")["still_there"]["en"]]
        await w.turn(HOUR // 4)
        assert hana.heard() == []


async def test_the_language_can_be_changed_by_hand(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        hana = Guest(w)
        assert await hana.taps("Language") == ["Please choose a language."]
        done, menu = await hana.taps("日本語")
        assert done == texts("language")["language_set"]["ja"]
        assert menu == texts("welcome")["menu_alt"]["ja"]
        assert await hana.says("ありがとう！") == [texts("manners")["you_are_welcome"]["ja"]]


async def test_a_question_survives_a_detour(tmp_path: Path) -> None:
    booking = texts("booking")
    async with shop(tmp_path) as w:
        hana = Guest(w)
        await hana.says("book a table")
        *hours, again = await hana.says("opening hours")
        assert len(hours) == 2
        assert again == booking["which_day"]["en"]


async def test_stickers_pictures_and_thanks_are_answered(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        hana = Guest(w)
        assert await hana.sends(type="sticker") == ["sticker"]
        assert await hana.sends(type="image") == [texts("manners")["nice_photo"]["en"]]
        assert await hana.says("Thank you!") == [texts("manners")["you_are_welcome"]["en"]]


async def test_in_a_group_the_shop_speaks_when_asked(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        simulator = w.line.simulator
        simulator.platform.people.add_group(Group(id=CLUB, kind="group", name="Tea club", members=(HANA,)))
        simulator.acts.invite(simulator.platform.account("shop"), CLUB)
        await w.settle()
        club = Guest(w, CLUB)
        assert w.texts(CLUB) == [texts("manners")["hello_group"]["en"]]
        assert await club.says("Is the shop open on Sunday?") == []  # they talk to each other
        assert await club.calls("@Noren opening hours") == [
            texts("hours")[key]["en"] for key in ("open_weekday", "all_hours")
        ]
        assert await club.calls("@Noren book a table") != []
        assert await club.says("Tomorrow") == [texts("booking")["how_many"]["en"]]  # an answer needs no name


async def test_nothing_the_shop_says_breaks_a_rule_or_is_billed_without_need(tmp_path: Path) -> None:
    async with shop(tmp_path) as w:
        hana = Guest(w)
        for text in ("menu", "matcha", "cancel", "opening hours", "where", "photo", "cancel", "hmm"):
            assert await hana.says(text), text
        assert [one.via for one in w.answers(HANA) if one.who == "bot" and one.via != "reply"] == []
