"""LINE's own words: the paths and sentences of its answers, and the response body they make together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.line.rules.checks import Path
from runtime.line.rules.explain import Found
from runtime.line.rules.table import says
from runtime.model import Violation

NBSP = "\u00a0"  # stands after "(messages[0])" in LINE's sentence, seen on the wire in 2018, 2021 and 2023


def dotted(path: Path) -> str:
    """`messages[0].quickReply.items[3].action`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")


def prop(found: Found) -> str:
    """The property path in the style LINE uses for this kind of answer."""
    below = found.path[2:]
    if found.style == "template":
        return "/".join(map(str, below))
    if found.style == "flex":
        return "/" + "/".join(map(str, below[1:]))
    return "text" if found.style == "text" else dotted(found.path)


def sentence(found: Found, body: Any) -> str:
    """What LINE says about it."""
    rule = found.rule
    text, _ = says(rule, "request" if found.style == "types" and "any" not in rule.answer else found.style)
    if "{" not in text:
        return text
    low, high = rule.limit if rule.kind in ("length", "size", "range") else (0, rule.limit)
    line, column = ("1", str(_column(body, found.path))) if "{column}" in text else ("-", "-")
    values = ", ".join(map(str, rule.limit)) if isinstance(rule.limit, list) else ""
    words = {"min": low or 0, "max": high, "values": values, "property": dotted(found.path), "line": line}
    return _fill(text, {**words, "column": column, "actual": found.actual})


def _fill(text: str, words: Mapping[str, Any]) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _column(body: Any, path: Path) -> int:
    """Where the value begins when the body is written as compact JSON on one line; columns count from 1."""
    column, node = 1, body
    for key in path:
        column += 1
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            column += len(_json(name)) + 1 if isinstance(node, dict) else 0
            if name == key:
                node = value
                break
            column += len(_json(value)) + 1
    return column


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    except RecursionError:
        return ""


def staged(found: Sequence[Found]) -> list[Found]:
    """In LINE's order: types, the whole request, messages in depth, account."""
    return sorted(found, key=lambda f: (f.stage, f.path[1:2] if f.stage == 2 else ()))


def violation(found: Found, body: Any) -> Violation:
    """The finding as the rest of the house sees it."""
    rule = found.rule
    return Violation(
        rule.id,
        dotted(found.path),
        prop(found),
        sentence(found, body),
        rule.severity,
        found.actual,
        rule.most,
        rule.url,
    )


def response(found: Sequence[Found], body: Any) -> dict[str, Any] | None:
    """The body of LINE's 400, or None where nothing is an error."""
    errors = [f for f in staged(found) if f.rule.severity == "error"]
    if not errors:
        return None
    first = errors[0]
    if first.style in ("types", "account"):
        return {"message": sentence(first, body)}
    same = [f for f in errors if f.stage == first.stage and (f.stage == 1 or f.path[:2] == first.path[:2])]
    unknown = [f for f in same if f.rule.kind == "keys"][1:]  # LINE was seen to name the first only
    details = [{"message": sentence(f, body), "property": prop(f)} for f in same if f not in unknown]
    if first.stage == 1:
        return {"message": f"The request body has {len(same)} error(s)", "details": details}
    index = first.path[1]
    return {"message": f"A message (messages[{index}]){NBSP}in the request body is invalid", "details": details}
