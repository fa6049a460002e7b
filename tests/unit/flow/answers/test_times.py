"""Times of day in five languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers.times import read_datetime, read_time

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("19:00", "19:00"), ("7pm", "19:00"), ("7:30 PM", "19:30"), ("12am", "00:00"), ("12 pm", "12:00"),
        ("at 7 o'clock", "07:00"), ("around 7pm please", "19:00"), ("half past seven", "07:30"), ("noon", "12:00"),
        ("seven in the evening", "19:00"), ("midnight", "00:00"),
        ("19時", "19:00"), ("19時半", "19:30"), ("午後7時半です", "19:30"), ("夜8時ごろ", "20:00"), ("七時", "07:00"),
        ("午前0時", "00:00"), ("１９：００", "19:00"), ("正午", "12:00"), ("19時15分", "19:15"),
        ("七點", "07:00"), ("晚上七點", "19:00"), ("下午3點半", "15:30"), ("早上9点", "09:00"), ("中午", "12:00"),
        ("19.30 น.", "19:30"), ("19 นาฬิกา", "19:00"), ("2 ทุ่ม", "20:00"), ("สองทุ่มครึ่ง", "20:30"), ("๑๙:๐๐", "19:00"),
        ("บ่ายสองโมง", "14:00"), ("9 โมงเช้า", "09:00"), ("ตี 3", "03:00"), ("เที่ยง", "12:00"), ("เที่ยงคืน", "00:00"),
        ("jam 7 malam", "19:00"), ("pukul 19.30", "19:30"), ("jam dua siang", "14:00"), ("jam 10 pagi", "10:00"),
        ("setengah delapan malam", "19:30"), ("jam 7", "07:00"),
        # Midnight and the hours behind it belong to the night as well.
        ("夜12時", "00:00"), ("夜1時", "01:00"), ("夜11時", "23:00"), ("深夜0時", "00:00"), ("夜中の12時", "00:00"),
        ("晚上12點", "00:00"), ("晚上11點", "23:00"), ("半夜2點", "02:00"), ("jam 12 malam", "00:00"),
        ("jam 1 malam", "01:00"), ("jam 1 dini hari", "01:00"), ("หกทุ่ม", "00:00"), ("เที่ยงคืนครึ่ง", "00:30"),
        ("昼の12時", "12:00"), ("お昼の1時", "13:00"), ("中午12點半", "12:30"), ("中午1點", "13:00"), ("เที่ยงครึ่ง", "12:30"),
        ("今夜8時", "20:00"), ("早朝5時", "05:00"), ("よる8時", "20:00"), ("ごご3じ", "15:00"), ("19時がいいです", "19:00"),
        ("ทุ่มนึง", "19:00"), ("ทุ่มครึ่ง", "19:30"), ("ห้าทุ่ม", "23:00"), ("บ่ายโมง", "13:00"), ("บ่ายโมงครึ่ง", "13:30"),
        ("สี่โมง", "16:00"), ("สามโมงเช้า", "09:00"), ("โมงเช้า", "07:00"), ("แปดโมงครึ่ง", "08:30"), ("สองทุ่มตรงค่ะ", "20:00"),
        ("ประมาณหกโมงเย็นค่ะ", "18:00"), ("สิบแปดนาฬิกา", "18:00"), ("เที่ยงตรง", "12:00"),
        ("七點一刻", "07:15"), ("七點三刻", "07:45"), ("七點十五分", "07:15"), ("七點整", "07:00"), ("晚7點", "19:00"),
        ("晚上8點左右", "20:00"), ("大概8點", "08:00"), ("8點，謝謝", "08:00"),
        ("jam 7 lewat 15", "07:15"), ("jam 8 kurang seperempat", "07:45"), ("jam 8 mlm", "20:00"), ("jam 6 petang", "18:00"),
        ("pkl. 19.00 WIB", "19:00"), ("sekitar jam 7 malam ya kak", "19:00"), ("jam 11 siang", "11:00"),
    ],
)  # fmt: skip
def test_times(text: str, time: str) -> None:
    assert read_time(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "",
        "25:00",
        "19:75",
        "7pm or 8pm",
        "tomorrow",
        "7 people",
        "x" * 100,
        "32時",
        "24時",
        "7 ทุ่ม",
        "บ่าย",
        "夜",
        "malam",
        "晚上",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("明日の19時", "ja", "2026-12-01T19:00"), ("12月5日 午後7時", "ja", "2026-12-05T19:00"),
        ("tomorrow at 7pm", "en", "2026-12-01T19:00"), ("7pm tomorrow", "en", "2026-12-01T19:00"),
        ("พรุ่งนี้ 2 ทุ่ม", "th", "2026-12-01T20:00"), ("besok jam 7 malam", "id", "2026-12-01T19:00"),
        ("明天晚上七點", "zh-TW", "2026-12-01T19:00"), ("2026-12-05T19:00", "en", "2026-12-05T19:00"),
        ("2026-12-05 19:00:00", "en", "2026-12-05T19:00"),
        ("今夜8時", "ja", "2026-11-30T20:00"), ("今晚7點", "zh-TW", "2026-11-30T19:00"),
        ("明晚7點半", "zh-TW", "2026-12-01T19:30"), ("nanti malam jam 8", "id", "2026-11-30T20:00"),
        ("คืนนี้สองทุ่ม", "th", "2026-11-30T20:00"), ("tonight at 8:30", "en", "2026-11-30T20:30"),
    ],
)  # fmt: skip
def test_dates_with_times(text: str, language: str, moment: str) -> None:
    assert read_datetime(text, language, MONDAY) == moment


@pytest.mark.parametrize("text", ["19:00", "tomorrow", "2026-13-05T19:00", "x" * 80, ""])
def test_what_is_no_date_with_time(text: str) -> None:
    assert read_datetime(text, "en", MONDAY) is None


@given(st.text(max_size=70))
def test_nothing_breaks_it(text: str) -> None:
    time = read_time(text)
    assert time is None or (len(time) == 5 and "00:00" <= time <= "23:59")
    moment = read_datetime(text, "th", MONDAY)
    assert moment is None or len(moment) == 16
