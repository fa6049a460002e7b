"""The page's other side: whoever tries a bot is its agent too, and answers at the desk of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from runtime.desk.doors import COOKIE, LONGEST, Person
from runtime.desk.house import DeskHouse
from runtime.desk.passwords import fits, hashed
from runtime.desk.summaries import summary
from runtime.errors import StoreError
from runtime.handover.verify import known_queues
from runtime.project import Project
from runtime.settings import Settings
from runtime.simulator.control.asked import Wrong, body
from runtime.simulator.guard import name_of
from runtime.simulator.values import Impossible
from runtime.store import connect
from runtime.store.listing import LIVE, CaseFilter
from runtime.store.store import Store
from runtime.transcript.acted import acts_of
from runtime.workbench.bench import Bench

YOU: Final = "you"
EMAIL: Final = "you@localhost"
CAPACITY: Final = 50
FAR: Final = 400 * 86_400_000
"""How far ahead the agent of the page counts as there, in ms: turning the clock must not make them leave."""

STATUSES: Final = ("online", "away", "offline")
ACTS: Final[Mapping[str, frozenset[str]]] = {
    "accept": frozenset(("offer",)),
    "reject": frozenset(("offer",)),
    "claim": frozenset(),
    "take_over": frozenset(),
    "reply": frozenset(("messages",)),
    "note": frozenset(("text",)),
    "transfer": frozenset(("queue", "agent", "note")),
    "snooze": frozenset(("until",)),
    "wake": frozenset(),
    "resolve": frozenset(("labels", "inject")),
    "done": frozenset(),
    "pause": frozenset(),
    "resume": frozenset(),
}
"""What the agent of the page can do, and what each act may bring along."""

SHOWN: Final = 40
"""Lines of a chat's log that are shown."""
MINE: Final = ("127.0.0.1", "localhost", "::1")


async def overview(request: Request, bench: Bench) -> Any:
    """The cases of this bot, and the notes of one chat (`session`)."""
    house = desk_of(bench)
    if house is None:
        return {"desk": None, "status": "offline", "cases": [], "queues": [], "notes": [], "flows": []}
    agent = await house.store.agent(YOU)
    status = agent["status"] if agent else "offline"
    if status == "online":
        await house.store.beat(YOU, house.clock.now() + FAR)
    rows = await house.store.list_cases(CaseFilter(states=(*LIVE, "wrap_up", "offline")), 100)
    names, books = await house.names(), [one.book for one in bench.life.runtime.house.endpoints.values()]
    return {
        "desk": "/simulator/desk",
        "status": status,
        "you": YOU,
        "cases": [summary(row, names) for row in rows],
        "queues": list(known_queues(house.settings.handover) or ("default",)),
        "notes": await _notes(house, request.query_params.get("session", "")),
        "flows": sorted({name for one in books for name in one.current.flows}),
    }


async def _notes(house: DeskHouse, session: str) -> list[dict[str, Any]]:
    """What only people at the desk see of a chat."""
    items = await house.store.timeline(session, 2**53, SHOWN * 4) if session else []
    found = [one for one in items if one["what"] == "happened" and one["type"] == "note.added"]
    return [
        {"at": one["at"], "by": str(one["actor"].get("name") or one["actor"].get("kind") or ""),
         "text": str(one["data"].get("text") or "")}
        for one in found[-SHOWN:]
    ]  # fmt: skip


async def presence(request: Request, bench: Bench) -> Any:
    """Come and go."""
    house, status = there(bench), (await body(request)).get("status")
    if status not in STATUSES:
        raise Wrong(f"status: one of {', '.join(STATUSES)}")
    await account(bench, house)
    now = house.clock.now()
    await house.store.present(YOU, status, now)
    if status == "online":
        await house.store.beat(YOU, now + FAR)
    house.nudge()
    return {"status": status}


