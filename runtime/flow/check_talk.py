"""What a conversation will cost and hide: messages in a turn, pushes that LINE bills, quick replies that vanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from runtime.flow import reach
from runtime.flow.judging import Web, finding
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.say import Saying
from runtime.flow.steps.timing import Delay, Wait
from runtime.flow.tree import Step
from runtime.model import Finding, Place

REPLY = 5
"""Messages one reply can carry: https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""

TOKENLESS = frozenset(
    (
        *("member_left", "unsend", "edited", "timer", "inject", "notify", "handover", "delivery"),
        *("activated", "deactivated", "bot_suspended", "bot_resumed", "module"),
    )
)
"""Events without a reply token: https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects"""

UNHEARD = frozenset(("unfollow", "leave"))
"""Events after which the bot can reach nobody in this chat."""


def judge(web: Web) -> Iterator[Finding]:
    yield from _many(web)
    yield from _billed(web)
    yield from _hidden(web)


def messages(step: Step) -> int:
    """How many messages a step says when it is reached."""
    return len(step.said) if isinstance(step, Ask) else int(isinstance(step, Saying))


def _ahead(web: Web, step: Step) -> list[Step]:
    """What may come after a step in the same turn."""
    return [] if step.waits else web.after[reach.key(step)]


def _many(web: Web) -> Iterator[Finding]:
    """Turns that say more than one reply can carry."""
    weights = _weights(web)
    told: set[str] = set()
    for start in _beginnings(web):
        if weights.get(reach.key(start), 0) <= REPLY:
            continue
        step = _beyond(web, start, weights)
        if step is None or reach.key(step) in told:
            continue
        told.add(reach.key(step))
        yield finding(
            "many-messages",
            step.at,
            f"this is message {REPLY + 1} of a turn; a free reply carries {REPLY}, the rest is pushed and billed",
            why=f"the turn begins with {start.name} at {start.at} and may say {weights[reach.key(start)]} messages",
            fix="join some of the texts, or wait for the user in between",
            path=step.path,
        )


def _beginnings(web: Web) -> Iterator[Step]:
    """Where turns begin: what triggers lead to, and what follows a step that waits."""
    yield from web.entrances
    for name, step in web.steps.items():
        if step.waits:
            yield from web.after[name]


def _weights(web: Web) -> dict[str, int]:
    """The most messages from each step to the end of its turn; a circle is walked once."""
    weights: dict[str, int] = {}
    for root in web.steps.values():
        if reach.key(root) in weights:
            continue
        work = [(root, iter(_ahead(web, root)))]
        busy = {reach.key(root)}
        while work:
            step, rest = work[-1]
            after = next((one for one in rest if reach.key(one) not in weights and reach.key(one) not in busy), None)
            if after is not None:
                busy.add(reach.key(after))
                work.append((after, iter(_ahead(web, after))))
                continue
            work.pop()
            ahead = max((weights.get(reach.key(one), 0) for one in _ahead(web, step)), default=0)
            weights[reach.key(step)] = messages(step) + ahead
    return weights


def _beyond(web: Web, start: Step, weights: dict[str, int]) -> Step | None:
    """The first step on the longest way that a reply does not reach."""
    step: Step | None = start
    said, seen = 0, set()
    while step is not None and reach.key(step) not in seen:
        seen.add(reach.key(step))
        said += messages(step)
        if said > REPLY:
            return step
        step = max(_ahead(web, step), key=lambda one: weights.get(reach.key(one), 0), default=None)
    return None


def _billed(web: Web) -> Iterator[Finding]:
    """Messages that go out with no reply token: what follows a pause, a silence, an event that brings none."""
    told: set[str] = set()
    for starts, why, severity in _tokenless(web):
        for step in _first_said(web, starts):
            if reach.key(step) in told:
                continue
            told.add(reach.key(step))
            if severity == "hint":
                message, fix = "this is reached with no reply token: it is pushed, and LINE bills it", ""
            else:
                message, fix = "nobody can hear this", "take it out, or do something that says nothing"
            code = "billed-push" if severity == "hint" else "nobody-hears"
            made = finding(code, step.at, message, why=why, fix=fix, path=step.path)
            yield made if severity == "warning" else _softer(made)
    for step in web.steps.values():
        if any("say" in rung for rung in _rungs(step)):
            yield finding(
                "billed-push",
                web.place(step, "silent"),
                "this is said without a reply token: it is pushed, and LINE bills it",
                severity="hint",
                why="a user who is silent sends nothing that could be replied to",
                path=step.path,
            )


