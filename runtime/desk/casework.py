"""Cases: lists of them, one whole, what was said in it, and all that can be done to it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.desk.call import Asked, Conflict, Missing
from runtime.desk.costs import cost
from runtime.desk.doors import Person
from runtime.desk.house import DeskHouse
from runtime.desk.hub import open_to
from runtime.desk.refusal import Refused
from runtime.desk.summaries import summary
from runtime.errors import BadInput
from runtime.model import Session
from runtime.store.cases import URGENCY
from runtime.store.listing import LIVE, ORDERS, WORKED, CaseFilter

WAITS: Final = ("queued", "offered")
WATCHED: Final = 900_000
"""How often, in ms, the log says that a supervisor looks into a case."""
VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    "mine": WORKED,
    "offers": ("offered",),
    "queue": WAITS,
    "waiting": WAITS,
    "all": (*LIVE, "wrap_up"),
    "offline": ("offline",),
    "closed": ("closed",),
}
"""View → states it shows."""

LONGEST_ID: Final = 160
"""Characters of what a browser calls an act; the case's id may stand behind it."""
ACTS: Final = frozenset(
    ("accept", "reject", "claim", "assign", "transfer", "park", "snooze", "wake", "resolve", "done", "change", "note")
)
LEADS: Final = frozenset(("assign", "give_back"))
"""What only supervisors may."""
GIVEN: Final = ("agent", "agent_name", "queue", "note", "until", "form", "labels", "priority", "subject", "skills",
                "survey", "inject", "reason", "text", "mentions", "whisper", "offer", "join")  # fmt: skip
"""What an act may bring along."""


async def cases(asked: Asked) -> Any:
    """A view of cases, and how many there are in each."""
    person = asked.person
    saved = await _saved(asked)

    def asks(name: str) -> str:
        return asked.query(name) or str(saved.get(name) or "")

    view = asked.query("view") or str(saved.get("view") or "mine")
    if view not in VIEWS or asks("sort") not in ("", *ORDERS) or asks("priority") not in ("", *URGENCY):
        raise BadInput(f"view: one of {', '.join(VIEWS)}; sort: {', '.join(ORDERS)}; priority: {', '.join(URGENCY)}")
    queues = None if person.leads else tuple(sorted(person.queues))
    where = CaseFilter(
        states=VIEWS[view],
        queues=queues,
        mine=person.id,
        queue=asks("queue"),
        agent=person.id if view == "mine" else asks("agent"),
        offered=person.id if view == "offers" else "",
        label=asks("label"),
        priority=asks("priority"),
        endpoint=asks("endpoint"),
        words=asks("q")[:100],
        before=asked.number("before", 0),
        order=asks("sort") or ("urgent" if view in ("queue", "waiting", "offers") else "newest"),
    )
    rows = await asked.house.store.list_cases(where, asked.number("limit", 50, 500))
    counts = await asked.house.store.count_cases(person.id, queues)
    return {"cases": await shown(asked.house, rows), "counts": counts}


async def _saved(asked: Asked) -> Mapping[str, Any]:
    """The filter of the view that `saved` names. Raises `Missing`."""
    named = asked.query("saved")
    row = await asked.house.store.item(named) if named else None
    if named and (row is None or row["kind"] != "view" or not _open_to(asked.person, row)):
        raise Missing("there is no such view")
    found = row["body"].get("filter") if row else None
    return found if isinstance(found, Mapping) else {}


def _open_to(person: Person, row: Mapping[str, Any]) -> bool:
    return bool(row["owner"] == person.id or row["body"].get("scope") == "all")


