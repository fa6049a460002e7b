"""Who is there, as they and their colleagues see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room


def test_who_was_taken_for_gone_is_told_and_is_there_again(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    mine = aya.page.get_by_role("combobox", name="My status")
    expect(mine).to_have_value("online")
    room.house.silence(room.agents["Aya"].id)
    expect(aya.page.get_by_role("status").filter(has_text="your cases went back to the queue")).to_be_visible()
    expect(mine).to_have_value("online")
    room.asks("Mai Sato")
    expect(aya.offer("Mai Sato")).to_be_visible()


def test_colleagues_see_who_leaves_and_since_when(room: Room, sit: Sit) -> None:
    boss, aya = sit(room.agent("Boss", role="supervisor"), status="away"), sit(room.agent("Aya"))
    boss.go("Monitor")
    row = boss.page.get_by_role("row").filter(has_text="Aya").filter(has_text=f"Queue {room.queue[1:]}")
    expect(row).to_contain_text("Online")
    aya.present("Busy")
    expect(row).to_contain_text("Busy")
    aya.context.close()
    expect(row).to_contain_text("Leaving")
    room.house.forward(75_000)
    expect(row).to_contain_text("Offline")


@pytest.mark.parametrize("status", ["Away", "Busy", "Offline"])
def test_an_offer_goes_on_at_once_when_its_agent_is_not_there(room: Room, sit: Sit, status: str) -> None:
    aya = sit(room.agent("Aya"))
    room.asks("Mai Sato")
    expect(aya.offer("Mai Sato")).to_be_visible()
    ben = sit(room.agent("Ben"))
    aya.present(status)
    expect(ben.offer("Mai Sato")).to_be_visible(timeout=2_000)
    expect(aya.offer("Mai Sato")).to_have_count(0)
    ben.accept("Mai Sato")
    expect(ben.log).to_contain_text("Aya was not there for the offer")


def test_a_reload_keeps_the_offer_and_whoever_it_was_made_to(room: Room, sit: Sit) -> None:
    aya, ben = sit(room.agent("Aya")), sit(room.agent("Ben"), status="away")
    room.asks("Mai Sato")
    expect(aya.offer("Mai Sato")).to_be_visible()
    ben.present("Online")
    for _ in range(3):
        aya.page.reload()
        expect(aya.offer("Mai Sato")).to_be_visible()
    expect(ben.offer("Mai Sato")).to_have_count(0)
    aya.accept("Mai Sato")
    expect(aya.log).not_to_contain_text("was not there")


def test_two_windows_show_the_same_status(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    other = sit(room.agents["Aya"], status="")
    aya.present("Busy")
    expect(other.page.get_by_role("combobox", name="My status")).to_have_value("busy")
    expect(other.page.get_by_role("status").filter(has_text="Your status is now Busy")).to_be_visible()
