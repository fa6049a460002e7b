"""Users, agents, another system, timers and workers in any order: the same few things hold in every store.

Two workers take turns at the work of two chats, step by step: one may have worked out an answer that it writes much
later, when an agent has long taken the chat over. What they say to LINE is recorded; nothing else is made up.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from runtime import pipeline
from runtime.desk.distributor import Distributor
from runtime.desk.people import Staff
from runtime.errors import Fenced
from runtime.flow.versions import Book
from runtime.model import Case, Chat, Claim, Event, Session, Turn
from runtime.pipeline import Endpoint, House, compiled
from runtime.project import settings_of
from runtime.settings import EndpointSettings
from runtime.store import codec, connect
from tests import postgres
from tests.clock import ManualClock
from tests.store.laws import LAWS, Looked
from tests.store.mouth import Mouth, Unchanged
from tests.store.shop import CONFIG, FLOWS, TELLS, asked, comes_twice

R = TypeVar("R")
CHATS, AGENTS, WORKERS = ("U1", "U2"), ("aya", "ben"), ("w-1", "w-2")
CAPACITY = 2


@dataclass
class Work:
    """What a worker holds; `turn` is worked out and not yet written."""

    worker: str
    claim: Claim
    turn: Turn | None = None


class People(RuleBasedStateMachine):
    """A small shop in which everything may happen at any time."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock, self.count = ManualClock(), 0
        self.work: dict[str, Work] = {}
        self.known: dict[str, Event] = {}
        self.urgent: Counter[str] = Counter()
        self.stack = contextlib.ExitStack()
        self.address = self.url or f"sqlite:///{self.stack.enter_context(tempfile.TemporaryDirectory())}/noren.db"
        if self.url:
            self.address = self.stack.enter_context(contextlib.contextmanager(postgres.schema)(self.url))
        self.do(self.open())

    def do(self, work: Coroutine[Any, Any, R]) -> R:
        return self.runner.run(work)

    async def open(self) -> None:
        made = settings_of(CONFIG, {})
        self.store = connect(self.address)
        await self.store.open()
        self.mouth = Mouth(self)
        mouth: Any = self.mouth  # all of a channel that these turns need
        config: EndpointSettings = made.endpoints["shop"]
        unchanged: Any = Unchanged()
        shop = Endpoint(config, mouth, unchanged, Book(compiled(FLOWS, config)), {"provider": asked})
        staff = Staff(made, self.store, self.clock, lambda when, facts: False)
        self.houses = {name: House({"shop": shop}, self.store, self.clock, name, staff) for name in WORKERS}
        self.distributor = Distributor(made.handover, self.store, self.clock, lambda: None)
        for worker in WORKERS:
            await self.store.join(worker)
        for agent in AGENTS:
            body = {"name": agent, "queues": ["general", "orders"], "capacity": CAPACITY}
            await self.store.put_agent(agent, f"{agent}@shop", "agent", body, self.clock.now())
            await self.store.present(agent, "online", self.clock.now())

    def teardown(self) -> None:
        self.do(self.store.close())
        self.runner.close()
        self.stack.close()

    # what happens

    def number(self) -> int:
        self.count += 1
        return self.count

    def happens(self, kind: str, chat: str, data: dict[str, Any], at_once: bool = True, **more: Any) -> None:
        now = self.clock.now()
        values: dict[str, Any] = {"id": f"e{self.number()}", "at": now, "due": now, "received": now, **more}
        event = Event(session=f"shop:{chat}", endpoint="shop", kind=kind, chat=Chat("user", chat), data=data, **values)
        self.known[event.id] = event
        self.urgent[event.session] += codec.urgent(event)
        self.do(self.store.accept([event], worker=None, now=now))
        if at_once:
            self.mostly_at_once()

    def mostly_at_once(self) -> None:
        """Two of three times what happened is worked before the next thing happens."""
        if self.number() % 3:
            self.all_work_is_done()

    def whoever(self, chat: str, agent: str, right: bool) -> str:
        """Who has the case or is asked to take it, if it should be the right one; else anybody."""
        case = self.case(chat)
        has = (case.agent or (case.offer.agent if case.offer else "")) if case else ""
        return has if right and has else agent

    def session(self, chat: str) -> Session | None:
        return self.do(self.store.load_session(f"shop:{chat}"))

    def case(self, chat: str) -> Case | None:
        session = self.session(chat)
        return session.case if session else None

    def act(self, do: str, chat: str, who: str, **data: Any) -> None:
        actor = {"kind": "agent", "id": who, "name": who.title()}
        self.happens("handover", chat, {"do": do, "actor": actor, **data})

    chats, agents = st.sampled_from(CHATS), st.sampled_from(AGENTS)
    mostly = st.sampled_from((True, True, True, False))

    @rule(
        chat=chats,
        word=st.sampled_from(("help", "elsewhere", "", "")),
        standby=st.sampled_from((False, False, False, True)),
    )
    def writes(self, chat: str, word: str, standby: bool) -> None:
        number = self.number()
        text, token = word or f"word {number}", None if standby else f"token {number}"
        data = {"type": "text", "id": f"m{number}"}
        self.happens("message", chat, data, text=text, user=chat, reply_to=token, standby=standby)

    @rule(chat=chats, worker=st.sampled_from(WORKERS), help=st.booleans())
    def is_answered_slowly(self, chat: str, worker: str, help: bool) -> None:
        """The answer is worked out, and before it is written anything may happen."""
        self.all_work_is_done()
        number = self.number()
        text = "help" if help else f"word {number}"
        self.happens("message", chat, {"type": "text"}, False, text=text, user=chat, reply_to=f"token {number}")
        self.takes_up(worker)
        if self.work:
            self.step(f"shop:{chat}")

    @precondition(lambda self: any(comes_twice(event) for event in self.known.values()))
    @rule(data=st.data())
    def is_delivered_again(self, data: st.DataObject) -> None:
        names = sorted(name for name, event in self.known.items() if comes_twice(event))
        event = self.known[data.draw(st.sampled_from(names))]
        self.do(self.store.accept([event], worker=None, now=self.clock.now()))

    @rule(chat=chats, kind=st.sampled_from(("unfollow", "follow")))
    def comes_or_goes(self, chat: str, kind: str) -> None:
        self.happens(kind, chat, {}, user=chat)

    @precondition(lambda self: any((case := self.case(chat)) and case.offer for chat in CHATS))
    @rule(chat=chats, agent=agents, right=mostly, do=st.sampled_from(("accept", "accept", "reject")))
    def answers_an_offer(self, chat: str, agent: str, right: bool, do: str) -> None:
        case = self.case(chat)
        offer = case.offer.id if case and case.offer else "gone"
        self.act(do, chat, self.whoever(chat, agent, right), offer=offer)

    @rule(chat=chats, agent=agents)
    def takes_over(self, chat: str, agent: str) -> None:
        self.act("take_over", chat, agent)

    @precondition(lambda self: any(self.case(chat) for chat in CHATS))
    @rule(chat=chats, agent=agents, right=mostly, do=st.sampled_from(("claim", "park", "resolve", "done", "wake")))
    def does(self, chat: str, agent: str, right: bool, do: str) -> None:
        self.act(do, chat, self.whoever(chat, agent, right))

    @rule(chat=chats, agent=agents, right=mostly, join=st.booleans())
    def replies(self, chat: str, agent: str, right: bool, join: bool) -> None:
        who = self.whoever(chat, agent, right)
        self.act("reply", chat, who, messages=[{"text": f"agent {self.number()}"}], join=join)

    @precondition(lambda self: any(self.case(chat) for chat in CHATS))
    @rule(chat=chats, agent=agents)
    def writes_a_note(self, chat: str, agent: str) -> None:
        self.act("note", chat, agent, text=f"note {self.number()}")

    @precondition(lambda self: any(self.case(chat) for chat in CHATS))
    @rule(chat=chats, agent=agents, to=st.sampled_from(("orders", "aya", "ben")))
    def transfers(self, chat: str, agent: str, to: str) -> None:
        self.act("transfer", chat, agent, **({"queue": to} if to == "orders" else {"agent": to}))

    @precondition(lambda self: any(self.case(chat) for chat in CHATS))
    @rule(chat=chats, agent=agents, minutes=st.integers(1, 20))
    def snoozes(self, chat: str, agent: str, minutes: int) -> None:
        self.act("snooze", chat, agent, until=self.clock.now() + minutes * 60_000)

    @rule(chat=chats, do=st.sampled_from(("pause", "resume", "resume", "give_back")))
    def leads(self, chat: str, do: str) -> None:
        self.act(do, chat, "sue")

    @rule(chat=chats, does=st.lists(st.sampled_from(TELLS), max_size=4))
    def asks_another_system(self, chat: str, does: list[str]) -> None:
        """What it tells comes at once, as far as the chat was not somebody else's."""
        self.writes(chat, "elsewhere", standby=False)
        case = self.case(chat)
        for do in does if case is not None and case.provider == "ours" else ():
            self.told(chat, case.id if case else "", do)

    @precondition(lambda self: self.elsewhere())
    @rule(data=st.data(), does=st.lists(st.sampled_from(TELLS), min_size=1, max_size=4), latest=st.booleans())
    def another_system_tells(self, data: st.DataObject, does: list[str], latest: bool) -> None:
        """Of the case that is worked on there, or of one that is long over."""
        known = self.elsewhere()
        chat, case = known[-1] if latest else data.draw(st.sampled_from(known))
        for do in does:
            self.told(chat, case, do)

    def told(self, chat: str, case: str, do: str) -> None:
        told = {"do": do, "provider": "ours", "case": case, "ref": f"ref {case}", **self.words(do, self.number())}
        actor = {"kind": "provider", "id": "ours:zoe", "name": "Zoe"}
        self.happens("handover", chat, {"actor": actor, **told})

    def words(self, do: str, number: int) -> dict[str, Any]:
        """What belongs to such an act."""
        more: dict[str, dict[str, Any]] = {
            "reply": {"messages": [{"text": f"agent {number}"}]},
            "note": {"text": f"note {number}"},
            "tell": {"text": f"system {number}"},
            "assign": {"agent": "ours:zoe", "agent_name": "Zoe"},
            "snooze": {"until": self.clock.now() + 600_000},
        }
        return more.get(do, {})

    def elsewhere(self) -> list[tuple[str, str]]:
        """Chat and id of the cases that another system has or had, the latest last."""
        rows = [row for row in self.do(self.store._base.read(_all_cases)) if row["body"].provider == "ours"]
        rows.sort(key=lambda row: (row["body"].opened, row["body"].id))
        return [(str(row["session"]).removeprefix("shop:"), row["body"].id) for row in rows]

    @precondition(lambda self: self.buttons())
    @rule(chat=chats, data=st.data(), epoch=st.integers(0, 4))
    def taps_some_button(self, chat: str, data: st.DataObject, epoch: int) -> None:
        of, right = data.draw(st.sampled_from(self.buttons()))
        epoch = epoch if data.draw(st.booleans()) else right
        self.happens(
            "postback", chat, {"data": f"ho:cancel:{of}:{epoch}"}, user=chat, reply_to=f"token {self.number()}"
        )

    def buttons(self) -> list[tuple[str, int]]:
        """Cases there are or were, and the epoch of their buttons."""
        rows = self.do(self.store._base.read(_all_cases))
        return [(row["body"].id, row["body"].epoch) for row in rows]

    @rule(agent=agents, status=st.sampled_from(("online", "online", "away", "offline")))
    def is_there(self, agent: str, status: str) -> None:
        self.do(self.store.present(agent, status, self.clock.now()))

    @rule(seconds=st.sampled_from((1, 30, 130, 700)), alive=mostly)
    def time_passes(self, seconds: int, alive: bool) -> None:
        self.clock.turn(seconds * 1_000)
        for agent in AGENTS if alive else ():
            self.do(self.store.beat(agent, self.clock.now()))
        self.mostly_at_once()

    @rule()
    def is_shared_out(self) -> None:
        self.do(self.distributor.look())
        self.mostly_at_once()

    # the workers

    @rule(worker=st.sampled_from(WORKERS))
    def takes_up(self, worker: str) -> None:
        claim = self.do(self.store.claim(worker, self.clock.now()))
        if claim is not None:
            self.held(worker, claim)

    def held(self, worker: str, claim: Claim | None, key: str = "") -> None:
        if claim is None:
            self.work.pop(key, None)
        else:
            self.work[claim.session.key] = Work(worker, claim)

    @precondition(lambda self: self.work)
    @rule(data=st.data(), finish=st.booleans())
    def works(self, data: st.DataObject, finish: bool) -> None:
        """Send what is to be sent, or work the event out; what is worked out is written now or later."""
        key = data.draw(st.sampled_from(sorted(self.work)))
        self.step(key)
        if finish:
            self.finish(key)

    def finish(self, key: str) -> None:
        while key in self.work:
            self.step(key)

    def step(self, key: str) -> None:
        one = self.work[key]
        house = self.houses[one.worker]
        if one.claim.event is None:
            self.held(one.worker, self.do(pipeline.send(house, one.claim)), key)
        elif one.turn is None:
            one.turn = pipeline.think(house, one.claim) or self.do(pipeline.ponder(house, one.claim))
        else:
            self.write(key, one, one.claim.event, one.turn)

    def write(self, key: str, one: Work, event: Event, turn: Turn) -> None:
        waits = self.urgent[key] if not codec.urgent(event) else 0
        after = self.do(pipeline.commit(self.houses[one.worker], one.claim, turn))
        row = self.do(self.store.show_event(event.id))
        state = row["state"] if row else ""
        if waits:
            assert state == "due", "an answer that was begun before somebody took over is not written"
        else:
            assert state == "done" or event.id in {timer.id for timer in turn.timers}
            self.urgent[key] -= codec.urgent(event)
        self.held(one.worker, after, key)

    @precondition(lambda self: self.work)
    @rule(data=st.data())
    def dies(self, data: st.DataObject) -> None:
        """A worker loses its hold; what it worked out is refused."""
        key = data.draw(st.sampled_from(sorted(self.work)))
        one = self.work.pop(key)
        self.do(self.store.release(key, worker=one.worker))
        if one.turn is not None:
            with pytest.raises(Fenced):
                self.do(pipeline.commit(self.houses[one.worker], one.claim, one.turn))

    @rule()
    def all_work_is_done(self) -> None:
        while True:
            for key in sorted(self.work):
                self.finish(key)
            claim = self.do(self.store.claim(WORKERS[0], self.clock.now()))
            if claim is None:
                return
            self.held(WORKERS[0], claim)

    # what holds

    @invariant()
    def holds(self) -> None:
        looked = self.do(self.look())
        for words, so in LAWS:
            assert so(looked), words

    async def look(self) -> Looked:
        rows = await self.store._base.read(_all_cases)
        notes: dict[str, list[dict[str, Any]]] = {}
        for row in await self.store.notes_after(0, 100_000):
            notes.setdefault(row["session"], []).append(row)
        found = {f"shop:{chat}": await self.store.load_session(f"shop:{chat}") for chat in CHATS}
        sessions = {key: session for key, session in found.items() if session is not None}
        loads = (await self.store.desk_view("", self.clock.now()))["loads"]
        dead = await self.store.list_events("dead", None, 10)
        asks = [codec.event_of(body, id).data for id, body in await self.store._base.read(_asks)]
        about = {one.id: one.data["case"] for one in self.known.values() if one.data.get("provider") == "ours"}
        return Looked(rows, notes, sessions, loads, dead, self.clock.now(), tuple(self.mouth.said), asks, about)


def _all_cases() -> Any:
    rows = yield "SELECT session, state, agent, reserved, reserved_until, units, body FROM cases", ()
    names = ("session", "state", "agent", "reserved", "reserved_until", "units", "body")
    return [{**dict(zip(names, row, strict=True)), "body": codec.case_of(row[6])} for row in rows]


def _asks() -> Any:
    return (yield "SELECT id, body FROM inbox WHERE kind = 'provider' ORDER BY seq", ())


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> type[People]:
    url = request.getfixturevalue("postgres_database") if request.param == "postgresql" else ""
    return type("People", (People,), {"url": url})


@pytest.mark.parametrize("machine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_people_flows_and_timers_in_any_order(machine: type[People]) -> None:
    few = int(os.environ.get("NOREN_EXAMPLES", "25" if not machine.url else "20"))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # untyped in hypothesis
        machine,
        settings=settings(
            max_examples=few, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
