"""A real Chatwoot for the conformance suite, named by the environment.

NOREN_TEST_CHATWOOT_URL, _ACCOUNT, _INBOX (of an API inbox), _TOKEN (of an administrator), _AGENT_TOKEN (of an agent
of the inbox). Its webhooks need not reach this machine: what happens there is found by looking.
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

from runtime.handover.providers.calling import File, multipart
from tests.contract.handover_desks import CONFIG, FILES, House
from tests.world import World, world

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

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        url = f"{named('URL').rstrip('/')}/api/v1/accounts/{named('ACCOUNT')}{path}"
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

    def count(self) -> int:
        return 1

    def ended(self) -> bool:
        return True


@asynccontextmanager
async def real(root: Path) -> AsyncIterator[House]:
    given = (
        f"{{type: chatwoot, url: '{named('URL')}', account: {named('ACCOUNT')}, inbox: {named('INBOX')}, "
        f"token: '{named('TOKEN')}', secret: part-of-the-address-0123456789}}"
    )
    async with aiohttp.ClientSession() as http, world(root, FILES, config=CONFIG.format(provider=given)) as w:
        w.clock.turn(time.time_ns() // 1_000_000 % 10**10)  # names follow from the time: a server remembers old ones
        yield House(w, Real(w, http))
