"""Values that can never be taken, seen without running: in `set`, in what sub-flows take and give, in conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.flow.check_compare import impossible
from runtime.flow.expr import Expression
from runtime.flow.judging import View, constant, finding
from runtime.flow.steps.control import Run, When
from runtime.flow.steps.data import Push, Set
from runtime.flow.tree import Flow, Step
from runtime.flow.variables import Variable
from runtime.model import Finding, Place

KINDS = {"int": "number", "number": "number", "bool": "bool", "date": "day", "datetime": "day", "time": "time"}
"""Types by what can become what; a type that is not here may hold anything."""

ALWAYS = ("true", "false")


def judge(view: View) -> Iterator[Finding]:
    flow = view.flow
    for step in flow.nodes.values():
        if isinstance(step, (Set, Push)):
            yield from _assigned(step, flow, view)
        elif isinstance(step, Run):
            yield from _handed(step, flow, view)
        if step.if_ is not None or isinstance(step, When):
            yield from _conditions(step, view)


def _assigned(step: Set | Push, flow: Flow, view: View) -> Iterator[Finding]:
    for name, part in step.value.items():
        variable = flow.vars.get(name)
        if variable is None:
            continue
        at = view.place(step, step.VERB, name)
        if isinstance(step, Push):
            if variable.type not in ("list", "any"):
                message = f"`{name}` is declared as {variable.type}; push adds to a list"
                yield _wrong(at, message, "declare it as list, or use set", step)
            continue
        yield from _taken(variable, part, flow, at, step)


def _handed(step: Run, flow: Flow, view: View) -> Iterator[Finding]:
    """What a sub-flow is given and what is taken from it."""
    inner = view.other(step.value.name)
    if inner is None:
        return
    for name, part in (step.in_ or {}).items():
        if name in inner.vars:
            yield from _taken(inner.vars[name], part, flow, view.place(step, "in", name), step)
    for name, given in (step.out or {}).items():
        mine, theirs = flow.vars.get(name), inner.vars.get(given)
        if mine is not None and theirs is not None and not fits(theirs.type, mine.type):
            message = f"`{name}` is declared as {mine.type}; `{given}` of the flow `{inner.name}` is {theirs.type}"
            yield _wrong(view.place(step, "out", name), message, "declare both as the same type", step)


def _taken(variable: Variable, part: Any, flow: Flow, at: Place, step: Step) -> Iterator[Finding]:
    """Whether a variable can take what is written."""
    fixed = constant(part)
    if fixed is not None:
        try:
            variable.take(fixed[0])
        except (ValueError, TypeError) as error:
            yield _wrong(at, str(error), "change the value, or the type under vars", step)
        return
    other = flow.vars.get(part.source.strip()) if isinstance(part, Expression) else None
    if other is not None and not fits(other.type, variable.type):
        message = f"`{variable.name}` is declared as {variable.type}, and `{other.name}` as {other.type}"
        yield _wrong(at, message, "declare both as the same type", step)


def fits(given: str, wanted: str) -> bool:
    """Whether a value of one type can be one of another."""
    if given == wanted or "any" in (given, wanted):
        return True
    if {given, wanted} & {"list", "map"}:
        return False
    return wanted not in KINDS or given not in KINDS or KINDS[given] == KINDS[wanted]


def _wrong(at: Place, message: str, fix: str, step: Step) -> Finding:
    return finding("wrong-type", at, message, severity="error", fix=fix, path=step.path)


def _conditions(step: Step, view: View) -> Iterator[Finding]:
    """Conditions that always come out the same: most often a name in quotes."""
    asked = [("if", step.if_)] + ([("when", step.value)] if isinstance(step, When) else [])
    for key, part in asked:
        for message, fix in impossible(part, view.flow.vars) if part is not None else ():
            yield _wrong(view.place(step, key), message, fix, step)
        fixed = constant(part)
        if fixed is None or part is None or part.source.strip() in (*ALWAYS, ""):  # empty: told already
            continue
        yield finding(
            "constant-condition",
            view.place(step, key),
            f"this condition is always {'true' if fixed[0] else 'false'}: it asks nothing that can change",
            fix="write names without quotes (tier == 'vip'), or true or false when it is meant",
            path=step.path,
        )
