"""The desk as a provider: everything is local already, so there is nothing to call."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.errors import Unverified
from runtime.model import Data
from runtime.ports import ProviderEvent


class Desk:
    """Cases of the desk live in our own store; agents' acts come in as events, without a provider between."""

    capabilities = frozenset(("files", "notes", "typing", "unsend", "delivery", "survey", "availability"))

    def __init__(self, name: str) -> None:
        self.name = name

    async def availability(self, wanted: Data) -> Data:
        return {}

    async def open(self, asked: Data, known: Data) -> Data:
        return {**known, "ref": str(asked.get("case") or "")}

    async def post_customer(self, asked: Data, known: Data) -> Data:
        return known

    async def post_note(self, asked: Data, known: Data) -> Data:
        return known

    async def update(self, values: Data, known: Data) -> Data:
        return known

    async def unsend(self, asked: Data, known: Data) -> Data:
        return known

    async def cancel(self, reason: str, known: Data) -> Data:
        return known

    async def resolve(self, reason: str, known: Data) -> Data:
        return known

    async def fetch_since(self, cursor: int, known: Data) -> tuple[list[ProviderEvent], int]:
        return [], cursor

    def parse_webhook(self, raw: bytes, headers: Mapping[str, str], secret: str, now: int) -> list[ProviderEvent]:
        raise Unverified("the desk has no webhook")
