"""Dates written out: with names of months, in numbers, in the calendars of Japan, Thailand and Taiwan."""

from __future__ import annotations

import datetime as dt
import functools
import re

from runtime.flow.answers import date_words as words
from runtime.flow.answers.yes_no import base, entries
from runtime.text import fold

DAY_FIRST = frozenset(("th", "id", "vi", "fr", "de", "es", "it", "pt", "ms"))
DAY_FIRST_ENGLISH = frozenset(("gb", "uk", "au", "nz", "ie", "in", "sg", "za", "hk", "my", "th", "id"))
YEAR_FIRST = frozenset(("ja", "zh", "ko"))
BUDDHIST = 543

_SEP = r"\s*[-/.]\s*"


def date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def months_on(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    days = (found for each in range(day.day, 0, -1) if (found := date(year, month + 1, each)))
    return next(days, dt.date.max)


def read_written(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """A date written out in one language's way; `tag` decides the order of two numbers."""
    for read in (_month_word, _numbers, _day_only):
        found = read(text, language, tag, today)
        if found is not None:
            return found
    return None


def _month_word(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """5 Dec 2026, December 5th, 5 ธ.ค. 2569, 5 Desember."""
    for pattern, months in _month_patterns(language):
        if found := pattern.fullmatch(text):
            groups = found.groupdict()
            year = int(groups["y"]) if groups["y"] else None
            return _settle(groups["era"] or "", year, months[groups["m"]], int(groups["d"]), language, today)
    return None


@functools.cache
def _month_patterns(language: str) -> tuple[tuple[re.Pattern[str], dict[str, int]], ...]:
    months = {
        fold(word): number for number, each in enumerate(words.MONTHS.get(language, ()), 1) for word in entries(each)
    }
    if not months:
        return ()
    name = "|".join(re.escape(word) for word in sorted(months, key=len, reverse=True))
    day, year = r"(?P<d>\d{1,2})", r"(?:[\s,./-]*(?P<era>พ\.?ศ\.?|ค\.?ศ\.?|be|ad)?\s*'?(?P<y>\d{4}|\d{2}))?"
    first = rf"{day}(?:st|nd|rd|th)?[\s./-]*(?:of\s+|เดือน\s*|bulan\s*)?(?P<m>{name})\.?{year}"
    second = rf"(?P<m>{name})\.?\s*(?:the\s+)?{day}(?:st|nd|rd|th)?{year}"
    patterns = (first, second) if language == "en" else (first,)
    return tuple((re.compile(pattern), months) for pattern in patterns)


_ERA = "|".join(sorted(map(re.escape, words.ERAS), key=len, reverse=True))
_NUMERIC: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), order)
    for pattern, order in (
        (r"(\d{4})(\d{2})(\d{2})", "ymd"),
        (rf"(\d{{3,4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})", "ymd"),
        (rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}})", "??y"),
        (rf"(\d{{2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})", "yy??"),
        (rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{2}})", "??yy"),
        (r"(\d{1,2})\s*[/.-]\s*(\d{1,2})", "??"),
    )
)
_KANJI = re.compile(
    rf"(?:(?P<era>{_ERA})?\s*(?P<y>\d{{1,4}}|元)\s*年\s*)?(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*(?:日|號|号)?"
)
_ERA_SHORT = re.compile(rf"(?P<era>{_ERA})\s*(?P<y>\d{{1,3}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})")


