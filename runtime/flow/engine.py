"""One event through the flows: a generator that asks for effects and gives the whole turn.

    walk = play(book, session, event, config, now)
    call = next(walk)                    # perform it …
    call = walk.send(result)             # … and hand the result back, until StopIteration brings the Turn

Nothing here waits, reads or looks at a clock; chance comes from the event's id. The same event on the same
session gives the same turn, effects included, however often it is worked.

Who takes an event: `anytime` of the flow that runs and of those that called it, then the question that waits, then
`start` of all flows, then the question's second try, then the fallback of the flow, then that of the default flow.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

from runtime.errors import NorenError, StepFailed
from runtime.flow import levels as lv
from runtime.flow.arrivals import arrived
from runtime.flow.corrections import corrected, unsent
from runtime.flow.levels import Level
from runtime.flow.live import KEY
from runtime.flow.moving import move
from runtime.flow.state import Endless, State
from runtime.flow.tree import Flows, Step
from runtime.flow.triggers import Hit
from runtime.flow.versions import Book
from runtime.model import Call, Event, Output, Result, Session, Turn
from runtime.settings import EndpointSettings

TALK = frozenset({"message", "postback"})
PRESENT = TALK | {"follow"}
"""Events of somebody who is there: what was asked of them is asked again when something came between."""
TIMERS = frozenset({"expire", "silent", "delay"})
"""What a timer of a flow may be for; any other is an event like those of LINE."""

SILENT = frozenset({"delivery", "unsend", "timer", "unknown", "bot_suspended", "bot_resumed", "notify"})
"""Events that say nothing about whether somebody is still there."""


def play(
    flows: Flows | Book, session: Session, event: Event, config: EndpointSettings, now: int, *, seed: int | None = None
) -> Generator[Call, Result, Turn]:
    """Work one event. Raises `NorenError` that names file and line when a step fails and no flow minds."""
    if event.standby:
        return Turn(event=event, session=session, trace=({"note": "standby: somebody else speaks"},))
    current = flows.current if isinstance(flows, Book) else flows
    versions = flows.versions if isinstance(flows, Book) else {}
    if config.reload == "move":
        session, _ = move(session, versions, current)
    state = State(current, session, event, config, now, seed=seed, versions=versions)
    if event.kind == "timer" and event.data.get("timer") in TIMERS:
        yield from ring(state)
    else:
        yield from hear(state)
    watch_expiry(state)
    return state.turn()


def hear(state: State) -> Generator[Call, Result, None]:
    """An event that is no timer."""
    event, config = state.event, state.config
    if event.kind == "unsend":
        state.erased = (str(event.data.get("id", "")),)
    if event.chat.kind in ("group", "room") and config.groups == "off":
        state.trace.append({"note": "groups are off"})
        return
    if event.kind not in SILENT:
        if expired(state, event.at):
            state.trace.append({"note": "the session had expired"})
            state.restart()
        state.seen = max(state.seen, event.at)
    waits = state.waits_at
    told = yield from hear_late(state)
    if told and state.waits_at not in (None, waits):
        return  # a trigger has asked something; these words came before it did
    if mended(state) or arrived(state) or route(state, told):
        yield from walk(state)
    elif event.kind not in SILENT:
        state.trace.append({"note": f"nothing answers this {event.kind}"})
    if event.kind == "handover" and "result" in event.data and not any(map(waits_for_people, state.levels)):
        people_said(state, event.data)


def hear_late(state: State) -> Generator[Call, Result, bool]:
    """What people left behind, for triggers, when no step waits for it (any more): it comes before the user's next
    words, which make its answer free. Whether a trigger has heard it."""
    event, told = state.event, state.memory.get("handover")
    if (
        not isinstance(told, Mapping)
        or event.kind not in TALK
        or any(waits_for_people(level) for level in state.levels)
    ):
        return False
    people_said(state, told)
    state.event = replace(event, kind="handover", text="", data=told)
    state.changed()
    heard = anytime(state) or started(state)
    if heard:
        yield from walk(state)
    else:
        state.trace.append({"note": f"no trigger hears that people are done: {told.get('status')}"})
    state.event = event
    state.changed()
    return heard


def waits_for_people(level: Level) -> bool:
    return level.at is not None and level.at.VERB == "handover"


def people_said(state: State, told: Mapping[str, Any]) -> None:
    """The end of a handover is known from now on, and is not told once more."""
    state.memory.pop("handover", None)
    state.memory["handover_result"] = dict(told)


def mended(state: State) -> bool:
    """Whether the event changed or took back an earlier answer, and the question saw to it."""
    kind = state.event.kind
    if kind not in ("edited", "unsend"):
        return False
    return corrected(state) if kind == "edited" else unsent(state)


def expired(state: State, at: int) -> bool:
    limit = state.config.session.expire
    if state.memory.pop("stale", None):  # it had expired when people took the chat over
        return True
    return bool(limit and state.seen and at - state.seen > limit)


def route(state: State, told: bool = False) -> bool:
    """Find who takes the event; the walk begins where this leads. `told`: something was answered to it already, so
    that not to understand it is no reason to say so."""
    waiting = state.waits_at
    if state.tapped_twice() and not (waiting and state.event.data["values"]["ask"] == waiting.name):
        state.trace.append({"note": "the same tap again"})
        return True
    if not addressed(state):
        return waiting is not None and waiting.resume(state)
    if anytime(state) or (waiting is not None and waiting.resume(state)) or started(state):
        state.memory.pop("missed", None)
        return True
    if told or state.event.kind not in TALK or "menu" in state.event.data:
        return False  # somebody who only turned to another tab of the rich menu has said nothing
    return (waiting is not None and waiting.refuse(state)) or missed(state)


def addressed(state: State) -> bool:
    """Whether the bot is meant: in groups, with `mention`, only what names it."""
    event = state.event
    if state.config.groups != "mention" or event.chat.kind not in ("group", "room") or event.kind != "message":
        return True
    mention = event.data.get("mention")
    return bool(mention and mention.get("self"))


def anytime(state: State) -> bool:
    """`anytime` of the flow that runs, then of the flows that called it."""
    if not state.levels:
        return False
    running = lv.threads(state.levels)[-1]
    homes = list(dict.fromkeys(level.home for level in reversed(running)))
    for home in homes:
        hit = home.flow.anytime.first(state)
        if hit is not None:
            interrupt(state, hit, home)
            return True
    return False


def interrupt(state: State, hit: Hit, home: Level) -> None:
    """An `anytime` of this level's flow fires."""
    trigger = hit.trigger
    state.trace.append(trigger.row)
    if trigger.goto is not None:
        state.unwind(home)
        state.jump(trigger.goto)
    elif trigger.do is not None:
        state.aside(trigger.do, again=state.event.kind in PRESENT, of=home)


