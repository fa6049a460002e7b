"""The store of a bot, opened for one command, beside a server that may be running on it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from runtime import store as stores
from runtime.cli.project import open_project, root_option
from runtime.errors import BadInput, StoreError
from runtime.store.store import Store

T = TypeVar("T")
DEV = ".noren/dev.db"
NO_TABLES = ("no such table", "UndefinedTable")
LOCKED = "; another program holds it for a long time: try again, or stop that program"


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--root DIR` and `--dev`: whose store."""
    dev = click.option("--dev", is_flag=True, help="The store of `noren dev` instead of the one in noren.yaml.")
    return root_option(dev(command))


def address(root: Path, dev: bool) -> str:
    """Where the bot's store is."""
    if dev:
        return f"sqlite:///{DEV}"
    url = open_project(root, lenient=True).settings.store
    return url if "://" in url else f"sqlite:///{url}"


def file_of(url: str, root: Path) -> Path | None:
    """The file of an SQLite address."""
    scheme, _, rest = url.partition("://")
    return root / rest.partition("?")[0].removeprefix("/") if scheme == "sqlite" else None


@asynccontextmanager
async def opened(root: Path, url: str, *, migrate: bool = False) -> AsyncIterator[Store]:
    """The store, open. Raises `BadInput` in one line when it is missing, too new, too old or cannot be reached."""
    store = stores.connect(url, root)
    if not migrate:
        there(file_of(url, root))
    try:
        await (store.open() if migrate else store.look())
    except StoreError as error:
        raise told(error) from None
    try:
        yield store
    except StoreError as error:
        raise told(error) from None
    finally:
        await store.close()


def there(file: Path | None) -> None:
    """Raises `BadInput` when the store's file does not exist: looking must not make one."""
    if file is not None and not file.is_file():
        other = "; with --dev you see that of `noren dev`" if file.name != Path(DEV).name else ""
        raise BadInput(f"there is no store at {file}; `noren db migrate` makes one, and so does `noren serve`{other}")


def told(error: StoreError) -> BadInput:
    """A store that cannot be used is unusable input: one line, exit code 2."""
    text = error.message
    if any(words in text for words in NO_TABLES):
        return BadInput(f"{text.partition(':')[0]} is no store of Noren, or a new one: run `noren db migrate`")
    return BadInput(text + (LOCKED if "is locked" in text else ""))


def work(root: Path, dev: bool, job: Callable[[Store], Awaitable[T]], *, migrate: bool = False) -> T:
    """Run one job on the bot's store."""

    home = root.resolve()

    async def run() -> T:
        async with opened(home, address(root, dev), migrate=migrate) as store:
            return await job(store)

    return asyncio.run(run())


async def each(ids: Sequence[str], change: Callable[[str], Awaitable[Any]], done: str) -> None:
    """Change one after the other; what is refused is told and does not spare the rest. Exit code 1 if any was."""
    refused = 0
    for id in ids:
        try:
            await change(id)
        except BadInput as error:
            refused += 1
            click.echo(f"noren: {error}", err=True)
    click.echo(f"{len(ids) - refused} {done}")
    if refused:
        sys.exit(1)
