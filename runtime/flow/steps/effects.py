"""Things done outside: HTTP, Python functions, LINE's waiting dots."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.errors import CallError
from runtime.flow.compiling import FUNCTION_NAME, Save
from runtime.flow.expr import Expression, Template
from runtime.flow.filling import Filling, fill
from runtime.flow.live import Plainly
from runtime.flow.reading import Reading
from runtime.flow.shapes import Dict, Fields, Flag, Nothing, Number, Plain, Shapes, Span
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tree import Effects, Step
from runtime.flow.variables import jsonable
from runtime.model import Call, Result

TIMEOUT = 10_000
TRACED = 32_000
"""Characters of a result that the trace keeps."""

LOADING = 20
"""Seconds the dots show at most while a step works; they go as soon as something is said.
https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator"""
METHODS = ("get", "post", "put", "patch", "delete")
REQUEST = Fields(
    {
        **{method: Plainly() for method in METHODS},
        "query": Dict(Filling(schemas={})),
        "headers": Dict(Plainly()),
        "json": Filling(schemas={}),
        "form": Dict(Plainly()),
        "body": Plainly(),
        "connection": Plain(),
    },
    one_of=METHODS,
    what="a request",
)


@dataclass(frozen=True, slots=True)
class RequestShape:
    """A mapping with a method."""

    def read(self, node: Node, reading: Reading) -> Any:
        if node.kind == "text":
            reading.wrong(node, "a method with its address", fix=f"write http: {{get: {node.text[:80]}}}")
            return {"get": Template(node.text, node.at)}
        return REQUEST.read(node, reading)

    def schema(self) -> dict[str, Any]:
        return REQUEST.schema()


def effect(
    step: Step, state: State, action: str, args: dict[str, Any], timeout: int = TIMEOUT
) -> Generator[Call, Result, Any]:
    """Have something done outside; gives its value, raises `CallError` when it failed."""
    key = state.key(step)
    result = yield Call(action=action, args=args, key=key, timeout=timeout, at=step.at)
    state.note(step, call=key, asked=asked(action, args), value=traced(result.value), error=result.error)
    if result.error:
        raise CallError(f"`{step.VERB}` failed: {result.error}", at=step.at)
    return result.value


def judgement(
    step: Step, state: State, function: str, args: dict[str, Any], private: bool
) -> Generator[Call, Result, Any]:
    """What a Python function says about an answer; when `private`, the trace keeps no word of it."""
    key = state.key(step)
    result = yield Call("call", {"function": function, "args": args}, key, TIMEOUT, step.at)
    said = {} if private else {"value": traced(result.value)}
    state.note(step, call=key, check=function, error=result.error, **said)
    if result.error:
        raise CallError(f"the check `{function}` failed: {result.error}", at=step.at)
    return result.value


def asked(action: str, args: Mapping[str, Any]) -> str:
    """What an effect was asked for, to know it again in an edited flow: a function, or method and address."""
    if action == "http":
        return f"{args.get('method', '')} {str(args.get('url', '')).partition('?')[0]}"
    return str(args.get("function", action))


def dots(step: Step, state: State, seconds: int) -> Effects:
    """Show the waiting dots; that they could not be shown is no reason to fail."""
    yield Call(action="loading", args={"seconds": seconds}, key=state.key(step), at=step.at)


def traced(value: Any) -> Any:
    """A result as the trace keeps it, for replay: headers may hold secrets and stay out, so does what is huge."""
    if isinstance(value, Mapping) and "status" in value and "headers" in value:
        value = {name: one for name, one in value.items() if name != "headers"}
    try:
        plain = jsonable(value)
    except (ValueError, RecursionError):
        return {"left_out": "no plain data"}
    size = len(json.dumps(plain, ensure_ascii=False))
    return plain if size <= TRACED else {"left_out": f"{size} characters"}


def save(step: Step, state: State, into: tuple[tuple[str, Expression | None], ...], value: Any) -> None:
    """Keep a result: whole, or what the expressions take out of it."""
    scope = state.scope().more({**(value if isinstance(value, Mapping) else {}), "result": value})
    for name, part in into:
        state.assign(name, value if part is None else part.value(scope), step.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(Step):
    """Asks a web service. A status of 400 or more is an error."""

    VERB = "http"
    VALUE = RequestShape()
    KEYS: ClassVar[Shapes] = {
        "timeout": Span(min=1, max=110_000),
        "loading": Flag(),
        "save": Save(("body", "status", "headers", "result")),
    }

    value: Mapping[str, Any]
    timeout: int = TIMEOUT
    loading: bool = False
    save: tuple[tuple[str, Expression | None], ...] = ()

    def run(self, state: State) -> Effects:
        if self.loading:
            yield from dots(self, state, LOADING)
        answer = yield from effect(self, state, "http", self._request(state), self.timeout)
        status = answer.get("status", 0) if isinstance(answer, Mapping) else 0
        if status >= 400:
            state.details = {"status": status, "body": answer.get("body")}
            raise CallError(f"the service answered {status}", at=self.at)
        whole = answer.get("body") if isinstance(answer, Mapping) else answer
        for name, part in self.save:
            if part is None:
                state.assign(name, whole, self.at)
        save(self, state, tuple(one for one in self.save if one[1] is not None), answer)

    def _request(self, state: State) -> dict[str, Any]:
        method = next((name for name in METHODS if name in self.value), "get")
        made: dict[str, Any] = {"method": method.upper(), "url": self.value[method].render(state.scope())}
        for name, part in self.value.items():
            if name not in METHODS:
                made[name] = part if isinstance(part, str) else fill(part, state)
        return made

    def verify(self, reading: Reading, node: Node) -> None:
        bodies = [name for name in ("json", "form", "body") if name in self.value]
        request = node.get("http")
        if len(bodies) > 1 and request is not None:
            reading.tell("one-of", request.at, f"a request has one body, and this has {' and '.join(bodies)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunction(Step):
    """Calls a Python function of the bot."""

    VERB = "call"
    VALUE = FUNCTION_NAME
    KEYS: ClassVar[Shapes] = {
        "args": Dict(Filling(schemas={})),
        "save": Save(("result",)),
        "timeout": Span(min=1, max=110_000),
        "loading": Flag(),
    }

    value: str
    args: Mapping[str, Any] | None = None
    save: tuple[tuple[str, Expression | None], ...] = ()
    timeout: int = TIMEOUT
    loading: bool = False

    def run(self, state: State) -> Effects:
        if self.loading:
            yield from dots(self, state, LOADING)
        args = {name: fill(part, state) for name, part in (self.args or {}).items()}
        value = yield from effect(self, state, "call", {"function": self.value, "args": args}, self.timeout)
        save(self, state, self.save, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead(Step):
    """Shows the user's message as read, where the account has chat switched on."""

    VERB = "mark_read"
    VALUE = Nothing()
    BARE = True

    value: None = None

    def run(self, state: State) -> Effects:
        yield Call(action="mark_read", args={}, key=state.key(self), at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading(Step):
    """Shows LINE's waiting dots, in one-to-one chats."""

    VERB = "loading"
    VALUE = Number(min=5, max=60)
    BARE = True

    value: int | None = None

    def run(self, state: State) -> Effects:
        yield from dots(self, state, self.value or LOADING)