def started(state: State) -> bool:
    """`start` of the flows."""
    hit = state.flows.start.best(state)
    if hit is not None:
        begin(state, hit)
    return hit is not None


def begin(state: State, hit: Hit) -> None:
    """A `start` fires: its flow begins, at its first step or where the trigger says."""
    trigger = hit.trigger
    state.trace.append(trigger.row)
    flow = state.flows.flows[trigger.flow]
    step = flow.first
    if trigger.do is not None:
        step = trigger.do.steps[0] if trigger.do.steps else None
    elif trigger.goto is not None:
        step = flow.find(trigger.goto.name)
        if step is None and (found := state.flows.find(trigger.goto.name)):
            flow, step = found
    state.over(flow, step, again=state.event.kind in PRESENT)


def missed(state: State) -> bool:
    """Nobody understood, once more in a row."""
    state.memory["missed"] = state.missed + 1
    return fallback(state)


def fallback(state: State) -> bool:
    """What the flow, else the endpoint, else the default flow says to what nobody understood."""
    home = state.level.home if state.levels else None
    if home is not None and home.flow.fallback is not None:
        state.aside(home.flow.fallback, again=True)
        return True
    if ladder := state.config.fallback:
        state.out(Output(kind="text", text=phrase(state, ladder[min(state.missed, len(ladder)) - 1])))
        waiting = state.waits_at
        if waiting is not None and waiting.asks:
            state.ask_again()
        return True
    default = state.flows.flows.get(state.flows.default)
    if default is None or default.fallback is None or not default.fallback.steps:
        return False
    state.beside(default, default.fallback.steps[0])
    return True


