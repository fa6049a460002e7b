"""What can be tapped has the same numbers here and on the workbench page, which reads the same cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runtime.simulator.buttons import buttons

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "frontend" / "tests" / "bubbles" / "buttons.json").read_text("utf-8")
)
QUICK = {
    "items": [{"type": "action", "action": {"type": "message", "label": "quick", "text": "q"}}, {"type": "action"}]
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_buttons_are_numbered_as_the_page_numbers_them(case: dict[str, Any]) -> None:
    assert [button.label for button in buttons(case["message"])] == case["labels"]


def test_quick_replies_come_last() -> None:
    found = buttons({**CASES[0]["message"], "quickReply": QUICK})
    assert [(button.place, button.label) for button in found][-2:] == [("template", "d"), ("quick", "quick")]


def test_the_link_after_a_video_opens_its_page() -> None:
    case = next(case for case in CASES if case["message"]["type"] == "imagemap")
    assert buttons(case["message"])[-1].action == {"type": "uri", "uri": "https://example.com/more"}


def test_cards_nested_beyond_all_measure_are_read_to_a_depth() -> None:
    button = {"type": "button", "action": {"type": "message", "label": "deep", "text": "x"}}
    part: Any = button
    for _ in range(5_000):
        part = [part]
    assert buttons({"type": "flex", "contents": {"type": "carousel", "contents": part}}) == []
