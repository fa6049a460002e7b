"""Dates, numbers and lists as people of a language write them. Babel is loaded at the first use."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Any, Literal, cast

CALENDARS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "buddhist": (("BE", "0001-01-01", -543),),
    "roc": (("Minguo", "1912-01-01", 1911), ("", "0001-01-01", 0)),
    "japanese": (
        ("Reiwa", "2019-05-01", 2018),
        ("Heisei", "1989-01-08", 1988),
        ("Shōwa", "1926-12-25", 1925),
        ("Taishō", "1912-07-30", 1911),
        ("Meiji", "1868-01-25", 1867),
        ("", "0001-01-01", 0),
    ),
}
"""Calendar → its eras, latest first: name, first day, the year before the first."""

ERA_NAMES: dict[tuple[str, str], str] = {
    ("BE", "th"): "พ.ศ. %s",
    ("Minguo", "zh"): "民國%s",
    ("Minguo", "ja"): "民国%s",
    ("Reiwa", "ja"): "令和%s",
    ("Heisei", "ja"): "平成%s",
    ("Shōwa", "ja"): "昭和%s",
    ("Taishō", "ja"): "大正%s",
    ("Meiji", "ja"): "明治%s",
    ("Reiwa", "zh"): "令和%s",
    ("Heisei", "zh"): "平成%s",
    ("Shōwa", "zh"): "昭和%s",
}
"""Era and language → how a year of it is written."""

Form = Literal["short", "medium", "long", "full"]
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
    if calendar in CALENDARS:
        form = _in_calendar(value, form, tag, calendar)
    return str(format_date(value, form, locale(tag)))


def _in_calendar(value: dt.date, form: str, tag: str, calendar: str) -> str:
    """The pattern of a form with the year of another calendar written into it."""
    from babel.dates import get_date_format

    pattern = str(get_date_format(cast(Form, form), locale(tag)).pattern) if form in FORMS else form
    era, _, number = next(each for each in CALENDARS[calendar] if value.isoformat() >= each[1])
    if not era:
        return form
    year = value.year - number
    name = ERA_NAMES.get((era, tag.split("-")[0])) or ("%s " + era if era == "BE" else era + " %s")
    shown = "元" if year == 1 and tag.startswith("ja") else str(year)
    with_era = "'" + name.replace("%s", shown) + "'"
    if calendar == "buddhist" and "G" not in pattern and tag.startswith("th"):
        with_era = f"'{shown}'"
    return re.sub(r"(?:G+\s*)?y+(?:\s*G+)?", lambda _: with_era, pattern)


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
