"""Turns of chats that people have or want. The flow is asked only where its contract says so.

`takes` is the one fork of the line: what it names goes through `handle`, everything else through the flow, whose
own wishes (a `handover` step) come here afterwards. Both end as one `Turn`, written in one transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, Protocol

from runtime.handover.case import machine
from runtime.handover.case.machine import KIND, takes
from runtime.handover.case.move import DESK, LIVE, Change, Rules, View
from runtime.model import Chat, Data, Event, Noted, Output, Session, Turn
from runtime.settings.handover import HandoverSettings

__all__ = ["KIND", "Nobody", "People", "after", "for_agents", "handle", "takes"]


class People(Protocol):
    """What turns have to know of the rest of the house."""

    def rules(self, endpoint: str) -> Rules: ...

    async def view(self, session: Session, event: Event) -> View: ...

    def told(self) -> None:
        """Something was written to the log."""


Play = Callable[[Session, Event], Awaitable[Turn]]
"""Runs the flow with an event."""

ROUNDS: Final = 4
"""How often flow and people may answer each other in one turn. What the flow was not told by then, it is told with
the user's next message."""

PROVIDER: Final = "provider"
"""Kind of the events by which a provider is asked to do something."""


async def handle(
    people: People, session: Session, event: Event, now: int, play: Play, meant: frozenset[str] = frozenset()
) -> Turn:
    """The turn of an event that is people's business; `meant` are the intents of its words."""
    rules, view = people.rules(session.endpoint), replace(await people.view(session, event), meant=meant)
    change = machine.play(session, event, rules, view, now)
    turn = with_change(Turn(event=event, session=session), change)
    if change.plays:
        turn = with_flow(turn, await play(turn.session, event), rules, now)
    return token_kept(await _converse(turn, change.run, people, now, play), event)


async def after(people: People, turn: Turn, now: int, play: Play) -> Turn:
    """The turn of a flow that may have asked for people."""
    if not turn.handover:
        return turn
    return token_kept(await _converse(turn, None, people, now, play), turn.event)


async def _converse(turn: Turn, told: Data | None, people: People, now: int, play: Play) -> Turn:
    """Flow and people answer each other until neither has anything to say."""
    rules = people.rules(turn.session.endpoint)
    for _ in range(ROUNDS):
        if told is not None:
            event = replace(turn.event, kind=KIND, text="", data=told, user=turn.event.user)
            turn, told = with_flow(turn, await play(turn.session, event), rules, now), None
        if not turn.handover:
            break
        asked, turn = turn.handover, replace(turn, handover=())
        for one in asked:
            view = await people.view(turn.session, turn.event)
            change = machine.ask(turn.session, turn.event, one, rules, view, now)
            turn, told = with_change(turn, change), change.run or told
    return turn


def with_change(turn: Turn, change: Change) -> Turn:
    """The turn with what people's machine changed after it."""
    kept = tuple(timer for timer in turn.timers if timer.id not in change.cancel)
    before = (turn.case,) if turn.case and change.case and turn.case.id != change.case.id else ()
    over = {case.id: case for case in (*turn.over, *before, *change.over)}
    return replace(
        turn,
        event=change.event,
        session=change.session,
        case=change.case or turn.case,
        over=tuple(over.values()),
        outputs=(*turn.outputs, *change.outputs),
        notes=(*turn.notes, *change.notes),
        timers=(*kept, *change.timers),
        cancel=(*turn.cancel, *change.cancel),
        wake=(*turn.wake, *change.wake),
        sent_on=(*turn.sent_on, *_asks(change, len(turn.sent_on)), *_to_copilot(change)),
        erase=(*turn.erase, *change.erase),
        trace=(*turn.trace, *({"handover": note.type, **note.data} for note in change.notes)),
    )


def _asks(change: Change, first: int) -> tuple[Event, ...]:
    """Requests to the provider, each an event in a lane of its own, so that a slow desk holds up no chat."""
    return tuple(asked_of(change.event, change.session, ask, first + number) for number, ask in enumerate(change.asks))


