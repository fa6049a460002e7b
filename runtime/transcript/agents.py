"""What agents do in a test: they are there or not, take chats, answer, and give them back.

They act as at the desk, or as agents of the other system that has the case: every act is an event of the chat, and one
that the case does not allow fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runtime.errors import BadInput
from runtime.flow.shapes import By, Dict, Fields, Flag, Many, Number, One, Plain, Shape, Span
from runtime.handover.case.machine import KIND
from runtime.handover.case.move import DESK, LIVE
from runtime.handover.verify import known_queues
from runtime.model import Case, Data, Event, Session
from runtime.transcript import others
from runtime.transcript.heard import Object
from runtime.transcript.words import Wording

if TYPE_CHECKING:
    from runtime.transcript.play import Player
    from runtime.transcript.script import Line

FIRST = "aya"
"""Who is there when a test has agents do something and names none."""

STATUS = ("online", "away", "busy", "offline", "gone")
PERSON = Fields(
    {
        "name": Plain(),
        "queues": Many(Plain(), single=True),
        "skills": Many(Plain(), single=True),
        "languages": Many(Plain(), single=True),
        "capacity": Number(0),
        "status": One(STATUS),
    },
    what="an agent",
)
AGENTS = Dict(By(One(STATUS), map=PERSON, nothing=True))
"""Agents by name, each with what they may take, or only their status."""

Make = Callable[["Player", Any, Session], dict[str, Any]]
"""What the event tells, beside its verb."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something an agent does: the verb of the event, and what the value becomes."""

    shape: Shape
    make: Make
    says: str
    do: str = ""


def _bare(player: Player, value: Any, session: Session) -> dict[str, Any]:
    return {}


def _named(name: str) -> Make:
    return lambda player, value, session: {name: value}


def _text(player: Player, value: Any, session: Session) -> dict[str, Any]:
    return {"messages": [{"text": player.words.plain(value)}]}


def _messages(player: Player, value: Any, session: Session) -> dict[str, Any]:
    return {"messages": value}


def _note(player: Player, value: Any, session: Session) -> dict[str, Any]:
    return {"text": player.words.plain(value)}


def _offer(player: Player, value: Any, session: Session) -> dict[str, Any]:
    offer = session.case.offer if session.case else None
    if offer is None:
        raise BadInput("nothing is offered to anybody")
    return {"offer": offer.id}


def _until(player: Player, value: int, session: Session) -> dict[str, Any]:
    return {"until": player.stage.clock.now() + value}


def _mapping(name: str) -> Make:
    """A text under that name, or a mapping as it is."""

    def make(player: Player, value: Any, session: Session) -> dict[str, Any]:
        return dict(value) if isinstance(value, Mapping) else {name: value} if isinstance(value, str) else {}

    return make


FLAG = Flag()
LABELS = Many(Plain(), single=True)
RESOLVED = Fields({"labels": LABELS, "inject": Plain(), "form": Object(), "survey": FLAG, "reason": Plain()})
MOVED = Fields({"queue": Plain(), "agent": Plain(), "note": Plain()})
CHANGED = Fields(
    {"labels": LABELS, "skills": LABELS, "subject": Plain(), "priority": One(("low", "normal", "high", "urgent"))}
)

DEEDS: dict[str, Deed] = {
    "text": Deed(
        Wording(), _text, "answers the user; in a case that waits or a chat of the bot, they take it", "reply"
    ),
    "reply": Deed(Many(Object(), single=True), _messages, "answers with messages of any kind: `kind`, `text`, `data`"),
    "accept": Deed(FLAG, _offer, "takes what is offered to them"),
    "reject": Deed(FLAG, _offer, "does not take it"),
    "claim": Deed(FLAG, _bare, "takes the case out of the queue"),
    "take_over": Deed(FLAG, _bare, "takes the chat over from the bot"),
    "note": Deed(Wording(), _note, "writes a note that only people at the desk see"),
    "transfer": Deed(By(Plain(), map=MOVED), _mapping("queue"), "hands the case to a queue, or to another `agent`"),
    "assign": Deed(Plain(), _named("agent"), "gives the case to an agent, as supervisors do"),
    "change": Deed(CHANGED, _mapping(""), "changes labels, priority, subject, skills"),
    "snooze": Deed(Span(), _until, "puts the case aside for so long, or until the user writes"),
    "wake": Deed(FLAG, _bare, "goes on with a case that was put aside"),
    "park": Deed(FLAG, _bare, "waits for the user"),
    "resolve": Deed(By(FLAG, map=RESOLVED), _mapping(""), "ends the case: `labels`, where the bot goes on (`inject`)"),
    "done": Deed(By(FLAG, map=Fields({"labels": LABELS, "form": Object()})), _mapping(""), "is done with the notes"),
    "pause": Deed(By(FLAG), _bare, "has the bot be silent in this chat"),
    "resume": Deed(FLAG, _bare, "has the bot speak again"),
    "give_back": Deed(FLAG, _bare, "gives the chat back to the bot, as supervisors do"),
}
"""What `agent` may do."""

BESIDE: dict[str, Shape] = {"as": Plain()}
DONE = Fields({name: deed.shape for name, deed in DEEDS.items()} | BESIDE, one_of=tuple(DEEDS), what="what they do")


