"""A case begins: somebody asked for a person, the hours and the queues are looked at, and it waits or is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.handover import routing
from runtime.handover.case import ending
from runtime.handover.case.move import BOT, DESK, HUMAN, LIVE, MINUTE, MODULE, PAUSED, Move
from runtime.handover.hours import Calendar, calendar
from runtime.handover.routing import BACK_TO_BOT, LEAVE_MESSAGE
from runtime.model import Case, Data, Session

TRIES: Final = 3
"""How often a call to a provider is tried; it has to confirm a case in the time of so many and one more."""
ID_LONG: Final = 64
"""Characters of an event's id that become part of its case's, which stands in the data of buttons."""
ASIDE: Final = 30_000
"""How often at most those who wait are told the same again, in ms."""

PRIORITIES = ("low", "normal", "high", "urgent")

PLAN: Final = (
    *("cancel", "cancel_words", "cancel_intent", "eager", "events", "repeat", "accepted", "copilot", "flow", "step"),
    *("inactive", "ball", "wanted"),
)
"""What of a request is kept with the case."""


def request(move: Move, asked: Data) -> bool:
    """Open a case; false when people have the chat already or cannot have it."""
    live = move.live
    if move.control.owner not in (BOT, PAUSED, MODULE) or (live is not None and live.state in LIVE):
        move.note("case.duplicate", by=str(asked.get("by") or "flow"))
        move.automated("already")
        return False
    if why := impossible(move, asked):
        if asked.get("by") in ("agent", "user"):  # nobody waits for an answer in the flow
            move.note("ignored", do="request", why=why)
        else:
            ending.refuse(move, why)
        return False
    if live is not None:  # an agent still writes the notes of the last one
        ending.close(move, live.reason or "resolved")
        move.over.append(move.case)
    move.live = _case(move, asked)
    case = move.case
    move.note(
        "case.requested", by=str(asked.get("by") or "flow"), workstream=case.workstream, provider=case.provider,
        priority=case.priority, language=case.language, subject=case.subject, labels=list(case.labels),
        previous=case.previous, queue=case.queue, heard=case.heard,
    )  # fmt: skip
    move.memory.pop("reopen", None)
    if asked.get("by") != "flow" and 0 < move.rules.expire < move.now - (move.session.seen or move.now):
        move.memory["stale"] = True  # what the bot asked long ago is not asked any more when people are done
    move.own(HUMAN if move.provider_type == DESK else f"provider:{case.provider}")
    move.timer("inactive", _whole(case.plan.get("inactive")))
    return True


def impossible(move: Move, asked: Data) -> str:
    """Why this chat cannot be handed over at all; empty: it can."""
    session, provider = move.session, str(asked.get("provider") or move.rules.settings.default)
    if move.control.owner == MODULE:
        return "another module has the chat"
    if session.chat.kind in ("group", "room") and not session.key.endswith(f":{session.chat.id}"):
        return "a conversation with one member of a group cannot be handed over"
    known = move.rules.settings.providers
    return "" if provider in known or provider == DESK else f"there is no provider {provider}"


def _case(move: Move, asked: Data) -> Case:
    session, settings = move.session, move.rules.settings
    name, stream = routing.workstream_of(settings, str(asked.get("workstream") or ""))
    priority: Any = asked.get("priority") if asked.get("priority") in PRIORITIES else "normal"
    provider = str(asked.get("provider") or settings.default)
    found = settings.providers.get(provider)
    plan = {key: asked[key] for key in PLAN if key in asked}
    if "inactive" in plan:
        plan["inactive"] = _whole(plan["inactive"])
    return Case(
        id=_name(move),
        workstream=name,
        provider=DESK if found is None or found.type == DESK else provider,
        priority=priority,
        units=max(0, stream.distribution.capacity),
        queue=str(asked.get("queue") or ""),
        skills=texts(asked.get("skills")),
        language=str(asked.get("language") or session.language or ""),
        requester=move.event.user,
        subject=str(asked.get("subject") or called(session)),
        labels=texts(asked.get("labels")),
        context=_context(move, asked, stream.context),
        plan=plan,
        previous=str(move.memory.get("case") or ""),
        opened=move.now,
        since=move.now,
        heard=move.now if move.event.user else 0,
    )


def _context(move: Move, asked: Data, names: Sequence[str]) -> dict[str, Any]:
    """What agents see and rules may use: the workstream's variables of the flow that asks, and what its step shows."""
    session, shown = move.session, asked.get("context")
    flow = str(asked.get("flow") or (session.cursor.flow if session.cursor else ""))
    held = {**session.kept, **session.vars.get(flow, {})}
    known = {name: held[name] for name in names if held.get(name) is not None}
    return {**known, **(shown if isinstance(shown, Mapping) else {})}


