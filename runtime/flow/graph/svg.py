"""A graph as an SVG that needs nothing but itself: light and dark, in the reader's own fonts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from runtime.flow.graph.cards import Card, Colour, card_of
from runtime.flow.graph.layout import Box, Layout, Line, Route, layout
from runtime.flow.graph.lettering import cut, width
from runtime.flow.graph.make import Edge, Graph
from runtime.flow.graph.style import STYLE

MARGIN = 36.0
HEAD = 58.0
FOOT = 34.0
LABEL = 11.0
WEIGHTS = {"next": 30.0, "branch": 4.0, "jump": 1.5, "error": 0.8, "silent": 0.8, "give_up": 0.8}
LEGEND = (("all", "every step was tried"), ("some", "some steps were not tried"), ("none", "never tried"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Names of steps (`flow.path`) that some test has been through."""

    steps: frozenset[str]

    def of(self, steps: tuple[str, ...]) -> Colour:
        """`all`, `some` or `none` of them, empty when there are none."""
        hit = sum(step in self.steps for step in steps)
        return "" if not steps else "all" if hit == len(steps) else "some" if hit else "none"


@dataclass(frozen=True, slots=True)
class Lit:
    """Where a conversation waits and where it has come by, as names of steps (`flow.path`)."""

    waiting: str = ""
    walked: frozenset[str] = frozenset()

    def of(self, steps: tuple[str, ...]) -> str:
        """`waiting`, `walked` or nothing."""
        return "waiting" if self.waiting in steps else "walked" if not self.walked.isdisjoint(steps) else ""


DARK: Final = Lit()


def svg(graph: Graph, *, coverage: Coverage | None = None, lit: Lit = DARK) -> str:
    """The picture of one flow."""
    cards = {node.id: card_of(node) for node in graph.nodes}
    labels = {f"label {number}": edge for number, edge in enumerate(graph.edges) if edge.label}
    made = layout(_boxes(cards, labels), _lines(graph, labels))
    kinds = {(edge.source, edge.target): edge.kind for edge in graph.edges}
    body = [_route(route, _kind(route.line, kinds, labels)) for route in made.routes]
    body += [_label(made.boxes[name], edge) for name, edge in labels.items()]
    for name, card in cards.items():
        colour: Colour = coverage.of(card.node.steps) if coverage else ""
        body.append(card.draw(made.boxes[name].x, made.boxes[name].y, colour, lit.of(card.node.steps)))
    return _page(graph, made, body, coverage)


def _boxes(cards: Mapping[str, Card], labels: Mapping[str, Edge]) -> list[Box]:
    boxes = [Box(name, card.width, card.height) for name, card in cards.items()]
    return boxes + [Box(name, width(edge.label, LABEL) + 14, LABEL + 6) for name, edge in labels.items()]


def _lines(graph: Graph, labels: Mapping[str, Edge]) -> list[Line]:
    """Edges; one with a label leads through it."""
    names = {edge: name for name, edge in labels.items()}
    lines: dict[tuple[str, str], Line] = {}
    for edge in graph.edges:
        weight, bundle = WEIGHTS[edge.kind], edge.kind if edge.kind in ("give_up", "error", "silent", "jump") else ""
        through = names.get(edge)
        ends = [(edge.source, edge.target)] if through is None else [(edge.source, through), (through, edge.target)]
        for pair in ends:
            lines.setdefault(pair, Line(*pair, weight, bundle))
    return list(lines.values())


def _kind(line: Line, kinds: Mapping[tuple[str, str], str], labels: Mapping[str, Edge]) -> str:
    edge = labels.get(line.source) or labels.get(line.target)
    return edge.kind if edge is not None else kinds.get((line.source, line.target), "next")


