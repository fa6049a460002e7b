"""Branches, jumps, sub-flows, counters."""

from __future__ import annotations

import pytest

from runtime.errors import NorenError
from tests.unit.flow.talk import Talk

HEAD = "flow: a\nvars: {n: {type: int, default: 0}, s: text}\nstart: [{keyword: go}]\n"


def bot_of(steps: str) -> Talk:
    return Talk(HEAD + "steps:\n" + steps)


@pytest.mark.parametrize(("n", "said"), [(0, "none"), (1, "some"), (5, "many")])
def test_when(n: int, said: str) -> None:
    bot = bot_of(f"""
  - set: {{n: {n}}}
  - when: n > 3
    do: [{{say: many}}]
    else:
      - when: n
        do: some
        else: none
  - say: after
""")
    assert bot.user("go") == [said, "after"]


@pytest.mark.parametrize(
    ("value", "said"),
    [("2", "two"), ("'x'", "ex"), ("5.5", "range"), ("-1", "below"), ("none", "default"), ("50", "default")],
)
def test_switch_by_value(value: str, said: str) -> None:
    bot = bot_of(f"""
  - switch: "{value}"
    cases: {{2: two, x: ex, 5..6: range, ..0: below}}
    default: default
""")
    assert bot.user("go") == [said]


@pytest.mark.parametrize(("n", "said"), [(2, "two"), (12, "in"), (6, "range"), (99, "when"), (50, "default")])
def test_switch_by_a_list_of_cases(n: int, said: str) -> None:
    bot = bot_of(f"""
  - set: {{n: {n}}}
  - switch: n
    cases:
      - {{is: 2, do: two}}
      - {{in: [11, 12], do: in}}
      - {{when: n == 99, do: when}}
      - {{from: 5, to: 2 * 3, do: range}}
    default: default
""")
    assert bot.user("go") == [said]


def test_a_step_with_an_if() -> None:
    bot = bot_of(
        "  - {say: no, if: n > 0}\n  - {say: yes, if: n == 0}\n  - {goto: end_it, if: n > 0}\n  - say: last\n"
        "sections:\n  end_it: [end]\n"
    )
    assert bot.user("go") == ["yes", "last"]


def test_goto_ids_sections_flows_and_steps_of_flows() -> None:
    files = {
        "flows/a.yaml": """
flow: a
start:
  - {keyword: id, goto: there}
  - {keyword: section, goto: part}
  - {keyword: flow, goto: b}
  - {keyword: far, goto: b.mid}
steps:
  - say: first
  - {id: there, say: there}
  - end
sections:
  part: [{say: part}, {goto: there}]
""",
        "flows/b.yaml": "flow: b\nsteps: [{say: b1}, {id: mid, say: b2}, {goto: a.part}]",
    }
    bot = Talk(files)
    assert bot.user("id") == ["there"]
    assert bot.user("section") == ["part", "there"]
    assert bot.user("flow") == ["b1", "b2", "part", "there"]
    assert bot.user("far") == ["b2", "part", "there"]


PHONE = {
    "flows/a.yaml": """
flow: a
vars: {phone: text, why: {type: text, default: booking}}
start: [{keyword: go}]
anytime: [{keyword: cancel, do: [{say: "cancelled {{ why }}"}, end]}, {keyword: about, do: [{say: "about {{ why }}"}]}]
steps:
  - say: a1
  - run: phone
    in: {reason: "{{ why }}", tries: "{{ 1 + 1 }}"}
    out: {phone: number}
  - say: "a2 {{ phone }}"
""",
    "flows/phone.yaml": """
flow: phone
vars: {number: text, reason: text, tries: int}
anytime: [{keyword: skip, do: [{set: {number: "'none'"}}, return]}]
steps:
  - ask: number
    say: "{{ reason }} {{ tries }}: number?"
    type: phone
    else: [digits]
  - say: thanks
""",
}


def test_a_sub_flow_has_variables_of_its_own_and_gives_some_back() -> None:
    bot = Talk(PHONE)
    assert bot.user("go") == ["a1", "booking 2: number?"]
    assert bot.session.vars == {"phone": {"reason": "booking", "tries": 2}}
    assert bot.session.stack[0].flow == "a"
    assert bot.user("x") == ["digits"]
    assert bot.user("08012345678") == ["thanks", "a2 08012345678"]
    assert bot.session.vars == {"a": {"phone": "08012345678"}}
    assert bot.session.stack == ()


