"""The official SDK for Node.js, unchanged but for its host, gets what it expects from every operation."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from runtime.simulator.journal import Exchange
from tests.contract.openapi import Described
from tests.contract.tour import KEY, ready, shop
from tests.line_platform import CLUB, KEN, LOUNGE, MAI, Line, line_platform
from tests.node import installed

pytestmark = pytest.mark.anyio

FOLDER = Path(__file__).parent / "node"
Saw = dict[str, Any]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def tour() -> tuple[Saw, list[Exchange]]:
    """What the SDK saw on its tour, and the requests it made."""
    await asyncio.to_thread(installed, FOLDER, "node")
    async with line_platform(shop()) as line:
        await ready(line)
        return await toured(line), list(line.simulator.journal.since(way="api"))


async def toured(line: Line) -> Saw:
    account = line.simulator.platform.account("shop").bot
    now = line.simulator.clock.now() // 1000
    claims = {"iss": account.channel_id, "sub": account.channel_id, "aud": "https://api.line.me/", "exp": now + 600}
    given = {
        "url": line.url,
        "token": line.token(),
        "secret": account.channel_secret,
        "id": account.channel_id,
        "mai": MAI,
        "ken": KEN,
        "club": CLUB,
        "lounge": LOUNGE,
        "assertion": jwt.encode({**claims, "token_exp": 900}, KEY, algorithm="RS256", headers={"kid": "k1"}),
    }
    command = ["node", "tour.mjs", json.dumps(given)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, stdout=pipe, stderr=pipe)
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, err.decode()
    saw: Saw = json.loads(out)
    return saw


async def test_every_operation_is_answered(tour: tuple[Saw, list[Exchange]]) -> None:
    saw, _ = tour
    assert len(saw["operations"]) > 70
    assert set(saw["operations"]) <= set(saw["got"])


async def test_answers_are_what_was_asked_for(tour: tuple[Saw, list[Exchange]]) -> None:
    got = tour[0]["got"]
    assert got["replyMessage"]["sentMessages"][0]["id"].isdecimal()
    assert got["getProfile"]["displayName"] == "Mai"
    assert got["getFollowers"]["userIds"] == [MAI, KEN]
    assert got["getGroupSummary"]["groupName"] == "Club"
    assert got["getGroupMemberProfile"]["userId"] == KEN
    assert got["getRichMenuImage"] == "a picture"
    assert got["getRichMenuAlias"]["richMenuId"] == got["createRichMenu"]["richMenuId"]
    assert (got["getMessageContent"], got["getMessageContentPreview"]) == ("ftyp", "PNG")
    assert got["getWebhookEndpoint"]["endpoint"] == "https://bot.test/line"
    assert got["testWebhookEndpoint"]["success"]
    assert got["getCouponDetail"]["title"] == "Tea"
    assert got["getNarrowcastProgress"]["phase"] == got["getRichMenuBatchProgress"]["phase"] == "succeeded"
    assert got["getMembershipSubscription"]["subscriptions"]
    assert got["verifyChannelTokenByJWT"]["expires_in"] <= 900
    assert tour[0]["together"] == ["Ken", "shop"]


async def test_webhooks_pass_the_middleware(tour: tuple[Saw, list[Exchange]]) -> None:
    hooks = tour[0]["hooks"]
    events = [event for hook in hooks for event in hook.get("events") or ()]
    kinds = [event["message"]["type"] if event["type"] == "message" else event["type"] for event in events]
    assert kinds[:7] == ["text", "sticker", "location", "postback", "unfollow", "follow", "text"]
    assert events[0]["message"]["text"] == "hello (moon) 日本語 ﷽"
    assert events[6]["source"] == {"type": "group", "groupId": CLUB, "userId": KEN}
    assert len({event["webhookEventId"] for event in events}) == len(events)
    assert [hook["error"] for hook in hooks if hook["error"]] == ["SignatureValidationFailed"]
    assert (tour[0]["forged"], tour[0]["forgery"]) == (401, False)


@pytest.mark.parametrize(
    ("case", "status", "message"),
    [
        ("a spent reply token", 400, "Invalid reply token"),
        ("a repeated push", 409, "The retry key is already accepted"),
        ("no text", 400, "The request body has 1 error(s)"),
        ("nobody", 404, "Not found"),
        ("a wrong token", 401, "Authentication failed"),
        ("content of an unsent message", 410, ""),
        ("rate_limit", 429, "The API rate limit has been exceeded"),
        ("monthly_quota", 429, "You have reached your monthly limit."),
        ("server_error", 500, ""),
    ],
)
async def test_refusals_are_the_sdks_own_error(
    tour: tuple[Saw, list[Exchange]], case: str, status: int, message: str
) -> None:
    refusal = tour[0]["refused"][case]
    assert (refusal["name"], refusal["ours"], refusal["status"]) == ("HTTPFetchError", True, status)
    assert refusal["body"]["message"].startswith(message)
    assert refusal["id"]


@pytest.mark.shared
async def test_all_its_traffic_conforms(tour: tuple[Saw, list[Exchange]], described: list[Described]) -> None:
    assert len(tour[1]) > 80
    assert not [fault for exchange in tour[1] for file in described for fault in file.wrong(exchange)]
