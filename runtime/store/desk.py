"""The part of the store that people's cases need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from runtime.model import Case
from runtime.store import cases, chats, codec, following, listing, presence, reports, search, timeline
from runtime.store.cases import Decide, Picked
from runtime.store.connector import Connector
from runtime.store.following import Judged
from runtime.store.lanes import Op
from runtime.store.listing import CaseFilter, Sees

Found = list[dict[str, Any]]

NAMED = 500
"""Cases among which a list looks for a name: the latest that are called so."""

BUSY = """SELECT p.agent, CASE WHEN p.gone > 0 THEN 'away' ELSE p.status END, a.body FROM presence p JOIN agents a
  ON a.id = p.agent WHERE a.state = 'active'"""


class DeskStore:
    """Cases, their log, and who is there. Every method is one transaction."""

    _base: Connector

    @property
    def _first(self) -> bool:
        """Whether words are looked for among the latest lines first: SQLite's index gives those first anyway."""
        return self._base.name != "sqlite"

    async def desk_view(self, case: str, now: int) -> dict[str, Any]:
        """What turns and steps have to know of the rest of the house.

        `queues` (name → length, age of the oldest in ms), the case's `position` and how long the last cases of its
        queue took (`handled`, ms), how many `agents` are online and who (`staff`), which are away or full (`busy`).
        """
        return await self._base.read(_view, case, now)

    async def show_case(self, case: str) -> dict[str, Any] | None:
        return await self._base.read(cases.show_case, case)

    async def load_case(self, case: str) -> Case | None:
        return await self._base.read(cases.load_case, case)

    async def case_of_ref(self, provider: str, ref: str) -> str:
        return await self._base.read(cases.case_of_ref, provider, ref)

    async def cases_of(self, session: str, limit: int = 20) -> Found:
        return await self._base.read(cases.cases_of, session, limit)

    async def notes_after(self, seq: int, limit: int = 500) -> Found:
        return await self._base.read(cases.notes_after, seq, limit)

    async def news(self, after: int, limit: int) -> tuple[Found, dict[str, dict[str, Any]], dict[str, str]]:
        """Lines of the log of all chats after a number, oldest first; their cases by id; pictures by session. All in
        one look, however many they are of."""
        return await self._base.read(_news, after, limit)

    async def notes_of(self, session: str, seq: int = 0, limit: int = 500) -> Found:
        return await self._base.read(cases.notes_of, session, seq, limit)

    async def notes_by(self, session: str, event: str) -> Found:
        """What one event left in the log."""
        return await self._base.read(cases.notes_by, session, event)

    async def list_cases(self, where: CaseFilter, limit: int) -> Found:
        if where.words:
            asked = search.query(self._base.name, where.words, search.MARK)
            ids = await self._base.read(search.names, asked, NAMED, self._first) if asked else []
            where = replace(where, words="", ids=tuple(ids))
            if not ids:
                return []
        return await self._base.read(listing.cases, where, limit)

    async def count_cases(self, agent: str, queues: Sequence[str] | None) -> dict[str, Any]:
        """How many there are: `mine`, `offers`, `waiting`, `offline`, and `queue` by name."""
        return await self._base.read(listing.counts, agent, queues)

    async def timeline(self, session: str, before: int, limit: int, sees: Sees | None = None) -> Found:
        """What was said and what happened in a chat, oldest first, before a moment (ms); whole moments.

        With `sees` without what is of cases that may not be seen.
        """
        return await self._base.read(timeline.timeline, session, before, limit, sees)

    async def earlier(self, session: str, limit: int = 20) -> Found:
        """Cases of a chat with their bodies, newest first."""
        return await self._base.read(listing.earlier, session, limit)

    async def survey_of(self, case: str) -> dict[str, Any] | None:
        """`rating`, `text`, `at` of what the user thought of a case."""
        return await self._base.read(listing.survey, case)

    async def items_by(self, session: str, events: Sequence[str]) -> Found:
        """What acts of agents said, as the timeline shows it."""
        return [one for event in events for one in await self._base.read(timeline.said_by, session, event)]

    async def list_chats(self, owner: str, words: str, limit: int) -> Found:
        """Chats that the bot has, or (`paused`) in which nobody speaks; the latest first."""
        return await self._base.read(chats.listed, owner, words, limit)

    async def faces(self, sessions: Sequence[str]) -> dict[str, str]:
        """Session → address of the picture of whoever it belongs to, where one is known."""
        return await self._base.read(chats.faces, sessions)

    async def media_session(self, token: str) -> str:
        """The session that a kept content belongs to; empty: there is none."""
        return await self._base.read(chats.media, token)

    async def follow(self, name: str, decide: Judged, most: int, now: int) -> int:
        """New lines of the log, each once for each name; `decide` gives events that come of them. How many lines."""
        return await self._base.write(following.follow, name, decide, most, now)

    async def report_day(self, start: int, end: int) -> dict[str, Any]:
        """What happened between two moments, as `runtime.store.reports` adds it up."""
        return await self._base.read(reports.day, start, end)

    async def index_words(self, most: int, now: int) -> int:
        """Take the words of new lines of the log for `find`; how many lines were looked at."""
        return await self._base.write(search.index, most, now)

    async def find(self, text: str, limit: int) -> tuple[Found, Found]:
        """Lines of the log that say this, and cases of people who are called so, newest first."""
        asked = search.query(self._base.name, text)
        lines = await self._base.read(search.messages, asked, limit, self._first) if asked else []
        called = search.query(self._base.name, text, search.MARK)
        return lines, await self._base.read(search.named, called, limit, self._first) if called else []

    async def labels(self, sees: Sees) -> list[str]:
        """Labels that people gave lately where one may look, the newest first."""
        return await self._base.read(listing.labels, sees)

    async def last_note(self) -> int:
        return await self._base.read(cases.last_note)

    async def distribute(self, decide: Decide, now: int) -> list[Picked]:
        """Offer what waits; `decide` is called inside the transaction, with cases and agents as they are then."""
        return await self._base.write(cases.distribute, decide, now)

    async def drop_absent(self, before: int, now: int) -> list[str]:
        """Who was not heard of since `before` is offline; who was dropped."""
        return await self._base.write(presence.drop_absent, before, now)

    async def presences(self) -> dict[str, tuple[str, int, str]]:
        """Agent → how colleagues see them (`online`, `away`, `busy`, `leaving`, `offline`), since when, and what they
        set themselves."""
        return await self._base.read(presence.everybody)

    async def present(self, agent: str, status: str, now: int) -> None:
        """An agent is there (`online`, `away`, `busy`) or gone (`offline`): then their chats hear of it."""
        await self._base.write(presence.present, agent, status, now)

    async def beat(self, agent: str, now: int, window: str = "") -> presence.Back:
        """An agent is there, in a window or by what they do; what that changes."""
        return await self._base.write(presence.beat, agent, window, now)

    async def loads(self, agent: str, name: str, now: int) -> None:
        """A page of the desk is on its way to an agent's browser: for a moment it counts as a window."""
        await self._base.write(presence.loads, agent, name, now)

    async def step_out(self, window: str, agent: str, now: int) -> int | None:
        """A window was closed. 0: it was an agent's last; they are offered nothing until they are back, and what was
        offered goes on to others. Their cases they keep for the grace time. None: they are still there. Else ask
        again in so many ms."""
        return await self._base.write(presence.step_out, window, agent, now)

    async def close_windows(self, windows: Sequence[str]) -> None:
        """A process ends and forgets its windows."""
        await self._base.write(presence.close, list(windows))

    async def window_open(self, agent: str, now: int) -> bool:
        """Whether an agent has a desk open anywhere."""
        return await self._base.read(presence.open_window, agent, now)

    async def tell(self, news: str) -> None:
        """Say something to all processes that is not kept."""
        await self._base.write(presence.tell, news)

    def hear(self, listener: Callable[[str], None]) -> None:
        """Have somebody called with the news of other processes (and, with PostgreSQL, of this one): "" for new lines
        of the log, `staff`, or what `tell` was given."""
        self._base.listeners.append(listener)


def _news(after: int, limit: int) -> Op[tuple[Found, dict[str, dict[str, Any]], dict[str, str]]]:
    lines = yield from cases.notes_after(after, limit)
    known = yield from listing.of_ids(sorted({line["case_id"] for line in lines} - {""}))
    return lines, known, (yield from chats.faces(sorted({row["session"] for row in known.values()})))


def _view(case: str, now: int) -> Op[dict[str, Any]]:
    queues = yield from cases.queues(now)
    position, handled = (yield from cases.place(case)) if case else (0, [])
    held = yield from cases.loads(now)
    busy, staff = [], []
    for agent, status, text in (yield BUSY, ()):
        body = codec.loads(text)
        if status == "online":
            staff.append({"id": agent, "queues": body.get("queues") or [], "skills": body.get("skills") or []})
        if status != "online" or held.get(agent, 0) >= int(body.get("capacity") or 5):
            busy.append(agent)
    return {
        "queues": queues, "position": position, "handled": handled, "agents": len(staff), "busy": busy, "staff": staff,
        "loads": held,
    }  # fmt: skip
