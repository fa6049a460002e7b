"""A recorded conversation played again on other flows: nothing is sent, nothing is asked outside.

Events come from the inbox in the order they were worked, effects are answered from the trace, timers are the new
flows' own and fire by the recorded times. What LINE's profile and input functions had given is in the trace too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from runtime import pipeline
from runtime.app import kept_key
from runtime.errors import BadInput, CallError, NorenError
from runtime.flow.engine import play
from runtime.flow.steps.effects import asked
from runtime.flow.versions import Book
from runtime.line.channel import line_channel
from runtime.line.client import Client
from runtime.line.media import MediaLinks
from runtime.model import Call, Chat, Claim, Data, Event, Message, Output, Result, Session, Turn
from runtime.pipeline import Endpoint, compiled
from runtime.project import Project
from runtime.settings import EndpointSettings, TokenSettings
from runtime.store.store import Store
from runtime.transform import Library, Transformers

NOTHING_SENT = TokenSettings(long_lived="replayed")
WORKED = ("done", "dead")
MOST = 100_000
NEAR = 60_000
"""Milliseconds by which a timer may be due at another time and still be the same one."""
HOST = re.compile(r"https?://[^/\s\"]+(?=/media/)")
KEYED = re.compile(r"^(.*):(\d+)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One worked event with what was said then. `trace` is empty when its author took the message back."""

    event: Event
    at: int
    trace: tuple[Data, ...]
    said: tuple[Message, ...]
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Moment:
    """One event, what the bot said then and what it would say now."""

    event: str
    at: int
    who: str
    kind: str
    text: str
    recorded: tuple[Message, ...] = ()
    replayed: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        return _plain(self.recorded) == _plain(self.replayed)


class Still:
    """A clock that stands at the recorded time."""

    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        return self.time

    async def sleep_until(self, when: int) -> None:
        return None


class NoRequests:
    """What functions get instead of HTTP."""

    async def request(self, *_: Any, **__: Any) -> Any:
        raise CallError("a replay makes no requests")


async def recording(store: Store, key: str) -> list[Recorded]:
    """All worked events of a session, in the order they were worked. Raises `BadInput` when there are none."""
    await store.show_session(key)
    rows = [row for row in reversed(await store.list_events(session=key, limit=MOST)) if row["state"] in WORKED]
    rows.sort(key=lambda row: row["done_at"] or row["accepted"])
    said = await _said(store, key)
    found = []
    for row in rows:
        shown = await store.show_event(row["id"])
        event = replace(msgspec.convert(shown["body"], Event), id=row["id"])
        at = next((line["now"] for line in shown["trace"] if "now" in line), row["done_at"] or row["accepted"])
        found.append(Recorded(event, at, tuple(shown["trace"]), tuple(said.get(row["id"], ())), row["state"]))
    if not found:
        raise BadInput(f"nothing is recorded of {key}; `noren db prune` may have removed it")
    return found


async def _said(store: Store, key: str) -> dict[str, list[Message]]:
    said: dict[str, list[Message]] = {}
    after = 0
    while page := await store.transcript(key, 1000, after=after):
        after = page[-1]["seq"]
        for entry in page:
            if entry["who"] == "bot":
                body = entry["data"] or {"type": entry["kind"], "text": entry["text"]}
                said.setdefault(entry["event"], []).append(body)
    return said


