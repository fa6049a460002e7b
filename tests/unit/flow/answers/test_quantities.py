"""Money, percentages, ages, temperatures and lengths of time, as people of five languages write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers import (
    read_age,
    read_duration,
    read_email,
    read_money,
    read_number,
    read_percentage,
    read_phone,
    read_temperature,
    read_url,
)

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("text", "language", "money"),
    [
        ("3000円", "ja", (3000, "JPY")), ("￥3,000", "ja", (3000, "JPY")), ("三千円です", "ja", (3000, "JPY")),
        ("1万円くらい", "ja", (10000, "JPY")), ("300 บาท", "th", (300, "THB")), ("สามร้อยบาท", "th", (300, "THB")),
        ("฿300", "th", (300, "THB")), ("NT$500", "zh-TW", (500, "TWD")), ("五百塊", "zh-TW", (500, "TWD")),
        ("500元", "zh-TW", (500, "TWD")), ("100元", "zh-CN", (100, "CNY")), ("Rp 50.000", "id", (50000, "IDR")),
        ("lima puluh ribu rupiah", "id", (50000, "IDR")), ("$20", "en", (20, "USD")),
        ("twenty bucks please", "en", (20, "USD")), ("20 usd", "th", (20, "USD")),
        ("1.5 million yen", "en", (1500000, "JPY")),
        ("500", "en", None), ("hello", "en", None), ("-5 dollars", "en", None), ("", "en", None),
    ],
)  # fmt: skip
def test_money(text: str, language: str, money: Any) -> None:
    assert read_money(text, language) == money


def test_a_number_is_money_where_the_currency_is_known() -> None:
    assert read_money("500", "en", "THB") == (500, "THB")
    assert read_money("50rb", "id", "IDR") == (50000, "IDR")
    assert read_money("$5", "en", "SGD") == (5, "SGD")


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("25%", "en", 25), ("25 percent", "en", 25), ("2割5分", "ja", 25), ("三割", "ja", 30),
        ("百分之二十五", "zh", 25),
        ("ร้อยละ 25", "th", 25), ("๒๕ เปอร์เซ็นต์", "th", 25), ("25 persen", "id", 25), ("半分", "ja", 50),
        ("25", "en", 25),
        ("12.5％", "ja", 12.5), ("%", "en", None), ("some", "en", None),
    ],
)  # fmt: skip
def test_percentages(text: str, language: str, value: Any) -> None:
    assert read_percentage(text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("35歳", "ja", 35), ("三十五歳です", "ja", 35), ("はたち", "ja", 20), ("อายุ 35 ปี", "th", 35),
        ("umur saya 35 tahun", "id", 35), ("I'm 35", "en", 35), ("35 years old", "en", 35), ("我今年35歲", "zh", 35),
        ("200", "en", None), ("old", "en", None), ("2.5", "en", None),
    ],
)  # fmt: skip
def test_ages(text: str, language: str, value: Any) -> None:
    assert read_age(text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "unit", "value"),
    [
        ("36.5度", "ja", "c", 36.5), ("36度5分", "ja", "c", 36.5), ("98.6°F", "en", "c", 37), ("98.6F", "en", "c", 37),
        ("37 องศา", "th", "c", 37), ("零下5度", "zh", "c", -5), ("minus five degrees", "en", "c", -5),
        ("20℃", "ja", "f", 68), ("36,5 derajat", "id", "c", 36.5), ("70 degrees fahrenheit", "en", "f", 70),
        ("hot", "en", "c", None),
    ],
)  # fmt: skip
def test_temperatures(text: str, language: str, unit: str, value: Any) -> None:
    assert read_temperature(text, language, unit) == value


@pytest.mark.parametrize(
    ("text", "language", "hours"),
    [
        ("1時間半", "ja", 1.5), ("90分", "ja", 1.5), ("2時間30分", "ja", 2.5), ("3日間です", "ja", 72),
        ("半日", "ja", 12),
        ("2 ชั่วโมงครึ่ง", "th", 2.5), ("ครึ่งชั่วโมง", "th", 0.5), ("ชั่วโมงครึ่ง", "th", 1.5), ("一個半小時", "zh", 1.5),
        ("半小時", "zh", 0.5), ("90分鐘左右", "zh", 1.5), ("setengah jam", "id", 0.5), ("satu setengah jam", "id", 1.5),
        ("dua minggu", "id", 336), ("sejam", "id", 1), ("sejam setengah", "id", 1.5), ("seminggu", "id", 168),
        ("ชั่วโมงนึง", "th", 1), ("อาทิตย์นึงค่ะ", "th", 168), ("丸一日", "ja", 24), ("半年", "zh", 4320), ("sejak", "id", None), ("an hour and a half", "en", 1.5), ("half an hour", "en", 0.5), ("1h30", "en", 1.5),
        ("1:30", "en", 1.5), ("2½ hours", "en", 2.5), ("about 90 mins", "en", 1.5), ("two days and 3 hours", "en", 51),
        ("90", "en", None), ("soon", "en", None), ("30 hours ago", "en", None), ("3 hours 2 days", "en", None),
    ],
)  # fmt: skip
def test_durations(text: str, language: str, hours: float | None) -> None:
    found = read_duration(text, language)
    assert (found and found / HOUR) == hours


def test_a_number_is_a_duration_where_the_unit_is_known() -> None:
    assert read_duration("90", "en", "m") == 1.5 * HOUR


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Mai@Example.com", "mai@example.com"), ("メールはmai@example.jpです", "mai@example.jp"),
        ("my email is a.b+c@ex.co.th", "a.b+c@ex.co.th"), ("メアドはa@ex.jpです", "a@ex.jp"),
        ("我的信箱是a@ex.tw，謝謝", "a@ex.tw"), ("email saya a@ex.id kak", "a@ex.id"), ("อีเมล a@ex.co.th ค่ะ", "a@ex.co.th"), ("<a@b.co>", "a@b.co"), ("mai at example", None),
        ("a@b", None), ("two@a.co or three@a.co", None),
    ],
)  # fmt: skip
def test_mail_addresses(text: str, address: str | None) -> None:
    assert read_email(text) == address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("０９０-1234-5678", "09012345678"), ("+66 81 234 5678", "+66812345678"), ("เบอร์ 081-234-5678", "0812345678"),
        ("(02) 1234-5678 ext. 12", "0212345678"), ("my number is 555 123 4567", "5551234567"),
        ("ศูนย์ แปด หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด", "0812345678"), ("๐๘๑๒๓๔๕๖๗๘", "0812345678"), ("call me", None),
        ("電話番号は090-1234-5678です。", "09012345678"), ("携帯は090-1234-5678でお願いします", "09012345678"),
        ("โทร 081-234-5678 นะคะ", "0812345678"), ("我的手機是0912-345-678，謝謝", "0912345678"), ("手機 0912345678", "0912345678"),
        ("no hp 0812-3456-7890 kak", "081234567890"), ("nomor saya 0812 3456 7890 ya", "081234567890"),
        ("WA: +62 812-3456-7890", "+6281234567890"), ("電話してください", None),
        ("12", None), ("0812345678 or 0812345679", None),
    ],
)  # fmt: skip
def test_telephone_numbers(text: str, number: str | None) -> None:
    assert read_phone(text) == number


@pytest.mark.parametrize(("text", "value"), [("½", 0.5), ("2½", 2.5), ("2 1/2", 2.5), ("1¾", 1.75)])
def test_fractions(text: str, value: float) -> None:
    assert read_number(text) == value


@given(st.text(max_size=90), st.sampled_from(["ja", "th", "zh-TW", "id", "en", "xx"]))
def test_nothing_breaks_them(text: str, language: str) -> None:
    duration, age, percent = (
        read_duration(text, language, "m"),
        read_age(text, language),
        read_percentage(text, language),
    )
    assert duration is None or duration > 0
    assert age is None or 0 <= age <= 150
    assert percent is None or isinstance(percent, int | float)
    read_temperature(text, language)
    read_money(text, language, "JPY")
    read_email(text)
    read_phone(text)
    read_url(text)
