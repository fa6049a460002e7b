"""Who may use the page and the control API."""

from __future__ import annotations

import pytest

from runtime.simulator.guard import name_of, ours, refused
from tests.line_platform import platform, request


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8001", "127.0.0.1"),
        ("[::1]:8001", "::1"),
        ("LocalHost", "localhost"),
        ("bot.local.:80", "bot.local"),
    ],
)
def test_names_without_their_port(host: str, name: str) -> None:
    assert name_of(host) == name


@pytest.mark.parametrize("name", ["127.0.0.1", "::1", "192.168.1.20", "localhost", "noren", "bot.local", "a.localhost"])
def test_names_that_can_only_be_nearby(name: str) -> None:
    assert ours(name)


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.nip.io", "localhost.evil.com", "999.1.1.1"])
def test_names_that_somebody_can_own(name: str) -> None:
    assert not ours(name)
    assert ours(name, {name})


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"host": "127.0.0.1:8001", "origin": "https://evil.com"}),
        ("POST", {"host": "127.0.0.1:8001", "origin": "null"}),
        ("DELETE", {"host": "localhost:8001", "origin": "http://localhost:3000"}),
        ("GET", {"host": "evil.com:8001"}),
        ("GET", {"host": "localhost:8001", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}),
    ],
)
def test_what_is_refused(method: str, headers: dict[str, str]) -> None:
    assert refused(method, headers)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"host": "127.0.0.1:8001", "origin": "http://127.0.0.1:8001"}),
        ("POST", {"host": "127.0.0.1:8001"}),
        ("POST", {}),
        ("GET", {"host": "localhost:8001", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}),
        ("GET", {"host": "localhost:8001", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}),
    ],
)
def test_what_is_let_in(method: str, headers: dict[str, str]) -> None:
    assert not refused(method, headers)


@pytest.mark.anyio
async def test_the_door_keeps_page_and_control_api_but_not_lines_api() -> None:
    line = platform(hosts=["bots.example"])
    for path in ("/", "/simulator/", "/simulator/api/", "/simulator/api/bots"):
        answer = await request(line.app, "GET", path, b"", {"host": "evil.com"})
        assert (answer.status, answer.data["title"]) == (403, "Refused")
        assert "--allow-host evil.com" in answer.data["detail"]
    assert (await request(line.app, "GET", "/simulator/api/", b"", {"host": "bots.example:80"})).status == 200
    token = {"authorization": f"Bearer {line.token()}", "host": "api.example.com"}
    assert (await request(line.app, "GET", "/v2/bot/info", b"", token)).status == 200
