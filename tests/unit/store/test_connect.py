"""Addresses of stores."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runtime.errors import SettingsError, StoreError
from runtime.store import connect
from runtime.store.sqlite import Sqlite


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///noren.db", "/bot/noren.db"),
        ("sqlite:///data/noren.db", "/bot/data/noren.db"),
        ("sqlite:////var/lib/noren.db", "/var/lib/noren.db"),
    ],
)
def test_a_relative_file_lies_beside_the_bot(url: str, path: str) -> None:
    base = connect(url, Path("/bot"))._base
    assert isinstance(base, Sqlite)
    assert str(base.path) == path


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite://noren.db", "sqlite:///:memory:"])
def test_an_address_without_a_file_says_how_to_write_one(url: str) -> None:
    with pytest.raises(SettingsError, match=r"sqlite:///noren\.db"):
        connect(url)


def test_an_unknown_kind_says_what_there_is() -> None:
    with pytest.raises(SettingsError, match=r"'mysql' is no store; write sqlite:///noren\.db or postgresql://"):
        connect("mysql://root:secret@host/noren")


@pytest.mark.anyio
async def test_a_server_that_does_not_answer_is_said_without_the_password() -> None:
    said = r"PostgreSQL at 127\.0\.0\.1:1/noren cannot be used: .*is it running"
    with pytest.raises(StoreError, match=said) as caught:
        await connect("postgresql://noren:secret@127.0.0.1:1/noren").open()
    assert "secret" not in str(caught.value)


def test_drivers_are_loaded_only_where_they_are_used() -> None:
    code = "import sys, runtime.store.sqlite, runtime.store; print({'asyncpg', 'sqlite_utils'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_missing_driver_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['asyncpg'] = None\n"
        "from runtime.store import connect\n"
        "try: connect('postgresql://host/db')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "noren[postgres]"' in done.stdout
    assert done.stdout.startswith("BadInput")
