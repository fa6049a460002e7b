"""An answer that a flow began before somebody took the chat over never reaches the user, wherever it is by then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.model import Chat, Event
from tests.gate import SLOW, Gate, gate
from tests.line_platform import MAI
from tests.world import World, world

pytestmark = pytest.mark.anyio

CONFIG = """
worker: {poll: 500ms}
endpoints: {shop: {languages: [en], loading: 0}}
handover: {queues: {general: {}}, workstreams: {support: {queues: [general]}}}
"""


def act(w: World, do: str, **data: Any) -> Event:
    now = w.clock.now()
    actor = {"kind": "agent", "id": "aya", "name": "Aya"}
    return Event(
        id=f"desk.{do}", session=f"shop:{MAI}", endpoint="shop", kind="handover", at=now, due=now,
        chat=Chat("user", MAI), data={"do": do, "actor": actor, **data},
    )  # fmt: skip


async def thinking(w: World) -> Gate:
    """The flow waits for something outside."""
    await w.say("hello")
    wait = gate("slow 1")
    await w.say("slow 1", settle=False)
    await w.until(wait.reached.is_set)
    return wait


ACTS = [("take_over", {}), ("pause", {}), ("reply", {"messages": [{"text": "Aya here"}]})]


@pytest.mark.parametrize(("do", "data"), ACTS)
async def test_in_the_process_that_waits_it_is_called_off(
    tmp_path: Path, store_url: str, do: str, data: dict[str, Any]
) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, store=store_url) as w:
        wait = await thinking(w)
        assert w.runtime.worker is not None
        await w.runtime.worker.accept([act(w, do, **data)])
        await w.settle()  # nobody waits for the flow any more
        assert w.texts() == ["hello", *(["Aya here"] if do == "reply" else [])]
        wait.open.set()
        await w.settle()
        await w.turn(60_000)
        assert "slow 1 is done" not in w.texts()
        assert (await w.session()).control.owner == ("paused" if do == "pause" else "human")


@pytest.mark.parametrize(("do", "data"), ACTS)
async def test_in_another_process_it_is_not_written(
    tmp_path: Path, store_url: str, do: str, data: dict[str, Any]
) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, store=store_url) as w:
        wait = await thinking(w)
        await w.store.accept([act(w, do, **data)], worker=None, now=w.clock.now())  # as a web process does
        assert w.busy == 1, "the worker does not know yet"
        wait.open.set()
        await w.settle()
        await w.turn(60_000)
        assert w.texts() == ["hello", *(["Aya here"] if do == "reply" else [])]
        assert (await w.session()).control.owner == ("paused" if do == "pause" else "human")
        assert [row["state"] for row in await w.events() if row["kind"] != "timer"] == ["done"] * 3


async def test_an_answer_that_waits_to_be_sent_again_is_not_sent_any_more(tmp_path: Path, store_url: str) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, store=store_url) as w:
        await w.say("hello")
        w.fault("rate_limit", "*/reply", times=1)
        await w.say("hello again", settle=False)
        await w.delivered()
        await w.until(lambda: not w.busy)
        assert [state for state, _, _ in await w.sent()] == ["sent", "waiting"]
        await w.store.accept([act(w, "take_over")], worker=None, now=w.clock.now())
        await w.settle()
        await w.turn(60_000)
        assert w.texts() == ["hello"]
        assert [state for state, _, _ in await w.sent()] == ["sent", "suppressed"]


async def test_other_acts_call_nothing_off(tmp_path: Path, store_url: str) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, store=store_url) as w:
        wait = await thinking(w)
        assert w.runtime.worker is not None
        await w.runtime.worker.accept([act(w, "note", text="who is this?")])
        wait.open.set()
        await w.settle()
        assert w.texts() == ["hello", "slow 1 is done"]


async def test_what_the_user_wrote_meanwhile_is_for_the_agent(tmp_path: Path, store_url: str) -> None:
    async with world(tmp_path, SLOW, config=CONFIG, store=store_url) as w:
        await thinking(w)
        assert w.runtime.worker is not None
        await w.runtime.worker.accept([act(w, "take_over")])
        await w.settle()
        notes = await w.store.notes_of(f"shop:{MAI}")
        assert [n["data"]["text"] for n in notes if n["type"] == "message.received"] == ["slow 1"]
