"""A row that cannot be read stops its own session, and no other."""

from __future__ import annotations

import pytest

from runtime.store import Store
from runtime.store.lanes import Op
from tests.store.values import NOW, WORKER, event, work

pytestmark = pytest.mark.anyio

SPOIL = {
    "session": "UPDATE sessions SET state = '{' WHERE key = 'shop:U1'",
    "event": "UPDATE inbox SET body = '{' WHERE session = 'shop:U1'",
}


@pytest.mark.parametrize("what", sorted(SPOIL))
async def test_a_spoiled_row_does_not_stop_the_others(store: Store, what: str) -> None:
    def spoil() -> Op[None]:
        yield SPOIL[what], ()

    await store.accept([event("e1", "U1")], worker=None, now=NOW)
    await store.accept([event("e2", "U2", at=NOW + 1)], worker=None, now=NOW + 1)
    await store._base.write(spoil)
    claim = await store.claim(WORKER, NOW + 2)
    assert claim is not None
    assert claim.session.key == "shop:U2"
    assert await store.claim(WORKER, NOW + 2) is None
    due = await store.next_due(NOW + 2)
    assert due is not None
    assert due > NOW + 10_000, "it is looked at again, but not all the time"


async def test_a_body_with_an_event_for_a_spoiled_session_is_kept_whole(store: Store) -> None:
    def spoil() -> Op[None]:
        yield SPOIL["session"], ()

    claim = (await store.accept([event("e0", "U1")], worker=WORKER, now=NOW))[0]
    assert await work(store, claim) is None
    await store._base.write(spoil)
    claims = await store.accept([event("e1", "U1"), event("e2", "U2")], worker=WORKER, now=NOW + 1)
    assert [claim.session.key for claim in claims] == ["shop:U2"]
    assert {row["id"] for row in await store.list_events("due")} == {"e1", "e2"}
    assert await store.claim(WORKER, NOW + 2) is None
    await store.erase_session("shop:U1")
    assert (await store.accept([event("e3", "U1")], worker=WORKER, now=NOW + 3))[0].session.key == "shop:U1"
