"""LINE's bad days at one call each: what the page's buttons for trouble need."""

from __future__ import annotations

import pytest

from tests.line_platform import HOOK, KEN, MAI, bot, platform

pytestmark = pytest.mark.anyio


async def test_a_long_chat_is_read_backwards_page_by_page() -> None:
    line = platform()
    for number in range(7):
        await line.say(f"line {number}")
    path = f"/bots/shop/chats/{MAI}"
    pages, before = [], ""
    while True:
        page = (await line.control("GET", f"{path}?limit=3{before}"))["entries"]
        if not page:
            break
        pages.append([one["message"]["text"][-1] for one in page])
        before = f"&before={page[0]['id']}"
    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]
    assert (await line.control("GET", f"{path}?limit=0"))["entries"] == []
    assert (await line.asked("GET", f"{path}?before=nothing")).status == 404


async def test_the_last_event_comes_again_in_one_call() -> None:
    line = platform()
    await line.say("from Mai")
    await line.say("from Ken", chat=KEN)
    await line.control("POST", "/webhooks/redeliver", bot="shop")
    await line.control("POST", "/webhooks/redeliver", bot="shop", chat=MAI, duplicate=True)
    last, first = line.caught.events[2:]
    assert (last["message"]["text"], last["deliveryContext"]["isRedelivery"]) == ("from Ken", True)
    assert (first["message"]["text"], first["deliveryContext"]["isRedelivery"]) == ("from Mai", False)
    assert (await line.asked("POST", "/webhooks/redeliver", bot="none")).status == 404
    assert (await platform().asked("POST", "/webhooks/redeliver", bot="shop")).status == 400


async def test_held_events_are_released_the_wrong_way_round() -> None:
    line = platform(bot(webhook_url=HOOK, hold=True))
    account = line.simulator.platform.account("shop")
    for text in ("first", "second", "third"):
        line.simulator.acts.send(account, MAI, {"type": "text", "text": text}, "")
    released = await line.control("POST", "/bots/shop/webhooks/release", reverse=True)
    assert [one["state"] for one in released["webhooks"]] == ["delivered"] * 3
    assert [one["message"]["text"] for one in line.caught.events] == ["third", "second", "first"]
