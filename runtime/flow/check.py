"""Everything that can be known about flow files without running them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from runtime.flow import check_files, check_secrets, check_talk, check_triggers, check_types, reach
from runtime.flow.judging import Web, finding
from runtime.flow.loader import Found, examine
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.control import Run
from runtime.flow.steps.effects import METHODS, CallFunction, Http
from runtime.flow.tree import Flow, Step
from runtime.flow.triggers import Trigger
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
    web = Web(found)
    findings = list(found.findings)
    broken = any(one.severity == "error" and _unreadable(one) for one in findings)
    findings += [] if broken else [*_unreachable(web), *_variables(found), *_texts(found, used)]
    findings += [*_loops(web), *_ways_out(found), *_kept(found)]
    findings += check_triggers.judge(web, found.texts.languages)
    findings += check_talk.judge(web)
    findings += check_types.judge(web)
    findings += check_files.judge(web, files, None if broken else media, others)
    findings += check_secrets.judge(files)
    told = {one.at for one in findings if one.code in ("yaml-braces", "yaml-odd-key")}
    merged = {(one.at.file, one.at.column) for one in findings if one.code == "yaml-merge"}
    findings = [one for one in findings if one.at not in told or one.code.startswith("yaml-")]
    findings = [one for one in findings if one.code != "unknown-verb" or (one.at.file, one.at.column) not in merged]
    return sorted(dict.fromkeys(findings), key=lambda one: (one.at.file, one.at.line, one.at.column, one.code))


def _unreadable(one: Finding) -> bool:
    """Whether a step or more was not read because of this error: what seems unused may be used there."""
    return one.code.startswith(("yaml-", "json-", "text-csv")) or one.code in LOST


LOST = frozenset(("unknown-verb", "two-verbs", "reserved-verb", "wrong-kind", "unknown-key", "no-flow", "missing-key"))


def functions(found: Found) -> list[tuple[str, Place]]:
    """Python functions (`file.py:function`) that `call` steps and questions name, each with its first place."""
    web = Web(found)
    first: dict[str, Place] = {}
    for step in web.steps.values():
        if isinstance(step, CallFunction):
            first.setdefault(step.value, web.place(step, "call"))
        elif isinstance(step, Ask) and step.check:
            first.setdefault(step.check, web.place(step, "check"))
    return list(first.items())


def requests(found: Found) -> list[tuple[str, str, Place]]:
    """What `http` steps ask: connection (or empty), address as far as it is written out (or empty), place."""
    web = Web(found)
    asked = []
    for step in web.steps.values():
        if isinstance(step, Http):
            method = next((name for name in METHODS if name in step.value), "")
            address = getattr(step.value.get(method), "text", "")
            key = "connection" if "connection" in step.value else method
            asked.append((str(step.value.get("connection", "")), address, web.place(step, "http", key)))
    return asked


def _unreachable(web: Web) -> Iterator[Finding]:
    """Steps and sections that nothing leads to; of several in a row the first."""
    flows = web.flows
    seen = reach.reached(web.after, web.entrances)
    for flow in flows.values():
        for name, section in flow.sections.items():
            if section.steps and reach.key(section.steps[0]) not in seen:
                fix = "jump to it with goto, or remove it"
                yield finding("unreachable", section.at, f"nothing leads to the section `{name}`", fix=fix)
        lost = [step for step in flow.nodes.values() if reach.key(step) not in seen]
        for step in lost:
            if not _told(step, flow, lost):
                fix = "remove it, or give it an `id` and jump to it"
                why, message = _why_lost(step, flow), "nothing leads to this step"
                yield finding("unreachable", step.at, message, why=why, fix=fix, path=step.path)
        yield from _lonely(flow, flows)


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


def _lonely(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """A flow that no trigger and no other flow leads to."""
    if flow.start or flow.fallback or not flow.first:
        return
    jumps = {
        target.name.partition(".")[0]
        for other in flows.values()
        for step in other.nodes.values()
        for target in step.targets()
    }
    jumps |= {one.goto.name for other in flows.values() for one in _all_triggers(other) if one.goto is not None}
    if flow.name not in jumps:
        fix = "give it a `start`, or jump to it with goto or run"
        yield finding("unreachable", flow.at, f"nothing leads to the flow `{flow.name}`", fix=fix)


def _all_triggers(flow: Flow) -> tuple[Trigger, ...]:
    return (*flow.start, *flow.anytime.triggers)


def _loops(web: Web) -> Iterator[Finding]:
    """Circles of steps in which nobody waits for the user."""
    flows, made = web.flows, web.after
    for ring in reach.rings(made, web.steps):
        inside = {reach.key(step) for step in ring}
        trapped = all(reach.key(after) in inside for step in ring for after in made[reach.key(step)])
        trapped = trapped and not any(reach.leaves(step, flows[step.flow]) for step in ring)
        if not trapped and CHANGING & {step.VERB for step in ring}:
            continue
        first = min(ring, key=lambda step: (step.at.file, step.at.line))
        yield finding(
            "endless-loop",
            first.at,
            f"round and round: {' → '.join(step.name for step in ring[:6])}, without waiting for the user",
            severity="error" if trapped else "warning",
            why="" if trapped else "nothing in the circle changes what its conditions ask",
            fix="let it pass an ask, wait, delay or stop",
            path=first.path,
        )


def _ways_out(found: Found) -> Iterator[Finding]:
    """Questions that can only be left with a good answer."""
    for flow in found.compiled.values():
        if flow.anytime.triggers:
            continue
        for step in flow.nodes.values():
            if not isinstance(step, Ask) or step.give_up is not None or step.escalate:
                continue
            if step.optional is not None:
                continue
            if step.type in ("text", "any") and step.when is None:
                continue
            yield finding(
                "no-way-out",
                step.at,
                f"who cannot answer `{step.value}` is asked for ever",
                severity="hint",
                fix="add give_up: …, optional: true, or an `anytime` with a word such as cancel",
                path=step.path,
            )


def _variables(found: Found) -> Iterator[Finding]:
    given = _given(found)
    for name, reading in found.readings.items():
        idle = {one.name for one in reading.vars.values() if one.declared} - reading.used - reading.written
        if not idle:
            continue
        asked = {step.value for step in found.compiled[name].nodes.values() if isinstance(step, Ask)}
        for variable in reading.vars.values():
            if variable.name in idle - asked - given.get(name, set()):
                message = f"nothing uses the variable `{variable.name}`"
                yield finding("unused-variable", variable.at, message, severity="hint", fix="remove it")


def _given(found: Found) -> dict[str, set[str]]:
    """Flow → its variables that other flows hand over or take back when they run it."""
    names: dict[str, set[str]] = {}
    for flow in found.compiled.values():
        for step in flow.nodes.values():
            if isinstance(step, Run):
                names.setdefault(step.value.name, set()).update(step.in_ or (), (step.out or {}).values())
    return names


def _kept(found: Found) -> Iterator[Finding]:
    """`keep: forever` is one value per user: flows that share the name have to mean the same."""
    first: dict[str, tuple[str, Variable]] = {}
    for name, reading in found.readings.items():
        for variable in reading.vars.values():
            if variable.keep != "forever":
                continue
            flow, known = first.setdefault(variable.name, (name, variable))
            if known.type != variable.type or known.of != variable.of:
                message = f"`{variable.name}` is kept forever as {known.type} by the flow `{flow}`"
                yield finding("wrong-type", variable.at, message, why="what is kept forever is shared by all flows")


def _texts(found: Found, used: Collection[str]) -> list[Finding]:
    owners = {found.texts.owner(use.key, name) for name, reading in found.readings.items() for use in reading.texts}
    return found.texts.unused(owners | {found.texts.owner(key) for key in used})
