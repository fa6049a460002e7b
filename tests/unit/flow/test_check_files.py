"""Files that flows name, and files that nothing names; secrets."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from runtime.flow.check import check

START = "flow: a\nstart: [{keyword: go}]\nsteps:\n"
FILES = {"missing-media", "unused-media", "unused-card", "not-https", "secret"}


def told(steps: str, media: Collection[str] | None = (), **more: str) -> list[tuple[str, str]]:
    found = check({"flows/a.yaml": START + steps, **more}, media=media)
    return [(one.code, str(one.at).removeprefix("flows/")) for one in found if one.code in FILES]


def test_media_must_be_there() -> None:
    assert told("  - image: media/a.png\n") == [("missing-media", "a.yaml:4:12")]
    assert told("  - image: media/a.png\n", ["media/a.png"]) == []
    assert told("  - image: media/a.png\n", None) == []
    assert told('  - image: "media/{{ input.text }}.png"\n') == []
    assert told("  - image: https://example.com/a.png\n") == []
    area = "    areas: [{x: 0, y: 0, width: 9, height: 9, text: a}]\n"
    imagemap = f"  - imagemap:\n      base: media/map\n      size: {{width: 1040, height: 700}}\n  {area}    alt: Map\n"
    assert told(imagemap, ["media/map/1040.png", "media/map/700.png"]) == []
    assert told(imagemap, ["media/mop/1040.png"])[0][0] == "missing-media"


def test_media_must_be_named_in_full_or_in_part() -> None:
    assert told("  - say: a\n", ["media/a.png"]) == [("unused-media", "media/a.png")]
    assert told("  - say: a\n", ["media/draw.py"]) == []
    assert told('  - image: "media/{{ input.text }}.png"\n', ["media/a.png", "media/b.jpg"]) == [
        ("unused-media", "media/b.jpg")
    ]
    found = check({"flows/a.yaml": START + "  - say: a\n"}, media=["media/a.png"], others=['f"media/{name}.png"'])
    assert found == []


def test_cards_must_be_shown() -> None:
    card = {"flows/cards/c.json": '{"type": "bubble"}'}
    assert told("  - say: a\n", **card) == [("unused-card", "cards/c.json:1:1")]
    assert told("  - {flex: cards/c.json, alt: a}\n", **card) == []


def test_media_over_http() -> None:
    assert told("  - image: http://example.com/a.png\n") == [("not-https", "a.yaml:4:12")]
    assert told("  - say: see http://example.com\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "Bearer 8f14e45fceea167a5a36dedd4bea2543",
        "sk-abcdefghijklmnopqrstuvwx",
        "AKIAIOSFODNN7EXAMPLE",
        "https://user:hunter22@example.com/",
        "api_key=4f3c2b1a9d8e7f6a5b4c",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijk",
        "A1b2" * 40,
    ],
)
def test_secrets(text: str) -> None:
    found = told(f"  - log: '{text}'\n")
    assert [code for code, _ in found] == ["secret"]


@pytest.mark.parametrize(
    "text",
    [
        "Bearer {{ session.token }}",
        "the key to our shop",
        "password: please choose one",
        "https://example.com/a@b",
        "token: tokentokentoken",
        "あ" * 200,
    ],
)
def test_no_secrets(text: str) -> None:
    assert told(f"  - log: '{text}'\n") == []
