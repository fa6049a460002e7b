"""What expressions may call: functions, filters and tests, as literal dicts.

Every one is total on any value a designer may hand it (it raises only what `expr` turns into an `ExprError`),
bounded in time and memory, and the same at every replay: no clock, no chance. Filters that depend on the user's
language read `language` and `timezone` from the scope.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import filters as jinja_filters
from jinja2 import pass_context, pass_environment
from jinja2 import tests as jinja_tests
from jinja2.runtime import Context, Undefined

from runtime.flow import locales, marks, moments
from runtime.text import shortened, utf16

MAX_TEXT = 10_000
MAX_ITEMS = 1_000


class TooMuch(Exception):
    """A value grew beyond what a message can use."""


class Items(list[Any]):
    """A list that prints as people of one language list things: `a, b, and c`."""

    __slots__ = ("language",)

    def __init__(self, items: Iterable[Any], language: str) -> None:
        super().__init__(items)
        self.language = language

    def __str__(self) -> str:
        return locales.listing([plain_text(item) for item in self], self.language)


def plain_text(value: Any) -> str:
    """How a value stands in a text: nothing as "", 3.0 as "3", true as "true", a list with commas."""
    if isinstance(value, str):
        return str(value) if marks.OPEN not in value or type(value) is marks.Mark else marks.bare(value)
    if value is None or isinstance(value, Undefined):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, (list, tuple)) and not isinstance(value, Items):
        return ", ".join(plain_text(item) for item in value[:MAX_ITEMS])
    return json_text(value) if isinstance(value, Mapping) else str(value)


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=plain_text)


def _capped(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise TooMuch
    return text


def _few(values: Iterable[Any]) -> list[Any]:
    items: list[Any] = []
    for item in values:
        items.append(item)
        if len(items) > MAX_ITEMS * 10:
            raise TooMuch
    return items


def _language(context: Context) -> str:
    return str(context.get("language") or "en")


def numbers(*bounds: int) -> list[int]:
    """`range` with an end: at most 1,000 numbers."""
    found = range(*bounds)
    if len(found) > MAX_ITEMS:
        raise TooMuch
    return list(found)


def length(value: Any) -> int:
    """How many entries or characters; 0 for what is not set."""
    return 0 if value is None else len(value)


def default(value: Any, instead: Any = "", empty: bool = False) -> Any:
    """The value, or `instead` when it is not set (or, with `empty`, when it is empty or false)."""
    missing = value is None or isinstance(value, Undefined) or (empty and not value)
    return instead if missing else value


def replace(value: Any, old: Any, new: Any) -> str:
    text, before, after = plain_text(value), plain_text(old), plain_text(new)
    if len(text) + (text.count(before) * len(after) if before else 0) > MAX_TEXT * 10:
        raise TooMuch
    return text.replace(before, after) if before else text


def truncate(value: Any, size: int = 40, end: str = "…") -> str:
    """At most `size` characters, `end` included; counted as LINE does."""
    text = plain_text(value)
    return text if utf16(text) <= size else shortened(text, size - utf16(end)) + shortened(end, size)


def join(values: Iterable[Any], between: str = ", ", attribute: str | None = None) -> str:
    parts = [plain_text(_pick(value, attribute)) for value in _few(values)]
    return _capped(plain_text(between).join(parts))


def _pick(value: Any, attribute: str | None) -> Any:
    if attribute is None:
        return value
    for name in attribute.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def rounded(value: Any, digits: int = 0, method: str = "common") -> float:
    """`common`, `floor` or `ceil` to 0–12 digits; whole numbers stay whole."""
    digits = max(0, min(int(digits), 12))
    if method in ("floor", "ceil"):
        shifted = (math.floor if method == "floor" else math.ceil)(value * 10**digits) / 10**digits
    else:
        shifted = round(value, digits)
    return int(shifted) if not digits else shifted


def integer(value: Any, instead: int = 0) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return instead


def decimal(value: Any, instead: float = 0.0) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return instead


def split(text: Any, at: str | None = None) -> list[str]:
    return [part.strip() for part in plain_text(text).split(at)]


def where(values: Iterable[Any], attribute: str, wanted: Any = True) -> list[Any]:
    """The entries whose attribute has the wanted value (or, without one, is true)."""
    if wanted is True:
        return [value for value in _few(values) if _pick(value, attribute)]
    return [value for value in _few(values) if _pick(value, attribute) == wanted]


@pass_context
def listing(context: Context, values: Any) -> Items:
    """A list; in a text it prints as the user's language lists things."""
    return Items(_few(values), _language(context))


@pass_context
def date_text(context: Context, value: Any, form: str = "medium", calendar: str = "") -> str:
    """`short`, `medium`, `long`, `full`, `iso`, or a pattern such as `d MMM`; empty for what is no date.

    `calendar` is `buddhist` (พ.ศ. 2569), `japanese` (令和8年) or `roc` (民國115年).
    """
    return locales.date(moments.read_moment(value), form, _language(context), calendar)


