"""One chat and its people, played without a store or a clock: events in, changes out, timers rung by hand.

Every change is checked against the log: what the desk shows has to follow from it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from runtime.handover.case import machine
from runtime.handover.case.move import LIVE, Change, Rules, View
from runtime.handover.case.replay import replay, seen
from runtime.model import Case, Chat, Control, Event, Noted, Output, Session
from runtime.project import settings_of

NOW = 1_800_000_000_000  # a Friday, 08:00 in UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CONFIG = """
handover:
  providers: {desk: {type: desk}, ours: {type: webhook, url: "https://desk.example", secret: s}}
  queues: {general: {title: General}, orders: {title: Orders}}
  workstreams:
    support: {queues: [{queue: orders, when: topic == "order"}, general]WITH}
"""


def rules(more: str = "", config: str = CONFIG) -> Rules:
    """Rules of a workstream with more settings, as they stand in noren.yaml."""
    made = settings_of("endpoints: {shop: {}}\n" + config.replace("WITH", f", {more}" if more else ""), {})
    return Rules(settings=made.handover, judge=lambda when, facts: bool(facts.get("topic") == "order"))


@dataclass
class Talk:
    """A chat of one user. `said` are the outputs of the last change, `told` what the flow was told by it."""

    rules: Rules = field(default_factory=rules)
    session: Session = field(
        default_factory=lambda: Session(key="shop:U1", endpoint="shop", chat=Chat("user", "U1"), language="en")
    )
    now: int = NOW
    view: View = field(default_factory=View)
    last: Change | None = None
    notes: list[Noted] = field(default_factory=list)
    timers: dict[str, Event] = field(default_factory=dict)
    ended: dict[str, Case] = field(default_factory=dict)
    number: int = 0

    @property
    def case(self) -> Case:
        assert self.session.case is not None
        return self.session.case

    @property
    def offer(self) -> str:
        assert self.case.offer is not None
        return self.case.offer.id

    @property
    def state(self) -> str:
        """Of the case this chat has or had last."""
        if self.session.case is not None:
            return self.session.case.state
        return list(self.ended.values())[-1].state if self.ended else "none"

    @property
    def owner(self) -> str:
        return self.session.control.owner

    @property
    def reason(self) -> str:
        return (self.session.case or list(self.ended.values())[-1]).reason

    @property
    def said(self) -> list[str]:
        assert self.last is not None
        return [output.text for output in self.last.outputs]

    @property
    def outputs(self) -> tuple[Output, ...]:
        assert self.last is not None
        return self.last.outputs

    @property
    def told(self) -> Any:
        assert self.last is not None
        return self.last.run

    @property
    def asked(self) -> list[str]:
        """What the provider is asked to do."""
        assert self.last is not None
        return [str(ask["do"]) for ask in self.last.asks]

    def types(self) -> list[str]:
        """Kinds of the last change's lines in the log."""
        assert self.last is not None
        return [note.type for note in self.last.notes]

    def why(self) -> str:
        """Why the last act changed nothing."""
        assert self.last is not None
        return next((str(note.data["why"]) for note in self.last.notes if note.type == "ignored"), "")

    def due(self) -> dict[str, int]:
        """Timers that run: name → in how many ms."""
        return {name.rpartition("/")[2]: event.due - self.now for name, event in self.timers.items()}

    def event(self, kind: str, data: dict[str, Any], **more: Any) -> Event:
        self.number += 1
        values: dict[str, Any] = {
            "id": f"e{self.number}",
            "at": self.now,
            "due": self.now,
            "received": self.now,
            **more,
        }
        return Event(session="shop:U1", endpoint="shop", kind=kind, chat=self.session.chat, data=data, **values)

    def play(self, event: Event) -> Change:
        assert machine.takes(self.session, event), "this is the flow's business"
        return self.took(machine.play(self.session, event, self.rules, self.view, self.now))

    def took(self, change: Change) -> Change:
        before = self.session
        self.session, self.last = change.session, change
        self.notes += change.notes
        for name in change.cancel:
            self.timers.pop(name, None)
        self.timers |= {timer.id: timer for timer in change.timers}
        for case in (*change.over, *((change.case,) if change.case else ())):
            self.ended[case.id] = case
        self.fits(before)
        return change

    def fits(self, before: Session) -> None:
        """What holds whatever happens."""
        session, case = self.session, self.session.case
        logged = replay(self.notes)
        assert (logged.owner, logged.epoch) == (session.control.owner, session.control.epoch)
        assert logged.cases == {name: seen(one) for name, one in self.ended.items()}, "the log tells another story"
        assert session.control.epoch >= before.control.epoch
        assert session.control.epoch > before.control.epoch or session.control.owner == before.control.owner
        live = case is not None and case.state in LIVE
        if live:
            assert session.control.owner not in ("bot", "paused")
        elif session.control.owner not in ("bot", "paused", "module"):
            raise AssertionError(f"nobody can answer: {session.control.owner} has no case")
        if case is not None:
            assert (case.offer is not None) == (case.state == "offered")
        assert self.last is not None
        for note in self.last.notes:
            if note.visibility == "internal":
                assert note.data.get("text") not in [output.text for output in self.last.outputs]
        self.no_stale_timers()

    def no_stale_timers(self) -> None:
        """No timer of a live kind outlives its case."""
        live = self.session.case.id if self.session.case else ""
        left = [name for name, one in self.timers.items() if one.data.get("timer") == "case" and live not in name]
        assert not [name for name in left if not name.endswith("/paused")], "a timer outlives its case"

    # people

    def user(self, text: str, user: str = "U1", token: bool = True, **data: Any) -> Change:
        token_ = f"token{self.number}" if token else None
        data = {"type": "text", "id": f"m{self.number}", **data}
        return self.play(self.event("message", data, text=text, user=user, reply_to=token_))

    def tap(self, data: str, user: str = "U1") -> Change:
        return self.play(self.event("postback", {"data": data}, user=user, reply_to=f"token{self.number}"))

    def happens(self, kind: str, **data: Any) -> Change:
        return self.play(self.event(kind, data, user="U1"))

    def act(self, do: str, who: str = "aya", kind: str = "agent", **data: Any) -> Change:
        actor = {"kind": kind, "id": who, "name": who.title()}
        return self.play(self.event("handover", {"do": do, "actor": actor, **data}))

    def system(self, do: str, **data: Any) -> Change:
        return self.play(self.event("handover", {"do": do, "actor": {"kind": "system"}, **data}))

    def ring(self, what: str) -> Change:
        """Let the timer run out."""
        name, event = next((n, e) for n, e in self.timers.items() if n.endswith(f"/{what}"))
        self.now = max(self.now, event.due)
        del self.timers[name]
        return self.play(event)

    def flow(self, do: str = "request", token: bool = True, **asked: Any) -> Change:
        """A step of the flow, in a turn of the user's."""
        event = self.event("message", {}, user="U1", text="help", reply_to="token" if token else None)
        asked = {"do": do, **asked}
        return self.took(machine.ask(self.session, event, asked, self.rules, self.view, self.now))

    # ways to a state

    def queued(self, **asked: Any) -> Talk:
        self.flow(**asked)
        return self

    def offered(self, agent: str = "aya") -> Talk:
        self.queued().system("offer", agent=agent)
        return self

    def assigned(self, agent: str = "aya", **asked: Any) -> Talk:
        self.queued(**asked).act("claim", agent)
        return self

    def active(self, agent: str = "aya", **asked: Any) -> Talk:
        self.assigned(agent, **asked).act("reply", agent, messages=[{"text": "Hello from Aya"}])
        return self

    def waiting(self) -> Talk:
        self.active().act("park")
        return self

    def snoozed(self) -> Talk:
        self.active().act("snooze", until=self.now + HOUR)
        return self

    def wrap_up(self) -> Talk:
        self.active().act("resolve")
        return self

    def at(self, state: str) -> Talk:
        """The chat with its case in this state."""
        if state == "requested":
            return self.queued(provider="ours")
        if state == "none":
            return self
        if state == "offline":
            self.rules = rules('hours: {week: {mon: "00:00-00:01"}}')
            return self.queued()
        made: Talk = getattr(self, state)()
        return made

    def owned(self, owner: str) -> Talk:
        self.session = replace(self.session, control=Control(owner, 0))
        return self
