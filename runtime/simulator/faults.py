"""LINE's bad days, on demand: what goes wrong, where, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from runtime.errors import BadInput
from runtime.simulator import answers
from runtime.simulator.ids import Ids
from runtime.simulator.values import Answer, Missing

Way = Literal["answer", "token", "delay", "slow_body", "reset", "hang"]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`way`: how it shows. `accepts`: the request is carried out all the same. `answer`: what is said instead."""

    way: Way
    accepts: bool = False
    answer: Answer | None = None


FAULTS: Final[Mapping[str, FaultKind]] = {
    "status": FaultKind("answer"),
    "bad_request": FaultKind("answer", answer=answers.error(400, "The request body has 1 error(s)")),
    "unauthorized": FaultKind("answer", answer=answers.UNAUTHORIZED),
    "forbidden": FaultKind("answer", answer=answers.NOT_ALLOWED),
    "not_found": FaultKind("answer", answer=answers.NOT_FOUND),
    "gone": FaultKind("answer", answer=answers.GONE),
    "preparing": FaultKind("answer", answer=answers.PREPARING),
    "rate_limit": FaultKind("answer", answer=answers.RATE_LIMIT),
    "monthly_quota": FaultKind("answer", answer=answers.MONTHLY_LIMIT),
    "server_error": FaultKind("answer", answer=answers.SERVER_ERROR),
    "unavailable": FaultKind("answer", answer=answers.UNAVAILABLE),
    "expired_token": FaultKind("token"),
    "used_token": FaultKind("token"),
    "delay": FaultKind("delay", accepts=True),
    "slow_body": FaultKind("slow_body", accepts=True),
    "reset_before": FaultKind("reset"),
    "reset_after": FaultKind("reset", accepts=True),
    "hang_before": FaultKind("hang"),
    "hang_after": FaultKind("hang", accepts=True),
}
"""Kinds of fault.

`status` answers with a status (and `message` or `body`) of your choice; `expired_token` and `used_token` make the
reply token of the request invalid; `delay` answers late, `slow_body` in small pieces, both after `ms`; `reset_…`
breaks the connection and `hang_…` never answers, before or after the request was carried out.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault that waits for its requests.

    `method` and `path` take `*` and `?`; `text` must stand in the request's body; `bot` is a bot's name; empty
    means any. `skip` lets the first matching requests through, `times` ends it after so many (None: never).
    `accept` carries the request out although the answer says otherwise.
    """

    id: str = ""
    kind: str
    method: str = "*"
    path: str = "*"
    text: str = ""
    bot: str = ""
    times: int | None = 1
    skip: int = 0
    ms: int = 1_000
    accept: bool = False
    status: int = 500
    message: str = ""
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hits: int = 0

    @property
    def shape(self) -> FaultKind:
        return FAULTS[self.kind]

    @property
    def accepts(self) -> bool:
        return self.accept or self.shape.accepts

    def fits(self, bot: str, method: str, path: str, body: bytes) -> bool:
        return (
            (not self.bot or self.bot == bot)
            and fnmatchcase(method, self.method.upper())
            and fnmatchcase(path, self.path)
            and (not self.text or self.text.encode() in body or _escaped(self.text) in body)
        )

    def answer(self) -> Answer:
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        if self.shape.answer is not None:
            return replace(self.shape.answer, headers=self.shape.answer.headers + headers)
        return Answer(self.status, self.body or {"message": self.message or "A fault of the simulator"}, headers)


def _escaped(text: str) -> bytes:
    """The text as JSON encoders write it that keep to ASCII."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in text).encode()


class Faults:
    """The faults that are set, in order; the first that fits a request is used."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._set: dict[str, Fault] = {}

    def __bool__(self) -> bool:
        return bool(self._set)

    def add(self, fault: Fault) -> Fault:
        """Raises `BadInput` for an unknown kind or impossible numbers."""
        if fault.kind not in FAULTS:
            raise BadInput(f"unknown fault {fault.kind!r}; one of {', '.join(FAULTS)}")
        if (fault.times is not None and fault.times < 1) or fault.skip < 0 or fault.ms < 0:
            raise BadInput("times counts from 1, skip and ms from 0")
        if not 200 <= fault.status <= 599 or fault.status in (204, 304):
            raise BadInput("status: an HTTP status that has a body, 200 to 599")
        if not all(
            isinstance(value, str) and f"{name}{value}".isprintable() and f"{name}{value}".isascii()
            for name, value in fault.headers.items()
        ):
            raise BadInput("headers: names and values in ASCII")
        fault = replace(fault, id=self._ids.token(10), hits=0)
        self._set[fault.id] = fault
        return fault

    def list(self) -> list[Fault]:
        return list(self._set.values())

    def remove(self, id: str) -> None:
        if self._set.pop(id, None) is None:
            raise Missing(f"no fault {id}")

    def clear(self) -> None:
        self._set.clear()

    def take(self, bot: str, method: str, path: str, body: bytes) -> Fault | None:
        """The fault this request meets, counted."""
        for fault in self._set.values():
            if fault.fits(bot, method, path, body):
                return self._hit(fault)
        return None

    def _hit(self, fault: Fault) -> Fault | None:
        hits = fault.hits + 1
        if fault.times is not None and hits >= fault.times + fault.skip:
            del self._set[fault.id]
        else:
            self._set[fault.id] = replace(fault, hits=hits)
        return fault if hits > fault.skip else None
