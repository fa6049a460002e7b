"""From the files of a bot to compiled flows. Nothing here reads a disk: files come as path → text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import Any

from runtime.errors import FlowError
from runtime.flow import intents, kept
from runtime.flow.compiling import Steps
from runtime.flow.declaring import VariablesShape, asked, implied
from runtime.flow.echoes import causes
from runtime.flow.expr import check_names
from runtime.flow.menus.book import Menus
from runtime.flow.menus.judge import judge as judge_menus
from runtime.flow.menus.read import read as read_menus
from runtime.flow.nodes import maps
from runtime.flow.reading import Reading, Use, nearest, ordered
from runtime.flow.scene import SCOPE
from runtime.flow.shapes import Dict, Fields, Plain, Shape
from runtime.flow.source import Node
from runtime.flow.steps import LATER, STEPS
from runtime.flow.steps.control import Run
from runtime.flow.steps.sending import Inject
from runtime.flow.texts import KEY as TEXT_KEY
from runtime.flow.texts import Entry, Row, Texts, read_csv, read_map, read_yaml
from runtime.flow.tree import Block, Flow, Flows, Target, link
from runtime.flow.triggers import Trigger, TriggerIndex, listed
from runtime.model import Finding, Place

FORMAT = "1"
"""Rises when the same files compile to something else."""


@dataclass(frozen=True, slots=True)
class TextsShape:
    """Key → text, or key → language → text. `Texts` reads and judges them."""

    def read(self, node: Node, reading: Reading) -> None:
        return None

    def schema(self) -> dict[str, Any]:
        text = {"type": ["string", "number", "boolean"]}
        several = {"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]}
        one = {"anyOf": [*several["anyOf"], {"type": "object", "additionalProperties": several, "minProperties": 1}]}
        return {"type": "object", "propertyNames": {"pattern": f"^{TEXT_KEY.pattern}$"}, "additionalProperties": one}


NAME = r"[A-Za-z_][\w-]*"
PARTS: dict[str, Shape] = {
    "flow": Plain(NAME, "a name (letters, digits, _ and -)"),
    "title": Plain(),
    "note": Plain(),
    "vars": VariablesShape(),
    "start": listed(acts=True),
    "anytime": listed(acts=True, must=True),
    "fallback": Steps(say=True),
    "trouble": Steps(say=True),
    "steps": Steps(),
    "sections": Dict(Steps(), NAME),
    "texts": TextsShape(),
}
"""The keys of a flow file."""


@dataclass(slots=True)
class Found:
    """All that was read of a bot's files, whether or not it can be used."""

    flows: Flows | None = None
    findings: list[Finding] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    cards: dict[str, Node] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)
    compiled: dict[str, Flow] = field(default_factory=dict)
    menus: Menus = field(default_factory=lambda: Menus({}, Texts()))
    menu_texts: list[Use] = field(default_factory=list)
    intents: intents.Intents = field(default_factory=intents.Intents)
    shelves: dict[str, kept.Shelf] = field(default_factory=dict)
    """What was worked out of each compiled flow."""
    web: Any = None
    """The graph of all flows, once somebody has asked for it: see `judging.web_of`."""

    def tell(self, code: str, at: Place, message: str, fix: str = "", path: str = "") -> None:
        self.findings.append(Finding(code=code, severity="error", at=at, message=message, fix=fix, path=path))


def load(files: Mapping[str, str], *, languages: Sequence[str] = ("en",)) -> Flows:
    """Compiled flows. Raises `FlowError` with everything that is wrong, not only the first."""
    found = examine(files, languages)
    errors = [one for one in causes(found.findings) if one.severity == "error"]
    if errors or found.flows is None:
        raise FlowError(errors)
    return found.flows


def version_of(files: Mapping[str, str], languages: Sequence[str]) -> str:
    """The same files in the same languages are the same version."""
    made = hashlib.sha256(f"{FORMAT}\0{' '.join(languages)}".encode())
    for path in sorted(files):
        made.update(f"\0{path}\0{len(files[path])}\0{files[path]}".encode("utf-8", "surrogatepass"))
    return made.hexdigest()[:16]


