"""To other conversations: an event for their flows, or words for their people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from runtime.flow.arrivals import ADDRESS, packed, send_on
from runtime.flow.compiling import Jump
from runtime.flow.expr import Template
from runtime.flow.filling import Filling, fill
from runtime.flow.live import Plainly
from runtime.flow.reading import Reading
from runtime.flow.shapes import Dict, One, Shapes, Word
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.steps import wordings
from runtime.flow.steps.say import Saying
from runtime.flow.tree import Effects, Step, Target


@dataclass(frozen=True, slots=True)
class Address:
    """A chat: the id of a user, group or room, or the key of a session; most often an expression."""

    def read(self, node: Node, reading: Reading) -> Template:
        made: Template = Plainly().read(node, reading)
        if made.static and not ADDRESS.fullmatch(made.text.strip()):
            reading.tell(
                "wrong-form",
                node.at,
                f"`{made.text[:40]}` is no chat",
                why="a chat is the id of a user, group or room of LINE: U, C or R with 32 digits and letters a to f",
                fix=f'a variable that holds an id stands in braces: "{{{{ {made.text[:20] or "guest"} }}}}"',
            )
        return made

    def schema(self) -> dict[str, Any]:
        return Plainly().schema()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject(Step):
    """Puts an event into another conversation; its flows hear it, or one of them begins."""

    VERB = "inject"
    VALUE = Address()
    KEYS: ClassVar[Shapes] = {
        "data": Dict(Filling(schemas={})),
        "text": Plainly(),
        "goto": Jump("inject"),
        "in": Dict(Filling(schemas={}), Word().pattern),
        "during_handover": One(("later", "drop")),
    }

    value: Template
    data: Mapping[str, Any] | None = None
    text: Template | None = None
    goto: Target | None = None
    in_: Mapping[str, Any] | None = None
    during_handover: str | None = None

    def run(self, state: State) -> Effects | None:
        raw: dict[str, Any] = {}
        if self.goto is not None:
            raw = {"goto": self.goto.name, "in": {name: fill(part, state) for name, part in (self.in_ or {}).items()}}
        if self.during_handover:
            raw["during"] = self.during_handover
        scope = state.scope()
        data = {name: fill(part, state) for name, part in (self.data or {}).items()}
        text = self.text.render(scope) if self.text is not None else ""
        send_on(self.VERB, self.value.render(scope), self.at, state, text=text, data=data, raw=raw)
        return None

    def verify(self, reading: Reading, node: Node) -> None:
        if not {"data", "text", "goto"} & node.map.keys():
            fix = "add data: {topic: …}, or goto: and the flow that is to begin there"
            reading.tell("missing-key", node.at, "this event says nothing", fix=fix)
        if self.in_ is not None and self.goto is None:
            reading.tell("missing-key", node.key_at("in"), "`in` fills the variables of a flow", fix="add goto: …")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify(Step):
    """Says something in another conversation, in the language that is spoken there."""

    VERB = "notify"
    VALUE = Address()
    KEYS: ClassVar[Shapes] = {"during_handover": One(("now", "later", "drop"))}
    ELSEWHERE: ClassVar[Shapes] = wordings.KEYS

    value: Template
    during_handover: str | None = None
    said: tuple[Saying, ...] = field(default=(), repr=False)

    def run(self, state: State) -> Effects | None:
        by: dict[str, Any] = {}
        own, memory, kept = state.language, state.memory, state.kept
        for language in state.config.languages:
            state.language, state.memory, state.kept = language, dict(memory), dict(kept)
            state.changed()
            by[language] = packed([one.output(state, "") for one in self.said])
        state.language = own
        state.changed()
        made = list(by.values())
        raw: dict[str, Any] = {"say": by if any(one != made[0] for one in made) else dict([next(iter(by.items()))])}
        if self.during_handover:
            raw["during"] = self.during_handover
        send_on(self.VERB, self.value.render(state.scope()), self.at, state, data={}, raw=raw)
        return None

    @classmethod
    def parts(cls, node: Node, reading: Reading) -> dict[str, Any]:
        return {"said": wordings.read(node, reading)}

    def verify(self, reading: Reading, node: Node) -> None:
        if not self.said and "text" not in node.map:
            reading.tell("missing-key", node.at, "this notification says nothing", fix="add say: …")
