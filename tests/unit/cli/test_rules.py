"""`noren rules`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from runtime.cli.rules import rules
from runtime.errors import BadInput

GOOD = {"type": "text", "text": "hi"}
BAD = {"type": "text", "text": ""}


def run(*words: str, given: Any = None) -> Result:
    text = given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(rules, list(words), input=text)


def test_a_good_message_is_fine() -> None:
    result = run("check", given=GOOD)
    assert (result.exit_code, result.output) == (0, "standard input: fine\n")


def test_a_bad_message_is_told_in_lines_words() -> None:
    result = run("check", given=[BAD])
    assert result.exit_code == 1
    assert "messages[0].text: May not be empty" in result.output
    assert "text.text.empty" in result.output


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [BAD]},
        {"replyToken": "t", "messages": [BAD]},
        {"replyToken": "", "messages": [GOOD]},
        {"type": "bubble"},
        {"chatBarText": "Open", "name": "Main"},
        {"chatId": "C1", "loadingSeconds": 5},
        {"messages": [GOOD] * 6},
        [],
    ],
)
def test_what_it_is_follows_from_how_it_looks(value: Any) -> None:
    assert run("check", given=value).exit_code == 1


def test_json_has_the_answer_of_line() -> None:
    result = run("check", "--format", "json", given=BAD)
    told = json.loads(result.output)
    assert told["valid"] is False
    assert told["response"] == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "messages[0].text"}],
    }
    assert set(told["violations"][0]) == {
        *("rule", "path", "property", "message", "severity", "actual", "limit", "url")
    }


def test_files_and_where_they_go(tmp_path: Path) -> None:
    mention = {"type": "mention", "mentionee": {"type": "all"}}
    path = tmp_path / "hello.json"
    path.write_text(json.dumps({"type": "textV2", "text": "{a}", "substitution": {"a": mention}}), "utf-8")
    assert run("check", str(path)).exit_code == 1
    assert run("check", "--to", "group", str(path)).exit_code == 0
    assert run("check", "--to", "group", "--via", "multicast", str(path)).exit_code == 1


def test_cases_line_by_line() -> None:
    cases = [
        {"id": "a", "messages": [GOOD]},
        {"id": "b", "via": "push", "to": "group", "messages": [BAD]},
        {"id": 3, "messages": []},
        {"id": None, "messages": [{"type": "text", "text": " "}]},
    ]
    result = run("check", "--jsonl", given="\n".join(json.dumps(case) for case in cases) + "\n\n")
    told = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert [(one["id"], one["valid"]) for one in told] == [("a", True), ("b", False), (3, False), (None, True)]
    assert told[0] == {"id": "a", "valid": True, "response": None, "violations": []}
    assert told[3]["violations"][0]["severity"] == "warning"


@pytest.mark.parametrize("text", ["{", "", "7", '"x"'])
def test_what_is_no_message_is_unusable(text: str) -> None:
    result = run("check", given=text)
    assert isinstance(result.exception, BadInput)


def test_a_missing_file_is_unusable() -> None:
    assert isinstance(run("check", "/nowhere/at/all.json").exception, BadInput)


@pytest.mark.parametrize("line", ["{}", "[]", '{"messages": [], "via": "mail"}'])
def test_what_is_no_case_is_unusable(line: str) -> None:
    assert isinstance(run("check", "--jsonl", given=line).exception, BadInput)


def test_rules_are_found_by_lines_words() -> None:
    result = run("list", "must", "not", "be", "longer", "than", "40")
    assert "template.title.max" in result.output
    assert "text.text.max_length" not in result.output
    everything = json.loads(run("list", "--format", "json").output)
    assert len(everything) > 400
    assert isinstance(run("list", "zebra").exception, BadInput)


def test_one_rule_is_shown_whole() -> None:
    result = run("show", "text.text.max_length")
    assert "5000" in result.output
    assert "https://developers.line.biz/" in result.output
    assert json.loads(run("show", "flex.color", "--format", "json").output)["id"] == "flex.color"
    missing = run("show", "text.max").exception
    assert isinstance(missing, BadInput)
    assert "text.max_length" in str(run("show", "text.max_").exception)
