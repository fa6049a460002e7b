"""Sending, as LINE answers it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clock import ManualClock
from tests.line_platform import CLUB, KEN, MAI, START, Line, bot, platform

pytestmark = pytest.mark.anyio

TEXT = {"type": "text", "text": "hi"}
KEY = "123e4567-e89b-12d3-a456-426614174000"
PUSH = "/v2/bot/message/push"
REPLY = "/v2/bot/message/reply"


async def reply(line: Line, token: Any, *messages: Any) -> Any:
    return await line.api("POST", REPLY, {"replyToken": token, "messages": list(messages or [TEXT])})


async def push(line: Line, to: str = MAI, key: str = "", **more: Any) -> Any:
    headers = {"x_line_retry_key": key} if key else {}
    return await line.api("POST", PUSH, {"to": to, "messages": [TEXT], **more}, **headers)


async def test_a_reply_token_answers_once() -> None:
    line = platform()
    token = (await line.say())["replyToken"]
    first, second = await reply(line, token), await reply(line, token)
    assert first.status == 200
    sent = first.data["sentMessages"]
    assert sent[0]["id"].isdecimal()
    assert sent[0]["quoteToken"]
    assert (second.status, second.data) == (400, {"message": "Invalid reply token"})


async def test_every_answer_has_a_request_id() -> None:
    line = platform()
    answers = [await push(line), await line.api("GET", "/nowhere"), await line.api("GET", "/v2/bot/info", bot="")]
    ids = {answer.headers["x-line-request-id"] for answer in answers}
    assert len(ids) == 3


async def test_a_reply_token_expires_after_a_minute() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    token = (await line.say())["replyToken"]
    clock.turn(60_001)
    assert (await reply(line, token)).data == {"message": "Invalid reply token"}


async def test_redelivery_gives_the_token_a_new_minute_but_no_more_than_twenty() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    early, late = await line.say(), await line.say()
    clock.turn(19 * 60_000)
    await line.simulator.hooks.redeliver([early["webhookEventId"]])
    clock.turn(59_000)
    assert (await reply(line, early["replyToken"])).status == 200
    await line.simulator.hooks.redeliver([late["webhookEventId"]])
    clock.turn(2_000)
    assert (await reply(line, late["replyToken"])).status == 400


async def test_a_used_token_is_not_revived_by_redelivery() -> None:
    line = platform()
    event = await line.say()
    await reply(line, event["replyToken"])
    await line.simulator.hooks.redeliver([event["webhookEventId"]])
    assert (await reply(line, event["replyToken"])).status == 400


async def test_a_token_is_spent_by_a_refused_reply() -> None:
    line = platform()
    token = (await line.say())["replyToken"]
    refused = await reply(line, token, {"type": "text", "text": ""})
    assert refused.data["details"] == [{"message": "May not be empty", "property": "messages[0].text"}]
    assert (await reply(line, token)).data == {"message": "Invalid reply token"}


async def test_a_token_belongs_to_its_bot() -> None:
    line = platform(bot(), bot("other"))
    token = (await line.say())["replyToken"]
    answer = await line.api("POST", REPLY, {"replyToken": token, "messages": [TEXT]}, bot="other")
    assert answer.status == 400
    assert (await reply(line, token)).status == 200


async def test_replies_are_free_and_pushes_are_billed_by_recipient() -> None:
    line = platform()
    account = line.simulator.platform.account("shop")
    line.simulator.acts.invite(account, CLUB)
    await reply(line, (await line.say())["replyToken"])
    assert account.billed(START) == 0
    await line.api("POST", PUSH, {"to": MAI, "messages": [TEXT] * 5})
    await push(line, CLUB)
    usage = await line.api("GET", "/v2/bot/message/quota/consumption")
    assert usage.data == {"totalUsage": 3}


async def test_the_monthly_limit_stops_pushes_until_the_next_month() -> None:
    clock = ManualClock()
    line = platform(bot(quota=2), clock=clock)
    assert [(await push(line)).status for _ in range(3)] == [200, 200, 429]
    assert (await push(line)).data == {"message": "You have reached your monthly limit."}
    assert (await reply(line, (await line.say())["replyToken"])).status == 200
    clock.turn(32 * 86_400_000)
    assert (await push(line)).status == 200


async def test_a_retry_key_is_accepted_once_in_24_hours() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    first, second = await push(line, key=KEY), await push(line, key=KEY)
    assert second.status == 409
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    told = {"message": "The retry key is already accepted", "sentMessages": first.data["sentMessages"]}
    assert second.data == told
    assert len(line.simulator.platform.chats.history("shop", MAI)) == 1
    clock.turn(24 * 3_600_000)
    assert (await push(line, key=KEY)).status == 200


async def test_a_refused_request_does_not_use_up_its_retry_key() -> None:
    line = platform(bot(quota=0))
    assert (await push(line, key=KEY)).status == 429
    line.simulator.platform.change_bot("shop", quota=None)
    assert (await push(line, key=KEY)).status == 200


@pytest.mark.parametrize(("path", "key"), [(PUSH, "no-uuid"), (REPLY, KEY)])
async def test_bad_and_unsupported_retry_keys_are_refused(path: str, key: str) -> None:
    line = platform()
    answer = await line.api("POST", path, {"messages": [TEXT]}, x_line_retry_key=key)
    assert answer.status == 400


async def test_blockers_get_nothing_and_unknown_people_are_an_error() -> None:
    line = platform()
    line.simulator.acts.unfollow(line.simulator.platform.account("shop"), MAI)
    assert (await push(line)).status == 200
    assert line.simulator.platform.account("shop").billed(START) == 0
    assert all(said.who != "bot" for said in line.simulator.platform.chats.history("shop", MAI))
    assert (await push(line, "U" + "0" * 32)).data == {"message": "Failed to send messages"}
    assert (await push(line, CLUB)).data == {"message": "Failed to send messages"}


async def test_strangers_are_reached_for_a_week_after_they_wrote() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    line.simulator.platform.account("shop").relations[MAI] = "none"
    await push(line)
    await line.say()
    await push(line)
    clock.turn(8 * 86_400_000)
    await push(line)
    said = [entry.via for entry in line.simulator.platform.chats.history("shop", MAI)]
    assert said == ["user", "push"]


async def test_multicast_broadcast_and_narrowcast_reach_friends() -> None:
    line = platform()
    line.simulator.platform.account("shop").relations[KEN] = "blocked"
    multicast = await line.api("POST", "/v2/bot/message/multicast", {"to": [MAI, KEN], "messages": [TEXT]})
    broadcast = await line.api("POST", "/v2/bot/message/broadcast", {"messages": [TEXT]})
    narrowcast = await line.api("POST", "/v2/bot/message/narrowcast", {"messages": [TEXT]})
    assert [multicast.status, broadcast.status, narrowcast.status] == [200, 200, 202]
    said = [entry.via for entry in line.simulator.platform.chats.history("shop", MAI)]
    assert said == ["multicast", "broadcast", "narrowcast"]
    id = narrowcast.headers["x-line-request-id"]
    progress = await line.api("GET", f"/v2/bot/message/progress/narrowcast?requestId={id}")
    assert progress.data["phase"] == "succeeded"
    assert (await line.api("GET", "/v2/bot/message/progress/narrowcast?requestId=x")).status == 404


async def test_counts_of_sent_messages_by_day() -> None:
    line = platform()
    await push(line)
    today = await line.api("GET", "/v2/bot/message/delivery/push?date=20270115")
    assert today.data == {"status": "ready", "success": 1}
    bad = await line.api("GET", "/v2/bot/message/delivery/push?date=today")
    assert bad.data == {"message": "The value for the 'date' parameter is invalid"}


async def test_quote_tokens_belong_to_their_chat() -> None:
    line = platform()
    quote = (await line.say())["message"]["quoteToken"]
    quoting = {**TEXT, "quoteToken": quote}
    assert (await line.api("POST", PUSH, {"to": KEN, "messages": [quoting]})).status == 400
    assert (await line.api("POST", PUSH, {"to": MAI, "messages": [quoting]})).status == 200
    last = line.simulator.platform.chats.last("shop", MAI)
    assert last
    assert last.quoted


async def test_an_open_bot_takes_tokens_and_people_it_never_heard_of() -> None:
    line = platform(bot(open=True))
    assert (await reply(line, "x" * 32)).status == 200
    assert (await reply(line, "x" * 32)).status == 400
    own = (await line.say())["replyToken"]
    assert [(await reply(line, own)).status, (await reply(line, own)).status] == [200, 400]
    assert (await push(line, "U" + "0" * 32)).status == 200


async def test_aggregation_units_are_counted() -> None:
    line = platform()
    await push(line, customAggregationUnits=["spring"])
    assert (await line.api("GET", "/v2/bot/message/aggregation/info")).data == {"numOfCustomAggregationUnits": 1}
    assert (await line.api("GET", "/v2/bot/message/aggregation/list")).data == {"customAggregationUnits": ["spring"]}


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [(20, []), (63, ["Must be between 5 and 60", "must be a multiple of five"]), (7, ["must be a multiple of five"])],
)
async def test_loading(seconds: int, texts: list[str]) -> None:
    line = platform()
    answer = await line.api("POST", "/v2/bot/chat/loading/start", {"chatId": MAI, "loadingSeconds": seconds})
    assert answer.status == (400 if texts else 202)
    assert [detail["message"] for detail in answer.data.get("details", [])] == texts
    group = await line.api("POST", "/v2/bot/chat/loading/start", {"chatId": CLUB})
    assert group.data["details"][0]["property"] == "chatId"


async def test_loading_ends_with_the_next_message() -> None:
    line = platform()
    await line.api("POST", "/v2/bot/chat/loading/start", {"chatId": MAI})
    assert (await line.control("GET", f"/bots/shop/chats/{MAI}"))["loading"] == 20_000
    await push(line)
    assert (await line.control("GET", f"/bots/shop/chats/{MAI}"))["loading"] == 0


async def test_marking_as_read() -> None:
    line = platform(bot(chat_mode="chat"))
    event = await line.say()
    token = event["message"]["markAsReadToken"]
    assert (await line.api("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token})).status == 200
    assert (await line.control("GET", f"/bots/shop/chats/{MAI}"))["read"] == event["message"]["id"]
    assert (await line.api("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": "x"})).status == 400
    old = await line.api("POST", "/v2/bot/message/markAsRead", {"chat": {"userId": MAI}})
    assert old.status == 200


async def test_validation_sends_nothing() -> None:
    line = platform()
    for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        path = f"/v2/bot/message/validate/{kind}"
        assert (await line.api("POST", path, {"messages": [TEXT]})).data == {}
        assert (await line.api("POST", path, {"messages": []})).status == 400
    assert not line.simulator.platform.chats.history("shop", MAI)


async def test_notification_messages_tell_of_their_delivery() -> None:
    line = platform()
    sent = await line.api("POST", "/bot/pnp/push", {"to": "a" * 64, "messages": [TEXT]})
    await line.simulator.hooks.idle()
    assert sent.status == 200
    assert line.caught.events[-1]["delivery"] == {"data": "a" * 64}
    bad = await line.api("POST", "/bot/pnp/push", {"to": "+81", "messages": [TEXT]})
    assert bad.data["details"][0]["message"] == "The value must be a valid SHA-256 digest."


async def test_rate_limits_when_switched_on() -> None:
    clock = ManualClock()
    line = platform(clock=clock, rate_limits=True)
    answers = [(await line.api("POST", "/v2/bot/message/broadcast", {"messages": [TEXT]})).status for _ in range(61)]
    assert answers == [200] * 60 + [429]
    clock.turn(60_000)
    assert (await line.api("POST", "/v2/bot/message/broadcast", {"messages": [TEXT]})).status == 200
