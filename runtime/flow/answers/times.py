"""Times of day as people write them: 19:00, 7pm, 午後7時半, 晚上七點, สองทุ่ม, jam 7 malam, half past seven."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from runtime.flow.answers.dates import read_date
from runtime.flow.answers.numbers import read_number

MAX_CHARS = 60
LATE = r"pm|p\.m\.|in the (?:evening|afternoon)|午後|下午|晚上|傍晚|今晩|夜の?|夕方の?|sore|malam|บ่าย|เย็น|ค่ำ"
EARLY = r"am|a\.m\.|in the morning|午前|朝の?|上午|早上|凌晨|pagi|เช้า|ตี"
NOON = frozenset(("noon", "正午", "中午", "お昼", "昼", "เที่ยง", "เที่ยงวัน", "tengah hari"))
MIDNIGHT = frozenset(("midnight", "เที่ยงคืน", "tengah malam", "午夜", "半夜", "真夜中"))
WORDS = (
    *("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ", "สิบเอ็ด", "สิบสอง"),
    *(
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
        "tujuh",
        "delapan",
        "sembilan",
        "sepuluh",
        "sebelas",
        "dua belas",
    ),
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_NUMBER = "|".join([r"\d{1,2}", "[〇零一二三四五六七八九十兩两]{1,3}", *sorted(WORDS, key=len, reverse=True)])
_AROUND = re.compile(
    r"^(?:(?:at|around|about|from|ตอน|ขอ)\s*)+|(?:\s*(?:ごろ|頃|から|に|で|です|くらい|ぐらい|ค่ะ|ครับ|คับ|นะ|ya|please|お願いします))+$"
)
_HALF = re.compile(rf"(?P<en>half past|half)\s+(?P<past>{_NUMBER})|setengah\s+(?P<to>{_NUMBER})")
_CLOCK = re.compile(
    rf"(?P<mark>(?:jam|pukul|เวลา)\s*)?(?P<before>{LATE}|{EARLY}|siang)?\s*(?P<hour>{_NUMBER})"
    r"(?:\s*(?:[:：.h]|時|点|點|โมง)\s*(?:(?P<minute>\d{1,2})\s*(?:分|นาที)?)?(?P<half>半|ครึ่ง)?)?"
    r"\s*(?P<unit>ทุ่ม|โมง|นาฬิกา|น\.?|鐘|钟|o'?clock)?\s*(?P<half2>ครึ่ง)?"
    rf"\s*(?P<after>{LATE}|{EARLY}|siang)?"
)


def read_time(text: str) -> str | None:
    """`19:00` for a time of day; None when the text says none or more than that."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("’", "'").rstrip("。.!！?？ ")
    if not plain or len(plain) > MAX_CHARS:
        return None
    plain = _AROUND.sub("", plain).strip()
    if plain in NOON or plain in MIDNIGHT:
        return "12:00" if plain in NOON else "00:00"
    plain = _HALF.sub(_half, plain)
    found = _CLOCK.fullmatch(plain)
    return _clock(found) if found else None


def _half(found: re.Match[str]) -> str:
    """`half past seven` → 7:30; the Indonesian `setengah delapan` is half an hour before eight."""
    hour = _whole(found["past"] or found["to"] or "")
    return f"{hour if found['past'] else (hour - 1) % 12 or 12}:30"


def _whole(text: str) -> int:
    value = read_number(text, "th" if re.search("[ก-๛]", text) else "zh", integer=True)
    return int(value) if value is not None else 99


def _clock(found: re.Match[str]) -> str | None:
    minute = int(found["minute"] or 0) or (30 if found["half"] or found["half2"] else 0)
    if found[0].strip() == found["hour"]:
        return None  # 7 alone may be anything
    part = found["before"] or found["after"] or ""
    hour = _hour(_whole(found["hour"]), part, found["unit"] or "")
    return f"{hour:02}:{minute:02}" if 0 <= hour <= 23 and 0 <= minute <= 59 else None


def _hour(hour: int, part: str, unit: str) -> int:
    if unit == "ทุ่ม":
        return hour + 18 if hour < 6 else hour
    if part == "siang":
        return hour + 12 if hour < 6 else hour
    if part and re.fullmatch(LATE, part) and hour < 12:
        return hour + 12
    if part and re.fullmatch(EARLY, part) and hour == 12:
        return 0
    return hour


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
    found = read_date(day, language, today) if time else None
    return f"{found.isoformat()[:10]}T{time}" if found else None
