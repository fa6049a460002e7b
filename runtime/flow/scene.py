"""What a turn sees and says: variables, names for expressions, outputs, timers, counters, chance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from runtime.errors import NorenError
from runtime.flow.levels import Level
from runtime.flow.marks import OPEN, bare
from runtime.flow.moments import Moment, moment
from runtime.flow.names import SHARED, Names
from runtime.flow.tree import Flow, Flows, Step
from runtime.flow.variables import Variable, jsonable
from runtime.model import Data, Event, Output, Place, Session
from runtime.settings import EndpointSettings

DOUBLE_TAP = 10_000
"""Milliseconds in which the same tap on an answered question is one tap too many, not a wish."""

SCOPE = (
    *("input.text", "input.kind", "input.data", "input.values", "input.intent", "input.slots", "input.language"),
    *("input.missed", "input.handover"),
    *("event.id", "event.kind", "event.at", "event.data", "event.text", "chat.kind", "chat.group"),
    *("chat.id", "chat.user"),
    *("endpoint.name", "endpoint.languages", "endpoint.timezone", "handover.status", "handover.owner"),
    *("handover.result", "handover.error", "handover.data", "handover.inactivityCount", "handover.agent"),
    *("profile", "session", "now", "today", "language", "timezone", "error.message", "error.status", "error.body"),
)
"""Names every expression may use, beside the flow's variables."""

LASTING = ("expire", "case", "handover", "later", "reopen", "survey")
"""What of the memory outlives a session: the timer of its end, and what people left that is not heard or answered."""


