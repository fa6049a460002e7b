"""Faults, webhooks, the clock, the log and live updates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from runtime.model import Data
from runtime.simulator.control.asked import Wrong, body, known, number, texts
from runtime.simulator.control.chats import shown
from runtime.simulator.control.streaming import streamed
from runtime.simulator.faults import Fault
from runtime.simulator.feed import Change
from runtime.simulator.hooks import KEEP
from runtime.simulator.state import Simulator
from runtime.simulator.values import Said


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
    """Send `events` again in one body, or the last one of a `bot` (and `chat`); with `duplicate` without saying so."""
    given = await body(request)
    ids = texts(given, "events")
    if not ids and given.get("bot"):
        account = simulator.platform.account(str(given["bot"]))
        ids = simulator.hooks.last(account.bot.name, str(given.get("chat") or ""))
    if not ids:
        raise Wrong("events: ids of the events to send again; or bot: whose last one")
    hooks = await simulator.hooks.redeliver(ids, again=not given.get("duplicate", False))
    return {"webhooks": [hook.plain() for hook in hooks]}


async def release(request: Request, simulator: Simulator) -> Any:
    """Send what is held: `events` in that order (default all; `reverse`: the last first), `batch` in a body."""
    account, given = simulator.platform.account(request.path_params["bot"]), await body(request)
    batch, events = given.get("batch", 1), texts(given, "events")
    if not isinstance(batch, int) or batch < 1:
        raise Wrong("batch: how many events in a body, from 1")
    if given.get("reverse") is True:
        events = [hook.id for hook in simulator.hooks.of(account.bot.name, "held", KEEP)][::-1]
    hooks = await simulator.hooks.release(account, events, batch)
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
    simulator.platform.feed.publish("clock", {"now": simulator.clock.now(), "stopped": simulator.clock.stopped})
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
    """Server-sent events: one per change of anything."""
    return streamed(request, simulator.platform.feed, told)


def told(change: Change) -> tuple[str, Data]:
    """Messages as the chat shows them, with what can be tapped."""
    return change.kind, shown(change.data) if isinstance(change.data, Said) else change.data


async def reset(request: Request, simulator: Simulator) -> Any:
    """Forget people, chats, faults, webhooks and the log; the bots and their rich menus stay as they are."""
    simulator.reset()
    return {}
