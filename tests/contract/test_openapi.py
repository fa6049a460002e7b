"""What the SDK asks and the simulator answers conforms to LINE's OpenAPI, and no operation is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.simulator.api.routes import ROUTES
from runtime.simulator.journal import Exchange
from tests.contract.openapi import Described, body_schema
from tests.contract.tour import PARTS, coroutines, ready, shop
from tests.line_platform import Caught, line_platform

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.shared,
]

FILES = ("messaging-api.yml", "channel-access-token.yml")


@pytest.fixture(scope="module")
def described(shared: Path) -> list[Described]:
    return [Described(shared / "line" / "openapi" / name) for name in FILES]


def test_every_operation_of_the_openapi_is_there(described: list[Described]) -> None:
    ours = {(method, path) for path, methods in ROUTES.items() for method in methods}
    theirs = {operation for file in described for operation in file.operations()}
    assert not theirs - ours


def wrong(described: list[Described], exchange: Exchange) -> list[str]:
    for file in described:
        operation = file.operation(exchange.method, exchange.path)
        if operation is None:
            continue
        found = []
        asked = body_schema(operation.get("requestBody"))
        if asked and exchange.status < 400 and exchange.sent not in (b"", b"null"):
            found += file.faults(asked, json.loads(exchange.sent))
        answered = body_schema(operation["responses"].get(str(exchange.status)))
        if answered:
            found += file.faults(answered, json.loads(exchange.answered))
        return [f"{exchange.method} {exchange.path} {exchange.status}: {fault}" for fault in found]
    return []


async def test_all_traffic_of_the_sdk_conforms(described: list[Described]) -> None:
    async with line_platform(shop(), post=Caught()) as line:
        await ready(line)
        async with coroutines(line) as ask:
            for part in PARTS:
                await part(ask, line)
        await line.api("POST", "/v2/bot/message/push", {"to": "x", "messages": []})
        exchanges = line.simulator.journal.since(way="api")
    assert len(exchanges) > 80
    faults = [fault for exchange in exchanges for fault in wrong(described, exchange)]
    assert not faults
