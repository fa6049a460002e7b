"""Random flow files that the editor's schema allows, more or less, and random things that happen to them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from runtime.flow.schema import flow_schema
from runtime.flow.steps import STEPS
from runtime.model import Call, Result

WORDS = (
    *("x", "n", "xs", "profile.name", "session.y", "n > 1", "xs | length", "input.text", "answer", "today + days(2)"),
    *(
        "hello",
        "{{ n }}",
        "{{ x }} and {{ profile.name }}",
        "$hello",
        "{{ emoji('a', '001') }}",
        "{{ mention() }}",
        "s in xs",
    ),
    *("10m", "5s", "2d", "go", "main", "agent", "2", "1..5", "446/1988", "media/a.png", "https://x.example/a", "tel:1"),
    *(
        "a.py:f",
        "U" + "0" * 32,
        "en",
        "ja",
        "2026-12-05",
        "19:00",
        "n / 0",
        "x.y.z",
        "now",
        "JPY",
        "cards/a.json",
        "vars",
        "true",
        "",
    ),
)
NAMES = ("x", "n", "xs")
KEYS = (*NAMES, "en", "ja", "session.y")
SCHEMA = flow_schema()


def flow_of(seed: int) -> dict[str, Any]:
    """A flow with the variables x, n and xs and a section `agent`; the same for the same seed."""
    by = Random(seed)
    made: dict[str, Any] = {
        "flow": "main",
        "vars": {"x": "any", "n": {"type": "int", "default": 2}, "xs": {"type": "list", "default": [1, "b", {"n": 2}]}},
        "start": [{"keyword": "go"}, *(some(by, {"$ref": "#/properties/start"}, 2) or [])],
        "steps": [a_step(by) for _ in range(by.randint(1, 4))],
        "sections": {"agent": [{"say": "Agent."}]},
        "texts": {"hello": {"en": "Hello {{ n }}", "ja": "どうも"}},
    }
    for key in ("anytime", "fallback", "trouble"):
        if by.random() < 0.3:
            made[key] = some(by, {"$ref": f"#/properties/{key}"}, 3)
    return made


def a_step(by: Random) -> Any:
    """Every verb as often as another."""
    verb = by.choice(sorted(STEPS))
    return some(by, {"$ref": f"#/$defs/{verb}"}, by.randint(1, 4))


def written(flow: Mapping[str, Any]) -> str:
    """As a flow file: JSON is YAML, but here nothing is written as nothing."""
    return json.dumps(flow, ensure_ascii=False).replace(": null", ": ")


def some(by: Random, schema: Mapping[str, Any], depth: int) -> Any:
    """Anything that fits a part of the schema, mostly."""
    if "$ref" in schema:
        return a_step(by) if schema["$ref"] == "#/$defs/step" and depth > 0 else some(by, _at(schema["$ref"]), depth)
    if "enum" in schema:
        return by.choice(schema["enum"])
    if "properties" in schema:
        return _mapping(by, schema, depth)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            options = [one for one in schema[several] if depth > 0 or _leaf(one)] or schema[several]
            return some(by, by.choice(options), depth - 1)
    kinds = schema.get("type", "string")
    return _of_kind(by, by.choice(kinds) if isinstance(kinds, list) else kinds, schema, depth)


def _at(path: str) -> Mapping[str, Any]:
    found: Any = SCHEMA
    for part in path.removeprefix("#/").split("/"):
        found = found[part]
    made: Mapping[str, Any] = found
    return made


def _leaf(schema: Mapping[str, Any]) -> bool:
    return "$ref" not in schema and "properties" not in schema and schema.get("type") not in ("array", "object")


def _of_kind(by: Random, kind: str, schema: Mapping[str, Any], depth: int) -> Any:
    if kind == "array":
        least = schema.get("minItems", 0)
        return [some(by, schema.get("items", {}), depth - 1) for _ in range(by.randint(least, max(least, 2)))]
    if kind == "object":
        inner = schema.get("additionalProperties") or next(iter(schema.get("patternProperties", {}).values()), {})
        keys = by.sample(KEYS, by.randint(1, 2))
        return {key: some(by, inner if isinstance(inner, dict) else {}, depth - 1) for key in keys}
    if kind in ("integer", "number"):
        low = int(schema.get("minimum", 0))
        return by.randint(low, max(low, int(schema.get("maximum", 9))))
    if kind == "boolean":
        return by.random() < 0.5
    return None if kind == "null" else _text(by, schema.get("pattern", ""))


def _text(by: Random, pattern: str) -> str:
    return by.choice([word for word in WORDS if not pattern or re.search(pattern, word)] or WORDS)


def _mapping(by: Random, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """Keys that have to be there, and a few others."""
    known = schema["properties"]
    keys = list(schema.get("required", ()))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            keys += by.choice(schema[several]).get("required", ())
    if depth > 0:
        keys += by.sample(sorted(known), min(len(known), by.randint(0, 3)))
    keys += ["say"] if "give_up" in known or "notify" in known else ["text"] if "confirm" in known else []
    made = {key: some(by, known[key], depth - 1) for key in dict.fromkeys(keys) if key in known}
    return {**made, **{key: by.choice(NAMES) for key in ("ask", "rate", "unset") if key in made}}


HAPPENS = st.one_of(
    st.tuples(
        st.just("user"),
        st.sampled_from(["go", "yes", "no", "2", "明日19時", "skip", "a", "x" * 300, "\ufdd0mall\ufdd1"]),
    ),
    st.tuples(st.just("user"), st.text(max_size=30)),
    st.tuples(st.just("wait"), st.sampled_from(["1s", "10m", "2d"])),
    st.tuples(st.just("tap"), st.integers(0, 20)),
    st.tuples(st.just("posts"), st.sampled_from(["answer=a&ask=main.x", "a=b", "", "pick=date&ask=main.x"])),
    st.tuples(st.just("sends"), st.sampled_from(["image", "sticker", "location", "file", "unknown"])),
    st.tuples(
        st.just("happens"),
        st.sampled_from(
            ["follow", "unsend", "edited", "beacon", "member_joined", "unknown", "inject", "notify", "video_complete"]
        ),
    ),
)
RESULTS = (
    Result(), Result(value={"status": 200, "headers": {}, "body": {"n": 1}}),
    Result(value={"status": 500, "body": None}),
    Result(error="down"), Result(value=True), Result(value="no"), Result(value={"value": 3}), Result(value=[1]),
)  # fmt: skip


def performed(call: Call) -> Result:
    """What an effect gives: different things for different calls, the same for the same."""
    return RESULTS[sum(map(ord, call.key)) % len(RESULTS)]
