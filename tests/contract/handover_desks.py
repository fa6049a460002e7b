"""Desks of every kind behind one face: what agents do there, what they see there, and how the way there fails."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from runtime.model import Case, Event
from runtime.simulator.serve import listen
from tests.asgi import ask
from tests.chatwoot_double.server import SECRET, TOKEN, Chatwoot
from tests.clock import ManualClock
from tests.line_platform import MAI
from tests.world import START, World, at_door, world

FLOW = """
flow: help
vars: {topic: text}
start: [keyword: help*]
steps:
  - say: Hello!
  - id: ask
    handover: {show: [topic]}
    cancelled: [{say: "Cancelled."}]
    failed: [{say: "Nobody could take it."}]
  - say: "You are back: {{ handover.status }}, {{ handover.result.reason }}."
"""
FILES = {"flows/help.yaml": FLOW}
CONFIG = """
endpoints: {{shop: {{languages: [en], loading: 0}}}}
worker: {{backoff: 1s}}
handover:
  default: there
  providers: {{there: {provider}}}
  queues: {{general: {{title: General}}}}
  workstreams:
    support: {{queues: [general], timers: {{wrap_up: 0, park: 0}}}}
"""


class Desk(Protocol):
    """One kind of desk with one `agent` in front of it. `unheard`: news can get lost on the way to us."""

    name: str
    unheard: bool
    agent: str

    async def replies(self, text: str) -> None: ...

    async def notes(self, text: str) -> None: ...

    async def sends(self, name: str, data: bytes, type: str) -> None: ...

    async def resolves(self) -> None: ...

    async def resolves_again(self, ref: str) -> None:
        """The end of an earlier case is told."""

    async def heard(self) -> list[str]:
        """What users said, as agents see it."""

    async def files(self) -> list[bytes]: ...

    async def remarks(self) -> list[str]:
        """Notes that only agents see."""

    async def settle(self) -> None:
        """Everything that is under way has arrived, both ways."""

    def count(self) -> int:
        """How many cases there are."""

    def ended(self) -> bool:
        """Whether the last case is over there."""

    def goes_down(self) -> None: ...

    def comes_back(self) -> None: ...

    def repeats(self) -> None:
        """News come twice and last first from now on."""

    def loses(self, count: int) -> None:
        """So many news get lost."""


@dataclass
class House:
    """A bot, LINE, and a desk somewhere."""

    w: World
    desk: Any

    async def say(self, text: str) -> None:
        await self.w.say(text)
        await self.desk.settle()

    async def tap(self, label: str) -> None:
        await self.w.tap(label)
        await self.desk.settle()

    async def case(self) -> Case | None:
        return (await self.w.session()).case

    async def live(self) -> Case:
        found = await self.case()
        assert found is not None
        return found

    async def retried(self) -> None:
        """Let a retry fall due."""
        await self.w.turn(10_000)
        await self.desk.settle()

    @property
    def key(self) -> str:
        return f"shop:{MAI}"

    async def given_back(self) -> None:
        """Somebody in charge gives the chat back to the bot."""
        session, now = await self.w.session(), self.w.clock.now()
        told = {"do": "give_back", "actor": {"kind": "agent", "id": "boss", "name": "Boss"}}
        event = Event(
            id=f"boss-{now}", session=session.key, endpoint="shop", kind="handover", at=now, due=now,
            chat=session.chat, data=told,
        )  # fmt: skip
        assert self.w.runtime.worker is not None
        await self.w.runtime.worker.accept([event])
        await self.desk.settle()
        await self.say("I am back")

    async def types(self) -> list[str]:
        return [row["type"] for row in await self.w.store.notes_of(f"shop:{MAI}")]


@dataclass
class Own:
    """The desk of this very house: acts come in as events."""

    w: World
    name: str = "desk"
    unheard: bool = False
    agent: str = "Aya"
    number: int = 0

    async def act(self, do: str, **data: Any) -> None:
        session = await self.w.session()
        case = session.case
        self.number += 1
        told = {
            "do": do,
            "case": case.id if case else self.last,
            "actor": {"kind": "agent", "id": "aya", "name": "Aya"},
        }
        now = self.w.clock.now()
        event = Event(
            id=f"desk-{self.number}", session=session.key, endpoint="shop", kind="handover", at=now, due=now,
            chat=session.chat, data={**told, **data},
        )  # fmt: skip
        assert self.w.runtime.worker is not None
        await self.w.runtime.worker.accept([event])
        await self.settle()

    @property
    def last(self) -> str:
        return ""

    async def replies(self, text: str) -> None:
        await self.act("reply", messages=[{"text": text}])

    async def notes(self, text: str) -> None:
        await self.act("note", text=text)

    async def resolves(self) -> None:
        await self.act("resolve")

    async def heard(self) -> list[str]:
        rows = await self.w.store.notes_of(f"shop:{MAI}")
        return [row["data"]["text"] for row in rows if row["type"] == "message.received"]

    async def remarks(self) -> list[str]:
        rows = await self.w.store.notes_of(f"shop:{MAI}")
        return [row["data"]["text"] for row in rows if row["type"] == "note.added"]

    async def settle(self) -> None:
        await self.w.settle()


@dataclass
class Chat:
    """The Chatwoot double."""

    w: World
    server: Chatwoot
    name: str = "chatwoot"
    unheard: bool = True
    agent: str = "Aya"

    @property
    def aya(self) -> Any:
        return self.server.agent("Aya").goes_online().opens()

    async def replies(self, text: str) -> None:
        self.aya.replies(text)
        await self.settle()

    async def notes(self, text: str) -> None:
        self.aya.notes(text)
        await self.settle()

    async def sends(self, name: str, data: bytes, type: str) -> None:
        self.aya.sends(name, data, type)
        await self.settle()

    async def resolves(self) -> None:
        self.aya.resolves()
        await self.settle()

    async def resolves_again(self, ref: str) -> None:
        """A case of before; its end is told once more."""
        self.server.agent("Aya").opens(int(ref)).reopens().resolves()
        await self.settle()

    async def heard(self) -> list[str]:
        return self.server.said()

    async def files(self) -> list[bytes]:
        return [data for data, _ in self.server.files.values()]

    async def remarks(self) -> list[str]:
        return self.server.said(private=True, type=1)

    async def settle(self) -> None:
        await self.w.settle()
        while await self.server.deliver():
            await self.w.settle()

    def count(self) -> int:
        return len(self.server.account.conversations)

    def ended(self) -> bool:
        return self.server.conversation().status == "resolved"

    def goes_down(self) -> None:
        self.server.weather.down = True

    def comes_back(self) -> None:
        self.server.weather.down = False

    def repeats(self) -> None:
        self.server.weather.double = self.server.weather.reverse = True

    def loses(self, count: int) -> None:
        self.server.weather.drop = count


@asynccontextmanager
async def chatwoot(root: Path, **options: Any) -> AsyncIterator[House]:
    """The bot with the double, which signs unless `version` is old."""
    server = Chatwoot(ManualClock(START), version=options.pop("version", (4, 13)))
    async with chatwoot_at(root, server, **options) as house:
        yield house


@asynccontextmanager
async def chatwoot_at(root: Path, server: Chatwoot, **options: Any) -> AsyncIterator[House]:
    """The bot with a double that may have lived before."""
    listener: socket.socket = listen("127.0.0.1", 0)
    server.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    new, wait = server.version >= (4, 13), options.pop("timeout", "10s")
    secret = f"webhook_secret: {SECRET}" if new else "secret: part-of-the-address-0123456789"
    given = f"{{type: chatwoot, url: '{server.base}', account: 1, inbox: 7, token: {TOKEN}, {secret}, timeout: {wait}}}"
    config = options.pop("config", CONFIG).format(provider=given)
    async with at_door(server, listener), world(root, options.pop("files", FILES), config=config, **options) as w:
        server.clock = server.account.clock = w.clock

        async def post(url: str, data: bytes, headers: dict[str, str]) -> int:
            return (await ask(w.runtime.asgi, "POST", url, data, headers)).status

        server.post, server.hook_url = post, "/handover/there" + ("" if new else "/part-of-the-address-0123456789")
        server.agent("Aya").goes_online()
        yield House(w, Chat(w, server))
        assert server.strange == [], "what a real server would leave out in silence"


@asynccontextmanager
async def own(root: Path, **options: Any) -> AsyncIterator[House]:
    async with world(root, FILES, config=CONFIG.format(provider="{type: desk}"), **options) as w:
        await w.store.put_agent(
            "aya", "aya@example.com", "agent", {"name": "Aya", "queues": ["general"]}, w.clock.now()
        )
        await w.store.present("aya", "online", w.clock.now())
        yield House(w, Own(w))
