"""What the SDK asks and the simulator answers conforms to LINE's OpenAPI, and no operation or answer is missing."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.simulator.api.routes import ROUTES
from runtime.simulator.journal import Exchange
from tests.contract.openapi import Described
from tests.contract.refusals import refused
from tests.contract.tour import PARTS, coroutines, ready, shop
from tests.line_platform import Caught, bot, line_platform

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.shared,
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def traffic() -> list[Exchange]:
    """The SDK's tour, and everything LINE would refuse."""
    async with line_platform(shop(), bot("kiosk"), post=Caught()) as line:
        await ready(line)
        async with coroutines(line) as ask:
            for part in PARTS:
                await part(ask, line)
        await refused(line)
        return line.simulator.journal.since(way="api")


def test_every_operation_of_the_openapi_is_there(described: list[Described]) -> None:
    ours = {(method, path) for path, methods in ROUTES.items() for method in methods}
    theirs = {operation for file in described for operation in file.operations()}
    assert not theirs - ours


async def test_all_traffic_conforms(described: list[Described], traffic: list[Exchange]) -> None:
    assert len(traffic) > 120
    assert not [fault for exchange in traffic for file in described for fault in file.wrong(exchange)]


async def test_every_answer_that_is_described_was_given(described: list[Described], traffic: list[Exchange]) -> None:
    given = {
        (*operation, exchange.status)
        for exchange in traffic
        for file in described
        if (operation := file.template(exchange.method, exchange.path))
    }
    missing = {answer for file in described for answer in file.answers()} - given
    assert not missing


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ({"displayName": "Mai", "userId": "U1"}, []),
        ({"displayName": "Mai"}, [": 'userId' is a required property"]),
        ({"displayName": "Mai", "userId": "U1", "age": 7}, ["/age: not described"]),
    ],
)
def test_the_comparison_finds_faults(described: list[Described], answer: Any, faults: list[str]) -> None:
    schema = described[0].named("UserProfileResponse")
    assert described[0].faults(schema, answer) + described[0].undeclared(schema, answer) == faults
