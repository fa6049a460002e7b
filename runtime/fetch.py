"""HTTP for `http` steps and for `kit.http`: time-outs, a size cap, named connections, no way into private networks.

The address is checked where the name is resolved, so a public name that points at a private address is refused
too, and so is a redirect to one. Secrets stand in named connections; they never reach a log or an error text.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from runtime.errors import CallError
from runtime.log import Logger
from runtime.model import Call, Result, Session
from runtime.settings import ConnectionSettings, HttpSettings

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

log = Logger("fetch")

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 5
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Fetcher:
    """One aiohttp session behind the guard. aiohttp is loaded with the first request: most turns need none."""

    def __init__(self, settings: HttpSettings, connections: Mapping[str, ConnectionSettings]) -> None:
        self._settings, self._connections = settings, connections
        self._session: aiohttp.ClientSession | None = None

    async def perform(self, call: Call, session: Session) -> Result:
        """An `http` step. `value` is `{status, headers, body}`; a failure to get an answer is `error`."""
        try:
            async with asyncio.timeout(call.timeout / 1000):
                return Result(value=await self.request(**dict(call.args), key=call.key))
        except TimeoutError:
            return Result(error=f"no answer within {call.timeout / 1000:g} s")
        except CallError as error:
            return Result(error=error.message)

    async def request(
        self,
        method: str = "GET",
        url: str = "",
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        body: str | bytes | None = None,
        connection: str = "",
        key: str = "",
    ) -> dict[str, Any]:
        """One request. Raises `CallError` naming host and reason when there is no answer."""
        method = method.upper()
        if method not in METHODS:
            raise CallError(f"{method} is no method an http step may use")
        url, extra = self._address(url, connection)
        sent = {**extra, **{str(k): str(v) for k, v in (headers or {}).items()}}
        if key and method not in ("GET", "HEAD"):
            sent.setdefault("Idempotency-Key", key)
        options: dict[str, Any] = {"headers": sent, "params": _query(query), "data": form or body}
        if json is not None:
            options |= {"json": json, "data": None}
        from aiohttp import ClientError

        try:
            return await self._follow(method, url, options)
        except (OSError, ValueError, ClientError) as error:
            raise CallError(f"{_host(url)} gave no answer: {_reason(error)}") from error

    async def download(self, url: str, most: int) -> tuple[bytes, str]:
        """The bytes behind an address of somebody else's choice, and their name. Raises `CallError`."""
        from aiohttp import ClientError

        try:
            for _ in range(MAX_REDIRECTS + 1):
                async with self._client().get(self._admit(url), allow_redirects=False) as answer:
                    if answer.status in REDIRECTS and "Location" in answer.headers:
                        url = urljoin(url, answer.headers["Location"])
                        continue
                    if answer.status != 200:
                        raise CallError(f"{_host(url)} answered {answer.status}")
                    named = answer.content_disposition.filename if answer.content_disposition else None
                    return await _limited(answer, most), named or unquote(urlsplit(url).path.rpartition("/")[2])
        except (OSError, ValueError, ClientError) as error:
            raise CallError(f"{_host(url)} gave no answer: {_reason(error)}") from error
        raise CallError(f"{_host(url)} redirects more than {MAX_REDIRECTS} times")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _follow(self, method: str, url: str, options: dict[str, Any]) -> dict[str, Any]:
        origin = urlsplit(url)[:2]
        for _ in range(MAX_REDIRECTS + 1):
            async with self._client().request(method, self._admit(url), allow_redirects=False, **options) as answer:
                if answer.status not in REDIRECTS or "Location" not in answer.headers:
                    return await self._answer(answer)
                url = urljoin(url, answer.headers["Location"])
                if answer.status == 303:
                    method, options = "GET", {"headers": options["headers"]}
                options.pop("params", None)
                if urlsplit(url)[:2] != origin:
                    options["headers"] = {}  # credentials stay with the host they were meant for
        raise CallError(f"{urlsplit(url).hostname} redirects more than {MAX_REDIRECTS} times")

    async def _answer(self, answer: aiohttp.ClientResponse) -> dict[str, Any]:
        data = await _limited(answer, self._settings.max_kb * 1024)
        return {
            "status": answer.status,
            "headers": {k.lower(): v for k, v in answer.headers.items()},
            "body": _body(_decoded(data, answer.charset)),
        }

    def _address(self, url: str, connection: str) -> tuple[str, dict[str, str]]:
        if not connection:
            return url, {}
        known = self._connections.get(connection)
        if known is None:
            names = ", ".join(self._connections) or "none"
            raise CallError(f"there is no connection {connection} in noren.yaml; known: {names}")
        joined = known.url.rstrip("/") + "/" + url.lstrip("/") if url else known.url
        return joined, {**known.headers, **_credentials(known)}

    def _admit(self, url: str) -> URL:
        """The address as aiohttp reads it: judged is what is called, also for `http://①②⑦.0.0.1/`."""
        from yarl import URL

        read = URL(url)
        if read.scheme not in ("http", "https") or not read.raw_host:
            raise CallError(f"{read.scheme or 'no'} scheme: an http step needs an http or https address")
        if read.raw_host not in self._settings.allow_private and _is_private(read.raw_host):
            raise CallError(_refusal(read.raw_host))
        return read

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            import aiohttp

            connector = aiohttp.TCPConnector(limit=100, resolver=_resolver(frozenset(self._settings.allow_private)))
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": "noren"})
        return self._session


async def _limited(answer: aiohttp.ClientResponse, most: int) -> bytes:
    data = bytearray()
    async for part in answer.content.iter_chunked(65_536):
        data += part
        if len(data) > most:
            raise CallError(f"the answer is larger than {most // 1024} KB")
    return bytes(data)


def _resolver(allowed: frozenset[str]) -> aiohttp.abc.AbstractResolver:
    from aiohttp.abc import ResolveResult
    from aiohttp.resolver import ThreadedResolver

    class Guard(ThreadedResolver):
        """Resolves names and refuses those that lead to a private network."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            found = await super().resolve(host, port, family)
            if host not in allowed and any(_is_private(entry["host"]) for entry in found):
                raise CallError(_refusal(host))
            return found

    return Guard()


def _refusal(host: str) -> str:
    return f"{host} is on a private network; list it under http.allow_private in noren.yaml if steps may call it"


def _is_private(host: str) -> bool:
    address = _address_of(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = _inner(address) or address
    return address is not None and (not address.is_global or address.is_multicast)


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as; the system's short forms (`127.1`, `0x7f000001`) count too."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64."""
    teredo = address.teredo[1] if address.teredo else None
    nat64 = ipaddress.IPv4Address(address.packed[12:]) if address in NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64


def _credentials(connection: ConnectionSettings) -> dict[str, str]:
    if connection.bearer:
        return {"Authorization": f"Bearer {connection.bearer}"}
    if connection.user:
        known = f"{connection.user}:{connection.password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(known).decode()}"}
    return {}


def _query(query: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(k): "true" if v is True else "false" if v is False else str(v) for k, v in (query or {}).items()}


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", errors="replace")
    except (LookupError, ValueError):  # an encoding nobody knows, or one that is none of texts
        return data.decode("utf-8", errors="replace")


def _body(text: str) -> Any:
    """JSON as values, everything else as text; `NaN` and its kind are no JSON."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return text


def _no_number(name: str) -> None:
    raise ValueError(name)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"


def _reason(error: BaseException) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__