def walk(state: State) -> Generator[Call, Result, None]:
    """Step by step, until the conversation waits or is over."""
    while True:
        if state.thought is not None:
            rethink(state)
        while state.step is None and not state.stopped:
            state.finished()
        step = state.step
        if step is None:
            return
        state.count(step)
        back, judging = state.coming_back, state.judging
        state.coming_back = state.judging = False
        state.step = state.level.flow.next.get(step.path)
        state.trace.append(step.row)
        try:
            if judging:
                effects = step.judge(state)
            elif back:
                effects = step.again(state)
            elif step.if_ is not None and not step.if_.value(state.scope()):
                state.trace[-1] = {**step.row, "skipped": "if"}
                continue
            else:
                effects = step.run(state)
            if effects is not None:
                yield from effects
        except Exception as error:  # whatever it is, the designer is told the place and the user hears something
            failed(state, step, error)


def rethink(state: State) -> None:
    """A `think`: find who takes the text."""
    text, state.thought = state.thought or "", None
    event = state.happened
    state.event = replace(event, kind="message", text=text, data={"type": "text"})
    state.changed()
    state.trace.append({"think": True})
    if not route(state):
        state.trace.append({"note": "nothing answers this thought"})


def failed(state: State, step: Step, error: Exception) -> None:
    """Go on with the step's `error` branch, else with the `trouble` of its flow or of a caller, else give up."""
    known = error if isinstance(error, NorenError) else NorenError(f"{type(error).__name__} in `{step.VERB}`")
    state.note(step, error=known.message)
    state.fail({**state.details, "message": known.message})
    if step.error is not None and not isinstance(error, Endless):
        state.enter(step.error)
        return
    home = None if state.failing else state.troubled()
    if home is None:
        message = f"{known.message} (in {step.name})"
        raise StepFailed(message, at=known.at or step.at, trace=state.trace) from error
    state.failing = True
    state.unwind(home)
    state.enter(home.flow.trouble)


def ring(state: State) -> Generator[Call, Result, None]:
    """A timer has run out."""
    purpose = str(state.event.data.get("timer", ""))
    if purpose == "expire":
        yield from expire(state)
        return
    level = next((one for one in reversed(state.levels) if one.data.get(purpose) == state.event.id), None)
    step = level.at if level else None
    if level is None or step is None:
        state.trace.append({"note": f"nothing waits for this {purpose} timer any more"})
        return
    state.seen = max(state.seen, state.event.due)
    state.lift(level)
    state.trace.append({**step.row, "timer": purpose})
    step.due(state, purpose)
    yield from walk(state)


def watch_expiry(state: State) -> None:
    """Keep a timer for the end of the session, when something is to be said or done then."""
    session = state.config.session
    if not session.expire or not (session.expired_say or session.expired_hook):
        return
    if state.memory.get("expire") or not (state.levels or state.shelf):
        return
    state.memory["expire"] = state.timer("expire", state.seen + session.expire + 1)


def expire(state: State) -> Generator[Call, Result, None]:
    """The session may be over: say goodbye, call the hook, start afresh. Later, when somebody has spoken since."""
    if state.memory.get("expire") != state.event.id:
        return
    del state.memory["expire"]
    settings = state.config.session
    if not expired(state, state.now) or not (state.levels or state.shelf):
        return
    if settings.expired_hook:
        args = {"function": settings.expired_hook, "args": {"vars": dict(state.session.vars)}}
        result = yield Call(action="call", args=args, key=f"{state.event.id}:expired")
        state.trace.append({"call": settings.expired_hook, "error": result.error})
    if text := phrase(state, settings.expired_say):
        state.out(Output(kind="text", text=text))
    state.restart()


def phrase(state: State, text: str) -> str:
    """A text of the settings, `$key` looked up."""
    found = KEY.fullmatch(text)
    if not found:
        return text
    variants = state.flows.texts.get(found[1], state.language)
    return variants[0].render(state.scope()) if variants else ""
