"""What open desks hear: read from the store once and written once, however many there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.desk.doors import Person
from runtime.desk.hub import Hub
from runtime.desk.streaming import line
from runtime.model import Case, Noted
from runtime.store import connect
from tests.clock import ManualClock
from tests.store.test_cases import kept
from tests.store.values import NOW, WORKER

pytestmark = pytest.mark.anyio


def agent(name: str, *queues: str, role: str = "agent") -> Person:
    return Person(id=name, role=role, name=name, queues=frozenset(queues), body={}, csrf="", ticket="")


async def test_a_line_is_written_once_for_all_who_hear_of_it(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path}/noren.db")
    await store.open()
    await store.join(WORKER)
    hub = Hub(store, ManualClock(NOW))
    await hub.start()
    case = Case(id="c1", workstream="support", state="queued", queue="general", queued=NOW, opened=NOW)
    said = Noted(type="message.received", at=NOW, case="c1", visibility="public", data={"text": "予約"})
    begun = Noted(type="case.requested", at=NOW, case="c1")
    await kept(store, case, "U1", begun, said)
    hub.nudge()
    heard: list[Any] = []
    for person in (agent("aya", "general"), agent("ben", "general"), agent("sup", role="supervisor")):
        async for row in hub.follow(person, 1):
            if row:
                heard.append(line(row))
                break
    await hub.stop()
    await store.close()
    assert heard[0].startswith(b"event: case\ndata: {")
    assert "予約".encode() in heard[0]
    assert all(one is heard[0] for one in heard)
    assert line({**row, "summary": None}).startswith(b"id: 2\nevent: note\n")
