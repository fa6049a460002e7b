"""Which queue a case goes to, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.model import Case
from runtime.settings.handover import HandoverSettings, QueueSettings, WorkstreamSettings

Judge = Callable[[str, Mapping[str, Any]], bool]
"""Works out the expression of a route's `when` over what is known of a case. Raises what it wants for a broken one."""

LEAVE_MESSAGE, BACK_TO_BOT = "leave_message", "back_to_bot"


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule that was looked at: `held` says whether it took the case, `error` why it could not be worked out."""

    queue: str
    when: str
    held: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Routed:
    """The queue, and every rule that was looked at on the way to it."""

    queue: str
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """How full a queue is: waiting cases and the age of the oldest, in ms."""

    length: int = 0
    oldest: int = 0


def workstream_of(settings: HandoverSettings, name: str) -> tuple[str, WorkstreamSettings]:
    """The named workstream, or the first; without any, a plain one that has every queue."""
    if name in settings.workstreams:
        return name, settings.workstreams[name]
    return next(iter(settings.workstreams.items()), ("default", WorkstreamSettings()))


def queues_of(settings: HandoverSettings, stream: WorkstreamSettings) -> tuple[str, ...]:
    """Names of the queues that a workstream's cases may go to."""
    named = tuple(dict.fromkeys(route.queue for route in stream.queues))
    return named or tuple(settings.queues) or ("default",)


def route(settings: HandoverSettings, stream: WorkstreamSettings, facts: Mapping[str, Any], judge: Judge) -> Routed:
    """The first rule that holds; the last queue takes what none took. A broken rule is passed over and told."""
    tried: list[Tried] = []
    for rule in stream.queues:
        held, error = True, ""
        if rule.when:
            try:
                held = judge(rule.when, facts)
            except Exception as trouble:  # a designer's expression: whatever it is, the case must find a queue
                held, error = False, str(trouble)
        tried.append(Tried(rule.queue, rule.when, held, error))
        if held:
            return Routed(rule.queue, tuple(tried))
    return Routed(queues_of(settings, stream)[-1], tuple(tried))


def overflow(settings: HandoverSettings, queue: str, line: Callable[[str], Line]) -> str:
    """Where a case goes that should wait in `queue`: the queue itself, another, `leave_message` or `back_to_bot`."""
    seen: set[str] = set()
    while queue not in seen and full(settings.queues.get(queue, QueueSettings()), line(queue)):
        seen.add(queue)
        queue = settings.queues[queue].overflow
        if queue in (LEAVE_MESSAGE, BACK_TO_BOT):
            return queue
    return BACK_TO_BOT if queue in seen else queue


def full(queue: QueueSettings, line: Line) -> bool:
    return bool(
        (queue.max_length and line.length >= queue.max_length) or (queue.max_wait and line.oldest >= queue.max_wait)
    )


def skills_of(settings: HandoverSettings, case: Case) -> tuple[str, ...]:
    """What an agent should know for a case: its own skills and those of its queue."""
    queue = settings.queues.get(case.queue, QueueSettings())
    return tuple(dict.fromkeys((*case.skills, *queue.skills)))


def facts_of(case: Case, profile: Mapping[str, Any], session: Mapping[str, Any]) -> dict[str, Any]:
    """What routing rules may ask about."""
    return {
        **case.context,
        "profile": dict(profile),
        "session": dict(session),
        "language": case.language,
        "priority": case.priority,
        "labels": list(case.labels),
        "chat": session.get("chat", ""),
    }


def unreachable(routes: Sequence[tuple[str, str]]) -> list[int]:
    """Positions of rules behind one that takes every case."""
    always = next((number for number, (_, when) in enumerate(routes) if not when.strip()), None)
    return [] if always is None else list(range(always + 1, len(routes)))
