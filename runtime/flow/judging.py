"""What the judges of `check` share: the flows as one graph, places of single keys, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from runtime.flow import reach
from runtime.flow.expr import ExprError, Expression
from runtime.flow.live import Fixed
from runtime.flow.loader import Found
from runtime.flow.nodes import Node, maps
from runtime.flow.tree import Flow, Step
from runtime.model import Finding, Place

Severity = Literal["error", "warning", "hint"]


def finding(
    code: str, at: Place, message: str, *, severity: Severity = "warning", fix: str = "", why: str = "", path: str = ""
) -> Finding:
    return Finding(code=code, severity=severity, at=at, message=message, fix=fix, why=why, path=path)


@dataclass(frozen=True)
class Web:
    """All flows as one graph of steps, by the names of `reach.key`."""

    found: Found
    _places: dict[str, dict[tuple[int, int], Node]] = field(default_factory=dict)

    @property
    def flows(self) -> Mapping[str, Flow]:
        return self.found.compiled

    @cached_property
    def after(self) -> reach.Graph:
        return reach.graph(self.flows)

    @cached_property
    def steps(self) -> dict[str, Step]:
        return {reach.key(step): step for flow in self.flows.values() for step in flow.nodes.values()}

    @cached_property
    def entrances(self) -> list[Step]:
        return list(reach.entrances(self.flows))

    def node(self, step: Step) -> Node | None:
        """What is written in the file for a step."""
        if step.flow not in self._places:
            self._places[step.flow] = {(one.line, one.column): one for one in maps(self.found.nodes[step.flow])}
        return self._places[step.flow].get((step.at.line, step.at.column))

    def place(self, step: Step, *keys: str) -> Place:
        """Where a key of a step stands (`"http", "connection"`); the step's own place when it is not there."""
        node, at = self.node(step), step.at
        for key in keys:
            if node is None or key not in node.map:
                return at
            at, node = node.key_at(key), node.map[key]
        return at


def constant(part: Any) -> tuple[Any] | None:
    """The value of a part that is the same each time, in a tuple; None when it is not."""
    if isinstance(part, Fixed):
        return (part.value,)
    if not isinstance(part, Expression) or (part.names and not part.static):
        return None
    try:
        return (part.value({}),)
    except ExprError:
        return None
