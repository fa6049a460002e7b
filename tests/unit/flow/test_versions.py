"""A session finishes on the version of the flows it began with."""

from __future__ import annotations

from runtime.flow.loader import load
from runtime.flow.tree import Flows
from runtime.flow.versions import Book
from tests.unit.flow.talk import Talk

OLD = """
flow: a
start: [{keyword: go}]
steps:
  - {ask: x, say: Old?}
  - say: "old {{ x }}"
"""
NEW = OLD.replace("Old?", "New?").replace("old {{", "new {{")


def version(text: str) -> Flows:
    return load({"flows/main.yaml": text})


def test_who_waits_goes_on_as_before_and_others_begin_on_the_new_one() -> None:
    bot = Talk(OLD)
    bot.user("go")
    bot.book.take(version(NEW))
    assert bot.user("yes") == ["old yes"]
    assert bot.user("go") == ["New?"]
    assert bot.user("yes") == ["new yes"]


def test_when_the_old_version_is_gone_the_session_moves_to_the_same_place() -> None:
    bot = Talk(OLD)
    bot.user("go")
    assert bot.session.cursor is not None
    bot.book = Book(version(NEW))
    assert bot.book.missing(bot.session) == {bot.session.cursor.version}
    assert bot.user("yes") == ["new yes"]
    assert bot.turn is not None
    assert bot.turn.trace[0]["moved"] == "a.steps[0]"


def test_when_the_place_is_gone_too_it_starts_over() -> None:
    bot = Talk(OLD)
    bot.user("go")
    bot.book = Book(version("flow: a\nstart: [{keyword: go}]\nfallback: Pardon?\nsteps: []"))
    assert bot.user("yes") == ["Pardon?"]
    assert bot.turn is not None
    assert bot.turn.trace[0]["lost"] == "a.steps[0]"
    assert bot.at == ""


def test_a_book_keeps_its_versions_within_bounds() -> None:
    book = Book(version(OLD))
    first = book.version
    for number in range(60):
        book.take(version(f"flow: a\nsteps: [{{say: '{number}'}}]"))
    assert len(book.versions) == 50
    assert book.get(first) is None
    assert book.get(book.version) is book.current


def test_texts_of_the_settings() -> None:
    flows = load(
        {"flows/a.yaml": "flow: a\nsteps: []", "flows/texts/t.csv": "key,ja,en\nsorry,すみません,Sorry\n"},
        languages=("ja", "en"),
    )
    book = Book(flows)
    assert book.text("Plain") == "Plain"
    assert book.text("$sorry", "en") == "Sorry"
    assert book.text("$sorry") == "すみません"
    assert book.text("$nothing", "en") == ""
