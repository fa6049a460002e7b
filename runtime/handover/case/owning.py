"""Which agent has a case: offers, claims, assignments, transfers, and agents who are gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.handover.case import ending, opening
from runtime.handover.case.move import BOT, DAY, DESK, HELD, HUMAN, LIVE, MODULE, PAUSED, Move
from runtime.model import Case, Offer

WAITS = ("queued", "offered")
LONGEST_SLEEP = 400 * DAY


def offer(move: Move) -> None:
    """The distributor found somebody: ask them, or with `auto` give them the case."""
    agent, case = str(move.data.get("agent") or ""), move.case
    rules = move.stream.distribution
    why = "" if case.state == "queued" else f"the case is {case.state}"
    if not why and move.data.get("queue") not in (None, case.queue):
        why = "the case waits elsewhere"
    if not why and (not agent or agent in move.view.away):
        why = "the agent is not there any more"
    if why:
        move.change()  # what was reserved for it is free again
        move.note("offer.void", agent=agent, why=why)
        return
    if rules.offer == "auto":
        given(move, agent, how="auto")
        return
    made = Offer(id=move.event.id, agent=agent, at=move.now, until=move.now + rules.accept_within)
    move.to("offered", offer=made)
    move.note("offer.made", agent=agent, until=made.until, why=move.data.get("why"))
    move.timer("offer", rules.accept_within)


def accept(move: Move) -> None:
    """The agent who was asked says yes. A late yes, or somebody else's, changes nothing."""
    found, agent = move.live.offer if move.live else None, str(move.actor.get("id") or "")
    if found is None or found.id != move.data.get("offer") or found.agent != agent:
        move.note("ignored", do="accept", why="this offer is over", agent=agent)
        return
    move.note("offer.accepted", agent=agent)
    given(move, agent, how="accepted")


def reject(move: Move) -> None:
    found, agent = move.live.offer if move.live else None, str(move.actor.get("id") or "")
    if found is None or found.id != move.data.get("offer") or found.agent != agent:
        move.note("ignored", do="reject", why="this offer is over", agent=agent)
        return
    _declined(move, "offer.rejected")


def missed(move: Move) -> None:
    """The agent who was asked did not answer in time."""
    case = move.live
    if case is None or case.offer is None:
        return
    if move.now < case.offer.until:
        move.timer("offer", case.offer.until - move.now)
    else:
        _declined(move, "offer.missed")


def _declined(move: Move, told: str) -> None:
    case = move.case
    assert case.offer is not None
    move.note(told, agent=case.offer.agent, away_after=move.stream.distribution.missed)
    move.stop("offer")
    move.to("queued", offer=None, declined=(*case.declined, case.offer.agent))


def claim(move: Move) -> None:
    """An agent takes a case that waits, or one that was left as a message; the second one is told."""
    agent = str(move.actor.get("id") or "")
    if not agent:
        move.note("ignored", do="claim", why="nobody says who it is")
        return
    if move.live is None and (left := move.view.left) is not None and move.control.owner in (BOT, PAUSED):
        _taken_up(move, left, agent)
    if move.live is None or move.case.state not in WAITS:
        held = move.live.agent if move.live else ""
        move.note("ignored", do="claim", why="somebody else has it" if held else "it does not wait", agent=agent)
        return
    given(move, agent, how="claimed")


def _taken_up(move: Move, left: Case, agent: str) -> None:
    """What was left as a message becomes a live case again."""
    move.live = left
    move.note("case.reopened", by=agent)
    move.memory.pop("reopen", None)
    move.own(HUMAN)
    move.to("queued", queued=move.now, reason="", ended=0, result={})


def assign(move: Move) -> None:
    """A supervisor or a rule gives a case to an agent."""
    agent = str(move.data.get("agent") or "")
    if move.live is None or move.case.state not in LIVE or not agent:
        move.note("ignored", do="assign", why="there is no live case, or nobody is named")
    elif move.case.agent == agent and move.case.state in ("assigned", "active"):
        move.note("ignored", do="assign", why="they have it already")
    else:
        given(move, agent, how="assigned")


