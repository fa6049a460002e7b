"""The folder of a database file."""

from __future__ import annotations

from pathlib import Path

from runtime.log import Logger

log = Logger("store")

OWN = ".noren"
"""The folder that Noren keeps beside a bot's files."""


def make_folder(folder: Path) -> None:
    """Make it when it is not there, and say so: a misspelt path would begin an empty store. Raises `OSError`."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name != OWN:
        log.warning("the store is new and empty: its folder was not there and was made", folder=str(folder))
