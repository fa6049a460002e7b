"""Nobody remembers what was erased."""

from __future__ import annotations

import pytest

from runtime.errors import Fenced
from runtime.model import Turn
from runtime.store import Store
from tests.store.values import NOW, WORKER, counted, event, take, work

pytestmark = pytest.mark.anyio


async def test_a_worker_that_remembers_an_erased_session_writes_nothing_of_it(store: Store) -> None:
    await work(store, await take(store, event("e1")))
    remembered = await store.load_session("shop:U1")
    assert remembered is not None
    await store.erase_session("shop:U1")
    later = NOW + 60_000
    [claim] = await store.accept([event("e2", at=later)], worker=WORKER, now=later)
    await store.commit(Turn(event=claim.event, session=claim.session), worker=WORKER, now=later)  # type: ignore[arg-type]  # it has one
    turn = Turn(event=event("e3", at=later + 1), session=counted(remembered))
    with pytest.raises(Fenced):
        await store.direct(turn, worker=WORKER, now=later)
    found = await store.load_session("shop:U1")
    assert found is not None
    assert found.vars == {}
