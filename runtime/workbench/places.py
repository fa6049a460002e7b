"""Where things stand in the files a designer edits, and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.flow.graph.words import Words
from runtime.flow.steps.ask import Ask
from runtime.flow.tree import Flow, Flows, Step
from runtime.flow.triggers import SCORES, Trigger, addressed
from runtime.flow.versions import Book
from runtime.flow.words import KeywordIndex
from runtime.model import Event, Place

Told = dict[str, Any]
NOWHERE: Told = {"flow": "", "step": "", "file": "", "line": 0}


def spot(text: str) -> tuple[str, int]:
    """File and line of `flows/tea.yaml:12:5`, as traces write a place."""
    file, _, rest = text.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdecimal() else 0


def placed(at: Place | None) -> Told:
    return {"file": at.file, "line": at.line} if at is not None else {"file": "", "line": 0}


def named(name: str) -> tuple[str, str]:
    """Flow and path of a step, from `flow.steps[2]`."""
    flow, _, path = name.partition(".")
    return flow, path


def flows_of(book: Book, version: str) -> Flows:
    """The flows a turn was played on, as far as they are known; else the current ones."""
    return book.get(version) or book.current


def step_at(flows: Flows, at: Place | None) -> Step | None:
    """The step that a place in a file belongs to: the last that begins there or before."""
    if at is None or not at.line:
        return None
    before = [
        step
        for flow in flows.flows.values()
        if flow.file == at.file
        for step in flow.nodes.values()
        if (step.at.line, step.at.column) <= (at.line, at.column or 10_000)
    ]
    return max(before, key=lambda step: (step.at.line, step.at.column), default=None)


def of_place(flows: Flows, at: Place | None) -> Told:
    """Flow, step, file and line of a place."""
    step = step_at(flows, at)
    known = {"flow": step.flow, "step": step.path} if step is not None else {"flow": "", "step": ""}
    return {**known, **placed(at)}


def of_step(flows: Flows, flow: str, path: str) -> Told:
    """A step by its name: what it does, where it stands, and what it asks."""
    found = flows.flows.get(flow)
    step = found.nodes.get(path) if found is not None else None
    if step is None:
        return {**NOWHERE, "flow": flow, "step": path, "do": "", "id": "", "question": ""}
    told = {"flow": flow, "step": path, **placed(step.at), "do": step.VERB, "id": step.id}
    return {**told, "question": "\n".join(question(flows, step))}


def question(flows: Flows, step: Step) -> list[str]:
    """What a step that waits for an answer asks, in the first language."""
    if not isinstance(step, Ask):
        return []
    return Words(flows.texts, flows.languages[0], step.flow).question(step)[0]


def trigger_named(flows: Flows, name: str) -> Trigger | None:
    """The trigger that a trace calls `flow.start[0]`."""
    flow, path = named(name)
    found = flows.flows.get(flow)
    return next((one for one in triggers(found) if one.path == path), None) if found is not None else None


def triggers(flow: Flow) -> Iterator[Trigger]:
    yield from flow.start
    yield from flow.anytime.triggers


def condition(trigger: Trigger, event: Event) -> tuple[str, str]:
    """The condition that says most, and the part of it that fitted the event."""
    kind = max(trigger.conditions, key=lambda name: SCORES.get(name, 0.0), default="")
    value = trigger.conditions.get(kind, "")
    return kind, written(FITTED[kind](value, event) if kind in FITTED else value)


def _keyword(words: tuple[str, ...], event: Event) -> Any:
    """Of many words the one that fits best; a sticker has words of its own."""
    index = KeywordIndex((word, word) for word in words)
    said = (addressed(event), *(str(word) for word in event.data.get("keywords") or ()))
    hits = [hit for text in said for hit in index.find(text)]
    return max(hits, key=lambda hit: hit.score).value if hits else words


def _regex(patterns: tuple[Any, ...], event: Event) -> Any:
    return next((one for one in patterns if one.search(addressed(event).strip())), patterns)


FITTED: Mapping[str, Callable[[Any, Event], Any]] = {
    "keyword": _keyword,
    "regex": _regex,
    "event": lambda wanted, event: event.kind,
    "message": lambda wanted, event: event.data.get("type", "text"),
}


def written(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(written(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {written(one)}" for name, one in value.items())
    return str(getattr(value, "source", getattr(value, "pattern", value)))
