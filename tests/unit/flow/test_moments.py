"""Dates and times in expressions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from runtime.flow.moments import Day, Moment, days, hours, minutes, moment, read_moment, seconds, weeks, zone


def test_a_day_prints_compares_and_adds_up() -> None:
    day = Day(2026, 12, 1)
    assert str(day + days(60)) == "2027-01-30"
    assert isinstance(day + days(1), Day)
    assert day == "2026-12-01"
    assert day == date(2026, 12, 1)
    assert "2026-11-30" < day <= "2026-12-01"
    assert day != "tomorrow"
    assert day - "2026-11-30" == timedelta(1)
    assert (day - datetime(2026, 11, 30, 5)).days == 1
    assert hash(day) == hash(date(2026, 12, 1))
    with pytest.raises(TypeError):
        _ = day < "tomorrow"
    with pytest.raises(TypeError):
        _ = day < 5


def test_a_moment_prints_as_lines_picker_writes_it() -> None:
    now = moment(1_796_000_000_000, "Asia/Tokyo")
    assert str(now) == "2026-11-30T09:53"
    assert str(now + hours(1) - minutes(3) + seconds(60)) == "2026-11-30T10:51"
    assert now > "2026-11-30T09:00"
    assert now < Day(2026, 12, 1)
    assert now == Day(2026, 11, 30), "the day it is on"
    assert now >= datetime(2026, 11, 30, 9, 53, 20)
    assert now - "2026-11-30T09:00" == timedelta(minutes=53, seconds=20)
    assert now - Day(2026, 11, 30) == timedelta(hours=9, minutes=53, seconds=20)
    assert now - now == timedelta(0)
    assert now.day_of() == Day(2026, 11, 30)
    assert hash(now) == hash(datetime.fromtimestamp(1_796_000_000, UTC))


def test_an_unknown_zone_is_utc() -> None:
    assert str(zone("Mars/Olympus")) == "UTC"
    assert str(zone("../etc/passwd")) == "UTC"
    assert str(moment(0, "")) == "1970-01-01T00:00"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-12-05", Day(2026, 12, 5)),
        ("2026-12-05T19:00", Moment(2026, 12, 5, 19, 0)),
        (date(2026, 12, 5), Day(2026, 12, 5)),
        (datetime(2026, 12, 5, 1), Moment(2026, 12, 5, 1)),
        (0, Moment(1970, 1, 1, tzinfo=UTC)),
        ("2026-13-05", "2026-13-05"),
        ("some longer text", "some longer text"),
        ("x", "x"),
        (None, None),
        (True, True),
    ],
)
def test_values_are_read_as_dates_where_they_are(value: object, read: object) -> None:
    made = read_moment(value)
    assert made == read
    assert type(made) is type(read)


def test_weeks() -> None:
    assert weeks(2) == timedelta(days=14)