def given(move: Move, agent: str, how: str) -> None:
    """The case is this agent's from now on."""
    before = move.case.agent
    own = str(move.actor.get("id") or "") == agent
    name = str(move.data.get("agent_name") or (move.actor.get("name") if own else "") or agent)
    move.stop("offer", "assign", "snooze", "hours", "position", "park")
    goes_on = move.case.state in HELD and move.case.replied and before
    plan = {key: value for key, value in move.case.plan.items() if key not in ("wanted", "named")}
    plan = {**plan, "agent_name": name}
    values: dict[str, Any] = {"agent": agent, "assigned": move.now, "offer": None, "declined": (), "plan": plan}
    move.to("active" if goes_on else "assigned", **values)
    move.note("case.given", agent=agent, before=before, how=how)
    if not before:
        move.automated("joined", agent=name)
    if not goes_on:
        move.timer("first_reply", move.limit("first_reply"))
    talking_clock(move)


def talking_clock(move: Move) -> None:
    """Where people answer at once, silence is counted from the start; elsewhere from their first answer."""
    move.timer("auto_close", move.limit("auto_close") if move.stream.mode == "live" else 0)


def take_over(move: Move) -> bool:
    """An agent takes a chat that the bot has; false when people have it already."""
    agent = str(move.actor.get("id") or "")
    if move.live is not None and move.case.state in LIVE:
        if move.case.agent == agent:
            move.note("ignored", do="take_over", why="it is yours already")
        else:
            claim(move)
        return move.case.agent == agent
    if not agent:
        move.note("ignored", do="take_over", why="nobody says who it is")
        return False
    wanted = move.data.get("case")
    asked = dict(wanted) if isinstance(wanted, Mapping) else {}
    if not opening.request(move, {**asked, "provider": DESK, "by": "agent", "accepted": ""}):
        return False
    opening.route(move)
    move.to("queued", queued=move.now)
    given(move, agent, how="taken over")
    return True


def transfer(move: Move) -> None:
    """To another queue, or to a certain agent."""
    if move.live is None or move.case.state not in LIVE:
        move.note("ignored", do="transfer", why="there is no live case")
        return
    case, agent, queue = move.case, str(move.data.get("agent") or ""), str(move.data.get("queue") or "")
    if why := _no_way(move, agent, queue):
        move.note("ignored", do="transfer", why=why)
        return
    move.note("case.transferred", before=case.agent, agent=agent, queue=queue or case.queue, note=move.data.get("note"))
    move.automated("transferred")
    if note := move.data.get("note"):
        move.note("note.added", "internal", text=str(note))
    opening.wait(move, queue or case.queue)
    plan = {key: value for key, value in move.case.plan.items() if key not in ("wanted", "named")}
    declined = (case.agent,) if case.agent and not agent else ()
    move.change(declined=declined, plan={**plan, "named": agent} if agent else plan)


def _no_way(move: Move, agent: str, queue: str) -> str:
    """Why a transfer leads nowhere; empty: it leads somewhere."""
    if not agent and not queue:
        return "neither an agent nor a queue is named"
    if queue and move.rules.settings.queues and queue not in move.rules.settings.queues:
        return f"there is no queue {queue}"
    return "they have it already" if agent and agent == move.case.agent else ""


def gone(move: Move) -> None:
    """An agent is away for longer than the grace time: their case waits again, in front."""
    agent = str(move.data.get("agent") or "")
    case = move.live
    if case is None or case.state not in LIVE:
        return
    if case.offer is not None and case.offer.agent == agent:
        # No refusal: who comes back may be asked again.
        move.note("offer.withdrawn", agent=agent, why=str(move.data.get("why") or "left"))
        move.stop("offer")
        move.to("queued", offer=None)
    elif case.agent == agent and case.state in ("assigned", "active") and move.data.get("only") != "offer":
        move.note("case.dropped", agent=agent)
        move.automated("dropped")
        opening.wait(move, case.queue, front=True)
        move.change(declined=(agent,))