def asked_of(event: Event, session: Session, ask: Data, number: int) -> Event:
    """One request to a provider; its id follows from the event it comes of, so that it is made once."""
    return Event(
        id=f"{event.id}.{number}",
        session=f"{session.endpoint}:{ask['provider']}:{ask['case']}",
        endpoint=session.endpoint,
        kind=PROVIDER,
        at=event.at,
        due=event.at,
        chat=Chat("none", ""),
        data={**ask, "chat": session.key, **_customer(event, session, str(ask.get("do")))},
    )


def _customer(event: Event, session: Session, do: str) -> dict[str, object]:
    """Who it is about, as far as a request needs it: all that is known at the beginning, in groups who speaks."""
    profile, case, chat = session.profile, session.case, session.chat
    if do == "message" and chat.kind != "user" and profile.get("user") == event.user and profile.get("name"):
        return {"author": profile["name"]}
    if do != "open" or case is None:
        return {}
    known = {name: profile[name] for name in ("name", "picture", "language") if profile.get(name)}
    customer = {"id": chat.id, "kind": chat.kind, "user": case.requester, **known}
    about = {"subject": case.subject, "labels": list(case.labels), "priority": case.priority, "language": case.language}
    return {"customer": customer, **about}


COPILOT: Final = ":copilot"
"""Ends the key of the conversation in which a flow hears a chat that people have."""


def _to_copilot(change: Change) -> tuple[Event, ...]:
    """What the user said, for the flow that helps the agent: an event of a conversation of its own."""
    event, session, case = change.event, change.session, change.case
    if not change.copilot or case is None or case.state not in LIVE:
        return ()
    about = {"contact": session.contact, "language": session.language, "profile": dict(session.profile)}
    told = {"flow": change.copilot, "case": case.id, "context": dict(case.context), "about": about}
    return (
        Event(
            id=f"{event.id}{COPILOT}", session=f"{session.key}{COPILOT}", endpoint=session.endpoint, kind="copilot",
            at=event.at, due=event.at, chat=Chat("none", ""), user=event.user, text=event.text,
            data={**event.data, "told": told},
        ),
    )  # fmt: skip


def of_copilot(session: Session) -> bool:
    """Whether this is the conversation of a flow with an agent, in which nobody of LINE takes part."""
    return session.key.endswith(COPILOT)


async def advise(session: Session, event: Event, now: int, play: Play) -> Turn:
    """The turn of a flow that helps an agent: it begins, or hears the answer to what it asked; whatever it says
    becomes notes of the chat, and can become nothing else."""
    told, heard = event.data.get("told"), event
    if event.kind == "copilot" and isinstance(told, dict):
        about = told.get("about") or {}
        if session.memory.get("case") != told["case"]:
            session = replace(session, cursor=None, stack=(), vars={}, memory={"case": told["case"]})
        contact, language = str(about.get("contact") or ""), str(about.get("language") or "")
        session = replace(session, contact=contact, language=language, profile=about.get("profile") or {})
        data = {key: value for key, value in event.data.items() if key != "told"}
        data = {**data, "context": told.get("context")}
        waits = session.cursor is not None
        raw = {} if waits else {"goto": told.get("flow")}
        heard = replace(event, kind="message" if waits else "inject", data=data, raw=raw)
    turn = await play(session, heard)
    notes = [_advice(output, session, event, now, number) for number, output in enumerate(turn.outputs)]
    memory = {**turn.session.memory, "case": session.memory.get("case", "")}
    return replace(
        turn, event=event, session=replace(turn.session, memory=memory), outputs=(), handover=(),
        sent_on=(*turn.sent_on, *notes),
    )  # fmt: skip


def _advice(output: Output, session: Session, event: Event, now: int, number: int) -> Event:
    main = session.key.removesuffix(COPILOT)
    told = {"do": "note", "case": session.memory.get("case", ""), "actor": {"kind": "bot", "name": "copilot"}}
    return Event(
        id=f"{event.id}.{number}", session=main, endpoint=session.endpoint, kind=KIND, at=now, due=now,
        chat=Chat("none", ""), data={**told, **_whispered(output)},
    )  # fmt: skip


