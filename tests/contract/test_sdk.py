"""The official SDK, unchanged but for its host, gets a typed answer from every operation."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from linebot.v3 import messaging as m

from tests.contract.tour import PARTS, TEXT, Called, blocking, coroutines, ready, shop
from tests.line_platform import MAI, Caught, Line, line_platform

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[blocking, coroutines])
async def sdk(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Called, Line]]:
    async with line_platform(shop(), post=Caught()) as line:
        await ready(line)
        async with request.param(line) as called:
            yield called, line


GENERIC = {"issue_stateless_channel_token"}  # the SDK deprecates it for its two more exact forms


def operations(apis: tuple[Any, ...]) -> dict[str, Any]:
    """Public operations of the SDK's classes with the type each promises."""
    found = {}
    for api in apis:
        for name, method in inspect.getmembers(type(api), inspect.isfunction):
            if not name.startswith("_") and "_with_http_info" not in name:
                found[name] = inspect.signature(method).return_annotation
    return found


async def test_every_operation_answers_as_the_sdk_promises(sdk: tuple[Called, Line]) -> None:
    ask, line = sdk
    for part in PARTS:
        await part(ask, line)
    promised = operations(ask.apis)
    assert set(promised) - GENERIC <= set(ask.got)
    for name, annotation in promised.items():
        if name in ask.got and "Response" in str(annotation):
            assert type(ask.got[name]).__name__ in str(annotation), name


async def test_errors_reach_the_sdk_with_lines_words(sdk: tuple[Called, Line]) -> None:
    ask, _ = sdk
    errors = (m.ApiException,)
    with pytest.raises(errors) as raised:
        await ask("reply_message", m.ReplyMessageRequest(replyToken="used", messages=[TEXT]))
    assert (raised.value.status, json.loads(raised.value.body)) == (400, {"message": "Invalid reply token"})
    key = "123e4567-e89b-12d3-a456-426614174000"
    await ask("push_message", m.PushMessageRequest(to=MAI, messages=[TEXT]), key)
    with pytest.raises(errors) as raised:
        await ask("push_message", m.PushMessageRequest(to=MAI, messages=[TEXT]), key)
    assert raised.value.status == 409
    assert m.ErrorResponse.from_json(raised.value.body).sent_messages
