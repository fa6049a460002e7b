"""What turns have to know of cases, queues and agents, read from the store."""

from __future__ import annotations

from collections.abc import Callable

from runtime.handover.case.machine import KIND
from runtime.handover.case.move import Rules, View
from runtime.handover.distribution import estimate
from runtime.handover.hours import calendar
from runtime.handover.routing import Judge, Line, queues_of, workstream_of
from runtime.model import Call, Case, Event, Result, Session
from runtime.ports import Clock
from runtime.settings import Settings
from runtime.store.store import Store


class Staff:
    """`runtime.pipeline.people.People` over the store."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, judge: Judge) -> None:
        self._store, self._clock = store, clock
        self._listeners: list[Callable[[], None]] = []
        self._rules = {
            name: Rules(
                settings=settings.handover, judge=judge, reply_within=one.reply_within, expire=one.session.expire
            )
            for name, one in settings.endpoints.items()
        }
        self._plain = Rules(settings=settings.handover, judge=judge)

    def listen(self, listener: Callable[[], None]) -> None:
        """Have somebody told when a turn of this process wrote to the log."""
        self._listeners.append(listener)

    def told(self) -> None:
        for listener in self._listeners:
            listener()

    def rules(self, endpoint: str) -> Rules:
        return self._rules.get(endpoint, self._plain)

    async def view(self, session: Session, event: Event) -> View:
        """How full the queues are, where this chat's case stands, and who could take it now."""
        now, case = self._clock.now(), session.case
        seen = await self._store.desk_view(case.id if case else "", now)
        waits = case is not None and case.state in ("queued", "offered")
        return View(
            lines={queue: Line(length, oldest) for queue, (length, oldest) in seen["queues"].items()},
            position=seen["position"] if waits else 0,
            wait=estimate(seen["position"], seen["handled"], seen["agents"]) if waits else 0,
            left=None if case is not None else await self._left(session, event),
            busy=frozenset(seen["busy"]),
            away=frozenset(seen["busy"]) - {agent["id"] for agent in seen["staff"]},
        )

    async def available(self, call: Call, session: Session) -> Result:
        """What the `availability` step asks: is somebody there, is the queue long, is it open."""
        now, settings = self._clock.now(), self._plain.settings
        _, stream = workstream_of(settings, str(call.args.get("workstream") or ""))
        named = str(call.args.get("queue") or "")
        queues = (named,) if named else queues_of(settings, stream)
        wanted = set(call.args.get("skills") or ())
        seen, hours = await self._store.desk_view("", now), calendar(stream.hours)
        staff = [a for a in seen["staff"] if set(queues) & set(a["queues"]) and wanted <= set(a["skills"])]
        free = [agent for agent in staff if agent["id"] not in seen["busy"]]
        waiting = sum(seen["queues"].get(queue, (0, 0))[0] for queue in queues)
        opens = hours.next_open(now)
        return Result(
            {
                "available": bool(free) and hours.open(now),
                "online": len(staff),
                "free": len(free),
                "waiting": waiting,
                "wait": max((seen["queues"].get(queue, (0, 0))[1] for queue in queues), default=0),
                "open": hours.open(now),
                "next_open": hours.written(opens) if opens is not None else "",
            }
        )

    async def _left(self, session: Session, event: Event) -> Case | None:
        """The case an agent wants to take up again although the chat has none any more."""
        named = event.data.get("case")
        if event.kind != KIND or not isinstance(named, str):
            return None
        row = await self._store.show_case(named)
        if row is None or row["session"] != session.key or row["state"] != "offline":
            return None
        return await self._store.load_case(named)
