"""Expressions and templates: what they give, what they refuse, and that nothing gets out of hand."""

from __future__ import annotations

import contextlib
import time
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.flow.expr import MAX_VALUE, ExprError, Expression, Template, check_names, compile_expression
from runtime.flow.expr import compile_template as compile_
from runtime.flow.expr_check import Known, Trouble
from runtime.flow.moments import Day, moment
from runtime.model import Place

AT = Place("flows/shop.yaml", 10, 8)
SCOPE: dict[str, Any] = {
    "profile": {"name": "Mai", "items": 3, "_id": 7},
    "seats": 4,
    "tier": None,
    "day": "2026-12-05",
    "free": [{"time": "19:00", "n": 2}, {"time": "20:00", "n": 5}],
    "today": Day(2026, 12, 1),
    "now": moment(1_796_000_000_000, "Asia/Tokyo"),
    "days": 7,
    "long": "a" * 9_000,
    "language": "en",
    "timezone": "Asia/Tokyo",
}
KNOWN = ["profile.name", "seats", "tier", "day", "free", "today", "now"]


def render(text: str, **scope: Any) -> str:
    return Template(text, AT).render({**SCOPE, **scope})


def value(source: str, **scope: Any) -> Any:
    return Expression(source, AT).value({**SCOPE, **scope})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "plain"),
        ("a } b }} c", "a } b }} c"),
        ("{ x }", "{ x }"),
        ("Hi {{ profile.name }}!", "Hi Mai!"),
        ("{{profile.name}}{{ seats }}", "Mai4"),
        ("{{ nope.a.b }}x", "x"),
        ("{{ tier }}", ""),
        ("{{ profile.name | upper }}", "MAI"),
        ("{{ today + days(60) }}", "2027-01-30"),
        ("{{ day + days(1) }}", "2026-12-06"),
        ("{{ (day - today).days }}", "4"),
        ("{{ now }}", "2026-11-30T09:53"),
        ("{{ days }} {{ today + days(days) }}", "7 2026-12-08"),
        ("{{ 3.0 }} {{ 2.5 }} {{ true }} {{ none }}", "3 2.5 true "),
        ("{{ free | map(attribute='time') | list }}", "19:00 and 20:00"),
        ("{{ free | map(attribute='time') }}", "19:00, 20:00"),
        ("{{ 'many' if seats > 3 else 'few' }}", "many"),
        ("{{ free[1].time }} {{ free[9].time }} {{ free[-1]['n'] }}", "20:00  5"),
        ("{{ profile.items }} {{ profile['name'] }}", "3 Mai"),
        ("{{ '{%' }} {{ '{{' }}", "{% {{"),
        ("a\n{{ seats }}\n", "a\n4\n"),
        ("{{- seats -}}", "4"),
    ],
)
def test_templates(text: str, said: str) -> None:
    assert render(text) == said


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("seats", 4),
        (" seats ", 4),
        ("{{ seats }}", 4),
        ("seats >= 6", False),
        ("'vip' if seats >= 6 else tier", None),
        ("free | length == 0", False),
        ("nope | length", 0),
        ("free", SCOPE["free"]),
        ("5", 5),
        ("'a'", "a"),
        ("[1, seats]", [1, 4]),
        ("{'a': seats}", {"a": 4}),
        ("nope", None),
        ("nope.a.b", None),
        ("not nope", True),
        ("day >= today", True),
        ("today == '2026-12-01'", True),
        ("'x' in profile.name", False),
        ("'Ma' in profile.name", True),
        ("seats in [1, 2, 4]", True),
        ("profile.get('name').lower()", "mai"),
        ("now.hour < 10", True),
        ("2 ** 10 * 3 - 1", 3071),
        ("free | where('n', 5) | first", {"time": "20:00", "n": 5}),
    ],
)
def test_expressions(source: str, given: Any) -> None:
    assert value(source) == given


def test_a_constant_of_the_file_is_an_expression_too() -> None:
    made = Expression.constant([1, 2], AT)
    assert (made.value({}), made.static, made.names) == ([1, 2], True, frozenset())
    assert Expression("'x'", AT).static


def test_any_mapping_is_a_scope() -> None:
    assert Template("{{ a.b | upper }}", AT).render(MappingProxyType({"a": MappingProxyType({"b": "x"})})) == "X"


def test_names_are_known_before_anything_runs() -> None:
    template = Template("{{ profile.name }} {{ free[0].time }} {{ a if b['c'] else today + days(d) }}", AT)
    assert template.names == {"profile.name", "free", "a", "b.c", "today", "d"}
    assert not template.static
    assert Template("x", AT).static


