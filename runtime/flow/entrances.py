"""Where a person may have a conversation go on when they give it back: every flow, and every named section of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runtime.flow.tree import Flow, Flows


@dataclass(frozen=True, slots=True)
class Entrance:
    """`target` is what the act `resolve` takes as `inject`; `title` is the flow's, `label` that of the first step."""

    target: str
    title: str
    label: str = ""


def entrances(flows: Flows) -> tuple[Entrance, ...]:
    """In the order of the files, each flow before its sections."""
    ordered = sorted(flows.flows.values(), key=lambda flow: (flow.order, flow.name))
    return tuple(one for flow in ordered for one in _of(flow))


def _of(flow: Flow) -> Iterator[Entrance]:
    title = flow.title or flow.name
    if flow.first is not None:
        yield Entrance(flow.name, title, flow.first.label)
    for name, block in flow.sections.items():
        if block.steps:
            yield Entrance(f"{flow.name}.{name}", title, block.steps[0].label or name)
