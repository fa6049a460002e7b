"""What agents and customers say to each other, and what each of them sees."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Guest, Room
from tests.browser.desk.seat import Seat
from tests.browser.drawn import png


def begun(room: Room, sit: Sit, guest: str = "Mai Sato", agent: str = "Aya") -> tuple[Seat, Guest]:
    """An agent and a customer whose chat they have."""
    seat, customer = sit(room.agent(agent)), room.asks(guest)
    seat.accept(guest)
    return seat, customer


def drawn(picture: Locator) -> None:
    """It is there, and the browser can show it."""
    expect(picture).to_be_visible()
    assert picture.evaluate("async img => { await img.decode(); return img.naturalWidth; }") > 0


def test_each_word_tells_what_it_costs(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    expect(aya.page.get_by_text("Billed push: 1").first).to_be_visible()
    aya.say("This is a push.")
    assert mai.hears("This is a push.")["via"] == "push"
    expect(aya.log).to_contain_text("Sent; 1 billed")
    mai.says("thank you")
    expect(aya.page.get_by_text(re.compile(r"^Free for 0:\d\d more")).first).to_be_visible()
    aya.say("This is free.")
    assert mai.hears("This is free.")["via"] == "reply"
    expect(aya.log).to_contain_text("Sent free as a reply")
    aya.picture("talk")


def test_stickers_quick_replies_and_pictures_arrive(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    page = aya.page
    page.get_by_role("button", name="Stickers").click()
    page.get_by_role("group", name="Stickers").get_by_role("button").first.click()
    mai.hears("sticker")
    page.get_by_role("button", name="Quick replies").click()
    for label in ("Today", "Tomorrow"):
        page.get_by_role("textbox", name=re.compile("^Button")).fill(label)
        page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Attach files").set_input_files(
        {"name": "tea.png", "mimeType": "image/png", "buffer": png(90, 60, (40, 90, 60), (240, 240, 200))}
    )
    expect(page.get_by_role("list", name="Files")).to_contain_text("tea.png")
    expect(page.get_by_role("list", name="Files")).to_contain_text("KB")
    aya.say("Which day?")
    assert mai.hears("originalContentUrl")["message"]["type"] == "image"
    assert [one["label"] for one in mai.hears("Which day?")["buttons"]] == ["Today", "Tomorrow"]
    mai.taps("Tomorrow")
    expect(aya.log.get_by_text("Tomorrow").last).to_be_visible()
    drawn(aya.log.locator("img").last)
    aya.picture("rich")


def test_files_of_customers_are_shown(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    mai.sends(type="image")
    mai.sends(type="file", name="order.pdf", data="JVBERi0xLjQK")
    mai.sends(type="location", title="Tea house", address="Kyoto", latitude=35.0, longitude=135.7)
    mai.sends(type="sticker", package="446", sticker="1988", keywords=["hello"])
    expect(aya.log).to_contain_text("order.pdf")
    expect(aya.log).to_contain_text("Tea house")
    drawn(aya.log.locator("img").first)
    expect(aya.row("Mai Sato")).to_contain_text("Sticker")
    with aya.page.expect_download() as download:
        aya.log.get_by_role("link", name=re.compile("order.pdf")).click()
    assert download.value.suggested_filename == "order.pdf"
    aya.picture("files")


def test_notes_are_for_colleagues_alone(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit, "Mai Lone")
    boss = sit(room.agent("Boss", "supervisor"), status="away")
    heard = mai.heard()
    aya.note("Gets angry when called Miss.")
    expect(aya.log.get_by_role("note")).to_contain_text("Gets angry when called Miss.")
    boss.go("All open")
    boss.find("Mai Lone")
    expect(boss.log.get_by_role("note")).to_contain_text("Gets angry when called Miss.")
    boss.more("Whisper")
    boss.dialog.get_by_role("textbox", name="Note").fill("Offer a refund.")
    boss.confirm("Add the note")
    expect(aya.log.get_by_role("note").last).to_contain_text("Offer a refund.")
    expect(aya.page.get_by_role("status")).to_contain_text("Boss names you in Mai Lone")
    aya.say("One moment.")
    mai.hears("One moment.")
    assert mai.heard() == [*heard, "One moment."]


def test_a_message_taken_back_is_gone_at_the_desk_too(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    said = mai.says("my number is 1234")
    expect(aya.log).to_contain_text("my number is 1234")
    room.house.dev.control("DELETE", f"/messages/{said}")
    expect(aya.log).not_to_contain_text("1234")
    expect(aya.log).to_contain_text(re.compile("unsent|took back|taken back", re.IGNORECASE))
    expect(aya.row("Mai Sato")).not_to_contain_text("1234")


def test_who_blocks_the_account_cannot_be_reached_until_they_unblock(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    room.house.dev.control("DELETE", f"/bots/shop/followers/{mai.id}")
    reach = aya.panel.get_by_text("Cannot be reached")
    expect(reach).to_be_visible()
    expect(aya.row("Mai Sato")).to_contain_text("Cannot be reached")
    expect(aya.log).to_contain_text("The customer cannot be reached any more")
    room.house.dev.control("POST", f"/bots/shop/followers/{mai.id}")
    expect(aya.log).to_contain_text("The customer can be reached again")
    expect(reach).to_have_count(0)
    expect(aya.row("Mai Sato")).not_to_contain_text("Cannot be reached")


def test_in_a_group_each_word_has_its_author(room: Room, sit: Sit) -> None:
    aya, dev = sit(room.agent("Aya")), room.house.dev
    mai, ken = room.guest("Mai Hara"), room.guest("Ken Hara")
    made = dev.control("POST", "/groups", name="Tea friends", members=[mai.id, ken.id], bot="shop")
    group = Guest(dev, made["id"], "Tea friends")
    group.says(f"help {room.queue}", user=mai.id)
    aya.accept("Tea friends")
    group.says("we are five", user=mai.id)
    group.says("no, six", user=ken.id)
    for words, author in (("we are five", "Mai Hara"), ("no, six", "Ken Hara")):
        expect(aya.log.locator(".talk-said").filter(has_text=words)).to_contain_text(author)
    expect(aya.panel.get_by_role("heading", name="Tea friends")).to_be_visible()
    expect(aya.panel).to_contain_text("Members (2)")
    aya.say("Six it is.")
    group.hears("Six it is.")
    expect(aya.page.get_by_text("Billed push: 2").first).to_be_visible()
    aya.picture("group")


def test_ready_made_replies_by_their_code(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya")
    caller.ask(
        "POST",
        "/canned",
        code="hours",
        title="Opening hours",
        scope="mine",
        texts={"en": "Dear {{ customer }}, we open at 9."},
    )
    caller.ask(
        "POST", "/canned", code="ship", title="Shipping", scope="mine", texts={"en": "Order {{ order }} is on its way."}
    )
    aya, mai = sit(caller), room.asks("Mai Sato")
    aya.accept("Mai Sato")
    aya.field.press_sequentially("/sh")
    options = aya.page.get_by_role("listbox", name="Ready-made replies").get_by_role("option")
    expect(options).to_have_text(["/ship Shipping"])
    aya.picture("canned")
    aya.field.press("Enter")
    expect(aya.field).to_have_value("Order N-1024 is on its way.")
    aya.field.press("Control+Enter")
    mai.hears("Order N-1024 is on its way.")
    aya.field.fill("/")
    expect(options).to_have_count(2)
    options.filter(has_text="hours").click()
    expect(aya.field).to_have_value("Dear Mai Sato, we open at 9.")
