"""Times of day as people write them: 19:00, 7pm, 午後7時半, 晚上七點, 2 ทุ่ม, jam 7 malam."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from runtime.flow.answers import read_date, read_number

MAX_CHARS = 60
LATE = r"pm|p\.m\.|午後|下午|晚上|傍晚|夜の?|夕方の?|sore|malam|บ่าย|เย็น"
EARLY = r"am|a\.m\.|午前|朝の?|上午|早上|凌晨|pagi|เช้า|ตี"
NOON = frozenset(("noon", "正午", "中午", "お昼", "昼", "เที่ยง", "เที่ยงวัน", "tengah hari"))
MIDNIGHT = frozenset(("midnight", "午前0時", "เที่ยงคืน", "tengah malam", "午夜", "半夜"))
_NUMBER = r"(?P<{0}>\d{{1,2}}|[〇零一二三四五六七八九十兩两]{{1,3}})"
_FILLER = (
    r"(?:at|around|about|jam|pukul|เวลา|ตอน|ごろ|頃|に|で|です|くらい|ぐらい|ค่ะ|ครับ|คับ|นะ|o'?clock|please|お願いします)"
)
_CLOCK = re.compile(
    rf"(?P<before>{LATE}|{EARLY}|siang)?\s*{_NUMBER.format('hour')}"
    rf"(?:\s*(?:[:：.hH]|時|点|點|点钟|點鐘|โมง)\s*(?:(?P<minute>\d{{1,2}})\s*(?:分|นาที|น\.?)?)?(?P<half>半|ครึ่ง)?)?"
    rf"\s*(?P<unit>ทุ่ม|โมง|นาฬิกา|น\.?|鐘|钟)?\s*(?P<half2>ครึ่ง)?\s*(?P<after>{LATE}|{EARLY}|siang)?",
    re.IGNORECASE,
)


def read_time(text: str) -> str | None:
    """`19:00` for a time of day; None when the text says none or more than that."""
    plain = unicodedata.normalize("NFKC", text).strip().lower().rstrip("。.!！?？ ")
    if not plain or len(plain) > MAX_CHARS:
        return None
    plain = re.sub(rf"^(?:{_FILLER}\s*)+|(?:\s*{_FILLER})+$", "", plain).strip()
    if plain in NOON:
        return "12:00"
    if plain in MIDNIGHT:
        return "00:00"
    found = _CLOCK.fullmatch(plain)
    return _clock(found) if found else None


def _clock(found: re.Match[str]) -> str | None:
    hour = read_number(found["hour"], "zh", integer=True)
    minute = int(found["minute"] or 0) or (30 if found["half"] or found["half2"] else 0)
    part = (found["before"] or found["after"] or "").lower()
    if hour is None or (len(found["hour"]) < 3 and not _says_time(found)):
        return None
    hour = _hour(int(hour), part, found["unit"] or "")
    return f"{hour:02}:{minute:02}" if 0 <= hour <= 23 and 0 <= minute <= 59 else None


def _says_time(found: re.Match[str]) -> bool:
    """A bare number is no time: 7 may be anything."""
    return found[0].strip() != found["hour"]


def _hour(hour: int, part: str, unit: str) -> int:
    if unit == "ทุ่ม":
        return hour + 18 if hour < 6 else hour
    if part == "siang":
        return hour + 12 if hour < 6 else hour
    if re.fullmatch(LATE, part) and hour < 12:
        return hour + 12
    if re.fullmatch(EARLY, part) and hour == 12:
        return 0
    return hour


def read_datetime(text: str, language: str, today: date) -> str | None:
    """`2026-12-05T19:00` for a date with a time, in either order; None when one of them is missing."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[tT ](\d{2}:\d{2})(?::\d{2})?", plain):
        day = read_date(found[1], language, today)
        return f"{day.isoformat()[:10]}T{found[2]}" if day and read_time(found[2]) else None
    if len(plain) > MAX_CHARS:
        return None
    for cut in range(1, len(plain)):
        first, second = plain[:cut].strip(" ,、の"), plain[cut:].strip(" ,、のT")
        for day_text, time_text in ((first, second), (second, first)):
            time = read_time(time_text) if day_text and time_text else None
            day = read_date(day_text, language, today) if time else None
            if day and time:
                return f"{day.isoformat()[:10]}T{time}"
    return None