def test_lines_end_the_same_way_everywhere() -> None:
    assert render("a\r\nb {{ seats }}\rc") == "a\nb 4\nc"


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "fix"),
    [
        ("Hi {{ profil.name }}", 10, 14, "`profil` is not known", "did you mean `profile`?"),
        ("a\nb {{ seats }} {{ sets }}", 11, 25, "`sets` is not known", "did you mean `seats`?"),
        ("{{ profile.nam }}", 10, 11, "`profile` has no `nam`", "did you mean `name`?"),
        ("{{ 'zzz' ~ zzz }}", 10, 19, "`zzz` is not known", "declare it"),
        ("{{ free | where('tme', tme) }}", 10, 31, "`tme` is not known", ""),
        ("{{ seats | uper }}", 10, 19, "no filter `uper`", "did you mean `upper`?"),
        ("{{ seats is od }}", 10, 20, "no test `od`", "did you mean `odd`?"),
        ("{{ day(5) }}", 10, 11, "`day(…)` cannot be called", "did you mean `days`?"),
        ("{{ upper(tier) }}", 10, 11, "`upper` is a filter", "value | upper"),
        ("{{ seats.bit_length() }}", 10, 8, "`bit_length(…)` cannot be called", ""),
        ("{{ seats & 1 }}", 10, 17, "& is not a word", "and"),
        ("{{ seats = 1 }}", 10, 8, "a single = compares nothing", "=="),
        ("{{ a b }}", 10, 8, "side by side", "operator"),
        ("x {{ a", 10, 10, "never closed", "}}"),
        ("x {{ a }", 10, 10, "not in its pair", "two braces"),
        ("{{ seats ＞ 3 }}", 10, 17, "full-width sign", "half-width"),
        ("{{ “a” }}", 10, 11, "not the quotes", "around a text"),
        ("{% if x %}", 10, 8, "texts hold {{ }} only", "`if`"),
        ("ab {# c", 10, 11, "texts hold {{ }} only", ""),
        ("{{ a }} {% b %}", 10, 16, "texts hold {{ }} only", ""),
        ("{{ self }}", 10, 11, "`self` is not available", ""),
        ("{{ loop.index }}", 10, 11, "`loop` is not available", ""),
        ("{{ __x }}", 10, 11, "`__x` is not available", ""),
        ("{{ a.__class__ }}", 10, 8, "`__class__` is not available", ""),
        ("{{ a['__class__'] }}", 10, 8, "`__class__` is not available", ""),
        ("{{ max(*free) }}", 10, 8, "no meaning in a call", ""),
        ("{{ " + "(" * 30 + "1", 10, 36, "too many brackets", ""),
        ("{{ " + "+".join(["1"] * 200) + " }}", 10, 8, "nested too deeply", ""),
        ("{{ -a }}" + "x" * 20_000, 10, 8, "longer than 20,000", ""),
        ("{{ -a }}\x00", 10, 16, "invisible", ""),
    ],
)
def test_what_is_wrong_is_found_when_loaded(text: str, line: int, column: int, message: str, fix: str) -> None:
    _, findings = compile_(text, AT, KNOWN)
    assert len(findings) == 1
    assert findings[0].at == Place(AT.file, line, column)
    assert message in findings[0].message
    assert fix in findings[0].fix


def test_expressions_are_checked_as_templates_are() -> None:
    made, findings = compile_expression("sets >= 6", AT, KNOWN)
    assert made is not None
    assert findings[0].fix == "did you mean `seats`?"
    assert findings[0].at == AT
    made, findings = compile_expression("seats >=", AT, KNOWN)
    assert made is None
    assert findings[0].code == "expr-syntax"
    assert "ends too early" in findings[0].message
    assert compile_expression("1 +" * 700 + "1", AT)[1][0].code == "expr-long"


def test_without_known_names_only_the_form_is_checked() -> None:
    made, findings = compile_("{{ anything }}", AT)
    assert findings == []
    assert made is not None
    assert [each.message for each in check_names(made, Known(["seats"]))] == ["`anything` is not known here"]


