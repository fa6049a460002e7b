"""Which of the offered choices is meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.flow.answers import Option, read_choice

NOODLES = [
    Option("ramen", "ラーメン"),
    Option("udon", "うどん"),
    Option("soba", "そば"),
    Option("both", "ラーメンとうどん"),
]
SEATS = [Option("1", "1"), Option("2", "2"), Option("4", "4"), Option("6", "もっと")]
DISHES = [
    Option("a", "Pad Thai", ("noodles",)),
    Option("b", "Green curry"),
    Option("c", "Green tea"),
    Option("n", "November"),
]


@pytest.mark.parametrize(
    ("text", "options", "language", "value"),
    [
        ("ラーメン", NOODLES, "ja", "ramen"),
        ("らーめん", NOODLES, "ja", "ramen"),
        ("ﾗｰﾒﾝ", NOODLES, "ja", "ramen"),
        ("うどんでお願いします", NOODLES, "ja", "udon"),
        ("じゃあそばにします", NOODLES, "ja", "soba"),
        ("そ", NOODLES, "ja", "soba"),
        ("ラー", NOODLES, "ja", None),
        ("2", NOODLES, "ja", "udon"),
        ("②", NOODLES, "ja", "udon"),
        ("二", NOODLES, "ja", "udon"),
        ("二番", NOODLES, "ja", "udon"),
        ("2番目", NOODLES, "ja", "udon"),
        ("二つ目", NOODLES, "ja", "udon"),
        ("3番でお願いします", NOODLES, "ja", "soba"),
        ("一番", NOODLES, "ja", "ramen"),
        ("最初の", NOODLES, "ja", "ramen"),
        ("最後", NOODLES, "ja", "both"),
        ("5", NOODLES, "ja", None),
        ("3人", NOODLES, "ja", None),
        ("2時", NOODLES, "ja", None),
        ("soba", NOODLES, "ja", "soba"),
        ("カレー", NOODLES, "ja", None),
        ("ラーメンじゃない", NOODLES, "ja", None),
        ("2", SEATS, "ja", "2"),
        ("２", SEATS, "ja", "2"),
        ("二", SEATS, "ja", "2"),
        ("4人", SEATS, "ja", "4"),
        ("4人でお願いします", SEATS, "ja", "4"),
        ("3", SEATS, "ja", None),
        ("もっと", SEATS, "ja", "6"),
        ("3番目", SEATS, "ja", "4"),
        ("4番", SEATS, "ja", None),
        ("two people", SEATS, "en", "2"),
        ("pad thai", DISHES, "en", "a"),
        ("Noodles!", DISHES, "en", "a"),
        ("the second", DISHES, "en", "b"),
        ("second one please", DISHES, "en", "b"),
        ("green", DISHES, "en", None),
        ("green t", DISHES, "en", "c"),
        ("I'd like the green curry please", DISHES, "en", "b"),
        ("no", DISHES, "en", None),
        ("nov", DISHES, "en", "n"),
        ("option 3", DISHES, "en", "c"),
        ("#1", DISHES, "en", "a"),
        ("two", DISHES, "en", "b"),
        ("last", DISHES, "en", "n"),
        ("the last one", DISHES, "en", "n"),
        ("p", DISHES, "en", None),
        ("0", DISHES, "en", None),
        ("10", DISHES, "en", None),
        ("2.5", DISHES, "en", None),
        ("", DISHES, "en", None),
        ("เอาข้อ 2 ค่ะ", DISHES, "th", "b"),
        ("ข้อ๒", DISHES, "th", "b"),
        ("อันที่สอง", DISHES, "th", "b"),
        ("อันแรก", DISHES, "th", "a"),
        ("pad thai ค่ะ", DISHES, "th", "a"),
        ("เอา pad thai ครับ", DISHES, "th", "a"),
        ("第二個", DISHES, "zh-TW", "b"),
        ("我要第二個，謝謝", DISHES, "zh-TW", "b"),
        ("2號", DISHES, "zh-TW", "b"),
        ("yang kedua", DISHES, "id", "b"),
        ("nomor 3 kak", DISHES, "id", "c"),
        ("yang terakhir", DISHES, "id", "n"),
        ("一番上の", NOODLES, "ja", "ramen"),
        ("後者", NOODLES[:2], "ja", "udon"),
        ("ข้อสุดท้ายค่ะ", DISHES, "th", "n"),
        ("อันบนค่ะ", DISHES, "th", "a"),
        ("ข้อล่างครับ", DISHES, "th", "n"),
        ("上面那個", DISHES, "zh-TW", "a"),
        ("下面的，謝謝", DISHES, "zh-TW", "n"),
        ("yang paling bawah kak", DISHES, "id", "n"),
    ],
)
def test_what_is_meant(text: str, options: list[Option], language: str, value: str | None) -> None:
    assert read_choice(text, options, language) == value


def test_two_options_of_the_same_name_are_unclear() -> None:
    assert read_choice("a", [Option("1st", "A"), Option("2nd", "a")], "en") is None


def test_no_options_no_choice() -> None:
    assert read_choice("1", [], "en") is None
    assert read_choice("最後", [], "ja") is None


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True), st.data())
def test_what_stands_on_a_button_means_that_button(labels: list[str], data: st.DataObject) -> None:
    options = [Option(str(number) + "-value", label) for number, label in enumerate(labels)]
    picked = data.draw(st.sampled_from(options))
    assert read_choice(picked.value, options, "en") == picked.value


@settings(deadline=None)  # a busy machine may stand still for a moment
@given(
    st.text(max_size=30),
    st.lists(st.text(max_size=5), max_size=4),
    st.sampled_from(["ja", "th", "zh-TW", "id", "en", ""]),
)
def test_no_text_makes_it_crash(text: str, labels: list[str], language: str) -> None:
    options = [Option(f"v{number}", label) for number, label in enumerate(labels)]
    assert read_choice(text, options, language) in {None, *(option.value for option in options)}