def with_flow(turn: Turn, more: Turn, rules: Rules, now: int) -> Turn:
    """The turn with what the flow did after it; what it says while people have the chat they hear of."""
    session = replace(more.session, control=turn.session.control, case=turn.session.case)
    kept = tuple(timer for timer in turn.timers if timer.id not in more.cancel)
    both = replace(
        turn,
        session=session,
        outputs=(*turn.outputs, *more.outputs),
        timers=(*kept, *more.timers),
        cancel=(*turn.cancel, *more.cancel),
        sent_on=(*turn.sent_on, *more.sent_on),
        erase=(*turn.erase, *more.erase),
        private=turn.private or more.private,
        handover=more.handover,
        trace=(*turn.trace, *more.trace),
    )
    case = session.case
    if case is not None and case.state in LIVE:
        said = [_said(output, both, now) for output in more.outputs if output.to == "both" and not output.private]
        both = replace(both, notes=(*both.notes, *said))
    return for_agents(both, now, rules)


def whispers(turn: Turn) -> bool:
    """Whether the flow says something to agents alone."""
    for output in turn.outputs:  # noqa: SIM110  # `any` takes twice as long, in every turn
        if output.to == "agent":
            return True
    return False


def for_agents(turn: Turn, now: int, rules: Rules | None = None) -> Turn:
    """The turn with what the flow says to agents alone as notes: it can never reach the user."""
    own = [output for output in turn.outputs if output.to == "agent"]
    if not own:
        return turn
    said = tuple(output for output in turn.outputs if output.to != "agent")
    case = turn.session.case
    if case is None or case.state not in LIVE:
        return replace(turn, outputs=said)
    notes = tuple(_note(output, turn, now) for output in own)
    asks: tuple[Event, ...] = ()
    if case.provider != DESK:
        asked = {"do": "note", "provider": case.provider, "case": case.id, "ref": case.ref}
        first = len(turn.sent_on)
        asks = tuple(
            asked_of(turn.event, turn.session, {**asked, "text": output.text or output.alt}, first + number)
            for number, output in enumerate(own)
        )
    return replace(turn, outputs=said, notes=(*turn.notes, *notes), sent_on=(*turn.sent_on, *asks))


def _note(output: Output, turn: Turn, now: int) -> Noted:
    return replace(_said(output, turn, now), type="note.added", visibility="internal", data=_whispered(output))


def _whispered(output: Output) -> Data:
    return {"text": output.text or output.alt, "kind": output.kind, "data": output.data, "quick": list(output.quick)}


def _said(output: Output, turn: Turn, now: int) -> Noted:
    case = turn.session.case
    return Noted(
        type="message.sent",
        at=now,
        case=case.id if case else "",
        epoch=turn.session.control.epoch,
        actor={"kind": "bot"},
        visibility="public",
        data={"by": "bot", "text": output.text or output.alt, "kind": output.kind},
    )


def token_kept(turn: Turn, came: Event) -> Turn:
    """The turn with the user's reply token kept for whoever answers next, unless something was said with it."""
    case = turn.session.case
    if case is None or case.state not in LIVE or not came.reply_to:
        return turn
    used = any(output.to != "agent" for output in turn.outputs)
    token, at = ("", 0) if used else (came.reply_to, came.received)
    if (case.token, case.token_at) == (token, at):
        return turn
    case = replace(case, token=token, token_at=at, number=case.number + 1)
    return replace(turn, session=replace(turn.session, case=case), case=case)


class Nobody:
    """The people of a bot without a desk: nobody waits anywhere, and the settings are the built-in ones."""

    def rules(self, endpoint: str) -> Rules:
        return PLAIN

    async def view(self, session: Session, event: Event) -> View:
        return View()

    def told(self) -> None:
        """Nobody listens."""


PLAIN: Final = Rules(settings=HandoverSettings(), judge=lambda when, facts: False)
