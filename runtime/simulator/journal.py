"""What went in and out: every request to the API and every webhook, with its outcome and bodies."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

KEEP_BODY: Final = 64 * 1024
SECRET_PATHS: Final = ("/oauth2/", "/v2/oauth/")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request (`way` is api) or one webhook (`way` is webhook).

    `outcome`: answered, refused, fault kind, or for webhooks OK, COULD_NOT_CONNECT, REQUEST_TIMEOUT,
    ERROR_STATUS_CODE, UNCLASSIFIED. `ms` is how long it took.
    """

    n: int
    at: int
    way: str
    bot: str
    method: str
    path: str
    status: int
    outcome: str
    request_id: str
    ms: float
    sent: bytes
    answered: bytes

    def plain(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "at": self.at,
            "way": self.way,
            "bot": self.bot,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "outcome": self.outcome,
            "request_id": self.request_id,
            "ms": round(self.ms, 3),
            "request": shown(self.path, self.sent),
            "response": shown(self.path, self.answered),
        }


def shown(path: str, body: bytes) -> Any:
    """A body as people read it: JSON where it is JSON, never what the token endpoints say."""
    if path.startswith(SECRET_PATHS):
        return "hidden" if body else ""
    if not body:
        return ""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8") if body.isascii() else f"{len(body)} bytes"


class Journal:
    """The last `keep` exchanges."""

    def __init__(self, keep: int = 5_000) -> None:
        self._kept: deque[Exchange] = deque(maxlen=keep)
        self.count = 0

    def add(
        self,
        at: int,
        way: str,
        bot: str,
        method: str,
        path: str,
        status: int,
        outcome: str,
        request_id: str,
        ms: float,
        sent: bytes,
        answered: bytes,
    ) -> None:
        self.count += 1
        self._kept.append(
            Exchange(
                self.count,
                at,
                way,
                bot,
                method,
                path,
                status,
                outcome,
                request_id,
                ms,
                sent if len(sent) <= KEEP_BODY else sent[:KEEP_BODY],
                answered if len(answered) <= KEEP_BODY else answered[:KEEP_BODY],
            )
        )

    def since(
        self, after: int = 0, *, way: str = "", bot: str = "", path: str = "", limit: int = 500
    ) -> list[Exchange]:
        """The last `limit` exchanges after number `after` that fit, oldest first."""
        found = [
            e
            for e in self._kept
            if e.n > after and (not way or e.way == way) and (not bot or e.bot == bot) and path in e.path
        ]
        return found[-limit:]

    def clear(self) -> None:
        self._kept.clear()
