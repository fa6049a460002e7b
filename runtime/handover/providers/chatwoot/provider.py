"""The calls to Chatwoot: a case is a conversation of an API inbox, opened when people are asked for.

https://developers.chatwoot.com/api-reference/introduction. Nothing there knows idempotency keys: what was done before
is found by marks we leave (`custom_attributes.handover_id`, `source_id`), and looked for whenever there is a doubt.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from runtime.errors import Unverified
from runtime.handover.providers import calling, saying
from runtime.handover.providers.calling import Caller, Request, Trouble
from runtime.handover.providers.chatwoot import reading
from runtime.handover.providers.chatwoot.contacts import Contacts
from runtime.handover.providers.health import Seen, unseen
from runtime.handover.providers.saying import Opener
from runtime.model import Data
from runtime.ports import Clock, ProviderEvent
from runtime.settings.handover import ProviderSettings

CASE: Final = "handover_id"
SENT: Final = 300
"""Messages of a user whose number there is remembered, to take them back."""
PAGE: Final = 100
"""Messages one answer holds when they are asked for after a number."""
DOUBT: Final = 1_000
"""A request older than this may have been tried by a process that died since, in ms."""
PRIORITY: Final = {"low": "low", "high": "high", "urgent": "urgent"}
LONGEST: Final = 150_000
"""Characters of a message."""
BRIEFING: Final = ".briefing"
"""Ends the mark of the note with which each case begins there."""


class Chatwoot:
    """One API inbox of one account."""

    capabilities = frozenset(("files", "notes", "typing", "unsend", "delivery", "survey", "fetch", "availability"))

    def __init__(
        self, name: str, settings: ProviderSettings, request: Request, opener: Opener, clock: Clock,
        seen: Seen = unseen, shared: bool = False,
    ) -> None:  # fmt: skip
        """`shared`: other processes work for the same chats; then what is there is asked for before each line."""
        self._shared = shared
        self.name, self._settings, self._opener, self._clock = name, settings, opener, clock
        host = settings.url.rstrip("/")
        # With a hyphen: proxies drop headers with underscores, and Rack takes both for the same.
        headers = {"api-access-token": settings.token}
        base, wait = f"{host}/api/v1/accounts/{settings.account}", settings.timeout
        self._call = Caller(name, base, wait, headers, request, seen=seen)
        self._public = Caller(name, f"{host}/public/api/v1", wait, {}, request, seen=seen)
        self._contacts = Contacts(self._call, settings.inbox)
        self._last: dict[str, str] = {}

    async def availability(self, wanted: Data) -> Data:
        answer = await self._call("GET", f"/inbox_members/{self._settings.inbox}")
        online = [one for one in answer.get("payload") or [] if one.get("availability_status") == "online"]
        return {"available": bool(online), "online": len(online), "free": len(online)}

    async def open(self, asked: Data, known: Data) -> Data:
        if known.get("ref"):
            return known
        case, customer = str(asked["case"]), asked.get("customer") or {}
        endpoint = str(asked.get("endpoint") or "")
        try:
            contact, source = await self._contacts.number(endpoint, customer)
            found, there = await self._conversation(contact, source, case, asked)
        except Trouble as trouble:
            self._contacts.forget(f"line:{endpoint}:{customer.get('id')}")
            raise Trouble(trouble.message, again=trouble.again, status=trouble.status) from None
        made = {
            **known, "ref": str(found["id"]), "uuid": str(found.get("uuid") or ""), "contact": contact,
            "case": case, "sent": {}, "last": 0,
        }  # fmt: skip
        note = {"content": saying.briefing(asked) or case, "private": True}
        made = await self._write(made, note, f"{case}{BRIEFING}", "outgoing", there)
        if priority := PRIORITY.get(str(asked.get("priority"))):
            await self._call("POST", f"/conversations/{made['ref']}/toggle_priority", {"priority": priority})
        if labels := asked.get("labels"):
            await self._call("POST", f"/conversations/{made['ref']}/labels", {"labels": list(labels)})
        return made

    async def _conversation(self, contact: int, source: str, case: str, asked: Data) -> tuple[Any, bool]:
        """The conversation of this case, and whether it was there before."""
        answer = await self._call("GET", f"/contacts/{contact}/conversations")
        for one in answer.get("payload") or []:
            if (one.get("custom_attributes") or {}).get(CASE) == case:
                return one, True
        attributes = {CASE: case, **_plain(asked.get("context") or {})}
        body = {
            "source_id": source, "inbox_id": self._settings.inbox, "contact_id": contact, "status": "open",
            "custom_attributes": attributes, "additional_attributes": {},
        }  # fmt: skip
        made = await self._call("POST", "/conversations", body)
        kept = made.get("custom_attributes") or {}
        if kept.get(CASE) != case:  # an inbox with a single conversation for each contact gives the last one again
            whole = {"custom_attributes": {**kept, **attributes}}
            await self._call("POST", f"/conversations/{made['id']}/custom_attributes", whole)
        if made.get("status") != "open":
            await self._status(str(made["id"]), "open")
        return made, False

    async def post_customer(self, asked: Data, known: Data) -> Data:
        message = asked.get("message") or {}
        id = str(message.get("id") or asked.get("event") or "")
        file = await asyncio.to_thread(saying.file_of, asked, self._opener, "attachments[]")
        content: dict[str, Any] = {"content": saying.words(asked)[:LONGEST]}
        quoted = (known.get("sent") or {}).get(str(message.get("quoted") or ""))
        if quoted:
            content["content_attributes"] = {"in_reply_to": quoted}
        made = await self._write(known, content, id, "incoming", self._doubtful(asked, known), file)
        sent = {**(known.get("sent") or {}), id: made["wrote"]}
        return {**made, "sent": dict(list(sent.items())[-SENT:])}

    async def post_note(self, asked: Data, known: Data) -> Data:
        content = {"content": str(asked.get("text") or "")[:LONGEST], "private": True}
        return await self._write(known, content, str(asked.get("event")), "outgoing", self._doubtful(asked, known))

    def _doubtful(self, asked: Data, known: Data) -> bool:
        """Whether this may have been tried before: again, late, or by another process, which may have died over it."""
        late = self._clock.now() - int(asked.get("at") or 0) > DOUBT
        others = self._shared or self._last.get(str(known["ref"])) != known.get("mark")
        return others or late or bool(asked.get("attempts"))

    async def _write(
        self, known: Data, content: Data, id: str, type: str, doubtful: bool, file: calling.File | None = None
    ) -> dict[str, Any]:
        """A message in the conversation, once. What was written before is found by its source id."""
        mark, path = f"{reading.OURS}{id}", f"/conversations/{known['ref']}/messages"
        number = await self._written(known, mark) if doubtful else 0
        if not number:
            body: dict[str, Any] = {**content, "message_type": type, "source_id": mark}
            if file is None:
                answer = await self._call("POST", path, body)
            else:
                fields = {k: v if isinstance(v, str) else json.dumps(v) for k, v in body.items()}
                data, form = calling.multipart(fields, [file])
                answer = await self._call("POST", path, headers={"Content-Type": form}, body=data)
            number = int(answer["id"])
        self._last[str(known["ref"])] = mark
        return {**known, "last": max(number, int(known.get("last") or 0)), "mark": mark, "wrote": number}

    async def _written(self, known: Data, mark: str) -> int:
        for message in await self._after(str(known["ref"]), int(known.get("last") or 0)):
            if message.get("source_id") == mark:
                return int(message["id"])
        return 0

    async def _after(self, ref: str, number: int) -> list[Any]:
        """All messages of a conversation after a number, oldest first."""
        found: list[Any] = []
        while True:
            answer = await self._call("GET", f"/conversations/{ref}/messages", query={"after": number})
            page = sorted(answer.get("payload") or [], key=lambda message: int(message["id"]))
            page = [message for message in page if int(message["id"]) > number]
            found += page
            if len(page) < PAGE:
                return found
            number = int(page[-1]["id"])

    async def update(self, values: Data, known: Data) -> Data:
        path = f"/conversations/{known['ref']}"
        if "message" in values:
            body = {"status": values["state"], **({"external_error": values["why"]} if values.get("why") else {})}
            await self._call("PATCH", f"{path}/messages/{values['message']}", body)
        if "rating" in values:
            await self._rate(values, known)
        if "priority" in values:
            await self._call("POST", f"{path}/toggle_priority", {"priority": PRIORITY.get(str(values["priority"]))})
        if "labels" in values:
            await self._call("POST", f"{path}/labels", {"labels": list(values["labels"])})
        if "attrs" in values:  # they are replaced as a whole, and ours must stay
            whole = {"custom_attributes": {**_plain(values["attrs"]), CASE: known.get("case")}}
            await self._call("POST", f"{path}/custom_attributes", whole)
        return known

    async def _rate(self, values: Data, known: Data) -> None:
        """The real survey record, through the door Chatwoot's own survey page uses; it is shut after 14 days."""
        answer = {"rating": int(values["rating"]), "feedback_message": str(values.get("comment") or "")}
        body = {"message": {"submitted_values": {"csat_survey_response": answer}}}
        try:
            await self._public("PATCH", f"/csat_survey/{known.get('uuid')}", body)
        except Trouble as trouble:
            if trouble.status not in (404, 422):  # nobody asked there, or too long ago
                raise

    async def unsend(self, asked: Data, known: Data) -> Data:
        number = (known.get("sent") or {}).get(str(asked.get("message") or ""))
        if number:
            await self._delete(str(known["ref"]), number)
        return known

    async def cancel(self, reason: str, known: Data) -> Data:
        return await self.resolve(reason, known)

    async def resolve(self, reason: str, known: Data) -> Data:
        if not known.get("over"):
            try:
                await self._status(str(known["ref"]), "resolved")
            except Trouble as trouble:
                if not trouble.gone:
                    raise
        return {**known, "over": True}

    async def _status(self, ref: str, status: str) -> None:
        """Always with the status: without one the call turns it over."""
        await self._call("POST", f"/conversations/{ref}/toggle_status", {"status": status})

    async def fetch_since(self, cursor: int, known: Data) -> tuple[list[ProviderEvent], int]:
        ref, case = str(known["ref"]), str(known.get("case") or "")
        conversation = await self._call("GET", f"/conversations/{ref}")
        messages = await self._single(ref, _since_briefing(await self._after(ref, cursor), case))
        found = [event for one in messages if (event := reading.message_event(one, ref, case))]
        last = max([cursor, *(int(one["id"]) for one in messages)])
        # The status last: what was said before the end has to reach the user first.
        return [*found, *reading.conversation_events(conversation, case)], last

    async def _single(self, ref: str, messages: list[Any]) -> list[Any]:
        """Each line of ours once. A process that was cut off from us may have ended its call after we made it again."""
        found: dict[str, Any] = {}
        for one in messages:
            mark = str(one.get("source_id") or "")
            double = mark.startswith(reading.OURS) and mark in found
            if double and not (one.get("content_attributes") or {}).get("deleted"):
                await self._delete(ref, one["id"])
            found.setdefault(mark if mark.startswith(reading.OURS) else f"id {one['id']}", one)
        return list(found.values())

    async def _delete(self, ref: str, number: Any) -> None:
        try:
            await self._call("DELETE", f"/conversations/{ref}/messages/{number}")
        except Trouble as trouble:
            if not trouble.gone:
                raise

    def parse_webhook(self, raw: bytes, headers: Mapping[str, str], secret: str, now: int) -> list[ProviderEvent]:
        signed = self._verified(raw, headers, secret, now)
        body = calling.parsed(raw)
        event = str(body.get("event") or "")
        conversation = body.get("conversation") if event.startswith(("message_", "conversation_typing")) else body
        if not isinstance(conversation, Mapping) or conversation.get("id") is None:
            return []
        inbox = conversation.get("inbox_id", self._settings.inbox)
        if inbox != self._settings.inbox:
            return []
        ref = str(conversation["id"])
        case = str((conversation.get("custom_attributes") or {}).get(CASE) or "")
        if not signed:  # nobody vouches for what it says: it is only a reason to look
            delivery = headers.get("x-chatwoot-delivery") or f"{event}:{body.get('id')}:{now}"
            return [ProviderEvent(kind="look", ref=ref, case=case, key=f"look:{delivery}", at=now)]
        return _told(event, body, conversation, ref, case, now)

    def _verified(self, raw: bytes, headers: Mapping[str, str], secret: str, now: int) -> bool:
        """Whether it is signed. Raises `Unverified` when it should be, or when the address is not the secret one."""
        settings = self._settings
        if settings.webhook_secret:
            stamp, signed = headers.get("x-chatwoot-timestamp", ""), headers.get("x-chatwoot-signature", "")
            calling.verify(settings.webhook_secret, stamp, signed, raw, now)
            return True
        if not calling.same(settings.secret, secret):
            raise Unverified("this is not the secret address of the webhook")
        return False