def _name(move: Move) -> str:
    """The id of a new case follows from its event, so that an event that is worked twice opens one case."""
    event = move.event.id
    base = event if len(event) <= ID_LONG else hashlib.sha256(event.encode("utf-8", "replace")).hexdigest()[:32]
    name, last = f"{base}.case", str(move.memory.get("case") or "")
    if not last.startswith(name):
        return name
    return f"{name}{_whole(last.removeprefix(name), 1) + 1}"  # the last one began and ended in this very turn


def _whole(value: Any, otherwise: int = 0) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else otherwise


def texts(value: Any) -> tuple[str, ...]:
    """A list of words, however it was given; each once."""
    found = value if isinstance(value, list | tuple | set | frozenset) else () if value in (None, "") else (value,)
    return tuple(dict.fromkeys(str(one) for one in found))


def place(move: Move) -> None:
    """Where a new case goes: queue, hours, provider."""
    if move.provider_type == DESK:
        route(move)
    hours = calendar(move.stream.hours)
    if hours.open(move.now):
        line_up(move)
    else:
        _closed(move, hours)


def route(move: Move) -> None:
    """Find the queue, unless the request names one that there is."""
    settings, case = move.rules.settings, move.case
    if case.queue and (not settings.queues or case.queue in settings.queues):
        return
    facts = routing.facts_of(case, move.session.profile, {"chat": move.session.chat.kind})
    routed = routing.route(settings, move.stream, facts, move.rules.judge)
    tried = [{"queue": t.queue, "when": t.when, "held": t.held, "error": t.error} for t in routed.tried]
    move.change(queue=routed.queue)
    move.note("case.routed", queue=routed.queue, unknown=case.queue, tried=tried)


def _closed(move: Move, hours: Calendar) -> None:
    what = move.stream.hours.outside
    if what == "transfer" and move.stream.hours.transfer_to:
        move.change(queue=move.stream.hours.transfer_to)
        move.note("case.routed", queue=move.case.queue, why="closed")
        line_up(move)
        return
    name = hours.holiday(move.now)
    told = "holiday" if name and name != "closed" else "closed"
    move.automated(told, last=True, next_open=next_open(move, hours), holiday=name)
    if what == "stay_in_queue":
        line_up(move, quiet=True)
    elif what == LEAVE_MESSAGE:
        leave_message(move)
    else:
        ending.end(move, "out_of_hours")


def next_open(move: Move, hours: Calendar) -> str:
    """When it opens next, as people of the user's language write it."""
    when = hours.next_open(move.now)
    return hours.told(when, move.language) if when is not None else ""


def leave_message(move: Move) -> None:
    """Nobody is there: what the user says is kept for later, and the bot goes on."""
    move.automated("left_message", last=True)
    ending.end(move, "left_message")


def line_up(move: Move, quiet: bool = False) -> None:
    """Into a queue, or to the provider; full queues lead elsewhere."""
    if move.provider_type != DESK:
        provider = move.rules.settings.providers[move.case.provider]
        move.ask("open", context=dict(move.case.context))
        move.timer("ack", provider.timeout * (TRIES + 1))
        if not quiet:
            accepted(move)  # now, while it is free: the provider's answer comes without a reply token
        return
    queue = move.case.queue
    found = routing.overflow(move.rules.settings, queue, move.view.line)
    if found in (LEAVE_MESSAGE, BACK_TO_BOT):
        move.note("queue.overflow", queue=queue)
        move.automated("full", last=True)
        ending.end(move, "left_message" if found == LEAVE_MESSAGE else "queue_full")
        return
    wait(move, found, quiet=quiet)


def wait(move: Move, queue: str, *, quiet: bool = False, front: bool = False) -> None:
    """The case waits for an agent; `front`: as one of the first, because it was somebody's already."""
    case = move.case
    queued = case.queued if front and case.queued else move.now
    fresh = case.state == "requested"
    move.stop("offer", "first_reply", "next_reply", "park", "snooze", "auto_close")
    move.to("queued", queue=queue, queued=queued, agent="", offer=None, declined=())
    move.timer("assign", move.limit("assign"))
    move.timer("abandoned", move.stream.timers.abandoned)
    _until_closing(move)
    if fresh and not quiet and move.provider_type == DESK:
        accepted(move)
        tell_position(move)
    if move.stream.position.tell == "on_change":
        move.timer("position", MINUTE)
    if fresh and events(move, "queue"):
        move.tell_flow("queue", request=request_of(move))


