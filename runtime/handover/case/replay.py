"""A chat's cases worked out from its log alone: what the desk shows can be made anew from what was written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, get_args

from runtime.model import Case, CaseState, Noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What people see of a case. The names are those of `Case`; `offered` is the agent who is asked now."""

    id: str
    state: str = "requested"
    queue: str = ""
    agent: str = ""
    offered: str = ""
    priority: str = "normal"
    labels: tuple[str, ...] = ()
    subject: str = ""
    reachable: bool = True
    unread: int = 0
    reason: str = ""
    opened: int = 0
    queued: int = 0
    assigned: int = 0
    replied: int = 0
    since: int = 0
    heard: int = 0
    spoken: int = 0
    ended: int = 0


@dataclass(slots=True)
class Replayed:
    """Who may speak in a chat, since how many changes, and every case it had by id."""

    owner: str = "bot"
    epoch: int = 0
    cases: dict[str, Seen] = field(default_factory=dict)


def seen(case: Case) -> Seen:
    """A case as it is kept, reduced to what its log tells."""
    same = {name: getattr(case, name) for name in Seen.__dataclass_fields__ if name != "offered"}
    return Seen(**same, offered=case.offer.agent if case.offer else "")


def replay(notes: Iterable[Noted]) -> Replayed:
    """From the first line of one chat's log to the last."""
    made = Replayed()
    for note in notes:
        if note.type == "control.changed":
            made.owner, made.epoch = str(note.data["owner"]), note.epoch
        elif note.type == "case.requested":
            made.cases[note.case] = _requested(note)
        elif (tells := TELLS.get(note.type)) is not None and note.case in made.cases:
            made.cases[note.case] = tells(made.cases[note.case], note)
    return made


def _requested(note: Noted) -> Seen:
    data = note.data
    return Seen(
        id=note.case, opened=note.at, since=note.at, heard=int(data["heard"]), priority=str(data["priority"]),
        queue=str(data["queue"]), subject=str(data["subject"]), labels=tuple(data["labels"]),
    )  # fmt: skip


def _state(case: Seen, note: Noted) -> Seen:
    told: Any = {name: note.data[name] for name in Seen.__dataclass_fields__ if name in note.data}
    return replace(case, state=note.type.removeprefix("case."), since=note.at, offered="", **told)


def _given(case: Seen, note: Noted) -> Seen:
    return replace(case, agent=str(note.data["agent"]), assigned=note.at, since=note.at, offered="")


def _sent(case: Seen, note: Noted) -> Seen:
    if note.data.get("by") != "agent":
        return case
    return replace(case, spoken=note.at, unread=0, replied=case.replied or note.at)


def _changed(case: Seen, note: Noted) -> Seen:
    values: Mapping[str, Any] = note.data["values"]
    told: Any = {name: values[name] for name in ("priority", "subject") if name in values}
    if "labels" in values:
        told["labels"] = tuple(values["labels"])
    return replace(case, **told)


Tells = Callable[[Seen, Noted], Seen]

TELLS: Final[Mapping[str, Tells]] = {
    **{f"case.{state}": _state for state in get_args(CaseState) if state != "requested"},
    "case.routed": lambda case, note: replace(case, queue=str(note.data["queue"])),
    "case.given": _given,
    "case.changed": _changed,
    "case.reachable": lambda case, note: replace(case, reachable=True),
    "case.unreachable": lambda case, note: replace(case, reachable=False),
    "offer.made": lambda case, note: replace(case, offered=str(note.data["agent"])),
    "message.refused": lambda case, note: replace(case, heard=note.at),
    "message.received": lambda case, note: replace(case, heard=note.at, unread=case.unread + 1),
    "message.sent": _sent,
}
"""What each kind of line says of its case. Other kinds tell only of themselves."""