@lru_cache(maxsize=8_192)
def kind_of(path: str) -> str:
    """What a file is, by its place: flow, texts, card, menu, intents, or empty when it is none of these."""
    parts = PurePosixPath(path)
    folders = parts.parts[:-1]
    if "menus" in folders:
        return "menu" if parts.suffix in (".yaml", ".yml") else ""
    if "nlu" in folders:
        return "intents" if parts.suffix in (".yaml", ".yml") else ""
    if "media" in folders:
        return ""
    if "texts" in folders:
        return "texts" if parts.suffix in (".csv", ".yaml", ".yml") else ""
    if parts.suffix == ".json":
        return "card" if "cards" in folders else ""
    return "flow" if parts.suffix in (".yaml", ".yml") else ""


def examine(files: Mapping[str, str], languages: Sequence[str]) -> Found:
    """Read and compile everything; never raises."""
    found = Found()
    found.cards = _cards(files, found)
    _parse(files, found)
    rows = _rows(files, found)
    found.texts, told = Texts.build(rows, tuple(languages) or ("en",))
    found.findings += told
    for order, name in enumerate(found.nodes):
        _compile(name, order, tuple(languages), found)
    _menus(files, languages, found)
    own = {path: text for path, text in files.items() if kind_of(path) == "intents"}
    found.intents, told = intents.read(own, languages)
    found.findings += told
    _judge(found)
    if not found.compiled and not found.findings:
        found.tell(
            "no-flows", Place("flows"), "there is no flow file", "add flows/hello.yaml: flow: hello, steps: [say: Hi]"
        )
    if not any(one.severity == "error" for one in found.findings):
        found.flows = _whole(files, languages, found)
    return found


def _cards(files: Mapping[str, str], found: Found) -> dict[str, Node]:
    cards: dict[str, Node] = {}
    for path, text in files.items():
        if kind_of(path) == "card":
            node, findings = kept.parsed_card(text, path)
            found.findings += findings
            parts = PurePosixPath(path).parts
            if node is not None:
                cards["/".join(parts[parts.index("cards") :])] = node
    return cards


def _parse(files: Mapping[str, str], found: Found) -> None:
    for path in sorted(files):
        if kind_of(path) != "flow":
            continue
        node, findings = kept.parsed(files[path], path)
        found.findings += findings
        if node is None:
            continue
        named = node.get("flow")
        if node.kind != "map" or named is None:
            found.tell("no-flow", node.at, "this file has no `flow`", f"begin it with flow: {PurePosixPath(path).stem}")
        elif named.text in found.nodes:
            first = found.nodes[named.text].file
            found.tell("duplicate-flow", named.at, f"the flow `{named.text}` is in {first} already", "rename one")
        else:
            found.nodes[named.text] = node


def _menus(files: Mapping[str, str], languages: Sequence[str], found: Found) -> None:
    """Rich menus; they name texts, and steps and their areas name them."""
    own = {path: text for path, text in files.items() if kind_of(path) == "menu"}
    menus, findings, found.menu_texts = read_menus(own, languages)
    found.menus = Menus(menus, found.texts)
    found.findings += [*findings, *judge_menus(found.menus, found.menu_texts, found)]


def _rows(files: Mapping[str, str], found: Found) -> list[Row]:
    """All texts; a file named like a flow holds texts of that flow alone."""
    rows: list[Row] = []
    for name, node in found.nodes.items():
        if (inner := node.get("texts")) is not None:
            more, findings = read_map(inner, name)
            rows += more
            found.findings += findings
    for path in sorted(files):
        if kind_of(path) != "texts":
            continue
        stem, suffix = PurePosixPath(path).stem, PurePosixPath(path).suffix
        read = read_csv if suffix == ".csv" else read_yaml
        more, findings = read(files[path], path, stem if stem in found.nodes else "")
        rows += more
        found.findings += findings
    return rows


def _compile(name: str, order: int, languages: tuple[str, ...], found: Found) -> None:
    node = found.nodes[name]
    key = (node.file, name, languages)
    known = kept.compiled(key, order, node, found.cards)
    if known is None:
        made = _read(name, order, node, languages, found.cards)
        known = *made, kept.keep(key, node, found.cards, *made)
    found.readings[name], found.compiled[name], found.shelves[name] = known
    found.findings += known[0].findings