@dataclass(slots=True)
class Replayer:
    """Plays recorded events on an endpoint whose book holds the edited flows."""

    endpoint: Endpoint
    clock: Still
    session: Session
    recorded: Sequence[Recorded]
    moments: list[Moment] = field(default_factory=list)
    pending: dict[str, Event] = field(default_factory=dict)
    missing: int = 0
    answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.answers = Answers(self.recorded)

    async def run(self) -> list[Moment]:
        for one in self.recorded:
            if one.event.kind == "timer":
                await self._timer(one)
            else:
                await self._due(one.at)
                await self._event(one, one.event, _with_input(one))
        await self._due(self.recorded[-1].at)
        return self.moments

    async def _timer(self, one: Recorded) -> None:
        """A recorded timer: the one of that id, else the nearest for the same purpose."""
        await self._due(one.event.due - NEAR)
        found = self.pending.get(one.event.id) or self._like(one.event)
        if found is None:
            note = "this timer is not set any more"
            self.moments.append(_moment(one.event, one.at, one.said, (), (note,) if one.said else ()))
            return
        del self.pending[found.id]
        await self._event(one, found, found)

    def _like(self, event: Event) -> Event | None:
        purpose = event.data.get("timer")
        fits = [one for one in self.pending.values() if one.data.get("timer") == purpose]
        near = [one for one in fits if abs(one.due - event.due) <= NEAR]
        return min(near, key=lambda one: abs(one.due - event.due), default=None)

    async def _due(self, until: int) -> None:
        """Timers that only the edited flows set."""
        while True:
            first = min(self.pending.values(), key=lambda one: one.due, default=None)
            if first is None or first.due > until:
                return
            del self.pending[first.id]
            await self._event(Recorded(first, first.due, (), ()), first, first)

    async def _event(self, one: Recorded, event: Event, seen: Event) -> None:
        self.clock.time = max(one.at, self.clock.time)
        self.answers.begin(one)
        notes: list[str] = []
        said: list[Message] = []
        try:
            turn = await self._turn(one, seen, notes)
            said, self.session = await self._spoken(turn)
            self._timers(turn)
        except NorenError as error:
            notes.append(f"the turn fails: {error}")
        if one.state == "dead":
            notes.append("this event had failed")
        if event.data.get("erased"):
            notes.append("its author took the message back; what it said is gone")
        self.moments.append(_moment(event, one.at, one.said, tuple(said), tuple(notes)))

    async def _turn(self, one: Recorded, event: Event, notes: list[str]) -> Turn:
        session = _with_profile(one, self.session)
        if {"note": "dropped by a transformer"} in one.trace:
            return pipeline.heard(Claim(session, event), session, None)
        if pipeline.speaker(session, event) != "bot":
            return pipeline.heard(Claim(session, event), session, event)
        walk = play(self.endpoint.book, session, event, self.endpoint.settings, self.clock.time)
        result: Result | None = None
        try:
            while True:
                call = next(walk) if result is None else walk.send(result)
                result = self._answer(call, notes)
        except StopIteration as done:
            turn: Turn = done.value
            return turn

    def _answer(self, call: Call, notes: list[str]) -> Result:
        if call.action in ("loading", "mark_read"):
            return Result()
        result, note = self.answers.find(call)
        if result is None and call.action == "menu":
            return Result()  # it changes what is seen, not what is said
        if note:
            notes.append(f"{asked(call.action, call.args)}: {note} ({call.at})")
        if result is None:
            self.missing += 1
            return Result(error="a replay has no recorded answer for this")
        return result

    async def _spoken(self, turn: Turn) -> tuple[list[Message], Session]:
        channel, outputs, session = self.endpoint.channel, turn.outputs, turn.session
        if outputs:
            made, session = await self.endpoint.transformer.outputs(
                outputs, lambda output: channel.render(output, turn.session), turn.session
            )
            outputs = tuple(made)
        return self._messages(outputs, session), session

    def _messages(self, outputs: Sequence[Output], session: Session) -> list[Message]:
        if not outputs:
            return []
        return pipeline.check(self.endpoint, pipeline.render(self.endpoint, outputs, session), session)[0]

    def _timers(self, turn: Turn) -> None:
        for name in turn.cancel:
            self.pending.pop(name, None)
        self.pending |= {timer.id: timer for timer in turn.timers}


