"""Lanes: turns that fail, hang, come again; a store that fails; stopping and starting."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.errors import StoreError
from runtime.model import Claim, Delivery, Event, Outcome, Turn
from runtime.settings import WorkerSettings
from runtime.simulator.ids import steady
from runtime.simulator.values import User
from runtime.store import Store
from runtime.store.sqlite import Sqlite
from runtime.worker import Worker
from tests.gate import SLOW, gate
from tests.line_platform import bot
from tests.world import KEN, MAI, World, world

pytestmark = pytest.mark.anyio

MOODY = {
    **SLOW,
    "transformers/moody.py": "bad = {}\n"
    "def moody(args, session, endpoint, kit):\n"
    "    left = bad.get(args['text'], 0)\n"
    "    bad[args['text']] = left - 1\n"
    "    if left > 0: raise KeyError('a bug')\n",
    "flows/moody.yaml": """flow: moody
start: [{keyword: "moody*"}]
steps:
  - call: moody.py:moody
    args: {text: "{{ input.text }}"}
  - say: "{{ input.text }} worked"
  - end
""",
}
CONFIG = """endpoints: {shop: {languages: [en], loading: 0, profile: false, trouble: Sorry.}}
worker: {attempts: 3, backoff: 2s, turn: 60s, poll: 500ms}
"""


def fails(text: str, times: int) -> None:
    """Of what somebody writes: how often it shall go wrong."""
    sys.modules["noren_bot_transformers_moody"].__dict__["bad"][text] = times


@asynccontextmanager
async def moody(tmp_path: Path, **more: Any) -> AsyncIterator[World]:
    async with world(tmp_path, MOODY, config=CONFIG, **more) as w:
        await w.say("moody first")  # the functions are loaded now
        yield w


async def test_a_turn_that_fails_is_tried_again_and_order_is_kept(tmp_path: Path) -> None:
    async with moody(tmp_path) as w:
        fails("moody 1", 2)
        await w.say("moody 1")
        await w.say("second")
        await w.say("third")
        assert w.texts() == ["moody first worked"]
        assert [event["attempts"] for event in await w.events("due")] == [1, 0, 0]
        await w.turn(1_900)
        assert [event["attempts"] for event in await w.events("due")] == [1, 0, 0]
        await w.turn(200)
        assert [event["attempts"] for event in await w.events("due")] == [2, 0, 0]
        await w.turn(4_000)
        assert w.texts()[1:] == ["moody 1 worked", "second", "third"]
        assert await w.events("due") == []


async def test_other_chats_do_not_wait_for_a_retry(tmp_path: Path) -> None:
    async with moody(tmp_path) as w:
        fails("moody 1", 1)
        await w.say("moody 1")
        await w.say("hello", user=KEN)
        assert w.texts(KEN) == ["hello"]


async def test_a_poison_event_is_parked_told_once_and_the_lane_goes_on(tmp_path: Path) -> None:
    async with moody(tmp_path) as w:
        fails("moody 1", 99)
        await w.say("moody 1")
        await w.say("second")
        await w.turn(10_000)
        assert w.texts()[1:] == ["Sorry.", "second"]
        [dead] = await w.events("dead")
        assert (dead["attempts"], dead["error"]) == (
            3,
            "flows/moody.yaml:4:5: `call` failed: moody.py:moody (line 5 of moody.py): KeyError (in moody.steps[0])",
        )
        fails("moody 1", 0)
        await w.store.retry_event(dead["id"], w.clock.now())
        await w.turn(1_000)
        assert w.texts()[1:] == ["Sorry.", "second", "moody 1 worked"]
        assert await w.events("dead") == []


async def test_a_parked_event_can_fail_and_be_told_again(tmp_path: Path) -> None:
    async with moody(tmp_path) as w:
        fails("moody 1", 99)
        await w.say("moody 1")
        await w.turn(10_000)
        [dead] = await w.events("dead")
        await w.store.retry_event(dead["id"], w.clock.now())
        await w.turn(10_000)
        assert w.texts()[1:] == ["Sorry.", "Sorry."]
        assert len(await w.events("dead")) == 1


async def test_nothing_is_said_of_trouble_nobody_caused(tmp_path: Path) -> None:
    files = {"flows/f.yaml": "flow: f\nstart: [{event: follow}]\nsteps: [{call: nobody.py:nothing}, end]\n"}
    async with world(tmp_path, files, config=CONFIG) as w:
        w.line.simulator.acts.follow(w.account(), MAI)
        await w.turn(20_000)
        assert len(await w.events("dead")) == 1
        assert w.texts() == []


async def test_a_transformer_that_may_not_fail_parks_at_once(tmp_path: Path) -> None:
    files = {**SLOW, "transformers/bad.py": "def handle_input(event, session, endpoint, kit): return 7\n"}
    config = CONFIG.replace("trouble", "transformers: {input: bad.py, on_error: abort}, trouble")
    async with world(tmp_path, files, config=config) as w:
        await w.say("hello")
        [dead] = await w.events("dead")
        assert (dead["attempts"], w.texts()) == (1, ["Sorry."])


async def test_a_turn_that_takes_too_long_is_ended_and_tried_again(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=CONFIG) as w:
        wait = gate("slow 1")
        await w.say("slow 1", settle=False)
        await wait.reached.wait()
        await w.pass_time(lambda: wait.times == 2, step=1_000, most=120_000)
        await w.pass_time(lambda: wait.times == 3, step=1_000, most=120_000)
        await w.pass_time(w.texts, step=1_000, most=120_000)
        await w.settle()
        assert w.texts() == ["Sorry."]
        [dead] = await w.events("dead")
        assert dead["error"] == "the turn took longer than 60 s"
        await w.say("and now?")
        assert w.texts() == ["Sorry.", "and now?"]


async def test_a_send_that_takes_too_long_is_not_repeated_blindly(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=CONFIG) as w:
        w.fault("hang_after", "/v2/bot/message/reply")
        await w.say("hello", settle=False)
        await w.until(lambda: w.texts() == ["hello"])
        w.clock.turn(30_000)  # the token is still young; the turn is ended by its own limit
        await w.pass_time(lambda: w.count("/message/") >= 2, step=500, most=60_000)
        await w.settle()
        assert w.texts() == ["hello"], "said once, though the first try was cut off"
        assert w.account().billed(w.clock.now()) == 0


class Flaky(Store):
    """A store whose transactions fail as often as told."""

    def __init__(self, path: Path) -> None:
        super().__init__(Sqlite(path))
        self.fails: dict[str, int] = {}

    def _may_fail(self, name: str) -> None:
        if self.fails.get(name, 0) > 0:
            self.fails[name] -= 1
            raise StoreError("the disk is full")

    async def accept(self, events: Sequence[Event], *, worker: str | None, now: int) -> list[Claim]:
        self._may_fail("accept")
        return await super().accept(events, worker=worker, now=now)

    async def direct(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        self._may_fail("direct")
        return await super().direct(turn, worker=worker, now=now)

    async def claim(self, worker: str, now: int) -> Claim | None:
        self._may_fail("claim")
        return await super().claim(worker, now)

    async def commit(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        self._may_fail("commit")
        return await super().commit(turn, worker=worker, now=now)

    async def settle(
        self, key: str, results: Sequence[tuple[Delivery, Outcome]], *, worker: str, now: int
    ) -> Claim | None:
        self._may_fail("settle")
        return await super().settle(key, results, worker=worker, now=now)

    async def release(self, key: str, *, worker: str) -> None:
        self._may_fail("release")
        await super().release(key, worker=worker)


@asynccontextmanager
async def flaky(tmp_path: Path, files: Mapping[str, str] = SLOW, **more: Any) -> AsyncIterator[tuple[World, Flaky]]:
    store = Flaky(tmp_path / "flaky.db")
    async with world(tmp_path, files, config=CONFIG, store=store, **more) as w:
        yield w, store


async def test_what_cannot_be_stored_is_refused_and_comes_again(tmp_path: Path) -> None:
    async with flaky(tmp_path, bots=(bot(redelivery=True, redelivery_every=10_000, timeout=60_000),)) as (w, store):
        store.fails["accept"] = 2
        await w.say("hello")
        assert [row.status for row in w.line.simulator.journal.since(0, way="webhook")] == [503]
        assert await w.events() == []
        await w.pass_time(w.texts, step=500)
        await w.settle()
        assert [row.status for row in w.line.simulator.journal.since(0, way="webhook")] == [503, 503, 200]
        assert w.texts() == ["hello"]
        assert w.vias() == ["reply"]


@pytest.mark.parametrize(("where", "times"), [("commit", 1), ("commit", 4), ("settle", 1), ("settle", 3)])
async def test_a_store_that_fails_for_a_while_loses_and_doubles_nothing(tmp_path: Path, where: str, times: int) -> None:
    async with flaky(tmp_path) as (w, store):
        store.fails |= {where: times, "release": times - 1}
        await w.say("hello", settle=False)
        await w.delivered()
        await w.pass_time(lambda: w.texts() and not any(store.fails.values()) and not w.busy, step=500)
        await w.say("again")
        assert w.texts() == ["hello", "again"]
        assert [state for state, _, _ in await w.sent()] == ["sent", "sent"]
        assert w.account().billed(w.clock.now()) == 0


async def test_the_loop_survives_a_store_that_fails(tmp_path: Path) -> None:
    async with flaky(tmp_path, MOODY) as (w, store):
        await w.say("moody first")
        fails("moody 1", 1)
        await w.say("moody 1")
        store.fails["claim"] = 3
        await w.pass_time(lambda: w.texts()[1:] == ["moody 1 worked"], step=500)


async def test_a_turn_that_cannot_be_played_directly_takes_the_long_way(tmp_path: Path) -> None:
    async with flaky(tmp_path) as (w, store):
        await w.say("one")
        store.fails["direct"] = 1
        await w.say("two")
        assert w.texts() == ["one", "two"]


async def test_more_sessions_than_lanes_all_get_their_turn(tmp_path: Path) -> None:
    config = CONFIG.replace("attempts: 3", "attempts: 3, lanes: 2")
    async with world(tmp_path, SLOW, config=config) as w:
        waits = [gate(f"slow {n}") for n in range(5)]
        users = [steady("U", f"user:{n}") for n in range(5)]
        for n, user in enumerate(users):
            w.line.simulator.platform.people.add_user(User(id=user, name=f"User {n}"))
            await w.say(f"slow {n}", user=user, settle=False)
        await w.delivered()
        await w.until(lambda: sum(wait.times for wait in waits) == 2)
        for wait in waits:
            wait.open.set()
        await w.settle()
        assert [w.texts(user) for user in users] == [[f"slow {n} is done"] for n in range(5)]


async def test_a_redelivered_event_is_worked_when_it_was_lost_and_not_again_when_it_was_not(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, bots=(bot(hold=True),)) as w:
        await w.say("lost", settle=False)
        [hook] = w.line.simulator.hooks.of("shop", "held")
        await w.line.simulator.hooks.redeliver([hook.id])  # its first try never came
        await w.settle()
        assert w.texts() == ["lost"]
        for again in (True, False):
            await w.line.simulator.hooks.redeliver([hook.id], again=again)
            await w.settle()
        assert w.texts() == ["lost"]
        assert [row.status for row in w.line.simulator.journal.since(0, way="webhook")] == [200, 200, 200]


async def test_stopping_finishes_the_turns_that_run(tmp_path: Path) -> None:
    async with world(tmp_path, SLOW, config=CONFIG) as w:
        wait = gate("slow 1")
        await w.say("slow 1", settle=False)
        await wait.reached.wait()
        await w.say("later", settle=False)
        await w.delivered()
        assert w.runtime.worker is not None
        stopping = asyncio.create_task(w.runtime.worker.stop())
        await w.until(lambda: w.runtime.worker and w.runtime.worker.name is None)
        wait.open.set()
        await stopping
        assert w.texts() == ["slow 1 is done"], "the running turn is finished, no new one is begun"
        assert [event["state"] for event in await w.events()] == ["done", "due"]


async def test_a_turn_over_the_grace_time_is_left_for_the_next_start(tmp_path: Path) -> None:
    config = CONFIG.replace("attempts: 3", "attempts: 3, grace: 10ms")
    async with world(tmp_path, SLOW, config=config) as w:
        wait = gate("slow 1")
        await w.say("slow 1", settle=False)
        await wait.reached.wait()
        assert w.runtime.worker is not None
        await w.runtime.worker.stop()
        assert [event["state"] for event in await w.events()] == ["due"]
        worker = Worker(replace(w.runtime.house, worker="next"), WorkerSettings())
        await worker.start()
        wait.open.set()
        await w.until(w.texts)
        await worker.idle()
        await worker.stop()
        assert w.texts() == ["slow 1 is done"]


TWO = CONFIG.replace("endpoints: {shop: {", "endpoints: {cafe: {languages: [en], loading: 0, profile: false}, shop: {")


async def test_what_comes_for_an_endpoint_that_is_gone_waits_until_it_is_back(tmp_path: Path) -> None:
    timed = {"flows/later.yaml": "flow: later\nstart: [{keyword: later}]\nsteps: [{delay: 1m}, {say: Now.}]\n"}
    both = bot("shop"), bot("cafe")
    async with world(tmp_path, {**SLOW, **timed}, config=TWO, bots=both) as w:
        await w.say("later", bot="cafe")
        w.fault("rate_limit", "/v2/bot/message/reply")
        await w.say("hello", user=KEN, bot="cafe")
        assert [row["state"] for row in await w.outbox()] == ["waiting"]
    async with world(tmp_path, {**SLOW, **timed}, config=CONFIG) as w:
        await w.turn(60_000)
        assert [row["state"] for row in await w.outbox()] == ["waiting"]
        assert [(row["state"], row["attempts"]) for row in await w.events() if row["kind"] == "timer"] == [("due", 1)]
        assert w.runtime.house.gone.counts() == {"cafe": 2}
        await w.say("hello")
        assert w.texts() == ["hello"], "nobody else waits for it"
    async with world(tmp_path, {**SLOW, **timed}, config=TWO, bots=both) as w:
        await w.turn(6 * 60_000)
        await w.turn(6 * 60_000)
        assert {row["state"] for row in await w.events()} == {"done"}
        assert {row["state"] for row in await w.outbox()} == {"sent"}
