"""One desk in two processes on one PostgreSQL store: what one knows, the other knows at once."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.desk.patience import TRIES
from tests.faults.test_workers import Crowd, Process, crowd, pause, user_id
from tests.unit.desk.test_attendance import News, stream
from tests.unit.desk.test_desk import PASSWORD, Desk

pytestmark = [pytest.mark.anyio, pytest.mark.faults, pytest.mark.postgres]

FLOWS = {"flows/help.yaml": "flow: help\nstart: [{keyword: help}]\nsteps:\n  - handover: {}\n"}
HANDOVER = "handover: {workstreams: {support: {queues: [general]}}}\n"
AT_ONCE = 0.3
"""Seconds: less than the half second after which each process would look by itself."""


@dataclass(slots=True)
class Desks:
    """Two servers, an admin, and whoever works there."""

    crowd: Crowd
    admin: Desk
    http: list[aiohttp.ClientSession]

    async def asks(self, user: int = 0) -> None:
        door = self.crowd.servers[0]
        assert await self.crowd.post(self.http[0], door, self.crowd.happens(user_id(user), "help"))

    def at(self, server: Process) -> Desk:
        client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.http.append(client)
        return Desk(client, f"http://127.0.0.1:{server.port}")

    async def agent(self, name: str, server: Process) -> tuple[str, Desk]:
        """Somebody new who is online; their browser is at this server."""
        email = f"{name}@example.com"
        made = await self.admin.ask(
            "POST", "/agents", expect=201, email=email, name=name, role="agent", password=PASSWORD, queues=["general"]
        )
        return made["id"], await self.seat(name, server)

    async def seat(self, name: str, server: Process) -> Desk:
        one = self.at(server)
        await one.enter("/sign-in", email=f"{name}@example.com", password=PASSWORD)
        await one.ask("PUT", "/presence", status="online")
        return one

    async def offered_to(self) -> str:
        async def found() -> str:
            cases = (await self.admin.ask("GET", "/cases?view=waiting"))["cases"]
            return (cases[0]["offer"] or {}).get("agent", "") if cases else ""

        return await until(found)

    async def status(self, agent: str) -> str:
        found = (await self.admin.ask("GET", "/agents"))["agents"]
        return str(next(one["status"] for one in found if one["id"] == agent))


async def until(asked: Callable[[], Coroutine[Any, Any, str]], wanted: str = "") -> str:
    """The first answer that is not empty, or the wanted one."""
    async with asyncio.timeout(10):
        while not (found := await asked()) or (wanted and found != wanted):  # another process
            await pause(0.01)
    return found


@asynccontextmanager
async def desks(root: Path, store: str) -> AsyncIterator[Desks]:
    async with crowd(root, store, (), (), users=2, level="info", more=HANDOVER, flows=FLOWS) as c:
        code = re.search(r"code=(\w+)", c.servers[0].log + c.servers[1].log)
        assert code is not None
        made = Desks(c, Desk(None, ""), [])  # type: ignore[arg-type]  # the next line gives it one
        made.admin = made.at(c.servers[1])
        try:
            await made.admin.enter("/setup", code=code[1], email="aya@example.com", name="Aya", password=PASSWORD)
            yield made
        finally:
            for client in made.http:
                await client.close()


async def note(news: News, type: str) -> dict[str, Any]:
    while (found := await news.until("note"))["type"] != type:
        pass
    return dict(found)


async def heard(news: News) -> float:
    """When a note of somebody was."""
    await note(news, "note.added")
    return time.monotonic()


async def test_what_one_process_does_the_desks_of_the_other_show_at_once(tmp_path: Path, postgres_schema: str) -> None:
    async with desks(tmp_path, postgres_schema) as d:
        first, second = d.crowd.servers
        who, ben = await d.agent("ben", first)
        async with stream(ben) as news:
            await d.asks()
            assert (await note(news, "offer.made"))["data"]["agent"] == who
            [case] = (await ben.ask("GET", "/cases?view=offers"))["cases"]
            waits = []
            async with stream(d.admin) as there:
                for number in range(5):
                    where = f"/cases/{case['id']}/acts"
                    _, here, far = await asyncio.gather(
                        d.admin.ask("POST", where, do="note", text=f"note {number}"), heard(there), heard(news)
                    )
                    waits.append(far - here)
            print(f"a note was seen in the other process {', '.join(f'{one * 1000:.0f}' for one in waits)} ms later")
            assert sorted(waits)[2] < AT_ONCE
            await d.admin.ask("POST", f"/cases/{case['id']}/typing")
            assert (await news.until("typing"))["case"] == case["id"]
            _, cem = await d.agent("cem", second)
            async with stream(cem):
                while (await news.until("presence"))["status"] != "online":
                    pass
            while (await news.until("presence"))["status"] != "leaving":
                pass


async def test_a_window_that_closes_in_one_process_gives_its_offer_to_the_other(
    tmp_path: Path, postgres_schema: str
) -> None:
    async with desks(tmp_path, postgres_schema) as d:
        first, second = d.crowd.servers
        who, ben = await d.agent("ben", first)
        again = await d.seat("ben", second)
        async with stream(again):
            async with stream(ben):
                await d.asks()
                assert await d.offered_to() == who
            await pause(1)
            assert await d.status(who) == "online", "their window at the other process is open"
            assert await d.offered_to() == who
            other, cem = await d.agent("cem", first)
        began = time.monotonic()
        async with stream(cem):
            await until(d.offered_to, other)
            took = time.monotonic() - began
        print(f"offered to the next one {took * 1000:.0f} ms after the window was closed")
        assert took < 5, "not only after the grace time; how soon it is on the hand clock, test_attendance.py tells"
        assert await d.status(who) == "leaving"


async def test_wrong_passwords_count_wherever_they_are_tried(tmp_path: Path, postgres_schema: str) -> None:
    async with desks(tmp_path, postgres_schema) as d:
        await d.agent("ben", d.crowd.servers[0])
        eves = [d.at(server) for server in d.crowd.servers * 10]

        async def guess(number: int, eve: Desk) -> int:
            body = {"email": "ben@example.com", "password": f"guess {number}"}
            where, headers = f"{eve.url}/desk/api/sign-in", {"origin": eve.url}
            async with eve.client.post(where, json=body, headers=headers) as answer:
                return answer.status

        answers = await asyncio.gather(*(guess(number, eve) for number, eve in enumerate(eves)))
        assert answers.count(401) == TRIES, "however many are tried at once"
        assert answers.count(429) == len(eves) - TRIES
        for eve in eves[:2]:
            await eve.ask("POST", "/sign-in", email="ben@example.com", password=PASSWORD, expect=429)


async def test_who_signs_out_at_one_process_hears_nothing_more_of_the_other(
    tmp_path: Path, postgres_schema: str
) -> None:
    async with desks(tmp_path, postgres_schema) as d:
        first, second = d.crowd.servers
        who, ben = await d.agent("ben", first)
        async with stream(ben) as news:
            elsewhere = d.at(second)
            elsewhere.client.cookie_jar.update_cookies(
                {cookie.key: cookie.value for cookie in ben.client.cookie_jar}, aiohttp.client.URL(elsewhere.url)
            )
            elsewhere.csrf = ben.csrf
            await elsewhere.ask("POST", "/sign-out")
            await until(lambda: d.status(who), "offline")
            await pause(2.1)
            await d.asks()
            with pytest.raises(AssertionError, match="without note"):
                await news.until("note")
        await pause(0.5)
        assert await d.status(who) == "offline", "an open window brings back nobody who signed out"
