"""Values of files that people edit, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from runtime.model import Place

Kind = Literal["map", "list", "text", "number", "bool", "nothing"]
Value: TypeAlias = "dict[str, Node] | list[Node] | str | int | float | bool | None"
Spot: TypeAlias = "tuple[int, int]"


_NO_MAP: dict[str, Any] = {}
_NO_LIST: list[Any] = []
"""What everything else has for entries: never changed."""


class Node:
    """One value of a file and its place. `at` is where its text begins, behind an opening quote or `|`.

    `map` and `items` are the entries when this is a map or a list, else none: looked at so often that they are no
    properties.
    """

    __slots__ = ("_keys", "column", "file", "items", "kind", "line", "map", "value")

    def __init__(self, kind: Kind, value: Value, file: str, line: int, column: int) -> None:
        self.kind: Kind = kind
        self.value = value
        self.file = file
        self.line = line
        self.column = column
        self.map: dict[str, Node] = _NO_MAP
        self.items: list[Node] = _NO_LIST
        self._keys: dict[str, Spot] = _NO_MAP
        if isinstance(value, dict):
            self.map, self._keys = value, {}
        elif isinstance(value, list):
            self.items = value

    @property
    def at(self) -> Place:
        return Place(self.file, self.line, self.column)

    def key_at(self, key: str) -> Place:
        """Where a key of this map stands; the map's own place when it has no such key."""
        line, column = self._keys.get(key, (self.line, self.column))
        return Place(self.file, line, column)

    def name(self, key: str, line: int, column: int) -> None:
        """Remember where a key stands."""
        self._keys[key] = (line, column)

    def named(self, key: str) -> bool:
        return key in self._keys

    def get(self, key: str) -> Node | None:
        """The value under a key, if this is a map that has it."""
        return self.map.get(key)

    @property
    def text(self) -> str:
        """What a scalar says (`4` → "4", true → "true"); empty for maps, lists and nothing."""
        if isinstance(self.value, str):
            return self.value
        if self.kind == "bool":
            return "true" if self.value else "false"
        return str(self.value) if self.kind == "number" else ""

    def plain(self) -> Any:
        """Ordinary data: dict, list, str, int, float, bool, None."""
        value = self.value
        if isinstance(value, dict):
            return {key: node.plain() for key, node in value.items()}
        if isinstance(value, list):
            return [node.plain() for node in value]
        return value

    def __repr__(self) -> str:
        return f"Node({self.kind}, {self.plain()!r}, {self.at})"


def maps(node: Node) -> Iterator[Node]:
    """Every mapping in a part of a file."""
    todo = [node]
    while todo:
        one = todo.pop()
        if one.kind == "map":
            yield one
            todo += one.map.values()
        elif one.kind == "list":
            todo += one.items
