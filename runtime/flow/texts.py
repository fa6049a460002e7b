"""Texts by key and language, from flow files, YAML files and spreadsheets (CSV).

A text is found by its flow first, then among the texts all flows share; its language by the exact tag (`zh-TW`),
then a relative of it (`zh-Hant`, `zh`), then the endpoint's languages in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from runtime.flow import csv_source, locales, source
from runtime.flow.expr import Template, check_names, compile_template
from runtime.flow.expr_check import Known, nearest
from runtime.flow.source import Node
from runtime.flow.tongues import tongue
from runtime.model import Finding, Place

KEY = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
ANY = ""
"""The language of a text that is the same in all."""

_NOTES = frozenset(("note", "notes", "comment", "comments", "context", "#"))
_RELATED: dict[str, tuple[str, ...]] = {
    "zh-tw": ("zh-hant", "zh-hk", "zh"),
    "zh-hk": ("zh-hant", "zh-tw", "zh"),
    "zh-mo": ("zh-hant", "zh-hk", "zh-tw", "zh"),
    "zh-hant": ("zh-tw", "zh-hk", "zh"),
    "zh-cn": ("zh-hans", "zh"),
    "zh-sg": ("zh-hans", "zh-cn", "zh"),
    "zh-hans": ("zh-cn", "zh"),
    "in": ("id",),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One text (or its variants) in one language, as it stands in a file; `flow` empty for all flows.

    `head`: where a spreadsheet names the language.
    """

    flow: str
    key: str
    language: str
    texts: tuple[tuple[str, Place], ...]
    at: Place
    head: Place | None = None


Read = tuple[list[Row], list[Finding]]


def _finding(
    code: str, at: Place, message: str, fix: str = "", severity: Literal["error", "warning", "hint"] = "error"
) -> Finding:
    return Finding(code=code, severity=severity, at=at, message=message, fix=fix)


def read_map(node: Node, flow: str = "") -> Read:
    """Texts of a `texts:` map: key → text, list of variants, or language → text or list of variants."""
    rows: list[Row] = []
    findings: list[Finding] = []
    if node.kind != "map":
        return rows, [_finding("text-shape", node.at, "texts are a map", "write `key: {ja: …, en: …}` lines")]
    for key, value in node.map.items():
        at = node.key_at(key)
        if not KEY.fullmatch(key):
            findings.append(_odd_key(key, at))
        languages = value.map if value.kind == "map" else {ANY: value}
        for language, wording in languages.items():
            texts = _wordings(wording, key, findings)
            place = value.key_at(language) if value.kind == "map" else at
            if texts:
                rows.append(Row(flow, key, language, texts, place))
    return rows, findings


def _wordings(node: Node, key: str, findings: list[Finding]) -> tuple[tuple[str, Place], ...]:
    nodes = node.items if node.kind == "list" else [node]
    for each in nodes:
        if each.kind in ("map", "list"):
            findings.append(_finding("text-shape", each.at, f"`{key}`: expected a text", "put quotes around it"))
        elif not each.text.strip():
            message = f"`{key}` is empty here"
            findings.append(_finding("text-empty", each.at, message, "write it, or remove the line", "warning"))
    return tuple((each.text, each.at) for each in nodes if each.text.strip())


def _odd_key(key: str, at: Place) -> Finding:
    return _finding("text-key", at, f"`{key}` cannot be a key", "use letters a-z, digits, _ - and . only")


def read_yaml(text: str, file: str, flow: str = "") -> Read:
    """Texts of a YAML file of the same form as `texts:` in a flow (which it may repeat as its only key)."""
    node, findings = source.parse(text, file)
    if node is None:
        return [], findings
    inner = node.get("texts")
    rows, more = read_map(inner if inner is not None and len(node.map) == 1 else node, flow)
    return rows, findings + more


def read_csv(text: str, file: str, flow: str = "") -> Read:
    """Texts of a spreadsheet: a header `key, ja, th, …`, then a line per key; `+` adds a variant to the key above."""
    lines, findings = csv_source.parse(text, file)
    if not lines:
        return [], findings or [_finding("text-csv", Place(file, 1, 1), "this file is empty", "begin with key,ja,en")]
    header = [(cell.text.strip(), cell.at) for cell in lines[0]]
    if header[0][0].lower() != "key":
        message = "the first line must name the columns, the first of them `key`"
        return [], [
            *findings,
            _finding("text-csv", lines[0][0].at, message, "begin the file with a line like key,ja,en"),
        ]
    if len(header) > 1 and all(len(line) == 1 for line in lines[1:]) and len(lines) > 1:
        message = "the first line has several cells, and the lines below have one each"
        fix = "separate cells by the same sign everywhere: a comma, a semicolon or a tab"
        return [], [*findings, _finding("text-csv", lines[0][0].at, message, fix)]
    rows: dict[tuple[int, str], Row] = {}
    number = 0
    for line in lines[1:]:
        key = line[0].text.strip()
        number += key != "+"
        if key.startswith("#"):
            continue
        if len(line) > len(header):
            at = line[len(header)].at
            findings.append(_finding("text-csv", at, "more cells than columns", "quote a cell that holds a comma"))
        _cells(line, header, flow, number, rows, findings)
    return list(rows.values()), findings


