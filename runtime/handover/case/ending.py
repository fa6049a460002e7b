"""A case ends: who may speak again, what the flow hears, what is asked of the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from runtime.handover.case.move import BOT, DESK, HELD, LIVE, MODULE, PAUSED, TIMER, Move, tap
from runtime.model import CaseState, Data, Output

STATUS: Final[Mapping[str, str]] = {
    "resolved": "completed",
    "agent_closed_no_reply": "completed",
    "left_message": "completed",
    "returned_to_bot": "completed",
    "user_inactive": "completed",
    "silent": "completed",
    "flow_closed": "completed",
    "admin_forced": "completed",
    "user_cancelled": "cancelled",
    "no_agent_timeout": "error",
    "queue_full": "error",
    "out_of_hours": "error",
    "provider_error": "error",
    "unsupported": "error",
    "user_blocked": "completed",
}
"""What the flow hears."""

AT_ONCE: Final = frozenset(("user_cancelled", "queue_full", "out_of_hours", "unsupported", "left_message"))
"""Endings after which the flow goes on in the same turn, when that is one of the user's own: its answer is free."""
HANDOVER: Final = "handover"
"""Kind of the events by which people and providers act."""

WRAPPED: Final = frozenset(("resolved", "agent_closed_no_reply"))
REOPENED: Final = frozenset(("resolved", "agent_closed_no_reply", "silent"))
"""Endings after which the user's next words may open the case again."""
TIMERS: Final = (
    *("ack", "assign", "offer", "first_reply", "next_reply", "inactive", "park", "auto_close", "abandoned"),
    *("snooze", "unreachable", "hours", "position"),
)


def end(move: Move, reason: str, **result: Any) -> None:
    """People are done with this chat, or never came to it."""
    case = move.case
    had = case.agent if case.state in HELD else ""
    told = {
        **case.result, **result, "reason": reason, "labels": list(case.labels),
        "agent": case.agent, "agent_name": str(case.plan.get("agent_name") or "") if case.agent else "",
        "duration_ms": move.now - case.opened, "first_reply_ms": case.replied - case.opened if case.replied else None,
    }  # fmt: skip
    if move.actor.get("kind") != "provider":
        move.ask("cancel" if reason == "user_cancelled" else "resolve", reason=reason)
    move.stop(*TIMERS)
    move.outputs = [_without_button(one, case.id) for one in move.outputs]
    move.change(result=told, declined=())
    if move.control.owner != MODULE:
        move.own(BOT)
    wraps = bool(had) and reason in WRAPPED and move.limit("wrap_up") > 0
    state: CaseState = "offline" if reason == "left_message" else "wrap_up" if wraps else "closed"
    agent = "" if state == "offline" else case.agent
    move.to(state, agent=agent, reason=reason, ended=move.now, offer=None)
    if wraps:
        move.timer("wrap_up", move.limit("wrap_up"))
    _resume(move, reason, told)
    move.memory["case"] = case.id
    _may_reopen(move, reason)


def _without_button(output: Output, case: str) -> Output:
    """What is said at the end has no button to cancel with."""
    kept = tuple(one for one in output.quick if not str(one.get("data")).startswith(f"ho:cancel:{case}:"))
    return output if kept == output.quick else replace(output, quick=kept)


def _may_reopen(move: Move, reason: str) -> None:
    """For a while, the user's next words go to the people who just were there."""
    move.memory.pop("reopen", None)
    if move.stream.reopen and reason in REOPENED and move.provider_type == DESK:
        case = move.case
        move.memory["reopen"] = {
            "until": move.now + move.stream.reopen, "workstream": case.workstream, "queue": case.queue,
            "wanted": case.agent, "priority": case.priority, "subject": case.subject, "language": case.language,
        }  # fmt: skip


def _resume(move: Move, reason: str, result: Data) -> None:
    """The flow hears of it now, or with the user's next message, which makes its answer free."""
    status = STATUS.get(reason, "completed")
    told: dict[str, Any] = {"status": status, "result": result}
    if status == "error":
        told["error"] = {"reason": "unsupported" if reason == "unsupported" else "error", "message": reason}
    if inject := move.case.plan.get("inject"):
        told["goto"] = inject
    move.memory["handover"] = told
    if move.mute:
        return
    if move.case.plan.get("eager"):
        move.borrow()
    own = move.event.kind != HANDOVER and move.event.data.get("timer") != TIMER
    if (own and reason in AT_ONCE) or move.case.plan.get("eager") or move.free:
        move.run = told


