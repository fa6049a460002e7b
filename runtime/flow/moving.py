"""Positions of conversations in edited flows: where each would stand, and which have no place any more.

A step is the same one in both versions when it has the same id, or no id and the same path, and does the same: a
question for the same variable, a pause, a sub-flow of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from runtime.flow.tree import Flow, Flows, Step
from runtime.model import Session

Versions = Mapping[str, Flows]


@dataclass(frozen=True, slots=True)
class Position:
    """A step that a conversation waits at, or goes on from when what lies above it is done."""

    flow: str
    version: str
    step: str


@dataclass(frozen=True, slots=True)
class Left:
    """A position that has no place in the new flows, and why."""

    session: str
    at: Position
    why: str


def positions(session: Session) -> Iterator[Position]:
    """All positions of a session, the topmost last."""
    for frame in session.stack:
        yield Position(frame.flow, frame.version, frame.step)
    if session.cursor is not None:
        yield Position(session.cursor.flow, session.cursor.version, session.cursor.step)


def place(at: Position, versions: Versions, new: Flows) -> tuple[str, str]:
    """The path of the same step in the new flows, or nothing and why there is none."""
    flow = new.flows.get(at.flow)
    if flow is None:
        return "", f"the flow `{at.flow}` is gone"
    old = versions.get(at.version)
    was = old.flows[at.flow].nodes.get(at.step) if old and at.flow in old.flows else None
    if was is None:
        return (at.step, "") if at.step in flow.nodes else ("", "the step is gone")
    now = _same_id(was, flow) or flow.nodes.get(at.step)
    if now is None:
        return "", "the step is gone"
    if not _alike(was, now):
        return "", f"another step stands there now: {_called(now)} instead of {_called(was)}"
    return now.path, ""


def _same_id(was: Step, flow: Flow) -> Step | None:
    return flow.nodes.get(flow.ids.get(was.id, "")) if was.id else None


def _alike(was: Step, now: Step) -> bool:
    if was.VERB != now.VERB or was.waits != now.waits:
        return False
    if was.VERB == "ask":
        return _meant(was) == _meant(now)
    return was.VERB != "run" or _meant(was) == _meant(now)


def _meant(step: Step) -> str:
    """The variable that is asked for, the flow that is run."""
    value = getattr(step, "value", None)
    return value if isinstance(value, str) else str(getattr(value, "name", ""))


def _called(step: Step) -> str:
    meant = _meant(step) if step.VERB in ("ask", "run") else ""
    return f"`{step.VERB}{': ' if meant else ''}{meant}`"


def left(sessions: Iterable[Session], versions: Versions, new: Flows) -> Iterator[Left]:
    """Positions that the new flows would leave without a place, when sessions moved to them."""
    for session in sessions:
        for at in positions(session):
            if at.version != new.version:
                _, why = place(at, versions, new)
                if why:
                    yield Left(session.key, at, why)


def move(session: Session, versions: Versions, new: Flows) -> tuple[Session, str]:
    """The session on the new flows; unchanged and why, when one of its positions has no place there."""
    spots: dict[Position, str] = {}
    for at in positions(session):
        path, why = (at.step, "") if at.version == new.version else place(at, versions, new)
        if why:
            return session, f"{at.flow}.{at.step}: {why}"
        spots[at] = path
    if all(at.version == new.version for at in spots):
        return session, ""
    stack = tuple(
        replace(frame, version=new.version, step=spots[Position(frame.flow, frame.version, frame.step)])
        for frame in session.stack
    )
    cursor = session.cursor
    if cursor is not None:
        step = spots[Position(cursor.flow, cursor.version, cursor.step)]
        cursor = replace(cursor, version=new.version, step=step)
    return replace(session, stack=stack, cursor=cursor), ""
