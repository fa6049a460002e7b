"""Chatwoot's own ways: statuses, assignment, surveys, deletions, limits, signatures, and what is lost on the way."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.chatwoot_double.faults import Fault
from tests.chatwoot_double.server import Chatwoot
from tests.chatwoot_double.state import Contact
from tests.clock import ManualClock
from tests.contract.handover_desks import FLOW, House, chatwoot, chatwoot_at
from tests.line_platform import CLUB, KEN, MAI
from tests.world import START

pytestmark = pytest.mark.anyio


async def talking(house: House) -> None:
    await house.say("help")
    await house.desk.replies("How can I help?")


def aya(house: House) -> Any:
    return house.desk.aya


async def test_the_conversation_says_who_it_is_and_what_was_said(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await house.say("help me please")
        server, case = house.desk.server, await house.live()
        made = server.conversation()
        assert made.custom_attributes == {"handover_id": case.id}
        assert (made.contact.name, made.contact.identifier) == ("Mai", f"line:shop:{MAI}")
        (note,) = server.said(private=True, type=1)
        assert "user: help me please" in note
        assert "bot: Hello!" in note


async def test_what_became_of_an_agents_message_is_told(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        last = house.desk.server.conversation().messages[-1]
        assert last.status == "delivered"
        house.w.fault("status", "/v2/bot/message/push", status=400)
        await house.desk.replies("and now?")
        last = house.desk.server.conversation().messages[-1]
        assert last.status == "failed"


async def test_words_after_the_end_fail_for_the_agent(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        await house.desk.resolves()
        await house.desk.replies("one more thing")
        last = house.desk.server.conversation().messages[-1]
        assert (last.status, last.external_error) == ("failed", "nobody has taken this chat over")


async def test_pending_gives_the_chat_back_to_the_bot(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        aya(house).gives_back()
        await house.desk.settle()
        await house.say("hello?")
        assert house.w.texts()[-1] == "You are back: completed, returned_to_bot."


async def test_a_conversation_sleeps_until_the_user_writes(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        aya(house).snoozes()
        await house.desk.settle()
        assert (await house.live()).state == "snoozed"
        await house.say("still there?")
        assert (await house.live()).state == "active"
        assert house.desk.server.conversation().status == "open"


async def test_an_opened_conversation_of_before_is_the_bots_and_agents_are_told(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        await house.desk.resolves()
        aya(house).reopens()
        await house.desk.settle()
        assert (await house.w.session()).control.owner == "bot"
        assert "with the bot again" in (await house.desk.remarks())[-1]


async def test_who_has_it_there_has_it_here(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await house.say("help")
        aya(house).assigns("Ben")
        await house.desk.settle()
        case = await house.live()
        assert (case.state, case.agent) == ("assigned", "there:6")
        assert case.replied == 0, "active begins with the first public word"


async def test_somebody_typing_shows_the_dots_and_a_private_note_does_not(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        before = house.w.count("/v2/bot/chat/loading")
        aya(house).types(private=True)
        await house.desk.settle()
        assert house.w.count("/v2/bot/chat/loading") == before
        aya(house).types()
        await house.desk.settle()
        assert house.w.count("/v2/bot/chat/loading") == before + 1


async def test_its_survey_is_asked_in_the_chat_and_answered_there(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        house.desk.server.account.csat = True
        await talking(house)
        await house.desk.resolves()
        labels = [one["action"]["label"] for one in house.w.messages()[-1]["quickReply"]["items"]]
        assert labels[-1] == "★★★★★"
        assert "http" not in house.w.texts()[-1], "no link to a page"
        await house.tap("★★★★")
        assert house.desk.server.conversation().csat == {"rating": 4, "feedback_message": ""}


async def test_a_message_taken_back_is_gone_there_and_one_of_theirs_is_not_here(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        said = await house.w.say("my card number is 1234")
        await house.desk.settle()
        house.w.line.simulator.acts.unsend(said.id)
        await house.desk.settle()
        assert "1234" not in str(house.desk.server.said())
        aya(house).replies("oops").deletes()
        await house.desk.settle()
        assert "LINE cannot take back" in (await house.desk.remarks())[-1]


async def test_choices_of_chatwoot_become_quick_replies(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        items = [{"title": "Red", "value": "r"}, {"title": "Blue", "value": "b"}]
        aya(house).replies("Which one?", content_type="input_select", content_attributes={"items": items})
        await house.desk.settle()
        await house.tap("Blue")
        assert (await house.desk.heard())[-1] == "Blue"


async def test_a_greeting_of_the_inbox_is_said_and_nobody_has_answered(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        house.desk.server.account.greeting = "Welcome to our desk."
        await house.say("help")
        await house.say("hello?")
        assert house.w.texts()[-1] == "Welcome to our desk."
        assert (await house.live()).state == "queued"


async def test_a_server_that_never_answers_is_an_error_of_the_flow(tmp_path: Path) -> None:
    async with chatwoot(tmp_path, timeout="50ms") as house:
        house.desk.server.weather.hang = True
        await house.say("help")
        await house.retried()
        await house.say("anybody?")
        assert "Nobody could take it." in house.w.texts()


async def test_too_many_messages_are_tried_again(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        flood = Fault(422, "/messages", "POST", body=b'{"error":"Too many messages"}')
        house.desk.server.weather.calls.append(flood)
        await house.say("slowly")
        await house.retried()
        assert await house.desk.heard() == ["slowly"]


async def test_words_of_an_outage_of_hours_arrive_in_order_and_those_taken_back_do_not(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.goes_down()
        await house.w.say("one")
        taken = await house.w.say("my card number is 1234")
        await house.w.say("two")
        house.w.line.simulator.acts.unsend(taken.id)
        await house.w.turn(3 * 3_600_000)
        assert await house.w.store.list_events("dead", None, 10) == []
        house.desk.comes_back()
        await house.w.turn(61_000)
        await house.desk.settle()
        assert await house.desk.heard() == ["one", "two"]


async def test_a_token_that_is_mended_loses_nothing(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        tokens, house.desk.server.tokens = house.desk.server.tokens, {}
        await house.w.say("still there?")
        await house.w.turn(600_000)
        house.desk.server.tokens = tokens
        await house.w.turn(61_000)
        await house.desk.settle()
        assert await house.desk.heard() == ["still there?"]


async def test_a_message_that_is_refused_for_good_is_noted_in_the_case(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.weather.calls.append(Fault(422, "/messages", "POST", body=b'{"message":"no"}'))
        await house.say("strange")
        await house.say("normal")
        assert await house.desk.heard() == ["normal"]
        notes = [
            row["data"].get("text") for row in await house.w.store.notes_of(house.key) if row["type"] == "note.added"
        ]
        assert notes == ["A message of the user did not get there: there answered 422"]


async def test_a_long_answer_comes_in_parts_and_a_long_name_fits(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await house.say("help")
        house.desk.server.agent("Aya").person.name = "Ayaka of the Customer Happiness Team"
        house.desk.server.agent("Ayaka of the Customer Happiness Team").opens().replies("x" * 7_000)
        await house.desk.settle()
        first, second = house.w.messages()[-2:]
        assert (len(first["text"]), len(second["text"])) == (5_000, 2_000)
        assert 0 < len(first["sender"]["name"]) <= 20


async def test_a_deleted_conversation_is_an_error_of_the_flow(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.account.conversations.clear()
        await house.w.say("hello?")
        await house.w.settle()
        await house.w.say("anybody?")
        assert "Nobody could take it." in house.w.texts()


async def test_a_token_that_was_revoked_is_an_error_at_once(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        house.desk.server.tokens.clear()
        await house.say("help")
        assert (await house.w.session()).case is None
        assert house.desk.server.count("contacts/filter") == 1


async def test_a_proxy_that_drops_underscores_does_no_harm(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        house.desk.server.weather.strip_underscores = True
        await house.say("help")
        assert (await house.live()).ref == "42"


@pytest.mark.parametrize("path", ["/contacts", "/conversations", "/messages"])
async def test_an_answer_that_got_lost_leaves_one_conversation(tmp_path: Path, path: str) -> None:
    async with chatwoot(tmp_path) as house:
        server = house.desk.server
        server.weather.calls.append(Fault(502, path, "POST", after=True))
        await house.say("help")
        await house.retried()
        assert len(server.account.conversations) == 1
        assert len(server.account.contacts) == 1
        assert len(server.said(private=True, type=1)) == 1
        assert (await house.live()).state == "queued"


async def test_a_message_whose_answer_got_lost_stands_there_once(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.weather.calls.append(Fault(500, "/messages", "POST", after=True))
        await house.say("once")
        await house.retried()
        assert await house.desk.heard() == ["once"]


@pytest.mark.parametrize("call", ["/conversations", "/conversations/42/messages"])
async def test_killed_between_the_call_and_its_answer(tmp_path: Path, call: str) -> None:
    server = Chatwoot(ManualClock(START))
    async with chatwoot_at(tmp_path, server) as house:
        server.weather.mute = f"POST /api/v1/accounts/1{call}"
        await house.w.say("help", settle=False)
        await house.w.until(lambda: f"POST /api/v1/accounts/1{call}" in server.calls)
        await house.w.runtime.kill()
    server.weather.mute = ""
    async with chatwoot_at(tmp_path, server) as house:
        await house.desk.settle()
        assert (await house.live()).state == "queued"
        assert list(server.account.conversations) == [42]
        assert len(server.said(private=True, type=1)) == 1
        await house.desk.replies("I am here")
        assert house.w.texts() == ["I am here"]


async def test_what_was_said_while_noren_was_away_is_found(tmp_path: Path) -> None:
    server = Chatwoot(ManualClock(START))
    async with chatwoot_at(tmp_path, server) as house:
        await talking(house)
    server.weather.drop = 99
    server.agent("Aya").opens(42).replies("Are you still there?").replies("Then good-bye.").resolves()
    server.weather.drop = 0
    async with chatwoot_at(tmp_path, server) as house:
        await house.w.turn(61_000)
        assert house.w.texts() == ["Are you still there?", "Then good-bye."]
        assert (await house.w.session()).case is None


async def test_a_contact_from_elsewhere_and_a_single_conversation_are_used(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        account = house.desk.server.account
        account.single = True
        account.contacts[3] = Contact(3, "Mai", f"line:shop:{MAI}".upper().replace("LINE:SHOP", "line:shop"))
        await talking(house)
        await house.desk.resolves()
        await house.say("thanks")
        await house.say("help")
        assert list(account.conversations) == [42]
        made = account.conversations[42]
        assert (made.status, made.contact.id) == ("open", 3)
        assert made.custom_attributes["handover_id"] == (await house.live()).id
        await house.desk.replies("Back again?")
        assert house.w.texts()[-1] == "Back again?"
        assert house.w.texts().count("How can I help?") == 1, "what was said in the case before stays there"


async def test_a_group_is_one_conversation_with_authors(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        house.w.line.simulator.acts.invite(house.w.account(), CLUB)
        await house.w.say("help", chat=CLUB)
        await house.w.say("me too", chat=CLUB, user=KEN)
        await house.desk.settle()
        assert await house.desk.heard() == ["Ken: me too"]
        await house.desk.replies("Both of you, then.")
        assert house.w.texts(CLUB)[-1] == "Both of you, then."


async def test_a_file_that_is_gone_is_told_to_the_agent(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.weather.expired_media = True
        await house.desk.sends("map.png", b"\x89PNG", "image/png")
        assert "was not sent" in (await house.desk.remarks())[-1]


async def test_availability_asks_chatwoot(tmp_path: Path) -> None:
    flow = FLOW.replace("  - say: Hello!", "  - availability:\n    save: {free: online}\n  - say: '{{ free }} online'")
    flow = flow.replace("{topic: text}", "{topic: text, free: number}")
    async with chatwoot(tmp_path, files={"flows/help.yaml": flow}) as house:
        await house.say("help")
        assert house.w.texts()[0] == "1 online"


async def test_rare_looks_go_on_while_nothing_happens_and_end_with_the_case(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        before = house.desk.server.count("GET /api/v1/accounts/1/conversations/42")
        await house.w.turn(3_600_000)
        looks = (house.desk.server.count("GET /api/v1/accounts/1/conversations/42") - before) / 2
        assert 5 <= looks <= 20
        await house.desk.resolves()
        after = len(house.desk.server.calls)
        await house.w.turn(3_600_000)
        assert len(house.desk.server.calls) == after


async def test_a_case_on_either_store_from_opening_to_end(tmp_path: Path, store_url: str) -> None:
    async with chatwoot(tmp_path, store=store_url) as house:
        await talking(house)
        await house.say("where is it?")
        house.desk.loses(99)
        await house.desk.replies("lost on the way")
        await house.w.turn(61_000)
        await house.desk.resolves()
        await house.w.turn(61_000)
        await house.say("thanks")
        assert house.w.texts()[-2:] == ["lost on the way", "You are back: completed, resolved."]
        assert await house.desk.heard() == ["where is it?"]


async def test_nothing_of_a_case_is_left_when_its_session_is_erased(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        await house.say("my card number is 1234")
        await house.desk.replies("I note down 1234")
        await house.desk.resolves()
        await house.w.store.erase_session(house.key)
        await house.w.settle()
        with contextlib.closing(sqlite3.connect(tmp_path / "world.db")) as found:
            for table in ("inbox", "outbox", "sessions", "transcript", "notes", "cases"):
                rows = found.execute(f"SELECT * FROM {table}").fetchall()
                assert not [row for row in rows if "1234" in str(row)], table
