"""A real Chatwoot for the conformance suite, named by the environment.

NOREN_TEST_CHATWOOT_URL, _ACCOUNT, _INBOX (of an API inbox), _TOKEN (of an administrator), _AGENT_TOKEN (of an agent
of the inbox). Its webhooks need not reach this machine: what happens there is found by looking.

Nothing here touches the double's own knobs. The suite runs this very way to a double behind a port too (`served`), so
that the first run against a server finds mistakes of ours about Chatwoot, and none of these lines.
"""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from runtime.handover.providers.calling import File, multipart
from runtime.simulator.serve import listen
from tests.chatwoot_double.server import INBOX, TOKEN, Chatwoot
from tests.chatwoot_double.state import ACCOUNT
from tests.clock import ManualClock
from tests.contract.handover_desks import CONFIG, FILES, House
from tests.world import START, World, at_door, world

NAMES = ("URL", "ACCOUNT", "INBOX", "TOKEN", "AGENT_TOKEN")


def missing() -> str:
    """Why there is none."""
    left = [f"NOREN_TEST_CHATWOOT_{name}" for name in NAMES if not os.environ.get(f"NOREN_TEST_CHATWOOT_{name}")]
    return f"no real Chatwoot is named: {', '.join(left)}" if left else ""


def named(name: str) -> str:
    return os.environ[f"NOREN_TEST_CHATWOOT_{name}"]


@dataclass
class Real:
    """An agent who works by the API."""

    w: World
    http: aiohttp.ClientSession
    name: str = "real chatwoot"
    unheard: bool = False
    agent: str = "Aya"
    refs: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    """Our conversations there, the last first, and how each stands; as `settle` found them."""

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        whole = path.startswith("/api/")
        url = f"{named('URL').rstrip('/')}{'' if whole else '/api/v1/accounts/' + named('ACCOUNT')}{path}"
        headers = {"api-access-token": named("AGENT_TOKEN"), **more.pop("headers", {})}
        async with self.http.request(method, url, json=body, headers=headers, **more) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status}"
            return await answer.json(content_type=None)

    async def conversation(self) -> str:
        rows = await self.w.store.cases_of((await self.w.session()).key)
        return f"/conversations/{rows[0]['ref']}"

    async def write(self, **body: Any) -> None:
        await self.call("POST", f"{await self.conversation()}/messages", {"message_type": "outgoing", **body})
        await self.found()

    async def found(self) -> None:
        await self.w.turn(61_000)
        await self.settle()

    async def replies(self, text: str) -> None:
        await self.write(content=text)

    async def notes(self, text: str) -> None:
        await self.write(content=text, private=True)

    async def sends(self, name: str, data: bytes, type: str) -> None:
        body, form = multipart({"message_type": "outgoing"}, [File("attachments[]", name, type, data)])
        path = f"{await self.conversation()}/messages"
        await self.call("POST", path, headers={"Content-Type": form}, data=body)
        await self.found()

    async def resolves(self) -> None:
        await self.call("POST", f"{await self.conversation()}/toggle_status", {"status": "resolved"})
        await self.found()

    async def messages(self) -> list[Any]:
        answer = await self.call("GET", f"{await self.conversation()}/messages")
        return list(answer["payload"])

    async def heard(self) -> list[str]:
        return [one["content"] for one in await self.messages() if one["message_type"] == 0]

    async def remarks(self) -> list[str]:
        return [one["content"] for one in await self.messages() if one["private"]]

    async def files(self) -> list[bytes]:
        found = []
        for one in await self.messages():
            for file in one.get("attachments") or [] if one["message_type"] == 0 else []:
                async with self.http.get(file["data_url"]) as answer:
                    found.append(await answer.read())
        return found

    async def settle(self) -> None:
        await self.w.settle()
        rows = [row for row in await self.w.store.cases_of((await self.w.session()).key) if row["ref"]]
        self.refs = tuple(row["ref"] for row in rows)
        found = [await self.call("GET", f"/conversations/{ref}") for ref in self.refs]
        assert all(one["custom_attributes"]["handover_id"] for one in found)
        self.state = tuple(one["status"] for one in found)

    def count(self) -> int:
        return len(set(self.refs))

    def ended(self) -> bool:
        return self.state[:1] == ("resolved",)


@asynccontextmanager
async def real(root: Path) -> AsyncIterator[House]:
    given = (
        f"{{type: chatwoot, url: '{named('URL')}', account: {named('ACCOUNT')}, inbox: {named('INBOX')}, "
        f"token: '{named('TOKEN')}', secret: part-of-the-address-0123456789}}"
    )
    async with aiohttp.ClientSession() as http, world(root, FILES, config=CONFIG.format(provider=given)) as w:
        w.clock.turn(time.time_ns() // 1_000_000 % 10**10)  # names follow from the time: a server remembers old ones
        desk = Real(w, http)
        who = await desk.call("GET", "/api/v1/profile")
        desk.agent = str(who.get("available_name") or who["name"])[:20]
        yield House(w, desk)


@asynccontextmanager
async def served(root: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The double behind a port, of which nothing is known but what the environment says of a real one."""
    server, listener = Chatwoot(ManualClock(START), version=(4, 10)), listen("127.0.0.1", 0)
    server.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.tokens["agent-token"] = server.agent("Aya").goes_online().person
    given = (server.base, str(ACCOUNT), str(INBOX), TOKEN, "agent-token")
    for name, value in zip(NAMES, given, strict=True):
        monkeypatch.setenv(f"NOREN_TEST_CHATWOOT_{name}", value)
    async with at_door(server, listener), real(root) as house:
        server.clock = server.account.clock = house.w.clock
        yield house
        assert server.strange == []
