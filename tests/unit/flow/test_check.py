"""What `noren check` can know without running."""

from __future__ import annotations

import pytest

from runtime.flow.check import check, functions, unanswered
from runtime.flow.loader import examine

START = "flow: a\nstart: [{keyword: go}]\n"


def told(text: str, **files: str) -> list[tuple[str, str, int, str]]:
    found = check({"flows/a.yaml": text, **files}, ("en",))
    return [(one.severity, one.code, one.at.line, one.message) for one in found]


def codes(text: str, **files: str) -> list[str]:
    return [one[1] for one in told(text, **files)]


def test_nothing_to_complain_about() -> None:
    assert told(START + "steps: [{say: Hi}]") == []


def test_errors_of_loading_are_there_too() -> None:
    assert codes(START + "steps:\n  - sya: a\n  - goto: b\n") == ["unknown-verb", "dangling-goto"]


def test_unreachable_steps_once_per_row() -> None:
    text = START + "steps:\n  - goto: x\n  - say: b\n  - when: true\n    do: [{say: c}]\n  - {id: x, say: d}\n"
    assert told(text) == [("warning", "unreachable", 5, "nothing leads to this step")]
    assert codes(START + "steps:\n  - when: true\n    do: [end]\n    else: [end]\n  - say: b\n") == ["unreachable"]
    assert codes(START + "steps:\n  - when: true\n    do: [end]\n  - say: b\n") == []
    assert codes(START + "steps: [{goto: x, if: true}, {say: b}, {id: x, say: c}]") == []
    assert codes(START + "steps: [stop, {say: b}]") == ["unreachable"]


def test_unreachable_sections_and_flows() -> None:
    text = (
        START
        + "steps: [{ask: x, say: x?, type: int, give_up: {goto: s}}]\nsections:\n  s: [{say: a}]\n  t:\n  - say: b\n"
    )
    assert told(text) == [("warning", "unreachable", 7, "nothing leads to the section `t`")]
    other = {"flows/b.yaml": "flow: b\nsteps: [{say: hi}]"}
    assert codes(START + "steps: [{say: a}]", **other) == ["unreachable"]
    assert codes(START + "steps: [{run: b}]", **other) == []
    assert codes(START + "anytime: [{keyword: b, goto: b}]\nsteps: [{say: a}]", **other) == []


def test_endless_loops() -> None:
    text = START + "steps:\n  - {id: x, say: a}\n  - goto: x\n"
    assert told(text)[0][:3] == ("error", "endless-loop", 4)
    assert codes(START + "steps:\n  - {id: x, say: a}\n  - {goto: x, if: true}\n") == ["endless-loop"]
    assert codes(START + "steps: [{id: x, say: a}, wait, {goto: x}]") == []
    assert codes(START + "steps: [{id: x, say: a}, {ask: n, say: n?}, {goto: x}]") == []
    counting = "vars: {n: {type: int, default: 0}}\nsteps: [{id: x, set: {n: n + 1}}, {when: n < 3, do: [{goto: x}]}]"
    assert codes(START + counting) == []
    two = {"flows/b.yaml": "flow: b\nsteps: [{say: b}, {goto: a}]"}
    assert codes(START + "steps: [{goto: b}]", **two) == ["endless-loop"]


def test_questions_without_a_way_out() -> None:
    ask = "steps: [{ask: x, say: x?, type: int%s}]"
    assert told(START + ask % "")[0][:3] == ("hint", "no-way-out", 3)
    assert codes(START + ask % ", give_up: end") == []
    assert codes(START + ask % ", optional: true") == []
    assert codes(START + "anytime: [{keyword: x, do: [end]}]\n" + ask % "") == []
    assert codes(START + "steps: [{ask: x, say: x?}]") == []


def test_unused_variables_and_texts() -> None:
    assert told(START + "vars:\n  n: int\n  m: int\nsteps: [{set: {m: 1}}]") == [
        ("hint", "unused-variable", 4, "nothing uses the variable `n`")
    ]
    text = START + "texts: {b: {en: x}, c: {en: '{{ n }}'}}\nvars: {n: int}\nsteps: [{say: $c}]"
    assert codes(text) == ["text-unused"]
    assert check({"flows/a.yaml": START + "steps: [{say: a}]", "flows/texts/t.csv": "key,en\nb,x\n"}, used=["b"]) == []
    inner = {"flows/b.yaml": "flow: b\nvars: {n: int, o: int}\nsteps: [{set: {o: 1}}]"}
    assert codes(START + "vars: {m: int}\nsteps: [{run: b, in: {n: 1}, out: {m: o}}]", **inner) == []


def test_missing_translations() -> None:
    found = check({"flows/a.yaml": START + "steps: [{say: {en: a}}, {say: $b}]\ntexts: {b: {en: x}}"}, ("en", "ja"))
    assert [(one.severity, one.code) for one in found] == [("warning", "text-missing"), ("warning", "text-missing")]


