"""Everything that can be known about flow files without running them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from runtime.flow import (
    check_files,
    check_secrets,
    check_talk,
    check_triggers,
    check_types,
    check_wordings,
    reach,
    taps,
)
from runtime.flow.compiling import FUNCTION
from runtime.flow.echoes import causes, unreadable
from runtime.flow.judging import View, Web, finding, web_of
from runtime.flow.loader import Found, examine
from runtime.flow.reading import Reading, meant
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.control import Run
from runtime.flow.steps.effects import METHODS, CallFunction, Http
from runtime.flow.steps.handover import Handover
from runtime.flow.tree import Flow, Step
from runtime.flow.variables import Variable
from runtime.model import Finding, Place

CHANGING = frozenset({"set", "push", "unset", "reset", "call", "http", "every", "once", "run", "language"})
"""Verbs after which a condition may come out differently."""


def check(
    files: Mapping[str, str],
    languages: Sequence[str] = ("en",),
    *,
    used: Collection[str] = (),
    media: Collection[str] | None = None,
    others: Sequence[str] = (),
    found: Found | None = None,
) -> list[Finding]:
    """Findings in the order of files and lines; never raises.

    `used`: keys of texts that the settings refer to. `media`: paths of the files below the flows' folder that
    are no flow files (`media/shop.jpg`); None when that is not known. `others`: texts of other files that may
    name media. `found`: what `examine` gave for the same files, when that is at hand.
    """
    found = found or examine(files, languages)
    web = web_of(found)
    findings = list(found.findings)
    broken = any(unreadable(one) for one in findings)
    judged = [web.judged(name, "judged", partial(_judge, languages=found.texts.languages)) for name in web.flows]
    findings += [] if broken else [*_unreachable(web, judged), *_variables(found, judged), *_texts(found, used)]
    findings += [one for each in judged for one in each.findings]
    findings += [*check_talk.together([one.talk for one in judged]), *_kept(judged)]
    findings += check_triggers.beaten([one for each in judged for one in each.start], {})
    findings += check_files.judge(web, files, None if broken else media, others)
    findings += check_secrets.judge(files)
    findings += check_wordings.judge(found)
    findings += taps.judge(found)
    return sorted(causes(findings), key=lambda one: (one.at.file, one.at.line, one.at.column, one.code))


@dataclass(frozen=True, slots=True)
class Judged:
    """One flow: what is wrong with it as it stands among the others, and what all flows together are judged by.

    `start`: its triggers, with what equal ones look like. `jumps`: flows it may jump to. `given`: by flow, variables
    that it hands over or takes back there. `asked`: variables that it asks for. `forever`: those kept for ever.
    """

    flow: str
    findings: tuple[Finding, ...]
    talk: check_talk.Talk
    start: tuple[check_triggers.Signed, ...]
    jumps: frozenset[str]
    given: Mapping[str, frozenset[str]]
    asked: frozenset[str]
    forever: tuple[Variable, ...]


def _judge(view: View, languages: Sequence[str]) -> Judged:
    flow = view.flow
    steps = flow.nodes.values()
    triggers = check_triggers.judge(view, languages)
    return Judged(
        flow=flow.name,
        findings=(*_loops(view), *_ways_out(flow), *triggers, *check_types.judge(view)),
        talk=check_talk.judge(view),
        start=check_triggers.signed(flow.start),
        jumps=frozenset(_jumps(flow)),
        given=_given(steps),
        asked=frozenset(step.value for step in steps if isinstance(step, Ask)),
        forever=tuple(one for one in flow.vars.values() if one.keep == "forever"),
    )


def functions(found: Found) -> list[tuple[str, Place]]:
    """Python functions (`file.py:function`) that `call` steps and questions name, each with its first place."""
    web = web_of(found)
    first: dict[str, Place] = {}
    for name in web.flows:
        for function, at in web.judged(name, "functions", _functions):
            first.setdefault(function, at)
    return list(first.items())


def _functions(view: View) -> list[tuple[str, Place]]:
    named = []
    for step in view.flow.nodes.values():
        if isinstance(step, CallFunction) and FUNCTION.fullmatch(step.value):
            named.append((step.value, view.place(step, "call")))
        elif isinstance(step, Ask) and step.check and FUNCTION.fullmatch(step.check):
            named.append((step.check, view.place(step, "check")))
    return named


def unanswered(found: Found) -> list[Step]:
    """`call` and `http` steps with no `error` of their own, in flows that say nothing when a step fails."""
    ran = {step.value.name for flow in found.compiled.values() for step in flow.nodes.values() if isinstance(step, Run)}
    flows = [one for one in found.compiled.values() if one.trouble is None and one.name not in ran]
    steps = [step for flow in flows for step in flow.nodes.values()]
    return [step for step in steps if isinstance(step, (CallFunction, Http)) and step.error is None]


def requests(found: Found) -> list[tuple[str, str, Place]]:
    """What `http` steps ask: connection (or empty), address as far as it is written out (or empty), place."""
    web = web_of(found)
    return [one for name in web.flows for one in web.judged(name, "requests", _requests)]


def _requests(view: View) -> list[tuple[str, str, Place]]:
    asked = []
    for step in view.flow.nodes.values():
        if isinstance(step, Http):
            method = next((name for name in METHODS if name in step.value), "")
            address = getattr(step.value.get(method), "text", "")
            key = "connection" if "connection" in step.value else method
            asked.append((str(step.value.get("connection", "")), address, view.place(step, "http", key)))
    return asked


def _unreachable(web: Web, judged: Iterable[Judged]) -> Iterator[Finding]:
    """Steps, sections and flows that nothing leads to."""
    jumps = frozenset[str]().union(*(one.jumps for one in judged))
    for name, seen in web.reached():
        flow = web.flows[name]
        yield from web.shelf(name).get("lost", partial(_lost, flow, seen), same=(seen,))
        if name not in jumps and not flow.start and not flow.fallback and flow.first:
            fix = "give it a `start`, or jump to it with goto or run"
            yield finding("unreachable", flow.at, f"nothing leads to the flow `{name}`", fix=fix)


def _lost(flow: Flow, seen: Collection[str]) -> list[Finding]:
    """Steps and sections of a flow that nothing leads to; of several in a row the first."""
    found = []
    for name, section in flow.sections.items():
        if section.steps and reach.key(section.steps[0]) not in seen:
            fix = "jump to it with goto, or remove it"
            found.append(finding("unreachable", section.at, f"nothing leads to the section `{name}`", fix=fix))
    lost = [step for step in flow.nodes.values() if reach.key(step) not in seen]
    for step in lost:
        if not _told(step, flow, lost):
            fix = "remove it, or give it an `id` and jump to it"
            why, message = _why_lost(step, flow), "nothing leads to this step"
            found.append(finding("unreachable", step.at, message, why=why, fix=fix, path=step.path))
    return found


def _why_lost(step: Step, flow: Flow) -> str:
    """The step before it that never goes on."""
    block, _, number = step.path.rpartition("[")
    before = flow.nodes.get(f"{block}[{int(number[:-1]) - 1}]") if number[:-1].isdecimal() else None
    return f"the `{before.VERB}` on line {before.at.line} never goes on to it" if before is not None else ""


def _told(step: Step, flow: Flow, lost: list[Step]) -> bool:
    """Whether another finding already covers this step: its section, what is around it, or what is before it."""
    section = next((name for name, block in flow.sections.items() if step.path.startswith(f"{block.path}[")), None)
    if section is not None and flow.sections[section].steps[0] in lost:
        return True
    around = [one for one in lost if one is not step and step.path.startswith(f"{one.path}.")]
    before = [one for one in lost if flow.next.get(one.path) is step and one.path.count("[") == step.path.count("[")]
    return bool(around or before)


def _jumps(flow: Flow) -> Iterator[str]:
    """First parts of the names that a flow's steps and triggers jump to."""
    for step in flow.nodes.values():
        yield from (target.name.partition(".")[0] for target in step.targets())
        if isinstance(step, Handover) and step.copilot is not None:
            yield step.copilot.name
    yield from (one.goto.name for one in (*flow.start, *flow.anytime.triggers) if one.goto is not None)


