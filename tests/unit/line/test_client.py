"""The client against real servers that behave and misbehave."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from runtime.errors import ChannelError
from runtime.line.client import Client, Limits, encode, target
from tests.unit.line.servers import Script, Server, Talk, refusing, serving

pytestmark = pytest.mark.anyio
USUAL = Limits()
QUICK = Limits(connect=1, read=0.05, total=0.2, pool=4)


@contextlib.asynccontextmanager
async def pair(script: Script, limits: Limits = USUAL) -> AsyncIterator[tuple[Client, Server]]:
    async with serving(script) as server:
        client = Client(limits)
        try:
            yield client, server
        finally:
            await client.close()


async def polite(talk: Talk) -> None:
    while True:
        await talk.request()
        await talk.answer()


async def forever(talk: Talk) -> None:
    await talk.reader.read()


async def test_sends_one_exact_request_and_reads_the_answer() -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.answer(b'{"a":1}', "201 Created", b"X-Line-Request-Id: r-1\r\nvary: a\r\nVary: b\r\n")

    async with pair(script) as (client, server):
        answer = await client.request("POST", server.url + "/a/b?c=d", {"X-Test": "ü"}, b"body")
        assert (answer.status, answer.body) == (201, b'{"a":1}')
        assert (answer.header("x-line-request-id"), answer.header("vary"), answer.header("none")) == ("r-1", "a, b", "")
        host = server.url.removeprefix("http://").encode()
        lines = [b"POST /a/b?c=d HTTP/1.1", b"Host: " + host, b"User-Agent: noren", b"X-Test: \xfc"]
        assert server.requests == [(b"\r\n".join([*lines, b"Content-Length: 4\r\n\r\n"]), b"body")]


async def test_keeps_and_reuses_connections() -> None:
    async with pair(polite) as (client, server):
        for _ in range(5):
            assert (await client.request("GET", server.url)).status == 200
        assert (server.connections, len(server.requests)) == (1, 5)


async def test_never_opens_more_connections_than_the_cap() -> None:
    async with pair(polite, Limits(pool=2)) as (client, server):
        answers = await asyncio.gather(*[client.request("GET", server.url) for _ in range(20)])
        assert {a.status for a in answers} == {200}
        assert (server.connections, len(server.requests)) == (2, 20)


async def test_a_call_that_gets_no_connection_in_time_has_sent_nothing() -> None:
    async with pair(forever, Limits(pool=1, read=5, total=5)) as (client, server):
        first = asyncio.create_task(client.request("GET", server.url))
        await asyncio.sleep(0)
        with pytest.raises(ChannelError, match="no free connection") as caught:
            await client.request("GET", server.url, timeout=0.05)
        assert not caught.value.sent
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_a_place_freed_by_a_cancelled_call_is_taken_by_the_next() -> None:
    async def script(talk: Talk) -> None:
        if talk.number == 1:
            await forever(talk)
        await polite(talk)

    async with pair(script, Limits(pool=1)) as (client, server):
        first = asyncio.create_task(client.request("GET", server.url))
        await asyncio.sleep(0)
        second = asyncio.create_task(client.request("GET", server.url))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).status == 200


async def test_connection_close_is_honoured() -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.answer(extra=b"connection: close\r\n")

    async with pair(script) as (client, server):
        for _ in range(3):
            await client.request("GET", server.url)
        assert server.connections == 3


async def test_idle_connections_are_closed() -> None:
    gone = asyncio.Event()

    async def script(talk: Talk) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await polite(talk)
        gone.set()

    async with pair(script, Limits(idle=0.02)) as (client, server):
        await client.request("GET", server.url)
        await asyncio.wait_for(gone.wait(), 5)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_connection_closed_while_idle_is_never_used(method: str) -> None:
    """The server's goodbye is seen before anything is sent, so even a POST goes out once, on a fresh one."""

    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.answer()  # and close without a word

    async with pair(script) as (client, server):
        for _ in range(20):
            assert (await client.request(method, server.url, body=b"x")).status == 200
        assert (server.connections, len(server.requests)) == (20, 20)


async def second_is_lost(talk: Talk) -> None:
    await talk.request()
    await talk.answer()
    if talk.number == 1:
        await talk.request()
        talk.reset()
        return
    await polite(talk)


async def test_a_repeatable_request_is_repeated_when_a_kept_connection_dies() -> None:
    async with pair(second_is_lost) as (client, server):
        await client.request("GET", server.url)
        assert (await client.request("POST", server.url, body=b"x", repeatable=True)).status == 200
        assert (server.connections, len(server.requests)) == (2, 3)


async def test_other_requests_are_not() -> None:
    async with pair(second_is_lost) as (client, server):
        await client.request("GET", server.url)
        with pytest.raises(ChannelError, match="before it answered") as caught:
            await client.request("POST", server.url, body=b"x")
        assert caught.value.sent
        assert len(server.requests) == 2


async def test_nothing_was_sent_when_nobody_listens() -> None:
    client = Client()
    with pytest.raises(ChannelError, match=r"cannot connect to 127\.0\.0\.1") as caught:
        await client.request("POST", refusing())
    assert not caught.value.sent
    await client.close()
    with pytest.raises(ChannelError, match="client is closed"):
        await client.request("GET", refusing())


