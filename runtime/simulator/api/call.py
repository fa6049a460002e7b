"""One request to LINE's API, as its operations see it, and the reading of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.line.rules import judge_object
from runtime.model import Data
from runtime.simulator.account import Account
from runtime.simulator.answers import INVALID_START, Refusal, invalid_parameter, invalid_property
from runtime.simulator.platform import Platform
from runtime.simulator.values import USER_ID, Answer

Check = Callable[[Data, str, str], Data | None]
"""(request body, via, kind of chat) → the body of LINE's 400, or None when the messages are right."""

Test = Callable[[Account, str], Any]
"""Sends an empty webhook to a URL and says how it went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """`data` is the decoded JSON body, or the fields of a form; `account` is None only where no token is needed."""

    platform: Platform
    owner: Account | None
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    content_type: str
    retry_key: str
    tag: str
    request_id: str
    check: Check
    test: Test

    @property
    def account(self) -> Account:
        if self.owner is None:
            raise LookupError("this operation needs a channel access token")
        return self.owner

    @property
    def name(self) -> str:
        return self.account.bot.name

    def now(self) -> int:
        return self.platform.now()


def typed(call: ApiCall, types: Mapping[str, type]) -> None:
    """Refuse properties of a wrong JSON type, in the words of LINE's parser; null counts as left out."""
    for name, kind in types.items():
        value = call.data.get(name)
        if value is None:
            continue
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Refusal(invalid_property(f"'{name}'", place(call.body, name)))


def judged(call: ApiCall, kind: str) -> None:
    """Refuse a body other than of messages (`richmenu`, `alias`, `bulk`, `loading`) that breaks a rule."""
    refused = judge_object(call.data, kind).response
    if refused is not None:
        raise Refusal(Answer(400, dict(refused)))


def place(body: bytes, name: str) -> str:
    """Where the value of a property begins, as LINE counts: lines and columns from 1."""
    text = body.decode("utf-8", "replace")
    found = re.search(rf'"{re.escape(name)}"\s*:\s*', text)
    if not found:
        return "line: -, column: -"
    before = text[: found.end()]
    return f"line: {before.count(chr(10)) + 1}, column: {len(before) - before.rfind(chr(10))}"


def user_param(call: ApiCall, name: str = "userId") -> str:
    value = call.params[name]
    if not USER_ID.fullmatch(value):
        raise Refusal(invalid_parameter(name))
    return value


def page(call: ApiCall, items: Sequence[str], most: int, default: int) -> tuple[list[str], dict[str, str]]:
    """A page of ids and, if there are more, the token of the next."""
    limit = call.query.get("limit", str(default))
    if not limit.isdecimal() or not 1 <= int(limit) <= most:
        raise Refusal(invalid_parameter("limit"))
    first = 0
    if "start" in call.query:
        found = call.platform.pages.get(call.query["start"], call.name, call.now())
        if found is None:
            raise Refusal(INVALID_START)
        first = int(found[1])
    last = first + int(limit)
    more = {"next": call.platform.pages.issue(call.name, "", str(last), call.now())} if last < len(items) else {}
    return list(items[first:last]), more