def _cells(
    line: list[csv_source.Cell],
    header: list[tuple[str, Place]],
    flow: str,
    number: int,
    rows: dict[tuple[int, str], Row],
    findings: list[Finding],
) -> None:
    """The texts of one line, put to `rows` by line and language."""
    key, at = line[0].text.strip(), line[0].at
    if key != "+" and not KEY.fullmatch(key):
        message = "a key is missing in the first cell" if not key else f"`{key}` cannot be a key"
        findings.append(_finding("text-key", at, message, "use letters a-z, digits, _ - and . only"))
        return
    for (language, head), cell in zip(header[1:], line[1:], strict=False):
        above = rows.get((number, language))
        if not language or language.lower() in _NOTES or not cell.text.strip():
            continue
        if key != "+":
            rows[number, language] = Row(flow, key, language, ((cell.text, cell.at),), cell.at, head)
        elif above is None:
            message = "`+` adds a variant to the line above, which has no text in this language"
            findings.append(_finding("text-key", cell.at, message, "write the first text there"))
        else:
            rows[number, language] = replace(above, texts=(*above.texts, (cell.text, cell.at)))


@lru_cache(maxsize=20_000)
def variants(texts: tuple[tuple[str, Place], ...]) -> tuple[tuple[Template, ...], tuple[Finding, ...]]:
    """The variants of a text and what is wrong with them: the very same as long as words and places are the same."""
    made: list[Template] = []
    findings: list[Finding] = []
    for text, at in texts:
        template, wrong = compile_template(text, at)
        findings += wrong
        made.append(template or Template("", at))
    return tuple(made), tuple(findings)


Entry = tuple[tuple[str, tuple[Template, ...]], ...]
"""All that a key stands for, by language."""


