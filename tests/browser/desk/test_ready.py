"""Ready-made replies: words with what is filled in, and the files and buttons that come with them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.test_talk import begun
from tests.browser.drawn import png


def test_a_ready_made_reply_brings_a_picture_and_buttons(room: Room, sit: Sit) -> None:
    code = f"way{room.queue}"
    boss = sit(room.agent("Boss", "supervisor"), status="away")
    boss.go("Administration")
    boss.page.get_by_role("button", name="Add a reply").click()
    boss.page.get_by_role("textbox", name="Code").fill(code)
    boss.page.get_by_role("textbox", name="English").fill("Dear {{ customer }}, this is the way.")
    boss.page.get_by_label("Attach files").set_input_files(
        {"name": "map.png", "mimeType": "image/png", "buffer": png(80, 60, (200, 40, 40))}
    )
    expect(boss.page.get_by_role("list", name="Files").locator("img")).to_be_visible()
    buttons = boss.page.get_by_role("textbox", name="Button (up to 20 characters)")
    for label in ("Thank you", "Call me"):
        buttons.fill(label)
        buttons.press("Enter")
    boss.page.get_by_role("combobox", name="For").select_option(label="One queue")
    boss.page.get_by_role("combobox", name="Queue").select_option(value=room.queue)
    with boss.page.expect_response("**/canned") as kept:
        boss.page.get_by_role("button", name="Save", exact=True).click()
    assert kept.value.status == 201
    boss.picture("ready-made")

    aya, mai = begun(room, sit)
    aya.page.reload()
    aya.field.click()
    aya.page.keyboard.type(f"/{code}")
    aya.page.keyboard.press("Enter")
    expect(aya.field).to_have_value("Dear Mai Sato, this is the way.")
    expect(aya.page.get_by_role("list", name="Files")).to_contain_text("map")
    assert "this is the way" not in str(mai.heard()), "nothing is sent before the agent has seen it"
    aya.picture("ready-made-used")
    aya.field.press("Control+Enter")
    said = mai.hears("this is the way")
    assert [one["action"]["label"] for one in said["message"]["quickReply"]["items"]] == ["Thank you", "Call me"]
    assert "image" in [one["message"]["type"] for one in mai.entries()]
    expect(aya.page.get_by_role("list", name="Files")).to_have_count(0)


def test_a_ready_made_reply_chosen_by_mouse_keeps_what_was_typed(room: Room, sit: Sit) -> None:
    code = f"bye{room.queue}"
    caller = room.agent("Aya")
    caller.ask("POST", "/canned", code=code, texts={"en": "Have a nice day."})
    aya = sit(caller)
    room.asks("Mai Sato")
    aya.accept("Mai Sato")
    aya.field.fill("It is on its way. ")
    aya.page.get_by_role("button", name="Ready-made replies").click()
    aya.page.get_by_role("option", name=f"/{code}").click()
    expect(aya.field).to_have_value("It is on its way. Have a nice day.")
