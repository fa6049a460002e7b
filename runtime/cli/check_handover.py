"""What is wrong with handing chats over: the part `handover` of noren.yaml, and the steps of flows that use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from runtime.flow.expr import Template, compile_expression
from runtime.flow.intents import FILE as INTENTS
from runtime.flow.judging import finding
from runtime.flow.loader import Found
from runtime.flow.reading import meant, nearest
from runtime.flow.source import Node
from runtime.flow.steps.ask import Ask
from runtime.flow.steps.handover import Availability, Handover, Inactivity
from runtime.flow.tree import Flow, Step
from runtime.handover.verify import known_queues, wrongs
from runtime.model import Finding, Place
from runtime.project import setting_at
from runtime.settings import EndpointSettings, Settings
from runtime.settings.handover import HandoverSettings

FACTS = ("profile", "session.chat", "language", "priority", "labels", "chat")
"""What rules may ask about beside the variables of `context`."""

DURING = (".queued[", ".active[", ".inactive.do[")
"""Parts of a step's path inside which people have the chat."""


def settings(made: Settings, node: Node) -> Iterator[Finding]:
    """What noren.yaml alone shows."""
    spoken = dict.fromkeys(one for endpoint in made.endpoints.values() for one in endpoint.languages)
    for wrong in wrongs(made.handover, tuple(spoken)):
        beside = f"{wrong.where.rpartition('.')[0]}.secret"  # a Chatwoot before 4.13 signs nothing
        if wrong.code == "provider-incomplete" and (
            _written(node, wrong.where) or (wrong.severity == "warning" and _written(node, beside))
        ):
            continue  # `${NAME}`: what is in the environment there, nobody knows here
        at, severity = setting_at(node, wrong.where), wrong.severity
        yield finding(wrong.code, at, wrong.message, severity=severity, fix=wrong.fix, why=wrong.why)
    for name, stream in made.handover.workstreams.items():
        for number, route in enumerate(stream.queues):
            if route.when:
                at = _value_at(node, f"handover.workstreams.{name}.queues[{number}].when")
                yield from _rule(route.when, at, stream.context)
        if stream.survey.when != "never":
            yield from _in_groups(made, setting_at(node, f"handover.workstreams.{name}.survey"))


def unstaffed(queues: Iterable[str], node: Node | None) -> Iterator[Finding]:
    """Queues of the settings in which nobody works."""
    for queue in queues:
        at = setting_at(node, f"handover.queues.{queue}")
        message = f"nobody works in the queue `{queue}`"
        why, fix = "its cases wait for nobody", "give it to an agent at the desk, under Agents"
        yield finding("queue-without-agents", at, message, why=why, fix=fix)


def _written(node: Node, where: str) -> bool:
    parent, _, name = where.rpartition(".")
    found: Node | None = node
    for part in parent.split("."):
        found = found.get(part) if found is not None else None
    value = found.get(name) if found is not None else None
    return value is not None and value.text.strip() not in ("", "0")


def _value_at(node: Node, where: str) -> Place:
    """Where the value of a rule's `when` begins."""
    rules: Node | None = node
    path, _, rest = where.partition("[")
    for part in path.split("."):
        rules = rules.get(part) if rules is not None else None
    number = int(rest.partition("]")[0])
    rule = rules.items[number] if rules is not None and number < len(rules.items) else rules
    when = rule.get("when") if rule is not None else None
    return when.at if when is not None else setting_at(node, where)


def _rule(when: str, at: Place, context: Iterable[str]) -> Iterator[Finding]:
    _, found = compile_expression(when, at, (*context, *FACTS))
    for one in found:
        if one.code == "expr-name":
            name = one.message.split("`")[1]
            why = "rules see the variables of `context`, and profile, session.chat, language, priority, labels, chat"
            fix = one.fix if one.fix.startswith("did you mean") else f"add {name} to the workstream's context"
            yield replace(one, fix=fix, why=why)
        else:
            yield one


