"""Conversations under way, held against flow files as they are now."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from runtime import store as stores
from runtime.cli.project import Project
from runtime.cli.stores import file_of
from runtime.clock import SystemClock
from runtime.errors import BadInput, FlowError, NorenError, StoreError
from runtime.flow.loader import load
from runtime.flow.moving import Position, left, positions
from runtime.flow.moving import move as moved
from runtime.flow.tree import Flows
from runtime.handover.verify import known_queues
from runtime.model import Finding, Place, Session
from runtime.settings import EndpointSettings, Settings
from runtime.store.store import Store

PAGE = 1_000
PATIENCE = 5.0
"""Seconds that `check` waits for a store that does not answer."""


def findings(root: Path, settings: Settings, endpoint: EndpointSettings, flows: Flows) -> list[Finding]:
    """Live positions that the flows of now have no place for; nothing when there is no store to ask."""
    try:
        return asyncio.run(asyncio.wait_for(_findings(root, settings, endpoint, flows), PATIENCE))
    except (StoreError, BadInput, OSError, TimeoutError):
        return []


def unstaffed(root: Path, settings: Settings) -> list[str]:
    """Queues in which nobody works although there are agents; nothing when there is no store to ask."""
    try:
        return asyncio.run(asyncio.wait_for(_unstaffed(root, settings), PATIENCE))
    except (StoreError, BadInput, OSError, TimeoutError):
        return []


async def _unstaffed(root: Path, settings: Settings) -> list[str]:
    url = settings.store if "://" in settings.store else f"sqlite:///{settings.store}"
    file = file_of(url, root)
    if not settings.handover.workstreams or (file is not None and not file.is_file()):
        return []
    store = stores.connect(url, root)
    try:
        await store.look()
        agents = [one for one in await store.agents() if one["state"] == "active"]
    finally:
        await store.close()
    staffed = {queue for one in agents for queue in one["body"].get("queues") or ()}
    return [queue for queue in known_queues(settings.handover) if agents and queue not in staffed]


async def _findings(root: Path, settings: Settings, endpoint: EndpointSettings, flows: Flows) -> list[Finding]:
    url = settings.store if "://" in settings.store else f"sqlite:///{settings.store}"
    file = file_of(url, root)
    if file is not None and not file.is_file():
        return []
    store = stores.connect(url, root)
    try:
        await store.look()
        count: Counter[tuple[Position, str]] = Counter()
        async for session in waiting(store, endpoint.name):
            versions = await versions_of(store, session, endpoint, flows)
            count.update((one.at, one.why) for one in left([session], versions, flows))
        return [_finding(at, why, number, flows) for (at, why), number in sorted(count.items(), key=_by_place)]
    finally:
        await store.close()


def _by_place(item: tuple[tuple[Position, str], int]) -> tuple[str, str, str]:
    at = item[0][0]
    return at.flow, at.step, at.version


def _finding(at: Position, why: str, number: int, flows: Flows) -> Finding:
    flow = flows.flows.get(at.flow)
    many = f"{number} conversation{'s wait' if number != 1 else ' waits'}"
    return Finding(
        code="live-position",
        severity="warning",
        at=flow.at if flow else Place("flows"),
        message=f"{many} at `{at.flow}.{at.step}`, and {why}",
        why=f"they go on with the files they began with (version {at.version})",
        fix="keep an `id` on steps that are waited at; `noren sessions end` ends conversations",
        path=at.step,
    )


async def waiting(store: Store, endpoint: str) -> AsyncIterator[Session]:
    """Sessions of an endpoint that stand somewhere."""
    after = ""
    while page := await store.all_sessions(after, PAGE):
        after = page[-1].key
        for session in page:
            if session.endpoint == endpoint and (session.cursor or session.stack):
                yield session


_known: dict[tuple[str, tuple[str, ...]], Flows | None] = {}
"""Earlier versions, compiled once in a process."""


async def versions_of(store: Store, session: Session, endpoint: EndpointSettings, flows: Flows) -> dict[str, Flows]:
    """The versions a session is pinned to, as far as they are kept."""
    found = {flows.version: flows}
    for at in positions(session):
        if at.version not in found:
            made = await _version(store, at.version, endpoint)
            found |= {at.version: made} if made is not None else {}
    return found


async def _version(store: Store, version: str, endpoint: EndpointSettings) -> Flows | None:
    key = version, endpoint.languages
    if key not in _known:
        files = await store.load_version(version)
        try:
            _known[key] = load(files, languages=endpoint.languages) if files is not None else None
        except FlowError:  # written by another release of Noren
            _known[key] = None
    return _known[key]


async def move(store: Store, project: Project, flow: str, dry_run: bool) -> list[dict[str, Any]]:
    """Move what can be moved. One row for each session on other flows than those of now: `key`, `why` it stays."""
    rows: list[dict[str, Any]] = []
    for endpoint in project.settings.endpoints.values():
        files = project.files(endpoint.flows)
        flows = load(files, languages=endpoint.languages)
        if not dry_run:
            await store.save_version(flows.version, files, SystemClock().now())
        async for session in waiting(store, endpoint.name):
            if _elsewhere(session, flows) and (not flow or flow in {at.flow for at in positions(session)}):
                versions = await versions_of(store, session, endpoint, flows)
                rows.append({"key": session.key, "why": await _move(store, session, versions, flows, dry_run)})
    return rows


def _elsewhere(session: Session, flows: Flows) -> bool:
    return any(at.version != flows.version for at in positions(session))


async def _move(store: Store, session: Session, versions: dict[str, Flows], flows: Flows, dry_run: bool) -> str:
    """Why it stays where it is, or nothing."""
    _, why = moved(session, versions, flows)
    if why or dry_run:
        return why
    try:
        await store.change_session(session.key, lambda now: moved(now, versions, flows)[0], SystemClock().now())
    except NorenError as error:
        return error.message
    return ""
