"""Brings what waits to those who are there: a loop that looks when something changed, and now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.errors import StoreError
from runtime.handover import distribution, routing
from runtime.handover.distribution import Agent, Waiting
from runtime.log import Logger
from runtime.ports import Clock
from runtime.settings.handover import HandoverSettings
from runtime.store.cases import Picked
from runtime.store.presence import STAFF
from runtime.store.store import Store

log = Logger("desk")

EVERY: Final = 500
"""How often, in ms, it looks when nobody told it of anything."""
WORDS: Final = 500
"""Lines of the log whose words are taken in one transaction."""
RESERVED: Final = 10_000
"""How long an agent is kept free for an offer that is on its way, in ms."""
URGENCY: Final = ("urgent", "high", "normal", "low")


class Distributor:
    """Offers waiting cases to agents. `offered` hears how many were offered, so that their chats are worked."""

    def __init__(self, settings: HandoverSettings, store: Store, clock: Clock, offered: Any) -> None:
        self._settings, self._store, self._clock, self._offered = settings, store, clock, offered
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.soon: tuple[int, ...] = ()
        """Moments at which what waits may find somebody though nothing else has changed, as of the last look."""
        self.grace = min(
            (stream.distribution.grace for stream in settings.workstreams.values()), default=60_000
        )  # fmt: skip

    def start(self) -> None:
        self._store.hear(lambda news: self.nudge() if news == STAFF else None)
        self._task = asyncio.create_task(self._loop(), name="distributor")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def nudge(self) -> None:
        """Something changed: a case waits, somebody came or went."""
        self._news.set()

    async def look(self) -> int:
        """Once: agents who are gone are told of, then what waits is offered; how many offers were made."""
        now = self._clock.now()
        gone = await self._store.drop_absent(now - self.grace, now)
        for agent in gone:
            log.info("not heard of for the grace time", agent=agent)
        made = await self._store.distribute(lambda cases, staff: self.decide(cases, staff, now), now)
        for one in made:
            log.info("offered", case=one.case, agent=one.agent, why=one.why)
        if made or gone:
            self._offered()
        while await self._store.index_words(WORDS, now) == WORDS:
            pass
        return len(made)

    def decide(self, cases: Sequence[Mapping[str, Any]], staff: Sequence[Mapping[str, Any]], now: int) -> list[Picked]:
        """Rows in, choices out; called inside the transaction."""
        waiting = [self._waiting(row, now) for row in cases]
        self.soon = tuple(at for case in waiting for at in distribution.moments(case) if at > now)
        choices = distribution.share(waiting, [agent_of(row) for row in staff], now)
        return [Picked(one.case, one.agent, now + RESERVED, one.why) for one in choices]

    def _waiting(self, row: Mapping[str, Any], now: int) -> Waiting:
        case = row["body"]
        _, stream = routing.workstream_of(self._settings, case.workstream)
        rules = stream.distribution
        had = row["last_agent"] if now - row["last_ended"] <= rules.sticky_window else ""
        return Waiting(
            case=case.id,
            queue=case.queue,
            since=case.queued,
            priority=case.priority,
            skills=routing.skills_of(self._settings, case),
            language=case.language,
            wanted=str(case.plan.get("wanted") or had or ""),
            named=str(case.plan.get("named") or ""),
            declined=case.declined,
            asked=case.since,
            units=case.units,
            rules=rules,
        )

    async def _loop(self) -> None:
        while True:
            self._news.clear()
            try:
                await self.look()
            except StoreError as error:
                log.error("nothing could be offered", error=error.message)
            except Exception as error:  # whatever it is: without this loop nobody is ever offered anything
                log.error("offering failed", trace=error)
            waits = {
                asyncio.ensure_future(self._news.wait()),
                asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + EVERY)),
            }
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()


def agent_of(row: Mapping[str, Any]) -> Agent:
    """An agent as the store has them: settings in `body`, presence beside it."""
    body = row["body"]
    return Agent(
        id=row["id"],
        queues=_texts(body.get("queues")),
        skills=_texts(body.get("skills")),
        languages=_texts(body.get("languages")),
        online=row["status"] == "online",
        capacity=int(body.get("capacity") or 5),
        load=row["load"],
        last=row["given"],
        idle=row["idle"],
    )


def _texts(value: Any) -> frozenset[str]:
    """One account that is kept wrongly keeps nobody else's cases."""
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset()
