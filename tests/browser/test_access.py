"""The page for everybody: by keys alone, read aloud, in the dark, in Japanese, on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Start
from tests.browser.workbench import Workbench

PHONE = (390, 844)
NAMELESS = """() => {
    const roles = "button, a[href], input, select, textarea, [role=button], [role=tab], [role=menuitem], [role=link]";
    const seen = [...document.querySelectorAll(roles)].filter(one => one.checkVisibility() && !one.closest("[hidden]"));
    const labels = one => [...(one.labels || [])].map(label => label.textContent).join("");
    const named = one =>
        (one.getAttribute("aria-label") || one.textContent || one.title || one.placeholder || labels(one)).trim();
    return seen.filter(one => !named(one)).map(one => one.outerHTML.slice(0, 200));
}"""
CONTRAST = """() => {
    const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const numbers = colour => {
        const found = (colour.match(/[\\d.]+/g) || []).map(Number);
        return colour.startsWith("color(") ? found.map((part, at) => at < 3 ? part * 255 : part) : found;
    };
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = one => {
        for (let at = one; at; at = at.parentElement) {
            const found = numbers(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
            if (found[3] > 0) return null;
        }
        return [255, 255, 255];
    };
    const bad = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const one = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !one.checkVisibility()) continue;
        if (one.closest("[disabled], [aria-hidden], .bubble, svg")) continue;
        const [ink, paper] = [numbers(getComputedStyle(one).color), ground(one)];
        if (!paper || ink[3] < 1) continue;
        const [low, high] = [light(ink), light(paper)].sort((a, b) => a - b);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < 4.4) bad.push(`${ratio.toFixed(2)} ${one.className}: ${walk.currentNode.data.trim().slice(0, 40)}`);
    }
    return bad;
}"""


def wide(page: Page) -> Any:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_by_keys_alone(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.somebody())
    keys = window.page.keyboard
    for _ in range(40):
        if window.field.evaluate("field => field === document.activeElement"):
            break
        keys.press("Tab")
    expect(window.field).to_be_focused()
    keys.type("say quick")
    keys.press("Enter")
    quick = window.page.get_by_role("group", name="Quick replies")
    expect(quick).to_be_visible()
    for _ in range(60):
        if quick.evaluate("group => group.contains(document.activeElement)"):
            break
        keys.press("Shift+Tab")
    focused = window.page.locator(":focus")
    expect(focused).to_have_css("outline-style", "solid")
    while focused.inner_text() != "Text":
        keys.press("Shift+Tab")
    keys.press("Enter")
    window.hears("heard: a quick text")


def test_a_sheet_keeps_the_focus_and_gives_it_back(kept: Start, open_page: Open) -> None:
    window = open_page(kept("kinds"))
    opener = window.page.get_by_role("button", name="New person")
    opener.focus()
    window.page.keyboard.press("Enter")
    for _ in range(30):
        window.page.keyboard.press("Tab")
        assert window.sheet.evaluate("sheet => sheet.contains(document.activeElement)")
    window.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_help_tells_the_keys(kept: Start, open_page: Open) -> None:
    window = open_page(kept("kinds"))
    window.page.get_by_role("button", name="Help and keys").click()
    expect(window.sheet).to_contain_text("menu of a message")
    window.picture("help")


def everything(window: Workbench) -> list[str]:
    """Whatever can be used but has no name, in every tab and with everything said."""
    for kind in ("buttons", "cards", "image cards", "imagemap", "flex", "audio", "video", "image", "location", "quick"):
        window.ask(f"say {kind}")
    found: list[str] = []
    for tab in ("Flow", "Turns", "Session", "Agent", "Log", "Findings", "Tests", "Faults"):
        window.open_tab(tab)
        found += window.page.evaluate(NAMELESS)
    for opens in ("Photos, places, events …", "Stickers and emoji"):
        window.page.get_by_role("button", name=opens).click()
        found += window.page.evaluate(NAMELESS)
    return found


def test_whatever_can_be_used_has_a_name(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.somebody())
    assert not everything(window)
    snapshot = window.page.locator("body").aria_snapshot()
    assert not re.findall(r"^\s*- (?:button|link|textbox|combobox|tab|checkbox)(?: \[[^\]]*\])*:?$", snapshot, re.M)


def test_what_is_new_is_read_aloud_once(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.somebody())
    window.talk("hello", "heard: hello")
    expect(window.page.locator("[aria-live=polite]").filter(has_text="shop: heard: hello")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(kept: Start, open_page: Open, dark: bool) -> None:
    shop = kept("talk")
    window = open_page(shop, chat=shop.somebody(), dark=dark)
    window.talk("book", "How many seats?")
    for tab in ("Turns", "Session", "Agent", "Log", "Findings", "Tests", "Faults"):
        window.open_tab(tab)
        window.picture(f"{'dark' if dark else 'light'}-{tab.lower()}")
        pale = window.page.evaluate(CONTRAST)
        assert not pale


def test_the_theme_is_chosen_and_kept(kept: Start, open_page: Open) -> None:
    window = open_page(kept("kinds"))
    ground = window.page.locator("body")
    before = ground.evaluate("body => getComputedStyle(body).backgroundColor")
    window.page.get_by_role("button", name="Theme: as the system").click()
    window.page.get_by_role("button", name="Theme: light").click()
    expect(window.page.get_by_role("button", name="Theme: dark")).to_be_visible()
    expect(ground).not_to_have_css("background-color", before)
    window.page.reload()
    expect(window.page.get_by_role("button", name="Theme: dark")).to_be_visible()


def test_in_japanese(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.somebody(language="ja"), language="ja-JP")
    expect(window.page.get_by_role("tab", name="ターン")).to_be_visible()
    expect(window.page.locator("html")).to_have_attribute("lang", "ja")
    window.page.get_by_role("textbox", name="メッセージ", exact=True).fill("こんにちは")
    window.page.get_by_role("button", name="送信", exact=True).click()
    window.hears("heard: こんにちは")
    window.picture("japanese")
    window.page.get_by_role("button", name="EN", exact=True).click()
    expect(window.page.get_by_role("tab", name="Turns")).to_be_visible()


def test_on_a_phone(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.somebody(), size=PHONE, touch=True)
    areas = window.page.get_by_role("navigation", name="Areas")
    expect(window.field).to_be_visible()
    window.ask("say cards")
    window.picture("phone-chat")
    assert wide(window.page) <= 0
    for area in ("Inspector", "Chats"):
        areas.get_by_role("button", name=area).tap()
        expect(window.field).to_be_hidden()
        window.picture(f"phone-{area.lower()}")
        assert wide(window.page) <= 0
    areas.get_by_role("button", name="Phone").tap()
    window.talk("by thumb", "heard: by thumb")


@pytest.mark.parametrize("width", [800, 1024, 1180, 1920])
def test_no_width_makes_the_page_wider_than_the_window(kept: Start, open_page: Open, width: int) -> None:
    shop = kept("kinds")
    window = open_page(shop, chat=shop.user("Wide"), size=(width, 800))
    expect(window.field).to_be_visible()
    expect(window.inspector).to_be_visible()
    assert wide(window.page) <= 0
