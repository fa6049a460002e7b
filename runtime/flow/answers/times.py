"""Times of day as people write them: 19:00, 7pm, 午後7時半, 晚上七點, สองทุ่ม, jam 7 malam, half past seven."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from runtime.flow.answers import time_words as words
from runtime.flow.answers.dates import read_date
from runtime.flow.answers.numbers import read_number

MAX_CHARS = 60
_PART = rf"{words.NOONISH}|{words.LATE}|{words.EARLY}|{words.NIGHT}"
_HAN = "[〇零一二三四五六七八九十兩两]{1,3}"
_NUMBER = "|".join([r"\d{1,2}", _HAN, *sorted(words.NUMBERS, key=len, reverse=True)])
_AROUND = re.compile(rf"^(?:(?:{words.BEFORE})\s*)+(?=\S)|(?:[\s,，、]*(?:{words.AFTER}))+$")
_HALF = re.compile(rf"(?P<en>half past|half)\s+(?P<past>{_NUMBER})|setengah\s+(?P<to>{_NUMBER})")
_MINUTES = re.compile(
    rf"(?P<hour>{_NUMBER})\s+(?P<way>lewat|lebih|kurang)\s+(?P<minute>\d{{1,2}}|seperempat)(?:\s*menit)?"
)
_KANA_HOUR = re.compile(r"(?<=\d)じ")
_QUARTER = re.compile("[點点]([一三])刻")
_THAI_ONE = re.compile(rf"^({'|'.join(words.THAI_ONE)})(?:นึง|หนึ่ง)?")
_CLOCK = re.compile(
    rf"(?P<mark>(?:jam|pukul|pkl\.?|เวลา)\s*)?(?P<before>{_PART})?\s*(?P<hour>{_NUMBER})"
    rf"(?:\s*(?P<by>[:：.h]|時|点|點|โมง)\s*(?:(?P<minute>\d{{1,2}}|{_HAN})\s*(?:分|นาที)?)?(?P<half>半|ครึ่ง)?)?"
    r"\s*(?P<unit>ทุ่ม|โมง|นาฬิกา|น\.?|鐘|钟|o'?clock)?\s*(?P<half2>ครึ่ง)?"
    rf"\s*(?P<after>{_PART})?"
)


def read_time(text: str) -> str | None:
    """`19:00` for a time of day; None when the text says none or more than that."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("’", "'").rstrip("。.!！?？ ")
    if not plain or len(plain) > MAX_CHARS:
        return None
    plain = _even(_AROUND.sub("", plain).strip())
    if plain in words.FIXED:
        return words.FIXED[plain]
    found = _CLOCK.fullmatch(plain)
    return _clock(found) if found else None


def _even(plain: str) -> str:
    """Hours and minutes that are said in other ways, in figures."""
    for kana, kanji in words.KANA.items():
        plain = kanji + plain.removeprefix(kana) if plain.startswith(kana) else plain
    plain = _THAI_ONE.sub(lambda found: words.THAI_ONE[found[1]], _KANA_HOUR.sub("時", plain))
    plain = _QUARTER.sub(lambda found: "點15分" if found[1] == "一" else "點45分", plain)
    return _MINUTES.sub(_minutes, _HALF.sub(_half, plain))


def _half(found: re.Match[str]) -> str:
    """`half past seven` → 7:30; the Indonesian `setengah delapan` is half an hour before eight."""
    hour = _whole(found["past"] or found["to"] or "")
    return f"{hour if found['past'] else (hour - 1) % 12 or 12}:30"


def _minutes(found: re.Match[str]) -> str:
    """`7 lewat 15` → 7:15, `8 kurang seperempat` → 7:45."""
    hour, minute = _whole(found["hour"]), 15 if found["minute"] == "seperempat" else int(found["minute"])
    if found["way"] != "kurang":
        return f"{hour}:{minute:02}"
    return f"{(hour - 1) % 12 or 12}:{60 - minute:02}" if 0 < minute < 60 else found[0]


def _whole(text: str) -> int:
    value = read_number(text, "th" if re.search("[ก-๛]", text) else "zh", integer=True)
    return int(value) if value is not None else 99


def _clock(found: re.Match[str]) -> str | None:
    minute = _whole(found["minute"]) if found["minute"] else 30 if found["half"] or found["half2"] else 0
    if found[0].strip() == found["hour"]:
        return None  # 7 alone may be anything
    part = found["before"] or found["after"] or ""
    hour = _hour(_whole(found["hour"]), part, found["unit"] or found["by"] or "")
    return f"{hour:02}:{minute:02}" if 0 <= hour <= 23 and 0 <= minute <= 59 else None


def _hour(hour: int, part: str, unit: str) -> int:
    if unit == "ทุ่ม":
        return (hour + 18) % 24 if 1 <= hour <= 6 else -1
    if unit == "โมง" and part in ("", "เช้า") and hour < 6:
        return _thai_hour(hour, part)
    if re.fullmatch(words.NOONISH, part):
        return hour + 12 if hour < 6 else hour
    if re.fullmatch(words.NIGHT, part):
        return 0 if hour == 12 else hour + 12 if 5 <= hour < 12 else hour
    if re.fullmatch(words.LATE, part) and hour < 12:
        return hour + 12
    if re.fullmatch(words.EARLY, part) and hour == 12:
        return 0
    return hour


def _thai_hour(hour: int, part: str) -> int:
    """สองโมงเช้า counts from six in the morning; สี่โมง alone is in the afternoon: the small hours are ตี."""
    return hour + 6 if part else hour + 12


def read_datetime(text: str, language: str, today: date) -> str | None:
    """`2026-12-05T19:00` for a date with a time, in either order; None when one of them is missing."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[tT ](\d{2}:\d{2})(?::\d{2})?", plain):
        return _joined(found[1], found[2], language, today)
    if len(plain) > MAX_CHARS:
        return None
    for cut in range(1, len(plain)):
        first, second = plain[:cut].strip(" ,、の"), plain[cut:].strip(" ,、のT")
        for day, hour in ((first, second), (second, first)):
            if day and hour and (made := _joined(day, hour, language, today)):
                return made
    return None


def _joined(day: str, hour: str, language: str, today: date) -> str | None:
    time = read_time(hour)
    if time and "05:00" <= time < "12:00" and day.lower().endswith(words.EVENINGS):
        time = f"{int(time[:2]) + 12}{time[2:]}"
    found = read_date(day, language, today) if time else None
    return f"{found.isoformat()[:10]}T{time}" if found else None
