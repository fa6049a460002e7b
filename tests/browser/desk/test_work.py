"""What agents do with cases, from taking them to being done with them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.test_talk import begun

HOUR = 3_600_000


def test_a_case_goes_to_another_agent_with_a_note(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    ben = sit(room.agent("Benjiro"))
    aya.do("Transfer")
    aya.dialog.get_by_label("To whom, or to which queue").first.fill("Benj")
    aya.dialog.get_by_role("radio", name=re.compile("Benjiro")).check()
    aya.dialog.get_by_label("Note for the colleague").fill("She wants a refund.")
    aya.picture("transfer")
    aya.confirm("Transfer")
    ben.accept("Mai Sato")
    expect(ben.log).to_contain_text("She wants a refund.")
    ben.say("I am Ben.")
    assert mai.hears("I am Ben.")["message"]["sender"]["name"] == "Benjiro"
    expect(aya.row("Mai Sato")).to_have_count(0)


def test_a_case_goes_to_another_queue_and_its_agents(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    other = room.house.room()
    ben = sit(other.agent("Ben"))
    aya.do("Transfer")
    aya.dialog.get_by_role("radio", name=f"Queue {other.queue[1:]}").check()
    aya.confirm("Transfer")
    expect(aya.row("Mai Sato")).to_have_count(0)
    ben.accept("Mai Sato")
    expect(ben.log).to_contain_text(f"transferred it to Queue {other.queue[1:]}")
    ben.say("Another queue here.")
    mai.hears("Another queue here.")


def test_a_case_that_goes_to_other_people_leaves_the_page_at_once(room: Room, sit: Sit) -> None:
    ben, cora = sit(room.agent("Ben"), status="away"), sit(room.agent("Cora"), status="away")
    room.asks("Mai Moves")
    for seat in (ben, cora):
        seat.go("Waiting")
        expect(seat.row("Mai Moves")).to_be_visible()
    boss, other = sit(room.agent("Boss", "supervisor"), status="away"), room.house.room()
    boss.go("All open")
    boss.find("Mai Moves")
    boss.do("Transfer")
    boss.dialog.get_by_role("radio", name=f"Queue {other.queue[1:]}").check()
    boss.confirm("Transfer")
    for seat in (ben, cora):
        expect(seat.row("Mai Moves")).to_have_count(0)
    expect(boss.row("Mai Moves")).to_be_visible()


def test_a_chat_of_the_bot_is_taken_over_and_given_back(room: Room, sit: Sit) -> None:
    boss, mai = sit(room.agent("Boss", "supervisor"), status="away"), room.guest(f"Mai {room.queue}")
    mai.says("hello bot")
    mai.hears("heard: hello bot")
    boss.go("The bot’s chats")
    chat = boss.row(mai.name)
    chat.get_by_role("button", name="Pause the bot here").click()
    expect(chat).to_contain_text("paused")
    mai.says("still there?")
    chat.get_by_role("button", name="Let the bot speak again").click()
    expect(chat).not_to_contain_text("paused")
    mai.says("and now?")
    mai.hears("heard: and now?")
    assert "heard: still there?" not in mai.heard()
    boss.picture("bots-chats")
    chat.get_by_role("button", name="Take over").click()
    expect(boss.field).to_be_visible()
    expect(boss.log).to_contain_text("hello bot")
    boss.say("A person now.")
    mai.hears("A person now.")
    mai.says("great")
    expect(boss.log).to_contain_text("great")
    boss.more("Give back to the bot")
    expect(boss.page.get_by_text("This case is closed.")).to_be_visible()
    mai.says("bot again?")
    mai.hears("heard: bot again?")
    assert "heard: great" not in mai.heard()


def test_a_supervisor_joins_in_and_gives_a_case_to_somebody(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit, "Mai Only")
    ben = sit(room.agent("Ben"), status="busy")
    boss = sit(room.agent("Boss", "supervisor"), status="away")
    boss.go("All open")
    boss.find("Mai Only")
    boss.say("Let me help.")
    expect(boss.page.get_by_role("status")).to_contain_text("Send once more to join in")
    boss.field.press("Control+Enter")
    assert mai.hears("Let me help.")["message"]["sender"]["name"] == "Boss"
    expect(aya.log).to_contain_text("Let me help.")
    boss.more("Assign")
    boss.dialog.get_by_role("radio", name=re.compile("Ben Busy")).check()
    boss.confirm("Assign")
    expect(ben.page.get_by_role("status")).to_contain_text("Mai Only is yours now")
    expect(ben.row("Mai Only")).to_be_visible()
    expect(aya.row("Mai Only")).to_have_count(0)


def test_what_is_snoozed_comes_back_in_time_or_when_the_customer_writes(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    aya.say("I ask the warehouse.")
    mai.hears("I ask the warehouse.")
    state = aya.row("Mai Sato")
    aya.do("Snooze")
    aya.dialog.get_by_role("button", name=re.compile("^In an hour")).click()
    expect(state).to_contain_text("Snoozed")
    mai.says("any news?")
    expect(state).to_contain_text("Active")
    aya.do("Snooze")
    aya.dialog.get_by_role("button", name=re.compile("^In an hour")).click()
    expect(state).to_contain_text("Snoozed")
    room.house.forward(HOUR + 5_000)
    expect(state).to_contain_text("Active")
    aya.more("Wait for the customer")
    expect(state).to_contain_text("For the customer")
    mai.says("hello?")
    expect(state).to_contain_text("Active")


def test_a_case_is_resolved_with_a_form_wrapped_up_and_judged(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    aya.say("It is on its way.")
    mai.hears("It is on its way.")
    aya.do("Resolve")
    aya.dialog.get_by_role("combobox", name="Reason").select_option(label="Resolved")
    aya.dialog.get_by_role("textbox", name="New label").fill("refund")
    aya.dialog.get_by_role("textbox", name="New label").press("Enter")
    aya.dialog.get_by_label("Closing note (colleagues only)").fill("Sent again.")
    expect(aya.dialog.get_by_role("checkbox", name="Ask the customer how it was")).to_be_checked()
    aya.picture("resolve")
    aya.confirm("Resolve")
    expect(aya.page.get_by_text("The case has ended. Write your notes")).to_be_visible()
    assert len([one for one in mai.entries()[-1]["buttons"] if "5" in one["label"] or "★" in one["label"]]) > 0
    best = mai.entries()[-1]["buttons"][-1]["label"]
    mai.taps(best)
    expect(aya.panel).to_contain_text("★★★★★")
    aya.do("Done")
    expect(aya.row("Mai Sato")).to_have_count(0)
    aya.go("Closed")
    aya.open("Mai Sato")
    expect(aya.panel).to_contain_text("refund")
    expect(aya.panel).to_contain_text("Sent again.")
    expect(aya.panel).to_contain_text("★★★★★")
    expect(aya.log).to_contain_text("The customer’s rating: 5")
    aya.picture("closed")
    assert "refund" not in "".join(mai.heard())


def test_labels_priority_and_many_at_once(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"), status="away")
    for name in ("Mai Ito", "Ken Ito", "Rin Ito"):
        room.asks(name)
    aya.go("Waiting")
    for name in ("Mai Ito", "Ken Ito"):
        aya.row(name).get_by_role("checkbox", name=f"Choose {name}").check()
    many = aya.page.get_by_role("toolbar", name="With those chosen")
    expect(many).to_contain_text("2 chosen")
    many.get_by_role("button", name="Take").click()
    expect(aya.page.get_by_role("status")).to_contain_text("Done for 2.")
    expect(aya.page.get_by_role("listitem")).to_have_count(1)
    aya.go("Mine")
    aya.open("Ken Ito")
    aya.more("Priority")
    aya.dialog.get_by_role("radio", name="Urgent").check()
    aya.confirm("Save")
    expect(aya.page.get_by_role("listitem").first).to_contain_text("Ken Ito")
    expect(aya.row("Ken Ito")).to_contain_text("Urgent")
