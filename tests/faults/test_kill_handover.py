"""kill -9, again and again, while people have chats: every case is whole, every word is said once, in order.

LINE is played by this process, agents are too: they put what they do into the same store from outside, as the desk
of another process does, and again until it is there. The server is a real `noren serve` that offers, fires timers
and speaks to LINE.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.clock import SystemClock
from runtime.errors import StoreError
from runtime.handover.case.replay import replay, seen
from runtime.model import Chat, Event, Noted
from runtime.simulator.values import User
from runtime.store import connect
from tests.faults.test_kill import Poster, Server, answers, free_port, pause, user_id
from tests.line_platform import Line, bot, line_platform
from tests.world import write

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

KILLS, USERS, WORDS = 12, 12, 4
AGENTS = ("aya", "ben", "cat")
FLOWS = {
    "flows/help.yaml": """flow: help
start: [{keyword: help}]
steps:
  - handover: {}
    say: One moment.
  - say: "Back: {{ handover.result.reason }}"
fallback: [{say: "{{ input.text }}"}]
"""
}
CONFIG = """store: {store}
log_level: error
worker: {{poll: 100ms}}
endpoints:
  shop:
    channel_secret: kill-test-secret
    access_token: kill-test-token
    profile: false
    loading: 0
    session: {{expire: 0}}
    api: {api}
    api_data: {api}
handover:
  queues: {{general: {{}}}}
  messages: {{joined: {{text: {{en: ""}}}}}}
  workstreams:
    support:
      queues: [general]
      position: {{tell: never}}
      distribution: {{accept_within: 2s, missed: 0, grace: 10m}}
      timers: {{wrap_up: 0, first_reply: 0}}
