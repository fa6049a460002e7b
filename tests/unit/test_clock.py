from __future__ import annotations

import asyncio
import time

import pytest

from runtime.clock import SystemClock
from tests.clock import ManualClock

pytestmark = pytest.mark.anyio


async def test_system_clock_tells_milliseconds_since_the_epoch() -> None:
    before = time.time()
    now = SystemClock().now()
    assert before - 0.001 <= now / 1000 <= time.time()


async def test_system_clock_returns_at_the_time_or_later() -> None:
    clock = SystemClock()
    when = clock.now() + 15
    await clock.sleep_until(when)
    assert clock.now() >= when
    await clock.sleep_until(when - 10_000)


async def test_manual_clock_wakes_in_order_when_turned() -> None:
    clock = ManualClock(1_000)
    woken: list[int] = []

    async def sleeper(when: int) -> None:
        await clock.sleep_until(when)
        woken.append(when)

    async with asyncio.TaskGroup() as group:
        for when in (3_000, 1_500, 900):
            group.create_task(sleeper(when))
        await asyncio.sleep(0)
        assert woken == [900]
        assert clock.next_due == 1_500
        clock.turn(500)
        await asyncio.sleep(0)
        assert (woken, clock.now()) == ([900, 1_500], 1_500)
        clock.turn(10_000)
    assert woken == [900, 1_500, 3_000]
    assert clock.next_due is None
