"""Answers of the outside world that a test gives itself: no test reaches the network.

Delays are in the time of the test, so that nobody waits for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from runtime.errors import CallError
from runtime.fetch import Fetcher
from runtime.model import Call, Place, Result, Session
from runtime.ports import Clock, Effects
from runtime.settings import HttpSettings

TYPES = {"json": "application/json", "text": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. `delay` in ms; `error` says why there is none."""

    json: Any = None
    text: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    result: Any = None
    error: str = ""
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Mock:
    """`pattern` is `METHOD url` or `file.py:function`, with `*` for anything; answers in turn, the last for ever."""

    pattern: str
    answers: tuple[Answer, ...]
    at: Place

    def fits(self, name: str) -> bool:
        parts = (re.escape(part) for part in self.pattern.split("*"))
        return re.fullmatch(".*".join(parts), name, re.DOTALL) is not None


class Mocks:
    """The mocks of one test; `asked` tells what was asked for, `unknown` what no mock answers."""

    def __init__(self, mocks: Sequence[Mock], clock: Clock) -> None:
        self._mocks, self._clock = mocks, clock
        self._used: dict[str, int] = {}
        self.asked: list[str] = []
        self.unknown: list[str] = []
        self.waiting = 0

    def find(self, *names: str) -> Answer | None:
        """The answer to something that goes by any of these names."""
        for mock in self._mocks:
            if any(mock.fits(name) for name in names):
                turn = self._used.get(mock.pattern, 0)
                self._used[mock.pattern] = turn + 1
                return mock.answers[min(turn, len(mock.answers) - 1)]
        return None

    async def http(self, method: str, url: str, timeout: int = 0) -> dict[str, Any]:
        """The answer to a request. Raises `CallError` when there is none."""
        whole, bare = f"{method} {url}", f"{method} {url.partition('?')[0]}"
        self.asked.append(whole)
        answer = self.find(whole, bare)
        if answer is None:
            self.unknown.append(bare)
            raise CallError(f"this test has no mock for {bare}")
        await self.pass_by(answer, timeout)
        if answer.error:
            raise CallError(f"{urlsplit(url).hostname or url} gave no answer: {answer.error}")
        return shown(answer)

    async def pass_by(self, answer: Answer, timeout: int) -> None:
        """Let the delay of an answer pass. Raises `CallError` when the time-out (ms) comes first."""
        late = bool(timeout) and answer.delay > timeout
        if answer.delay:
            self.waiting += 1
            await self._clock.sleep_until(self._clock.now() + (timeout if late else answer.delay))
            self.waiting -= 1
        if late:
            raise CallError(f"no answer within {timeout / 1000:g} s")

    def around(self, effects: Effects) -> Effects:
        """The effects of an endpoint, with the functions that are mocked answered here."""
        return {**effects, "call": self._call(effects["call"])}

    def _call(self, real: Callable[[Call, Session], Any]) -> Callable[[Call, Session], Any]:
        async def call(call: Call, session: Session) -> Result:
            name = str(call.args.get("function"))
            self.asked.append(name)
            answer = self.find(name)
            if answer is None:
                return await real(call, session)  # type: ignore[no-any-return]  # an effect gives a result
            try:
                await self.pass_by(answer, call.timeout)
            except CallError as error:
                return Result(error=error.message)
            return Result(value=answer.result, error=answer.error)

        return call


class MockedHttp(Fetcher):
    """The `http` steps and `kit.http` of a test."""

    def __init__(self, mocks: Mocks, settings: HttpSettings, connections: Mapping[str, Any]) -> None:
        super().__init__(settings, connections)
        self._mocks = mocks

    async def perform(self, call: Call, session: Session) -> Result:
        try:
            return Result(value=await self._mocks.http(*self.asked(**dict(call.args)), call.timeout))
        except CallError as error:
            return Result(error=error.message)

    async def request(self, method: str = "GET", url: str = "", **more: Any) -> dict[str, Any]:
        return await self._mocks.http(*self.asked(method, url, **more))

    def asked(self, method: str = "GET", url: str = "", **more: Any) -> tuple[str, str]:
        """Method and whole address, query included."""
        address, _ = self._address(url, str(more.get("connection") or ""))
        query = "&".join(f"{name}={value}" for name, value in (more.get("query") or {}).items())
        return method.upper(), address + (f"{'&' if '?' in address else '?'}{query}" if query else "")


def shown(answer: Answer) -> dict[str, Any]:
    """An answer as an `http` step sees it."""
    kind = "json" if answer.text is None else "text"
    body = answer.json if answer.text is None else answer.text
    headers = {"content-type": TYPES[kind], **{name.lower(): value for name, value in answer.headers.items()}}
    return {"status": answer.status, "headers": headers, "body": body}