def _read(
    name: str, order: int, node: Node, languages: tuple[str, ...], cards: Mapping[str, Node]
) -> tuple[Reading, Flow]:
    reading = Reading(node.file, name, STEPS, LATER, languages, cards, names=frozenset(SCOPE))
    _declare(node, reading)
    made: dict[str, Any] = Fields(PARTS, needs=("flow",), what="a flow").read(node, reading)
    reading.path = ""
    return reading, _flow(node, order, made, reading)


def _declare(node: Node, reading: Reading) -> None:
    """Variables first: everything else may use them."""
    quiet = Reading(reading.file, reading.flow, {}, frozenset(), reading.languages)
    declared = node.get("vars")
    if declared is not None:
        reading.vars.update(VariablesShape().read(declared, quiet))
    for question in asked(node):
        variable = implied(question)
        if variable is not None:
            reading.vars.setdefault(variable.name, variable)


def _flow(node: Node, order: int, made: dict[str, Any], reading: Reading) -> Flow:
    start = [one for one in made.get("start") or () if one is not None]
    anytime = [one for one in made.get("anytime") or () if one is not None]
    return Flow(
        name=reading.flow,
        title=made.get("title", ""),
        file=reading.file,
        at=node.at,
        order=order,
        vars=reading.vars,
        steps=made.get("steps") or Block("steps", node.at, ()),
        sections=made.get("sections") or {},
        start=tuple(start),
        anytime=TriggerIndex(anytime),
        fallback=made.get("fallback"),
        trouble=made.get("trouble"),
        nodes=reading.nodes,
        next=link(ordered(reading.blocks)),
        ids=reading.ids,
        defaults={name: one.default for name, one in reading.vars.items()},
        lasting=tuple(name for name, one in reading.vars.items() if one.keep != "session"),
    )


def _judge(found: Found) -> None:
    """What only all files together show: jumps, sub-flows, texts."""
    told: set[Finding] = set()
    for name, reading in found.readings.items():
        flow = found.compiled[name]
        for target in reading.targets:
            _judge_target(target, flow, found)
        for step in found.shelves[name].get("runs", partial(_runs, reading)):
            _judge_run(step, found)
        _judge_texts(name, reading, found, told)
    for flow in found.compiled.values():
        if flow.sections:
            _judge_sections(flow, found)


def _runs(reading: Reading) -> list[Run | Inject]:
    return [step for step in reading.nodes.values() if isinstance(step, (Run, Inject))]


def _judge_sections(flow: Flow, found: Found) -> None:
    for name, section in flow.sections.items():
        if not section.steps:
            found.tell("no-steps", section.at, f"the section `{name}` has no steps")
        if name in flow.ids:
            step = flow.nodes[flow.ids[name]]
            message = f"`{name}` is a section and the id of the step on line {step.at.line}"
            found.tell("duplicate-id", section.at, message, "a jump could mean either; rename one")


def _judge_target(target: Target, flow: Flow, found: Found) -> None:
    if target.kind == "run":
        if target.name not in found.compiled:
            close = nearest(target.name, found.compiled)
            message, fix = f"there is no flow `{target.name}`{close}", "" if close else f"make it: flow: {target.name}"
            found.tell("dangling-run", target.at, message, fix, _owner(target, flow))
        return
    other, _, step = target.name.partition(".")
    there = target.name in found.compiled or target.name in found.readings[flow.name].lost
    if there or (target.kind != "inject" and flow.find(target.name) is not None):
        return
    if step and other in found.compiled:
        inner, path = found.compiled[other], _owner(target, flow)
        if inner.find(step) is None and step not in found.readings[other].lost:
            message = f"the flow `{other}` has no step or section `{step}`"
            found.tell("dangling-goto", target.at, message + nearest(step, [*inner.ids, *inner.sections]), path=path)
        return
    known = [*found.compiled, *(() if target.kind == "inject" else (*flow.ids, *flow.sections))]
    close = nearest(target.name, known)
    what = "flow" if target.kind == "inject" else "step, section or flow"
    message = f"there is no {what} `{target.name}`{close}"
    fix = "" if close or target.kind == "inject" else f"give the step you mean a name: id: {target.name}"
    found.tell("dangling-goto", target.at, message, fix, _owner(target, flow))


