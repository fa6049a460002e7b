"""A turn while it is being worked out: where the conversation is, and every way it can move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.errors import NorenError
from runtime.flow import levels as lv
from runtime.flow.levels import Level
from runtime.flow.names import Names
from runtime.flow.scene import Scene
from runtime.flow.tree import Block, Flow, Flows, Step, Target
from runtime.model import Data, Event, Session, Turn
from runtime.settings import EndpointSettings

STEPS_PER_TURN = 1_000
THOUGHTS = 5
"""How often a turn may begin again with a `think`."""
NAMED = 12
"""How many steps of an endless loop its error names."""


class Endless(NorenError):
    """A flow goes round and round without ever waiting for the user."""


class State(Scene):
    """`step` is what comes next; the walk is over when there is none and `stopped` is true."""

    def __init__(
        self,
        flows: Flows,
        session: Session,
        event: Event,
        config: EndpointSettings,
        now: int,
        *,
        seed: int | None = None,
        versions: Mapping[str, Flows] | None = None,
    ) -> None:
        Scene.__init__(self, flows, session, event, config, now, seed)
        self.levels, lost = lv.restore(session, flows, versions or {})
        self.trace += lost
        self._unshelve()
        self.step: Step | None = None
        self.coming_back = False
        self.judging = False
        self.candidate: Any = None
        self.objection: Block | None = None
        self.landed: Step | None = None
        self.stopped = True
        self.failing = False
        self.thought: str | None = None
        self.details: Data = {}
        self.erased: tuple[str, ...] = ()
        self.happened, self.thoughts = event, 0
        self.private = session.memory.get("record") == "off"
        self.started, self.seen = session.started or event.at, session.seen
        self._count = 0
        self._trail: list[str] = []

    def _unshelve(self) -> None:
        """The variables of the flow that runs are its level's; see `_vars`."""
        if self.levels and self.session.cursor is not None:
            name = self.levels[-1].flow.name
            self.shelf.pop(name, None)
            if (outer := self.shelf.pop(f"{name}*", None)) is not None:
                self.shelf[name] = outer

    @property
    def level(self) -> Level:
        return self.levels[-1]

    @property
    def waits_at(self) -> Step | None:
        """The step that the conversation waits at, between two turns."""
        return self.levels[-1].at if self.levels else None

    def count(self, step: Step) -> None:
        """One more step; an endless loop ends here with the names of its steps."""
        self._count += 1
        if self._count > STEPS_PER_TURN - NAMED:
            self._trail.append(f"{step.name} (line {step.at.line})")
        if self._count > STEPS_PER_TURN:
            loop = " → ".join(dict.fromkeys(self._trail))
            raise Endless(
                f"{STEPS_PER_TURN:,} steps in one turn without waiting for the user: {loop}; "
                "let the loop pass an ask, wait, delay or stop",
                at=step.at,
            )

    # moves inside a flow

    def enter(self, block: Block | None) -> None:
        """Go on with a block's first step; an empty block is passed by."""
        if block is not None and block.steps:
            self.step = block.steps[0]

    def jump(self, target: Target) -> None:
        """Go to a step, a section or another flow. Asides end, and the place they interrupted is left."""
        home = self.level.home
        step = home.flow.find(target.name)
        if step is not None:
            self._collapse(home)
            self.step = self.landed = step
            return
        found = home.flows.find(target.name)
        if found is None:
            raise NorenError(f"there is no step, section or flow `{target.name}`", at=target.at)
        flow, self.landed = found
        self._end_thread()
        self._begin(home.flows, flow, self.landed)

    def settle(self, block: Block) -> None:
        """Go on with a block of the step that waits, leaving its question."""
        self._collapse(self.level.home)
        self.stopped = False
        self.step = block.steps[0] if block.steps else self.after()

    def after(self) -> Step | None:
        """What follows the step that this level is at."""
        return self.level.flow.next.get(self.level.step)

    def go_on(self) -> None:
        """The step that waited is done."""
        self._leave(self.level)
        self.stopped = False
        self.step = self.after()

    def ask_again(self) -> None:
        """The step that waits says its question once more."""
        self.stopped, self.step, self.coming_back = False, self.level.at, True

    def judge(self, answer: Any) -> None:
        """The step that waits has its answer looked at by somebody outside."""
        self.stopped, self.step, self.judging, self.candidate = False, self.level.at, True, answer

    def think(self, text: str, step: Step) -> None:
        """This conversation is over; what comes next takes the text as if the user had written it."""
        self.thoughts += 1
        if self.thoughts > THOUGHTS:
            raise Endless(f"`think` {self.thoughts} times in one turn, without waiting for the user", at=step.at)
        self._end_thread()
        self.stopped, self.step, self.thought = True, None, text

    def stay(self) -> None:
        """Go on waiting where the session waits."""
        self.stopped, self.step = True, None
        if (step := self.level.at) is not None:
            step.rest(self)

    def wait(self, step: Step, data: dict[str, Any] | None = None) -> None:
        """The turn ends; the session waits at this step."""
        level = self.level
        level.step, level.since, level.data = step.path, self.now, data or {}
        self.stopped, self.step = True, None

    # moves between flows

    def call(self, flow: Flow, given: Mapping[str, Any], take: Mapping[str, str], step: Step) -> None:
        """Run a sub-flow with variables of its own; `take` brings some back: own name → the sub-flow's."""
        if sum(level.mode == lv.RUN for level in self.levels) >= lv.RUNS:
            raise NorenError(f"sub-flows lie more than {lv.RUNS} deep; does `{flow.name}` run itself?", at=step.at)
        caller = self.level
        caller.step, caller.take, caller.since = step.path, dict(take), self.now
        self.levels.append(Level(caller.flows, flow, lv.RUN))
        try:
            for name, value in given.items():
                self.assign(name, value, step.at)
        except NorenError:
            self.levels.pop()
            raise
        self.step = flow.first

    def aside(self, block: Block, *, again: bool, of: Level | None = None) -> None:
        """Run a block on top of what waits, then wait there again; with `again`, ask once more."""
        home = (of or self.level).home
        self._rest(again)
        self.levels.append(Level(home.flows, home.flow, lv.ASIDE, shares=home))
        self.stopped = False
        self.step = block.steps[0] if block.steps else None

    def over(self, flow: Flow, step: Step | None, *, again: bool) -> None:
        """A trigger starts a flow. What was asked is asked again afterwards; what only rested is left."""
        kept: list[Level] = []
        for thread in lv.threads(self.levels):
            at = thread[-1].at
            if thread[-1].parked or (at is not None and at.asks and thread[0].flow is not flow):
                kept += thread
            else:
                self._drop_all(thread)
        self.levels = kept
        if self.levels:
            self._rest(again)
        self._begin(self.flows, flow, step)

    def beside(self, flow: Flow, step: Step) -> None:
        """Steps of another flow answer; then what waits goes on waiting."""
        if self.levels:
            self._rest(again=True)
        self._begin(self.flows, flow, step)

    def _begin(self, flows: Flows, flow: Flow, step: Step | None) -> None:
        if len(self.levels) >= lv.LEVELS:
            oldest = lv.threads(self.levels)[0]
            self._drop_all(oldest)
            self.levels = self.levels[len(oldest) :]
            self.trace.append({"lost": oldest[0].flow.name, "why": f"more than {lv.LEVELS} conversations wait"})
        self.levels.append(Level(flows, flow, own=dict(self._variables(flow))))
        self.stopped = False
        self.step = step

    def _variables(self, flow: Flow) -> Mapping[str, Any]:
        """What a flow's variables hold in this session: one that waits below knows them best."""
        for level in reversed(self.levels):
            if level.flow.name == flow.name and level.mode == lv.OVER:
                return level.own
        found: Mapping[str, Any] = self.shelf.get(flow.name, {})
        return found

    def finished(self) -> None:
        """The topmost level has no step left: what lies below goes on."""
        done = self.levels.pop()
        self._drop(done)
        if not self.levels:
            self.stopped = True
            return
        if done.mode == lv.RUN:
            below = self.level
            self.step = below.flow.next.get(below.step)
            self._take(below, done)
        else:
            self._resume()

    def _resume(self) -> None:
        """What was interrupted goes on waiting, and asks again where that is due."""
        below = self.level
        if below.again:
            self.step, self.coming_back, below.again = below.at, True, False
        else:
            self.stopped = True
            if (step := below.at) is not None:
                step.rest(self)

    def _take(self, below: Level, done: Level) -> None:
        take, below.take = below.take, {}
        for mine, theirs in take.items():
            variable = done.flow.vars.get(theirs)
            source = done.own if variable is None or variable.keep == "session" else self._place(variable)
            self.assign(mine, source.get(theirs, done.flow.defaults.get(theirs)), below.flow.at)

    def end(self) -> None:
        """This conversation is over, callers and asides included; what it interrupted goes on."""
        self._end_thread()
        self.stopped, self.step = not self.levels, None
        if self.levels:
            self._resume()

    def restart(self) -> None:
        """The session begins anew: variables and counters go, `keep: forever` and what is parked stay."""
        kept = lv.parked(self.levels)
        self._drop_all([level for level in self.levels if level not in kept])
        self.levels = kept
        self.empty()
        self.started = self.event.at
        self.changed()

    def lift(self, level: Level) -> None:
        """Bring the conversation of a level to the top; the asides above the level end."""
        groups = lv.threads(self.levels)
        thread = next(group for group in groups if level in group)
        keep = thread.index(level) + 1
        self._drop_all(thread[keep:])
        if thread is not groups[-1]:
            self._rest(True)
        self.levels = [one for group in groups if group is not thread for one in group] + thread[:keep]

    def _collapse(self, home: Level) -> None:
        while self.level is not home:
            self._drop(self.levels.pop())
        self._leave(home)

    def _end_thread(self) -> None:
        running = lv.threads(self.levels)[-1] if self.levels else []
        self._drop_all(running)
        self.levels = self.levels[: len(self.levels) - len(running)]

    def _drop_all(self, levels: list[Level]) -> None:
        for level in reversed(levels):
            self._drop(level)

    def _drop(self, level: Level) -> None:
        """A level is gone: its flow's variables stay for the session, its timers do not."""
        self._leave(level)
        if level.mode == lv.OVER:
            self.shelf[level.flow.name] = level.own

    def _leave(self, level: Level) -> None:
        for name in ("silent", "delay"):
            if (timer := level.data.get(name)) is not None:
                self.cancel(timer)
        level.data = {}

    def _rest(self, again: bool) -> None:
        """The topmost level waits below another one; nobody watches for silence there."""
        self.level.again = again
        if (timer := self.level.data.pop("silent", None)) is not None:
            self.cancel(timer)

    def leave(self) -> None:
        """This flow is done: back to the one that ran it, or to what it interrupted."""
        self._collapse(self.level.home)
        self.step = None

    def forget_session(self) -> None:
        """Only what runs here goes on: nothing else waits, no variable of the session is left."""
        running = lv.threads(self.levels)[-1]
        self._drop_all(self.levels[: len(self.levels) - len(running)])
        self.levels = running
        for level in running:
            level.own.clear()
        self.empty()
        self.changed()

    def fail(self, error: Data) -> None:
        """What an `error` branch knows of what went wrong."""
        self.failure, self.details = {"message": "", **error}, {}
        self.changed()

    def troubled(self) -> Level | None:
        """The level whose flow says what to do about trouble: the one that runs, or one that called it."""
        running = lv.threads(self.levels)[-1] if self.levels else []
        return next((level.home for level in reversed(running) if level.home.flow.trouble is not None), None)

    def unwind(self, home: Level) -> None:
        """Leave everything above a level of the conversation that runs."""
        self._collapse(home)
        self.stopped, self.step = False, None

    def glimpse(self, flow: str) -> Mapping[str, Any]:
        """What expressions of a flow see that does not run."""
        if self.levels and self.level.home.flow.name == flow:
            return self.scope()
        found = self.flows.flows.get(flow)
        if found is None:
            return self.scope()
        names = Names({**found.defaults, **self._variables(found)}, self)
        self._lasting(found, names)
        return names

    # the end of the turn

    def turn(self) -> Turn:
        """Everything this turn has changed."""
        self.forgotten()
        before = self.session
        session = Session(  # written out: `replace` costs as much as the rest of a small turn
            key=before.key,
            endpoint=before.endpoint,
            chat=before.chat,
            contact=before.contact,
            language=self.spoken,
            control=before.control,
            case=before.case,
            cursor=lv.cursor(self.levels),
            stack=lv.frames(self.levels),
            vars=self._vars(),
            kept=self.kept,
            profile=self.profile,
            storage=before.storage,
            memory=self.memory,
            started=self.started,
            seen=self.seen,
            version=before.version,
        )
        return Turn(
            event=self.happened,
            session=session,
            outputs=tuple(self.outputs),
            timers=tuple(self.timers),
            cancel=tuple(self.cancelled),
            sent_on=tuple(self.sent_on),
            handover=tuple(self.handover),
            erase=self.erased,
            private=self.private,
            trace=tuple(self.trace),
            now=self.now,
        )

    def _vars(self) -> dict[str, Any]:
        """By flow; where the flow that now runs is a sub-flow, an outer one of its name lies under `name*`."""
        held = {name: values for name, values in self.shelf.items() if values}
        if self.levels:
            top = self.level
            name = top.flow.name
            if top.mode == lv.RUN and name in held:
                held[f"{name}*"] = held.pop(name)
            held[name] = top.vars
        return held
