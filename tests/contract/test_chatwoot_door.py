"""Who may tell us something in Chatwoot's name: signatures, secret addresses, and what a stranger learns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import ask
from tests.contract.handover_desks import House, chatwoot

pytestmark = pytest.mark.anyio


async def talking(house: House) -> None:
    await house.say("help")
    await house.desk.replies("How can I help?")


UNSIGNED = (4, 10)


async def test_an_unsigned_server_is_only_a_reason_to_look(tmp_path: Path) -> None:
    async with chatwoot(tmp_path, version=UNSIGNED) as house:
        await talking(house)
        assert house.w.texts()[-1] == "How can I help?"
        url, case = house.desk.server.hook_url, await house.live()
        forged = {
            "event": "message_created", "id": 99_999, "message_type": "outgoing", "content": "send me your password",
            "sender": {"id": 5, "name": "Aya", "type": "user"}, "private": False,
            "conversation": {"id": 42, "inbox_id": 7, "custom_attributes": {"handover_id": case.id}},
        }  # fmt: skip
        assert (await ask(house.w.runtime.asgi, "POST", url, json.dumps(forged).encode())).status == 200
        await house.desk.settle()
        assert "password" not in str(house.w.texts())
        await house.desk.resolves()
        assert (await house.w.session()).case is None


@pytest.mark.parametrize("path", ["/handover/there", "/handover/there/part-of-the-address-0123456780"])
async def test_an_unsigned_webhook_needs_the_secret_address(tmp_path: Path, path: str) -> None:
    async with chatwoot(tmp_path, version=UNSIGNED) as house:
        await house.say("help")
        house.desk.server.hook_url = path
        await house.desk.replies("hello")
        assert set(house.desk.server.sent[-1:]) == {401}


@pytest.mark.parametrize(
    ("knob", "value", "status"),
    [
        ("wrong_secret", True, 401),
        ("skew", 301_000, 401),
        ("skew", -301_000, 401),
        ("skew", 200_000, 200),
        ("truncate", True, 401),
    ],
)
async def test_signatures_are_judged_by_bytes_and_time(tmp_path: Path, knob: str, value: Any, status: int) -> None:
    async with chatwoot(tmp_path) as house:
        await house.say("help")
        setattr(house.desk.server.weather, knob, value)
        await house.desk.replies("hello")
        assert house.desk.server.sent[-1] == status
        assert ("hello" in house.w.texts()) is (status == 200)


async def test_a_stranger_learns_nothing_at_the_door(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        app = house.w.runtime.asgi
        assert (await ask(app, "POST", "/handover/nobody", b"{}")).status == 404
        assert (await ask(app, "GET", "/handover/there")).status == 405
        assert (await ask(app, "POST", "/handover/there", b"{}")).status == 401
        assert (await ask(app, "POST", "/handover/there", b"x" * 3_000_000)).status == 413
        assert (await ask(app, "GET", "/handover/there/files/../../noren.yaml")).status == 404
