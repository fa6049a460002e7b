"""Numbers as people write them in five languages, and what is no number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers import read_number
from runtime.flow.answers.numbers import read_han

NUMBERS: dict[str, dict[str, float | None]] = {
    "ja": {
        "3": 3,
        "３": 3,
        "三": 3,
        "二十三": 23,
        "百五十": 150,
        "〇": 0,
        "二〇二六": 2026,
        "4人": 4,
        "４名です": 4,
        "二人": 2,
        "ふたりです": 2,
        "三人でお願いします": 3,
        "1,500円": 1500,
        "1.5": 1.5,
        "1万": 10000,
        "1.5万円": 15000,
        "3万5千": 35000,
        "1億2000万": 120000000,
        "12万3456": 123456,
        "二千五": 2005,
        "百五": 105,
        "にじゅうさん": 23,
        "さんびゃく": 300,
        "ひとつ": 1,
        "マイナス5": -5,
        "－5": -5,
        "①": 1,
        "五千円くらい": 5000,
        "4人くらいで": 4,
        "千": 1000,
        "万": None,
        "二三人": None,
        "2、3人": None,
        "2-3人": None,
        "2人と3人": None,
        "三時": None,
        "さん": 3,
        "壱万円": 10000,
        "九十九": 99,
        "ゼロ": 0,
        "十": 10,
        "2名様": 2,
        "5人分": 5,
        "4月": None,
        "070-1234-5678": None,
        "12/5": None,
        "1,5": None,
        "こんにちは": None,
        "二万": 20000,
        "よにん": 4,
        "ひゃくにじゅう": 120,
        "一万二千三百四十五": 12345,
        "8歳": 8,
        "3泊": 3,
        "3千円": 3000,
        "約3人": 3,
        "人": None,
        "一二三": 123,
        "十万": 100000,
        "千二百万": 12000000,
    },
    "th": {
        "๓": 3,
        "๑๒": 12,
        "เก้า": 9,
        "ยี่สิบเอ็ด": 21,
        "สิบเอ็ด": 11,
        "ร้อยห้าสิบ": 150,
        "สองพันห้าร้อย": 2500,
        "สองพันห้า": None,
        "หนึ่งล้าน": 1000000,
        "2 คน": 2,
        "สองคนค่ะ": 2,
        "4 ท่านครับ": 4,
        "ห้าร้อยบาท": 500,
        "1,500": 1500,
        "1.5": 1.5,
        "ลบห้า": -5,
        "ศูนย์": 0,
        "สิบ": 10,
        "ร้อย": 100,
        "สามหมื่นห้าพัน": 35000,
        "เอา 3 ค่ะ": 3,
        "ประมาณ 5 คน": 5,
        "สองสาม": None,
        "5 หมื่น": 50000,
        "สามจุดห้า": 3.5,
        "หนึ่งร้อยยี่สิบสาม": 123,
        "สี่คนครับ": 4,
        "ขอ 2 ที่ค่ะ": 2,
        "ห้าสิบล้าน": 50000000,
        "จำนวน 4 คน": 4,
        "สวัสดี": None,
        "๒,๕๐๐ บาท": 2500,
        "5-6 คน": None,
        "สองล้านห้าแสน": 2500000,
    },
    "zh-TW": {
        "三": 3,
        "兩位": 2,
        "二十三": 23,
        "廿五": 25,
        "兩百五": 250,
        "三千五": 3500,
        "一萬二": 12000,
        "一百零五": 105,
        "兩千零五": 2005,
        "4個人": 4,
        "四位大人": 4,
        "一百二十": 120,
        "３": 3,
        "1.5萬": 15000,
        "五個": 5,
        "負五": -5,
        "大概5個人": 5,
        "兩三個": None,
        "2、3個": None,
        "一百": 100,
        "十二": 12,
        "一百一十": 110,
        "壹佰元": 100,
        "三百塊": 300,
        "我要兩張": 2,
        "2,000元": 2000,
        "五月": None,
        "三點": None,
        "一萬零五十": 10050,
        "一億": 100000000,
        "四个人": 4,
        "5位，謝謝": 5,
        "一百五十萬": 1500000,
    },
    "id": {
        "dua puluh tiga": 23,
        "sebelas": 11,
        "lima belas": 15,
        "seratus lima puluh": 150,
        "seribu": 1000,
        "dua ribu": 2000,
        "1.500": 1500,
        "1,5": 1.5,
        "1.5": 1.5,
        "1,500": 1.5,
        "50rb": 50000,
        "50 ribu": 50000,
        "1,5 juta": 1500000,
        "2jt": 2000000,
        "4 orang": 4,
        "empat orang kak": 4,
        "Rp 50.000": 50000,
        "Rp50.000": 50000,
        "dua koma lima": 2.5,
        "setengah": 0.5,
        "minus lima": -5,
        "nol": 0,
        "dua tiga": None,
        "satu juta dua ratus ribu": 1200000,
        "seratus ribu": 100000,
        "untuk 2 orang ya": 2,
        "dua puluh": 20,
        "seribu lima ratus": 1500,
        "lima ratus": 500,
        "sepuluh ribu": 10000,
        "dua atau tiga": None,
        "2-3 orang": None,
        "dua ratus dua puluh dua": 222,
        "halo": None,
        "1.000.000": 1000000,
        "seratus dua puluh lima ribu": 125000,
        "sejuta": 1000000,
    },
    "en": {
        "three": 3,
        "twenty-three": 23,
        "twenty three": 23,
        "one hundred and five": 105,
        "a hundred": 100,
        "a dozen": 12,
        "two thousand five hundred": 2500,
        "1,500": 1500,
        "1.5": 1.5,
        "5k": 5000,
        "1.5k": 1500,
        "$20": 20,
        "4 people": 4,
        "four of us": 4,
        "there are 4 of us": 4,
        "table for two please": 2,
        "party of 6": 6,
        "minus five": -5,
        "-3": -3,
        "+3": 3,
        "two point five": 2.5,
        "2 million": 2000000,
        "one million two hundred thousand": 1200000,
        "zero": 0,
        "no": None,
        "two or three": None,
        "2 3": None,
        "1/2": None,
        "12:30": None,
        "5th": None,
        "we're 4": 4,
        "it's 5": 5,
        "just one": 1,
        "one": 1,
        "someone": None,
        "tent": None,
        "often": None,
        "anyone": None,
        "1,5": None,
        "2,000,000": 2000000,
        "50%": 50,
        "3kg": 3,
        ".5": 0.5,
        "1.2.3": None,
        "twenty ten": None,
        "seventeen": 17,
        "hundred": None,
        "fifty five hundred": 5500,
        "one hundred twenty three thousand four hundred fifty six": 123456,
        "1e5": None,
        "x": None,
        "0.25": 0.25,
        "007": 7,
        "４": 4,
        "": None,
        "two hundred million": 200000000,
        "forty": 40,
        "I'm 32 years old": 32,
    },
}


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [(language, text, number) for language, table in NUMBERS.items() for text, number in table.items()],
)
def test_what_a_text_says(language: str, text: str, number: float | None) -> None:
    read = read_number(text, language)
    assert read == number
    assert type(read) is type(number), "whole numbers stay whole"


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("3.0", "en", 3),
        ("2.5", "en", None),
        ("1,500", "id", 1500),
        ("1.500", "id", 1500),
        ("1.5万", "ja", 15000),
        ("setengah", "id", None),
    ],
)
def test_whole_numbers_only(text: str, language: str, number: int | None) -> None:
    assert read_number(text, language, integer=True) == number


def test_other_languages_are_understood_too() -> None:
    assert read_number("two people", "ja") == 2
    assert read_number("二人", "en") == 2
    assert read_number("สอง", "id") == 2
    assert read_number("dua", "xx") == 2
    assert read_number("1,5", "ja") is None, "a decimal comma is Indonesian only"


@given(st.integers(0, 10**15), st.sampled_from(["ja", "th", "zh", "id", "en"]))
def test_digits_read_back(number: int, language: str) -> None:
    assert read_number(str(number), language) == number
    assert read_number(f"-{number}", language) == -number


UNITS = "〇一二三四五六七八九"


def han(number: int) -> str:
    """A whole number below 10^8 in 漢数字."""
    if number >= 10_000:
        return han(number // 10_000) + "万" + (han(number % 10_000) if number % 10_000 else "")
    out = ""
    for size, sign in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            out += (UNITS[number // size] if number // size > 1 else "") + sign
            number %= size
    return out + (UNITS[number] if number or not out else "")


@given(st.integers(0, 10**8 - 1))
def test_han_numbers_read_back(number: int) -> None:
    assert read_han(han(number)) == number
    assert read_number(han(number), "ja") == number


THAI = ["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"]


def thai(number: int) -> str:
    """A whole number below a million in Thai words."""
    out = ""
    for size, word in ((100_000, "แสน"), (10_000, "หมื่น"), (1_000, "พัน"), (100, "ร้อย")):
        if number >= size:
            out += THAI[number // size] + word
            number %= size
    if number >= 10:
        out += {1: "", 2: "ยี่"}.get(number // 10, THAI[number // 10]) + "สิบ"
        return out + ("เอ็ด" if number % 10 == 1 else THAI[number % 10] if number % 10 else "")
    return out + (THAI[number] if number or not out else "")


@given(st.integers(0, 999_999))
def test_thai_numbers_read_back_unless_they_may_mean_another(number: int) -> None:
    ambiguous = number > 1_000 and 0 < number % 100 < 10 and number // 100 % 10 == 0
    assert read_number(thai(number), "th") == (None if ambiguous else number)


ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
INDONESIAN = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]


def english(number: int) -> str:
    if number >= 1_000:
        rest = number % 1_000
        return english(number // 1_000) + " thousand" + (f" {english(rest)}" if rest else "")
    if number >= 100:
        return f"{ENGLISH[number // 100]} hundred" + (f" and {english(number % 100)}" if number % 100 else "")
    if number >= 20:
        return TENS[number // 10] + (f"-{ENGLISH[number % 10]}" if number % 10 else "")
    return ENGLISH[number]


def indonesian(number: int) -> str:
    if number in (10, 11, 100, 1_000):
        return {10: "sepuluh", 11: "sebelas", 100: "seratus", 1_000: "seribu"}[number]
    for size, word, one in ((1_000, "ribu", "seribu"), (100, "ratus", "seratus")):
        if number >= size:
            head = one if number // size == 1 else f"{indonesian(number // size)} {word}"
            return head + (f" {indonesian(number % size)}" if number % size else "")
    if number >= 20:
        tail = f" {INDONESIAN[number % 10]}" if number % 10 else ""
        return f"{INDONESIAN[number // 10]} puluh{tail}"
    return f"{INDONESIAN[number % 10]} belas" if number > 11 else INDONESIAN[number]


@given(st.integers(0, 999_999))
def test_spoken_numbers_read_back(number: int) -> None:
    assert read_number(english(number), "en") == number
    assert read_number(indonesian(number), "id") == number


@given(st.text(max_size=40), st.sampled_from(["ja", "th", "zh-TW", "id", "en", ""]))
def test_no_text_makes_it_crash(text: str, language: str) -> None:
    read_number(text, language)
    read_number(text, language, integer=True)


@given(st.lists(st.sampled_from("一二十百千万億〇兩.,-5人ยี่สิบเอ็ดหา kradupluhsebt"), max_size=14).map("".join))
def test_no_jumble_of_number_words_makes_it_crash(text: str) -> None:
    for language in ("ja", "th", "zh", "id", "en"):
        number = read_number(text, language)
        assert number is None or abs(number) < 10**18