"""


@dataclass
class Desk:
    """Three agents who take what they are offered, answer each word once, and end a chat after the last."""

    url: str
    names: dict[str, str] = field(default_factory=dict)
    missed: dict[str, bool] = field(default_factory=dict)
    acts: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random(11))

    async def work(self, done: asyncio.Event) -> None:
        self.store: Any = connect(self.url)
        await self.store.open()
        try:
            for agent in AGENTS:
                body = {"name": agent.title(), "queues": ["general"], "capacity": USERS}
                await self.store.put_agent(agent, f"{agent}@example.com", "agent", body, now())
                await self.store.present(agent, "online", now())
            while not done.is_set():
                with suppress(StoreError):
                    for user in range(USERS):
                        await self.see_to(user)
                await pause(0.02)
        finally:
            await self.store.close()

    async def see_to(self, user: int) -> None:
        """What an agent does about a chat as it stands now. Done again, it is the same act."""
        session = await self.store.load_session(f"shop:{user_id(user)}")
        case = session.case if session else None
        if case is None:
            return
        if case.state == "offered":
            if not self.missed.setdefault(case.offer.id, self.rng.random() < 0.3):
                await self.act(user, f"accept-{case.offer.id}", case.offer.agent, do="accept", offer=case.offer.id)
        elif case.agent:
            for n, text in enumerate(await self.heard(session.key, case.id)):
                words = [{"text": f"answer to {text}"}]
                await self.act(user, f"reply-{case.id}-{n}", case.agent, do="reply", messages=words)
                if n == WORDS - 1:
                    await self.act(user, f"resolve-{case.id}", case.agent, do="resolve")

    async def heard(self, session: str, case: str) -> list[str]:
        rows = await self.store.notes_of(session, 0, 1_000)
        return [r["data"]["text"] for r in rows if r["type"] == "message.received" and r["case_id"] == case]

    async def act(self, user: int, name: str, agent: str, **data: Any) -> None:
        if name in self.names:
            return
        actor = {"kind": "agent", "id": agent, "name": agent.title()}
        event = Event(
            id=name, session=f"shop:{user_id(user)}", endpoint="shop", kind="handover", at=now(), due=now(),
            chat=Chat("user", user_id(user)), data={"actor": actor, **data},
        )  # fmt: skip
        await self.store.accept([event], worker=None, now=now())
        self.names[name] = agent
        self.acts += 1


async def haunt(server: Server, done: asyncio.Event) -> None:
    """Kill and start again until every chat is over, and at least as often as promised."""
    while server.kills < KILLS or not done.is_set():
        await server.ready()
        await pause(server.rng.uniform(0.2, 1.5))
        server.kill()
        server.start()


def now() -> int:
    return time.time_ns() // 1_000_000


async def user(line: Line, http: aiohttp.ClientSession, poster: Poster, number: int) -> None:
    """Asks for help, says something, waits for its answer, and goes on."""

    async def says(text: str, answer: str) -> None:
        event = poster.happens(user_id(number), text)
        while not await poster.post(http, event):
            event["deliveryContext"]["isRedelivery"] = True
            await poster.server.up.wait()
        while answer not in answers(line, number):
            await pause(0.02)

    await says("help", "One moment.")
    for n in range(WORDS):
        await says(f"word {n}", f"answer to word {n}")
    while not await over(poster, number):
        await pause(0.05)
    await says("thanks", "Back: resolved")


async def over(poster: Poster, number: int) -> bool:
    store: Any = poster.store  # type: ignore[attr-defined]  # set by the test
    with suppress(StoreError):
        session = await store.load_session(f"shop:{user_id(number)}")
        return session is not None and session.case is None
    return False


async def test_cases_outlive_every_death(tmp_path: Path, store_url: str) -> None:
    async with line_platform(bot(hold=True, access_token="kill-test-token"), clock=SystemClock()) as line:
        for number in range(USERS):
            line.simulator.platform.people.add_user(User(id=user_id(number), name=f"User {number}"))
        write(tmp_path, FLOWS)
        (tmp_path / "noren.yaml").write_text(CONFIG.format(store=store_url, api=line.url))
        server = Server(tmp_path, free_port())
        server.start()
        await server.ready()
        poster, done, desk = Poster(line, server, 7), asyncio.Event(), Desk(store_url)
        store: Any = connect(store_url)
        await store.open()
        poster.store = store  # type: ignore[attr-defined]  # for those who look whether a case is over
        staff, haunting = asyncio.create_task(desk.work(done)), asyncio.create_task(haunt(server, done))
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as http, asyncio.timeout(150):
                await asyncio.gather(*(user(line, http, poster, u) for u in range(USERS)))
            done.set()
            await asyncio.gather(haunting, staff)
            await server.ready()
            await whole(store)
        finally:
            done.set()
            haunting.cancel()
            staff.cancel()
            os.kill(server.process.pid, signal.SIGTERM)  # type: ignore[union-attr]
            server.process.wait(40)  # type: ignore[union-attr]
            await store.close()
        expected = ["One moment.", *(f"answer to word {n}" for n in range(WORDS)), "Back: resolved"]
        wrong = {u: answers(line, u) for u in range(USERS) if answers(line, u) != expected}
        kind, missed = store_url.partition(":")[0], sum(desk.missed.values())
        print(f"\n{kind}: {server.kills} kills, {USERS} cases, {desk.acts} acts, {missed} missed, wrong {len(wrong)}")
        assert server.kills >= KILLS
        assert not wrong, dict(list(wrong.items())[:3])


async def whole(store: Any) -> None:
    """Of every chat, the log tells what the lists say, and nothing was given up or is left to do."""
    for number in range(USERS):
        key = f"shop:{user_id(number)}"
        rows, session = await store.notes_of(key, 0, 10_000), await store.load_session(key)
        told = replay(
            Noted(type=r["type"], at=r["at"], case=r["case_id"], epoch=r["epoch"], data=r["data"]) for r in rows
        )
        assert (told.owner, told.epoch) == (session.control.owner, session.control.epoch) == ("bot", told.epoch)
        [case] = told.cases.values()
        assert case == seen(await store.load_case(case.id))
        assert (case.state, case.reason) == ("closed", "resolved")
    assert not await store.list_events("dead", None, 10)
    assert not [row for row in await store.list_events("due", None, 100) if ".case/" in row["id"]]
