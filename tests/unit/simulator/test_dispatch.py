"""The door of LINE's API: what is wrong before an operation is reached."""

from __future__ import annotations

import pytest

from tests.line_platform import MAI, bot, platform

pytestmark = pytest.mark.anyio

REPLY = "/v2/bot/message/reply"


async def test_an_unknown_token_is_refused() -> None:
    line = platform()
    for headers in ({}, {"authorization": "Bearer nonsense"}):
        answer = await line.api("GET", "/v2/bot/info", bot="", **headers)
        assert answer.status == 401
        assert answer.data["message"].startswith("Authentication failed.")


async def test_unknown_paths_and_methods() -> None:
    line = platform()
    assert (await line.api("GET", "/v2/bot/nothing")).status == 404
    wrong = await line.api("GET", REPLY)
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"a": ]', "The request body could not be parsed as JSON (line: 1, column: 7)"),
        (b"", "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b"[]", "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (
            b'{"replyToken":{},"messages":[]}',
            "The property, 'replyToken', in the request body is invalid (line: 1, column: 15)",
        ),
        (b'{\n  "replyToken": 1}', "The property, 'replyToken', in the request body is invalid (line: 2, column: 17)"),
    ],
)
async def test_bodies_that_cannot_be_read(body: bytes, message: str) -> None:
    line = platform()
    answer = await line.api("POST", REPLY, body)
    assert (answer.status, answer.data) == (400, {"message": message})


async def test_content_type_and_size() -> None:
    line = platform()
    assert (await line.api("POST", REPLY, b"{}", content_type="text/plain")).status == 415
    assert (await line.api("POST", REPLY, b" " * (2 * 1024 * 1024 + 1))).status == 413


async def test_a_bug_of_the_simulator_is_an_answer_too() -> None:
    def broken(request: object, via: str, to: str) -> None:
        raise ZeroDivisionError

    line = platform(bot(), check=broken)
    assert (await line.api("POST", "/v2/bot/message/push", {"to": MAI, "messages": []})).status == 500


async def test_the_log_shows_bodies_but_no_token() -> None:
    line = platform()
    await line.api("POST", "/v2/bot/message/push", {"to": MAI, "messages": [{"type": "text", "text": "hi"}]})
    form = b"grant_type=client_credentials&client_id=1&client_secret=hush"
    await line.api("POST", "/v2/oauth/accessToken", form, content_type="application/x-www-form-urlencoded")
    push, token = (await line.control("GET", "/log"))["log"]
    assert push["request"]["messages"] == [{"type": "text", "text": "hi"}]
    assert (push["status"], push["outcome"], push["bot"]) == (200, "answered", "shop")
    assert (token["request"], token["response"], token["outcome"]) == ("hidden", "hidden", "refused")
    await line.control("DELETE", "/log")
    assert (await line.control("GET", "/log?way=api"))["log"] == []
