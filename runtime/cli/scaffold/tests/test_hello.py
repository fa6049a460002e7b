"""Tests of the bot's Python functions. Run them with `pytest`."""

from __future__ import annotations

import runpy
from pathlib import Path

hello = runpy.run_path(str(Path(__file__).parent.parent / "transformers" / "hello.py"))


def test_the_greeting_fits_the_hour() -> None:
    at_hour = hello["at_hour"]
    assert [at_hour("en", hour) for hour in (3, 9, 15, 21)] == [
        "Good evening!",
        "Good morning!",
        "Hello!",
        "Good evening!",
    ]
    assert at_hour("ja", 9) == "おはようございます。"


def test_an_unknown_language_is_greeted_too() -> None:
    assert hello["at_hour"]("xx", 15) == "Hello!"
