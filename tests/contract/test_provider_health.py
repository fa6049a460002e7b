"""A provider that does not answer is seen by everybody who can do something about it, and the bot stays ready."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.desk.elsewhere import standing
from runtime.handover.providers.health import EVERY, STALE
from runtime.store import connect
from tests.asgi import ask
from tests.chatwoot_double.faults import Fault
from tests.contract.handover_desks import House, chatwoot
from tests.contract.hooked_desk import webhook
from tests.unit.desk.test_desk import desk
from tests.unit.desk.test_shelves import colleague

pytestmark = pytest.mark.anyio


async def ready(house: House) -> tuple[int, Any]:
    answer = await ask(house.w.runtime.asgi, "GET", "/readyz")
    return answer.status, answer.data["providers"]["there"]


async def metrics(house: House) -> list[str]:
    return (await ask(house.w.runtime.asgi, "GET", "/metrics")).raw.decode().splitlines()


async def talking(house: House) -> None:
    await house.say("help")
    await house.desk.replies("How can I help?")


@pytest.mark.parametrize("make", [chatwoot, webhook])
async def test_one_that_is_down_is_told_everywhere_and_back_again(tmp_path: Path, make: Any) -> None:
    async with make(tmp_path) as house, desk(house.w) as boss:
        await talking(house)
        assert await ready(house) == (200, {"up": 1, "waiting": 0, "parked": 0})
        assert 'noren_provider_up{provider="there"} 1' in await metrics(house)
        house.desk.goes_down()
        await house.say("one")
        await house.say("two")
        assert (await ready(house))[1]["up"] == 1, "one answer that failed says nothing"
        for _ in range(3):
            await house.retried()
        status, told = await ready(house)
        assert (status, told["up"], told["why"]) == (200, 0, "there answered 502")
        assert 0 < told["since"] <= house.w.clock.now()
        assert told["waiting"] >= 2
        lines = await metrics(house)
        assert 'noren_provider_up{provider="there"} 0' in lines
        assert f'noren_provider_waiting{{provider="there"}} {told["waiting"]}' in lines
        [seen] = (await boss.ask("GET", "/providers"))["providers"]
        assert (seen["name"], seen["up"], seen["why"]) == ("there", 0, "there answered 502")
        house.desk.comes_back()
        for _ in range(4):
            await house.retried()
        assert await ready(house) == (200, {"up": 1, "waiting": 0, "parked": 0})


async def test_a_key_that_is_refused_is_told_at_once(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.tokens.clear()
        await house.say("hello?")
        assert (await ready(house))[1]["why"] == "there answered 401"


async def test_what_it_refuses_for_good_is_an_answer(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        for number in range(5):
            house.desk.server.weather.calls.append(Fault(422, "/messages", "POST", body=b'{"message":"no"}'))
            await house.say(f"strange {number}")
        assert (await ready(house))[1]["up"] == 1


async def test_another_process_reads_it_and_old_news_pass(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.tokens.clear()
        await house.say("hello?")
        settings, now = house.w.runtime.settings, house.w.clock.now()
        other = connect(f"sqlite:///{tmp_path}/world.db")
        await other.open()
        try:
            assert (await standing(settings, other, now))["there"]["up"] == 0
            assert (await standing(settings, other, now + STALE))["there"]["up"] == 1
        finally:
            await other.close()
        await house.w.turn(EVERY + 1_000)
        again = await house.w.store.get("provider there")
        assert again is not None
        assert again[1] > now, "while it lasts it is written again"


async def test_only_those_who_lead_are_told(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house, desk(house.w) as boss, desk(house.w, admin=False) as ben:
        await colleague(house.w, boss, ben, queues=["general"])
        await ben.ask("GET", "/providers", expect=403)
