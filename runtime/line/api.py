"""The calls of LINE's Messaging API that the runtime makes, one method each.

Reference: https://developers.line.biz/en/reference/messaging-api/. A method returns what LINE answered, decoded.
It raises `Refused` for an error status, with LINE's own words (never ours), and `ChannelError` when there was no
answer. Richer, rarer calls (rich menus, audiences) belong to the official SDK.
"""

from __future__ import annotations

import contextlib
import email.utils
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from runtime.errors import ChannelError, Refused
from runtime.line.client import Client
from runtime.line.tokens import TokenSource
from runtime.line.wire import Response, Stream
from runtime.model import NOTHING, Chat, Data, Message

MAX_WORDS = 2_000
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class _SentMessage(msgspec.Struct):
    id: str = ""
    quoteToken: str = ""


class _Answer(msgspec.Struct):
    sentMessages: list[_SentMessage] = []


_decode_sent = msgspec.json.Decoder(_Answer).decode


@dataclass(frozen=True, slots=True)
class Sent:
    """LINE took the messages. `ids` and `quotes` are in the order of the messages; `status` 409: taken before."""

    status: int
    request_id: str = ""
    ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


class LineApi:
    """LINE's Messaging API for one channel. Time-outs are in seconds; 0 leaves them to the client's limits."""

    def __init__(
        self,
        client: Client,
        tokens: TokenSource,
        *,
        api: str = "https://api.line.me",
        api_data: str = "https://api-data.line.me",
        timeout: float = 0,
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._api = api.rstrip("/")
        self._data = api_data.rstrip("/")
        self._timeout = timeout or client.limits.read

    # sending

    async def reply(self, token: str, messages: Sequence[Message], *, silent: bool = False) -> Sent:
        """Answer with a reply token: free of charge, once, within a minute. `silent` sends no notification."""
        body: dict[str, Any] = {"replyToken": token, "messages": messages}
        if silent:
            body["notificationDisabled"] = True
        return _sent(await self._call("POST", "/v2/bot/message/reply", body))

    async def push(self, to: str, messages: Sequence[Message], *, retry_key: str, silent: bool = False) -> Sent:
        """Send at any time, billed per recipient. With the same `retry_key` (a UUID) it is sent once in 24 hours.

        https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
        """
        body: dict[str, Any] = {"to": to, "messages": messages}
        if silent:
            body["notificationDisabled"] = True
        return await self._once("/v2/bot/message/push", body, retry_key)

    async def multicast(self, to: Sequence[str], messages: Sequence[Message], *, retry_key: str) -> Sent:
        """Send the same messages to 1 to 500 users; groups and rooms are not allowed."""
        return await self._once("/v2/bot/message/multicast", {"to": list(to), "messages": messages}, retry_key)

    async def validate(self, messages: Sequence[Message], via: str = "reply") -> None:
        """Let LINE check messages for reply, push, multicast, broadcast or narrowcast without sending them.

        Raises `Refused` with LINE's findings."""
        await self._call("POST", f"/v2/bot/message/validate/{via}", {"messages": messages})

    async def validate_menu(self, menu: Data) -> None:
        """Let LINE check a rich menu without making it. Raises `Refused` with LINE's findings."""
        await self._call("POST", "/v2/bot/richmenu/validate", menu)

    async def loading(self, chat: str, seconds: int = 20) -> None:
        """Show the loading dots in a one-to-one chat for 5 to 60 seconds, or until the next message."""
        rounded = min(60, max(5, -(-seconds // 5) * 5))  # LINE takes multiples of five only
        await self._call("POST", "/v2/bot/chat/loading/start", {"chatId": chat, "loadingSeconds": rounded})

    async def mark_as_read(self, token: str) -> None:
        """Mark everything up to the message this token came with as read."""
        await self._call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token})

    # who

    async def profile(self, user: str) -> Data:
        """displayName, userId, and perhaps language, pictureUrl, statusMessage. 404 for those who are no friends."""
        return await self._get(f"/v2/bot/profile/{_id(user)}")

    async def member_profile(self, chat: Chat, user: str) -> Data:
        """displayName, userId and perhaps pictureUrl of a member of a group or room, friend or not."""
        return await self._get(f"/v2/bot/{chat.kind}/{_id(chat.id)}/member/{_id(user)}")

    async def group_summary(self, group: str) -> Data:
        """groupId, groupName and perhaps pictureUrl. Rooms have none."""
        return await self._get(f"/v2/bot/group/{_id(group)}/summary")

    async def member_count(self, chat: Chat) -> int:
        """Members of a group or room, without the bot."""
        return int((await self._get(f"/v2/bot/{chat.kind}/{_id(chat.id)}/members/count")).get("count", 0))

    async def bot_info(self) -> Data:
        """userId, basicId, displayName, chatMode, markAsReadMode of the account."""
        return await self._get("/v2/bot/info")

    # how much

    async def quota(self) -> int | None:
        """Billed messages allowed this month; None without a limit."""
        answer = await self._get("/v2/bot/message/quota", timeout=3.0)
        return int(answer.get("value", 0)) if answer.get("type") == "limited" else None

    async def consumption(self) -> int:
        """Billed messages sent this month, about: LINE counts late."""
        return int((await self._get("/v2/bot/message/quota/consumption", timeout=3.0)).get("totalUsage", 0))

    # content

    @contextlib.asynccontextmanager
    async def content(self, message: str, *, preview: bool = False, timeout: float = 120.0) -> AsyncIterator[Stream]:
        """What a user sent, as a stream: 200 with the bytes, 202 while LINE prepares it, 404 unknown, 410 unsent.

        Those four are the caller's to tell apart by `stream.status`; every other status raises `Refused`.
        """
        url = f"{self._data}/v2/bot/message/{_id(message)}/content" + ("/preview" if preview else "")
        token = await self._tokens.token()
        for attempt in (1, 2):
            async with self._client.stream(url, {"Authorization": f"Bearer {token}"}, timeout=timeout) as stream:
                renewed = await self._renewed(token) if stream.status == 401 and attempt == 1 else ""
                if renewed:
                    token = renewed
                    continue
                if stream.status not in (200, 202, 404, 410):
                    raise await _refused_stream(stream)
                yield stream
                return

    async def transcoding(self, message: str) -> str:
        """Whether LINE is done with a video or audio: processing, succeeded or failed."""
        path = f"/v2/bot/message/{_id(message)}/content/transcoding"
        answer = await self._call("GET", path, base=self._data)
        return str(_object(answer.body).get("status", ""))

    # how

    async def ask(
        self,
        method: str,
        path: str,
        body: Data | bytes | None = None,
        *,
        kind: str = "",
        repeatable: bool | None = None,
    ) -> Response:
        """Any other call. Bytes go to the host of the content API, with their media type (`kind`)."""
        extra = {"Content-Type": kind} if kind else {}
        base = self._data if isinstance(body, bytes) else ""
        return await self._call(method, path, body, base=base, extra=extra, repeatable=repeatable)

    async def call(
        self,
        method: str,
        path: str,
        body: Data | bytes | None = None,
        *,
        kind: str = "",
        repeatable: bool | None = None,
    ) -> Data:
        """The same, and what LINE answered."""
        return _object((await self.ask(method, path, body, kind=kind, repeatable=repeatable)).body)

    async def _once(self, path: str, body: Data, retry_key: str) -> Sent:
        extra = {"X-Line-Retry-Key": retry_key}
        return _sent(await self._call("POST", path, body, extra=extra, repeatable=True, fine=(409,)))

    async def _get(self, path: str, *, timeout: float = 0) -> Data:
        return _object((await self._call("GET", path, timeout=timeout)).body)

    async def _call(
        self,
        method: str,
        path: str,
        body: Data | bytes | None = None,
        *,
        base: str = "",
        extra: Mapping[str, str] = {},
        timeout: float = 0,
        repeatable: bool | None = None,
        fine: tuple[int, ...] = (),
    ) -> Response:
        """One call, and a second with a renewed token when the first one's was not accepted."""
        url = (base or self._api) + path
        data = b"" if body is None else body if isinstance(body, bytes) else _encode(body)
        headers = {"Authorization": "", **extra}
        if data and not isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
        token = first = await self._tokens.token()
        while True:
            headers["Authorization"] = f"Bearer {token}"
            answer = await self._client.request(
                method, url, headers, data, timeout=timeout or self._timeout, repeatable=repeatable
            )
            if 200 <= answer.status < 300 or answer.status in fine:
                return answer
            renewed = await self._renewed(token) if answer.status == 401 and token is first else ""
            if not renewed:
                raise refused(answer)
            token = renewed

    async def _renewed(self, token: str) -> str:
        """Another token than the one LINE did not accept, or an empty text."""
        fresh = await self._tokens.renew(token)
        return fresh if fresh != token else ""


def refused(answer: Response) -> Refused:
    """LINE's error answer as an exception: its own message and details, nothing that we sent."""
    body = _object(answer.body)
    return Refused(
        answer.status,
        words(body),
        request_id=answer.header("x-line-request-id"),
        retry_after=_retry_after(answer),
        answer=body,
    )


def words(body: Data) -> str:
    """`message (property: message; …)` of an error body; empty when it has none."""
    text = str(body.get("message") or body.get("error_description") or body.get("error") or "")
    details = body.get("details")
    parts = [
        ": ".join(str(d[k]) for k in ("property", "message") if d.get(k))
        for d in (details if isinstance(details, list) else [])
        if isinstance(d, Mapping)
    ]
    return (text + (f" ({'; '.join(p for p in parts if p)})" if any(parts) else ""))[:MAX_WORDS]


async def _refused_stream(stream: Stream) -> Refused:
    body = b""
    async for chunk in stream:
        body += chunk
        if len(body) > 65_536:
            break
    return refused(Response(stream.status, stream.headers, body))


def _sent(answer: Response) -> Sent:
    request_id = answer.header("x-line-request-id")
    try:
        messages = _decode_sent(answer.body).sentMessages
    except msgspec.MsgspecError:
        messages = []  # LINE took it; an answer we cannot read must not make us send again
    return Sent(answer.status, request_id, tuple(m.id for m in messages), tuple(m.quoteToken for m in messages))


def _object(body: bytes) -> Data:
    try:
        value = _decode(body) if body else NOTHING
    except msgspec.MsgspecError:
        return NOTHING
    return value if isinstance(value, dict) else NOTHING


def _retry_after(answer: Response) -> float:
    """Seconds of a Retry-After header, in either of its forms (RFC 9110, 10.2.3)."""
    value = answer.header("retry-after")
    with contextlib.suppress(ValueError):
        if value.isdecimal() or not value:
            return float(value or 0)
        until = email.utils.parsedate_to_datetime(value)
        return max(0.0, (until - email.utils.parsedate_to_datetime(answer.header("date"))).total_seconds())
    return 0


def _id(value: str) -> str:
    if not value:
        raise ChannelError("this call needs an id, and there is none")
    return quote(value, safe="")
