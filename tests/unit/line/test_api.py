"""Each call as it goes over the wire, and what becomes of LINE's answers."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from runtime.errors import ChannelError, Refused
from runtime.line.api import LineApi, refused, words
from runtime.line.wire import Response
from runtime.model import Chat
from tests.unit.line.servers import Talk, serving
from tests.unit.line.stub import StubLine, line

pytestmark = pytest.mark.anyio
TEXT = [{"type": "text", "text": "สวัสดี"}]
GROUP = Chat("group", "C1")


class Renewable:
    """A token source whose second token is the good one."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.renewals = 0

    async def token(self) -> str:
        return self.tokens[0]

    async def renew(self, refused: str) -> str:
        self.renewals += 1
        if len(self.tokens) > 1:
            self.tokens.pop(0)
        return self.tokens[0]


@contextlib.asynccontextmanager
async def answering(answers: dict[str, tuple[int, Any]]) -> AsyncIterator[tuple[LineApi, StubLine]]:
    stub = StubLine(answers=answers)
    async with line(stub) as api:
        yield api, stub


async def test_reply_and_push_go_out_as_line_wants_them() -> None:
    stub = StubLine()
    async with line(stub) as api:
        sent = await api.reply("token-1", TEXT)
        assert (sent.status, sent.request_id, sent.ids, sent.quotes) == (200, "request-1", ("id-0",), ("",))
        await api.push("U1", TEXT, retry_key="k-1", silent=True)
    assert stub.calls == ["/v2/bot/message/reply", "/v2/bot/message/push"]
    assert stub.bodies == [
        {"replyToken": "token-1", "messages": TEXT},
        {"to": "U1", "messages": TEXT, "notificationDisabled": True},
    ]
    assert b"\r\nAuthorization: Bearer a-token\r\n" in stub.heads[0]
    assert b"\r\nContent-Type: application/json\r\n" in stub.heads[0]
    assert b"Retry-Key" not in stub.heads[0], "LINE refuses a retry key on a reply"
    assert b"\r\nX-Line-Retry-Key: k-1\r\n" in stub.heads[1]


async def test_a_push_accepted_before_is_no_error() -> None:
    async with line(StubLine()) as api:
        first = await api.push("U1", TEXT, retry_key="k-1")
        second = await api.push("U1", TEXT, retry_key="k-1")
        assert (first.status, second.status, first.ids) == (200, 409, second.ids)


FACTS: dict[str, tuple[int, Any]] = {
    "/v2/bot/profile/U1": (200, {"displayName": "Mai"}),
    "/v2/bot/group/C1/member/U1": (200, {"displayName": "Mai"}),
    "/v2/bot/group/C1/summary": (200, {"groupName": "Cooks"}),
    "/v2/bot/group/C1/members/count": (200, {"count": 3}),
    "/v2/bot/info": (200, {"basicId": "@x"}),
    "/v2/bot/message/quota": (200, {"type": "limited", "value": 200}),
    "/v2/bot/message/quota/consumption": (200, {"totalUsage": 7}),
    "/v2/bot/message/1/content/transcoding": (200, {"status": "processing"}),
}


async def test_facts_come_back_decoded() -> None:
    async with answering(FACTS) as (api, stub):
        assert await api.profile("U1") == {"displayName": "Mai"}
        assert await api.member_profile(GROUP, "U1") == {"displayName": "Mai"}
        assert await api.group_summary("C1") == {"groupName": "Cooks"}
        assert await api.member_count(GROUP) == 3
        assert await api.bot_info() == {"basicId": "@x"}
        assert (await api.quota(), await api.consumption()) == (200, 7)
        assert await api.transcoding("1") == "processing"
        assert stub.calls == list(FACTS)
        with pytest.raises(Refused, match="Not found"):
            await api.profile("U/../2 ?")
        assert stub.calls[-1] == "/v2/bot/profile/U%2F..%2F2%20%3F"
        with pytest.raises(ChannelError, match="needs an id"):
            await api.profile("")


async def test_an_account_without_limit_has_no_quota() -> None:
    async with answering({"/v2/bot/message/quota": (200, {"type": "none"})}) as (api, _):
        assert await api.quota() is None


@pytest.mark.parametrize(("asked", "shown"), [(20, 20), (1, 5), (7, 10), (61, 60), (300, 60)])
async def test_loading_seconds_are_what_line_takes(asked: int, shown: int) -> None:
    async with answering({"/v2/bot/chat/loading/start": (202, {})}) as (api, stub):
        await api.loading("U1", asked)
        assert stub.bodies == [{"chatId": "U1", "loadingSeconds": shown}]


