"""Ask LINE itself whether it would take a message, and compare its answer with ours.

LINE checks without sending: https://developers.line.biz/en/reference/messaging-api/#validate-message-objects-of-reply-message
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.clock import SystemClock
from runtime.errors import BadInput, Refused
from runtime.line.api import LineApi
from runtime.line.client import Client
from runtime.line.rules.answer import NBSP
from runtime.line.rules.judge import Judgement, Via
from runtime.line.tokens import token_source
from runtime.project import open_project
from runtime.settings import EndpointSettings


@dataclass(frozen=True, slots=True)
class Opinion:
    """What LINE says: its status, and the body of its refusal (empty where it would take it)."""

    status: int
    answer: Mapping[str, Any]


def endpoint(root: Path, name: str) -> EndpointSettings:
    """The settings of the endpoint whose token is used."""
    known = open_project(root).settings.endpoints
    if name not in known:
        raise BadInput(f"there is no endpoint {name!r}; noren.yaml has {', '.join(known) or 'none'}")
    return known[name]


def ask(config: EndpointSettings, value: Any, kind: str, via: Via) -> Opinion:
    """LINE's opinion of messages (`kind` messages) or of a rich menu. Raises `Refused` when it will not be asked."""

    async def asked() -> Opinion:
        client, clock = Client(), SystemClock()
        try:
            api = LineApi(client, token_source(config, client, clock), api=config.api)
            if kind == "richmenu":
                await api.validate_menu(value)
            else:
                await api.validate(value, "push" if via == "validate" else via)
        finally:
            await client.close()
        return Opinion(200, {})

    try:
        return asyncio.run(asked())
    except Refused as error:
        if error.status != 400:
            raise
        return Opinion(error.status, error.answer)


def differences(ours: Judgement, theirs: Opinion) -> list[str]:
    """Where LINE says something else than we do: a line each, beginning with who says it."""
    mine, its = list(_sentences(ours.response or {})), list(_sentences(theirs.answer))
    made = [f"only LINE: {one}" for one in its if one not in mine]
    made += [f"only we: {one}" for one in mine if one not in its]
    if ours.valid and theirs.status == 400:
        return ["LINE refuses what we would send", *made]
    return ["LINE takes what we would not send", *made] if not ours.valid and theirs.status == 200 else made


def _sentences(answer: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of an error body, each with its property; kinds of white space are one."""
    details = answer.get("details")
    rows = [row for row in details if isinstance(row, Mapping)] if isinstance(details, list) else []
    if answer.get("message"):
        yield _plain(answer["message"])
    for row in rows:
        where = f"{row['property']}: " if row.get("property") else ""
        yield _plain(f"{where}{row.get('message', '')}")


def _plain(text: Any) -> str:
    return " ".join(str(text).replace(NBSP, " ").split())
