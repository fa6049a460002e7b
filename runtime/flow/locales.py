"""Dates, numbers and lists as people of a language write them. Babel is loaded at the first use."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

FORMS = ("short", "medium", "long", "full")


@functools.cache
def locale(tag: str) -> Any:
    """Babel's locale of a language tag (`zh-TW`), of its base language, or English."""
    from babel import Locale, UnknownLocaleError

    for name in (tag.replace("-", "_"), tag.replace("_", "-").split("-")[0], "en"):
        try:
            return Locale.parse(name)
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return Locale("en")


def date(value: Any, form: str, tag: str, calendar: str = "") -> str:
    """A date in a form; empty for what is no date."""
    from babel.dates import format_date

    if not isinstance(value, dt.date):
        return value if isinstance(value, str) else ""
    if form == "iso":
        return value.isoformat()[:10]
    return str(format_date(value, form, locale(tag)))


def time(value: Any, form: str, tag: str) -> str:
    """A time in a form; a text such as `19:00` is read as one."""
    from babel.dates import format_time

    value = _clock(value) if isinstance(value, str) else value
    if not isinstance(value, (dt.datetime, dt.time)):
        return value if isinstance(value, str) else ""
    if form == "iso":
        return value.strftime("%H:%M")
    return str(format_time(value, form, None, locale(tag)))


def _clock(text: str) -> Any:
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        return text


def datetime(value: Any, form: str, tag: str) -> str:
    from babel.dates import format_datetime

    if not isinstance(value, dt.datetime):
        return date(value, form, tag)
    if form == "iso":
        return value.strftime("%Y-%m-%dT%H:%M")
    return str(format_datetime(value, form, None, locale(tag)))


def number(value: Any, digits: int | None, tag: str) -> str:
    from babel.numbers import format_decimal

    value = _number(value)
    if value is None:
        return ""
    if digits is None:
        return str(format_decimal(value, locale=locale(tag)))
    places = "0" * max(0, min(int(digits), 12))
    return str(format_decimal(value, f"#,##0.{places}" if places else "#,##0", locale(tag)))


def currency(value: Any, code: str, tag: str) -> str:
    from babel.numbers import format_currency

    value = _number(value)
    if value is None:
        return ""
    return str(format_currency(value, code, locale=locale(tag))) if code else number(value, 2, tag)


def percent(value: Any, digits: int | None, tag: str) -> str:
    from babel.numbers import format_percent

    value = _number(value)
    if value is None:
        return ""
    if digits is None:
        return str(format_percent(value, locale=locale(tag)))
    places = "0" * max(0, min(int(digits), 12))
    return str(format_percent(value, f"#,##0.{places}%" if places else "#,##0%", locale(tag)))


def _number(value: Any) -> Any:
    """A finite number of reasonable size, or None."""
    if isinstance(value, str):
        try:
            value = float(value) if "." in value or "e" in value.lower() else int(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if abs(value) < 1e30 else None


def plural(count: Any, tag: str) -> str:
    """zero, one, two, few, many or other."""
    value = _number(count)
    return "other" if value is None else str(locale(tag).plural_form(abs(value)))


def listing(items: list[str], tag: str) -> str:
    from babel.lists import format_list

    return str(format_list(items, locale=locale(tag))) if items else ""


def duration(value: Any, tag: str) -> str:
    from babel.dates import format_timedelta

    span = value if isinstance(value, dt.timedelta) else None
    if span is None:
        milliseconds = _number(value)
        span = None if milliseconds is None else dt.timedelta(milliseconds=milliseconds)
    return "" if span is None else str(format_timedelta(span, threshold=1.5, locale=locale(tag)))


def language_name(code: str, tag: str) -> str:
    return str(locale(code).get_display_name(locale(tag)) or code)


def is_language(tag: str) -> bool:
    """Whether a tag begins with the code of a language there is."""
    return tag.replace("_", "-").split("-")[0].lower() in locale("en").languages
