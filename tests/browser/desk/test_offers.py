"""Cases find agents: offered, accepted, rejected, missed, taken by one of two."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room

MINUTE = 60_000


def test_an_offer_is_accepted_and_answered(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    aya.page.evaluate("() => { window.tones = 0; AudioContext.prototype.createOscillator = () => { window.tones++; } }")
    aya.go("Mine")  # browsers are silent until somebody touches the page
    mai = room.asks("Mai Sato")
    offer = aya.offer("Mai Sato")
    expect(offer).to_contain_text(f"Queue {room.queue[1:]}")
    expect(offer).to_contain_text(f"help {room.queue}")
    expect(offer.get_by_label("Time left")).to_have_text(re.compile(r"^[12]:\d\d$"))
    expect(aya.page).to_have_title("(1) Noren")
    assert aya.page.evaluate("window.tones") > 0
    aya.picture("offer")
    aya.accept("Mai Sato")
    expect(offer).to_have_count(0)
    aya.say("How can I help?")
    said = mai.hears("How can I help?")
    assert said["message"]["sender"]["name"] == "Aya"
    expect(aya.log).to_contain_text("How can I help?")


def test_an_agent_who_wants_no_sound_hears_none(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    aya.page.evaluate("() => { window.tones = 0; AudioContext.prototype.createOscillator = () => { window.tones++; } }")
    aya.go("Settings")
    aya.page.get_by_role("checkbox", name="Sounds for offers and messages").uncheck()
    room.asks("Mai Endo")
    expect(aya.offer("Mai Endo")).to_be_visible()
    assert aya.page.evaluate("window.tones") == 0


def test_a_rejected_offer_goes_to_the_other_agent(room: Room, sit: Sit) -> None:
    seats = {name: sit(room.agent(name)) for name in ("Aya", "Ben")}
    ken = room.asks("Ken Mori")
    first = room.offered_to("Ken Mori")
    other = "Ben" if first == "Aya" else "Aya"
    expect(seats[other].offer("Ken Mori")).to_have_count(0)
    seats[first].offer("Ken Mori").get_by_role("button", name=re.compile("^Reject")).click()
    expect(seats[first].offer("Ken Mori")).to_have_count(0)
    seats[other].accept("Ken Mori")
    seats[other].say("Here I am.")
    assert ken.hears("Here I am.")["message"]["sender"]["name"] == other
    expect(seats[other].log).to_contain_text(f"{first} rejected the offer")


def test_a_missed_offer_goes_on_and_whoever_missed_it_is_told(room: Room, sit: Sit) -> None:
    seats = {name: sit(room.agent(name)) for name in ("Aya", "Ben")}
    room.asks("Emi Kato")
    first = room.offered_to("Emi Kato")
    other = "Ben" if first == "Aya" else "Aya"
    expect(seats[first].offer("Emi Kato")).to_be_visible()
    room.house.forward(2 * MINUTE + 1_000)
    expect(seats[other].offer("Emi Kato")).to_be_visible()
    expect(seats[first].offer("Emi Kato")).to_have_count(0)
    expect(seats[first].page.get_by_role("status")).to_contain_text("The offer of Emi Kato ran out")


def test_of_two_who_take_one_wins_and_the_other_is_told(room: Room, sit: Sit) -> None:
    aya, ben = (sit(room.agent(name), status="away") for name in ("Aya", "Ben"))
    yui = room.asks("Yui Abe")
    for seat in (aya, ben):
        seat.go("Waiting")
        expect(seat.row("Yui Abe")).to_be_visible()
    # Both click before either page has heard of the other: the news are held back.
    for seat in (aya, ben):
        seat.page.evaluate(
            """name => {
            const row = [...document.querySelectorAll("[role=listitem]")].find(one => one.textContent.includes(name));
            window.take = () => row.querySelector(".case-take").click();
        }""",
            "Yui Abe",
        )
    for seat in (aya, ben):
        seat.page.evaluate("setTimeout(window.take, 0)")
    winner, loser = (aya, ben) if room.owner("Yui Abe") == "Aya" else (ben, aya)
    expect(winner.field).to_be_visible()
    expect(loser.page.get_by_role("status")).to_contain_text(re.compile("has it|taken"))
    expect(loser.row("Yui Abe")).to_have_count(0)
    winner.say("It is me.")
    yui.hears("It is me.")


def test_whose_desk_closes_loses_what_was_offered_and_later_what_they_had(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    room.asks("Rin Ota")
    aya.accept("Rin Ota")
    aya.say("One moment.")
    room.asks("Sho Ito")
    expect(aya.offer("Sho Ito")).to_be_visible()
    ben = sit(room.agent("Ben"))
    before = room.house.dev.control("GET", "/clock")["now"]
    aya.context.close()
    expect(ben.offer("Sho Ito")).to_be_visible()
    print(f"offered again {room.house.dev.control('GET', '/clock')['now'] - before} ms after the desk was closed")
    expect(ben.offer("Rin Ota")).to_have_count(0)
    room.house.forward(75_000)
    ben.accept("Sho Ito")
    expect(ben.offer("Rin Ota")).to_be_visible()
    ben.accept("Rin Ota")
    expect(ben.log).to_contain_text("The agent is gone; it waits again")


def test_who_is_away_is_offered_nothing_until_they_are_back(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"), status="offline")
    room.asks("Jun Oda")
    expect(aya.page.get_by_text("You are not online")).to_be_visible()
    expect(aya.offer("Jun Oda")).to_have_count(0)
    aya.page.get_by_role("button", name="Go online").click()
    expect(aya.offer("Jun Oda")).to_be_visible()
    aya.accept("Jun Oda")
    aya.present("Away")
    room.asks("Kei Ono")
    aya.go("Waiting")
    expect(aya.row("Kei Ono")).to_be_visible()
    expect(aya.offer("Kei Ono")).to_have_count(0)
    aya.present("Online")
    expect(aya.offer("Kei Ono")).to_be_visible()


def test_nobody_sees_anything_of_a_queue_that_is_not_theirs(room: Room, sit: Sit) -> None:
    other = room.house.room()
    ben, guests = sit(other.agent("Ben")), [f"Secret {number}" for number in range(3)]
    seen = ben.heard_by_stream()
    with ThreadPoolExecutor(3) as pool:
        asked = list(pool.map(room.asks, guests))
    caller = room.agent("Aya")
    case = room.case(guests[0])
    caller.ask("POST", f"/cases/{case['id']}/acts", do="claim", id="1")
    caller.ask("POST", f"/cases/{case['id']}/acts", do="note", id="2", text="Secret note")
    asked[0].says("Secret words")
    other.asks("Own guest")
    expect(ben.offer("Own guest")).to_be_visible()
    for view in ("Waiting", "All open", "Closed", "Mine"):
        ben.go(view)
        expect(ben.page.get_by_role("listitem").filter(has_text="Secret")).to_have_count(0)
    ben.search("Secret")
    expect(ben.page.get_by_text("Nothing found.")).to_be_visible()
    told = "\n".join(seen())
    assert "Own guest" in told
    assert "Secret" not in told
    assert case["id"] not in told
    assert ben.status_of(f"/cases/{case['id']}") == 404
    assert ben.status_of(f"/chats/{case['session']}/timeline") == 404


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_an_offer_covers_nothing_that_is_needed(room: Room, sit: Sit, size: tuple[int, int]) -> None:
    aya = sit(room.agent("Aya"), size=size)
    room.asks("Mai Sato")
    aya.accept("Mai Sato")
    room.asks("Ken Mori")
    expect(aya.offer("Ken Mori")).to_be_visible()
    aya.do("Resolve")
    expect(aya.dialog).to_be_visible()
    aya.page.keyboard.press("Escape")
    if size[0] > 900:
        aya.row("Mai Sato").hover()
        aya.row("Mai Sato").get_by_role("checkbox").check()
        aya.page.get_by_role("toolbar", name="With those chosen").get_by_role("button", name="Resolve").click()
        expect(aya.row("Mai Sato")).to_contain_text("Wrap-up")
    aya.picture(f"offer-beside-{size[0]}")
    aya.accept("Ken Mori")
