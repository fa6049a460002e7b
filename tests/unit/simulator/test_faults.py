"""Faults: the ones that answer in-process, the ones of the connection over a real port."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.clock import ManualClock
from tests.line_platform import MAI, Line, line_platform, platform

pytestmark = pytest.mark.anyio

PUSH = "/v2/bot/message/push"
BODY = {"to": MAI, "messages": [{"type": "text", "text": "hi"}]}


def delivered(line: Line) -> int:
    return len(line.simulator.platform.chats.history("shop", MAI))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("bad_request", 400),
        ("unauthorized", 401),
        ("forbidden", 403),
        ("not_found", 404),
        ("gone", 410),
        ("preparing", 202),
        ("rate_limit", 429),
        ("monthly_quota", 429),
        ("server_error", 500),
        ("unavailable", 503),
    ],
)
async def test_faults_that_answer(kind: str, status: int) -> None:
    line = platform()
    await line.control("POST", "/faults", kind=kind, path="/v2/bot/message/*")
    assert (await line.api("POST", PUSH, BODY)).status == status
    assert delivered(line) == 0
    assert (await line.api("POST", PUSH, BODY)).status == 200
    log = (await line.control("GET", "/log"))["log"]
    assert [entry["outcome"] for entry in log] == [kind, "answered"]


async def test_a_status_of_ones_choice_with_headers_after_accepting() -> None:
    line = platform()
    headers = {"Retry-After": "3"}
    await line.control("POST", "/faults", kind="status", status=502, message="no", headers=headers, accept=True)
    answer = await line.api("POST", PUSH, BODY)
    assert (answer.status, answer.data, answer.headers["retry-after"]) == (502, {"message": "no"}, "3")
    assert delivered(line) == 1


@pytest.mark.parametrize("kind", ["expired_token", "used_token"])
async def test_reply_tokens_die(kind: str) -> None:
    line = platform()
    token = (await line.say())["replyToken"]
    await line.control("POST", "/faults", kind=kind, path="*/reply")
    answer = await line.api("POST", "/v2/bot/message/reply", {"replyToken": token, "messages": BODY["messages"]})
    assert answer.data == {"message": "Invalid reply token"}


async def test_faults_choose_their_requests() -> None:
    line = platform()
    wanted: dict[str, Any] = {"kind": "server_error", "method": "post", "path": PUSH, "bot": "shop"}
    await line.control("POST", "/faults", **wanted, text="日本", skip=1, times=2)
    japanese = {**BODY, "messages": [{"type": "text", "text": "日本語"}]}
    assert (await line.api("GET", "/v2/bot/info")).status == 200
    assert (await line.api("POST", PUSH, BODY)).status == 200
    assert [(await line.api("POST", PUSH, japanese)).status for _ in range(4)] == [200, 500, 500, 200]


async def test_a_fault_without_end_lasts_until_cleared() -> None:
    line = platform()
    fault = await line.control("POST", "/faults", kind="server_error", times=None)
    assert [(await line.api("POST", PUSH, BODY)).status for _ in range(3)] == [500] * 3
    assert (await line.control("GET", "/faults"))["faults"][0]["hits"] == 3
    await line.control("DELETE", f"/faults/{fault['id']}")
    assert (await line.api("POST", PUSH, BODY)).status == 200
    await line.control("POST", "/faults", kind="server_error", times=None)
    await line.control("DELETE", "/faults")
    assert (await line.api("POST", PUSH, BODY)).status == 200
    assert (await line.asked("DELETE", "/faults/none")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "rain"},
        {"kind": "status", "times": 0},
        {"kind": "status", "status": 9},
        {"kind": "status", "headers": {"a": "é"}},
        {"kind": "status", "headers": {"a": 1}},
        {"kind": "delay", "colour": 1},
    ],
)
async def test_impossible_faults(body: dict[str, Any]) -> None:
    line = platform()
    assert (await line.asked("POST", "/faults", **body)).status == 400


async def test_a_delay_by_the_simulators_clock() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    await line.control("POST", "/faults", kind="delay", ms=5_000)
    asked = asyncio.create_task(line.api("POST", PUSH, BODY))
    await line.simulator.platform.feed.changed(5)
    assert not asked.done()
    await line.control("POST", "/clock", advance=5_000)
    assert (await asked).status == 200


async def push(session: aiohttp.ClientSession, line: Line) -> tuple[int, bytes]:
    headers = {"authorization": f"Bearer {line.token()}"}
    async with session.post(line.url + PUSH, json=BODY, headers=headers) as answer:
        return answer.status, await answer.read()


@pytest.mark.parametrize(("kind", "messages"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_connection(kind: str, messages: int) -> None:
    async with line_platform() as line, aiohttp.ClientSession() as session:
        await line.control("POST", "/faults", kind=kind)
        with pytest.raises(aiohttp.ClientOSError) as raised:
            await push(session, line)
        assert isinstance(raised.value, ConnectionResetError | OSError)
        assert delivered(line) == messages
        assert (await push(session, line))[0] == 200


@pytest.mark.parametrize(("kind", "messages"), [("hang_before", 0), ("hang_after", 1)])
async def test_an_answer_that_never_comes(kind: str, messages: int) -> None:
    async with line_platform() as line, aiohttp.ClientSession() as session:
        await line.control("POST", "/faults", kind=kind)
        asked = asyncio.create_task(push(session, line))
        while not line.simulator.journal.since(way="api"):
            await line.simulator.platform.feed.changed(0.01)
        assert delivered(line) == messages
        assert not asked.done()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        assert (await push(session, line))[0] == 200


async def test_a_slow_body_arrives_in_pieces() -> None:
    clock = ManualClock()
    async with line_platform(clock=clock) as line, aiohttp.ClientSession() as session:
        await line.control("POST", "/faults", kind="slow_body", ms=50)
        asked = asyncio.create_task(push(session, line))
        while not asked.done():
            clock.turn(10)
            await line.simulator.platform.feed.changed(0.001)
        status, data = await asked
        assert (status, data.startswith(b'{"sentMessages"')) == (200, True)


async def test_without_a_transport_a_reset_is_an_error_of_the_caller() -> None:
    line = platform()
    await line.control("POST", "/faults", kind="reset_before")
    with pytest.raises(ConnectionResetError):
        await line.api("POST", PUSH, BODY)
