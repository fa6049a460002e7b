"""The nodes of a picture: what each kind looks like, and how much room its words take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from runtime.flow.graph.lettering import cut, width, wrap
from runtime.flow.graph.nodes import Node

Colour = Literal["", "all", "some", "none"]

WIDE = 264.0
PAD = 14.0
SIZES = {"title": 11.0, "line": 13.0, "code": 12.0, "note": 11.0, "chip": 11.0, "pill": 12.0}
LEADING = {"title": 16.0, "line": 19.0, "code": 17.0, "note": 15.5, "chip": 22.0, "pill": 18.0}
MONO = frozenset({"branch", "effect", "data"})
PILLS = frozenset({"exit", "jump"})
MOST = {"say": 4, "ask": 5, "start": 3}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of type, `y` its base line from the top of the card."""

    style: str
    text: str
    x: float
    y: float
    width: float = 0.0


@dataclass(slots=True)
class Card:
    """A node with its words set."""

    node: Node
    width: float
    height: float
    rows: list[Row] = field(default_factory=list)

    def draw(self, x: float, y: float, colour: Colour, lit: str = "") -> str:
        """`lit` is a further class: whether a conversation waits here or has come by."""
        kind = self.node.kind
        shown = "".join(f" {name}" for name in (colour, lit) if name)
        where = f'<g class="node {kind}{shown}" {self._place()} transform="translate({x:.1f} {y:.1f})">'
        made = [f"{where}<title>{escape(str(self.node.at))}</title>"]
        made += self._shape(kind)
        if colour and kind not in PILLS:
            made.append(f'<circle class="mark {colour}" cx="{self.width - 20:.1f}" cy="0" r="6"/>')
        made += [self._row(row) for row in self.rows]
        return "".join([*made, "</g>"])

    def _place(self) -> str:
        """Which steps it stands for and where they are written, for pages that show the picture."""
        node = self.node
        step = f'data-step="{escape(" ".join(node.steps))}" ' if node.steps else ""
        return f'{step}data-file="{escape(node.at.file)}" data-line="{node.at.line}"'

    def _shape(self, kind: str) -> Iterator[str]:
        wide, high = self.width, self.height
        if kind == "branch":
            yield f'<path class="card" d="{_hexagon(wide, high)}"/>'
            return
        corner = {"say": 16.0, "ask": 10.0, "start": high / 2 if high < 44 else 20.0, "anytime": 20.0}.get(kind, 7.0)
        corner = high / 2 if kind in PILLS else min(corner, high / 2)
        yield f'<rect class="card" width="{wide:.1f}" height="{high:.1f}" rx="{corner:.1f}"/>'
        if kind == "run":
            yield f'<path class="rail" d="M7 0V{high:.1f}M{wide - 7:.1f} 0V{high:.1f}"/>'
        if kind == "ask":
            yield f'<path class="bar" d="M10 0H5a5 5 0 0 0-5 5V{high - 5:.1f}a5 5 0 0 0 5 5H10z"/>'

    def _row(self, row: Row) -> str:
        text = escape(row.text)
        if row.style == "chip":
            return (
                f'<rect class="chip" x="{row.x:.1f}" y="{row.y - 13:.1f}" width="{row.width:.1f}" height="18" rx="9"/>'
                f'<text class="t-chip" x="{row.x + row.width / 2:.1f}" y="{row.y:.1f}">{text}</text>'
            )
        return f'<text class="t-{row.style}" x="{row.x:.1f}" y="{row.y:.1f}">{text}</text>'


def _hexagon(wide: float, high: float) -> str:
    tip = min(14.0, high / 2)
    right, middle = f"{wide - tip:.1f}", f"{high / 2:.1f}"
    return f"M{tip:.1f} 0H{right}L{wide:.1f} {middle}L{right} {high:.1f}H{tip:.1f}L0 {middle}z"


def card_of(node: Node) -> Card:
    """The card of a node, as wide as its kind and as high as its words."""
    return _pill(node) if node.kind in PILLS else _card(node)


def _pill(node: Node) -> Card:
    text = f"→ {node.title}" if node.kind == "jump" else node.title
    text = cut(text, SIZES["pill"], WIDE - 2 * PAD)
    wide = width(text, SIZES["pill"]) + 2 * PAD
    return Card(node, wide, 26.0, [Row("pill", text, wide / 2, 17.2)])


def _card(node: Node) -> Card:
    style = "code" if node.kind in MONO else "line"
    left = PAD + (6.0 if node.kind in ("ask", "branch", "run") else 0.0)
    lines = _lines(node, style, WIDE - left - PAD - (6.0 if node.kind in ("branch", "run") else 0.0))
    title = cut(node.title, SIZES["title"], WIDE - left - PAD - 12)
    wide = _width(node, style, title, lines, left)
    setter = _Setter(left, wide - left - PAD)
    if title != "say":
        setter.row("title", title)
    for line in lines:
        setter.row(style, line)
    setter.chips(node.chips)
    for note in node.notes:
        for line in wrap(note, SIZES["note"], setter.room, most=2):
            setter.row("note", line)
    return Card(node, wide, setter.y + 10.0, setter.rows)


def _lines(node: Node, style: str, room: float) -> list[str]:
    most = MOST.get(node.kind, 3) if len(node.lines) < 3 else 2
    mono = style == "code"
    return [line for text in node.lines for line in wrap(text, SIZES[style], room, most=most, mono=mono)]


def _width(node: Node, style: str, title: str, lines: Sequence[str], left: float) -> float:
    """As wide as its words, when they are few; else as wide as all others."""
    if node.chips or node.notes or node.kind in ("say", "ask"):
        return WIDE
    most = max((width(line, SIZES[style], mono=style == "code") for line in lines), default=0.0)
    most = max(most, width(title, SIZES["title"]) + 24)
    return min(WIDE, max(most + left + PAD + (6 if node.kind in ("branch", "run") else 0), 110.0))


@dataclass(slots=True)
class _Setter:
    left: float
    room: float
    y: float = 6.0
    rows: list[Row] = field(default_factory=list)

    def row(self, style: str, text: str) -> None:
        self.y += LEADING[style]
        self.rows.append(Row(style, text, self.left, self.y - 2.0))

    def chips(self, chips: Sequence[str]) -> None:
        """Buttons side by side, in as many rows as they need."""
        x = self.left
        for index, chip in enumerate(chips):
            text = cut(chip, SIZES["chip"], self.room - 16)
            wide = width(text, SIZES["chip"]) + 16
            if index == 0 or x + wide > self.left + self.room:
                x = self.left
                self.y += LEADING["chip"] + (2.0 if index == 0 else 0.0)
            self.rows.append(Row("chip", text, x, self.y - 4.0, wide))
            x += wide + 6
