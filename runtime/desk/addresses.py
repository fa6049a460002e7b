"""Where a request comes from. Behind a proxy the connection is the proxy's, and a header says whose it was.

Anybody can write that header: it is believed from our own proxies only, and read from the end, where they write.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.requests import Request


def caller(request: Request, proxies: Sequence[str]) -> str:
    """The nearest address that is none of our proxies'."""
    peer = request.client.host if request.client else ""
    said = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for address in [one.strip() for one in reversed(said)]:
        if not address or not ours(peer, proxies):
            break
        peer = address
    return peer


def over_tls(request: Request, proxies: Sequence[str]) -> bool:
    """Whether the browser speaks TLS to us, or to a proxy of ours that says so."""
    if request.url.scheme == "https":
        return True
    peer = request.client.host if request.client else ""
    return ours(peer, proxies) and request.headers.get("x-forwarded-proto", "").strip().lower() == "https"


def ours(address: str, proxies: Sequence[str]) -> bool:
    """Whether an address is a proxy's; without one the connection came over a local socket."""
    if not address:
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in ipaddress.ip_network(one, strict=False) for one in proxies)
