"""Dates: written out, relative, by weekday, in the calendars of Japan, Thailand and Taiwan.

A date without a year is the next such date, today included; a weekday alone is the next one after today. "Next
Friday" is the Friday of the week after this one, weeks beginning on Monday. Two numbers go by the language's
order (12/5 is 5 December in Japanese, 12 May in Thai) unless only the other order makes a date.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator

from runtime.flow.answers import date_words as words
from runtime.flow.answers.numbers import LANGUAGES, digits, edge_words, read_han, read_number
from runtime.flow.answers.written_dates import months_on, read_written
from runtime.flow.answers.yes_no import base, entries
from runtime.text import fold

MAX_CHARS = 60

_BRACKETS = re.compile(r"[()\[\]【】（）〔〕]")
_DAY_WORD = re.compile(r"^(?:ที่|tanggal|tgl\.?)\s*")
_HAN_BEFORE_UNIT = re.compile(r"([〇零○一二三四五六七八九十廿卅兩两百]+)(?=[年月日號号天週周個个ゖかゕけ後后])")


def read_date(text: str, language: str, today: dt.date) -> dt.date | None:
    """The date a text says; None when it says none, an impossible one, or more than one date."""
    if not text or len(text) > MAX_CHARS * 3:
        return None
    plain = _normal(text)
    if not plain or len(plain) > MAX_CHARS:
        return None
    today = dt.date(today.year, today.month, today.day)
    for tag in dict.fromkeys((base(language), *LANGUAGES)):
        for wording in _wordings(plain, tag):
            if wording in words.WEEK_OR_SUNDAY:
                return None
            found = _read(wording, tag, language, today)
            if found is not None:
                return found
    return None


def _normal(text: str) -> str:
    """Folded, brackets as spaces, digits 0–9, 漢数字 before units as digits."""
    plain = digits(fold(_BRACKETS.sub(" ", text))).replace("’", "'")
    return re.sub(r"\s+", " ", _HAN_BEFORE_UNIT.sub(_han, plain)).strip()


def _han(found: re.Match[str]) -> str:
    value = read_han(found[1])
    return found[1] if value is None else str(value)


def _wordings(text: str, language: str) -> Iterator[str]:
    """The text, then with less and less politeness around it."""
    before, after = _edges(language)
    seen, todo = {text}, [text]
    while todo:
        now = todo.pop(0)
        yield now
        for shorter in (_without(now, after, tail=True), _without(now, before, tail=False)):
            if shorter and shorter not in seen and len(seen) < 30:
                seen.add(shorter)
                todo.append(shorter)


@functools.cache
def _edges(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return edge_words(words.BEFORE.get(language, "")), edge_words(words.AFTER.get(language, ""))


def _without(text: str, edges: tuple[str, ...], *, tail: bool) -> str:
    for word in edges:
        rest = text.removesuffix(word) if tail else text.removeprefix(word)
        if rest == text or not rest:
            continue
        touching = (rest[-1] + word[0]) if tail else (word[-1] + rest[0])
        if not re.fullmatch(r"[a-z]{2}|[a-z]\d", touching):
            return rest.strip(" ,、。.・:")
    return ""


def _read(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    for read in (_relative, _weekday, _counted, _named, read_written, _of_year):
        found = read(text, language, tag, today)
        if found is not None:
            return found
    return _with_weekday(text, language, tag, today)


def _with_weekday(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """A date that also names its weekday: 12月5日(土), Sat 5 Dec; None when they do not agree."""
    if not any(char.isdecimal() for char in text):
        return None
    for word, day in _weekday_words().items():
        for rest in (text.removesuffix(word), text.removeprefix(word)):
            if rest == text:
                continue
            for date in dict.fromkeys((rest.strip(" ,.、の"), _DAY_WORD.sub("", rest.strip(" ,.、の")))):
                found = read_written(date, language, tag, today)
                if found is not None:
                    return found if found.weekday() == day else None
    return None


@functools.cache
def _weekday_words() -> dict[str, int]:
    """Weekday words of all languages, longest first, with the single signs: 12/5(土), 12/5六."""
    found = {char: day for signs in ("月火水木金土日", "一二三四五六") for day, char in enumerate(signs)}
    for table in words.WEEKDAYS.values():
        found |= {fold(word): day for day, each in enumerate(table) for word in entries(each)}
    return dict(sorted(found.items(), key=lambda item: len(item[0]), reverse=True))


def _relative(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    offset = _relative_words(language).get(text)
    return None if offset is None else _plus(today, offset)


@functools.cache
def _relative_words(language: str) -> dict[str, int]:
    table = words.RELATIVE.get(language, {})
    return {fold(word): offset for offset, each in table.items() for word in entries(each)}


def _plus(day: dt.date, days: int) -> dt.date | None:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return None


def _of_year(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """A date of this or the next year: 来年1月5日, 5 Januari tahun depan."""
    for word, ahead in words.YEARS.items():
        rest = text.removeprefix(word) if text.startswith(word) else text.removesuffix(word)
        if rest != text and today.year + ahead <= dt.MAXYEAR:
            first = dt.date(today.year + ahead, 1, 1)
            found = read_written(rest.strip(" ,、の的"), language, tag, first)
            return found if found and found.year == first.year else None
    return None


def _named(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    """The next feast of that name, today included."""
    found = _feasts(language).get(text)
    if found is None:
        return None
    this = dt.date(today.year, *found)
    return this if this >= today or today.year == dt.MAXYEAR else this.replace(year=today.year + 1)


@functools.cache
def _feasts(language: str) -> dict[str, tuple[int, int]]:
    return {fold(word): day for day, each in words.NAMED.get(language, {}).items() for word in entries(each)}


def _weekday(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    found = _weekday_phrases(language).get(text.replace(" ", "") if language in ("ja", "th", "zh") else text)
    if found is None:
        return None
    day, week = found
    if week in ("", words.COMING):
        ahead = (day - today.weekday()) % 7
        return _plus(today, ahead or (0 if week and language == "en" else 7))
    weeks = {words.THIS: 0, words.NEXT: 1, words.AFTER_NEXT: 2}[week]
    return _plus(today, day - today.weekday() + 7 * weeks)


@functools.cache
def _weekday_phrases(language: str) -> dict[str, tuple[int, str]]:
    """Every way to name a weekday, alone or of a week."""
    between = "" if language in ("ja", "th", "zh") else " "
    found: dict[str, tuple[int, str]] = {}
    for day, names in enumerate(words.WEEKDAYS.get(language, ())):
        for name in map(fold, entries(names)):
            found[name] = (day, "")
            for week, (before, after) in words.WEEKS[language].items():
                found |= {fold(each) + between + name: (day, week) for each in entries(before) if each}
                found |= {name + between + fold(each): (day, week) for each in entries(after) if each}
    return found


_DAYS, _WEEKS, _MONTHS = "days", "weeks", "months"
COUNTED: dict[str, tuple[tuple[str, str], ...]] = {
    "ja": ((r"(\d{1,3})日後", _DAYS), (r"(\d{1,2})週間後", _WEEKS), (r"(\d{1,2})[ゖかゕけ個箇]月後", _MONTHS)),
    "zh": (
        (r"(\d{1,3})天(?:之|以)?[後后]", _DAYS),
        (r"(\d{1,2})(?:週|周|個(?:星期|禮拜)|个(?:星期|礼拜)|星期|禮拜)(?:之|以)?[後后]", _WEEKS),
        (r"(\d{1,2})[個个]月(?:之|以)?[後后]", _MONTHS),
    ),
    "th": (
        (r"อีก ?(\S+?) ?วัน(?:ข้างหน้า)?|(\S+?) ?วันข้างหน้า", _DAYS),
        (r"อีก ?(\S+?) ?(?:สัปดาห์|อาทิตย์)(?:ข้างหน้า)?", _WEEKS),
        (r"อีก ?(\S+?) ?เดือน(?:ข้างหน้า)?", _MONTHS),
    ),
    "id": (
        (r"(?:dalam )?([\w ]+?) hari (?:lagi|kedepan|ke depan|dari sekarang)|dalam ([\w ]+?) hari", _DAYS),
        (r"(?:dalam )?([\w ]+?) minggu (?:lagi|ke depan|dari sekarang)|dalam ([\w ]+?) minggu", _WEEKS),
        (r"(?:dalam )?([\w ]+?) bulan (?:lagi|ke depan)", _MONTHS),
    ),
    "en": (
        (r"in (an?|[\w -]+?) days?|(an?|[\w -]+?) days? (?:from (?:now|today)|later)", _DAYS),
        (r"in (an?|[\w -]+?) weeks?|(an?|[\w -]+?) weeks? (?:from (?:now|today)|later)", _WEEKS),
        (r"in (an?|[\w -]+?) months?|(an?|[\w -]+?) months? (?:from (?:now|today)|later)", _MONTHS),
    ),
}
"""Language → how a number of days, weeks or months from today is said."""

_ALONE = {"sehari lagi": 1, "seminggu lagi": 7, "อีกอาทิตย์": 7, "อีกอาทิตย์นึง": 7, "อีกวันนึง": 1}
"""Counts whose one is part of the word."""


def _counted(text: str, language: str, tag: str, today: dt.date) -> dt.date | None:
    if text in _ALONE:
        return _plus(today, _ALONE[text])
    for pattern, unit in _counted_patterns(language):
        if found := pattern.fullmatch(text):
            said = next(each for each in found.groups() if each)
            count = 1 if said in ("a", "an") else read_number(said, language, integer=True)
            if count is None or not 0 <= count <= 999:
                return None
            if unit == _MONTHS:
                return months_on(today, int(count))
            return _plus(today, int(count) * (7 if unit == _WEEKS else 1))
    return None


@functools.cache
def _counted_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), unit) for pattern, unit in COUNTED.get(language, ()))
