"""Saving a file: a good edit talks at once, a broken one is shown and the last good version goes on."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

from tests.browser.conftest import Open, Start

FLOW = "flows/booking.yaml"
TEA = """flow: tea
start: [{keyword: tea}]
steps:
  - say: Green or black?
  - delay: 1h
  - say: Now?
"""


def test_a_good_edit_talks_at_once(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("hello", "heard: hello")
    good = shop.read(FLOW)
    saved = time.monotonic()
    shop.write(FLOW, good.replace("heard:", "understood:"))
    expect(window.page.get_by_text(re.compile(r"^reloaded booking\.yaml"))).to_be_visible()
    print(f"saved file told in the page after {(time.monotonic() - saved) * 1000:.0f} ms")
    window.talk("hello", "understood: hello")


def test_a_broken_edit_lies_over_the_page_until_it_is_mended(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("hello", "heard: hello")
    good = shop.read(FLOW)
    shop.write(FLOW, good.replace("  - ask: seats", "  - aks: seats"))
    overlay = window.page.get_by_role("alert", name="The last edit cannot be used")
    expect(overlay).to_contain_text("aks")
    expect(overlay).to_contain_text("booking.yaml")
    window.picture("broken-edit")
    window.talk("still there?", "heard: still there?")
    overlay.get_by_role("button", name="Put aside").click()
    expect(overlay).to_have_count(0)
    window.page.get_by_role("button", name=re.compile("Edit not used")).click()
    expect(overlay).to_be_visible()
    shop.write(FLOW, good.replace("heard:", "mended:"))
    expect(overlay).to_have_count(0)
    window.talk("hello", "mended: hello")


def test_a_new_flow_and_its_findings_are_there_without_a_restart(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    findings = window.open_tab("Findings")  # the page knows what there is; from now on it is told what changes
    shop.write("flows/tea.yaml", TEA)
    expect(window.page.get_by_text(re.compile(r"^reloaded .*tea\.yaml"))).to_be_visible()
    window.talk("tea", "Green or black?")
    expect(findings.get_by_role("article").filter(has_text="tea.yaml").first).to_be_visible()
    flow = window.open_tab("Flow")
    flow.get_by_role("combobox", name="Flow").select_option("tea")
    expect(flow.locator("[data-step='tea.steps[0]']")).to_have_count(1)