class Scene:
    """The part of a turn that does not move: see `State` for the part that does."""

    def __init__(
        self, flows: Flows, session: Session, event: Event, config: EndpointSettings, now: int, seed: int | None
    ) -> None:
        self.flows: Flows = flows
        self.session: Session = session
        self.event: Event = event
        self.config: EndpointSettings = config
        self.now: int = now
        self.outputs: list[Output] = []
        self.timers: list[Event] = []
        self.cancelled: list[str] = []
        self.sent_on: list[Event] = []
        self.handover: list[Data] = []
        self.trace: list[Data] = []
        self.language: str = session.language or config.languages[0]
        self.spoken = session.language
        self.profile: dict[str, Any] = dict(session.profile)
        self.kept: dict[str, Any] = dict(session.kept)
        self.memory: dict[str, Any] = dict(session.memory)
        self.shelf: dict[str, Any] = dict(session.vars)
        self.levels: list[Level] = []
        self.failure: Data = {}
        self._private: list[tuple[Level, str]] = []
        self._seed = event.id if seed is None else str(seed)
        self._drawn = 0
        self._scope: Names | None = None
        self._scope_of: Level | None = None
        self._moment: Moment | None = None

    # names and variables

    def empty(self) -> None:
        """No variable of the session is left, and no counter."""
        self.shelf, self.memory = {}, {key: self.memory[key] for key in LASTING if key in self.memory}

    def scope(self) -> Names:
        """What expressions see here."""
        home = self.levels[-1].home if self.levels else None
        if self._scope is None or self._scope_of is not home:
            self._scope_of = home
            self._scope = self._names(home)
        return self._scope

    def _names(self, home: Level | None) -> Names:
        if home is None:
            return Names({}, self)
        names = Names(home.flow.defaults, self)
        if home.own:
            names.update(home.own)
        if home.flow.lasting:
            self._lasting(home.flow, names)
        return names

    def _lasting(self, flow: Flow, names: Names) -> None:
        """Variables that are kept elsewhere than with the flow."""
        for name in flow.lasting:
            place = self._place(flow.vars[name])
            if name in place:
                names[name] = place[name]

    def _place(self, variable: Variable) -> dict[str, Any]:
        return self.profile if variable.keep == "profile" else self.kept

    @property
    def moment(self) -> Moment:
        """Now, in the endpoint's time zone."""
        if self._moment is None:
            self._moment = moment(self.now, self.config.timezone)
        return self._moment

    @property
    def missed(self) -> int:
        """How many times in a row nobody understood, this time included."""
        return int(self.memory.get("missed", 0))

    def changed(self) -> None:
        """Something that expressions see is not what it was."""
        self._scope = None

    def let(self, name: str, value: Any) -> None:
        """A name that expressions see until the level changes, such as `answer`."""
        self.scope()[name] = value

    @contextmanager
    def naming(self, name: str, value: Any) -> Iterator[None]:
        """A name that expressions see inside, such as the entry of an `each`."""
        scope = self.scope()
        missing = object()
        before = scope.get(name, missing)
        scope[name] = value
        try:
            yield
        finally:
            if before is missing:
                del scope[name]
            else:
                scope[name] = before

    def value(self, name: str) -> Any:
        """A variable of the flow that now runs."""
        return self.scope().get(name)

    def assign(self, name: str, value: Any, at: Place) -> None:
        """Put a value into a variable of the flow, `session.…` or `profile.…`; a wrong type is a `NorenError`."""
        home = self.levels[-1].home
        root, _, rest = name.partition(".")
        variable = None if rest else home.flow.vars.get(root)
        try:
            taken = variable.take(value) if variable else jsonable(value)
        except (ValueError, RecursionError) as error:
            raise NorenError(str(error), at=at) from None
        if rest:
            self._assign_shared(root, rest, taken)
            return
        into = home.own if variable is None or variable.keep == "session" else self._place(variable)
        into[root] = taken
        self.scope()[root] = taken
        if into is self.profile:
            self.changed()

    def _assign_shared(self, root: str, name: str, value: Any) -> None:
        into = self.profile if root == "profile" else dict(self.shelf.get(SHARED, {}))
        into[name] = value
        if root == "session":
            self.shelf[SHARED] = into
        self.changed()

    def unset(self, name: str) -> None:
        """Back to the default."""
        home = self.levels[-1].home
        root, _, rest = name.partition(".")
        if rest:
            into = self.profile if root == "profile" else dict(self.shelf.get(SHARED, {}))
            into.pop(rest, None)
            if root == "session":
                self.shelf[SHARED] = into
        else:
            self._drop_value(home, root)
        self.changed()

    def _drop_value(self, home: Level, name: str) -> None:
        home.own.pop(name, None)
        variable = home.flow.vars.get(name)
        if variable is not None and variable.keep != "session":
            self._place(variable).pop(name, None)

    def forget(self, name: str) -> None:
        """Let no later turn see this variable."""
        self._private.append((self.levels[-1].home, name))

    def forgotten(self) -> None:
        for level, name in self._private:
            self._drop_value(level, name)

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self.language = self.spoken = language
        self.changed()

    # what is said and done

    def out(self, output: Output) -> None:
        if OPEN in output.text:
            output = replace(output, text=bare(output.text))
        if self.memory.get("record") == "off" and not output.private:
            output = replace(output, private=True)
        self.outputs.append(output)

    def note(self, step: Step, **what: Any) -> None:
        """One row of the trace."""
        self.trace.append({**step.row, **what})

    def timer(self, purpose: str, due: int, **data: Any) -> str:
        """An event for this session at `due`; gives its id."""
        event = self.event
        self._drawn += 1
        made = hashlib.sha256(f"{event.id}/{purpose}/{self._drawn}".encode()).hexdigest()[:32]
        self.timers.append(
            Event(
                id=f"timer-{made}",
                session=self.session.key,
                endpoint=self.session.endpoint,
                kind="timer",
                at=self.now,
                due=due,
                chat=self.session.chat,
                user=event.user,
                data={"timer": purpose, **data},
            )
        )
        return f"timer-{made}"

    def cancel(self, timer: str) -> None:
        """Not wanted any more; one that this very turn set is never set."""
        kept = [one for one in self.timers if one.id != timer]
        if len(kept) == len(self.timers) and timer != self.event.id:
            self.cancelled.append(timer)
        self.timers = kept

    def key(self, step: Step) -> str:
        """An idempotency key for an effect: the same whenever this turn is worked again."""
        self._drawn += 1
        return f"{self.event.id}:{step.flow}.{step.path}:{self._drawn}"

    # taps

    def remember_tap(self) -> None:
        """The event was a tap that answered a question: the same tap once more means nothing."""
        if (tap := self._tap()) is not None:
            self.memory["tap"] = [*tap, self.event.at]

    def remember_answer(self, step: Step) -> None:
        """Which message answered which question, in case it is edited or taken back."""
        message = self.event.data.get("id") if self.event.kind in ("message", "edited") else None
        if message:
            self.memory["answered"] = {"id": str(message), "flow": step.flow, "step": step.path}
        else:
            self.memory.pop("answered", None)

    def tapped_twice(self) -> bool:
        """Whether this is the tap that was taken a moment ago."""
        before: list[Any] | None = self.memory.get("tap")
        return before is not None and before[:2] == self._tap() and self.event.at - before[2] <= DOUBLE_TAP

    def _tap(self) -> list[str] | None:
        values = self.event.data.get("values") or {}
        if self.event.kind != "postback" or "ask" not in values:
            return None
        return [str(values["ask"]), str(values.get("answer", ""))]

    # counters and chance

    def tally(self, kind: str, name: str, *, forever: bool = False) -> int:
        """How often this was counted before; counts once more. `forever` counts per user, not per session."""
        into = self.kept if forever else self.memory
        place = f"*{kind}" if forever else kind
        counts = dict(into.get(place, {}))
        before = int(counts.get(name, 0))
        counts[name] = before + 1
        into[place] = counts
        return before

    def lapsed(self, name: str, span: int, *, forever: bool = False) -> bool:
        """Whether this was not done within the time; if so, it is done now."""
        into = self.kept if forever else self.memory
        times = dict(into.get("*since", {}))
        if name in times and self.now - int(times[name]) < span:
            return False
        times[name] = self.now
        into["*since"] = times
        return True

    def draw(self, count: int) -> int:
        """A number below `count`, by chance; the same whenever this turn is worked again."""
        self._drawn += 1
        made = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return int.from_bytes(made[:8], "big") % count