def _owner(target: Target, flow: Flow) -> str:
    """The path of the step that jumps there."""
    return next((step.path for step in flow.nodes.values() if target in step.targets()), "")


def _judge_run(step: Run | Inject, found: Found) -> None:
    target = step.goto if isinstance(step, Inject) else step.value
    inner = found.compiled.get(target.name.partition(".")[0]) if target is not None else None
    if inner is None:
        return
    wanted = [("in", name, name) for name in step.in_ or {}]
    if isinstance(step, Run):
        wanted += [("out", name, given) for name, given in (step.out or {}).items()]
    for block, key, name in wanted:
        if name not in inner.vars:
            message = f"the flow `{inner.name}` has no variable `{name}`{nearest(name, inner.vars)}"
            fix = f"declare it under vars in {inner.file}"
            found.tell("undefined-variable", _key_at(step, block, key, found), message, fix, step.path)


def _key_at(step: Run | Inject, block: str, key: str, found: Found) -> Place:
    """Where `in` or `out` names a variable."""
    written = next((one for one in maps(found.nodes[step.flow]) if one.at == step.at), None)
    node = written.get(block) if written is not None else None
    return node.key_at(key) if node is not None else step.at


def _judge_texts(name: str, reading: Reading, found: Found, told: set[Finding]) -> None:
    """Texts that are not there, and names in texts that a flow does not know; `told` holds those of other flows."""
    shelf = found.shelves[name]
    asked = shelf.get("texts asked for", lambda: list(dict.fromkeys(use.key for use in reading.texts)))
    entries = tuple([found.texts.entry(key, name) for key in asked])
    wrong, used = shelf.get("texts", lambda: _names_in(dict(zip(asked, entries, strict=True)), reading), equal=entries)
    reading.used |= used
    found.findings += [one for one in wrong if one not in told]
    told.update(wrong)
    if () in entries:
        for use in reading.texts:
            if not found.texts.has(use.key, name):
                found.findings.append(replace(_text_missing(use.key, use.at, name, found), path=use.path))


def _names_in(entries: Mapping[str, Entry], reading: Reading) -> tuple[list[Finding], set[str]]:
    """What is wrong with the texts that a flow uses, and the variables in them."""
    wrong: dict[Finding, None] = {}
    used: set[str] = set()
    for use in reading.texts:
        for template in (each for _, variants in entries[use.key] for each in variants):
            wrong |= dict.fromkeys(check_names(template, use.known))
            used |= {one.partition(".")[0] for one in template.names}
    return list(wrong), used


def _text_missing(key: str, at: Place, name: str, found: Found) -> Finding:
    made = found.texts.unknown(key, at, name)
    elsewhere = [flow for flow in found.compiled if flow != name and found.texts.owner(key, flow)[0] == flow]
    if not elsewhere or not TEXT_KEY.fullmatch(key):
        return made
    fix = f"it is a text of the flow `{elsewhere[0]}`; move it to a file of texts that is named like no flow"
    return Finding(code=made.code, severity="error", at=at, message=made.message, fix=fix)


def _whole(files: Mapping[str, str], languages: Sequence[str], found: Found) -> Flows:
    triggers: list[Trigger] = [one for flow in found.compiled.values() for one in flow.start]
    return Flows(
        version=version_of(files, languages),
        flows=found.compiled,
        start=TriggerIndex(triggers),
        texts=found.texts,
        default=default_flow(found.compiled),
        languages=tuple(languages) or ("en",),
        menus=found.menus,
        phrases=found.intents.phrases(),
    )


def default_flow(flows: Mapping[str, Flow]) -> str:
    """The flow whose fallback answers what nobody understands: `main`, else the first that has one."""
    if "main" in flows and flows["main"].fallback is not None:
        return "main"
    return next((name for name, flow in flows.items() if flow.fallback is not None), "")
