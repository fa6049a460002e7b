"""What happens is seen at once, nothing typed is lost, and many chats at a time are no burden."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Guest, Room
from tests.browser.desk.test_talk import begun

CHATS = 40
SECONDS = 6
NODES = 3_000
"""Elements in the whole page, however many chats there are."""
LONGEST = 200.0
"""Milliseconds that the page may be busy at a stretch."""


def test_a_reload_in_the_middle_of_a_word_loses_nothing_and_sends_nothing(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    aya.field.fill("I am just about to")
    aya.page.reload()
    expect(aya.field).to_have_value("I am just about to")
    expect(aya.page.get_by_role("heading", level=1, name="Mai Sato")).to_be_visible()
    aya.field.press("End")
    aya.field.press_sequentially(" send this.")
    aya.field.press("Control+Enter")
    aya.page.reload()
    mai.hears("I am just about to send this.")
    expect(aya.field).to_have_value("")
    expect(aya.log.get_by_text("I am just about to send this.")).to_have_count(1)
    assert mai.heard().count("I am just about to send this.") == 1


def test_what_is_said_without_a_network_goes_out_once_when_it_is_back(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    aya.context.set_offline(True)
    expect(aya.page.get_by_role("status").filter(has_text="No connection to the server")).to_be_visible()
    aya.say("Written in a tunnel.")
    expect(aya.log).to_contain_text("Written in a tunnel.")
    mai.says("are you there?")
    assert "Written in a tunnel." not in mai.heard()
    aya.picture("offline")
    aya.context.set_offline(False)
    expect(aya.page.get_by_text("No connection to the server")).to_have_count(0)
    expect(aya.log).to_contain_text("are you there?")
    mai.hears("Written in a tunnel.")
    expect(aya.log.get_by_text("Written in a tunnel.")).to_have_count(1)


def test_after_a_break_the_stream_goes_on_where_it_stopped(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    for number in range(3):
        mai.says(f"before {number}")
    expect(aya.log).to_contain_text("before 2")
    aya.context.set_offline(True)
    expect(aya.page.get_by_text("No connection to the server")).to_be_visible()
    for number in range(3):
        mai.says(f"during {number}")
    room.asks("Ken Sato")
    aya.context.set_offline(False)
    for number in range(3):
        expect(aya.log.get_by_text(f"during {number}")).to_have_count(1)
    expect(aya.offer("Ken Sato")).to_be_visible()
    mai.says("after")
    expect(aya.log.get_by_text("after", exact=True)).to_have_count(1)


def test_two_windows_of_one_agent_show_the_same(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    other = sit(next(iter(room.agents.values())), status="")
    other.open("Mai Sato")
    aya.say("From the first window.")
    expect(other.log).to_contain_text("From the first window.")
    other.say("From the second.")
    expect(aya.log).to_contain_text("From the second.")
    mai.hears("From the second.")
    aya.context.close()
    mai.says("ok")
    expect(other.log.get_by_text("ok", exact=True)).to_be_visible()


def test_forty_chats_and_a_customer_who_writes_every_second(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya")
    names = [f"Guest {number:02}" for number in range(CHATS)]
    with ThreadPoolExecutor(4) as pool:
        guests: list[Guest] = list(pool.map(room.asks, names))
        cases = {name: room.case(name)["id"] for name in names}
        list(pool.map(lambda one: caller.ask("POST", f"/cases/{one}/acts", do="claim", id=one), cases.values()))
    aya = sit(caller)
    expect(aya.page.get_by_role("heading", level=1, name="Mine")).to_contain_text(str(CHATS))
    aya.open(names[0])
    aya.page.evaluate("""() => {
        window.long = [];
        new PerformanceObserver(list => window.long.push(...list.getEntries().map(entry => entry.duration)))
            .observe({ entryTypes: ["longtask"] });
    }""")
    waits = []
    with ThreadPoolExecutor(2) as pool:
        crowd = [pool.submit(one.says, f"word {second}") for second in range(SECONDS) for one in guests[1:]]
        for second in range(SECONDS):
            guests[0].says(f"listen {second}")
            began = aya.page.evaluate("performance.now()")
            aya.field.press_sequentially(f"answer {second}")
            waits.append(aya.page.evaluate("performance.now()") - began)
            aya.field.press("Control+Enter")
            expect(aya.log.get_by_text(f"answer {second}", exact=True)).to_be_visible()
            expect(aya.log.get_by_text(f"listen {second}", exact=True)).to_be_visible()
        for one in crowd:
            one.result()
    for second in range(SECONDS):
        guests[0].hears(f"answer {second}")
    busy, nodes = aya.page.evaluate("window.long"), aya.page.evaluate("document.querySelectorAll('*').length")
    rows = aya.page.get_by_role("listitem").count()
    print(f"{CHATS} chats, {SECONDS * (CHATS - 1)} words of others meanwhile: {nodes} elements, {rows} rows")
    print(f"eight letters typed in {', '.join(f'{wait:.0f}' for wait in waits)} ms")
    print(f"{len(busy)} tasks over 50 ms, the longest {max(busy, default=0):.0f} ms")
    assert nodes < NODES
    assert rows <= CHATS
    assert max(busy, default=0) < LONGEST
    aya.picture("forty")
    aya.page.get_by_role("searchbox", name="Search").fill(names[-1])
    expect(aya.row(names[-1])).to_contain_text(f"word {SECONDS - 1}")
