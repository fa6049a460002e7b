"""The project as a whole: its endpoints and flows, what is wrong, its files, its runtime."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request

from runtime.errors import FlowError
from runtime.model import Data
from runtime.pipeline import Endpoint
from runtime.simulator.control.asked import Wrong, body, number
from runtime.simulator.control.streaming import streamed
from runtime.simulator.feed import Change
from runtime.simulator.values import Impossible, Missing
from runtime.workbench import shown
from runtime.workbench.bench import Bench, around, counts, lines_of, reload_shown
from runtime.workbench.bench import shown as findings_shown
from runtime.workbench.life import DO, Life
from runtime.workbench.record import Record

MOST_LINES = 500
SLOWEST = 600_000
GOTO: Final = {
    "code": "--goto {file}:{line}",
    "codium": "--goto {file}:{line}",
    "cursor": "--goto {file}:{line}",
    "subl": "{file}:{line}",
    "zed": "{file}:{line}",
    "idea": "--line {line} {file}",
    "pycharm": "--line {line} {file}",
    "gvim": "+{line} {file}",
    "emacsclient": "-n +{line} {file}",
}
"""Editors with a window of their own, and how each is told a line. One in a terminal has no place to appear."""


async def overview(request: Request, bench: Bench) -> Any:
    life = bench.life
    endpoints = life.runtime.house.endpoints.values() if life.begun else ()
    return {
        "project": {"name": bench.root.name, "root": str(bench.root)},
        "endpoints": [endpoint(bench, one) for one in endpoints],
        "runtime": {"state": life.state, "since": life.since, "slow": bench.pace.ms},
        "media": bench.media,
        "findings": counts(bench.findings),
        "reload": reload_shown(bench.root, bench.reload) if bench.reload is not None else None,
        "rev": bench.feed.rev,
    }


def endpoint(bench: Bench, one: Endpoint) -> dict[str, Any]:
    config, flows = one.settings, one.book.current
    listed = [
        {"name": flow.name, "title": flow.title, "file": flow.file, "line": flow.at.line}
        for flow in sorted(flows.flows.values(), key=lambda flow: flow.file)
    ]
    account = bench.simulator.platform.accounts.get(config.name)
    url = account.bot.webhook_url if account is not None else ""
    told = {"name": config.name, "languages": list(config.languages), "version": flows.version}
    return {**told, "timezone": config.timezone, "bot_url": url, "flows": listed}


async def stream(request: Request, bench: Bench) -> Any:
    """Server-sent events. With `?session=` whole turns of that session only; of others their key is told."""
    wanted = request.query_params.get("session", "")
    bench.records.view(wanted)

    def told(change: Change) -> tuple[str, Data] | None:
        data = change.plain()
        if change.kind != "turn":
            return change.kind, data
        record: Record = data["record"]
        if wanted and record.key != wanted:
            return None
        return change.kind, shown.turn(record, bench.book(record.event.endpoint))

    return streamed(request, bench.feed, told, latest)


def latest(changes: list[Change]) -> list[Change]:
    """Of a turn that went on several times, and of a session's key, the last is enough."""
    kept: dict[Any, Change] = {}
    for change in changes:
        data = change.plain()
        of = (
            data.get("record") if change.kind == "turn" else data.get("key") if change.kind == "session" else change.rev
        )
        kept.pop((change.kind, of), None)
        kept[change.kind, of] = change
    return list(kept.values())


async def findings(request: Request, bench: Bench) -> Any:
    return {"findings": await asyncio.to_thread(findings_shown, bench.root, bench.findings)}


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────


def inside(bench: Bench, name: str) -> Path:
    """A file of the bot. Raises `Missing` for anything else, hidden files among it."""
    try:
        path = (bench.root / name).resolve()
        hidden = any(part.startswith(".") for part in path.relative_to(bench.root).parts)
    except ValueError:
        raise Missing(f"{name} is no file of this bot") from None
    if hidden or not path.is_file():
        raise Missing(f"{name} is no file of this bot")
    return path


async def source(request: Request, bench: Bench) -> Any:
    """`around` lines before and after `line` of a file; the whole file without a line."""
    name = request.query_params.get("file", "")
    line, more = number(request, "line", 0), number(request, "around", 6, MOST_LINES)
    inside(bench, name)
    lines = await asyncio.to_thread(lines_of, bench.root, name)
    found = around(lines, line, more) if line else around(lines[:MOST_LINES], 1, MOST_LINES)
    return {"file": name, "from": found[0]["line"] if found else 1, "lines": [one["text"] for one in found]}


async def open_file(request: Request, bench: Bench) -> None:
    """Show a file in the editor of whoever started `noren dev`."""
    given = await body(request)
    path, line = inside(bench, str(given.get("file", ""))), given.get("line", 1)
    if not isinstance(line, int) or isinstance(line, bool) or line < 1:
        raise Wrong("line: counts from 1")
    command = editor(path, line)
    if command is None:
        raise Impossible("no editor with a window was found; set VISUAL to one, such as VISUAL=code")
    await asyncio.to_thread(start, command)


def editor(path: Path, line: int) -> list[str] | None:
    """The command that shows a line: of VISUAL or EDITOR when that has a window, else the first that is there."""
    for words in (os.environ.get("VISUAL", ""), os.environ.get("EDITOR", ""), *GOTO):
        command = shlex.split(words)
        found = shutil.which(command[0]) if command else None
        name = Path(command[0]).stem if command else ""
        if found is not None and name in GOTO:
            return [found, *command[1:], *(part.format(file=path, line=line) for part in GOTO[name].split())]
    return None


def start(command: list[str]) -> None:
    """Raises `Impossible`."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError as error:
        raise Impossible(f"{command[0]} could not be started: {error.strerror}") from None
    threading.Thread(target=process.wait, name="editor", daemon=True).start()  # however long it stays open


# ── the runtime ───────────────────────────────────────────────────────────────────────────────────────────────


async def live(bench: Bench, do: Callable[[Life], Awaitable[None]]) -> None:
    """Do something to the runtime. Raises `Impossible` when its files cannot be run; the page is shown why."""
    try:
        await do(bench.life)
    except FlowError as error:
        bench.reloaded(False, [], time.time(), error.findings)
        raise Impossible(f"the flows cannot be run: {error.findings[0].at}: {error.findings[0].message}") from None


async def runtime(request: Request, bench: Bench) -> Any:
    """`do`: restart, stop, kill, start, or slow: then every event waits `ms` before its turn, 0 for no longer."""
    given = await body(request)
    do, ms = given.get("do"), given.get("ms", 0)
    if do == "slow":
        if not isinstance(ms, int) or isinstance(ms, bool) or not 0 <= ms <= SLOWEST:
            raise Wrong(f"ms: 0 to {SLOWEST}")
        bench.pace.ms = ms
        bench.feed.publish("runtime", {"state": bench.life.state, "slow": ms})
    elif do in DO:
        await live(bench, DO[do])
    else:
        raise Wrong(f"do: one of {', '.join((*DO, 'slow'))}")
    return {"state": bench.life.state, "slow": bench.pace.ms}
