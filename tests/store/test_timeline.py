"""A chat's lines page by page: nothing is missing between two pages, whatever stands at one moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runtime.model import Case, Claim, Control, Entry, Noted, Turn
from tests.store.values import NOW, WORKER, event

pytestmark = pytest.mark.anyio


async def talked(store: Any, turns: int) -> None:
    """Turns that say three things and note two each, all at their own moment; before them much was said elsewhere."""
    for number in range(turns + 5):
        user = "other" if number < 5 else "mai"
        [claim] = await store.accept([event(f"e{number}", user)], worker=WORKER, now=NOW)
        at = NOW + number // 2 * 1_000  # two turns of one moment
        case = Case(id=f"{user}.case", workstream="s", queue="general" if number % 3 else "orders", opened=NOW)
        notes = tuple(Noted(type=f"n{one}", at=at, case=case.id) for one in range(2)) if user == "mai" else ()
        entries = tuple(said(claim, f"{number}.{one}", at) for one in range(3))
        session = replace(claim.session, case=case, control=Control("human", 1))
        turn = Turn(event=claim.event, session=session, case=case, notes=notes, entries=entries)
        assert await store.commit(turn, worker=WORKER, now=NOW) is None


def said(claim: Claim, text: str, at: int) -> Entry:
    assert claim.event is not None
    return Entry(session=claim.session.key, who="bot", kind="text", text=text, at=at, event=claim.event.id)


async def pages(store: Any, limit: int, sees: Any = None) -> list[tuple[str, int]]:
    before, found = 2**53, []
    key = event("x", "mai").session
    while rows := await store.timeline(key, before, limit, sees):
        found = [(row["what"], row["seq"]) for row in rows] + found
        before = rows[0]["at"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 7, 60])
async def test_no_line_is_missing_and_none_comes_twice(store: Any, limit: int) -> None:
    await talked(store, 12)
    found = await pages(store, limit)
    assert len(found) == len(set(found)) == 12 * 5
    assert found == await pages(store, 500)


async def test_what_is_of_other_queues_is_left_out_and_the_rest_is_whole(store: Any) -> None:
    await talked(store, 12)
    mine = await pages(store, 4, lambda queue, agent: queue == "orders")
    assert mine == await pages(store, 500, lambda queue, agent: queue == "orders")
    assert len(mine) == 4 * 5
    assert await pages(store, 4, lambda queue, agent: False) == []
