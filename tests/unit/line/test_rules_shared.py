"""Our answers against LINE's: recorded answers and real messages, where the reference data is at hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from runtime.line.rules import judge, judge_object, respond
from tests.unit.line.recorded import DIFFERENT, REQUESTS

pytestmark = pytest.mark.shared

NBSP = "\u00a0"


def expected(example: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    details = [(d.get("property", ""), d["message"]) for d in example.get("details") or []]
    return (example.get("message") or "").replace(NBSP, " ").replace(
        "(line:-, column:-)", "(line: -, column: -)"
    ), details


def ours(request: Any) -> tuple[str, list[tuple[str, str]]] | None:
    if isinstance(request, list):
        answer = judge(request).response
    elif request[0] in ("richmenu", "loading", "bulk"):
        answer = judge_object(request[1], request[0]).response
    else:
        answer = respond(request[1], request[0])
    if answer is None:
        return None
    return answer["message"].replace(NBSP, " "), [(d["property"], d["message"]) for d in answer.get("details", [])]


def same(example: dict[str, Any], request: Any) -> bool:
    """Whether we say what LINE said, as far as the example tells it."""
    mine = ours(request)
    if mine is None or example["status"] == 200:
        return mine is None and example["status"] == 200
    message, details = expected(example)
    told = [pair for pair in details if pair[0]] or None
    words = [text for _, text in details]
    alike = told is None or told == mine[1]
    return (
        (not message or message == mine[0])
        and alike
        and (told is not None or all(w in [t for _, t in mine[1]] for w in words))
    )


def shows_a_request(example: dict[str, Any]) -> bool:
    return isinstance(example.get("request_fragment"), dict)


def test_our_answers_are_lines_answers(shared: Path) -> None:
    lines = (shared / "line" / "errors.jsonl").read_text("utf-8").splitlines()
    examples = {number: json.loads(line) for number, line in enumerate(lines, 1)}
    agree, differ = [], []
    for number, request in sorted(REQUESTS.items()):
        example = examples[number]
        (agree if same(example, request) else differ).append(number)
        if number in differ:
            print(f"{number}: LINE {expected(example)}\n    ours {ours(request)}")
            print(f"    {DIFFERENT.get(number, 'no reason')}")
    print(f"{len(agree)} of {len(REQUESTS)} answers are LINE's own")
    assert differ == sorted(DIFFERENT)


NOT_TRIED = {
    24: "a reply token used twice is for the simulator to know",
    80: "the source is not to be trusted",
    99: "the webhook endpoint is no message",
}


def test_every_example_with_a_request_is_tried(shared: Path) -> None:
    lines = (shared / "line" / "errors.jsonl").read_text("utf-8").splitlines()
    shown = {number for number, line in enumerate(lines, 1) if shows_a_request(json.loads(line))}
    left = shown - set(REQUESTS) - set(NOT_TRIED)
    assert not left, {number: json.loads(lines[number - 1]) for number in sorted(left)}


def manifest(shared: Path) -> list[dict[str, str]]:
    with (shared / "line" / "messages" / "manifest.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_real_messages(shared: Path) -> None:
    """What is believed valid passes, what is believed invalid is refused; `to` follows from the message."""
    wrong = []
    for row in manifest(shared):
        value = json.loads((shared / "line" / "messages" / row["file"]).read_text("utf-8"))
        messages = value if isinstance(value, list) else [value]
        verdict = judge(messages, to="group" if '"mention"' in json.dumps(value) else "user")
        if verdict.valid is (row["believed_valid"] == "no"):
            wrong.append((row["file"], row["why"], verdict.violations))
    assert not wrong


REASONS = {"invalid uri scheme": "scheme|HTTPS", "May not be empty": "May not be empty", "spacer": "invalid property"}
MORE_REASONS = {"actions count": "items|empty", "emoji index": "point at", "label 24>20": "longer than 20"}


def test_bad_messages_are_refused_for_their_reason(shared: Path) -> None:
    for row in manifest(shared):
        if row["believed_valid"] != "no":
            continue
        value = json.loads((shared / "line" / "messages" / row["file"]).read_text("utf-8"))
        response = judge(value if isinstance(value, list) else [value]).response
        said = json.dumps(response)
        wanted = next(words for why, words in {**REASONS, **MORE_REASONS}.items() if why in row["why"])
        assert any(word in said for word in wanted.split("|")), (row["file"], said)
