"""What is made from the table: the reference page and the JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runtime.line.rules.page import anchor, page, texts
from runtime.line.rules.schema import schema
from runtime.line.rules.table import rules
from runtime.line.rules.words import demand
from tests.unit.line.rulebook import GOOD
from tests.unit.line.test_rules_shared import manifest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "rules.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again: noren reference"


def test_every_rule_is_on_the_page_with_its_words_and_source() -> None:
    made = page()
    for rule in rules().values():
        assert f"\n### {rule.id}\n" in made
        assert demand(rule) in made
        assert rule.url in made


@pytest.mark.parametrize(
    "text",
    [
        "must not be longer than 20 characters",
        "Length must be between 0 and 5000",
        "At least one block must be specified",
        "`label` must be specified",
        "unknown field",
        "Must be a valid HTTPS URL",
        "invalid uri scheme",
        "sender.name length is invalid",
    ],
)
def test_lines_own_text_leads_to_its_rules(text: str) -> None:
    index = page().split("## By LINE's text")[1].split("\n## ")[0]
    row = next(line for line in index.splitlines() if text in line)
    known = [rule for rule in rules().values() if text in texts(rule)]
    assert known
    assert any(f"[{rule.id}](#{anchor(rule.id)})" in row for rule in known)


def valid(value: Any, root: Any) -> bool:
    made = schema(root)
    jsonschema.Draft202012Validator.check_schema(made)
    return bool(jsonschema.Draft202012Validator(made).is_valid(value))


def test_good_messages_fit_the_schema() -> None:
    for case in GOOD[:4]:
        assert valid(case["body"]["messages"], "messages")
    assert valid(GOOD[3]["body"]["messages"][0]["contents"], "flex")
    assert valid(next(c["body"] for c in GOOD if c["root"] == "richmenu"), "richmenu")


@pytest.mark.parametrize(
    ("value", "root"),
    [
        ({"type": "text"}, "message"),
        ({"type": "text", "text": ""}, "message"),
        ({"type": "file"}, "message"),
        (
            {"type": "image", "originalContentUrl": "http://a.example/b", "previewImageUrl": "https://a.example/b"},
            "message",
        ),
        ([{"type": "text", "text": "a"}] * 6, "messages"),
        ({"type": "bubble"}, "flex"),
        ({"type": "bubble", "createdAt": 1, "body": {"type": "box", "layout": "vertical", "contents": []}}, "flex"),
        (
            {"type": "bubble", "body": {"type": "box", "layout": "baseline", "contents": [{"type": "separator"}]}},
            "flex",
        ),
        ({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "icon"}]}}, "flex"),
        ({"type": "bubble", "hero": {"type": "image", "url": "https://a.example/b", "size": "huge"}}, "flex"),
    ],
)
def test_bad_messages_do_not_fit_the_schema(value: Any, root: Any) -> None:
    assert not valid(value, root)


def test_real_messages_fit_the_schema(shared: Path) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for row in manifest(shared):
        value = json.loads((shared / "line" / "messages" / row["file"]).read_text("utf-8"))
        for message in (value if isinstance(value, list) else [value]) if row["believed_valid"] == "yes" else []:
            assert validator.is_valid(message), row["file"]


def test_the_schema_tells_what_a_property_asks() -> None:
    title = schema()["$defs"]["template.buttons"]["properties"]["title"]
    assert title["maxLength"] == 40
    assert "at most 40 code points" in title["description"]