def refuse(move: Move, why: str) -> None:
    """This chat cannot be handed over at all: no case, and the flow hears of it."""
    move.note("case.refused", why=why)
    told = {"status": "error", "error": {"reason": "unsupported", "message": why}, "result": {"reason": "unsupported"}}
    move.memory["handover"] = told
    if move.control.owner == BOT:
        move.run = told


def close(move: Move, reason: str) -> None:
    """The last thing that happens to a case."""
    move.stop(*TIMERS, "wrap_up")
    values = {"reason": move.case.reason or reason, "ended": move.case.ended or move.now}
    move.to("closed", offer=None, **values)


def cancel(move: Move) -> None:
    """The user does not want to wait any more."""
    move.note("case.cancelled")
    move.automated("cancelled", last=True)
    end(move, "user_cancelled")


def resolve(move: Move) -> None:
    """An agent, a supervisor, a rule or the provider is done."""
    case = move.case
    if case.state not in LIVE:
        move.note("ignored", do="resolve", why=f"the case is {case.state}")
        return
    form = move.data.get("form")
    if inject := move.data.get("inject"):
        move.change(plan={**case.plan, "inject": str(inject)})
    _label(move)
    move.note("case.resolved", form=form)
    move.automated("ended", last=True)
    survey(move)
    reason = str(move.data.get("reason") or ("resolved" if case.replied else "agent_closed_no_reply"))
    end(move, reason if reason in STATUS else "resolved", **({"form": form} if form else {}))


def _label(move: Move) -> None:
    if labels := move.data.get("labels"):
        given = labels if isinstance(labels, list | tuple) else (labels,)
        every = tuple(dict.fromkeys((*move.case.labels, *map(str, given))))
        move.change(labels=every)
        move.note("case.changed", values={"labels": list(every)})


SCALES: Final[Mapping[str, Mapping[str, int]]] = {
    "thumbs": {"👍": 1, "👎": 0},
    "stars": {"★" * number: number for number in range(1, 6)},
}
"""What a survey's buttons say, and what each is worth."""


def survey(move: Move) -> None:
    """Ask how it was, once, and only somebody who was really helped."""
    case, rules = move.case, move.stream.survey
    if rules.when == "never" or not case.replied or not case.reachable or move.data.get("survey") is False:
        return
    if case.counts.get("survey") or move.session.chat.kind != "user":
        return
    move.count("survey")
    about = {"case": case.id, "queue": case.queue, "agent": case.agent, "comment": rules.comment}
    if move.provider_type != DESK:
        about["provider"] = case.provider
    _question(move, about, rules.kind, rules.until)


def _question(move: Move, about: Data, kind: str, until: int, *, paid: bool = False) -> None:
    if not move.automated("survey", last=True, paid=paid):
        return
    quick = tuple(tap(label, f"ho:survey:{about['case']}:{value}") for label, value in SCALES[kind].items())
    move.outputs[-1] = replace(move.outputs[-1], quick=quick)
    move.note("survey.sent", kind=kind, of=about["case"])
    move.memory["survey"] = {**about, "kind": kind, "at": move.now, "until": move.now + until}


def asked_for(move: Move) -> None:
    """The provider wants to know how it was: its question is asked in the chat, once, about the case that just was."""
    case, last = str(move.data.get("case") or ""), move.memory.get("survey")
    asked = isinstance(last, Mapping) and last.get("case") == case
    if asked or case not in (move.memory.get("case"), move.live.id if move.live else None):
        move.note("ignored", do="survey", why="it was asked before, or another case came since")
    elif move.session.chat.kind == "user":
        rules, agent = move.stream.survey, move.data.get("actor") or {}
        about = {"case": case, "queue": "", "agent": str(agent.get("id") or ""), "comment": rules.comment}
        _question(move, {**about, "provider": move.data.get("provider")}, "stars", rules.until, paid=True)


def done(move: Move) -> None:
    """The agent has written the notes."""
    if move.case.state == "wrap_up":
        _label(move)
        if form := move.data.get("form"):
            move.change(result={**move.case.result, "form": form})
        close(move, "resolved")
    else:
        move.note("ignored", do="done", why=f"the case is {move.case.state}")


def give_back(move: Move) -> None:
    """Somebody in charge gives the chat back to the bot, whatever its state."""
    if move.live is not None and move.case.state in LIVE:
        end(move, "admin_forced")
    elif move.control.owner == PAUSED:
        move.own(BOT)


def close_by_flow(move: Move) -> None:
    """The flow's `close_handover`."""
    if move.live is not None and move.case.state in LIVE:
        end(move, "flow_closed")
