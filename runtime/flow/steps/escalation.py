"""What is done at the n-th wrong answer to a question, in place of its hints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.flow.compiling import Steps
from runtime.flow.filling import Filling
from runtime.flow.live import Wording
from runtime.flow.nodes import Node
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Flag, Number
from runtime.flow.state import State
from runtime.flow.steps.say import Saying
from runtime.flow.tree import Block

VALUE = Filling(schemas={"type": ["string", "number", "boolean", "null"]})
DEEDS = ("say", "do", "run", "goto")
"""In the order in which they are done."""


@dataclass(frozen=True, slots=True)
class Rung:
    """`wrong`: at which wrong answer; `always`: at every later one too; `skips`: the question is left with `value`."""

    wrong: int
    block: Block
    always: bool = False
    skips: bool = False
    value: Any = None

    @property
    def asks_again(self) -> bool:
        """Whether the question has to be said again afterwards: words alone are a hint, and hints are not."""
        return not all(isinstance(step, Saying) for step in self.block.steps)


@dataclass(frozen=True, slots=True)
class EscalationShape:
    """`{wrong: 3, say, do, run, goto, skip}`, or a list of such."""

    def read(self, node: Node, reading: Reading) -> tuple[Rung, ...]:
        listed = node.items if node.kind == "list" else [node]
        made: list[Rung] = []
        for index, one in enumerate(listed):
            with reading.inside(index) if node.kind == "list" else reading.inside("to"):
                made += self._one(one, reading)
        return tuple(sorted(made, key=lambda rung: rung.wrong))

    def _one(self, node: Node, reading: Reading) -> list[Rung]:
        made: dict[str, Any] = _FIELDS.read(node, reading)
        if node.kind != "map":
            return []
        if not {*DEEDS, "skip"} & node.map.keys():
            fix = f"add one of {', '.join((*DEEDS, 'skip'))}"
            reading.tell("missing-key", node.at, "nothing happens here", fix=fix)
        skips = "skip" in made
        if skips and "goto" in node.map:
            reading.tell("one-of", node.at, "`skip` goes on below the question, and `goto` somewhere else")
        block = Steps(say=True, aside=not skips).read(_steps(node), reading)
        return [Rung(made.get("wrong", 1), block, made.get("always", False), skips, made.get("skip"))]

    def schema(self) -> dict[str, Any]:
        made, mapping = _FIELDS.schema(), {"type": "object"}
        made["properties"] |= {"say": Wording().schema(), "do": Steps(say=True).schema(), "goto": {"type": "string"}}
        made["properties"] |= {"run": {"type": "string"}, "in": mapping, "out": mapping}
        made["anyOf"] = [{"required": [key]} for key in (*DEEDS, "skip")]
        return {"anyOf": [made, {"type": "array", "items": made, "minItems": 1}]}


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A part that becomes a step."""

    def read(self, node: Node, reading: Reading) -> None:
        return None

    def schema(self) -> dict[str, Any]:
        return {}


_FIELDS = Fields(
    {
        "wrong": Number(min=1, max=100),
        "always": Flag(),
        "skip": VALUE,
        **{key: _Elsewhere() for key in (*DEEDS, "in", "out")},
    },
    needs=("wrong",),
    what="a mapping",
)


def _steps(node: Node) -> Node:
    """The deeds as a list of steps."""
    made: list[Node] = []
    for key in DEEDS:
        one = node.get(key)
        if one is None:
            continue
        if key == "do":
            made += one.items if one.kind == "list" else [one]
            continue
        names = ("run", "in", "out") if key == "run" else (key,)
        part = Node(
            "map", {name: node.map[name] for name in names if name in node.map}, node.file, one.line, one.column
        )
        for name in names:
            place = node.key_at(name)
            part.name(name, place.line, place.column)
        made.append(part)
    return Node("list", made, node.file, node.line, node.column)


def rung_for(rungs: tuple[Rung, ...], wrong: int) -> Rung | None:
    """What happens at this wrong answer."""
    exact = [rung for rung in rungs if rung.wrong == wrong]
    lasting = [rung for rung in rungs if rung.always and rung.wrong < wrong]
    return next(iter(exact or lasting[-1:]), None)


def climb(rung: Rung, state: State) -> None:
    """Do what the rung says; a `skip` has put its value into the variable already."""
    if rung.skips:
        state.settle(rung.block)
    else:
        state.aside(rung.block, again=rung.asks_again)
