"""What holds of chats that people have, whatever happens in whatever order: each law in words, and how it is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from runtime.handover.case.move import LIVE, LOADS
from runtime.handover.case.replay import replay, seen
from runtime.model import Case, Data, Noted, Session


@dataclass(frozen=True)
class Looked:
    """Everything that is kept, in one moment."""

    cases: list[dict[str, Any]]
    notes: dict[str, list[dict[str, Any]]]
    sessions: dict[str, Session]
    loads: dict[str, int]
    dead: list[Any]
    now: int
    said: tuple[tuple[str, str], ...]
    asks: list[Data]
    """What another system was asked to do."""
    about: dict[str, str]
    """Event by which it told something → the case it told it of."""


def one_live_case(x: Looked) -> bool:
    live = Counter(row["session"] for row in x.cases if row["state"] in LIVE)
    return all(count == 1 for count in live.values())


def the_session_has_it(x: Looked) -> bool:
    rows = {row["body"].id: row["body"] for row in x.cases}
    return all(
        session.case is None or rows[session.case.id] == session.case for session in x.sessions.values()
    ) and all(
        row["state"] in ("closed", "offline") or x.sessions[row["session"]].case == row["body"] for row in x.cases
    )


def one_offer(x: Looked) -> bool:
    return all((row["body"].offer is not None) == (row["state"] == "offered") for row in x.cases) and all(
        (row["reserved"], row["reserved_until"]) == (row["body"].offer.agent, row["body"].offer.until)
        for row in x.cases
        if row["body"].offer is not None
    )


def owners_have_cases(x: Looked) -> bool:
    return all(
        session.control.owner
        == (_speaks(session.case) if session.case is not None and session.case.state in LIVE else "")
        or (session.control.owner in ("bot", "paused") and not (session.case and session.case.state in LIVE))
        for session in x.sessions.values()
    )


def _speaks(case: Case) -> str:
    return "human" if case.provider == "desk" else f"provider:{case.provider}"


def notes_stay_inside(x: Looked) -> bool:
    inside = {row["data"].get("text") for rows in x.notes.values() for row in rows if row["visibility"] == "internal"}
    return not inside & {text for _, text in x.said}


def each_word_is_heard_once(x: Looked) -> bool:
    heard = Counter(row["event"] for rows in x.notes.values() for row in rows if row["type"] == "message.received")
    return all(count == 1 for count in heard.values())


def each_answer_is_said_once(x: Looked) -> bool:
    said = Counter(text for _, text in x.said if text.startswith(("agent", "flow answers")))
    return all(count == 1 for count in said.values())


def nothing_is_given_up(x: Looked) -> bool:
    return not x.dead


def loads_are_the_sum(x: Looked) -> bool:
    sums: Counter[str] = Counter()
    for row in x.cases:
        case = row["body"]
        if row["state"] in LOADS and case.offer is None:
            sums[case.agent] += case.units
        elif row["state"] in ("queued", "offered") and row["reserved"] and row["reserved_until"] > x.now:
            sums[row["reserved"]] += case.units
    return {agent: units for agent, units in x.loads.items() if units} == dict(sums)


def the_log_tells_it(x: Looked) -> bool:
    for key, session in x.sessions.items():
        told = replay(noted(row) for row in x.notes.get(key, ()))
        kept = {row["body"].id: seen(row["body"]) for row in x.cases if row["session"] == key}
        if (told.owner, told.epoch, told.cases) != (session.control.owner, session.control.epoch, kept):
            return False
    return True


def noted(row: dict[str, Any]) -> Noted:
    return Noted(type=row["type"], at=row["at"], case=row["case_id"], epoch=row["epoch"], data=row["data"])


def answered_cases_were_active(x: Looked) -> bool:
    active = {row["case_id"] for rows in x.notes.values() for row in rows if row["type"] == "case.active"}
    return all(not row["body"].replied or row["body"].id in active for row in x.cases)


def cancels_are_meant(x: Looked) -> bool:
    """A button that does nothing leaves its line, and one that cancels belongs to the case it ends."""
    for rows in x.notes.values():
        by_event: dict[str, list[str]] = {}
        for row in rows:
            by_event.setdefault(row["event"], []).append(row["type"])
        if any("ignored" in types and "case.cancelled" in types for types in by_event.values()):
            return False
    return True


def over_is_over(x: Looked) -> bool:
    """Word of a case that is over leaves its line and changes nothing."""
    for rows in x.notes.values():
        late = {row["event"] for row in rows if row["data"].get("why") == OVER}
        if any(row["event"] in late and row["type"] != "ignored" for row in rows):
            return False
    return True


def others_speak_of_their_own(x: Looked) -> bool:
    """What another system tells of one case never touches the next one of the same chat."""
    told = (row for rows in x.notes.values() for row in rows if row["event"] in x.about and row["type"] != "ignored")
    return all(row["case_id"] == x.about[row["event"]] for row in told)


def cancels_are_passed_on(x: Looked) -> bool:
    """Who cancelled is not called back: the other system hears of it, also when it had confirmed too late."""
    told = {str(one["case"]) for one in x.asks if one["do"] == "cancel"}
    gone = {row["body"].id for row in x.cases if _elsewhere(row) and row["body"].reason == "user_cancelled"}
    lines = [row["data"] for rows in x.notes.values() for row in rows]
    late = {str(data["of"]) for data in lines if data.get("do") == "ack" and data.get("why") == OVER}
    return gone | late <= told


def ends_are_passed_on(x: Looked) -> bool:
    """Whatever ended at our side ends there: each case was asked for once, and given up at most once."""
    opened = Counter(str(one["case"]) for one in x.asks if one["do"] == "open")
    closed = Counter(str(one["case"]) for one in x.asks if one["do"] == "resolve")
    return all(count == 1 for count in (*opened.values(), *closed.values())) and set(opened) == {
        row["body"].id for row in x.cases if _elsewhere(row)
    }


def nobody_here_takes_them(x: Looked) -> bool:
    """Cases of another system are never offered to our own agents, and never given to them."""
    return all(row["body"].agent in ("", "ours:zoe") and not row["body"].offer for row in x.cases if _elsewhere(row))


def _elsewhere(row: dict[str, Any]) -> bool:
    return bool(row["body"].provider != "desk")


OVER: Final = "that case is over"

LAWS: Final[tuple[tuple[str, Callable[[Looked], bool]], ...]] = (
    ("a chat has one live case at most", one_live_case),
    ("a case is the same in its chat and in the lists", the_session_has_it),
    ("a case has one live offer at most, and the agent is kept free for it", one_offer),
    ("people speak where they have a live case, and nowhere else", owners_have_cases),
    ("what agents note is never said to the user", notes_stay_inside),
    ("an event that comes twice is one event", each_word_is_heard_once),
    ("nothing is said twice", each_answer_is_said_once),
    ("no event is given up, whoever blocked whom", nothing_is_given_up),
    ("agents' loads are the sum of what they hold and are offered", loads_are_the_sum),
    ("the log from its first line tells the same as the lists", the_log_tells_it),
    ("an agent's first public answer makes a case active", answered_cases_were_active),
    ("a button of an older case does nothing", cancels_are_meant),
    ("word of a case that is over changes nothing", over_is_over),
    ("word of one case changes no other", others_speak_of_their_own),
    ("another system hears of every cancelled case", cancels_are_passed_on),
    ("another system is asked once, and told once that it is over", ends_are_passed_on),
    ("our agents are not asked for cases of another system", nobody_here_takes_them),
)
"""Held in every state; that nothing stale is sent, and nobody speaks in standby, is checked where it is said."""
