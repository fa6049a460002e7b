"""What a conversation will cost and hide: messages in a turn, pushes that LINE bills, quick replies that vanish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.flow import reach
from runtime.flow.judging import Severity, View, finding
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.say import Saying
from runtime.flow.steps.sending import Notify
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


Told = tuple[str, Finding]
"""The key of a step and what there is to say of it: once, whoever comes to it first."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the turns of one flow show, also of steps of others that they go on to.

    In pairs: turns that something from outside begins, turns that a step of the flow begins.
    """

    many: tuple[tuple[Told, ...], tuple[Told, ...]]
    billed: tuple[tuple[Told, ...], tuple[Told, ...]]
    own: tuple[Finding, ...]


def judge(view: View) -> Talk:
    weights: dict[str, int] = {}
    steps = view.flow.nodes.values()
    later = (key for name, step in view.own.steps.items() if step.waits for key in view.own.after[name])
    return Talk(
        many=(tuple(_many(view, view.own.entrances, weights)), tuple(_many(view, later, weights))),
        billed=(tuple(_billed(view, _by_event(view))), tuple(_billed(view, _by_silence(view)))),
        own=(*_unasked(view, steps), *_hidden(view, steps)),
    )


def together(talks: Sequence[Talk]) -> Iterator[Finding]:
    """The findings of all flows; of several about one step the first."""
    for talk in talks:
        yield from talk.own
    yield from _once(told for part in (0, 1) for talk in talks for told in talk.many[part])
    yield from _once(told for part in (1, 0) for talk in talks for told in talk.billed[part])


def _once(all_told: Iterable[Told]) -> Iterator[Finding]:
    told: set[str] = set()
    for key, made in all_told:
        if key not in told:
            told.add(key)
            yield made


def messages(step: Step) -> int:
    """How many messages a step says when it is reached."""
    return len(step.said) if isinstance(step, Ask) else int(isinstance(step, Saying))


def _many(view: View, starts: Iterable[str], weights: dict[str, int]) -> Iterator[Told]:
    """Turns that say more than one reply can carry."""
    told: set[str] = set()
    for start in starts:
        if _weigh(view, start, weights) <= REPLY:
            continue
        beyond = _beyond(view, start, weights)
        if beyond is None or beyond in told:
            continue
        told.add(beyond)
        step, first = view.step(beyond), view.step(start)
        yield (
            beyond,
            finding(
                "many-messages",
                step.at,
                f"this is message {REPLY + 1} of a turn; a free reply carries {REPLY}, the rest is pushed and billed",
                why=f"the turn begins with {first.name} at {first.at} and may say {weights[start]} messages",
                fix="join some of the texts, or wait for the user in between",
                path=step.path,
            ),
        )


def _weigh(view: View, root: str, weights: dict[str, int]) -> int:
    """The most messages from a step to the end of its turn; a circle is walked once."""
    if root in weights:
        return weights[root]
    work = [(root, iter(view.ahead(root)))]
    busy = {root}
    while work:
        key, rest = work[-1]
        for one in rest:
            if one not in weights and one not in busy:
                busy.add(one)
                work.append((one, iter(view.ahead(one))))
                break
        else:
            work.pop()
            ahead = max([weights.get(one, 0) for one in view.ahead(key)], default=0)
            weights[key] = messages(view.step(key)) + ahead
    return weights[root]


def _beyond(view: View, start: str, weights: dict[str, int]) -> str | None:
    """The first step on the longest way that a reply does not reach."""
    key: str | None = start
    said, seen = 0, set()
    while key is not None and key not in seen:
        seen.add(key)
        said += messages(view.step(key))
        if said > REPLY:
            return key
        key = max(view.ahead(key), key=lambda one: weights.get(one, 0), default=None)
    return None


BILLED = ("billed-push", "this is reached with no reply token: it is pushed, and LINE bills it", "")
UNSAID = ("nobody-hears", "nobody can hear this", "take it out, or do something that says nothing")
"""Code, words and way out."""
Start = tuple[Iterable[str], str, Severity]
"""Where a turn without a reply token begins, why, and how bad that is."""


def _billed(view: View, starts: Iterable[Start]) -> Iterator[Told]:
    """Messages that go out with no reply token: what follows a pause, a silence, an event that brings none."""
    told: set[str] = set()
    for keys, why, severity in starts:
        for step in _first_said(view, keys):
            key = reach.key(step)
            if key in told:
                continue
            told.add(key)
            code, message, fix = BILLED if severity == "hint" else UNSAID
            yield key, finding(code, step.at, message, severity=severity, why=why, fix=fix, path=step.path)


def _unasked(view: View, steps: Iterable[Step]) -> Iterator[Finding]:
    """Words into a silence, or into another conversation."""
    for step in steps:
        if isinstance(step, Notify):
            message = "what is said in another conversation is pushed, and LINE bills it"
            why = "a reply token belongs to the conversation it came from"
            yield finding("billed-push", step.at, message, severity="hint", why=why, path=step.path)
        if any("say" in rung for rung in _rungs(step)):
            yield finding(
                "billed-push",
                view.place(step, "silent"),
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


def _by_silence(view: View) -> Iterator[Start]:
    """Turns that begin because time has passed."""
    for name, step in view.own.steps.items():
        if isinstance(step, Delay):
            yield view.own.after[name], f"the pause at {step.at} is over long after the user wrote", "hint"
        blocks = (rung[key] for rung in _rungs(step) for key in ("do", "then") if key in rung)
        if starts := [reach.key(block.steps[0]) for block in blocks if block.steps]:
            yield starts, f"the user said nothing after {step.name}", "hint"


def _by_event(view: View) -> Iterator[Start]:
    """Turns that begin with an event which brings no reply token."""
    flow = view.flow
    yield view.own.injected, "an event of another conversation brings no reply token", "hint"
    for trigger, starts in zip((*flow.start, *flow.anytime.triggers), view.own.begun, strict=True):
        events = set(trigger.conditions.get("event", ())) | ({"handover"} & trigger.conditions.keys())
        if lost := sorted(events & UNHEARD):
            yield starts, f"after `{lost[0]}` ({trigger.at}) LINE lets the bot say nothing here", "warning"
        elif bare := sorted(events & TOKENLESS):
            yield starts, f"the event `{bare[0]}` ({trigger.at}) brings no reply token", "hint"


def _first_said(view: View, starts: Iterable[str]) -> list[Step]:
    """The first steps on each way that say something, before the turn ends."""
    todo, seen, said = list(starts), set(), []
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        step = view.step(key)
        if messages(step):
            said.append(step)
        else:
            todo += view.ahead(key)
    return sorted(said, key=lambda step: (step.at.file, step.at.line))


def _hidden(view: View, steps: Iterable[Step]) -> Iterator[Finding]:
    """Quick replies that nobody will see, because something else is said before the user can tap."""
    for step in steps:
        if not isinstance(step, Saying) or not step.quick:
            continue
        cover = _cover(view, step)
        if cover is not None:
            yield finding(
                "hidden-quick",
                view.place(step, "quick"),
                f"nobody sees these quick replies when the message at {_line(cover.at, step.at)} follows",
                why="LINE shows only the quick replies of the newest message",
                fix="put them on the last message before the user's turn",
                path=step.path,
            )


def _line(at: Place, here: Place) -> str:
    return f"line {at.line}" if at.file == here.file else str(at)


def _cover(view: View, step: Step) -> Step | None:
    """The message that hides a step's quick replies: one with its own in the same turn, or any after a pause."""
    todo = [(one, False) for one in view.ahead(reach.key(step))]
    seen: set[tuple[str, bool]] = set()
    while todo:
        key, late = todo.pop()
        one = view.step(key)
        if (key, late) in seen or one is step:
            continue
        seen.add((key, late))
        if messages(one) and (late or _has_quick(one)):
            return one
        after = view.after(key) if isinstance(one, Delay) else view.ahead(key)
        todo += [(each, late or isinstance(one, Delay)) for each in after]
    return None


def _has_quick(step: Step) -> bool:
    if isinstance(step, Ask):
        return bool(step.options or step.picker or (step.said and step.said[-1].quick))
    return isinstance(step, Saying) and bool(step.quick)
