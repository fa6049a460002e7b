"""Triggers that can never fire: beaten by an earlier one, or asking for what never happens together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from runtime.flow.expr import Expression
from runtime.flow.judging import View, constant, finding
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.timing import Wait
from runtime.flow.triggers import Trigger
from runtime.model import Finding
from runtime.text import fold

KINDS: Mapping[str, str] = {
    "keyword": "message",
    "regex": "message",
    "message": "message",
    "mention": "message",
    "postback": "postback",
    "handover": "handover",
}
"""Condition → the kind of event it asks for."""


Sign = tuple[str, str]
Signed = tuple[Trigger, tuple[Sign, ...]]
"""A trigger and what an equal one would look like."""


def judge(view: View, languages: Sequence[str]) -> Iterator[Finding]:
    """What a flow's file alone shows."""
    flow = view.flow
    yield from beaten(signed(flow.anytime.triggers), {})
    for triggers in (flow.start, flow.anytime.triggers):
        yield from _covered(triggers)
        for trigger in triggers:
            yield from _impossible(trigger, languages)
    for step in flow.nodes.values():
        if isinstance(step, Wait) and step.value is not None:
            for trigger in step.value.triggers:
                yield from _impossible(trigger, languages)
        elif isinstance(step, Ask):
            yield from _shadowed(step, view)


def signed(triggers: Sequence[Trigger]) -> tuple[Signed, ...]:
    """The triggers that ask for one thing alone."""
    return tuple((trigger, tuple(_signs(trigger))) for trigger in triggers if len(trigger.conditions) == 1)


def _dead(trigger: Trigger, message: str, why: str, fix: str) -> Finding:
    return finding("dead-trigger", trigger.at, message, why=why, fix=fix, path=trigger.path)


def beaten(triggers: Iterable[Signed], taken: dict[Sign, Trigger]) -> Iterator[Finding]:
    """Triggers that an equal one before them leaves nothing to do; `taken` are those before."""
    for trigger, signs in triggers:
        lost = [sign for sign in signs if taken.setdefault(sign, trigger) is not trigger]
        for kind, word in lost:
            first = taken[kind, word]
            everything = len(lost) == len(signs)
            yield _dead(
                trigger,
                f"the {kind} `{word}` leads to {first.flow} already, by {first.at}",
                "this trigger can never fire" if everything else "the earlier of equals wins",
                "remove one of them",
            )


def _signs(trigger: Trigger) -> Iterator[Sign]:
    for kind, wanted in trigger.conditions.items():
        if kind == "keyword":
            yield from ((kind, sign) for sign in dict.fromkeys(_keyword(word) for word in wanted))
        elif kind == "postback":
            yield kind, wanted if isinstance(wanted, str) else "&".join(f"{k}={v}" for k, v in sorted(wanted.items()))
        elif kind in ("event", "message", "handover"):
            yield from ((kind, word) for word in wanted)


def _keyword(word: str) -> str:
    """Keywords that fit the same texts look the same."""
    bare = word.strip("*")
    if not bare:
        return "*"
    return f"{'*' if word.startswith('*') else ''}{fold(bare)}{'*' if word.endswith('*') else ''}"


def _covered(triggers: Sequence[Trigger]) -> Iterator[Finding]:
    """Keywords behind an open one (`book*`, `*`) of the same flow that takes all they could take."""
    open_ones: list[tuple[str, Trigger]] = []
    for trigger in triggers:
        words = [_keyword(word) for word in trigger.conditions.get("keyword", ())]
        for word in words:
            wider = next((wide for wide in open_ones if _covers(wide[0], word)), None)
            if wider is not None and wider[1] is not trigger:
                yield _dead(
                    trigger,
                    f"the keyword `{word}` is taken by `{wider[0]}` at {wider[1].at}",
                    "inside a flow the first trigger that fits wins",
                    "put the narrower keyword first",
                )
        if len(trigger.conditions) == 1:
            open_ones += [(word, trigger) for word in words if word.endswith("*")]


def _covers(wide: str, word: str) -> bool:
    bare = word.strip("*")
    if wide == word or (word.startswith("*") and not wide.startswith("*")):
        return False
    return wide.strip("*") in bare if wide.startswith("*") else bare.startswith(wide.strip("*"))


def _impossible(trigger: Trigger, languages: Sequence[str]) -> Iterator[Finding]:
    asked = trigger.conditions
    kinds = {KINDS[name]: name for name in asked if name in KINDS}
    events = set(asked.get("event", ()))
    clash = " and ".join(f"`{name}`" for name in kinds.values())
    if events and kinds and not events & kinds.keys():
        clash = f"`event: {sorted(events)[0]}` and `{next(iter(kinds.values()))}`"
    if len(kinds) > 1 or (events and kinds and not events & kinds.keys()):
        fix = "make two triggers of it: begin the second one with `- `"
        yield _dead(trigger, f"{clash} never come together", "all conditions of a trigger must hold at once", fix)
    words = [word for word in asked.get("keyword", ()) if not fold(word.strip("*")) and word.strip() != "*"]
    if words:
        yield _dead(trigger, "a keyword is empty", "no message fits it", "write a word, or * for any text")
    kin = {language.lower().split("-")[0] for language in languages}
    foreign = [one for one in asked.get("language", ()) if one.lower().split("-")[0] not in kin]
    if foreign and len(foreign) == len(asked["language"]):
        message = f"the endpoint does not speak {foreign[0]}"
        yield _dead(trigger, message, "a user's language is one of the endpoint's", f"known: {', '.join(languages)}")
    when = asked.get("when")
    fixed = constant(when)
    if isinstance(when, Expression) and fixed is not None and not fixed[0]:
        yield _dead(trigger, "its condition is never true", "it asks nothing that can change", "remove the trigger")


def _shadowed(step: Ask, view: View) -> Iterator[Finding]:
    """Answers on offer that an `anytime` keyword takes before the question sees them."""
    offered = {fold(word): word for word in _offers(step)}
    for trigger in view.flow.anytime.triggers if offered else ():
        if len(trigger.conditions) != 1:
            continue
        for word in trigger.conditions.get("keyword", ()):
            if fold(word) in offered:
                yield finding(
                    "shadowed-answer",
                    view.place(step, "options") if step.options else view.place(step, "quick"),
                    f"the answer `{offered[fold(word)]}` never reaches this question: `anytime` takes it first",
                    why=f"the keyword `{word}` at {trigger.at} wins over every question of this flow",
                    fix="give the answer or the keyword another word",
                    path=step.path,
                )


def _offers(step: Ask) -> Iterator[str]:
    """Words that a tap on an offered answer sends as a text, as far as they are written out."""
    for button in step.said[-1].quick if step.said else ():
        text = button.parts.get("text")
        template = getattr(text, "template", None)
        if template is not None and template.static:
            yield template.text
    if step.options is not None and step.options.each is None:
        for choice in step.options.of:
            fixed = constant(choice.value)
            if fixed is not None:
                yield str(fixed[0])
