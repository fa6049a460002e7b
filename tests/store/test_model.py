"""Whatever happens in whatever order, a store does what a few dictionaries would do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from runtime.errors import Fenced
from runtime.model import Claim, Event, Outcome
from runtime.store import connect
from tests import postgres
from tests.store.values import NOW, again, delivery, event, timer, turn

R = TypeVar("R")
WORKERS = ("w-1", "w-2")
USERS = ("U1", "U2", "U3")


@dataclass
class Sent:
    """A delivery as the model knows it."""

    id: str
    state: str = "waiting"
    due: int = 0


@dataclass
class Lane:
    """A session as the model knows it."""

    version: int = 0
    holder: str = ""
    events: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)  # id: rank, order, due, attempts
    outbox: list[Sent] = field(default_factory=list)

    def ready(self, now: int) -> list[Sent]:
        found = []
        for one in self.outbox:
            if one.state == "waiting" and one.due > now:
                break
            if one.state != "held":
                found.append(one)
        return found

    def first(self, now: int) -> str | None:
        blocking = {k: v for k, v in self.events.items() if v[2] <= now or v[3]}
        name = min(blocking, key=lambda k: blocking[k][:2], default=None)
        return name if name is not None and self.events[name][2] <= now else None

    def dues(self, now: int) -> list[int]:
        """When there is work: something to send, an event, or a failed one that holds back the others."""
        unsent = [one.due if one.state == "waiting" else 0 for one in self.outbox if one.state != "held"]
        blocking = [v for v in self.events.values() if v[2] <= now or v[3]]
        waiting = [min(blocking)[2]] if blocking else [v[2] for v in self.events.values()]
        return unsent[:1] + sorted(waiting)[:1]

    def work(self, now: int) -> bool:
        return bool(self.ready(now)) or self.first(now) is not None


class Twin(RuleBasedStateMachine):
    """The store and its model, side by side."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now, self.count = NOW, 0
        self.lanes: dict[str, Lane] = {}
        self.known: dict[str, Event] = {}
        self.claims: dict[str, Claim] = {}
        self.stack = contextlib.ExitStack()
        self.address = self.url or f"sqlite:///{self.stack.enter_context(tempfile.TemporaryDirectory())}/noren.db"
        if self.url:
            self.address = self.stack.enter_context(contextlib.contextmanager(postgres.schema)(self.url))
        self.start()

    def do(self, work: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(work)

    def start(self) -> None:
        self.store = connect(self.address)
        self.do(self.store.open())
        for worker in WORKERS:
            self.do(self.store.join(worker))

    def teardown(self) -> None:
        self.do(self.store.close())
        self.runner.close()
        self.stack.close()

    def number(self) -> int:
        self.count += 1
        return self.count

    def got(self, claim: Claim | None, key: str, worker: str) -> None:
        """What the store handed out is what the model would have."""
        lane = self.lanes[key]
        if claim is None:
            assert not lane.work(self.now), f"{key} has work"
            lane.holder = ""
            self.claims.pop(key, None)
            return
        assert claim.session.version == lane.version
        ready = lane.ready(self.now)
        if ready:
            assert claim.event is None
            expected = [(one.id, "waiting" if one.state == "waiting" else "sending") for one in ready]
            for one in ready:
                one.state = "sending" if one.state == "waiting" else "unsure"
        else:
            assert claim.event is not None
            assert claim.event.id == lane.first(self.now)
            assert claim.attempts == lane.events[claim.event.id][3]
            expected = [(one.id, "held") for one in lane.outbox]
            expected = [one for one in expected if one[0] in {d.id for d in lane.outbox if d.state == "held"}]
        assert [(one.id, one.state) for one in claim.deliveries] == expected
        lane.holder, self.claims[key] = worker, claim

    @rule(users=st.lists(st.sampled_from(USERS), min_size=1, max_size=4), worker=st.sampled_from((None, *WORKERS)),
          early=st.integers(-60, 60))  # fmt: skip
    def accept(self, users: list[str], worker: str | None, early: int) -> None:
        events = [event(f"e{self.number()}", user, at=self.now - early * (n + 1)) for n, user in enumerate(users)]
        self.arrive(events, worker)

    @precondition(lambda self: self.known)
    @rule(data=st.data(), worker=st.sampled_from((None, *WORKERS)))
    def redeliver(self, data: st.DataObject, worker: str | None) -> None:
        name = data.draw(st.sampled_from(sorted(self.known)))
        self.arrive([again(self.known[name], self.now)], worker)

    def arrive(self, events: list[Event], worker: str | None) -> None:
        claims = self.do(self.store.accept(events, worker=worker, now=self.now))
        touched = set()
        for one in events:
            lane = self.lanes.setdefault(one.session, Lane(version=self.now))
            if one.id not in self.known:
                self.known[one.id] = one
                lane.events[one.id] = (one.due, self.number(), min(one.due, self.now), 0)
                touched.add(one.session)
        expected = {key for key in touched if worker and not self.lanes[key].holder and self.lanes[key].work(self.now)}
        assert {claim.session.key for claim in claims} == expected
        for claim in claims:
            self.got(claim, claim.session.key, worker or "")

    @rule(worker=st.sampled_from(WORKERS))
    def claim(self, worker: str) -> None:
        claim = self.do(self.store.claim(worker, self.now))
        if claim is None:
            assert not [k for k, lane in self.lanes.items() if not lane.holder and lane.work(self.now)]
        else:
            assert not self.lanes[claim.session.key].holder
            self.got(claim, claim.session.key, worker)

    def held(self, kind: str) -> list[str]:
        return sorted(k for k, c in self.claims.items() if (c.event is None) == (kind == "send"))

    @precondition(lambda self: self.held("play"))
    @rule(data=st.data(), says=st.integers(0, 3), later=st.integers(0, 200), merge=st.booleans())
    def commit(self, data: st.DataObject, says: int, later: int, merge: bool) -> None:
        key = data.draw(st.sampled_from(self.held("play")))
        claim, lane = self.claims[key], self.lanes[key]
        assert claim.event is not None
        name, user = claim.event.id, key.partition(":")[2]
        says_ = [delivery(f"d{self.number()}", user) for _ in range(says)]
        timers = (timer(f"t{self.number()}", self.now + later, user),) if later % 2 else ()
        merged = tuple(one.id for one in claim.deliveries) if merge else ()
        full = turn(claim, deliveries=tuple(says_), timers=timers, merged=merged)
        after = self.do(self.store.commit(full, worker=lane.holder, now=self.now))
        lane.version += 1
        del lane.events[name]
        for one in timers:
            lane.events[one.id] = (one.due, self.number(), one.due, 0)
        lane.outbox = [one for one in lane.outbox if one.id not in merged]
        lane.outbox += [Sent(one.id) for one in says_]
        self.got(after, key, lane.holder)

    @precondition(lambda self: self.held("send"))
    @rule(data=st.data(), states=st.lists(st.sampled_from(("sent", "held", "failed", "none")), min_size=9, max_size=9),
          wait=st.integers(0, 100))  # fmt: skip
    def settle(self, data: st.DataObject, states: list[Any], wait: int) -> None:
        key = data.draw(st.sampled_from(self.held("send")))
        claim, lane = self.claims[key], self.lanes[key]
        results = [
            (one, Outcome(state=state)) for one, state in zip(claim.deliveries, states, strict=False) if state != "none"
        ]
        if wait % 2 and results:
            results[-1] = (results[-1][0], Outcome(state="retry", due=self.now + wait))
        after = self.do(self.store.settle(key, results, worker=lane.holder, now=self.now))
        for one, outcome in results:
            mine = next(d for d in lane.outbox if d.id == one.id)
            mine.state, mine.due = {"retry": "waiting"}.get(outcome.state, outcome.state), outcome.due
        for left in lane.outbox:
            left.state = "waiting" if left.state == "sending" else left.state
        lane.outbox = [one for one in lane.outbox if one.state not in ("sent", "failed")]
        self.got(after, key, lane.holder)

    @precondition(lambda self: self.held("play"))
    @rule(data=st.data(), wait=st.integers(0, 60), sorry=st.booleans())
    def fail(self, data: st.DataObject, wait: int, sorry: bool) -> None:
        key = data.draw(st.sampled_from(self.held("play")))
        claim, lane = self.claims[key], self.lanes[key]
        assert claim.event is not None
        name, due = claim.event.id, self.now + wait if wait else None
        words = [delivery(f"d{self.number()}", key.partition(":")[2])] if sorry else []
        after = self.do(
            self.store.fail(claim, "why", due=due, worker=lane.holder, now=self.now, deliveries=words)
        )  # fmt: skip
        if due is None:
            del lane.events[name]
        else:
            rank, order, _, attempts = lane.events[name]
            lane.events[name] = (rank, order, due, attempts + 1)
        lane.outbox += [Sent(one.id) for one in words]
        self.got(after, key, lane.holder)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.claims)))
        stale = self.claims.pop(key)
        worker, self.lanes[key].holder = self.lanes[key].holder, ""
        self.do(self.store.release(key, worker=worker))
        if stale.event is not None:
            with pytest.raises(Fenced):
                self.do(self.store.commit(turn(stale), worker=worker, now=self.now))

    @rule(ms=st.integers(1, 120))
    def turn_clock(self, ms: int) -> None:
        self.now += ms

    @rule()
    def crash(self) -> None:
        self.do(self.store.close())
        self.start()
        self.claims.clear()
        for lane in self.lanes.values():
            lane.holder = ""

    @invariant()
    def is_looked_at_in_time(self) -> None:
        """Never later than there is work, and not at all when there is none."""
        due = self.do(self.store.next_due(self.now))
        expected = [when for lane in self.lanes.values() if not lane.holder for when in lane.dues(self.now)]
        assert (due is None) == (not expected)
        assert due is None or due <= max(min(expected), self.now)


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> type[Twin]:
    url = request.getfixturevalue("postgres_database") if request.param == "postgresql" else ""
    return type("Twin", (Twin,), {"url": url})


@pytest.mark.parametrize("machine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_the_store_does_what_the_model_does(machine: type[Twin]) -> None:
    few = int(os.environ.get("NOREN_EXAMPLES", "60" if not machine.url else "10"))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # untyped in hypothesis
        machine,
        settings=settings(
            max_examples=few, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
