"""YAML and its places: what is read as what, where it stands, and what a designer is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.source import Node, excerpt, parse, place_of
from runtime.model import Finding, Place

FILE = "flows/shop.yaml"


def read(text: str) -> Node:
    node, findings = parse(text, FILE)
    assert findings == []
    assert node is not None
    return node


def told(text: str) -> Finding:
    """The one error of a text."""
    _, findings = parse(text, FILE)
    errors = [each for each in findings if each.severity == "error"]
    assert len(errors) == 1, errors
    return errors[0]


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("true", True, "bool"),
        ("false", False, "bool"),
        ("0", 0, "number"),
        ("-12", -12, "number"),
        ("1.5", 1.5, "number"),
        (".5", 0.5, "number"),
        ("1e3", 1000.0, "number"),
        ("", None, "nothing"),
        ("on", "on", "text"),
        ("yes", "yes", "text"),
        ("True", "True", "text"),
        ("12:30", "12:30", "text"),
        ("2026-12-05", "2026-12-05", "text"),
        ("0812345678", "0812345678", "text"),
        ("+81", "+81", "text"),
        ("0x1f", "0x1f", "text"),
        ("1_000", "1_000", "text"),
        (".inf", ".inf", "text"),
        ("1e999", "1e999", "text"),
        ("1" * 40, "1" * 40, "text"),
        ('"true"', "true", "text"),
        ("'5'", "5", "text"),
        ("予約", "予約", "text"),
    ],
)
def test_only_true_false_and_numbers_are_more_than_text(written: str, value: object, kind: str) -> None:
    node = read(f"key: {written}\n").map["key"]
    assert (node.value, node.kind) == (value, kind)


def test_every_value_and_key_has_its_place() -> None:
    node = read('flow: booking\nsteps:\n  - say: "Hi {{ name }}"\n    quick: [A, ＢＢ, c]\n  - end\n')
    say = node.map["steps"].items[0]
    assert node.at == Place(FILE, 1, 1)
    assert node.key_at("steps") == Place(FILE, 2, 1)
    assert node.key_at("nothing of the kind") == Place(FILE, 1, 1)
    assert say.key_at("quick") == Place(FILE, 4, 5)
    assert say.map["say"].at == Place(FILE, 3, 11), "behind the quote, where the text begins"
    assert say.map["quick"].items[2].at == Place(FILE, 4, 20)
    assert node.map["steps"].items[1].at == Place(FILE, 5, 5)


def test_a_block_of_text_begins_on_its_first_line() -> None:
    node = read("say: |\n\n  first {{ x }}\n  second\nfolded: >-\n    one\n    two\n")
    assert node.map["say"].at == Place(FILE, 3, 3)
    assert node.map["folded"].at == Place(FILE, 6, 5)
    assert node.map["folded"].value == "one two"


def test_views_of_a_node() -> None:
    node = read("a: [1, true, x, '']\nb: {c: 2.5}\n")
    assert [each.text for each in node.map["a"].items] == ["1", "true", "x", ""]
    assert node.plain() == {"a": [1, True, "x", ""], "b": {"c": 2.5}}
    assert node.get("b") is node.map["b"]
    assert node.map["a"].get("b") is None
    assert node.map["a"].map == {}
    assert node.items == []
    assert "Node(map" in repr(node)


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert read("\ufeffflow: a\n").plain() == {"flow": "a"}


def test_a_key_given_twice_is_told_and_the_first_one_stays() -> None:
    node, findings = parse("a: 1\nb: 2\na: 3\n", FILE)
    assert node is not None
    assert node.plain() == {"a": 1, "b": 2}
    assert findings[0].at == Place(FILE, 3, 1)
    assert "line 1" in findings[0].message


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("say: {{ name }}", 1, 6, "begins with {{ needs quotes"),
        ("say: {{ name }} hi", 1, 6, "begins with {{ needs quotes"),
        ("a: 1\n\tb: 2", 2, 1, "tab"),
        ("\t- a", 1, 1, "tab"),
        ("say: Hello: you", 1, 11, "second colon"),
        ("say: @me", 1, 6, "unless it is quoted"),
        ("say: 'it's'", 1, 10, "ends the quoted text"),
        ('say: "Hi" there', 1, 11, "quoted text ends"),
        ('a: 1\nsay: "Hi\nb: 2\n', 2, 6, "never closed"),
        ("say: *bold*", 1, 6, "begins with * or &"),
        ("say: *bold", 1, 6, "nothing above has that name"),
        ("say: !important", 1, 6, "begins with !"),
        ("a: !!int 3", 1, 4, "tags are not read"),
        ("a: [1, 2\nb: 3\n", 1, 4, "never closed"),
        ("a: {b, c", 1, 4, "never closed"),
        ("a: }", 1, 4, "no opening one"),
        ("flow: a\ntitle：b\nvars: c\n", 2, 1, "full-width colon"),
        ("a:\n  - b: c\n　　d: e\n    f: g\n", 3, 1, "wide or hard spaces"),
        ("a:\n  - b: c\n   \u00a0d: e\n", 3, 1, "wide or hard spaces"),
        ("a:\n  - ask cups\n    type: int\n", 2, 5, "a colon is missing behind `ask`"),
        ("a:\n  - end\n    b: c\n", 2, 5, "a colon is missing behind `end`"),
        ("a:\n  b c\n  d: e\n", 2, 3, "a colon is missing behind `b`"),
        ("- say: b c\n    d e\n    f: g\n", 3, 5, "does not line up"),
        ("- set: a: b", 1, 9, "stands in braces"),
        ("a:\n  - 'I can't read'\n", 2, 12, "the apostrophe before this"),
        ("flow: a\ntitle b\nvars: c\n", 2, 1, "neither a name"),
        ("- a\nb: 1", 2, 1, "among list entries"),
        ("a: 1\n- b", 2, 1, "among names"),
        ("a:\n    b: 1\n  c: 2", 3, 3, "does not line up"),
        ("- say: hi\n   quick: x", 2, 4, "does not line up"),
        ("a: - b", 1, 4, "on the line of its name"),
        ("a: |x\n b", 1, 5, "begins on the next line"),
        ('a: "\\q"', 1, 5, "backslash"),
        ("a: x\n---\nb: y\n", 2, 1, "second document"),
        ("<<: {a: 1}", 1, 1, "merge keys"),
        (": x", 1, 1, "name is missing"),
        ("[a, b]: c", 1, 1, "where a name belongs"),
        ("a: &a [*a]", 1, 8, "very thing it repeats"),
        ("a: b\x00c", 1, 5, "U+0000"),
        ("", 1, 1, "empty"),
        ("# only this\n", 1, 1, "empty"),
        ("%FOO\n---\na: 1", 1, 5, "cannot begin with %"),
    ],
)
def test_what_is_wrong_is_told_in_plain_words_with_its_place(text: str, line: int, column: int, says: str) -> None:
    finding = told(text)
    assert says in finding.message
    assert finding.at == Place(FILE, line, column)
    assert finding.fix


def test_null_and_comments_in_a_text_are_warned_about() -> None:
    node, findings = parse("a: ~\nb: null\nc: Room #5\nd: x # a comment\n", FILE)
    assert node is not None
    assert node.plain() == {"a": "~", "b": "null", "c": "Room", "d": "x"}
    assert [(each.code, each.severity, each.at.line) for each in findings] == [
        ("yaml-null", "warning", 1),
        ("yaml-null", "warning", 2),
        ("yaml-comment", "hint", 3),
    ]


def test_aliases_repeat_but_do_not_explode() -> None:
    assert read("a: &x [1, 2]\nb: *x\n").plain() == {"a": [1, 2], "b": [1, 2]}
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    finding = told(laughs)
    assert finding.code == "yaml-many"


def test_depth_and_size_are_bounded() -> None:
    assert told("[" * 5_000).code == "yaml-deep"
    assert told("a: " + "x" * 4_000_001).code == "yaml-large"


def test_the_excerpt_points_below_wide_characters() -> None:
    text = "flow: a\nsay: 予約 {{ nmae }}\n"
    line, caret = excerpt(text, Place(FILE, 2, 12)).split("\n")
    assert line == "say: 予約 {{ nmae }}"
    assert caret == " " * 13 + "^"
    assert excerpt("a\n\tb: 1", Place(FILE, 2, 2)) == "\tb: 1\n\t^"
    assert excerpt("a", Place(FILE, 7, 1)) == ""
    assert excerpt("a", Place(FILE)) == ""


def test_the_excerpt_of_a_long_line_shows_the_part_around_the_place() -> None:
    text = "".join(chr(97 + n % 26) for n in range(500))
    line, caret = excerpt(text, Place(FILE, 1, 301)).split("\n")
    assert len(line) == 100
    assert line[len(caret) - 1] == text[300]


def test_place_of_an_offset() -> None:
    assert place_of("ab\r\ncd\ne", 5, FILE) == Place(FILE, 2, 2)


@given(st.text(max_size=200))
def test_no_text_makes_it_crash(text: str) -> None:
    node, findings = parse(text, FILE)
    assert node is not None or findings
    for finding in findings:
        excerpt(text, finding.at)


PIECES = st.sampled_from(
    [
        *(
            "a: ",
            "- ",
            "\n",
            "  ",
            "\t",
            "{{ x }}",
            "'",
            '"',
            "[",
            "]",
            "{",
            "}",
            ",",
            ": ",
            "#",
            "|",
            ">",
            "&a ",
            "*a",
        ),
        *(
            "!t ",
            "? ",
            "---",
            "<<: ",
            "~",
            "x",
            "予約",
            "：",
            "1.5",
            "%",
            "@",
            "\\",
            "\r\n",
            "\u2028",
            "\x85",
            "\ufeff",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_broken_yaml_makes_it_crash(text: str) -> None:
    node, findings = parse(text, FILE)
    assert node is not None or any(each.severity == "error" for each in findings)
    assert all(each.at.file == FILE for each in findings)


DATA = st.recursive(
    st.text(max_size=8) | st.integers(-(10**17), 10**17) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), DATA, min_size=1))
def test_json_reads_back_as_it_was(data: dict[str, object]) -> None:
    node, findings = parse(json.dumps(data), "cards/a.json")
    assert findings == []
    assert node is not None
    assert node.plain() == data
