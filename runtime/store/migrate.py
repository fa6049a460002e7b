"""Numbered SQL files, each applied once, in order, in a transaction of its own that also records it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

from runtime.errors import StoreError
from runtime.store.lanes import Op

EXCLUSIVE = "{exclusive}"
"""Wait until no other process migrates this store."""
TABLE = "CREATE TABLE IF NOT EXISTS migrations (id {id} PRIMARY KEY, at bigint NOT NULL)"
APPLIED = "SELECT id FROM migrations ORDER BY id"
RECORD = "INSERT INTO migrations (id, at) VALUES (?, ?)"


class Migration(NamedTuple):
    """One step forward: `0001_lanes` and its statements."""

    id: str
    statements: tuple[str, ...]


def load() -> tuple[Migration, ...]:
    """All migrations this version knows, oldest first."""
    folder = files("runtime.store") / "migrations"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return tuple(parse(entry.name[:-4], entry.read_text("utf-8")) for entry in sorted(found, key=lambda e: e.name))


def parse(name: str, source: str) -> Migration:
    """Statements end with `;` at the end of a line; lines that begin with `--` are comments."""
    lines = [line for line in source.splitlines() if not line.startswith("--")]
    statements = [part.strip() for part in "\n".join(lines).split(";\n")]
    return Migration(name, tuple(part.rstrip(";") for part in statements if part))


def begin() -> Op[None]:
    yield EXCLUSIVE, ()
    yield TABLE, ()


def applied() -> Op[list[str]]:
    return [name for (name,) in (yield APPLIED, ())]


def apply(migration: Migration, now: int) -> Op[bool]:
    """Apply it unless another process just did; whether it was applied here."""
    yield EXCLUSIVE, ()
    if migration.id in (yield from applied()):
        return False
    for statement in migration.statements:
        yield statement, ()
    yield RECORD, (migration.id, now)
    return True


def pending(known: Sequence[Migration], done: Sequence[str]) -> list[Migration]:
    """What is still to be applied. Raises `StoreError` for a store that a newer version has moved on."""
    newer = sorted(set(done) - {migration.id for migration in known})
    if newer:
        raise StoreError(
            f"This store was moved on by a newer Noren (it has {newer[-1]}, this one knows {known[-1].id}). "
            "Update Noren, or restore a backup from before."
        )
    return [migration for migration in known if migration.id not in done]
