"""Texts put back into the files they came from: only the words change, comments and layout stay.

Nothing here reads or writes a disk: a file's text goes in, its new text comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import yaml

from runtime.errors import BadInput
from runtime.flow import csv_source, source
from runtime.flow.texts import ANY
from runtime.model import Place

Edit: TypeAlias = tuple[int, int, str]
"""From, to (offsets), what stands there instead."""

Wanted: TypeAlias = Mapping[tuple[str, str], tuple[str, ...]]
"""(key, language) → the variants it shall have."""


class Spot(NamedTuple):
    """Where a text stands that is written in its step; `bare`: a button that is nothing but this text."""

    at: Place
    languages: tuple[str, ...]
    bare: bool = False


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOWHERE: Mapping[str, Spot] = {}
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`“”][^:#{}\[\],\n]*[^\s:#{}\[\],]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they must not overlap."""
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def in_yaml(text: str, wanted: Wanted, first: str, spots: Mapping[str, Spot] = NOWHERE) -> str:
    """A YAML file of texts, or a flow, with other wordings. `first`: the language of texts that had none.

    Raises `BadInput` when the file is no longer what it was.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise BadInput("this file cannot be read; run `noren check` first") from None
    inner = _entry(root, "texts")
    texts = inner if isinstance(inner, yaml.MappingNode) else root
    by_key: dict[str, dict[str, tuple[str, ...]]] = {}
    for (key, language), variants in wanted.items():
        by_key.setdefault(key, {})[language] = variants
    edits: list[Edit] = []
    for key, languages in by_key.items():
        spot = spots.get(key)
        node = _entry(texts, key) if spot is None else _around(text, root, spot)
        if node is None:
            raise BadInput(f"the text `{key}` is not in this file any more")
        made = list(_reworded(text, node, languages, first))
        if spot is not None and spot.bare and set(languages) - {ANY}:
            made = [(start, end, f"{{label: {new}, text: {new}}}") for start, end, new in made]
        edits += made
    return edited(text, edits)


def _around(text: str, root: Any, spot: Spot) -> Any:
    """The text that stands at a place of a flow: its scalar, or the mapping that has its languages."""
    lines = [0, *(found.end() for found in re.finditer(r"\n", text))]
    offset = lines[spot.at.line - 1] + spot.at.column - 1 if spot.at.line <= len(lines) else -1
    way = [root]
    while isinstance(way[-1], (yaml.MappingNode, yaml.SequenceNode)):
        inner = [part for one in way[-1].value for part in (one if isinstance(one, tuple) else (one,))]
        found = next((one for one in inner if one.start_mark.index <= offset <= one.end_mark.index), None)
        if found is None:
            return None
        way.append(found)
    wanted = set(spot.languages) - {ANY}
    return next((one for one in reversed(way) if _keys(one) >= wanted), None) if wanted else way[-1]


def _keys(node: Any) -> set[str]:
    return {str(key.value) for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()


def _entry(node: Any, name: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if getattr(key, "value", None) == name), None)


def _reworded(text: str, node: Any, languages: Mapping[str, tuple[str, ...]], first: str) -> Iterator[Edit]:
    """Edits of one text in some languages."""
    if not isinstance(node, yaml.MappingNode):
        if set(languages) <= {ANY}:
            yield from _value(text, node, languages[ANY])
            return
        start, end = _span(text, node)
        own = _read(node) if ANY not in languages else languages[ANY]
        parts = {first: own, **{one: variants for one, variants in languages.items() if one != ANY}}
        inner = ", ".join(f"{one}: {_written(variants)}" for one, variants in parts.items())
        yield start, end, f"{{{inner}}}"
        return
    known = {str(key.value).lower().replace("_", "-"): value for key, value in node.value}
    added = []
    for language, variants in languages.items():
        value = known.get(language.lower())
        if value is not None:
            yield from _value(text, value, variants)
        else:
            added.append(f"{language}: {_written(variants)}")
    if added:
        yield _added(text, node, added)


def _added(text: str, node: Any, entries: list[str]) -> Edit:
    """New entries at the end of a mapping, in the form it has."""
    if node.flow_style:
        at = node.end_mark.index - 1
        while text[at - 1].isspace():
            at -= 1
        comma = "" if not node.value or text[at - 1] == "," else ","
        return at, at, f"{comma} " + ", ".join(entries)
    last = node.value[-1]
    at = _line_end(text, _span(text, last[1])[1])
    indent = "\n" + " " * node.value[0][0].start_mark.column
    return at, at, "".join(indent + entry for entry in entries)


def _line_end(text: str, at: int) -> int:
    """The end of the line, behind a comment that belongs to it."""
    if at and text[at - 1] == "\n":
        return at - 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - 1 if end and text[end - 1] == "\r" else end


def _value(text: str, node: Any, variants: tuple[str, ...]) -> Iterator[Edit]:
    """Edits that make a value say other things."""
    if isinstance(node, yaml.MappingNode):  # {any: […]} or {next: […]}
        node = node.value[0][1]
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if len(nodes) == len(variants):
        for one, words in zip(nodes, variants, strict=True):
            if one.value != words:
                yield (*_span(text, one), _scalar(words, one.style))
        return
    start, end = _span(text, node)
    yield start, end, _written(variants)


def _span(text: str, node: Any) -> tuple[int, int]:
    """Where a value begins and ends, without the comments and lines behind it."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        while node.style in ("|", ">") and end > start and text[end - 1] in "\r\n ":
            end -= 1
    elif not node.flow_style and node.value:
        last = node.value[-1]
        end = _span(text, last[1] if isinstance(last, tuple) else last)[1]
    return start, end