async def act(request: Request, bench: Bench) -> Any:
    """Do something to a chat (`session`). What its case does not allow is told with the reason."""
    house, given = there(bench), await body(request)
    do, session = str(given.get("do") or ""), str(given.get("session") or "")
    if do not in ACTS:
        raise Wrong(f"do: one of {', '.join(ACTS)}")
    if await house.session(session) is None:
        raise Wrong("session: there is no such conversation")
    await account(bench, house)
    data = {key: given[key] for key in ACTS[do] if key in given}
    if do == "snooze":
        data["until"] = house.clock.now() + int(given.get("for") or 0)
    if do in ("claim", "take_over", "done") and given.get("case"):
        data["case"] = str(given["case"])
    notes = await house.act(person(), session, do, secrets.token_hex(8), **data)
    refused = next((one for one in notes if one["type"] == "ignored"), None)
    if refused is not None:
        raise Impossible(str(refused["data"].get("why") or "that cannot be done now"))
    bench.feed.publish("session", {"key": session})
    return {"done": bool(notes)}


async def acts(request: Request, bench: Bench) -> Any:
    """What agents did in a `session`, for recordings."""
    return {"acts": await acts_of(bench.life.store, request.query_params.get("session", ""))}


async def enter(request: Request, bench: Bench) -> Response:
    """Open the desk, signed in: for a browser on this very machine only."""
    client = request.client.host if request.client else ""
    if client not in MINE or name_of(request.headers.get("host", "")) not in MINE:
        raise Impossible("the desk opens without a password on this machine only; use 127.0.0.1")
    house = there(bench)
    word = await account(bench, house)
    ticket = await house.doors.sign_in(EMAIL, word, client)
    host = request.url.hostname or MINE[0]
    answer = RedirectResponse(f"http://{f'[{host}]' if ':' in host else host}:{bench.life.port}/desk/", 303)
    answer.set_cookie(COOKIE, ticket, max_age=LONGEST // 1000, path="/desk", httponly=True, samesite="strict")
    return answer


def desk_of(bench: Bench) -> DeskHouse | None:
    return bench.life.runtime.desk if bench.life.state == "running" else None


def there(bench: Bench) -> DeskHouse:
    """Raises `Impossible` where there is no desk."""
    house = desk_of(bench)
    if house is None:
        raise Impossible("there is no desk: noren.yaml has no workstream under `handover`, or the bot does not run")
    return house


async def account(bench: Bench, house: DeskHouse) -> str:
    """The account of whoever uses this machine; its password."""
    return await enrolled(bench.project, house.settings, house.store, house.clock.now())


async def enrolled(project: Project, settings: Settings, store: Store, now: int) -> str:
    """The same, made when it is not there."""
    word = await asyncio.to_thread(password, project.hidden)
    agent, queues = await store.agent(YOU), list(known_queues(settings.handover) or ("default",))
    if agent is None or agent["body"].get("queues") != queues:
        kept = agent["body"] if agent else {"name": "You", "skills": [], "languages": [], "capacity": CAPACITY}
        await store.put_agent(YOU, EMAIL, "admin", {**kept, "queues": queues}, now)
    if not await asyncio.to_thread(fits, await store.password_hash(YOU), word):
        await store.put_password_hash(YOU, await asyncio.to_thread(hashed, word), now)
    return word


async def prepared(project: Project, settings: Settings, now: int) -> None:
    """Have the account in the store of `noren dev` before the bot begins: so nobody has to make a first one."""
    if not settings.handover.workstreams:
        return
    store = connect(settings.store, project.root)
    with contextlib.suppress(StoreError):  # the bot's own start tells what is wrong with it
        await store.open()
        try:
            await enrolled(project, settings, store, now)
        finally:
            await store.close()


def password(hidden: Path) -> str:
    """Made once for the store of `noren dev`, and readable by its owner alone."""
    path = hidden / "dev-desk.key"
    if not path.is_file():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


def person() -> Person:
    return Person(id=YOU, role="admin", name="You", queues=frozenset(), body={}, csrf="", ticket="")
