"""How long what fails is tried again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.errors import BadInput, CallError, EndpointGone, NorenError
from runtime.model import Chat, Claim, Delivery, Event, Session
from runtime.pipeline.people import PROVIDER
from runtime.pipeline.trying import ABSENCE, DAY, again, unsent
from runtime.settings import WorkerSettings

CHAT = Chat("user", "U1")
EVENT = Event(id="1", session="shop:U1", endpoint="shop", kind="message", at=0, due=0, chat=CHAT)
CLAIM = Claim(Session(key="shop:U1", endpoint="shop", chat=CHAT), EVENT)
SETTINGS = WorkerSettings(attempts=3, backoff=1_000)
LAST = DAY // ABSENCE - 1


@pytest.mark.parametrize(
    ("error", "attempts", "due"),
    [
        (NorenError("no"), 0, 1_000),
        (NorenError("no"), 1, 2_000),
        (NorenError("no"), 2, None),
        (BadInput("no"), 0, None),
        (EndpointGone(), 0, ABSENCE),
        (EndpointGone(), LAST - 1, ABSENCE),
        (EndpointGone(), LAST, None),
    ],
)
def test_when_an_event_is_tried_again(error: Exception, attempts: int, due: int | None) -> None:
    assert again(replace(CLAIM, attempts=attempts), EVENT, error, SETTINGS, 0) == due


def test_what_users_said_waits_for_a_provider_for_a_day() -> None:
    event = replace(EVENT, kind=PROVIDER)
    assert again(replace(CLAIM, attempts=20), event, CallError("down"), SETTINGS, DAY - 1) == DAY - 1 + 60_000
    assert again(replace(CLAIM, attempts=20), event, CallError("down"), SETTINGS, DAY) is None


def test_what_cannot_be_sent_waits_only_for_its_endpoint() -> None:
    delivery = Delivery(
        id="1", session="shop:U1", endpoint="shop", chat=CHAT, messages=(), via="push", reply_to=None, received=0,
        retry_key="k",
    )  # fmt: skip
    waits = unsent(delivery, EndpointGone(), "gone", 7)
    assert (waits.state, waits.due, waits.detail) == ("retry", 7 + ABSENCE, "gone")
    assert unsent(replace(delivery, attempts=LAST), EndpointGone(), "gone", 7).state == "failed"
    assert unsent(delivery, BadInput("no"), "no", 7).state == "failed"
