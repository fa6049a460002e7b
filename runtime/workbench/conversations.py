"""Sessions and turns: looking at them, and changing what a conversation remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request

from runtime.errors import BadInput
from runtime.model import Session
from runtime.simulator.control.asked import Wrong, body, number
from runtime.simulator.values import Missing
from runtime.store.store import Store
from runtime.workbench import shown, stored
from runtime.workbench.bench import Bench
from runtime.workbench.places import of_place
from runtime.workbench.record import Record

PAGE: Final = 50
MOST: Final = 500
DEEP: Final = 20_000
"""How many of a session's events are looked through for a page, and for one further back."""
EDITED: Final = ("vars", "kept", "profile", "storage", "language")


async def key(request: Request, bench: Bench) -> Any:
    """The key of the session of a chat; in groups that of `user`, where the endpoint keeps one for each member."""
    query = request.query_params
    name, chat, user = query.get("endpoint", ""), query.get("chat", ""), query.get("user", "")
    if not chat:
        raise Wrong("chat: whose session?")
    each = bench.endpoint(name).settings.session.per == "member"
    return {"key": f"{name}:{chat}:{user}" if each and user and not chat.startswith("U") else f"{name}:{chat}"}


async def session(request: Request, bench: Bench) -> Any:
    """Nothing (204) before the first event: that is no mistake of whoever asks."""
    key = request.path_params["key"]
    return await told(bench, key) if await bench.life.store.load_session(key) is not None else None


async def told(bench: Bench, key: str) -> dict[str, Any]:
    store = bench.life.store
    found = await there(store, key)
    busy = (await store.show_session(key))["worker"] is not None
    return {
        **shown.session(found, bench.book(found.endpoint)),
        "timers": await stored.timers(store, key),
        "busy": busy,
    }


async def change(request: Request, bench: Bench) -> Any:
    """Change what a conversation remembers: values by name, null takes one away, `vars` by flow."""
    key, given = request.path_params["key"], await body(request)
    for name, value in given.items():
        if name not in EDITED:
            raise Wrong(f"{name}: unknown; there are {', '.join(EDITED)}")
        if not isinstance(value, str if name == "language" else Mapping):
            raise Wrong(f"{name}: {'a language' if name == 'language' else 'values by name'}")
    store, now = bench.life.store, bench.simulator.clock.now()
    found = await there(store, key)
    fitting = {flow: fits(bench, found, flow, values) for flow, values in given.get("vars", {}).items()}
    whole = {**given, "vars": fitting} if fitting else given
    await store.change_session(key, lambda one: edited(one, whole), now)
    bench.feed.publish("session", {"key": key})
    return await told(bench, key)


def edited(one: Session, given: Mapping[str, Any]) -> Session:
    changes: dict[str, Any] = {name: merged(getattr(one, name), given[name]) for name in EDITED[1:4] if name in given}
    if "language" in given:
        changes["language"] = given["language"]
    changed = replace(one, **changes)
    for flow, values in given.get("vars", {}).items():
        changed = assigned(changed, flow, values)
    return changed


def fits(bench: Bench, one: Session, flow: str, values: Any) -> Any:
    """Values as the flow's variables keep them. Raises `Wrong` for one that a variable cannot have."""
    book = bench.book(one.endpoint)
    found = book.current.flows.get(flow) if book is not None else None
    if found is None or not isinstance(values, Mapping):
        return values
    kept = dict(values)
    for name, value in values.items():
        variable = found.vars.get(name)
        try:
            kept[name] = variable.take(value) if variable is not None and value is not None else value
        except ValueError as error:
            raise Wrong(f"vars.{flow}.{name}: {error}") from None
    return kept


def assigned(one: Session, flow: str, values: Any) -> Session:
    """Variables of a flow, where they are: with a flow that waits below another, else on the shelf."""
    if values is not None and not isinstance(values, Mapping):
        raise Wrong(f"vars.{flow}: values by name")
    for index, frame in enumerate(one.stack):
        if frame.flow == flow and frame.vars:
            below = replace(frame, vars=merged(frame.vars, dict.fromkeys(frame.vars) if values is None else values))
            return replace(one, stack=(*one.stack[:index], below, *one.stack[index + 1 :]))
    shelf = None if values is None else merged(one.vars.get(flow, {}), values)
    return replace(one, vars=merged(one.vars, {flow: shelf}))


