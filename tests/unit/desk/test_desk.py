"""The desk over HTTP: an admin is made, signs in, and answers a customer; others see nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.line_platform import MAI
from tests.unit.handover.house import offered, session_of
from tests.unit.handover.test_whole import CONFIG, FILES
from tests.world import World, world

pytestmark = pytest.mark.anyio
PASSWORD = "a long enough password"


class Desk:
    """A browser at the desk."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self.client, self.url, self.csrf = client, url, ""

    async def ask(self, method: str, path: str, *, expect: int = 200, **body: Any) -> Any:
        headers = {"x-noren-csrf": self.csrf, "origin": self.url}
        where = f"{self.url}/desk/api{path}"
        async with self.client.request(method, where, json=body or None, headers=headers) as answer:
            assert answer.status == expect, await answer.text()
            return await answer.json(content_type=None)

    async def enter(self, path: str, **body: Any) -> Any:
        found = await self.ask("POST", path, **body)
        self.csrf = found["csrf"]
        return found


@asynccontextmanager
async def desk(w: World, *, admin: bool = True) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        one = Desk(client, w.url)
        if admin:
            assert w.runtime.desk is not None
            code = await w.runtime.desk.doors.code()
            await one.enter("/setup", code=code, email="aya@example.com", name="Aya", password=PASSWORD)
        yield one


async def test_the_first_admin_answers_a_customer(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        me = await aya.ask("GET", "/me")
        assert (me["agent"]["role"], me["status"]) == ("admin", "offline")
        await w.say("help")
        found = await aya.ask("GET", "/cases?view=queue")
        [case] = found["cases"]
        assert (case["state"], case["queue"], case["subject"]) == ("queued", "general", "Mai")
        await aya.ask("POST", f"/cases/{case['id']}/acts", do="claim")
        await aya.ask("POST", f"/cases/{case['id']}/reply", messages=[{"text": "Hello from Aya"}])
        await w.settle()
        assert w.texts()[-1] == "Hello from Aya"
        await w.say("thank you")
        items = (await aya.ask("GET", f"/chats/shop:{MAI}/timeline"))["items"]
        assert [one["text"] for one in items if one["what"] == "said"][-2:] == ["Hello from Aya", "thank you"]
        done = await aya.ask("POST", f"/cases/{case['id']}/acts", do="resolve")
        assert done["case"]["state"] == "closed"
        assert (await session_of(w)).control.owner == "bot"


async def test_what_the_machine_refuses_is_a_conflict_with_its_reason(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        await w.say("help")
        [case] = (await aya.ask("GET", "/cases?view=queue"))["cases"]
        refused = await aya.ask("POST", f"/cases/{case['id']}/acts", do="accept", offer="no such offer", expect=409)
        assert refused["detail"] == "this offer is over"


async def test_nobody_comes_in_without_a_ticket(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w), desk(w, admin=False) as stranger:
        for path in ("/me", "/cases", "/stream", "/agents"):
            await stranger.ask("GET", path, expect=401)
        await stranger.ask("POST", "/setup", code="x", email="e@example.com", name="E", password=PASSWORD, expect=409)
        refused = await stranger.ask("POST", "/sign-in", email="aya@example.com", password="wrong", expect=401)
        assert refused["detail"] == "e-mail address or password is wrong"


async def test_an_offer_reaches_the_desk(tmp_path: Path) -> None:
    async with world(tmp_path, FILES, config=CONFIG) as w, desk(w) as aya:
        me = await aya.ask("GET", "/me")
        await w.store.put_agent(
            me["agent"]["id"], "aya@example.com", "admin", {"name": "Aya", "queues": ["general"]}, 1
        )
        await aya.ask("PUT", "/presence", status="online")
        await w.say("help")
        await offered(w)
        [case] = (await aya.ask("GET", "/cases?view=offers"))["cases"]
        assert case["offer"]["agent"] == me["agent"]["id"]
        taken = await aya.ask("POST", f"/cases/{case['id']}/acts", do="accept", offer=case["offer"]["id"])
        assert taken["case"]["state"] == "assigned"
