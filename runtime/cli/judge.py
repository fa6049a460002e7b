"""What LINE would say to the messages of the flows, before anybody gets them.

Each output that `runtime.flow.spoken` works out is rendered as it would be sent and judged by the message rules.
What is written in the files is judged as it stands; what `{{ }}` fills in, by how long it may become.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from runtime.flow.bounds import FREE, MARK, Blank
from runtime.flow.loader import Found
from runtime.flow.source import Node
from runtime.flow.spoken import Said, Written, drafts_of, spoken
from runtime.flow.texts import Entry, Texts
from runtime.line.render import Page, render
from runtime.line.rules import check
from runtime.line.rules.kinds import condition
from runtime.line.rules.table import Rule, rules
from runtime.model import Finding, Message, Output, Place, Violation
from runtime.settings import EndpointSettings
from runtime.verdict import RULE, Key, finding, keys

Severity = Literal["error", "warning", "hint"]

RISK = "message-risk"
"""The code for what LINE may refuse once it is filled in; `RULE` is that for what it refuses as it is written."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "quickReply": ("options", "quick"),
    "columns": ("cards", "image_cards"),
    "actions": ("buttons", "confirm", "imagemap", "cards"),
    "text": ("say", "text"),
    "title": ("title",),
    "altText": ("alt",),
    "sender": ("sender",),
    "baseSize": ("imagemap",),
}
"""Property of a LINE message → keys of a step that it is made from, where no text of the file leads to its place."""

STRUCTURAL = frozenset(
    {"same_action_count", "same_title", "same_image", "same_size", "no_video", "one_block", "no_text"}
)
"""Conditions between several values that ask whether they are there, not what they say."""

GROUPS_ALONE = frozenset({"mention_destination"})
"""Conditions that depend on the chat: a flow may be meant for groups, and nothing in its file says so."""
ALONE = "only in one-to-one chats"

MADE_BY = {"flex": "flex", "line": "line"}
"""Kinds of output that hold a message of LINE's form, and the key it stands under."""


def findings(found: Found, config: EndpointSettings) -> list[Finding]:
    """What is wrong with everything that the flows of an endpoint say, each at its place in the file.

    Flows whose file has an error are left out. What a flow says is judged again when the flow is another, or a
    text that it used, or the endpoint.
    """
    broken = {one.at.file for one in found.findings if one.severity == "error"}
    config = _settled(config)
    told: dict[tuple[str, str, Place], Finding] = {}
    for name, flow in found.compiled.items():
        if flow.file not in broken:
            for finding in _of_flow(name, found, config):
                told.setdefault((finding.code, finding.why, finding.at), finding)
    exceeded = {(at, why) for code, why, at in told if code == RULE}
    return [one for (code, why, at), one in told.items() if code == RULE or (at, why) not in exceeded]


@dataclass(frozen=True, slots=True)
class Heard:
    """The findings of one flow, and what they came from beside the flow itself."""

    config: EndpointSettings
    tags: tuple[str, ...]
    asked: Mapping[tuple[str, str], Entry]
    findings: tuple[Finding, ...]

    def holds(self, texts: Texts, config: EndpointSettings) -> bool:
        return (
            self.config is config
            and self.tags == texts.tags
            and all(texts.entry(*ask) == entry for ask, entry in self.asked.items())
        )


def _of_flow(name: str, found: Found, config: EndpointSettings) -> tuple[Finding, ...]:
    shelf, what = found.shelves[name], f"messages of {config.name}"
    known: Heard | None = shelf.find(what)
    if known is None or not known.holds(found.texts, config):
        flow, atlas = found.compiled[name], Atlas(found)
        drafts = drafts_of(flow, found.texts)
        made = [one for said in spoken(flow, drafts, config) for one in Look(said, atlas).findings()]
        known = Heard(config, found.texts.tags, drafts.asked, tuple(dict.fromkeys(made)))
        shelf.put(what, known)
    return known.findings


_configs: dict[str, EndpointSettings] = {}


def _settled(config: EndpointSettings) -> EndpointSettings:
    """The settings that an endpoint had last time, when they are equal: they are compared once and not by each flow."""
    known = _configs.get(config.name)
    if known == config:
        return known
    _configs[config.name] = config
    return config


