"""What was said is found, in languages with and without spaces."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.model import Case, Noted, Turn
from runtime.store import Store, search
from tests.store.values import NOW, WORKER, event, take

pytestmark = pytest.mark.anyio

SAYINGS = {
    "e1": "予約を変更したいのですが",
    "e2": "ขอเปลี่ยนวันจองโต๊ะหน่อยค่ะ",
    "e3": "我想更改訂位時間",
    "e4": "Where is my parcel, please?",
    "e5": "Saya mau ubah pesanan; nomor A-1234",
    "e6": "ｶﾀｶﾅ ｈａｌｆ　ｗｉｄｔｈ",
}


async def filled(store: Store) -> None:
    for name, text in SAYINGS.items():
        claim = await take(store, event(name, name.upper()))
        case = Case(id=f"c-{name}", workstream="support", subject=f"Customer {name}", opened=NOW, since=NOW)
        note = Noted(type="message.received", at=NOW, case=case.id, visibility="public", data={"text": text})
        begun = Noted(type="case.requested", at=NOW, case=case.id)
        assert claim.event is not None
        turn = Turn(event=claim.event, session=replace(claim.session, case=case), case=case, notes=(begun, note))
        assert await store.commit(turn, worker=WORKER, now=NOW) is None
    assert await store.index_words(500, NOW) == 2 * len(SAYINGS)
    assert await store.index_words(500, NOW) == 0


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("予約", ["e1"]),
        ("予約変更", []),
        ("変更したい", ["e1"]),
        ("更", ["e3", "e1"]),
        ("間", ["e3"]),
        ("が", ["e1"]),
        ("ะ", ["e2"]),
        ("ค", ["e2"]),
        ("時間 想", ["e3"]),
        ("間我", []),
        ("จองโต๊ะ", ["e2"]),
        ("訂位 更改", ["e3"]),
        ("PARCEL", ["e4"]),
        ("parc", ["e4"]),
        ("where please", ["e4"]),
        ("pesanan A-1234", ["e5"]),
        ("カタカナ", ["e6"]),
        ("half width", ["e6"]),
        ("nothing", []),
        ("'); DROP TABLE notes; --", []),
        ('" OR *', []),
        ("  ", []),
    ],
)
async def test_what_was_said_is_found(store: Store, asked: str, names: list[str]) -> None:
    await filled(store)
    lines, _ = await store.find(asked, 50)
    assert [line["case_id"] for line in lines] == [f"c-{name}" for name in names]


async def test_people_are_found_by_name(store: Store) -> None:
    await filled(store)
    assert [row["id"] for row in (await store.find("customer E3", 50))[1]] == ["c-e3"]
    assert (await store.find("%", 50))[1] == []
    assert (await store.find("cust", 50))[0] == []
    assert (await store.find("c", 50))[0] == []
    assert len((await store.find("c", 50))[1]) == len(SAYINGS)


async def test_marks_of_names_cannot_be_asked_for(store: Store) -> None:
    await filled(store)
    for text in (f"{search.MARK}customer", f"{search.MARK}c", "zqn"):
        assert await store.find(text, 50) == ([], []), text


async def test_what_is_taken_back_is_not_found_any_more(store: Store) -> None:
    await filled(store)
    claim = await take(store, event("unsend", "E4"))
    assert claim.event is not None
    turn = Turn(event=claim.event, session=claim.session, erase=("m-e4",))
    await store.commit(turn, worker=WORKER, now=NOW)
    assert (await store.find("parcel", 50))[0] == []
    [_, note] = await store.notes_of(claim.session.key)
    assert note["data"] == {"erased": True}


async def test_an_erased_session_is_not_found_any_more(store: Store) -> None:
    await filled(store)
    await store.erase_session("shop:E4")
    assert await store.find("parcel", 50) == ([], [])
    assert (await store.find("customer e4", 50))[1] == []
    assert await store.show_case("c-e4") is None


@given(st.text())
def test_any_text_can_be_asked_for(text: str) -> None:
    for kind in ("sqlite", "postgresql"):
        search.query(kind, text)
    search.indexable(text)
