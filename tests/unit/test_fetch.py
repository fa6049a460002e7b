"""HTTP of steps and functions, against a real server on this machine."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from runtime.errors import CallError
from runtime.fetch import Fetcher
from runtime.model import Call, Chat, Result, Session
from runtime.settings import ConnectionSettings, HttpSettings

pytestmark = pytest.mark.anyio

SESSION = Session(key="shop:U1", endpoint="shop", chat=Chat("user", "U1"))
HERE = ("127.0.0.1",)
SECRET = "s3cr3t-t0ken"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(**handlers: Handler) -> AsyncIterator[str]:
    """A server whose paths are these functions; `_` answers everything else. Gives its base URL."""
    app = web.Application()
    for name, handler in handlers.items():
        app.router.add_route("*", "/{rest:.*}" if name == "_" else f"/{name}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def fetcher(
    allow: tuple[str, ...] = HERE, max_kb: int = 1_024, **connections: ConnectionSettings
) -> AsyncIterator[Fetcher]:
    made = Fetcher(HttpSettings(max_kb=max_kb, allow_private=allow), connections)
    try:
        yield made
    finally:
        await made.close()


async def do(fetch: Fetcher, timeout: int = 5_000, key: str = "E1:flow.steps[0]:1", **args: Any) -> Result:
    return await fetch.perform(Call(action="http", args=args, key=key, timeout=timeout), SESSION)


async def echo(request: web.Request) -> web.Response:
    body = await request.text()
    headers = {name.lower(): value for name, value in request.headers.items()}
    return web.json_response(
        {"method": request.method, "path": request.path_qs, "headers": headers, "body": body},
        headers={"X-Kind": "echo"},
    )


async def test_a_request_and_its_answer() -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        result = await do(fetch, url=f"{url}/price", query={"item": "tea & co", "fresh": True, "n": 2})
        assert result.error == ""
        assert result.value["status"] == 200
        assert result.value["headers"]["x-kind"] == "echo"
        assert result.value["body"]["path"] == "/price?item=tea+%26+co&fresh=true&n=2"
        assert result.value["body"]["headers"]["user-agent"] == "noren"


@pytest.mark.parametrize(
    ("args", "body", "kind"),
    [
        ({"json": {"a": "日本"}}, '{"a": "日本"}', "application/json"),
        ({"form": {"a": "1", "b": "x y"}}, "a=1&b=x+y", "application/x-www-form-urlencoded"),
        ({"body": "plain"}, "plain", "text/plain; charset=utf-8"),
        ({"json": []}, "[]", "application/json"),
    ],
)
async def test_bodies_of_all_kinds(args: dict[str, Any], body: str, kind: str) -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        said = (await do(fetch, method="post", url=url, **args)).value["body"]
        assert json.loads(said["body"]) == json.loads(body) if "json" in args else said["body"] == body
        assert said["headers"]["content-type"] == kind
        assert said["headers"]["idempotency-key"] == "E1:flow.steps[0]:1"


async def test_reading_carries_no_idempotency_key() -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        assert "idempotency-key" not in (await do(fetch, url=url)).value["body"]["headers"]


ODD_BODIES = [
    (b"plain words", {}, "plain words"),
    (b"plain words", {"Content-Type": "text/html"}, "plain words"),
    (b"plain words", {"Content-Type": "text/plain; charset=no-such-code"}, "plain words"),
    (b"plain words", {"Content-Type": "text/plain; charset=base64"}, "plain words"),
    (b"\xff\xfe\x00", {"Content-Type": "application/octet-stream"}, "��\x00"),
    ("テスト".encode("shift_jis"), {"Content-Type": "text/plain; charset=shift_jis"}, "テスト"),
    (b'{"a": 1', {"Content-Type": "application/json"}, '{"a": 1'),
    (b"NaN", {"Content-Type": "application/json"}, "NaN"),
    (b"[" * 5_000, {"Content-Type": "application/json"}, "[" * 5_000),
    (b"", {}, ""),
]


@pytest.mark.parametrize(("data", "headers", "body"), ODD_BODIES)
async def test_answers_of_any_kind_are_read(data: bytes, headers: dict[str, str], body: str) -> None:
    async def odd(_: web.Request) -> web.Response:
        return web.Response(body=data, headers=headers)

    async with server(_=odd) as url, fetcher() as fetch:
        result = await do(fetch, url=url)
        assert (result.error, result.value["body"]) == ("", body)


@pytest.mark.parametrize("status", [204, 404, 500])
async def test_every_status_is_an_answer(status: int) -> None:
    async def say(_: web.Request) -> web.Response:
        return web.Response(status=status)

    async with server(_=say) as url, fetcher() as fetch:
        assert (await do(fetch, url=url)).value["status"] == status


async def test_an_answer_over_the_limit_is_refused_and_not_read_to_its_end() -> None:
    written = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal written
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(1_000):
            await answer.write(b"x" * 65_536)
            written += 65_536
        return answer

    async with server(_=flood) as url, fetcher(max_kb=16) as fetch:
        result = await do(fetch, url=url)
        assert result.error == "the answer is larger than 16 KB"
        assert written < 30 * 1024 * 1024


async def test_a_compressed_answer_is_measured_unpacked() -> None:
    async def bomb(_: web.Request) -> web.Response:
        answer = web.Response(body=b"0" * 4_000_000)
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async with server(_=bomb) as url, fetcher(max_kb=100) as fetch:
        assert (await do(fetch, url=url)).error == "the answer is larger than 100 KB"


async def test_a_silent_server_is_given_up() -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with server(_=silent) as url, fetcher() as fetch:
        assert (await do(fetch, timeout=50, url=url)).error == "no answer within 0.05 s"


PRIVATE = [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
]


@pytest.mark.parametrize("url", PRIVATE)
async def test_private_networks_are_closed(url: str) -> None:
    async with fetcher(allow=()) as fetch:
        assert "is on a private network; list it under http.allow_private" in (await do(fetch, url=url)).error


async def test_no_way_of_writing_an_address_reaches_this_machine() -> None:
    async with server(_=echo) as url, fetcher(allow=()) as fetch:
        port = url.rpartition(":")[2]
        for host in ("127.1", "2130706433", "0x7f000001", "0", "localhost", "127.0.0.1.", "①②⑦.0.0.1", "[::]"):
            assert (await do(fetch, url=f"http://{host}:{port}/")).value is None, host


async def test_a_name_that_leads_here_is_refused_where_it_is_resolved() -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        port = url.rpartition(":")[2]
        refused = await do(fetch, url=f"http://localhost:{port}/")
        assert "localhost is on a private network" in refused.error
    async with server(_=echo) as url, fetcher(allow=("localhost",)) as fetch:
        port = url.rpartition(":")[2]
        assert (await do(fetch, url=f"http://localhost:{port}/")).value["status"] == 200
        assert "private" in (await do(fetch, url=f"http://127.0.0.1:{port}/")).error


async def test_a_redirect_into_a_private_network_is_refused() -> None:
    async def away(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})

    async def named(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"http://localhost:{request.url.port}/_"})

    async with server(away=away, named=named, _=echo) as url, fetcher() as fetch:
        assert "169.254.169.254 is on a private network" in (await do(fetch, url=f"{url}/away")).error
        assert "localhost is on a private network" in (await do(fetch, url=f"{url}/named")).error


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "shop/price", "", "//example.com", "http:"]
)
async def test_only_the_web_is_reached(url: str) -> None:
    async with fetcher() as fetch:
        assert "an http step needs an http or https address" in (await do(fetch, url=url)).error


@pytest.mark.parametrize(
    "url", ["http://[bad", "http://a b/", "http://ex ample.com:99999/", "http://x:y/", "http://\x00/"]
)
async def test_what_is_no_address_is_an_error_of_the_step(url: str) -> None:
    async with fetcher() as fetch:
        result = await do(fetch, url=url)
        assert result.error
        assert result.value is None


async def test_headers_that_break_their_line_are_refused() -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        assert (await do(fetch, url=url, headers={"X-A": "1\r\nX-B: 2"})).error.startswith("127.0.0.1 gave no answer")


async def test_nobody_there() -> None:
    async with server(_=echo) as url:
        pass
    async with fetcher() as fetch:
        assert (await do(fetch, url=url)).error.startswith("127.0.0.1 gave no answer: ")


async def test_a_connection_brings_its_address_and_credentials() -> None:
    async with server(_=echo) as url:
        shop = ConnectionSettings(url=f"{url}/v1", headers={"X-Key": SECRET}, bearer=SECRET)
        user = ConnectionSettings(url=url, user="mai", password=SECRET)
        async with fetcher(shop=shop, user=user) as fetch:
            said = (await do(fetch, url="/price", connection="shop")).value["body"]
            assert said["path"] == "/v1/price"
            assert said["headers"]["x-key"] == SECRET
            assert said["headers"]["authorization"] == f"Bearer {SECRET}"
            said = (await do(fetch, connection="user")).value["body"]
            assert base64.b64decode(said["headers"]["authorization"][6:]).decode() == f"mai:{SECRET}"


async def test_a_connection_leads_nowhere_else() -> None:
    async with server(_=echo) as url, fetcher(shop=ConnectionSettings(url=url, bearer=SECRET)) as fetch:
        for path in ("@example.com/", "https://example.com/", "//example.com/", "\\\\example.com"):
            said = (await do(fetch, url=path, connection="shop")).value["body"]
            assert said["headers"]["host"] == url.removeprefix("http://")


async def test_an_unknown_connection_names_those_there_are() -> None:
    async with fetcher(shop=ConnectionSettings(), bank=ConnectionSettings()) as fetch:
        error = (await do(fetch, url="/", connection="shp")).error
        assert error == "there is no connection shp in noren.yaml; known: shop, bank"


async def test_credentials_stay_with_their_host() -> None:
    async with server(_=echo) as other:

        async def away(_: web.Request) -> web.Response:
            return web.Response(status=307, headers={"Location": f"{other}/there"})

        async def home(_: web.Request) -> web.Response:
            return web.Response(status=303, headers={"Location": "/_"})

        async with server(away=away, home=home, _=echo) as url:
            shop = ConnectionSettings(url=url, bearer=SECRET, headers={"X-Key": SECRET})
            async with fetcher(shop=shop) as fetch:
                said = (await do(fetch, url="away", connection="shop", method="POST", json={})).value["body"]
                assert SECRET not in str(said)
                assert said["method"] == "POST"
                said = (await do(fetch, url="home", connection="shop", method="POST", json={})).value["body"]
                assert said["headers"]["authorization"] == f"Bearer {SECRET}"
                assert (said["method"], said["body"]) == ("GET", "")


async def test_going_round_in_circles_ends() -> None:
    async def again(_: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": "/"})

    async with server(_=again) as url, fetcher() as fetch:
        assert (await do(fetch, url=url)).error == "127.0.0.1 redirects more than 5 times"


async def test_no_error_and_no_log_line_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with server(cut=cut) as url:
        shop = ConnectionSettings(url=url, bearer=SECRET, headers={"X-Key": SECRET}, user="u", password=SECRET)
        gone = ConnectionSettings(url="http://127.0.0.1:1", bearer=SECRET)
        async with fetcher(shop=shop, gone=gone) as fetch:
            errors = [
                (await do(fetch, url=f"cut?token={SECRET}", connection="shop")).error,
                (await do(fetch, url=f"/?token={SECRET}", connection="gone")).error,
                (await do(fetch, url="/", connection=f"shop\n{SECRET[:0]}")).error,
                (await do(fetch, url="cut", connection="shop", headers={"X-A": f"{SECRET}\n"})).error,
            ]
    assert all(errors)
    assert SECRET not in str(errors)
    assert SECRET not in caplog.text


async def test_functions_use_the_same_client_and_get_exceptions() -> None:
    async with server(_=echo) as url, fetcher() as fetch:
        assert (await fetch.request("GET", url))["status"] == 200
        with pytest.raises(CallError, match="no method"):
            await fetch.request("TRACE", url)


async def picture(_: web.Request) -> web.Response:
    return web.Response(body=b"picture", headers={"Content-Disposition": 'inline; filename="shop map.png"'})


async def test_a_file_is_found_behind_redirects_and_keeps_its_name() -> None:
    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPFound("/file%20two.png")

    async def plain(_: web.Request) -> web.Response:
        return web.Response(body=b"two")

    async with server(named=picture, moved=moved, _=plain) as url, fetcher() as fetch:
        assert await fetch.download(f"{url}/named", 100) == (b"picture", "shop map.png")
        assert await fetch.download(f"{url}/moved", 100) == (b"two", "file two.png")


async def test_a_file_of_a_private_network_too_large_or_gone_is_none() -> None:
    async def gone(_: web.Request) -> web.Response:
        raise web.HTTPNotFound

    async def inside(_: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/latest")

    async with server(named=picture, gone=gone, inside=inside) as url, fetcher() as fetch:
        for path, most, why in (("named", 3, "larger"), ("gone", 9, "answered 404"), ("inside", 9, "private network")):
            with pytest.raises(CallError, match=why):
                await fetch.download(f"{url}/{path}", most)
