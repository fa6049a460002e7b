"""What lanes of a provider and chats send each other, as plain values: the pipeline makes events of them.

A case has two lanes beside its chat's. `endpoint:provider:case` calls the provider, `…:in` takes what comes from there,
so that a slow call holds up no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.model import Data
from runtime.ports import ProviderEvent

IN: Final = ":in"
PROVIDER: Final = "provider"
HANDOVER: Final = "handover"
SAID: Final = "said"
"""Begins the ids of events by which an agent of a provider speaks; `outcome` reads them."""


@dataclass(frozen=True, slots=True)
class Address:
    """A case of a chat, and where it is worked."""

    endpoint: str
    provider: str
    case: str
    chat: str

    @property
    def out(self) -> str:
        return f"{self.endpoint}:{self.provider}:{self.case}"

    @property
    def into(self) -> str:
        return f"{self.out}{IN}"

    def about(self, ref: str) -> dict[str, Any]:
        return {"provider": self.provider, "case": self.case, "ref": ref, "chat": self.chat}


def to_chat(at: Address, key: str, ref: str, **data: Any) -> dict[str, Any]:
    """Something that agents did, for the machine of the chat."""
    begin = SAID if data.get("do") == "reply" else PROVIDER
    told = {"actor": {"kind": PROVIDER, "name": at.provider}, **at.about(ref), **data}
    return {"id": f"{begin}|{at.provider}|{at.case}|{key}", "session": at.chat, "kind": HANDOVER, "data": told}


def to_provider(at: Address, key: str, ref: str, **data: Any) -> dict[str, Any]:
    """Something the provider should do."""
    told = {**at.about(ref), **data}
    return {"id": f"{PROVIDER}|{at.provider}|{at.case}|{key}", "session": at.out, "kind": PROVIDER, "data": told}


def look(at: Address, ref: str, after: int) -> dict[str, Any]:
    """Look there for what nobody told, after so many ms; there is one such plan for a case."""
    data = {**at.about(ref), "do": "look"}
    return {"id": f"{at.into}/look", "session": at.into, "kind": PROVIDER, "data": data, "after": after}


def told(at: Address, key: str, ref: str, events: list[ProviderEvent]) -> dict[str, Any]:
    """What a webhook told."""
    rows = [
        {"kind": e.kind, "ref": e.ref, "key": e.key, "at": e.at, "case": e.case, "agent": e.agent, "data": e.data}
        for e in events
    ]
    data = {**at.about(ref), "do": "told", "told": rows}
    return {"id": f"{PROVIDER}|{at.provider}|{at.case}|in|{key}", "session": at.into, "kind": PROVIDER, "data": data}


def read(rows: Any) -> list[ProviderEvent]:
    """What `told` wrote."""
    return [ProviderEvent(**row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []


def address(args: Data, endpoint: str) -> Address:
    return Address(endpoint, str(args["provider"]), str(args["case"]), str(args["chat"]))
