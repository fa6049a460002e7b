"""Labels that are kept for everybody: their colours, other names, and which are given no more."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.desk.call import Asked, Conflict, Missing
from runtime.desk.casework import acted
from runtime.desk.refusal import Refused
from runtime.errors import BadInput
from runtime.store.listing import LIVE, CaseFilter

KIND: Final = "label"
LONGEST: Final = 40
"""Characters of a label."""
COLOURS: Final = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")
OPEN: Final = (*LIVE, "wrap_up", "offline")
"""States of cases whose labels still matter for work."""
PAGE: Final = 200


async def listed(asked: Asked) -> Any:
    """`labels`: those to offer, the kept ones first, then those given lately; `items`: the kept ones whole."""
    items = [_shown(row) for row in await asked.house.store.items(KIND)]
    items.sort(key=lambda one: str(one["title"]).casefold())
    over = {name for one in items for name in ((one["title"],) if one["retired"] else ()) + tuple(one["was"])}
    offered = [one["title"] for one in items if not one["retired"]]
    lately = [name for name in await asked.house.store.labels(asked.person.sees) if name not in over]
    return {"labels": list(dict.fromkeys([*offered, *lately])), "items": items}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    body = row["body"]
    return {
        "id": row["id"], "title": body["title"], "colour": body.get("colour") or COLOURS[0],
        "retired": bool(body.get("retired")), "was": list(body.get("was") or ()),
    }  # fmt: skip


async def put(asked: Asked) -> Any:
    """A new one, or another version of one; open cases, macros, rules and views take over a new name.

    Raises `BadInput` with what is wrong, `Conflict` for a name that another label has.
    """
    _leads(asked)
    given, store = await asked.body(), asked.house.store
    body = _checked(given)
    id = str(asked.request.path_params.get("item") or secrets.token_hex(6))
    rows = await store.items(KIND)
    before = next((_shown(row) for row in rows if row["id"] == id), None)
    if before is None and "item" in asked.request.path_params:
        raise Missing("there is no such thing")
    taken = {name.casefold() for row in rows if row["id"] != id for name in (row["body"]["title"],)}
    if body["title"].casefold() in taken:
        raise Conflict("there is a label of this name already")
    old = before["title"] if before and before["title"] != body["title"] else ""
    was = [name for name in dict.fromkeys([*(before["was"] if before else ()), old]) if name not in ("", body["title"])]
    now = asked.house.clock.now()
    await store.put_item(id, KIND, asked.person.id, {**body, "was": was}, now)
    told = {"id": id, "title": body["title"], **({"was": old} if old else {})}
    await store.audit(asked.person.id, "label.kept", asked.address, told, now)
    changed = await _renamed(asked, old, body["title"]) if old else 0
    return {"id": id, **body, "was": was, "cases": changed}


async def drop(asked: Asked) -> Any:
    """Forget a label; cases that have it keep it."""
    _leads(asked)
    row = await asked.house.store.item(asked.part("item"))
    if row is None or row["kind"] != KIND:
        raise Missing("there is no such thing")
    await asked.house.store.drop_item(row["id"])
    told = {"id": row["id"], "title": row["body"]["title"]}
    await asked.house.store.audit(asked.person.id, "label.dropped", asked.address, told, asked.house.clock.now())
    return {}


def _leads(asked: Asked) -> None:
    if not asked.person.leads:
        raise Refused("only who leads may change what others use", 403)


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """What people keep of a label. Raises `BadInput`."""
    title = given.get("title")
    if not isinstance(title, str) or not 1 <= len(title.strip()) <= LONGEST or not title.isprintable():
        raise BadInput(f"title: 1 to {LONGEST} characters")
    colour = given.get("colour", COLOURS[0])
    if colour not in COLOURS:
        raise BadInput(f"colour: one of {', '.join(COLOURS)}")
    return {"title": title.strip(), "colour": colour, "retired": given.get("retired") is True}


async def _renamed(asked: Asked, old: str, new: str) -> int:
    """Give open cases and what is kept the new name; how many cases have it now."""
    for kind in ("macro", "rule", "view"):
        for row in await asked.house.store.items(kind):
            body = _in_body(row["body"], old, new)
            if body != row["body"]:
                await asked.house.store.put_item(row["id"], kind, row["owner"], body, asked.house.clock.now())
    changed, where = 0, CaseFilter(states=OPEN, label=old)
    while rows := await asked.house.store.list_cases(where, PAGE):
        done = [await _relabelled(asked, row, old, new) for row in rows]
        changed += sum(done)
        if not any(done):
            break
    return changed


async def _relabelled(asked: Asked, row: Mapping[str, Any], old: str, new: str) -> bool:
    labels = _swapped(row["body"].get("labels") or (), old, new)
    try:
        await acted(asked, row["session"], "change", {}, case=row["id"], labels=labels)
    except Conflict:
        return False  # another provider has it, or it has just ended
    return True


def _in_body(body: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """A macro, rule or view with the new name where it had the old one."""
    found = dict(body)
    if isinstance(acts := body.get("acts"), list):
        found["acts"] = [
            {**act, "labels": _swapped(act["labels"], old, new)} if isinstance(act.get("labels"), list) else act
            for act in acts
        ]
    if isinstance(filter := body.get("filter"), Mapping) and filter.get("label") == old:
        found["filter"] = {**filter, "label": new}
    return found


def _swapped(labels: Sequence[str], old: str, new: str) -> list[str]:
    return list(dict.fromkeys(new if label == old else label for label in labels))
