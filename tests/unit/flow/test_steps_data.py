"""Variables, language, the log."""

from __future__ import annotations

import pytest

from runtime.errors import NorenError
from tests.unit.flow.talk import Talk

HEAD = """
flow: a
vars:
  n: {type: int, default: 1, max: 100}
  s: text
  b: bool
  d: date
  t: time
  m: {type: map, default: {}}
  xs: {type: list, default: []}
  tier: {type: choice, of: [1, gold], keep: forever}
start: [{keyword: go}]
steps:
"""


def vars_after(steps: str) -> dict[str, object]:
    bot = Talk(HEAD + steps)
    bot.user("go")
    return bot.vars | bot.session.kept


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("set: {n: n + 1}", {"n": 2}),
        ("set: {n: 2, s: n * 3}", {"n": 2, "s": "6"}),
        ("set: {n: '{{ n + 4 }}'}", {"n": 5}),
        ("set: {s: \"'a' ~ n\"}", {"s": "a1"}),
        ("set: {b: n > 3}", {"b": False}),
        ("set: {d: today + days(1)}", {"d": "2026-12-01"}),
        ("set: {t: \"'07:30'\"}", {"t": "07:30"}),
        ("set: {m: {a: '{{ n }}', b: 'n {{ n }}'}}", {"m": {"a": 1, "b": "n 1"}}),
        ("set: {xs: [1, '{{ n }}', x]}", {"xs": [1, 1, "x"]}),
        ("set: {tier: 1}", {"tier": 1}),
        ("set: {tier: \"'1'\"}", {"tier": 1}),
        ("set: {s: none}", {"s": None}),
        ("push: {xs: n}", {"xs": [1]}),
        ("push: {xs: {id: '{{ n }}'}}", {"xs": [{"id": 1}]}),
    ],
)
def test_set_and_push(step: str, wanted: dict[str, object]) -> None:
    assert vars_after(f"  - {step}") == wanted


@pytest.mark.parametrize(
    "step", ["set: {n: \"'x'\"}", "set: {n: 101}", "set: {n: 1.5}", "set: {d: n}", "set: {tier: 2}", "set: {m: xs}"]
)
def test_a_wrong_value_is_an_error_with_its_place(step: str) -> None:
    with pytest.raises(NorenError, match=r"main\.yaml:1\d.*takes"):
        vars_after(f"  - {step}")


def test_a_wrong_value_can_be_caught() -> None:
    bot = Talk(HEAD + "  - {set: {n: 101}, error: 'no: {{ error.message }}'}")
    assert bot.user("go") == ["no: `n` takes a whole number at most 100"]


def test_push_into_something_else() -> None:
    with pytest.raises(NorenError, match="not a list"):
        vars_after("  - set: {s: 1}\n  - push: {s: 2}")


def test_unset_and_reset() -> None:
    assert vars_after("  - set: {n: 5, s: 1, tier: 1}\n  - unset: [n, tier]") == {"s": "1"}
    assert vars_after("  - set: {n: 5, s: 1, tier: 1}\n  - unset: s") == {"n": 5, "tier": 1}
    assert vars_after("  - set: {n: 5, s: 1, tier: 1}\n  - reset") == {}
    assert vars_after("  - set: {n: 5, s: 1, tier: 1}\n  - reset: session") == {"tier": 1}


def test_values_all_flows_share() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{set: {session.basket: 3, profile.nick: \"'Mo'\"}}]",
        "flows/b.yaml": 'flow: b\nstart: [{keyword: see}]\nsteps: [{say: "{{ session.basket }} {{ profile.nick }}"}]',
        "flows/c.yaml": "flow: c\nstart: [{keyword: drop}]\nsteps: [{unset: [session.basket, profile.nick]}]",
        "flows/d.yaml": "flow: d\nstart: [{keyword: clear}]\nsteps: [{reset: profile}]",
    }
    bot = Talk(files)
    bot.user("go")
    assert bot.user("see") == ["3 Mo"]
    assert bot.session.profile["nick"] == "Mo"
    bot.wait("1h")
    assert bot.user("see") == [" Mo"]
    bot.user("drop")
    assert bot.user("see") == [" "]
    bot.user("clear")
    assert bot.session.profile == {}


def test_variables_stay_for_the_session_and_are_seen_again() -> None:
    bot = Talk(HEAD + '  - say: "{{ n }}"\n  - set: {n: n + 1}')
    assert [bot.user("go")[0] for _ in range(3)] == ["1", "2", "3"]


def test_reset_session_lets_go_of_what_waits() -> None:
    files = {
        "flows/a.yaml": "flow: a\nstart: [{keyword: go}]\nsteps: [{delay: 1h}, {say: never}]",
        "flows/b.yaml": "flow: b\nstart: [{keyword: forget}]\nsteps: [{reset: session}, {say: gone}]",
    }
    bot = Talk(files)
    bot.user("go")
    assert bot.user("forget") == ["gone"]
    assert bot.timers == {}
    assert bot.session.vars == {}
    assert bot.wait("2h") == []


LANGUAGE = """
flow: a
vars: {tongue: text}
start: [{keyword: go}]
steps:
  - {ask: tongue, say: {en: Which?, zh-TW: 哪個}}
  - {language: "{{ tongue }}", error: unknown}
  - say: {en: Hello, zh-TW: 你好}
"""


@pytest.mark.parametrize(("answer", "said"), [("zh-TW", "你好"), ("zh", "你好"), ("en_GB", "Hello"), ("xx", "unknown")])
def test_language(answer: str, said: str) -> None:
    bot = Talk(LANGUAGE, languages=("en", "zh-TW"))
    bot.user("go")
    assert bot.user(answer)[0] == said
    assert bot.session.language == {"你好": "zh-TW", "Hello": "en"}.get(said, "")


def test_a_language_may_be_a_variable_by_name() -> None:
    bot = Talk(LANGUAGE.replace('"{{ tongue }}"', "tongue"), languages=("en", "zh-TW"))
    bot.user("go")
    assert bot.user("zh-TW") == ["你好"]


def test_log() -> None:
    bot = Talk(HEAD + '  - log: "n is {{ n }}"')
    bot.user("go")
    assert bot.turn is not None
    assert any(row.get("log") == "n is 1" for row in bot.turn.trace)


def test_the_length_of_a_text_is_counted_as_line_does() -> None:
    text = "flow: a\nstart: [{keyword: a}]\nvars: {n: {type: text, max: 4}}\nsteps:\n  - ask: n\n    say: Who?\n"
    talk = Talk(text + "    else: [Too long.]\n  - say: '{{ n }}'\n")
    talk.user("a")
    assert talk.user("🍜🍜🍜") == ["Too long."]
    assert talk.user("お茶どう") == ["お茶どう"]
    bounded = Talk(text.replace("{type: text, max: 4}", "text") + "    max: 4\n    else: [Too long.]\n  - stop\n")
    bounded.user("a")
    assert bounded.user("🍜🍜🍜") == ["Too long."]
