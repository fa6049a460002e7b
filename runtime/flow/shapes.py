"""Shapes: what may stand at a place of a flow file, said once for the loader and for the editor's schema.

`read` turns a node into what a step works with and tells findings on the way; `schema` is the same as JSON
Schema. Texts, expressions and blocks of steps are shapes like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from runtime.flow.reading import KINDS, NAME, Reading, meant
from runtime.flow.source import Node

UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
LONGEST = 400 * UNITS["d"]


class Shape(Protocol):
    """Something that may stand in a flow file."""

    def read(self, node: Node, reading: Reading) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


Shapes: TypeAlias = Mapping[str, Shape]


YES, NO = ("yes", "on", "y", "true", "1"), ("no", "off", "n", "false", "0")
"""Words for true and false that are texts here."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, node: Node, reading: Reading) -> bool:
        if node.kind != "bool":
            said = {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}.get(node.text.lower(), "")
            reading.wrong(node, "true or false", fix=f"write {said}: `{node.text}` is a text" if said else "")
        return node.value is True

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds."""

    min: float | None = None
    max: float | None = None
    whole: bool = True

    def read(self, node: Node, reading: Reading) -> Any:
        value = node.value
        if node.kind != "number" or (self.whole and not isinstance(value, int)):
            reading.wrong(node, "a whole number" if self.whole else "a number")
            return 0
        assert isinstance(value, (int, float))
        if (self.min is not None and value < self.min) or (self.max is not None and value > self.max):
            reading.tell("out-of-range", node.at, f"expected {self._range()}, found {value}")
        return value

    def _range(self) -> str:
        if self.max is None:
            return f"at least {self.min}"
        return f"{self.min} to {self.max}" if self.min is not None else f"at most {self.max}"

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        made |= {"minimum": self.min} if self.min is not None else {}
        return made | ({"maximum": self.max} if self.max is not None else {})


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, in milliseconds: `10s`, `30m`, `2d`."""

    min: int = 0
    max: int = LONGEST

    def read(self, node: Node, reading: Reading) -> int:
        found = SPAN.fullmatch(node.text.strip()) if node.kind == "text" else None
        if not found:
            reading.tell(
                "bad-duration",
                node.at,
                f"expected a duration, found {node.text or KINDS[node.kind]}",
                fix=_span_meant(node.text),
            )
            return 1000
        value = round(float(found[1]) * UNITS[found[2]])
        if not self.min <= value <= self.max:
            reading.tell("out-of-range", node.at, f"expected {self.min} to {self.max} ms, found {node.text}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^\\s*{SPAN.pattern}\\s*$"}


