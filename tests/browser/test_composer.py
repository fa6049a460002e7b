"""All that a person can send and do with what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PICTURES, Start
from tests.browser.drawn import png, wav
from tests.browser.workbench import Workbench, opened


@pytest.fixture(scope="module")
def chat(kept: Start, browser: Browser) -> Iterator[Workbench]:
    shop = kept("kinds")
    with opened(browser, shop, PICTURES, chat=shop.user("Writer")) as window:
        yield window
        assert not window.troubles


def attach(chat: Workbench, what: str) -> None:
    chat.page.get_by_role("button", name="Photos, places, events …").click()
    chat.page.get_by_role("button", name=what, exact=True).click()


def palette(chat: Workbench, tab: str) -> None:
    chat.page.get_by_role("button", name="Stickers and emoji").click()
    chat.page.get_by_role("tab", name=tab, exact=True).click()


def upload(chat: Workbench, what: str, name: str, kind: str, data: bytes) -> None:
    chat.page.get_by_role("button", name="Photos, places, events …").click()
    with chat.page.expect_file_chooser() as chosen:
        chat.page.get_by_role("button", name=what, exact=True).click()
    file: Any = {"name": name, "mimeType": kind, "buffer": data}
    chosen.value.set_files(file)


def test_enter_sends_and_shift_enter_breaks_the_line(chat: Workbench) -> None:
    chat.field.press_sequentially("one")
    chat.field.press("Shift+Enter")
    chat.field.press_sequentially("two")
    expect(chat.field).to_have_value("one\ntwo")
    chat.field.press("Enter")
    chat.hears("heard: one")
    expect(chat.field).to_have_value("")


def test_the_button_sends_too(chat: Workbench) -> None:
    send = chat.page.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_disabled()
    chat.field.fill("by button")
    send.click()
    chat.hears("heard: by button")


def test_enter_that_ends_a_conversion_does_not_send(chat: Workbench) -> None:
    """Japanese is written by typing a reading and choosing among words; Enter chooses."""
    chat.field.fill("にほんご")
    init = {"key": "Enter", "code": "Enter", "isComposing": True, "keyCode": 229}
    chat.field.dispatch_event("keydown", init)
    expect(chat.field).to_have_value("にほんご")
    chat.field.press("Enter")
    chat.hears("heard: にほんご")


def test_stickers(chat: Workbench) -> None:
    palette(chat, "Stickers")
    chat.picture("stickers")
    chat.page.get_by_role("tabpanel").get_by_role("button").first.click()
    chat.hears("sticker ")
    chat.page.get_by_role("tab", name="By number").click()
    chat.page.get_by_label("Package").fill("789")
    chat.page.get_by_label("Sticker", exact=True).fill("10855")
    chat.page.get_by_label("Keywords, by comma").fill("hello, 挨拶")
    chat.page.locator("form").get_by_role("button", name="Send").click()
    chat.hears("sticker 789/10855")
    expect(chat.log.get_by_role("img", name="Sticker 789 / 10855, hello, 挨拶")).to_be_visible()
    chat.page.get_by_role("button", name="Stickers and emoji").click()


def test_emoji_and_lines_own(chat: Workbench) -> None:
    palette(chat, "LINE emoji")
    chat.page.get_by_role("tabpanel").get_by_role("button").first.click()
    chat.page.get_by_role("tab", name="Emoji", exact=True).click()
    chat.page.get_by_role("tabpanel").get_by_role("button", name="😊").click()
    chat.page.get_by_role("button", name="Stickers and emoji").click()
    chat.field.press("Enter")
    chat.hears("heard: (")
    expect(chat.log.get_by_role("img", name="LINE emoji 5ac").first).to_be_visible()


@pytest.mark.parametrize(
    ("what", "name", "kind", "data", "heard"),
    [
        ("Photos", "a.png", "image/png", png(60, 40, (200, 60, 60)), "a picture"),
        ("Video", "a.mp4", "video/mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40, "a video"),
        ("File", "menu <b>.pdf", "application/pdf", b"%PDF-1.4", "a file menu <b>.pdf"),
    ],
)
def test_uploads(chat: Workbench, what: str, name: str, kind: str, data: bytes, heard: str) -> None:
    upload(chat, what, name, kind, data)
    chat.hears(heard)


def test_what_was_uploaded_is_what_is_shown(chat: Workbench) -> None:
    upload(chat, "Photos", "wide.png", "image/png", png(64, 32, (10, 90, 200)))
    chat.hears("a picture")
    shown = chat.log.get_by_role("article").nth(-2).get_by_role("img")
    expect(shown).to_have_js_property("naturalWidth", 64)


def test_several_pictures_at_once(chat: Workbench) -> None:
    chat.page.get_by_role("button", name="Photos, places, events …").click()
    with chat.page.expect_file_chooser() as chosen:
        chat.page.get_by_role("button", name="Photos", exact=True).click()
    files: Any = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png(9, 9, (n, n, n))} for n in (1, 2)]
    before = chat.log.get_by_text("a picture", exact=True).count()
    chosen.value.set_files(files)
    expect(chat.log.get_by_text("a picture", exact=True)).to_have_count(before + 2)


def test_files_can_be_dropped(chat: Workbench) -> None:
    drop = """async ([name, type, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name, { type }));
        const phone = document.querySelector(".phone-inside");
        phone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    chat.page.evaluate(drop, ["dropped.txt", "text/plain", "tea"])
    chat.hears("a file dropped.txt")


