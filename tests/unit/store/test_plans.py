"""No statement of a turn looks at more rows than it needs: each finds them by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.store import export, lanes, migrate, records, shelves, turns, workers
from runtime.store.sqlite import WORDS, Sqlite

MODULES = (lanes, turns, shelves, workers, records)
WHOLE_TABLES = {*records.TOTALS.values(), workers.ALL, workers.NAMES, records.RECENT}
"""Statements of operators that count or list everything, or tables with a row for each worker."""


def statements() -> Iterator[tuple[str, str]]:
    for module in MODULES:
        for name, value in vars(module).items():
            found = value if isinstance(value, tuple) else (value,)
            for sql in found:
                if isinstance(sql, str) and sql.split(" ")[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                    yield f"{module.__name__.rpartition('.')[2]}.{name}", sql
    for state in (*records.EVENT_STATES.values(),):
        yield "list_events", records._search("inbox", ("id",), state, "", None, 1)[0]
        yield "list_events by session", records._search("inbox", ("id",), state, among("id"), "s", 1)[0]
    for state in records.DELIVERY_STATES.values():
        yield "list_outbox by session", records._search("outbox", ("id",), state, among("event"), "s", 1)[0]
    for table, conditions in records.OPEN.items():
        for condition in conditions:
            yield "counts", records.COUNTS[table].format(condition)
    for table, old in export.OLD.items():
        yield f"prune {table}", old


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
    return sql


def plan(base: sqlite3.Connection, sql: str) -> list[str]:
    sql = spelled(sql)
    rows = base.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
    return [row[3] for row in rows]


@pytest.mark.parametrize(("name", "sql"), list(statements()))
def test_every_statement_finds_its_rows_by_an_index(base: sqlite3.Connection, name: str, sql: str) -> None:
    if sql in WHOLE_TABLES or "'done'" in sql:
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
    )
    return any(name in step for name in small) or ("ORDER BY seq DESC LIMIT" in sql and "INDEX" not in step)


def test_a_turn_sorts_nothing(base: sqlite3.Connection) -> None:
    for sql in (lanes.FREE, lanes.FIRST, lanes.UNSENT, lanes.SOONEST):
        assert not [step for step in plan(base, sql) if "TEMP B-TREE" in step], sql