@dataclass(slots=True)
class Atlas:
    """Where the steps of the flows stand, as they are written."""

    found: Found
    _maps: dict[str, dict[tuple[int, int], Node]] = field(default_factory=dict)

    def step(self, said: Said) -> Node | None:
        """The step as it stands in its file."""
        flow = said.step.flow
        if flow not in self._maps:
            self._maps[flow] = dict(_maps(self.found.nodes[flow]))
        return self._maps[flow].get((said.step.at.line, said.step.at.column))

    def raw(self, said: Said) -> tuple[Node, int] | None:
        """What a message of LINE's form is written as, and how many keys of the message's path lead there."""
        verb = MADE_BY.get(said.output.kind)
        step = self.step(said) if verb else None
        node = step.get(verb) if step is not None and verb else None
        if node is not None and node.kind == "text":
            node = self.found.cards.get(node.text)
        return (node, 1 if verb == "flex" else 0) if node is not None else None


def _maps(root: Node) -> Iterator[tuple[tuple[int, int], Node]]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.kind == "map":
            yield (node.line, node.column), node
            todo += reversed(node.map.values())
        else:
            todo += reversed(node.items)


class Look:
    """One output, rendered and judged."""

    def __init__(self, said: Said, atlas: Atlas) -> None:
        self.said, self.atlas = said, atlas
        self.texts: Mapping[int, Written] = said.texts
        self.linked: dict[int, tuple[str, Written]] = {}

    def findings(self) -> Iterator[Finding]:
        messages = render(self.said.output, Page(self._link))
        for violation in check(messages[:5]) if messages else ():
            path = keys(violation.path)
            if path[:1] == ["messages"] and len(path) > 1 and isinstance(path[1], int):
                finding = self._finding(violation, messages[path[1]], path[2:])
                if finding is not None:
                    yield finding

    def _link(self, path: str) -> str:
        """A link as the runtime would make it of a file; it leads back to where the file is named."""
        made = "https://media.example/" + path
        if id(path) in self.texts:
            self.linked[id(made)] = (made, self.texts[id(path)])
        return made

    def _written(self, value: Any) -> Written | None:
        known = self.texts.get(id(value))
        return known or self.linked.get(id(value), ("", None))[1]

    def _finding(self, violation: Violation, message: Message, path: list[Key]) -> Finding | None:
        rule = rules()[violation.rule]
        value = reach(message, path)
        if not (marked(value) if rule.kind == "check" and rule.limit not in STRUCTURAL else touched(value)):
            return None if self.said.fill != "short" else self._certain(violation, rule, message, path)
        if self.said.fill == "short":
            clean = value.replace(MARK, "x") if isinstance(value, str) else ""
            sure = rule.kind == "length" or (rule.kind == "url" and not value.startswith(MARK))
            return self._certain(violation, rule, message, path) if sure and not condition(rule)(clean) else None
        return self._risk(violation, rule, message, path) if rule.kind == "length" else None

    def _certain(self, violation: Violation, rule: Rule, message: Message, path: list[Key]) -> Finding:
        made = finding(violation, self._place(rule, message, path), self.said.step.path)
        here = rule.kind == "check" and rule.limit in GROUPS_ALONE
        return replace(made, severity="warning", why=f"{ALONE}; {made.why}") if here else made

    def _risk(self, violation: Violation, rule: Rule, message: Message, path: list[Key]) -> Finding:
        written = self._written(reach(message, path)) or self._below(reach(message, path[:-1]))
        blanks = written.blanks if written else ()
        long = [blank for blank in blanks if blank.most is not None and (blank.most > 1)]
        wild = [blank for blank in long if blank.most == FREE]
        names = " and ".join(f"`{blank.shown}`" for blank in wild or long) or "what is filled in"
        limit = f"the limit of {violation.property} is {violation.limit}"
        text = f"any length from {names}; {limit}" if wild else f"{amount(violation, long)} from {names}; {limit}"
        return Finding(
            code=RISK,
            severity="hint" if wild else "warning",
            at=self._place(rule, message, path),
            message=text,
            why=f"{violation.rule}: {violation.url}",
            fix=f"shorten it with | truncate({violation.limit})" if len(blanks) == 1 else "shorten it with | truncate",
            path=self.said.step.path,
        )

    def _place(self, rule: Rule, message: Message, path: list[Key]) -> Place:
        """The most exact place that is known of a property."""
        own = self._written(reach(message, path))
        if own is not None:
            return own.at
        raw = self.atlas.raw(self.said)
        if raw is not None and len(path) > raw[1]:
            return inside(raw[0], path[raw[1] :], unknown=rule.kind == "keys")
        for end in range(len(path), 0, -1):
            if isinstance(path[end - 1], int) and (near := self._below(reach(message, path[:end]))):
                return near.at
            if place := self._keyed(path[:end]):
                return place
        near = self._below(reach(message, path))
        return near.at if near else self.said.step.at

    def _keyed(self, path: Sequence[Key]) -> Place | None:
        """The key of the step that a property is made from."""
        node = self.atlas.step(self.said)
        if node is None or any(isinstance(key, int) for key in path):
            return None
        names = KEYS.get(str(path[-1]), ())
        found = next((name for name in names if name in node.map), "")
        inner = node.map[found] if found else node
        deeper = next((name for name in names if name in inner.map), "")
        return inner.key_at(deeper) if deeper else node.key_at(found) if found else None

    def _below(self, value: Any) -> Written | None:
        """The first text of the files in a part of the message."""
        todo = [value]
        while todo:
            one = todo.pop()
            if isinstance(one, dict):
                todo += reversed(one.values())
            elif isinstance(one, list):
                todo += reversed(one)
            elif (known := self._written(one)) is not None:
                return known
        return None


