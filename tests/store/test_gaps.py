"""What LINE refused although the rules allowed it: each kind once."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.store import Store
from tests.store.values import NOW

pytestmark = pytest.mark.anyio

ANSWER = {"message": "The request body has 1 error(s)", "details": [{"property": "messages[0].mood", "message": "no"}]}


def shape(length: int, **more: Any) -> list[Any]:
    return [{"type": "text", "text": f"text({length})", **more}]


async def test_a_gap_is_kept_once_with_its_count_and_last_time(store: Store) -> None:
    await store.keep_gap("shop", shape(12), 400, ANSWER, NOW)
    await store.keep_gap("cafe", shape(13), 400, ANSWER, NOW + 5)
    assert await store.list_gaps() == [
        {
            "id": (await store.list_gaps())[0]["id"],
            "endpoint": "shop",
            "status": 400,
            "times": 2,
            "first": NOW,
            "last": NOW + 5,
            "answer": ANSWER,
            "shape": shape(12),
        }
    ]


async def test_another_answer_or_form_is_another_gap(store: Store) -> None:
    await store.keep_gap("shop", shape(1), 400, ANSWER, NOW)
    await store.keep_gap("shop", shape(1), 413, ANSWER, NOW + 1)
    await store.keep_gap("shop", shape(1), 400, {"message": "other"}, NOW + 2)
    await store.keep_gap("shop", shape(1, quoteToken="text(8)"), 400, ANSWER, NOW + 3)
    found = await store.list_gaps()
    assert [row["last"] - NOW for row in found] == [3, 2, 1, 0]
    assert [row["last"] - NOW for row in await store.list_gaps(2)] == [3, 2]
    await store.forget_gap(found[0]["id"])
    assert len(await store.list_gaps()) == 3


async def test_a_gap_noted_on_the_way_is_kept_before_the_store_closes(store: Store) -> None:
    store.note_gap("shop", shape(1), 400, ANSWER, NOW)
    await store.close()
    await store.open()
    assert [row["times"] for row in await store.list_gaps()] == [1]
