"""The pictures of docs/tutorial/desk.md, taken of the real desk by `make picture`, one command of which this is.

Starts the sample bot on a Saturday at noon, has a few people ask for a person, and photographs what their agent sees.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import SWITCHES, program
from tests.browser.desk.house import Caller, Guest, House, Room, house, until
from tests.browser.desk.seat import Seat, seated
from tests.browser.dev import ROOT, folder

FOLDER = ROOT / "docs" / "images"
SIZE, PHONE = (1280, 760), (390, 844)
LARGEST = 250_000
"""Bytes of each picture; a page of the docs should open quickly."""
SATURDAY = 5


def noon(shop: House) -> None:
    """Turn the clock to when the sample shop is open."""
    now = datetime.fromtimestamp(shop.dev.control("GET", "/clock")["now"] / 1000, ZoneInfo("Asia/Tokyo"))
    wanted = (now + timedelta(days=(SATURDAY - now.weekday()) % 7 or 7)).replace(hour=12, minute=4, second=0)
    shop.dev.control("POST", "/clock", advance=round((wanted - now).total_seconds() * 1000))


def asks(shop: House, name: str, words: str, language: str = "en") -> Guest:
    """Somebody wants a person, because of an order."""
    guest = Guest(shop.dev, shop.dev.user(name, language=language), name)
    said = len(guest.heard())
    guest.says(words)
    until(lambda: guest.heard()[said:])
    shop.dev.control("POST", f"/bots/shop/chats/{guest.id}/tap", index=0)
    guest.settle()
    return guest


def offered(shop: House, aya: Seat) -> Guest:
    """The first case of the day."""
    mai = Guest(shop.dev, shop.dev.user("Mai", language="en"), "Mai")
    mai.says("opening hours")
    until(mai.heard)
    asks(shop, "Mai", "talk to a person")
    expect(aya.offer("Mai")).to_be_visible()
    aya.page.screenshot(path=FOLDER / "desk-offer.png")
    return mai


def talked(shop: House, aya: Seat, mai: Guest) -> None:
    aya.accept("Mai")
    mai.says("My tea has not come yet. Where is it?")
    aya.say("I am sorry! Let me look.")
    mai.hears("Let me look.")
    aya.note("@Ben did parcel 1024 leave on Thursday?")
    mai.sends(type="sticker", package="446", sticker="1989", keywords=["please"])
    others(shop, aya)
    aya.open("Mai")
    aya.page.get_by_role("textbox", name="Message to Mai").fill("It is with the post, and at your door tomorrow.")
    aya.page.mouse.move(700, 400)
    aya.log.evaluate("log => log.scrollTo(0, log.scrollHeight)")
    expect(aya.page.get_by_text("Free for").first).to_be_visible()
    aya.page.screenshot(path=FOLDER / "desk-talk.png")
    aya.field.press("Control+Enter")
    mai.hears("at your door tomorrow")


def others(shop: House, aya: Seat) -> None:
    """More chats at the same time."""
    mai = asks(shop, "舞", "スタッフ", "ja")
    aya.accept("舞")
    mai.says("贈り物用の箱はありますか。")
    aya.say("はい、三つの大きさがございます。")
    mai.hears("三つの大きさ")
    mai.says("写真を見たいです。")
    somchai = asks(shop, "สมชาย", "เจ้าหน้าที่", "th")
    aya.accept("สมชาย")
    somchai.says("ส่งไปเชียงใหม่ได้ไหม")
    expect(aya.log.get_by_text("เชียงใหม่")).to_be_visible()


def resolved(aya: Seat) -> None:
    aya.do("Resolve")
    aya.dialog.get_by_role("textbox", name="New label").fill("late parcel")
    aya.dialog.get_by_role("textbox", name="New label").press("Enter")
    aya.dialog.get_by_label("Closing note (colleagues only)").fill("With the post since Thursday; told her.")
    aya.page.screenshot(path=FOLDER / "desk-resolve.png")
    aya.confirm("Resolve")


def on_the_way(browser: Browser, shop: House, caller: Caller) -> None:
    with seated(browser, shop.url, FOLDER, caller, size=PHONE, touch=True) as phone:
        phone.open("舞")
        expect(phone.log.get_by_text("写真を見たいです。")).to_be_visible()
        phone.page.screenshot(path=FOLDER / "desk-phone.png")


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as root,
        house(folder("sample", Path(root))) as shop,
        sync_playwright() as drives,
    ):
        browser = drives.chromium.launch(executable_path=program(), args=SWITCHES)
        noon(shop)
        room = Room(shop, "orders")
        caller = room.agent("Aya", queues=["general", "orders"])
        room.agent("Ben", queues=["general", "orders"])
        caller.ask("PUT", "/presence", status="online")
        with seated(browser, shop.url, FOLDER, caller, size=SIZE) as aya:
            expect(aya.page.get_by_role("navigation", name="Views")).to_be_visible()
            mai = offered(shop, aya)
            talked(shop, aya, mai)
            resolved(aya)
        on_the_way(browser, shop, caller)
        browser.close()
    sizes = {file.name: file.stat().st_size for file in sorted(FOLDER.glob("desk-*.png"))}
    print("\n".join(f"{name}: {size:,} bytes" for name, size in sizes.items()))
    return int(max(sizes.values()) > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
