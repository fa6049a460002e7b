"""The store: SQLite in a file beside the bot, or PostgreSQL when one machine is not enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from runtime.errors import SettingsError
from runtime.store.connector import Connector
from runtime.store.store import Store


def _sqlite(url: str, root: Path) -> Connector:
    from runtime.store.sqlite import Sqlite

    name = url.partition("://")[2].partition("?")[0]
    if not name.startswith("/") or name in ("/", "/:memory:"):
        raise SettingsError(f"store: {url!r} names no file; write sqlite:///noren.db or sqlite:////absolute/noren.db")
    return Sqlite(root / name[1:])


def _postgres(url: str, root: Path) -> Connector:
    from runtime.store.postgres import Postgres

    return Postgres(url)


SCHEMES: dict[str, Callable[[str, Path], Connector]] = {
    "sqlite": _sqlite,
    "postgresql": _postgres,
    "postgres": _postgres,
}


def connect(url: str, root: Path | None = None, make: Callable[[Connector], Store] = Store) -> Store:
    """The store an address names, not yet open; `make` may make one that does more.

    `sqlite:///noren.db` lies in `root` (the folder of noren.yaml; the current one by default),
    `sqlite:////var/lib/noren.db` where it says, `postgresql://user:password@host/database` on a server;
    `?search_path=name` chooses its schema. Raises `SettingsError` for anything else.
    """
    scheme = url.partition("://")[0]
    if scheme not in SCHEMES:
        raise SettingsError(
            f"store: {scheme!r} is no store; write sqlite:///noren.db or postgresql://user@host/database"
        )
    return make(SCHEMES[scheme](url, root or Path()))
