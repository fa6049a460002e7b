"""The translators' sheet: all texts of an endpoint in one table, and what comes back in it.

Columns: `key`, `flow` (empty for texts that all flows share), `place`, `context` (who says it), one column per
language, `missing` (languages still to be written). A line with the key `+` is another variant of the line above.
The key of a text that is written in its step is the step's path behind an `@`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from runtime.errors import BadInput
from runtime.flow.live import KEY
from runtime.flow.loader import Found
from runtime.flow.texts import ANY
from runtime.flow.tongues import missing
from runtime.model import Place

FIXED = ("key", "flow", "place", "context")
MISSING = "missing"
SPILT = "\0"
"""Marks a line with more cells than columns."""
INLINE = "@"
WORDS = ("label", "say", "text", "fill")
"""Words of an area of a rich menu."""
FILLED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
USES = 3
"""Uses of a text that its context names."""

Variants = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: language → variants as they are written, the languages of the endpoint that lack it."""

    flow: str
    key: str
    at: Place
    context: str
    texts: Variants
    missing: tuple[str, ...]
    bare: bool = False
    """A button that is nothing but this text."""

    @property
    def inline(self) -> bool:
        return self.key.startswith(INLINE)


def entries(found: Found) -> list[Entry]:
    """Every text of the bot, in the order of its files."""
    contexts = _contexts(found)
    made = []
    for flow, key, by_language, at in found.texts.entries():
        known = {language.lower(): language for language in found.texts.languages}
        texts = {known.get(tag, tag): tuple(one.text for one in variants) for tag, variants in by_language.items()}
        context = "; ".join(contexts.get((flow, key), ()))
        made.append(Entry(flow, key, at, context, texts, tuple(found.texts.lacks(flow, key))))
    made += [*_inline(found), *_menus(found)]
    return sorted(made, key=lambda one: (one.at.file, one.at.line, one.at.column))


def _inline(found: Found) -> Iterator[Entry]:
    """Texts that are written in their steps; signs and numbers alone need no translator."""
    languages = found.texts.languages
    for name, reading in found.readings.items():
        for one in reading.worded:
            texts = {language: tuple(node.text for node in nodes) for language, nodes in one.by.items()}
            if any(_speaks(text) for variants in texts.values() for text in variants):
                lacking = () if ANY in texts else tuple(missing(texts, languages))
                key = f"{INLINE}{one.path}"
                yield Entry(name, key, one.at, f"{name}.{one.path}", texts, lacking, one.bare)


def _menus(found: Found) -> Iterator[Entry]:
    """Texts that are written in the files of rich menus."""
    for menu in found.menus.by.values():
        places = [("bar", menu.node.get("bar"))]
        places += [(f"areas[{n}].{key}", area.node.get(key)) for n, area in enumerate(menu.areas) for key in WORDS]
        for path, node in places:
            by = {} if node is None else node.map or {ANY: node}
            texts = {language: (one.text,) for language, one in by.items()}
            if any(_speaks(words) and not KEY.fullmatch(words) for [words] in texts.values()):
                lacking = () if ANY in texts else tuple(missing(texts, found.texts.languages))
                at = next(iter(by.values())).at
                yield Entry("", f"{INLINE}{menu.name}.{path}", at, f"rich menu {menu.name}, {path}", texts, lacking)


def _speaks(text: str) -> bool:
    return any(sign.isalpha() for sign in FILLED.sub("", text))


def _contexts(found: Found) -> dict[tuple[str, str], list[str]]:
    """Who says a text: `booking.steps[3].say`, a few of them."""
    contexts: dict[tuple[str, str], list[str]] = {}
    for name, reading in found.readings.items():
        for use in reading.texts:
            uses = contexts.setdefault(found.texts.owner(use.key, name), [])
            if len(uses) < USES:
                uses.append(f"{name}.{use.path}")
    return contexts


