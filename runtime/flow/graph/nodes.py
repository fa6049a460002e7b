"""What the nodes of a flow's picture say: one function for each kind of step, one for all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from runtime.flow.graph.words import Words, span, spoken_first
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.control import Every, Once, Run, Switch, When
from runtime.flow.steps.effects import CallFunction, Http
from runtime.flow.steps.say import Saying
from runtime.flow.steps.timing import Delay, Wait
from runtime.flow.tree import Block, Step
from runtime.model import Place

NodeKind = Literal["start", "anytime", "say", "ask", "branch", "effect", "data", "wait", "run", "exit", "jump"]


@dataclass(frozen=True, slots=True)
class Node:
    """`steps` are the steps it stands for, as `flow.path`; `leads` the flow that a jump or sub-flow goes to."""

    id: str
    kind: NodeKind
    title: str
    at: Place
    lines: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    leads: str = ""


def visible(step: Step) -> bool:
    """Jumps and ends are edges and exits, not nodes; with a condition they are branches."""
    return step.VERB not in ("goto", "end", "stop", "return") or step.if_ is not None


def leaving(step: Step) -> bool:
    """Whether the step is the end of a way, or would be without its condition."""
    return step.VERB in ("goto", "end", "stop", "return")


def does(block: Block) -> bool:
    """Whether a block does more than say something."""
    return any(not isinstance(step, Saying) for step in block.steps)


def blocks_of(step: Step) -> Iterator[tuple[str, Block]]:
    """Blocks of a kind of step that is not known here, each with its key."""
    for name in step.__dataclass_fields__:
        value = getattr(step, name)
        if isinstance(value, Block) and name != "error":
            yield name.rstrip("_"), value


def node_of(step: Step, words: Words) -> Node:
    made = next((make(step, words) for kind, make in NODES if isinstance(step, kind)), None)
    if made is None:
        kind: NodeKind = "branch" if leaving(step) or any(blocks_of(step)) else "data"
        title = f"if {words.of(step.if_)}" if leaving(step) else step.VERB
        made = Node(step.path, kind, title, step.at, _value(step, words))
    notes = made.notes
    if step.if_ is not None and made.kind != "branch":
        notes = (f"only if {words.of(step.if_)}", *notes)
    lines = tuple(line for line in made.lines if line)
    return replace(made, lines=lines, notes=notes, steps=(f"{step.flow}.{step.path}",))


def _value(step: Step, words: Words) -> tuple[str, ...]:
    value = getattr(step, "value", None)
    if leaving(step):
        return ()
    if isinstance(value, Mapping):
        return tuple(f"{name} = {words.of(part)}" for name, part in list(value.items())[:4])
    pairs = value if isinstance(value, tuple) else ()
    named = [one for one in pairs if isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str)]
    if named:
        return tuple(f"{name} = {words.of(part)}" for name, part in named[:4])
    return (words.of(value) or ", ".join(str(one) for one in pairs if isinstance(one, str)),)


def _said(step: Any, words: Words) -> Node:
    lines, chips = words.said(step)
    return Node(step.path, "say", step.VERB, step.at, tuple(lines), tuple(chips))


def _asked(step: Any, words: Words) -> Node:
    lines, chips = words.question(step)
    notes = tuple(_in_between(step, words))
    kind = step.type.replace("_", "/") if step.VERB == "ask" else ""
    title = f"{step.VERB} {step.value}" + (f" · {kind}" if kind else "")
    return Node(step.path, "ask", title, step.at, tuple(lines), tuple(chips), notes)


def _in_between(step: Ask, words: Words) -> Iterator[str]:
    """What a question says while it waits, and what it asks of an answer."""
    for block in step.else_:
        if hint := spoken_first(block.steps, words):
            yield f"not understood: {hint}"
    for rung in step.escalate:
        if not does(rung.block) and (hint := spoken_first(rung.block.steps, words)):
            yield f"wrong answer {rung.wrong}: {hint}"
    for check in step.when or ():
        hint = spoken_first(check.otherwise.steps, words) if check.otherwise is not None else ""
        yield f"only when {words.of(check.when)}" + (f", else: {hint}" if hint else "")
    if step.sure is not None:
        yield f"said back: {words.of(step.sure['say'])}"
    for quiet in step.silent or ():
        said = words.of(quiet["say"]) if "say" in quiet else spoken_first(getattr(quiet.get("do"), "steps", ()), words)
        if said:
            yield f"after {span(quiet['after'])}: {said}"
    if step.optional:
        yield "may be skipped"


def _branched(step: Any, words: Words) -> Node:
    title = {"once": f"once per {getattr(step, 'per', '')}", "every": f"every {step.value}."}.get(step.VERB)
    line = words.of(step.value) if title is None else ""
    return Node(step.path, "branch", title or step.VERB, step.at, (line,))


def _requested(step: Any, words: Words) -> Node:
    method = next(name for name in step.value if name in ("get", "post", "put", "patch", "delete"))
    address = words.of(step.value[method]).removeprefix("https://").partition("?")[0]
    return Node(step.path, "effect", f"http {method}", step.at, (address,), notes=_saved(step))


def _called(step: Any, words: Words) -> Node:
    return Node(step.path, "effect", "call", step.at, (step.value,), notes=_saved(step))


def _saved(step: Any) -> tuple[str, ...]:
    names = [name for name, _ in step.save]
    return (f"gives {', '.join(names)}",) if names else ()


def _ran(step: Any, words: Words) -> Node:
    name = step.value.name
    given = f"with {', '.join(step.in_)}" if step.in_ else ""
    taken = f"gives {', '.join(step.out)}" if step.out else ""
    return Node(step.path, "run", "sub-flow", step.at, (name,), notes=tuple(filter(None, (given, taken))), leads=name)


def _paused(step: Any, words: Words) -> Node:
    value = step.value
    if step.VERB == "wait":
        line = "" if value is None else words.trigger(value.triggers[0])
    else:
        line = span(value) if isinstance(value, int) else f"until {words.of(value)}"
    return Node(step.path, "wait", step.VERB, step.at, (line,))


NODES: tuple[tuple[type[Step], Callable[[Any, Words], Node]], ...] = (
    (Ask, _asked),
    (Saying, _said),
    (When, _branched),
    (Switch, _branched),
    (Once, _branched),
    (Every, _branched),
    (Http, _requested),
    (CallFunction, _called),
    (Run, _ran),
    (Wait, _paused),
    (Delay, _paused),
)
