"""Agents' accounts: who they are, how they sign in, what they keep, and who did what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from runtime.errors import BadInput
from runtime.model import Data
from runtime.store import codec, presence, tries
from runtime.store.connector import Connector
from runtime.store.lanes import Op
from runtime.store.tries import Judge

Found = list[dict[str, Any]]

AGENT = ("id", "email", "role", "state", "body", "status", "seen", "shown", "since", "chosen")
_SHOW = f"""SELECT a.id, a.email, a.role, a.state, a.body, coalesce(p.status, 'offline'), coalesce(p.seen, 0),
  coalesce({presence.SHOWN}, 'offline'), coalesce({presence.SINCE}, 0), coalesce(p.chosen, 'offline')
  FROM agents a LEFT JOIN presence p ON p.agent = a.id"""
ALL: Final = f"{_SHOW} ORDER BY a.id"
ONE: Final = f"{_SHOW} WHERE a.id = ?"
BY_EMAIL: Final = f"{_SHOW} WHERE a.email = ?"
PUT: Final = """INSERT INTO agents (id, email, role, state, changed, body) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET email = excluded.email, role = excluded.role, state = excluded.state,
  changed = excluded.changed, body = excluded.body"""
IN_TURN: Final = "INSERT INTO facts (name, value, at) VALUES ('accounts', '1', 0) ON CONFLICT (name) DO NOTHING"
MY_TURN: Final = "SELECT value FROM facts WHERE name = 'accounts' {lock}"
"""What depends on other accounts (the last admin, the first one) is decided one change after the other."""
HASH: Final = "SELECT hash FROM credentials WHERE agent = ?"
HASH_NOW: Final = "SELECT hash FROM credentials WHERE agent = ? {lock}"
PUT_HASH: Final = """INSERT INTO credentials (agent, hash, changed) VALUES (?, ?, ?)
  ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, changed = excluded.changed"""
ADD_TICKET: Final = "INSERT INTO tickets (id, agent, csrf, created, seen) VALUES (?, ?, ?, ?, ?)"
TICKET: Final = "SELECT agent, csrf, created, seen FROM tickets WHERE id = ?"
SEEN: Final = "UPDATE tickets SET seen = ? WHERE id = ?"
DROP_TICKET: Final = "DELETE FROM tickets WHERE id = ?"
DROP_TICKETS: Final = "DELETE FROM tickets WHERE agent = ?"
OLD_TICKETS: Final = "DELETE FROM tickets WHERE seen < ?"

ITEMS: Final = "SELECT id, kind, owner, changed, body FROM items WHERE kind = ? ORDER BY id"
ITEM: Final = "SELECT id, kind, owner, changed, body FROM items WHERE id = ?"
PUT_ITEM: Final = """INSERT INTO items (id, kind, owner, changed, body) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, changed = excluded.changed, body = excluded.body"""
DROP_ITEM: Final = "DELETE FROM items WHERE id = ?"
ADD_AUDIT: Final = "INSERT INTO audit (at, agent, what, address, data) VALUES (?, ?, ?, ?, ?)"
AUDIT: Final = "SELECT seq, at, agent, what, address, data FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?"


Change = Callable[[dict[str, Any], Found], tuple[str, str, Data]]
"""From an agent and all agents: role, state and body as they are to be; raises what the caller is told."""


class Accounts:
    """Every method is one transaction; look-ups give mappings ready for JSON."""

    _base: Connector

    async def agents(self) -> Found:
        return await self._base.read(_agents)

    async def agent(self, agent: str) -> dict[str, Any] | None:
        return await self._base.read(_agent, ONE, agent)

    async def agent_by_email(self, email: str) -> dict[str, Any] | None:
        return await self._base.read(_agent, BY_EMAIL, email)

    async def put_agent(self, agent: str, email: str, role: str, body: Data, now: int, state: str = "active") -> None:
        """Keep an agent; `body` holds name, queues, skills, languages and capacity. Who is not active is signed out."""
        await self._base.write(_put_agent, agent, email, role, state, body, now)

    async def add_agent(
        self, agent: str, email: str, role: str, body: Data, hash: str, now: int, *, first: bool = False
    ) -> bool:
        """A new account with its password; false: it was to be the `first` admin, and there is one already.

        Raises `BadInput` when the e-mail address is taken.
        """
        return await self._base.write(_add_agent, agent, email, role, body, hash, now, first)

    async def change_agent(self, agent: str, change: Change, now: int) -> bool:
        """Change an account as it is at this moment; false when there is none. Raises what `change` raises."""
        return await self._base.write(_change_agent, agent, change, now)

    async def password_hash(self, agent: str) -> str:
        """Empty: none was ever set."""
        return await self._base.read(_value, HASH, agent)

    async def put_password_hash(self, agent: str, hash: str, now: int) -> None:
        """Every ticket of the agent ends with the old password."""
        await self._base.write(_put_hash, agent, hash, now)

    async def add_ticket(self, ticket: str, agent: str, csrf: str, hash: str, now: int) -> bool:
        """False when `hash` is no longer the password: it was changed while it was checked."""
        return await self._base.write(_add_ticket, ticket, agent, csrf, hash, now)

    async def ticket(self, ticket: str) -> dict[str, Any] | None:
        return await self._base.read(_ticket, ticket)

    async def touch_ticket(self, ticket: str, now: int) -> None:
        await self._base.write(_one, SEEN, (now, ticket))

    async def drop_ticket(self, ticket: str) -> None:
        await self._base.write(_one, DROP_TICKET, (ticket,))

    async def drop_tickets(self, agent: str) -> None:
        """Every sign-in of an agent ends."""
        await self._base.write(_one, DROP_TICKETS, (agent,))

    async def drop_old_tickets(self, before: int) -> None:
        await self._base.write(_one, OLD_TICKETS, (before,))

    async def attempt(self, keys: Sequence[tuple[str, str]], judge: Judge, old: int, now: int) -> int:
        """Count one more try for each key (its kind and its name), in whatever process it is made. Else in how many ms
        there may be one: as `judge` says of the tries there were. What was last tried before `old` is forgotten."""
        return await self._base.write(tries.attempt, list(keys), judge, old, now)

    async def forgive(self, whole: Sequence[tuple[str, str]], one: Sequence[tuple[str, str]]) -> None:
        """Forget all tries of these keys, and one of those."""
        await self._base.write(tries.forgive, list(whole), list(one))

    async def items(self, kind: str) -> Found:
        """Canned replies, macros, rules, views or push subscriptions."""
        return await self._base.read(_items, ITEMS, kind)

    async def item(self, item: str) -> dict[str, Any] | None:
        found = await self._base.read(_items, ITEM, item)
        return found[0] if found else None

    async def put_item(self, item: str, kind: str, owner: str, body: Data, now: int) -> None:
        await self._base.write(_one, PUT_ITEM, (item, kind, owner, now, codec.text(body)))

    async def drop_item(self, item: str) -> None:
        await self._base.write(_one, DROP_ITEM, (item,))

    async def audit(self, agent: str, what: str, address: str, data: Data, now: int) -> None:
        await self._base.write(_one, ADD_AUDIT, (now, agent, what, address, codec.text(data)))

    async def list_audit(self, before: int, limit: int) -> Found:
        return await self._base.read(_audit, before, limit)


def _one(sql: str, args: tuple[Any, ...]) -> Op[None]:
    yield sql, args


def _value(sql: str, key: str) -> Op[str]:
    found = yield sql, (key,)
    return str(found[0][0]) if found else ""


def _agents() -> Op[Found]:
    return [_shown(row) for row in codec.many((yield ALL, ()), AGENT)]


def _agent(sql: str, key: str) -> Op[dict[str, Any] | None]:
    found = codec.many((yield sql, (key,)), AGENT)
    return _shown(found[0]) if found else None


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "body": codec.loads(row["body"])}


def _add_agent(agent: str, email: str, role: str, body: Data, hash: str, now: int, first: bool) -> Op[bool]:
    rows = yield from _in_turn()
    if first and any((one["role"], one["state"]) == ("admin", "active") for one in rows):
        return False
    if any(one["email"] == email for one in rows):
        raise BadInput("there is an account with this e-mail address already")
    yield from _put_agent(agent, email, role, "active", body, now)
    yield PUT_HASH, (agent, hash, now)
    return True


def _change_agent(agent: str, change: Change, now: int) -> Op[bool]:
    rows = yield from _in_turn()
    found = next((one for one in rows if one["id"] == agent), None)
    if found is None:
        return False
    role, state, body = change(found, rows)
    yield from _put_agent(agent, found["email"], role, state, body, now)
    return True


def _in_turn() -> Op[Found]:
    """All agents, and nobody else changes one before this transaction is over."""
    yield IN_TURN, ()
    yield MY_TURN, ()
    return (yield from _agents())


def _put_agent(agent: str, email: str, role: str, state: str, body: Data, now: int) -> Op[None]:
    yield PUT, (agent, email, role, state, now, codec.text(body))
    if state != "active":
        yield DROP_TICKETS, (agent,)
        yield from presence.signed_out(agent, now)


def _put_hash(agent: str, hash: str, now: int) -> Op[None]:
    yield PUT_HASH, (agent, hash, now)
    yield DROP_TICKETS, (agent,)


def _add_ticket(ticket: str, agent: str, csrf: str, hash: str, now: int) -> Op[bool]:
    found = yield HASH_NOW, (agent,)
    if not found or found[0][0] != hash:
        return False
    yield ADD_TICKET, (ticket, agent, csrf, now, now)
    return True


def _ticket(ticket: str) -> Op[dict[str, Any] | None]:
    found = codec.many((yield TICKET, (ticket,)), ("agent", "csrf", "created", "seen"))
    return found[0] if found else None


def _items(sql: str, key: str) -> Op[Found]:
    rows = codec.many((yield sql, (key,)), ("id", "kind", "owner", "changed", "body"))
    return [_shown(row) for row in rows]


def _audit(before: int, limit: int) -> Op[Found]:
    rows = codec.many((yield AUDIT, (before, limit)), ("seq", "at", "agent", "what", "address", "data"))
    return [{**row, "data": codec.loads(row["data"])} for row in rows]
