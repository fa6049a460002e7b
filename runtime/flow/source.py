"""YAML (and JSON) with positions: what a designer wrote, and where.

Only `true`, `false`, whole numbers and decimals are read as anything but text: `on`, `yes`, `12:30`, dates,
`0812345678` and `+81` stay what they look like. Tags, merge keys and several documents in one file are refused,
anchors are allowed within bounds, duplicate keys are findings. `parse` never raises.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

import yaml

from runtime.flow import json_source, source_errors
from runtime.flow.nodes import Kind, Node, Spot, Value
from runtime.model import Finding, Place

__all__ = ["Node", "excerpt", "parse", "place_of"]

MAX_CHARS = 4_000_000
MAX_DEPTH = 60
MAX_NODES = 500_000
"""Nodes in one file, aliases counted as often as they are used."""

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?(?:[eE][-+]?\d{1,2})?|-?\.\d{1,18}", re.ASCII)
_NUMERIC = frozenset("-.0123456789")
_WORDS = {"true": True, "false": False}
_NULLS = frozenset(("null", "Null", "NULL", "~"))
_HASH = re.compile(r"(?<=\S)[ \t]+#(?=[^\s#!])")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ufeff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Stop(Exception):
    """The rest of the file is not read."""


class _Open:
    """A map or list that is being read."""

    __slots__ = ("anchor", "before", "is_map", "key", "node", "skip")

    def __init__(self, node: Node, is_map: bool, anchor: str | None, before: int) -> None:
        self.node = node
        self.is_map = is_map
        self.anchor = anchor
        self.before = before
        self.key: str | None = None
        self.skip = False


class _Reader:
    """Turns the parser's events into nodes."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0
        self.documents = 0
        self.lines: list[str] = []
        self.comments = {found.start() for found in _HASH.finditer(text)}

    def tell(self, code: str, at: Place, severity: Literal["error", "warning", "hint"] = "error", **parts: str) -> None:
        message, fix = source_errors.SAYINGS[code]
        self.findings.append(
            Finding(code=code, severity=severity, at=at, message=message.format(**parts), fix=fix.format(**parts))
        )

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def read(self) -> None:
        loader = _LOADER(self.text)
        get_event, handlers = loader.get_event, _HANDLERS
        try:
            while True:
                event = get_event()
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(self, event)
                elif isinstance(event, yaml.StreamEndEvent):
                    return
        finally:
            loader.dispose()

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.tell("yaml-documents", self.place(event.start_mark))
            raise _Stop

    def scalar(self, event: Any) -> None:
        top = self.open[-1] if self.open else None
        if top is not None and top.is_map and top.key is None:
            self.key(top, event)
            return
        if event.tag is not None:
            self.refuse_tag(event)
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        kind: Kind = "text"
        value: Any = event.value
        if event.implicit[0]:
            kind, value = self.resolve(event)
        elif event.style in ("|", ">"):
            line, column = self.block(line)
        elif event.style:
            column += 1
        self.add(Node(kind, value, self.file, line, column), event.anchor, self.count)

    def resolve(self, event: Any) -> tuple[Kind, Value]:
        text: str = event.value
        if self.comments and event.end_mark.index in self.comments:
            self.tell("yaml-comment", self.place(event.end_mark), "hint")
        if not text:
            return "nothing", None
        if text[0] in _NUMERIC and _NUMBER.fullmatch(text):
            return "number", int(text) if text.lstrip("-").isdecimal() else float(text)
        if text in _WORDS:
            return "bool", _WORDS[text]
        if text[0] in "“”‘" and text[-1] in "“”’":
            self.tell("yaml-quotes", self.place(event.start_mark), "hint")
        if text in _NULLS:
            self.tell("yaml-null", self.place(event.start_mark), "warning", text=text)
        return "text", text

    def block(self, line: int) -> Spot:
        """Where the text of a `|` or `>` block begins: the first line with something on it."""
        self.lines = self.lines or source_errors.BREAKS.split(self.text)
        for number, content in enumerate(self.lines[line:], line + 1):
            if stripped := content.lstrip(" "):
                return number, len(content) - len(stripped) + 1
        return line, 1

    def key(self, top: _Open, event: Any) -> None:
        name: str = event.value
        mark = event.start_mark
        if event.tag is not None:
            self.refuse_tag(event)
        top.key = name
        top.skip = True
        if name == "<<" and event.implicit[0]:
            self.tell("yaml-merge", self.place(mark))
        elif not name and event.implicit[0]:
            self.tell("yaml-no-key", self.place(mark))
        elif top.node.named(name):
            self.tell("yaml-twice", self.place(mark), key=name, first=str(top.node.key_at(name).line))
        else:
            top.skip = False
            top.node.name(name, mark.line + 1, mark.column + 1)

    def refuse_tag(self, event: Any) -> None:
        self.tell("yaml-tag", self.place(event.start_mark))

    def begin_map(self, event: Any) -> None:
        self.begin(event, True)

    def begin_list(self, event: Any) -> None:
        self.begin(event, False)

    def begin(self, event: Any, is_map: bool) -> None:
        mark = event.start_mark
        if len(self.open) >= MAX_DEPTH:
            self.tell("yaml-deep", self.place(mark), limit=str(MAX_DEPTH))
            raise _Stop
        if event.tag is not None:
            self.refuse_tag(event)
        top = self.open[-1] if self.open else None
        if top is not None and top.is_map and top.key is None:
            self.odd_key(mark)
        node = Node("map" if is_map else "list", {} if is_map else [], self.file, mark.line + 1, mark.column + 1)
        self.open.append(_Open(node, is_map, event.anchor, self.count))

    def odd_key(self, mark: Any) -> None:
        """A map or list stands where a key belongs: most often braces without quotes."""
        at = self.place(mark)
        if self.text[max(mark.index - 1, 0) :].startswith("{{"):
            self.tell("yaml-braces", Place(at.file, at.line, at.column - 1))
        else:
            self.tell("yaml-odd-key", at)

    def end(self, event: Any) -> None:
        done = self.open.pop()
        self.add(done.node, done.anchor, done.before)

    def alias(self, event: Any) -> None:
        known = self.anchors.get(event.anchor)
        at = self.place(event.start_mark)
        if known is None:
            inside = any(each.anchor == event.anchor for each in self.open)
            self.tell("yaml-loop" if inside else "yaml-alias", at, name=event.anchor)
            raise _Stop
        node, size = known
        before = self.count
        self.count += size - 1
        self.add(node, None, before)

    def add(self, node: Node, anchor: str | None, before: int) -> None:
        """Put a finished node where it belongs."""
        self.count += 1
        if self.count > MAX_NODES:
            self.tell("yaml-many", node.at, limit=f"{MAX_NODES:,}")
            raise _Stop
        if anchor is not None:
            self.anchors[anchor] = (node, self.count - before)
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        into = top.node.value
        if isinstance(into, list):
            into.append(node)
        elif top.key is None:  # a list or map where a key belongs; already told
            top.key, top.skip = "", True
        elif isinstance(into, dict):
            if not top.skip:
                into[top.key] = node
            top.key = None


