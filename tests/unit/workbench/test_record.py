"""What is remembered of turns, and what gives way when many people write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.errors import Fenced
from runtime.model import Chat, Claim, Delivery, Event, Outcome, Session, Turn
from runtime.workbench.record import LOOKED, Record, Records
from tests.clock import ManualClock

HERE = Chat("user", "U1")


@pytest.fixture
def heard() -> list[Record]:
    return []


@pytest.fixture
def records(heard: list[Record]) -> Records:
    return Records(ManualClock(), heard.append, keep=4)


def event(number: int, key: str = "shop:U1") -> Event:
    data = {"id": f"m{number}"}
    return Event(id=f"e{number}", session=key, endpoint="shop", kind="message", at=0, due=0, chat=HERE, data=data)


def session(key: str = "shop:U1") -> Session:
    return Session(key=key, endpoint="shop", chat=HERE)


def delivery(number: int, of: str) -> Delivery:
    return Delivery(
        id=f"{of}/{number}", session="shop:U1", endpoint="shop", chat=HERE, messages=({"type": "text", "text": "a"},),
        via="reply", reply_to="t", received=0, retry_key="k", state="waiting",
    )  # fmt: skip


def played(records: Records, number: int, key: str = "shop:U1", deliveries: int = 1) -> Turn:
    one = event(number, key)
    records.claimed(Claim(session(key), one))
    turn = Turn(event=one, session=session(key), deliveries=tuple(delivery(n, one.id) for n in range(deliveries)))
    records.done(turn)
    return turn


def test_a_turn_is_told_when_it_is_done_and_when_it_was_sent(records: Records, heard: list[Record]) -> None:
    turn = played(records, 1, deliveries=2)
    first, second = turn.deliveries
    sent = Outcome(state="sent", message_ids=("a",), status=200)
    records.settled([(first, sent), (second, replace(sent, via="push", billed=1, message_ids=("b",)))])
    assert [one.event.id for one in heard] == ["e1", "e1"]
    found = records.get("e1")
    assert found is not None
    assert [(one.attempts, one.billed) for one in found.sent.values()] == [(1, 0), (1, 1)]
    assert [records.message(id) for id in ("m1", "a", "b", "c")] == [(found, -1), (found, 0), (found, 1), None]


def test_what_was_held_goes_with_a_later_turn(records: Records) -> None:
    played(records, 1)
    later = replace(played(records, 2), merged=("e1/0",))
    records.done(later)
    found = records.get("e1")
    assert found is not None
    assert found.sent["e1/0"].fate == "merged"


def test_a_failure_keeps_its_error_until_it_is_worked_again(records: Records) -> None:
    claim = Claim(session(), event(1))
    records.claimed(claim)
    records.failed(claim, "it broke", 5_000, [])
    first = records.get("e1")
    assert first is not None
    assert (first.state, first.error, first.attempts) == ("due", "it broke", 1)
    records.claimed(replace(claim, attempts=1))
    again = records.get("e1")
    assert again is not None
    assert again.error == "it broke"
    records.done(Turn(event=claim.event or event(1), session=session()))
    assert (again.state, again.error, again.attempts) == ("done", "", 2)


def test_what_was_looked_at_in_vain_leaves_no_trace(records: Records, heard: list[Record]) -> None:
    """A resting session's event is played before it is stored; when that is refused it comes the usual way."""
    records.glimpsed(event(1), session())
    records.missed(Turn(event=event(1), session=session()), Fenced())
    assert records.get("e1") is None
    played(records, 2)
    records.glimpsed(event(2), session())  # a duplicate of what was worked
    records.missed(Turn(event=event(2), session=session()), Fenced())
    found = records.get("e2")
    assert found is not None
    assert found.state == "done"
    assert len(heard) == 1


def test_the_oldest_give_way_but_not_those_somebody_looks_at(records: Records) -> None:
    records.view("shop:U1")
    for number in (1, 2):
        played(records, number)
    for number in range(3, 20):
        played(records, number, "shop:U2")
    assert [one.event.id for one in records.of("shop:U1")] == ["e2", "e1"]
    assert len(records.of("shop:U2")) == 4
    for number in range(LOOKED):
        records.view(f"shop:other{number}")
    played(records, 20)
    for number in range(21, 30):
        played(records, number, "shop:U2")
    assert [one.event.id for one in records.of("shop:U1")] == ["e2", "e1"]
