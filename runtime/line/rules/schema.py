"""JSON Schema of LINE messages, for editors: completion, hints and red lines while a card is written.

Made from the table of rules; what it cannot say (bytes, UTF-16 lengths, values that depend on each other) the
check says. Warnings are told in the hints only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from runtime.line.rules.table import Prop, Rule, Shape, child, rules, shape
from runtime.line.rules.words import demand

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema: TypeAlias = dict[str, Any]
Root = Literal["message", "messages", "flex", "richmenu"]

TYPES: Mapping[str, str] = {"map": "object", "list": "array"}
URLS: Mapping[str, str] = {"https": "^[Hh][Tt][Tt][Pp][Ss]://[^/?# ]", "uri": '^[A-Za-z][A-Za-z0-9+.-]*:[^ |<>"]+$'}
PRESENT: Mapping[str, Schema] = {
    "no_text": {"anyOf": [{"required": ["text"]}, {"required": ["contents"]}]},
    "one_block": {"anyOf": [{"required": [key]} for key in ("header", "hero", "body", "footer")]},
    "one_text": {"not": {"required": ["displayText", "text"]}},
}


def _bounds(low: str, high: str) -> Callable[[Rule], Schema]:
    def made(rule: Rule) -> Schema:
        least, most = rule.limit
        return {**({low: least} if least else {}), **({high: most} if most is not None else {})}

    return made


def _range(rule: Rule) -> Schema:
    low, high = rule.limit
    return {**({"minimum": low} if low is not None else {}), **({"maximum": high} if high is not None else {})}


KINDS: Mapping[str, Callable[[Rule], Schema]] = {
    "type": lambda rule: {"type": TYPES.get(rule.limit, rule.limit)},
    "nonempty": lambda rule: {"minLength": 1},
    "positive": lambda rule: {"exclusiveMinimum": 0},
    "length": _bounds("minLength", "maxLength"),
    "size": _bounds("minItems", "maxItems"),
    "range": _range,
    "step": lambda rule: {"multipleOf": rule.limit},
    "enum": lambda rule: {"enum": list(rule.limit)},
    "pattern": lambda rule: {"pattern": rule.limit},
    "url": lambda rule: {"pattern": URLS[rule.limit]} if rule.limit in URLS else {},
}


def schema(root: Root = "message") -> Schema:
    """The schema of one message, a list of messages, a Flex container, or a rich menu."""
    defs: dict[str, Schema] = {}
    known = rules()
    message = _union(known["req.type.known"], defs, lambda kind: kind != "file")
    roots: Mapping[str, Callable[[], Schema]] = {
        "message": lambda: message,
        "messages": lambda: {"type": "array", "items": message, "minItems": 1, "maxItems": 5},
        "flex": lambda: _union(known["flex.contents.kind"], defs),
        "richmenu": lambda: {"$ref": _ref("richmenu", defs)},
    }
    title = f"LINE {root}"
    return {"$schema": DRAFT, "title": title, **roots[root](), "$defs": dict(sorted(defs.items()))}


FILLED: Schema = {"type": "string", "pattern": r"\{\{|^\$[A-Za-z_]"}
"""What is filled in when the message is sent: `{{ }}`, or the key of a text."""
EACH = {"type": "string", "description": "`name in list`: what follows stands once for each entry."}
REPEATED: Schema = {"type": "object", "required": ["each", "item"], "properties": {"each": EACH}}
"""A part that stands once for each entry of a list."""


def editor_schema(root: Root = "flex") -> Schema:
    """The same for files that people edit, where any value but a `type` may be filled in later."""
    made: Schema = _filled(schema(root))
    for name, one in made["$defs"].items():
        _hint(one, shape(name))
    _hint({key: one for key, one in made.items() if key != "$defs"}, None)
    return made


def _hint(node: Any, kind: Shape | None) -> None:
    """Give every property a description, at least where LINE explains it."""
    if isinstance(node, list):
        for one in node:
            _hint(one, kind)
    if not isinstance(node, dict):
        return
    for key, one in node.get("properties", {}).items():
        plain = one if isinstance(one, dict) else {}
        node["properties"][key] = {"description": _explained(key, kind), **plain}
    for one in node.values():
        _hint(one, kind)


def _explained(key: str, kind: Shape | None) -> str:
    prop = kind.props.get(key) if kind else None
    known = [prop.type, prop.required, *prop.rules, *prop.children] if prop else [kind.keys if kind else None]
    rule = next((one for one in known if one), None)
    return f"See {rule.url}" if rule else "What kind of object this is."


def _filled(node: Any) -> Any:
    """A schema in which the values of properties and the items of lists may be filled in."""
    if isinstance(node, list):
        return [_filled(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: value if key == "if" else _filled(value) for key, value in node.items()}
    if "properties" in node:
        props = node["properties"]
        made["properties"] = {name: one if name == "type" else _fillable(one) for name, one in props.items()}
    if "items" in node:
        made["items"] = {"anyOf": [_filled(node["items"]), REPEATED]}
    return made


def _fillable(one: Any) -> Any:
    if (
        not isinstance(one, dict)
        or {"$ref", "items", "additionalProperties"} & one.keys()
        or one.get("type") == "object"
    ):
        return _filled(one)
    told = {"description": one["description"]} if "description" in one else {}
    return {**told, "anyOf": [{key: value for key, value in one.items() if key != "description"}, FILLED]}


def _ref(name: str, defs: dict[str, Schema]) -> str:
    if name not in defs:
        defs[name] = {}
        defs[name] = _object(shape(name), defs)
    return f"#/$defs/{name}"


def _object(kind: Shape, defs: dict[str, Schema]) -> Schema:
    props = {name: _value(prop, defs) for name, prop in kind.props.items()}
    known = {key: props.get(key, True) for key in (kind.keys.limit if kind.keys else props)}
    made: Schema = {"type": "object", "properties": known}
    needed = [p.name for p in kind.props.values() if p.required and _error(p.required)]
    if needed:
        made["required"] = needed
    if kind.keys:
        made["additionalProperties"] = False
    whole = [*_crossed(kind), *_conditions(kind, defs)]
    return {**made, "allOf": whole} if whole else made


def _error(rule: Rule) -> bool:
    return rule.severity == "error"


def _crossed(kind: Shape) -> list[Schema]:
    return list({rule.limit: PRESENT[rule.limit] for rule in kind.checks if rule.limit in PRESENT}.values())


def _conditions(kind: Shape, defs: dict[str, Schema]) -> Iterator[Schema]:
    """Rules that hold only where another property is there, or has a value."""
    for prop in kind.props.values():
        for rule in (*prop.rules, *prop.children):
            if rule.when and _error(rule):
                value = _held(rule, defs) if rule.kind == "children" else KINDS[rule.kind](rule)
                yield {"if": _if(rule), "then": {"properties": {prop.name: value}}}


def _if(rule: Rule) -> Schema:
    if "any" in rule.when:
        return {"anyOf": [{"required": [key]} for key in rule.when["any"]]}
    how = "is" if "is" in rule.when else "not"
    key, value = rule.when[how]
    test: Schema = {"properties": {key: {"const": value}}, "required": [key]}
    return test if how == "is" else {"not": test}


def _value(prop: Prop, defs: dict[str, Schema]) -> Schema:
    """What one property may be."""
    made: Schema = {}
    leaves = [rule for rule in (prop.type, prop.empty, *prop.rules) if rule and _error(rule) and not rule.when]
    for rule in leaves:
        _merge(made, KINDS[rule.kind](rule) if rule.kind in KINDS else {})
    if prop.items:
        made["items"] = {"type": "string", **KINDS[prop.items[0].kind](prop.items[0])}
    if prop.type and prop.type.of:
        _merge(made, _of(prop.type, {"$ref": _ref(prop.type.of, defs)}))
    for rule in prop.children:
        if not rule.when:
            _merge(made, _held(rule, defs))
    hints = [demand(rule) for rule in (*leaves, *(r for r in prop.rules if not _error(r))) if rule.kind != "type"]
    return {**made, "description": " ".join(hints)} if hints else made


def _merge(made: Schema, more: Schema) -> None:
    """Add constraints; what is said twice holds both times."""
    for key, value in more.items():
        if key in made and made[key] != value:
            made.setdefault("allOf", []).append({key: value})
        else:
            made[key] = value


def _of(rule: Rule, inner: Schema) -> Schema:
    return {"items": inner} if rule.limit == "list" else inner


def _held(rule: Rule, defs: dict[str, Schema]) -> Schema:
    """Objects told apart by their `type`, as the rule's place holds them."""
    union = _union(rule, defs)
    if rule.holds == "list":
        return {"items": union}
    return {"additionalProperties": union} if rule.holds == "map" else union


def _union(rule: Rule, defs: dict[str, Schema], keep: Callable[[str], bool] = bool) -> Schema:
    kinds = [kind for kind in rule.limit if keep(kind)]
    branches = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": _ref(child(rule, kind), defs)}}
        for kind in kinds
    ]
    return {"type": "object", "properties": {"type": {"enum": kinds}}, "required": ["type"], "allOf": branches}