def _page(graph: Graph, made: Layout, body: Iterable[str], coverage: Coverage | None) -> str:
    title = graph.title or graph.name
    wide = max(made.width, width(title, 22), 260.0) + 2 * MARGIN
    high = made.height + HEAD + 2 * MARGIN + (FOOT if coverage else 0)
    left = (wide - made.width) / 2
    legend = _legend(graph, coverage, wide, high) if coverage else ""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" '
        f'height="{high:.0f}" role="img" aria-label="{escape(title)}">'
    )
    return "\n".join(
        (
            opening,
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            '<rect class="paper" width="100%" height="100%"/>',
            f'<text class="head" x="{MARGIN:.0f}" y="{MARGIN + 14:.0f}">{escape(title)}</text>',
            f'<text class="sub" x="{MARGIN:.0f}" y="{MARGIN + 33:.0f}">{escape(f"{graph.name} · {graph.file}")}</text>',
            f'<g transform="translate({left:.1f} {MARGIN + HEAD:.1f})">',
            *body,
            "</g>",
            legend,
            "</svg>",
            "",
        )
    )


def _legend(graph: Graph, coverage: Coverage, wide: float, high: float) -> str:
    steps = {step for node in graph.nodes for step in node.steps}
    hit = sum(step in coverage.steps for step in steps)
    share = f"{hit} of {len(steps)} steps tried" + (f" ({100 * hit // len(steps)} %)" if steps else "")
    y, x = high - MARGIN + 4, MARGIN
    made = [f'<text class="sub" x="{x:.0f}" y="{y:.0f}">{share}</text>']
    x += width(share, 12) + 26
    for colour, words in LEGEND:
        if x + width(words, 11) + 20 > wide - 10:
            break
        made.append(f'<circle class="mark {colour}" cx="{x + 6:.0f}" cy="{y - 4:.0f}" r="6"/>')
        made.append(f'<text class="sub" x="{x + 17:.0f}" y="{y:.0f}">{words}</text>')
        x += width(words, 12) + 40
    return "".join(made)


def _label(box: Box, edge: Edge) -> str:
    text = escape(cut(edge.label, LABEL, box.width - 8))
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return (
        f'<rect class="tag {edge.kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="{box.height / 2:.1f}"/>'
        f'<text class="tagged {edge.kind}" x="{x:.1f}" y="{y + LABEL * 0.36:.1f}">{text}</text>'
    )


def _route(route: Route, kind: str) -> str:
    way = _corners(route.points) if route.back else _curves(route.points)
    inner = route.line.target.startswith("label ")
    tip = "" if inner else _tip(*route.points[-1])
    return f'<path class="edge {kind}{" back" if route.back else ""}" d="{way}"/>' + (
        f'<path class="tip {kind}" d="{tip}"/>' if tip else ""
    )


def _tip(x: float, y: float) -> str:
    return f"M{x:.1f} {y:.1f}l-4.2 -7.5h8.4z"


def _curves(points: tuple[tuple[float, float], ...]) -> str:
    """Straight down inside a layer, a curve from one layer to the next."""
    (x, y), *rest = points
    made = [f"M{x:.1f} {y:.1f}"]
    for index, (px, py) in enumerate(rest):
        if index % 2 == 0 or abs(px - x) < 0.5:
            made.append(f"L{px:.1f} {py:.1f}")
        else:
            middle = (y + py) / 2
            made.append(f"C{x:.1f} {middle:.1f} {px:.1f} {middle:.1f} {px:.1f} {py:.1f}")
        x, y = px, py
    return "".join(made)


def _corners(points: tuple[tuple[float, float], ...], round_: float = 9.0) -> str:
    """Straight lines with rounded corners."""
    made = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        before, after = _toward(bx, by, ax, ay, round_), _toward(bx, by, cx, cy, round_)
        made.append(f"L{before[0]:.1f} {before[1]:.1f}Q{bx:.1f} {by:.1f} {after[0]:.1f} {after[1]:.1f}")
    return "".join([*made, f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _toward(x: float, y: float, to_x: float, to_y: float, far: float) -> tuple[float, float]:
    length = abs(to_x - x) + abs(to_y - y)
    share = min(far, length / 2) / length if length else 0.0
    return x + (to_x - x) * share, y + (to_y - y) * share