def _in_groups(made: Settings, at: Place) -> Iterator[Finding]:
    groups = [name for name, endpoint in made.endpoints.items() if endpoint.groups != "off"]
    if groups:
        message = "in groups nobody is asked how it was"
        why = f"a survey goes to one person, and {groups[0]} talks in groups too"
        yield finding("survey-in-groups", at, message, severity="hint", why=why, fix="nothing, if that is meant")


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one endpoint's flows, held against noren.yaml."""

    made: Settings
    found: Found
    endpoint: EndpointSettings

    @property
    def people(self) -> HandoverSettings:
        return self.made.handover

    @property
    def copilots(self) -> frozenset[str]:
        """Files of the flows that noren.yaml has help agents."""
        named = (self.found.compiled.get(stream.copilot) for stream in self.people.workstreams.values())
        return frozenset(flow.file for flow in named if flow is not None)

    def findings(self, node: Node | None) -> Iterator[Finding]:
        for name, stream in self.people.workstreams.items():
            if stream.copilot and stream.copilot not in self.found.compiled:
                close = nearest(stream.copilot, self.found.compiled)
                at = setting_at(node, f"handover.workstreams.{name}.copilot")
                message = f"there is no flow `{stream.copilot}`{close}"
                yield finding("dangling-run", at, message, severity="error")
            if stream.cancel.intent:
                at = setting_at(node, f"handover.workstreams.{name}.cancel.intent")
                yield from self._meant(stream.cancel.intent, at)
            yield from self._context(f"handover.workstreams.{name}.context", stream.context, node)
        for flow in self.found.compiled.values():
            for step in flow.nodes.values():
                if isinstance(step, Handover | Availability):
                    yield from self._named(step, flow)
                if isinstance(step, Handover):
                    yield from self._asked(step, flow)
                elif isinstance(step, Inactivity) and not _during(step, flow):
                    yield _idle(step)

    def _context(self, where: str, names: Iterable[str], node: Node | None) -> Iterator[Finding]:
        """Variables that agents should see, and which look like one of a flow's under a misspelt name."""
        known = {name for reading in self.found.readings.values() for name in reading.vars}
        known |= {
            step.value for flow in self.found.compiled.values() for step in flow.nodes.values() if isinstance(step, Ask)
        }
        for name in names:
            if name not in known and "." not in name and (close := meant(name, known)):
                message = f"no flow has a variable `{name}`; did you mean `{close}`?"
                yield finding("undefined-variable", setting_at(node, where), message, fix=f"write {close}")

    def _named(self, step: Handover | Availability, flow: Flow) -> Iterator[Finding]:
        """Queues, workstreams and providers that there are not."""
        people = self.people
        known: dict[str, tuple[str, ...]] = {
            "queue": known_queues(people),
            "workstream": tuple(people.workstreams),
            "provider": tuple({**people.providers, "desk": None}),
        }
        for kind, names in known.items():
            word = (step.value or {}).get(kind)
            if not isinstance(word, Template) or not word.static or not word.text or word.text in names:
                continue
            fix = nearest(word.text, names).removeprefix("; did you mean ").rstrip("?")
            fix = f"write {fix}" if fix else f"add it to noren.yaml (there: {', '.join(names) or 'none yet'})"
            message = f"there is no {kind} `{word.text}` in noren.yaml"
            yield finding(f"unknown-{kind}", word.at, message, severity="error", fix=fix, path=step.path)

    def _meant(self, intent: str, at: Place, path: str = "") -> Iterator[Finding]:
        """An intent that there is not, or that nobody can say."""
        of = self.found.intents.of
        if intent not in of:
            fix = nearest(intent, of).removeprefix("; did you mean ").rstrip("?").strip("`")
            fix = f"write {fix}" if fix else f"add it to flows/{INTENTS} (there: {', '.join(of) or 'none yet'})"
            message = f"there is no intent `{intent}`"
            yield finding("unknown-intent", at, message, severity="error", fix=fix, path=path)
        elif not any(of[intent].values()):
            message, fix = f"the intent `{intent}` has no example", f"write some in flows/{INTENTS}"
            why = "what a user writes has to equal one of them to cancel"
            yield finding("unknown-intent", at, message, why=why, fix=fix, path=path)

    def _asked(self, step: Handover, flow: Flow) -> Iterator[Finding]:
        if step.cancel is not None and step.cancel.intent and step.cancel.at is not None:
            yield from self._meant(step.cancel.intent, step.cancel.at, step.path)
        if not self.people.workstreams and self._at_the_desk(step):
            fix = "add handover: {workstreams: {support: {queues: [general]}}, queues: {general: {}}} to noren.yaml"
            why = "noren.yaml has no workstream, so there is no desk where somebody could take it"
            yield finding("no-workstream", step.at, "nobody can take this chat", fix=fix, why=why, path=step.path)
        if self.endpoint.session.per == "member" and self.endpoint.groups != "off" and not _minds_groups(step):
            name, way = self.endpoint.name, "session: {per: chat}"
            message = "in a group nobody can be asked for: each member has a conversation of their own"
            why = f"`session.per` of {name} is `member`; the step hears `error` with the reason `unsupported` there"
            fix = f"write {way} in noren.yaml, add `if: not chat.group`, or say under `failed` where help is found"
            yield finding("member-handover", step.at, message, why=why, fix=fix, path=step.path)
        if any(part in step.path for part in DURING):
            message, why = "people have the chat already when this step comes", "the user is told so, and no case opens"
            fix = "take it out; another queue: let an agent transfer the case"
            yield finding("handover-again", step.at, message, why=why, fix=fix, path=step.path)
        if step.inactive is not None and not step.inactive.get("do"):
            yield _idle(step)
        if step.eager and (said := self._pushed(step, flow)) is not None:
            why = f"the `handover` on line {step.at.line} is `eager`: it goes on when nobody of LINE has just written"
            message = "this is said without a reply token: it is pushed, and LINE bills it"
            fix = "leave `eager` out: the flow then goes on with the user's next message"
            at, path = said.at, said.path
            yield finding("billed-push", at, message, severity="hint", why=why, fix=fix, path=path)

    def _at_the_desk(self, step: Handover) -> bool:
        named = (step.value or {}).get("provider")
        name = named.text if isinstance(named, Template) and named.static else self.people.default
        provider = self.people.providers.get(name)
        return provider is None or provider.type == "desk"

    def _pushed(self, step: Handover, flow: Flow) -> Step | None:
        """The first thing that is said when people are done."""
        block: Any = step.completed
        first = block.steps[0] if block is not None and block.steps else flow.next.get(step.path)
        return first if first is not None and first.VERB in SAID else None


SAID = ("say", "flex", "image", "video", "audio", "cards", "buttons", "confirm", "sticker", "location", "ask")


def _minds_groups(step: Handover) -> bool:
    """Whether the step says what happens where it cannot be done, or is not done there."""
    asked = step.if_.source if step.if_ is not None else ""
    return step.failed is not None or "chat." in asked


def _idle(step: Step) -> Finding:
    message = "nobody hears of this silence"
    if isinstance(step, Handover):
        return finding("idle-inactivity", step.at, message, fix="add do: […] to `inactive`", path=step.path)
    why = "people do not have the chat when this step comes"
    fix = "put it under `queued` or `active` of a handover, or write inactive: {after: 10m, do: […]} there"
    return finding("idle-inactivity", step.at, message, why=why, fix=fix, path=step.path)


def _during(step: Step, flow: Flow) -> bool:
    """Whether people may have the chat when this step comes."""
    if any(part in step.path for part in DURING):
        return True
    triggers = (*flow.start, *flow.anytime.triggers)
    return any("handover" in one.conditions or "handover" in one.conditions.get("event", ()) for one in triggers)
