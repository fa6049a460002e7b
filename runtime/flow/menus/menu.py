"""What is written in a menu's file, compiled: areas on a grid or in pixels, words by language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.flow.nodes import Node
from runtime.model import Place

NAME = re.compile(r"[a-z0-9_-]{1,32}")
"""What LINE takes as an alias: https://developers.line.biz/en/reference/messaging-api/#create-rich-menu-alias"""

DEFAULT = "default"
"""Stands for the account's default menu in a `menu` step."""

SIZES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "large": ((2500, 1686), (1200, 810), (800, 540)),
    "compact": ((2500, 843), (1200, 405), (800, 270)),
}
"""LINE's own sizes of pictures, width and height:
https://developers.line.biz/en/docs/messaging-api/using-rich-menus/#prepare-a-rich-menu-image"""

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels."""


@dataclass(frozen=True, slots=True)
class Told:
    """Words: by language, or (under `""`) the same in all, or those of a text's `key`."""

    at: Place
    by: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cells, counted from 1 in reading order. `word`: large or compact, empty for any size of picture."""

    columns: int
    rows: int
    word: str = ""

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    def _span(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Columns and rows, each the first and the last, of the rectangle that two cells span."""
        columns = sorted(((first - 1) % self.columns, (last - 1) % self.columns))
        return columns, sorted(((first - 1) // self.columns, (last - 1) // self.columns))

    def within(self, first: int, last: int) -> set[int]:
        """The cells of that rectangle."""
        (left, right), (top, low) = self._span(first, last)
        return {y * self.columns + x + 1 for y in range(top, low + 1) for x in range(left, right + 1)}

    def box(self, first: int, last: int, wide: int, high: int) -> Box:
        """That rectangle on a picture. Cells fit without gaps, whatever the picture's size."""
        columns, rows = self._span(first, last)
        x, right = (wide * columns[0] // self.columns, wide * (columns[1] + 1) // self.columns)
        y, low = (high * rows[0] // self.rows, high * (rows[1] + 1) // self.rows)
        return x, y, right - x, low - y


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the picture and what a tap does; `parts` by key, words as `Told`, everything else as it is."""

    at: Place
    node: Node = field(compare=False, repr=False)
    parts: Mapping[str, Any]
    cells: tuple[int, int] | None = None
    pixels: Box | None = None

    @property
    def switch(self) -> str:
        """The menu that a tap shows instead, if it does."""
        return str(self.parts.get("switch", ""))

    @property
    def postback(self) -> Any:
        return self.parts.get("postback")


@dataclass(frozen=True, slots=True)
class Menu:
    """One file. `picture`: its name by language, empty when it is the one that is called like the menu."""

    name: str
    file: str
    at: Place
    node: Node = field(compare=False, repr=False)
    bar: Told
    areas: tuple[Area, ...]
    grid: Grid | None = None
    size: tuple[int, int] | None = None
    picture: Told | None = None
    selected: bool = False
    default: bool = False

    def told(self) -> Iterator[Told]:
        """Everything that may differ by language."""
        yield self.bar
        if self.picture is not None:
            yield self.picture
        for area in self.areas:
            yield from (part for part in area.parts.values() if isinstance(part, Told))

    def box(self, area: Area, wide: int, high: int) -> Box:
        """Where an area lies on a picture of this size."""
        if area.pixels is not None:
            return area.pixels
        grid = self.grid or Grid(1, 1)
        first, last = area.cells or (1, grid.cells)
        return grid.box(first, last, wide, high)
