"""The two wires between LINE and the bot, as function calls: webhooks one way, LINE's API the other."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from runtime.errors import ChannelError
from runtime.line.client import Client
from runtime.line.wire import Response, Stream

if TYPE_CHECKING:
    from starlette.types import ASGIApp

SECURE = "https://line.test"
"""Where LINE's API seems to be."""

HOOKS = "http://bot.test/line/"
"""Where the bot's webhooks seem to be."""


async def ask(app: ASGIApp, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
    """One HTTP request straight into an ASGI app, and its whole answer."""
    to = urlsplit(url)
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "scheme": to.scheme,
        "method": method,
        "path": to.path,
        "raw_path": to.path.encode(),
        "root_path": "",
        "query_string": to.query.encode(),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
    }
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if not sent:
        raise ChannelError("the connection was closed before the answer began", sent=True)
    answer = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(sent[0]["status"], {name.lower(): value for name, value in sent[0]["headers"]}, answer)


class ToLine(Client):
    """The client of LINE's API when LINE is in the same process."""

    def __init__(self, line: ASGIApp) -> None:
        super().__init__()
        self._line = line

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] = {},
        body: bytes = b"",
        *,
        timeout: float | None = None,
        repeatable: bool | None = None,
    ) -> Response:
        return await ask(self._line, method, url, headers, body)

    @contextlib.asynccontextmanager
    async def stream(
        self, url: str, headers: Mapping[str, str] = {}, *, timeout: float | None = None
    ) -> AsyncIterator[Stream]:
        answer = await ask(self._line, "GET", url, headers, b"")
        yield Whole(answer)


class Whole(Stream):
    """A stream that is there already."""

    __slots__ = ("_body",)

    def __init__(self, answer: Response) -> None:
        self.status, self.headers, self._body = answer.status, answer.headers, answer.body

    async def __anext__(self) -> bytes:
        if not self._body:
            raise StopAsyncIteration
        body, self._body = self._body, b""
        return body


class ToBot:
    """Posts webhooks to the bot in the same process; `bot` is set once it is built."""

    bot: ASGIApp

    async def __call__(self, url: str, data: bytes, headers: Mapping[str, str]) -> int:
        return (await ask(self.bot, "POST", url, headers, data)).status