def _until_closing(move: Move) -> None:
    """Who still waits when the hours end is told so, and goes where those go who come then."""
    if move.stream.hours.outside == "stay_in_queue" or move.provider_type != DESK:
        return
    when = calendar(move.stream.hours).next_close(move.now)
    move.timer("hours", when - move.now if when is not None else 0)


def hours_ended(move: Move) -> None:
    """The hours are over, and the case may still wait."""
    hours = calendar(move.stream.hours)
    if move.case.state not in ("queued", "offered"):
        return
    if hours.open(move.now):
        _until_closing(move)
    elif move.stream.hours.outside == "transfer" and move.case.queue != move.stream.hours.transfer_to:
        wait(move, move.stream.hours.transfer_to or move.case.queue)
    elif move.stream.hours.outside != "transfer":
        _closed(move, hours)


def events(move: Move, name: str) -> bool:
    """Whether the flow wants to hear of this: triggers may, where no step of it says what it wants."""
    return "events" not in move.case.plan or name in texts(move.case.plan["events"])


def accepted(move: Move) -> None:
    """Tell the user that somebody is being called; the flow's own words come before the built-in ones."""
    text = move.case.plan.get("accepted")
    if text is None:
        move.automated("accepted", last=True)
    elif text:
        move.borrow()
        move.say(str(text), message="accepted")


def tell_position(move: Move) -> None:
    """Where the user stands, when it is free to say so."""
    rules, view, place = move.stream.position, move.view, position(move)
    case = move.case
    if rules.tell == "never" or case.state not in ("queued", "offered"):
        return
    told = case.counts.get("position") == place
    if told and move.now - _whole(case.counts.get("placed")) < ASIDE:
        return
    if move.automated(_place(move), position=place, minutes=minutes(move)):
        move.change(counts={**move.case.counts, "position": place, "placed": move.now})
        move.note("queue.position", position=place, wait=view.wait)


def moved_up(move: Move) -> None:
    """Now and then: tell those who wait that they are nearer, by a push, as often as that may cost."""
    rules, case = move.stream.position, move.case
    if rules.tell != "on_change" or case.state not in ("queued", "offered"):
        return
    place, pushes = position(move), _whole(case.counts.get("pushes"))
    if pushes >= rules.pushes:
        return
    move.timer("position", MINUTE)
    if place >= _whole(case.counts.get("position"), place + 1) or not move.view.position:
        return
    name = _place(move)
    if name == "many":
        return  # nobody pays to hear once more that many wait
    move.borrow()
    billed = not move.free
    if move.automated(name, paid=True, position=place, minutes=minutes(move)):
        counts = {"position": place, "placed": move.now, "pushes": pushes + billed}
        move.change(counts={**move.case.counts, **counts})
        move.note("queue.position", position=place, wait=move.view.wait)


def position(move: Move) -> int:
    """Where the case stands; a new one stands behind all that wait."""
    return move.view.position or move.view.line(move.case.queue).length + 1


def minutes(move: Move) -> int:
    """The expected wait; 0: unknown."""
    return max(1, round(move.view.wait / 60_000)) if move.view.wait else 0


def _place(move: Move) -> str:
    """Which of the automated messages tells where the case stands."""
    rules = move.stream.position
    if _many(move):
        return "many"
    return "next" if position(move) == 1 else "wait" if rules.wait and minutes(move) else "position"


def _many(move: Move) -> bool:
    """Whether a number would only put people off."""
    rules = move.stream.position
    return bool(
        (rules.max_position and position(move) > rules.max_position)
        or (rules.max_wait and move.view.wait > rules.max_wait)
    )


def request_of(move: Move) -> dict[str, Any]:
    """Position and expected wait, and what to say in their place, as flows of Cognigy read them."""
    instead = move.text_of("many") if _many(move) else ""
    return {"position": position(move), "estimatedWaitTime": move.view.wait, "alternativeText": instead}


def called(session: Session) -> str:
    """The name of a group, else of whoever speaks; empty while it is not known."""
    group: Mapping[str, Any] = session.profile.get("group") or {}
    return str(group.get("name") or session.profile.get("name") or "")
