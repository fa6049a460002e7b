"""Faults, webhooks, the clock, the log and live updates."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from runtime.simulator.control.asked import Wrong, body, known, number, texts
from runtime.simulator.faults import Fault
from runtime.simulator.state import Simulator

HEARTBEAT = 15.0


async def list_faults(request: Request, simulator: Simulator) -> Any:
    return {"faults": [asdict(fault) for fault in simulator.faults.list()]}


async def add_fault(request: Request, simulator: Simulator) -> Any:
    given = known(Fault, await body(request), but=("id", "hits"))
    if "kind" not in given:
        raise Wrong("kind: what goes wrong?")
    return asdict(simulator.faults.add(Fault(**given)))


async def remove_fault(request: Request, simulator: Simulator) -> Any:
    simulator.faults.remove(request.path_params["fault"])
    return {}


async def clear_faults(request: Request, simulator: Simulator) -> Any:
    simulator.faults.clear()
    return {}


async def list_webhooks(request: Request, simulator: Simulator) -> Any:
    account = simulator.platform.account(request.path_params["bot"])
    state, limit = request.query_params.get("state", ""), number(request, "limit", 500)
    return {"webhooks": [hook.plain() for hook in simulator.hooks.of(account.bot.name, state, limit)]}


async def redeliver(request: Request, simulator: Simulator) -> Any:
    """Send `events` again in one body; with `duplicate` without saying so."""
    given = await body(request)
    ids = texts(given, "events")
    if not ids:
        raise Wrong("events: ids of the events to send again")
    hooks = await simulator.hooks.redeliver(ids, again=not given.get("duplicate", False))
    return {"webhooks": [hook.plain() for hook in hooks]}


async def release(request: Request, simulator: Simulator) -> Any:
    """Send what is held: `events` in that order (default all), `batch` in a body."""
    account, given = simulator.platform.account(request.path_params["bot"]), await body(request)
    batch = given.get("batch", 1)
    if not isinstance(batch, int) or batch < 1:
        raise Wrong("batch: how many events in a body, from 1")
    hooks = await simulator.hooks.release(account, texts(given, "events"), batch)
    return {"webhooks": [hook.plain() for hook in hooks]}


async def settle(request: Request, simulator: Simulator) -> Any:
    """Answers when every webhook that was queued has been sent once."""
    await simulator.hooks.idle()
    return {}


async def get_clock(request: Request, simulator: Simulator) -> Any:
    return {"now": simulator.clock.now(), "stopped": simulator.clock.stopped}


async def set_clock(request: Request, simulator: Simulator) -> Any:
    """`stop`: true, or the time to stop at; `advance`: milliseconds; `run`: true."""
    given = await body(request)
    stop, advance = given.get("stop"), given.get("advance", 0)
    if not isinstance(advance, int) or advance < 0:
        raise Wrong("advance: milliseconds, not backwards")
    if stop is True or isinstance(stop, int):
        simulator.clock.stop(None if stop is True else stop)
    if advance:
        simulator.clock.advance(advance)
    if given.get("run") is True:
        simulator.clock.run()
    simulator.platform.feed.publish("clock", {"now": simulator.clock.now()})
    return await get_clock(request, simulator)


async def log(request: Request, simulator: Simulator) -> Any:
    query = request.query_params
    wanted = {name: query.get(name, "") for name in ("way", "bot", "path")}
    after, limit = number(request, "after", 0), number(request, "limit", 500)
    return {"log": [e.plain() for e in simulator.journal.since(after, **wanted, limit=limit)]}


async def clear_log(request: Request, simulator: Simulator) -> Any:
    simulator.journal.clear()
    return {}


async def stream(request: Request, simulator: Simulator) -> Any:
    """Server-sent events: one per change, with its rev as id, so that a lost connection goes on where it was."""
    last = request.headers.get("last-event-id") or request.query_params.get("after")
    start = int(last) if last and last.isdecimal() else simulator.platform.feed.rev
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_changes(simulator, start), media_type="text/event-stream", headers=headers)


async def _changes(simulator: Simulator, rev: int) -> AsyncIterator[str]:
    feed = simulator.platform.feed
    yield "retry: 1000\n\n"
    while not feed.closed:
        for change in feed.since(rev):
            rev = change.rev
            data = json.dumps(change.plain(), ensure_ascii=False)
            yield f"id: {rev}\nevent: {change.kind}\ndata: {data}\n\n"
        if not await feed.changed(HEARTBEAT):
            yield ": still here\n\n"


async def reset(request: Request, simulator: Simulator) -> Any:
    """Forget people, chats, faults, webhooks and the log; the bots stay as they are."""
    simulator.reset()
    return {}
