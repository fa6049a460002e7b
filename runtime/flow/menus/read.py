"""From a menu's file to a `Menu`, with everything that is wrong in it told at its place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from runtime.flow import kept
from runtime.flow.live import KEY
from runtime.flow.menus.menu import DEFAULT, NAME, Area, Box, Grid, Menu, Told
from runtime.flow.nodes import Node
from runtime.flow.reading import KINDS, LANGUAGE, Reading, Use
from runtime.flow.shapes import Dict, Fields, Flag, Number, One, Plain, Shape, unknown
from runtime.flow.tongues import missing, strange
from runtime.model import Finding

GRID = re.compile(r"(?:(large|compact)\s+)?([1-9]\d?)\s*[x×]\s*([1-9]\d?)")
CELL = re.compile(r"([1-9]\d?)(?:\s*-\s*([1-9]\d?))?")


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is the same in all languages, one per language, or `$key`."""

    def read(self, node: Node, reading: Reading) -> Told:
        if node.kind == "map" and node.map:
            self._lacking(node, reading)
            return Told(node.at, {key: self._one(key, one, node, reading) for key, one in node.map.items()})
        if node.kind not in ("text", "number", "bool"):
            reading.wrong(node, "a text")
            return Told(node.at, {"": ""})
        if found := KEY.fullmatch(node.text):
            reading.texts.append(Use(found[1], node.at, reading.path, reading.known))
            return Told(node.at, {}, found[1])
        return Told(node.at, {"": self._plain(node, reading)})

    def _lacking(self, node: Node, reading: Reading) -> None:
        if lacking := missing(node.map, reading.languages):
            message = f"there is nothing in {', '.join(lacking)} here"
            reading.tell("text-missing", node.at, message, fix="translate it", severity="warning")

    def _one(self, language: str, node: Node, around: Node, reading: Reading) -> str:
        if language not in reading.languages:
            strange(language, around, reading)
        with reading.inside(language):
            if node.kind not in ("text", "number", "bool"):
                reading.wrong(node, "a text")
            return self._plain(node, reading)

    def _plain(self, node: Node, reading: Reading) -> str:
        if "{{" in node.text:
            message = "a rich menu is made once for everybody: nothing can be filled in"
            reading.tell("menu-filled", node.at, message, fix="write the text without {{ }}")
        return node.text

    def schema(self) -> dict[str, Any]:
        by = {"type": "object", "patternProperties": {f"^{LANGUAGE}$": {"type": ["string", "number", "boolean"]}}}
        return {"anyOf": [{"type": ["string", "number", "boolean"]}, {**by, "additionalProperties": False}]}


@dataclass(frozen=True, slots=True)
class Values:
    """Data that a tap sends: a text, or values by name."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind == "map" and node.map:
            return Dict(Plain()).read(node, reading)
        return Plain(hint="a text or values by name").read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Plain().schema(), Dict(Plain()).schema() | {"minProperties": 1}]}


@dataclass(frozen=True, slots=True)
class Layout:
    """`3x2`: columns and rows; `large 3x2` and `compact 3x1` ask for a picture of one of LINE's own sizes."""

    def read(self, node: Node, reading: Reading) -> Grid | None:
        found = GRID.fullmatch(node.text.strip()) if node.kind == "text" else None
        if found is None:
            fix = "write columns x rows: large 3x2, compact 3x1, or 2x2 for a picture of any size"
            reading.tell("wrong-form", node.at, f"`{node.text or KINDS[node.kind]}` is no layout", fix=fix)
            return None
        return Grid(int(found[2]), int(found[3]), found[1] or "")

    def schema(self) -> dict[str, Any]:
        shown = ["large 3x2", "large 2x2", "large 2x1", "compact 3x1", "compact 2x1"]
        return {"type": "string", "pattern": f"^\\s*{GRID.pattern}\\s*$", "examples": shown}


@dataclass(frozen=True, slots=True)
class Cell:
    """`2`: the second cell of the layout; `1-4`: the rectangle from the first to the fourth."""

    def read(self, node: Node, reading: Reading) -> tuple[int, int] | None:
        found = CELL.fullmatch(node.text.strip())
        if found is None:
            reading.tell("wrong-form", node.at, f"`{node.text or KINDS[node.kind]}` is no cell", fix="write 2, or 1-4")
            return None
        return int(found[1]), int(found[2] or found[1])

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^\\s*{CELL.pattern}\\s*$"}]
        }


