"""PostgreSQL finds what turns and lists of the desk need by its indexes, also where many rows have the same values."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from runtime.store import Store, connect, listing, search, timeline
from runtime.store.dialects import POSTGRES
from runtime.store.lanes import Op
from runtime.store.listing import CaseFilter
from tests.unit.store.test_plans import WHOLE_TABLES, statements

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]

CASES = 12_000
FEW = CASES // 4
"""Rows that a statement may look at and throw away."""
BIG = ("cases", "notes", "found", "transcript", "sessions", "labelled", "inbox", "outbox")

FILL = (
    f"""INSERT INTO cases (id, session, endpoint, chat_kind, chat_id, contact, state, workstream, queue, agent, urgency,
      opened, queued, ended, since, changed, body)
    SELECT 'case' || n, 'shop:U' || n % 3000, 'shop', 'user', 'U' || n % 3000, 'U' || n % 3000,
      CASE WHEN n > {CASES} - 200 THEN CASE n % 2 WHEN 0 THEN 'queued' ELSE 'active' END ELSE 'closed' END, 'support',
      'queue' || n % 8, 'agent' || n % 40, 2, n, n, CASE WHEN n > {CASES} - 200 THEN 0 ELSE n + 1 END, n, n,
      '{{"labels":[]}}' FROM generate_series(1, {CASES}) AS n""",
    """INSERT INTO labelled (case_id, label, case_opened, case_changed)
    SELECT id, given.label, opened, changed FROM cases,
      (VALUES ('order', 2), ('rare', 10000)) AS given (label, every) WHERE opened % every = 1""",
    """INSERT INTO notes (session, endpoint, case_id, queue, agent, event, type, at, data)
    SELECT session, endpoint, id, queue, agent, 'e' || opened || '.' || step,
      CASE step WHEN 1 THEN 'case.requested' ELSE 'message.received' END, opened, '{"text":"x"}'
    FROM cases, generate_series(1, 3) AS step ORDER BY opened""",
    """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
    SELECT session, at, 'user', 'text', 'x', data, event, '' FROM notes ORDER BY seq""",
    """INSERT INTO transcript (session, at, who, kind, text, data, event, message)
    SELECT 'shop:Clong', n, 'user', 'text', 'x', '{}', 'long' || n, '' FROM generate_series(1, 8000) AS n""",
    """INSERT INTO notes (session, endpoint, type, event, at)
    SELECT 'shop:Clong', 'shop', CASE n % 10 WHEN 0 THEN 'case.changed' ELSE 'message.received' END, 'long' || n, n
    FROM generate_series(1, 8000) AS n""",
    """INSERT INTO found (note, body) SELECT seq, to_tsvector('simple', CASE type WHEN 'case.requested'
      THEN 'ªguest ª' || seq
      ELSE chr(20000 + (seq % 1000)::int) || chr(20000 + (seq % 997)::int) || ' 予約 w' || seq END)
    FROM notes""",
    """INSERT INTO sessions (key, endpoint, contact, version, started, seen, state)
    SELECT 'shop:U' || n, 'shop', 'U' || n, 1, 1, 1, '{}' FROM generate_series(0, 2999) AS n""",
    """INSERT INTO inbox (id, print, session, endpoint, kind, at, rank, due, message, accepted, state, body)
    SELECT event, 'x', session, 'shop', 'message', at, 1, at, 'm' || seq, at, 'done', '{}' FROM transcript""",
    """INSERT INTO outbox (id, event, session, endpoint, state, via, due, detail, created, settled, body)
    SELECT event || '/0', event, session, 'shop', 'sent', 'reply', at, '', at, at, '{}' FROM transcript""",
)
LISTS = {
    "queue": CaseFilter(states=("queued", "offered"), order="urgent"),
    "mine": CaseFilter(states=listing.WORKED, agent="agent1", mine="agent1"),
    "at work": CaseFilter(states=(*listing.LIVE, "wrap_up")),
    "at work, oldest": CaseFilter(states=(*listing.LIVE, "wrap_up"), order="oldest"),
    "closed": CaseFilter(states=("closed",)),
    "closed, deep": CaseFilter(states=("closed",), before=CASES // 10),
    "closed, oldest": CaseFilter(states=("closed",), order="oldest"),
    "closed, of a queue": CaseFilter(states=("closed",), queue="queue1"),
    "closed, of an agent": CaseFilter(states=("closed",), agent="agent1"),
    "closed, common label": CaseFilter(states=("closed",), label="order"),
    "closed, rare label": CaseFilter(states=("closed",), label="rare"),
    "closed, no such label": CaseFilter(states=("closed",), label="none"),
    "closed, rare label, oldest": CaseFilter(states=("closed",), label="rare", order="oldest"),
    "at work, rare label": CaseFilter(states=("queued", "offered"), label="rare", order="urgent"),
    "closed, of no endpoint": CaseFilter(states=("closed",), endpoint="other"),
    "closed, urgent": CaseFilter(states=("closed",), priority="urgent"),
}
LINES = {"a last letter": "'約':*", "a letter": "'予':*", "a rare letter": f"'{chr(20007)}':*", "none": "'z':*",
         "a word": "'w4711':*", "two": "'予約' & 'w4711':*"}  # fmt: skip


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def store(anyio_backend: str, postgres_database: str) -> AsyncIterator[Store]:
    """Many rows, of which the planner knows."""
    store = connect(postgres_database)
    await store.open()
    await store._base.write(_filled)
    await store.vacuum()
    try:
        yield store
    finally:
        await store._base.write(_emptied)
        await store.close()


def _filled() -> Op[None]:
    for statement in FILL:
        yield statement, ()


def _emptied() -> Op[None]:
    yield "DROP SCHEMA public CASCADE", ()
    yield "CREATE SCHEMA public", ()


async def plan(store: Store, sql: str, args: tuple[Any, ...] | None = None) -> Any:
    """How PostgreSQL finds the rows; with values, it is done and counted."""
    return json.loads(await store._base.read(_plan, sql, args))[0]["Plan"]


def _plan(sql: str, args: tuple[Any, ...] | None) -> Op[str]:
    if args is not None:
        [(found,)] = yield f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", args
        return str(found)
    yield "SET LOCAL plan_cache_mode = force_generic_plan", ()
    sql = sql.replace("{}", "?").replace("{latest}", POSTGRES["latest"]).replace("{matches}", POSTGRES["matches"])
    nothing = ", ".join(["NULL"] * sql.count("?"))
    yield f"PREPARE looked AS {sql}", ()
    [(found,)] = yield f"EXPLAIN (FORMAT JSON) EXECUTE looked {nothing and f'({nothing})'}", ()
    yield "DEALLOCATE looked", ()
    return str(found)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def looked_at(plan: dict[str, Any]) -> int:
    """Rows that were read from tables, kept or thrown away."""
    return sum(
        round((one["Actual Rows"] + one.get("Rows Removed by Filter", 0)) * one["Actual Loops"])
        for one in nodes(plan) if "Relation Name" in one
    )  # fmt: skip


@pytest.mark.parametrize(("name", "where"), LISTS.items())
async def test_a_list_looks_at_little_more_than_it_shows(store: Store, name: str, where: CaseFilter) -> None:
    sql, args = listing.statement(where)
    found = await plan(store, sql, (*args, 50))
    assert looked_at(found) < FEW, found


@pytest.mark.parametrize(("name", "asked"), LINES.items())
async def test_words_are_found_by_their_index(store: Store, name: str, asked: str) -> None:
    found = await plan(store, search.LOOK, (asked, 30))
    scans = [one for one in nodes(found) if one.get("Relation Name") == "found"]
    assert {one["Node Type"] for one in scans} == {"Bitmap Heap Scan"}, found
    first = await plan(store, search.LOOK_FIRST, (asked, 30))
    assert looked_at(first) <= search.AMONG + 100, first


@pytest.mark.parametrize("sql", [timeline.SAID, timeline.HAPPENED])
@pytest.mark.parametrize("before", [2**53, 4_000])
async def test_a_long_chat_is_read_from_where_it_is_looked_at(store: Store, sql: str, before: int) -> None:
    assert looked_at(await plan(store, sql, ("shop:Clong", before, 60))) <= 200
    assert looked_at(await plan(store, timeline.HEARD.format("?, ?"), ("long7", "long8", "shop:Clong"))) <= 4
    assert looked_at(await plan(store, timeline.OF_CASES.format("?, ?"), ("long7", "long8", "shop:Clong"))) <= 20
    assert looked_at(await plan(store, timeline.SAID_BY, ("shop:Clong", "long7"))) <= 1_000


async def test_no_statement_of_a_turn_reads_a_big_table_from_end_to_end(store: Store) -> None:
    whole = []
    for name, sql in statements():
        if sql in WHOLE_TABLES or sql.startswith("INSERT") or name.startswith("cases "):  # lists, for which see above
            continue
        scans = [one for one in nodes(await plan(store, sql)) if one["Node Type"] == "Seq Scan"]
        whole += [f"{name}: all of {one['Relation Name']}: {sql}" for one in scans if one["Relation Name"] in BIG]
    assert not whole, "\n".join(whole)
