"""A test as it is written: read from YAML, every value with its place, everything that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.errors import FlowError
from runtime.flow.reading import Reading, nearest
from runtime.flow.shapes import SPAN, UNITS, Dict, Fields, Flag, Many, Number, Plain, Shape, Span
from runtime.flow.source import Node, parse
from runtime.model import Finding, Place
from runtime.transcript import agents, others
from runtime.transcript.acts import BESIDE, DONE, HAPPENS
from runtime.transcript.expect import EXPECT
from runtime.transcript.heard import Anything, Wanted, WantedShape
from runtime.transcript.mocks import Answer, Mock
from runtime.transcript.words import Wording

MOCKED = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|\*) \S+|[\w./*-]+\.py:[\w*]+|\*")
DEFAULT_NAME = "Hana"
CLOCK = 1_796_086_800_000
"""Tuesday, 1 December 2026, 10:00 in Tokyo, when a test says no time of its own."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: so much later, or at this moment (ms since the epoch; without a zone in that of the endpoint)."""

    later: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """How it stands at the beginning."""

    endpoint: str = ""
    languages: tuple[str, ...] = ()
    clock: Moment | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    vars: Mapping[str, Any] = field(default_factory=dict)
    friend: bool = True
    group: str = ""
    members: tuple[str, ...] = ()
    agents: Mapping[str, Any] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    at: Place = Place("")
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the conversation. `verb`: do, bot, clock, agent, agents, provider, expect."""

    verb: str
    at: Place
    node: Node
    who: str = ""
    act: str = ""
    value: Any = None
    beside: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole test."""

    name: str
    file: str
    at: Place
    given: Given
    mocks: tuple[Mock, ...]
    lines: tuple[Line, ...]
    expect: Line | None = None
    skip: str = ""


@dataclass(frozen=True, slots=True)
class MomentShape:
    """`+10m`, or `2026-12-01T10:00`."""

    def read(self, node: Node, reading: Reading) -> Moment:
        text = node.text.strip()
        if found := SPAN.fullmatch(text.removeprefix("+")):
            return Moment(later=round(float(found[1]) * UNITS[found[2]]))
        try:
            return Moment(at=datetime.fromisoformat(text))
        except ValueError:
            fix = "write +10m, +2h, +3d, or 2026-12-01T10:00"
            reading.tell("bad-time", node.at, f"expected a time, found {text or 'nothing'}", fix=fix)
            return Moment()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\+?\d"}


@dataclass(frozen=True, slots=True)
class LineShape:
    """An entry: one name, what it does."""

    people: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading) -> Line | None:
        if node.kind == "text" and node.text in HAPPENS:
            return Line("do", node.at, node, act=node.text, value=True)
        if node.kind != "map" or len(node.map) != 1:
            names = ", ".join(("user", *self.people, *VERBS))
            fix = f"write - user: hello, or one of {names}"
            reading.tell("one-of", node.at, "expected one entry, such as `user: …` or `bot: …`", fix=fix)
            return None
        [(name, value)] = node.map.items()
        with reading.inside(name):
            if name in VERBS:
                return VERBS[name](value, reading)
            if name == "user" or name in self.people:
                return _doing(value, reading, "" if name == "user" else name)
        known = ("user", *self.people, *VERBS)
        message = f"`{name}` is nobody in this test{nearest(name, known)}"
        reading.tell("unknown-key", node.key_at(name), message, fix=f"known here: {', '.join(known)}")
        return None

    def schema(self) -> dict[str, Any]:
        acts = {"anyOf": [Wording().schema(), DONE.schema()]}
        bot = {"anyOf": [WantedShape().schema(), {"type": "array", "items": WantedShape().schema()}]}
        event = {"anyOf": [{"enum": list(HAPPENS)}, _happening().schema()]}
        known = {"user": acts, "bot": bot, "clock": MomentShape().schema(), "expect": EXPECT.schema(), "event": event}
        known |= {"agent": {"anyOf": [Wording().schema(), agents.DONE.schema()]}, "agents": agents.AGENTS.schema()}
        known |= {"provider": others.DONE.schema()}
        entry = {"type": "object", "properties": known, "additionalProperties": acts}
        return {"anyOf": [{"enum": list(HAPPENS)}, {**entry, "minProperties": 1, "maxProperties": 1}]}


def _happening() -> Fields:
    return Fields({name: act.shape for name, act in HAPPENS.items()}, one_of=tuple(HAPPENS), what="an event")


def _doing(node: Node, reading: Reading, who: str) -> Line:
    spoken = node.kind == "map" and bool(node.map) and set(node.map) <= set(reading.languages)
    if node.kind != "map" or spoken:
        return Line("do", node.at, node, who, "text", Wording().read(node, reading))
    return _act(node, DONE.read(node, reading), who)


def _act(node: Node, made: dict[str, Any], who: str = "") -> Line:
    name = next((key for key in made if key not in BESIDE), "")
    beside = {key: value for key, value in made.items() if key != name}
    return Line("do", node.at, node, who, name, made.get(name), beside)


def _event(node: Node, reading: Reading) -> Line:
    if node.kind != "map":
        if node.text not in HAPPENS:
            message = f"expected an event, found `{node.text}`{nearest(node.text, HAPPENS)}"
            reading.tell("unknown-word", node.at, message, fix=f"known here: {', '.join(HAPPENS)}")
        return Line("do", node.at, node, act=node.text, value=True)
    return _act(node, _happening().read(node, reading))


def _bot(node: Node, reading: Reading) -> Line:
    wanted: tuple[Wanted, ...] = Many(WantedShape(), single=True).read(node, reading)
    return Line("bot", node.at, node, value=wanted)


