"""Filters and functions of expressions, in the user's language."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.flow.expr import ExprError, Template
from runtime.flow.filters import FILTERS, FUNCTIONS, json_text, plain_text, truncate
from runtime.flow.moments import Day, moment
from runtime.model import Place

AT = Place("f.yaml", 1, 1)
NOW = moment(1_796_000_000_000, "UTC")


def said(text: str, language: str = "en", **scope: Any) -> str:
    scope = {"language": language, "timezone": "Asia/Bangkok", "today": Day(2026, 12, 5), "now": NOW, **scope}
    return Template("{{ " + text + " }}", AT).render(scope)


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "today | date", "Dec 5, 2026"),
        ("ja", "today | date('long')", "2026年12月5日"),
        ("th", "today | date('long')", "5 ธันวาคม ค.ศ. 2026"),
        ("th", "today | date('long', calendar='buddhist')", "5 ธันวาคม พ.ศ. 2569"),
        ("th", "today | date('medium', calendar='buddhist')", "5 ธ.ค. 2569"),
        ("ja", "today | date('long', calendar='japanese')", "令和8年12月5日"),
        ("zh-TW", "today | date('long', calendar='roc')", "民國115年12月5日"),
        ("zh-TW", "today | date('full')", "2026年12月5日 星期六"),
        ("id", "'2026-12-05' | date('full')", "Sabtu, 05 Desember 2026"),
        ("en", "today | date('d MMM')", "5 Dec"),
        ("en", "today | date('iso')", "2026-12-05"),
        ("en", "'soon' | date", "soon"),
        ("en", "nope | date", ""),
        ("ja", "now | time", "7:53"),
        ("ja", "'19:00' | time", "19:00"),
        ("en", "now | time('iso')", "07:53"),
        ("ja", "now | datetime", "2026/11/30 7:53:20"),
        ("ja", "now | datetime('iso')", "2026-11-30T07:53"),
        ("en", "1234567.5 | number", "1,234,567.5"),
        ("id", "1234567.5 | number", "1.234.567,5"),
        ("en", "2 | number(2)", "2.00"),
        ("en", "'12' | number", "12"),
        ("en", "'x' | number", ""),
        ("ja", "5000 | currency('JPY')", "￥5,000"),
        ("th", "250 | currency('THB')", "฿250.00"),
        ("en", "5 | currency", "5.00"),
        ("en", "0.256 | percent", "26%"),
        ("en", "0.256 | percent(1)", "25.6%"),
        ("en", "['a', 'b', 'c'] | list", "a, b, and c"),
        ("ja", "['a', 'b'] | list", "a、b"),
        ("th", "['a', 'b'] | list", "aและb"),
        ("en", "1 | plural('# nights', one='# night')", "1 night"),
        ("en", "1200 | plural('# nights', one='# night')", "1,200 nights"),
        ("ja", "2 | plural('#泊')", "2泊"),
        ("en", "days(2) | duration", "2 days"),
        ("en", "7200000 | duration", "2 hours"),
        ("ja", "'th' | language", "タイ語"),
        ("xx-YY", "1234.5 | number", "1,234.5"),
        ("", "1234.5 | number", "1,234.5"),
    ],
)
def test_the_users_language(language: str, text: str, shown: str) -> None:
    assert said(text, language).replace("\u202f", " ").replace("\xa0", " ") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nope | default('x')", "x"),
        ("none | default('x')", "x"),
        ("'' | default('x')", ""),
        ("'' | default('x', true)", "x"),
        ("0 | d('x')", "0"),
        ("[{'a': {'b': 1}}, {'a': {'b': 2}}] | join('-', 'a.b')", "1-2"),
        ("[1, 2.0, none, true] | join", "1, 2, , true"),
        ("2.567 | round(2)", "2.57"),
        ("2.5 | round(method='ceil')", "3"),
        ("2.58 | round(1, 'floor')", "2.5"),
        ("'7' | int + 1", "8"),
        ("'x' | int(3)", "3"),
        ("'2.5' | float", "2.5"),
        ("'x' | float", "0"),
        ("'a, b,c' | split(',') | last", "c"),
        ("' a ' | trim | upper | lower | title | capitalize", "A"),
        ("'abcdefgh' | truncate(5)", "abcd…"),
        ("'abc' | truncate(5)", "abc"),
        ("'aXb' | replace('X', '-')", "a-b"),
        ("'ab' | replace('', '-')", "ab"),
        ("[3, 1, 2] | sort | reverse | list | json", "[3, 2, 1]"),
        ("[1, 1, 2] | unique | sum", "3"),
        ("[1, 2, 3] | select('odd') | list", "1 and 3"),
        ("[1, 2, 3] | reject('odd') | first", "2"),
        ("[{'a': 1}, {'a': 0}] | selectattr('a') | length", "1"),
        ("[{'a': 1}, {'a': 0}] | rejectattr('a') | length", "1"),
        ("[{'a': 1}, {'a': 0}] | where('a') | length", "1"),
        ("{'a': 1}.items() | list | length", "1"),
        ("'あ&b' | urlencode", "%E3%81%82%26b"),
        ("{'a': [1, 'あ']} | json", '{"a": [1, "あ"]}'),
        ("[5, 3] | min ~ max(1, 9) ~ min(4, 2)", "392"),
        ("range(1, 4)", "1, 2, 3"),
        ("moment('2026-12-05').year", "2026"),
        ("(today + weeks(1)).day", "12"),
        ("(now + hours(1) + minutes(7) + seconds(0)) | time('iso')", "09:00"),
    ],
)
def test_filters_for_values(text: str, shown: str) -> None:
    assert said(text) == shown


def test_plain_text_of_values() -> None:
    assert plain_text({"a": 1}) == '{"a": 1}'
    assert plain_text(1e20) == "1e+20"
    assert json_text(Day(2026, 1, 2)) == '"2026-01-02"'


def test_every_filter_and_function_takes_anything_without_another_error() -> None:
    values = ["none", "'x'", "''", "5", "-1.5", "[]", "[1, 'a', none]", "{}", "{'a': 1}", "nope", "today", "true"]
    for call in [f"v | {name}" for name in FILTERS] + [f"{name}(v)" for name in FUNCTIONS]:
        for value in values:
            try:
                said(call.replace("v", value, 1) if call.startswith("v") else call.replace("(v)", f"({value})"))
            except ExprError:
                continue


@pytest.mark.parametrize(
    ("day", "text", "language", "shown"),
    [
        ("2019-05-01", "d | date('long', 'japanese')", "ja", "令和元年5月1日"),
        ("2019-04-30", "d | date('long', 'japanese')", "ja", "平成31年4月30日"),
        ("1800-01-01", "d | date('long', 'japanese')", "ja", "1800年1月1日"),
        ("2026-12-05", "d | date('long', 'buddhist')", "en", "December 5, 2569 BE"),
        ("2026-12-05", "d | date('long', 'japanese')", "en", "December 5, Reiwa 8"),
        ("2026-12-05", "d | date('y年', 'roc')", "zh-TW", "民國115年"),
        ("2026-12-05", "d | date('iso', 'roc')", "zh-TW", "2026-12-05"),
        ("2026-12-05", "d | date('long', 'mayan')", "en", "December 5, 2026"),
    ],
)
def test_years_of_other_calendars(day: str, text: str, language: str, shown: str) -> None:
    assert said(text, language, d=day) == shown


def test_truncate_counts_as_line_does() -> None:
    assert truncate("🍜🍜🍜", 6) == "🍜🍜🍜"
    assert truncate("🍜🍜🍜", 5) == "🍜🍜…"
    assert truncate("🍜🍜🍜", 4) == "🍜…"
    assert truncate("お茶をどうぞ", 4) == "お茶を…"
