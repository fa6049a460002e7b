"""noren.yaml: everything that is wrong with it, each thing at its place."""

from __future__ import annotations

import pytest

from runtime.cli.check_settings import connections, is_private, read
from runtime.model import Place

SHOP = "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n"


def told(text: str) -> list[tuple[str, int, str]]:
    return [(one.code, one.at.line, one.fix) for one in read(text, {}).findings]


def test_good_settings_have_no_findings() -> None:
    found = read(SHOP + "    languages: [ja, zh-TW]\n    timezone: Asia/Taipei\n", {})
    assert found.findings == ()
    assert found.settings is not None
    assert found.settings.endpoints["shop"].languages == ("ja", "zh-TW")


def test_what_can_be_used_is_used_beside_what_cannot() -> None:
    found = read(SHOP + "    languages: [ja]\n    late: never\n    lates: x\nport: soon\nworker: 5\n", {})
    assert [one.at.line for one in found.findings] == [5, 6, 7, 8]
    assert found.settings is not None
    assert found.settings.endpoints["shop"].languages == ("ja",)
    assert found.settings.port == 8000


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("timezone: tokyo", "write Asia/Tokyo"),
        ("timezone: Asia/Bankok", "write Asia/Bangkok"),
        ("timezone: '?'", "write a name such as Asia/Tokyo or Asia/Bangkok"),
        ("languages: [jp]", "write ja"),
        ("languages: [thai]", "write th"),
        ("languages: [klingonese]", "write a code such as ja, th, zh-TW, id or en"),
        ("languages: []", "write [en]"),
        ("late: never", "write push or button"),
        ("reply_within: 50", "write 10s, 30m, 1.5h, 2d or 0"),
        ("timezome: UTC", "write timezone"),
    ],
)
def test_ways_out(line: str, fix: str) -> None:
    assert told(f"{SHOP}    {line}\n") == [("bad-setting", 4, fix)]


@pytest.mark.parametrize("text", ["", "- a\n", "a: [\n", "endpoints: x\n", "endpoints:\n  shop: [a]\n", "null\n"])
def test_a_file_that_is_none_is_told_and_never_raises(text: str) -> None:
    assert told(text)


def test_secrets_that_are_written_out() -> None:
    text = (
        SHOP.replace("${SECRET:-}", "abcdef") + "connections:\n  a: {bearer: xyz, headers: {X-Key: 0123456789abcdef}}\n"
    )
    assert [(code, line) for code, line, _ in told(text)] == [("secret", 3), ("secret", 5), ("secret", 5)]


def test_a_good_bye_to_a_silent_session_is_billed() -> None:
    assert [one[:2] for one in told(SHOP + "    session:\n      expired_say: Bye\n")] == [("billed-push", 5)]


def test_connections_and_addresses_of_steps() -> None:
    found = read(SHOP + "connections:\n  stock: {url: 'https://a.example'}\n  old: {url: 'https://b.example'}\n", {})
    assert found.settings is not None
    asked = [
        ("stock", "/a", Place("f", 1, 1)),
        ("stok", "/a", Place("f", 2, 1)),
        ("", "/a", Place("f", 3, 1)),
        ("", "http://10.0.0.1/a", Place("f", 4, 1)),
        ("", "https://api.example.com/a", Place("f", 5, 1)),
        ("", "{{ session.url }}", Place("f", 6, 1)),
    ]
    made = connections(asked, found.settings, found.node)
    assert [(one.code, one.at.line) for one in made] == [
        ("unknown-connection", 2),
        ("bad-address", 3),
        ("private-address", 4),
        ("unused-connection", 6),
    ]


def test_private_hosts() -> None:
    assert all(map(is_private, ("localhost", "127.0.0.1", "192.168.1.1", "db.internal", "::1", "169.254.1.1")))
    assert not any(map(is_private, ("example.com", "8.8.8.8", "localhost.example.com")))