def _loops(view: View) -> Iterator[Finding]:
    """Circles of steps in which nobody waits for the user, each told by the flow of its first step."""
    if not _turns_back(view):
        return
    for ring in reach.rings(view.own.steps, view.step, view.after):
        steps = [view.step(key) for key in ring]
        first = min(steps, key=lambda step: (step.at.file, step.at.line))
        if first.flow != view.flow.name:
            continue
        at = steps.index(first)
        steps = [*steps[at:], *steps[:at]]
        trapped = all(after in ring for key in ring for after in view.after(key))
        trapped = trapped and not any(reach.leaves(step, view.other(step.flow) or view.flow) for step in steps)
        if not trapped and CHANGING & {step.VERB for step in steps}:
            continue
        yield finding(
            "endless-loop",
            first.at,
            f"round and round: {' → '.join(step.name for step in steps[:6])}, without waiting for the user",
            severity="error" if trapped else "warning",
            why="" if trapped else "nothing in the circle changes what its conditions ask",
            fix="let it pass an ask, wait, delay or stop",
            path=first.path,
        )


def _turns_back(view: View) -> bool:
    """Whether a step that does not wait leads up in the file, or to another flow: no circle without."""
    steps = view.own.steps
    for name, after in view.own.after.items():
        at = steps[name].at
        here = at.line, at.column
        for key in after:
            into = steps.get(key)
            if (into is None or (into.at.line, into.at.column) <= here) and not steps[name].waits:
                return True
    return False


