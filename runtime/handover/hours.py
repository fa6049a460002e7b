"""When agents are there: weekly hours and dates that differ."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime.settings.handover import HoursSettings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
MINUTE = 60_000
LOOK_AHEAD = 400
"""Days in which the next opening is looked for: a year and its holidays."""

FORMS = {
    "en": ("en", "EEEE, d MMMM 'at' HH:mm"),
    "ja": ("ja", "M月d日(E) H:mm"),
    "th": ("th", "EEEEที่ d MMMM 'เวลา' HH.mm 'น.'"),
    "zh": ("zh_Hant", "M月d日（E）HH:mm"),
    "id": ("id", "EEEE, d MMMM 'pukul' HH.mm"),
}
"""Language → its name at Babel, and how a day and a time are written in it."""

_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class BadHours(ValueError):
    """Hours that cannot be read; the text says which and how they are written."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The opening times of one day, as minutes from midnight; `name` is that of a holiday."""

    spans: tuple[tuple[int, int], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Readable hours. `week` has one entry for each weekday from Monday; empty: always open."""

    zone: ZoneInfo
    week: tuple[Spans, ...]
    dates: Mapping[date, Spans]

    def at(self, when: int) -> Spans | None:
        """The day's hours; None where every hour is open."""
        day = self._local(when).date()
        return self.dates.get(day) or (self.week[day.weekday()] if self.week else None)

    def open(self, when: int) -> bool:
        spans = self.at(when)
        if spans is None:
            return True
        local = self._local(when)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in spans.spans)

    def holiday(self, when: int) -> str:
        """The name of a date that differs; empty on ordinary days."""
        found = self.dates.get(self._local(when).date())
        return found.name or found_name(found) if found else ""

    def next_open(self, when: int) -> int | None:
        """When it opens next, in ms since the epoch; `when` itself while it is open; None: not within a year."""
        if self.open(when):
            return when
        return next((at for at in self._turns(when) if self.open(at)), None)

    def next_close(self, when: int) -> int | None:
        """When it closes next, in ms; `when` itself while it is closed; None: not within a year."""
        if not self.open(when):
            return when
        return next((at for at in self._turns(when) if not self.open(at)), None)

    def written(self, when: int) -> str:
        """A moment in the local time of these hours, in figures that read the same everywhere."""
        return f"{self._local(when):%Y-%m-%d %H:%M}"

    def told(self, when: int, language: str) -> str:
        """The same as people of a language write it: 12月1日(火) 9:00; in figures where that is not known."""
        from babel.dates import format_datetime

        found = FORMS.get(language.replace("_", "-").partition("-")[0])
        if found is None:
            return self.written(when)
        return str(format_datetime(self._local(when).replace(tzinfo=None), found[1], locale=found[0]))

    def _turns(self, when: int) -> Iterator[int]:
        """Moments after `when` at which it may open or close, in order."""
        first = self._local(when).date() - timedelta(days=1)
        for number in range(LOOK_AHEAD):
            day = first + timedelta(days=number)
            spans = self.dates.get(day) or (self.week[day.weekday()] if self.week else Spans(()))
            minutes = {0, *(minute for span in spans.spans for minute in span)} - {1440}
            found = {at for minute in minutes for at in self._moments(day, minute)}
            yield from (at for at in sorted(found) if at > when)

    def _moments(self, day: date, minute: int) -> Iterator[int]:
        """A time of day in ms: twice where clocks are put back, and where they are put forward over it, that moment."""
        local = datetime.combine(day, time(minute // 60, minute % 60))
        early, late = (round(local.replace(tzinfo=self.zone, fold=fold).timestamp() * 1000) for fold in (0, 1))
        if early <= late:
            yield from {early, late}
            return
        # There is no such time on this day: `late` lies before the change, `early` behind it.
        while early - late > MINUTE:
            middle = late + (early - late) // (2 * MINUTE) * MINUTE
            skipped = self._local(middle).replace(tzinfo=None) >= local
            late, early = (late, middle) if skipped else (middle, early)
        yield early

    def _local(self, when: int) -> datetime:
        return datetime.fromtimestamp(when / 1000, UTC).astimezone(self.zone)


def found_name(spans: Spans) -> str:
    return "" if spans.spans else CLOSED


@functools.lru_cache(maxsize=64)
def _read(timezone: str, week: tuple[tuple[str, str], ...], dates: tuple[tuple[str, str], ...]) -> Calendar:
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise BadHours(f"timezone: {timezone!r} is no IANA time zone such as Asia/Tokyo") from None
    made: dict[int, Spans] = {}
    for days, times in week:
        made |= dict.fromkeys(_days(days), _spans(times, days))
    return Calendar(
        zone,
        tuple(made.get(number, Spans(())) for number in range(7)) if made else (),
        {_date(day): _spans(times, day) for day, times in dates},
    )


def calendar(hours: HoursSettings) -> Calendar:
    """Hours as they are written in noren.yaml. Raises `BadHours`."""
    return _read(hours.timezone, tuple(hours.week.items()), tuple((str(d), t) for d, t in hours.holidays.items()))


def _days(words: str) -> list[int]:
    """`mon-fri`, `sat`, `mon, wed`; a range may pass the end of the week."""
    found: list[int] = []
    for part in re.split(r"[,\s]+", words.strip().lower()):
        first, _, last = part.partition("-")
        last = last or first
        if first[:3] not in DAYS or last[:3] not in DAYS:
            raise BadHours(f"week.{words}: write days as mon, mon-fri or sat, sun")
        number = DAYS.index(first[:3])
        found.append(number)
        while number != DAYS.index(last[:3]):
            number = (number + 1) % 7
            found.append(number)
    return found


def _spans(words: str, where: str) -> Spans:
    """`09:00-12:00 13:00-18:00`, or `closed`; other words behind or before are the name of the day."""
    spans: list[tuple[int, int]] = []
    for found in _SPAN.finditer(words):
        hour, minute, until, rest = map(int, found.groups())
        start, end = hour * 60 + minute, until * 60 + rest
        if minute > 59 or rest > 59 or end > 1440 or start >= end:
            raise BadHours(f"{where}: {found[0]} is no span of a day; split one that passes midnight in two")
        if spans and start < spans[-1][1]:
            raise BadHours(f"{where}: {found[0]} begins before the span in front of it ends")
        spans.append((start, end))
    name = _SPAN.sub("", words).strip(" ,")
    if not spans and not name.lower().startswith(CLOSED):
        raise BadHours(f"{where}: write times as 09:00-18:00, or closed")
    return Spans(tuple(spans), re.sub(rf"(?i)^{CLOSED}\b[ ,]*", "", name))


def _date(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise BadHours(f"holidays.{words}: write dates as 2027-01-01") from None