_HANDLERS: dict[type, Any] = {
    yaml.ScalarEvent: _Reader.scalar,
    yaml.MappingStartEvent: _Reader.begin_map,
    yaml.SequenceStartEvent: _Reader.begin_list,
    yaml.MappingEndEvent: _Reader.end,
    yaml.SequenceEndEvent: _Reader.end,
    yaml.AliasEvent: _Reader.alias,
    yaml.DocumentStartEvent: _Reader.document,
}


def parse(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """The tree of a file, or None when it cannot be read, and everything that is wrong with it.

    A file whose name ends in `.json` is read as JSON, any other as YAML.
    """
    reader = _Reader(text.removeprefix("\ufeff"), file)
    bad = _FORBIDDEN.search(reader.text)
    if len(text) > MAX_CHARS:
        reader.tell("yaml-large", Place(file), limit=f"{MAX_CHARS:,}")
    elif bad:
        name = f"U+{ord(bad[0]):04X}"
        reader.tell("yaml-character", place_of(reader.text, bad.start(), file), name=name)
    elif file.endswith(".json") and reader.text.strip():
        return json_source.parse(reader.text, file)
    else:
        _read(reader)
    if reader.root is None and not reader.findings:
        reader.tell("yaml-empty", Place(file, 1, 1))
    return reader.root, reader.findings


def _read(reader: _Reader) -> None:
    try:
        reader.read()
    except _Stop:
        reader.root = None
    except yaml.YAMLError as error:
        reader.root = None
        if not any(told.code == "yaml-braces" for told in reader.findings):
            reader.findings.append(source_errors.explain(error, reader.text, reader.file))


def place_of(text: str, offset: int, file: str) -> Place:
    """The place of a character of a file by its offset from the beginning."""
    before = source_errors.BREAKS.split(text[:offset])
    return Place(file, len(before), len(before[-1]) + 1)


def excerpt(text: str, place: Place, width: int = 100) -> str:
    """The line of a place with a caret below it, at most `width` characters wide; empty when there is none."""
    lines = source_errors.BREAKS.split(text.removeprefix("\ufeff"))
    if not 1 <= place.line <= len(lines):
        return ""
    line = lines[place.line - 1]
    column = min(max(place.column - 1, 0), len(line))
    cut = max(0, min(column - width * 2 // 3, len(line) - width))
    shown, before = line[cut : cut + width], line[cut:column]
    pad = "".join("\t" if char == "\t" else " " * _cells(char) for char in before)
    return f"{shown}\n{pad}^"


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
