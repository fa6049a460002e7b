"""Words of times of day: parts of the day, hours that have names of their own, and what people put around a time.

The entries of a pattern are separated by `|`.
"""

from __future__ import annotations

LATE = r"pm|p\.m\.|in the (?:evening|afternoon)|午後の?|下午|傍晚|夕方の?|sore|petang|บ่าย|เย็น|ค่ำ"
"""12 hours later than the figure says."""
EARLY = r"am|a\.m\.|in the morning|午前の?|早朝の?|朝の?|上午|早上|清晨|凌晨|pagi|subuh|dini hari|เช้า|ตี"
"""As the figure says; 12 is midnight."""
NIGHT = r"at night|今夜の?|今晩の?|深夜の?|夜中の?|夜の?|晚上|今晚|半夜|深夜|晚|malam|malem|mlm"
"""From 5 to 11 in the evening, then midnight and the hours behind it: 夜8時 is 20:00, 夜1時 is 01:00."""
NOONISH = r"お昼の?|昼の?|中午|siang"
"""From 10 to 15: jam 11 siang, 昼の1時."""

FIXED: dict[str, str] = {
    **dict.fromkeys(("noon", "正午", "中午", "お昼", "昼", "เที่ยง", "เที่ยงวัน", "tengah hari"), "12:00"),
    **dict.fromkeys(("midnight", "เที่ยงคืน", "tengah malam", "午夜", "半夜", "真夜中"), "00:00"),
    "เที่ยงครึ่ง": "12:30",
    "เที่ยงคืนครึ่ง": "00:30",
}
"""Times that are words."""

THAI_ONE: dict[str, str] = {"ทุ่ม": "1 ทุ่ม", "บ่ายโมง": "บ่าย 1 โมง", "โมงเช้า": "1 โมงเช้า"}
"""The first hour of a part of the day needs no number in Thai."""

KANA: dict[str, str] = {"ごぜん": "午前", "ごご": "午後", "よる": "夜", "あさ": "朝", "ひる": "昼"}

EVENINGS: tuple[str, ...] = (
    *("今夜", "今晩", "明晩", "今晚", "明晚", "คืนนี้", "เย็นนี้"),
    *("malam ini", "nanti malam", "tonight", "this evening", "tomorrow night"),
)
"""Days that say a part of the day as well."""

NUMBERS: tuple[str, ...] = (
    *("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ", "สิบเอ็ด", "สิบสอง", "สิบสาม", "สิบสี่"),
    *("สิบห้า", "สิบหก", "สิบเจ็ด", "สิบแปด", "สิบเก้า", "ยี่สิบ", "ยี่สิบเอ็ด", "ยี่สิบสอง", "ยี่สิบสาม"),
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
"""Hours as words, beside digits and 漢数字."""

BEFORE = (
    r"at|around|about|from|maybe|ตอน|ขอเป็น|ขอ|ประมาณ|ราวๆ|สัก|จอง|เอา|だいたい|大体|大概|大約|約|那就|那|訂|改成"
    r"|sekitar|kira-kira|kalau|mau|buat|untuk"
)
AFTER = (
    r"ごろ|頃|から|に|で|です|くらい|ぐらい|がいい|がいいです|を?希望|を?希望です|にします|お願いします|お願いいたします|~|〜"
    r"|ค่ะ|คะ|ครับ|คับ|นะ|จ้า|จ้ะ|ตรง|ได้ไหม|ได้มั้ย|ก็ได้|整|左右|好了|吧|喔|謝謝|谢谢|可以嗎"
    r"|ya|kak|aja|saja|tepat|pas|teng|wib|wita|wit|please|sharp|thanks"
)
