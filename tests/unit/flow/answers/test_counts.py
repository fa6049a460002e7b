"""How many: guests and portions as people in five languages write them, and what is more than one number."""

from __future__ import annotations

import pytest

from runtime.flow.answers import read_number

COUNTS: dict[str, dict[str, int | None]] = {
    "ja": {
        "六名さまです": 6,
        "お二人様": 2,
        "おふたりで": 2,
        "おひとりです": 1,
        "2セットください": 2,
        "二串お願いします": 2,
        "予約は3名です": 3,
        "全員で5人": 5,
        "5人になると思います": 5,
        "3名で予約したいです": 3,
        "自分だけ": 1,
        "大人2人子供1人": None,
        "数人": None,
        "4～5人": None,
    },
    "th": {
        "คนเดียวค่ะ": 1,
        "มาคนเดียวครับ": 1,
        "ที่เดียวค่ะ": 1,
        "สองถ้วยค่ะ": 2,
        "รับ 2 ที่ค่ะ": 2,
        "รับสองค่ะ": 2,
        "หนึ่งโหล": 12,
        "ครึ่งโหล": 6,
        "3 ไม้": 3,
        "๓ ถ้วย": 3,
        "ผู้ใหญ่ 2 เด็ก 1": None,
        "สองสามคน": None,
    },
    "zh-TW": {
        "兩碗": 2,
        "3顆": 3,
        "兩串，謝謝": 2,
        "就我一個人": 1,
        "只有我": 1,
        "一打": 12,
        "半打": 6,
        "4人訂位": 4,
        "2大1小": None,
        "五六位": None,
        "半": None,
    },
    "id": {
        "berdua": 2,
        "kami berempat kak": 4,
        "untuk berlima": 5,
        "sendirian": 1,
        "saya sendiri": 1,
        "secangkir": 1,
        "seporsi aja kak": 1,
        "selusin": 12,
        "setengah lusin": 6,
        "4 tamu": 4,
        "2 dewasa 1 anak": None,
        "berapa": None,
    },
}


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [(language, text, count) for language, table in COUNTS.items() for text, count in table.items()],
)
def test_what_a_text_counts(language: str, text: str, count: int | None) -> None:
    assert read_number(text, language, integer=True) == count
