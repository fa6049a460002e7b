"""A bot's folder and its store, as the tests of the commands need them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from click.testing import CliRunner, Result

from runtime import store
from runtime.cli.main import cli
from runtime.model import Chat, Delivery, Entry, Event, Outcome, Session, Turn
from runtime.store.store import Store

T = TypeVar("T")
NOW = 1_800_000_000_000
KEY = "shop:U00000000000000000000000000000001"
CHAT = Chat("user", "U00000000000000000000000000000001")
SECRET_WORDS = "my card is 4111"


def noren(*words: str, stdin: str | None = None) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(cli, list(words), input=stdin, prog_name="noren")


def folder(at: Path, store_url: str = "sqlite:///noren.db") -> Path:
    """A bot's folder with settings only."""
    lines = [f"store: {store_url}", "endpoints:", "  shop:", "    channel_secret: s", "    access_token: t"]
    (at / "noren.yaml").write_text("\n".join(lines), encoding="utf-8")
    return at


def on_store(root: Path, job: Callable[[Store], Awaitable[T]]) -> T:
    """Do something with the store of a bot's folder."""

    async def run() -> T:
        base = store.connect("sqlite:///noren.db", root)
        await base.open()
        try:
            return await job(base)
        finally:
            await base.close()

    return asyncio.run(run())


def event(id: str) -> Event:
    return Event(
        id=id, session=KEY, endpoint="shop", kind="message", at=NOW, due=NOW, chat=CHAT, user=CHAT.id,
        text=SECRET_WORDS, data={"type": "text", "id": f"m{id}"}, received=NOW,
    )  # fmt: skip


def delivery(id: str) -> Delivery:
    return Delivery(
        id=id, session=KEY, endpoint="shop", chat=CHAT, messages=({"type": "text", "text": "hello"},), via="push",
        reply_to=None, received=NOW, retry_key="11111111-1111-4111-8111-111111111111", created=NOW,
    )  # fmt: skip


async def fill(base: Store) -> None:
    """One worked event with a delivery that failed, one dead event."""
    await base.join("w")
    [claim] = await base.accept([event("e1")], worker="w", now=NOW)
    turn = Turn(event=event("e1"), session=talk(claim.session), deliveries=(delivery("d1"),), entries=(said(),))
    await base.commit(turn, worker="w", now=NOW)
    await base.settle(KEY, [(delivery("d1"), Outcome(state="failed", status=400, detail="no"))], worker="w", now=NOW)
    [claim] = await base.accept([event("e2")], worker="w", now=NOW)
    await base.fail(claim, "TypeError in step greet", due=None, worker="w", now=NOW)
    await base.leave("w")


def talk(session: Session) -> Session:
    return session


def said() -> Entry:
    return Entry(session=KEY, at=NOW, who="user", kind="text", text=SECRET_WORDS, event="e1", message="me1")


def filled(at: Path) -> Path:
    """A bot's folder whose store has something in each table."""
    on_store(folder(at), fill)
    return at
