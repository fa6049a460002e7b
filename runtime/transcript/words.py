"""What a test says about a text: exactly this, `/this pattern/`, or what `$key` says in the language of the user."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.errors import BadInput
from runtime.flow.live import KEY
from runtime.flow.reading import LANGUAGE, Reading, nearest
from runtime.flow.source import Node
from runtime.flow.tree import Flows
from runtime.model import Place

REGEX = re.compile(r"/(.+)/(i?)", re.DOTALL)
FILLED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`regex` where it is one, `key` where it is a key, `by` where each language has its own."""

    source: str
    at: Place
    regex: re.Pattern[str] | None = None
    key: str = ""
    by: Mapping[str, Pattern] = field(default_factory=dict)


class Words:
    """The texts of a bot as one user hears them."""

    def __init__(self, flows: Flows, language: str) -> None:
        self.flows, self.language = flows, language

    def fits(self, pattern: Pattern, text: str) -> bool:
        pattern = self.own(pattern)
        if pattern.regex is not None:
            return pattern.regex.search(text) is not None
        if pattern.key:
            return any(form.fullmatch(text) for form in self.forms(pattern.key))
        return pattern.source.rstrip("\n") == text.rstrip("\n")

    def own(self, pattern: Pattern) -> Pattern:
        """Of a pattern by language, that of the user's."""
        if not pattern.by:
            return pattern
        base = self.language.split("-")[0]
        return pattern.by.get(self.language) or pattern.by.get(base) or next(iter(pattern.by.values()))

    def texts(self, key: str) -> list[str]:
        """Every wording of a key, in whichever flow, as it is written."""
        found: dict[str, None] = {}
        for flow in ("", *self.flows.flows):
            if self.flows.texts.owner(key, flow)[0] == flow:
                found |= dict.fromkeys(one.text for one in self.flows.texts.get(key, self.language, flow))
        return list(found)

    def forms(self, key: str) -> Iterator[re.Pattern[str]]:
        """What a key may say: `{{ }}` stand for anything."""
        for text in self.texts(key):
            yield re.compile(".*".join(re.escape(part) for part in FILLED.split(text)), re.DOTALL)

    def plain(self, pattern: Pattern) -> str:
        """A text to write or a label to tap: `$key` looked up. Raises `BadInput` when there is no such text."""
        pattern = self.own(pattern)
        if not pattern.key:
            return pattern.source
        found = self.texts(pattern.key)
        if not found:
            raise BadInput(f"there is no text `{pattern.key}`{nearest(pattern.key, self.keys())}")
        return found[0]

    def keys(self) -> list[str]:
        """The keys of all texts, once each."""
        flows = self.flows
        return list(dict.fromkeys(key for flow in flows.flows for key in flows.texts.keys(flow)))

    def shown(self, pattern: Pattern) -> str:
        """As a test writes it, and for a key what it says."""
        pattern = self.own(pattern)
        if pattern.regex is not None:
            return pattern.source
        if not pattern.key:
            return quoted(pattern.source)
        said = " or ".join(quoted(text) for text in self.texts(pattern.key)) or "(there is no such text)"
        return f"${pattern.key} {said}"

    def key_of(self, text: str) -> str:
        """The key that says exactly this, if there is just one; empty otherwise."""
        found = [key for key in self.keys() if text in self.texts(key)]
        return found[0] if len(found) == 1 else ""


def quoted(text: str) -> str:
    """In double quotes, on one line."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern as a file writes it."""

    def read(self, node: Node, reading: Reading) -> Pattern:
        if node.kind == "map" and node.map and set(node.map) <= set(reading.languages):
            by = {language: self._scalar(one, reading) for language, one in node.map.items()}
            return Pattern(next(iter(by.values())).source, node.at, by=by)
        return self._scalar(node, reading)

    def _scalar(self, node: Node, reading: Reading) -> Pattern:
        if node.kind not in ("text", "number", "bool"):
            reading.wrong(node, "a text, a /pattern/ or a $key")
            return Pattern("", node.at)
        text = node.text
        if found := REGEX.fullmatch(text):
            return Pattern(text, node.at, regex=self._regex(found, node, reading))
        key = KEY.fullmatch(text)
        return Pattern(text, node.at, key=key[1] if key else "")

    def _regex(self, found: re.Match[str], node: Node, reading: Reading) -> re.Pattern[str]:
        try:
            return re.compile(found[1], re.IGNORECASE if found[2] else 0)
        except (re.error, RecursionError, OverflowError) as error:
            reading.tell("bad-regex", node.at, f"`{node.text}` is no regular expression: {error}")
            return re.compile("(?!)")

    def schema(self) -> dict[str, Any]:
        text = {"type": ["string", "number", "boolean"]}
        return {
            "anyOf": [
                text,
                {
                    "type": "object",
                    "propertyNames": {"pattern": f"^{LANGUAGE}$"},
                    "additionalProperties": text,
                    "minProperties": 1,
                },
            ]
        }
