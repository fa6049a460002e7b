"""Where the nodes of a graph go: layers from top to bottom, few crossings, straight main line.

Sugiyama's method in its plain form. Edges that lead back up run beside the layers in lanes of their own, so they
cross no node; labels are small nodes of their own, so nothing covers them. Nothing here knows what a flow is, and
the same input gives the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runtime.flow.graph.order import Layered, arrange, rank, returning
from runtime.flow.graph.place import places

GAP = 26.0
TRACK = 9.0
LANE = 13.0
APART = 56.0
"""Between parts of a picture that nothing connects."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something that takes room. `x`, `y` are its upper left corner."""

    id: str
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """An edge to be drawn. `weight` says how much it wants to be straight; `bundle` which ones may share a way."""

    source: str
    target: str
    weight: float = 1.0
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """`points` from source to target; `back` is drawn with corners, others as curves through pairs of points."""

    line: Line
    points: tuple[tuple[float, float], ...]
    back: bool = False


@dataclass(slots=True)
class Layout:
    boxes: dict[str, Box] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def layout(boxes: Sequence[Box], lines: Sequence[Line]) -> Layout:
    """Everything placed: each connected part by itself, then side by side, the largest first."""
    parts = [_part(group, lines) for group in _parts(boxes, lines)]
    return _packed(parts)


def _parts(boxes: Sequence[Box], lines: Sequence[Line]) -> list[list[Box]]:
    beside: dict[str, list[str]] = {box.id: [] for box in boxes}
    for line in lines:
        beside[line.source].append(line.target)
        beside[line.target].append(line.source)
    groups: list[list[Box]] = []
    seen: set[str] = set()
    for box in boxes:
        if box.id in seen:
            continue
        todo, group = [box.id], set()
        while todo:
            one = todo.pop()
            if one not in group:
                group.add(one)
                todo += beside[one]
        seen |= group
        groups.append([one for one in boxes if one.id in group])
    return groups


def _packed(parts: list[Layout]) -> Layout:
    """The largest part at the left, the others in columns beside it, as high as it is at most."""
    if not parts:
        return Layout()
    order = sorted(range(len(parts)), key=lambda i: (-parts[i].height * parts[i].width, i))
    whole = parts[order[0]]
    rest = [parts[i] for i in sorted(order[1:])]
    limit = max(whole.height, max((part.height for part in rest), default=0.0), 420.0)
    x, y, column = whole.width + APART, 0.0, 0.0
    for part in rest:
        if y and y + part.height > limit:
            x, y, column = x + column + APART, 0.0, 0.0
        _put(whole, part, x, y)
        y += part.height + APART
        column = max(column, part.width)
    return whole


def _put(whole: Layout, part: Layout, x: float, y: float) -> None:
    for name, box in part.boxes.items():
        whole.boxes[name] = Box(box.id, box.width, box.height, box.x + x, box.y + y)
    for route in part.routes:
        points = tuple((px + x, py + y) for px, py in route.points)
        whole.routes.append(Route(route.line, points, route.back))
    whole.width = max(whole.width, x + part.width)
    whole.height = max(whole.height, y + part.height)


# one connected part


def _part(boxes: Sequence[Box], lines: Sequence[Line]) -> Layout:
    names = [box.id for box in boxes]
    own = [line for line in lines if line.source in set(names)]
    back = returning(names, [(line.source, line.target) for line in own])
    forward = [line for line in own if (line.source, line.target) not in back]
    behind = [line for line in own if (line.source, line.target) in back]
    sizes = {box.id: box.width for box in boxes}
    ranks = rank(names, [(line.source, line.target) for line in forward])
    made = arrange(names, ranks, [(line.source, line.target, line.weight, line.bundle) for line in forward])
    xs = places(made, sizes)
    return Sketch({box.id: box for box in boxes}, made, xs, forward, behind).draw()


