"""Dates as people write them in five languages, and what is no date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers import read_date

TODAY = dt.date(2026, 12, 1)
"""A Tuesday."""

DATES: dict[str, dict[str, str | None]] = {
    "ja": {
        "今日": "2026-12-01",
        "明日": "2026-12-02",
        "あした": "2026-12-02",
        "アシタ": "2026-12-02",
        "明後日": "2026-12-03",
        "あさって": "2026-12-03",
        "しあさって": "2026-12-04",
        "昨日": "2026-11-30",
        "2026-12-05": "2026-12-05",
        "2026/12/5": "2026-12-05",
        "12/5": "2026-12-05",
        "１２／５": "2026-12-05",
        "12月5日": "2026-12-05",
        "十二月五日": "2026-12-05",
        "12月5日(土)": "2026-12-05",
        "12/5(土)": "2026-12-05",
        "12/5（金）": None,
        "令和8年12月5日": "2026-12-05",
        "令和元年5月1日": "2019-05-01",
        "令和元年4月1日": None,
        "R8.12.5": "2026-12-05",
        "平成2年3月4日": "1990-03-04",
        "昭和64年1月7日": "1989-01-07",
        "昭和64年1月8日": None,
        "来週の金曜日": "2026-12-11",
        "今週の金曜": "2026-12-04",
        "金曜日": "2026-12-04",
        "火曜日": "2026-12-08",
        "再来週の月曜日": "2026-12-14",
        "次の土曜日": "2026-12-05",
        "3日後": "2026-12-04",
        "三日後": "2026-12-04",
        "1週間後": "2026-12-08",
        "一ヶ月後": "2027-01-01",
        "来月5日": "2027-01-05",
        "来月の15日": "2027-01-15",
        "5日": "2026-12-05",
        "1日": "2026-12-01",
        "1月3日": "2027-01-03",
        "11/30": "2027-11-30",
        "2/29": "2028-02-29",
        "13/5": "2027-05-13",
        "2/30": None,
        "来週": None,
        "週末": None,
        "明日です": "2026-12-02",
        "明日でお願いします": "2026-12-02",
        "12月5日にします": "2026-12-05",
        "金": None,
        "土": None,
        "20261205": "2026-12-05",
        "26/12/5": "2026-12-05",
        "12": None,
        "12月": None,
        "こんにちは": None,
        "明日か明後日": None,
        "12/5か12/6": None,
        "二〇二六年十二月五日": "2026-12-05",
        "2026年12月5日 土曜日": "2026-12-05",
        "5 Dec": "2026-12-05",
        "tomorrow": "2026-12-02",
        "今日中": None,
        "12/5土": "2026-12-05",
        "12/5金": None,
        "明日でもいいですか？": "2026-12-02",
        "12月5日でお願いいたします": "2026-12-05",
        "12月5日に伺います": "2026-12-05",
        "来年1月5日": "2027-01-05",
        "来年の12月5日": "2027-12-05",
        "今年の12月5日": "2026-12-05",
        "今年の2月30日": None,
        "大晦日": "2026-12-31",
        "元旦": "2027-01-01",
        "クリスマスイブです": "2026-12-24",
        "お正月": None,
        "来年": None,
        "明日の夜": None,
        "R8/12/5": "2026-12-05",
    },
    "th": {
        "วันนี้": "2026-12-01",
        "พรุ่งนี้": "2026-12-02",
        "พรุ่งนี้ค่ะ": "2026-12-02",
        "มะรืน": "2026-12-03",
        "มะรืนนี้ครับ": "2026-12-03",
        "5 ธ.ค. 2569": "2026-12-05",
        "5 ธ.ค.": "2026-12-05",
        "5 ธันวาคม 2569": "2026-12-05",
        "๕ ธันวาคม ๒๕๖๙": "2026-12-05",
        "5 ธันวา": "2026-12-05",
        "วันที่ 5 ธันวาคม พ.ศ. 2569": "2026-12-05",
        "5 ธ.ค. 69": "2026-12-05",
        "5 ธ.ค. 2026": "2026-12-05",
        "5/12": "2026-12-05",
        "5/12/2569": "2026-12-05",
        "5/12/69": "2026-12-05",
        "5/12/26": "2026-12-05",
        "วันศุกร์": "2026-12-04",
        "วันศุกร์หน้า": "2026-12-11",
        "ศุกร์หน้า": "2026-12-11",
        "วันศุกร์นี้": "2026-12-04",
        "ศุกร์นี้ค่ะ": "2026-12-04",
        "วันอาทิตย์": "2026-12-06",
        "อาทิตย์หน้า": None,
        "วันอาทิตย์หน้า": "2026-12-13",
        "วันเสาร์ที่จะถึงนี้": "2026-12-05",
        "อีก 3 วัน": "2026-12-04",
        "อีกสามวัน": "2026-12-04",
        "อีก 2 อาทิตย์": "2026-12-15",
        "วันที่ 5": "2026-12-05",
        "วันที่ 5 เดือนหน้า": "2027-01-05",
        "25/12": "2026-12-25",
        "12/25": "2026-12-25",
        "เดือนหน้า": None,
        "เสาร์อาทิตย์": None,
        "สวัสดี": None,
        "31 กพ": None,
        "31 ม.ค. 2570": "2027-01-31",
        "วันเสาร์ที่ 5 ธันวาคม": "2026-12-05",
        "วันศุกร์ที่ 5 ธันวาคม": None,
        "พรุ่งนี้หรือมะรืน": None,
        "วันเสาร์ที่ 5": "2026-12-05",
        "วันศุกร์ที่ 5": None,
        "สัปดาห์หน้าวันศุกร์": "2026-12-11",
        "5 มกราคม ปีหน้า": "2027-01-05",
        "วันสิ้นปีค่ะ": "2026-12-31",
        "วันเสาร์นี้ว่างไหมคะ": "2026-12-05",
        "อีกอาทิตย์นึง": "2026-12-08",
        "ปีหน้า": None,
        "1 มกราคม": "2027-01-01",
    },
    "zh-TW": {
        "今天": "2026-12-01",
        "明天": "2026-12-02",
        "後天": "2026-12-03",
        "大後天": "2026-12-04",
        "12/5": "2026-12-05",
        "12月5日": "2026-12-05",
        "12月5號": "2026-12-05",
        "十二月五號": "2026-12-05",
        "民國115年12月5日": "2026-12-05",
        "115/12/5": "2026-12-05",
        "民國一一五年十二月五日": "2026-12-05",
        "115.12.05": "2026-12-05",
        "下週五": "2026-12-11",
        "下星期五": "2026-12-11",
        "下個禮拜五": "2026-12-11",
        "這週五": "2026-12-04",
        "星期五": "2026-12-04",
        "禮拜天": "2026-12-06",
        "下下週一": "2026-12-14",
        "三天後": "2026-12-04",
        "一個禮拜後": "2026-12-08",
        "下個月5號": "2027-01-05",
        "5號": "2026-12-05",
        "下週": None,
        "週末": None,
        "明天，謝謝": "2026-12-02",
        "明天吧": "2026-12-02",
        "2026年12月5日": "2026-12-05",
        "12月5日 星期六": "2026-12-05",
        "12月5日(六)": "2026-12-05",
        "12月5日(五)": None,
        "今天不行": None,
        "明天或後天": None,
        "拜六": "2026-12-05",
        "12/5六": "2026-12-05",
        "12/5五": None,
        "我想訂12/5": "2026-12-05",
        "改成後天": "2026-12-03",
        "明天有位子嗎": "2026-12-02",
        "明年1月5日": "2027-01-05",
        "跨年": "2026-12-31",
        "元旦": "2027-01-01",
        "西元2026年12月5日": "2026-12-05",
        "除夕": None,
        "月底": None,
        "天": None,
    },
    "id": {
        "hari ini": "2026-12-01",
        "besok": "2026-12-02",
        "Besok ya kak": "2026-12-02",
        "lusa": "2026-12-03",
        "besok lusa": None,
        "kemarin": "2026-11-30",
        "5 Desember 2026": "2026-12-05",
        "5 Des": "2026-12-05",
        "tanggal 5": "2026-12-05",
        "tgl 5 bulan depan": "2027-01-05",
        "5/12": "2026-12-05",
        "5-12-2026": "2026-12-05",
        "Jumat": "2026-12-04",
        "Jumat depan": "2026-12-11",
        "hari Jumat": "2026-12-04",
        "Jumat ini": "2026-12-04",
        "minggu depan": None,
        "hari Minggu depan": "2026-12-13",
        "hari minggu": "2026-12-06",
        "3 hari lagi": "2026-12-04",
        "tiga hari lagi": "2026-12-04",
        "seminggu lagi": "2026-12-08",
        "2 minggu lagi": "2026-12-15",
        "untuk tanggal 5 Desember": "2026-12-05",
        "Sabtu, 5 Desember 2026": "2026-12-05",
        "jum'at": "2026-12-04",
        "besok pagi": None,
        "senen": "2026-12-07",
        "jum at": "2026-12-04",
        "besok bisa gak kak?": "2026-12-02",
        "reservasi untuk besok": "2026-12-02",
        "minggu depan hari Sabtu": "2026-12-12",
        "Sabtu tanggal 5 Desember": "2026-12-05",
        "Jumat tanggal 5 Desember": None,
        "5 Januari tahun depan": "2027-01-05",
        "malam tahun baru": "2026-12-31",
        "akhir bulan": None,
        "bulan depan": None,
        "17 Agustus 1945": "1945-08-17",
    },
    "en": {
        "today": "2026-12-01",
        "Tomorrow!": "2026-12-02",
        "tomorrow please": "2026-12-02",
        "day after tomorrow": "2026-12-03",
        "the day after tomorrow": "2026-12-03",
        "5 Dec": "2026-12-05",
        "Dec 5": "2026-12-05",
        "December 5th, 2026": "2026-12-05",
        "5th of December": "2026-12-05",
        "the 5th of December": "2026-12-05",
        "12/5": "2026-12-05",
        "25/12": "2026-12-25",
        "12/25/2026": "2026-12-25",
        "2026-12-05": "2026-12-05",
        "Friday": "2026-12-04",
        "on Friday": "2026-12-04",
        "next Friday": "2026-12-11",
        "this Friday": "2026-12-04",
        "this Tuesday": "2026-12-01",
        "Tuesday": "2026-12-08",
        "next week": None,
        "in 3 days": "2026-12-04",
        "in a week": "2026-12-08",
        "three days from now": "2026-12-04",
        "in two weeks": "2026-12-15",
        "the 5th": "2026-12-05",
        "the 5th of next month": "2027-01-05",
        "Sat 5 Dec": "2026-12-05",
        "Saturday, December 5": "2026-12-05",
        "Fri 5 Dec": None,
        "Friday next week": "2026-12-11",
        "may": None,
        "march": None,
        "Dec": None,
        "sunday": "2026-12-06",
        "someday": None,
        "5": None,
        "12:30": None,
        "February 30": None,
        "2026-13-01": None,
        "Jan 5": "2027-01-05",
        "5 Dec '26": "2026-12-05",
        "2500-01-01": "1957-01-01",
        "monday or tuesday": None,
        "not tomorrow": None,
        "New Year's Eve": "2026-12-31",
        "on Christmas": "2026-12-25",
        "December 5th next year": "2027-12-05",
        "10.5": "2027-10-05",
    },
    "en-GB": {
        "12/5": "2027-05-12",
        "5/12": "2026-12-05",
        "5/12/26": "2026-12-05",
    },
}


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [(language, text, day) for language, table in DATES.items() for text, day in table.items()],
)
def test_what_a_text_says(language: str, text: str, day: str | None) -> None:
    read = read_date(text, language, TODAY)
    assert (read.isoformat() if read else None) == day


def test_the_last_days_of_months_and_years() -> None:
    assert read_date("1ヶ月後", "ja", dt.date(2027, 1, 31)) == dt.date(2027, 2, 28)
    assert read_date("来月31日", "ja", dt.date(2027, 1, 31)) is None
    assert read_date("31日", "ja", dt.date(2027, 2, 1)) == dt.date(2027, 3, 31)
    assert read_date("明日", "ja", dt.date(2026, 12, 31)) == dt.date(2027, 1, 1)
    assert read_date("tomorrow", "en", dt.date.max) is None
    assert read_date("next Friday", "en", dt.date.max) is None
    assert read_date("29 Feb", "en", dt.date(2026, 3, 1)) == dt.date(2028, 2, 29)


def test_a_time_of_day_is_no_matter() -> None:
    assert read_date("明日", "ja", dt.datetime(2026, 12, 1, 23, 59)) == dt.date(2026, 12, 2)


def test_weeks_begin_on_monday_wherever_today_lies() -> None:
    for ahead in range(7):
        today = dt.date(2026, 11, 30) + dt.timedelta(days=ahead)
        assert read_date("来週の金曜日", "ja", today) == dt.date(2026, 12, 11)
        assert read_date("下週日", "zh-TW", today) == dt.date(2026, 12, 13)
        assert read_date("今週の月曜日", "ja", today) == dt.date(2026, 11, 30)


DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))
TH = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]


@given(DAYS, DAYS)
def test_full_dates_read_back_in_every_form(day: dt.date, today: dt.date) -> None:
    forms = {
        ("ja", f"{day.year}年{day.month}月{day.day}日"),
        ("ja", f"{day:%Y/%m/%d}"),
        ("th", f"{day.day} {TH[day.month - 1]} {day.year + 543}"),
        ("th", f"{day.day}/{day.month}/{day.year + 543}"),
        ("zh-TW", f"民國{day.year - 1911}年{day.month}月{day.day}日"),
        ("id", f"{day.day}-{day.month}-{day.year}"),
        ("en", f"{day.month}/{day.day}/{day.year}"),
        ("en-GB", f"{day.day}/{day.month}/{day.year}"),
        ("en", f"{day:%B} {day.day}, {day.year}"),
        ("en", f"{day:%A}, {day.day} {day:%b} {day.year}"),
        ("xx", day.isoformat()),
    }
    assert {read_date(text, language, today) for language, text in forms} == {day}


@given(DAYS, st.integers(1, 12), st.integers(1, 31))
def test_a_date_without_a_year_is_the_next_one(today: dt.date, month: int, day: int) -> None:
    read = read_date(f"{month}月{day}日", "ja", today)
    if read is not None:
        assert (read.month, read.day) == (month, day)
        assert today <= read <= today + dt.timedelta(days=366 * 8)


@given(st.text(max_size=40), st.sampled_from(["ja", "th", "zh-TW", "id", "en", ""]), DAYS)
def test_no_text_makes_it_crash(text: str, language: str, today: dt.date) -> None:
    read_date(text, language, today)


@given(st.text("0123456789/-.年月日號令和民國元來下週五(土)วันที่ธค in dayswek", max_size=16), DAYS)
def test_no_jumble_of_date_signs_makes_it_crash(text: str, today: dt.date) -> None:
    for language in ("ja", "th", "zh", "id", "en"):
        read_date(text, language, today)
