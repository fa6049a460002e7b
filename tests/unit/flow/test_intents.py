"""The file of intents: what is read, what is wrong with it."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from runtime.flow.check import check
from runtime.flow.intents import FILE, Slot, read
from runtime.flow.loader import examine, load
from runtime.flow.schema import intents_schema
from runtime.flow.source import parse

PATH = f"flows/{FILE}"
GOOD = """
intents:
  book:
    note: a table
    examples:
      en: ["a table for [two](seats) [tomorrow](day)", A table]
      ja: 席を予約したい
  tea: {en: ["[matcha](tea) please"], ja: ["[抹茶](tea)"]}
slots:
  seats: int
  day: {type: date, note: when}
  tea: {values: {matcha: [matcha, 抹茶], hojicha: {en: [roasted], ja: ほうじ茶}}}
  code: {pattern: "[A-Z]\\\\d+"}
"""


def told(text: str, languages: tuple[str, ...] = ("en", "ja")) -> list[tuple[str, str, int]]:
    _, findings = read({PATH: text}, languages)
    return [(one.code, one.severity, one.at.line) for one in findings]


def test_intents_and_slots_are_read() -> None:
    made, findings = read({PATH: GOOD}, ("en", "ja"))
    assert findings == []
    [first, second] = made.of["book"]["en"]
    assert (first.text, first.slots) == ("a table for two tomorrow", (("two", "seats"), ("tomorrow", "day")))
    assert (second.text, second.slots, second.at.line) == ("A table", (), 6)
    assert [one.text for one in made.of["book"]["ja"]] == ["席を予約したい"]
    assert made.slots["seats"] == Slot("int")
    assert made.slots["tea"].values["hojicha"] == {"en": ("roasted",), "ja": ("ほうじ茶",)}
    assert made.slots["code"].pattern is not None


def test_the_schema_takes_what_is_read() -> None:
    Draft202012Validator.check_schema(intents_schema())
    schema = Draft202012Validator(intents_schema())
    node, _ = parse(GOOD, PATH)
    assert node is not None
    assert [one.message for one in schema.iter_errors(node.plain())] == []
    wrongs: list[object] = [{}, {"intents": {"a": ["b"]}}, {"intents": {}, "slots": {"a": "integer"}}, {"intent": {}}]
    for wrong in wrongs:
        assert not schema.is_valid(wrong)


def test_what_is_wrong_is_told_where_it_stands() -> None:
    assert told("intents:\n  a: {en: [x], ja: [y]}\n  b: {en: [X!], ja: [z]}") == [("same-example", "warning", 3)]
    assert told("intents:\n  a: {en: [x]}") == [("text-missing", "warning", 2)]
    assert told("intents:\n  a: {en: [x], ja: ['']}") == [("wrong-form", "error", 2)]
    assert told("intents:\n  a: {en: [x], ja: [y], fr: [z]}") == [("unknown-language", "hint", 2)]
    assert told("intents:\n  a: {en: [x], ja: ['[y](z)']}") == [("unknown-slot", "error", 2)]
    assert told("intents: {a: {en: x, ja: y}}\nslots: {s: {type: int, pattern: x}}") == [("one-of", "error", 2)]
    assert told("intents:\n  a b: {en: [x], ja: [y]}") == [("wrong-form", "error", 2)]
    assert told("slots: {}") == [("missing-key", "error", 1)]
    assert told("intents: [") == [("yaml-syntax", "error", 2)]


def test_another_file_there_is_not_read() -> None:
    _, findings = read({"flows/nlu/intent.yaml": GOOD}, ("en", "ja"))
    assert [(one.code, one.fix) for one in findings] == [("unread-file", "intents stand in flows/nlu/intents.yaml")]


def test_they_belong_to_the_bot_and_to_its_version() -> None:
    flow = {"flows/a.yaml": "flow: a\nstart: [{keyword: a}]\nsteps: [end]"}
    with_intents = {**flow, PATH: GOOD}
    assert load(with_intents, languages=("en", "ja")).version != load(flow, languages=("en", "ja")).version
    assert set(examine(with_intents, ("en", "ja")).intents.of) == {"book", "tea"}
    assert [one.code for one in check(flow | {PATH: "intents: 3"}, ("en", "ja"))] == ["wrong-kind"]
    reserved = {"flows/a.yaml": "flow: a\nstart: [{intent: book}]\nsteps: [end]", PATH: GOOD}
    assert "reserved-verb" in [one.code for one in check(reserved, ("en", "ja"))]
