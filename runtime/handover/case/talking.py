"""What is said while people have a chat: the user's words, the agents' answers, and what silence leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.handover.case import ending, opening, owning
from runtime.handover.case.move import BOT, HELD, LABEL, LIVE, MINUTE, PAUSED, Move
from runtime.model import Data, Output
from runtime.text import fold

MONITORED = "case.monitored"
"""Line of the log that agents see only where noren.yaml says so."""

RULE = "rule"
"""Kind of the actor that a rule of automation is."""

COMMENT = 10 * MINUTE
"""For how long after a rating the user's next text is taken for the few words that were asked for."""

REPEAT_EVERY = 30_000
"""How often at most those who wait are told again that somebody is being called, in ms."""

REMINDERS = 3
"""How often in a row the flow is told that the user is silent: what it says then is a push each time. It may set the
next time itself."""

PRESSED = "ho:"
"""Begins the data of buttons that belong to a handover and not to a flow."""

FILES = ("image", "video", "audio", "file")
"""Types of messages that carry content."""

KEPT = ("type", "id", "text", "title", "address", "latitude", "longitude", "content", "emojis", "mention", "quoted",
        "package", "sticker", "keywords", "data", "params", "name", "size")  # fmt: skip
"""What the log keeps of what users send."""


def heard(move: Move) -> None:
    """The user wrote, tapped or sent something while people have the chat."""
    event, case = move.event, move.case
    back(move)  # who writes can be reached
    data = str(event.data.get("data") or "")
    if data.startswith(PRESSED):
        pressed(move)
        return
    received(move)
    if event.kind == "message" and _says_cancel(move):
        ending.cancel(move)
        return
    _timers(move)
    if case.state in ("waiting", "snoozed"):
        owning.wake(move)
    elif case.state in ("requested", "queued", "offered"):
        _waits(move)


def received(move: Move) -> None:
    """What the user said, for the log and for those who answer."""
    event = move.event
    if event.data.get("type") in FILES and not move.stream.files.from_user:
        move.change(heard=move.now)
        move.automated("refused_file")
        move.note("message.refused", kind=event.data.get("type"), user=event.user)
        return
    move.change(heard=move.now, unread=move.case.unread + 1)
    shown = {key: event.data[key] for key in KEPT if key in event.data}
    move.note("message.received", "public", text=event.text, user=event.user, kind=event.kind, message=shown)
    move.ask("message", text=event.text, message=dict(event.data), user=event.user)
    move.copilot = str(move.case.plan.get("copilot") or move.stream.copilot or "")


def again(move: Move) -> None:
    """Soon after the end the user writes once more: the people who just were there go on."""
    asked = move.memory.pop("reopen")
    if not opening.request(move, {**(asked if isinstance(asked, Mapping) else {}), "by": "user", "accepted": ""}):
        return
    move.memory.pop("handover", None)  # whoever waits for its end waits for this one's
    received(move)
    opening.place(move)


def _timers(move: Move) -> None:
    """The user has spoken: the clocks of their silence begin anew, that of ours begins."""
    plan = move.case.plan
    move.stop("park")
    if after := plan.get("inactive"):
        move.timer("inactive", int(after))
    if move.case.counts.get("inactive"):
        move.change(counts={**move.case.counts, "inactive": 0})
    move.timer("abandoned", move.stream.timers.abandoned)
    if move.case.state in HELD:
        both_silent(move)
    if move.case.state == "active":
        move.timer("next_reply", move.limit("next_reply"))


def both_silent(move: Move) -> None:
    """The clock of silence. Where answers may take hours it runs only while the user owes one."""
    ours = move.case.heard > move.case.spoken
    move.timer("auto_close", 0 if ours and move.stream.mode == "async" else move.limit("auto_close"))


def _waits(move: Move) -> None:
    """Somebody who waits has written: say again that somebody comes, and where they stand."""
    case = move.case
    if case.state == "requested":
        return
    if case.plan.get("repeat") and move.now - int(case.counts.get("repeated", 0)) >= REPEAT_EVERY:
        move.change(counts={**case.counts, "repeated": move.now})
        opening.accepted(move)
    opening.tell_position(move)


def _says_cancel(move: Move) -> bool:
    if not move.may_cancel or not _asked_for_it(move):
        return False
    plan, rules, label = move.case.plan, move.stream.cancel, move.cancel_label
    if (move.view.meant - {""}) & {rules.intent, plan.get("cancel_intent")}:
        return True
    words = (label, label[:LABEL], *rules.words, *opening.texts(plan.get("cancel_words")))
    said = fold(move.event.text)
    return bool(said) and said in map(fold, words)


def _asked_for_it(move: Move) -> bool:
    """In groups only who asked may cancel."""
    return move.session.chat.kind == "user" or move.event.user == move.case.requester


