"""What the wrappers around a runtime's parts note down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.model import Event, Output
from runtime.transform import Function
from runtime.workbench.around import changes, place_of
from tests.bench import bench
from tests.line_platform import MAI

pytestmark = pytest.mark.anyio

TEA = """flow: tea
vars: {kind: text, cups: int}
start: [{keyword: tea}]
steps:
  - {ask: kind, say: Which tea?}
  - {ask: cups, type: int, say: How many?}
  - say: "{{ cups }} {{ kind }}"
"""
OUTPUT = Output(kind="text", text="hello")


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (OUTPUT, OUTPUT, ()),
        (OUTPUT, None, ()),
        (OUTPUT, {"text": "hello"}, ()),
        (OUTPUT, {"text": "hi"}, ("text",)),
        (OUTPUT, replace(OUTPUT, text="hi", alt="said"), ("text", "alt")),
        (OUTPUT, {"type": "text", "text": "hi"}, ("message",)),
        (OUTPUT, [OUTPUT, OUTPUT], ("outputs",)),
        ([OUTPUT], [OUTPUT], ()),
    ],
)
def test_what_a_function_changed(before: Any, after: Any, names: tuple[str, ...]) -> None:
    assert changes(before, after) == names


def test_where_a_function_stands() -> None:
    def here(event: Event) -> None: ...

    line = here.__code__.co_firstlineno
    assert place_of(Function("tidy.py:here", here)) == ("transformers/tidy.py", line)
    assert place_of(Function("transformers/tidy.py:len", len)) == ("transformers/tidy.py", 0)


async def test_turns_that_are_played_before_they_are_stored_are_recorded_too(tmp_path: Path) -> None:
    """With nothing to fetch and no functions, a resting session's event never goes through `accept`."""
    config = "endpoints: {shop: {languages: [en], loading: 0, profile: false}}\n"
    async with bench(tmp_path, {"flows/tea.yaml": TEA}, config=config) as desk:
        for text in ("tea", "green", "2"):
            await desk.say(text)
        last, middle, first = desk.bench.records.of(f"shop:{MAI}")
        assert [one.claimed for one in (first, middle, last)] == [True, False, False]
        assert [one.state for one in (first, middle, last)] == ["done"] * 3
        turns = (await desk.get(f"/sessions/shop:{MAI}/turns"))["turns"]
        assert [one["changes"] for one in turns] == [
            [{"path": "vars.tea.cups", "before": None, "after": 2}],
            [{"path": "vars.tea.kind", "before": None, "after": "green"}],
            [],
        ]
        assert [one["outputs"][0]["line"] for one in turns] == [7, 6, 5]
        assert all(one["ms"] is not None for one in turns)


async def test_a_duplicate_changes_nothing_of_what_is_known(tmp_path: Path) -> None:
    config = "endpoints: {shop: {languages: [en], loading: 0, profile: false}}\n"
    async with bench(tmp_path, {"flows/tea.yaml": TEA}, config=config) as desk:
        await desk.say("tea")
        await desk.say("green")
        before = (await desk.get(f"/sessions/shop:{MAI}/turns"))["turns"]
        await desk.control("POST", "/webhooks/redeliver", bot="shop", duplicate=True)
        await desk.settle()
        assert (await desk.get(f"/sessions/shop:{MAI}/turns"))["turns"] == before


async def test_an_effect_under_way_can_be_seen(tmp_path: Path) -> None:
    slow = "import asyncio\nasync def brew(args, session, endpoint, kit):\n    await asyncio.Event().wait()\n"
    flow = "flow: tea\nstart: [{keyword: tea}]\nsteps:\n  - {call: work.py:brew, args: {cups: 2}, timeout: 60s}\n"
    files = {"flows/tea.yaml": flow, "transformers/work.py": slow}
    async with bench(tmp_path, files) as desk:
        await desk.say("tea", settle=False)
        await desk.until(lambda: any(one.called for one in desk.bench.records.of(f"shop:{MAI}")))
        [turn] = (await desk.get(f"/sessions/shop:{MAI}/turns"))["turns"]
        [step] = turn["steps"]
        assert (turn["state"], step["do"], step["ms"], step["line"]) == ("due", "call", None, 4)
        assert step["args"]["args"] == {"cups": 2}
        assert (await desk.get(f"/sessions/shop:{MAI}"))["busy"] is True
        await desk.post("/runtime", do="kill")
