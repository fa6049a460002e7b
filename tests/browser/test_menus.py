"""Rich menus: areas to tap, tabs that switch, the bar that folds them, made through LINE's own API."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Start
from tests.browser.dev import Dev
from tests.browser.drawn import Colour, png
from tests.browser.workbench import Workbench

HALF = {"y": 0, "width": 1250, "height": 843}
SIZE = {"width": 2500, "height": 843}


def menu(shop: Dev, name: str, colours: tuple[Colour, Colour], *actions: dict[str, Any]) -> str:
    """A menu of two halves with its picture and an alias of its name."""
    areas = [{"bounds": {"x": 1250 * at, **HALF}, "action": action} for at, action in enumerate(actions)]
    body = {"size": SIZE, "selected": True, "name": name, "chatBarText": f"Menu {name}", "areas": areas}
    id = str(shop.line("POST", "/v2/bot/richmenu", body)["richMenuId"])
    shop.line("POST", f"/v2/bot/richmenu/{id}/content", png(2500, 843, *colours), kind="image/png")
    shop.line("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": name, "richMenuId": id})
    return id


@pytest.fixture
def window(own: Start, open_page: Open) -> Workbench:
    shop = own("kinds")
    tab = {"type": "richmenuswitch", "label": "To tab two", "richMenuAliasId": "two", "data": "tab=two"}
    say = {"type": "message", "label": "Say tea", "text": "tea from the menu"}
    one = menu(shop, "one", ((20, 120, 60), (200, 160, 20)), say, tab)
    back = {"type": "richmenuswitch", "label": "To tab one", "richMenuAliasId": "one", "data": "tab=one"}
    day = {"type": "datetimepicker", "label": "Menu day", "data": "day", "mode": "date"}
    menu(shop, "two", ((20, 60, 160), (160, 20, 60)), back, day)
    shop.line("POST", f"/v2/bot/user/all/richmenu/{one}")
    return open_page(shop, chat=shop.somebody())


def test_areas_are_tapped_and_tabs_switch(window: Workbench) -> None:
    first = window.page.get_by_role("group", name="one")
    first.get_by_role("button", name="Say tea").click()
    window.hears("heard: tea from the menu")
    window.picture("rich-menu-one")
    first.get_by_role("button", name="To tab two").click()
    second = window.page.get_by_role("group", name="two")
    expect(second).to_be_visible()
    window.hears('"tab": "two"')
    window.picture("rich-menu-two")
    second.get_by_role("button", name="Menu day").click()
    window.sheet.get_by_label("Menu day").fill("2026-12-31")
    window.sheet.get_by_role("button", name="OK").click()
    window.hears("2026-12-31")
    second.get_by_role("button", name="To tab one").click()
    expect(first).to_be_visible()


def test_the_picture_is_shown_as_wide_as_the_phone(window: Workbench) -> None:
    picture = window.page.get_by_role("group", name="one").locator("img")
    expect(picture).to_have_js_property("naturalWidth", 2500)
    box = picture.bounding_box()
    assert box
    assert abs(box["width"] / box["height"] - 2500 / 843) < 0.05


def test_the_bar_folds_the_menu_and_leads_to_the_keyboard(window: Workbench) -> None:
    shown = window.page.get_by_role("group", name="one")
    bar = window.page.get_by_role("button", name="Menu one")
    expect(bar).to_have_attribute("aria-expanded", "true")
    bar.click()
    expect(shown).to_have_count(0)
    expect(bar).to_have_attribute("aria-expanded", "false")
    window.page.get_by_role("button", name="Write a text").click()
    window.talk("by keyboard", "heard: by keyboard")
    window.page.get_by_role("button", name="Back to the menu").click()
    expect(shown).to_be_visible()


def test_somebody_gets_a_menu_of_their_own_and_loses_it(window: Workbench) -> None:
    user = window.page.url.rpartition("/")[2]
    menus = window.dev.line("GET", "/v2/bot/richmenu/list")["richmenus"]
    two = next(one["richMenuId"] for one in menus if one["name"] == "two")
    window.dev.line("POST", f"/v2/bot/user/{user}/richmenu/{two}")
    expect(window.page.get_by_role("group", name="two")).to_be_visible()
    window.dev.line("DELETE", f"/v2/bot/user/{user}/richmenu")
    expect(window.page.get_by_role("group", name="one")).to_be_visible()
    window.dev.line("DELETE", "/v2/bot/user/all/richmenu")
    expect(window.page.get_by_role("group", name="one")).to_have_count(0)
    window.talk("no menu", "heard: no menu")
