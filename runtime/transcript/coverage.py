"""Which steps of which flows the tests have gone through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.flow.tree import Flow, Flows, Step


@dataclass(frozen=True, slots=True)
class FlowCoverage:
    """One flow: the steps that were done and those that were not, in the order of the file."""

    name: str
    file: str
    done: tuple[Step, ...]
    left: tuple[Step, ...]

    @property
    def percent(self) -> float:
        whole = len(self.done) + len(self.left)
        return 100.0 if not whole else 100 * len(self.done) / whole


def visited(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """`flow.path` of every step that was done; one that `if` passed over was not."""
    return {str(row["step"]) for row in rows if "step" in row and not row.get("skipped")}


def cover(flows: Flows, done: set[str]) -> list[FlowCoverage]:
    """By flow, in the order of their files."""
    return [_flow(flow, done) for flow in sorted(flows.flows.values(), key=lambda flow: flow.file)]


def _flow(flow: Flow, done: set[str]) -> FlowCoverage:
    steps = sorted(flow.nodes.values(), key=lambda step: (step.at.line, step.at.column))
    reached = tuple(step for step in steps if f"{flow.name}.{step.path}" in done)
    return FlowCoverage(flow.name, flow.file, reached, tuple(step for step in steps if step not in reached))


def percent(flows: Iterable[FlowCoverage]) -> float:
    """Of all steps together."""
    every = list(flows)
    done, whole = sum(len(one.done) for one in every), sum(len(one.done) + len(one.left) for one in every)
    return 100.0 if not whole else 100 * done / whole


def plain(flows: Iterable[FlowCoverage]) -> dict[str, Any]:
    """For JSON: by flow, the share and each step with its place."""
    every = list(flows)
    return {
        "percent": round(percent(every), 1),
        "flows": {
            one.name: {
                "file": one.file,
                "percent": round(one.percent, 1),
                "done": [step.path for step in one.done],
                "left": [{"step": step.path, "verb": step.VERB, "at": str(step.at)} for step in one.left],
            }
            for one in every
        },
    }
