"""Dates and times as expressions use them: they add up, compare with ISO text and print as ISO text."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def _compare(name: str, base: type) -> Callable[[Any, object], Any]:
    """A comparison that also takes ISO text, as stored variables hold dates."""
    plain = cast(Callable[[Any, object], Any], getattr(base, name))

    def method(self: Any, other: object) -> Any:
        try:
            mine, theirs = _match(self, other)
            return plain(mine, theirs) if isinstance(mine, base) else getattr(mine, name)(theirs)
        except (TypeError, ValueError):
            return NotImplemented

    return functools.wraps(plain)(method)


def _match(mine: date, other: object) -> tuple[date, object]:
    """Both sides as dates, or both as moments of one zone."""
    theirs = read_moment(other) if isinstance(other, str) else other
    if isinstance(mine, datetime) and isinstance(theirs, datetime):
        if mine.tzinfo is None or theirs.tzinfo is None:
            return mine.replace(tzinfo=mine.tzinfo or theirs.tzinfo), theirs.replace(
                tzinfo=theirs.tzinfo or mine.tzinfo
            )
        return mine, theirs
    if isinstance(theirs, date):
        return date(mine.year, mine.month, mine.day), date(theirs.year, theirs.month, theirs.day)
    return mine, other


class Day(date):
    """A date that prints as `2026-12-05` and compares with such text."""

    __eq__ = _compare("__eq__", date)
    __lt__ = _compare("__lt__", date)
    __le__ = _compare("__le__", date)
    __gt__ = _compare("__gt__", date)
    __ge__ = _compare("__ge__", date)
    __hash__ = date.__hash__

    def __sub__(self, other: Any) -> Any:
        other = read_moment(other) if isinstance(other, str) else other
        if isinstance(other, datetime):
            other = other.date()
        return super().__sub__(other)


class Moment(datetime):
    """A date and time that prints as `2026-12-05T19:00` (as LINE's picker writes it) and compares with such text."""

    __eq__ = _compare("__eq__", datetime)
    __lt__ = _compare("__lt__", datetime)
    __le__ = _compare("__le__", datetime)
    __gt__ = _compare("__gt__", datetime)
    __ge__ = _compare("__ge__", datetime)
    __hash__ = datetime.__hash__

    def __str__(self) -> str:
        return self.strftime("%Y-%m-%dT%H:%M")

    def __sub__(self, other: Any) -> Any:
        other = read_moment(other) if isinstance(other, str) else other
        if isinstance(other, date) and not isinstance(other, datetime):
            other = datetime.combine(other, time(), self.tzinfo)
        elif isinstance(other, datetime) and other.tzinfo is None:
            other = other.replace(tzinfo=self.tzinfo)
        return super().__sub__(other)

    def day_of(self) -> Day:
        return Day(self.year, self.month, self.day)


def moment(milliseconds: int, timezone: str = "UTC") -> Moment:
    """The moment of a time in milliseconds since the Unix epoch, in an IANA zone (UTC when there is none such)."""
    return Moment.fromtimestamp(milliseconds / 1000, zone(timezone))


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; UTC when there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def read_moment(value: object) -> Any:
    """A `Day` or `Moment` for ISO text, a date or a number of milliseconds; anything else comes back unchanged."""
    if isinstance(value, datetime):
        return value if isinstance(value, Moment) else Moment.fromisoformat(value.isoformat())
    if isinstance(value, date):
        return value if isinstance(value, Day) else Day(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Moment.fromtimestamp(value / 1000, UTC)
    return _read_iso(value) if isinstance(value, str) else value


def _read_iso(text: str) -> Any:
    try:
        if len(text) == 10:
            return Day.fromisoformat(text)
        return Moment.fromisoformat(text) if len(text) > 10 else text
    except ValueError:
        return text


def weeks(count: float) -> timedelta:
    return timedelta(weeks=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
