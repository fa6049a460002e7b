"""Webhooks out: signature, order, time-out, redelivery, batches, duplicates."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from runtime.errors import BadInput
from runtime.simulator.hooks import signature
from tests.clock import ManualClock
from tests.line_platform import HOOK, KEN, MAI, Caught, Line, bot, platform

pytestmark = pytest.mark.anyio

MINUTE = 60_000


async def turned(clock: ManualClock, ms: int, caught: Caught, bodies: int) -> None:
    """Turn the clock and let what was waiting for it run until so many bodies were sent."""
    clock.turn(ms)
    for _ in range(50):
        await asyncio.sleep(0)
        if len(caught.bodies) >= bodies:
            return


def write(line: Line, text: str, chat: str = MAI) -> str:
    said = line.simulator.acts.send(line.simulator.platform.account("shop"), chat, {"type": "text", "text": text})
    return line.event(said[0].id)["webhookEventId"]


def texts(caught: Caught) -> list[str]:
    return [event["message"]["text"] for event in caught.events]


def test_signature() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert signature("8c570fa6dd201bb328f1c1eac23a96d8", body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


async def test_a_webhook_is_signed_over_its_bytes() -> None:
    line = platform()
    await line.say()
    secret = line.simulator.platform.account("shop").bot.channel_secret
    headers, data = line.caught.headers[0], line.caught.bodies[0]
    assert headers["x-line-signature"] == signature(secret, data)
    assert json.loads(data)["destination"] == line.simulator.platform.account("shop").bot.user_id


async def test_events_of_one_chat_go_one_after_the_other_and_chats_do_not_wait() -> None:
    line = platform()
    line.caught.gate = asyncio.Event()
    for text in ("one", "two"):
        write(line, text)
    write(line, "elsewhere", KEN)
    await turned(ManualClock(), 0, line.caught, 3)
    assert sorted(texts(line.caught)) == ["elsewhere", "one"]
    line.caught.gate.set()
    await line.simulator.hooks.idle()
    assert texts(line.caught)[2:] == ["two"]


async def test_no_redelivery_unless_switched_on() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    line.caught.answers = [500]
    id = (await line.say())["webhookEventId"]
    await turned(clock, 10 * MINUTE, line.caught, 2)
    assert len(line.caught.bodies) == 1
    hook = line.simulator.hooks.get(id)
    assert (hook.state, hook.last and hook.last.reason) == ("failed", "ERROR_STATUS_CODE")


async def test_redelivery_repeats_the_same_event_until_it_is_taken() -> None:
    clock = ManualClock()
    line = platform(bot(webhook_url=HOOK, redelivery=True), clock=clock)
    line.caught.answers = [500, ConnectionRefusedError(), 200]
    await line.say()
    for bodies in (2, 3, 4):
        await turned(clock, MINUTE, line.caught, bodies)
    first, *again = line.caught.events
    assert len(again) == 2
    assert [event["deliveryContext"] for event in again] == [{"isRedelivery": True}] * 2
    assert all({**event, "deliveryContext": first["deliveryContext"]} == first for event in again)
    assert line.simulator.hooks.get(first["webhookEventId"]).state == "delivered"


async def test_redelivery_gives_up() -> None:
    clock = ManualClock()
    line = platform(bot(webhook_url=HOOK, redelivery=True, redelivery_times=2), clock=clock)
    line.caught.answers = [500] * 9
    await line.say()
    for bodies in (2, 3, 4, 5):
        await turned(clock, MINUTE, line.caught, bodies)
    assert len(line.caught.bodies) == 3


async def test_a_webhook_that_is_not_answered_in_two_seconds_has_failed() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    line.caught.gate = asyncio.Event()
    id = write(line, "slow")
    await turned(clock, 0, line.caught, 1)
    await turned(clock, 2_000, line.caught, 2)
    await line.simulator.hooks.idle()
    tried = line.simulator.hooks.get(id).last
    assert tried
    assert tried.reason == "REQUEST_TIMEOUT"


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (ConnectionRefusedError(), "COULD_NOT_CONNECT"),
        (ConnectionResetError(), "UNCLASSIFIED"),
        (301, "ERROR_STATUS_CODE"),
    ],
)
async def test_reasons_of_failure(trouble: Any, reason: str) -> None:
    line = platform()
    line.caught.answers = [trouble]
    await line.say()
    assert (await line.control("GET", "/log?way=webhook"))["log"][0]["outcome"] == reason


async def test_batches() -> None:
    line = platform(bot(webhook_url=HOOK, batch=3))
    for text in ("one", "two", "three", "four"):
        write(line, text, MAI if text < "t" else KEN)
    await line.simulator.hooks.idle()
    assert [len(json.loads(data)["events"]) for data in line.caught.bodies] == [3, 1]


async def test_copies_are_duplicates_and_no_redeliveries() -> None:
    line = platform(bot(webhook_url=HOOK, copies=2))
    await line.say()
    assert len(line.caught.bodies) == 2
    assert line.caught.bodies[0] == line.caught.bodies[1]


async def test_held_events_go_out_in_any_order() -> None:
    line = platform(bot(webhook_url=HOOK, hold=True))
    ids = [write(line, text) for text in ("one", "two", "three")]
    assert not line.caught.bodies
    await line.control("POST", "/bots/shop/webhooks/release", events=[ids[2], ids[0]])
    await line.control("POST", "/bots/shop/webhooks/release", batch=5)
    assert texts(line.caught) == ["three", "one", "two"]
    await line.control("POST", "/webhooks/redeliver", events=[ids[1]], duplicate=True)
    await line.control("POST", "/webhooks/redeliver", events=[ids[1]])
    assert [e["deliveryContext"]["isRedelivery"] for e in line.caught.events[3:]] == [False, True]


async def test_nothing_is_sent_without_a_webhook_or_while_it_is_off() -> None:
    line = platform(bot(), bot("mute", webhook_url=HOOK, webhook=False))
    await line.say()
    await line.say(bot="mute")
    assert not line.caught.bodies
    listed = await line.control("GET", "/bots/shop/webhooks?state=off")
    assert len(listed["webhooks"]) == 1


async def test_the_endpoint_test_sends_a_signed_empty_webhook() -> None:
    line = platform()
    answer = await line.api("POST", "/v2/bot/channel/webhook/test", {})
    assert answer.data["success"] is True
    assert (answer.data["reason"], answer.data["statusCode"]) == ("OK", 200)
    assert json.loads(line.caught.bodies[0])["events"] == []
    line.caught.answers = [ConnectionRefusedError("Connection failed")]
    answer = await line.api("POST", "/v2/bot/channel/webhook/test", {"endpoint": "http://elsewhere.test/"})
    assert (answer.data["success"], answer.data["reason"]) == (False, "COULD_NOT_CONNECT")


async def test_the_endpoint_is_read_and_set_over_the_api() -> None:
    line = platform(bot())
    path = "/v2/bot/channel/webhook/endpoint"
    assert (await line.api("GET", path)).data == {"message": "Webhook endpoint not found"}
    assert (await line.api("PUT", path, {"endpoint": "nonsense"})).data == {"message": "Invalid webhook endpoint URL"}
    await line.api("PUT", path, {"endpoint": HOOK})
    assert (await line.api("GET", path)).data == {"endpoint": HOOK, "active": True}


@pytest.mark.parametrize(
    "url", ["https://api.line.me/webhook", "https://line.me", "ftp://bot.test/", "https://", "http://["]
)
def test_real_line_hosts_and_odd_urls_are_refused(url: str) -> None:
    with pytest.raises(BadInput):
        platform(bot(webhook_url=url))


async def test_closing_drops_what_waits() -> None:
    line = platform(bot(webhook_url=HOOK, redelivery=True))
    line.caught.answers = [500]
    await line.say()
    await line.simulator.close()
    assert len(line.caught.bodies) == 1


async def test_a_reset_before_anything_was_sent_leaves_no_dead_lane() -> None:
    line = platform()
    write(line, "lost")
    await line.control("POST", "/reset")
    await line.control("POST", "/users", name="Mai")
    await line.say("after")
    assert texts(line.caught) == ["after"]


async def test_redelivery_ends_with_the_bot() -> None:
    clock = ManualClock()
    line = platform(bot(webhook_url=HOOK, redelivery=True), clock=clock)
    line.caught.answers = [500]
    await line.say()
    await line.control("DELETE", "/bots/shop")
    await turned(clock, MINUTE, line.caught, 2)
    assert len(line.caught.bodies) == 1
