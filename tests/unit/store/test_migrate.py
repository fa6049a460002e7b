"""Migration files."""

from __future__ import annotations

import pytest

from runtime.errors import StoreError
from runtime.store.migrate import Migration, load, parse, pending


def test_a_file_is_cut_into_statements() -> None:
    found = parse("0001_a", "-- why\nCREATE TABLE a (\n  b text DEFAULT ';'\n);\n\n-- more\nDROP TABLE c;\n")
    assert found == Migration("0001_a", ("CREATE TABLE a (\n  b text DEFAULT ';'\n)", "DROP TABLE c"))


def test_the_files_are_numbered_without_a_gap() -> None:
    assert [one.id[:5] for one in load()] == [f"{n:04}_" for n in range(1, len(load()) + 1)]


def test_what_is_missing_is_applied_in_order() -> None:
    known = load()
    assert pending(known, []) == list(known)
    assert pending(known, [known[0].id]) == list(known[1:])


def test_a_store_of_a_newer_version_is_refused() -> None:
    with pytest.raises(StoreError, match="9999_next"):
        pending(load(), [one.id for one in load()] + ["9999_next"])
