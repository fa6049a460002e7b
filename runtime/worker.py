"""Lanes: every session's events one after the other, many sessions at once; retries, parking, a graceful stop.

A lane is one task that holds one session: it runs the line for claim after claim until the store lets the
session go. Claims come from two doors: straight from `accept` (the usual way, no waiting) and from the claim
loop, which finds timers, retries, and what others left behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from runtime import pipeline
from runtime.errors import EndpointGone, Fenced, NorenError, StoreError, TurnTooLong, describe
from runtime.log import Logger, context
from runtime.model import Claim, Delivery, Event, Output, Session
from runtime.pipeline.gate import GaveWay
from runtime.pipeline.trying import FINAL, again, unsent
from runtime.settings import WorkerSettings
from runtime.store.codec import urgent

log = Logger("worker")

SWEEP = 10_000
"""How often sessions of dead workers are looked for, in milliseconds."""

SIGN_OFF = 3
"""Seconds the store gets to take our leave."""

RESTED = 4_096
"""Sessions whose state is remembered while they rest."""


class Worker:
    """Works the sessions of one store in one process."""

    def __init__(self, house: pipeline.House, settings: WorkerSettings) -> None:
        self._house, self._settings = house, settings
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._since: dict[str, tuple[int, asyncio.Task[Any]]] = {}
        self._overdue: set[str] = set()
        self._rested: dict[str, Session] = {}
        self._loop_task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._stopping = False
        self._coming = 0  # calls to the store under way, each of which may bring a claim that needs a lane
        self._behind = False  # whether work was left lying because all lanes were taken
        self._swept = 0
        self._adrift: set[str] = set()  # sessions that are held for us though no lane knows of it

    @property
    def name(self) -> str | None:
        """Under which `accept` may take hold of sessions for this worker; None when all lanes are taken."""
        return None if self._stopping or self._full else self._house.worker

    @property
    def _full(self) -> bool:
        """Whether every lane is taken, or promised to what the store is just asked for."""
        return len(self._lanes) + self._coming >= self._settings.lanes

    @contextmanager
    def _promised(self) -> Iterator[None]:
        """Keep a lane free for what the store is about to give."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1
            self._go_on()

    @property
    def busy(self) -> int:
        """How many sessions are worked on now, or were just asked for."""
        return len(self._lanes) + self._coming

    async def start(self) -> None:
        self._runs = asyncio.get_running_loop()
        await self._house.store.join(self._house.worker)
        self._loop_task = asyncio.create_task(self._loop(), name="claims")

    async def stop(self) -> None:
        """Finish what is held, within the grace time; then let go."""
        self._stopping = True
        if self._loop_task is not None:
            self._loop_task.cancel()
            await asyncio.gather(self._loop_task, return_exceptions=True)
        if self._lanes:
            log.info("finishing turns", lanes=len(self._lanes))
            await asyncio.wait(set(self._lanes.values()), timeout=self._settings.grace / 1000)
        for task in list(self._lanes.values()):
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        try:
            async with asyncio.timeout(SIGN_OFF):
                await self._house.store.leave(self._house.worker)
        except (StoreError, TimeoutError) as error:
            log.warning("could not sign off; what was held is free once we are gone", error=describe(error))

    async def die(self) -> None:
        """Drop everything at once, as the end of the process would: what is held stays held."""
        self._stopping = True
        loop = () if self._loop_task is None else (self._loop_task,)
        while tasks := [task for task in (*loop, *self._lanes.values()) if not task.done()]:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def accept(self, events: Sequence[Event]) -> None:
        """Keep events and begin to work them, as far as lanes are free. Raises `StoreError` when nothing was kept."""
        if len(events) == 1 and await self.direct(events[0]):
            return
        name, now = self.name, self._house.clock.now()
        with self._promised():
            claims = await self._house.store.accept(events, worker=name, now=now)
        for event in events:
            if urgent(event):
                self._house.gate.take(event.session)
        if name is None:
            self.nudge()
        else:
            self.take(claims)

    def take(self, claims: Sequence[Claim]) -> None:
        """Work these claims; called with what `accept` took hold of."""
        for claim in claims:
            key = claim.session.key
            self._lanes[key] = self._runs.create_task(self._lane(key, claim, self._lanes.get(key)))

    def nudge(self) -> None:
        """There is work in the store that nobody took hold of."""
        self._behind = True
        self._wake.set()

    async def idle(self) -> None:
        """Return when no lane runs; for tests and for a drain before shutdown."""
        while self._lanes:
            await asyncio.wait(set(self._lanes.values()))

    async def _lane(self, key: str, claim: Claim | None, before: asyncio.Task[None] | None) -> None:
        """Work a session. `before` is its lane that let go of it a moment ago and may still be tidying up."""
        context.set({"session": key})
        try:
            if before is not None:
                await asyncio.wait({before})
            while claim is not None and not (self._stopping and claim.event):
                claim = await self._turn(claim)
            if claim is not None:
                await self._house.store.release(key, worker=self._house.worker)
        finally:
            if self._lanes.get(key) is asyncio.current_task(self._runs):
                del self._lanes[key]
            self._go_on()

    def _go_on(self) -> None:
        """Wake the claim loop when it left work lying for want of a lane."""
        if self._behind:
            self._wake.set()

    async def _turn(self, claim: Claim) -> Claim | None:
        event, key = claim.event, claim.session.key
        context.set({"session": key, "event": event.id if event else "-"})
        try:
            after = await self._timed(key, claim)
        except asyncio.CancelledError:
            if key not in self._overdue:
                raise
            self._overdue.discard(key)
            task = asyncio.current_task(self._runs)
            assert task is not None
            task.uncancel()
            return await self._failed(claim, TurnTooLong(f"the turn took longer than {self._settings.turn / 1000:g} s"))
        except Fenced:
            log.warning("lost the hold on the session; another worker has it")
            return None
        except GaveWay:
            log.info("a turn gave way to somebody who takes the chat over")
            await self._let_go(claim)
            self.nudge()
            return None
        except StoreError as error:
            log.error("the store failed", error=error.message)
            await self._pause()
            await self._let_go(claim)
            return None
        except Exception as error:
            return await self._failed(claim, error)
        if after is None and event is None:
            self._remember(claim)
        return after

    async def _timed(self, key: str, claim: Claim) -> Claim | None:
        """The turn, which may be ended by `_sweep` only while it runs."""
        task = asyncio.current_task(self._runs)
        assert task is not None
        self._since[key] = (self._house.clock.now(), task)
        try:
            return await pipeline.run(self._house, claim)
        finally:
            del self._since[key]

    async def direct(self, event: Event) -> bool:
        """Play an event of a session that rests, and write both at once; true when it is durable.

        Most events come to a session that has nothing else to do and whose state is still known here: one
        transaction instead of two. Whatever is not so simple is left to `accept`, with nothing written.
        """
        session = self._rested.pop(event.session, None)
        if session is None or self.name is None or event.session in self._lanes:
            return False
        try:
            turn = pipeline.think(self._house, Claim(session, event))
            if turn is None or turn.erase:
                return False
            with self._promised():
                after = await self._house.store.direct(turn, worker=self._house.worker, now=self._house.clock.now())
        except Fenced:
            return False
        except Exception:
            return False  # it will go wrong on the usual way too, where it is retried, parked and told
        if after is not None:
            self.take([after])
        return True

    def _remember(self, claim: Claim) -> None:
        """The session rests now, and this is how it was written."""
        self._rested[claim.session.key] = claim.session
        if len(self._rested) > RESTED:
            del self._rested[next(iter(self._rested))]

    async def _failed(self, claim: Claim, error: Exception) -> Claim | None:
        """Try again later, or park the event and say sorry; the lane goes on either way."""
        if claim.event is None:
            return await self._unsendable(claim, error)
        now, words = self._house.clock.now(), describe(error)
        self._house.failing(claim, error)
        due = again(claim, claim.event, error, self._settings, now)
        if isinstance(error, EndpointGone):
            self._house.gone.tell(claim, error)
        if due is None or not isinstance(error, EndpointGone):
            known = isinstance(error, NorenError)
            log.error("event failed" if due else "event parked", error=words, trace=None if known else error)
        deliveries = await self._apology(claim, error) if due is None else []
        store, worker = self._house.store, self._house.worker
        return await self._kept(claim, store.fail(claim, words, due=due, worker=worker, now=now, deliveries=deliveries))

    async def _unsendable(self, claim: Claim, error: Exception) -> Claim | None:
        """Deliveries that could not be tried are given up; one that was cut off is tried again, as one in doubt."""
        now, words = self._house.clock.now(), describe(error)
        if isinstance(error, EndpointGone):
            self._house.gone.tell(claim, error)
        else:
            log.error("sending failed", error=words, trace=None if isinstance(error, NorenError) else error)
            if not isinstance(error, FINAL):
                await self._pause()
                await self._let_go(claim)
                return None
        results = [(one, unsent(one, error, words, now)) for one in claim.deliveries if one.state != "held"]
        store, worker = self._house.store, self._house.worker
        return await self._kept(claim, store.settle(claim.session.key, results, worker=worker, now=now))

    async def _kept(self, claim: Claim, writing: Awaitable[Claim | None]) -> Claim | None:
        """What the store then gives; the session is let go when it fails."""
        try:
            return await writing
        except Fenced:
            return None
        except Exception as error:
            log.error("the store failed", error=describe(error))
            await self._pause()
            await self._let_go(claim)
            return None

    async def _apology(self, claim: Claim, error: Exception) -> list[Delivery]:
        """The word of trouble; none when that fails too."""
        try:
            return await self._sorry(claim, error)
        except Exception as trouble:
            log.error("no word of trouble", trace=trouble)
            return []

    async def _sorry(self, claim: Claim, error: Exception) -> list[Delivery]:
        endpoint = self._house.endpoints.get(claim.session.endpoint)
        if endpoint is None or claim.event is None:
            return []
        await endpoint.transformer.failed(error, claim.event, claim.session)
        text = pipeline.sayer(endpoint, claim)(endpoint.settings.trouble)
        if not text or not _answerable(claim.event, claim):
            return []
        rendered = pipeline.render(endpoint, [Output(kind="text", text=text)], claim.session)
        messages, _ = pipeline.check(endpoint, rendered, claim.session)
        # An id of its own: the event may be tried again later, and then its answer needs the usual one.
        event = replace(claim.event, id=f"{claim.event.id}/trouble{claim.attempts}")
        return endpoint.channel.pack(messages, event, claim.session, self._house.clock.now())

    async def _let_go(self, claim: Claim) -> None:
        """Give the session back, however long the store takes to answer again."""
        while not self._stopping:
            try:
                await self._house.store.release(claim.session.key, worker=self._house.worker)
                return
            except StoreError:
                await self._pause()

    async def _pause(self) -> None:
        """Give a store that fails time to recover."""
        if not self._stopping:
            await self._house.clock.sleep_until(self._house.clock.now() + self._settings.poll)

    async def _loop(self) -> None:
        """Claim what is due and was not announced: timers, retries, what a dead worker left."""
        while True:
            self._wake.clear()  # before looking: what is announced while the store answers must not be missed
            try:
                await self._sweep()
                await self._fill()
                await self._rest()
            except StoreError as error:
                log.error("the store failed", error=error.message)
                await self._pause()
            except Exception as error:  # whatever it is: without this loop there are no timers and no retries
                log.error("the claim loop failed", trace=error)
                await self._pause()

    async def _sweep(self) -> None:
        """End turns that take too long, and free what dead workers held, now and then."""
        now = self._house.clock.now()
        for key, (since, task) in list(self._since.items()):
            if now - since > self._settings.turn:
                self._overdue.add(key)
                self._since[key] = (now, task)
                task.cancel()
        if now >= self._swept + SWEEP:
            self._swept = now
            await self._house.store.sweep()
            await self._gather()

    async def _gather(self) -> None:
        """Let go of sessions we took without learning of it, because the store's answer was lost on its way.

        Only what no lane knew of the last time either: an answer may still be on its way.
        """
        store, worker = self._house.store, self._house.worker
        adrift = set(await store.held_by(worker)) - set(self._lanes)
        for key in adrift & self._adrift:
            log.warning("let go of a session that was held for nobody", session=key)
            await store.release(key, worker=worker)
        self._adrift = adrift

    async def _fill(self) -> None:
        while not self._full:
            self._behind = False
            with self._promised():
                claim = await self._house.store.claim(self._house.worker, self._house.clock.now())
            if claim is None:
                return
            self.take([claim])
        self._behind = True

    async def _rest(self) -> None:
        """Until somebody announces work, something falls due, or the poll is due."""
        now = self._house.clock.now()
        until = now + self._settings.poll
        if not self._full:
            due = await self._house.store.next_due(now)
            until = min(until, due) if due is not None else until
        waits = {
            asyncio.ensure_future(self._wake.wait()),
            asyncio.ensure_future(self._house.clock.sleep_until(max(until, now + 1))),
            asyncio.ensure_future(self._house.store.wait(self._settings.poll)),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _answerable(event: Event, claim: Claim) -> bool:
    return (
        event.kind in ("message", "postback", "edited") and not event.standby and claim.session.control.owner == "bot"
    )
