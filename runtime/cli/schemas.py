"""JSON Schemas of a bot's files, for editors: they complete and underline while somebody writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from runtime.flow.schema import ADDRESS, flow_schema, texts_schema
from runtime.settings import Settings
from runtime.transcript.schema import transcript_schema

PLAIN = {str: "string", int: "integer", bool: "boolean", float: "number"}
FROM_ENVIRONMENT = {"type": "string", "pattern": r"^\$\{"}
DURATION = {"anyOf": [{"const": 0}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*$|^0$|\$\{"}]}


def write_schemas(root: Path) -> list[Path]:
    """Write `.noren/*.schema.json` of a bot's folder; the files written."""
    folder = root / ".noren"
    folder.mkdir(parents=True, exist_ok=True)
    made = {folder / name: make() for name, make in SCHEMAS.items()}
    for path, schema in made.items():
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return list(made)


def settings_schema() -> dict[str, Any]:
    """For `noren.yaml`, made from the settings themselves."""
    return {"$schema": ADDRESS, "title": "Settings of Noren", **_group(Settings)}


def _group(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    named = {one.name: _value(hints[one.name], one) for one in fields(kind) if one.name != "name"}
    return {"type": "object", "additionalProperties": False, "properties": named}


def _value(hint: Any, one: Field[Any]) -> dict[str, Any]:
    told = {"description": one.metadata["help"]}
    return {**told, **(DURATION if one.metadata["unit"] == "duration" else _shape(hint))}


def _shape(hint: Any) -> dict[str, Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _group(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _shape(inner[1])}
    if origin is Literal:
        return {"anyOf": [{"enum": list(inner)}, FROM_ENVIRONMENT]}
    if origin is tuple:
        return {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
    return {"type": "string"} if hint is str else {"anyOf": [{"type": PLAIN[hint]}, FROM_ENVIRONMENT]}


SCHEMAS = {
    "flow.schema.json": flow_schema,
    "texts.schema.json": texts_schema,
    "settings.schema.json": settings_schema,
    "test.schema.json": transcript_schema,
}
"""File in `.noren/` → what makes it."""
