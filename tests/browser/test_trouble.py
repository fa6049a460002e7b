"""Bad days at a click, and what the person sees of them: as a rule, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Open, Start
from tests.browser.workbench import Workbench


@pytest.fixture
def window(kept: Start, open_page: Open) -> Iterator[Workbench]:
    """A chat of somebody new, in fair weather; afterwards it is fair again."""
    shop = kept("talk")
    yield open_page(shop, chat=shop.somebody())
    shop.control("DELETE", "/faults")
    calm = {"timeout": 2_000, "copies": 1, "webhook": True, "standby": False, "hold": False, "quota": None}
    shop.control("PATCH", "/bots/shop", **calm)


def row(window: Workbench, title: str) -> Locator:
    """One trouble in the inspector."""
    return window.open_tab("Faults").get_by_role("group", name=title, exact=True)


def set_off(window: Workbench, title: str, how: str = "Once") -> None:
    row(window, title).get_by_role("button", name=how, exact=True).click()
    expect(window.inspector.get_by_role("button", name="Clear all")).to_be_visible()


@pytest.mark.parametrize(
    ("title", "via"),
    [
        ("Reply token expired", "push"),
        ("500 from LINE", "reply|push"),
        ("Connection reset", "reply|push"),
        ("Reset after it arrived", "reply"),
        ("429: too many requests", "reply|push"),
    ],
)
def test_an_answer_comes_once_all_the_same(window: Workbench, title: str, via: str) -> None:
    set_off(window, title)
    window.say("hello")
    for _ in range(12):  # each try waits longer than the one before: turn the clock on rather than wait
        window.dev.control("POST", "/clock", advance=2_000)
        if window.log.get_by_text("heard: hello").count():
            break
        window.page.wait_for_timeout(200)
    window.hears("heard: hello")
    expect(window.last).to_have_attribute("data-via", re.compile(via))
    expect(window.log.get_by_text("heard: hello", exact=True)).to_have_count(1)


def test_a_redelivery_and_a_duplicate_are_not_answered_again(window: Workbench) -> None:
    window.talk("hello", "heard: hello")
    for title in ("Redelivery", "Duplicate"):
        row(window, title).get_by_role("button", name="Do it now").click()
        window.dev.control("POST", "/webhooks/settle")
    window.talk("after", "heard: after")
    expect(window.log.get_by_text("heard: hello", exact=True)).to_have_count(1)


def test_every_webhook_twice(window: Workbench) -> None:
    set_off(window, "Every webhook twice", "Until cleared")
    window.talk("hello", "heard: hello")
    window.talk("again", "heard: again")
    expect(window.log.get_by_text("heard: hello", exact=True)).to_have_count(1)
    window.picture("faults")
    window.inspector.get_by_role("button", name="Clear all").click()
    expect(window.inspector.get_by_text("Fair weather")).to_be_visible()


def test_events_out_of_order(window: Workbench) -> None:
    set_off(window, "Out of order", "Until cleared")
    for text in ("first", "second"):
        window.say(text)
    held = row(window, "Out of order")
    expect(held.get_by_role("button", name="Let go")).to_have_count(2)
    expect(window.log.get_by_text("heard:")).to_have_count(0)
    held.get_by_role("button", name="Last first").click()
    expect(window.log.get_by_text("heard: first", exact=True)).to_be_visible()
    expect(window.log.get_by_text("heard: second", exact=True)).to_be_visible()


def test_a_webhook_that_is_not_answered_in_time_is_told_and_sent_again(window: Workbench) -> None:
    set_off(window, "Webhook time-out")
    window.say("hello")
    window.hears("heard: hello")
    window.dev.control("POST", "/clock", advance=70_000)
    window.dev.control("POST", "/webhooks/settle")
    window.talk("after", "heard: after")
    expect(window.log.get_by_text("heard: hello", exact=True)).to_have_count(1)


def test_switched_off_and_standing_by(window: Workbench) -> None:
    for title in ("Webhook switched off", "Standby in every chat", "Standby in this chat"):
        row(window, title).get_by_role("button", name="Until cleared").click()
        expect(row(window, title).get_by_role("button", name="Turn off")).to_be_visible()
        window.say(title)
        expect(window.last).to_contain_text(title)
        window.dev.control("POST", "/webhooks/settle")
        row(window, title).get_by_role("button", name="Turn off").click()
        expect(row(window, title).get_by_role("button", name="Until cleared")).to_be_visible()
        window.talk(f"{title} is over", f"heard: {title} is over")
        expect(window.log.get_by_text(f"heard: {title}", exact=True)).to_have_count(0)


def test_the_month_is_used_up(window: Workbench) -> None:
    """What would have to be paid is held back; replies go on being free."""
    row(window, "429: monthly limit").get_by_role("button", name="Until cleared").click()
    window.talk("remind", "I will.")
    window.dev.control("POST", "/clock", advance=11 * 60_000)
    window.talk("hello", "heard: hello")
    expect(window.log.get_by_text("This is your reminder.")).to_be_visible()


def test_blocked(window: Workbench) -> None:
    window.talk("hello", "heard: hello")
    row(window, "Blocked").get_by_role("button", name="Until cleared").click()
    expect(window.page.get_by_role("button", name="Unblock", exact=True)).to_be_visible()
    row(window, "Blocked").get_by_role("button", name="Turn off").click()
    expect(window.page.get_by_role("button", name="Unblock", exact=True)).to_have_count(0)


def test_time_is_turned_forward(window: Workbench) -> None:
    window.talk("remind", "I will.")
    faults = window.open_tab("Faults")
    faults.get_by_role("button", name=re.compile(r"^To the next timer \(")).click()
    window.hears("This is your reminder.")
    expect(window.last).to_have_attribute("data-via", "push")


def order(window: Workbench, what: str) -> None:
    """Have the runtime do this, and wait until it has done it."""
    with window.page.expect_response("**/workbench/runtime"):
        window.inspector.get_by_role("button", name=what, exact=True).click()


def test_the_runtime_is_restarted_in_the_middle_of_a_talk(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("book", "How many seats?")
    window.open_tab("Faults")
    order(window, "Restart")
    window.talk("3", "3 seats. See you!")


@pytest.mark.parametrize("how", ["Stop", "Kill"])
def test_the_runtime_ends_and_nothing_is_lost(own: Start, open_page: Open, how: str) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("book", "How many seats?")
    panel = window.open_tab("Faults")
    order(window, how)
    expect(panel.get_by_text("stopped", exact=True).first).to_be_visible()
    window.say("3")
    expect(window.page.get_by_text("The bot did not take the last webhook")).to_be_visible()
    window.picture("stopped")
    order(window, "Start")
    shop.control("POST", "/clock", advance=61_000)  # LINE sends again what nobody took
    window.hears("3 seats. See you!")
    expect(window.log.get_by_text("3 seats. See you!", exact=True)).to_have_count(1)
    expect(window.page.get_by_text("The bot did not take the last webhook")).to_have_count(0)


def test_the_simulator_goes_away(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("hello", "heard: hello")
    shop.process.terminate()
    expect(window.page.get_by_text("The simulator does not answer.")).to_be_visible()
    window.say("kept")
    expect(window.field).to_have_value("kept")
    window.troubles.clear()  # that nobody answers is noted by the browser
