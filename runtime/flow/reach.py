"""What can be reached from where: the steps of all flows as one graph, by keys (`flow.path`).

A flow is linked by itself first; where its jumps out of it lead is filled in when the other flows are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from runtime.flow.steps.handover import Handover
from runtime.flow.steps.sending import Inject
from runtime.flow.tree import Block, Flow, Step, Target
from runtime.flow.triggers import Trigger

Hop = str | Target
"""The key of a step of the same flow, or a jump that leaves the flow."""


def key(step: Step) -> str:
    return f"{step.flow}.{step.path}"


def flow_of(key: str) -> str:
    """The flow that a step belongs to; names of flows hold no dots."""
    return key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Alone:
    """A flow with the ends of its jumps to other flows still open; `far` are those ends, each once."""

    steps: Mapping[str, Step]
    hops: Mapping[str, tuple[Hop, ...]]
    entrances: tuple[Hop, ...]
    begun: tuple[tuple[Hop, ...], ...]
    injected: tuple[Hop, ...]
    far: tuple[Target, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """A flow as a part of the graph: what may come after each of its steps, and what leads into flows from outside.

    `begun` is where each trigger leads, those of `start` first; `injected` is what begins in other conversations. The
    keys of other flows say only that a step is there, not what it is.
    """

    flow: Flow
    steps: Mapping[str, Step]
    after: Mapping[str, tuple[str, ...]]
    entrances: tuple[str, ...]
    begun: tuple[tuple[str, ...], ...]
    injected: tuple[str, ...]


def alone(flow: Flow) -> Alone:
    steps = {key(step): step for step in flow.nodes.values()}
    hops = {name: tuple(_hops(step, flow)) for name, step in steps.items()}
    sent = tuple(step.goto for step in steps.values() if isinstance(step, Inject) and step.goto is not None)
    helps = (step.copilot for step in steps.values() if isinstance(step, Handover) and step.copilot is not None)
    starts = (*_entrances(flow), *sent, *helps)
    begun = tuple(tuple(_begun(trigger, flow)) for trigger in (*flow.start, *flow.anytime.triggers))
    all_hops = (hop for after in (*hops.values(), *begun, starts) for hop in after)
    far = dict.fromkeys(hop for hop in all_hops if isinstance(hop, Target))
    return Alone(steps, hops, starts, begun, sent, tuple(far))


def linked(flow: Flow, one: Alone, ends: Iterable[str | None]) -> Linked:
    """The flow with the keys that its jumps to other flows lead to, in the order of `far`."""
    leads = dict(zip(one.far, ends, strict=True))
    if not leads:
        return Linked(flow, one.steps, one.hops, one.entrances, one.begun, ())  # type: ignore[arg-type]  # all are keys

    def keys(hops: tuple[Hop, ...]) -> tuple[str, ...]:
        ended = (leads[hop] if isinstance(hop, Target) else hop for hop in hops)
        return tuple(end for end in ended if end is not None)

    after = {name: keys(hops) for name, hops in one.hops.items()}
    begun = tuple(keys(hops) for hops in one.begun)
    return Linked(flow, one.steps, after, keys(one.entrances), begun, keys(one.injected))


def _hops(step: Step, flow: Flow) -> Iterator[Hop]:
    after = flow.next.get(step.path)
    for block in step.blocks():
        if block.steps:
            yield key(block.steps[0])
        elif after is not None and not block.aside:
            yield key(after)
    for target in step.targets():
        yield _near(target, flow)
    if step.falls and after is not None:
        yield key(after)


def _near(target: Target, flow: Flow) -> Hop:
    found = None if target.kind == "run" else flow.find(target.name)
    return target if found is None else key(found)


def landing(target: Target, flows: Mapping[str, Flow]) -> str | None:
    """The key of the step that a jump out of a flow leads to, if there is one."""
    other, _, inner = target.name.partition(".")
    into = flows.get(other)
    found = None if into is None else into.find(inner) if inner else into.first
    return None if found is None else key(found)


def leaves(step: Step, flow: Flow) -> bool:
    """Whether the flow may be done after this step."""
    last = step.path not in flow.next
    inner = any(not block.steps and not block.aside for block in step.blocks())
    return last and (step.falls or inner)


def _entrances(flow: Flow) -> Iterator[Hop]:
    """Steps that something outside the steps leads to."""
    blocks: list[Block | None] = [flow.steps, flow.fallback, flow.trouble]
    for trigger in (*flow.start, *flow.anytime.triggers):
        blocks.append(trigger.do)
        if trigger.goto is not None:
            yield _near(trigger.goto, flow)
    yield from (key(block.steps[0]) for block in blocks if block is not None and block.steps)


def _begun(trigger: Trigger, flow: Flow) -> Iterator[Hop]:
    """Where a trigger leads; without `do` and `goto`, to the flow's first step."""
    if trigger.goto is not None:
        yield _near(trigger.goto, flow)
    elif trigger.do is not None:
        yield from (key(step) for step in trigger.do.steps[:1])
    elif flow.first is not None:
        yield key(flow.first)


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """The keys of a flow's own steps that are reached, and of steps of other flows that they lead to."""

    seen: frozenset[str]
    out: frozenset[str]


def within(one: Linked, coming: Iterable[str] = ()) -> Within:
    """What is reached in a flow from its entrances and the steps that other flows lead to."""
    todo = [*one.entrances, *coming]
    seen: set[str] = set()
    out: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in one.after:
            out.add(name)
        elif name not in seen:
            seen.add(name)
            todo += one.after[name]
    return Within(frozenset(seen), frozenset(out))


def rings(starts: Iterable[str], step: Callable[[str], Step], after: Callable[[str], Iterable[str]]) -> list[list[str]]:
    """Groups of steps, reached from the starts, that lead round in a circle without ever waiting."""
    inner: dict[str, list[str]] = {}
    todo = [name for name in starts if not step(name).waits]
    while todo:
        name = todo.pop()
        if name not in inner:
            inner[name] = [one for one in after(name) if not step(one).waits]
            todo += reversed(inner[name])
    return [group for group in _components(inner) if len(group) > 1 or group[0] in inner[group[0]]]


def _components(edges: Mapping[str, list[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        while work:
            node, rest = work[-1]
            after = next(rest, None)
            if after is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_popped(stack, held, node))
            elif after not in index:
                index[after] = low[after] = len(index)
                stack.append(after)
                held.add(after)
                work.append((after, iter(edges.get(after, ()))))
            elif after in held:
                low[node] = min(low[node], index[after])
    return found


def _popped(stack: list[str], held: set[str], node: str) -> list[str]:
    group: list[str] = []
    while not group or group[-1] != node:
        group.append(stack.pop())
        held.discard(group[-1])
    return group[::-1]