@pass_context
def time_text(context: Context, value: Any, form: str = "short") -> str:
    return locales.time(_here(context, value), form, _language(context))


@pass_context
def datetime_text(context: Context, value: Any, form: str = "medium") -> str:
    return locales.datetime(_here(context, value), form, _language(context))


def _here(context: Context, value: Any) -> Any:
    """A moment in the endpoint's time zone; a text such as `19:00` as it is."""
    value = moments.read_moment(value)
    if isinstance(value, moments.Moment) and value.tzinfo is not None:
        return value.astimezone(moments.zone(str(context.get("timezone") or "UTC")))
    return value


@pass_context
def number_text(context: Context, value: Any, digits: int | None = None) -> str:
    """`1234.5` → `1,234.5` as the user's language writes it, with a fixed number of decimals when given."""
    return locales.number(value, digits, _language(context))


@pass_context
def currency_text(context: Context, value: Any, code: str = "") -> str:
    return locales.currency(value, code, _language(context))


@pass_context
def percent_text(context: Context, value: Any, digits: int | None = None) -> str:
    """`0.25` → `25%`."""
    return locales.percent(value, digits, _language(context))


@pass_context
def plural(context: Context, count: Any, other: str = "", **forms: str) -> str:
    """The form for a count: `{{ n | plural("nights", one="night") }}`; `#` in it becomes the number."""
    language = _language(context)
    form = forms.get(locales.plural(count, language), other)
    return form.replace("#", locales.number(count, None, language))


@pass_context
def duration_text(context: Context, value: Any) -> str:
    """A length of time (or milliseconds) as `2 hours`, in the user's language."""
    return locales.duration(value, _language(context))


@pass_context
def language_name(context: Context, tag: Any) -> str:
    """`ja` → `Japanese`, in the user's language."""
    return locales.language_name(str(tag), _language(context))


def _eager(lazy: Any, passes: Any) -> Any:
    """A filter of Jinja that would give a generator, giving a list."""

    def run(given: Any, *args: Any, **named: Any) -> list[Any]:
        return _few(lazy(given, *args, **named))

    return passes(run)


FUNCTIONS: dict[str, Any] = {
    "weeks": moments.weeks,
    "days": moments.days,
    "hours": moments.hours,
    "minutes": moments.minutes,
    "seconds": moments.seconds,
    "range": numbers,
    "min": min,
    "max": max,
    "moment": moments.read_moment,
    "emoji": marks.emoji,
    "mention": marks.mention,
}

FILTERS: dict[str, Any] = {
    "abs": abs,
    "capitalize": lambda text: plain_text(text).capitalize(),
    "count": length,
    "currency": currency_text,
    "d": default,
    "date": date_text,
    "datetime": datetime_text,
    "default": default,
    "duration": duration_text,
    "first": jinja_filters.sync_do_first,
    "float": decimal,
    "int": integer,
    "items": jinja_filters.do_items,
    "join": join,
    "json": json_text,
    "language": language_name,
    "last": jinja_filters.do_last,
    "length": length,
    "list": listing,
    "lower": lambda text: plain_text(text).lower(),
    "map": _eager(jinja_filters.sync_do_map, pass_context),
    "max": jinja_filters.do_max,
    "min": jinja_filters.do_min,
    "number": number_text,
    "percent": percent_text,
    "plural": plural,
    "reject": _eager(jinja_filters.sync_do_reject, pass_context),
    "rejectattr": _eager(jinja_filters.sync_do_rejectattr, pass_context),
    "replace": replace,
    "reverse": lambda values: values[::-1],
    "round": rounded,
    "select": _eager(jinja_filters.sync_do_select, pass_context),
    "selectattr": _eager(jinja_filters.sync_do_selectattr, pass_context),
    "sort": jinja_filters.do_sort,
    "split": split,
    "string": plain_text,
    "sum": jinja_filters.sync_do_sum,
    "time": time_text,
    "title": jinja_filters.do_title,
    "tojson": json_text,
    "trim": lambda text: plain_text(text).strip(),
    "truncate": truncate,
    "unique": _eager(jinja_filters.sync_do_unique, pass_environment),
    "upper": lambda text: plain_text(text).upper(),
    "urlencode": lambda text: quote(plain_text(text), safe=""),
    "where": where,
}

TESTS: dict[str, Any] = {
    name: jinja_tests.TESTS[name]
    for name in (
        *("boolean", "defined", "divisibleby", "eq", "even", "false", "float", "ge", "greaterthan", "gt", "in"),
        *("integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd"),
        *("sequence", "string", "true", "undefined", "upper", "==", "!=", "<", "<=", ">", ">="),
    )
}