@dataclass(slots=True)
class Sketch:
    """A part whose nodes have a layer and an x, while heights, gaps and ways are worked out."""

    boxes: Mapping[str, Box]
    made: Layered
    xs: Mapping[str, float]
    forward: Sequence[Line]
    behind: Sequence[Line]
    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    lanes: list[tuple[float, float, float, str]] = field(default_factory=list)

    def draw(self) -> Layout:
        self._heights()
        out = Layout()
        for name, box in self.boxes.items():
            x = self.xs[name] - box.width / 2
            out.boxes[name] = Box(name, box.width, box.height, x, self.tops[self.made.rank[name]])
        out.routes = [*map(self._route, self.forward), *self._returns()]
        return _shifted(out)

    def _heights(self) -> None:
        """Layers as high as their highest node; gaps wide enough for the tracks of the ways back."""
        tracks = [0] * (len(self.made.layers) + 1)
        for source, target in {(self.made.rank[one.source], self.made.rank[one.target]) for one in self.behind}:
            tracks[source + 1] += 1
            tracks[target] += 1
        y = 0.0
        for index, layer in enumerate(self.made.layers):
            y += tracks[index] * TRACK if index else tracks[0] * TRACK
            self.tops.append(y)
            y += max((self.boxes[name].height for name in layer if name in self.boxes), default=0.0)
            self.bottoms.append(y)
            y += GAP + self._slope(index)

    def _slope(self, index: int) -> float:
        """More room where lines go far to the side, so that they do not lie flat."""
        far = max((abs(self.xs[a] - self.xs[b]) for a, b in self.made.links if self.made.rank[a] == index), default=0)
        return min(34.0, far * 0.07)

    def _route(self, line: Line) -> Route:
        chain = self.made.chains[line.source, line.target]
        x = self._port(line.source, chain[1], out=True)
        top = self.tops[self.made.rank[line.source]] + self.boxes[line.source].height
        points = [(x, top), (x, self.bottoms[self.made.rank[line.source]])]
        for name in chain[1:-1]:
            level = self.made.rank[name]
            points += [(self.xs[name], self.tops[level]), (self.xs[name], self.bottoms[level])]
        points.append((self._port(line.target, chain[-2], out=False), self.tops[self.made.rank[line.target]]))
        return Route(line, tuple(points))

    def _port(self, name: str, other: str, *, out: bool) -> float:
        """Where on its lower or upper side a node is left or entered: the main way in the middle."""
        links = self.made.links
        ends = {b: w for (a, b), w in links.items() if a == name} if out else {}
        ends = ends or {a: w for (a, b), w in links.items() if b == name and not out}
        order = sorted(ends, key=lambda one: (self.xs[one], one))
        heaviest = [one for one in order if ends[one] == max(ends.values())]
        middle = order.index(heaviest[0]) if len(heaviest) == 1 else (len(order) - 1) / 2
        room = self.boxes[name].width
        step = min(30.0, (room / 2 - 20.0) / max(len(order) - 1, 1)) if room > 60 else 0.0
        return self.xs[name] + (order.index(other) - middle) * step

    # ways back

    def _returns(self) -> list[Route]:
        made = []
        used: dict[str, float] = {}
        for line in sorted(self.behind, key=lambda one: self.made.rank[one.source] - self.made.rank[one.target]):
            side = self._side(line)
            made.append(self._return(line, side, used))
        return made

    def _side(self, line: Line) -> int:
        """1: along the right, -1: along the left; whichever is nearer to both ends."""
        low, high = self._extent(line)
        right = (high - self.xs[line.source]) + (high - self.xs[line.target])
        left = (self.xs[line.source] - low) + (self.xs[line.target] - low)
        return 1 if right <= left else -1

    def _extent(self, line: Line) -> tuple[float, float]:
        names = [
            name
            for layer in self.made.layers[self.made.rank[line.target] : self.made.rank[line.source] + 1]
            for name in layer
        ]
        half = {name: self.boxes[name].width / 2 if name in self.boxes else 4.0 for name in names}
        return min(self.xs[n] - half[n] for n in names), max(self.xs[n] + half[n] for n in names)

    def _return(self, line: Line, side: int, used: dict[str, float]) -> Route:
        above, below = self.made.rank[line.target], self.made.rank[line.source]
        source, target = self.boxes[line.source], self.boxes[line.target]
        entry = self.tops[above] - 11 - TRACK * self._count(used, f"in{above}", line.target)
        leave = self.bottoms[below] + 9 + TRACK * self._count(used, f"out{below}", line.source)
        lane = self._lane(line, side, entry, leave)
        x1 = self.xs[line.source] + side * max(source.width / 2 - 16, 0)
        x2 = self.xs[line.target] + side * max(target.width / 2 - 22, 0)
        start = self.tops[below] + source.height
        return Route(
            line, ((x1, start), (x1, leave), (lane, leave), (lane, entry), (x2, entry), (x2, self.tops[above])), True
        )

    def _count(self, used: dict[str, float], gap: str, name: str) -> float:
        """The track of a node in its gap; those that lead to one node share it."""
        others = sum(key.startswith(f"{gap}/") for key in used)
        return used.setdefault(f"{gap}/{name}", float(others))

    def _lane(self, line: Line, side: int, top: float, bottom: float) -> float:
        low, high = self._extent(line)
        x = (high if side > 0 else low) + side * LANE * 1.4
        for other, upper, lower, target in sorted(self.lanes, key=lambda one: one[0] * side):
            if target == line.target and (other - x) * side >= 0:
                x = other
                break
            if upper <= bottom and top <= lower and abs(other - x) < LANE:
                x = other + side * LANE
        self.lanes.append((x, top, bottom, line.target))
        return x


def _shifted(made: Layout) -> Layout:
    """Everything to the right of and below zero, with the size of the whole."""
    xs = [box.x for box in made.boxes.values()] + [x for route in made.routes for x, _ in route.points]
    ys = [box.y for box in made.boxes.values()] + [y for route in made.routes for _, y in route.points]
    right = [box.x + box.width for box in made.boxes.values()] + xs
    low = [box.y + box.height for box in made.boxes.values()] + ys
    left, top = min(xs), min(ys)
    whole = Layout(width=0.0, height=0.0)
    _put(whole, made, -left, -top)
    whole.width, whole.height = max(right) - left, max(low) - top
    return whole
