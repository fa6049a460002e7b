"""What is made once beside a bot, however many processes start at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from runtime.app import kept_key


def test_processes_that_start_at_once_have_one_media_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def one(root: Path) -> str:
        together.wait()
        return kept_key(root)

    with ThreadPoolExecutor(8) as pool:
        for attempt in range(50):
            root = tmp_path / str(attempt)
            root.mkdir()
            keys = set(pool.map(one, [root] * 8))
            assert len(keys) == 1
            assert len(keys.pop()) > 16
    assert [path.name for path in (tmp_path / "0" / ".noren").iterdir()] == ["media.key"]
    assert (tmp_path / "0" / ".noren" / "media.key").stat().st_mode & 0o077 == 0