def _ways_out(flow: Flow) -> Iterator[Finding]:
    """Questions that can only be left with a good answer."""
    if flow.anytime.triggers:
        return
    for step in flow.nodes.values():
        if not isinstance(step, Ask) or not step.waits or step.give_up is not None or step.escalate:
            continue
        if step.optional is not None or (step.type in ("text", "any") and step.when is None):
            continue
        yield finding(
            "no-way-out",
            step.at,
            f"who cannot answer `{step.value}` is asked for ever",
            severity="hint",
            fix="add give_up: …, optional: true, or an `anytime` with a word such as cancel",
            path=step.path,
        )


def _variables(found: Found, judged: Sequence[Judged]) -> Iterator[Finding]:
    given: dict[str, set[str]] = {}
    for one in judged:
        for flow, names in one.given.items():
            given.setdefault(flow, set()).update(names)
    for (name, reading), one in zip(found.readings.items(), judged, strict=True):
        idle = {each.name for each in reading.vars.values() if each.declared} - reading.used - reading.written
        idle -= one.asked | given.get(name, set())
        for variable in reading.vars.values() if idle else ():
            if variable.name in idle:
                message = f"nothing uses the variable `{variable.name}`"
                yield finding("unused-variable", variable.at, message, severity="hint", fix="remove it")
        yield from _astray(found.compiled[name], reading)


def _astray(flow: Flow, reading: Reading) -> Iterator[Finding]:
    """Answers that go into a name which nobody uses, when one that is used and never filled looks alike."""
    asked = {step.value: step for step in flow.nodes.values() if isinstance(step, Ask)}
    empty = {
        name for name in reading.used - reading.written - asked.keys() if name in reading.vars and _bare(reading, name)
    }
    for name, step in asked.items() if empty else ():
        declared = name in reading.vars and reading.vars[name].declared
        if not declared and name not in reading.used and (close := meant(name, empty)):
            message = f"nothing uses the answer `{name}`, and nothing fills `{close}`; did you mean that?"
            yield finding("lost-answer", step.at, message, fix=f"write {step.VERB}: {close}", path=step.path)


def _bare(reading: Reading, name: str) -> bool:
    return reading.vars[name].default is None and reading.vars[name].keep != "forever"


def _given(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Flow → its variables that these steps hand over or take back when they run it."""
    names: dict[str, set[str]] = {}
    for step in steps:
        if isinstance(step, Run):
            names.setdefault(step.value.name, set()).update(step.in_ or (), (step.out or {}).values())
    return {name: frozenset(each) for name, each in names.items()}


def _kept(judged: Iterable[Judged]) -> Iterator[Finding]:
    """`keep: forever` is one value per user: flows that share the name have to mean the same."""
    first: dict[str, tuple[str, Variable]] = {}
    for name, variable in ((one.flow, variable) for one in judged for variable in one.forever):
        flow, known = first.setdefault(variable.name, (name, variable))
        if known.type != variable.type or known.of != variable.of:
            message = f"`{variable.name}` is kept forever as {known.type} by the flow `{flow}`"
            yield finding("wrong-type", variable.at, message, why="what is kept forever is shared by all flows")


def _texts(found: Found, used: Collection[str]) -> list[Finding]:
    owners = {found.texts.owner(use.key, name) for name, reading in found.readings.items() for use in reading.texts}
    return found.texts.unused(owners | {found.texts.owner(key) for key in used})