def _numbers(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """Numbers only, 12月5日, 令和8年12月5日, 民國115年12月5日."""
    for pattern in (_KANJI, _ERA_SHORT):
        if found := pattern.fullmatch(text):
            year = 1 if found["y"] == "元" else int(found["y"]) if found["y"] else None
            return _settle(found["era"] or "", year, int(found["m"]), int(found["d"]), language, today)
    for numeric, order in _NUMERIC:
        year_first = base(tag) in YEAR_FIRST
        if (order == "yy??" and not year_first) or (order == "??yy" and year_first):
            continue
        if found := numeric.fullmatch(text):
            return _ordered([int(each) for each in found.groups()], order, language, tag, today)
    return None


def _ordered(numbers: list[int], order: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """Numbers in the order a language writes them; the other order when that alone makes a date."""
    if order in ("ymd", "yy??"):
        year, month, day = numbers
        return _settle("", year, month, day, language, today)
    last = numbers.pop() if order != "??" else None
    day, month = numbers if _day_first(tag) else reversed(numbers)
    return _settle("", last, month, day, language, today) or _settle("", last, day, month, language, today)


def _day_first(tag: str) -> bool:
    region = tag.lower().replace("_", "-").split("-")[-1]
    return base(tag) in DAY_FIRST or (base(tag) == "en" and region in DAY_FIRST_ENGLISH)


def _settle(era: str, year: int | None, month: int, day: int, language: str, today: dt.date) -> dt.date | None:
    """A real date: of the era's year, or of the next year in which there is such a date."""
    if year is None:
        dates = (date(today.year + ahead, month, day) for ahead in range(9))
        return next((found for found in dates if found and found >= today), None)
    found = date(_full_year(era, year, language), month, day)
    span = words.ERA_SPANS.get(era)
    if found and span and not span[0] <= found.isoformat() <= span[1]:
        return None
    return found


def _full_year(era: str, year: int, language: str) -> int:
    """Years of eras, of the Buddhist calendar and of two digits, as years of the common era; 0 when impossible."""
    if era in words.ERAS:
        return words.ERAS[era] + year
    buddhist = era.startswith(("พ", "be"))
    if year < 100:
        if buddhist or (language == "th" and not era and year >= 50):
            return 2500 + year - BUDDHIST
        return 2000 + year if year < 70 else 1900 + year
    if year < 1000:
        return 1911 + year if language == "zh" and year < 200 else 0
    return year - BUDDHIST if buddhist or 2400 <= year < 2700 else year


_ONLY = {
    "ja": r"(?:(?P<when>今月|来月|再来月)の?\s*)?(?P<d>\d{1,2})\s*日",
    "zh": r"(?:(?P<when>這個月|这个月|本月|下個月|下个月|下月|下下個月)的?\s*)?(?P<d>\d{1,2})\s*(?:日|號|号)",
    "th": r"(?:วันที่|ที่)\s*(?P<d>\d{1,2})(?:\s*(?P<when>เดือนนี้|เดือนหน้า))?|(?P<d2>\d{1,2})\s*(?P<when2>เดือนนี้|เดือนหน้า)",
    "id": (
        r"(?:pada )?(?:tanggal|tgl\.?)\s*(?P<d>\d{1,2})(?:\s*(?P<when>bulan ini|bulan depan))?"
        r"|(?P<d2>\d{1,2})\s*(?P<when2>bulan ini|bulan depan)"
    ),
    "en": r"(?:on )?(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)(?: (?:of )?(?P<when>this month|next month))?",
}
_MONTHS_AHEAD = {
    **dict.fromkeys(("今月", "這個月", "这个月", "本月", "เดือนนี้", "bulan ini", "this month"), 0),
    **dict.fromkeys(("来月", "下個月", "下个月", "下月", "เดือนหน้า", "bulan depan", "next month"), 1),
    **dict.fromkeys(("再来月", "下下個月"), 2),
}


def _day_only(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """A day of this or the next month: 5日, วันที่ 5, the 5th, 来月の5日."""
    pattern = _ONLY.get(language)
    found = re.fullmatch(pattern, text) if pattern else None
    if not found:
        return None
    groups = found.groupdict()
    day, when = int(groups["d"] or groups.get("d2") or 0), groups["when"] or groups.get("when2")
    first = today.replace(day=1)
    if when:
        month = months_on(first, _MONTHS_AHEAD[when])
        return date(month.year, month.month, day)
    for ahead in range(3):
        month = months_on(first, ahead)
        chosen = date(month.year, month.month, day)
        if chosen and chosen >= today:
            return chosen
    return None
