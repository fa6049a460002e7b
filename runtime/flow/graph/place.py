"""How far to the right each node of a layered graph stands: near its neighbours, never on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runtime.flow.graph.order import Layered

SPACE = 26.0
BEND = 10.0
ROUNDS = 36
FIRM = 30.0
"""Weight from which an edge is to be a straight line."""


def places(made: Layered, widths: Mapping[str, float]) -> dict[str, float]:
    """The middle of each node and bend."""
    size = {name: widths.get(name, BEND) for layer in made.layers for name in layer}
    xs: dict[str, float] = {}
    for layer in made.layers:
        at = 0.0
        for name in layer:
            xs[name] = at + size[name] / 2
            at += size[name] + SPACE
    up, down = _beside(made)
    for turn in range(ROUNDS):
        last = turn >= ROUNDS - 8
        levels = range(len(made.layers)) if turn % 2 == 0 else range(len(made.layers) - 1, -1, -1)
        for level in levels:
            near = [up, down] if last else [up if turn % 2 == 0 else down]
            _settle(made.layers[level], xs, size, near)
    for chain in (*_main(made), *_long(made)):
        _straighten(chain, made, xs, size)
    return xs


def _main(made: Layered) -> list[list[str]]:
    """Ways of nodes that firmly belong under each other."""
    below = {a: b for (a, b), weight in made.links.items() if weight >= FIRM}
    above = {b: a for a, b in below.items()}
    found: list[list[str]] = []
    for name in below:
        if above.get(name) in below and below[above[name]] == name:
            continue
        chain = [name]
        while chain[-1] in below and above[below[chain[-1]]] == chain[-1]:
            chain.append(below[chain[-1]])
        found.append(chain)
    return [chain for chain in found if len(chain) > 1]


def _long(made: Layered) -> list[list[str]]:
    """Ways of several bends, each once: bends that edges share belong to the first of them."""
    seen: set[str] = set()
    found: list[list[str]] = []
    for chain in sorted(made.chains.values(), key=len, reverse=True):
        bends = [name for name in chain[1:-1] if name not in seen]
        seen.update(bends)
        if len(bends) > 1:
            found.append(bends)
    return found


def _straighten(chain: Sequence[str], made: Layered, xs: dict[str, float], size: Mapping[str, float]) -> None:
    """One x for as many nodes in a row as have room there."""
    rooms = [_room(name, made, xs, size) for name in chain]
    start = 0
    while start < len(chain):
        low, high = rooms[start]
        end = start + 1
        while end < len(chain) and max(low, rooms[end][0]) <= min(high, rooms[end][1]):
            low, high = max(low, rooms[end][0]), min(high, rooms[end][1])
            end += 1
        wish = sum(xs[name] for name in chain[start:end]) / (end - start)
        for name in chain[start:end]:
            xs[name] = min(max(wish, low), high)
        start = end


def _room(name: str, made: Layered, xs: Mapping[str, float], size: Mapping[str, float]) -> tuple[float, float]:
    """How far a node or bend may go to either side."""
    layer = made.layers[made.rank[name]]
    at = layer.index(name)
    half = size[name] / 2
    space = BEND if half <= BEND else SPACE
    low = xs[layer[at - 1]] + size[layer[at - 1]] / 2 + half + space if at else xs[name] - 400
    high = xs[layer[at + 1]] - size[layer[at + 1]] / 2 - half - space if at + 1 < len(layer) else xs[name] + 400
    return min(low, xs[name]), max(high, xs[name])


Beside = Mapping[str, Sequence[tuple[str, float]]]


def _beside(made: Layered) -> tuple[Beside, Beside]:
    up: dict[str, list[tuple[str, float]]] = {}
    down: dict[str, list[tuple[str, float]]] = {}
    for (source, target), weight in made.links.items():
        down.setdefault(source, []).append((target, weight))
        up.setdefault(target, []).append((source, weight))
    return up, down


def _settle(layer: Sequence[str], xs: dict[str, float], size: Mapping[str, float], near: Sequence[Beside]) -> None:
    """The places of a layer that are nearest to what its nodes wish, in their order and without overlap.

    Least squares under an order: pool adjacent violators.
    """
    blocks: list[list[float]] = []  # [sum of weight × wish, weight, number of nodes]
    offset, offsets = 0.0, []
    for index, name in enumerate(layer):
        if index:
            before = layer[index - 1]
            offset += (size[before] + size[name]) / 2 + (SPACE if size[name] > BEND or size[before] > BEND else 16)
        offsets.append(offset)
        wish, weight = _wish(name, xs, near)
        blocks.append([(wish - offset) * weight, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            top = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], top, strict=True)]
    spots = [total / weight for total, weight, count in blocks for _ in range(int(count))]
    for name, spot, shift in zip(layer, spots, offsets, strict=True):
        xs[name] = spot + shift


def _wish(name: str, xs: Mapping[str, float], near: Sequence[Beside]) -> tuple[float, float]:
    found = [one for beside in near for one in beside.get(name, ())]
    weight = sum(one for _, one in found)
    if not weight:
        return xs[name], 0.05
    return sum(xs[one] * share for one, share in found) / weight, weight
