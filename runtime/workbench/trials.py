"""Tests run from the page, recordings of chats, and replays of what was said on edited flows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request

from runtime.app import LIMITS
from runtime.errors import BadInput, FlowError
from runtime.line.client import Client
from runtime.model import Message
from runtime.project import Project
from runtime.simulator.control.asked import Wrong, body
from runtime.simulator.control.chats import shown
from runtime.simulator.values import Impossible
from runtime.transcript import suite
from runtime.transcript.acted import acts_of
from runtime.transcript.play import Failure, Outcome
from runtime.transcript.record import Tape
from runtime.transcript.record import record as written
from runtime.transcript.replayer import Moment, Replayer, Still, endpoint, first_session, profiled, recording
from runtime.transcript.script import is_test
from runtime.transcript.suite import Case, Suite
from runtime.workbench.bench import Bench

NAME: Final = re.compile(r"[\w][\w .-]{0,80}")
MOST: Final = 100_000


# ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def tests(request: Request, bench: Bench) -> Any:
    """Every test with its place; one of several languages once for each."""
    cases = await asyncio.to_thread(gathered, bench.project)
    return {"tests": [{"file": c.script.file, "name": c.name, "line": c.script.at.line} for c in cases]}


def gathered(project: Project, file: str = "", name: str = "") -> list[Case]:
    folder = project.root / suite.FOLDER
    paths = suite.found([folder]) if folder.is_dir() else []
    cases = [case for path in paths for case in suite.cases(project, path)]
    return [one for one in cases if (not file or one.script.file == file) and (not name or one.name == name)]


async def run(request: Request, bench: Bench) -> Any:
    """Play tests in a thread of their own, on the flows as they are in the files now. One run at a time."""
    given = await body(request)
    if bench.testing:
        raise Impossible("tests are running already")
    bench.testing = True
    loop = asyncio.get_running_loop()

    def progress(done: int, total: int) -> None:
        loop.call_soon_threadsafe(publish, done, total)

    def publish(done: int, total: int) -> None:
        bench.feed.publish("tests", {"running": done < total, "done": done, "total": total})

    try:
        return await asyncio.to_thread(played, bench, str(given.get("file", "")), str(given.get("name", "")), progress)
    finally:
        bench.testing = False


def played(bench: Bench, file: str, name: str, progress: Any) -> dict[str, Any]:
    """Raises `BadInput` when flows cannot be used or no such test is there."""
    project, results = bench.project, list[dict[str, Any]]()
    cases = gathered(project, file, name)
    if not cases:
        raise BadInput("there is no such test")
    progress(0, len(cases))
    played = Suite(project)

    def tell(case: Case, outcome: Outcome) -> None:
        results.append(result(outcome))
        progress(len(results), len(cases))

    try:
        played.compile()
        played.run(cases, tell)
    except FlowError as error:
        raise BadInput(f"the flows cannot be used: {error.findings[0].at}: {error.findings[0].message}") from None
    finally:
        progress(len(cases), len(cases))
    for outcome in played.outcomes:
        bench.tried[outcome.endpoint] = bench.tried.get(outcome.endpoint, frozenset()) | outcome.steps
    return {"results": results, "coverage": coverage(played)}


def result(outcome: Outcome) -> dict[str, Any]:
    told = {"file": outcome.script.file, "name": outcome.name, "ok": outcome.passed, "ms": round(outcome.ms, 1)}
    skipped = outcome.script.skip if outcome.passed else ""
    return {**told, "skipped": skipped or "", "failure": failure(outcome.failures)}


def failure(found: Sequence[Failure]) -> dict[str, Any] | None:
    """The first failure's line, and all of them in words."""
    if not found:
        return None
    texts = ["\n".join((one.message, *one.lines)) for one in found]
    return {"file": found[0].at.file, "line": found[0].at.line, "text": "\n\n".join(texts)}


def coverage(played: Suite) -> dict[str, Any]:
    flows = [flow for found in played.coverage().values() for flow in found]
    missing = [
        {"flow": flow.name, "step": step.path, "file": step.at.file, "line": step.at.line}
        for flow in flows
        for step in flow.left
    ]
    walked = sum(len(flow.done) for flow in flows)
    return {"steps": walked + len(missing), "walked": walked, "missing": missing}


# ── recordings ────────────────────────────────────────────────────────────────────────────────────────────────


async def record(request: Request, bench: Bench) -> Any:
    """A chat as a transcript test; `from` and `to` are ids of its first and last entry."""
    given = await body(request)
    tape = await with_acts(taped(bench, given), bench, given)
    text = written(tape)
    if not text:
        raise Impossible("there is nothing to record in this chat yet")
    return {"name": free(bench.root, f"{tape.endpoint}-{next(iter(tape.names.values()), 'chat')}"), "text": text}


