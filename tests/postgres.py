"""A PostgreSQL server for tests: one fresh database for the run, one schema for each test."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from tests.required import missing

try:
    import asyncpg
except ImportError:
    asyncpg = None


def address() -> str:
    """A server on which tests may create databases; NOREN_TEST_POSTGRES overrides the local one."""
    return os.environ.get("NOREN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def run(url: str, *statements: str) -> None:
    """Statements on a connection of their own, outside any transaction."""

    async def go() -> None:
        base = await asyncpg.connect(url, timeout=5)
        try:
            for statement in statements:
                await base.execute(statement)
        finally:
            await base.close()

    asyncio.run(go())


def database(server: str) -> Iterator[str]:
    """The address of a new database, dropped afterwards."""
    if asyncpg is None:
        missing("postgres", "asyncpg is not installed")
    name = f"noren_test_{secrets.token_hex(6)}"
    try:
        run(server, f"CREATE DATABASE {name}")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        missing("postgres", f"no PostgreSQL server that lets us create databases: {type(error).__name__}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        run(server, f"DROP DATABASE {name} WITH (FORCE)")


def schema(database: str) -> Iterator[str]:
    """The address of a new schema of that database, dropped afterwards."""
    name = f"t{secrets.token_hex(6)}"
    run(database, f"CREATE SCHEMA {name}")
    try:
        yield f"{database}?search_path={name}"
    finally:
        run(database, f"DROP SCHEMA {name} CASCADE")


if __name__ == "__main__":  # whether a server answers: `python -m tests.postgres`
    run(address(), "SELECT 1")
