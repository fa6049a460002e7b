"""No statement of a turn looks at more rows than it needs: each finds them by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.store import (
    accounts,
    cases,
    chats,
    desk,
    export,
    files,
    following,
    labels,
    lanes,
    listing,
    migrate,
    presence,
    records,
    reports,
    search,
    shelves,
    timeline,
    turns,
    workers,
)
from runtime.store.dialects import SQLITE as WORDS
from runtime.store.sqlite import Sqlite

DESK = (desk, presence, labels, listing, search, accounts, chats, following, reports)
MODULES = (lanes, turns, shelves, workers, records, cases, files, *DESK)
PRESENT = (presence.ALL, presence.ABSENT, presence.IDLE, presence.STRAYS, presence.OLD_WINDOWS)
STAFF = (cases.STAFF, *PRESENT, accounts.ALL, desk.BUSY, accounts.OLD_TICKETS)
WHOLE_TABLES = {*records.TOTALS.values(), workers.ALL, workers.NAMES, records.RECENT, files.READY, *STAFF}
"""Statements of operators that count or list everything, or tables with few rows: workers, agents, windows."""
POSTGRES_ALONE = {search.LOOK_FIRST, search.NAMES_FIRST}


def statements() -> Iterator[tuple[str, str]]:
    for module in MODULES:
        for name, value in vars(module).items():
            found = value if isinstance(value, tuple) else (value,)
            for sql in found:
                if is_statement(name, sql):
                    yield f"{module.__name__.rpartition('.')[2]}.{name}", sql
    for state in (*records.EVENT_STATES.values(),):
        yield "list_events", records._search("inbox", ("id",), state, "", None, 1)[0]
        yield "list_events by session", records._search("inbox", ("id",), state, among("id"), "s", 1)[0]
    for state in records.DELIVERY_STATES.values():
        yield "list_outbox by session", records._search("outbox", ("id",), state, among("event"), "s", 1)[0]
    for table, conditions in records.OPEN.items():
        for condition in conditions:
            yield "counts", records.COUNTS[table].format(condition)
    yield from ((f"cases {name}", listing.statement(where)[0]) for name, where in LISTS.items())
    for table, old in export.OLD.items():
        yield f"prune {table}", old


LISTS = {
    "waiting": listing.CaseFilter(states=("queued", "offered"), queues=("a",), mine="x", order="urgent"),
    "mine": listing.CaseFilter(states=listing.WORKED, agent="x", mine="x"),
    "of a queue": listing.CaseFilter(states=("closed",), queue="a"),
    "closed": listing.CaseFilter(states=("closed",), before=9),
    "at work, oldest": listing.CaseFilter(states=listing.WORKED, order="oldest"),
    "closed, oldest": listing.CaseFilter(states=("closed",), order="oldest"),
    "closed, labelled": listing.CaseFilter(states=("closed",), label="vip", before=9),
    "closed, labelled, oldest": listing.CaseFilter(states=("closed",), label="vip", queues=("a",), order="oldest"),
    "at work, labelled": listing.CaseFilter(states=("queued",), label="vip", order="urgent"),
    "called so": listing.CaseFilter(states=("closed",), ids=("a", "b")),
}


def is_statement(name: str, value: object) -> bool:
    starts = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ")
    return isinstance(value, str) and value.startswith(starts) and not name.startswith("_SHOW")


def among(column: str) -> str:
    return f"{column} IN ({records.EVENTS})"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "noren.db"
    store = Sqlite(path)
    connection = store._connect()
    for step in migrate.load():
        for statement in step.statements:
            connection.execute(spelled(statement))
    yield connection
    connection.close()


def spelled(sql: str) -> str:
    for word, value in WORDS.items():
        sql = sql.replace(f"{{{word}}}", value)
    return sql.replace("{}", "?")


def plan(base: sqlite3.Connection, sql: str) -> list[str]:
    sql = spelled(sql)
    rows = base.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
    return [row[3] for row in rows]


@pytest.mark.parametrize(("name", "sql"), list(statements()))
def test_every_statement_finds_its_rows_by_an_index(base: sqlite3.Connection, name: str, sql: str) -> None:
    if sql in WHOLE_TABLES or "'done'" in sql or sql in POSTGRES_ALONE:
        return
    scans = [step for step in plan(base, sql) if step.startswith("SCAN") and not fine(step, sql)]
    assert not scans, f"{name}: {sql}\n{plan(base, sql)}"


def fine(step: str, sql: str) -> bool:
    """Steps over an index that holds only open rows, or from the newest row until the limit is full."""
    small = (
        "lanes_free",
        "lanes_held",
        "inbox_parked",
        "inbox_lane",
        "outbox_lane",
        "outbox_trouble",
        "subquery",
        "CONSTANT",
        "found VIRTUAL TABLE INDEX 0:=",  # by row id
        "found VIRTUAL TABLE INDEX 192:M1",  # by its words, the latest first
    )
    if step in ("SCAN f", "SCAN n", "SCAN c", "SCAN latest"):
        return True  # what a subquery before it has found
    return any(name in step for name in small) or ("ORDER BY seq DESC LIMIT" in sql and "INDEX" not in step)


def test_a_turn_sorts_nothing(base: sqlite3.Connection) -> None:
    for sql in (lanes.FREE, lanes.FIRST, lanes.UNSENT, lanes.SOONEST):
        assert not [step for step in plan(base, sql) if "TEMP B-TREE" in step], sql


def test_what_every_turn_of_people_asks_is_found_without_looking_through_what_is_over(base: sqlite3.Connection) -> None:
    for sql, index in ((cases.HANDLED, "cases_by_queue"), (cases.LAST_AGENTS, "cases_by_session")):
        assert any(index in step for step in plan(base, sql)), plan(base, sql)


def test_lists_of_what_is_over_are_sorted_by_an_index(base: sqlite3.Connection) -> None:
    for name in ("closed", "closed, oldest", "closed, labelled", "closed, labelled, oldest"):
        steps = plan(base, listing.statement(LISTS[name])[0])
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps, f"{name}: {steps}"


def test_a_chat_with_very_many_lines_is_read_from_where_it_is_looked_at(base: sqlite3.Connection) -> None:
    for sql in (timeline.SAID, timeline.HAPPENED):
        assert [step for step in plan(base, sql) if "session=? AND at<?" in step], plan(base, sql)
    for sql in (timeline.SAID, timeline.HAPPENED, chats.LAST, records.LAST_SAID):
        assert not [step for step in plan(base, sql) if "TEMP B-TREE" in step], plan(base, sql)
