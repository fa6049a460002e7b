"""The tutorial, played: what the page says you will read is what you read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runtime.errors import FlowError
from runtime.flow.loader import load
from tests.world import CONFIG, world

pytestmark = pytest.mark.anyio

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "first-bot.md").read_text(encoding="utf-8")


def block(first: str) -> str:
    """The fenced block that begins with this text."""
    found = re.search(rf"^```[^\n]*\n({re.escape(first)}.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"no block begins with {first!r}"
    return found[1]


async def test_the_conversation_on_the_page_is_the_one_you_have(tmp_path: Path) -> None:
    async with world(tmp_path, {"flows/tea.yaml": block("flow: tea")}) as w:
        expected = []
        for line in block("you  tea").splitlines():
            who, _, text = line.partition("  ")
            if who == "you":
                await w.say(text)
            else:
                expected.append(text)
        assert w.texts() == expected


async def test_the_mistake_on_the_page_is_found_with_its_place() -> None:
    broken = block("flow: tea").replace("cups > 10", "cupps > 10")
    with pytest.raises(FlowError) as caught:
        load({"flows/tea.yaml": broken})
    [finding] = caught.value.findings
    assert finding.at.file == "flows/tea.yaml"
    assert broken.splitlines()[finding.at.line - 1].strip() == "- when: cupps > 10"
    assert "did you mean `cups`" in finding.fix + finding.message


async def test_two_languages_as_on_the_page(tmp_path: Path) -> None:
    wording = block("    say: {en").strip()
    flow = block("flow: tea").replace("say: How many cups would you like?", wording)
    config = CONFIG.replace("[en]", "[en, ja]")
    async with world(tmp_path, {"flows/tea.yaml": flow}, config=config) as w:
        w.line.simulator.platform.people.change_user(next(iter(w.line.simulator.platform.people.users)), language="ja")
        await w.say("tea")
        assert w.texts() == ["何杯になさいますか。"]
