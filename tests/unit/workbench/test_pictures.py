"""Flows as pictures in which a conversation can be seen."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import Desk, bench
from tests.line_platform import MAI

pytestmark = pytest.mark.anyio

TEA = """flow: tea
start: [{keyword: [tea]}]
vars: {kind: text}
steps:
  - say: Welcome
  - {ask: kind, say: Which tea?}
  - if: "{{ kind == 'x' }}"
    say: Really
  - {call: work.py:go}
"""
STORY = "test: Tea\ngiven: {endpoint: shop}\nchat:\n  - user: tea\n  - bot: [Welcome, Which tea?]\n"
FILES = {
    "flows/tea.yaml": TEA,
    "transformers/work.py": "def go(args, session, endpoint, kit):\n    return 1\n",
    "tests/tea.yaml": STORY,
}


async def nodes(desk: Desk, query: str = "") -> dict[str, tuple[list[str], str, str]]:
    """Steps of each node → its classes, file and line."""
    status, text = await desk.ask("GET", f"/flows/shop/tea.svg{query}")
    assert status == 200, text
    found = ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}g")
    named = [one for one in found if "data-step" in one.attrib]
    return {
        one.attrib["data-step"]: (one.attrib["class"].split(), one.attrib["data-file"], one.attrib["data-line"])
        for one in named
    }


async def test_nodes_know_their_steps_and_lines(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        found = await nodes(desk)
        assert found["tea.steps[1]"] == (["node", "ask"], "flows/tea.yaml", "6")
        assert (await desk.ask("GET", "/flows/shop/none.svg"))[0] == 404
        assert (await desk.ask("GET", "/flows/none/tea.svg"))[0] == 404


async def test_the_waiting_step_and_those_walked_stand_out(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        await desk.say("tea")
        found = await nodes(desk, f"?session=shop:{MAI}")
        assert found["tea.steps[1]"][0] == ["node", "ask", "waiting"]
        assert found["tea.steps[0]"][0] == ["node", "say", "walked"]
        assert found["tea.steps[3]"][0] == ["node", "effect"]


async def test_coverage_is_that_of_the_tests_that_were_run_here(tmp_path: Path) -> None:
    async with bench(tmp_path, FILES) as desk:
        assert not any("none" in classes for classes, _, _ in (await nodes(desk, "?coverage=1")).values())
        await desk.post("/tests/run")
        found = await nodes(desk, "?coverage=1")
        assert "all" in found["tea.steps[1]"][0]
        assert "none" in found["tea.steps[3]"][0]
