"""The double itself: an ASGI application, the webhooks it sends, and people who work there.

chatwoot = Chatwoot(clock)
aya = chatwoot.agent("Aya")
aya.goes_online().opens(42).replies("Hello!").resolves()
await chatwoot.deliver()
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.chatwoot_double import routes, shapes
from tests.chatwoot_double.faults import Weather
from tests.chatwoot_double.manners import permitted, rating
from tests.chatwoot_double.people import Agent
from tests.chatwoot_double.state import ACCOUNT, INBOX, Account, Contact, Conversation, Message, Person, Refusal
from tests.clock import ManualClock

TOKEN, BOT_TOKEN, SECRET, ADMIN = "admin-token", "bot-token", "chatwoot-generated-secret", 1
TOLD = frozenset((
    *("conversation_created", "conversation_status_changed", "conversation_updated", "message_created"),
    *("message_updated", "conversation_typing_on", "conversation_typing_off"),
))  # fmt: skip
"""What an API inbox's webhook gets."""

Post = Callable[[str, bytes, dict[str, str]], Awaitable[int]]
"""Sends a webhook; the status of the answer."""


class Chatwoot:
    """One server with one account. `version` decides who signs: API inboxes do so from 4.13 on."""

    def __init__(self, clock: ManualClock, *, version: tuple[int, int] = (4, 13)) -> None:
        self.clock, self.version = clock, version
        self.weather = Weather()
        self.account = Account(clock, self._tell)
        self.post: Post | None = None
        self.hook_url, self.base = "", ""
        self.waiting: list[bytes] = []
        self.calls: list[str] = []
        self.sent: list[int] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.tokens = {TOKEN: Person(ADMIN, "Admin", "administrator"), BOT_TOKEN: Person(2, "Bot", type="agent_bot")}
        self.deliveries = 0
        self.strange: list[str] = []
        """Fields somebody sent that no controller knows."""

    def agent(self, name: str) -> Agent:
        known = next((one for one in self.account.agents.values() if one.name == name), None)
        if known is None:
            known = Person(5 + len(self.account.agents), name)
            self.account.agents[known.id] = known
            self.account.ring.append(known.id)
        return Agent(self, known)

    def conversation(self, number: int = 0) -> Conversation:
        """The one of this number, else the last."""
        return self.account.found(number or max(self.account.conversations, default=0))

    def said(self, number: int = 0, *, private: bool = False, type: int = 0) -> list[str]:
        """What stands in a conversation: customers' words, or (1) those of agents and the bot."""
        found = self.conversation(number).messages
        return [one.content for one in found if one.private is private and one.type == type]

    def count(self, path: str) -> int:
        return sum(path in call for call in self.calls)

    # webhooks

    def _tell(self, event: str, what: Any) -> None:
        if event not in TOLD or not self.hook_url:
            return
        if isinstance(what, Message):
            if what.type == 2:
                return  # remarks of the system are not told
            body = shapes.message_hook(event, what, self.account.found(what.conversation))
        else:
            body = {**shapes.conversation_hook(what), "event": event, "changed_attributes": [{"updated_at": {}}]}
        self.queue(body)

    def queue(self, body: dict[str, Any]) -> None:
        if self.weather.drop > 0:
            self.weather.drop -= 1
            return
        raw = json.dumps(body, ensure_ascii=False).encode()
        self.waiting += [raw, raw] if self.weather.double else [raw]

    async def deliver(self) -> int:
        """Send what waits; how many."""
        count = 0
        while self.waiting:
            batch, self.waiting = self.waiting, []
            for raw in reversed(batch) if self.weather.reverse else batch:
                count += 1
                await self._send(raw)
        return count

    async def _send(self, raw: bytes) -> None:
        assert self.post is not None
        self.deliveries += 1
        headers = {"content-type": "application/json"}
        if self.version >= (4, 13):
            headers["x-chatwoot-delivery"] = f"delivery-{self.deliveries}"
            stamp = str((self.clock.now() + self.weather.skew) // 1000)
            secret = "another" if self.weather.wrong_secret else SECRET
            signed = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
            headers |= {"x-chatwoot-timestamp": stamp, "x-chatwoot-signature": f"sha256={signed}"}
        status = await self.post(self.hook_url, raw[:-7] if self.weather.truncate else raw, headers)
        self.sent.append(status)
        body = json.loads(raw)
        if status >= 300 and body["event"] in ("message_created", "message_updated"):
            for one in self.account.found(body["conversation"]["id"]).messages:
                if one.id == body["id"]:
                    one.status, one.external_error = "failed", str(status)

    # files

    def store(self, name: str, data: bytes, type: str) -> dict[str, Any]:
        """An attachment; its address leads on to where the bytes are."""
        key = hashlib.sha256(data + name.encode()).hexdigest()[:20]
        self.files[key] = (data, name)
        number = self.account.next()
        kind = type.partition("/")[0] if type.partition("/")[0] in ("image", "video", "audio") else "file"
        url = f"{self.base}/rails/active_storage/blobs/redirect/{key}/{name}"
        about = {"account_id": ACCOUNT, "extension": None, "width": None, "height": None}
        return {"id": number, "file_type": kind, "data_url": url, "thumb_url": "", "file_size": len(data), **about}

    # the application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await lifespan(receive, send)
        raw, more = b"", True
        while more:
            message = await receive()
            raw, more = raw + message.get("body", b""), message.get("more_body", False)
        if self.weather.hang:
            return await gone(receive)
        headers = {key.decode().lower(): value.decode("latin-1") for key, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode()))
        status, body, extra = self._answer(scope["method"], scope["path"], query, headers, raw)
        if self.weather.mute and self.weather.mute == f"{scope['method']} {scope['path']}":
            return await gone(receive)
        pairs = [(key.encode(), value.encode()) for key, value in extra.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})
        return None

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        self.calls.append(f"{method} {path}")
        json_type = {"content-type": "application/json"}
        if path.startswith("/rails/"):
            return self._file(path)
        if fault := self.weather.refuse(method, path, done=False):
            return fault.status, fault.body, json_type
        try:
            value = self._routed(method, path, query, headers, raw)
        except Refusal as refusal:
            return refusal.status, json.dumps(refusal.body).encode(), json_type
        if fault := self.weather.refuse(method, path, done=True):
            return fault.status, fault.body, json_type
        return 200, b"" if value is None else json.dumps(value).encode(), json_type

    def _routed(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], raw: bytes) -> Any:
        body = _body(headers.get("content-type", ""), raw)
        own = path.removeprefix(f"{routes.BASE}/").removeprefix("/public/api/v1/")
        if found := re.fullmatch(r"/public/api/v1/csat_survey/(\w+)", path):
            return self._rated(found[1], permitted(method, own, body, self.strange))
        token = headers.get("api-access-token", "")
        if not self.weather.strip_underscores:
            token = headers.get("api_access_token", token)
        by = self.tokens.get(token)
        if by is None:
            raise Refusal(401, {"error": "Invalid Access Token"})
        body = permitted(method, own, body, self.strange)
        return routes.answer(method, path, routes.Asked(self.account, by, query, body, self.store))

    def _rated(self, uuid: str, body: dict[str, Any]) -> Any:
        one = next((one for one in self.account.conversations.values() if one.uuid == uuid), None)
        asked = [message for message in one.messages if message.content_type == "input_csat"] if one else []
        if one is None or not asked:
            raise Refusal(404, {"error": "Resource could not be found"})
        if self.clock.now() - asked[-1].at > 14 * 86_400_000:
            raise Refusal(422, {"error": "You cannot update the CSAT survey after 14 days"})
        one.csat = rating(body)
        asked[-1].content_attributes = {"submitted_values": {"csat_survey_response": one.csat}}
        self._tell("message_updated", asked[-1])
        return {"id": asked[-1].id}

    def _file(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        key = path.split("/")[-2]
        data, name = self.files.get(key, (b"", ""))
        if "redirect" in path:
            return 302, b"", {"location": f"/rails/active_storage/disk/{key}/{name}"}
        if self.weather.expired_media or not name:
            return 404, b"", {}
        return 200, data, {"content-disposition": f'inline; filename="{name}"'}


def _body(type: str, raw: bytes) -> dict[str, Any]:
    if not raw:
        return {}
    if not type.startswith("multipart/form-data"):
        if not type.startswith("application/json"):
            return {}  # Rails reads JSON only where it is called so
        try:
            found = json.loads(raw)
        except ValueError:
            raise Refusal(400, {"status": 400, "error": "Bad Request"}) from None
        return found if isinstance(found, dict) else {"_json": found}
    made: dict[str, Any] = {}
    border = type.partition("boundary=")[2].encode()
    for part in raw.split(b"--" + border)[1:-1]:
        head, _, data = part[2:-2].partition(b"\r\n\r\n")
        name = re.search(rb' name="([^"]*)"', head)
        file = re.search(rb'filename="([^"]*)"', head)
        assert name is not None
        if file:
            kind = re.search(rb"Content-Type: (\S+)", head)
            told = (file[1].decode(), data, kind[1].decode() if kind else "application/octet-stream")
            made.setdefault(name[1].decode(), []).append(told)
        else:
            made[name[1].decode()] = data.decode()
    if "content_attributes" in made:
        made["content_attributes"] = json.loads(made["content_attributes"])
    return made


async def gone(receive: Any) -> None:
    """Until the caller has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


__all__ = ["BOT_TOKEN", "INBOX", "SECRET", "TOKEN", "Chatwoot", "Contact"]
