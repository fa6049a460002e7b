"""The simulator's control API from outside, over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from runtime.errors import BadInput, ChannelError
from runtime.line.client import Client

API = "/simulator/api"
PATIENCE = 75.0
"""Seconds an answer may take: longer than the longest wait that is asked for."""


class Control:
    """Calls that give JSON. They raise `BadInput` with the simulator's own words, `ChannelError` when it is gone."""

    def __init__(self, base: str, client: Client) -> None:
        self.base = base.rstrip("/")
        self._client = client

    async def get(self, path: str, **query: Any) -> Any:
        return await self._ask("GET", path + (f"?{urlencode(query)}" if query else ""))

    async def post(self, path: str, **body: Any) -> Any:
        return await self._ask("POST", path, body)

    async def patch(self, path: str, **body: Any) -> Any:
        return await self._ask("PATCH", path, body)

    async def delete(self, path: str) -> Any:
        return await self._ask("DELETE", path)

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = b"" if body is None else msgspec.json.encode(body)
        kind = {"Content-Type": "application/json"} if data else {}
        answer = await self._client.request(method, f"{self.base}{API}{path}", kind, data, timeout=PATIENCE)
        value = decoded(answer.body)
        if answer.status >= 400:
            raise BadInput(str(value.get("detail") or f"the simulator answered {answer.status}"))
        return value


def decoded(body: bytes) -> Any:
    """The JSON of an answer; an empty mapping for anything else."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}


async def bots_at(base: str, client: Client) -> list[dict[str, Any]] | None:
    """The bots of the simulator at an address; None when there is no simulator."""
    try:
        found = await Control(base, client).get("/bots")
    except (ChannelError, BadInput, ValueError):
        return None
    bots = found.get("bots") if isinstance(found, dict) else None
    return bots if isinstance(bots, list) else None
