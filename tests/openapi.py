"""LINE's published OpenAPI description as JSON Schemas that look at every property.

The description leaves two things to the reader: which schema a `type` stands for, and that nothing else may be in an
object. Here both are spelled out, so that a misspelt property does not pass.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import jsonschema
import yaml

CHOICE = "Any"


def validator(shared: Path, schema: str) -> jsonschema.Draft202012Validator:
    """A validator for one of the schemas of messaging-api.yml, such as `Message` or `PushMessageRequest`."""
    schemas = _schemas(shared / "line" / "openapi" / "messaging-api.yml")
    if CHOICE + schema in schemas:
        root: dict[str, Any] = {"$ref": _ref(CHOICE + schema)}
    else:
        root = {"$ref": _ref(schema), "unevaluatedProperties": False}
    return jsonschema.Draft202012Validator({**root, "components": {"schemas": schemas}})


@functools.cache
def _schemas(path: Path) -> dict[str, Any]:
    components = yaml.safe_load(path.read_text(encoding="utf-8"))["components"]["schemas"]
    chosen = {name for name, body in components.items() if "mapping" in body.get("discriminator", {})}
    schemas = {name: _walk(body, chosen) for name, body in components.items()}
    return schemas | {CHOICE + name: _choice(components[name]) for name in chosen}


def _ref(name: str) -> str:
    return f"#/components/schemas/{name}"


def _walk(node: Any, chosen: set[str]) -> Any:
    """References to a schema with a discriminator lead to its choice, but for those that inherit from it."""
    if isinstance(node, list):
        return [_walk(item, chosen) for item in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for key, value in node.items():
        if key == "allOf":
            made[key] = [item if "$ref" in item else _walk(item, chosen) for item in value]
        elif key == "$ref" and value.rpartition("/")[2] in chosen:
            made[key] = _ref(CHOICE + value.rpartition("/")[2])
        else:
            made[key] = _walk(value, chosen)
    return made


def _choice(base: dict[str, Any]) -> dict[str, Any]:
    mapping = base["discriminator"]["mapping"]
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": list(mapping)}},
        "allOf": [
            {
                "if": {"properties": {"type": {"const": name}}},
                "then": {"$ref": target, "unevaluatedProperties": False},
            }
            for name, target in mapping.items()
        ],
    }
