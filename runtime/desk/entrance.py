"""Ways in and out: set-up, sign-in, who I am, being there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from runtime import __version__
from runtime.desk import costs, push
from runtime.desk.addresses import over_tls
from runtime.desk.call import QUIET, Asked
from runtime.desk.doors import COOKIE, DAY, KNOWN, LONGEST, Person, key_of
from runtime.desk.refusal import Refused
from runtime.errors import BadInput
from runtime.handover import routing

STATUSES: Final = ("online", "away", "busy", "offline")
OWN: Final = ("name", "icon", "languages", "sound", "notifications", "theme", "language")
"""What people may change of themselves."""
HABITS: Final = ("sound", "notifications", "theme", "language")
LISTS: Final = ("queues", "skills", "languages")
MOST: Final = 200
"""Entries of such a list."""
LONGEST_ICON: Final = 2_000
"""Characters. https://developers.line.biz/en/reference/messaging-api/#icon-nickname-switch"""
REMEMBERED: Final = 180 * DAY
"""How long, in ms, a browser that was in once is not taken for a stranger."""


async def state(asked: Asked) -> Any:
    """What a browser has to know before anybody signs in."""
    return {"setup": bool(await asked.house.doors.code()), "signed_in": asked.who is not None, "version": __version__}


async def set_up(asked: Asked) -> Response:
    given = await asked.body()
    code, email, name, word = (str(given.get(key) or "") for key in ("code", "email", "name", "password"))
    return await _in(asked, await asked.house.doors.set_up(code, email, name, word, asked.address))


async def sign_in(asked: Asked) -> Response:
    given = await asked.body()
    email, word = str(given.get("email") or ""), str(given.get("password") or "")
    ticket = await asked.house.doors.sign_in(email, word, asked.address, asked.request.cookies.get(KNOWN, ""))
    return await _in(asked, ticket)


async def sign_out(asked: Asked) -> Response:
    """This browser's sign-in ends; with `everywhere` each of this person's."""
    given, house, person = await asked.body(), asked.house, asked.person
    await house.store.present(person.id, "offline", house.clock.now())
    await house.doors.sign_out(person, everywhere=bool(given.get("everywhere")))
    house.hub.nudge()
    house.nudge()
    answer = JSONResponse({}, headers=QUIET)
    answer.delete_cookie(COOKIE, path="/desk")
    return answer


async def password(asked: Asked) -> Response:
    given = await asked.body()
    old, new = str(given.get("old") or ""), str(given.get("new") or "")
    ticket = await asked.house.doors.change_password(asked.person, old, new, asked.address)
    answer = await _in(asked, ticket)
    await push.carried(asked.house.store, asked.person, key_of(ticket), asked.house.clock.now())
    return answer


async def _in(asked: Asked, ticket: str) -> Response:
    """The answer that lets somebody in: never under a ticket that came from the browser."""
    doors = asked.house.doors
    person = await doors.who(ticket)
    if person is None:
        raise Refused("e-mail address or password is wrong", 401)
    answer = JSONResponse(await told(asked, person), headers=QUIET)
    for name, value, age in ((COOKIE, ticket, LONGEST), (KNOWN, await doors.known(person.id), REMEMBERED)):
        answer.set_cookie(
            name, value, max_age=age // 1000, path="/desk", httponly=True, samesite="strict", secure=_over_tls(asked)
        )
    return answer


def _over_tls(asked: Asked) -> bool:
    """Whether the browser speaks TLS, if need be with a proxy that tells us nothing of it."""
    url = asked.request.url
    if over_tls(asked.request, asked.house.settings.proxies):
        return True
    return asked.house.secure and url.hostname not in ("127.0.0.1", "::1", "localhost")


async def me(asked: Asked) -> Any:
    await asked.house.attendance.loads(asked.person.id, page=False)
    return await told(asked, asked.person)


