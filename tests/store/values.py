"""Events, deliveries and turns of a small shop, and the shortest ways through a store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runtime.model import Chat, Claim, Delivery, Entry, Event, Outcome, Session, Turn
from runtime.store import Store

WORKER = "worker-1"
NOW = 1_800_000_000_000
SENT = Outcome(state="sent", request_id="r1", message_ids=("m1",))


def event(name: str = "e1", user: str = "U1", *, at: int = NOW, text: str = "hello", **more: Any) -> Event:
    """A text message of a user."""
    raw = {
        "type": "message",
        "webhookEventId": name,
        "timestamp": at,
        "message": {"type": "text", "id": f"m-{name}", "text": text},
        "replyToken": f"token-{name}",
        "deliveryContext": {"isRedelivery": False},
    }
    values: dict[str, Any] = {
        "id": name,
        "session": f"shop:{user}",
        "endpoint": "shop",
        "kind": "message",
        "at": at,
        "due": at,
        "chat": Chat("user", user),
        "user": user,
        "text": text,
        "data": {"type": "text", "id": f"m-{name}"},
        "reply_to": f"token-{name}",
        "received": at,
        "raw": raw,
    }
    return Event(**(values | more))


def again(first: Event, received: int) -> Event:
    """The same event as LINE delivers it once more."""
    raw = {**first.raw, "deliveryContext": {"isRedelivery": True}}
    return replace(first, redelivery=True, received=received, raw=raw)


def timer(name: str, due: int, user: str = "U1", *, at: int = NOW) -> Event:
    return event(name, user, at=at, due=due, kind="timer", text="", data={"timer": "silent"}, reply_to=None, raw={})


def delivery(name: str, user: str = "U1", **more: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": name,
        "session": f"shop:{user}",
        "endpoint": "shop",
        "chat": Chat("user", user),
        "messages": ({"type": "text", "text": f"answer {name}"},),
        "via": "reply",
        "reply_to": "token",
        "received": NOW,
        "retry_key": f"key-{name}",
    }
    return Delivery(**(values | more))


def turn(claim: Claim, **more: Any) -> Turn:
    """What a flow would make of the claimed event: a counter goes up."""
    assert claim.event is not None
    return Turn(event=claim.event, session=counted(claim.session), **more)


def counted(session: Session) -> Session:
    return replace(session, vars={"turns": session.vars.get("turns", 0) + 1})


def said(claim: Claim, text: str) -> Entry:
    assert claim.event is not None
    return Entry(
        session=claim.session.key, at=claim.event.at, who="user", kind="text", text=text,
        event=claim.event.id, message=str(claim.event.data.get("id", "")),
    )  # fmt: skip


async def take(store: Store, *events: Event, now: int = NOW) -> Claim:
    """Accept for the worker and expect exactly one claim."""
    [claim] = await store.accept(events, worker=WORKER, now=now)
    return claim


async def work(store: Store, claim: Claim, now: int = NOW, **more: Any) -> Claim | None:
    """Commit a turn for the claim."""
    return await store.commit(turn(claim, **more), worker=WORKER, now=now)


async def settle(store: Store, claim: Claim | None, outcome: Outcome = SENT, now: int = NOW) -> Claim | None:
    """The same outcome for each delivery of the claim."""
    assert claim is not None
    results = [(one, outcome) for one in claim.deliveries]
    return await store.settle(claim.session.key, results, worker=WORKER, now=now)


async def drain(store: Store, now: int = NOW) -> list[str]:
    """Work everything that is due; the ids of the events in the order they were worked."""
    order: list[str] = []
    claim = await store.claim(WORKER, now)
    while claim is not None:
        if claim.event is None:
            claim = await settle(store, claim, now=now)
        else:
            order.append(claim.event.id)
            claim = await work(store, claim, now=now)
        claim = claim or await store.claim(WORKER, now)
    return order