def _span_meant(text: str) -> str:
    """How to write a length of time that somebody wrote in another way."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)\.?", text.strip())
    unit = next((unit for word, unit in SPOKEN_UNITS if found and found[2].lower().startswith(word)), "")
    if found and unit:
        return f"write {found[1]}{unit}"
    if found and not found[2]:
        return f"say which unit: {found[1]}s, {found[1]}m or {found[1]}h"
    return "write 500ms, 10s, 30m, 1.5h or 2d"


SPOKEN_UNITS = (
    *(("milli", "ms"), ("sec", "s"), ("min", "m"), ("hour", "h"), ("hr", "h"), ("day", "d"), ("week", "w")),
    *(("detik", "s"), ("menit", "m"), ("jam", "h"), ("hari", "d")),
)


@dataclass(frozen=True, slots=True)
class One:
    """One of a few words."""

    of: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> str:
        if node.text not in self.of or node.kind != "text":
            found = f"`{node.text[:40]}`" if node.text else KINDS[node.kind]
            close = meant(node.text, self.of) if node.text else ""
            listed = ", ".join(self.of[:SHOWN]) + (f" and {len(self.of) - SHOWN} more" if len(self.of) > SHOWN else "")
            reading.tell(
                "unknown-word",
                node.at,
                f"{found} is none of the words that may stand here" + (f"; did you mean `{close}`?" if close else ""),
                fix=f"write {close}" if close else f"write one of {listed}",
            )
            return self.of[0]
        return node.text

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.of)}


@dataclass(frozen=True, slots=True)
class Plain:
    """A text that is taken as it is."""

    pattern: str = ""
    hint: str = ""

    def read(self, node: Node, reading: Reading) -> str:
        if node.kind not in ("text", "number", "bool"):
            reading.wrong(node, self.hint or "a text")
            return ""
        if self.pattern and not re.fullmatch(self.pattern, node.text):
            name = re.sub(r"\W+", "_", node.text.strip(), flags=re.ASCII).strip("_")
            fix = f"write {name}" if name != node.text and re.fullmatch(self.pattern, name) else ""
            reading.tell("wrong-form", node.at, f"`{node.text}` is not {self.hint}", fix=fix)
        return node.text

    def schema(self) -> dict[str, Any]:
        base: dict[str, Any] = {"type": ["string", "number", "boolean"]}
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"} if self.pattern else base


@dataclass(frozen=True, slots=True)
class Word(Plain):
    """A name: letters, digits and `_`."""

    pattern: str = NAME.pattern
    hint: str = "a name (letters, digits, _; not beginning with a digit)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    def read(self, node: Node, reading: Reading) -> re.Pattern[str]:
        if node.kind not in ("text", "number"):
            reading.wrong(node, "a regular expression")
        return compiled(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"]}


def compiled(node: Node, reading: Reading) -> re.Pattern[str]:
    text = node.text
    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        text = text[1:-1]
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        reading.tell("bad-regex", node.at, f"`{text}` is no regular expression: {error}")
        return re.compile("(?!)")


@dataclass(frozen=True, slots=True)
class Many:
    """A list; with `single`, one entry may stand without the brackets. Gives a tuple."""

    of: Shape
    min: int = 0
    max: int = 10_000
    single: bool = False

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...]:
        if node.kind != "list":
            if self.single and node.kind != "nothing":
                return (self.of.read(node, reading),)
            scalar = node.kind in ("text", "number", "bool")
            fix = f"write [{node.text[:60]}]" if scalar else "begin each entry with `- `" if node.kind == "map" else ""
            reading.wrong(node, "a list", fix=fix)
            return ()
        if not self.min <= len(node.items) <= self.max:
            few = len(node.items) < self.min
            many = f"at least {_entries(self.min)}" if few else f"at most {_entries(self.max)}"
            fix = f"add {self.min - len(node.items)}" if few else f"take {len(node.items) - self.max} of them out"
            reading.tell("wrong-count", node.at, f"expected {many}, found {len(node.items) or 'none'}", fix=fix)
        return tuple(self._entry(index, one, reading) for index, one in enumerate(node.items))

    def _entry(self, index: int, node: Node, reading: Reading) -> Any:
        with reading.inside(index):
            return self.of.read(node, reading)

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "array", "items": self.of.schema()}
        made |= {"minItems": self.min} if self.min else {}
        made |= {"maxItems": self.max} if self.max < 10_000 else {}
        return {"anyOf": [self.of.schema(), made]} if self.single else made


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


@dataclass(frozen=True, slots=True)
class Dict:
    """A mapping with keys of the designer's own."""

    of: Shape
    keys: str = ""

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if node.kind != "map":
            reading.wrong(node, "a mapping")
            return {}
        made: dict[str, Any] = {}
        for key, one in node.map.items():
            if self.keys and not re.fullmatch(self.keys, key):
                reading.tell("wrong-form", node.key_at(key), f"`{key}` cannot be a name here")
            with reading.inside(key):
                made[key] = self.of.read(one, reading)
        return made

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "object", "additionalProperties": self.of.schema()}
        return made | ({"propertyNames": {"pattern": f"^(?:{self.keys})$"}} if self.keys else {})


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with known keys. `needs`: must be there; `one_of`: exactly one of these.

    Gives a dict of what was there, or what `make` makes of it.
    """

    of: Mapping[str, Shape]
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    make: Callable[[dict[str, Any]], Any] | None = None
    what: str = "a mapping"
    title: str = field(default="", kw_only=True)

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind != "map":
            reading.wrong(node, f"{self.what} with {', '.join(self.of)}" if self.of else self.what)
            return self.make({}) if self.make else {}
        made = self._entries(node, reading)
        self._judge(node, reading)
        return self.make(made) if self.make else made

    def _entries(self, node: Node, reading: Reading) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, one in node.map.items():
            shape = self.of.get(key)
            if shape is None:
                unknown(key, node, self.of, reading)
                continue
            with reading.inside(key):
                made[key] = shape.read(one, reading)
        return made

    def _judge(self, node: Node, reading: Reading) -> None:
        misspelt = {meant(key, self.of) for key in node.map if key not in self.of} if self.needs else set()
        for key in self.needs:
            if key not in node.map and key not in misspelt:
                reading.tell("missing-key", node.at, f"`{key}` is missing here", fix=f"add {key}: …")
        there = [key for key in self.one_of if key in node.map]
        if self.one_of and len(there) != 1:
            said = f"found {' and '.join(there)}" if there else "found none"
            reading.tell("one-of", node.at, f"expected exactly one of {', '.join(self.one_of)}; {said}")

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self.of.items()},
            "additionalProperties": False,
        }
        made |= {"required": list(self.needs)} if self.needs else {}
        return made | ({"oneOf": [{"required": [key]} for key in self.one_of]} if self.one_of else {})


@dataclass(frozen=True, slots=True)
class By:
    """Another shape for each kind of value: a scalar, a list, a mapping, nothing."""

    scalar: Shape | None = None
    list: Shape | None = None
    map: Shape | None = None
    nothing: bool = False
    hint: str = ""
    """How to write it, when something else stands there."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind == "nothing" and self.nothing:
            return None
        shape = {"map": self.map, "list": self.list, "nothing": None}.get(node.kind, self.scalar)
        if shape is None:
            reading.wrong(node, " or ".join(self._wanted()), fix=self.hint)
            return None
        return shape.read(node, reading)

    def _wanted(self) -> tuple[str, ...]:
        kinds = (("a text", self.scalar), ("a list", self.list), ("a mapping", self.map))
        return tuple(word for word, shape in kinds if shape is not None) or ("nothing",)

    def schema(self) -> dict[str, Any]:
        made = [shape.schema() for shape in (self.scalar, self.list, self.map) if shape is not None]
        made += [{"type": "null"}] if self.nothing else []
        return made[0] if len(made) == 1 else {"anyOf": made}


