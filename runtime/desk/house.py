"""What the desk's rooms share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from runtime.desk.attendance import Attendance
from runtime.desk.doors import Doors, Pace, Person
from runtime.desk.files.keeping import Files
from runtime.desk.hub import Hub
from runtime.handover.case.machine import KIND
from runtime.handover.routing import Judge
from runtime.model import Chat, Event, Session
from runtime.ports import Channel, Clock
from runtime.settings import Settings
from runtime.store.store import Store

if TYPE_CHECKING:
    from runtime.desk.clerk import Clerk
    from runtime.desk.reports import Reporter

PATIENCE: Final = 5.0
"""Seconds that an act waits until it was worked."""

NAMES: Final = 5_000
"""For how long, in ms, names of agents are taken for what they were."""

Content = Callable[[str], tuple[Path, str] | None]
"""File and type of what a user sent, by its token."""

Accept = Callable[[Sequence[Event]], Awaitable[None]]
"""Keeps events and begins to work them."""


@dataclass(slots=True)
class DeskHouse:
    """The desk of one runtime. `accept` is the inbox; nothing is changed but through it."""

    settings: Settings
    store: Store
    clock: Clock
    accept: Accept
    doors: Doors
    hub: Hub
    nudge: Callable[[], None]
    attendance: Attendance
    files: Files
    content: Content
    judge: Judge
    pace: Pace
    work: Callable[[], None]
    """Events may have come that nobody works yet."""
    channels: dict[str, Channel] = field(default_factory=dict)
    secure: bool = False
    _reporter: Reporter | None = None
    clerk: Clerk | None = None
    entrances: Callable[[str], list[dict[str, str]]] = lambda endpoint: []
    """Where the bot of an endpoint may go on when it gets a chat back: `target`, `title` and `label` of each."""
    watched: dict[tuple[str, str], int] = field(default_factory=dict)
    """Supervisor and case → when the log was last told that they look into it."""
    _names: tuple[int, dict[str, str]] = (0, {})

    async def start(self) -> None:
        await self.hub.start()
        if self.clerk is not None:
            await self.clerk.start()

    async def stop(self, *, sign_off: bool = True) -> None:
        if self.clerk is not None:
            await self.clerk.stop()
        await self.attendance.stop(sign_off=sign_off)
        await self.hub.stop()

    @property
    def reporter(self) -> Reporter:
        if self._reporter is None:
            from runtime.desk.reports import Reporter

            self._reporter = Reporter(self)
        return self._reporter

    async def names(self) -> dict[str, str]:
        """Agent → name; a few seconds old at most."""
        at, found = self._names
        if not found or self.clock.now() - at > NAMES:
            found = {one["id"]: str(one["body"].get("name") or one["email"]) for one in await self.store.agents()}
            self._names = (self.clock.now(), found)
        return found

    async def act(self, person: Person, chat: str, do: str, name: str, **data: Any) -> list[dict[str, Any]]:
        """Have somebody's act worked; the lines it left in the log. `name` tells one act from the next.

        Empty when it is not worked within a few seconds: then it still comes.
        """
        return await self._worked(chat, await self.tell(person, chat, do, name, **data))

    async def tell(self, person: Person, chat: str, do: str, name: str, **data: Any) -> str:
        """The same without waiting for it; the event's id."""
        session = await self.store.load_session(chat)
        at = session.chat if session else chat_of(chat)
        now, key = self.clock.now(), f"desk.{person.id}.{name}"[:200]
        event = Event(
            id=key, session=chat, endpoint=chat.partition(":")[0], kind=KIND, at=now, due=now, chat=at,
            data={"do": do, "actor": person.actor, **data},
        )  # fmt: skip
        await self.accept([event])
        return key

    async def _worked(self, chat: str, key: str) -> list[dict[str, Any]]:
        """The lines of an event, once there are some."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (found := await self.store.notes_by(chat, key)):
                    await self.hub.changed()
                self.nudge()
                return found
        return []

    async def session(self, key: str) -> Session | None:
        return await self.store.load_session(key)


def chat_of(key: str) -> Chat:
    """The chat of a session's key: what stands behind the endpoint's name."""
    id = key.split(":")[1] if ":" in key else ""
    kinds: Any = {"U": "user", "C": "group", "R": "room"}
    return Chat(kinds.get(id[:1], "none"), id)
