"""Values and their rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import StoreError
from runtime.model import Claim, Control, Cursor, Frame, Outcome, Session
from runtime.store import codec
from tests.store.values import NOW, again, delivery, event, timer, turn

json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
data = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), json, max_size=4)


@given(data, data)
def test_a_session_comes_back_as_it_was(values: dict[str, object], notes: dict[str, object]) -> None:
    session = Session(
        key="shop:U1", endpoint="shop", chat=event().chat, vars=values, control=Control("human", 3),
        cursor=Cursor("f", "v", "s", 1, notes), stack=(Frame("f", "v", "s", values, notes),), memory=notes, version=7,
    )  # fmt: skip
    assert codec.session_of(codec.state_of(session)) == session


@given(data, st.text())
def test_an_event_comes_back_as_it_was_but_for_broken_characters(values: dict[str, object], text: str) -> None:
    sent = event(data=values, raw=values)
    assert codec.event_of(codec.text(sent), "e1") == sent
    spoken = codec.event_of(codec.text(replace(sent, text=text)), "e1").text
    assert spoken == text.encode("utf-8", "replace").decode()


def test_fields_of_other_versions_are_passed_over_and_missing_ones_get_defaults() -> None:
    found = codec.session_of('{"key":"a","endpoint":"b","chat":{"kind":"user","id":"U","new":1},"mood":"calm"}')
    assert (found.key, found.control, found.version) == ("a", Control(), 0)


def test_a_row_that_cannot_be_read_is_said_without_its_content() -> None:
    with pytest.raises(StoreError, match="a stored session cannot be read") as caught:
        codec.session_of('{"key":"my secret","endpoint":5}')
    assert "my secret" not in str(caught.value)


def test_the_print_stays_the_same_when_line_delivers_again() -> None:
    first = event()
    assert codec.print_of(first) == codec.print_of(again(first, NOW + 1))
    assert codec.print_of(first) == codec.print_of(replace(first, raw={**first.raw, "replyToken": "other"}))
    assert codec.print_of(first) != codec.print_of(event(text="other"))
    assert len(codec.print_of(first)) == 8


def test_the_print_of_our_own_events_is_that_of_their_content() -> None:
    assert codec.print_of(timer("t", NOW)) == codec.print_of(timer("t", NOW + 1))
    assert codec.print_of(timer("t", NOW)) != codec.print_of(replace(timer("t", NOW), data={"timer": "other"}))


def test_a_print_is_made_of_broken_characters_too() -> None:
    assert len(codec.print_of(event(raw={"half": "\ud800"}))) == 8


def test_what_line_sent_is_due_at_once_and_a_timer_when_it_is_due() -> None:
    assert codec.keep(event(at=NOW + 5), NOW)[2:4] == (NOW + 5, NOW)
    assert codec.keep(event(at=NOW - 5), NOW)[2:4] == (NOW - 5, NOW - 5)
    assert codec.keep(timer("t", NOW + 9), NOW)[2:4] == (NOW + 9, NOW + 9)


def test_a_blank_event_says_nothing_but_which_message_it_was() -> None:
    blank = codec.event_of(codec.blank(event(text="secret")), "e1")
    assert (blank.text, blank.raw, blank.data) == ("", {}, {"type": "text", "id": "m-e1", "erased": True})
    assert blank.session == "shop:U1"


def test_numbers_stay_within_64_bits() -> None:
    assert [codec.small(n) for n in (5, 2**70, -(2**70))] == [5, 2**63 - 1, 1 - 2**63]


def test_an_outcome_ends_a_delivery_or_lets_it_wait() -> None:
    states = {o: codec.outcome("d", Outcome(state=o), NOW) for o in ("sent", "retry", "held", "failed")}
    assert {o: (row[0], row[8]) for o, row in states.items()} == {
        "sent": ("sent", NOW),
        "retry": ("waiting", None),
        "held": ("held", None),
        "failed": ("failed", NOW),
    }


def test_every_turn_leaves_a_row_by_which_its_event_is_found() -> None:
    claim = Claim(Session(key="shop:U1", endpoint="shop", chat=event().chat), event())
    packed = codec.pack(turn(claim, deliveries=(delivery("d"), delivery("h", state="held"))), NOW)
    assert packed.entries == [("shop:U1", NOW, "", "message", "", "{}", "e1", "")]
    assert [(d.state, d.created) for d in packed.deliveries] == [("waiting", NOW), ("held", NOW)]
    assert packed.session.version == 1