async def lost_before_answer(talk: Talk) -> None:
    await talk.request()
    talk.reset()


async def lost_in_head(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nx")


async def lost_in_body(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")


async def reset_in_body_without_length(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\n\r\nabc")
    talk.reset()


async def not_http(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"220 mail.example ESMTP\r\n")
    await forever(talk)


async def another_protocol(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nxyz")
    await forever(talk)


async def endless_head(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\n")
    while not talk.writer.is_closing():
        await talk.say(b"x-more: " + b"y" * 8_000 + b"\r\n")


async def huge_body(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
    while not talk.writer.is_closing():
        await talk.say(b"z" * 65_536)


async def slow_body(talk: Talk) -> None:
    await talk.request()
    await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")
    await forever(talk)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (lost_before_answer, "before it answered"),
        (lost_in_head, "before it answered|in the middle"),
        (lost_in_body, "in the middle"),
        (reset_in_body_without_length, "in the middle"),
        (not_http, "did not answer with HTTP"),
        (another_protocol, "did not answer with HTTP"),
        (endless_head, "65536 bytes of headers"),
        (huge_body, "larger than 4194304 bytes"),
        (slow_body, "in time"),
        (forever, "in time"),
    ],
)
async def test_a_request_that_went_out_and_came_to_nothing_may_have_arrived(script: Script, words: str) -> None:
    limits = QUICK if words == "in time" else Limits()
    async with pair(script, limits) as (client, server):
        with pytest.raises(ChannelError, match=words) as caught:
            await client.request("POST", server.url, body=b"x")
        assert caught.value.sent
        assert "127.0.0.1" in caught.value.message


async def test_a_trickle_ends_with_the_total_time() -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n")
        while not talk.writer.is_closing():
            await talk.say(b"a")
            await asyncio.sleep(0)

    async with pair(script, QUICK) as (client, server):
        with pytest.raises(ChannelError, match="in time"):
            await client.request("GET", server.url, timeout=0.1)


@pytest.mark.parametrize(
    ("wire", "body"),
    [
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nt: 1\r\n\r\n",
            b"abcde",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", b"ok"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
async def test_reads_every_form_of_body_in_any_pieces(wire: bytes, body: bytes, step: int) -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        for i in range(0, len(wire), step):
            await talk.say(wire[i : i + step])
            await asyncio.sleep(0)

    async with pair(script) as (client, server):
        assert (await client.request("GET", server.url)).body == body


async def test_a_second_answer_nobody_asked_for_closes_the_connection() -> None:
    async def script(talk: Talk) -> None:
        await talk.request()
        await talk.say(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na" * 2)
        await forever(talk)

    async with pair(script) as (client, server):
        assert [(await client.request("GET", server.url)).body for _ in range(3)] == [b"a"] * 3
        assert server.connections == 3


async def test_streams_more_than_it_holds() -> None:
    size = 6_000_000

    async def script(talk: Talk) -> None:
        while True:
            await talk.request()
            await talk.answer(b"c" * size)

    async with pair(script, Limits(body=1_000)) as (client, server):
        for _ in range(2):
            async with client.stream(server.url) as stream:
                assert (stream.status, stream.size, stream.header("content-length")) == (200, size, str(size))
                got = 0
                async for chunk in stream:
                    got += len(chunk)
                assert got == size
        assert server.connections == 1


async def test_a_stream_left_early_closes_its_connection() -> None:
    async with pair(huge_body) as (client, server):
        for _ in range(2):
            async with client.stream(server.url) as stream:
                async for _chunk in stream:
                    break
        assert server.connections == 2


@pytest.mark.parametrize("script", [lost_in_body, slow_body])
async def test_a_stream_that_breaks_off_raises(script: Script) -> None:
    async with pair(script, QUICK) as (client, server), client.stream(server.url) as stream:
        with pytest.raises(ChannelError) as caught:
            async for _chunk in stream:
                pass
        assert caught.value.sent


@pytest.mark.parametrize("name", ["X Y", "X\r\nY", "", "X:"])
async def test_refuses_header_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="no header may have"):
        encode("GET", target("http://line.example"), {name: "v"}, b"")


@pytest.mark.parametrize("value", ["a\r\nHost: b", "a\nb", "a\x00b", "a\x7f"])
async def test_refuses_header_values_that_would_break_out(value: str) -> None:
    with pytest.raises(ValueError, match="no header may have") as caught:
        encode("GET", target("http://line.example"), {"X": value}, b"")
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "ftp://a/b", "/path", "http://", "http://a/b c", "http://a/b\r\nX: y", "http://a/ä"]
)
async def test_refuses_what_is_no_encoded_url(url: str) -> None:
    with pytest.raises(ValueError, match="not an encoded"):
        target(url)


async def test_takes_urls_apart() -> None:
    to = target("https://user:pw@api.line.me/v2?x=1#frag")
    assert (to.tls, to.host, to.port, to.authority, to.path) == (True, "api.line.me", 443, "api.line.me", "/v2?x=1")
    assert target("http://[::1]:81").authority == "[::1]:81"
