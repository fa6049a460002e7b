"""The month's quota as LINE tells it, and what is known in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest

from runtime.line.quota import EVERY, Members, Quota
from runtime.model import Chat
from tests.clock import ManualClock
from tests.unit.line.stub import StubLine, line

pytestmark = pytest.mark.anyio
JAPAN = timezone(timedelta(hours=9))
NOW = int(datetime(2026, 11, 30, 23, 50, tzinfo=JAPAN).timestamp() * 1000)
QUOTA = "/v2/bot/message/quota"


@contextlib.asynccontextmanager
async def quota(value: int, used: int) -> AsyncIterator[tuple[Quota, StubLine, ManualClock]]:
    stub, clock = StubLine(quota={"type": "limited", "value": value}, consumption=used), ManualClock(NOW)
    async with line(stub) as api:
        yield Quota(api, clock), stub, clock


async def test_line_is_asked_once_and_pushes_are_counted_here() -> None:
    async with quota(10, 7) as (month, stub, clock):
        assert stub.calls == []
        assert await asyncio.gather(*[month.may_push() for _ in range(8)]) == [True] * 8
        month.spent(2)
        assert (await month.may_push(1), await month.may_push(2)) == (True, False)
        assert len(stub.calls) == 2
        clock.turn(EVERY)
        assert await month.may_push(3), "LINE's own number counts again"
        assert len(stub.calls) == 4


async def test_the_month_turns() -> None:
    async with quota(10, 10) as (month, stub, clock):
        assert not await month.may_push()
        stub.consumption = 0
        clock.turn(9 * 60_000)
        stub.calls.clear()
        month.used_up()
        assert not await month.may_push()
        assert stub.calls == []
        clock.turn(60_000)
        assert await month.may_push(), "1 December, 00:00 in Japan"


async def test_the_month_turns_even_when_line_does_not_answer() -> None:
    async with quota(10, 10) as (month, stub, clock):
        assert not await month.may_push()
        stub.answers[QUOTA] = (500, {})
        clock.turn(10 * 60_000)
        assert await month.may_push()


async def test_unread_is_not_used_up() -> None:
    async with quota(1, 1) as (month, stub, clock):
        stub.answers[QUOTA] = (500, {})
        assert await month.may_push()
        assert await month.may_push()
        assert len(stub.calls) == 1, "not asked again at once"
        del stub.answers[QUOTA]
        clock.turn(60_000)
        assert not await month.may_push()


async def test_no_limit() -> None:
    async with quota(0, 0) as (month, stub, _):
        stub.quota = {"type": "none"}
        assert await month.may_push(1_000_000)
        assert stub.calls == [QUOTA]


async def test_members_are_asked_seldom() -> None:
    path = "/v2/bot/room/R1/members/count"
    stub, clock, room = StubLine(answers={path: (200, {"count": 4})}), ManualClock(NOW), Chat("room", "R1")
    async with line(stub) as api:
        members = Members(api, clock)
        assert [await members.count(c) for c in (Chat("user", "U1"), room, room)] == [1, 4, 4]
        stub.answers[path] = (404, {})
        clock.turn(6 * 3_600_000)
        assert [await members.count(room), await members.count(room)] == [None, None]
        clock.turn(EVERY)
        stub.answers[path] = (200, {"count": 5})
        assert await members.count(room) == 5
        assert stub.calls == [path] * 3
