"""JSON Schemas of a bot's files, for editors: they complete and underline while somebody writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from runtime.flow.menus.schema import menu_schema
from runtime.flow.schema import ADDRESS, flow_schema, intents_schema, texts_schema
from runtime.line.rules.schema import Root, editor_schema
from runtime.settings import TEXTS, Settings
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


def bot_flow_schema() -> dict[str, Any]:
    """For `flows/*.yaml`: the language, and in `flex` and `line` what LINE takes there."""
    made = flow_schema()
    defs = made["$defs"]
    held: tuple[tuple[Root, str], ...] = (("flex", "flex"), ("message", "line"))
    for root, verb in held:
        own: dict[str, Any] = editor_schema(root)
        defs |= {f"line.{name}": _moved(one) for name, one in own.pop("$defs").items()}
        defs[f"line:{root}"] = {key: _moved(value) for key, value in own.items() if key not in ("$schema", "title")}
        for step in (verb, "ask"):
            _holds(defs[step]["properties"][verb], {"$ref": f"#/$defs/line:{root}"})
    return made


def _moved(node: Any) -> Any:
    """The same with its references led to where the definitions now stand."""
    if isinstance(node, dict):
        return {k: v.replace("#/$defs/", "#/$defs/line.") if k == "$ref" else _moved(v) for k, v in node.items()}
    return [_moved(one) for one in node] if isinstance(node, list) else node


def _holds(value: dict[str, Any], what: dict[str, Any]) -> None:
    """Say what stands where only a mapping was asked for."""
    if value.pop("type", "") == "object":
        value |= what
    else:
        value["anyOf"] = [what if one == {"type": "object"} else one for one in value["anyOf"]]


def settings_schema() -> dict[str, Any]:
    """For `noren.yaml`, made from the settings themselves."""
    return {"$schema": ADDRESS, "title": "Settings of Noren", **_group(Settings)}


def _group(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    named = {one.name: _value(hints[one.name], one) for one in fields(kind) if one.name != "name"}
    return {"type": "object", "additionalProperties": False, "properties": named}


def _value(hint: Any, one: Field[Any]) -> dict[str, Any]:
    told = {"description": one.metadata["help"]}
    if one.name == "holidays":
        return {**told, "anyOf": [_shape(hint), {"type": "string"}]}
    return {**told, **(DURATION if one.metadata["unit"] == "duration" else _shape(hint))}


def _shape(hint: Any) -> dict[str, Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        whole = _group(hint)
        return {"anyOf": [whole, whole["properties"][TEXTS[hint]]]} if hint in TEXTS else whole
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _shape(inner[1])}
    if origin is Literal:
        return {"anyOf": [{"enum": list(inner)}, FROM_ENVIRONMENT]}
    if origin is tuple:
        items = {"type": "string"} if inner[0] is str else {"anyOf": [{"type": "string"}, _shape(inner[0])]}
        return {"anyOf": [{"type": "array", "items": items}, {"type": "string"}]}
    return {"type": "string"} if hint is str else {"anyOf": [{"type": PLAIN[hint]}, FROM_ENVIRONMENT]}


SCHEMAS = {
    "flow.schema.json": bot_flow_schema,
    "texts.schema.json": texts_schema,
    "card.schema.json": editor_schema,
    "menu.schema.json": menu_schema,
    "intents.schema.json": intents_schema,
    "settings.schema.json": settings_schema,
    "test.schema.json": transcript_schema,
}
"""File in `.noren/` → what makes it."""