def _since_briefing(messages: list[Any], case: str) -> list[Any]:
    """Without what was said in earlier cases, where a contact has one conversation for ever."""
    mark = f"{reading.OURS}{case}{BRIEFING}"
    starts = [place for place, one in enumerate(messages) if one.get("source_id") == mark]
    return messages[starts[-1] :] if starts else messages


def _told(event: str, body: Data, conversation: Data, ref: str, case: str, now: int) -> list[ProviderEvent]:
    """What a signed webhook says."""
    if event == "conversation_typing_on" and not body.get("is_private"):
        agent = reading.sender(body.get("user"))
        return [ProviderEvent(kind="typing", ref=ref, case=case, key=f"typing:{now}", at=now, agent=agent)]
    if event in ("message_created", "message_updated"):
        found = reading.message_event(body, ref, case)
        return [found] if found and (event == "message_created" or found.kind == "deleted") else []
    # A change of status comes twice, as conversation_updated too; one of them is enough.
    if event in ("conversation_status_changed", "conversation_updated"):
        kind = "status" if event == "conversation_status_changed" else "assigned"
        return [one for one in reading.conversation_events(conversation, case) if one.kind == kind]
    return []


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What custom attributes can hold."""
    return {str(key): value for key, value in values.items() if isinstance(value, str | int | float | bool)}
