"""One event of a chat that people have or want: which part takes it.

Whatever happens comes in as an `Event`: the user's words, what agents do (`kind` handover, `data.do` the verb,
`data.actor` who), timers (`data.timer` case) and what providers report. What no state allows changes nothing
and is logged as `ignored`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from runtime.handover.case import ending, meanwhile, opening, owning, talking
from runtime.handover.case.move import BOT, DESK, LATER, LIVE, MODULE, PAUSED, TIMER, Change, Move, Rules, View
from runtime.model import Data, Event, Session

KIND: Final = "handover"
"""Kind of the events by which people and providers act."""

Act = Callable[[Move], object]


def _open(move: Move) -> None:
    """A request that comes from outside the flow."""
    if opening.request(move, {**move.data, "by": str(move.actor.get("kind") or "api")}):
        opening.place(move)
    elif move.run is None:
        move.note("ignored", do="request", why="people have the chat already, or cannot have it")


def _take(move: Move) -> None:
    owning.take_over(move)


def _ack(move: Move) -> None:
    """The provider has the case."""
    move.stop("ack")
    move.change(ref=str(move.data.get("ref") or move.case.ref))
    move.note("provider.has", ref=move.case.ref)
    if move.case.state == "requested":
        opening.wait(move, str(move.data.get("queue") or move.case.provider))


def _too_late(move: Move) -> None:
    """The provider confirms a case that is over meanwhile: it must not keep it."""
    case, provider = str(move.data.get("case") or ""), str(move.data.get("provider") or "")
    move.note("ignored", do="ack", why="that case is over", of=case)
    if provider:
        ref = str(move.data.get("ref") or "")
        move.asks.append({"do": "cancel", "provider": provider, "case": case, "ref": ref, "reason": "over"})


def _nack(move: Move) -> None:
    """The provider cannot take it."""
    if move.case.state not in ("requested", "queued"):
        move.note("ignored", do="nack", why=f"the case is {move.case.state}")
        return
    move.automated("no_agent", last=True)
    ending.end(move, "unsupported" if move.data.get("reason") == "unsupported" else "provider_error")


ACTS: Final[Mapping[str, Act]] = {
    "request": _open,
    "take_over": _take,
    "offer": owning.offer,
    "accept": owning.accept,
    "reject": owning.reject,
    "claim": owning.claim,
    "assign": owning.assign,
    "transfer": owning.transfer,
    "gone": owning.gone,
    "park": owning.park,
    "snooze": owning.snooze,
    "wake": owning.wake,
    "pause": owning.pause,
    "resume": owning.resume,
    "change": owning.change,
    "reply": talking.reply,
    "tell": talking.tell,
    "survey": ending.asked_for,
    "note": talking.remark,
    "monitor": talking.monitored,
    "resolve": ending.resolve,
    "done": ending.done,
    "give_back": ending.give_back,
    "close": ending.close_by_flow,
    "ack": _ack,
    "nack": _nack,
}
"""What agents, supervisors, rules, the distributor and providers can do."""

NEEDS_CASE: Final = frozenset(ACTS) - {
    *("request", "take_over", "claim", "reply", "pause", "resume", "give_back", "note", "survey"),
}  # fmt: skip

AT_THE_DESK: Final = frozenset(
    ("accept", "reject", "claim", "assign", "transfer", "park", "snooze", "wake", "take_over", "reply")
)
"""What agents do to cases of their own desk only; the others are given back to the bot, or resolved."""

TIMERS: Final[Mapping[str, Act]] = {
    "ack": _nack,
    "assign": owning.end_of_wait,
    "offer": owning.missed,
    "first_reply": owning.unanswered,
    "next_reply": talking.overdue,
    "inactive": talking.inactive,
    "park": owning.park,
    "auto_close": talking.silent,
    "abandoned": talking.silent,
    "hours": opening.hours_ended,
    "position": opening.moved_up,
    "snooze": owning.wake,
    "unreachable": talking.lost,
    "wrap_up": ending.done,
}

FLOWS: Final = frozenset(("timer", "inject", "notify"))
"""What is the flow's business and comes again when the chat is the flow's."""

HAPPENS: Final[Mapping[str, Act]] = {
    "message": talking.heard,
    "postback": talking.heard,
    "edited": talking.heard,
    "unsend": talking.taken_back,
    "unfollow": talking.left,
    "leave": talking.left,
    "follow": talking.back,
    "join": talking.back,
    "deactivated": owning.lent,
    "activated": owning.returned,
}
"""What LINE tells while people have the chat; other kinds are only logged."""


def takes(session: Session, event: Event) -> bool:
    """Whether this event is people's business and not the flow's: the one fork of the line."""
    kind, owner = event.kind, session.control.owner
    if (owner != BOT and owner != MODULE) or (session.case is not None and session.case.state in LIVE):
        return True
    if owner == MODULE and (kind in FLOWS or (kind == "activated" and session.memory.get(LATER))):
        return True
    if kind == "message":
        return bool(session.memory) and (_comments(session, event) or _reopens(session, event))
    if kind == "postback":
        return str(event.data.get("data") or "").startswith(talking.PRESSED)
    return kind == KIND or (kind == "timer" and event.data.get("timer") == TIMER)


def _comments(session: Session, event: Event) -> bool:
    """Whether a text is the comment that a survey asked for a moment ago."""
    asked = session.memory.get("survey")
    if not isinstance(asked, Mapping) or event.kind != "message" or not event.text:
        return False
    return event.at <= int(asked.get("comment_until") or 0)


def _reopens(session: Session, event: Event) -> bool:
    """Whether words come so soon after the end that they open the case again."""
    asked = session.memory.get("reopen")
    return isinstance(asked, Mapping) and event.kind == "message" and event.at <= int(asked.get("until") or 0)


def play(session: Session, event: Event, rules: Rules, view: View, now: int) -> Change:
    """What the event leads to. Never raises on what users, agents or providers send."""
    move = Move(session, event, rules, view, now)
    if event.standby:
        move.note("line.standby")
    elif event.kind == KIND:
        _act(move)
    elif event.kind == "timer" and event.data.get("timer") == TIMER:
        _ring(move)
    elif event.kind in FLOWS:
        meanwhile.put_off(move)
    elif _live(move):
        HAPPENS.get(event.kind, _logged)(move)
    else:
        _without_case(move)
    if event.kind == KIND and not move.notes:
        move.note("ignored", do=event.data.get("do"), why="nothing changes by it")
    return move.done()


def _without_case(move: Move) -> None:
    """What people and settings are asked about although nobody has the chat: buttons, comments, silence."""
    session, event, owner = move.session, move.event, move.control.owner
    if event.kind == "activated" and owner == MODULE:
        move.own(BOT)
    elif str(event.data.get("data") or "").startswith(talking.PRESSED):
        talking.pressed(move)
    elif owner == BOT and _comments(session, event):
        talking.commented(move)
    elif owner == BOT and _reopens(session, event):
        talking.again(move)
    else:
        _logged(move)


def ask(session: Session, event: Event, asked: Data, rules: Rules, view: View, now: int) -> Change:
    """What a step of a flow leads to: `request`, `close`, `inactive` with `after` in ms, or `lost`: it could not go
    on at the `target` that an agent chose."""
    move = Move(session, event, rules, view, now)
    verb = asked.get("do")
    if verb == "request":
        if opening.request(move, {**asked, "by": "flow"}):
            opening.place(move)
    elif verb == "close":
        ending.close_by_flow(move)
    elif verb == "inactive" and _live(move):
        talking.watch(move, int(asked.get("after") or 0), ball=bool(asked.get("ball")))
    elif verb == "lost":
        talking.about(move, "resume.fallback", {"case": move.memory.get("case")}, target=asked.get("target"))
    elif verb == "inactive":
        move.note("ignored", do="inactivity", why="people do not have the chat")
    return move.done()


def _live(move: Move) -> bool:
    return move.live is not None and move.live.state in LIVE


def _act(move: Move) -> None:
    verb = str(move.data.get("do") or "")
    act = ACTS.get(verb)
    named = str(move.data.get("case") or "")
    there = move.live.id if move.live else ""
    if act is None:
        move.note("ignored", do=verb, why="there is no such act")
    elif verb == "ack" and (not there or named != there):
        _too_late(move)
    elif verb in NEEDS_CASE and not there:
        move.note("ignored", do=verb, why="there is no case")
    elif named and isinstance(move.data.get("case"), str) and there and named != there:
        move.note("ignored", do=verb, why="that case is over", of=named)
    elif verb in AT_THE_DESK and _elsewhere(move):
        move.note("ignored", do=verb, why=f"it is worked on in {move.case.provider}")
    else:
        act(move)


def _elsewhere(move: Move) -> bool:
    """Whether somebody at our own desk does something to a case that people have in another system."""
    return _live(move) and move.provider_type != DESK and move.actor.get("kind") == "agent"


def _ring(move: Move) -> None:
    """A timer of a case; one of a case that is no longer here rings for nobody."""
    what = str(move.data.get("what") or "")
    if what == "paused" and move.control.owner == PAUSED:
        owning.resume(move)
        return
    act = TIMERS.get(what)
    if act is None or move.live is None or move.live.id != move.data.get("case"):
        move.note("timer.noop", what=move.data.get("what"))
    else:
        act(move)


def _logged(move: Move) -> None:
    if move.control.owner == PAUSED or move.live is not None:
        move.note("event.seen", kind=move.event.kind)
