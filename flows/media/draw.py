"""Draws the pictures of the sample shop with the standard library alone: `python flows/media/draw.py`.

A picture is a list of filled shapes on a canvas; a shape is a closed line of points, a colour is `#rrggbb` or
a pair of them (top and bottom of the shape). LINE shows cards at about 1.51:1, so that is the size used here.
"""

from __future__ import annotations

import itertools
import math
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

Point = tuple[float, float]
Line = list[Point]
Colour = str | tuple[str, str]
WIDE, HIGH, SAMPLES = 1024, 678, 4

PAPER, SAND, WOOD, BARK = "#f7f1e5", "#e9dcc3", "#8a5f3c", "#5b3d27"
INDIGO, NIGHT, LEAF, MOSS = "#31497a", "#22345a", "#8fae5a", "#5f7f3a"
BEAN, ROSE, SUN, CREAM = "#7b3232", "#e9a9a4", "#f0b878", "#fdf8ee"


class Canvas:
    """Rows of red, green, blue; shapes are painted over what is there."""

    def __init__(self, wide: int, high: int, colour: Colour) -> None:
        self.wide, self.high = wide, high
        self.rows = [bytearray(wide * 3) for _ in range(high)]
        self.fill(box(0, 0, wide, high), colour)

    def fill(self, shape: Line, colour: Colour, alpha: float = 1.0) -> None:
        top, bottom = min(y for _, y in shape), max(y for _, y in shape)
        first, second = (colour, colour) if isinstance(colour, str) else colour
        for y in range(max(0, math.floor(top)), min(self.high, math.ceil(bottom))):
            rgb = mix(first, second, (y + 0.5 - top) / max(bottom - top, 1))
            self.paint(self.rows[y], coverage(shape, y, self.wide), rgb, alpha)

    def paint(self, row: bytearray, cover: dict[int, float], rgb: bytes, alpha: float) -> None:
        running, places = 0.0, sorted(cover)
        for x, after in zip(places, [*places[1:], self.wide], strict=False):
            running += cover[x]
            share = min(running, 1.0) * alpha
            if share > 0.996:
                row[x * 3 : after * 3] = rgb * (after - x)
            elif share > 0.002:
                for i in range(x * 3, after * 3):
                    row[i] = round(row[i] + (rgb[i % 3] - row[i]) * share)

    def save(self, path: Path) -> None:
        head = struct.pack(">IIBBBBB", self.wide, self.high, 8, 2, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + row for row in self.rows), 9)
        parts = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def mix(first: str, second: str, share: float) -> bytes:
    a, b = bytes.fromhex(first[1:]), bytes.fromhex(second[1:])
    return bytes(round(p + (q - p) * share) for p, q in zip(a, b, strict=True))


def coverage(shape: Line, y: int, wide: int) -> dict[int, float]:
    """How the covered share changes from pixel to pixel along row `y`: an anti-aliased scan line."""
    change: dict[int, float] = {}
    for sample in range(SAMPLES):
        for left, right in spans(shape, y + (sample + 0.5) / SAMPLES):
            for x, sign in ((min(max(left, 0), wide), 1), (min(max(right, 0), wide), -1)):
                pixel, part = int(x), x - int(x)
                change[pixel] = change.get(pixel, 0) + sign * (1 - part) / SAMPLES
                change[pixel + 1] = change.get(pixel + 1, 0) + sign * part / SAMPLES
    return {x: value for x, value in change.items() if x < wide}


def spans(shape: Line, y: float) -> Iterator[tuple[float, float]]:
    edges = zip(shape, shape[1:] + shape[:1], strict=True)
    hits = sorted(a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges if (a[1] <= y) != (b[1] <= y))
    return zip(hits[::2], hits[1::2], strict=False)


def box(x: float, y: float, wide: float, high: float) -> Line:
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]


def oval(x: float, y: float, wide: float, high: float, start: float = 0, end: float = 360) -> Line:
    steps = [math.radians(start + (end - start) * i / 96) for i in range(97)]
    return [(x + wide * math.cos(a), y + high * math.sin(a)) for a in steps]


def curve(*points: Point) -> Line:
    """A Bézier curve of any degree."""
    return [_bezier(list(points), i / 48) for i in range(49)]


def _bezier(points: Line, t: float) -> Point:
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in itertools.pairwise(points)]
    return points[0]


