"""The store did what it was asked, but its answer was lost: nobody knows, and everybody still has one answer.

It happens when the connection to PostgreSQL breaks in the moment of a commit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.errors import StoreError
from runtime.store import Store
from runtime.store.sqlite import Sqlite
from tests.gate import SLOW, gate
from tests.line_platform import bot
from tests.world import KEN, world

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

CONFIG = """worker: {attempts: 3, backoff: 1s, poll: 500ms}
endpoints: {shop: {languages: [en], loading: 0, profile: false, session: {expire: 0}}}
"""


class Lossy(Sqlite):
    """Loses the answer to the next transaction of a name."""

    lose = ""

    def write(self, make: Any, *args: Any, orphan: Any = None) -> Any:
        doing = super().write(make, *args, orphan=orphan)
        if make.__name__ != self.lose:
            return doing

        async def lost() -> Any:
            result = await doing
            if make.__name__ == self.lose and (result is not None or self.lose != "claim"):
                self.lose = ""
                raise StoreError("the connection was lost")
            return result

        return lost()


@pytest.mark.parametrize(
    ("what", "short"),
    [("accept", False), ("claim", False), ("commit", False), ("settle", False), ("direct", True), ("settle", True)],
)
async def test_nobody_waits_for_ever(tmp_path: Path, what: str, short: bool) -> None:
    base = Lossy(tmp_path / "noren.db")
    who = bot(redelivery=True, redelivery_every=10_000)
    # what finds no lane free is claimed, and only that
    config = CONFIG.replace("poll: 500ms", "poll: 500ms, lanes: 1") if what == "claim" else CONFIG
    async with world(tmp_path, SLOW, config=config, store=Store(base), bots=(who,)) as w:
        if short:
            await w.say("before")
        if what == "claim":
            wait = gate("slow 1")
            await w.say("slow 1", user=KEN, settle=False)
            await wait.reached.wait()
        base.lose = what
        await w.say("hello", settle=False)
        await w.delivered()
        if what == "claim":
            wait.open.set()
        await w.until(lambda: not base.lose)
        wanted = ["before", "hello"][not short :]
        await w.pass_time(lambda: w.texts() == wanted, step=500)
        await w.say("and?", settle=False)
        await w.pass_time(lambda: w.texts() == [*wanted, "and?"], step=500)
        await w.settle()
        assert w.texts() == [*wanted, "and?"]
