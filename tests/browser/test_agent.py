"""The page's agent: one person plays the user on the phone and the agent beside it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, Start
from tests.browser.workbench import Workbench


def desk(window: Workbench) -> Locator:
    return window.open_tab("Agent")


def button(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("button", name=name, exact=True)


def writes(panel: Locator, text: str) -> None:
    field = panel.get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def test_both_sides_at_once(kept: Start, open_page: Open) -> None:
    shop = kept("desk")
    window = open_page(shop, chat=shop.somebody())
    panel = desk(window)
    button(panel, "Online").click()
    expect(button(panel, "Online")).to_have_attribute("aria-pressed", "true")
    window.say("help q07")
    window.hears("You are next in line.")
    button(panel, "Accept").click()
    writes(panel, "How can I help?")
    window.hears("How can I help?")
    window.say("Where is my <b>tea</b>?")
    expect(panel.get_by_role("listitem").first).to_contain_text("Where is my <b>tea</b>?")
    expect(window.last).to_contain_text("tea")
    panel.get_by_role("textbox").fill("Third <i>time</i>")
    button(panel, "Note").click()
    expect(panel.get_by_role("listitem").filter(has_text="Third <i>time</i>")).to_be_visible()
    expect(panel.get_by_role("textbox")).to_have_value("")
    button(panel, "Resolve").click()
    expect(panel).to_contain_text("The bot has this chat.")
    button(panel, "Away").click()


def test_taking_over_by_a_word_and_giving_back(kept: Start, open_page: Open) -> None:
    shop = kept("desk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("good day", "heard: good day")
    panel = desk(window)
    writes(panel, "Somebody is here.")
    window.hears("Somebody is here.")
    window.say("really?")
    expect(panel.get_by_role("listitem").first).to_contain_text("really?")
    button(panel, "Resolve").click()
    button(panel, "Done with the notes").click()
    window.talk("and now?", "heard: and now?")


def test_what_is_written_is_kept_for_its_chat(kept: Start, open_page: Open) -> None:
    shop = kept("desk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("one", "heard: one")
    panel = desk(window)
    panel.get_by_role("textbox").fill("half a sentence")
    window.open_tab("Turns")
    expect(desk(window).get_by_role("textbox")).to_have_value("half a sentence")


def test_a_bot_without_people_says_what_is_missing(kept: Start, open_page: Open) -> None:
    shop = kept("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("book", "How many seats?")
    expect(desk(window)).to_contain_text(re.compile("workstreams"))
