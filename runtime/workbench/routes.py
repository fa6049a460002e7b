"""The routes of the workbench, as one table. `docs/reference/simulator.md` describes each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runtime.errors import NorenError
from runtime.simulator.control.asked import trouble
from runtime.workbench import agent, conversations, overview, pictures, trials
from runtime.workbench.bench import Bench

BASE: Final = "/simulator/api/workbench"
DESK: Final = "/simulator/desk"
"""Leads to the desk, signed in."""
Handler = Callable[[Request, Bench], Awaitable[Any]]

ROUTES: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("GET", "", overview.overview),
    ("GET", "/stream", overview.stream),
    ("GET", "/findings", overview.findings),
    ("GET", "/source", overview.source),
    ("POST", "/open", overview.open_file),
    ("POST", "/runtime", overview.runtime),
    ("GET", "/sessions", conversations.key),
    ("GET", "/sessions/{key}", conversations.session),
    ("PATCH", "/sessions/{key}", conversations.change),
    ("DELETE", "/sessions/{key}", conversations.end),
    ("GET", "/sessions/{key}/turns", conversations.turns),
    ("GET", "/turns/{event}", conversations.turn),
    ("POST", "/events/{event}/retry", conversations.retry),
    ("GET", "/messages/{message}", conversations.message),
    ("GET", "/flows/{endpoint}/{flow}.svg", pictures.picture),
    ("GET", "/tests", trials.tests),
    ("POST", "/tests/run", trials.run),
    ("POST", "/recordings", trials.record),
    ("PUT", "/recordings/{name}", trials.keep),
    ("POST", "/replays", trials.replay),
    ("GET", "/agent", agent.overview),
    ("PUT", "/agent/presence", agent.presence),
    ("GET", "/agent/acts", agent.acts),
    ("POST", "/agent/acts", agent.act),
)
"""Method, path under `BASE`, handler."""


def routes(bench: Bench) -> list[Route]:
    every = [Route(BASE + path, answering(bench, handler), methods=[method]) for method, path, handler in ROUTES]
    return [*every, Route(DESK, answering(bench, agent.enter), methods=["GET"])]


def answering(bench: Bench, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler as starlette calls it: values become JSON, nothing 204, mistakes problem+json."""

    async def run(request: Request) -> Response:
        try:
            value = await handler(request, bench)
        except NorenError as problem:
            return trouble(problem)
        if isinstance(value, Response):
            return value
        return Response(status_code=204) if value is None else JSONResponse(value)

    return run
