"""A chat becomes a test, tests run in the page, and a chat is replayed after an edit."""

from __future__ import annotations

import re
import subprocess
import sys

from playwright.sync_api import expect

from tests.browser.conftest import Open, Start
from tests.browser.dev import ROOT


def test_a_chat_is_recorded_and_the_test_passes_everywhere(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("book", "How many seats?")
    window.talk("nine", "A number from 1 to 8.")
    window.talk("4", "4 seats. See you!")
    panel = window.open_tab("Tests")
    panel.get_by_role("button", name="Record", exact=True).first.click()
    panel.get_by_role("button", name=re.compile("Record$")).last.click()
    transcript = panel.get_by_label("Transcript")
    expect(transcript).to_have_value(re.compile("How many seats"))
    panel.get_by_label("Name of the test file").fill("a-table")
    panel.get_by_role("button", name="Save").click()
    expect(window.page.get_by_text(re.compile("^Saved as "))).to_be_visible()
    window.picture("recorded")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("There is such a file already.")).to_be_visible()
    panel.get_by_role("button", name="Overwrite").click()

    panel.get_by_role("button", name="Run", exact=True).click()
    panel.get_by_role("button", name="Run all").click()
    expect(panel.get_by_text("1 passed")).to_be_visible()
    expect(panel).to_contain_text("steps walked")

    command = [sys.executable, "-m", "runtime", "test", "--root", str(shop.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_what_failed_is_told_in_place(own: Start, open_page: Open) -> None:
    shop = own("talk")
    (shop.root / "tests").mkdir()
    shop.write("tests/wrong.yaml", "test: seats\nchat:\n  - user: book\n  - bot: How many cups?\n")
    shop.write("tests/right.yaml", "test: words\nchat:\n  - user: hello\n  - bot: 'heard: hello'\n")
    window = open_page(shop, chat=shop.somebody())
    panel = window.open_tab("Tests")
    panel.get_by_role("button", name="Run all").click()
    expect(panel.get_by_text("1 failed").first).to_be_visible()
    expect(panel).to_contain_text("How many cups?")
    expect(panel).to_contain_text("How many seats?")
    window.picture("tests-failed")
    shop.write("tests/wrong.yaml", "test: seats\nchat:\n  - user: book\n  - bot: How many seats?\n")
    panel.get_by_role("button", name=re.compile("failed")).first.click()
    expect(panel.get_by_text("2 passed")).to_be_visible()


def test_a_chat_is_replayed_after_an_edit(own: Start, open_page: Open) -> None:
    shop = own("talk")
    window = open_page(shop, chat=shop.somebody())
    window.talk("book", "How many seats?")
    window.talk("2", "2 seats. See you!")
    panel = window.open_tab("Tests")
    panel.get_by_role("button", name="Replay", exact=True).click()
    panel.get_by_role("button", name=re.compile("Replay this chat")).click()
    expect(panel.get_by_text("all 2 answers are the same")).to_be_visible()
    flow = shop.read("flows/booking.yaml")
    shop.write("flows/booking.yaml", flow.replace("How many seats?", "For how many?"))
    expect(panel.get_by_text("files changed since")).to_be_visible()
    panel.get_by_role("button", name=re.compile("Replay again")).click()
    expect(panel.get_by_text("1 of 2 answers differ")).to_be_visible()
    expect(panel).to_contain_text("For how many?")
    window.picture("replayed")
    assert len(window.log.get_by_role("article").all()) == 4  # nothing was sent