def unanswered(move: Move) -> None:
    """An agent took the case and wrote nothing."""
    case = move.live
    if case is None or case.state != "assigned":
        return
    move.note("case.unanswered", agent=case.agent)
    opening.wait(move, case.queue, front=True)
    move.change(declined=(case.agent,))


def park(move: Move) -> None:
    """The ball is with the user: the agent is free for others."""
    rang = move.event.kind == "timer"
    if move.live is None or move.case.state != "active" or (rang and move.case.heard > move.case.spoken):
        move.note("ignored", do="park", why="only an active case can wait for the user")
        return
    move.stop("next_reply", "park")
    move.to("waiting")


def snooze(move: Move) -> None:
    """Out of sight until a time, or until the user writes."""
    until = move.data.get("until")
    if (
        move.live is None
        or move.case.state not in ("active", "waiting")
        or type(until) is not int
        or not move.now < until < move.now + LONGEST_SLEEP
    ):
        move.note("ignored", do="snooze", why="only an active case, and only until later")
        return
    move.to("snoozed")
    move.note("case.snoozed_until", until=until)
    move.timer("snooze", until - move.now)
    move.stop("auto_close", "next_reply", "park")


def wake(move: Move) -> None:
    """A case that waited or slept goes on with its agent; without one it waits in front of the queue."""
    case = move.live
    if case is None or case.state not in ("waiting", "snoozed"):
        return
    move.stop("snooze")
    if case.agent and (move.view.agent_free(case.agent) or move.actor.get("id") == case.agent):
        move.to("active")
        unanswered = case.heard > case.spoken
        move.timer("auto_close", 0 if unanswered and move.stream.mode == "async" else move.limit("auto_close"))
    else:
        opening.wait(move, case.queue, front=True)
        move.change(plan={**move.case.plan, "wanted": case.agent})


def pause(move: Move) -> None:
    """Nobody speaks here until somebody says so: for chats that are answered elsewhere."""
    until = move.data.get("until")
    if move.control.owner != BOT:
        move.note("ignored", do="pause", why="the bot does not speak here")
        return
    move.own(PAUSED)
    move.note("bot.paused", until=until)
    until = until if type(until) is int and until < move.now + LONGEST_SLEEP else 0
    move.timer("paused", max(0, until - move.now), of=move.session.key)


def resume(move: Move) -> None:
    if move.control.owner != PAUSED:
        move.note("ignored", do="resume", why="the bot does not pause here")
        return
    move.own(BOT)
    move.stop("paused", of=move.session.key)
    move.note("bot.resumed")


def lent(move: Move) -> None:
    """Another module of the channel has the chat now: whoever had it is silent."""
    if move.control.owner != MODULE:
        move.own(MODULE)


def returned(move: Move) -> None:
    """The chat is ours again: of those who have the case."""
    if move.control.owner == MODULE:
        move.own(HUMAN if move.provider_type == DESK else f"provider:{move.case.provider}")


def change(move: Move) -> None:
    """Priority, labels, subject, queue's skills: what people note about a case."""
    if move.live is None:
        return
    data = move.data
    values: dict[str, Any] = {key: opening.texts(data[key]) for key in ("labels", "skills") if key in data}
    if "subject" in data:
        values["subject"] = str(data["subject"])
    if data.get("priority") in opening.PRIORITIES:
        values["priority"] = data["priority"]
    if values:
        move.change(**values)
        move.note("case.changed", values={key: list(v) if isinstance(v, tuple) else v for key, v in values.items()})


def end_of_wait(move: Move) -> None:
    """Nobody took the case in time."""
    if move.live is not None and move.case.state in WAITS:
        move.automated("no_agent", last=True)
        ending.end(move, "no_agent_timeout")