def _clock(node: Node, reading: Reading) -> Line:
    return Line("clock", node.at, node, value=MomentShape().read(node, reading))


def _expect(node: Node, reading: Reading) -> Line:
    return Line("expect", node.at, node, value=EXPECT.read(node, reading))


def _agent(node: Node, reading: Reading) -> Line:
    spoken = node.kind == "map" and bool(node.map) and set(node.map) <= set(reading.languages)
    if node.kind != "map" or spoken:
        return Line("agent", node.at, node, act="text", value=Wording().read(node, reading))
    made = agents.DONE.read(node, reading)
    name = next((key for key in made if key not in agents.BESIDE), "")
    beside = {key: value for key, value in made.items() if key != name}
    return Line("agent", node.at, node, "", name, made.get(name), beside)


def _agents(node: Node, reading: Reading) -> Line:
    return Line("agents", node.at, node, value=agents.AGENTS.read(node, reading))


def _provider(node: Node, reading: Reading) -> Line:
    return Line("provider", node.at, node, value=others.DONE.read(node, reading))


VERBS: dict[str, Callable[[Node, Reading], Line]] = {
    "bot": _bot,
    "clock": _clock,
    "expect": _expect,
    "event": _event,
    "agent": _agent,
    "agents": _agents,
    "provider": _provider,
}

PROFILE = Fields({name: Plain() for name in ("name", "picture", "status")}, what="a profile")
GIVEN: dict[str, Shape] = {
    "endpoint": Plain(),
    "language": Many(Plain(), min=1, single=True),
    "clock": MomentShape(),
    "profile": PROFILE,
    "vars": Dict(Anything()),
    "friend": Flag(),
    "group": Plain(),
    "members": Many(Plain(), min=1),
    "agents": agents.AGENTS,
    "providers": others.GIVEN,
}
ANSWER = Fields(
    {
        "json": Anything(),
        "text": Plain(),
        "status": Number(100, 599),
        "headers": Dict(Plain()),
        "result": Anything(),
        "error": Plain(),
        "delay": Span(),
    },
    make=lambda made: Answer(**made),
    what="an answer",
)


@dataclass(frozen=True, slots=True)
class MocksShape:
    """`METHOD url` or `file.py:function` → an answer, or several in turn."""

    def read(self, node: Node, reading: Reading) -> tuple[Mock, ...]:
        answers = Dict(Many(ANSWER, min=1, single=True)).read(node, reading)
        for name in answers:
            if not MOCKED.fullmatch(name):
                fix = 'write "GET https://example.com/…" for an http step, "file.py:function" for a call'
                reading.tell("wrong-form", node.key_at(name), f"`{name}` is nothing that can be mocked", fix=fix)
        return tuple(Mock(name, found, node.key_at(name)) for name, found in answers.items())

    def schema(self) -> dict[str, Any]:
        one = Many(ANSWER, min=1, single=True).schema()
        return {"type": "object", "additionalProperties": one}


def parts(people: Sequence[str] = ()) -> dict[str, Shape]:
    """The keys of a test."""
    return {
        "test": Plain(),
        "note": Plain(),
        "skip": Plain(),
        "given": Fields(GIVEN, what="the beginning"),
        "mock": MocksShape(),
        "chat": Many(LineShape(tuple(people))),
        "expect": EXPECT,
    }


def is_test(text: str) -> bool:
    """Whether a file begins with `test:`, comments and empty lines aside."""
    lines = (line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and line[0] != "#")
    return next((line for line in lines if not line.startswith(("---", "%"))), "").startswith("test:")


def read_script(text: str, file: str, languages: Sequence[str] = ()) -> Script:
    """Raises `FlowError` with everything that is wrong."""
    node, findings = parse(text, file)
    found = [one for one in findings if one.severity == "error"]
    if node is None or found:
        raise FlowError(found or findings)
    reading = Reading(file, "", {}, frozenset(), tuple(languages))
    people = _people(node)
    made = Fields(parts(people), needs=("test", "chat"), what="a test").read(node, reading)
    _judge(node, made, reading)
    wrong: list[Finding] = [one for one in reading.findings if one.severity == "error"]
    if wrong:
        raise FlowError(wrong)
    return _script(node, made, file)


def _people(node: Node) -> tuple[str, ...]:
    """Who may speak: the members, and the person of the profile."""
    given = node.get("given")
    members = given.get("members") if given else None
    profile = given.get("profile") if given else None
    name = profile.get("name") if profile else None
    names = [one.text for one in members.items] if members else []
    return tuple(dict.fromkeys([*names, *([name.text] if name else [])]))


def _judge(node: Node, made: Mapping[str, Any], reading: Reading) -> None:
    given = made.get("given") or {}
    if "members" in given and "group" not in given:
        at = node.map["given"].key_at("members")
        reading.tell("missing-key", at, "`members` needs a `group`", fix="add group: the group's name")
    for name in _people(node):
        if name in ("user", *VERBS):
            reading.tell("wrong-form", node.at, f"nobody can be called `{name}`: that is a word of tests")


def _script(node: Node, made: Mapping[str, Any], file: str) -> Script:
    given = dict(made.get("given") or {})
    languages = given.pop("language", ())
    where = node.map.get("given", node)
    places = {name: where.key_at(name) for name in where.map}
    expect = node.get("expect")
    return Script(
        name=made["test"],
        file=file,
        at=node.at,
        given=Given(languages=languages, at=where.at, places=places, **given),
        mocks=made.get("mock", ()),
        lines=tuple(line for line in made["chat"] if line is not None),
        expect=Line("expect", node.key_at("expect"), expect, value=made["expect"]) if expect else None,
        skip=made.get("skip", ""),
    )