@dataclass(frozen=True, slots=True)
class Pixels:
    """A rectangle of the picture, in pixels from its upper left corner."""

    fields: Fields = field(
        default_factory=lambda: Fields(
            {"x": Number(0), "y": Number(0), "width": Number(1), "height": Number(1)},
            needs=("x", "y", "width", "height"),
            what="a part of the picture",
        )
    )

    def read(self, node: Node, reading: Reading) -> Box:
        made = self.fields.read(node, reading)
        return made.get("x", 0), made.get("y", 0), made.get("width", 1), made.get("height", 1)

    def schema(self) -> dict[str, Any]:
        return self.fields.schema()


ACTIONS: Mapping[str, Shape] = {
    "postback": Values(),
    "text": Words(),
    "value": Plain(),
    "link": Words(),
    "pick": One(("date", "time", "datetime")),
    "copy": Words(),
    "switch": Plain(),
}
"""What a tap does, as on a button; an area has exactly one, but `switch`, which takes a `postback` along."""

ELSEWHERE = ("camera", "camera_roll", "location")
"""What buttons do and rich menus cannot."""

PARTS: Mapping[str, Shape] = {
    "note": Plain(),
    "cell": Cell(),
    "area": Pixels(),
    "label": Words(),
    "say": Words(),
    "desktop": Plain(),
    "keyboard": One(("openKeyboard", "openRichMenu", "closeRichMenu", "openVoice")),
    "fill": Words(),
    "initial": Plain(),
    "min": Plain(),
    "max": Plain(),
    **ACTIONS,
}


@dataclass(frozen=True, slots=True)
class AreaShape:
    """A part of the picture that can be tapped."""

    def read(self, node: Node, reading: Reading) -> Area:
        if node.kind != "map":
            reading.wrong(node, "an area", fix="write {cell: 1, label: …, postback: {…}}")
            return Area(node.at, node, {})
        made: dict[str, Any] = {}
        for key, one in node.map.items():
            with reading.inside(key):
                if key in PARTS:
                    made[key] = PARTS[key].read(one, reading)
                elif key in ELSEWHERE:
                    fix = "let it send a postback, and ask with a quick reply"
                    message = f"a rich menu cannot do `{key}`: only a quick reply can"
                    reading.tell("unknown-key", node.key_at(key), message, fix=fix)
                else:
                    unknown(key, node, PARTS, reading, "an area")
        self._judge(node, reading)
        cells, pixels = made.pop("cell", None), made.pop("area", None)
        made.pop("note", None)
        return Area(node.at, node, made, cells, pixels)

    def _judge(self, node: Node, reading: Reading) -> None:
        actions = [key for key in node.map if key in ACTIONS]
        if sorted(actions) == ["postback", "switch"]:
            actions = ["switch"]
        if not actions and any(key not in PARTS for key in node.map):
            return  # told already
        if len(actions) != 1:
            said = f"this one has {' and '.join(actions)}" if actions else "this one does nothing"
            fix = f"give it one of {', '.join(ACTIONS)}"
            reading.tell("one-of", node.at, f"an area does one thing, and {said}", fix=fix)
        if {"cell", "area"} <= node.map.keys():
            reading.tell(
                "one-of", node.key_at("area"), "an area lies in a `cell` or has an `area` of its own, not both"
            )

    def schema(self) -> dict[str, Any]:
        made = Fields(PARTS).schema()
        single = [key for key in ACTIONS if key != "switch"]
        other = {"required": ["switch"], "not": {"anyOf": [{"required": [k]} for k in single if k != "postback"]}}
        made["oneOf"] = [{"required": [key], "not": {"required": ["switch"]}} for key in single] + [other]
        return made


