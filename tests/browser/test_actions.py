"""Every action that a tap can do, in each place that can hold it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PICTURES, Start
from tests.browser.drawn import png
from tests.browser.workbench import Workbench, opened


@pytest.fixture(scope="module")
def chat(kept: Start, browser: Browser) -> Iterator[Workbench]:
    shop = kept("kinds")
    with opened(browser, shop, PICTURES, chat=shop.user("Tapper"), size=(1440, 1200)) as window:
        yield window
        assert not window.troubles


def ask(chat: Workbench, kind: str) -> None:
    chat.ask(f"say {kind}")


def copied(chat: Workbench, text: str) -> None:
    """This is in the clipboard, or soon will be."""
    chat.page.wait_for_function("text => navigator.clipboard.readText().then(found => found === text)", arg=text)


def link(chat: Workbench) -> str:
    """The address that is offered to be opened; the offer is then closed."""
    expect(chat.sheet.get_by_role("link", name="Open")).to_be_visible()
    found = chat.sheet.get_by_role("link", name="Open").get_attribute("href")
    chat.sheet.get_by_role("button", name="Close").click()
    expect(chat.sheet).to_have_count(0)
    return str(found)


# ── buttons in messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "label", "heard"),
    [
        ("buttons", "As a message", "heard: said by a button"),
        ("confirm", "Yes", "heard: yes, sure"),
        ("cards", "Take matcha", '"take": "matcha"'),
        ("image cards", "Matcha", "heard: matcha card"),
        ("imagemap", "left half", "heard: left half"),
        ("flex", "Flex message", "heard: said by flex"),
        ("flex", "Flex postback", '"flex": "1"'),
    ],
)
def test_messages_and_postbacks(chat: Workbench, kind: str, label: str, heard: str) -> None:
    ask(chat, kind)
    chat.tap(label)
    chat.hears(heard)


def test_a_postback_shows_its_words_in_the_chat(chat: Workbench) -> None:
    ask(chat, "buttons")
    chat.tap("As a postback")
    chat.hears('"a": "1"')
    expect(chat.log.get_by_role("article").nth(-2)).to_contain_text("shown instead")


@pytest.mark.parametrize(
    ("kind", "label", "address"),
    [
        ("buttons", "A link", "https://example.com/shop"),
        ("imagemap", "uri: https://example.com/right", "https://example.com/right"),
        ("flex", "Flex link", "https://example.com/flex"),
    ],
)
def test_links_are_offered_and_not_followed_by_themselves(chat: Workbench, kind: str, label: str, address: str) -> None:
    ask(chat, kind)
    chat.tap(label)
    assert link(chat) == address


@pytest.mark.parametrize(
    ("kind", "label", "text"), [("buttons", "A copy", "COUPON-7"), ("flex", "Flex copy", "FLEX-5")]
)
def test_copies(chat: Workbench, kind: str, label: str, text: str) -> None:
    ask(chat, kind)
    chat.tap(label)
    expect(chat.page.get_by_text("Copied").first).to_be_visible()
    copied(chat, text)


# ── quick replies ───────────────────────────────────────────────────────────────────────────────────────────


def test_quick_replies_vanish_after_use(chat: Workbench) -> None:
    ask(chat, "quick")
    group = chat.page.get_by_role("group", name="Quick replies")
    expect(group.get_by_role("button")).to_have_count(11)
    chat.picture("quick-replies")
    chat.quick("Text")
    chat.hears("heard: a quick text")
    expect(group).to_have_count(0)


def test_two_quick_taps_on_a_quick_reply_are_one(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.page.get_by_role("group", name="Quick replies").get_by_role("button", name="Text", exact=True).dblclick()
    chat.hears("heard: a quick text")
    expect(chat.page.get_by_text("no longer shown")).to_have_count(0)


def test_quick_replies_vanish_when_something_else_is_written(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.talk("never mind", "heard: never mind")
    expect(chat.page.get_by_role("group", name="Quick replies")).to_have_count(0)


def test_quick_postback_link_and_copy(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.quick("Link")
    assert link(chat) == "https://example.com/quick"
    ask(chat, "quick")
    chat.quick("Copy")
    copied(chat, "QUICK-9")
    ask(chat, "quick")
    chat.quick("Postback")
    chat.hears('"quick": "1"')


@pytest.mark.parametrize(
    ("label", "title", "initial", "picked"),
    [
        ("Date", "Choose a day", "2026-12-01", "2026-12-24"),
        ("Time", "Choose a time", "10:30", "18:45"),
        ("Moment", "Choose day and time", "2026-12-01T10:30", "2026-12-24T18:45"),
    ],
)
def test_pickers(chat: Workbench, label: str, title: str, initial: str, picked: str) -> None:
    ask(chat, "quick")
    chat.quick(label)
    sheet = chat.page.get_by_role("dialog", name=title)
    expect(sheet.get_by_label(label)).to_have_value(initial)
    chat.picture(f"picker-{label.lower()}")
    sheet.get_by_label(label).fill(picked)
    sheet.get_by_role("button", name="OK").click()
    chat.hears(picked)


@pytest.mark.parametrize(
    ("label", "picked"), [("The day", "2026-12-31"), ("The time", "07:05"), ("Both", "2027-01-01T00:00")]
)
def test_pickers_in_a_template(chat: Workbench, label: str, picked: str) -> None:
    ask(chat, "pickers")
    chat.tap(label)
    chat.sheet.get_by_label(label).fill(picked)
    chat.sheet.get_by_role("button", name="OK").click()
    chat.hears(picked)


def test_a_picker_keeps_to_its_bounds(chat: Workbench) -> None:
    ask(chat, "pickers")
    chat.tap("The day")
    chat.sheet.get_by_label("The day").fill("2027-01-01")
    chat.sheet.get_by_role("button", name="OK").click()
    expect(chat.sheet).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.last).to_contain_text("When?")


def test_a_picker_can_be_left(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.quick("Date")
    chat.page.keyboard.press("Escape")
    expect(chat.sheet).to_have_count(0)
    expect(chat.last).to_contain_text("Choose")


def test_a_picker_in_a_card(chat: Workbench) -> None:
    ask(chat, "flex")
    chat.tap("Flex day")
    chat.sheet.get_by_label("Flex day").fill("2027-01-05")
    chat.sheet.get_by_role("button", name="OK").click()
    chat.hears("2027-01-05")


def test_camera_and_camera_roll(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.quick("Camera")
    chat.page.get_by_role("dialog", name="Take a picture").get_by_role("button", name="A drawn sample").click()
    chat.hears("a picture")
    ask(chat, "quick")
    chat.quick("Album")
    sheet = chat.page.get_by_role("dialog", name="Choose a picture")
    file = {"name": "tea.png", "mimeType": "image/png", "buffer": png(40, 30, (0, 120, 0))}
    sheet.get_by_label("From this machine").set_input_files(file)  # type: ignore[arg-type]
    chat.hears("a picture")


def test_location(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.quick("Place")
    sheet = chat.page.get_by_role("dialog", name="Send a location")
    sheet.get_by_role("button", name="สยาม Siam").click()
    chat.picture("location-sheet")
    sheet.get_by_role("button", name="Send").click()
    chat.hears("a place สยาม Siam")


def test_a_postback_may_prepare_what_is_written(chat: Workbench) -> None:
    ask(chat, "quick")
    chat.quick("Write")
    expect(chat.field).to_have_value("My name is ")
    expect(chat.field).to_be_focused()
    chat.field.fill("")


def test_a_finger_that_taps_twice(chat: Workbench) -> None:
    chat.page.get_by_role("button", name="Photos, places, events …").click()
    chat.page.get_by_role("button", name="Double tap").click()
    ask(chat, "confirm")
    chat.tap("No")
    expect(chat.log.get_by_text("heard: no", exact=True)).to_have_count(2)
    chat.page.get_by_role("button", name="Photos, places, events …").click()
    chat.page.get_by_role("button", name="Double tap").click()
