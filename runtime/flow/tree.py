"""Compiled flows: frozen steps in blocks, each with a path that a session can wait at.

A path is how a person would point into the file: `steps[3].do[1]`, or `agent[0]` in the section `agent`. What
follows a step is worked out once, when the files are loaded, so going on from a path costs the same wherever
it lies.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from runtime.model import Call, Data, Place, Result
from runtime.text import fold

if TYPE_CHECKING:
    from runtime.flow.expr import Expression
    from runtime.flow.menus.book import Menus
    from runtime.flow.reading import Reading
    from runtime.flow.shapes import Shape
    from runtime.flow.source import Node
    from runtime.flow.state import State
    from runtime.flow.texts import Texts
    from runtime.flow.triggers import Trigger, TriggerIndex
    from runtime.flow.variables import Variable

Effects: TypeAlias = Generator[Call, Result, None]
"""What a step does when it needs something from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a flow.

    A kind of step is one subclass and one entry in `STEPS`. `VALUE` is the shape of what stands behind the
    verb (it becomes `value`), `KEYS` the shapes of the other keys (each becomes the field of that name, `else`
    becomes `else_`), `NEEDS` those that must be there.
    """

    VERB: ClassVar[str] = ""
    VALUE: ClassVar[Shape]
    KEYS: ClassVar[Mapping[str, Shape]] = {}
    NEEDS: ClassVar[tuple[str, ...]] = ()
    ELSEWHERE: ClassVar[Mapping[str, Shape]] = {}
    """Keys that `parts` reads."""
    BARE: ClassVar[bool] = False
    """Whether the verb may stand alone, as in `- end`."""

    flow: str
    path: str
    at: Place
    id: str = ""
    if_: Expression | None = None
    note: str = ""
    label: str = ""
    error: Block | None = None
    row: Data = field(default_factory=dict, repr=False, compare=False)
    """What the trace says of this step."""

    def run(self, state: State) -> Effects | None:
        """Do it. Gives a generator when effects are needed; changes `state` and nothing else."""
        raise AssertionError(f"{self.VERB} does nothing")

    def resume(self, state: State) -> bool:
        """Whether this waiting step takes the event; if so, it has gone on."""
        return False

    def refuse(self, state: State) -> bool:
        """Answer an event this waiting step could not take; false when it has nothing to say."""
        return False

    def again(self, state: State) -> Effects | None:
        """Come back here after something came between."""
        return self.run(state)

    def judge(self, state: State) -> Effects | None:
        """Have `state.candidate` judged by something outside."""
        raise AssertionError(f"{self.VERB} judges nothing")

    def due(self, state: State, purpose: str) -> None:
        """A timer of this waiting step has run out."""

    def rest(self, state: State) -> None:
        """The session waits here again, without asking again."""

    @classmethod
    def parts(cls, node: Node, reading: Reading) -> dict[str, Any]:
        """Fields that are made of several keys together, or of none."""
        return {}

    def verify(self, reading: Reading, node: Node) -> None:
        """Tell what the shapes of the single keys cannot know."""

    @property
    def implicit_id(self) -> str:
        """The id of a step that does not name one."""
        return ""

    @property
    def falls(self) -> bool:
        """Whether the step below can be reached from here without a jump."""
        return True

    @property
    def waits(self) -> bool:
        """Whether the turn ends here."""
        return False

    @property
    def asks(self) -> bool:
        """Whether something that came between leads back here."""
        return False

    def blocks(self) -> Iterator[Block]:
        """The blocks inside, in the order they are written."""
        found: list[Block] = []
        for name in _holding(type(self)):
            if value := getattr(self, name):
                _gather(value, found)
        return iter(found)

    def targets(self) -> Iterator[Target]:
        """Where this step itself jumps to; jumps of the steps inside are theirs."""
        return iter(())

    @property
    def name(self) -> str:
        """How a person would call this step."""
        return f"{self.flow}.{self.id or self.path}"


LEAVES = frozenset({"flow", "path", "at", "id", "if_", "note", "label", "row"})
"""Fields of every step that hold no blocks."""


@dataclass(frozen=True, slots=True)
class Block:
    """Steps one after the other.

    When an `aside` is done, the conversation is back at the question it left; any other block leads on to
    what follows the step that it belongs to.
    """

    path: str
    at: Place
    steps: tuple[Step, ...]
    aside: bool = False


def _gather(value: Any, found: list[Block]) -> None:
    """The blocks of a step's field. (Generators in generators would take three times as long, for every step.)"""
    if isinstance(value, Block):
        found.append(value)
    elif isinstance(value, tuple):
        for one in value:
            _gather(one, found)
    elif isinstance(value, dict):
        for one in value.values():
            _gather(one, found)


_holds: dict[type[Step], tuple[str, ...]] = {}


def _holding(kind: type[Step]) -> tuple[str, ...]:
    """The fields of a kind of step that may hold blocks."""
    if kind not in _holds:
        _holds[kind] = tuple(one.name for one in fields(kind) if one.name not in LEAVES)
    return _holds[kind]


@dataclass(frozen=True, slots=True)
class Target:
    """A jump as it is written: a step's id, a section, a flow, or `flow.step`."""

    name: str
    at: Place
    kind: str = "goto"


@dataclass(frozen=True, slots=True)
class Flow:
    """One compiled file. `next` leads from a step's path to the step that follows it."""

    name: str
    title: str
    file: str
    at: Place
    order: int
    vars: Mapping[str, Variable]
    steps: Block
    sections: Mapping[str, Block]
    start: tuple[Trigger, ...]
    anytime: TriggerIndex
    fallback: Block | None
    trouble: Block | None
    nodes: Mapping[str, Step] = field(repr=False)
    next: Mapping[str, Step] = field(repr=False)
    ids: Mapping[str, str] = field(repr=False)
    defaults: Mapping[str, Any] = field(repr=False)
    lasting: tuple[str, ...] = ()
    """Variables that outlive the session."""

    def find(self, name: str) -> Step | None:
        """The step of an id, or the first of a section."""
        if name in self.ids:
            return self.nodes[self.ids[name]]
        section = self.sections.get(name)
        return section.steps[0] if section and section.steps else None

    @property
    def first(self) -> Step | None:
        return self.steps.steps[0] if self.steps.steps else None


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows of an endpoint, compiled from one state of its files. `version` is the hash of those."""

    version: str
    flows: Mapping[str, Flow]
    start: TriggerIndex = field(repr=False)
    texts: Texts = field(repr=False)
    default: str = ""
    languages: tuple[str, ...] = ("en",)
    menus: Menus | None = field(default=None, repr=False)
    phrases: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def meant(self, text: str) -> frozenset[str]:
        """Intents of which these words are an example, as a whole."""
        return self.phrases.get(fold(text), frozenset()) if self.phrases and text else frozenset()

    def find(self, name: str) -> tuple[Flow, Step | None] | None:
        """Flow and first step of `flow`, or flow and step of `flow.step`."""
        flow, _, step = name.partition(".")
        found = self.flows.get(flow)
        if found is None:
            return None
        return found, found.find(step) if step else found.first


def link(blocks: list[tuple[str, Block]]) -> dict[str, Step]:
    """What follows each step, from (path of the owning step, block), owners before what they own."""
    after: dict[str, Step] = {}
    for owner, block in blocks:
        for step, follower in zip(block.steps, block.steps[1:], strict=False):
            after[step.path] = follower
        if block.steps and not block.aside and owner in after:
            after[block.steps[-1].path] = after[owner]
    return after
