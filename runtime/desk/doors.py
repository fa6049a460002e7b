"""Who comes in: signing in and out, the first admin, and how often somebody may try.

A ticket is a random token in a cookie that scripts cannot read; the store knows only its hash. Every change
needs the token of `GET /me` in a header beside it, which pages of other origins cannot know.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from runtime.desk.passwords import fits, hashed
from runtime.errors import BadInput, NorenError
from runtime.log import Logger
from runtime.ports import Clock
from runtime.store.store import Store

log = Logger("desk")

CODE: Final = "the desk's first code"
"""Name of the fact that holds it."""
COOKIE: Final = "noren_desk"
ROLES: Final = ("agent", "supervisor", "admin")
DAY: Final = 86_400_000
IDLE: Final = 7 * DAY
"""How long a ticket lives without being used, in ms."""
LONGEST: Final = 30 * DAY
TOUCH: Final = 60_000
"""How often the use of a ticket is written down, in ms."""
TRIES: Final = 5
"""Wrong passwords in a row, of one account or from one address, after which it has to wait."""
WAIT: Final = 30_000
"""How long it then waits, in ms; doubles with each further try up to an hour."""
LONGEST_WAIT: Final = 3_600_000


BURST: Final = 200
PER_SECOND: Final = 20
"""Changes one person may make: at once, and then each second."""


class Refused(NorenError):
    """This is not for you. `status` is that of the answer."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    id: str
    role: str
    name: str
    queues: frozenset[str]
    body: Any = field(repr=False)
    csrf: str = field(repr=False)
    ticket: str = field(repr=False)

    @property
    def leads(self) -> bool:
        """Whether this person sees every queue."""
        return self.role in ("supervisor", "admin")

    def sees(self, queue: str, agent: str) -> bool:
        """Whether a case of this queue and agent is this person's business."""
        return self.leads or agent == self.id or queue in self.queues

    @property
    def actor(self) -> dict[str, str]:
        """How events name this person; users see `name` and `icon`."""
        shown = {"kind": "supervisor" if self.leads else "agent", "id": self.id, "name": self.name}
        return shown | ({"icon": str(self.body["icon"])} if self.body.get("icon") else {})