class Answers:
    """Recorded results of effects: by event and step, else by what was asked for."""

    def __init__(self, recorded: Iterable[Recorded]) -> None:
        self._rows = [(one.event.id, row) for one in recorded for row in one.trace if "call" in row]
        self._event = ""
        self._used: set[int] = set()

    def begin(self, one: Recorded) -> None:
        self._event, self._used = one.event.id, set()

    def find(self, call: Call) -> tuple[Result | None, str]:
        """The result, and what is odd about it."""
        wanted = asked(call.action, call.args)
        own = [(n, row) for n, (event, row) in enumerate(self._rows) if event == self._event and n not in self._used]
        for n, row in own:
            if _step(row["call"]) == _step(call.key) and _for(row, wanted):
                return self._take(n, row, "")
        for n, row in own:
            if _for(row, wanted):
                return self._take(n, row, "")
        for n, (_, row) in reversed(list(enumerate(self._rows))):
            if _for(row, wanted):
                return self._take(n, row, "not asked at this point then; answered as at another")
        return None, "never asked then, so no answer is recorded"

    def _take(self, number: int, row: Data, note: str) -> tuple[Result | None, str]:
        self._used.add(number)
        value = row.get("value")
        if isinstance(value, Mapping) and "left_out" in value:
            return None, f"its answer was not kept ({value['left_out']})"
        return Result(value=value, error=str(row.get("error") or "")), note


def _for(row: Data, wanted: str) -> bool:
    return wanted in (row.get("asked"), row.get("check"))


def _step(key: Any) -> str:
    """The step of an idempotency key, without its number."""
    found = KEYED.match(str(key))
    return found[1] if found else str(key)


def _with_input(one: Recorded) -> Event:
    """The event as the flow saw it then: input functions may have changed it."""
    seen = _input(one)
    changes = {name: seen[name] for name in ("kind", "text", "user") if name in seen}
    if "data" in seen:
        content = {"content": one.event.data["content"]} if "content" in one.event.data else {}
        changes["data"] = {**seen["data"], **content}
    return replace(one.event, **changes)


def _with_profile(one: Recorded, session: Session) -> Session:
    seen = _input(one)
    return replace(session, **{name: seen[name] for name in ("profile", "language", "storage") if name in seen})


def _input(one: Recorded) -> Data:
    return next((row["input"] for row in one.trace if "input" in row), {})


def first_session(now: Session, first: Recorded, *, profiled: bool) -> Session:
    """The session as it was before anything was said. `profiled`: the trace tells when the profile came."""
    event = first.event
    contact = event.user if event.chat.kind == "user" else ""
    known = {} if profiled else dict(now.profile)
    return Session(
        key=now.key,
        endpoint=now.endpoint,
        chat=now.chat if now.chat.kind != "none" else Chat("none", ""),
        contact=contact,
        language="" if profiled else now.language,
        profile=known,
        started=first.at,
        seen=first.at,
    )


def profiled(recorded: Iterable[Recorded]) -> bool:
    return any("profile" in _input(one) for one in recorded)


def _moment(
    event: Event, at: int, said: Sequence[Message], new: Sequence[Message], notes: tuple[str, ...] = ()
) -> Moment:
    who = "time" if event.kind == "timer" else "user"
    kind = str(event.data.get("timer") if event.kind == "timer" else event.data.get("type") or event.kind)
    text = event.text or str(event.data.get("data") or "")
    return Moment(event.id, at, who, kind, text, tuple(said), tuple(new), notes)


def _plain(messages: Sequence[Message]) -> list[str]:
    """Messages as text to compare; the host of our own media links is no difference."""
    return [HOST.sub("", msgspec.json.encode(message, order="sorted").decode()) for message in messages]


def endpoint(
    project: Project, config: EndpointSettings, files: Mapping[str, str], client: Client, clock: Still
) -> Endpoint:
    """The endpoint as `noren serve` makes it, but with other flows and no way outside. Raises `FlowError`."""
    settings = project.settings
    links = MediaLinks(settings.media_key or kept_key(project.root), settings.public_url, project.root / config.flows)
    alone = replace(config, token=NOTHING_SENT)  # an account's own token may be missing where flows are edited
    channel = line_channel(alone, client, clock, links=links.link)
    functions = Transformers(Library(project.root), config, clock, NoRequests())
    return Endpoint(config, channel, functions, Book(compiled(files, config)), {})
