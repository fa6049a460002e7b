"""Draws the pictures of the sample shop's rich menus: `python flows/menus/draw.py`.

Signs instead of words, so that one picture serves all languages; what each sign means is the area's `label`. The
canvas and the colours are those of `flows/media/draw.py`.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
WIDE, HIGH, TAB = 1200, 810, 162


def _painter() -> Any:
    spec = importlib.util.spec_from_file_location("shop_pictures", HERE.parent / "media" / "draw.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


p = _painter()
Sign = Callable[[Any, float, float, float], None]
"""Paints itself around a point in a size; 1.0 is that of a card."""


def rounded(x: float, y: float, wide: float, high: float, radius: float) -> Any:
    corners = ((x + wide - radius, y + radius, -90), (x + wide - radius, y + high - radius, 0))
    corners += ((x + radius, y + high - radius, 90), (x + radius, y + radius, 180))
    return [point for cx, cy, begin in corners for point in p.oval(cx, cy, radius, radius, begin, begin + 90)]


def calendar(canvas: Any, x: float, y: float, size: float) -> None:
    wide, high = 190 * size, 170 * size
    left, top = x - wide / 2, y - high / 2
    canvas.fill(rounded(left, top, wide, high, 22 * size), p.CREAM)
    canvas.fill(rounded(left, top, wide, 52 * size, 22 * size), (p.BEAN, "#5a2222"))
    canvas.fill(p.box(left, top + 30 * size, wide, 24 * size), "#5f2626")
    for shift in (-50, 50):
        canvas.fill(rounded(x + (shift - 8) * size, top - 20 * size, 16 * size, 44 * size, 8 * size), p.BARK)
    for row in range(2):
        for column in range(4):
            there = (left + (36 + column * 39) * size, top + (86 + row * 42) * size)
            colour = (p.LEAF, p.MOSS) if (row, column) == (1, 2) else (p.SAND, "#d9c7a5")
            canvas.fill(rounded(there[0] - 13 * size, there[1] - 13 * size, 26 * size, 26 * size, 6 * size), colour)


def clock(canvas: Any, x: float, y: float, size: float) -> None:
    canvas.fill(p.oval(x, y, 104 * size, 104 * size), (p.WOOD, p.BARK))
    canvas.fill(p.oval(x, y, 88 * size, 88 * size), p.CREAM)
    for hour in range(12):
        a = math.radians(hour * 30)
        canvas.fill(p.oval(x + 72 * size * math.cos(a), y + 72 * size * math.sin(a), 6 * size, 6 * size), p.WOOD)
    for angle, length, width in ((-90, 62, 14), (30, 44, 16)):
        a = math.radians(angle)
        end = (x + length * size * math.cos(a), y + length * size * math.sin(a))
        canvas.fill(p.stroke([(x, y), ((x + end[0]) / 2, (y + end[1]) / 2), end], width * size), p.NIGHT)
    canvas.fill(p.oval(x, y, 11 * size, 11 * size), p.BEAN)


def pin(canvas: Any, x: float, y: float, size: float) -> None:
    canvas.fill(p.oval(x, y + 104 * size, 62 * size, 15 * size), p.BARK, 0.3)
    tip, head = (x, y + 104 * size), y - 26 * size
    side = p.curve((x - 80 * size, head), (x - 76 * size, head + 66 * size), tip)
    other = p.curve(tip, (x + 76 * size, head + 66 * size), (x + 80 * size, head))
    canvas.fill(side + other, (p.BEAN, "#5a2222"))
    canvas.fill(p.oval(x, head, 80 * size, 78 * size), p.BEAN)
    canvas.fill(p.oval(x, head, 34 * size, 34 * size), p.CREAM)


def tea(canvas: Any, x: float, y: float, size: float) -> None:
    p.bowl(canvas, x, y - 6 * size, 108 * size, (p.INDIGO, p.NIGHT), ("#a8c46a", "#7d9e45"))
    for shift, high in ((-32, 62), (0, 84), (32, 62)):
        a, low = x + shift * size, y - 36 * size
        bend = ((a - 26 * size, low - high * size / 3), (a + 26 * size, low - high * size * 2 / 3))
        canvas.fill(p.stroke(p.curve((a, low), *bend, (a, low - high * size)), 10 * size), p.WOOD, 0.55)


def camera(canvas: Any, x: float, y: float, size: float) -> None:
    canvas.fill(rounded(x - 112 * size, y - 66 * size, 224 * size, 150 * size, 26 * size), (p.INDIGO, p.NIGHT))
    canvas.fill(rounded(x - 44 * size, y - 94 * size, 88 * size, 52 * size, 16 * size), p.INDIGO)
    canvas.fill(p.oval(x, y + 8 * size, 58 * size, 58 * size), p.CREAM)
    canvas.fill(p.oval(x, y + 8 * size, 44 * size, 44 * size), ("#45609a", p.NIGHT))
    canvas.fill(p.oval(x - 15 * size, y - 7 * size, 13 * size, 11 * size), p.CREAM, 0.7)
    canvas.fill(p.oval(x + 82 * size, y - 38 * size, 9 * size, 9 * size), p.SUN)


def voices(canvas: Any, x: float, y: float, size: float) -> None:
    for cx, cy, tail, colour in ((-34, -26, -70, (p.LEAF, p.MOSS)), (40, 30, 78, (p.SUN, "#d9924e"))):
        at = (x + cx * size, y + cy * size)
        canvas.fill(rounded(at[0] - 84 * size, at[1] - 54 * size, 168 * size, 108 * size, 44 * size), colour)
        foot = (x + tail * size, at[1] + 82 * size)
        canvas.fill([(at[0] - 30 * size, at[1] + 36 * size), (at[0] + 34 * size, at[1] + 36 * size), foot], colour[1])
        for dot in (-34, 0, 34):
            canvas.fill(p.oval(at[0] + dot * size, at[1], 11 * size, 11 * size), p.CREAM)


def sprout(canvas: Any, x: float, y: float, size: float) -> None:
    for lean in (-2.25, -0.89):
        canvas.fill(p.leaf(x, y + 70 * size, 120 * size, lean), (p.LEAF, p.MOSS))
    canvas.fill(p.leaf(x, y + 70 * size, 146 * size, -math.pi / 2), ("#a9c474", p.MOSS))


TABS: tuple[Sign, Sign] = (calendar, sprout)
MENUS: dict[str, tuple[int, tuple[Sign, Sign, Sign]]] = {
    "book": (0, (calendar, clock, pin)),
    "shop": (1, (tea, camera, voices)),
}


def menu(open_tab: int, signs: tuple[Sign, Sign, Sign]) -> Any:
    """Two tabs above three cards; the open tab has the colour of what lies below it."""
    canvas = p.Canvas(WIDE, HIGH, p.PAPER)
    canvas.fill(p.box(0, 0, WIDE, TAB), (p.INDIGO, p.NIGHT))
    half = WIDE / 2
    canvas.fill(rounded(open_tab * half + 14, 16, half - 28, TAB + 40, 36), p.PAPER)
    canvas.fill(p.box(0, TAB, WIDE, 46), p.PAPER)
    for number, sign in enumerate(TABS):
        sign(canvas, number * half + half / 2, TAB / 2 + 12, 0.52)
    for number, sign in enumerate(signs):
        left = 22 + number * 400
        canvas.fill(rounded(left, TAB + 24, 356, HIGH - TAB - 46, 40), p.BARK, 0.12)
        canvas.fill(rounded(left, TAB + 16, 356, HIGH - TAB - 46, 40), (p.CREAM, p.SAND))
        sign(canvas, left + 178, (TAB + HIGH) / 2, 1.25)
    return canvas


def main() -> None:
    for name, (tab, signs) in MENUS.items():
        menu(tab, signs).save(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