def test_return_goes_back_early() -> None:
    bot = Talk(PHONE)
    bot.user("go")
    assert bot.user("skip") == ["a2 none"]


def test_anytime_of_the_caller_sees_its_variables_and_leads_back_into_the_sub_flow() -> None:
    bot = Talk(PHONE)
    bot.user("go")
    assert bot.user("about") == ["about booking", "booking 2: number?"]
    assert bot.user("08012345678") == ["thanks", "a2 08012345678"]
    bot.user("go")
    assert bot.user("cancel") == ["cancelled booking"]
    assert bot.at == ""
    assert bot.session.stack == ()


def test_a_question_inside_an_aside_of_the_caller_survives_a_store() -> None:
    files = dict(PHONE)
    files["flows/a.yaml"] = files["flows/a.yaml"].replace(
        'do: [{say: "about {{ why }}"}]', 'do: [{ask: why, say: why?}, {say: "so {{ why }}"}]'
    )
    bot = Talk(files)
    bot.user("go")
    assert bot.user("about") == ["why?"]
    assert bot.user("fun") == ["so fun", "booking 2: number?"]
    assert bot.user("08012345678") == ["thanks", "a2 08012345678"]
    assert bot.session.vars["a"] == {"phone": "08012345678", "why": "fun"}


def test_a_flow_that_runs_itself_forever() -> None:
    bot = Talk("flow: a\nstart: [{keyword: go}]\nsteps: [{run: a}]")
    with pytest.raises(NorenError, match="20 deep"):
        bot.user("go")


def test_a_flow_that_runs_itself_keeps_its_levels_apart() -> None:
    bot = Talk("""
flow: a
vars: {n: {type: int, default: 3}, got: int}
start: [{keyword: go}]
steps:
  - say: "down {{ n }}"
  - {ask: x, say: "?", if: n == 1}
  - {run: a, in: {n: "{{ n - 1 }}"}, out: {got: n}, if: n > 1}
  - say: "up {{ n }} {{ got }}"
""")
    assert bot.user("go") == ["down 3", "down 2", "down 1", "?"]
    assert bot.user("x") == ["up 1 ", "up 2 1", "up 3 2"]


def test_end_leads_back_to_what_was_interrupted() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{ask: x, say: X?}]",
        "flows/b.yaml": "flow: b\nstart: [{keyword: other}]\nsteps: [{ask: y, say: Y?, type: int}, end, {say: never}]",
    }
    bot = Talk({**files, "flows/a.yaml": files["flows/a.yaml"].replace("say: X?", "say: X?, type: int")})
    bot.user("go")
    assert bot.user("other") == ["Y?"]
    assert bot.user("1") == ["X?"]
    bot.user("2")
    assert bot.session.vars == {"a": {"x": 2}, "b": {"y": 1}}


def test_end_ends_the_callers_too() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{run: b}, {say: never}]",
        "flows/b.yaml": "flow: b\nsteps: [{say: b}, end]",
    }
    assert Talk(files).user("go") == ["b"]


def test_goto_another_flow_from_a_sub_flow_leaves_the_caller() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{run: b}, {say: never}]",
        "flows/b.yaml": "flow: b\nsteps: [{goto: c}]",
        "flows/c.yaml": "flow: c\nsteps: [{say: c}]",
    }
    bot = Talk(files)
    assert bot.user("go") == ["c"]
    assert bot.session.stack == ()


def test_once_and_every() -> None:
    bot = bot_of("  - {once: first, else: again}\n  - {every: 3, do: third, else: 'no'}\n  - {once: ever, per: user}\n")
    said = [bot.user("go") for _ in range(4)]
    assert said == [["first", "third", "ever"], ["again", "no"], ["again", "no"], ["again", "third"]]
    bot.wait("1h")
    assert bot.user("go") == ["first", "third"], "a new session; `per: user` outlives it"


def test_stop_waits_without_asking() -> None:
    bot = bot_of("  - say: Hi\n  - stop\n  - say: never\n")
    assert bot.user("go") == ["Hi"]
    assert bot.at == "a.steps[1]"
    assert bot.user("what") == []
    assert bot.user("go") == ["Hi"]
    assert bot.session.stack == ()
