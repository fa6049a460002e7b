"""For everybody: by keyboard alone, on a phone, in the dark, in Japanese; and words are found in any script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.test_talk import begun

PHONE = (390, 844)


def test_a_whole_case_by_keyboard_alone(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    keys, mai = aya.page.keyboard, room.asks("Mai Sato")
    ken = room.asks("Ken Sato")
    expect(aya.page).to_have_title("(2) Noren")
    keys.press("Alt+a")
    expect(aya.field).to_be_focused()
    keys.press("Alt+a")
    expect(aya.page).to_have_title(re.compile("Noren"))
    expect(aya.page.get_by_role("alertdialog")).to_have_count(0)
    keys.press("Escape")
    keys.press("1")
    keys.press("j")
    keys.press("k")
    expect(aya.field).to_be_visible()
    keys.press("r")
    expect(aya.field).to_be_focused()
    name = aya.page.get_by_role("heading", level=1).last.text_content()
    keys.type("By keyboard.")
    keys.press("Control+Enter")
    (mai if name == "Mai Sato" else ken).hears("By keyboard.")
    keys.press("Alt+n")
    keys.type("A note by keyboard.")
    keys.press("Control+Enter")
    expect(aya.log.get_by_role("note")).to_contain_text("A note by keyboard.")
    keys.press("Alt+n")
    keys.press("Escape")
    keys.press("?")
    expect(aya.dialog).to_contain_text("Ctrl")
    keys.press("Escape")
    keys.press("e")
    expect(aya.dialog.get_by_role("combobox", name="Reason")).to_be_focused()
    keys.press("Control+Enter")
    expect(aya.dialog).to_have_count(0)
    keys.press("Control+k")
    keys.type("done")
    aya.picture("commands")
    keys.press("Enter")
    expect(aya.page.get_by_role("listitem")).to_have_count(1)


def test_on_a_phone_one_thing_at_a_time(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"), size=PHONE, touch=True)
    areas = aya.page.get_by_role("navigation", name="Areas")
    mai = room.asks("Mai Sato")
    expect(aya.offer("Mai Sato")).to_be_visible()
    aya.picture("phone-offer")
    aya.accept("Mai Sato")
    mai.says("do you have green tea?")
    aya.say("Yes, and black tea too.")
    mai.hears("Yes, and black tea too.")
    expect(aya.log).to_contain_text("green tea")
    aya.picture("phone-talk")
    areas.get_by_role("button", name="Customer").click()
    expect(aya.panel.get_by_role("heading", name="Mai Sato")).to_be_visible()
    aya.picture("phone-panel")
    areas.get_by_role("button", name="Views").click()
    expect(aya.page.get_by_role("button", name="All open")).to_be_visible()
    aya.picture("phone-menu")
    areas.get_by_role("button", name="Chats").click()
    expect(aya.row("Mai Sato")).to_be_visible()
    aya.picture("phone-list")
    wide = aya.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]


@pytest.mark.parametrize(("language", "online", "resolve"), [("ja-JP", "対応可", "解決"), ("th-TH", "ออนไลน์", "ปิดเคส")])
def test_in_the_language_of_the_browser_and_in_the_dark(
    room: Room, sit: Sit, language: str, online: str, resolve: str
) -> None:
    caller = room.agent("綾")
    room.asks("さとう まい", language="ja")
    case = room.case("さとう まい")["id"]
    caller.ask("POST", f"/cases/{case}/acts", do="claim", id="1")
    aya = sit(caller, language=language, dark=True)
    expect(aya.page.get_by_role("combobox").first.locator("option:checked")).to_have_text(online)
    aya.page.get_by_role("listitem").get_by_role("button").first.click()
    expect(aya.page.get_by_role("button", name=resolve)).to_be_visible()
    expect(aya.page.locator("html")).to_have_attribute("lang", language.split("-")[0])
    ground = aya.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 80, "dark"
    aya.picture(f"dark-{language[:2]}")


def test_words_are_found_in_scripts_without_spaces(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    for words in ("京都のお茶を三つ注文しました", "สวัสดีครับ ผมต้องการเปลี่ยนที่อยู่", "我想更改送貨地址謝謝"):
        mai.says(words)
    expect(aya.log).to_contain_text("送貨地址")
    for words in ("お茶", "ที่อยู่", "送貨"):
        aya.search(words)
        found = aya.page.get_by_role("region", name="Search")
        expect(found.get_by_role("button").filter(has_text=words).first).to_be_visible()
    aya.picture("search")
    aya.page.get_by_role("button", name="Back to the list").click()
    expect(aya.row("Mai Sato")).to_be_visible()


def test_supervisors_watch_and_count(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit, "Mai Watched")
    aya.say("Hello.")
    mai.hears("Hello.")
    boss = sit(room.agent("Boss", "supervisor"), status="away")
    boss.go("Monitor")
    expect(boss.page.get_by_role("main", name="Monitor")).to_contain_text("Aya")
    boss.picture("monitor")
    boss.go("Reports")
    expect(boss.page.get_by_role("main", name="Reports")).to_contain_text("Median wait")
    boss.picture("reports")
    boss.go("Administration")
    expect(boss.page.get_by_role("tab", name="Rules")).to_have_count(0)
    boss.picture("administration")