def elsewhere(session: Session) -> Case | None:
    """The live case of a chat that people have in another system."""
    case = session.case
    return case if case is not None and case.state in LIVE and case.provider != DESK else None


class Staff:
    """The agents of a test. `there` are those whose browsers are open."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.there: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.left: dict[str, int] = {}
        self._noted = self._acts = 0

    async def begin(self, given: Mapping[str, Any], lines: Sequence[Line]) -> None:
        """Those who are there from the beginning; somebody, where the test has an agent do something."""
        verbs = {line.verb for line in lines}
        everybody = given or ({FIRST: {}} if "agent" in verbs and "agents" not in verbs else {})
        await self.come(everybody)
        if everybody or "agents" in verbs:
            self.player.stage.look, self.player.stage.next_look = self.look, self.next_look

    async def come(self, people: Mapping[str, Any]) -> None:
        """Agents come, change or go."""
        stage, now = self.player.stage, self.player.stage.clock.now()
        every = known_queues(stage.runtime.settings.handover) or ("default",)
        for name, told in people.items():
            more = dict(told) if isinstance(told, Mapping) else {}
            status = str(more.pop("status", "") or (told if isinstance(told, str) else self.there.get(name, "online")))
            if more or name not in self.names:
                self.names[name] = str(more.pop("name", "") or self.names.get(name) or name.title())
                body = {"queues": list(every), "skills": [], "languages": [], "capacity": 5, **more}
                await stage.store.put_agent(name, f"{name}@desk.test", "agent", {**body, "name": self.names[name]}, now)
            if status == "gone" and self.there.get(name) not in (None, "gone"):
                self.left[name] = now
            self.there[name] = status
            if status != "gone":
                await stage.store.present(name, status, now)

    async def look(self) -> bool:
        """Browsers say that they are open, and what waits is offered; whether anything came of it."""
        stage = self.player.stage
        for name, status in self.there.items():
            if status not in ("gone", "offline"):
                await stage.store.beat(name, stage.clock.now())
        distributor = stage.runtime.distributor
        assert distributor is not None
        return bool(await distributor.look())

    def next_look(self) -> int | None:
        """When the desk would do something by itself, though nothing falls due: in ms since the epoch."""
        distributor, now = self.player.stage.runtime.distributor, self.player.stage.clock.now()
        assert distributor is not None
        gone = [at + distributor.grace + 1 for at in self.left.values()]
        return min((at for at in (*gone, *distributor.soon) if at > now), default=None)

    async def act(self, line: Line) -> str:
        """An agent does something; why it could not be done, or nothing."""
        player, stage = self.player, self.player.stage
        who = str(line.beside.get("as") or next(iter(self.names), FIRST))
        if who not in self.names:
            return f"there is no agent {who}; there are {', '.join(self.names) or 'none'}"
        session = await player.session()
        if session is None:
            return "nobody has said anything yet"
        self._acts += 1
        case = elsewhere(session)
        if case is not None and line.act not in others.AT_THE_DESK:
            return await self._happens(session, self._told(line, who, session, case))
        deed, now = DEEDS[line.act], stage.clock.now()
        actor = {"kind": "agent", "id": who, "name": self.names[who]}
        told: Data = {"do": deed.do or line.act, "actor": actor, **deed.make(player, line.value, session)}
        event = Event(
            id=f"agent-{self._acts}", session=session.key, endpoint=stage.bot, kind=KIND, at=now, due=now,
            chat=session.chat, data=told,
        )  # fmt: skip
        return await self._happens(session, event)

    def _told(self, line: Line, who: str, session: Session, case: Case) -> Event:
        """What an agent of another system does."""
        deed = DEEDS[line.act]
        told = {"do": deed.do or line.act}
        if line.act not in others.TAKEN:
            told |= deed.make(self.player, line.value, session)
        data = others.act_of(case, line.act, who, self.names[who], told)
        return others.event_of(self.player, session, case, self._acts, data, who)

    async def _happens(self, session: Session, event: Event) -> str:
        stage = self.player.stage
        await stage.worker.accept([event])
        await stage.settle()
        rows = await stage.store.notes_by(session.key, event.id)
        return next((str(row["data"].get("why")) for row in rows if row["type"] == "ignored"), "")

    async def answered(self, line: Line) -> str:
        """The other system itself says something of the case; why it could not, or nothing."""
        session = await self.player.session()
        case = elsewhere(session) if session is not None else None
        if session is None or case is None:
            return "no other system has the chat"
        self._acts += 1
        data = others.answer_of(self.player, line)
        return await self._happens(session, others.event_of(self.player, session, case, self._acts, data))

    async def step(self, line: Line) -> str:
        """A line of a test about agents; why it could not be done, or nothing."""
        if line.verb == "agent":
            return await self.act(line)
        if line.verb == "provider":
            return await self.answered(line)
        await self.come(line.value)
        return ""

    async def noted(self, *, fresh: bool = False, whole: bool = False) -> list[dict[str, Any]]:
        """The chat's log since it was last asked for with `fresh`, or all of it."""
        rows = await self.player.stage.store.notes_of(self.player.key, 0 if whole else self._noted, 100_000)
        if fresh and rows:
            self._noted = rows[-1]["seq"]
        return rows
