"""Reading control requests and answering them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from runtime.errors import NorenError
from runtime.simulator.state import Simulator
from runtime.simulator.values import Impossible, Missing


class Wrong(NorenError):
    """What was asked cannot be read."""


Handler = Callable[[Request, Simulator], Awaitable[Any]]


def endpoint(simulator: Simulator, handler: Handler, status: int) -> Callable[[Request], Awaitable[Response]]:
    """A handler as starlette calls it: values become JSON, mistakes become problem+json."""

    async def run(request: Request) -> Response:
        try:
            value = await handler(request, simulator)
        except NorenError as problem:
            return trouble(problem)
        return value if isinstance(value, Response) else JSONResponse(value, status)

    return run


def trouble(problem: NorenError) -> Response:
    """404 for what does not exist, 409 for what cannot be done now, 400 for the rest."""
    status = 404 if isinstance(problem, Missing) else 409 if isinstance(problem, Impossible) else 400
    body = {"title": type(problem).__name__, "status": status, "detail": problem.message}
    return JSONResponse(body, status, media_type="application/problem+json")


def refusal(why: str) -> Response:
    """403 for a request that the guard does not let in."""
    body = {"title": "Refused", "status": 403, "detail": why}
    return JSONResponse(body, 403, media_type="application/problem+json")


async def body(request: Request, *, empty: bool = True) -> dict[str, Any]:
    """The JSON object of the request; nothing at all counts as `{}`."""
    raw = await request.body()
    if not raw and empty:
        return {}
    try:
        found = json.loads(raw)
    except ValueError:
        raise Wrong("the body is no JSON") from None
    if not isinstance(found, dict):
        raise Wrong("the body is no JSON object")
    _whole_characters(found)
    return found


def _whole_characters(found: dict[str, Any]) -> None:
    """Half of a surrogate pair can stand in JSON and nowhere else."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Wrong("a text holds half a character") from None


def known(kind: type[Any], given: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The properties of a dataclass found in a body; unknown names and wrong types are refused."""
    names = {f.name for f in fields(kind)} - set(but)
    hints = get_type_hints(kind)
    for name, value in given.items():
        if name not in names:
            raise Wrong(f"{name}: unknown; there are {', '.join(sorted(names))}")
        if not _fits(hints[name], value):
            raise Wrong(f"{name}: not of the right type")
    return dict(given)


def _fits(hint: Any, value: Any) -> bool:
    """Whether a JSON value is one of what a property may be: `int | None`, `Literal[…]`, `tuple[str, ...]`, …"""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    kinds = [get_origin(one) or one for one in (get_args(hint) if isinstance(hint, UnionType) else (hint,))]
    if isinstance(value, list):
        return tuple in kinds
    if isinstance(value, dict):
        return Mapping in kinds
    return type(value) in kinds


def number(request: Request, name: str, default: int, most: int = 2**53) -> int:
    """A whole number of the query."""
    value = request.query_params.get(name, str(default))
    if not value.isdecimal() or int(value) > most:
        raise Wrong(f"{name}: a whole number up to {most}")
    return int(value)


def texts(given: Mapping[str, Any], name: str) -> list[str]:
    """A list of strings, or none."""
    value = given.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Wrong(f"{name}: a list of texts")
    return value
