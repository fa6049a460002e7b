"""The process dies before and after each transaction of a handover: the case is whole, and nothing is said twice.

See `tests/deaths.py` for what a point is and how it dies. Agents do again what was not confirmed, as browsers do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.handover.case.replay import replay, seen
from runtime.model import Chat, Event, Noted
from tests.deaths import House, Play
from tests.line_platform import MAI

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

FILES = {
    "flows/help.yaml": """flow: help
start: [{keyword: help}]
steps:
  - handover:
    say: One moment.
  - say: "Back: {{ handover.result.reason }}"
fallback: [{say: "{{ input.text }}"}]
"""
}
PEOPLE = """}}
handover:
  queues: {general: {}, orders: {}}
  messages: {joined: {text: {en: ""}}}
  workstreams: {support: {queues: [general], mode: live, position: {tell: never}, cancel: any,
    timers: {wrap_up: 0}"""
"""Goes between the last words of the settings and their two closing braces."""


async def agents(h: House) -> None:
    store: Any = h.runtime.house.store if h.runtime else None
    for name in ("aya", "ben"):
        body = {"name": name.title(), "queues": ["general", "orders"], "capacity": 3}
        await store.put_agent(name, f"{name}@example.com", "agent", body, h.clock.now())
        await store.present(name, "online", h.clock.now())


async def act(h: House, do: str, who: str = "aya", **data: Any) -> None:
    now, actor = h.clock.now(), {"kind": "agent", "id": who, "name": who.title()}
    event = Event(
        id=f"{do}-{who}-{now}-{len(h.texts())}", session=f"shop:{MAI}", endpoint="shop", kind="handover", at=now,
        due=now, chat=Chat("user", MAI), data={"do": do, "actor": actor, **data},
    )  # fmt: skip

    async def accept() -> None:
        assert h.runtime is not None
        assert h.runtime.worker is not None
        await h.runtime.worker.accept([event])

    await h.until_done(accept)


async def passes(h: House, seconds: int) -> None:
    """Time, in which the agents' browsers tell that they are there."""
    while seconds > 0:
        await h.turn(min(seconds, 30) * 1_000)
        seconds -= 30
        for name in ("aya", "ben"):
            await h.runtime.house.store.beat(name, h.clock.now())  # type: ignore[union-attr]


async def look(h: House) -> None:
    """What waits is offered."""

    async def share() -> None:
        assert h.runtime is not None
        assert h.runtime.distributor is not None
        await h.runtime.distributor.look()

    await h.until_done(share)


async def case(h: House) -> Any:
    session = await h.runtime.house.store.load_session(f"shop:{MAI}")  # type: ignore[union-attr]
    return session.case


async def offered(h: House) -> tuple[str, str]:
    await look(h)
    found = await case(h)
    assert found is not None
    assert found.offer is not None, f"it is {found.state}"
    return found.offer.agent, found.offer.id


async def whole(h: House) -> None:
    """Session, list and log tell the same, and no timer is left of what is over."""
    store: Any = h.runtime.house.store if h.runtime else None
    session = await store.load_session(f"shop:{MAI}")
    rows = await store.notes_after(0, 10_000)
    told = replay(
        Noted(type=row["type"], at=row["at"], case=row["case_id"], epoch=row["epoch"], data=row["data"]) for row in rows
    )
    assert (told.owner, told.epoch) == (session.control.owner, session.control.epoch)
    for name, one in told.cases.items():
        assert one == seen(await store.load_case(name))
    live = session.case.id if session.case else "none"
    left = [row["id"] for row in await store.list_events("due", None, 100)]
    assert not [name for name in left if ".case/" in name and not name.startswith(live)]
    assert not await store.list_events("dead", None, 10)


def said(*texts: str) -> Any:
    def check(h: House) -> None:
        assert h.texts() == list(texts)

    return check


async def test_from_the_request_to_the_end(tmp_path: Path, store_url: str) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        agent, offer = await offered(h)
        await act(h, "accept", agent, offer=offer)
        await act(h, "reply", agent, messages=[{"text": "How can I help?"}])
        await h.say("my parcel")
        await act(h, "reply", agent, messages=[{"text": "It comes."}, {"text": "Tomorrow."}])
        await act(h, "resolve", agent)
        await h.say("thanks")
        await whole(h)

    answers = said("One moment.", "How can I help?", "It comes.", "Tomorrow.", "Back: resolved")
    play = Play(tmp_path, FILES, talk, answers, store_url, prelude=agents, more=PEOPLE)
    assert len(await play.deaths()) >= 40


async def test_rejected_transferred_and_cancelled(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        first, offer = await offered(h)
        await act(h, "reject", first, offer=offer)
        second, offer = await offered(h)
        assert second != first
        await act(h, "accept", second, offer=offer)
        await act(h, "transfer", second, queue="orders", note="an order")
        await act(h, "claim", first)
        await act(h, "park", first)
        await h.say("Cancel request")
        await whole(h)

    answers = said("One moment.", "All right, the request is cancelled.", "Back: user_cancelled")
    play = Play(tmp_path, FILES, talk, answers, prelude=agents, more=PEOPLE)
    assert len(await play.deaths()) >= 40


async def test_offers_and_timers_go_on(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("help")
        first, _ = await offered(h)
        await passes(h, 121)  # missed
        second, offer = await offered(h)
        assert second != first
        await act(h, "accept", second, offer=offer)
        await passes(h, 121)  # no first answer
        assert (await case(h)).state in ("queued", "offered")
        await act(h, "claim", first)
        await act(h, "reply", first, messages=[{"text": "Here I am."}])
        await passes(h, 11 * 60)  # both silent
        assert await case(h) is None
        await h.say("hello?")
        await whole(h)

    answers = said("One moment.", "Here I am.", "Back: silent")
    play = Play(tmp_path, FILES, talk, answers, prelude=agents, more=PEOPLE)
    assert len(await play.deaths()) >= 30


async def test_taken_over_from_the_bot_and_given_back(tmp_path: Path) -> None:
    async def talk(h: House) -> None:
        await h.say("one")
        await act(h, "reply", messages=[{"text": "Aya here."}])
        await h.say("two")
        await act(h, "give_back", "ben")
        await h.say("three")
        await whole(h)

    play = Play(tmp_path, FILES, talk, said("one", "Aya here.", "three"), prelude=agents, more=PEOPLE)
    assert len(await play.deaths()) >= 20
