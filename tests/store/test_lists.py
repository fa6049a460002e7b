"""Lists of cases by their labels, in each order, and as an older store knew them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from runtime.model import Case, Control, Noted, Turn
from runtime.store import Store, migrate
from runtime.store.listing import CaseFilter
from tests.store.test_migrations import store_with
from tests.store.values import NOW, WORKER, event, take

pytestmark = pytest.mark.anyio

CLOSED = ("closed",)


def over(name: str, *labels: str, **more: Any) -> Case:
    values = {"workstream": "support", "state": "closed", "queue": "general", "opened": NOW, "ended": NOW, **more}
    return Case(id=name, labels=labels, **values)


async def keep(store: Store, case: Case, *notes: Noted, at: int = NOW) -> None:
    """Write a case as a turn does."""
    user, name = f"U-{case.id}", f"{case.id}.{case.state}.{len(case.labels)}.{at}"
    claim = await take(store, event(name, user, at=at), now=at)
    assert claim.event is not None
    session = replace(claim.session, case=case, control=Control("human", 1))
    turn = Turn(event=claim.event, session=session, case=case, notes=notes)
    assert await store.commit(turn, worker=WORKER, now=at) is None


def relabelled(case: Case) -> Noted:
    return Noted(type="case.changed", at=NOW, case=case.id, data={"values": {"labels": list(case.labels)}})


async def labelled(store: Store, label: str, **more: Any) -> list[str]:
    where = CaseFilter(**({"states": CLOSED, "label": label} | more))
    return [row["id"] for row in await store.list_cases(where, 10)]


async def test_cases_are_listed_by_a_label_in_each_order(store: Store) -> None:
    await keep(store, over("a", "vip", opened=NOW + 2), at=NOW)
    await keep(store, over("b", "vip", "late", opened=NOW + 1), at=NOW + 1)
    await keep(store, over("c", "late", queue="orders"), at=NOW + 2)
    await keep(store, over("d", "vip", state="queued", queue="orders"), at=NOW + 3)
    assert await labelled(store, "vip") == ["b", "a"]
    assert await labelled(store, "vip", order="oldest") == ["b", "a"]
    assert await labelled(store, "late") == ["c", "b"]
    assert await labelled(store, "late", order="oldest") == ["c", "b"]
    assert await labelled(store, "late", order="urgent") == ["b", "c"]
    assert await labelled(store, "late", before=NOW + 2) == ["b"]
    assert await labelled(store, "late", queues=("general",), mine="aya") == ["b"]
    assert await labelled(store, "late", queues=(), mine="nobody") == []
    assert await labelled(store, "late", queue="orders", endpoint="shop") == ["c"]
    assert await labelled(store, "late", ids=("a", "b")) == ["b"]
    assert await labelled(store, "vip", states=("queued", "offered"), order="urgent") == ["d"]
    assert await labelled(store, "vip", states=("queued", "closed")) == ["d", "b", "a"]


async def test_words_of_a_case_that_are_no_labels_are_none(store: Store) -> None:
    await keep(store, over("a", "vip", priority="urgent", context={"note": "late"}))
    for word in ("urgent", "late", "desk", "%", "vi", ""):
        assert await labelled(store, word) == (["a"] if not word else []), word


async def test_a_case_that_lost_a_label_is_no_longer_listed_by_it(store: Store) -> None:
    await keep(store, over("a", "vip", "late", state="queued"))
    fewer = over("a", "late", state="queued")
    await keep(store, fewer, relabelled(fewer), at=NOW + 1)
    assert await labelled(store, "vip", states=("queued",)) == []
    await keep(store, over("a", "late"), at=NOW + 2)
    assert (await labelled(store, "vip"), await labelled(store, "late")) == ([], ["a"])


async def test_labels_go_with_their_cases(store: Store) -> None:
    await keep(store, over("a", "vip"))
    await keep(store, over("b", "vip", ended=NOW + 10), at=NOW + 1)
    await store.prune(NOW + 5)
    assert await labelled(store, "vip") == ["b"]
    await store.erase_session("shop:U-b")
    assert await labelled(store, "vip") == []
    assert await store._base.read(_rows) == 0


def _rows() -> Any:
    [(number,)] = yield "SELECT count(*) FROM labelled", ()
    return number


async def test_an_older_store_gets_its_labels_and_words(store_url: str) -> None:
    known = migrate.load()
    lists = next(one for one in known if one.id.endswith("_lists"))
    first = store_with(store_url, known)
    await first.open()
    await first.join(WORKER)
    said = Noted(type="message.received", at=NOW, case="a", visibility="public", data={"text": "予約"})
    await keep(first, over("a", "vip", 'it\'s "late" \\ 遅い'), said)
    await keep(first, over("b"), at=NOW + 1)
    await first.index_words(10, NOW)
    await first._base.write(_before)
    await first._base.write(migrate.apply, lists, NOW)
    await first.close()
    again = store_with(store_url, known)
    await again.open()
    assert await labelled(again, "vip") == ["a"]
    assert await labelled(again, 'it\'s "late" \\ 遅い', order="oldest") == ["a"]
    assert await again.index_words(10, NOW) == 1
    assert [line["case_id"] for line in (await again.find("約", 5))[0]] == ["a"]
    await again.close()


def _before() -> Any:
    """As the store was before its lists had a migration of their own."""
    yield "DELETE FROM migrations WHERE id LIKE '%_lists'", ()
    yield "DROP TABLE labelled", ()
    yield "DROP INDEX cases_by_age", ()
    yield "DROP INDEX notes_happened", ()
