"""Jinja2's immutable sandbox, narrowed to what a flow may do: look at data, compute a little, format.

Nothing reaches Python's own attributes: names are looked up in mappings, and other values show only what
`ATTRIBUTES` lists. Operators that can blow a value up are capped.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import BuiltinMethodType
from typing import Any

from jinja2 import ChainableUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runtime.flow import filters, moments
from runtime.flow.filters import MAX_TEXT, TooMuch

MAX_BITS = 4_096
"""Whole numbers stay below this many bits."""

TEXT_METHODS = frozenset(
    {
        *("lower", "upper", "title", "capitalize", "casefold", "strip", "lstrip", "rstrip", "startswith", "endswith"),
        *("removeprefix", "removesuffix", "find", "count", "split", "splitlines", "isdigit", "isalpha", "isspace"),
    }
)
MAP_METHODS = frozenset(("get", "items", "keys", "values"))
LIST_METHODS = frozenset(("index", "count"))
MOMENT_PARTS = frozenset(("year", "month", "day", "hour", "minute", "second", "weekday", "isoweekday", "isoformat"))
SPAN_PARTS = frozenset(("days", "seconds", "total_seconds"))
ATTRIBUTES: tuple[tuple[type | tuple[type, ...], frozenset[str]], ...] = (
    (str, TEXT_METHODS),
    ((list, tuple), LIST_METHODS),
    (datetime, MOMENT_PARTS | {"date", "time"}),
    ((date, time), MOMENT_PARTS),
    (timedelta, SPAN_PARTS),
)
METHODS = TEXT_METHODS | MAP_METHODS | LIST_METHODS | MOMENT_PARTS | SPAN_PARTS | {"date", "time"}
"""Every method name a flow may call on a value."""

CALL = "__fn_"
"""Called functions live in the scope under this prefix, so a variable may be named `days` or `min`."""


class Nothing(ChainableUndefined):
    """What is not set: empty as text, false as a condition, and so is every attribute of it."""

    __slots__ = ()


NOTHING = Nothing()


def attribute(value: Any, name: str) -> Any:
    """An attribute as expressions see it: a mapping's entry first, then what `ATTRIBUTES` allows."""
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        return getattr(value, name) if name in MAP_METHODS else Nothing(obj=value, name=name)
    for kind, allowed in ATTRIBUTES:
        if isinstance(value, kind):
            return getattr(value, name, NOTHING) if name in allowed else Nothing(obj=value, name=name)
    return Nothing(obj=value, name=name)


def item(value: Any, key: Any) -> Any:
    """`value[key]`; nothing when there is no such entry."""
    if isinstance(value, Mapping):
        found = value.get(key, NOTHING) if isinstance(key, (str, int, float, bool, tuple)) else NOTHING
        return value.get(str(key), NOTHING) if found is NOTHING and isinstance(key, int) else found
    if isinstance(value, Sequence) and isinstance(key, int):
        return value[key] if -len(value) <= key < len(value) else NOTHING
    return attribute(value, key) if isinstance(key, str) else NOTHING


def _times(left: Any, right: Any) -> Any:
    for count, thing in ((left, right), (right, left)):
        if isinstance(thing, (str, list, tuple)) and isinstance(count, int) and len(thing) * count > MAX_TEXT:
            raise TooMuch
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_BITS:
        raise TooMuch
    return left * right


def _power(left: Any, right: Any) -> Any:
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and left.bit_length() * abs(right) > MAX_BITS:
        raise TooMuch
    result = left**right
    if isinstance(result, complex):
        raise ValueError
    return result


def _rest(left: Any, right: Any) -> Any:
    if isinstance(left, str):  # old-style formatting: a width in it could ask for any length
        raise TypeError
    return left % right


def _plus(left: Any, right: Any) -> Any:
    left, right = _dated(left, right), _dated(right, left)
    result = left + right
    if isinstance(result, (str, list, tuple)) and len(result) > MAX_TEXT * 10:
        raise TooMuch
    return result


def _minus(left: Any, right: Any) -> Any:
    return _dated(left, right) - _dated(right, left)


def _dated(value: Any, other: Any) -> Any:
    """ISO text as a date when it meets a date or a length of time; dates as our own kind."""
    if isinstance(value, str) and isinstance(other, (date, timedelta)):
        return moments.read_moment(value)
    return moments.read_moment(value) if isinstance(value, date) else value


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": _power,
    "%": _rest,
}


class Sandbox(ImmutableSandboxedEnvironment):
    """The one environment of all flows. Statements and comments have marks that no text can contain."""

    intercepted_binops = frozenset(("+", "-", "*", "**", "%"))
    default_binop_table = OPERATORS

    def getattr(self, obj: Any, attribute_: str) -> Any:
        return attribute(obj, attribute_)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return item(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        if any(obj is function for function in filters.FUNCTIONS.values()):
            return True
        return isinstance(obj, BuiltinMethodType) and obj.__name__ in METHODS

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.is_safe_callable(obj):
            raise SecurityError("this cannot be called")
        return obj(*args, **kwargs)


def build() -> Sandbox:
    env = Sandbox(
        block_start_string="\x00%",
        block_end_string="%\x00",
        comment_start_string="\x00#",
        comment_end_string="#\x00",
        autoescape=False,
        keep_trailing_newline=True,
        undefined=Nothing,
        finalize=filters.plain_text,
        cache_size=0,
    )
    env.globals = {}
    env.filters = dict(filters.FILTERS)
    env.tests = dict(filters.TESTS)
    return env


ENVIRONMENT = build()
FUNCTIONS = {CALL + name: function for name, function in filters.FUNCTIONS.items()}
