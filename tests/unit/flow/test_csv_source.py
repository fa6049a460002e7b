"""Cells of spreadsheets and their places."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.csv_source import parse

CELL = st.text(st.sampled_from('ab,"\n あ'), max_size=6)


def cells(text: str) -> list[list[str]]:
    return [[cell.text for cell in line] for line in parse(text, "t.csv")[0]]


def test_quotes_commas_and_line_breaks_within_cells() -> None:
    text = 'a,"b ""c"", d","e\nf"\n\ng,,h'
    assert cells(text) == [["a", 'b "c", d', "e\nf"], ["g", "", "h"]]
    lines = parse(text, "t.csv")[0]
    assert [(cell.at.line, cell.at.column) for cell in lines[0]] == [(1, 1), (1, 4), (1, 17)]
    assert [(cell.at.line, cell.at.column) for cell in lines[1]] == [(4, 1), (4, 3), (4, 4)]


def test_what_is_wrong_is_told() -> None:
    _, findings = parse('a,"b" c\n"d', "t.csv")
    assert [(each.at.line, each.at.column) for each in findings] == [(1, 3), (2, 1)]


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4))
def test_it_reads_what_others_write(lines: list[list[str]]) -> None:
    lines = [["key", "ja"], *lines]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    made, findings = parse(out.getvalue(), "t.csv")
    assert findings == []
    assert [[cell.text for cell in line] for line in made] == [
        line for line in lines if any(cell.strip() for cell in line)
    ]