def _cancel_tapped(move: Move, pressed: str) -> None:
    case, _, epoch = pressed.removeprefix(f"{PRESSED}cancel:").rpartition(":")
    if move.live is None or move.case.id != case or str(move.case.epoch) != epoch or not move.may_cancel:
        move.automated("over")
        move.note("ignored", do="cancel", why="that request has ended")
    elif not _asked_for_it(move):
        move.note("ignored", do="cancel", why="only who asked may cancel")
    else:
        ending.cancel(move)


def pressed(move: Move) -> None:
    """A button of a handover that is over, or of a survey."""
    data = str(move.event.data.get("data") or "")
    if data.startswith(f"{PRESSED}survey:"):
        rated(move, data)
    else:
        _cancel_tapped(move, data)


def rated(move: Move, data: str) -> None:
    """Stars or a thumb."""
    asked = move.memory.get("survey")
    case, _, value = data.removeprefix(f"{PRESSED}survey:").rpartition(":")
    if not isinstance(asked, Mapping) or asked.get("case") != case or move.now > int(asked.get("until", 0)):
        move.automated("over")
        return
    scale = ending.SCALES.get(str(asked.get("kind")), {})
    if "rating" in asked or value not in map(str, scale.values()):
        return  # the same tap again, or none of ours
    about(move, "survey.answered", asked, rating=int(value))
    until = move.now + COMMENT if asked.get("comment") else 0
    move.memory["survey"] = {**asked, "rating": value, "comment_until": until}
    _told_provider(move, asked, value)
    move.automated("comment" if until else "thanks")


def commented(move: Move) -> None:
    """The few words that a survey asked for."""
    asked = move.memory.get("survey")
    if isinstance(asked, Mapping):
        move.memory["survey"] = {**asked, "comment_until": 0}
        about(move, "survey.commented", asked, text=move.event.text)
        _told_provider(move, asked, str(asked.get("rating")), move.event.text)
        move.automated("thanks")


def _told_provider(move: Move, asked: Data, value: str, comment: str = "") -> None:
    """Where agents work elsewhere, the answer goes there too: from 1 to 5, as stars are counted everywhere."""
    if asked.get("provider"):
        rating = {"1": 5, "0": 1}[value] if asked.get("kind") == "thumbs" else int(value)
        told = {"do": "update", "provider": asked["provider"], "case": asked.get("case"), "ref": ""}
        move.asks.append({**told, "rating": rating, "comment": comment})


def about(move: Move, type: str, asked: Data, **data: Any) -> None:
    """A line of the log about a case that is over, of which `asked` knows id, queue and agent."""
    move.note(type, of=asked.get("case"), queue=asked.get("queue"), agent=asked.get("agent"), **data)
    move.notes[-1] = replace(move.notes[-1], case=str(asked.get("case")))


def reply(move: Move) -> None:
    """An agent says something to the user."""
    agent = str(move.actor.get("id") or "")
    given = move.data.get("messages")
    messages = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []
    if not messages:
        move.note("ignored", do="reply", why="it says nothing")
        return
    if move.actor.get("kind") == RULE:
        _said_by_rule(move, messages)
        return
    if not _may_speak(move, agent):
        return
    if move.mute:
        move.note("ignored", do="reply", why=move.mute)
        return
    _joins(move, agent)
    sender = {key: move.actor[key] for key in ("name", "icon") if move.actor.get(key)}
    for message in messages:
        move.outputs.append(_output(message, sender))
    move.note("message.sent", "public", by="agent", messages=[dict(message) for message in messages])
    move.borrow()
    first = not move.case.replied
    values: dict[str, Any] = {"replied": move.now} if first else {}
    move.change(spoken=move.now, unread=0, **values)
    if move.case.state != "active":
        move.to("active")
    move.stop("first_reply", "next_reply", "snooze", "assign")
    move.timer("park", move.limit("park"))
    move.timer("abandoned", move.stream.timers.abandoned)
    both_silent(move)
    if move.case.plan.get("ball") and move.case.plan.get("inactive"):
        move.timer("inactive", int(move.case.plan["inactive"]))
    if first and opening.events(move, "active"):
        move.tell_flow("active", agent=agent)


def _joins(move: Move, agent: str) -> None:
    """A supervisor speaks in a colleague's case, which stays theirs: told once."""
    joined = opening.texts(move.case.plan.get("joined"))
    if move.case.agent not in ("", agent) and move.data.get("join") and agent not in joined:
        move.change(plan={**move.case.plan, "joined": [*joined, agent]})
        move.note("case.joined", agent=agent)


def _said_by_rule(move: Move, messages: list[Data]) -> None:
    """A rule of automation says something: it takes no case, and nobody's silence ends."""
    why = move.mute if move.live is not None and move.case.state in LIVE else "there is no live case"
    if why:
        move.note("ignored", do="reply", why=why)
        return
    move.outputs += [_output(message, {}) for message in messages]
    move.note("message.sent", "public", by=RULE, messages=[dict(message) for message in messages])
    move.borrow()


