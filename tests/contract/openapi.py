"""LINE's OpenAPI as JSON Schema that can be checked against."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from runtime.simulator.journal import Exchange

ANY = "__any"
HERE = "urn:openapi"


class Described:
    """One of LINE's OpenAPI files.

    OpenAPI chooses among the kinds of an object by a discriminator, which JSON Schema does not know: a reference
    to such an object becomes a reference to a schema that asks for the right kind, tolerating unknown ones.
    """

    def __init__(self, file: Path) -> None:
        self.document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self.schemas: dict[str, Any] = self.document["components"]["schemas"]
        chosen = {name for name, schema in self.schemas.items() if "discriminator" in schema}
        self.schemas |= {name + ANY: self._choice(name) for name in chosen}
        for name in [n for n in self.schemas if not n.endswith(ANY)]:
            self.schemas[name] = _pointed(self.schemas[name], chosen)
        self.document["paths"] = _pointed(self.document["paths"], chosen)

    def _choice(self, name: str) -> dict[str, Any]:
        choice = self.schemas[name]["discriminator"]
        by, kinds = choice["propertyName"], choice["mapping"]
        cases = [{"if": {"properties": {by: {"const": k}}}, "then": {"$ref": ref}} for k, ref in kinds.items()]
        return {"allOf": [{"$ref": f"#/components/schemas/{name}"}, *cases]}

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str]]:
        templates = sorted(self.document["paths"], key=lambda path: path.count("{"))
        return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in templates]

    @cached_property
    def _registry(self) -> Registry[Any]:
        whole = _absolute(self.document)
        return Registry().with_resource(HERE, Resource.from_contents(whole, default_specification=DRAFT7))

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        for pattern, template in self._paths:
            if pattern.fullmatch(path):
                found: Mapping[str, Any] | None = self.document["paths"][template].get(method.lower())
                return found
        return None

    def operations(self) -> Iterator[tuple[str, str]]:
        for path, methods in self.document["paths"].items():
            yield from ((method.upper(), path) for method in methods if method in ("get", "post", "put", "delete"))

    def faults(self, schema: Any, value: Any) -> list[str]:
        """What is wrong with a value, as `path: message`."""
        found = Draft7Validator(_absolute(schema), registry=self._registry).iter_errors(value)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]

    def named(self, name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    def template(self, method: str, path: str) -> tuple[str, str] | None:
        """The operation that a request is, as this file writes its path."""
        for pattern, template in self._paths:
            if pattern.fullmatch(path) and method.lower() in self.document["paths"][template]:
                return method, template
        return None

    def answers(self) -> Iterator[tuple[str, str, int]]:
        """Every answer that is described: method, path, status."""
        for method, path in self.operations():
            found = self.document["paths"][path][method.lower()]["responses"]
            yield from ((method, path, int(status)) for status in found)

    def wrong(self, exchange: Exchange) -> list[str]:
        """What of a request and its answer is not as described; nothing for what belongs to another file."""
        operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            return []
        found, status = [], exchange.status
        asked = body_schema(operation.get("requestBody"))
        if asked and status < 400 and exchange.sent not in (b"", b"null"):
            found += self.faults(asked, json.loads(exchange.sent))
        described = operation["responses"].get(str(status))
        if described is None and status < 400:
            found.append(f"{status} is none of {', '.join(operation['responses'])}")
        schema = body_schema(described) or (self.named("ErrorResponse") if status >= 400 else None)
        if schema:
            answer = json.loads(exchange.answered)
            found += self.faults(schema, answer) + self.undeclared(schema, answer)
        return [f"{exchange.method} {exchange.path} {status}: {fault}" for fault in found]

    def undeclared(self, schema: Any, value: Any, at: str = "") -> list[str]:
        """Properties of an answer that LINE does not know, as `path: not described`."""
        if isinstance(value, list):
            items = self._resolved(schema, value).get("items", {})
            return [fault for n, item in enumerate(value) for fault in self.undeclared(items, item, f"{at}/{n}")]
        if not isinstance(value, dict):
            return []
        known = self._properties(schema, value)
        if not known:
            return []  # any object
        found = [f"{at}/{name}: not described" for name in value if name not in known]
        for name in known.keys() & value.keys():
            found += self.undeclared(known[name], value[name], f"{at}/{name}")
        return found

    def _resolved(self, schema: Any, value: Any) -> Any:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def _properties(self, schema: Any, value: Mapping[str, Any]) -> dict[str, Any]:
        """The properties that an object of this schema may have, those of its kind and its base included."""
        schema = self._resolved(schema, value)
        known = dict(schema.get("properties", {}))
        for part in schema.get("allOf", ()):
            if "if" not in part:
                known |= self._properties(part, value)
            elif not list(Draft7Validator(part["if"]).iter_errors(value)):
                known |= self._properties(part["then"], value)
        return known


def body_schema(part: Mapping[str, Any] | None) -> Any:
    """The JSON schema of a request's or an answer's body, if it has one."""
    return ((part or {}).get("content", {}).get("application/json") or {}).get("schema")


def _absolute(node: Any) -> Any:
    """References into the document, from wherever they are read."""
    if isinstance(node, list):
        return [_absolute(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": HERE + node["$ref"]}
    return {key: _absolute(value) for key, value in node.items()}


def _pointed(node: Any, chosen: set[str], inherits: bool = False) -> Any:
    """References to objects with kinds, made to point at the choice; a kind's own base stays the base."""
    if isinstance(node, list):
        return [_pointed(item, chosen, inherits) for item in node]
    if not isinstance(node, dict):
        return node
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name in chosen and not inherits:
        return {"$ref": f"#/components/schemas/{name}{ANY}"}
    return {key: _pointed(value, chosen, key == "allOf") for key, value in node.items()}
