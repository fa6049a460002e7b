"""A flow as a graph of what a designer thinks in: triggers, what is said, questions, branches, exits.

`graph_of` is a pure function of compiled flows. Jumps become edges, hints become notes of their question, so the
picture has no nodes that only a computer needs. Whoever draws it (SVG, Mermaid, DOT, a page) starts from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from runtime.flow.graph.nodes import Node, blocks_of, does, leaving, node_of, visible
from runtime.flow.graph.words import Words, span
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.control import Case, Every, Goto, Once, Switch, When
from runtime.flow.steps.rate import Rate
from runtime.flow.steps.timing import Wait
from runtime.flow.tree import Block, Flow, Flows, Step, Target
from runtime.flow.triggers import Trigger

EdgeKind = Literal["next", "branch", "error", "silent", "give_up", "jump"]


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    kind: EdgeKind = "next"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """One flow. Nodes stand in the order of the file, triggers first."""

    name: str
    title: str
    file: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a step: into a block, or to whatever follows (`block` None)."""

    kind: EdgeKind
    label: str
    block: Block | None


@dataclass(slots=True)
class Drawing:
    """A graph while it is made."""

    flow: Flow
    flows: Flows
    words: Words
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    asides: frozenset[str] = frozenset()
    """Paths of the last steps of asides: what follows them is the question that waits."""

    def add(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def link(self, source: str, target: str, kind: EdgeKind = "next", label: str = "") -> None:
        self.edges[Edge(source, target, kind, label)] = None


def graph_of(flows: Flows, name: str, *, language: str = "") -> Graph:
    """The picture of one flow with its texts in `language` (the first of the endpoint when empty)."""
    flow = flows.flows[name]
    drawing = Drawing(flow, flows, Words(flows.texts, language or flows.languages[0], name))
    drawing.asides = frozenset(_asides(flow))
    _begin(drawing)
    for step in _ordered(flow):
        if visible(step):
            drawing.add(node_of(step, drawing.words))
            _ways_on(step, drawing)
    _pruned(drawing)
    return _merged(Graph(name, flow.title, flow.file, tuple(drawing.nodes.values()), tuple(drawing.edges)))


def _ordered(flow: Flow) -> list[Step]:
    return sorted(flow.nodes.values(), key=lambda step: (step.at.line, step.at.column))


def _pruned(drawing: Drawing) -> None:
    """Take away what a question only says in between: its card tells that, and no line leads there."""
    inside = tuple(f"{step.path}." for step in drawing.flow.nodes.values() if isinstance(step, Ask))
    while True:
        entered = {edge.target for edge in drawing.edges}
        lost = [
            node.id
            for node in drawing.nodes.values()
            if node.id not in entered and (node.id.startswith(inside) or node.kind in ("exit", "jump"))
        ]
        if not lost:
            return
        for name in lost:
            del drawing.nodes[name]
        drawing.edges = {edge: None for edge in drawing.edges if edge.source not in lost}


def _asides(flow: Flow) -> Iterator[str]:
    blocks = [block for step in flow.nodes.values() for block in step.blocks() if block.aside]
    blocks += [one.do for one in flow.anytime.triggers if one.do is not None]
    blocks += [flow.fallback] if flow.fallback is not None else []
    yield from (block.steps[-1].path for block in blocks if block.steps)


# where a flow begins


def _begin(drawing: Drawing) -> None:
    flow = drawing.flow
    plain = [one for one in flow.start if one.do is None and one.goto is None]
    at = plain[0].at if plain else flow.at
    lines = tuple(drawing.words.trigger(one) for one in plain)
    if flow.first is not None and (plain or not flow.start) and not _only_exit(flow, plain):
        notes = () if plain else ("run or jumped to by other flows",)
        start = drawing.add(Node("start", "start", "start", at, lines, notes=notes))
        _enter(drawing, start, flow.steps, "next", "")
    for trigger in (*flow.start, *flow.anytime.triggers):
        if trigger not in plain:
            _trigger(trigger, drawing)
    for word, block in (("nothing understood", flow.fallback), ("trouble", flow.trouble)):
        if block is not None and block.steps:
            begin = drawing.add(Node(word.split()[0], "anytime", word, block.at))
            _enter(drawing, begin, block, "next", "")


def _only_exit(flow: Flow, plain: list[Trigger]) -> bool:
    """A flow that consists of triggers alone, with an `end` because a flow has steps."""
    return not plain and bool(flow.start) and flow.first is not None and not visible(flow.first)


def _trigger(trigger: Trigger, drawing: Drawing) -> None:
    start = trigger in drawing.flow.start
    line = drawing.words.trigger(trigger)
    made = Node(trigger.path, "start" if start else "anytime", "start" if start else "anytime", trigger.at, (line,))
    drawing.add(made)
    if trigger.do is not None:
        _enter(drawing, made.id, trigger.do, "next", "")
    elif trigger.goto is not None:
        _jump(drawing, made.id, trigger.goto, "jump", "")


# what leads where


def _ways_on(step: Step, drawing: Drawing) -> None:
    for way in _ways(step, drawing.words):
        if way.block is not None:
            _enter(drawing, step.path, way.block, way.kind, way.label, step)
        else:
            _follow(drawing, step.path, step, way.kind, way.label)


def _enter(drawing: Drawing, source: str, block: Block, kind: EdgeKind, label: str, owner: Step | None = None) -> None:
    if block.steps:
        _reach(drawing, source, block.steps[0], kind, label)
    elif owner is not None and not block.aside:
        _follow(drawing, source, owner, kind, label)


def _follow(drawing: Drawing, source: str, step: Step, kind: EdgeKind, label: str) -> None:
    """To what follows a step; to an exit when nothing does."""
    after = drawing.flow.next.get(step.path)
    if after is not None:
        _reach(drawing, source, after, kind, label)
        return
    aside = any(step.path == path or step.path.startswith(f"{path}.") for path in drawing.asides)
    word = "back to the question" if aside else "done"
    name = f"{source} back" if aside else "done"
    drawing.link(source, drawing.add(Node(name, "exit", word, step.at)), kind, label)


def _reach(drawing: Drawing, source: str, step: Step, kind: EdgeKind, label: str, seen: int = 0) -> None:
    """An edge to a step; through jumps, to where they lead."""
    if visible(step):
        drawing.link(source, step.path, kind, label)
    elif isinstance(step, Goto) and seen < 20:
        _jump(drawing, source, step.value, "jump" if kind == "next" else kind, label, step, seen)
    else:
        name = f"{source} {step.path}"
        key = (f"{step.flow}.{step.path}",)
        drawing.link(source, drawing.add(Node(name, "exit", step.VERB, step.at, steps=key)), kind, label)


def _jump(
    drawing: Drawing, source: str, target: Target, kind: EdgeKind, label: str, step: Step | None = None, seen: int = 0
) -> None:
    found = drawing.flow.find(target.name)
    if found is not None:
        _reach(drawing, source, found, kind, label, seen + 1)
        return
    keys = (f"{step.flow}.{step.path}",) if step is not None else ()
    made = Node(
        f"{source} {target.name}", "jump", target.name, target.at, steps=keys, leads=target.name.partition(".")[0]
    )
    drawing.link(source, drawing.add(made), kind, label)


def _ways(step: Step, words: Words) -> Iterator[Way]:
    yield from WAYS.get(type(step), _plain_ways)(step, words)
    if step.if_ is not None and leaving(step):
        yield Way("branch", "no", None)
    if step.error is not None:
        yield Way("error", "error", step.error)


def _plain_ways(step: Step, words: Words) -> Iterator[Way]:
    if leaving(step):
        yield Way("branch", "yes", Block(step.path, step.at, (replace(step, if_=None),)))
        return
    for name, block in blocks_of(step):
        yield Way("branch", name, block)
    if step.falls:
        yield Way("next", "", None)


def _either(yes: Block | None, no: Block | None, words: tuple[str, str]) -> Iterator[Way]:
    for block, word in zip((yes, no), words, strict=True):
        yield Way("branch", word, block)


def _when(step: Any, words: Words) -> Iterator[Way]:
    return _either(step.do, step.else_, ("yes", "no"))


def _once(step: Any, words: Words) -> Iterator[Way]:
    return _either(step.value, step.else_, ("first time", "again"))


def _every(step: Any, words: Words) -> Iterator[Way]:
    return _either(step.do, step.else_, (f"every {step.value}.", "else"))


def _switch(step: Any, words: Words) -> Iterator[Way]:
    for case in step.cases:
        yield Way("branch", _case(case, words), case.do)
    yield Way("branch", "else", step.default)


def _case(case: Case, words: Words) -> str:
    if case.of:
        return ", ".join(str(one) for one in case.of)
    if case.when is not None:
        return words.of(case.when)
    ends = (words.of(one).removesuffix(".0") if one else "" for one in (case.low, case.high))
    return "–".join(ends)


def _ask(step: Ask, words: Words) -> Iterator[Way]:
    yield Way("next", "", None)
    if step.give_up is not None:
        tries = len(step.else_) + 1
        yield Way("give_up", f"{tries} wrong answer{'s' * (tries > 1)}", step.give_up)
    for rung in step.escalate:
        if does(rung.block):
            yield Way("give_up", f"wrong answer {rung.wrong}", rung.block)
    for block in step.else_:
        if does(block):
            yield Way("give_up", "wrong answer", block)
    for check in step.when or ():
        if check.otherwise is not None and does(check.otherwise):
            yield Way("give_up", f"not {words.of(check.when)}", check.otherwise)
    yield from _silence(step)
    for name, block in blocks_of(step):
        if name in ("edited", "unsent"):
            yield Way("branch", name, block)


def _silence(step: Ask | Wait) -> Iterator[Way]:
    for rung in step.silent or ():
        for key in ("do", "then"):
            if key in rung and does(rung[key]):
                yield Way("silent", f"silent for {span(rung['after'])}", rung[key])


def _wait(step: Any, words: Words) -> Iterator[Way]:
    yield Way("next", "", None)
    yield from _silence(step)


WAYS: Mapping[type[Step], Callable[[Any, Words], Iterator[Way]]] = {
    When: _when,
    Switch: _switch,
    Once: _once,
    Every: _every,
    Ask: _ask,
    Rate: _ask,
    Wait: _wait,
}


# several things said in a row are one node


def _merged(made: Graph) -> Graph:
    """Nodes of a kind that only lead to each other become one."""
    nodes = {node.id: node for node in made.nodes}
    edges = list(made.edges)
    for node in made.nodes:
        while (edge := _only(node.id, edges, nodes)) is not None:
            below = nodes.pop(edge.target)
            here = nodes[node.id]
            nodes[node.id] = _both(here, below)
            edges.remove(edge)
            edges = [replace(one, source=node.id) if one.source == below.id else one for one in edges]
    return replace(made, nodes=tuple(nodes.values()), edges=tuple(dict.fromkeys(edges)))


def _only(name: str, edges: list[Edge], nodes: Mapping[str, Node]) -> Edge | None:
    """The edge to a node that can be taken in: nothing else leads there, nothing else leads from here."""
    if name not in nodes or nodes[name].kind not in ("say", "data") or nodes[name].chips:
        return None
    ways = [edge for edge in edges if edge.source == name]
    if len(ways) != 1 or ways[0].kind != "next" or ways[0].target == name:
        return None
    target = ways[0].target
    into = [edge for edge in edges if edge.target == target]
    fits = nodes[target].kind == nodes[name].kind and len(nodes[name].steps) < 4
    return ways[0] if fits and len(into) == 1 else None


def _both(one: Node, other: Node) -> Node:
    title = one.title if one.title == other.title or other.title in one.title else f"{one.title}, {other.title}"
    return replace(
        one,
        title=title,
        lines=one.lines + other.lines,
        chips=one.chips + other.chips,
        notes=one.notes + other.notes,
        steps=one.steps + other.steps,
    )
