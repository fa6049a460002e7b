"""Keys pressed faster than the page or the server: each goes where whoever pressed it was looking."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.test_talk import begun

AT_ONCE = """async keys => {
    const next = () => new Promise(done => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
    });
    for (const key of keys) {
        const at = document.activeElement ?? document.body;
        at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await next();
    }
}"""
"""Keys one task after the other, before the page is painted once."""


def test_a_dialog_is_left_and_the_next_opened_at_once(room: Room, sit: Sit) -> None:
    aya, _ = begun(room, sit)
    aya.page.keyboard.press("Escape")
    aya.page.evaluate(AT_ONCE, ["?", "Escape", "e"])
    expect(aya.dialog.get_by_role("combobox", name="Reason")).to_be_focused()
    aya.page.evaluate(AT_ONCE, ["Escape", "l", "Escape", "?", "Escape", "t"])
    expect(aya.dialog.get_by_role("textbox", name="To whom, or to which queue")).to_be_focused()
    aya.page.evaluate(AT_ONCE, ["Escape", "r"])
    expect(aya.dialog).to_have_count(0)
    expect(aya.field).to_be_focused()


def test_words_typed_while_an_offer_is_accepted_stand_in_its_field(room: Room, sit: Sit) -> None:
    aya, held = sit(room.agent("Aya")), list[Route]()
    mai, ken = room.asks("Mai Sato"), room.asks("Ken Sato")
    expect(aya.page).to_have_title("(2) Noren")
    first = aya.page.get_by_role("alertdialog").first.get_attribute("aria-label")
    aya.page.route("**/acts", lambda route: held.append(route))
    keys = aya.page.keyboard
    keys.press("Alt+a")
    keys.type("Hello, this is Aya.")
    keys.press("Control+Enter")
    keys.press("Alt+r")
    expect(aya.page.get_by_role("alertdialog")).to_have_count(0)
    for route in held:
        route.continue_()
    (mai if first == "Offer: Mai Sato" else ken).hears("Hello, this is Aya.")
    expect(aya.field).to_be_focused()
    assert (ken if first == "Offer: Mai Sato" else mai).heard().count("Hello, this is Aya.") == 0


def test_walking_through_chats_by_keys_writes_nothing(room: Room, sit: Sit) -> None:
    aya, _ = begun(room, sit, "Mai Sato")
    for name in ("Ken Sato", "Rin Abe"):
        room.asks(name)
        aya.accept(name)
    keys, heading = aya.page.keyboard, aya.page.get_by_role("heading", level=1).last
    keys.press("Escape")
    seen = set()
    for key in "kkkkjj":
        keys.press(key)
        seen.add(heading.text_content())
    assert seen == {"Mai Sato", "Ken Sato", "Rin Abe"}
    expect(aya.field).to_have_value("")
    expect(aya.field).not_to_be_focused()
    keys.press("Enter")
    keys.press("Alt+ArrowDown")
    expect(aya.field).to_be_focused()
