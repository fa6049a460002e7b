"""`noren queues` on a store with agents and cases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from runtime.cli.queues import queues, span
from runtime.clock import SystemClock
from runtime.handover.distribution import Agent, Waiting, share
from runtime.handover.reasons import reasons
from runtime.model import Case, Chat, Control, Event, Noted, Turn
from runtime.settings.handover import DistributionSettings
from runtime.store import connect
from runtime.store.store import Store
from tests.world import write

SETTINGS = """
endpoints: {shop: {languages: [en]}}
handover:
  queues: {general: {title: General}, orders: {skills: [tea]}}
  workstreams:
    support:
      queues: [{queue: orders, when: topic == "order"}, {queue: orders, when: broken.x + 1}, general]
      context: [topic]
"""


def kept(root: Path, job: Callable[[Store], Awaitable[Any]]) -> None:
    async def run() -> None:
        store = connect("sqlite:///noren.db", root)
        await store.open()
        try:
            await job(store)
        finally:
            await store.close()

    asyncio.run(run())


async def staff(store: Store) -> None:
    now = SystemClock().now()
    people: dict[str, dict[str, Any]] = {
        "aya": {"name": "Aya", "queues": ["general", "orders"], "skills": ["tea"]},
        "ben": {"name": "Ben", "queues": ["general"]},
        "cho": {"name": "Cho", "queues": ["orders"], "skills": []},
        "dai": {"name": "Dai", "queues": ["orders"], "skills": ["tea"], "capacity": 1},
        "emi": {"name": "Emi", "queues": ["orders"], "skills": ["tea"]},
    }
    for name, body in people.items():
        await store.put_agent(name, f"{name}@example.com", "agent", body, now)
        if name != "emi":
            await store.present(name, "online", now)
    await opened(store, "other.case", agent="dai", state="active", queue="orders")
    await opened(store, "one.case", queue="orders", state="queued", queued=now - 600_000, context={"topic": "order"})


async def opened(store: Store, name: str, **values: Any) -> None:
    now = SystemClock().now()
    key = f"shop:U{name}"
    event = Event(
        id=f"e{name}", session=key, endpoint="shop", kind="message", at=now, due=now, chat=Chat("user", f"U{name}")
    )
    [claim] = await store.accept([event], worker="w", now=now)
    case = Case(id=name, workstream="support", **values)
    session = replace(claim.session, control=Control("human", 1), case=case)
    tried = [{"queue": "orders", "when": "", "held": True, "error": ""}]
    note = Noted(type="case.routed", at=now, case=name, data={"queue": case.queue, "tried": tried})
    await store.commit(Turn(event=event, session=session, case=case, notes=(note,)), worker="w", now=now)


def run(root: Path, *args: str) -> str:
    write(root, {"noren.yaml": SETTINGS, "flows/hello.yaml": "flow: hello\nsteps: [end]\n"})
    result = CliRunner().invoke(queues, [*args, "--root", str(root)])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


def test_queues_are_listed_with_those_who_wait_and_work(tmp_path: Path) -> None:
    kept(tmp_path, staff)
    rows = {row["queue"]: row for row in json.loads(run(tmp_path, "list", "--format", "json"))}
    assert rows["orders"] | {"oldest": 0} == {
        "queue": "orders", "title": "", "waiting": 1, "oldest": 0, "agents": ["Aya", "Cho", "Dai", "Emi"],
        "online": 3, "free": 2, "workstreams": ["support"], "open": {"support": "always"},
    }  # fmt: skip
    assert "10 min" in run(tmp_path, "list")


def test_a_case_is_explained_with_every_rule_and_every_agent(tmp_path: Path) -> None:
    kept(tmp_path, staff)
    text = run(tmp_path, "explain", "one.case")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "case one.case: queued in orders"
    assert '1. orders topic == "order" takes it' in lines
    assert "3. general (always) not asked" in lines
    assert "Aya is asked first" in lines
    assert "Ben no: not of the queue orders" in lines
    assert "Cho no: lacks tea" in lines
    assert "Dai no: has no room: 1 of 1 units taken" in lines
    assert "Emi no: not online" in lines


def test_rules_are_tried_without_a_case_and_without_a_store(tmp_path: Path) -> None:
    text = run(tmp_path, "explain", "--vars", "topic=parcel")
    assert "cannot be worked out" in text
    assert "queue now: general" in text
    assert "there is no agent yet" in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("explain", "nothing.case"), "there is no case nothing.case"),
        (("explain", "--workstream", "suport"), "did you mean support?"),
        (("explain", "--vars", "topic"), "write NAME=VALUE"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    kept(tmp_path, staff)
    write(tmp_path, {"noren.yaml": SETTINGS})
    result = CliRunner().invoke(queues, [*args, "--root", str(tmp_path)])
    assert said in str(result.exception)


def test_who_is_asked_is_who_the_distributor_would_ask() -> None:
    rules = DistributionSettings(relax_after=0)
    agents = [Agent(id=name, queues=frozenset("q"), last=n, capacity=2, load=n) for n, name in enumerate("abc")]
    case = Waiting(case="x", queue="q", since=0, declined=("a",), rules=rules)
    [choice] = share([case], agents, 10)
    why = reasons(case, agents, 10)
    assert why == {"a": "has said no, or missed it", choice.agent: "next", "c": "has no room: 2 of 2 units taken"}
    assert reasons(replace(case, language="ja"), [Agent(id="d", queues=frozenset("q"))], 10) == {"d": "next"}


def test_spans_are_short() -> None:
    assert [span(ms) for ms in (5_000, 600_000, 7_200_000)] == ["5 s", "10 min", "2 h"]


def test_providers_are_listed_with_whether_they_answer(tmp_path: Path) -> None:
    there = "  providers: {cw: {type: webhook, url: 'https://desk.example', secret: abc}}\n"
    write(tmp_path, {"noren.yaml": SETTINGS.replace("handover:\n", f"handover:\n{there}")})
    now = SystemClock().now()

    async def down(store: Store) -> None:
        await store.put("provider cw", {"since": now - 60_000, "why": "cw answered 502"}, now)

    kept(tmp_path, lambda store: store.put("provider cw", None, now))
    told = CliRunner().invoke(queues, ["providers", "--root", str(tmp_path)])
    assert (told.exit_code, "yes" in told.stdout) == (0, True)
    kept(tmp_path, down)
    told = CliRunner().invoke(queues, ["providers", "--root", str(tmp_path), "--format", "json"])
    [row] = json.loads(told.stdout)
    assert (told.exit_code, row["provider"], row["up"], row["why"]) == (1, "cw", 0, "cw answered 502")
    told = CliRunner().invoke(queues, ["providers", "--root", str(tmp_path)])
    assert "no, since" in told.stdout
