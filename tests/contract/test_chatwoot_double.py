"""The double keeps Chatwoot's rules, so that what passes against it has a chance against a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.asgi import Answered, ask
from tests.chatwoot_double.server import BOT_TOKEN, TOKEN, Chatwoot
from tests.chatwoot_double.state import Contact, Person, Refusal
from tests.clock import ManualClock

pytestmark = pytest.mark.anyio
BASE = "/api/v1/accounts/1"


@pytest.fixture
def server() -> Chatwoot:
    made = Chatwoot(ManualClock())
    made.hook_url = "/hook"
    return made


async def call(server: Chatwoot, method: str, path: str, body: Any = None, token: str = TOKEN) -> Answered:
    headers = {"api-access-token": token, "content-type": "application/json"}
    return await ask(server, method, f"{BASE}{path}", json.dumps(body).encode() if body is not None else b"", headers)


async def conversation(server: Chatwoot, **more: Any) -> int:
    """A contact with a conversation; its number."""
    contact = {"inbox_id": 7, "source_id": "U1", "identifier": "line:U1", "name": "Mai"}
    made = (await call(server, "POST", "/contacts", contact)).data["payload"]["contact"]["id"]
    body = {"source_id": "U1", "inbox_id": 7, "contact_id": made, **more}
    return int((await call(server, "POST", "/conversations", body)).data["id"])


def told(server: Chatwoot) -> list[str]:
    return [json.loads(raw)["event"] for raw in server.waiting]


async def test_a_status_that_is_not_named_is_turned_over(server: Chatwoot) -> None:
    number = await conversation(server)
    for expected in ("resolved", "open"):
        answer = await call(server, "POST", f"/conversations/{number}/toggle_status", {})
        assert answer.data["payload"]["current_status"] == expected


async def test_the_end_is_told_twice_and_the_survey_comes_once(server: Chatwoot) -> None:
    server.account.csat = True
    number = await conversation(server)
    server.waiting.clear()
    server.agent("Aya").opens(number).resolves()
    assert told(server) == ["conversation_updated", "conversation_status_changed", "message_created"]
    server.agent("Aya").opens(number).reopens().resolves()
    assert sum(one.content_type == "input_csat" for one in server.conversation().messages) == 1


async def test_customers_words_wake_what_sleeps_and_reopen_what_ended(server: Chatwoot) -> None:
    number = await conversation(server)
    for ending, bot, after in (
        ("snoozed", None, "open"),
        ("resolved", None, "open"),
        ("resolved", Person(2, "B"), "pending"),
    ):
        server.account.bot = bot
        server.conversation().status = ending
        await call(server, "POST", f"/conversations/{number}/messages", {"content": "hi", "message_type": "incoming"})
        assert server.conversation().status == after
    server.conversation().status, server.conversation().muted = "resolved", True
    await call(server, "POST", f"/conversations/{number}/messages", {"content": "hi", "message_type": "incoming"})
    assert server.conversation().status == "resolved"


async def test_waiting_begins_with_the_customer_and_ends_with_a_person(server: Chatwoot) -> None:
    number = await conversation(server)
    one = server.conversation()
    assert one.waiting_since == server.clock.now() // 1000
    server.agent("Aya").opens(number).notes("hm")
    assert one.waiting_since is not None
    assert one.first_reply is None
    server.agent("Aya").replies("hello")
    assert [one.waiting_since, one.first_reply] == [None, server.clock.now() // 1000]


async def test_words_and_numbers_differ_between_webhook_and_api(server: Chatwoot) -> None:
    number = await conversation(server)
    server.waiting.clear()
    server.agent("Aya").opens(number).replies("hello")
    hook = json.loads(server.waiting[0])
    assert (hook["message_type"], hook["created_at"][-1], "status" in hook) == ("outgoing", "Z", False)
    (rest,) = (await call(server, "GET", f"/conversations/{number}/messages")).data["payload"]
    assert (rest["message_type"], rest["created_at"]) == (1, server.clock.now() // 1000)


async def test_bots_may_call_little(server: Chatwoot) -> None:
    number = await conversation(server)
    assert (
        await call(server, "POST", f"/conversations/{number}/toggle_status", {"status": "open"}, BOT_TOKEN)
    ).status == 200
    refused = await call(server, "POST", "/contacts/filter", {"payload": []}, BOT_TOKEN)
    assert (refused.status, refused.data["error"]) == (401, "Access to this endpoint is not authorized for bots")
    assert (await call(server, "GET", "/inboxes/7", token="x")).data == {"error": "Invalid Access Token"}


async def test_what_identifies_somebody_is_unique(server: Chatwoot) -> None:
    await conversation(server)
    taken = await call(server, "POST", "/contacts", {"identifier": "LINE:u1"})
    assert (taken.status, taken.data["attributes"]) == (422, ["identifier"])
    other = (await call(server, "POST", "/contacts", {"name": "Ken"})).data["payload"]["contact"]["id"]
    clash = await call(server, "POST", f"/contacts/{other}/contact_inboxes", {"inbox_id": 7, "source_id": "U1"})
    assert clash.status == 422
    assert (await call(server, "POST", "/contacts", {"phone_number": "090"})).status == 422


async def test_labels_and_attributes_of_conversations_are_replaced_and_those_of_contacts_merged(
    server: Chatwoot,
) -> None:
    number = await conversation(server, custom_attributes={"a": 1})
    await call(server, "POST", f"/conversations/{number}/labels", {"labels": ["vip"]})
    await call(server, "POST", f"/conversations/{number}/labels", {"labels": ["late"]})
    await call(server, "POST", f"/conversations/{number}/custom_attributes", {"custom_attributes": {"b": 2}})
    one = server.conversation()
    assert (one.labels, one.custom_attributes) == (["late"], {"b": 2})
    for name in ("a", "b"):
        await call(server, "PUT", f"/contacts/{one.contact.id}", {"custom_attributes": {name: 1}})
    assert one.contact.custom_attributes == {"a": 1, "b": 1}


async def test_open_conversations_go_round_among_those_online(server: Chatwoot) -> None:
    server.account.auto_assign = True
    for name in ("Aya", "Ben", "Cho"):
        server.agent(name).goes_online()
    server.agent("Ben").goes_offline()
    contact = Contact(1, "Mai")
    got = [server.account.open(contact, "s", {}).assignee for _ in range(3)]
    assert [one.name if one else "" for one in got] == ["Cho", "Aya", "Cho"]


async def test_out_of_office_is_said_once_a_day_and_never_right_after_an_answer(server: Chatwoot) -> None:
    server.account.closed, server.account.out_of_office = True, "We are closed."
    number = await conversation(server)
    path = f"/conversations/{number}/messages"
    server.agent("Aya").opens(number).replies("hello")
    await call(server, "POST", path, {"content": "hi", "message_type": "incoming"})
    assert server.said(type=3) == []
    server.clock.turn(300_001)
    for _ in range(2):
        await call(server, "POST", path, {"content": "hi", "message_type": "incoming"})
    assert server.said(type=3) == ["We are closed."]


async def test_what_nobody_touches_ends_by_itself(server: Chatwoot) -> None:
    await conversation(server)
    assert server.account.auto_resolve(60_000) == 0
    server.clock.turn(60_000)
    assert (server.account.auto_resolve(60_000), server.conversation().status) == (1, "resolved")


async def test_a_conversation_takes_two_hundred_messages_a_minute(server: Chatwoot) -> None:
    number = await conversation(server)
    for _ in range(200):
        server.account.post(server.conversation(number), "x", 0)
    with pytest.raises(Refusal, match="422"):
        server.account.post(server.conversation(number), "x", 0)
    server.clock.turn(60_000)
    server.account.post(server.conversation(number), "x", 0)


async def test_merging_keeps_the_base_and_moves_the_rest(server: Chatwoot) -> None:
    await conversation(server)
    kept = Contact(50, "Mai K.", custom_attributes={"tier": "gold"})
    server.account.contacts[50] = kept
    other = server.conversation().contact
    await call(server, "POST", "/actions/contact_merge", {"base_contact_id": 50, "mergee_contact_id": other.id})
    assert (server.conversation().contact, kept.identifier, kept.name) == (kept, "line:U1", "Mai K.")
    assert other.id not in server.account.contacts


async def test_new_conversations_are_a_bots_first_and_a_blocked_contacts_never(server: Chatwoot) -> None:
    server.account.bot = Person(2, "Bot", type="agent_bot")
    await conversation(server)
    assert server.conversation().status == "pending"
    assert server.account.open(Contact(60, "x", blocked=True), "s", {}).status == "resolved"


async def test_what_no_controller_knows_is_left_out_and_remembered(server: Chatwoot) -> None:
    number = await conversation(server)
    await call(server, "POST", f"/conversations/{number}/messages", {"content": "hi", "sourceid": "x"})
    assert server.conversation().messages[-1].source_id is None
    assert server.strange == [f"POST conversations/{number}/messages: sourceid"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/conversations/42/messages", {"content": "x", "message_type": "inward"}, 422),
        ("POST", "/conversations/42/labels", {}, 400),
        ("POST", "/conversations/42/custom_attributes", {}, 400),
        ("POST", "/conversations/42/toggle_priority", {"priority": "soon"}, 422),
        ("POST", "/conversations", {"inbox_id": 8, "contact_id": 11, "source_id": "U1"}, 404),
        ("POST", "/conversations", {"inbox_id": 7, "contact_id": 999, "source_id": "U1"}, 404),
        ("POST", "/conversations", {"inbox_id": 7, "contact_id": 11, "source_id": "U1", "status": "shut"}, 422),
        ("POST", "/contacts", {"inbox_id": 8, "source_id": "U2"}, 404),
        ("POST", "/contacts/11/contact_inboxes", {"source_id": "U2"}, 400),
        ("POST", "/contacts/filter", {}, 400),
        ("POST", "/contacts/filter", {"payload": [{"attribute_key": "x"}]}, 422),
        ("PATCH", "/conversations/42/messages/999", {"status": "read"}, 404),
        ("DELETE", "/conversations/42/messages/999", None, 404),
        ("GET", "/conversations/999", None, 404),
        ("GET", "/nothing", None, 404),
    ],
)
async def test_what_is_wrong_is_refused_as_chatwoot_does(
    server: Chatwoot, method: str, path: str, body: Any, status: int
) -> None:
    assert await conversation(server) == 42
    answer = await call(server, method, path, body)
    assert answer.status == status
    assert "error" in answer.data


async def test_bodies_that_are_no_json_and_accounts_of_others(server: Chatwoot) -> None:
    await conversation(server)
    headers, path = {"api-access-token": TOKEN}, f"{BASE}/conversations/42/messages"
    broken = await ask(server, "POST", path, b"{", {**headers, "content-type": "application/json"})
    assert broken.status == 400
    assert (await ask(server, "GET", "/api/v1/accounts/2/conversations/42", b"", headers)).status == 401
    reading = await call(server, "GET", "/conversations/42/messages", token=BOT_TOKEN)
    assert reading.status == 401, "bots may write, and read nothing"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"message": {}}, 400),
        ({"message": {"submitted_values": {"csat_survey_response": {"rating": 9}}}}, 422),
        ({"message": {"submitted_values": {"csat_survey_response": {"rating": 5}}}}, 200),
    ],
)
async def test_a_survey_takes_one_to_five(server: Chatwoot, given: Any, status: int) -> None:
    server.account.csat = True
    number = await conversation(server)
    server.agent("Aya").opens(number).resolves()
    path, head = f"/public/api/v1/csat_survey/{server.conversation().uuid}", {"content-type": "application/json"}
    assert (await ask(server, "PATCH", path, json.dumps(given).encode(), head)).status == status
