"""One flow file while it is being compiled: where we are in it, what is known, what was found wrong."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from runtime.flow.expr_check import Known
from runtime.flow.source import Node
from runtime.flow.tree import Block, Step, Target
from runtime.flow.variables import Variable
from runtime.model import Finding, Place

KINDS = {
    "map": "a mapping",
    "list": "a list",
    "text": "a text",
    "number": "a number",
    "bool": "true or false",
    "nothing": "nothing",
}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
COMMON = ("id", "if", "note", "label", "error")


@dataclass(frozen=True, slots=True)
class Use:
    """A `$key`: where it stands and the names its text may use there."""

    key: str
    at: Place
    path: str
    known: Known


@dataclass(frozen=True, slots=True)
class Worded:
    """A text that is written in its step: by language (empty where there is one for all), and its place in the flow.

    `bare`: a button that is nothing but this text.
    """

    path: str
    by: Mapping[str, tuple[Node, ...]]
    bare: bool = False

    @property
    def node(self) -> Node:
        return next(iter(self.by.values()))[0]

    @property
    def at(self) -> Place:
        return self.node.at


class Inside:
    """Gives an attribute its value back when the block is done. (A generator would cost three times as much.)"""

    __slots__ = ("_before", "_name", "_reading")

    def __init__(self, reading: Reading, name: str, before: object) -> None:
        self._reading, self._name, self._before = reading, name, before

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        setattr(self._reading, self._name, self._before)


@dataclass(slots=True)
class Reading:
    """`path` is where we are (`steps[3].do`); `names` what expressions may use; the rest fills up on the way."""

    file: str
    flow: str
    steps: Mapping[str, type[Step]]
    later: frozenset[str]
    languages: tuple[str, ...]
    cards: Mapping[str, Node] = field(default_factory=dict)
    vars: dict[str, Variable] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    path: str = ""
    owner: str = ""
    findings: list[Finding] = field(default_factory=list)
    blocks: list[tuple[str, Block]] = field(default_factory=list)
    nodes: dict[str, Step] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    texts: list[Use] = field(default_factory=list)
    worded: list[Worded] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    """Names of steps and sections that are there and could not be read: nobody is told that they are missing."""
    _knowns: dict[frozenset[str], Known] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """The names in scope, as the expressions' check wants them; made once for each set of names."""
        made = self._knowns.get(self.names)
        if made is None:
            made = self._knowns[self.names] = Known(self.names | self.vars.keys())
        return made

    def found(self, findings: Iterable[Finding]) -> None:
        for one in findings:
            self.findings.append(replace(one, path=one.path or self.path))

    def tell(
        self,
        code: str,
        at: Place,
        message: str,
        *,
        why: str = "",
        fix: str = "",
        severity: Literal["error", "warning", "hint"] = "error",
    ) -> None:
        self.findings.append(
            Finding(code=code, severity=severity, at=at, message=message, why=why, fix=fix, path=self.path)
        )

    def wrong(self, node: Node, wanted: str, fix: str = "") -> None:
        """This is not the kind of value that belongs here."""
        self.tell("wrong-kind", node.at, f"expected {wanted}, found {KINDS[node.kind]}", fix=fix)

    def missed(self, node: Node) -> None:
        """A step that could not be read: what it may be called, or ask for, is not said to be missing."""
        names = {
            one.text for key, one in node.map.items() if key in (next(iter(node.map)), "id") and one.kind == "text"
        }
        self.lost |= names
        for name in filter(NAME.fullmatch, names - self.vars.keys()):
            self.vars[name] = Variable(name=name, at=node.at, declared=False)
        self._knowns.clear()

    def no_card(self, node: Node) -> None:
        """The file of a Flex message is not there."""
        close = nearest(node.text, self.cards)
        fix = "put it into the folder cards/ beside the flows"
        self.tell("missing-card", node.at, f"there is no file `{node.text}`{close}", fix=fix)

    def inside(self, part: str | int) -> Inside:
        before = self.path
        self.path = f"{before}[{part}]" if isinstance(part, int) else f"{before}.{part}" if before else part
        return Inside(self, "path", before)

    def knowing(self, names: Collection[str]) -> Inside:
        """Inside, expressions may use these names too."""
        before = self.names
        if names:
            self.names = before | frozenset(names)
        return Inside(self, "names", before)

    def owning(self, path: str) -> Inside:
        before = self.owner
        self.owner = path
        return Inside(self, "owner", before)

    def block(self, node: Node, steps: Iterable[Step | None], *, aside: bool = False) -> Block:
        made = Block(self.path, node.at, tuple(step for step in steps if step), aside)
        self.blocks.append((self.owner, made))
        return made

    def target(self, name: str, at: Place, kind: str = "goto") -> Target:
        made = Target(name, at, kind)
        self.targets.append(made)
        return made

    def variable(self, name: str, at: Place) -> Variable:
        """The variable something is put into; it has to be declared."""
        self.written.add(name)
        known = self.vars.get(name)
        if known is None:
            self.tell(
                "undefined-variable",
                at,
                f"`{name}` is no variable of this flow{nearest(name, self.vars)}",
                fix=f"declare it at the top of the file: vars: {{{name}: any}}",
            )
            self._knowns.clear()  # told once: expressions below may use it
            known = self.vars[name] = Variable(name=name, at=at, declared=False)
        return known


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    close = meant(word, known)
    return f"; did you mean `{close}`?" if close else ""


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that somebody most likely meant: one that says the same elsewhere, or looks alike."""
    words = {one.lower().replace("-", "_"): one for one in sorted(known, reverse=True)}
    plain = unicodedata.normalize("NFKC", word).strip().lower().replace("-", "_").replace(" ", "_")
    if plain in words:
        return words[plain]
    for same in SYNONYMS.get(plain.replace("_", ""), "").split():
        if same in words:
            return words[same]
    close = difflib.get_close_matches(plain, list(words), n=1)
    return words[close[0]] if close else ""


SYNONYMS = {
    **dict.fromkeys(("message", "text", "send", "reply", "print", "answer", "msg", "output"), "say text"),
    **dict.fromkeys(("question", "input", "prompt"), "ask"),
    **dict.fromkeys(("jump", "go", "next", "redirect"), "goto"),
    **dict.fromkeys(("sleep", "pause", "waitfor"), "delay wait"),
    **dict.fromkeys(("carousel", "card", "columns"), "cards"),
    **dict.fromkeys(("photo", "picture", "img", "thumbnail"), "image"),
    **dict.fromkeys(("sound", "voice", "music"), "audio"),
    **dict.fromkeys(("place", "map", "address"), "location"),
    **dict.fromkeys(("stamp", "emoji"), "sticker"),
    **dict.fromkeys(("request", "api", "fetch", "rest", "curl"), "http"),
    **dict.fromkeys(("python", "function", "code", "script"), "call"),
    **dict.fromkeys(("assign", "let", "variable", "var", "store"), "set"),
    **dict.fromkeys(("variables", "slots"), "vars"),
    **dict.fromkeys(("exit", "finish", "quit"), "end"),
    **dict.fromkeys(("subflow", "include", "callflow"), "run"),
    **dict.fromkeys(("quickreply", "quickreplies", "suggestions"), "quick"),
    **dict.fromkeys(("choices", "values"), "options of"),
    **dict.fromkeys(("retry", "retries", "otherwise", "invalid", "error"), "else"),
    **dict.fromkeys(("condition", "check", "validate", "unless"), "when if"),
    **dict.fromkeys(("then", "actions", "action"), "do then"),
    **dict.fromkeys(("trigger", "triggers", "intents", "on"), "start"),
    **dict.fromkeys(("url", "uri", "href"), "link url"),
    **dict.fromkeys(("data", "payload"), "postback value"),
    **dict.fromkeys(("elif", "elseif", "case"), "switch cases"),
    **dict.fromkeys(("name", "caption", "title"), "label title"),
    **dict.fromkeys(("keywords", "words", "word"), "keyword"),
    **dict.fromkeys(("string", "str"), "text"),
    **dict.fromkeys(("boolean", "yesno", "confirmation"), "bool yes_no"),
    **dict.fromkeys(("integer", "whole"), "int"),
    **dict.fromkeys(("float", "decimal"), "number"),
    **dict.fromkeys(("array", "items"), "list"),
    **dict.fromkeys(("enum", "select"), "choice"),
    **dict.fromkeys(("chatbar", "chatbartext", "barlabel"), "bar"),
    **dict.fromkeys(("allowduringhandover", "whilehandover"), "during_handover"),
    **dict.fromkeys(("bounds", "rect", "rectangle"), "area"),
}
"""What other tools and languages call a thing → what it is called here, the likeliest first."""


def ordered(blocks: list[tuple[str, Block]]) -> list[tuple[str, Block]]:
    """Owners before what they own: the inner ones were finished first."""
    return blocks[::-1]


def plain(node: Node | None) -> Any:
    return node.plain() if node is not None else None