async def shown(house: DeskHouse, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cases as lists show them, with names and pictures."""
    names, faces = await house.names(), await house.store.faces(sorted({row["session"] for row in rows}))
    return [summary(row, names, faces) for row in rows]


async def found(asked: Asked, case: str) -> dict[str, Any]:
    """The row of a case this person may see. Raises `Missing`, also for one that is none of their business."""
    row = await asked.house.store.show_case(case)
    if row is None or not asked.person.sees(row["queue"], row["agent"]):
        raise Missing("there is no such case, or it is not of your queues")
    return row


async def case(asked: Asked) -> Any:
    """One case whole: the customer, what they had before, and what a word costs now."""
    row, house = await found(asked, asked.part("case")), asked.house
    await _monitored(asked, row)
    session = await house.session(row["session"])
    body = row["body"]
    [told] = await shown(house, [row])
    before = [one for one in await house.store.earlier(row["session"]) if one["id"] != row["id"]]
    return {
        "case": {
            **told,
            **{key: body.get(key) for key in ("context", "result", "requester", "previous", "skills")},
        },
        "profile": dict(session.profile) if session else {},
        "language": session.language if session else "",
        "control": {"owner": session.control.owner, "epoch": session.control.epoch} if session else None,
        "earlier": [one for one in await shown(house, before) if asked.person.sees(one["queue"], one["agent"])],
        "members": _members(session),
        "cost": await cost(house, row, session),
        "survey": await house.store.survey_of(row["id"]),
        "now": house.clock.now(),
    }


def _members(session: Session | None) -> list[dict[str, Any]]:
    """People of a group or room who spoke, as far as their names are known."""
    if session is None or session.chat.kind == "user":
        return []
    known = {str(session.profile.get("user", "")): session.profile, **(session.profile.get("members") or {})}
    return [
        {"id": id, "name": str(one.get("name") or ""), "picture": str(one.get("picture") or "")}
        for id, one in known.items() if id
    ]  # fmt: skip


async def timeline(asked: Asked) -> Any:
    """What was said and what happened in a chat, as far as it is of no case or of cases this person may see."""
    chat = asked.part("chat")
    await may_see_chat(asked, chat)
    for row in (await asked.house.store.cases_of(chat, 1)) if asked.person.leads else ():
        await _monitored(asked, row)
    before, limit = asked.number("before", 2**53), asked.number("limit", 60, 500)
    sees = None if asked.person.leads else asked.person.sees
    items = await asked.house.store.timeline(chat, before, limit, sees)
    shown = [one for one in items if asked.house.settings.handover.monitoring or open_to(asked.person, one)]
    return {"items": shown, "more": len(items) >= limit}


async def _monitored(asked: Asked, row: Mapping[str, Any]) -> None:
    """A supervisor looks into a colleague's live case, or does so still: the log says it now and then."""
    house, person, now = asked.house, asked.person, asked.house.clock.now()
    mine = row["agent"] in ("", person.id) or row["state"] not in LIVE
    if not person.leads or mine or now - house.watched.get((person.id, row["id"]), -WATCHED) < WATCHED:
        return
    house.watched = {key: at for key, at in house.watched.items() if now - at < WATCHED} | {(person.id, row["id"]): now}
    name = f"monitor.{row['id']}.{now // WATCHED}"  # the same in every process
    await house.tell(person, row["session"], "monitor", name, case=row["id"])


async def may_see_chat(asked: Asked, chat: str) -> None:
    """Raises `Missing` for a chat with no case of this person's queues."""
    if asked.person.leads:
        return
    rows = await asked.house.store.cases_of(chat)
    if not any(asked.person.sees(row["queue"], row["agent"]) for row in rows):
        raise Missing("there is no such chat, or it is not of your queues")


async def act(asked: Asked) -> Any:
    """Do something to a case. What the case does not allow is answered with 409 and the reason."""
    given, row = await asked.body(), await found(asked, asked.part("case"))
    do = str(given.get("do") or "")
    allowed(asked.person, do, given)
    await known(asked, do, given)
    data = {key: given[key] for key in GIVEN if key in given}
    return await acted(asked, row["session"], do, given, case=row["id"], **data)


def allowed(person: Person, do: str, given: Mapping[str, Any]) -> None:
    """Raises `BadInput` for what cannot be done to a case, `Refused` for what only others may do."""
    if do not in ACTS | LEADS:
        raise BadInput(f"do: one of {', '.join(sorted(ACTS | LEADS))}")
    if do in LEADS and not person.leads and (do != "assign" or given.get("agent") != person.id):
        raise Refused("only supervisors may do this", 403)


async def known(asked: Asked, do: str, given: Mapping[str, Any]) -> None:
    """Raises `BadInput` when a case would go to somebody who does not work here."""
    if do in ("assign", "transfer") and (named := given.get("agent")):
        agent = await asked.house.store.agent(named) if isinstance(named, str) else None
        if agent is None or agent["state"] != "active":
            raise BadInput("agent: nobody of this name works here")


def named(given: Mapping[str, Any]) -> str:
    """What tells one act from the next, as its sender calls it. Raises `BadInput` when that is too long."""
    name = str(given.get("id") or secrets.token_hex(8))
    if len(name) > LONGEST_ID:
        raise BadInput(f"id: at most {LONGEST_ID} characters")
    return name


async def acted(asked: Asked, chat: str, do: str, given: Mapping[str, Any], **data: Any) -> dict[str, Any]:
    notes = await asked.house.act(asked.person, chat, do, named(given), **data)
    refused = next((one for one in notes if one["type"] == "ignored"), None)
    if refused is not None:
        raise Conflict(str(refused["data"].get("why") or "that cannot be done now"))
    session = await asked.house.session(chat)
    id = session.case.id if session and session.case else str(data.get("case") or "")
    row = await asked.house.store.show_case(id) if isinstance(id, str) and id else None
    case = (await shown(asked.house, [row]))[0] if row else None
    return {"case": case, "notes": notes, "done": bool(notes)}