def tell(move: Move) -> None:
    """Words of the provider itself (a greeting, a rule): nobody there has answered by them."""
    if text := str(move.data.get("text") or ""):
        move.borrow()
        move.say(text, message="provider")


def _may_speak(move: Move, agent: str) -> bool:
    """Agents speak in their own cases; in others only when they say that they join; in the bot's by taking over."""
    provider = move.actor.get("kind") == "provider"
    if move.live is None or move.case.state not in LIVE:
        if move.view.left is not None and not provider:
            owning.claim(move)
            return move.live is not None and move.case.agent == agent
        if move.control.owner in (BOT, PAUSED) and move.rules.settings.takeover and not provider:
            return owning.take_over(move)
        move.note("ignored", do="reply", why="nobody has taken this chat over", agent=agent)
        return False
    if move.case.state in ("queued", "offered", "requested") and not move.case.agent:
        if provider:
            owning.given(move, agent, how="provider")
        else:
            owning.claim(move)
    if move.case.agent == agent or provider or move.data.get("join"):
        return True
    move.note("ignored", do="reply", why="it is another agent's case", agent=agent)
    return False


def _output(message: Data, sender: Data) -> Output:
    data, quick = message.get("data"), message.get("quick")
    return Output(
        kind=str(message.get("kind") or "text"),
        text=str(message.get("text") or ""),
        data=dict(data) if isinstance(data, Mapping) else {},
        quick=tuple(one for one in quick if isinstance(one, Mapping)) if isinstance(quick, list | tuple) else (),
        alt=str(message.get("alt") or ""),
        sender=sender,
    )


def remark(move: Move) -> None:
    """A note among agents: it can never become a message, because it never becomes an output."""
    data = {key: move.data[key] for key in ("text", "mentions", "whisper", "kind", "data", "quick") if key in move.data}
    move.note("note.added", "internal", **data)
    if move.live is None and isinstance(named := move.data.get("case"), str):  # it comes after the end of its case
        move.notes[-1] = replace(move.notes[-1], case=named)


def monitored(move: Move) -> None:
    """A supervisor reads what a colleague and the user say to each other."""
    move.note(MONITORED, agent=move.case.agent)


def taken_back(move: Move) -> None:
    """The user took a message back: what it said is blanked wherever it is kept."""
    move.erase.append(str(move.event.data.get("id") or ""))
    move.note("message.unsent", "public", message=move.event.data.get("id"), user=move.event.user)
    move.ask("unsend", message=move.event.data.get("id"))


def left(move: Move) -> None:
    """The user blocked the account, or the account was removed from the group."""
    if not move.case.reachable:
        return
    move.change(reachable=False)
    move.note("case.unreachable", why=move.event.kind)
    move.timer("unreachable", move.stream.timers.unreachable)
    move.ask("note", text="the user cannot be reached any more")


def back(move: Move) -> None:
    if move.case.reachable:
        return
    move.change(reachable=True)
    move.stop("unreachable")
    move.note("case.reachable")


def lost(move: Move) -> None:
    """Still out of reach."""
    if move.live is not None and not move.case.reachable:
        ending.end(move, "user_blocked")


def watch(move: Move, after: int, *, ball: bool) -> None:
    """The flow wants to hear when the user is silent for so long; with `ball` only while it is their turn."""
    move.note("inactivity.watched", after=after, ball=ball)
    move.change(plan={**move.case.plan, "inactive": after, "ball": ball})
    move.timer("inactive", after)


def inactive(move: Move) -> None:
    """The flow wanted to hear when the user is silent for so long."""
    case = move.live
    if case is None or case.state not in LIVE:
        return
    if case.plan.get("ball") and case.heard >= case.spoken:
        move.timer("inactive", int(case.plan.get("inactive") or 0))  # the user waits for us
        return
    number = move.count("inactive")
    if number < REMINDERS:
        move.timer("inactive", int(case.plan.get("inactive") or 0))
    move.note("user.inactive", count=number)
    move.tell_flow(case_status(move), inactivityCount=number)


def case_status(move: Move) -> str:
    """What the flow calls the state."""
    if move.live is None or move.case.state not in LIVE:
        return ""
    return "active" if move.case.state in ("active", "waiting", "snoozed") else "queue"


def silent(move: Move) -> None:
    """Both sides have been silent."""
    case = move.live
    if case is None or case.state not in LIVE:
        return
    move.automated("silent", last=True)
    if move.stream.survey.when == "ended":
        ending.survey(move)
    ending.end(move, "silent" if case.replied else "agent_closed_no_reply" if case.agent else "no_agent_timeout")


def overdue(move: Move) -> None:
    """The user has waited too long for an answer: people are told, the user is not."""
    if move.live is not None and move.case.state == "active" and move.case.heard > move.case.spoken:
        move.note("case.overdue", agent=move.case.agent)
