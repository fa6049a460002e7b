"""A desk that speaks our webhook, as one of somebody else's would."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.simulator.serve import listen
from tests.asgi import ask
from tests.contract.handover_desks import CONFIG, FILES, House
from tests.world import World, at_door, world

DESK_SECRET = "a secret of both sides"


@dataclass
class Hooked:
    """A desk that speaks our webhook: keeps what it is sent, each id once, and signs what it tells."""

    w: World
    got: dict[str, Any] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    name: str = "webhook"
    unheard: bool = False
    agent: str = "Aya"
    down: bool = False
    twice: bool = False
    number: int = 0
    blobs: list[bytes] = field(default_factory=list)
    served: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    base: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        raw = (await receive()).get("body", b"")
        body, status = b"{}", 502 if self.down else 200
        type = b"application/json"
        if scope["method"] == "GET":
            body, kind = self.served[scope["path"]]
            type = kind.encode()
        elif not self.down:
            headers = {key.decode(): value.decode() for key, value in scope["headers"]}
            assert headers["x-noren-signature"] == signed(headers["x-noren-timestamp"], raw)
            told = json.loads(raw)
            self.got.setdefault(told["id"], told)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", type)]})
        await send({"type": "http.response.body", "body": body})

    def tell(self, **said: Any) -> None:
        self.number += 1
        case = self.opened[-1]["conversation"]
        sender = {"id": "5", "name": "Aya"}
        self.waiting.append({"id": f"there-{self.number}", "conversation": case, "from": sender, **said})

    @property
    def opened(self) -> list[Any]:
        return [one for one in self.got.values() if one.get("name") == "handoff.initiate"]

    async def replies(self, text: str) -> None:
        self.tell(type="message", text=text)
        await self.settle()

    async def notes(self, text: str) -> None:
        self.tell(type="note", text=text)
        await self.settle()

    async def sends(self, name: str, data: bytes, type: str) -> None:
        self.served[f"/files/{name}"] = (data, type)
        self.tell(type="message", attachments=[{"contentUrl": f"{self.base}/files/{name}", "name": name}])
        await self.settle()

    async def resolves(self) -> None:
        self.tell(type="event", name="handoff.status", value={"state": "completed"})
        await self.settle()

    async def resolves_again(self, ref: str) -> None:
        self.tell(type="event", name="handoff.status", value={"state": "completed"})
        self.waiting[-1]["conversation"] = {"id": ref}
        await self.settle()

    async def heard(self) -> list[str]:
        return [one["text"] for one in self.got.values() if one["type"] == "message"]

    async def files(self) -> list[bytes]:
        found = []
        for one in self.got.values():
            for file in one.get("attachments") or []:
                path = file["contentUrl"].removeprefix("https://bot.example")
                found.append((await ask(self.w.runtime.asgi, "GET", path)).raw)
        return found

    async def remarks(self) -> list[str]:
        return [one["text"] for one in self.got.values() if one["type"] == "note"]

    async def settle(self) -> None:
        await self.w.settle()
        while self.waiting:
            batch, self.waiting = self.waiting, []
            for one in [*reversed(batch), *batch] if self.twice else batch:
                await self.send(one)
            await self.w.settle()

    async def send(self, one: dict[str, Any]) -> int:
        raw, stamp = json.dumps(one).encode(), str(self.w.clock.now() // 1000)
        headers = {"x-noren-timestamp": stamp, "x-noren-signature": signed(stamp, raw)}
        return (await ask(self.w.runtime.asgi, "POST", "/handover/there", raw, headers)).status

    def count(self) -> int:
        return len({one["conversation"]["id"] for one in self.opened})

    def ended(self) -> bool:
        states = [one["value"]["state"] for one in self.got.values() if one.get("name") == "handoff.status"]
        return states[-1:] in (["completed"], ["cancelled"])

    def goes_down(self) -> None:
        self.down = True

    def comes_back(self) -> None:
        self.down = False

    def repeats(self) -> None:
        self.twice = True


def signed(stamp: str, raw: bytes) -> str:
    return f"sha256={hmac.new(DESK_SECRET.encode(), stamp.encode() + b'.' + raw, hashlib.sha256).hexdigest()}"


@asynccontextmanager
async def webhook(root: Path, **options: Any) -> AsyncIterator[House]:
    listener = listen("127.0.0.1", 0)
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = CONFIG.format(provider=f"{{type: webhook, url: '{base}/hook', secret: {DESK_SECRET}, timeout: 10s}}")
    there = Hooked(None, base=base)  # type: ignore[arg-type]
    async with at_door(there, listener), world(root, FILES, config=config, **options) as w:
        there.w = w
        yield House(w, there)