def stroke(line: Line, width: float) -> Line:
    """An open line as a closed shape that tapers at both ends."""
    sides: tuple[Line, Line] = ([], [])
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(i - 1, 0)], line[min(i + 1, len(line) - 1)]
        length = math.hypot(bx - ax, by - ay) or 1
        half = width / 2 * math.sin(math.pi * (0.08 + 0.84 * i / (len(line) - 1)))
        sides[0].append((x - (by - ay) / length * half, y + (bx - ax) / length * half))
        sides[1].append((x + (by - ay) / length * half, y - (bx - ax) / length * half))
    return sides[0] + sides[1][::-1]


def leaf(x: float, y: float, size: float, lean: float) -> Line:
    tip = (x + size * math.cos(lean), y + size * math.sin(lean))
    out, back = lean - 0.7, lean + 0.7
    one = (x + size * 0.7 * math.cos(out), y + size * 0.7 * math.sin(out))
    two = (x + size * 0.7 * math.cos(back), y + size * 0.7 * math.sin(back))
    return curve((x, y), one, tip) + curve(tip, two, (x, y))


def steam(canvas: Canvas, x: float, y: float) -> None:
    for shift, high in ((-56, 120), (0, 165), (56, 120)):
        a = x + shift
        line = curve((a, y), (a - 50, y - high / 3), (a + 50, y - high * 2 / 3), (a, y - high))
        canvas.fill(stroke(line, 15), CREAM, 0.75)


def table(wall: Colour, top: Colour) -> Canvas:
    """A quiet room: a wall, a round window behind, a table edge below."""
    canvas = Canvas(WIDE, HIGH, wall)
    canvas.fill(oval(WIDE / 2, 270, 235, 235), CREAM, 0.5)
    canvas.fill(box(0, 480, WIDE, 198), top)
    canvas.fill(box(0, 480, WIDE, 6), CREAM, 0.35)
    return canvas


def curtain() -> Canvas:
    canvas = Canvas(WIDE, HIGH, ("#f3dcb6", "#fbf1dc"))
    canvas.fill(oval(WIDE / 2, 470, 250, 250), ("#f4b46c", "#f8d6a4"), 0.9)
    canvas.fill(box(0, 610, WIDE, 68), (SAND, "#d9c7a5"))
    for x in (96, WIDE - 132):
        canvas.fill(box(x, 60, 36, 556), (WOOD, BARK))
    canvas.fill(box(40, 84, WIDE - 80, 26), (WOOD, BARK))
    for i in range(4):
        left, sway = 149.5 + i * 183, (i % 2) * 10 - 5
        hem = curve((left + 176, 420 - sway), (left + 118, 442), (left + 58, 402), (left, 420 + sway))
        canvas.fill([(left, 106), (left + 176, 106), *hem], (INDIGO, NIGHT))
        canvas.fill(box(left + 74, 84, 28, 30), INDIGO)
    canvas.fill(oval(WIDE / 2, 258, 96, 96), CREAM)
    canvas.fill(box(WIDE / 2 - 3.5, 106, 7, 314), NIGHT)
    for lean in (-2.25, -0.89):
        canvas.fill(leaf(WIDE / 2, 318, 100, lean), (LEAF, MOSS))
    canvas.fill(leaf(WIDE / 2, 318, 118, -math.pi / 2), ("#a9c474", MOSS))
    return canvas


def bowl(canvas: Canvas, x: float, y: float, wide: float, clay: Colour, tea: Colour) -> None:
    canvas.fill(oval(x, y + wide * 0.87, wide * 0.75, 20), BARK, 0.28)
    canvas.fill(box(x - wide * 0.36, y + wide * 0.68, wide * 0.72, wide * 0.17), clay)
    side = curve(
        (x + wide, y), (x + wide * 0.96, y + wide * 0.72), (x + wide * 0.5, y + wide * 0.8), (x, y + wide * 0.8)
    )
    canvas.fill([*side, *[(2 * x - a, b) for a, b in reversed(side)]], clay)
    canvas.fill(oval(x, y, wide, wide * 0.21), PAPER)
    canvas.fill(oval(x, y + 5, wide * 0.92, wide * 0.17), tea)


