"""Triggers that can never fire."""

from __future__ import annotations

import pytest

from runtime.flow.check import check


def told(text: str) -> list[str]:
    found = check({"flows/a.yaml": text}, ("en", "zh-TW"))
    return [one.message for one in found if one.code in ("dead-trigger", "shadowed-answer")]


def start(*triggers: str) -> str:
    return "flow: a\nstart:\n" + "".join(f"  - {one}\n" for one in triggers) + "steps: [{say: a}]"


@pytest.mark.parametrize(
    ("triggers", "says"),
    [
        (("{keyword: [tea*]}", "{keyword: teapot, do: [end]}"), "the keyword `teapot` is taken by `tea*`"),
        (('{keyword: ["*"]}', "{keyword: tea, do: [end]}"), "the keyword `tea` is taken by `*`"),
        (('{keyword: ["*tea*"]}', '{keyword: ["green tea*"], do: [end]}'), "the keyword `green tea*` is taken by"),
        (("{keyword: tea, postback: {go: tea}}",), "`keyword` and `postback` never come together"),
        (("{keyword: tea, event: follow}",), "`event: follow` and `keyword` never come together"),
        (("{keyword: tea, language: fr}",), "the endpoint does not speak fr"),
        (("{when: \"'a' == 'b'\"}",), "its condition is never true"),
    ],
)
def test_dead(triggers: tuple[str, ...], says: str) -> None:
    [message] = told(start(*triggers))
    assert message.startswith(says)


def test_an_empty_keyword_is_told_once_where_it_is_written() -> None:
    found = check({"flows/a.yaml": start('{keyword: [""]}')}, ("en",))
    assert [(one.code, one.at.line, one.message) for one in found] == [
        ("wrong-form", 3, "an empty keyword fits nothing")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "triggers",
    [
        ("{keyword: teapot, do: [end]}", "{keyword: [tea*]}"),
        ("{keyword: [tea*], language: en}", "{keyword: teapot, do: [end]}"),
        ("{keyword: tea, event: message}",),
        ("{keyword: tea, mention: true, language: zh}",),
        ("{keyword: [tea*]}", '{keyword: ["*tea"], do: [end]}'),
    ],
)
def test_alive(triggers: tuple[str, ...]) -> None:
    assert told(start(*triggers)) == []


def test_answers_that_anytime_takes() -> None:
    text = (
        'flow: a\nstart: [{keyword: go}]\nanytime: [{keyword: ["No", x], do: [end]}]\nsteps:\n  - ask: q\n    say: q?\n'
    )
    assert told(text + '    quick: ["yes", "no"]\n') == [
        "the answer `no` never reaches this question: `anytime` takes it first"
    ]
    assert told(text + "    quick: [{label: No, value: n}]\n") == []


def test_triggers_that_are_waited_for() -> None:
    text = "flow: a\nstart: [{keyword: go}]\nsteps:\n  - wait: {for: [{keyword: a, postback: b}]}\n"
    assert told(text) == ["`keyword` and `postback` never come together"]
