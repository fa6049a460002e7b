"""Who may use the page and the control API: this machine's own pages and tools, never pages of other sites.

A page of another site can ask a server on this machine through somebody's browser. Its requests say so in `Origin`
and `Sec-Fetch-Site`. One trick hides that: a name of its own that suddenly stands for 127.0.0.1 (DNS rebinding),
and then `Host` is that name. So only names are answered that nobody on the internet can own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import Final

OWN_ZONES: Final = ("localhost", "test", "internal", "local", "invalid")
"""Endings no public name can have: https://www.rfc-editor.org/rfc/rfc6761, RFC 6762 and ICANN's `.internal`."""


def refused(method: str, headers: Mapping[str, str], hosts: Collection[str] = ()) -> str:
    """Why a request is not answered; nothing when it is. `hosts` are further names of this machine."""
    host = headers.get("host", "")
    if host and not ours(name_of(host), hosts):
        return f"{name_of(host)} is no name of this machine; start with --allow-host {name_of(host)} if it should be"
    origin = headers.get("origin")
    if origin and method not in ("GET", "HEAD") and origin.split("://")[-1] != host:
        return "requests from pages of another origin are refused"
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return "requests from pages of another site are refused"
    return ""


def ours(name: str, hosts: Collection[str] = ()) -> bool:
    """Whether a name can only mean a machine nearby: an address, a bare name, a private ending, or one of `hosts`."""
    if name in hosts or "." not in name or name.rpartition(".")[2] in OWN_ZONES:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def name_of(host: str) -> str:
    """The name in a `Host` header, without its port: `[::1]:8001` is `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".").lower()
