"""What happens behind the chat: flow, turns, session, log, findings, source."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Start
from tests.browser.workbench import Workbench


@pytest.fixture
def window(kept: Start, open_page: Open) -> Workbench:
    """A chat in which a question waits."""
    shop = kept("talk")
    found = open_page(shop, chat=shop.somebody())
    found.talk("book", "How many seats?")
    return found


def test_the_waiting_step_is_lit_in_the_flow(window: Workbench) -> None:
    panel = window.open_tab("Flow")
    expect(panel.get_by_text("waits at")).to_be_visible()
    waiting = panel.locator("[data-step].waiting")
    expect(waiting).to_have_count(1)
    expect(waiting).to_have_attribute("data-step", re.compile(r"steps\[0\]|seats"))
    window.picture("inspector-flow")
    window.talk("2", "2 seats. See you!")
    expect(waiting).to_have_count(0)
    expect(panel.locator("[data-step].walked")).not_to_have_count(0)


def test_a_step_in_the_picture_leads_to_its_line(window: Workbench) -> None:
    panel = window.open_tab("Flow")
    panel.locator("[data-step].waiting").focus()
    window.page.keyboard.press("Enter")
    source = window.inspector.get_by_role("region", name="Source")
    expect(source).to_contain_text("flows/booking.yaml:")
    expect(source).to_contain_text("ask: seats")


def test_a_turn_tells_all_that_was_done(window: Workbench) -> None:
    window.talk("4", "4 seats. See you!")
    turn = window.open_tab("Turns").get_by_role("article").first
    for part in ("Came in", "Steps", "Variables", "Said", "Deliveries"):
        expect(turn.get_by_role("heading", name=part)).to_be_visible()
    expect(turn).to_contain_text("vars.booking.seats")
    expect(turn).to_contain_text("4 seats. See you!")
    expect(turn).to_contain_text("reply")
    expect(turn).to_contain_text("HTTP 200")
    before = window.inspector.get_by_role("article").nth(1)
    before.get_by_role("button").first.click()
    expect(before.get_by_role("heading", name="Trigger")).to_be_visible()
    expect(before).to_contain_text("keyword")
    window.picture("inspector-turns")


def test_variables_are_edited_and_the_bot_goes_on_with_them(window: Workbench) -> None:
    window.talk("6", "6 seats. See you!")
    window.talk("book", "How many seats?")
    panel = window.open_tab("Session")
    panel.get_by_role("button", name="Edit seats").click()
    panel.get_by_role("textbox", name="seats").fill("7")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("7", exact=True)).to_be_visible()
    window.picture("inspector-session")
    panel.get_by_role("button", name=re.compile("Undo")).click()
    expect(panel.get_by_text("6", exact=True)).to_be_visible()


def test_a_session_is_ended(window: Workbench) -> None:
    panel = window.open_tab("Session")
    panel.get_by_role("button", name="End session").click()
    panel.get_by_role("button", name="Really end it").click()
    expect(panel).to_contain_text("waits for nothing")
    window.talk("2", "heard: 2")  # no question waits any more


def test_another_language_is_chosen(window: Workbench) -> None:
    panel = window.open_tab("Session")
    panel.get_by_role("combobox", name="Language").select_option("ja")
    expect(panel.get_by_role("combobox", name="Language")).to_have_value("ja")
    window.talk("cancel", "Cancelled.")


def test_a_bubble_leads_to_its_turn_and_line(window: Workbench) -> None:
    window.talk("2", "2 seats. See you!")
    window.log.get_by_text("How many seats?").click()
    panel = window.inspector.get_by_role("tabpanel")
    sought = panel.get_by_role("article").filter(has_text="How many seats?")
    expect(sought.get_by_role("heading", name="Said")).to_be_visible()
    sought.get_by_role("button", name=re.compile(r"booking\.yaml:1\d")).last.click()
    source = window.inspector.get_by_role("region", name="Source")
    expect(source).to_contain_text("say: How many seats?")
    source.get_by_role("button", name="Close").click()
    expect(source).to_have_count(0)


def test_what_a_person_wrote_leads_to_the_same_turn(window: Workbench) -> None:
    window.talk("2", "2 seats. See you!")
    window.menu_of(
        window.log.get_by_role("article").filter(has_text=re.compile("^.?.*book")).first, "Show in the inspector"
    )
    expect(window.inspector.get_by_role("article").filter(has_text="book").first).to_be_visible()


def test_the_log_has_both_ways_with_bodies(window: Workbench) -> None:
    panel = window.open_tab("Log")
    panel.get_by_role("button", name="Clear", exact=True).click()
    window.talk("nine", "A number from 1 to 8.")
    panel.get_by_label("Find in paths and bodies").fill("/v2/bot/message/reply")
    line = panel.get_by_role("article").first
    expect(line).to_contain_text("/v2/bot/message/reply")
    line.get_by_role("button").first.click()
    expect(line).to_contain_text("A number from 1 to 8.")
    panel.get_by_label("Find in paths and bodies").fill("")
    panel.get_by_label("Way").select_option("webhook")
    hook = panel.get_by_role("article").first
    hook.get_by_role("button").first.click()
    expect(hook).to_contain_text("webhookEventId")
    expect(hook).to_contain_text("x-line-signature", ignore_case=True)
    window.picture("inspector-log")
    panel.get_by_label("Status").select_option("not 2xx")
    expect(panel.get_by_role("article")).to_have_count(0)


def test_findings_of_the_files(window: Workbench) -> None:
    panel = window.open_tab("Findings")
    expect(panel.get_by_role("article").first).to_contain_text("billed-push")
    expect(panel).to_contain_text("Everything the bot said here keeps LINE's rules.")
    panel.get_by_role("button", name="flows/booking.yaml:12:").first.click()
    expect(window.inspector.get_by_role("region", name="Source")).to_contain_text("This is your reminder.")


def test_tabs_by_keys(window: Workbench) -> None:
    window.open_tab("Turns")
    tabs = window.inspector.get_by_role("tab")
    window.page.keyboard.press("ArrowRight")
    expect(tabs.nth(2)).to_be_focused()
    expect(tabs.nth(2)).to_have_attribute("aria-selected", "true")
    window.page.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    window.page.keyboard.press("Home")
    expect(tabs.first).to_have_attribute("aria-selected", "true")
