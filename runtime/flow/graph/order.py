"""Layers and the order within them: which edges lead back, how deep each node lies, who stands beside whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Pair = tuple[str, str]
SWEEPS = 24


@dataclass(slots=True)
class Layered:
    """Nodes and bends by layer. `chains` are the ways of edges through bends; `links` join neighbouring layers."""

    layers: list[list[str]]
    rank: dict[str, int]
    links: dict[Pair, float] = field(default_factory=dict)
    chains: dict[Pair, list[str]] = field(default_factory=dict)
    bends: set[str] = field(default_factory=set)


def returning(names: Sequence[str], edges: Sequence[Pair]) -> set[Pair]:
    """Edges that lead back to where one has come from, beginning with the first nodes."""
    after: dict[str, list[str]] = {name: [] for name in names}
    entered: set[str] = set()
    for source, target in edges:
        after[source].append(target)
        entered.add(target)
    back: set[Pair] = set()
    done: set[str] = set()
    roots = [name for name in names if name not in entered]
    for root in (*roots, *names):
        if root in done:
            continue
        stack = [(root, iter(after[root]))]
        path = {root}
        while stack:
            node, rest = stack[-1]
            found = next(rest, None)
            if found is None:
                stack.pop()
                path.discard(node)
                done.add(node)
            elif found in path:
                back.add((node, found))
            elif found not in done:
                path.add(found)
                stack.append((found, iter(after[found])))
    return back


def rank(names: Sequence[str], edges: Sequence[Pair]) -> dict[str, int]:
    """The longest way from above; what nothing leads to stands right above what it leads to."""
    before: dict[str, list[str]] = {name: [] for name in names}
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    made: dict[str, int] = {}
    for name in _sorted(names, before, after):
        made[name] = max((made[one] + 1 for one in before[name]), default=0)
    for name in names:
        if not before[name] and after[name]:
            made[name] = min(made[one] for one in after[name]) - 1
    lowest = min(made.values(), default=0)
    return {name: depth - lowest for name, depth in made.items()}


def _sorted(names: Sequence[str], before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """Nodes so that edges lead from earlier to later ones."""
    open_ = {name: len(before[name]) for name in names}
    ready = [name for name in names if not open_[name]]
    made: list[str] = []
    while ready:
        name = ready.pop(0)
        made.append(name)
        for one in after[name]:
            open_[one] -= 1
            if not open_[one]:
                ready.append(one)
    return made


def arrange(names: Sequence[str], ranks: Mapping[str, int], edges: Sequence[tuple[str, str, float, str]]) -> Layered:
    """Bends for long edges, then an order in each layer with few crossings. Edges of a bundle share their bends."""
    made = Layered([[] for _ in range(max(ranks.values(), default=0) + 1)], dict(ranks))
    for source, target, weight, bundle in edges:
        levels = range(ranks[source] + 1, ranks[target])
        chain = [source, *(_bend(made, target, bundle or source, level) for level in levels), target]
        made.chains[source, target] = chain
        for a, b in pairwise(chain):
            firm = 6.0 if a in made.bends and b in made.bends else weight
            made.links[a, b] = max(made.links.get((a, b), 0.0), firm)
    _first_order(names, made)
    _sweep(made)
    return made


def _bend(made: Layered, target: str, bundle: str, level: int) -> str:
    name = f"\0{target}\0{bundle}\0{level}"
    made.bends.add(name)
    made.rank[name] = level
    return name


def _first_order(names: Sequence[str], made: Layered) -> None:
    """As a walk from the first nodes meets them."""
    after: dict[str, list[str]] = {}
    for source, target in made.links:
        after.setdefault(source, []).append(target)
    seen: set[str] = set()
    for root in sorted(names, key=lambda name: made.rank[name]):
        todo = [root]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            made.layers[made.rank[name]].append(name)
            todo += reversed(after.get(name, []))


def _sweep(made: Layered) -> None:
    """Order by the middle of the neighbours, down and up, and keep the best."""
    up: dict[str, list[str]] = {}
    down: dict[str, list[str]] = {}
    for source, target in made.links:
        down.setdefault(source, []).append(target)
        up.setdefault(target, []).append(source)
    best, least = [list(layer) for layer in made.layers], _crossings(made.layers, down)
    for turn in range(SWEEPS):
        order = range(len(made.layers)) if turn % 2 == 0 else range(len(made.layers) - 1, -1, -1)
        beside = up if turn % 2 == 0 else down
        for level in order:
            _by_middle(made, level, beside)
        for level in range(len(made.layers)):
            _swap(made, level, up, down)
        count = _crossings(made.layers, down)
        if count < least:
            best, least = [list(layer) for layer in made.layers], count
    made.layers[:] = best


def _by_middle(made: Layered, level: int, beside: Mapping[str, list[str]]) -> None:
    spots = {name: index for layer in made.layers for index, name in enumerate(layer)}
    layer = made.layers[level]
    middle = {
        name: sum(spots[one] for one in beside[name]) / len(beside[name]) if beside.get(name) else float(spots[name])
        for name in layer
    }
    layer.sort(key=lambda name: (middle[name], spots[name]))


def _swap(made: Layered, level: int, up: Mapping[str, list[str]], down: Mapping[str, list[str]]) -> None:
    """Exchange neighbours while that takes crossings away."""
    layer = made.layers[level]
    spots = {name: index for one in made.layers for index, name in enumerate(one)}
    better = True
    while better:
        better = False
        for index in range(len(layer) - 1):
            a, b = layer[index], layer[index + 1]
            now = _between(a, b, up, spots) + _between(a, b, down, spots)
            then = _between(b, a, up, spots) + _between(b, a, down, spots)
            if then < now:
                layer[index], layer[index + 1] = b, a
                better = True


def _between(a: str, b: str, beside: Mapping[str, list[str]], spots: Mapping[str, int]) -> int:
    """Crossings of the lines of two neighbours, `a` at the left."""
    return sum(spots[one] > spots[other] for one in beside.get(a, ()) for other in beside.get(b, ()))


def _crossings(layers: Sequence[Sequence[str]], down: Mapping[str, list[str]]) -> int:
    spots = {name: index for layer in layers for index, name in enumerate(layer)}
    count = 0
    for layer in layers:
        ends = [(index, spots[one]) for index, name in enumerate(layer) for one in down.get(name, ())]
        count += sum(a < c and b > d for n, (a, b) in enumerate(ends) for c, d in ends[n + 1 :])
    return count
