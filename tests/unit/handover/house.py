"""People at the desk of a whole house: who is there, what they do, what is offered to them."""

from __future__ import annotations

from typing import Any

from runtime.model import Event, Session
from tests.line_platform import MAI
from tests.world import World


async def agent(w: World, name: str = "aya", queues: tuple[str, ...] = ("general", "orders"), **body: Any) -> None:
    more = {"name": name.title(), "queues": list(queues), "capacity": 3, **body}
    await w.store.put_agent(name, f"{name}@example.com", "agent", more, w.clock.now())
    await w.store.present(name, "online", w.clock.now())


async def act(w: World, do: str, who: str = "aya", chat: str = MAI, **data: Any) -> None:
    """Somebody at the desk does something."""
    now, session = w.clock.now(), await session_of(w, chat)
    told = {"do": do, "actor": {"kind": "agent", "id": who, "name": who.title()}, **data}
    name = f"{do}-{now}-{len(await w.store.notes_after(0, 500))}"
    event = Event(
        id=name, session=session.key, endpoint="shop", kind="handover", at=now, due=now, chat=session.chat, data=told
    )
    assert w.runtime.worker is not None
    await w.runtime.worker.accept([event])
    await w.settle()


async def session_of(w: World, chat: str = MAI) -> Session:
    found: Session | None = await w.store.load_session(f"shop:{chat}")
    assert found is not None
    return found


async def offered(w: World) -> None:
    assert w.runtime.distributor is not None
    await w.runtime.distributor.look()
    await w.settle()