@dataclass(frozen=True, slots=True)
class Areas:
    """A list of areas."""

    def read(self, node: Node, reading: Reading) -> tuple[Area, ...]:
        if node.kind != "list":
            reading.wrong(node, "a list of areas")
            return ()
        made = []
        for index, one in enumerate(node.items):
            with reading.inside(index):
                made.append(AreaShape().read(one, reading))
        return tuple(made)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": AreaShape().schema(), "maxItems": 20}


SIZE = Fields({"width": Number(800, 2500), "height": Number(250)}, needs=("width", "height"), what="a size")
MENU = Fields(
    {
        "note": Plain(),
        "bar": Words(),
        "layout": Layout(),
        "size": SIZE,
        "image": Words(),
        "selected": Flag(),
        "default": Flag(),
        "areas": Areas(),
    },
    needs=("bar", "areas"),
    what="a rich menu",
)
"""The keys of a menu's file."""

Read = tuple[dict[str, Menu], list[Finding], list[Use]]


def read(files: Mapping[str, str], languages: Sequence[str]) -> Read:
    """Name → menu of the given menu files (path → text), what is wrong, and the keys of texts they use."""
    menus: dict[str, Menu] = {}
    findings: list[Finding] = []
    uses: list[Use] = []
    for path in sorted(files):
        node, told = kept.parsed(files[path], path)
        findings += told
        if node is None:
            continue
        name = PurePosixPath(path).stem
        reading = Reading(path, f"menus/{name}", {}, frozenset(), tuple(languages))
        menu = _menu(name, node, reading)
        if name in menus:
            message = f"there is a menu `{name}` already, in {menus[name].file}"
            reading.tell("menu-name", node.at, message, fix="rename one of the files")
        menus.setdefault(name, menu)
        findings += reading.findings
        uses += reading.texts
    return menus, findings, uses


def _menu(name: str, node: Node, reading: Reading) -> Menu:
    if not NAME.fullmatch(name) or name == DEFAULT:
        why = "the file's name is the menu's name and its alias at LINE: a-z, 0-9, _ and -, at most 32"
        message = "`default` means the menu that everybody sees" if name == DEFAULT else f"`{name}` cannot be a menu"
        reading.tell("menu-name", node.at, message, why=why, fix="rename the file")
    made: dict[str, Any] = MENU.read(node, reading)
    size = made.get("size") or {}
    _places(node, made, reading)
    return Menu(
        name=name,
        file=reading.file,
        at=node.at,
        node=node,
        bar=made.get("bar") or Told(node.at, {"": ""}),
        areas=_numbered(made.get("areas") or (), made.get("layout")),
        grid=made.get("layout"),
        size=(size["width"], size["height"]) if {"width", "height"} <= size.keys() else None,
        picture=made.get("image"),
        selected=bool(made.get("selected", True)),
        default=bool(made.get("default", False)),
    )


def _numbered(areas: Sequence[Area], grid: Grid | None) -> tuple[Area, ...]:
    """Areas that say no place of their own have the free cells of the layout, in their order."""
    if grid is None:
        return tuple(areas)
    taken = {cell for area in areas if area.cells for cell in grid.within(*area.cells)}
    free = (cell for cell in itertools.count(1) if cell not in taken)
    return tuple(
        area if area.cells or area.pixels else replace(area, cells=(cell := next(free), cell)) for area in areas
    )


def _places(node: Node, made: Mapping[str, Any], reading: Reading) -> None:
    """Whether every area has a cell, on a layout that is there."""
    grid, areas = made.get("layout"), made.get("areas") or ()
    loose = [area for area in areas if area.pixels is None]
    if "layout" not in node.map and loose:
        fix = "add layout: large 3x2 (columns x rows), or give every area its pixels"
        reading.tell("menu-area", loose[0].at, "there is no layout with cells in which areas could lie", fix=fix)
    for area, placed in zip(areas, _numbered(areas, grid), strict=True):
        if grid is None or placed.cells is None or max(placed.cells) <= grid.cells:
            continue
        message = f"the layout has {grid.cells} cells, and this is number {max(placed.cells)}"
        if area.cells is None:
            message = f"the layout has {grid.cells} cells, and none is free for this area"
        at = area.node.map["cell"].at if "cell" in area.node.map else area.at
        reading.tell("menu-area", at, message, fix="choose another cell, or a layout with more")
