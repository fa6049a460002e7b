"""Every kind of message a bot can send, as somebody sees it and as a screen reader tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import PICTURES, Start
from tests.browser.workbench import Workbench, opened

PARTS: dict[str, list[tuple[str, str]]] = {
    "text": [("link", "https://example.com/a?b=c")],
    "emoji": [("img", "LINE emoji 5ac1bfd5040ab15980c9b435 / 001")],
    "quote": [("blockquote", "Quoted message")],
    "sticker": [("img", "Sticker 446 / 1988")],
    "image": [("button", "Photo. Show it large")],
    "video": [("button", "Play: Video"), ("button", "Watched to the end")],
    "audio": [("group", "Voice message, 0:04"), ("button", "Play")],
    "location": [("link", "Open a map of Our shop, 1-3 Kioicho, Tokyo")],
    "buttons": [("button", "As a message"), ("button", "As a postback"), ("button", "A link"), ("button", "A copy")],
    "confirm": [("button", "Yes"), ("button", "No")],
    "cards": [("listitem", "Card 1 of 3"), ("button", "Take matcha"), ("button", "Take dango")],
    "image cards": [("listitem", "Card 2 of 2"), ("button", "Matcha"), ("button", "Hojicha")],
    "imagemap": [("img", "Left or right?"), ("button", "left half")],
    "flex": [("button", "Flex message"), ("button", "Flex link"), ("button", "Flex day")],
    "flex carousel": [("listitem", "Card 3 of 3")],
    "coupon": [("region", "Coupon 01JYNW8JMQVFBNWF1APF8Z3FS7")],
}
"""What follows `say`, and the roles and names that must be in the answer."""
WORDS = {
    "text": "Two lines",
    "emoji": "there",
    "quote": "Quoting you",
    "sender": "As somebody else",
    "buttons": "What would you like?",
    "confirm": "Are you sure?",
    "cards": "Matcha",
    "flex": "Brown Cafe",
    "flex carousel": "Second bubble",
}
AT_END = """() => {
    const log = document.querySelector("[role=log]");
    return log.scrollHeight - log.clientHeight - log.scrollTop <= 1;
}"""
"""Whether the end of the chat is in view, to the pixel."""


@pytest.fixture(scope="module")
def chat(kept: Start, browser: Browser) -> Iterator[Workbench]:
    """One chat in which all kinds are said, one after the other."""
    PICTURES.mkdir(exist_ok=True)
    shop = kept("kinds")
    with opened(browser, shop, PICTURES, chat=shop.user("Reader"), size=(1440, 1200)) as window:
        yield window
        assert not window.troubles


def asked(chat: Workbench, kind: str) -> Locator:
    """The answer to `say KIND`, which comes after the request."""
    return chat.ask(f"say {kind}")


@pytest.mark.parametrize("kind", sorted(PARTS.keys() | WORDS.keys()))
def test_kind(chat: Workbench, kind: str) -> None:
    said = asked(chat, kind)
    for role, name in PARTS.get(kind, []):
        expect(said.get_by_role(role, name=name, exact=True)).to_be_visible()  # type: ignore[arg-type]
    if kind in WORDS:
        expect(said).to_contain_text(WORDS[kind])
    chat.page.wait_for_function(AT_END)
    chat.picture(f"kind-{kind.replace(' ', '-')}", said)


def test_pictures_are_loaded(chat: Workbench) -> None:
    """From the bot itself, although it gives LINE an https address."""
    said = asked(chat, "image")
    picture = said.get_by_role("img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 100
    said.get_by_role("button", name="Photo. Show it large").click()
    large = chat.page.get_by_role("dialog")
    expect(large).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(large).to_have_count(0)


def test_cards_swipe(chat: Workbench) -> None:
    said = asked(chat, "cards")
    last = said.get_by_role("button", name="Take dango")
    expect(last).not_to_be_in_viewport(ratio=1)
    said.get_by_role("button", name="Next card").click()
    said.get_by_role("button", name="Next card").click()
    expect(last).to_be_in_viewport(ratio=1)
    expect(said.get_by_role("button", name="Previous card")).to_be_visible()


def test_several_messages_at_once_stand_in_order(chat: Workbench) -> None:
    chat.say("say many")
    chat.hears("Three")
    texts = [re.sub(r"\s+", " ", text) for text in chat.log.get_by_role("article").all_inner_texts()[-3:]]
    assert ["One" in texts[0], "Two" in texts[1], "Three" in texts[2]] == [True] * 3


def test_a_name_and_picture_may_be_lent(chat: Workbench) -> None:
    said = asked(chat, "sender")
    expect(said).to_contain_text("Master Ito")
    expect(said).to_have_accessible_name(re.compile("^Master Ito, "))


def test_notification_texts_can_be_shown(chat: Workbench) -> None:
    asked(chat, "imagemap")
    chat.page.get_by_role("button", name="Show notification texts").click()
    expect(chat.last).to_contain_text("Left or right?")
    chat.page.get_by_role("button", name="Hide notification texts").click()
    expect(chat.last).not_to_contain_text("Left or right?")


def test_a_watched_video_is_told_to_the_bot(chat: Workbench) -> None:
    asked(chat, "video").get_by_role("button", name="Watched to the end").click()
    chat.hears("You watched tour.")


def test_a_kind_nobody_knows_is_shown_as_it_came(chat: Workbench) -> None:
    [bot] = chat.dev.control("GET", "/bots")["bots"]
    user = chat.page.url.rpartition("/")[2]
    chat.dev.control("POST", f"/bots/{bot['name']}/chats/{user}/messages", type="raw", message={"type": "hologram"})
    expect(chat.log).to_contain_text("hologram")
