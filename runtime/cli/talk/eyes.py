"""What a conversation looks like from inside: position, variables, broken rules, whether a turn still runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from runtime.cli.tables import when
from runtime.errors import BadInput
from runtime.model import Data
from runtime.settings import EndpointSettings
from runtime.store.store import Store

LOOK = 20
"""How many of the last events are looked at for what they did."""
OVER = ("done", "dead", "dropped")


@dataclass
class Eyes:
    """Looks at the store that the bot works on, beside it."""

    store: Store
    settings: EndpointSettings
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def key(self, chat: str, user: str) -> str:
        """The session that answers this person in this chat."""
        own = self.settings.session.per == "member" and not chat.startswith("U")
        return f"{self.settings.name}:{chat}" + (f":{user}" if own else "")

    async def busy(self, key: str, now: int) -> bool:
        """Whether a turn runs or is due."""
        session = await self.session(key)
        return bool(session) and (session["worker"] is not None or (session["due"] or now + 1) <= now)

    async def session(self, key: str) -> dict[str, Any]:
        """The stored session; empty before its first event."""
        try:
            return await self.store.show_session(key)
        except BadInput:
            return {}

    async def skip(self, key: str) -> None:
        """What happened before is no news."""
        self._seen |= {tried(row) for row in await self.store.list_events(None, key, LOOK)}

    async def news(self, key: str) -> list[str]:
        """What went wrong in turns since the last look: failed and parked events, broken message rules."""
        rows = [row for row in await self.store.list_events(None, key, LOOK) if row["state"] in OVER or row["error"]]
        fresh = [row for row in reversed(rows) if tried(row) not in self._seen]
        self._seen |= set(map(tried, fresh))
        return [line for row in fresh for line in told(await self.store.show_event(row["id"]))]


def tried(event: Data) -> tuple[str, int]:
    """What tells one try of an event from the next; whatever came of the last one."""
    return event["id"], -1 if event["state"] in OVER else event["attempts"]


def told(event: Data) -> Iterator[str]:
    """Lines about one try of an event."""
    if event["state"] == "dead":
        yield f"the turn failed and is parked as {event['id']}: {event['error']}"
    elif event["state"] == "due":
        yield f"the turn failed and is tried again at {when(event['due'])[11:]}: {event['error']}"
    for step in event["trace"]:
        if found := step.get("violation"):
            where = f" ({found['at']})" if found.get("at") else ""
            done = f"; {found['done']}" if found.get("done") else ""
            yield f"{found['severity']} {found['rule']}: {found['property']}: {found['message']}{done}{where}"


def position(session: Data) -> dict[str, Any]:
    """What `/vars` shows of a session."""
    state = session.get("state") or {}
    cursor = state.get("cursor") or {}
    where = {name: cursor[name] for name in ("flow", "step") if cursor.get(name)}
    names = ("language", "vars", "kept", "profile", "storage", "memory")
    return {"at": where or "nowhere", **{name: state[name] for name in names if state.get(name)}}
