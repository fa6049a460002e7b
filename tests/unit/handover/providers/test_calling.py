from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runtime.errors import BadBody, CallError, Unverified
from runtime.handover.providers import calling
from runtime.handover.providers.calling import Caller, File, Trouble

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000_000
STAMP = str(NOW // 1000)


def caller(status: int, body: Any = None) -> Caller:
    async def request(method: str, url: str, **more: Any) -> dict[str, Any]:
        if status == 0:
            raise CallError("the address gave no answer")
        return {"status": status, "headers": {}, "body": body}

    return Caller("there", "https://desk.example", 1_000, {}, request)


@pytest.mark.parametrize(
    ("status", "body", "again", "gone"),
    [
        (0, None, True, False),
        (500, None, True, False),
        (502, "<html>", True, False),
        (429, {"error": "slow"}, True, False),
        (408, None, True, False),
        (422, {"error": "Too many messages"}, True, False),
        (422, {"message": "Identifier has already been taken"}, False, False),
        (401, {"error": "Invalid Access Token"}, False, False),
        (404, {"error": "Resource could not be found"}, False, True),
    ],
)
async def test_what_may_pass_is_told_from_what_will_not(status: int, body: Any, again: bool, gone: bool) -> None:
    with pytest.raises(Trouble) as caught:
        await caller(status, body)("POST", "/x", {"text": "a secret of the user"})
    assert (caught.value.again, caught.value.gone) == (again, gone)
    assert "secret" not in str(caught.value)


async def test_a_good_answer_is_its_body() -> None:
    assert await caller(201, {"id": 1})("GET", "/x") == {"id": 1}


def test_a_signature_fits_its_bytes_its_secret_and_its_time() -> None:
    body = '{"text": "こんにちは"}'.encode()
    signed = calling.signature("secret", STAMP, body)
    calling.verify("secret", STAMP, signed, body, NOW)
    for secret, stamp, given, raw, now in (
        ("other", STAMP, signed, body, NOW),
        ("secret", STAMP, signed, body + b" ", NOW),
        ("secret", STAMP, "", body, NOW),
        ("secret", str(NOW // 1000 + 1), signed, body, NOW),
        ("secret", STAMP, signed, body, NOW + calling.SKEW + 1_000),
        ("secret", STAMP, "sha256=ü", body, NOW),
    ):
        with pytest.raises(Unverified):
            calling.verify(secret, stamp, given, raw, now)


def test_a_stamp_that_is_no_number_is_refused() -> None:
    with pytest.raises(Unverified):
        calling.verify("secret", "soon", calling.signature("secret", "soon", b"{}"), b"{}", NOW)


@pytest.mark.parametrize(
    ("secret", "given", "fits"),
    [("s" * 16, "s" * 16, True), ("short", "short", False), ("", "", False), ("s" * 16, "é", False)],
)
def test_a_secret_address_is_long_enough_to_be_one(secret: str, given: str, fits: bool) -> None:
    assert calling.same(secret, given) is fits


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(BadBody):
        calling.parsed(raw)


def test_a_name_cannot_break_out_of_its_form() -> None:
    body, form = calling.multipart({"a": "b"}, [File("f", 'x"\r\nEvil: 1', "image/png", b"data")])
    border = form.partition("boundary=")[2].encode()
    assert body.count(border) == 3
    assert b"\r\nEvil" not in body
    assert body.endswith(b"data\r\n--" + border + b"--\r\n")


async def test_a_provider_that_hangs_takes_up_no_more_than_its_room() -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def request(method: str, url: str, **more: Any) -> dict[str, Any]:
        asked.set()
        await answer.wait()
        return {"status": 200, "headers": {}, "body": "late"}

    call = Caller("there", "https://desk.example", 10_000, {}, request, asyncio.Semaphore(1), 0.01)
    first = asyncio.create_task(call("GET", "/1"))
    await asked.wait()
    with pytest.raises(Trouble, match="too many calls") as caught:
        await call("GET", "/2")
    assert caught.value.again
    answer.set()
    assert await first == "late"
    assert await call("GET", "/3") == "late"
