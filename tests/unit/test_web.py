"""What is answered over HTTP, and when."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from runtime import app
from runtime.errors import BadBody, StoreError
from runtime.line.webhook import sign
from runtime.log import Plain
from runtime.model import Claim, Event
from runtime.store import Store
from runtime.store.sqlite import Sqlite
from runtime.web import read
from tests.asgi import Answered, ask
from tests.clock import ManualClock
from tests.world import settings, write

pytestmark = pytest.mark.anyio

CONFIG = """max_body_kb: 4
endpoints:
  shop: {languages: [en], channel_secret: a-secret}
  shut: {languages: [en], channel_secret: a-secret, enabled: false}
  bare: {languages: [en]}
"""
FLOWS = {"flows/echo.yaml": 'flow: echo\nfallback: [{say: "{{ input.text }}"}]\n'}
HOOK = "/line/shop"


class Failing(Store):
    """A store that may be made to take nothing and to tell nothing."""

    fails = False
    fault: Exception | None = None

    async def accept(self, events: Sequence[Event], *, worker: str | None, now: int) -> list[Claim]:
        if self.fault:
            raise self.fault
        if self.fails:
            raise StoreError("the disk is full")
        return await super().accept(events, worker=worker, now=now)

    async def counts(self, now: int) -> dict[str, Any]:
        if self.fails:
            raise StoreError("the disk is full")
        return await super().counts(now)


@asynccontextmanager
async def site(tmp_path: Path) -> AsyncIterator[tuple[Any, Failing]]:
    """The application of a process that only takes events in."""
    write(tmp_path, FLOWS)
    made = settings(CONFIG, "http://127.0.0.1:9")
    store = Failing(Sqlite(tmp_path / "web.db"))
    runtime = app.build(tmp_path, made, role="web", clock=ManualClock(), store=store)
    await runtime.start()
    try:
        yield runtime.asgi, store
    finally:
        await runtime.stop()


def message(id: str = "1", text: str = "hello", user: str = "U" + "1" * 32) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_800_000_000_000,
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01H{id:0>23}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": id, "text": text},
        "replyToken": f"token-{id}",
    }


def webhook(*events: Any) -> bytes:
    return json.dumps({"destination": "U" + "0" * 32, "events": events}).encode()


async def post(asgi: Any, body: bytes, path: str = HOOK, secret: str = "a-secret", **more: Any) -> Answered:
    return await ask(asgi, "POST", path, body, {"x-line-signature": sign(secret, body)}, **more)


async def test_an_event_is_stored_before_it_is_answered(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        answer = await post(asgi, webhook(message()))
        assert (answer.status, answer.raw) == (200, b"{}")
        [row] = await store.list_events(None, None, 10)
        assert (row["kind"], row["state"], row["session"]) == ("message", "due", "shop:U" + "1" * 32)


async def test_the_consoles_verify_button_is_answered_and_stores_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        assert (await post(asgi, webhook())).status == 200
        assert await store.list_events(None, None, 10) == []


async def test_one_odd_event_does_not_fail_the_others(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        assert (await post(asgi, webhook(message("1"), 7, {"type": 3}, message("2")))).status == 200
        kinds = sorted(row["kind"] for row in await store.list_events(None, None, 10))
        assert kinds == ["message", "message", "unknown", "unknown"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/line/shut", 404), ("/line/nowhere", 404), ("/line/", 404), ("/line/shop/", 404), ("/line/bare", 401)],
)
async def test_only_endpoints_that_are_open_take_webhooks(tmp_path: Path, path: str, status: int) -> None:
    async with site(tmp_path) as (asgi, store):
        assert (await post(asgi, webhook(message()), path)).status == status
        assert len(await store.list_events(None, None, 10)) == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
async def test_line_posts(tmp_path: Path, method: str) -> None:
    async with site(tmp_path) as (asgi, _):
        assert (await ask(asgi, method, HOOK, webhook(message()))).status == 405


BAD = [b"", b"{", b"[]", b"null", b'{"events": 1}', b"{}", b"\xff\xfe", b'{"events": [}']


@pytest.mark.parametrize("body", BAD)
async def test_what_is_no_webhook_is_told(tmp_path: Path, body: bytes) -> None:
    async with site(tmp_path) as (asgi, store):
        answer = await post(asgi, body)
        assert answer.status == 400
        assert set(answer.data) == {"message"}
        assert await store.list_events(None, None, 10) == []


async def test_a_signature_is_of_these_bytes_and_this_secret(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        body = webhook(message())
        good = sign("a-secret", body)
        for signature in (sign("other", body), sign("a-secret", body + b" "), "", "é", good.lower(), good + "="):
            assert (await ask(asgi, "POST", HOOK, body, {"x-line-signature": signature})).status == 401
        assert (await ask(asgi, "POST", HOOK, body)).status == 401
        assert await store.list_events(None, None, 10) == []


async def test_a_body_over_the_limit_is_not_read(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, _):
        body = webhook(message(text="x" * 5_000))
        signed = {"x-line-signature": sign("a-secret", body)}
        assert (await ask(asgi, "POST", HOOK, body, signed)).status == 413
        assert (await ask(asgi, "POST", HOOK, [body[:3_000], body[3_000:]], signed)).status == 413
        assert (await ask(asgi, "POST", HOOK, b"", {**signed, "content-length": "9999999"})).status == 413


async def test_a_body_in_pieces_is_put_together(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        body = webhook(message())
        signed = {"x-line-signature": sign("a-secret", body)}
        pieces = [body[n : n + 7] for n in range(0, len(body), 7)]
        assert (await ask(asgi, "POST", HOOK, pieces, signed)).status == 200
        assert len(await store.list_events(None, None, 10)) == 1


async def test_a_sender_that_goes_away_leaves_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        body = webhook(message())
        signed = {"x-line-signature": sign("a-secret", body)}
        assert (await ask(asgi, "POST", HOOK, [body], signed, breaks=True)).status == 400
        assert await store.list_events(None, None, 10) == []


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    pieces = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def slowly() -> Any:
        return pieces.pop() if pieces else await asyncio.Future()

    with pytest.raises(BadBody):
        await read({"type": "http", "headers": []}, slowly, 100, patience=0.01)


async def test_a_store_that_fails_is_told_so_that_line_comes_again(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, store):
        store.fails = True
        assert (await post(asgi, webhook(message()))).status == 503
        assert (await ask(asgi, "GET", "/readyz")).status == 503
        assert (await ask(asgi, "GET", "/metrics")).status == 503
        assert (await ask(asgi, "GET", "/healthz")).status == 200
        store.fails = False
        assert (await post(asgi, webhook(message()))).status == 200
        assert (await ask(asgi, "GET", "/readyz")).status == 200


async def test_a_fault_of_ours_is_told_without_what_somebody_wrote(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with site(tmp_path) as (asgi, store):
        store.fault = KeyError("my PIN is 4711")
        answer = await post(asgi, webhook(message()))
        assert answer.status == 500
        record = next(record for record in caplog.records if record.exc_info)
        for told in (Plain().format(record), answer.raw.decode()):
            assert "4711" not in told
        assert "KeyError" in Plain().format(record)


async def test_health_and_counts(tmp_path: Path) -> None:
    async with site(tmp_path) as (asgi, _):
        await post(asgi, webhook(message("1"), message("2", user="U" + "2" * 32)))
        assert (await ask(asgi, "GET", "/healthz")).data["status"] == "ok"
        ready = (await ask(asgi, "GET", "/readyz")).data
        assert (ready["status"], ready["backlog"], ready["events"]) == ("ready", 2, {"due": 2})
        metrics = (await ask(asgi, "GET", "/metrics")).raw.decode()
        assert 'noren_events{state="due"} 2' in metrics.splitlines()
        assert "# TYPE noren_events gauge" in metrics.splitlines()
        line = r"# HELP noren_[a-z_]+ .+|# TYPE noren_[a-z_]+ gauge|noren_[a-z_]+(\{[a-z]+=\"[a-z]+\"\})? -?\d+"
        assert all(re.fullmatch(line, one) for one in metrics.splitlines())


@pytest.mark.parametrize("path", ["/", "/line", "/media", "/admin", "/line/../readyz", "/healthz/"])
async def test_there_is_nothing_else(tmp_path: Path, path: str) -> None:
    async with site(tmp_path) as (asgi, _):
        assert (await ask(asgi, "GET", path)).status in (404, 405, 307)
