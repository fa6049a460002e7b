"""The JSON Schemas of flow files and texts, made from the same shapes that the loader reads with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from runtime.flow.compiling import common
from runtime.flow.intents import PARTS as INTENTS
from runtime.flow.live import Wording
from runtime.flow.loader import PARTS, TextsShape
from runtime.flow.schema_words import WORDS
from runtime.flow.shapes import Fields
from runtime.flow.steps import STEPS
from runtime.flow.tree import Step

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
LARGE = 150
"""Characters from which a part that stands several times is written once and referred to."""


def flow_schema() -> dict[str, Any]:
    """For `flows/*.yaml`; editors complete and underline with it."""
    bare = [verb for verb, kind in STEPS.items() if kind.BARE]
    step = {"anyOf": [*({"$ref": f"#/$defs/{verb}"} for verb in STEPS), {"type": "string", "enum": bare}]}
    made = {
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
    described(made)
    return compact(made)


def step_schema(verb: str, kind: type[Step]) -> dict[str, Any]:
    """One kind of step as a mapping."""
    value = kind.VALUE.schema()
    if kind.BARE and value != {"type": "null"}:
        value = {"anyOf": [{"type": "null"}, value]}
    keys = {**common(), **kind.KEYS, **kind.ELSEWHERE}
    told = " ".join((kind.__doc__ or "").split())
    return {
        "type": "object",
        "description": told,
        "properties": {
            verb: {"description": told, **value},
            **{key: shape.schema() for key, shape in keys.items() if key != verb},
        },
        "required": [verb, *kind.NEEDS],
        "additionalProperties": False,
    }


def texts_schema() -> dict[str, Any]:
    """For `flows/texts/*.yaml`: keys with texts, or with texts by language; all of it under `texts` as well."""
    keys = TextsShape().schema()
    told = "A text, several to choose from by chance, or one of these for each language."
    keys["additionalProperties"] = {"description": told, **keys["additionalProperties"]}
    whole = {
        "type": "object",
        "properties": {"texts": {"description": WORDS["texts"], **keys}},
        "required": ["texts"],
        "additionalProperties": False,
    }
    return compact({"$schema": ADDRESS, "title": "Texts of a bot of Noren", "anyOf": [keys, whole], "$defs": {}})


def intents_schema() -> dict[str, Any]:
    """For `flows/nlu/intents.yaml`."""
    made = {"$schema": ADDRESS, "title": "Intents of a bot of Noren", **Fields(INTENTS, needs=("intents",)).schema()}
    made["$defs"] = {}
    described(made)
    return compact(made)


def described(schema: dict[str, Any]) -> None:
    """Give every key that says nothing of itself its sentence."""
    for _, properties in _named(schema):
        for key, shape in properties.items():
            if "description" not in shape and key in WORDS:
                properties[key] = {"description": WORDS[key], **shape}
    for one in _inner(schema):
        described(one)


def compact(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with what stands several times written once, under `$defs`: editors read it much faster."""
    texts = [_text(part) for part in _all(schema)]
    count = Counter(texts)
    many = [text for text in dict.fromkeys(texts) if count[text] > 1 and len(text) > LARGE]
    names = {text: f"part{number}" for number, text in enumerate(many, 1)}
    made = _referring(schema, names, whole=True)
    made["$defs"] |= {name: _referring(json.loads(text), names, whole=True) for text, name in names.items()}
    return made


KEYED, LISTED, SINGLE = (
    ("properties", "patternProperties", "$defs"),
    ("anyOf", "oneOf", "allOf"),
    ("items", "additionalProperties", "propertyNames", "not"),
)
"""Where a schema has others inside: by key, in lists, alone."""


def _named(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((word, schema[word]) for word in KEYED if word in schema)


def _inner(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _, inside in _named(schema):
        yield from inside.values()
    for word in LISTED:
        yield from schema.get(word, ())
    yield from (schema[word] for word in SINGLE if isinstance(schema.get(word), dict))


def _all(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part that could be referred to."""
    for one in _inner(schema):
        if "$ref" not in one:
            yield one
            yield from _all(one)


def _text(part: dict[str, Any]) -> str:
    """A part without what it says of itself here, which stays where it is."""
    return json.dumps({key: value for key, value in part.items() if key != "description"}, ensure_ascii=False)


def _referring(part: dict[str, Any], names: dict[str, str], *, whole: bool = False) -> dict[str, Any]:
    """The part with references in place of what is written elsewhere; `whole`: not for the part itself."""
    name = None if whole or "$ref" in part else names.get(_text(part))
    if name is not None:
        told = {"description": part["description"]} if "description" in part else {}
        return {**told, "$ref": f"#/$defs/{name}"}
    made = dict(part)
    for word, inside in _named(part):
        deep = word == "$defs"
        made[word] = {key: _referring(one, names, whole=deep) for key, one in inside.items()}
    for word in LISTED:
        if word in part:
            made[word] = [_referring(one, names) for one in part[word]]
    for word in SINGLE:
        if isinstance(part.get(word), dict):
            made[word] = _referring(part[word], names)
    return made
