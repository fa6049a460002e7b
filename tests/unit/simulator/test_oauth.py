"""Channel access tokens."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.clock import ManualClock
from tests.line_platform import START, Line, Reply, bot, platform

pytestmark = pytest.mark.anyio

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))


async def form(line: Line, path: str, **fields: str) -> Reply:
    raw = urlencode(fields).encode()
    return await line.api("POST", path, raw, bot="", content_type="application/x-www-form-urlencoded")


def secret(line: Line, **changes: str) -> dict[str, str]:
    shop = line.simulator.platform.account("shop").bot
    own = {"client_id": shop.channel_id, "client_secret": shop.channel_secret}
    return {"grant_type": "client_credentials", **own, **changes}


def assertion(line: Line, kid: str = "k1", key: Any = KEY, **changes: Any) -> dict[str, str]:
    id = line.simulator.platform.account("shop").bot.channel_id
    claims = {"iss": id, "sub": id, "aud": "https://api.line.me/", "exp": START // 1000 + 600, "token_exp": 3_600}
    signed = jwt.encode({**claims, **changes}, key, algorithm="RS256", headers={"kid": kid})
    return {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": signed}


async def works(line: Line, token: str) -> bool:
    answer = await line.api("GET", "/v2/bot/info", bot="", authorization=f"Bearer {token}")
    return answer.status == 200


async def test_short_lived_tokens() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    issued = (await form(line, "/v2/oauth/accessToken", **secret(line))).data
    assert (issued["token_type"], issued["expires_in"]) == ("Bearer", 2_592_000)
    verified = (await form(line, "/v2/oauth/verify", access_token=issued["access_token"])).data
    assert verified["client_id"] == line.simulator.platform.account("shop").bot.channel_id
    assert await works(line, issued["access_token"])
    clock.turn(2_592_000_000)
    assert not await works(line, issued["access_token"])
    assert (await form(line, "/v2/oauth/verify", access_token=issued["access_token"])).status == 400


async def test_revoking() -> None:
    line = platform()
    token = (await form(line, "/v2/oauth/accessToken", **secret(line))).data["access_token"]
    await form(line, "/v2/oauth/revoke", access_token=token)
    assert not await works(line, token)


async def test_stateless_tokens_live_fifteen_minutes() -> None:
    clock = ManualClock()
    line = platform(clock=clock)
    issued = (await form(line, "/oauth2/v3/token", **secret(line))).data
    assert issued["expires_in"] == 900
    assert await works(line, issued["access_token"])
    clock.turn(900_000)
    assert not await works(line, issued["access_token"])


async def test_tokens_by_assertion_with_a_registered_key() -> None:
    line = platform(bot(keys={"k1": PUBLIC}))
    issued = (await form(line, "/oauth2/v2.1/token", **assertion(line))).data
    assert issued["expires_in"] == 3_600
    assert await works(line, issued["access_token"])
    query = urlencode({k: v for k, v in assertion(line).items() if k != "grant_type"})
    kids = await line.api("GET", f"/oauth2/v2.1/tokens/kid?{query}", bot="")
    assert kids.data == {"kids": [issued["key_id"]]}
    verified = await line.api("GET", f"/oauth2/v2.1/verify?access_token={issued['access_token']}", bot="")
    assert verified.data["scope"] == "profile chat_message.write"
    own = {k: v for k, v in secret(line).items() if k != "grant_type"}
    await form(line, "/oauth2/v2.1/revoke", **own, access_token=issued["access_token"])
    assert not await works(line, issued["access_token"])


async def test_stateless_tokens_by_assertion() -> None:
    line = platform(bot(keys={"k1": PUBLIC}))
    assert (await form(line, "/oauth2/v3/token", **assertion(line))).data["expires_in"] == 900


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": "k2"},
        {"aud": "https://example.com"},
        {"exp": START // 1000 - 1},
        {"exp": START // 1000 + 7_200},
        {"sub": "x"},
        {"iss": "x"},
        {"token_exp": 2**40},
    ],
)
async def test_bad_assertions(changes: dict[str, Any]) -> None:
    line = platform(bot(keys={"k1": PUBLIC}))
    answer = await form(line, "/oauth2/v2.1/token", **assertion(line, **changes))
    assert answer.status == 400
    assert answer.data["error"]


async def test_an_assertion_of_another_key() -> None:
    line = platform(bot(keys={"k1": PUBLIC}))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert (await form(line, "/oauth2/v2.1/token", **assertion(line, key=other))).status == 400
    broken = {**assertion(line), "client_assertion": "a.b"}
    assert (await form(line, "/oauth2/v2.1/token", **broken)).status == 400


async def test_at_most_thirty_tokens() -> None:
    line = platform()
    answers = [(await form(line, "/oauth2/v2.1/token", **assertion(line))).status for _ in range(31)]
    assert answers == [200] * 30 + [400]
    tokens = [(await form(line, "/v2/oauth/accessToken", **secret(line))).data["access_token"] for _ in range(31)]
    assert [await works(line, tokens[0]), await works(line, tokens[1])] == [False, True]


@pytest.mark.parametrize("changes", [{"client_secret": "wrong"}, {"client_id": "0"}, {"grant_type": "password"}])
async def test_wrong_credentials(changes: dict[str, str]) -> None:
    line = platform()
    assert (await form(line, "/v2/oauth/accessToken", **secret(line, **changes))).status == 400