def written(made: Sequence[Entry], languages: Sequence[str]) -> str:
    """The sheet as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*FIXED, *languages, MISSING])
    for one in made:
        for number in range(max((len(variants) for variants in one.texts.values()), default=1)):
            head = [one.key, one.flow, str(one.at), one.context] if number == 0 else ["+", one.flow, "", ""]
            cells = [_cell(one.texts, language, languages, number) for language in languages]
            writer.writerow([*head, *cells, " ".join(one.missing) if number == 0 else ""])
    return out.getvalue()


def _cell(texts: Variants, language: str, languages: Sequence[str], number: int) -> str:
    """A wording; a text that is the same in all languages stands in the column of the first."""
    same = ANY if language == languages[0] else language
    variants = texts.get(language) or texts.get(same) or ()
    return variants[number] if number < len(variants) else ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a sheet says otherwise than the files."""

    entry: Entry
    language: str
    texts: tuple[str, ...]


def changes(sheet: str, made: Sequence[Entry], languages: Sequence[str]) -> Iterator[Change | str]:
    """What is different in a sheet, and (as a line to print) what in it cannot be used.

    An empty cell changes nothing. Raises `BadInput` when this is no such sheet.
    """
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(sheet)))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if "key" not in header[:1]:
        raise BadInput("this is no sheet of `noren texts export`: its first line must begin with key")
    known = {(one.flow, one.key): one for one in made}
    strange = [name for name in header if name and name not in (*FIXED, *languages, MISSING)]
    yield from (f"the column {name} is no language of this endpoint; left out" for name in strange)
    for number, group in _groups(rows[1:], header):
        key, flow = (group[0].get("key", ""), group[0].get("flow", ""))
        if any(SPILT in line for line in group):
            yield f"line {number}: more cells than columns, left out; put quotes around what holds a comma"
            continue
        entry = known.get((flow, key))
        if key.startswith(INLINE):
            entry = _found_again(entry, group[0], flow, made)
        if entry is None:
            yield f"line {number}: there is no text `{key}`" + (f" in the flow {flow}" if flow else "") + "; left out"
            continue
        for language in languages:
            yield from _different(entry, language, group, languages[0])


def _found_again(entry: Entry | None, line: Mapping[str, str], flow: str, made: Sequence[Entry]) -> Entry | None:
    """The text of a step, which may have moved since: by its place, else by what it says."""
    if entry is not None and (line.get("place") == str(entry.at) or _says(entry, line)):
        return entry
    again = [one for one in made if one.inline and one.flow == flow and _says(one, line)]
    return again[0] if len(again) == 1 else None


def _says(entry: Entry, line: Mapping[str, str]) -> bool:
    """Whether a line of a sheet has one of the text's wordings in a column of its own."""
    cells = {name: cell.replace("\r\n", "\n") for name, cell in line.items() if name not in (*FIXED, MISSING) and cell}
    words = {variants[0]: language for language, variants in entry.texts.items()}
    return any(cell in words and words[cell] in (name, ANY) for name, cell in cells.items())


def _delimiter(sheet: str) -> str:
    """What the table program put between the cells."""
    return max(",;\t", key=sheet.partition("\n")[0].count)


def _groups(rows: list[list[str]], header: list[str]) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """The lines of each text with the number of the first."""
    group: list[dict[str, str]] = []
    first = 0
    for number, row in enumerate(rows, 2):
        line = dict(zip(header, row, strict=False))
        if len(row) > len(header):
            line[SPILT] = ""
        if not line.get("key", "").strip():
            continue
        if line["key"] != "+" and group:
            yield first, group
            group = []
        first = first if line["key"] == "+" else number
        group.append(line)
    if group:
        yield first, group


def _different(entry: Entry, language: str, group: list[dict[str, str]], first: str) -> Iterator[Change]:
    texts = tuple(words.replace("\r\n", "\n") for line in group if (words := line.get(language, "")).strip())
    same = language not in entry.texts and language == first and ANY in entry.texts
    before = entry.texts.get(ANY if same else language, ())
    if texts and texts != before:
        yield Change(entry, ANY if same else language, texts)
