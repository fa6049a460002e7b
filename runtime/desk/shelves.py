"""What people keep at the desk: canned replies, macros, rules of automation, saved views."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.desk import answers
from runtime.desk.call import Asked, Missing
from runtime.desk.casework import ACTS, GIVEN, acted, allowed, found, known, named
from runtime.desk.doors import Person
from runtime.desk.refusal import Refused
from runtime.errors import BadInput, NorenError

LONGEST: Final = 5_000
SCOPES: Final = ("mine", "queue", "all")
BROUGHT: Final = 4
"""Messages that come with the words of a ready-made reply: together they are one call of LINE."""
MOST: Final = 20
"""Acts of one macro or rule."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of thing: what it holds, and what is wrong with one (empty: nothing)."""

    kind: str
    fields: tuple[str, ...]
    wrong: Callable[[Mapping[str, Any]], str]
    role: str = "agent"
    """Who may keep one for others."""


def _text(value: Any, most: int = 200) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= most


def _canned(one: Mapping[str, Any]) -> str:
    texts = one.get("texts")
    if not _text(one.get("code"), 40) or not str(one["code"]).isprintable() or " " in str(one["code"]):
        return "code: one word, at most 40 characters"
    if not isinstance(texts, dict) or not texts or not all(_text(value, LONGEST) for value in texts.values()):
        return f"texts: by language, each at most {LONGEST} characters"
    messages, quick = one.get("messages", []), one.get("quick", [])
    if not isinstance(messages, list) or len(messages) > BROUGHT or any(map(answers.wrong, messages)):
        return f"messages: at most {BROUGHT} files or other messages"
    if not isinstance(quick, list) or len(quick) > answers.QUICK or not all(_text(label, 20) for label in quick):
        return f"quick: at most {answers.QUICK} buttons of 1 to 20 characters"
    return ""


RULED: Final = frozenset(("assign", "transfer", "park", "snooze", "wake", "resolve", "done", "change", "note", "reply"))
"""What rules may do: nothing that only a person can, such as taking a case."""


def acts_wrong(acts: Any, known: frozenset[str] = ACTS | {"reply", "assign"}) -> str:
    """What is wrong with a list of acts; empty: nothing."""
    if not isinstance(acts, list) or not 1 <= len(acts) <= MOST:
        return f"acts: one to {MOST}"
    for act in acts:
        do = act.get("do") if isinstance(act, dict) else None
        if do not in known:
            return f"acts: each does one of {', '.join(sorted(known))}"
        messages = act.get("messages")
        if do == "reply" and (not isinstance(messages, list) or not messages or any(map(answers.wrong, messages))):
            return "acts: a reply has messages, each with a text"
    return ""


def _macro(one: Mapping[str, Any]) -> str:
    return acts_wrong(one.get("acts")) if _text(one.get("title")) else "title: 1 to 200 characters"


def _rule(one: Mapping[str, Any]) -> str:
    events = one.get("on")
    if not isinstance(events, list) or not events or not all(_text(event, 60) for event in events):
        return "on: types of the log, such as case.queued"
    if not isinstance(one.get("when", ""), str):
        return "when: an expression"
    return acts_wrong(one.get("acts"), RULED) if _text(one.get("title")) else "title: 1 to 200 characters"


def _view(one: Mapping[str, Any]) -> str:
    filters = one.get("filter")
    return "" if _text(one.get("title")) and isinstance(filters, dict) else "a title and a filter"


SHELVES: Final[Mapping[str, Shelf]] = {
    "canned": Shelf("canned", ("code", "title", "texts", "messages", "quick", "scope", "queue"), _canned),
    "macros": Shelf("macro", ("title", "acts", "scope", "queue"), _macro, "supervisor"),
    "rules": Shelf("rule", ("title", "on", "when", "acts", "enabled"), _rule, "admin"),
    "views": Shelf("view", ("title", "filter", "scope"), _view),
}


def shelf_of(asked: Asked) -> Shelf:
    return SHELVES[asked.request.url.path.split("/")[3]]


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "owner": row["owner"], **row["body"]}