def test_triggers_that_never_fire() -> None:
    text = "flow: a\nstart:\n  - keyword: [book, yes]\n  - keyword: BOOK\n    goto: x\nsteps: [{id: x, say: a}]"
    [(_, code, line, message)] = told(text)
    assert (code, line) == ("dead-trigger", 4)
    assert message.startswith("the keyword `book` leads to a already, by flows/a.yaml:3")
    other = {"flows/b.yaml": "flow: b\nstart: [{postback: {go: x, n: 1}}, {event: follow}]\nsteps: [{say: b}]"}
    text = "flow: a\nstart: [{postback: {n: 1, go: x}}, {event: [join, follow]}]\nsteps: [{say: a}]"
    assert codes(text, **other) == ["dead-trigger", "dead-trigger"]
    assert codes("flow: a\nstart: [{keyword: x, language: en}, {keyword: x}]\nsteps: [{say: a}]") == []
    anytime = "anytime: [{keyword: x, do: [end]}]\nsteps: [{ask: q, say: q?}]"
    assert codes(f"flow: a\nstart: [{{keyword: x}}]\n{anytime}") == []


def test_what_is_kept_forever_means_the_same_everywhere() -> None:
    other = {
        "flows/b.yaml": "flow: b\nstart: [{keyword: b}]\nvars: {t: {type: int, keep: forever}}\nsteps: [{set: {t: 1}}]"
    }
    text = START + "vars: {t: {type: text, keep: forever}}\nsteps: [{set: {t: 1}}]"
    assert codes(text, **other) == ["wrong-type"]


@pytest.mark.parametrize("text", ["", "-", "flow:", "{", "flow: a\nsteps: [{goto: [a]}]", "flow: a\nstart: [3]"])
def test_never_raises(text: str) -> None:
    assert check({"flows/a.yaml": text})


def test_functions_that_steps_call() -> None:
    text = START + "steps:\n  - call: a.py:f\n  - call: a.py:f\n  - call: b.py:g\n"
    found = functions(examine({"flows/a.yaml": text}, ("en",)))
    assert [(name, place.line) for name, place in found] == [("a.py:f", 4), ("b.py:g", 6)]


def test_nothing_seems_unused_beside_a_flow_of_the_same_name() -> None:
    first = "flow: a\nstart: [{keyword: a}]\nsteps: [end]"
    second = "flow: a\nvars: {n: int}\nsteps: [{say: $hello}]"
    files = {"flows/a.yaml": first, "flows/b.yaml": second, "flows/texts/c.csv": "key,en\nhello,Hi\n"}
    assert [one.code for one in check(files)] == ["duplicate-flow"]


ASTRAY = START + "vars: {seats: int}\nsteps:\n  - {ask: seat, say: How many?}\n  - say: 'For {{ seats }}'\n"


def test_an_answer_under_a_misspelt_name() -> None:
    message = "nothing uses the answer `seat`, and nothing fills `seats`; did you mean that?"
    assert told(ASTRAY) == [("warning", "lost-answer", 5, message)]
    assert codes(ASTRAY.replace("seats: int", "seats: {type: int, default: 1}")) == []
    assert codes(ASTRAY.replace("For {{ seats }}", "For {{ seats }} {{ seat }}")) == []
    assert codes(ASTRAY.replace("  - say", "  - set: {seats: 1}\n  - say")) == []


TAPS = "flow: b\nstart: [{postback: {go: tea}}]\nsteps: [{say: Tea}]"


def test_a_tap_that_looks_like_one_that_is_taken() -> None:
    step = START + "steps:\n  - say: Hi\n    quick: [{label: Tea, postback: {go: te}}]\n"
    said = "no flow takes this postback; did you mean `tea`?"
    assert told(step, **{"flows/b.yaml": TAPS}) == [("warning", "lost-tap", 5, said)]
    assert codes(step.replace("te}", "tea}"), **{"flows/b.yaml": TAPS}) == []
    assert codes(step.replace("te}", "sweets}"), **{"flows/b.yaml": TAPS}) == []
    assert codes(step.replace("go: te", "page: tea"), **{"flows/b.yaml": TAPS}) == []
    assert codes(step + "  - wait\n", **{"flows/b.yaml": TAPS}) == [], "whatever comes is taken there"
    assert codes(step, **{"flows/b.yaml": TAPS.replace("go: tea", "go: te")}) == []


def test_steps_whose_failure_nobody_answers() -> None:
    def silent(text: str, **files: str) -> list[str]:
        return [step.name for step in unanswered(examine({"flows/a.yaml": text, **files}, ("en",)))]

    http = START + "steps: [http: {get: https://shop.example}]"
    assert silent(http) == ["a.steps[0]"]
    assert silent(http.replace("}]", "}, error: [end]}]").replace("[http", "[{http")) == []
    assert silent(http + "\ntrouble: Sorry.") == []
    assert silent(http, **{"flows/b.yaml": "flow: b\ntrouble: Sorry.\nsteps: [{run: a}]"}) == []
