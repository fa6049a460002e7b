"""A line is written there once, whoever died over it: the next process asks before it writes."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from runtime.handover.providers.chatwoot.provider import Chatwoot
from runtime.settings.handover import ProviderSettings
from tests.asgi import ask
from tests.chatwoot_double import server as double
from tests.clock import ManualClock
from tests.world import START

pytestmark = pytest.mark.anyio
SETTINGS = ProviderSettings(
    type="chatwoot", url="http://chat.example", account=1, inbox=7, token=double.TOKEN, webhook_secret="x" * 20,
    timeout=60_000,
)  # fmt: skip
ASKED = {"case": "c1", "endpoint": "shop", "customer": {"id": "U1", "name": "Mai"}, "at": START}


def process(server: double.Chatwoot, *, shared: bool, dying: asyncio.Event | None = None) -> Chatwoot:
    """A provider as one process has it. One that is dying hears no answer to a line that it writes."""

    async def request(method: str, url: str, **more: Any) -> dict[str, Any]:
        path, query = url.removeprefix("http://chat.example"), urlencode(more.get("query") or {}).encode()

        async def asked(scope: Any, receive: Any, send: Any) -> None:
            await server({**scope, "query_string": query}, receive, send)

        raw = json.dumps(more["json"]).encode() if more.get("json") is not None else b""
        answer = await ask(asked, method, path, raw, {"content-type": "application/json", **more["headers"]})
        if dying is not None and (method, path[-9:]) == ("POST", "/messages"):
            dying.set()
            await asyncio.Event().wait()
        return {"status": answer.status, "body": json.loads(answer.raw) if answer.raw else None}

    def nothing(token: str) -> tuple[Path, str] | None:
        return None

    return Chatwoot("cw", SETTINGS, request, nothing, server.clock, shared=shared)


def said(number: int) -> dict[str, Any]:
    """What a user wrote just now, told to a provider for the first time."""
    return {"message": {"id": f"m{number}"}, "text": f"text {number}", "at": START, "event": f"e{number}"}


async def test_who_goes_on_at_once_finds_what_the_dead_one_wrote() -> None:
    server = double.Chatwoot(ManualClock(START))
    dying = asyncio.Event()
    one, other = process(server, shared=True), process(server, shared=True, dying=dying)
    known = await one.open(ASKED, {})
    known = await one.post_customer(said(1), known)
    task = asyncio.ensure_future(other.post_customer(said(2), known))
    await dying.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert server.said() == ["text 1", "text 2"]
    known = await one.post_customer(said(2), known)
    await one.post_customer(said(3), known)
    assert server.said() == ["text 1", "text 2", "text 3"]


async def test_a_process_that_is_alone_asks_for_nothing_it_knows() -> None:
    server = double.Chatwoot(ManualClock(START))
    one = process(server, shared=False)
    known = await one.post_customer(said(1), await one.open(ASKED, {}))
    before = len(server.calls)
    await one.post_customer(said(2), known)
    assert len(server.calls) == before + 1


async def test_what_was_written_twice_all_the_same_is_there_once_after_the_next_look() -> None:
    server = double.Chatwoot(ManualClock(START))
    one = process(server, shared=True)
    known = await one.post_customer(said(1), await one.open(ASKED, {}))
    conversation = server.conversation()
    for text, mark in (("text 1", "noren:m1"), ("hello", "elsewhere"), ("hello", "elsewhere")):
        server.account.post(conversation, text, 0, source_id=mark, sender=conversation.contact)
    events, cursor = await one.fetch_since(0, known)
    assert server.said() == ["text 1", "This message was deleted", "hello", "hello"]
    assert cursor == conversation.messages[-1].id
    assert [event.kind for event in events] == ["status"]
    calls = len(server.calls)
    await one.fetch_since(0, known)
    assert not any("DELETE" in call for call in server.calls[calls:])
