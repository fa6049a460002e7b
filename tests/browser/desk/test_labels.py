"""Labels: kept by who leads, given by agents, renamed everywhere."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.test_talk import begun


def test_a_label_is_made_given_renamed_and_retired(room: Room, sit: Sit) -> None:
    name, other = f"refund {room.queue}", f"money back {room.queue}"
    boss = sit(room.agent("Boss", "supervisor"), status="away")
    boss.go("Administration")
    boss.page.get_by_role("tab", name="Labels").click()
    boss.page.get_by_role("button", name="Add a label").click()
    boss.page.get_by_role("textbox", name="Title").fill(name)
    boss.page.get_by_role("radio", name="Red").check()
    boss.page.get_by_role("button", name="Save", exact=True).click()
    expect(boss.page.get_by_role("checkbox", name="Retired")).to_be_visible()

    aya, _ = begun(room, sit)
    aya.page.keyboard.press("Escape")
    aya.page.keyboard.press("l")
    aya.dialog.get_by_role("button", name=name).click()
    aya.confirm("Save")
    chip = aya.row("Mai Sato").get_by_text(name)
    colour = "el => getComputedStyle(el).color"
    plain = aya.page.locator("h1").first.evaluate(colour)
    expect(chip).to_be_visible()
    assert chip.evaluate(colour) != plain

    boss.page.get_by_role("textbox", name="Title").fill(other)
    boss.page.get_by_role("button", name="Save", exact=True).click()
    expect(boss.page.get_by_text("changed in 1 open cases")).to_be_visible()
    expect(aya.row("Mai Sato").get_by_text(other)).to_be_visible()
    boss.picture("labels")

    boss.page.get_by_role("checkbox", name="Retired").check()
    with boss.page.expect_response("**/labels/*"):
        boss.page.get_by_role("button", name="Save", exact=True).click()
    room.asks("Ken Sato")
    aya.accept("Ken Sato")
    aya.page.keyboard.press("Escape")
    with aya.page.expect_response("**/labels"):
        aya.page.keyboard.press("l")
    expect(aya.dialog.get_by_role("textbox", name="New label")).to_be_focused()
    expect(aya.dialog.get_by_role("button", name=other)).to_have_count(0)