class Texts:
    """All texts of an endpoint."""

    __slots__ = ("_at", "_chains", "_tags", "_texts", "languages")

    def __init__(self, languages: Sequence[str] = ("en",)) -> None:
        self.languages = tuple(languages) or ("en",)
        self._texts: dict[tuple[str, str], dict[str, tuple[Template, ...]]] = {}
        self._at: dict[tuple[str, str], Place] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._tags: dict[str, None] = {}

    @classmethod
    def build(cls, rows: Iterable[Row], languages: Sequence[str] = ("en",)) -> tuple[Texts, list[Finding]]:
        """Texts of all rows, and what is wrong: given twice, no template, an unknown or a missing language."""
        made = cls(languages)
        findings: list[Finding] = []
        known = {language.lower() for language in made.languages}
        odd: dict[tuple[str, str], Place] = {}
        for row in rows:
            if row.language and row.language.lower() not in known:
                odd.setdefault((row.language, row.at.file), row.head or row.at)
            findings += made._add(row)
        findings += [_unknown(language, at, made.languages) for (language, _), at in odd.items()]
        return made, findings + made._missing()

    def _add(self, row: Row) -> list[Finding]:
        by_language = self._texts.setdefault((row.flow, row.key), {})
        self._at.setdefault((row.flow, row.key), row.at)
        language = row.language.lower().replace("_", "-")
        self._tags[language] = None
        if language in by_language:
            first = by_language[language][0].at
            message = f"`{row.key}` has a text in {row.language or 'all languages'} already, at {first}"
            return [_finding("text-twice", row.at, message, "keep one of them")]
        by_language[language], wrong = variants(row.texts)
        return list(wrong)

    def _missing(self) -> list[Finding]:
        """A warning for each key without a text in one of the endpoint's languages."""
        found: list[Finding] = []
        for flow, key in self._texts:
            if lacking := self.lacks(flow, key):
                at = self._at[flow, key]
                message = f"`{key}` has no text in {', '.join(lacking)}"
                found.append(_finding("text-missing", at, message, "translate it", "warning"))
        return found

    def get(self, key: str, language: str, flow: str = "") -> tuple[Template, ...]:
        """The variants of a text, at least one; empty when there is no such key."""
        by_language = self._texts.get((flow, key)) or self._texts.get(("", key))
        if not by_language:
            return ()
        for tag in self._chain(language):
            if tag in by_language:
                return by_language[tag]
        return next(iter(by_language.values()))

    def _chain(self, language: str) -> tuple[str, ...]:
        """Languages to try, best first."""
        chain = self._chains.get(language)
        if chain is None:
            tags = [*self._kin(language), ANY, *(tag for each in self.languages for tag in self._kin(each))]
            chain = tuple(dict.fromkeys(tags))
            if len(self._chains) < 1_000:
                self._chains[language] = chain
        return chain

    def _kin(self, language: str) -> tuple[str, ...]:
        """The family of a language, then whatever else there is of its base language."""
        base = language.lower().replace("_", "-").split("-")[0]
        return (*_family(language), *(tag for tag in self._tags if tag.split("-")[0] == base))

    def entry(self, key: str, flow: str = "") -> Entry:
        """All that a flow's key stands for; equal to an earlier entry as long as nothing of it was edited."""
        return tuple((self._texts.get((flow, key)) or self._texts.get(("", key)) or {}).items())

    @property
    def tags(self) -> tuple[str, ...]:
        """The languages that there are texts in, in their order."""
        return tuple(self._tags)

    def has(self, key: str, flow: str = "") -> bool:
        return (flow, key) in self._texts or ("", key) in self._texts

    def keys(self, flow: str = "") -> list[str]:
        """The keys a flow can use: its own and the shared ones."""
        return sorted({key for owner, key in self._texts if owner in ("", flow)})

    def owner(self, key: str, flow: str = "") -> tuple[str, str]:
        """Which text a flow's key means: (flow, key), the flow empty when it is shared."""
        return (flow, key) if (flow, key) in self._texts else ("", key)

    def templates(self, key: str, flow: str = "") -> list[tuple[str, Template]]:
        """Every wording of a text with its language, for checks."""
        by_language = self._texts.get(self.owner(key, flow), {})
        return [(language, each) for language, variants in by_language.items() for each in variants]

    def entries(self) -> Iterator[tuple[str, str, Mapping[str, tuple[Template, ...]], Place]]:
        """Flow (empty when shared), key, language (in lower case) → variants, first place."""
        for (flow, key), by_language in self._texts.items():
            yield flow, key, by_language, self._at[flow, key]

    def lacks(self, flow: str, key: str) -> list[str]:
        """The endpoint's languages in which a text has no wording of its own family."""
        by_language = self._texts.get((flow, key), {})
        if ANY in by_language:
            return []
        return [tag for tag in self.languages if not any(each in by_language for each in self._kin(tag))]

    def unknown(self, key: str, at: Place, flow: str = "") -> Finding:
        """What to say of a `$key` that is not there."""
        fix = nearest(key, self.keys(flow)) or self._elsewhere(key)
        return _finding(
            "text-unknown", at, f"there is no text `{key}`", fix or "add it under `texts` or to a file in flows/texts/"
        )

    def _elsewhere(self, key: str) -> str:
        """The text of another flow that is meant, and how this one comes to it."""
        near = nearest(key, {one for _, one in self._texts})
        flow = next((owner for owner, one in self._texts if near.endswith(f"`{one}`?")), "")
        return (
            f"{near} that is a text of the flow `{flow}`; to share it, move it to a file named like no flow"
            if near
            else ""
        )

    def unused(self, used: Collection[tuple[str, str]]) -> list[Finding]:
        """A hint for each text nothing refers to; `used` holds what `owner` gave."""
        return [
            _finding("text-unused", at, f"nothing uses the text `{key}`", "remove it", "hint")
            for (flow, key), at in self._at.items()
            if (flow, key) not in used
        ]

    def check(self, known: Mapping[str, Known] | Callable[[str], Known | None]) -> list[Finding]:
        """Findings for names that flows' own texts use and their flows do not know."""
        scope = known if callable(known) else known.get
        found: list[Finding] = []
        for (flow, _), by_language in self._texts.items():
            names = scope(flow) if flow else None
            for template in (each for variants in by_language.values() for each in variants if names):
                found += check_names(template, names)
        return found


def _family(tag: str) -> tuple[str, ...]:
    """A language tag and its relatives, nearest first: `zh-TW` → zh-tw, zh-hant, zh-hk, zh."""
    tag = tag.lower().replace("_", "-")
    if tag in _RELATED:
        return (tag, *_RELATED[tag])
    parts = tag.split("-")
    return tuple("-".join(parts[:size]) for size in range(len(parts), 0, -1))


def _unknown(language: str, at: Place, languages: Sequence[str]) -> Finding:
    """What to say of a language that the endpoint does not speak."""
    close = tongue(language, languages)
    if not close and locales.is_language(language):
        fix = f"add {language} to the endpoint's `languages`, or remove it"
        return _finding("text-language", at, f"the endpoint has no language {language}", fix, "hint")
    fix = f"write {close}" if close else "use a code such as ja, th, zh-TW, id or en"
    meant = f"; did you mean `{close}`?" if close else ""
    return _finding("text-language", at, f"`{language}` is no language code{meant}", fix)
