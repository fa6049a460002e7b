"""Messages as Chromium draws them one by one: none breaks the page, no script runs, every button has its number."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from runtime.simulator.buttons import buttons
from tests.browser import contact_sheet
from tests.node import installed, run

FRONTEND = contact_sheet.ROOT / "frontend"
CASES: list[dict[str, Any]] = json.loads((FRONTEND / "tests" / "bubbles" / "buttons.json").read_text("utf-8"))

ODD = """async () => {
  const { SOUND, odd } = await import("/simulator/tests/bubbles/odd.ts");
  const failed = [];
  let drawn = 0;
  let seen = 0;
  for (const sound of SOUND) for (const message of odd(sound)) {
    if (++seen % 4) continue;  // the page's own tests draw all of them, without a browser
    drawn += 1;
    try {
      const html = window.draw(message, drawn % 2 === 0);
      if (html.includes("cannot be drawn")) throw new Error("given up");
    } catch (problem) {
      failed.push(String(problem) + ": " + JSON.stringify(message));
    }
  }
  return { drawn, failed: failed.slice(0, 5).map((text) => text.slice(0, 400)) };
}"""

SCRIPTED = """async () => {
  const { SOUND, scripted } = await import("/simulator/tests/bubbles/odd.ts");
  const found = [];
  for (const sound of SOUND) for (const mine of [true, false]) {
    window.draw(scripted(sound), mine);
    for (const element of document.querySelectorAll(".bubble *")) {
      const handlers = element.getAttributeNames().filter((name) => name.startsWith("on"));
      const script = element.tagName === "SCRIPT" || /^\\s*javascript:/i.test(element.getAttribute("href") ?? "");
      if (handlers.length || script) found.push(element.outerHTML.slice(0, 300));
    }
    for (const button of document.querySelectorAll(".bubble [data-tap], .bubble button")) button.click();
  }
  return found;
}"""

TAP_ALL = """() => {
  const click = (element) => element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  document.querySelectorAll("[data-tap]").forEach(click);
  return window.tapped;
}"""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    installed(FRONTEND, "assets")
    with contact_sheet.gallery() as url:
        yield url


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    """The gallery with the cases of buttons.json; dialogs and errors are remembered on the page's own list."""
    page = browser.new_page()
    page.route("**/*", contact_sheet.neutral)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append(f"a script ran: {dialog.message}"), dialog.dismiss()))
    shown = [{"title": case["what"], "messages": [case["message"]]} for case in CASES]
    page.add_init_script(f"window.gallery = {json.dumps(shown)}")
    page.goto(gallery)
    page.wait_for_selector(".gallery-shot")
    yield page
    page.close()
    assert troubles == []


def test_no_message_breaks_the_page(page: Page) -> None:
    done = page.evaluate(ODD)
    assert done["failed"] == []
    assert done["drawn"] > 1_000


def test_scripts_in_any_text_stay_words(page: Page) -> None:
    assert page.evaluate(SCRIPTED) == []


def test_what_is_tapped_is_what_the_control_api_taps(page: Page) -> None:
    tapped = page.evaluate(TAP_ALL)
    for at, case in enumerate(CASES):
        known = buttons(case["message"])
        own = [tap for tap in tapped if tap["entry"] == f"{at}.0"]
        assert {known[tap["index"]].label for tap in own} == set(case["labels"]) - {"more"}, case["what"]
        assert all(known[tap["index"]].label == tap["action"]["label"] for tap in own)


def test_the_contact_sheet_shows_the_cards(gallery: str, tmp_path: Path) -> None:
    where = ["--out", str(tmp_path / "sheet.png"), "--each", str(tmp_path / "each")]
    done = run(sys.executable, contact_sheet.__file__, *where, "--columns", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")
    cards = {card.stem for card in (contact_sheet.ROOT / "flows" / "cards").glob("*.json")}
    assert {picture.stem for picture in (tmp_path / "each").iterdir()} == cards
