"""Spreadsheets saved as CSV, with the place of every cell. Comma, semicolon or tab between cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.model import Finding, Place

_BREAK = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says and where its text begins."""

    text: str
    at: Place


def parse(text: str, file: str) -> tuple[list[list[Cell]], list[Finding]]:
    """The lines with something on them, each a list of at least one cell. Never raises."""
    text = text.removeprefix("\ufeff")
    lines: list[list[Cell]] = []
    findings: list[Finding] = []
    between = _delimiter(text)
    plain = re.compile(rf"[^{re.escape(between)}\r\n]*")
    line: list[Cell] = []
    at, number, start = 0, 1, 0
    while at <= len(text):
        place = Place(file, number, at - start + 1)
        if quoted := _QUOTED.match(text, at):
            found = plain.match(text, quoted.end())
            tail = found[0] if found else ""
            line.append(Cell(_BREAK.sub("\n", quoted[1]).replace('""', '"') + tail.rstrip(), _inside(place)))
            if tail.strip():
                findings.append(_odd(place, "something follows the closing quote", 'write "" for a quote in a cell'))
            number, start = _down(text, at, quoted.end(), number, start)
            at = quoted.end() + len(tail)
        else:
            found = plain.match(text, at)
            cell = found[0] if found else ""
            if cell.startswith('"'):
                findings.append(_odd(place, "this quote is never closed", 'close the cell with "'))
            line.append(Cell(cell, place))
            at += len(cell)
        if at < len(text) and text[at] == between:
            at += 1
            continue
        if any(each.text.strip() for each in line):
            lines.append(line)
        line = []
        ended = _BREAK.match(text, at)
        if not ended:
            break
        at, number = ended.end(), number + 1
        start = at
    return lines, findings


def _delimiter(text: str) -> str:
    """What separates the cells, judged by the first line."""
    first = _BREAK.split(text, maxsplit=1)[0]
    return max(",;\t", key=first.count)


def _inside(place: Place) -> Place:
    return Place(place.file, place.line, place.column + 1)


def _down(text: str, begin: int, end: int, number: int, start: int) -> tuple[int, int]:
    """Line number and line start after a quoted cell that may hold line breaks."""
    breaks = list(_BREAK.finditer(text, begin, end))
    return (number + len(breaks), breaks[-1].end()) if breaks else (number, start)


def _odd(at: Place, message: str, fix: str) -> Finding:
    return Finding(code="text-csv", severity="error", at=at, message=message, fix=fix)