def matcha() -> Canvas:
    canvas = table(("#dfe6cf", "#eef0e0"), ("#b98d62", WOOD))
    bowl(canvas, 440, 350, 215, ("#4a4f5e", "#2e323e"), ("#a8c46a", "#7d9e45"))
    for x, y in ((370, 350), (420, 366), (480, 348), (520, 362), (445, 340)):
        canvas.fill(oval(x, y, 13, 5), "#c8dc94", 0.9)
    for i in range(13):
        a = (i - 6) / 6
        canvas.fill(
            stroke(curve((770 + a * 34, 395), (770 + a * 66, 480), (770 + a * 44, 556)), 10), ("#ecd9a8", "#cdb27a")
        )
    canvas.fill(box(738, 282, 64, 116), ("#e6cf98", "#cdb27a"))
    canvas.fill(box(736, 388, 68, 12), BARK)
    steam(canvas, 440, 300)
    return canvas


def hojicha() -> Canvas:
    canvas = table(("#f0d9bd", "#f8ead6"), ("#7a5335", BARK))
    canvas.fill(oval(385, 566, 205, 20), BARK, 0.35)
    canvas.fill(stroke(curve((540, 450), (690, 440), (650, 330), (724, 300)), 76), ("#55606b", "#3b444d"))
    canvas.fill(oval(385, 440, 200, 132), ("#66727e", "#3b444d"))
    canvas.fill(oval(385, 322, 104, 26), ("#74808c", "#4a545e"))
    canvas.fill(oval(385, 292, 24, 22), "#3b444d")
    canvas.fill(stroke(curve((196, 420), (60, 370), (110, 250), (260, 352)), 26), BARK)
    bowl(canvas, 800, 450, 105, (PAPER, SAND), ("#b5703a", "#8d5127"))
    steam(canvas, 800, 418)
    return canvas


def dango() -> Canvas:
    canvas = table(("#f3d8d8", "#faeeea"), ("#c9a06f", "#a67c4c"))
    canvas.fill(oval(512, 560, 400, 44), BARK, 0.25)
    canvas.fill(oval(512, 545, 395, 48), PAPER)
    canvas.fill(oval(512, 538, 350, 36), SAND, 0.6)
    for x, lean in ((300, -0.10), (500, 0.0), (700, 0.10)):
        foot, top = (x + lean * 60, 560), (x + lean * 420 + 12, 190)
        canvas.fill(stroke([foot, ((foot[0] + top[0]) / 2, 375), top], 16), ("#d6b278", WOOD))
        for i, colour in enumerate(((ROSE, "#d98985"), (CREAM, "#e6dcc8"), ("#b3cb82", "#86a653"))):
            bx, by = top[0] - lean * 105 * i - 3 * i, 262 + i * 100
            canvas.fill(oval(bx, by, 64, 56), colour)
            canvas.fill(oval(bx - 22, by - 22, 18, 10), CREAM, 0.55)
    return canvas


def dorayaki() -> Canvas:
    canvas = table(("#e3e3ee", "#f3f1f3"), ("#8f6a48", BARK))
    canvas.fill(oval(512, 578, 380, 46), BARK, 0.3)
    canvas.fill(oval(512, 560, 380, 46), (INDIGO, NIGHT))
    canvas.fill(oval(512, 552, 330, 33), "#45609a", 0.8)
    for x, y, wide in ((405, 470, 205), (640, 490, 180)):
        canvas.fill(oval(x, y + 36, wide, 52), ("#e3ad62", "#c98a40"))
        canvas.fill(oval(x, y + 6, wide * 0.95, 46), (BEAN, "#5a2222"))
        canvas.fill(oval(x, y - 22, wide, 74, 180, 360) + oval(x, y - 22, wide, 26, 0, 180), ("#c4803a", "#e0a458"))
        canvas.fill(oval(x - wide * 0.3, y - 62, wide * 0.36, 13), "#e9bd82", 0.7)
    return canvas


def icon() -> Canvas:
    canvas = Canvas(400, 400, (INDIGO, NIGHT))
    canvas.fill(oval(200, 200, 140, 140), CREAM)
    for lean in (-2.25, -0.89):
        canvas.fill(leaf(200, 285, 145, lean), (LEAF, MOSS))
    canvas.fill(leaf(200, 285, 168, -math.pi / 2), ("#a9c474", MOSS))
    return canvas


PICTURES: dict[str, Callable[[], Canvas]] = {
    "curtain": curtain,
    "matcha": matcha,
    "hojicha": hojicha,
    "dango": dango,
    "dorayaki": dorayaki,
    "icon": icon,
}


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        PICTURES[name]().save(Path(__file__).with_name(f"{name}.png"))


if __name__ == "__main__":
    main()
