"""Turns and sessions as the page gets them: plain mappings, with the place in the files of whatever has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from runtime.flow.tree import Flows
from runtime.flow.versions import Book
from runtime.model import Data, Event, Message, Session, Turn, Violation
from runtime.workbench.places import condition, flows_of, named, of_place, of_step, placed, spot, trigger_named
from runtime.workbench.record import Called, Checked, Ran, Record, Sent

Plain = dict[str, Any]
COMPARED = ("vars", "kept", "profile", "language", "storage")
OWN_ROWS = ("violation", "input", "trigger", "now")


def turn(record: Record, book: Book | None) -> Plain:
    """A recorded turn."""
    made, flows = record.turn, None
    version = version_of(made.session if made is not None else record.before, book)
    if book is not None:
        flows = flows_of(book, version)
    trace = made.trace if made is not None else record.trace
    return {
        **head(record.event),
        "at": record.at,
        "done_at": record.done_at,
        "ms": round(record.ms, 2) if record.ms is not None else None,
        "state": record.state,
        "attempts": record.attempts,
        "error": quoted(record.error, record.called),
        "version": version,
        "transformers": [ran(one) for one in record.ran if one.hook != "call"],
        "waited": waited(record.before, book),
        "trigger": trigger(trace, flows, record.event),
        "steps": list(steps(trace, {one.key: one for one in record.called})) or [waiting(c) for c in record.called],
        "changes": list(changes(record.before, made.session)) if made is not None else [],
        "outputs": outputs(record.checked, made, flows),
        "messages": list(messages(record.sent.values(), record.checked)),
        "violations": [violation(one, flows) for one in record.checked.violations] if record.checked else [],
        "deliveries": [delivery(one) for one in record.sent.values()],
        **timers(made),
    }


def head(event: Event) -> Plain:
    return {
        "event": event.id,
        "session": event.session,
        "endpoint": event.endpoint,
        "kind": str(event.data.get("timer") or event.kind) if event.kind == "timer" else event.kind,
        "type": str(event.data.get("type") or ""),
        "text": event.text or str(event.data.get("data") or ""),
        "user": event.user,
        "raw": event.raw,
    }


def version_of(session: Session, book: Book | None) -> str:
    """The flows a session stands on, else those that new conversations begin on."""
    return session.cursor.version if session.cursor is not None else book.version if book is not None else ""


def ran(one: Ran) -> Plain:
    names = ("hook", "function", "file", "line", "dropped", "error")
    return {**{name: getattr(one, name) for name in names}, "changed": list(one.changed), "ms": round(one.ms, 2)}


def waited(before: Session, book: Book | None) -> Plain | None:
    """The question or pause that the event met, whoever took it in the end."""
    cursor = before.cursor
    return at(book, cursor.flow, cursor.step, cursor.version) if cursor is not None else None


# ── the walk ──────────────────────────────────────────────────────────────────────────────────────────────────


def trigger(trace: Sequence[Data], flows: Flows | None, event: Event) -> Plain | None:
    """The first trigger that fired, and why."""
    row = next((row for row in trace if "trigger" in row), None)
    if row is None:
        return None
    flow, path = named(str(row["trigger"]))
    file, line = spot(str(row.get("at", "")))
    found = trigger_named(flows, str(row["trigger"])) if flows is not None else None
    kind, value = condition(found, event) if found is not None else ("", "")
    others = [name for name in found.conditions if name != kind] if found is not None else []
    told = {"kind": kind, "value": value, "also": others, "flow": flow, "path": path, "file": file, "line": line}
    return {**told, "why": why(kind, value, event)}


def why(kind: str, value: str, event: Event) -> str:
    """In a sentence, which part of the event fitted."""
    text = event.text or str(event.data.get("data") or "")
    if kind in ("keyword", "regex"):
        return f"“{text}” fits the {'keyword' if kind == 'keyword' else 'pattern'} {value}"
    if kind == "postback":
        return f"the tap sent {text}, which fits postback: {value}"
    if kind in ("event", "message"):
        return f"it is {value}"
    return f"{kind}: {value} holds" if kind else "its conditions hold"


def steps(trace: Sequence[Data], called: Mapping[str, Called]) -> Iterator[Plain]:
    """The rows of a trace that tell of steps, and notes between them."""
    for row in trace:
        if any(name in row for name in OWN_ROWS):
            continue
        flow, path = named(str(row.get("step", "")))
        file, line = spot(str(row.get("at", "")))
        more = {name: value for name, value in row.items() if name not in ("step", "at", "do")}
        made = {"do": row.get("do", ""), "flow": flow, "step": path, "file": file, "line": line, **more}
        one = called.get(str(row.get("call", "")))
        if one is None and "error" in made:
            made["error"] = quoted(str(made["error"]), called.values())
        yield made if one is None else {**made, **call(one)}


def quoted(error: str, called: Iterable[Called]) -> str:
    """An error of a turn, with the words of the exception in a function where there was one."""
    for one in called:
        error = error.replace(one.error, one.said) if one.error and one.said else error
    return error


def call(one: Called) -> Plain:
    ms = round(one.ms, 2) if one.ms is not None else None
    return {"action": one.action, "args": one.args, "value": one.value, "error": one.said or one.error, "ms": ms}


def waiting(one: Called) -> Plain:
    """An effect of a turn that is still under way."""
    flow, path = "", ""
    return {"do": one.action, "flow": flow, "step": path, **placed(one.at), "call": one.key, **call(one)}


# ── what was said ─────────────────────────────────────────────────────────────────────────────────────────────


def outputs(checked: Checked | None, made: Turn | None, flows: Flows | None) -> list[Plain]:
    found = checked.outputs if checked is not None else made.outputs if made is not None else ()
    return [{"type": one.kind, "text": one.text or one.alt, **place(flows, one.at)} for one in found]


def place(flows: Flows | None, at: Any) -> Plain:
    return of_place(flows, at) if flows is not None else {"flow": "", "step": "", **placed(at)}


def messages(sent: Any, checked: Checked | None) -> Iterator[Plain]:
    """Each message with its id on LINE, its delivery, and the output it came from.

    What had been held for a fresh reply token goes before the turn's own messages and has no output here.
    """
    rows = [(number, one, index) for number, one in enumerate(sent) for index in range(len(one.delivery.messages))]
    sources = checked.sources if checked is not None else ()
    before = max(0, len(rows) - len(sources))
    for row, (number, one, index) in enumerate(rows):
        ids = one.outcome.message_ids if one.outcome is not None else ()
        output = sources[row - before] if 0 <= row - before < len(sources) else None
        message: Message = one.delivery.messages[index]
        yield {"id": ids[index] if index < len(ids) else "", "output": output, "delivery": number, "message": message}


def violation(one: Violation, flows: Flows | None) -> Plain:
    names = ("rule", "property", "message", "severity", "done", "url")
    return {**{name: getattr(one, name) for name in names}, **place(flows, one.at)}


def delivery(one: Sent) -> Plain:
    was, now = one.delivery, one.outcome
    return {
        "id": was.id,
        "via": now.via if now is not None else was.via,
        "state": one.fate or (now.state if now is not None else was.state),
        "status": now.status if now is not None else 0,
        "detail": now.detail if now is not None else was.detail,
        "request_id": now.request_id if now is not None else "",
        "billed": one.billed,
        "attempts": one.attempts,
        "count": len(was.messages),
    }


def timers(made: Turn | None) -> Plain:
    found = made.timers if made is not None else ()
    told = [{"id": one.id, "purpose": str(one.data.get("timer", "")), "due": one.due} for one in found]
    return {"timers": told, "cancelled": list(made.cancel) if made is not None else []}


# ── what changed ──────────────────────────────────────────────────────────────────────────────────────────────


def changes(before: Session, after: Session) -> Iterator[Plain]:
    """What a designer can see of a session that is not as it was, by path."""
    for name in COMPARED:
        old, new = (seen(one, name) for one in (before, after))
        yield from differences(name, old, new)
    if before.control != after.control:
        yield {"path": "control.owner", "before": before.control.owner, "after": after.control.owner}


def seen(one: Session, name: str) -> Any:
    """A part of a session as a designer knows it; what LINE's profile is stored with is not theirs."""
    if name == "profile":
        return {key: value for key, value in one.profile.items() if key not in ("user", "at")}
    return variables(one) if name == "vars" else getattr(one, name)