def taped(bench: Bench, given: Mapping[str, Any]) -> Tape:
    name, chat = str(given.get("endpoint", "")), str(given.get("chat", ""))
    simulator, config = bench.simulator, bench.endpoint(name).settings
    platform = simulator.platform
    entries = [shown(one) for one in platform.chats.history(name, chat, limit=MOST)]
    low, high = span(entries, str(given.get("from") or ""), str(given.get("to") or ""))
    group = platform.people.groups.get(chat)
    people = group.members if group is not None else (chat,)
    known = platform.people.users
    names = {id: known[id].name for id in people if id in known}
    hooks = [one.plain() for one in simulator.hooks.of(name, limit=MOST)]
    return Tape(
        entries=[one for one in entries if low <= one["at"] <= high],
        webhooks=[one for one in hooks if low <= one["event"]["timestamp"] <= high],
        chat=chat,
        names=names,
        title=str(given.get("title") or f"chat with {next(iter(names.values()), 'somebody')}"),
        endpoint=name,
        language=known[people[0]].language if people and people[0] in known else config.languages[0],
        zone=config.timezone,
        group=group.name if group is not None else "",
    )


async def with_acts(tape: Tape, bench: Bench, given: Mapping[str, Any]) -> Tape:
    """With what agents did in the same stretch of time."""
    entries = [shown(one) for one in bench.simulator.platform.chats.history(tape.endpoint, tape.chat, limit=MOST)]
    low, high = span(entries, str(given.get("from") or ""), str(given.get("to") or ""))
    acts = await acts_of(bench.life.store, f"{tape.endpoint}:{tape.chat}") if bench.life.state == "running" else []
    return replace(tape, acts=[one for one in acts if low <= one["at"] <= high])


def span(entries: Sequence[Mapping[str, Any]], first: str, last: str) -> tuple[int, int]:
    """When the recording begins and ends. Raises `Wrong` for an entry that is not in the chat."""
    times = {one["id"]: int(one["at"]) for one in entries}
    for id in filter(None, (first, last)):
        if id not in times:
            raise Wrong(f"{id} is no entry of this chat")
    low = times[first] if first else 0
    return low, times[last] if last else 2**53


def free(root: Path, wish: str) -> str:
    """A name no test has yet."""
    plain = re.sub(r"[^\w.-]+", "-", wish.lower()).strip("-") or "chat"
    names = (plain if n == 1 else f"{plain}-{n}" for n in range(1, 1_000))
    return next(name for name in names if not (root / suite.FOLDER / f"{name}.yaml").exists())


async def keep(request: Request, bench: Bench) -> Any:
    """Write a recording into the tests folder; 409 when there is one of that name and `overwrite` is not set."""
    given, name = await body(request), request.path_params["name"].removesuffix(".yaml")
    text = given.get("text")
    if not NAME.fullmatch(name):
        raise Wrong("name: letters, digits, dots, dashes and spaces")
    if not isinstance(text, str) or not is_test(text):
        raise Wrong("text: a test, which begins with `test:`")
    path = bench.root / suite.FOLDER / f"{name}.yaml"
    await asyncio.to_thread(store, path, text, given.get("overwrite") is True)
    return {"file": path.relative_to(bench.root).as_posix()}


def store(path: Path, text: str, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise Impossible(f"{path.parent.name}/{path.name} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# ── replays ───────────────────────────────────────────────────────────────────────────────────────────────────


async def replay(request: Request, bench: Bench) -> Any:
    """What the bot would say now to all that was said in a session; nothing is sent and nothing asked outside."""
    key = str((await body(request)).get("session", ""))
    bench_store, project = bench.life.store, replace(bench.project, settings=bench.life.settings)
    recorded = await recording(bench_store, key)
    session = await bench_store.load_session(key)
    config = bench.endpoint(session.endpoint if session is not None else "").settings
    clock, client = Still(), Client(LIMITS)
    try:
        files = await asyncio.to_thread(project.files, config.flows)
        made = endpoint(project, config, files, client, clock)
        assert session is not None
        first = first_session(session, recorded[0], profiled=profiled(recorded))
        moments = await Replayer(made, clock, first, recorded).run()
    finally:
        await client.close()
    return {"exchanges": [exchange(one) for one in moments]}


def exchange(one: Moment) -> dict[str, Any]:
    said = one.text or f"({one.kind})"
    told = {"event": one.event, "at": one.at, "who": one.who, "kind": one.kind, "user": said}
    was, now = [words(m) for m in one.recorded], [words(m) for m in one.replayed]
    whole = {"was_messages": list(one.recorded), "now_messages": list(one.replayed)}
    return {**told, "was": was, "now": now, **whole, "same": one.same, "note": "; ".join(one.notes)}


def words(message: Message) -> str:
    return str(message.get("text") or message.get("altText") or f"({message.get('type')})")