def merged(old: Mapping[str, Any], new: Mapping[str, Any] | None) -> dict[str, Any]:
    """The old values with the new ones over them; None takes one away."""
    whole = {**old, **(new or {})}
    return {name: value for name, value in whole.items() if value is not None}


async def there(store: Store, key: str) -> Session:
    """Raises `Missing`."""
    found = await store.load_session(key)
    if found is None:
        raise Missing("nothing has happened in this conversation yet")
    return found


async def end(request: Request, bench: Bench) -> Any:
    """The next message starts afresh; what is kept for ever stays."""
    key = request.path_params["key"]
    await there(bench.life.store, key)
    await bench.life.store.end_session(key, bench.simulator.clock.now())
    bench.feed.publish("session", {"key": key})
    return await told(bench, key)


# ── turns ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def turns(request: Request, bench: Bench) -> Any:
    """A session's turns, newest first: those remembered, then what the store has of earlier ones."""
    key, limit = request.path_params["key"], number(request, "limit", PAGE, MOST)
    before, outbox = request.query_params.get("before", ""), list[Mapping[str, Any]]()
    bench.records.view(key)
    ids = [one.event.id for one in bench.records.of(key)]
    if bench.life.state == "running":
        deep = DEEP if before else MOST
        rows = await bench.life.store.list_events(None, key, deep)
        outbox += await bench.life.store.list_outbox(None, key, deep)
        ids += [row["id"] for row in rows if row["id"] not in set(ids) and row["state"] != "due"]
    if before in ids:
        ids = ids[ids.index(before) + 1 :]
    return {"turns": [await turn_of(bench, id, outbox) for id in ids[:limit]]}


async def turn(request: Request, bench: Bench) -> Any:
    return await turn_of(bench, request.path_params["event"])


async def turn_of(bench: Bench, event: str, outbox: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Raises `Missing`."""
    record = bench.records.get(event)
    if record is not None:
        return shown.turn(record, bench.book(record.event.endpoint))
    try:
        row = await bench.life.store.show_event(event)
        return await stored.turn(bench.life.store, event, bench.book(row["endpoint"]), outbox)
    except BadInput as error:
        raise Missing(error.message) from None


async def retry(request: Request, bench: Bench) -> Any:
    """Work a parked event again."""
    event = request.path_params["event"]
    await bench.life.store.retry_event(event, bench.simulator.clock.now())
    worker = bench.life.runtime.worker
    if worker is not None:
        worker.nudge()
    return {"event": event}


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────


async def message(request: Request, bench: Bench) -> Any:
    """Which turn a message of the chat belongs to, and the step and line it came from. Raises `Missing`."""
    id = request.path_params["message"]
    found = bench.records.message(id)
    if found is not None:
        return origin(bench, *found)
    said = bench.simulator.platform.chats.find(id)
    if said is not None and bench.life.state == "running":
        keys = (f"{said.bot}:{said.chat}", f"{said.bot}:{said.chat}:{said.who}")
        for key in keys:
            if told := await stored.message(bench.life.store, key, id, bench.book(said.bot)):
                return told
    raise Missing(f"no turn is known that message {id} belongs to")


def origin(bench: Bench, record: Record, number: int) -> dict[str, Any]:
    """For the user's own message (-1) the trigger or the question that took it."""
    turn = shown.turn(record, bench.book(record.event.endpoint))
    told = {"event": record.event.id, "message": number}
    if number < 0:
        first = turn["trigger"] or turn["waited"] or next((one for one in turn["steps"] if one.get("file")), None) or {}
        place = {name: first.get(name, "") for name in ("flow", "file")}
        return {**told, **place, "step": first.get("step", first.get("path", "")), "line": first.get("line", 0)}
    messages = turn["messages"]
    output = messages[number]["output"] if number < len(messages) else None
    if output is None:
        return {**told, **of_place_of(bench, record)}
    return {**told, **{name: turn["outputs"][output][name] for name in ("flow", "step", "file", "line")}}


def of_place_of(bench: Bench, record: Record) -> dict[str, Any]:
    book = bench.book(record.event.endpoint)
    return of_place(book.current, None) if book is not None else {"flow": "", "step": "", "file": "", "line": 0}