def differences(path: str, old: Any, new: Any) -> Iterator[Plain]:
    """By path: mappings are compared inside, everything else as a whole. What was not there is None."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from differences(f"{path}.{name}", old.get(name), new.get(name))
    elif isinstance(new, Mapping) and new and old is None:
        yield from differences(path, {}, new)
    elif isinstance(old, Mapping) and old and new is None:
        yield from differences(path, old, {})
    elif old != new and (old or new or None not in (old, new)):
        yield {"path": path, "before": old, "after": new}


def variables(session: Session) -> dict[str, Any]:
    """Variables by flow: of the flow that runs, of those that wait below it, and of earlier ones."""
    below = {frame.flow: dict(frame.vars) for frame in session.stack if frame.vars}
    return {**below, **{name: dict(values) for name, values in session.vars.items()}}


# ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────


def session(one: Session, book: Book | None) -> Plain:
    """A conversation: where it stands, and everything it remembers."""
    stack = [at(book, frame.flow, frame.step, frame.version) for frame in one.stack]
    cursor = one.cursor
    return {
        "key": one.key,
        "endpoint": one.endpoint,
        "chat": {"kind": one.chat.kind, "id": one.chat.id},
        "language": one.language,
        "control": {"owner": one.control.owner, "epoch": one.control.epoch},
        "at": at(book, cursor.flow, cursor.step, cursor.version) if cursor is not None else None,
        "stack": stack,
        "vars": variables(one),
        "kept": one.kept,
        "profile": one.profile,
        "storage": one.storage,
        "memory": one.memory,
        "started": one.started,
        "seen": one.seen,
        "version": one.version,
    }


def at(book: Book | None, flow: str, path: str, version: str) -> Plain:
    """Where a conversation waits; `old` when that is on flows that were edited since."""
    if book is None:
        return {"flow": flow, "step": path, "file": "", "line": 0, "do": "", "question": "", "old": False}
    return {**of_step(flows_of(book, version), flow, path), "old": version != book.version}
