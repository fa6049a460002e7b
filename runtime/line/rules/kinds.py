"""Kinds of condition on one value: each builds, from a rule, a function that says whether a value keeps it.

The functions may be given any JSON value; what is of another type than they speak of keeps them, because
another rule speaks of the type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from runtime.line.rules.table import Rule
from runtime.line.rules.units import UNITS

Good: TypeAlias = Callable[[Any], bool]

_URI = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*")  # RFC 3986, plus nothing; a raw % is left to LINE
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.")
_RATIO = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")


def _string(value: Any) -> bool:
    return isinstance(value, str)


def _integer(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


def _number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


TYPES: dict[str, Good] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": lambda value: type(value) is bool,
    "object": lambda value: isinstance(value, dict),
    "map": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
}


def _within(limit: Any, measure: Callable[[Any], Any], fits: Good) -> Good:
    low, high = limit

    def good(value: Any) -> bool:
        if not fits(value):
            return True
        amount = measure(value)
        return bool((low is None or amount >= low) and (high is None or amount <= high))

    return good


def _length(rule: Rule) -> Good:
    return _within(rule.limit, UNITS[rule.unit], _string)


def _size(rule: Rule) -> Good:
    return _within(rule.limit, len, lambda value: isinstance(value, (list, dict)))


def _range(rule: Rule) -> Good:
    return _within(rule.limit, lambda value: value, _number)


def _enum(rule: Rule) -> Good:
    values = frozenset(rule.limit)
    return lambda value: isinstance(value, str) and value in values


def _pattern(rule: Rule) -> Good:
    """A whole-value pattern; one that begins with `^(?!` only forbids, so a value of another type keeps it."""
    guard = rule.limit.startswith("^(?!")
    look = re.compile(rule.limit if guard else rule.limit.removeprefix("^").removesuffix("$"), re.ASCII)
    match = look.match if guard else look.fullmatch
    return lambda value: match(value) is not None if isinstance(value, str) else guard


def safe(uri: str) -> bool:
    """Whether the text has only characters that may stand in a URI."""
    return _URI.fullmatch(uri) is not None


def scheme(uri: str) -> str:
    """The scheme in small letters, or nothing."""
    return uri.partition(":")[0].lower() if _ABSOLUTE.match(uri) else ""


URLS: dict[str, Callable[[str], bool]] = {
    "https": lambda uri: uri[:8].lower() == "https://" and len(uri) > 8 and uri[8] not in "/?#" and safe(uri),
    "uri": lambda uri: safe(uri) and scheme(uri) != "",
    "absolute": lambda uri: not safe(uri) or scheme(uri) != "",
    "scheme": lambda uri: scheme(uri) in ("", "http", "https", "line", "tel"),
    "no_mail": lambda uri: scheme(uri) != "mailto",
    "no_apk": lambda uri: not uri.lower().endswith(".apk"),
}


def _url(rule: Rule) -> Good:
    fits = URLS[rule.limit]
    return lambda value: not isinstance(value, str) or fits(value)


def _parts(value: Any) -> tuple[float, float] | None:
    found = _RATIO.fullmatch(value) if isinstance(value, str) and len(value) < 50 else None
    return (float(found[1]), float(found[2])) if found else None


def _ratio(rule: Rule) -> Good:
    def good(value: Any) -> bool:
        parts = _parts(value)
        return parts is None or parts[1] <= rule.limit * parts[0]

    return good


def _ratio_parts(rule: Rule) -> Good:
    low, high = rule.limit

    def good(value: Any) -> bool:
        parts = _parts(value)
        return parts is None or all(low <= part <= high for part in parts)

    return good


KINDS: dict[str, Callable[[Rule], Good]] = {
    "type": lambda rule: TYPES[rule.limit],
    "nonempty": lambda rule: lambda value: value != "",
    "nonblank": lambda rule: lambda value: not isinstance(value, str) or not value or not value.isspace(),
    "absent": lambda rule: lambda value: value is None,
    "positive": lambda rule: lambda value: not _number(value) or value > 0,
    "length": _length,
    "size": _size,
    "range": _range,
    "step": lambda rule: lambda value: not _number(value) or value % rule.limit == 0,
    "enum": _enum,
    "pattern": _pattern,
    "url": _url,
    "ratio": _ratio,
    "ratio_parts": _ratio_parts,
}


def condition(rule: Rule) -> Good:
    """Whether a value keeps the rule."""
    return KINDS[rule.kind](rule)


def amount(rule: Rule, value: Any) -> Any:
    """What to report of the value: how long it is where its length is the matter, else itself, shortened."""
    if rule.kind == "length" and isinstance(value, str):
        return UNITS[rule.unit](value)
    if rule.kind == "size" and isinstance(value, (list, dict)):
        return len(value)
    if isinstance(value, str):
        return value if len(value) <= 80 else value[:79] + "…"
    return type(value).__name__ if isinstance(value, (list, dict)) else value
