"""Keys, tokens and passwords in files that many people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from runtime.flow.judging import finding
from runtime.flow.source import place_of
from runtime.model import Finding

_SIGNS = (
    *(
        "bearer",
        "sk-",
        "akia",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat",
        "xox",
        "aiza",
        "eyj",
        "private key",
    ),
    *("key", "token", "secret", "passw", "authorization", "@"),
)
"""What a file without any of it is not looked at closely for."""

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a LINE channel access token", re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{130,}={0,2}(?![A-Za-z0-9+/=])")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a bearer token", re.compile(r"(?i)\bbearer\s+(?!\{\{)(?=[A-Za-z0-9._~+/-]*\d)([A-Za-z0-9._~+/-]{16,}=*)")),
    (
        "an API key",
        re.compile(
            r"\b(sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|gh[pousr]_\w{30,}"
            r"|github_pat_\w{30,}|xox[abprs]-[A-Za-z0-9-]{10,})"
        ),
    ),
    ("a JSON web token", re.compile(r"\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})")),
    ("a password in an address", re.compile(r"://[^/\s:@\"'{}]+:([^/\s:@\"'{}]{3,})@")),
    (
        "a secret",
        re.compile(
            r"(?i)\b[\w-]*(?:api[_-]?key|access[_-]?token|channel[_-]?secret|client[_-]?secret|secret[_-]?key|passw(?:or)?d"
            r"|x-api-key|authorization)[\"']?\s*[:=]\s*[\"']?(?:basic\s+)?"
            r"(?=[A-Za-z0-9_+/.-]*\d)(?=[\d_+/.-]*[A-Za-z])([A-Za-z0-9_+/.-]{12,}=*)"
        ),
    ),
)


def judge(files: Mapping[str, str]) -> Iterator[Finding]:
    """A finding at each secret, which is never repeated in its words."""
    for path, text in files.items():
        if path.endswith(".csv") or not _suspicious(text):
            continue
        told: set[int] = set()
        for what, pattern in _RULES:
            for found in pattern.finditer(text):
                at = place_of(text, found.start(1 if pattern.groups else 0), path)
                if at.line in told:
                    continue
                told.add(at.line)
                yield finding(
                    "secret",
                    at,
                    f"this looks like {what}; whoever reads this file can use it",
                    why="flow files are shared, stored with every version and shown in reviews",
                    fix="put it into the environment, name it in noren.yaml as ${NAME}, and use a `connection`; "
                    "then have a new one issued",
                )


def _suspicious(text: str) -> bool:
    """Whether a closer look is worth its time."""
    plain = text.lower()
    return any(sign in plain for sign in _SIGNS) or (max(map(len, text.split()), default=0) >= 130)