def may_see(person: Person, row: Mapping[str, Any]) -> bool:
    scope, queue = row["body"].get("scope", "mine"), str(row["body"].get("queue") or "")
    if row["kind"] == "rule":
        return person.leads
    return row["owner"] == person.id or scope == "all" or (scope == "queue" and person.sees(queue, ""))


async def listed(asked: Asked) -> Any:
    shelf = shelf_of(asked)
    rows = await asked.house.store.items(shelf.kind)
    return {"items": [shown(row) for row in rows if may_see(asked.person, row)]}


async def put(asked: Asked) -> Any:
    """A new one, or another version of one. Raises `BadInput` with what is wrong."""
    shelf, given, person = shelf_of(asked), await asked.body(), asked.person
    body = {key: given[key] for key in shelf.fields if key in given}
    if body.get("scope", "mine") not in SCOPES:
        raise BadInput(f"scope: one of {', '.join(SCOPES)}")
    if why := shelf.wrong(body):
        raise BadInput(why)
    if shelf.kind == "rule" and (why := await unworkable(asked, str(body.get("when") or ""))):
        raise BadInput(f"when: {why}")
    id = str(asked.request.path_params.get("item") or secrets.token_hex(6))
    before = await asked.house.store.item(id)
    if before is not None and (before["kind"] != shelf.kind or not may_see(person, before)):
        raise Missing("there is no such thing")
    shared = shelf.kind == "rule" or body.get("scope", "mine") != "mine"
    _may_change(person, shelf, before, shared)
    owner = before["owner"] if before else person.id
    await asked.house.store.put_item(id, shelf.kind, owner, body, asked.house.clock.now())
    await asked.house.store.audit(
        person.id, f"{shelf.kind}.kept", asked.address, {"id": id}, asked.house.clock.now()
    )  # fmt: skip
    return {"id": id, "owner": owner, **body}


async def unworkable(asked: Asked, when: str) -> str:
    """Why a condition can never be worked out; empty: it can, or it depends on the case."""
    try:
        asked.house.judge(when or "true", {"case": {}, "event": {}})
    except NorenError:
        return ""  # it could be read; what it asks for is there with a case only
    except Exception as error:  # whatever the language of expressions says of one that is none
        return str(error)
    return ""


async def drop(asked: Asked) -> Any:
    shelf, id = shelf_of(asked), asked.part("item")
    before = await asked.house.store.item(id)
    if before is None or before["kind"] != shelf.kind or not may_see(asked.person, before):
        raise Missing("there is no such thing")
    _may_change(asked.person, shelf, before, shelf.kind == "rule")
    await asked.house.store.drop_item(id)
    await asked.house.store.audit(
        asked.person.id, f"{shelf.kind}.dropped", asked.address, {"id": id}, asked.house.clock.now()
    )  # fmt: skip
    return {}


def _may_change(person: Person, shelf: Shelf, before: Mapping[str, Any] | None, shared: bool) -> None:
    """People change what is theirs; what others see too is for those who lead."""
    theirs = before is not None and before["owner"] != person.id
    if (theirs or shared) and not (person.role == "admin" or (person.leads and shelf.role != "admin")):
        raise Refused("only who leads may change what others use", 403)


async def run_macro(asked: Asked) -> Any:
    """All acts of a macro, one after the other; the first that is refused ends it."""
    row, macro = await found(asked, asked.part("case")), await asked.house.store.item(asked.part("macro"))
    if macro is None or macro["kind"] != "macro" or not may_see(asked.person, macro):
        raise Missing("there is no such macro")
    given, done = await asked.body(), None
    name = named(given)
    for number, act in enumerate(macro["body"]["acts"]):
        do, numbered = str(act["do"]), {"id": f"{name}.{number}"}
        if do == "reply":
            data: dict[str, Any] = {"messages": answers.prepared(asked.house, row, act.get("messages"))}
        else:
            allowed(asked.person, do, act)
            await known(asked, do, act)
            data = {key: act[key] for key in GIVEN if key in act}
        done = await acted(asked, row["session"], do, numbered, case=row["id"], **data)
    return done
