"""Further checks of an answer: expressions, each perhaps with words of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.flow.compiling import Steps
from runtime.flow.expr import Expression
from runtime.flow.live import Formula
from runtime.flow.reading import Reading
from runtime.flow.shapes import Fields, Many
from runtime.flow.source import Node
from runtime.flow.state import State
from runtime.flow.tree import Block

FORMULA = Formula(("answer",))
ONE = Fields({"when": FORMULA, "else": Steps(say=True, aside=True)}, needs=("when", "else"), what="a check")


@dataclass(frozen=True, slots=True)
class Check:
    """What must be true of an answer, and what is said when it is not; without words, the question's own hints."""

    when: Expression
    otherwise: Block | None = None


@dataclass(frozen=True, slots=True)
class ChecksShape:
    """An expression over `answer`, or checks `{when: expression, else: words or steps}`."""

    def read(self, node: Node, reading: Reading) -> tuple[Check, ...]:
        if node.kind == "list":
            return tuple(one for index, part in enumerate(node.items) for one in self._inside(index, part, reading))
        if node.kind == "map":
            made = ONE.read(node, reading)
            return (Check(made["when"], made.get("else")),) if "when" in made else ()
        return (Check(FORMULA.read(node, reading)),)

    def _inside(self, index: int, node: Node, reading: Reading) -> tuple[Check, ...]:
        with reading.inside(index):
            return self.read(node, reading) if node.kind != "list" else (Check(FORMULA.read(node, reading)),)

    def schema(self) -> dict[str, Any]:
        one = {"anyOf": [FORMULA.schema(), ONE.schema()]}
        return {"anyOf": [*one["anyOf"], Many(ONE).schema() | {"items": one, "minItems": 1}]}


def failing(checks: tuple[Check, ...], name: str, answer: Any, state: State) -> Check | None:
    """The first check an answer does not pass."""
    with state.naming("answer", answer), state.naming(name, answer):
        return next((one for one in checks if not one.when.value(state.scope())), None)
