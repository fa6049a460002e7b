"""JSON with positions, as exported by LINE's Flex Message Simulator: cards, with or without `{{ }}` in their texts."""

from __future__ import annotations

import bisect
import json
import re

from runtime.flow.nodes import Kind, Node, Value
from runtime.model import Finding, Place

MAX_DEPTH = 60

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?(?:[eE][-+]?\d{1,2})?", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_STRINGS = json.JSONDecoder(strict=False)
_WORD = re.compile(r"[A-Za-z_]\w*")


class _Wrong(Exception):
    def __init__(self, offset: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.offset, self.message, self.fix = offset, message, fix


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.at = 0
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
        self.findings: list[Finding] = []

    def spot(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def tell(self, offset: int, code: str, message: str, fix: str) -> None:
        at = Place(self.file, *self.spot(offset))
        self.findings.append(Finding(code=code, severity="error", at=at, message=message, fix=fix))

    def peek(self) -> str:
        """The next sign that is no space."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def node(self, kind: Kind, value: Value, offset: int) -> Node:
        return Node(kind, value, self.file, *self.spot(offset))

    def whole(self) -> Node:
        root = self.value(0)
        if self.peek():
            raise _Wrong(self.at, "something follows the end of the JSON value", "remove it")
        return root

    def value(self, depth: int) -> Node:
        sign, start = self.peek(), self.at
        if depth > MAX_DEPTH:
            raise _Wrong(start, f"this is nested more than {MAX_DEPTH} levels deep", "split it up")
        if self.text.startswith("{{", start):
            raise _Wrong(start, "a text needs double quotes in JSON", 'write "{{ … }}"')
        if sign == "{":
            return self.mapping(depth)
        if sign == "[":
            return self.entries(depth)
        if sign == '"':
            return self.node("text", self.string(), start + 1)
        if number := _NUMBER.match(self.text, start):
            self.at = number.end()
            figure = number[0]
            return self.node("number", int(figure) if figure.lstrip("-").isdecimal() else float(figure), start)
        return self.word(start)

    def word(self, start: int) -> Node:
        found = _WORD.match(self.text, start)
        if found and found[0] in _WORDS:
            self.at = found.end()
            value = _WORDS[found[0]]
            return self.node("nothing" if value is None else "bool", value, start)
        if found:
            raise _Wrong(start, "a text needs double quotes in JSON", 'write "…"')
        raise _Wrong(start, "a value is missing here", "check for a comma too many or a missing value")

    def string(self) -> str:
        start = self.at
        try:
            text, self.at = _STRINGS.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            closed = "Unterminated" not in error.msg
            message = "a backslash here begins no special character" if closed else "this quote is never closed"
            raise _Wrong(error.pos, message, 'write \\\\ for a backslash, and " at the end of the text') from None
        return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def entries(self, depth: int) -> Node:
        start = self.at
        items: list[Node] = []
        self.at += 1
        if self.peek() != "]":
            items.append(self.value(depth + 1))
            while self.more("]", start):
                items.append(self.value(depth + 1))
        self.at += 1
        return self.node("list", items, start)

    def mapping(self, depth: int) -> Node:
        start = self.at
        entries: dict[str, Node] = {}
        node = self.node("map", entries, start)
        self.at += 1
        if self.peek() != "}":
            self.entry(node, entries, depth)
            while self.more("}", start):
                self.entry(node, entries, depth)
        self.at += 1
        return node

    def entry(self, node: Node, entries: dict[str, Node], depth: int) -> None:
        if self.peek() != '"':
            raise _Wrong(self.at, "a name in double quotes belongs here", 'write "name": value')
        start, key = self.at, self.string()
        if self.peek() != ":":
            raise _Wrong(self.at, "a colon belongs here", 'write "name": value')
        self.at += 1
        value = self.value(depth + 1)
        if key in entries:
            first = node.key_at(key).line
            self.tell(start, "yaml-twice", f"`{key}` is here a second time; the first is on line {first}", "keep one")
            return
        entries[key] = value
        node.name(key, *self.spot(start))

    def more(self, end: str, start: int) -> bool:
        """Whether another entry follows; past the comma if so, at the closing bracket if not."""
        sign = self.peek()
        if sign == end:
            return False
        if not sign:
            raise _Wrong(start, f"this bracket is never closed with {end}", f"add {end}")
        if sign != ",":
            raise _Wrong(self.at, f"a comma or {end} belongs here", "put a comma between entries")
        self.at += 1
        if self.peek() == end:
            raise _Wrong(self.at - 1, f"a comma stands before {end}", "remove the comma")
        return True


def parse(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """The tree of a JSON text, or None, and what is wrong with it. Never raises."""
    reader = _Reader(text, file)
    try:
        return reader.whole(), reader.findings
    except _Wrong as wrong:
        reader.tell(min(wrong.offset, len(text)), "json-syntax", wrong.message, wrong.fix)
    return None, reader.findings
