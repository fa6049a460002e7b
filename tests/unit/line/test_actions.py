"""Every button of the flow language as the action LINE knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.line.actions import action, query
from tests.openapi import validator

TAPS: dict[str, Any] = {
    "message": ({"label": "Yes", "text": "yes!"}, {"type": "message", "label": "Yes", "text": "yes!"}),
    "label only": ({"label": "Yes"}, {"type": "message", "label": "Yes", "text": "Yes"}),
    "no label": ({"text": "yes!"}, {"type": "message", "text": "yes!"}),
    "answer": (
        {"label": "二 & 三", "value": "a=1 & b+c", "ask": "booking.seats"},
        {
            "type": "postback",
            "label": "二 & 三",
            "data": "answer=a%3D1+%26+b%2Bc&ask=booking.seats",
            "displayText": "二 & 三",
        },
    ),
    "answer said otherwise": (
        {"label": "2", "value": 2, "say": "two"},
        {"type": "postback", "label": "2", "data": "answer=2", "displayText": "two"},
    ),
    "answer said in silence": (
        {"label": "2", "value": True, "say": ""},
        {"type": "postback", "label": "2", "data": "answer=true"},
    ),
    "postback": (
        {
            "label": "Go",
            "postback": {"go": "menu", "n": 1, "x": None, "l": [1]},
            "keyboard": "openKeyboard",
            "fill": "a\nb",
        },
        {
            "type": "postback",
            "label": "Go",
            "data": "go=menu&n=1&x=&l=[1]",
            "inputOption": "openKeyboard",
            "fillInText": "a\nb",
        },
    ),
    "raw postback": (
        {"label": "Go", "postback": '{"a":1}', "say": "go"},
        {"type": "postback", "label": "Go", "data": '{"a":1}', "displayText": "go"},
    ),
    "link": (
        {"label": "Map", "link": "https://a.example", "desktop": "https://d.example"},
        {"type": "uri", "label": "Map", "uri": "https://a.example", "altUri": {"desktop": "https://d.example"}},
    ),
    "pick": (
        {"label": "Day", "pick": "date", "ask": "f.day", "min": "2026-11-20", "max": "", "initial": "2026-11-21"},
        {
            "type": "datetimepicker",
            "label": "Day",
            "data": "pick=date&ask=f.day",
            "mode": "date",
            "min": "2026-11-20",
            "initial": "2026-11-21",
        },
    ),
    "copy": ({"label": "Code", "copy": "X-1"}, {"type": "clipboard", "label": "Code", "clipboardText": "X-1"}),
    "camera": ({"label": "Photo", "camera": True, "location": False}, {"type": "camera", "label": "Photo"}),
    "camera roll": ({"label": "Photos", "camera_roll": True}, {"type": "cameraRoll", "label": "Photos"}),
    "location": ({"label": "Here", "location": True}, {"type": "location", "label": "Here"}),
    "switch": (
        {"label": "More", "switch": "more", "postback": {"tab": 2}},
        {"type": "richmenuswitch", "label": "More", "richMenuAliasId": "more", "data": "tab=2"},
    ),
    "bare switch": (
        {"label": "More", "switch": "more"},
        {"type": "richmenuswitch", "label": "More", "richMenuAliasId": "more", "data": "menu=more"},
    ),
}


@pytest.mark.parametrize(("button", "expected"), TAPS.values(), ids=TAPS.keys())
def test_buttons_become_actions(button: Any, expected: Any, shared: Path) -> None:
    assert action(button) == expected
    validator(shared, "Action").validate(expected)


@given(st.dictionaries(st.text(), st.text()))
def test_postback_data_is_read_back(values: dict[str, str]) -> None:
    assert dict(parse_qsl(query(values), keep_blank_values=True)) == values


def test_postback_data_stays_short_in_every_script() -> None:
    assert query({"answer": "ต้มยำกุ้ง"}) == "answer=ต้มยำกุ้ง"
