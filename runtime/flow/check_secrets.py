"""Keys, tokens and passwords in files that many people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from runtime.flow.judging import finding
from runtime.flow.source import place_of
from runtime.model import Finding

Rule = tuple[str, tuple[str, ...], re.Pattern[str]]

_LONG = re.compile(r"\S{130}")
_TOKEN = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{130,}={0,2}(?![A-Za-z0-9+/=])")
_RULES: tuple[Rule, ...] = (
    ("a private key", ("private key",), re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    (
        "a bearer token",
        ("bearer",),
        re.compile(r"(?i)\bbearer\s+(?!\{\{)(?=[A-Za-z0-9._~+/-]*\d)([A-Za-z0-9._~+/-]{16,}=*)"),
    ),
    (
        "an API key",
        ("sk-", "akia", "aiza", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat", "xox"),
        re.compile(
            r"\b(sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|gh[pousr]_\w{30,}"
            r"|github_pat_\w{30,}|xox[abprs]-[A-Za-z0-9-]{10,})"
        ),
    ),
    ("a JSON web token", ("eyj",), re.compile(r"\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})")),
    ("a password in an address", ("@",), re.compile(r"://[^/\s:@\"'{}]+:([^/\s:@\"'{}]{3,})@")),
    (
        "a secret",
        ("api_key", "api-key", "apikey", "token", "secret", "passw", "authorization"),
        re.compile(
            r"(?i)\b[\w-]*(?:api[_-]?key|access[_-]?token|channel[_-]?secret|client[_-]?secret|secret[_-]?key|passw(?:or)?d"
            r"|x-api-key|authorization)[\"']?\s*[:=]\s*[\"']?(?:basic\s+)?"
            r"(?=[A-Za-z0-9_+/.-]*\d)(?=[\d_+/.-]*[A-Za-z])([A-Za-z0-9_+/.-]{12,}=*)"
        ),
    ),
)
"""What it looks like, signs in small letters without which it is not there, the pattern."""


def judge(files: Mapping[str, str]) -> Iterator[Finding]:
    """A finding at each secret, which is never repeated in its words."""
    for path, text in files.items():
        if not path.endswith(".csv"):
            yield from _in_file(path, text)


@lru_cache(maxsize=4_096)
def _in_file(path: str, text: str) -> tuple[Finding, ...]:
    told: dict[int, Finding] = {}
    for what, pattern in _patterns(text):
        for found in pattern.finditer(text):
            at = place_of(text, found.start(1 if pattern.groups else 0), path)
            if at.line not in told:
                told[at.line] = finding(
                    "secret",
                    at,
                    f"this looks like {what}; whoever reads this file can use it",
                    why="flow files are shared, stored with every version and shown in reviews",
                    fix="put it into the environment, name it in noren.yaml as ${NAME}, and use a `connection`; "
                    "then have a new one issued",
                )
    return tuple(told.values())


def _patterns(text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Those that are worth their time."""
    if _LONG.search(text):
        yield "a LINE channel access token", _TOKEN
    plain = text.lower()
    yield from ((what, pattern) for what, signs, pattern in _RULES if any(sign in plain for sign in signs))
