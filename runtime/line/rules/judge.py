"""Checking: the screen first, and the explainer only for what the screen does not let pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from runtime.line.rules.answer import response, staged, violation
from runtime.line.rules.checks import Where
from runtime.line.rules.explain import explain
from runtime.line.rules.screen import BEYOND, ODD, by_type, passes
from runtime.model import Message, Violation

Via = Literal["reply", "push", "multicast", "broadcast", "narrowcast", "validate"]
To = Literal["user", "group", "room"]
VIAS: tuple[Via, ...] = ("reply", "push", "multicast", "broadcast", "narrowcast", "validate")
TOS: tuple[To, ...] = ("user", "group", "room")
KINDS_OF_CHAT: Mapping[str, To] = {"U": "user", "C": "group", "R": "room"}
OBJECTS = ("richmenu", "loading", "alias", "bulk")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What LINE would make of a request: our violations, and the body of its 400 (None where it would take it)."""

    violations: tuple[Violation, ...] = ()
    response: Mapping[str, Any] | None = None

    @property
    def valid(self) -> bool:
        return self.response is None


GOOD = Judgement()


def passes_all(messages: Sequence[Any], via: str = "reply", to: str = "user") -> bool:
    """Whether no message breaks any rule, by the screen alone; the number of messages is not looked at."""
    try:
        screens = by_type(via, to)
        for message in messages:
            if not screens[message["type"]](message):
                return False
    except BEYOND:
        return not explain({"messages": list(messages)}, "request", Where(via, to))
    except ODD:
        return False
    return True


def _good(messages: Any, via: str, to: str) -> bool:
    return isinstance(messages, (list, tuple)) and 0 < len(messages) <= 5 and passes_all(messages, via, to)


def _explained(body: Any, name: str, where: Where) -> Judgement:
    found = staged(explain(body, name, where))
    return Judgement(tuple(violation(f, body) for f in found), response(found, body)) if found else GOOD


def judge(messages: Sequence[Any], *, via: Via = "reply", to: To = "user") -> Judgement:
    """The messages of one request, without its reply token or recipients."""
    if _good(messages, via, to):
        return GOOD
    known = list(messages) if isinstance(messages, (list, tuple)) else messages
    return _explained({"messages": known}, "request", Where(via, to))


def check(messages: Sequence[Message], *, via: Via = "reply", to: To = "user") -> list[Violation]:
    """Every rule that the messages of one request break, in LINE's order; empty when LINE would take them.

    `via` is the endpoint, `to` the kind of chat. Severity `warning` marks what LINE is not known to refuse.
    """
    if _good(messages, via, to):
        return []
    return list(judge(messages, via=via, to=to).violations)


def judge_request(request: Any, *, via: Via = "reply", to: To | None = None) -> Judgement:
    """A whole request body; without `to` the kind of chat follows from the id in the body."""
    if not isinstance(request, dict):
        return Judgement((), {"message": "The request body could not be parsed as JSON (line: 1, column: 1)"})
    where = Where(via, to or _chat(request.get("to")))
    if passes(request, f"request.{via}", where):
        return GOOD
    return _explained(request, f"request.{via}", where)


def _chat(recipient: Any) -> To:
    return KINDS_OF_CHAT.get(recipient[:1], "user") if isinstance(recipient, str) else "user"


def respond(request: Any, via: Via = "reply", to: To | None = None) -> dict[str, Any] | None:
    """The body that LINE would answer this request with, or None where it would take it."""
    answer = judge_request(request, via=via, to=to).response
    return dict(answer) if answer is not None else None


def judge_object(value: Any, kind: str) -> Judgement:
    """The body of another request: `richmenu`, `alias` and `bulk` (linking a menu), or `loading`."""
    if kind not in OBJECTS:
        raise ValueError(f"no rules for {kind!r}: choose one of {', '.join(OBJECTS)}")
    if not isinstance(value, dict):
        return Judgement((), {"message": "The request body could not be parsed as JSON (line: 1, column: 1)"})
    return GOOD if passes(value, kind, Where()) else _explained(value, kind, Where())
