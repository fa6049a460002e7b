"""What happens when somebody who was asked says nothing: once, or in several steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from runtime.flow.compiling import Steps
from runtime.flow.live import Wording
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Many, Span
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tree import Step
from runtime.model import Output

Rungs: TypeAlias = Sequence[Mapping[str, Any]]

RUNG = Fields(
    {
        "after": Span(min=1_000),
        "say": Wording(),
        "do": Steps(say=True, aside=True),
        "then": Steps(say=True),
    },
    needs=("after",),
    what="a mapping",
)


class SilenceShape:
    """`{after, say, do, then}`, or a list of them; each `after` counts from the last word."""

    def read(self, node: Node, reading: Reading) -> tuple[Mapping[str, Any], ...]:
        rungs: tuple[Mapping[str, Any], ...] = Many(RUNG, min=1, single=True).read(node, reading)
        last = 0
        for rung, one in zip(rungs, node.items, strict=False):
            if rung.get("after", last + 1) <= last:
                reading.tell("out-of-range", one.at, "each `after` counts from the last word, so it has to be longer")
            last = rung.get("after", last)
        return rungs

    def schema(self) -> dict[str, Any]:
        return Many(RUNG, min=1, single=True).schema()


SILENT = SilenceShape()


def watch(step: Step, state: State, rungs: Rungs | None, data: dict[str, Any]) -> None:
    """Set the timer that notices that the user says nothing; after a rung, that of the next one."""
    if not rungs:
        return
    if state.event.kind != "timer":
        data.pop("rung", None)
    number = int(data.get("rung", 0))
    if number == 0:
        data["quiet"] = state.now
    if number < len(rungs):
        due = int(data.get("quiet", state.now)) + int(rungs[number]["after"])
        data["silent"] = state.timer("silent", max(due, state.now), step=step.name)


def break_in(step: Step, state: State, rungs: Rungs | None) -> None:
    """The user has said nothing for the time of a rung."""
    data = state.level.data
    data.pop("silent", None)
    number = int(data.get("rung", 0))
    if not rungs or number >= len(rungs):
        return
    rung = rungs[number]
    data["rung"] = number + 1
    if "say" in rung:
        state.out(Output(kind="text", text=rung["say"].text(state), at=step.at))
    if "then" in rung:
        state.settle(rung["then"])
    elif "do" in rung:
        state.aside(rung["do"], again=False)
    else:
        watch(step, state, rungs, data)