@dataclass(frozen=True, slots=True)
class Nothing:
    """A place where nothing stands."""

    def read(self, node: Node, reading: Reading) -> None:
        if node.kind != "nothing":
            reading.wrong(node, "nothing")

    def schema(self) -> dict[str, Any]:
        return {"type": "null"}


def unknown(key: str, node: Node, known: Mapping[str, Any], reading: Reading, where: str = "this") -> None:
    """Tell of a key that means nothing here: the nearest that does, or all when they are few."""
    if key in ("keyword", "event", "postback", "regex") and "start" in known:
        fix = f"write start: [{{{key}: …}}]"
        reading.tell("unknown-key", node.key_at(key), f"`{key}` is not known here: it is a trigger", fix=fix)
        return
    reading.lost |= set() if reading.path else node.map[key].map.keys()
    if key in reading.steps and "do" in known and key not in ("run", "end"):
        fix = f"write do: [{{{key}: …}}]"
        reading.tell("unknown-key", node.key_at(key), f"`{key}` is a step, and steps stand under `do` here", fix=fix)
        return
    close = meant(key, known)
    few = list(known)[:SHOWN]
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    reading.tell(
        "unknown-key",
        node.key_at(key),
        f"`{key}` is not known here" + (f"; did you mean `{close}`?" if close else ""),
        fix=f"write {close}: …" if close else f"{where} knows {', '.join(few)}{more}",
    )


SHOWN = 12
"""Known keys that a finding names at most."""
