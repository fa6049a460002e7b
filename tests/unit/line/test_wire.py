"""Connections with TLS, and on the event loop that production uses."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import ChannelError
from runtime.line.client import Client, Limits
from runtime.line.wire import Connection, Stream
from tests.unit.line.servers import Talk, serving

HOST = "localhost"


async def polite(talk: Talk) -> None:
    while True:
        await talk.request()
        await talk.answer(b"x" * 100_000)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for `localhost` and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder / "cert.pem", folder / "key.pem"


def server_side(certificate: tuple[Path, Path], seen: list[str | None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda _sock, name, _context: seen.append(name)
    return context


async def secure(certificate: tuple[Path, Path]) -> None:
    """Several requests over one verified connection; then one to a name the certificate is not for."""
    names: list[str | None] = []
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    async with serving(polite, server_side(certificate, names)) as server:
        client = Client(Limits(connect=5), tls=trusting)
        try:
            for _ in range(3):
                assert len((await client.request("GET", server.url.replace("127.0.0.1", HOST))).body) == 100_000
            assert (names, server.connections) == ([HOST], 1)
            with pytest.raises(ChannelError, match=r"cannot connect to 127\.0\.0\.1: .*verify failed") as caught:
                await client.request("POST", server.url)
            assert not caught.value.sent
        finally:
            await client.close()
        stranger = Client()
        with pytest.raises(ChannelError, match="verify failed"):
            await stranger.request("GET", server.url.replace("127.0.0.1", HOST))
        await stranger.close()


async def crowd(_: Any) -> None:
    """Many calls on few connections, some cancelled, some with servers that hang up."""

    async def script(talk: Talk) -> None:
        for _ in range(talk.number % 5):
            await talk.request()
            await talk.answer(b"y" * talk.number)

    async with serving(script) as server:
        client = Client(Limits(pool=3))

        async def call(number: int) -> int:
            return (await client.request("GET", server.url)).status

        tasks = [asyncio.create_task(call(n)) for n in range(200)]
        for n, task in enumerate(tasks):
            if n % 7 == 0:
                await asyncio.sleep(0)
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(r, int | asyncio.CancelledError | ChannelError) for r in results)
        assert sum(r == 200 for r in results) > 100
        pool = next(iter(client._pools.values()))
        assert len(pool.all) <= 3
        assert not pool.waiting
        assert not pool.connecting
        await client.close()
        assert not pool.all


class Dry(asyncio.Transport):
    """A transport without a network: what is written is dropped, closing is told at once."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__({"socket": sock})
        self.closing = False

    def write(self, data: Any) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closing

    def abort(self) -> None:
        self.closing = True


GOOD = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\nhello",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
)
noise = st.lists(st.tuples(st.integers(0, 80), st.binary(max_size=6)), max_size=4)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(GOOD), noise, st.integers(1, 40), st.booleans(), st.booleans())
def test_damaged_answers_end_in_an_answer_or_an_error(
    wire: bytes, damage: list[tuple[int, bytes]], step: int, clean: bool, streaming: bool
) -> None:
    for at, junk in damage:
        wire = wire[:at] + junk + wire[at + len(junk) :]

    async def story() -> None:
        here, there = socket.socketpair()
        gone: list[Connection] = []
        with here, there:
            connection = Connection("line", gone.append)
            connection.connection_made(Dry(here))
            until = asyncio.get_running_loop().time() + 60
            ask = connection.open(b"x", read=60, until=until)
            if not streaming:
                ask.close()
                ask = connection.ask(b"x", read=60, until=until, limit=1_000)  # type: ignore[assignment]
            asking = asyncio.create_task(ask)
            await asyncio.sleep(0)
            for i in range(0, len(wire), step):
                connection.data_received(wire[i : i + step])
            if clean:
                connection.eof_received()
            connection.connection_lost(None if clean else ConnectionResetError())
            with contextlib.suppress(ChannelError):
                answer = await asking
                if isinstance(answer, Stream):
                    assert len(b"".join([chunk async for chunk in answer])) < 200
            assert gone == [connection]
            assert not connection.free

    asyncio.run(story())


@pytest.mark.parametrize("story", [secure, crowd])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_on_both_loops(story: Callable[..., Any], loop: str, certificate: tuple[Path, Path]) -> None:
    factory = uvloop.new_event_loop if loop == "uvloop" else None
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(story(certificate))
