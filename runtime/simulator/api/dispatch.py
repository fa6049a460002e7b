"""The door of LINE's API: reading, routing, authorising, faults, the log and the answer.

https://developers.line.biz/en/reference/messaging-api/#common-specifications
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from runtime.errors import NorenError
from runtime.log import Logger
from runtime.simulator import answers
from runtime.simulator.account import Account
from runtime.simulator.answers import Refusal, error
from runtime.simulator.api.call import ApiCall, Check, Test
from runtime.simulator.api.rates import Rates
from runtime.simulator.api.routes import ROUTES, Route, find
from runtime.simulator.api.wire import hang, hang_up, read, respond
from runtime.simulator.clock import PlatformClock
from runtime.simulator.faults import Fault, Faults
from runtime.simulator.journal import Journal
from runtime.simulator.platform import Platform
from runtime.simulator.values import Answer

log = Logger("simulator")

MOST: Final = 2 * 1024 * 1024
MOST_IMAGE: Final = 10 * 1024 * 1024
UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request. `body` is None when it is larger than LINE takes."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    account: Account | None
    request_id: str


class LineApi:
    """An ASGI app that speaks as api.line.me and api-data.line.me."""

    def __init__(
        self,
        platform: Platform,
        *,
        clock: PlatformClock,
        faults: Faults,
        journal: Journal,
        check: Check,
        test: Test,
        rates: Rates | None = None,
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._faults = faults
        self._journal = journal
        self._check = check
        self._test = test
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.perf_counter()
        asked = await self._read(scope, receive)
        fault = self._fault(asked)
        if fault is None:
            answer = await self.answer(asked)
            await self._finish(asked, answer, begun, send)
        else:
            await self._faulty(asked, fault, begun, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> Incoming:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        most = MOST_IMAGE if scope["path"].endswith("/content") else MOST
        body = await read(receive, most)
        token = headers.get("authorization", "")[7:]
        access = self._platform.access.get(token, self._platform.now()) if token else None
        return Incoming(
            scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            headers,
            body,
            self._platform.accounts.get(access.bot) if access else None,
            self._platform.ids.request(),
        )

    # ── answering ─────────────────────────────────────────────────────────────────────────────────────────

    async def answer(self, asked: Incoming) -> Answer:
        """LINE's answer, refusals and this program's own mistakes (500) included."""
        try:
            route, params = self._route(asked)
            call = self._call(asked, route, params)
            answer = route.run(call)
            return await answer if isinstance(answer, Awaitable) else answer
        except Refusal as refusal:
            return refusal.answer
        except NorenError as problem:
            return error(500, problem.message)
        except Exception as problem:
            log.error("the simulator failed", trace=problem, path=asked.path)
            return answers.SERVER_ERROR

    def _route(self, asked: Incoming) -> tuple[Route, Mapping[str, str]]:
        found = find(asked.path)
        if found is None:
            raise Refusal(answers.NOT_FOUND)
        methods = ROUTES[found[0]]
        if asked.method not in methods:
            raise Refusal(answers.method_not_allowed(methods))
        route = methods[asked.method]
        if route.auth and asked.account is None:
            raise Refusal(answers.UNAUTHORIZED)
        if self._rates and asked.account:
            self._rates.spend(asked.account.bot.name, f"{asked.method} {found[0]}", route.rate, self._platform.now())
        return route, found[1]

    def _call(self, asked: Incoming, route: Route, params: Mapping[str, str]) -> ApiCall:
        return ApiCall(
            platform=self._platform,
            owner=asked.account,
            params=params,
            query=dict(parse_qsl(asked.query, keep_blank_values=True)) if asked.query else {},
            retry_key=self._retry_key(asked, route),
            body=self._body(asked),
            data=READERS[route.body](asked),
            content_type=_content_type(asked),
            tag=asked.headers.get("x-line-delivery-tag", ""),
            request_id=asked.request_id,
            check=self._check,
            test=self._test,
        )

    def _retry_key(self, asked: Incoming, route: Route) -> str:
        """https://developers.line.biz/en/docs/messaging-api/retrying-api-request/"""
        key = asked.headers.get("x-line-retry-key", "")
        if not key:
            return ""
        if not route.retry:
            raise Refusal(answers.RETRY_KEY_UNSUPPORTED)
        if not UUID.fullmatch(key):
            raise Refusal(answers.RETRY_KEY_INVALID)
        known = asked.account.retries.known(key, self._platform.now()) if asked.account else None
        if known:
            raise Refusal(answers.already_accepted(known.request_id, known.sent))
        return key

    def _body(self, asked: Incoming) -> bytes:
        if asked.body is None:
            raise Refusal(answers.TOO_LARGE)
        return asked.body

    # ── faults ────────────────────────────────────────────────────────────────────────────────────────────

    def _fault(self, asked: Incoming) -> Fault | None:
        if not self._faults:
            return None
        bot = asked.account.bot.name if asked.account else ""
        return self._faults.take(bot, asked.method, asked.path, asked.body or b"")

    async def _faulty(self, asked: Incoming, fault: Fault, begun: float, receive: Receive, send: Send) -> None:
        way = fault.shape.way
        if way == "token":
            self._platform.replies.expire(_reply_token(asked))
        carried = await self.answer(asked) if fault.accepts or way == "token" else answers.SERVER_ERROR
        answer = fault.answer() if way == "answer" else carried
        if way in ("reset", "hang"):
            self._note(asked, Answer(0, b""), b"", begun, fault.kind)
            await (hang_up(receive, send) if way == "reset" else hang(receive))
            return
        if way == "delay":
            await self._clock.sleep_until(self._clock.now() + fault.ms)
        await self._finish(asked, answer, begun, send, fault)

    async def _finish(
        self, asked: Incoming, answer: Answer, begun: float, send: Send, fault: Fault | None = None
    ) -> None:
        body = answer.body if isinstance(answer.body, bytes) else _encode(answer.body)
        outcome = fault.kind if fault else "answered" if answer.status < 400 else "refused"
        self._note(asked, answer, body, begun, outcome)
        slow = self._clock if fault and fault.shape.way == "slow_body" else None
        await respond(send, answer, body, asked.request_id, slow, fault.ms if fault else 0)

    def _note(self, asked: Incoming, answer: Answer, body: bytes, begun: float, outcome: str) -> None:
        bot = asked.account.bot.name if asked.account else ""
        ms = (time.perf_counter() - begun) * 1000
        said = body if answer.type == "application/json" else b""
        note = (answer.status, outcome, asked.request_id, ms, asked.body or b"", said)
        self._journal.add(self._platform.now(), "api", bot, asked.method, asked.path, *note)


