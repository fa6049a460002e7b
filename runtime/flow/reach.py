"""What can be reached from where: the steps of all flows as one graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from runtime.flow.tree import Block, Flow, Step

Graph = dict[str, list[Step]]
"""Name of a step (`flow.path`) → steps that may come next."""


def key(step: Step) -> str:
    return f"{step.flow}.{step.path}"


def graph(flows: Mapping[str, Flow]) -> Graph:
    return {key(step): list(_next(step, flow, flows)) for flow in flows.values() for step in flow.nodes.values()}


def _next(step: Step, flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Step]:
    after = flow.next.get(step.path)
    for block in step.blocks():
        if block.steps:
            yield block.steps[0]
        elif after is not None and not block.aside:
            yield after
    for target in step.targets():
        yield from landing(target.name, flow, flows, run=target.kind == "run")
    if step.falls and after is not None:
        yield after


def leaves(step: Step, flow: Flow) -> bool:
    """Whether the flow may be done after this step."""
    last = step.path not in flow.next
    inner = any(not block.steps and not block.aside for block in step.blocks())
    return last and (step.falls or inner)


def landing(name: str, flow: Flow, flows: Mapping[str, Flow], *, run: bool = False) -> Iterator[Step]:
    """The step a jump leads to, if there is one."""
    found = None if run else flow.find(name)
    if found is None:
        other, _, inner = name.partition(".")
        into = flows.get(other)
        found = None if into is None else into.find(inner) if inner else into.first
    if found is not None:
        yield found


def entrances(flows: Mapping[str, Flow]) -> Iterator[Step]:
    """Steps that something outside the steps leads to."""
    for flow in flows.values():
        blocks: list[Block | None] = [flow.steps, flow.fallback, flow.trouble]
        for trigger in (*flow.start, *flow.anytime.triggers):
            blocks.append(trigger.do)
            if trigger.goto is not None:
                yield from landing(trigger.goto.name, flow, flows)
        yield from (block.steps[0] for block in blocks if block is not None and block.steps)


def reached(made: Graph, starts: Iterable[Step]) -> set[str]:
    todo = [key(step) for step in starts]
    seen: set[str] = set()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += [key(step) for step in made.get(one, ())]
    return seen


def rings(made: Graph, nodes: Mapping[str, Step]) -> list[list[Step]]:
    """Groups of steps that lead round in a circle without ever waiting."""
    inner = {
        name: [key(step) for step in after if not step.waits] for name, after in made.items() if not nodes[name].waits
    }
    groups = _components(inner)
    return [[nodes[name] for name in group] for group in groups if len(group) > 1 or group[0] in inner[group[0]]]


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
