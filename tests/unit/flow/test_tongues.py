"""Which language a wrong code means."""

from __future__ import annotations

import pytest

from runtime.flow.check import check
from runtime.flow.tongues import missing, tongue

KNOWN = ("en", "ja", "th", "zh-TW", "id")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("jp", "ja"),
        ("Japanese", "ja"),
        ("tw", "zh-TW"),
        ("cn", "zh-TW"),
        ("zh", "zh-TW"),
        ("zh_tw", "zh-TW"),
        ("tha", "th"),
        ("indonesian", "id"),
        ("us", "en"),
        ("fr", ""),
        ("xx", ""),
    ],
)
def test_a_country_or_a_name_means_its_language(word: str, meant: str) -> None:
    assert tongue(word, KNOWN) == meant


def test_what_is_written_under_a_wrong_code_is_not_missing() -> None:
    assert missing(["en", "jp", "th", "zh"], KNOWN) == ["id"]


@pytest.mark.parametrize(
    ("step", "severity", "fix"),
    [
        ("say: {en: Hi, jp: やあ}", "warning", "write ja: …"),
        ("say: {en: Hi, ja: やあ, fr: Salut}", "warning", "known here: en, ja"),
        ("wait: {for: [{keyword: {en: [a], jp: [b]}}]}", "warning", "write ja: …"),
        ("wait: {for: [{keyword: {en: [a], fr: [b]}}]}", "hint", "known here: en, ja"),
        ("ask: x\n    say: a\n    optional: {words: {en: [a], jp: [b]}}", "warning", "write ja: …"),
    ],
)
def test_a_wrong_code_is_told_with_the_right_one(step: str, severity: str, fix: str) -> None:
    found = check({"flows/a.yaml": f"flow: a\nstart: [{{keyword: a}}]\nsteps:\n  - {step}\n"}, ("en", "ja"))
    assert [(one.severity, one.fix) for one in found if one.code == "unknown-language"] == [(severity, fix)]
    assert "text-missing" not in {one.code for one in found}
