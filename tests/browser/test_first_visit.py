"""From nothing to a chat: the sample bot, a browser, and nobody there yet."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.browser.conftest import Open, Start


def test_from_nothing_to_a_chat(own: Start, open_page: Open) -> None:
    began = time.monotonic()
    shop = own("sample")
    started = time.monotonic()
    window = open_page(shop)
    expect(window.page).to_have_title("shop · Noren")
    expect(window.log.get_by_role("article").first).to_be_visible()  # somebody is there already, and is welcomed
    welcomed = time.monotonic()
    window.page.get_by_role("button", name="Write a text").click()  # until then the shop's menu is in its place
    window.say("hours")
    expect(window.log.get_by_role("article").filter(has_text="11")).not_to_have_count(0)
    answered = time.monotonic()
    print(f"`noren dev` up: {started - began:.1f} s, welcome seen: +{welcomed - started:.1f} s")
    print(f"first words answered: +{answered - welcomed:.1f} s")
    window.picture("first-visit")


def test_a_second_window_sees_the_same_chat(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    somebody = shop.user("Second window")
    one, two = open_page(shop, chat=somebody), open_page(shop, chat=somebody)
    one.talk("hello", "heard: hello")
    two.hears("heard: hello")


def test_a_reload_keeps_the_chat_in_view(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    shop.user("Another")
    window = open_page(shop, chat=shop.user("Reloader"))
    window.talk("hello", "heard: hello")
    window.page.reload()
    window.hears("heard: hello")
    window.talk("again", "heard: again")