async def told(asked: Asked, person: Person) -> dict[str, Any]:
    """Who I am, what I may, and what there is."""
    house = asked.house
    handover, agent = house.settings.handover, await house.store.agent(person.id)
    queues = {name for stream in handover.workstreams.values() for name in routing.queues_of(handover, stream)}
    queues |= set(handover.queues)
    return {
        "agent": card(agent or {"id": person.id, "role": person.role, "email": "", "body": person.body}),
        "own": {name: person.body.get(name) for name in OWN},
        "status": agent["status"] if agent else "offline",
        "csrf": person.csrf,
        "queues": [
            {"id": name, "title": _title(handover, name), "mine": person.leads or name in person.queues}
            for name in sorted(queues)
        ],
        "workstreams": [
            {"id": name, "mode": s.mode, "offer": s.distribution.offer, "survey": s.survey.when != "never",
             "from_agent": s.files.from_agent, "max_mb": s.files.max_mb, "types": list(s.files.types)}
            for name, s in handover.workstreams.items()
        ],
        "endpoints": [{"name": name} for name in house.settings.endpoints],
        "push": {"key": house.clerk.pusher.key} if house.clerk is not None and house.clerk.pusher.key else None,
        "quota": await costs.quotas(house),
    }  # fmt: skip


def _title(handover: Any, name: str) -> str:
    found = handover.queues.get(name)
    return (found.title if found else "") or name


def card(agent: dict[str, Any], load: int = 0) -> dict[str, Any]:
    """An agent as colleagues see them."""
    body = agent["body"]
    return {
        "id": agent["id"], "email": agent["email"], "role": agent["role"], "name": body.get("name") or agent["email"],
        "icon": body.get("icon") or "", "status": agent.get("shown") or "offline", "since": agent.get("since") or 0,
        "load": load,
        "state": agent.get("state") or "active", "capacity": int(body.get("capacity") or 5),
        "queues": list(body.get("queues") or ()), "languages": list(body.get("languages") or ()),
        "skills": list(body.get("skills") or ()),
    }  # fmt: skip


async def change_me(asked: Asked) -> Any:
    """Name, icon, languages, sounds."""
    given, person = await asked.body(), asked.person
    if unknown := set(given) - set(OWN):
        raise BadInput(f"{sorted(unknown)[0]}: that is not yours to change")
    own = profile(given)

    def changed(row: dict[str, Any], _: list[dict[str, Any]]) -> tuple[str, str, dict[str, Any]]:
        return row["role"], row["state"], {**row["body"], **own}

    await asked.house.store.change_agent(person.id, changed, asked.house.clock.now())
    return await told(asked, replace(person, body={**person.body, **own}))


def profile(given: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody is called and looks like, and how they like the desk. Raises `BadInput` for what cannot be."""
    if "name" in given and not (isinstance(given["name"], str) and 0 < len(given["name"].strip()) <= 80):
        raise BadInput("name: 1 to 80 characters")
    icon = given.get("icon", "")
    if not isinstance(icon, str) or len(icon) > LONGEST_ICON or (icon and not icon.startswith("https://")):
        raise BadInput("icon: an https address of at most 2,000 characters, or nothing")
    for name in LISTS:
        found = given.get(name, [])
        if not isinstance(found, list) or len(found) > MOST or not all(isinstance(one, str) for one in found):
            raise BadInput(f"{name}: a list of texts")
    for name in HABITS:
        if not isinstance(given.get(name), str | bool | int | None) or len(str(given.get(name))) > 80:
            raise BadInput(f"{name}: a word, a number, or yes or no")
    return dict(given)


async def presence(asked: Asked) -> Any:
    """Online, away, busy or offline. Who comes is offered what waits."""
    given, house = await asked.body(), asked.house
    status = str(given.get("status") or "")
    if status not in STATUSES:
        raise BadInput(f"status: one of {', '.join(STATUSES)}")
    await house.store.present(asked.person.id, status, house.clock.now())
    house.hub.nudge()
    house.nudge()
    house.work()
    return {"status": status}


async def entrances(asked: Asked) -> Any:
    """Where the bot may go on after a case: flows and their sections."""
    endpoint = asked.query("endpoint")
    known = endpoint in asked.house.settings.endpoints
    return {"entrances": asked.house.entrances(endpoint) if known else []}


async def agents(asked: Asked) -> Any:
    """Everybody who works here, for transfers and the lists of supervisors. `status` is online, away, busy, leaving
    (their last window was closed, they still keep their cases) or offline; `since` when that began, 0: never there."""
    held = (await asked.house.store.desk_view("", asked.house.clock.now()))["loads"]
    found = [card(one, held.get(one["id"], 0)) for one in await asked.house.store.agents()]
    return {"agents": [one for one in found if one["state"] == "active" or asked.person.role == "admin"]}
