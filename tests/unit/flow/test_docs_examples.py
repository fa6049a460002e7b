"""The examples in the reference can not only be loaded: they are talked through, and every verb has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.flow.loader import load
from runtime.flow.steps import LATER, STEPS
from runtime.flow.triggers import CONDITIONS
from tests.unit.flow.talk import Talk

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
FENCE = re.compile(r"^```yaml (flow|steps)([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


FILLED = {
    "int": "2",
    "number": "2",
    "bool": "true",
    "date": "2026-12-05",
    "text": "tea",
    "list": "[{name: Tea, stock: 3}]",
}


class Anything(dict[str, Any]):
    """Mocks for whatever an example asks for."""

    def __missing__(self, name: str) -> Any:
        return {"number": 7} if name[0].isupper() else 7


def examples() -> Iterator[Any]:
    for page in ("steps.md", "triggers.md", "expressions.md", "flow-files.md"):
        for number, found in enumerate(FENCE.finditer((REFERENCE / page).read_text(encoding="utf-8"))):
            text = found[3] if found[1] == "flow" else around(found[2].split(), found[3])
            yield pytest.param(text, id=f"{page}-{number}")


def around(words: list[str], steps: str) -> str:
    pairs = [word.split(":") for word in words if ":" in word]
    variables = "".join(f"  {name}: {{type: {kind}, default: {FILLED.get(kind, 'null')}}}\n" for name, kind in pairs)
    sections = "".join(f"  {word[1:]}: [end]\n" for word in words if word.startswith("#"))
    made = "flow: page\nstart: [{keyword: go}]\ntrouble: [{say: Sorry.}]\n"
    made += f"vars:\n{variables}" if variables else ""
    made += f"sections:\n{sections}" if sections else ""
    return f"{made}steps:\n{steps}"


@pytest.mark.parametrize("text", list(examples()))
def test_examples_talk(text: str) -> None:
    bot = Talk({"flows/page.yaml": text}, languages=("en", "ja"))
    bot.mock = Anything()
    keywords = [
        word for one in next(iter(bot.book.current.flows.values())).start for word in one.conditions.get("keyword", ())
    ]
    said = bot.user(keywords[0].strip("*") if keywords else "go")
    if keywords:
        assert bot.turn is not None
        assert bot.turn.trace[0].get("trigger")
    for answer in ("tomorrow", "yes", "2", "hm", "3"):
        said += bot.user(answer)
    bot.wait("2d")
    assert "Sorry." not in said


def words(name: str) -> set[str]:
    """Verbs of steps, or conditions of triggers, that some example uses."""
    found: set[str] = set()
    for example in examples():
        flows = load({"flows/page.yaml": example.values[0]}, languages=("en", "ja")).flows.values()
        for flow in flows:
            if name == "verbs":
                found |= {step.VERB for step in flow.nodes.values()}
            else:
                found |= {key for one in (*flow.start, *flow.anytime.triggers) for key in one.conditions}
    return found


def test_every_verb_and_every_condition_has_an_example() -> None:
    assert set(STEPS) - words("verbs") == set()
    assert set(CONDITIONS) - words("conditions") == set()


def test_what_is_not_yet_there_is_said() -> None:
    text = (REFERENCE / "steps.md").read_text(encoding="utf-8")
    assert [verb for verb in sorted(LATER) if f"`{verb}`" not in text] == []
