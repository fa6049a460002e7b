"""The JSON Schema of flow files, made from the same shapes that the loader reads with."""

from __future__ import annotations

from typing import Any

from runtime.flow.compiling import common
from runtime.flow.live import Wording
from runtime.flow.loader import PARTS
from runtime.flow.steps import STEPS
from runtime.flow.tree import Step

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def flow_schema() -> dict[str, Any]:
    """For `flows/*.yaml`; editors complete and underline with it."""
    bare = [verb for verb, kind in STEPS.items() if kind.BARE]
    step = {"anyOf": [{"enum": bare}, *({"$ref": f"#/$defs/{verb}"} for verb in STEPS)]}
    return {
        "$schema": ADDRESS,
        "title": "A flow of Noren",
        "type": "object",
        "required": ["flow"],
        "properties": {key: shape.schema() for key, shape in PARTS.items()},
        "additionalProperties": False,
        "$defs": {
            "step": step,
            "wording": Wording().schema(),
            "said": {"anyOf": [{"$ref": "#/$defs/wording"}, {"$ref": "#/$defs/step"}]},
            **{verb: step_schema(verb, kind) for verb, kind in STEPS.items()},
        },
    }


def step_schema(verb: str, kind: type[Step]) -> dict[str, Any]:
    """One kind of step as a mapping."""
    value = kind.VALUE.schema()
    if kind.BARE and value != {"type": "null"}:
        value = {"anyOf": [{"type": "null"}, value]}
    keys = {**common(), **kind.KEYS, **kind.ELSEWHERE}
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {verb: value, **{key: shape.schema() for key, shape in keys.items()}},
        "required": [verb, *kind.NEEDS],
        "additionalProperties": False,
    }