def _rungs(step: Step) -> Sequence[Mapping[str, Any]]:
    """What a question or a wait does when the user says nothing."""
    if isinstance(step, (Ask, Wait)):
        return step.silent or ()
    return ()


def _softer(made: Finding) -> Finding:
    return finding(made.code, made.at, made.message, severity="hint", why=made.why, fix=made.fix, path=made.path)


def _tokenless(web: Web) -> Iterator[tuple[list[Step], str, str]]:
    """Where turns without a reply token begin, why, and how bad that is."""
    for name, step in web.steps.items():
        if isinstance(step, Delay):
            yield web.after[name], f"the pause at {step.at} is over long after the user wrote", "hint"
        blocks = (rung[key] for rung in _rungs(step) for key in ("do", "then") if key in rung)
        starts = [block.steps[0] for block in blocks if block.steps]
        yield starts, f"the user said nothing after {step.name}", "hint"
    for flow in web.flows.values():
        for trigger in (*flow.start, *flow.anytime.triggers):
            events = set(trigger.conditions.get("event", ()))
            starts = [trigger.do.steps[0]] if trigger.do is not None and trigger.do.steps else []
            if trigger.goto is not None:
                starts = list(reach.landing(trigger.goto.name, flow, web.flows))
            elif trigger.do is None and flow.first is not None:
                starts = [flow.first]
            if lost := sorted(events & UNHEARD):
                yield starts, f"after `{lost[0]}` ({trigger.at}) LINE lets the bot say nothing here", "warning"
            elif bare := sorted(events & TOKENLESS):
                yield starts, f"the event `{bare[0]}` ({trigger.at}) brings no reply token", "hint"


def _first_said(web: Web, starts: Iterable[Step]) -> list[Step]:
    """The first steps on each way that say something, before the turn ends."""
    todo, seen, said = list(starts), set(), []
    while todo:
        step = todo.pop()
        if reach.key(step) in seen:
            continue
        seen.add(reach.key(step))
        if messages(step):
            said.append(step)
        else:
            todo += _ahead(web, step)
    return sorted(said, key=lambda step: (step.at.file, step.at.line))


def _hidden(web: Web) -> Iterator[Finding]:
    """Quick replies that nobody will see, because something else is said before the user can tap."""
    for step in web.steps.values():
        if not isinstance(step, Saying) or not step.quick:
            continue
        cover = _cover(web, step)
        if cover is not None:
            yield finding(
                "hidden-quick",
                web.place(step, "quick"),
                f"nobody sees these quick replies when the message at {_line(cover.at, step.at)} follows",
                why="LINE shows only the quick replies of the newest message",
                fix="put them on the last message before the user's turn",
                path=step.path,
            )


def _line(at: Place, here: Place) -> str:
    return f"line {at.line}" if at.file == here.file else str(at)


def _cover(web: Web, step: Step) -> Step | None:
    """The message that hides a step's quick replies: one with its own in the same turn, or any after a pause."""
    todo = [(one, isinstance(step, Delay)) for one in _ahead(web, step)]
    seen: set[tuple[str, bool]] = set()
    while todo:
        one, late = todo.pop()
        if (reach.key(one), late) in seen or one is step:
            continue
        seen.add((reach.key(one), late))
        if messages(one) and (late or _has_quick(one)):
            return one
        after = web.after[reach.key(one)] if isinstance(one, Delay) else _ahead(web, one)
        todo += [(each, late or isinstance(one, Delay)) for each in after]
    return None


def _has_quick(step: Step) -> bool:
    if isinstance(step, Ask):
        return bool(step.options or step.picker or (step.said and step.said[-1].quick))
    return isinstance(step, Saying) and bool(step.quick)
