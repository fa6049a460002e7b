"""The conversations of a session that lie on top of each other.

A level is one flow that runs, or waits for the one above it. Levels form threads: a flow, the sub-flows it
called and the asides (an `anytime` word, a hint) that interrupted it. A thread that waits in a `delay` outlives
the session's expiry, so that a reminder comes however much was said in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.flow.tree import Flow, Flows, Step
from runtime.model import Cursor, Data, Frame, Session

LEVELS = 50
RUNS = 20
OVER, RUN, ASIDE = "over", "run", "aside"
"""How a level came to lie above another: another flow began, a sub-flow was called, something came between."""


@dataclass(slots=True, eq=False)
class Level:
    """`step` is where it waits, or the `run` step it called from; `data` the waiting step's notes.

    `again` says whether its question is asked once more when the level above is done. `take` is what this level
    takes out of the sub-flow above it: own variable → the sub-flow's. An aside uses the variables of the level
    it `shares`.
    """

    flows: Flows
    flow: Flow
    mode: str = OVER
    own: dict[str, Any] = field(default_factory=dict)
    shares: Level | None = None
    step: str = ""
    since: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    again: bool = False
    take: Data = field(default_factory=dict)

    @property
    def home(self) -> Level:
        """The level whose variables are used here and whose position a jump moves."""
        return self.shares or self

    @property
    def vars(self) -> dict[str, Any]:
        return self.home.own

    @property
    def at(self) -> Step | None:
        return self.flow.nodes.get(self.step)

    @property
    def parked(self) -> bool:
        step = self.at
        return step is not None and step.VERB == "delay"


def threads(levels: Sequence[Level]) -> list[list[Level]]:
    """Levels grouped by conversation, the oldest first."""
    found: list[list[Level]] = []
    for level in levels:
        if level.mode == OVER or not found:
            found.append([])
        found[-1].append(level)
    return found


def parked(levels: Sequence[Level]) -> list[Level]:
    """The levels of those threads that wait in a `delay`."""
    return [level for thread in threads(levels) if thread[-1].parked for level in thread]


def restore(session: Session, current: Flows, versions: Mapping[str, Flows]) -> tuple[list[Level], list[Data]]:
    """The levels of a session on the versions they are pinned to, and notes on what had to be moved or left."""
    levels: list[Level] = []
    notes: list[Data] = []
    sharing: list[tuple[Level, Any]] = []
    known: list[Level | None] = []
    for frame in session.stack:
        link = frame.out
        level = _level(frame.flow, frame.version, frame.step, link, current, versions, notes)
        known.append(level)
        if level is not None:
            level.own = dict(frame.vars)
            level.take = link.get("take", {})
            level.again = bool(link.get("again"))
            level.since = int(link.get("since", 0))
            level.data = dict(link.get("data", {}))
            levels.append(level)
            sharing.append((level, link.get("shares")))
    cursor = session.cursor
    if cursor is not None:
        link = cursor.data.get("level", {})
        level = _level(cursor.flow, cursor.version, cursor.step, link, current, versions, notes)
        if level is None:
            return (parked(_shared(levels, sharing, known)), notes)
        level.own = dict(session.vars.get(cursor.flow, {}))
        level.since = cursor.since
        level.data = {key: value for key, value in cursor.data.items() if key != "level"}
        levels.append(level)
        sharing.append((level, link.get("shares")))
    return _shared(levels, sharing, known), notes


def _level(
    flow: str, version: str, step: str, link: Data, current: Flows, versions: Mapping[str, Flows], notes: list[Data]
) -> Level | None:
    pinned = current if version == current.version else versions.get(version)
    flows = pinned or current
    found = flows.flows.get(flow)
    if found is None or step not in found.nodes:
        notes.append({"lost": f"{flow}.{step}", "why": "these flows have no such step any more"})
        return None
    if pinned is None:
        notes.append({"moved": f"{flow}.{step}", "why": "the version it began on is gone"})
    return Level(flows, found, str(link.get("mode", OVER)), step=step)


def _shared(levels: list[Level], sharing: list[tuple[Level, Any]], known: list[Level | None]) -> list[Level]:
    for level, index in sharing:
        if isinstance(index, int) and 0 <= index < len(known):
            level.shares = known[index]
    return levels


def frames(levels: Sequence[Level]) -> tuple[Frame, ...]:
    """All levels but the topmost as a session keeps them."""
    return tuple(
        Frame(
            flow=level.flow.name,
            version=level.flows.version,
            step=level.step,
            vars={} if level.shares else level.own,
            out=_link(level, levels) | _notes(level),
        )
        for level in levels[:-1]
    )


def cursor(levels: Sequence[Level]) -> Cursor | None:
    """The topmost level as a session keeps it."""
    if not levels:
        return None
    top = levels[-1]
    link = _link(top, levels)
    data = top.data if link == {"mode": OVER} else top.data | {"level": link}
    return Cursor(flow=top.flow.name, version=top.flows.version, step=top.step, since=top.since, data=data)


def _link(level: Level, levels: Sequence[Level]) -> dict[str, Any]:
    link: dict[str, Any] = {"mode": level.mode}
    if level.shares is not None and level.shares in levels:
        link["shares"] = levels.index(level.shares)
    return link


def _notes(level: Level) -> dict[str, Any]:
    notes: dict[str, Any] = {"since": level.since}
    notes |= {"take": dict(level.take)} if level.take else {}
    notes |= {"again": True} if level.again else {}
    return notes | ({"data": level.data} if level.data else {})
