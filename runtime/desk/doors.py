"""Who comes in: signing in and out, the first admin, and how often somebody may try.

A ticket is a random token in a cookie that scripts cannot read; the store knows only its hash. Every change
needs the token of `GET /me` in a header beside it, which pages of other origins cannot know.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from runtime.desk.passwords import fits, hashed
from runtime.desk.patience import Patience
from runtime.desk.refusal import Refused
from runtime.errors import BadInput
from runtime.log import Logger
from runtime.ports import Clock
from runtime.store.store import Store

R = TypeVar("R")
log = Logger("desk")

CODE: Final = "the desk's first code"
"""Name of the fact that holds it."""
COOKIE: Final = "noren_desk"
KNOWN: Final = "noren_desk_known"
"""Cookies: the ticket, and what tells a browser that was in before from strangers."""
ROLES: Final = ("agent", "supervisor", "admin")
DAY: Final = 86_400_000
IDLE: Final = 7 * DAY
"""How long a ticket lives without being used, in ms."""
LONGEST: Final = 30 * DAY
TOUCH: Final = 60_000
"""How often the use of a ticket is written down, in ms."""
AT_ONCE: Final = 4
"""Passwords that are worked on at a time."""
LONGEST_EMAIL: Final = 254
TAKEN: Final = "there is an admin already; ask them for an account"
BURST: Final = 200
PER_SECOND: Final = 20
"""Changes one person may make: at once, and then each second."""


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
        self.patience = Patience(store, clock)
        self._room = asyncio.Semaphore(AT_ONCE)
        self.rights = 0
        """Rises when somebody's rights change in this process, so that open streams look at once."""

    async def code(self) -> str:
        """The code with which the first admin is made, the same for all processes; empty when there is one."""
        if await self._taken():
            return ""
        return str(await self._store.put_first(CODE, secrets.token_hex(8), self._clock.now()))

    async def _taken(self) -> bool:
        return any(one["role"] == "admin" and one["state"] == "active" for one in await self._store.agents())

    async def set_up(self, code: str, email: str, name: str, password: str, address: str) -> str:
        """Make the first admin and sign them in; the ticket. Raises `Refused`, `BadInput`."""
        wanted = await self.code()
        if not wanted:
            raise Refused(TAKEN, 409)
        await self.patience.begin("", address)
        if not secrets.compare_digest(wanted.encode(), code.strip().encode()):
            raise Refused("this is not the code that the server wrote when it started", 403)
        await self.patience.passed("", address)
        agent, hash = await self._enrolled(email, name, "admin", password, first=True)
        await self._store.put(CODE, None, self._clock.now())
        await self._store.audit(agent, "admin.first", address, {"email": email}, self._clock.now())
        return await self._ticket(agent, hash)

    async def enrol(self, email: str, name: str, role: str, password: str, **body: Any) -> str:
        """A new account; its id. Raises `BadInput` for what cannot be."""
        return (await self._enrolled(email, name, role, password, **body))[0]

    async def _enrolled(
        self, email: str, name: str, role: str, password: str, *, first: bool = False, **body: Any
    ) -> tuple[str, str]:
        """Id and hash. With `first` raises `Refused` when there is an admin by now."""
        email = email.strip().lower()
        if "@" not in email or len(email) > LONGEST_EMAIL or not name.strip() or role not in ROLES:
            raise BadInput("an account has an e-mail address, a name and a role: agent, supervisor or admin")
        hash, agent = await self._worked(hashed, password), secrets.token_hex(6)
        made = {"name": name.strip()[:80], "queues": [], "skills": [], "languages": [], "capacity": 5, **body}
        if not await self._store.add_agent(agent, email, role, made, hash, self._clock.now(), first=first):
            raise Refused(TAKEN, 409)
        return agent, hash

    async def sign_in(self, email: str, password: str, address: str, known: str = "") -> str:
        """The ticket; `known` is what this browser was given when it was in last (see `known`).

        Raises `Refused` with one and the same text for every reason.
        """
        email = email.strip().lower()[:LONGEST_EMAIL]
        found = await self._store.agent_by_email(email)
        hash = await self._store.password_hash(found["id"] if found else "")
        account = f"known {known}" if known and known_as(found, hash) == known else email
        await self.patience.begin(account, address)
        good = await self._worked(fits, hash, password)
        ticket = await self._ticket(found["id"], hash) if good and found and found["state"] == "active" else ""
        if found is None or not ticket:
            await self._store.audit("", "sign-in.failed", address, {"email": email}, self._clock.now())
            raise Refused("e-mail address or password is wrong", 401)
        await self.patience.passed(account, address)
        await self._store.audit(found["id"], "sign-in", address, {}, self._clock.now())
        return ticket

    async def known(self, agent: str) -> str:
        """What a browser keeps that was in once: strangers who guess an account's password do not keep it out.

        It ends with the password.
        """
        return known_as({"id": agent}, await self._store.password_hash(agent))

    async def _ticket(self, agent: str, hash: str) -> str:
        """Empty when the password was changed meanwhile."""
        ticket, now = secrets.token_urlsafe(32), self._clock.now()
        await self._store.drop_old_tickets(now - IDLE)
        kept = await self._store.add_ticket(key_of(ticket), agent, secrets.token_urlsafe(24), hash, now)
        return ticket if kept else ""

    async def _worked(self, work: Callable[..., R], *args: Any) -> R:
        """Hashing takes 64 MB and all of a core: only so much of it at once, however many ask."""
        async with self._room:
            return await asyncio.to_thread(work, *args)

    async def who(self, ticket: str) -> Person | None:
        """Whose ticket this is; None: nobody's, or no longer."""
        if not ticket:
            return None
        key, now = key_of(ticket), self._clock.now()
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

    async def lives(self, ticket: str) -> bool:
        """Whether a ticket, by what `Person.ticket` says of it, is still somebody's."""
        found, now = await self._store.ticket(ticket), self._clock.now()
        return found is not None and now - found["seen"] <= IDLE and now - found["created"] <= LONGEST

    async def sign_out(self, person: Person, *, everywhere: bool = False) -> None:
        self.rights += 1
        if everywhere:
            await self._store.drop_tickets(person.id)
        await self._store.drop_ticket(person.ticket)

    async def change_password(self, person: Person, old: str, new: str, address: str) -> str:
        """Every other ticket ends; the new one of this browser."""
        await self.patience.begin(person.id, address)
        if not await self._worked(fits, await self._store.password_hash(person.id), old):
            raise Refused("the old password is wrong", 403)
        await self.patience.passed(person.id, address)
        hash = await self._worked(hashed, new)
        await self._store.put_password_hash(person.id, hash, self._clock.now())
        self.rights += 1
        await self._store.audit(person.id, "password.changed", address, {}, self._clock.now())
        return await self._ticket(person.id, hash)

    async def reset_password(self, agent: str, new: str) -> None:
        """Every ticket of theirs ends."""
        await self._store.put_password_hash(agent, await self._worked(hashed, new), self._clock.now())
        self.rights += 1


def known_as(agent: Mapping[str, Any] | None, hash: str) -> str:
    """Follows from the account and its password's hash, which nobody outside knows; empty without."""
    if agent is None or not hash:
        return ""
    return hmac.new(hash.encode(), f"known {agent['id']}".encode(), hashlib.sha256).hexdigest()


def key_of(ticket: str) -> str:
    """What the store knows of a ticket."""
    return hashlib.sha256(ticket.encode()).hexdigest()