def _read(node: Any) -> tuple[str, ...]:
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(str(one.value) for one in nodes)


def _written(variants: tuple[str, ...]) -> str:
    parts = [json.dumps(one, ensure_ascii=False) for one in variants]
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _scalar(words: str, style: str | None) -> str:
    """A text in the style it had, where that style can say it."""
    if style == "'" and "\n" not in words:
        return "'" + words.replace("'", "''") + "'"
    if not style and _PLAIN.fullmatch(words) and _reads_as(words):
        return words
    return json.dumps(words, ensure_ascii=False)


def _reads_as(words: str) -> bool:
    """Whether a text without quotes is still this text."""
    node, findings = source.parse(f"a: {words}", "")
    value = node.get("a") if node is not None and not findings else None
    return value is not None and value.kind == "text" and value.text == words


def in_csv(text: str, wanted: Wanted, file: str) -> str:
    """A spreadsheet of texts with other wordings; a language without a column gets one.

    Raises `BadInput` when a text is not there, or has fewer lines than the variants it shall have.
    """
    lines, _ = csv_source.parse(text, file)
    header = [cell.text.strip().lower().replace("_", "-") for cell in lines[0]]
    sheet = _Sheet(text)
    for language in dict.fromkeys(language for _, language in wanted):
        if language.lower() not in header:
            sheet.put(lines[0], len(header), language)
            header.append(language.lower())
    groups = _groups(lines[1:])
    for (key, language), variants in wanted.items():
        if key not in groups:
            raise BadInput(f"the text `{key}` is not in {file} any more")
        if len(variants) > len(groups[key]):
            raise BadInput(f"`{key}` has {len(groups[key])} lines in {file}; add a line with the key + first")
        for line, words in zip(groups[key], variants, strict=False):
            sheet.put(line, header.index(language.lower()), words)
    return sheet.text()


def _groups(lines: list[list[csv_source.Cell]]) -> dict[str, list[list[csv_source.Cell]]]:
    """Key → its line and those of its variants."""
    groups: dict[str, list[list[csv_source.Cell]]] = {}
    key = ""
    for line in lines:
        word = line[0].text.strip()
        key = key if word == "+" else word
        if not word.startswith("#"):
            groups.setdefault(key, []).append(line)
    return groups


class _Sheet:
    """A spreadsheet's text in which single cells are put anew; every other sign stays."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._between = max(",;\t", key=text.split("\n", 1)[0].count)
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
        self._lines: dict[tuple[int, int], list[str]] = {}

    def put(self, line: list[csv_source.Cell], column: int, words: str) -> None:
        """Put words into a cell, which may lie beyond the end of its line."""
        span = (self._start(line[0]), self._end(line[-1]))
        cells = self._lines.setdefault(span, [self._text[self._start(one) : self._end(one)] for one in line])
        cells += [""] * (column + 1 - len(cells))
        if column >= len(line) or line[column].text != words:
            cells[column] = self._written(words)

    def text(self) -> str:
        lines = ((start, end, self._between.join(cells)) for (start, end), cells in self._lines.items())
        return edited(self._text, lines)

    def _start(self, cell: csv_source.Cell) -> int:
        at = self._starts[cell.at.line - 1] + cell.at.column - 1
        return at - 1 if at and self._text[at - 1] == '"' and _QUOTED.match(self._text, at - 1) else at

    def _end(self, cell: csv_source.Cell) -> int:
        at = self._start(cell)
        quoted = _QUOTED.match(self._text, at)
        at = quoted.end() if quoted else at
        while at < len(self._text) and self._text[at] not in f"{self._between}\r\n":
            at += 1
        return at

    def _written(self, words: str) -> str:
        if re.search(rf'[{re.escape(self._between)}"\r\n]|^\s|\s$', words):
            return '"' + words.replace('"', '""') + '"'
        return words
