"""`noren db`: the store made, measured, copied; what is wrong with it said in one line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.unit.cli.bots import filled, folder, noren


def test_a_store_is_made_once(tmp_path: Path) -> None:
    root = str(folder(tmp_path))
    first, second = noren("db", "migrate", "--root", root), noren("db", "migrate", "--root", root)
    assert first.stdout.startswith("applied 0001_")
    assert second.stdout == "up to date\n"
    assert (tmp_path / "noren.db").is_file()


def test_info_tells_what_is_there(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    found = json.loads(noren("db", "info", "--format", "json", "--root", root).stdout)
    assert found["rows"]["inbox"] == 2
    assert found["events"] == {"dead": 1}
    assert found["deliveries"] == {"failed": 1}
    assert "kind: sqlite" in noren("db", "info", "--root", root).output


def test_the_store_of_dev_is_another(tmp_path: Path) -> None:
    result = noren("db", "info", "--dev", "--root", str(filled(tmp_path)))
    assert result.exit_code == 2
    assert ".noren/dev.db" in result.stderr


@pytest.mark.parametrize("name", ["all.jsonl", "all.db"])
def test_tables_are_exported(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    result = noren("db", "export", str(target), "--format", "json", "--root", str(filled(tmp_path)))
    assert json.loads(result.stdout)["inbox"] == 2
    assert target.stat().st_size
    again = noren("db", "export", str(target), "--root", str(tmp_path))
    assert again.exit_code == 2
    assert "exists" in again.stderr


def test_a_backup_is_a_whole_store(tmp_path: Path) -> None:
    root, copy = filled(tmp_path), tmp_path / "copy.db"
    result = noren("db", "backup", str(copy), "--root", str(root))
    assert result.stdout == f"{copy}: {copy.stat().st_size} bytes\n"
    with sqlite3.connect(copy) as base:
        assert base.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
    base.close()
    assert noren("db", "vacuum", "--root", str(root)).stdout == "done\n"
    lost = noren("db", "backup", str(tmp_path / "no" / "copy.db"), "--root", str(root))
    assert (lost.exit_code, "there is no folder" in lost.stderr) == (2, True)


def test_old_rows_are_pruned(tmp_path: Path) -> None:
    root = str(filled(tmp_path))
    found = json.loads(noren("db", "prune", "--older", "90d", "--format", "json", "--root", root).stdout)
    assert set(found) == {"inbox", "outbox", "notes", "audit", "transcript", "cases", "sent_files", "media", "files"}
    for age in ("soon", "1s"):
        result = noren("db", "prune", "--older", age, "--root", root)
        assert (result.exit_code, result.stderr[:15]) == (2, "noren: --older:")


def test_a_newer_store_is_not_touched(tmp_path: Path) -> None:
    root = filled(tmp_path)
    with sqlite3.connect(root / "noren.db") as base:
        base.execute("INSERT INTO migrations VALUES ('9999_later', 1)")
    base.close()
    for words in (["db", "info"], ["db", "migrate"], ["events", "list"]):
        result = noren(*words, "--root", str(root))
        assert result.exit_code == 2
        assert "newer Noren" in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_an_older_store_wants_to_be_migrated(tmp_path: Path) -> None:
    root = filled(tmp_path)
    with sqlite3.connect(root / "noren.db") as base:
        base.execute("DELETE FROM migrations WHERE id > '0001_z'")
    base.close()
    result = noren("sessions", "list", "--root", str(root))
    assert (result.exit_code, "run `noren db migrate`" in result.stderr) == (2, True)


@pytest.mark.parametrize("content", [b"", b"this is no database at all, just words" * 100])
def test_a_file_that_is_no_store_is_told(tmp_path: Path, content: bytes) -> None:
    root = folder(tmp_path)
    (root / "noren.db").write_bytes(content)
    result = noren("outbox", "list", "--root", str(root))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("asyncpg")
    root = folder(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    result = noren("events", "list", "--root", str(root))
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "nobody" not in result.stderr