def test_a_voice_message(chat: Workbench) -> None:
    attach(chat, "Voice")
    chat.sheet.get_by_role("button", name="A second of silence").click()
    chat.hears("a sound")


def test_a_sound_file_is_a_voice_message(chat: Workbench) -> None:
    drop = """async ([name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type: "audio/wav" }));
        const phone = document.querySelector(".phone-inside");
        phone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    chat.page.evaluate(drop, ["a.wav", list(wav(0.2))])
    chat.hears("a sound")


def test_a_location_of_ones_own(chat: Workbench) -> None:
    attach(chat, "Location")
    chat.sheet.get_by_label("Title").fill("Here")
    chat.sheet.get_by_label("Latitude").fill("-33.9")
    chat.sheet.get_by_role("button", name="Send").click()
    chat.hears("a place Here")


def test_other_events(chat: Workbench) -> None:
    attach(chat, "Other events")
    chat.sheet.get_by_label("Data", exact=True).fill("by=hand")
    chat.sheet.get_by_role("button", name="Send").click()
    chat.hears('"by": "hand"')
    attach(chat, "Other events")
    chat.sheet.get_by_label("Kind").select_option(label="Any event")
    chat.sheet.get_by_label("Event (JSON)").fill("{broken")
    chat.sheet.get_by_role("button", name="Send").click()
    expect(chat.sheet.get_by_role("alert")).to_have_text("This is no JSON object.")
    chat.page.keyboard.press("Escape")


def test_quoting(chat: Workbench) -> None:
    first = chat.ask("to be quoted")
    chat.menu_of(first, "Reply")
    expect(chat.page.get_by_text("Replying to shop")).to_be_visible()
    expect(chat.field).to_be_focused()
    chat.talk("my answer", "heard: my answer")
    quoting = chat.log.get_by_role("article").nth(-2)
    expect(quoting.get_by_role("blockquote")).to_contain_text("heard: to be quoted")


def test_unsending(chat: Workbench) -> None:
    chat.talk("a secret", "heard: a secret")
    chat.menu_of(chat.log.get_by_role("article").nth(-2), "Unsend")
    chat.hears("You took something back.")
    expect(chat.log).to_contain_text("You unsent a message.")
    expect(chat.log.get_by_text("a secret", exact=True)).to_have_count(0)


def test_copying_a_text(chat: Workbench) -> None:
    chat.menu_of(chat.ask("copy me"), "Copy")
    chat.page.wait_for_function("navigator.clipboard.readText().then(text => text === 'heard: copy me')")


def test_the_first_words_offered(kept: Start, browser: Browser) -> None:
    shop = kept("kinds")
    with opened(browser, shop, PICTURES, chat=shop.user("Silent", language="ja"), language="ja-JP") as window:
        offered = window.page.get_by_role("button", name="こんにちは", exact=True)
        offered.click()
        window.hears("heard: こんにちは")
        expect(offered).to_have_count(0)