def _content_type(asked: Incoming) -> str:
    return asked.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json(asked: Incoming) -> dict[str, Any]:
    if _content_type(asked) != "application/json":
        raise Refusal(answers.UNSUPPORTED_TYPE)
    body = asked.body or b""
    try:
        data = _decode(body)
    except msgspec.DecodeError:
        raise Refusal(_unreadable(body)) from None
    if not isinstance(data, dict):
        raise Refusal(error(400, "The request body could not be parsed as JSON (line: 1, column: 1)"))
    return data


def _json_or_nothing(asked: Incoming) -> dict[str, Any]:
    """Operations whose body may be left out; SDKs send `null` then."""
    return {} if (asked.body or b"").strip() in (b"", b"null") else _json(asked)


def _unreadable(body: bytes) -> Answer:
    try:
        json.loads(body)
        line, column = 1, 1
    except json.JSONDecodeError as problem:
        line, column = problem.lineno, problem.colno
    except ValueError:
        line, column = 1, 1
    return error(400, f"The request body could not be parsed as JSON (line: {line}, column: {column})")


def _form(asked: Incoming) -> dict[str, Any]:
    if _content_type(asked) != "application/x-www-form-urlencoded":
        raise Refusal(answers.UNSUPPORTED_TYPE)
    return dict(parse_qsl((asked.body or b"").decode("utf-8", "replace"), keep_blank_values=True))


def _nothing(asked: Incoming) -> dict[str, Any]:
    return {}


READERS: Final = {"json": _json, "maybe": _json_or_nothing, "form": _form, "bytes": _nothing, "none": _nothing}


def _reply_token(asked: Incoming) -> str:
    try:
        return str(_json(asked).get("replyToken", ""))
    except Refusal:
        return ""
