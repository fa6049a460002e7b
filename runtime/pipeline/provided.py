"""Turns of the lanes in which providers are called and heard, and what providers are told of their messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from runtime.errors import CallError
from runtime.model import Call, Chat, Data, Delivery, Event, Noted, Outcome, Result, Session, Turn
from runtime.pipeline.people import PROVIDER

SAID: Final = "said|"
"""Begins the id of an event by which an agent of a provider speaks: `said|provider|case|m{message}`."""
TOLD: Final = {"sent": "delivered", "failed": "failed", "unknown": "failed", "suppressed": "failed"}
"""What became of a delivery, as a provider hears it."""

Perform = Callable[[Call, Session], Awaitable[Result]]


async def provided(session: Session, event: Event, attempts: int, now: int, perform: Perform) -> tuple[Turn, bool]:
    """The turn of a request to a provider, or of what one told; and whether an agent there is typing.

    Raises `CallError` when it is to be tried again.
    """
    args = {**event.data, "attempts": attempts, "at": event.due}
    result = await perform(Call(PROVIDER, args, event.id), session)
    if result.error:
        raise CallError(result.error)
    value: Mapping[str, Any] = result.value
    turn = Turn(
        event=event,
        session=replace(session, memory=value["memory"]),
        sent_on=tuple(_made(one, session, now) for one in value.get("send", ())),
        timers=tuple(_made(one, session, now) for one in value.get("timers", ())),
        cancel=tuple(value.get("cancel", ())),
        trace=({"provider": event.data.get("provider"), "do": event.data.get("do")},),
    )
    return turn, bool(value.get("cue"))


def _made(mail: Data, session: Session, now: int) -> Event:
    return Event(
        id=str(mail["id"]), session=str(mail["session"]), endpoint=session.endpoint, kind=str(mail["kind"]), at=now,
        due=now + int(mail.get("after") or 0), chat=Chat("none", ""), data=mail["data"],
    )  # fmt: skip


def typing_at(event: Event) -> Event:
    """The event as one of the chat it is about."""
    to = event.data.get("to") or {}
    return replace(event, chat=Chat(to.get("kind", "none"), str(to.get("id") or "")))


def outcomes(endpoint: str, chat: str, results: Sequence[tuple[Delivery, Outcome]], now: int) -> list[Event]:
    """What a provider hears of its agents' messages: LINE took them, or why not."""
    found = ((delivery, outcome, TOLD.get(outcome.state)) for delivery, outcome in results)
    return [
        told
        for delivery, outcome, state in found
        if state and (told := _status(delivery.id.partition("/")[0], endpoint, chat, state, outcome.detail, now))
    ]


def unheard(turn: Turn, now: int) -> Turn:
    """The turn with word to the provider when the chat does not take what its agent said."""
    event, data = turn.event, turn.event.data
    if data.get("do") != "reply" or not event.id.startswith(SAID):
        return turn
    refused = next((note for note in turn.notes if _refuses(note)), None)
    if refused is None:
        return turn
    why = str(refused.data.get("why") or "")
    told = _status(event.id, event.endpoint, event.session, "failed", why, now)
    return replace(turn, sent_on=(*turn.sent_on, *((told,) if told else ())))


def _refuses(note: Noted) -> bool:
    return note.type == "ignored" and note.data.get("do") == "reply"


def _status(said: str, endpoint: str, chat: str, state: str, why: str, now: int) -> Event | None:
    parts = said.split("|")
    if len(parts) != 4 or parts[0] != SAID[:-1]:
        return None
    _, provider, case, key = parts
    data = {"do": "update", "provider": provider, "case": case, "chat": chat, "message": key[1:], "state": state}
    return Event(
        id=f"{said}.{state}", session=f"{endpoint}:{provider}:{case}", endpoint=endpoint, kind=PROVIDER,
        at=now, due=now, chat=Chat("none", ""), data={**data, **({"why": why} if state == "failed" else {})},
    )  # fmt: skip
