"""Any desk by signed webhooks both ways, in the words of the Bot Framework: `handoff.initiate`, `handoff.status`.

https://learn.microsoft.com/azure/bot-service/bot-service-design-pattern-handoff-human. The shapes are in
docs/reference/handover-webhook.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from runtime.errors import BadBody
from runtime.handover.providers import calling, saying
from runtime.handover.providers.calling import Caller, Request
from runtime.handover.providers.health import Seen, unseen
from runtime.handover.providers.saying import Opener
from runtime.model import Data
from runtime.ports import Clock, ProviderEvent
from runtime.settings.handover import ProviderSettings

STAMP: Final = "x-noren-timestamp"
SIGNED: Final = "x-noren-signature"
STATES: Final = {"accepted": "accepted", "failed": "failed"}
ENDS: Final = {"completed": "resolved", "returned": "returned", "snoozed": "snoozed", "open": "open"}
ROLES: Final = ("bot", "agent", "user")


class Webhook:
    """One desk behind one address. `public` is where it finds the files of users."""

    capabilities = frozenset(("files", "notes", "typing", "unsend", "delivery", "survey"))

    def __init__(
        self, name: str, settings: ProviderSettings, request: Request, opener: Opener, clock: Clock, public: str,
        seen: Seen = unseen,
    ) -> None:  # fmt: skip
        self.name, self._settings, self._opener, self._clock = name, settings, opener, clock
        self._files = f"{public.rstrip('/')}/handover/{name}/files"
        kind = {"Content-Type": "application/json"}
        self._call = Caller(name, settings.url, settings.timeout, kind, request, seen=seen)

    async def availability(self, wanted: Data) -> Data:
        """This vocabulary has no word for it: the desk is taken to be there."""
        return {"available": True}

    async def open(self, asked: Data, known: Data) -> Data:
        if known.get("ref"):
            return known
        case = str(asked["case"])
        value = {
            "customer": asked.get("customer") or {}, "subject": asked.get("subject") or "",
            "context": asked.get("context") or {}, "priority": asked.get("priority") or "normal",
            "labels": list(asked.get("labels") or ()), "language": asked.get("language") or "",
            "transcript": asked.get("transcript") or "", "endpoint": asked.get("endpoint"),
        }  # fmt: skip
        answer = await self._event(f"{case}.open", case, "handoff.initiate", value)
        if isinstance(answer, Mapping) and answer.get("state") == "failed":
            raise calling.Trouble(f"{self.name} does not take the case")
        return {**known, "ref": case}

    async def post_customer(self, asked: Data, known: Data) -> Data:
        message = asked.get("message") or {}
        content = message.get("content") or {}
        files = []
        if token := str(content.get("token") or ""):
            name = str(message.get("name") or message.get("type") or "file")
            files.append({"contentType": content.get("type"), "contentUrl": f"{self._files}/{token}", "name": name})
        said = {
            "type": "message", "from": {"role": "user", "id": asked.get("user"), "name": asked.get("author")},
            "text": saying.words(asked), "attachments": files, "message": message.get("id") or "",
        }  # fmt: skip
        await self._post(str(asked.get("event")), known, said)
        return known

    async def post_note(self, asked: Data, known: Data) -> Data:
        said = {"type": "note", "from": {"role": "bot"}, "text": str(asked.get("text") or "")}
        await self._post(str(asked.get("event")), known, said)
        return known

    async def update(self, values: Data, known: Data) -> Data:
        name = "message.status" if "message" in values else "survey" if "rating" in values else "case.changed"
        told = {key: value for key, value in values.items() if key != "event"}
        key = f"{known['ref']}.{name}.{values.get('message') or values.get('event')}.{values.get('state') or ''}"
        await self._event(key, str(known["ref"]), name, told)
        return known

    async def unsend(self, asked: Data, known: Data) -> Data:
        message = str(asked.get("message") or "")
        await self._event(f"{known['ref']}.unsend.{message}", str(known["ref"]), "message.unsend", {"message": message})
        return known

    async def cancel(self, reason: str, known: Data) -> Data:
        return await self._over("cancelled", reason, known)

    async def resolve(self, reason: str, known: Data) -> Data:
        return await self._over("completed", reason, known)

    async def _over(self, state: str, reason: str, known: Data) -> Data:
        value = {"state": state, "message": reason}
        await self._event(f"{known['ref']}.over", str(known["ref"]), "handoff.status", value)
        return {**known, "over": True}

    async def fetch_since(self, cursor: int, known: Data) -> tuple[list[ProviderEvent], int]:
        return [], cursor

    async def _event(self, key: str, case: str, name: str, value: Data) -> Any:
        return await self._post(key, {"ref": case}, {"type": "event", "name": name, "value": value})

    async def _post(self, key: str, known: Data, said: Data) -> Any:
        """One signed request. `id` stays the same when it is tried again, so that the desk can tell."""
        seconds = str(self._clock.now() // 1000)
        body = json.dumps({"id": key, "conversation": {"id": known["ref"]}, **said}, ensure_ascii=False).encode()
        headers = {STAMP: seconds, SIGNED: calling.signature(self._settings.secret, seconds, body)}
        return await self._call("POST", body=body, headers=headers)

    def parse_webhook(self, raw: bytes, headers: Mapping[str, str], secret: str, now: int) -> list[ProviderEvent]:
        calling.verify(self._settings.secret, headers.get(STAMP, ""), headers.get(SIGNED, ""), raw, now)
        body = calling.parsed(raw)
        conversation = body.get("conversation")
        case = str(conversation.get("id") or "") if isinstance(conversation, Mapping) else ""
        if not case or not body.get("id"):
            raise BadBody("a webhook names its conversation and has an id")
        sender = body.get("from")
        agent = (
            {name: str(sender[name]) for name in ("id", "name", "icon") if sender.get(name)}
            if isinstance(sender, Mapping)
            else {}
        )
        about: dict[str, Any] = {"ref": case, "case": case, "at": now, "agent": agent}
        found = _meant(body, about)
        return [found] if found else []


def _meant(body: Data, about: dict[str, Any]) -> ProviderEvent | None:
    key, type, value = f"m{body['id']}", body.get("type"), body.get("value")
    value = value if isinstance(value, Mapping) else {}
    if type == "message":
        data = {
            "message": str(body["id"]),
            "text": str(body.get("text") or ""),
            "files": _files(body.get("attachments")),
        }
        return ProviderEvent(kind="message", key=key, data=data, **about)
    if type == "note":
        return ProviderEvent(kind="note", key=key, data={"text": str(body.get("text") or "")}, **about)
    if type == "typing":
        return ProviderEvent(kind="typing", key=key, **about)
    if type == "event" and body.get("name") == "handoff.assigned":
        return ProviderEvent(kind="assigned", key=key, **about)
    if type == "event" and body.get("name") == "handoff.status":
        return _status(str(value.get("state")), key, value, about)
    return None


def _status(state: str, key: str, value: Data, about: dict[str, Any]) -> ProviderEvent | None:
    if state in ENDS:
        data = {"status": ENDS[state], **{k: value[k] for k in ("labels", "form", "until") if k in value}}
        return ProviderEvent(kind="status", key=key, data=data, **about)
    kind: Any = STATES.get(state)
    return ProviderEvent(kind=kind, key=key, data={"reason": value.get("reason")}, **about) if kind else None


def _files(given: Any) -> list[dict[str, Any]]:
    found = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
    return [
        {"url": str(one.get("contentUrl")), "name": str(one.get("name") or "")}
        for one in found
        if one.get("contentUrl")
    ]
