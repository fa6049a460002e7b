"""Questions that check with Python, say answers back, escalate, are corrected, forget, and know when to be silent."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.errors import FlowError
from tests.unit.flow.talk import Talk


def ask(keys: str, vars: str = "{}", more: str = "", **settings: Any) -> Talk:
    lines = "\n".join(f"    {line}" for line in keys.strip().splitlines())
    text = (
        f"flow: a\nvars: {vars}\nstart: [{{keyword: go}}]\nsteps:\n  - ask: x\n{lines}\n"
        f"  - say: 'got {{{{ x }}}}'\n  - stop\n{more}\n"
    )
    bot = Talk(text, **settings)
    bot.user("go")
    return bot


@pytest.mark.parametrize(
    ("kind", "more", "text", "value"),
    [
        ("money", "", "3000円", {"amount": 3000, "currency": "JPY"}),
        ("money", "currency: THB", "500", {"amount": 500, "currency": "THB"}),
        ("percentage", "", "25%", 25), ("age", "", "35 years old", 35), ("temperature", "unit: c", "98.6°F", 37),
        ("duration", "", "an hour and a half", 5_400_000), ("duration", "unit: m", "90", 5_400_000),
        ("datetime", "", "พรุ่งนี้ 2 ทุ่ม", "2026-12-01T20:00"), ("time", "", "下午三點", "15:00"),
        ("number", "", "2½", 2.5),
    ],
)  # fmt: skip
def test_more_types(kind: str, more: str, text: str, value: Any) -> None:
    bot = ask(f"say: x?\ntype: {kind}\n{more}")
    bot.user(text)
    assert bot.vars == {"x": value}


def test_bounds_of_quantities() -> None:
    bot = ask("say: x?\ntype: duration\nmax: hours(2)\nelse: [At most two hours.]")
    assert bot.user("3 hours") == ["At most two hours."]
    assert bot.user("2 hours") == ["got 7200000"]
    bot = ask("say: x?\ntype: money\ncurrency: JPY\nmin: 100\nelse: [Too little.]")
    assert bot.user("50円") == ["Too little."]


def test_reserved_types_and_what_does_not_go_together() -> None:
    for keys, word in (
        ("type: intent", "not of this version"), ("type: int\ncurrency: THB", "no currency"),
        ("type: int\nunit: c", "no unit"), ("forget: true\nconfirm: 'sure?'", "forgets"),
        ("check: a.py:f\nedited: true", "`check`"), ("escalate: {wrong: 2}", "nothing happens"),
        ("silent: [{after: 10m, say: a}, {after: 5m, say: b}]", "longer"),
    ):  # fmt: skip
        with pytest.raises(FlowError, match=word):
            ask(f"say: x?\n{keys}")


def test_checks_with_their_own_words() -> None:
    checks = "[{when: answer > 2, else: More.}, {when: answer % 2 == 0, else: [{say: Even.}]}, x < 9]"
    keys = f"say: x?\ntype: int\nwhen: {checks}"
    bot = ask(keys + "\nelse: [Below nine.]")
    assert [bot.user(text) for text in ("1", "3", "10", "4")] == [["More."], ["Even."], ["Below nine."], ["got 4"]]
    bot = ask(keys + "\ngive_up: [{say: Never mind.}, end]")
    assert [bot.user("1"), bot.user("1")] == [["More."], ["Never mind."]]


def test_a_check_by_a_function() -> None:
    given: dict[str, Any] = {
        "AB": True,
        "CD": False,
        "EF": "That one is sold out.",
        "GH": {"value": "gh-1"},
        "IJ": {"say": "No."},
    }
    seen = lambda call: given[call.args["args"]["answer"]]  # noqa: E731
    for text, said in (
        ("AB", ["got AB"]), ("CD", ["Which code?"]), ("EF", ["That one is sold out."]), ("GH", ["got gh-1"]),
        ("IJ", ["No."])
    ):  # fmt: skip
        bot = ask("say: x?\ncheck: codes.py:valid\nelse: [Which code?]", mock={"codes.py:valid": seen})
        assert bot.user(text) == said
        assert bot.calls[0].args["args"] == {"answer": text, "question": "x"}
    assert bot.user("AB") == ["got AB"], "after a refusal the question still waits"


def test_a_check_that_breaks_is_trouble() -> None:
    bot = ask("say: x?\ncheck: a.py:f\nerror: [{say: 'Sorry.'}, {goto: x}]", mock={"a.py:f": ValueError("down")})
    assert bot.user("A") == ["Sorry.", "x?"]


def test_an_answer_is_said_back() -> None:
    bot = ask("say: x?\ntype: date\nconfirm: '{{ answer | date }}, right?'")
    assert bot.user("tomorrow") == ["<confirm: Dec 1, 2026, right?>"]
    assert bot.vars == {}
    assert bot.tap("No") == ["x?"]
    bot.user("2026-12-05")
    assert bot.user("2026-12-06") == ["<confirm: Dec 6, 2026, right?>"], "the right answer corrects the wrong one"
    assert bot.user("what?") == ["<confirm: Dec 6, 2026, right?>"]
    assert bot.user("yes") == ["got 2026-12-06"]


def test_saying_back_in_own_words() -> None:
    bot = ask(
        "say: x?\nconfirm: {say: '{{ answer }}?', yes: Yep, no: Nope, wrong: [{say: Again.}]}",
        language="ja",
        languages=("en", "ja"),
    )
    bot.user("A")
    assert [one["label"] for one in bot.buttons()] == ["Yep", "Nope"]
    assert bot.user("nope") == ["Again.", "x?"]
    bot.user("B")
    assert bot.user("Yep") == ["got B"]


ANYTIME = "anytime: [{keyword: help, do: [{say: Here.}]}]"


def test_a_digression_leads_back_to_what_is_confirmed() -> None:
    bot = ask("say: x?\nconfirm: '{{ answer }}?'", more=ANYTIME)
    bot.user("A")
    assert bot.user("help") == ["Here.", "<confirm: A?>"]


def test_escalation() -> None:
    bot = ask(
        "say: x?\ntype: int\nelse: [no]\nescalate: [{wrong: 2, say: Really a number., goto: human}]",
        more="sections: {human: [{say: Hello., }, end]}",
    )
    assert bot.user("a") == ["no"]
    assert bot.user("a") == ["Really a number.", "Hello."]
    bot = ask("say: x?\ntype: int\nelse: [no]\nescalate: {wrong: 2, say: One then., skip: 1}")
    assert [bot.user("a"), bot.user("a")] == [["no"], ["One then.", "got 1"]]
    bot = ask("say: x?\ntype: int\nelse: [no]\nescalate: {wrong: 2, say: Hm., always: true}")
    assert [bot.user("a") for _ in range(3)] == [["no"], ["Hm."], ["Hm."]]
    bot = ask(
        "say: x?\ntype: int\nelse: [no]\nescalate: {wrong: 1, do: [{say: Look., }, {set: {n: 1}}]}", vars="{n: int}"
    )
    assert [bot.user("a"), bot.user("a")] == [["Look.", "x?"], ["no"]]


def test_escalation_to_a_flow_that_comes_back() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps:\n"
        "  - ask: x\n    say: x?\n    type: int\n    escalate: {wrong: 1, run: b}\n  - say: got {{ x }}\n",
        "flows/b.yaml": "flow: b\nsteps: [{ask: y, say: y?}]\n",
    }
    bot = Talk(files)
    bot.user("go")
    assert bot.user("a") == ["y?"]
    assert bot.user("z") == ["x?"]
    assert bot.user("3") == ["got 3"]


def test_silence_in_several_steps() -> None:
    bot = ask(
        "say: x?\nsilent: [{after: 10m, say: There?}, {after: 1h, do: [{say: Hm.}, {sticker: 1/2}]}, "
        "{after: 2h, say: Bye., then: end}]"
    )
    assert bot.wait("10m") == ["There?"]
    assert bot.wait("50m") == ["Hm.", "<sticker>"]
    assert bot.at == "a.steps[0]"
    assert bot.wait("59m") == []
    assert bot.wait("1m") == ["Bye."]
    assert bot.at == ""
    assert bot.timers == {}


def test_a_word_starts_silence_afresh() -> None:
    bot = ask("say: x?\ntype: int\nelse: [no]\nsilent: [{after: 10m, say: There?}, {after: 20m, say: Bye., then: end}]")
    bot.wait("10m")
    assert bot.user("a") == ["no"]
    assert bot.wait("9m") == []
    assert bot.wait("1m") == ["There?"]
    assert bot.wait("10m") == ["Bye."]


def test_optional_with_own_words_a_button_and_a_value() -> None:
    skip = "{words: {en: [no idea], ja: [わからない]}, label: Skip, value: 0}"
    keys = f"say: x?\ntype: int\noptional: {skip}\nelse: [A number.]"
    for said in ("no idea", "わからない", "skip"):
        assert ask(keys).user(said) == ["got 0"]
    bot = ask(keys)
    assert bot.quick() == ["Skip"]
    assert bot.tap("Skip") == ["got 0"]


def test_a_filled_question_is_skipped_but_not_jumped_over() -> None:
    bot = ask(
        "say: x?\nskip: true", vars="{x: {type: text, default: known}}", more="anytime: [{keyword: change, goto: x}]"
    )
    assert bot.at == "a.steps[2]"
    assert bot.user("change") == ["x?"]
    assert bot.user("new") == ["got new"]
    bot = ask("say: x?\nskip: profile.name == 'Mai'")
    assert [output.text for output in bot.outputs] == ["got "]


def edits(bot: Talk, text: str, message: str) -> list[str]:
    return bot.happens("edited", text=text, data={"type": "text", "id": message})


def test_an_edited_answer_corrects_the_last_one() -> None:
    bot = ask("say: x?\ntype: int\nedited: [{say: '{{ x }} it is.'}]")
    bot.user("2", id="m7")
    assert edits(bot, "3", "m8") == []
    assert edits(bot, "many", "m7") == []
    assert edits(bot, "3", "m7") == ["3 it is."]
    assert edits(bot, "4", "m7") == ["4 it is."]
    assert bot.vars == {"x": 4}
    bot = ask("say: x?\ntype: int")
    bot.user("2", id="m7")
    assert edits(bot, "3", "m7") == []
    assert bot.vars == {"x": 2}


def test_editing_a_wrong_answer_answers() -> None:
    bot = ask("say: x?\ntype: int\nelse: [no]")
    assert bot.user("tow", id="m7") == ["no"]
    assert edits(bot, "2", "m6") == []
    assert edits(bot, "2", "m7") == ["got 2"]


def test_an_answer_that_is_taken_back() -> None:
    bot = ask("say: x?\nunsent: [{say: Forgotten.}, {goto: x}]")
    bot.user("A", id="m7")
    assert bot.happens("unsend", data={"id": "m7"}) == ["Forgotten.", "x?"]
    assert bot.vars == {}
    assert bot.erased == ["m7"]
    bot = ask("say: x?\nunsent: true")
    bot.user("A", id="m7")
    assert bot.happens("unsend", data={"id": "m7"}) == []
    assert bot.vars == {}
    bot = ask("say: x?")
    bot.user("A", id="m7")
    bot.happens("unsend", data={"id": "m7"})
    assert bot.vars == {"x": "A"}


def test_a_question_that_forgets_leaves_no_trace() -> None:
    seen = lambda call: call.args["args"]["answer"] == "hunter2"  # noqa: E731
    bot = ask("say: x?\nforget: true\ncheck: a.py:f\nelse: [no]", mock={"a.py:f": seen})
    for text, said in (("hunter1", ["no"]), ("hunter2", ["got hunter2"])):
        assert bot.user(text) == said
        assert bot.turn is not None
        assert bot.turn.private
        assert "hunter" not in str(bot.session)
        assert "hunter" not in str(bot.turn.trace)
    bot.user("go")
    assert bot.turn is not None
    assert not bot.turn.private
