"""What the judges of `check` share: the flows as one graph, places of single keys, findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar, cast

from runtime.flow import reach
from runtime.flow.expr import ExprError, Expression
from runtime.flow.kept import Shelf
from runtime.flow.live import Fixed
from runtime.flow.loader import Found
from runtime.flow.nodes import Node, maps
from runtime.flow.reach import Linked, Within
from runtime.flow.tree import Flow, Step
from runtime.model import Finding, Place

T = TypeVar("T")
Severity = Literal["error", "warning", "hint"]


def finding(
    code: str, at: Place, message: str, *, severity: Severity = "warning", fix: str = "", why: str = "", path: str = ""
) -> Finding:
    return Finding(code=code, severity=severity, at=at, message=message, fix=fix, why=why, path=path)


class Web:
    """All flows as one graph of steps, by the keys of `reach.key`.

    What is worked out of a flow is kept with it, so that after an edit only that is judged again which looked at
    what was edited.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self._linked: dict[str, Linked | None] = {}

    @property
    def flows(self) -> Mapping[str, Flow]:
        return self.found.compiled

    def shelf(self, name: str) -> Shelf:
        return self.found.shelves[name]

    def linked(self, name: str) -> Linked | None:
        """A flow as a part of the graph: the very same object as long as it and what it leads to are the same."""
        if name not in self._linked:
            self._linked[name] = self._link(name) if name in self.flows else None
        return self._linked[name]

    def _link(self, name: str) -> Linked:
        flow, shelf = self.flows[name], self.shelf(name)
        one = shelf.get("alone", lambda: reach.alone(flow))
        ends = tuple([reach.landing(target, self.flows) for target in one.far])
        return shelf.get("linked", lambda: reach.linked(flow, one, ends), equal=ends)

    def judged(self, name: str, what: str, judge: Callable[[View], T]) -> T:
        """What a judge says of a flow; kept until one of the flows that he looked into is another."""
        shelf = self.shelf(name)
        known = shelf.find(what)
        if known is not None and all(self.linked(one) is seen for one, seen in known[0].items()):
            return cast(T, known[1])
        view = View(self, name)
        made = judge(view)
        shelf.put(what, (view.seen, made))
        return made

    def reached(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Of each flow the keys of its steps that something leads to."""
        made = {name: self._within(name) for name in self.flows}
        coming: dict[str, set[str]] = {}
        todo = list(made)
        while todo:
            for key in made[todo.pop()].out:
                into = reach.flow_of(key)
                if key not in made[into].seen:
                    coming.setdefault(into, set()).add(key)
                    made[into] = self._within(into, frozenset(coming[into]))
                    todo.append(into)
        return ((name, one.seen) for name, one in made.items())

    def _within(self, name: str, coming: frozenset[str] = frozenset()) -> Within:
        one = self.linked(name)
        assert one is not None
        what = "within, from outside" if coming else "within"
        return self.shelf(name).get(what, lambda: reach.within(one, coming), same=(one,), equal=coming)


def web_of(found: Found) -> Web:
    """The graph of what was read, made once for all who judge it."""
    if found.web is None:
        found.web = Web(found)
    return cast(Web, found.web)


class View:
    """The graph as one judge of one flow looks at it; `seen` are the flows that were looked into."""

    def __init__(self, web: Web, name: str) -> None:
        own = web.linked(name)
        assert own is not None
        self._web, self.own = web, own
        self.seen: dict[str, Linked | None] = {name: own}

    @property
    def flow(self) -> Flow:
        return self.own.flow

    def other(self, name: str) -> Flow | None:
        """Another flow, if there is one of that name."""
        found = self._look(name)
        return None if found is None else found.flow

    def step(self, key: str) -> Step:
        return self._at(key).steps[key]

    def after(self, key: str) -> tuple[str, ...]:
        """The keys of what may come next."""
        return self._at(key).after[key]

    def ahead(self, key: str) -> tuple[str, ...]:
        """The keys of what may come next in the same turn."""
        found = self._at(key)
        return () if found.steps[key].waits else found.after[key]

    def _at(self, key: str) -> Linked:
        if key in self.own.steps:
            return self.own
        found = self._look(reach.flow_of(key))
        assert found is not None
        return found

    def _look(self, name: str) -> Linked | None:
        if name not in self.seen:
            self.seen[name] = self._web.linked(name)
        return self.seen[name]

    def place(self, step: Step, *keys: str) -> Place:
        """Where a key of a step of this flow stands (`"http", "connection"`); the step's own place without it."""
        node, at = self._nodes.get((step.at.line, step.at.column)), step.at
        for key in keys:
            if node is None or key not in node.map:
                return at
            at, node = node.key_at(key), node.map[key]
        return at

    @cached_property
    def _nodes(self) -> dict[tuple[int, int], Node]:
        root = self._web.found.nodes[self.flow.name]
        return {(one.line, one.column): one for one in maps(root)}


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
