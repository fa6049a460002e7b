"""Groups and rooms, who comes and goes, and people who block the bot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Start
from tests.browser.workbench import Workbench


@pytest.fixture
def club(kept: Start, open_page: Open) -> Workbench:
    """A group of Mai and Ken, made in the page, with the bot in it."""
    shop = kept("kinds")
    for name in ("Mai", "Ken", "Noi"):
        shop.user(name)
    window = open_page(shop)
    window.page.get_by_role("button", name="New group").click()
    form = window.sheet
    form.get_by_label("Name", exact=True).fill("Tea club")
    for box in form.get_by_role("checkbox").all():
        box.uncheck()
    form.get_by_role("checkbox", name="Mai").check()
    form.get_by_role("checkbox", name="Ken").check()
    form.get_by_role("checkbox", name="Invite shop").check()
    form.get_by_role("button", name="Create").click()
    window.hears("Hello all.")
    return window


def members(window: Workbench) -> None:
    """The group's sheet."""
    window.page.get_by_role("region", name="Chat with shop").get_by_role("button", name="Settings of").click()


def test_several_people_write_in_one_chat(club: Workbench) -> None:
    club.page.get_by_label("Write as").select_option("Mai")
    club.talk("it is Mai", "heard: it is Mai")
    club.page.get_by_label("Write as").select_option("Ken")
    club.talk("it is Ken", "heard: it is Ken")
    expect(club.log.get_by_role("article", name=re.compile("^Mai, "))).to_contain_text("it is Mai")
    club.picture("group")


def test_people_and_the_bot_are_mentioned(club: Workbench) -> None:
    club.page.get_by_label("Write as").select_option("Mai")
    club.field.press_sequentially("Hello @Ke")
    club.page.get_by_role("list", name="Mention").get_by_role("button", name="Ken").click()
    expect(club.field).to_have_value("Hello @Ken ")
    club.field.press_sequentially("and @sho")
    club.field.press("Enter")  # takes the name, does not send
    expect(club.field).to_have_value("Hello @Ken and @shop ")
    club.field.press("Enter")
    club.hears("heard: Hello @Ken and @shop")
    [event] = [
        one["event"]
        for one in club.dev.control("GET", "/bots/shop/webhooks?limit=50")["webhooks"]
        if "mention" in one["event"].get("message", {})
    ]
    assert [who.get("isSelf") for who in event["message"]["mention"]["mentionees"]] == [False, True]


def test_people_join_and_leave(club: Workbench) -> None:
    members(club)
    club.sheet.get_by_label("Add a member").select_option("Noi")
    club.hears("Welcome @Noi!")
    club.sheet.get_by_role("button", name="Noi leaves").click()
    expect(club.log).to_contain_text("Noi left.")
    club.sheet.get_by_role("button", name="Remove shop").click()
    club.page.keyboard.press("Escape")
    expect(club.page.get_by_text("shop is not in this group.")).to_be_visible()
    club.page.get_by_role("button", name="Invite shop").click()
    club.hears("Hello all.")


def test_a_text_is_edited(club: Workbench) -> None:
    club.page.get_by_label("Write as").select_option("Mai")
    club.talk("teh", "heard: teh")
    club.menu_of(club.log.get_by_role("article").nth(-2), "Edit")
    expect(club.field).to_have_value("teh")
    club.field.fill("tea")
    club.field.press("Enter")
    club.hears("You changed it to: tea")
    expect(club.log.get_by_role("article", name=re.compile("^Mai, ")).last).to_contain_text("edited")
    club.field.press("ArrowUp")  # and once more, by keys
    expect(club.field).to_have_value("tea")
    club.field.press("Escape")
    expect(club.field).to_have_value("")


def test_blocking_and_coming_back(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.user("Fickle"))
    window.talk("hello", "heard: hello")
    window.page.get_by_role("button", name="Settings of Fickle").first.click()
    window.sheet.get_by_label("shop is for them").select_option("blocked")
    window.sheet.get_by_role("button", name="Save").click()
    banner = window.page.get_by_text("Fickle has blocked shop.")
    expect(banner).to_be_visible()
    window.picture("blocked")
    window.page.get_by_role("button", name="Unblock", exact=True).click()
    window.hears("Welcome Fickle!")
    expect(banner).to_have_count(0)


def test_somebody_new(kept: Start, open_page: Open) -> None:
    window = open_page(kept("kinds"))
    window.page.get_by_role("button", name="New person").click()
    window.sheet.get_by_label("Name", exact=True).fill("さくら")
    window.sheet.get_by_label("Language of the app").select_option("ja")
    window.sheet.get_by_role("button", name="Create").click()
    window.hears("Welcome さくら!")
    window.page.get_by_role("button", name="Settings of さくら").first.click()
    window.sheet.get_by_label("Name", exact=True).fill("Sakura")
    window.sheet.get_by_role("button", name="Save").click()
    expect(window.page.get_by_role("button", name=re.compile("^Sakura"))).to_be_visible()


def test_the_list_of_chats_tells_who_waits(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    here, there = shop.user("Zackary"), shop.user("Zachary")
    window = open_page(shop, chat=here)
    window.talk("hello", "heard: hello")
    shop.line("POST", "/v2/bot/message/push", {"to": there, "messages": [{"type": "text", "text": "psst"}]})
    line = window.page.get_by_role("navigation", name="Chats").get_by_role("button", name=re.compile("^Zachary"))
    expect(line).to_contain_text("psst")
    expect(line.get_by_label("1 unread")).to_be_visible()
    expect(window.page.get_by_title("As the notification would show it")).to_contain_text("psst")
    line.click()
    window.hears("psst")
    expect(line.get_by_label("1 unread")).to_have_count(0)
    window.page.get_by_label("Search").fill("zac")
    expect(window.page.get_by_role("navigation", name="Chats").get_by_role("listitem")).to_have_count(2)
