"""What operators see and change."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.errors import BadInput, StoreError
from runtime.model import Cursor, Frame, Outcome
from runtime.store import Store, connect
from tests.store.values import NOW, WORKER, delivery, drain, event, said, settle, take, timer, turn, work

pytestmark = pytest.mark.anyio
NONE = dict.fromkeys(("inbox", "outbox", "notes", "audit", "transcript", "cases", "sent_files", "media"), 0)


async def parked(store: Store, name: str = "e1") -> None:
    claim = await take(store, event(name))
    await store.fail(claim, "bad weather", due=None, worker=WORKER, now=NOW)


async def sent(store: Store, outcome: Outcome, name: str = "e1") -> None:
    after = await work(store, await take(store, event(name)), deliveries=(delivery(f"{name}/0"),))
    await settle(store, after, outcome)


async def test_events_are_listed_by_state_and_session(store: Store) -> None:
    await parked(store, "dead")
    await work(store, await take(store, event("done", "U2")), timers=(timer("due", NOW + 5, "U2"),))
    await store.accept([event("mine", "U2", at=NOW + 1)], worker=None, now=NOW)
    ids = {state: [row["id"] for row in await store.list_events(state=state)] for state in ("due", "done", "dead")}
    assert ids == {"due": ["mine", "due"], "done": ["done"], "dead": ["dead"]}
    assert [row["id"] for row in await store.list_events(session="shop:U2")] == ["mine", "due", "done"]
    assert [row["id"] for row in await store.list_events(state="due", session="shop:U1")] == []
    assert [row["id"] for row in await store.list_events(limit=1)] == ["mine"]
    assert [row["id"] for row in await store.list_events(session="shop:U1")] == ["dead"]


async def test_an_unknown_state_is_named_with_the_known(store: Store) -> None:
    with pytest.raises(BadInput, match="'sleepy' is no state; it is one of due, done, dead, dropped"):
        await store.list_events(state="sleepy")
    with pytest.raises(BadInput, match="one of waiting, sending"):
        await store.list_outbox(state="sleepy")


@pytest.mark.parametrize("ask", ["show_event", "show_delivery", "show_session"])
async def test_what_is_not_there_is_said_with_the_way_to_find_it(store: Store, ask: str) -> None:
    with pytest.raises(BadInput, match=r"there is no .* nothing; `noren \w+ list` shows what there is"):
        await getattr(store, ask)("nothing")


async def test_a_parked_event_is_tried_again(store: Store) -> None:
    await parked(store)
    await store.retry_event("e1", NOW + 1)
    assert await store.next_due(NOW) == NOW + 1
    assert await drain(store, NOW + 1) == ["e1"]
    with pytest.raises(BadInput, match="was worked"):
        await store.retry_event("e1", NOW)


async def test_a_waiting_retry_is_tried_now(store: Store) -> None:
    claim = await take(store, event())
    await store.fail(claim, "later", due=NOW + 60_000, worker=WORKER, now=NOW)
    await store.retry_event("e1", NOW)
    assert await drain(store) == ["e1"]


async def test_a_dropped_event_is_never_worked_and_still_known(store: Store) -> None:
    await store.accept([event("e1")], worker=None, now=NOW)
    await store.drop_event("e1", NOW)
    assert await store.accept([event("e1")], worker=None, now=NOW) == []
    assert await drain(store) == []
    assert await store.next_due(NOW) is None
    with pytest.raises(BadInput, match="is dropped"):
        await store.drop_event("e1", NOW)
    await parked(store, "e2")
    await store.drop_event("e2", NOW)
    assert [row["id"] for row in await store.list_events(state="dropped")] == ["e2", "e1"]
    await store.retry_event("e1", NOW)
    assert await drain(store) == ["e1"]


async def test_nothing_is_changed_under_a_workers_hands(store: Store) -> None:
    await take(store, event())
    for change in (store.retry_event("e1", NOW), store.drop_event("e1", NOW), store.end_session("shop:U1", NOW)):
        with pytest.raises(BadInput, match="being worked on right now"):
            await change
    with pytest.raises(BadInput, match="being worked on right now"):
        await store.erase_session("shop:U1")


async def test_a_failed_delivery_is_sent_again(store: Store) -> None:
    await sent(store, Outcome(state="failed", status=400, detail="LINE refused it"))
    [row] = await store.list_outbox(state="failed")
    assert (row["id"], row["status"], row["detail"]) == ("e1/0", 400, "LINE refused it")
    await store.retry_delivery("e1/0", NOW)
    after = await store.claim(WORKER, NOW)
    assert after is not None
    assert [one.state for one in after.deliveries] == ["waiting"]
    await settle(store, after)
    with pytest.raises(BadInput, match="was sent"):
        await store.retry_delivery("e1/0", NOW)
    with pytest.raises(BadInput, match="is sent; only what is still to be sent"):
        await store.drop_delivery("e1/0", NOW)


async def test_a_held_delivery_is_dropped(store: Store) -> None:
    await sent(store, Outcome(state="held"))
    assert [row["id"] for row in await store.list_outbox(state="held", session="shop:U1")] == ["e1/0"]
    await store.drop_delivery("e1/0", NOW)
    claim = await take(store, event("e2", at=NOW + 1))
    assert claim.deliveries == ()
    assert (await store.show_delivery("e1/0"))["body"]["messages"] == [{"type": "text", "text": "answer e1/0"}]


async def test_sessions_are_listed_by_their_latest_event(store: Store) -> None:
    for n in range(5):
        await store.accept([event(f"e{n}", f"U{n}")], worker=None, now=NOW)
    await store.accept([event("e9", "U1")], worker=None, now=NOW)
    assert [row["key"] for row in await store.list_sessions(limit=3)] == ["shop:U1", "shop:U4", "shop:U3"]
    first = await store.list_sessions(limit=3, after="")
    assert [row["key"] for row in first] == ["shop:U0", "shop:U1", "shop:U2"]
    assert [row["key"] for row in await store.list_sessions(limit=3, after="shop:U2")] == ["shop:U3", "shop:U4"]


async def test_a_session_is_shown_with_who_holds_it(store: Store) -> None:
    claim = await take(store, event())
    shown = await store.show_session("shop:U1")
    assert (shown["worker"], shown["due"], shown["state"]["chat"]["id"]) == (WORKER, NOW, "U1")
    await work(store, claim)
    shown = await store.show_session("shop:U1")
    assert (shown["worker"], shown["due"], shown["version"]) == (None, None, NOW + 1)


async def test_an_ended_session_starts_afresh_and_keeps_what_is_kept(store: Store) -> None:
    claim = await take(store, event())
    busy = replace(
        claim.session, cursor=Cursor("f", "v", "s", 1), stack=(Frame("f", "v", "s", {}, {}),), vars={"a": 1},
        kept={"name": "kept"}, profile={"p": 1}, memory={"m": 1}, contact="somebody",
    )  # fmt: skip
    await store.commit(replace(turn(claim), session=busy, timers=(timer("t", NOW + 5),)), worker=WORKER, now=NOW)
    await store.end_session("shop:U1", NOW + 1)
    ended = await store.load_session("shop:U1")
    assert ended == replace(busy, cursor=None, stack=(), vars={}, memory={}, started=NOW + 1, version=NOW + 2)
    assert await drain(store, NOW + 5) == []
    claim = await take(store, event("e2", at=NOW + 1), now=NOW + 1)
    assert claim.session.version == NOW + 2
    assert await work(store, claim) is None
    assert (await store.show_session("shop:U1"))["contact"] == "somebody"


async def test_ending_an_idle_session_leaves_it_idle(store: Store) -> None:
    await work(store, await take(store, event()))
    await store.end_session("shop:U1", NOW)
    assert await store.next_due(NOW) is None


async def test_an_erased_session_leaves_nothing(store: Store, tmp_path: Path) -> None:
    claim = await take(store, event("e1", text="my secret"))
    after = await work(
        store, claim, deliveries=(delivery("d1"), delivery("d2")), entries=(said(claim, "my secret"),),
        timers=(timer("t", NOW + 9),),
    )  # fmt: skip
    await settle(store, after, Outcome(state="held"))
    await parked(store, "e2")
    await store.accept([event("e3", at=NOW + 2)], worker=None, now=NOW)
    await store.accept([event("other", "U2")], worker=None, now=NOW)
    assert await store.erase_session("shop:U1") == ["m-e1", "m-e2", "m-e3"]
    await store.export(tmp_path / "all.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert sorted((row["table"], row.get("key") or row.get("id")) for row in rows) == [
        ("inbox", "other"), ("sessions", "shop:U2")
    ]  # fmt: skip
    assert await drain(store, NOW + 9) == ["other"]


async def test_a_transcript_is_read_from_its_end_or_onwards(store: Store) -> None:
    for n in range(4):
        claim = await take(store, event(f"e{n}", at=NOW + n))
        await work(store, claim, entries=(said(claim, f"text {n}"),) if n != 2 else ())
    lines = await store.transcript("shop:U1", limit=2)
    assert [line["text"] for line in lines] == ["text 1", "text 3"], "events without words leave no line"
    assert [line["text"] for line in await store.transcript("shop:U1", after=lines[0]["seq"])] == ["text 3"]
    assert await store.transcript("shop:U9") == []


async def test_counts_tell_what_is_open(store: Store) -> None:
    assert await store.counts(NOW) == {"events": {}, "deliveries": {}, "backlog": 0, "oldest_ms": 0, "at_work": 0}
    await parked(store, "dead")
    await sent(store, Outcome(state="held"), "held")
    await store.accept([event("e1", "U2")], worker=None, now=NOW)
    await take(store, event("e2", "U3"))
    assert await store.counts(NOW + 7) == {
        "events": {"due": 2, "dead": 1},
        "deliveries": {"held": 1},
        "backlog": 1,
        "oldest_ms": 7,
        "at_work": 1,
    }
    info = await store.info(NOW)
    assert info["kind"] in ("sqlite", "postgresql")
    assert info["rows"] == {"sessions": 3, "inbox": 4, "outbox": 1, "transcript": 1, "media": 0}
    assert info["bytes"] > 0
    assert info["migrations"][0] == "0001_lanes"
    assert info["workers"] == [WORKER]


async def test_versions_are_kept_by_their_digest(store: Store) -> None:
    assert await store.load_version("abc") is None
    await store.save_version("abc", {"flows/a.yaml": "flow: a"}, NOW)
    await store.save_version("abc", {"flows/a.yaml": "never again"}, NOW)
    assert await store.load_version("abc") == {"flows/a.yaml": "flow: a"}


async def test_facts_are_put_got_and_dropped(store: Store) -> None:
    assert await store.get("quota/shop") is None
    await store.put("quota/shop", {"used": 1}, NOW)
    await store.put("quota/shop", {"used": 2}, NOW + 1)
    assert await store.get("quota/shop") == ({"used": 2}, NOW + 1)
    await store.put("quota/shop", None, NOW)
    assert await store.get("quota/shop") is None


async def test_old_rows_are_pruned_and_open_ones_stay(store: Store) -> None:
    await sent(store, Outcome(state="sent"), "old")
    await store.accept([event("open", "U2")], worker=None, now=NOW)
    claim = await take(store, event("new", "U3", at=NOW + 100), now=NOW + 100)
    await work(store, claim, now=NOW + 100)
    assert await store.prune(NOW + 50) == {**NONE, "inbox": 1, "outbox": 1, "transcript": 1}
    assert [row["id"] for row in await store.list_events()] == ["new", "open"]
    assert [row["id"] for row in await store.list_events(session="shop:U3")] == ["new"]
    assert await store.prune(NOW + 50) == NONE
    assert await drain(store) == ["open"]


async def test_many_rows_are_exported_and_pruned_page_by_page(store: Store, tmp_path: Path) -> None:
    await store.accept([event(f"e{n}", at=NOW + n) for n in range(1201)], worker=None, now=NOW)
    assert (await store.export(tmp_path / "all.db"))["inbox"] == 1201
    base = sqlite3.connect(tmp_path / "all.db")
    assert base.execute("SELECT count(*), count(DISTINCT id) FROM inbox").fetchone() == (1201, 1201)
    base.close()
    assert len(await drain(store)) == 1201
    assert (await store.prune(NOW + 5_000))["inbox"] == 1201


async def test_an_export_never_overwrites(store: Store, tmp_path: Path) -> None:
    (tmp_path / "there.jsonl").write_text("mine")
    with pytest.raises(BadInput, match="exists"):
        await store.export(tmp_path / "there.jsonl")
    with pytest.raises(BadInput, match=r"\.jsonl"):
        await store.export(tmp_path / "all.csv")


async def test_space_is_given_back(store: Store) -> None:
    await store.vacuum()


async def test_a_backup_is_a_whole_store(store: Store, tmp_path: Path) -> None:
    await store.accept([event()], worker=None, now=NOW)
    if store.kind == "postgresql":
        with pytest.raises(BadInput, match="pg_dump"):
            await store.backup(tmp_path / "copy.db")
        return
    await store.backup(tmp_path / "copy.db")
    with pytest.raises(BadInput, match="exists"):
        await store.backup(tmp_path / "copy.db")
    copy = connect(f"sqlite:///{tmp_path}/copy.db")
    await copy.open()
    await copy.join(WORKER)
    assert await drain(copy) == ["e1"]
    await copy.close()


async def test_a_reader_cannot_write(store: Store) -> None:
    from runtime.store import shelves

    with pytest.raises((StoreError, BadInput)):
        await store._base.read(shelves.put_fact, "a", 1, NOW)


async def test_a_reply_in_doubt_can_be_pushed(store: Store) -> None:
    await sent(store, Outcome(state="unknown", detail="may have arrived: "))
    await store.retry_delivery("e1/0", NOW + 5, push=True)
    after = await store.claim(WORKER, NOW + 5)
    assert after is not None
    [pushed] = after.deliveries
    assert (pushed.via, pushed.detail, pushed.attempts, pushed.created) == ("push", "", 0, NOW + 5)
    assert pushed.retry_key == "key-e1/0"
