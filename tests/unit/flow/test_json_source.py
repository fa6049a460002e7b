"""JSON with places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.source import parse
from runtime.model import Place

FILE = "cards/a.json"


def test_values_keys_and_places() -> None:
    node, findings = parse('{\n\t"a": [1, -2.5, true, null],\n\t"b": "x\\/\\ud83d\\ude00"\n}\n', FILE)
    assert findings == []
    assert node is not None
    assert node.plain() == {"a": [1, -2.5, True, None], "b": "x/😀"}
    assert node.key_at("b") == Place(FILE, 3, 2)
    assert node.map["b"].at == Place(FILE, 3, 8)
    assert node.map["a"].items[1].at == Place(FILE, 2, 11)


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ('{"a":1,}', 7, "comma stands before }"),
        ("[1 2]", 4, "comma or ]"),
        ('{"a":{{ x }}}', 6, "double quotes"),
        ('{"a":"b', 6, "never closed"),
        ("[1,2", 1, "never closed with ]"),
        ("{a:1}", 2, "name in double quotes"),
        ("{'a':1}", 2, "name in double quotes"),
        ('{"a" 1}', 6, "colon"),
        ('{"a":yes}', 6, "double quotes"),
        ('{"a":}', 6, "value is missing"),
        ('"\\q"', 2, "backslash"),
        ("1 2", 3, "follows the end"),
        ("", 1, "empty"),
        ('{"a":1,"a":2}', 8, "second time"),
        ("[" * 100, 62, "nested"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, column: int, says: str) -> None:
    _, findings = parse(text, FILE)
    assert [(each.at, says in each.message) for each in findings] == [(Place(FILE, 1, column), True)]


@given(st.text('{}[]",:0123456789.-eE\\ untrlsfa\n', max_size=40) | st.text(max_size=40))
def test_it_reads_what_json_reads_and_never_crashes(text: str) -> None:
    node, findings = parse(text, FILE)
    try:
        data = json.loads(text)
    except ValueError:
        return
    if node is not None and not findings and "e" not in text.lower():
        assert node.plain() == data
