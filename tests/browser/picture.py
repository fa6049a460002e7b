"""The picture in the README, taken of the real page: `make picture`, or `python -m tests.browser.picture [FILE]`.

Starts the sample bot with LINE beside it, has a few people talk to it, and photographs the page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import SWITCHES, program
from tests.browser.dev import ROOT, Dev, dev, folder
from tests.browser.workbench import Workbench, opened

PICTURE = ROOT / "docs" / "images" / "workbench.png"
SIZE = (1360, 850)
LARGEST = 300_000
"""Bytes; the README should open quickly."""


def others(shop: Dev) -> None:
    """Whoever else talks to the shop today."""
    mai, ken = shop.user("舞", language="ja"), shop.user("สมชาย", language="th")
    shop.control("POST", "/groups", name="Tea friends", members=[mai, ken], bot="shop")
    for user, text in ((ken, "สวัสดี"), (mai, "営業時間")):
        shop.control("POST", f"/bots/shop/chats/{user}/messages", type="text", text=text)
    shop.control("POST", "/webhooks/settle")


def talk(window: Workbench) -> None:
    """Somebody orders tea; the picture is taken while a question waits."""
    window.page.get_by_role("button", name="Write a text").click()
    window.say("tea")
    cards = window.log.get_by_role("button", name="Order this").first
    expect(cards).to_be_visible()
    cards.click()
    expect(window.page.get_by_role("group", name="Quick replies").get_by_role("button", name="2")).to_be_visible()
    flow = window.open_tab("Flow")
    expect(flow.locator("[data-step].waiting")).to_have_count(1)
    window.log.evaluate("log => log.scrollTo(0, log.scrollHeight)")
    window.page.mouse.move(0, 0)
    window.page.evaluate("document.activeElement.blur()")


def main(file: Path) -> int:
    with tempfile.TemporaryDirectory() as root, dev(folder("sample", Path(root))) as shop, sync_playwright() as drives:
        browser = drives.chromium.launch(executable_path=program(), args=SWITCHES)
        me = shop.user("Aoi")
        others(shop)
        with opened(browser, shop, file.parent, size=SIZE, chat=me) as window:
            shop.control("DELETE", f"/bots/shop/followers/{me}")
            shop.control("POST", f"/bots/shop/followers/{me}")  # a friend who is back is welcomed
            talk(window)
            window.page.wait_for_load_state("networkidle")
            window.picture(file.stem)
        browser.close()
    size = file.stat().st_size
    print(f"{file}: {size:,} bytes")
    return int(size > LARGEST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if sys.argv[1:] else PICTURE))
