"""For admins: accounts of agents, and who did what."""

from __future__ import annotations

from typing import Any, Final

from runtime.desk.call import Asked, Conflict, Missing
from runtime.desk.doors import ROLES
from runtime.desk.entrance import card, profile
from runtime.desk.house import DeskHouse
from runtime.errors import BadInput

BODY: Final = ("name", "queues", "skills", "languages", "capacity", "icon")
MOST: Final = 100
"""Cases an agent may have at once."""


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """What admins may set of an agent. Raises `BadInput`."""
    body = profile({key: given[key] for key in BODY if key in given})
    capacity = body.get("capacity", 1)
    if not isinstance(capacity, int) or isinstance(capacity, bool) or not 1 <= capacity <= MOST:
        raise BadInput(f"capacity: 1 to {MOST}")
    return body


async def add(asked: Asked) -> Any:
    """An account with a first password, which the admin hands over."""
    given = await asked.body()
    role, house = str(given.get("role") or "agent"), asked.house
    known = checked(given)
    name, email, word = (str(given.get(key) or "") for key in ("name", "email", "password"))
    known.pop("name", None)
    agent = await house.doors.enrol(email, name, role, word, **known)
    await house.store.audit(asked.person.id, "agent.added", asked.address, {"agent": agent, "role": role}, _now(asked))
    return card(await house.store.agent(agent) or {})


async def change(asked: Asked) -> Any:
    """Role, queues, skills, languages, capacity; `state: inactive` ends every sign-in and returns their cases."""
    given, house = await asked.body(), asked.house
    id, known = asked.part("agent"), checked(given)

    def decide(row: dict[str, Any], everybody: list[dict[str, Any]]) -> tuple[str, str, dict[str, Any]]:
        role, state = str(given.get("role") or row["role"]), str(given.get("state") or row["state"])
        if role not in ROLES or state not in ("active", "inactive"):
            raise BadInput("role: agent, supervisor or admin; state: active or inactive")
        if (role, state) != ("admin", "active"):
            _another_admin(everybody, row["id"])
        return role, state, {**row["body"], **known}

    if not await house.store.change_agent(id, decide, _now(asked)):
        raise Missing("there is no such agent")
    house.doors.rights += 1
    agent = await house.store.agent(id) or {}
    told = {"agent": id, "role": agent["role"], "state": agent["state"]}
    await house.store.audit(asked.person.id, "agent.changed", asked.address, told, _now(asked))
    house.nudge()
    await _told(house, id)
    return card(agent)


async def _told(house: DeskHouse, agent: str) -> None:
    """Have open streams of somebody look what they may still tell."""
    found = await house.store.agent(agent) or {}
    house.hub.tell("presence", agent=agent, status=found["shown"], since=found["since"], chosen=found["chosen"])


def _another_admin(everybody: list[dict[str, Any]], but: str) -> None:
    """Raises `Conflict` when nobody could administrate but this one."""
    admins = [one["id"] for one in everybody if (one["role"], one["state"]) == ("admin", "active")]
    if admins == [but]:
        raise Conflict("this is the last admin; make another one first")


async def password(asked: Asked) -> Any:
    """A new password for somebody who forgot theirs; every sign-in of theirs ends."""
    given, house = await asked.body(), asked.house
    agent = await house.store.agent(asked.part("agent"))
    if agent is None:
        raise Missing("there is no such agent")
    await house.doors.reset_password(agent["id"], str(given.get("password") or ""))
    await house.store.audit(asked.person.id, "password.reset", asked.address, {"agent": agent["id"]}, _now(asked))
    await _told(house, agent["id"])
    return {}


async def audit(asked: Asked) -> Any:
    """Who did what, newest first."""
    rows = await asked.house.store.list_audit(asked.number("before", 2**53), asked.number("limit", 100, 1_000))
    return {"audit": rows}


def _now(asked: Asked) -> int:
    return asked.house.clock.now()