@dataclass
class Patience:
    """Counts wrong tries by key; a key that failed too often has to wait. Of one process."""

    clock: Clock
    _failed: dict[str, tuple[int, int]] = field(default_factory=dict)

    def check(self, *keys: str) -> None:
        """Raises `Refused` (429) while one of them has to wait."""
        for key in keys:
            count, until = self._failed.get(key, (0, 0))
            if count >= TRIES and until > self.clock.now():
                seconds = -(-(until - self.clock.now()) // 1000)
                raise Refused(f"too many wrong tries; try again in {seconds} s", 429)

    def failed(self, *keys: str) -> None:
        for key in keys:
            count = self._failed.get(key, (0, 0))[0] + 1
            wait = min(LONGEST_WAIT, WAIT << max(0, min(count - TRIES, 10)))
            self._failed[key] = (count, self.clock.now() + wait)
        if len(self._failed) > 10_000:
            self._failed = {key: held for key, held in self._failed.items() if held[1] > self.clock.now()}

    def passed(self, *keys: str) -> None:
        for key in keys:
            self._failed.pop(key, None)


@dataclass
class Pace:
    """How fast somebody may change things: a burst, then so many a second. Of one process."""

    clock: Clock
    _spent: dict[str, tuple[float, int]] = field(default_factory=dict)

    def spend(self, key: str) -> None:
        """Raises `Refused` (429) for who is faster than any person."""
        now = self.clock.now()
        left, at = self._spent.get(key, (float(BURST), now))
        left = min(float(BURST), left + max(0, now - at) * PER_SECOND / 1000)
        if left < 1:
            raise Refused("too many changes at once; wait a moment", 429)
        self._spent[key] = (left - 1, now)


class Doors:
    """Signing in and out."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.patience = Patience(clock)
        self.rights = 0
        """Rises when somebody's rights change in this process, so that open streams look at once."""

    async def code(self) -> str:
        """The code with which the first admin is made, the same for all processes; empty when there is one."""
        if await self._taken():
            return ""
        kept = await self._store.get(CODE)
        if kept is None:
            await self._store.put(CODE, secrets.token_hex(4), self._clock.now())
            kept = await self._store.get(CODE)
        return str(kept[0]) if kept else ""

    async def _taken(self) -> bool:
        return any(one["role"] == "admin" and one["state"] == "active" for one in await self._store.agents())

    async def set_up(self, code: str, email: str, name: str, password: str, address: str) -> str:
        """Make the first admin and sign them in; the ticket. Raises `Refused`, `BadInput`."""
        self.patience.check(address)
        wanted = await self.code()
        if not wanted:
            raise Refused("there is an admin already; ask them for an account", 409)
        if not secrets.compare_digest(wanted.encode(), code.strip().encode()):
            self.patience.failed(address)
            raise Refused("this is not the code that the server wrote when it started", 403)
        agent = await self.enrol(email, name, "admin", password)
        await self._store.put(CODE, None, self._clock.now())
        await self._store.audit(agent, "admin.first", address, {"email": email}, self._clock.now())
        return await self._ticket(agent)

    async def enrol(self, email: str, name: str, role: str, password: str, **body: Any) -> str:
        """A new account; its id. Raises `BadInput` for what cannot be."""
        email = email.strip().lower()
        if "@" not in email or len(email) > 254 or not name.strip() or role not in ROLES:
            raise BadInput("an account has an e-mail address, a name and a role: agent, supervisor or admin")
        if await self._store.agent_by_email(email) is not None:
            raise BadInput("there is an account with this e-mail address already")
        hash, agent = await asyncio.to_thread(hashed, password), secrets.token_hex(6)
        made = {"name": name.strip()[:80], "queues": [], "skills": [], "languages": [], "capacity": 5, **body}
        await self._store.put_agent(agent, email, role, made, self._clock.now())
        await self._store.put_password_hash(agent, hash, self._clock.now())
        return agent

    async def sign_in(self, email: str, password: str, address: str) -> str:
        """The ticket. Raises `Refused` with one and the same text for every reason."""
        email = email.strip().lower()
        self.patience.check(email, address)
        found = await self._store.agent_by_email(email)
        hash = await self._store.password_hash(found["id"]) if found else ""
        good = await asyncio.to_thread(fits, hash, password)
        if not good or found is None or found["state"] != "active":
            self.patience.failed(email, address)
            await self._store.audit("", "sign-in.failed", address, {"email": email}, self._clock.now())
            raise Refused("e-mail address or password is wrong", 401)
        self.patience.passed(email, address)
        await self._store.audit(found["id"], "sign-in", address, {}, self._clock.now())
        return await self._ticket(found["id"])

    async def _ticket(self, agent: str) -> str:
        ticket, now = secrets.token_urlsafe(32), self._clock.now()
        await self._store.drop_old_tickets(now - IDLE)
        await self._store.add_ticket(_hashed(ticket), agent, secrets.token_urlsafe(24), now)
        return ticket

    async def who(self, ticket: str) -> Person | None:
        """Whose ticket this is; None: nobody's, or no longer."""
        if not ticket:
            return None
        key, now = _hashed(ticket), self._clock.now()
        found = await self._store.ticket(key)
        if found is None or now - found["seen"] > IDLE or now - found["created"] > LONGEST:
            return None
        agent = await self._store.agent(found["agent"])
        if agent is None or agent["state"] != "active":
            return None
        if now - found["seen"] > TOUCH:
            await self._store.touch_ticket(key, now)
        body = agent["body"]
        queues = frozenset(map(str, body.get("queues") or ()))
        name = str(body.get("name") or agent["email"])
        return Person(agent["id"], agent["role"], name, queues, {**body, "email": agent["email"]}, found["csrf"], key)

    async def sign_out(self, person: Person) -> None:
        self.rights += 1
        await self._store.drop_ticket(person.ticket)

    async def change_password(self, person: Person, old: str, new: str, address: str) -> str:
        """Every other ticket ends; the new one of this browser."""
        self.patience.check(person.id, address)
        if not await asyncio.to_thread(fits, await self._store.password_hash(person.id), old):
            self.patience.failed(person.id, address)
            raise Refused("the old password is wrong", 403)
        hash = await asyncio.to_thread(hashed, new)
        await self._store.put_password_hash(person.id, hash, self._clock.now())
        self.rights += 1
        await self._store.audit(person.id, "password.changed", address, {}, self._clock.now())
        return await self._ticket(person.id)


def _hashed(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
