"""One mistake is told once, where it was made."""

from __future__ import annotations

import pytest

from runtime.flow.check import check
from runtime.flow.echoes import causes
from runtime.model import Finding, Place

FLOW = """flow: a
start:
  - postback: {go: a}
steps:
  - say: $hello
  - flex: cards/card.json
    alt: A card
  - ask: seats
    type: int
    say: $how_many
    give_up: {goto: out}
  - when: seats > 2
    do: [{goto: seats}]
  - end
sections:
  out: [{say: $bye}]
"""
TEXTS = 'key,en,ja\nhello,Hello,こんにちは\nhow_many,"How many, {{ language }}?",何名様\nbye,Bye,では\n'
CARD = '{"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "x"}]}}'
MENU = "bar: Menu\nlayout: 1x1\nareas:\n  - {label: Go, postback: {go: a}}\n"
FILES = {
    "flows/a.yaml": FLOW,
    "flows/texts/a.csv": TEXTS,
    "flows/cards/card.json": CARD,
    "flows/menus/main.yaml": MENU,
}
ALL = {name.rpartition("/")[2]: name for name in FILES}


def told(file: str, before: str, after: str) -> list[tuple[str, str, int]]:
    assert before in FILES[ALL[file]], before
    edited = {**FILES, ALL[file]: FILES[ALL[file]].replace(before, after, 1)}
    return [(one.code, one.at.file.rpartition("/")[2], one.at.line) for one in check(edited, ("en", "ja"))]


def test_the_files_are_right() -> None:
    assert check(FILES, ("en", "ja")) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "code", "line"),
    [
        ("a.yaml", "    type: int", "   type: int", "yaml-syntax", 9),
        ("a.yaml", "    type: int", "\ttype: int", "yaml-syntax", 9),
        ("a.yaml", "steps:", "step:", "unknown-key", 4),
        ("a.yaml", "- postback: {go: a}", "- regex: '(a'", "bad-regex", 3),
        ("a.yaml", "start:\n", "start:\n  - event: follows\n  - event: follow\n", "unknown-word", 3),
        ("a.yaml", "{goto: out}", "{goto: outt}", "dangling-goto", 11),
        ("a.yaml", "give_up: {goto: out}", "give_upp: {goto: out}", "unknown-key", 11),
        ("a.yaml", "- ask: seats", "- aks: seats", "unknown-verb", 8),
        ("a.yaml", "sections:", "section:", "unknown-key", 15),
        ("a.yaml", "    say: $how_many", "    sya: $how_many", "unknown-key", 10),
        ("a.yaml", "say: $hello", "say: $helo", "text-unknown", 5),
        ("a.yaml", "type: int", "type: itn\n    unit: c\n    min: 1", "unknown-word", 9),
        ("a.yaml", "- say: $hello", "- http: {gett: https://shop.example}\n  - say: $hello", "unknown-key", 5),
        ("a.yaml", "- say: $hello", "- say: $hello\n    quick: [{label: Go, goto: a}]", "unknown-key", 6),
        ("a.yaml", "- postback: {go: a}", "- postbak: {go: a}", "unknown-key", 3),
        ("a.yaml", "say: $hello", "say: {en Hello, ja: や}\n  - say: $hello", "unknown-key", 5),
        ("a.yaml", "say: $hello", "say: {any: [A, B], ja: や}\n  - say: $hello", "unknown-key", 5),
        ("a.yaml", "- postback: {go: a}", "- postback: {go: a}\n  - keyword: tea, cake", "wrong-form", 4),
        ("a.yaml", "- end", "- switch: seats\n    cases:\n      - is: 2\n        say: Two", "unknown-key", 17),
        ("main.yaml", "layout: 1x1", "layot: 1x1", "unknown-key", 2),
        ("main.yaml", "bar: Menu", "bar: {en: Menu, jp: メニュー}", "unknown-language", 1),
        ("a.yaml", "say: $how_many", "say: $how_many\n    check: seats.seats", "wrong-form", 11),
        ("a.yaml", "cards/card.json", "cards/crad.json", "missing-card", 6),
        ("a.yaml", "when: seats > 2", "when: !seats", "yaml-tag", 12),
        ("a.yaml", "when: seats > 2", "when: {{ seats }}", "yaml-braces", 12),
        ("card.json", "]}}", "],}}", "json-syntax", 1),
        ("a.csv", "key,en,ja", "key,en,jp", "text-language", 1),
        ("a.csv", "key,en,ja", "key;en;ja", "text-csv", 1),
        ("a.csv", "key,en,ja", "name,en,ja", "text-csv", 1),
        ("a.csv", '}}?"', "}}?", "text-csv", 3),
        ("a.csv", "bye,Bye,では", "bye,Bye,では\nbye,Ciao,また", "text-twice", 5),
    ],
)
def test_what_follows_from_a_mistake_is_not_told(file: str, before: str, after: str, code: str, line: int) -> None:
    assert told(file, before, after) == [(code, file, line)]


def one(
    code: str, *, line: int = 3, column: int = 5, message: str = "", why: str = "", severity: str = "error"
) -> Finding:
    at = Place("flows/a.yaml", line, column)
    return Finding(code=code, severity=severity, at=at, message=message, why=why)  # type: ignore[arg-type]  # a test's word


def test_a_rule_of_line_gives_way_to_what_says_it_better() -> None:
    https = one("message-rule", why="image.url.https: https://line.example/#image")
    assert causes([https, one("not-https")]) == [one("not-https")]
    assert causes([https, one("not-https", line=4)]) == [https, one("not-https", line=4)]


def test_a_text_that_could_not_be_read_is_not_measured() -> None:
    empty = one("message-rule", why="text.empty: https://line.example/#text")
    typo = one("expr-filter", column=20)
    assert causes([empty, typo]) == [typo]
    assert causes([one("message-rule", line=4), typo]) == [one("message-rule", line=4), typo]


def test_of_two_rules_about_the_same_the_first_is_told() -> None:
    uri, scheme = (one("message-rule", why=f"{rule}: https://line.example") for rule in ("uri.uri", "uri.uri.scheme"))
    other = one("message-rule", why="label.max: https://line.example")
    assert causes([uri, scheme, other]) == [uri, other]


def test_a_language_that_is_none_lacks_no_texts() -> None:
    wrong = one("bad-setting", message="endpoints.shop.languages: `japanese` is no code of a language")
    missing = one("text-missing", severity="warning", message="`hello` has no text in japanese")
    assert causes([wrong, missing]) == [wrong]
    assert causes([missing]) == [missing]


def test_a_misspelt_part_of_the_settings_is_told_alone() -> None:
    people = one("bad-setting", message="handver: unknown setting; did you mean handover?")
    assert causes([people, one("unknown-queue", line=9), one("no-workstream")]) == [people]
    none = one("bad-setting", line=4, message="there is no endpoint, so nobody can talk to the bot")
    name = one("bad-setting", message="endpoint: unknown setting; did you mean endpoints?")
    assert causes([name, none]) == [name]
    assert causes([none]) == [none]


def test_what_has_no_cause_stays_in_its_order() -> None:
    findings = [one("text-unused", severity="hint"), one("menu-tap", severity="warning"), one("unreachable")]
    assert causes([*findings, findings[0]]) == findings