def reach(value: Any, path: Sequence[Key]) -> Any:
    """The value at a path; None where there is none."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def touched(value: Any) -> bool:
    """Whether something that is filled in later is in a text."""
    return isinstance(value, str) and MARK in value


def marked(value: Any) -> bool:
    """Whether something that is filled in later is in a text, or anywhere in a mapping or list."""
    if isinstance(value, str):
        return touched(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(marked(one) for one in inner)


def inside(node: Node, path: Sequence[Key], *, unknown: bool) -> Place:
    """The place of a property in what it is written as; of what is around it where it is missing.

    Where LINE does not know the property, it is the key that matters.
    """
    for depth, key in enumerate(path, 1):
        if set(node.map) == {"each", "item"}:
            node = node.map["item"]
        if unknown and depth == len(path):
            return node.key_at(str(key))
        below = node.items[key : key + 1] if isinstance(key, int) else [node.map[key]] if key in node.map else []
        if not below:
            return node.at
        node = below[0]
    return node.at


def amount(violation: Violation, blanks: Sequence[Blank]) -> str:
    """How long it may become: what the blanks bring, and the whole where something is written around them."""
    most = int(sum(blank.most or 0 for blank in blanks))
    whole = f", {violation.actual} in all" if violation.actual != most else ""
    return f"up to {most} characters{whole}"


def settings(found: Found, config: EndpointSettings) -> Iterator[tuple[str, Violation]]:
    """What LINE would not take of the texts in noren.yaml, each with the name of its setting."""
    said = {"late_text": config.late_text, "trouble": config.trouble, "session.expired_say": config.session.expired_say}
    said |= {f"fallback[{number}]": text for number, text in enumerate(config.fallback)}
    for name, text in said.items():
        for words in filter(None, _wordings(text, found)):
            yield from ((name, one) for one in check(render(Output(kind="text", text=words), Page(str))))
    for words in _wordings(config.late_label, found):
        button = {"label": words, "postback": "-"}
        output = Output(kind="text", text="-", quick=(button,))
        yield from (("late_label", one) for one in check(render(output, Page(str))))


def _wordings(text: str, found: Found) -> list[str]:
    """The text, or every wording of the one it is the key of."""
    if not text.startswith("$"):
        return [text]
    return [template.text for _, template in found.texts.templates(text[1:]) if template.static]