def test_a_place_without_line_stays_as_it_is() -> None:
    assert compile_("{{ x }}", Place("somewhere"), [])[1][0].at == Place("somewhere")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("seats / 0", "divides by zero"),
        ("seats + 'x'", "do not go together"),
        ("nope + 1", "is not set (it uses nope)"),
        ("'a' * 100000", "grows beyond"),
        ("free * 100000", "grows beyond"),
        ("2 ** 99999", "grows beyond"),
        ("10 ** 300 * 10 ** 999", "grows beyond"),
        ("range(100000)", "grows beyond"),
        ("'%999999999d' % 5", "do not go together"),
        ("long | replace('a', long)", "grows beyond"),
        ("range(1000) | join(long)", "grows beyond"),
        ("today + days(10 ** 12)", "too large"),
        ("(-8) ** 0.5", "wrong form"),
        ("free | map('nope')", "cannot be worked out"),
        ("tier > 3", "do not go together"),
    ],
)
def test_what_cannot_be_worked_out_is_one_kind_of_error(source: str, why: str) -> None:
    with pytest.raises(ExprError) as caught:
        value(source)
    assert why in caught.value.message
    assert caught.value.at == AT


def test_an_error_says_nothing_of_what_users_wrote() -> None:
    for source in ("secret | int + none", "profile[secret] + 1", "secret - 1", "secret | float / 0"):
        with pytest.raises(ExprError) as caught:
            value(source, secret="4111-1111")
        assert "4111" not in str(caught.value)


def test_output_is_capped() -> None:
    assert len(render("{{ long }}{{ long }}")) == 10_000
    with pytest.raises(ExprError):
        value("big ~ big", big="a" * MAX_VALUE)


@pytest.mark.parametrize(
    "source",
    [
        *("''.format", "profile._id.real", "seats.real", "free.append", "free.__len__", "today.replace", "now.tzinfo"),
        *("free | map(attribute='__class__') | first", "profile['get']['__self__x']", "days(1).resolution"),
    ],
)
def test_attributes_of_python_are_out_of_reach(source: str) -> None:
    with contextlib.suppress(Trouble):
        assert value(source) is None


def test_plain_names_fill_in_just_as_the_sandbox_would() -> None:
    for name in ("profile.name", "nope", "nope.a", "tier", "free", "today", "seats", "profile", "seats.real", "day.x"):
        assert render("<{{ " + name + " }}>") == render("<{{ (" + name + ") }}>")


NAMES = st.sampled_from(["seats", "free", "profile.name", "nope", "long", "today", "now", "tier", "day", "a.b[0]"])
WORDS = st.sampled_from(
    [
        *(
            "+",
            "-",
            "*",
            "/",
            "//",
            "%",
            "**",
            "~",
            "|",
            ".",
            ",",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "{{",
            "}}",
            ":",
            "==",
            "<",
        ),
        *("and", "or", "not", "in", "is", "if", "else", "none", "true", "'", '"', "'a'", "1", "9999999", "1e9", "-1"),
        *("days(", "range(", "max(", "|length", "|join", "|replace('a',long)", "|date", "|number", "|list", "|sum"),
        *("|map('upper')", "|sort", "|first", "|round(99)", "|plural('x')", "self", "__class__", ".split(", "{%", "{#"),
        *("==", "<"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(NAMES | WORDS, max_size=14).map(" ".join))
def test_no_expression_hangs_or_raises_anything_else(source: str) -> None:
    begun = time.perf_counter()
    for make in (lambda: Expression(source, AT).value(SCOPE), lambda: render("a {{ " + source + " }} b")):
        try:
            made = make()
        except (Trouble, ExprError):
            continue
        assert not isinstance(made, str) or len(made) <= MAX_VALUE
    assert time.perf_counter() - begun < 2


@given(st.text(max_size=60))
def test_no_text_breaks_a_template(text: str) -> None:
    made, findings = compile_(text, AT, KNOWN)
    assert (made is None) <= bool(findings)
    if made is not None and made.static:
        assert made.render({}) == made.text


@pytest.mark.parametrize("left", ["seats", "tier", "nope", "profile.name", "today", "day", "4", "4.0", "'4'", '"Mai"'])
@pytest.mark.parametrize("sign", ["==", "!=", ">=", "<=", ">", "<"])
def test_plain_comparisons_are_just_what_the_sandbox_would_give(left: str, sign: str) -> None:
    for right in ("seats", "nope", "profile.name", "today", "'2026-12-05'", "4"):
        short, full = f"{left} {sign} {right}", f"({left}) {sign} ({right})"
        given: list[Any] = []
        for source in (short, full):
            try:
                given.append(value(source))
            except ExprError as error:
                given.append(error.message)
        assert given[0] == given[1], short
        assert Expression(short, AT).names == Expression(full, AT).names


def test_negated_names_too() -> None:
    for name in ("seats", "tier", "nope.a", "free"):
        assert value(f"not {name}") is value(f"not ({name})")
