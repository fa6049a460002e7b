"""What a test expects beside the words: how they were sent, what they cost, what is remembered, what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from runtime.flow.names import SHARED
from runtime.flow.reading import Reading
from runtime.flow.shapes import Dict, Fields, Many, Number, One, Plain, Shape
from runtime.flow.source import Node
from runtime.flow.tree import Flows
from runtime.model import Session
from runtime.simulator.values import Said
from runtime.transcript import diff
from runtime.transcript.heard import Anything, Wanted, WantedShape
from runtime.transcript.words import REGEX, Pattern, Wording, Words

NONE = "none"
OWNERS = ("bot", "human", "provider", "paused", "module")
STATES = ("requested", "queued", "offered", "assigned", "active", "waiting", "snoozed", "wrap_up")
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a conversation so far. `events` are rows of the inbox with their traces."""

    said: Sequence[Said]
    session: Session | None
    flows: Flows
    events: Sequence[Mapping[str, Any]]
    deliveries: Sequence[Mapping[str, Any]]
    refused: Sequence[str]
    asked: Sequence[str]
    menu: str
    words: Words
    elsewhere: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    """What was said to people of the test in their own chats."""
    notes: Sequence[Mapping[str, Any]] = ()
    """The chat's log, as the desk shows it."""
    passed_on: Sequence[str] = ()
    """What other systems were asked to do."""

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The trace of every event."""
        for event in self.events:
            yield from event["trace"] or ()

    @property
    def waits(self) -> str:
        """The step where the conversation waits, as `flow.id`."""
        cursor = self.session.cursor if self.session else None
        if cursor is None:
            return NOTHING
        flow = self.flows.flows.get(cursor.flow)
        step = flow.nodes.get(cursor.step) if flow else None
        return step.name if step else f"{cursor.flow}.{cursor.step}"

    @property
    def steps(self) -> list[str]:
        """Triggers and steps in the order they came, each by all its names, `|` between them."""
        found = [
            str(row["trigger"]) if "trigger" in row else self.names(str(row["step"]))
            for row in self.rows()
            if passed(row)
        ]
        return [name for n, name in enumerate(found) if n == 0 or name != found[n - 1]]

    def names(self, step: str) -> str:
        flow, _, path = step.partition(".")
        known = self.flows.flows.get(flow)
        node = known.nodes.get(path) if known else None
        return f"{node.name}|{step}" if node and node.name != step else step

    @property
    def violations(self) -> list[Mapping[str, Any]]:
        return [row["violation"] for row in self.rows() if "violation" in row]

    @property
    def errors(self) -> list[str]:
        """Events that were given up, and steps that failed with nobody minding."""
        return [str(event["error"]) for event in self.events if event["state"] == "dead"]


def passed(row: Mapping[str, Any]) -> bool:
    """Whether a row of a trace tells of a trigger or of a step that was done."""
    return "trigger" in row or ("step" in row and not row.get("skipped"))


Check = Callable[[Any, Facts], Iterator[str]]
"""Gives a line for each thing that is not so."""


@dataclass(frozen=True, slots=True)
class Expectation:
    shape: Shape
    check: Check
    says: str


def _sent_by(wanted: Any, facts: Facts) -> Iterator[str]:
    found = sorted({one.via for one in facts.said}) or [NONE]
    if found != [wanted]:
        yield f"sent by {' and '.join(found)}, not by {wanted}" if wanted != NONE else f"sent by {' and '.join(found)}"


def _pushes(wanted: int, facts: Facts) -> Iterator[str]:
    found = sum(one.via == "push" for one in facts.said)
    if found != wanted:
        yield f"{found} messages pushed, not {wanted}"


def _billed(wanted: int, facts: Facts) -> Iterator[str]:
    found = sum(int(row["billed"]) for row in facts.deliveries)
    if found != wanted:
        yield f"{found} messages billed, not {wanted}"


def _vars(wanted: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    for name, value in wanted.items():
        found = remembered(name, facts)
        if not same(value, found):
            yield f"{name} is {shown(found)}, not {shown(value)}"


def _kept(wanted: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    kept = facts.session.kept if facts.session else {}
    for name, value in wanted.items():
        if not same(value, kept.get(name)):
            yield f"{name} is kept as {shown(kept.get(name))}, not {shown(value)}"


def remembered(name: str, facts: Facts) -> Any:
    """The value of `var`, `flow.var`, `session.name` or `profile.name`; of `var` in the flow that waits, else any."""
    session = facts.session
    if session is None:
        return None
    first, _, rest = name.partition(".")
    if rest and first == "profile":
        return session.profile.get(rest)
    if rest:
        held = session.vars.get(SHARED if first == "session" else first, {})
        return held.get(rest, session.kept.get(rest))
    here = session.cursor.flow if session.cursor else ""
    for values in (session.vars.get(here, {}), *session.vars.values(), session.kept):
        if name in values:
            return values[name]
    return None


def same(wanted: Any, found: Any) -> bool:
    """Whether a value is what is wanted; `/…/` is a pattern for texts."""
    if isinstance(wanted, str) and (pattern := REGEX.fullmatch(wanted)):
        return isinstance(found, str) and re.search(pattern[1], found) is not None
    return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)


def shown(value: Any) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()


def _trace(wanted: Sequence[str], facts: Facts) -> Iterator[str]:
    """These come in this order; others may come between."""
    left = [name.split("|") for name in facts.steps]
    for name in wanted:
        while left and not _named(name, left[0]):
            left.pop(0)
        if not left:
            steps = ", ".join(step.split("|")[0] for step in facts.steps) or "nothing"
            yield f"{name} did not come; the conversation went {steps}"
            return
        left.pop(0)


def _named(name: str, names: Sequence[str]) -> bool:
    return any(name in (one, one.partition(".")[2]) for one in names)


def _owner(wanted: str, facts: Facts) -> Iterator[str]:
    whole = facts.session.control.owner if facts.session else "bot"
    found = whole if ":" in wanted else whole.partition(":")[0]
    if found != wanted:
        yield f"the chat is in the hands of {found}, not of {wanted}"


def _of_case(name: str) -> Check:
    """A property of the live case; `none` where there is none."""

    def check(wanted: str, facts: Facts) -> Iterator[str]:
        case = facts.session.case if facts.session else None
        offered = case.offer.agent if case and case.offer and name == "agent" else ""
        found = str(getattr(case, name) or offered or NONE) if case else NONE
        if found != wanted:
            yield f"{found}, not {wanted}"

    return check


def _notes(facts: Facts) -> list[str]:
    return [str(row["data"].get("text") or "") for row in facts.notes if row["type"] == "note.added"]


def _told(wanted: Mapping[str, Sequence[Wanted]], facts: Facts) -> Iterator[str]:
    for name, messages in wanted.items():
        if name not in facts.elsewhere:
            yield f"nobody here is called {name}; there are {', '.join(facts.elsewhere) or 'none'}"
            continue
        pairs = diff.aligned(messages, facts.elsewhere[name], facts.words)
        if not all(one is not None and said is not None for one, said in pairs):
            yield f"{name}: {diff.headline(pairs)}: {'; '.join(diff.lines(pairs, facts.words))}"


def _waiting(wanted: str, facts: Facts) -> Iterator[str]:
    if wanted not in (facts.waits, facts.waits.partition(".")[2]):
        yield f"the conversation waits at {facts.waits}, not at {wanted}"


def _menu(wanted: str, facts: Facts) -> Iterator[str]:
    if facts.menu != wanted:
        yield f"the user sees the rich menu {facts.menu}, not {wanted}"


def _language(wanted: str, facts: Facts) -> Iterator[str]:
    if facts.words.language != wanted:
        yield f"the conversation is in {facts.words.language}, not in {wanted}"


def _listed(found: Callable[[Facts], Sequence[str]], what: str) -> Check:
    """`none`, or a pattern for each of them in order."""

    def check(wanted: Any, facts: Facts) -> Iterator[str]:
        patterns: Sequence[Pattern] = () if wanted == NONE else wanted
        there = list(found(facts))
        if len(there) != len(patterns) or not all(map(facts.words.fits, patterns, there)):
            said = "; ".join(there) or NONE
            hoped = ", ".join(facts.words.shown(one) for one in patterns) or NONE
            yield f"{what}: {said}, not {hoped}"

    return check


@dataclass(frozen=True, slots=True)
class NoneOr:
    """`none`, or a list."""

    def read(self, node: Any, reading: Any) -> Any:
        return NONE if node.kind == "text" and node.text == NONE else Many(Wording(), single=True).read(node, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": NONE}, {"type": "array", "items": Wording().schema()}, {"type": "string"}]}


@dataclass(frozen=True, slots=True)
class Owner:
    """One of the owners, or `provider:NAME`."""

    def read(self, node: Node, reading: Reading) -> str:
        if node.kind == "text" and node.text.startswith("provider:") and len(node.text) > len("provider:"):
            return node.text
        made: str = One(OWNERS).read(node, reading)
        return made

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [One(OWNERS).schema(), {"type": "string", "pattern": "^provider:."}]}


def _rules(facts: Facts) -> list[str]:
    return [str(one["rule"]) for one in facts.violations]


EXPECTATIONS: dict[str, Expectation] = {
    "sent_by": Expectation(One(("reply", "push", NONE)), _sent_by, "how all of it was sent"),
    "pushes": Expectation(Number(0), _pushes, "messages sent by push"),
    "billed": Expectation(Number(0), _billed, "messages that LINE bills"),
    "vars": Expectation(Dict(Anything()), _vars, "variables: `name`, `flow.name`, `session.name`, `profile.name`"),
    "told": Expectation(
        Dict(Many(WantedShape(), single=True)), _told, "what the bot said to people in their own chats, by name"
    ),
    "kept": Expectation(Dict(Anything()), _kept, "variables kept for ever"),
    "trace": Expectation(
        Many(Plain(), single=True), _trace, "steps and triggers that come in this order: `flow.id`, `id`, `flow.path`"
    ),
    "waiting": Expectation(Plain(), _waiting, "the question where the conversation waits, or `nothing`"),
    "owner": Expectation(Owner(), _owner, "who may speak in this chat; `provider:NAME` for a certain one"),
    "passed_on": Expectation(
        NoneOr(),
        _listed(lambda facts: facts.passed_on, "passed on to other systems"),
        "what other systems were asked to do, in order: `NAME open`, `NAME message`, `NAME cancel`, …",
    ),
    "case": Expectation(One((*STATES, NONE)), _of_case("state"), "how far people are with it, or `none`"),
    "queue": Expectation(Plain(), _of_case("queue"), "the queue of the live case, or `none`"),
    "agent": Expectation(Plain(), _of_case("agent"), "the agent who has the case or is asked, or `none`"),
    "agent_sees": Expectation(NoneOr(), _listed(_notes, "notes for agents"), "notes that only the desk sees, in order"),
    "language": Expectation(Plain(), _language, "the language of the conversation"),
    "menu": Expectation(Plain(), _menu, "the rich menu that the user sees, by the name of its file, or `none`"),
    "asked": Expectation(
        NoneOr(), _listed(lambda facts: facts.asked, "asked of the world outside"), "requests and functions, in order"
    ),
    "line_errors": Expectation(
        NoneOr(), _listed(lambda facts: facts.refused, "refused by LINE"), "what LINE refused: `none`, or its words"
    ),
    "violations": Expectation(NoneOr(), _listed(_rules, "message rules broken"), "`none`, or the rules' ids"),
    "errors": Expectation(NoneOr(), _listed(lambda facts: facts.errors, "turns that failed"), "`none`, or why"),
}
"""Name → what is expected by it."""

EXPECT = Fields({name: one.shape for name, one in EXPECTATIONS.items()}, what="expectations")

UNSAID = ("line_errors", "errors")
"""What is expected to be `none` at the end of every test that does not say otherwise."""


def verify(wanted: Mapping[str, Any], facts: Facts) -> list[tuple[str, str]]:
    """(name, what is not so) of everything that is not so."""
    return [(name, line) for name, value in wanted.items() for line in EXPECTATIONS[name].check(value, facts)]


def at_the_end(wanted: Mapping[str, Any], facts: Facts, unknown: Sequence[str]) -> list[tuple[str, str]]:
    """The same, with what every test expects in the end."""
    found = verify({**dict.fromkeys(UNSAID, NONE), **wanted}, facts)
    if "violations" not in wanted:
        broken = [one for one in facts.violations if one["severity"] == "error"]
        found += [("violations", f"{one['rule']}: {one['message']} ({one['done'] or 'sent'})") for one in broken]
    missing = dict.fromkeys(unknown)
    return found + [("mock", f"the bot asked {name}, and this test has no mock for it") for name in missing]