async def test_other_calls() -> None:
    paths = ("/v2/bot/chat/markAsRead", "/v2/bot/message/multicast", "/v2/bot/message/validate/push")
    async with answering(dict.fromkeys(paths, (200, {}))) as (api, stub):
        await api.mark_as_read("r")
        await api.multicast(["U1", "U2"], TEXT, retry_key="k")
        stub.answers["/v2/bot/message/validate/push"] = (400, {"message": "no"})
        stub.faults = ["400:A message (messages[0]) in the request body is invalid"]
        with pytest.raises(Refused, match=r"A message \(messages\[0\]\)"):
            await api.validate(TEXT, "push")
        assert stub.bodies == [
            {"markAsReadToken": "r"},
            {"to": ["U1", "U2"], "messages": TEXT},
            {"messages": TEXT},
        ]


@pytest.mark.parametrize(
    ("tokens", "calls", "ok"), [(("old", "new"), 2, True), (("only",), 1, False), (("a", "b", "c"), 2, False)]
)
async def test_a_refused_token_is_renewed_once(tokens: tuple[str, ...], calls: int, ok: bool) -> None:
    async def script(talk: Talk) -> None:
        while True:
            head, _ = await talk.request()
            good = b"Bearer new\r\n" in head
            await talk.answer(b'{"displayName":"x"}' if good else b"{}", "200 OK" if good else "401 Unauthorized")

    source = Renewable(*tokens)
    async with serving(script) as server, line(StubLine(), source) as other:
        api = LineApi(other._client, source, api=server.url, api_data=server.url)
        for call in (api.profile("U1"), content(api)):
            source.tokens, server.requests[:] = list(tokens), []
            if ok:
                await call
            else:
                with pytest.raises(Refused, match="LINE answered 401"):
                    await call
            assert (len(server.requests), source.renewals) == (calls, 1)
            source.renewals = 0


async def content(api: LineApi) -> bytes:
    async with api.content("1") as stream:
        return b"".join([chunk async for chunk in stream])


@pytest.mark.parametrize("status", [200, 202, 404, 410])
async def test_content_is_a_stream_with_a_status(status: int) -> None:
    async with answering({"/v2/bot/message/1/content": (status, {"x": 1})}) as (api, _), api.content("1") as stream:
        assert stream.status == status
        assert b"".join([chunk async for chunk in stream]) == b'{"x": 1}'
        assert stream.header("content-type") == "application/json"


async def test_content_refused_otherwise() -> None:
    gone = {"/v2/bot/message/1/content/preview": (400, {"message": "The content can not be previewed"})}
    async with answering(gone) as (api, _):
        with pytest.raises(Refused, match="can not be previewed"):
            async with api.content("1", preview=True):
                pass


def answer(status: int, body: Any, **headers: str) -> Response:
    named = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return Response(status, named, body if isinstance(body, bytes) else json.dumps(body).encode())


async def test_a_refusal_has_lines_words_and_ids() -> None:
    details = [{"message": "May not be empty", "property": "messages[0].text"}, {"message": "unknown field"}, {}, "odd"]
    body = {"message": "The request body has 2 error(s)", "details": details}
    error = refused(answer(400, body, x_line_request_id="r-9"))
    assert error.message == "The request body has 2 error(s) (messages[0].text: May not be empty; unknown field)"
    assert (error.status, error.request_id, error.retry_after, error.sent) == (400, "r-9", 0, True)
    assert error.answer == body


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry_after": "30"}, 30),
        ({"retry_after": "soon"}, 0),
        ({"retry_after": "Fri, 20 Nov 2026 00:01:00 GMT", "date": "Fri, 20 Nov 2026 00:00:00 GMT"}, 60),
        ({"retry_after": "Fri, 20 Nov 2026 00:01:00 GMT", "date": "Fri, 20 Nov 2026 00:02:00 GMT"}, 0),
        ({"retry_after": "Fri, 20 Nov 2026 00:01:00 GMT"}, 0),
    ],
)
async def test_retry_after_in_both_forms(headers: dict[str, str], seconds: float) -> None:
    assert refused(answer(429, {}, **headers)).retry_after == seconds


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"message":null}', b"\xff"])
async def test_an_answer_that_is_no_json_still_has_a_status(body: bytes) -> None:
    assert refused(answer(502, body)).message == "LINE answered 502"


async def test_words_are_capped() -> None:
    assert len(words({"message": "x" * 10_000})) == 2_000
    assert words({"error": "invalid_request", "error_description": "bad"}) == "bad"


async def test_an_unreadable_200_is_still_sent() -> None:
    async def script(talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.answer(b"<html>")

    async with serving(script) as server, line(StubLine()) as other:
        api = LineApi(other._client, Renewable("t"), api=server.url)
        assert (await api.reply("t", TEXT)).ids == ()
