"""The JSON Schema of transcript tests, made from the same shapes that read them."""

from __future__ import annotations

from typing import Any

from runtime.transcript.script import parts

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
SAYS = {
    "test": "What is tried, in a sentence.",
    "note": "For whoever reads this.",
    "skip": "Why this test is not played now.",
    "given": "How it stands at the beginning.",
    "mock": "Answers of the world outside: `GET https://…` for http steps, `file.py:function` for calls.",
    "chat": "The conversation, line by line.",
    "expect": "What holds in the end.",
}


def transcript_schema() -> dict[str, Any]:
    """For `tests/**/*.yaml`; editors complete and underline with it."""
    return {
        "$schema": ADDRESS,
        "title": "A transcript test of Noren",
        "type": "object",
        "required": ["test", "chat"],
        "properties": {name: {**shape.schema(), "description": SAYS[name]} for name, shape in parts().items()},
        "additionalProperties": False,
    }
