"""When it is open: weeks, holidays, midnight, and days on which clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.handover.hours import BadHours, Calendar, calendar
from runtime.settings.handover import HoursSettings

TOKYO = {"mon-fri": "09:00-12:00 13:00-18:00", "sat": "10:00-14:00"}


def at(when: str, zone: str = "Asia/Tokyo", fold: int = 0) -> int:
    local = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(local.timestamp() * 1000)


def made(
    week: dict[str, str] | None = None, zone: str = "Asia/Tokyo", holidays: dict[str, str] | None = None
) -> Calendar:
    return calendar(HoursSettings(timezone=zone, week=week or {}, holidays=holidays or {}))


@pytest.mark.parametrize(
    ("when", "open"),
    [
        ("2027-01-18 08:59", False),
        ("2027-01-18 09:00", True),
        ("2027-01-18 11:59", True),
        ("2027-01-18 12:00", False),
        ("2027-01-18 13:00", True),
        ("2027-01-18 18:00", False),
        ("2027-01-23 10:00", True),
        ("2027-01-24 10:00", False),
    ],
)
def test_a_week(when: str, open: bool) -> None:
    assert made(TOKYO).open(at(when)) is open


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2027-01-18 12:30", "2027-01-18 13:00"),
        ("2027-01-18 20:00", "2027-01-19 09:00"),
        ("2027-01-23 14:00", "2027-01-25 09:00"),
        ("2027-01-18 10:00", "2027-01-18 10:00"),
    ],
)
def test_when_it_opens_next(when: str, opens: str) -> None:
    hours = made(TOKYO)
    found = hours.next_open(at(when))
    assert found == at(opens)
    assert hours.written(found or 0) == opens


@pytest.mark.parametrize(
    ("when", "closes"),
    [
        ("2027-01-18 10:00", "2027-01-18 12:00"),
        ("2027-01-18 17:59", "2027-01-18 18:00"),
        ("2027-01-18 12:30", "2027-01-18 12:30"),
    ],
)
def test_when_it_closes_next(when: str, closes: str) -> None:
    assert made(TOKYO).next_close(at(when)) == at(closes)


def test_a_span_may_reach_midnight_and_go_on_behind_it() -> None:
    hours = made({"fri": "20:00-24:00", "sat": "00:00-02:00"})
    assert hours.open(at("2027-01-15 23:59"))
    assert hours.open(at("2027-01-16 00:00"))
    assert hours.next_close(at("2027-01-15 21:00")) == at("2027-01-16 02:00")


def test_a_range_of_days_may_pass_the_end_of_the_week() -> None:
    hours = made({"sat-mon": "10:00-11:00"})
    assert [hours.open(at(f"2027-01-{day} 10:00")) for day in range(15, 20)] == [False, True, True, True, False]


def test_without_hours_it_is_always_open_but_on_dates_that_differ() -> None:
    hours = made(
        holidays={"2027-01-01": "closed New Year", "2027-01-02": "10:00-12:00 Short day", "2027-01-03": "closed"}
    )
    assert made().open(at("2027-01-01 03:00"))
    assert made().next_close(at("2027-01-01 03:00")) is None
    assert not hours.open(at("2027-01-01 12:00"))
    assert hours.holiday(at("2027-01-01 12:00")) == "New Year"
    assert hours.open(at("2027-01-02 11:00"))
    assert hours.holiday(at("2027-01-02 11:00")) == "Short day"
    assert hours.holiday(at("2027-01-03 11:00")) == "closed"
    assert hours.holiday(at("2027-01-04 11:00")) == ""
    assert hours.next_open(at("2027-01-01 12:00")) == at("2027-01-02 10:00")
    assert hours.next_open(at("2027-01-03 12:00")) == at("2027-01-04 00:00")


def test_what_never_opens_is_told_so() -> None:
    assert made({"mon": "closed"}).next_open(at("2027-01-18 10:00")) is None


NEW_YORK = "America/New_York"


def test_clocks_put_forward_over_an_opening() -> None:
    hours = made({"sun": "02:30-05:00"}, NEW_YORK)  # 2027-03-14: 02:00 to 03:00 is left out
    opens = hours.next_open(at("2027-03-14 01:00", NEW_YORK))
    assert opens == at("2027-03-14 03:00", NEW_YORK)
    assert hours.open(opens or 0)


def test_clocks_put_forward_over_a_whole_span() -> None:
    hours = made({"sun": "02:00-02:45"}, NEW_YORK)
    assert hours.next_open(at("2027-03-14 01:00", NEW_YORK)) == at("2027-03-21 02:00", NEW_YORK)


def test_clocks_put_back_open_twice() -> None:
    hours = made({"sun": "01:30-02:00"}, NEW_YORK)  # 2027-11-07: 01:00 to 02:00 comes twice
    first, second = (at("2027-11-07 01:30", NEW_YORK, fold) for fold in (0, 1))
    assert second - first == 3_600_000
    between = first + 45 * 60_000
    assert not hours.open(between)
    assert hours.next_open(between) == second


def test_a_day_that_a_country_left_out() -> None:
    hours = made({"fri": "09:00-10:00"}, "Pacific/Apia")  # there was no 30 December 2011
    assert hours.next_open(at("2011-12-29 12:00", "Pacific/Apia")) == at("2012-01-06 09:00", "Pacific/Apia")


ZONES = ("Asia/Tokyo", NEW_YORK, "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")
spans = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted)


def week_of(days: list[list[int]]) -> dict[str, str]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    texts = [
        " ".join(
            f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}" for a, b in zip(d[::2], d[1::2], strict=False)
        )
        for d in days
    ]
    return {name: text or "closed" for name, text in zip(names, texts, strict=True)}


@settings(max_examples=60, deadline=None)
@given(days=st.lists(spans, min_size=7, max_size=7), zone=st.sampled_from(ZONES), minute=st.integers(0, 525_600))
def test_the_next_opening_is_the_first_minute_that_is_open(days: list[list[int]], zone: str, minute: int) -> None:
    hours = made(week_of(days), zone)
    start = round((datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).timestamp() * 1000)
    opens, closes = hours.next_open(start), hours.next_close(start)
    for found, wanted in ((opens, True), (closes, False)):
        assert found is not None
        assert found >= start
        assert hours.open(found) is wanted
        for n in range(start, min(found, start + 3 * 86_400_000), 900_000):
            assert hours.open(n) is not wanted
        if found > start:
            assert hours.open(found - 60_000) is not wanted


@pytest.mark.parametrize(
    "hours",
    [
        HoursSettings(timezone="Mars/Olympus"),
        HoursSettings(week={"someday": "09:00-10:00"}),
        HoursSettings(week={"mon": "morning"}),
        HoursSettings(week={"mon": "10:00-09:00"}),
        HoursSettings(week={"mon": "09:00-25:00"}),
        HoursSettings(week={"mon": "09:00-12:00 11:00-13:00"}),
        HoursSettings(holidays={"New Year": "closed"}),
    ],
)
def test_hours_that_cannot_be_read_are_told(hours: HoursSettings) -> None:
    with pytest.raises(BadHours):
        calendar(hours)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Monday, 18 January at 09:00"),
        ("ja", "1月18日(月) 9:00"),
        ("th", "วันจันทร์ที่ 18 มกราคม เวลา 09.00 น."),
        ("zh-TW", "1月18日（週一）09:00"),
        ("id", "Senin, 18 Januari pukul 09.00"),
        ("fr", "2027-01-18 09:00"),
    ],
)
def test_users_read_when_it_opens_in_their_own_way(language: str, told: str) -> None:
    hours = made({"mon": "09:00-18:00"})
    assert hours.told(at("2027-01-18 09:00"), language) == told
