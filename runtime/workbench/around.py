"""Store, channel, functions and effects with a recorder beside them. Production runs without any of this."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, cast

from runtime import store as stores
from runtime.app import Parts
from runtime.errors import Fenced
from runtime.line import rules
from runtime.model import Call, Chat, Claim, Delivery, Event, Message, Outcome, Output, Result, Session, Turn, Violation
from runtime.pipeline import Endpoint
from runtime.ports import Channel, Effect, Effects
from runtime.settings import EndpointSettings
from runtime.store.connector import Connector
from runtime.store.store import Store
from runtime.transform import Function, Transformers
from runtime.workbench.record import Checked, Ran, Records


@dataclass(slots=True)
class Pace:
    """How long each event is kept waiting before its turn, in ms: a bot that is slow on purpose."""

    ms: int = 0


def parts(records: Records, pace: Pace) -> Parts:
    """What `app.build` takes so that `records` learns of everything, and turns take as long as `pace` says."""

    def around(endpoint: Endpoint) -> Endpoint:
        return replace(endpoint, channel=cast(Channel, WatchedChannel(endpoint.channel, endpoint.settings, records)))

    class Functions(WatchedTransformers):
        RECORDS, PACE = records, pace

    return Parts(
        functions=Functions, around=around, effects=lambda effects: watched(effects, records), failing=records.broke
    )


def connect(url: str, root: Any, records: Records) -> Store:
    """The store of an address, watched."""
    return stores.connect(url, root, lambda base: WatchedStore(base, records))


class WatchedStore(Store):
    """Tells which turns a worker begins, and what is written of them."""

    def __init__(self, base: Connector, records: Records) -> None:
        super().__init__(base)
        self._records = records

    async def accept(self, events: Sequence[Event], *, worker: str | None, now: int) -> list[Claim]:
        claims = await super().accept(events, worker=worker, now=now)
        for claim in claims:
            self._records.claimed(claim)
        return claims

    async def claim(self, worker: str, now: int) -> Claim | None:
        return self._next(await super().claim(worker, now))

    async def direct(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        try:
            after = await super().direct(turn, worker=worker, now=now)
        except Fenced as error:
            self._records.missed(turn, error)
            raise
        self._records.done(turn)
        return self._next(after)

    async def commit(self, turn: Turn, *, worker: str, now: int) -> Claim | None:
        after = await super().commit(turn, worker=worker, now=now)
        self._records.done(turn)
        return self._next(after)

    async def settle(
        self, key: str, results: Sequence[tuple[Delivery, Outcome]], *, worker: str, now: int
    ) -> Claim | None:
        after = await super().settle(key, results, worker=worker, now=now)
        self._records.settled(results)
        return self._next(after)

    async def fail(
        self,
        claim: Claim,
        error: str,
        *,
        due: int | None,
        worker: str,
        now: int,
        deliveries: Sequence[Delivery] = (),
    ) -> Claim | None:
        after = await super().fail(claim, error, due=due, worker=worker, now=now, deliveries=deliveries)
        self._records.failed(claim, error, due, deliveries)
        return self._next(after)

    def _next(self, claim: Claim | None) -> Claim | None:
        self._records.claimed(claim)
        return claim


class WatchedChannel:
    """A channel that notes which message came from which output."""

    def __init__(self, channel: Channel, config: EndpointSettings, records: Records) -> None:
        self._channel, self._config, self._records = channel, config, records

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def at_hand(self, event: Event, session: Session) -> bool:
        self._records.glimpsed(event, session)
        return self._channel.at_hand(event, session)

    def check(
        self, rendered: Sequence[tuple[Output, list[Message]]], chat: Chat
    ) -> tuple[list[Message], list[Violation]]:
        messages, violations = self._channel.check(rendered, chat)
        counts = [len(one) for _, one in rendered]
        if violations:  # a message may have been left out, replaced or divided
            counts = [len(rules.repair([one], chat.kind, self._config.on_violation)[0]) for one in rendered]
        sources = tuple(index for index, count in enumerate(counts) for _ in range(count))
        outputs = tuple(output for output, _ in rendered)
        self._records.checked(Checked(outputs, tuple(messages), sources, tuple(violations)))
        return messages, violations


def watched(effects: Effects, records: Records) -> Effects:
    """Effects whose calls are noted, with what they gave and how long they took."""
    return {action: _noted(effect, records) for action, effect in effects.items()}


def _noted(effect: Effect, records: Records) -> Effect:
    async def perform(call: Call, session: Session) -> Result:
        called, begun = records.calling(call), time.perf_counter()
        result = Result(error="it was cut off")
        try:
            result = await effect(call, session)
            return result
        finally:
            records.answered(called, result, (time.perf_counter() - begun) * 1000)

    return perform


class WatchedTransformers(Transformers):
    """Functions whose runs are noted: where they stand, how long they took, what they changed."""

    RECORDS: Records
    PACE: Pace
    QUOTES = True

    @property
    def quick(self) -> bool:
        return not self.PACE.ms and super().quick

    async def inputs(self, event: Event, session: Session) -> tuple[Event | None, Session]:
        """The same, after the wait of a bot that is slow on purpose."""
        if self.PACE.ms:
            await self._clock.sleep_until(self._clock.now() + self.PACE.ms)
        return await super().inputs(event, session)

    async def perform(self, function: Function, args: tuple[Any, ...], timeout: int) -> Any:
        hook, begun, given, error = self.hook_of(function), time.perf_counter(), args[0], ""
        storage = dict(args[-1].storage)
        result: Any = given
        try:
            result = await super().perform(function, args, timeout)
            return result
        except Exception as trouble:
            error = getattr(trouble, "message", type(trouble).__name__)
            error += f": {trouble.__cause__}" if trouble.__cause__ is not None and str(trouble.__cause__) else ""
            raise
        finally:
            changed = () if error or hook in ("call", "error") else changes(given, result)
            changed += ("storage",) if args[-1].storage != storage else ()
            dropped = result is None and hook != "call" and not error
            file, line = place_of(function)
            ms = (time.perf_counter() - begun) * 1000
            self.RECORDS.ran(Ran(hook, function.spec.partition(":")[2], file, line, ms, changed, dropped, error))


def place_of(function: Function) -> tuple[str, int]:
    """File and line of a function, the file as its `spec` names it."""
    code = getattr(function.run, "__code__", None)
    name = function.spec.partition(":")[0]
    return name if "/" in name else f"transformers/{name}", code.co_firstlineno if code is not None else 0


def changes(before: Any, after: Any) -> tuple[str, ...]:
    """Names of what a function changed of an event or an output."""
    if after is None or after is before:
        return ()
    if isinstance(after, Mapping):
        if "type" in after and not isinstance(before, Event):
            return ("message",)
        return tuple(name for name, value in after.items() if getattr(before, str(name), None) != value)
    if is_dataclass(before) and type(after) is type(before):
        return tuple(f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name))
    return () if after == before else ("outputs",)
