"""Flows as pictures in which a conversation can be seen walking."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from runtime.flow.graph.make import graph_of
from runtime.flow.graph.svg import Coverage, Lit, svg
from runtime.flow.tree import Flows
from runtime.simulator.values import Missing
from runtime.transcript.coverage import visited
from runtime.workbench.bench import Bench


async def picture(request: Request, bench: Bench) -> Any:
    """With `session` the step it waits at and those of its last turn stand out; with `coverage`, what tests tried."""
    name, flow, query = request.path_params["endpoint"], request.path_params["flow"], request.query_params
    flows = bench.endpoint(name).book.current
    if flow not in flows.flows:
        raise Missing(f"there is no flow {flow}")
    lit = await walked(bench, query.get("session", ""))
    tried = bench.tried.get(name) if query.get("coverage") in ("1", "true") else None
    language = query.get("language", "")
    text = await asyncio.to_thread(draw, flows, flow, language, Coverage(tried) if tried is not None else None, lit)
    return Response(text, media_type="image/svg+xml", headers={"cache-control": "no-store"})


def draw(flows: Flows, flow: str, language: str, coverage: Coverage | None, lit: Lit) -> str:
    return svg(graph_of(flows, flow, language=language), coverage=coverage, lit=lit)


async def walked(bench: Bench, key: str) -> Lit:
    """Where a session waits, and what its last turn went through."""
    if not key or bench.life.state != "running":
        return Lit()
    session = await bench.life.store.load_session(key)
    cursor = session.cursor if session is not None else None
    last = next((one.turn for one in bench.records.of(key) if one.turn is not None), None)
    steps = visited(last.trace) if last is not None else set()
    return Lit(f"{cursor.flow}.{cursor.step}" if cursor is not None else "", frozenset(steps))
