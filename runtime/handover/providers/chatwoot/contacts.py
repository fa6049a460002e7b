"""The customer of a chat as Chatwoot's contact: found by identifier, made once, attached to our inbox."""

from __future__ import annotations

from typing import Any, Final

from runtime.handover.providers.calling import Caller, Trouble
from runtime.model import Data

KEPT: Final = 4_096
"""Contacts whose number is remembered."""


class Contacts:
    """Numbers of contacts by identifier. LINE's user id is unique within a provider, so the endpoint goes before it."""

    def __init__(self, call: Caller, inbox: int) -> None:
        self._call, self._inbox = call, inbox
        self._numbers: dict[str, int] = {}

    async def number(self, endpoint: str, customer: Data) -> tuple[int, str]:
        """The contact's number and its source id in our inbox."""
        identifier = f"line:{endpoint}:{customer.get('id')}"
        number = self._numbers.get(identifier)
        if number is None:
            number = await self._found(identifier) or await self._made(identifier, customer)
            self._numbers[identifier] = number
            if len(self._numbers) > KEPT:
                del self._numbers[next(iter(self._numbers))]
        return number, identifier

    def forget(self, identifier: str) -> None:
        """It is not there any more, or became part of another."""
        self._numbers.pop(identifier, None)

    async def _found(self, identifier: str) -> int:
        """The filter compares whole values; the search would find parts, and answers only 100 times a minute."""
        wanted = {
            "attribute_key": "identifier", "filter_operator": "equal_to", "values": [identifier],
            "query_operator": None,
        }  # fmt: skip
        answer = await self._call("POST", "/contacts/filter", {"payload": [wanted]})
        for contact in answer.get("payload") or []:
            if str(contact.get("identifier")).casefold() == identifier.casefold():
                await self._attached(contact, identifier)
                return int(contact["id"])
        return 0

    async def _attached(self, contact: Data, identifier: str) -> None:
        """A contact that came from elsewhere has no place in our inbox yet."""
        places = contact.get("contact_inboxes") or []
        if any(str(place.get("source_id")) == identifier for place in places):
            return
        try:
            await self._call(
                "POST", f"/contacts/{contact['id']}/contact_inboxes",
                {"inbox_id": self._inbox, "source_id": identifier},
            )  # fmt: skip
        except Trouble as trouble:
            if trouble.status != 422:  # it is there already; lists of contacts need not show it
                raise

    async def _made(self, identifier: str, customer: Data) -> int:
        body: dict[str, Any] = {
            "inbox_id": self._inbox, "source_id": identifier, "identifier": identifier,
            "name": str(customer.get("name") or "LINE"),
            "custom_attributes": {"line_language": customer.get("language")} if customer.get("language") else {},
        }  # fmt: skip
        if customer.get("picture"):
            body["avatar_url"] = str(customer["picture"])
        try:
            answer = await self._call("POST", "/contacts", body)
        except Trouble as trouble:
            found = await self._found(identifier) if trouble.status == 422 else 0
            if not found:
                raise
            return found  # somebody else made it in this moment
        return int(answer["payload"]["contact"]["id"])
