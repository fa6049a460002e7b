from __future__ import annotations

import json
from typing import Any

import pytest

from runtime.errors import BadBody, Unverified
from runtime.handover.providers import calling
from runtime.handover.providers.webhook import Webhook
from runtime.settings.handover import ProviderSettings
from tests.clock import ManualClock

pytestmark = pytest.mark.anyio
SECRET = "a secret of both sides"


class Far:
    """The other side: keeps what it gets."""

    def __init__(self, answer: Any = None) -> None:
        self.got: list[Any] = []
        self.answer = answer or {}

    async def request(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        stamp, signed = more["headers"]["x-noren-timestamp"], more["headers"]["x-noren-signature"]
        calling.verify(SECRET, stamp, signed, more["body"], int(stamp) * 1000)
        self.got.append(json.loads(more["body"]))
        return {"status": 200, "headers": {}, "body": self.answer}


def provider(far: Far) -> Webhook:
    settings = ProviderSettings(type="webhook", url="https://desk.example/hook", secret=SECRET)
    return Webhook("ours", settings, far.request, lambda token: None, ManualClock(), "https://bot.example")


def told(**body: Any) -> list[Any]:
    clock, raw = ManualClock(), json.dumps(body).encode()
    stamp = str(clock.now() // 1000)
    headers = {"x-noren-timestamp": stamp, "x-noren-signature": calling.signature(SECRET, stamp, raw)}
    return provider(Far()).parse_webhook(raw, headers, "", clock.now())


async def test_a_case_begins_with_all_that_is_known() -> None:
    far = Far()
    asked = {"case": "c1", "customer": {"id": "U1"}, "context": {"topic": "x"}, "transcript": "user: help"}
    known = await provider(far).open(asked, {})
    (got,) = far.got
    assert (got["name"], got["conversation"], got["value"]["context"]) == (
        "handoff.initiate",
        {"id": "c1"},
        {"topic": "x"},
    )
    assert await provider(far).open(asked, known) == known
    assert len(far.got) == 1, "what is known to be there is not opened again"


async def test_a_desk_may_refuse() -> None:
    with pytest.raises(calling.Trouble):
        await provider(Far({"state": "failed"})).open({"case": "c1"}, {})


async def test_what_is_tried_again_has_the_same_id() -> None:
    far = Far()
    for _ in range(2):
        await provider(far).post_customer({"event": "e1", "text": "hi"}, {"ref": "c1"})
    assert [one["id"] for one in far.got] == ["e1", "e1"]


async def test_files_are_named_by_an_address() -> None:
    far = Far()
    content = {"token": "abc", "type": "image/png"}
    message = {"type": "image", "id": "5", "content": content}
    await provider(far).post_customer({"event": "e1", "message": message}, {"ref": "c1"})
    assert far.got[0]["attachments"] == [
        {"contentType": "image/png", "contentUrl": "https://bot.example/handover/ours/files/abc", "name": "image"}
    ]


@pytest.mark.parametrize(
    ("body", "kind", "data"),
    [
        ({"type": "message", "text": "hi"}, "message", {"text": "hi"}),
        ({"type": "note", "text": "hm"}, "note", {"text": "hm"}),
        ({"type": "typing"}, "typing", {}),
        ({"type": "event", "name": "handoff.assigned"}, "assigned", {}),
        ({"type": "event", "name": "handoff.status", "value": {"state": "accepted"}}, "accepted", {}),
        ({"type": "event", "name": "handoff.status", "value": {"state": "failed"}}, "failed", {}),
        ({"type": "event", "name": "handoff.status", "value": {"state": "completed", "labels": ["x"]}}, "status",
         {"status": "resolved", "labels": ["x"]}),
        ({"type": "event", "name": "handoff.status", "value": {"state": "returned"}}, "status", {"status": "returned"}),
        ({"type": "event", "name": "handoff.status", "value": {"state": "no such"}}, None, {}),
        ({"type": "event", "name": "something.else"}, None, {}),
        ({"type": "strange", "value": []}, None, {}),
    ],
)  # fmt: skip
def test_what_a_desk_says(body: dict[str, Any], kind: str | None, data: dict[str, Any]) -> None:
    found = told(id="1", conversation={"id": "c1"}, **{"from": {"id": "aya", "name": "Aya"}}, **body)
    assert [one.kind for one in found] == ([kind] if kind else [])
    for one in found:
        assert (one.case, one.agent["name"]) == ("c1", "Aya")
        assert data.items() <= dict(one.data).items()


@pytest.mark.parametrize("body", [{}, {"id": "1"}, {"conversation": {"id": "c1"}}, {"id": "1", "conversation": "c1"}])
def test_a_body_without_id_or_conversation_is_none(body: dict[str, Any]) -> None:
    with pytest.raises(BadBody):
        told(**body)


def test_what_is_not_signed_is_refused() -> None:
    with pytest.raises(Unverified):
        provider(Far()).parse_webhook(b"{}", {}, "", ManualClock().now())
