"""News for open desks: the log's new lines, each to those whose business it is."""

from __future__ import annotations

import asyncio
import bisect
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

from runtime.desk.doors import Person
from runtime.desk.summaries import summary
from runtime.errors import StoreError
from runtime.handover.case.talking import MONITORED
from runtime.log import Logger
from runtime.ports import Clock
from runtime.store.store import Store

log = Logger("desk")

EVERY: Final = 500
"""How often, in ms, the log is looked at when nobody told of anything: other processes write into it too."""
KEPT: Final = 2_000
"""Lines kept for browsers that come back after a break."""

NAMES: Final = 5_000
"""For how long, in ms, names of agents are taken for what they were."""

PLACES: Final = 20_000
"""Cases of which it is known where they were last."""
Row = dict[str, Any]
Place = tuple[str, str]
"""Queue and agent."""


class Hub:
    """Follows the log of all chats and hands it out."""

    def __init__(self, store: Store, clock: Clock, *, monitoring: bool = False) -> None:
        """With `monitoring` agents hear that a supervisor looks into their cases."""
        self._store, self._clock, self._monitoring = store, clock, monitoring
        self._rows: list[Row] = []
        self._first = self.seq = 0
        self._news = asyncio.Event()
        self._waiting: set[asyncio.Future[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._passing: list[tuple[int, Row]] = []
        self._count = 0
        self._places: dict[str, Place] = {}
        self._agents: tuple[int, dict[str, str]] = (0, {})
        self._staff: dict[str, tuple[str, int, str]] = {}
        self._name = secrets.token_hex(8)

    async def _names(self) -> dict[str, str]:
        """Agent → name."""
        if not self._agents[1] or self._clock.now() - self._agents[0] > NAMES:
            rows = await self._store.agents()
            self._agents = (self._clock.now(), {row["id"]: str(row["body"].get("name") or "") for row in rows})
        return self._agents[1]

    async def start(self) -> None:
        self.seq = self._first = await self._store.last_note()
        self._staff = await self._store.presences()
        self._store.hear(self._heard)
        self._task = asyncio.create_task(self._loop(), name="desk-hub")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._wake()

    def nudge(self) -> None:
        """Something was written."""
        self._news.set()

    def tell(self, kind: str, **data: Any) -> None:
        """Something that is not kept: presence, typing, quota."""
        self._count += 1
        self._passing = [*self._passing[-200:], (self._count, {"kind": kind, **data})]
        self._wake()

    async def tell_all(self, kind: str, **data: Any) -> None:
        """The same to the desks of every process."""
        self.tell(kind, **data)
        await self._store.tell(json.dumps({"from": self._name, "kind": kind, "data": data}))

    def _heard(self, news: str) -> None:
        """What another process tells."""
        if not news.startswith("{"):
            self.nudge()
        elif (found := json.loads(news))["from"] != self._name:
            self.tell(found["kind"], **found["data"])

    async def follow(self, person: Person, after: int) -> AsyncIterator[Row]:
        """Rows of the log after a number that are this person's business, for ever; `{}` now and then."""
        passed = self._count
        if 0 < after < self._first:
            for row in await self._older(after):
                for one in told(person, row) if self._monitoring or open_to(person, row) else ():
                    yield one
        at = max(after, self._first) if after else self.seq
        while True:
            for row in self._rows[bisect.bisect_right(self._rows, at, key=_seq) :]:
                at = row["seq"]
                for one in told(person, row) if self._monitoring or open_to(person, row) else ():
                    yield one
            for number, row in self._passing[len(self._passing) - min(self._count - passed, len(self._passing)) :]:
                passed = number
                if person.sees(str(row.get("queue") or ""), str(row.get("agent") or "")) or row["kind"] == "presence":
                    yield row
            if at >= self.seq and passed >= self._count and not await self.changed():
                yield {}

    async def _after(self, seq: int, limit: int) -> list[Row]:
        """Lines, each with its case as it is now: read once, and written once, however many desks are open."""
        rows, cases, faces = await self._store.news(seq, limit)
        names = await self._names() if cases else {}
        found = {case: summary(row, names, faces) for case, row in cases.items()}
        return [{**row, "summary": found.get(row["case_id"]), "was": None, "sent": {}} for row in rows]

    def _moved(self, row: Row) -> Place | None:
        """Where the case stood before this line, when it stands elsewhere now."""
        case, place = row["case_id"], (row["queue"], row["agent"])
        before = self._places.pop(case, place)
        self._places[case] = place
        if len(self._places) > PLACES:
            del self._places[next(iter(self._places))]
        return before if before != place else None

    async def _older(self, after: int) -> list[Row]:
        return [row for row in await self._after(after, KEPT) if row["seq"] <= self._first]

    async def changed(self, seconds: float = 15.0) -> bool:
        """Wait for news; false when none came in time."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
        return True

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def _loop(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._look()
            except StoreError as error:
                log.error("the desk cannot follow the log", error=error.message)
            waits = {
                asyncio.ensure_future(self._news.wait()),
                asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + EVERY)),
            }
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()

    async def _look(self) -> None:
        while rows := await self._after(self.seq, 500):
            rows = [{**row, "was": self._moved(row)} for row in rows]
            self._rows = [*self._rows, *rows][-KEPT:]
            self.seq = rows[-1]["seq"]
            if len(self._rows) == KEPT:
                self._first = max(self._first, self._rows[0]["seq"] - 1)
            self._wake()
        await self._look_around()

    async def _look_around(self) -> None:
        """Who is seen otherwise than before, whatever made it so: themselves, a closed window, silence, the store."""
        before, self._staff = self._staff, await self._store.presences()
        for agent, (status, since, chosen) in self._staff.items():
            if before.get(agent) != (status, since, chosen):
                self.tell("presence", agent=agent, status=status, since=since, chosen=chosen)


def _seq(row: Row) -> int:
    return int(row["seq"])


def shown(row: Row) -> Row:
    """A line as browsers get it."""
    return {key: value for key, value in row.items() if key not in ("summary", "was", "sent")}


def told(person: Person, row: Row) -> list[Row]:
    """What somebody hears of a line: the line with the case as it is now, or only that the case left them."""
    mine, case = seen(person, row), row["summary"]
    if mine and (case is None or _theirs(person, case)):
        return [row]
    lost = row["was"] is not None and person.sees(*row["was"])
    gone = [{"kind": "case", "id": row["case_id"], "session": row["session"], "gone": True}]
    if mine:
        return [{**row, "summary": None}, *gone]
    return gone if lost and not (case is not None and _theirs(person, case)) else []


def seen(person: Person, row: Row) -> bool:
    """Whether a line of the log is this person's business: of their queues, or of their own cases."""
    return person.sees(row["queue"], row["agent"]) or row["data"].get("agent") == person.id


def _theirs(person: Person, case: Row) -> bool:
    return person.sees(case["queue"], case["agent"]) or (case.get("offer") or {}).get("agent") == person.id


def open_to(person: Person, row: Row) -> bool:
    """Whether somebody may know of it: who looks into agents' cases is not for agents, unless noren.yaml says so."""
    return person.leads or row.get("type") != MONITORED
