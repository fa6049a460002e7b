"""Values that a variable can never take, conditions that never change."""

from __future__ import annotations

import pytest

from runtime.flow.check import check
from runtime.flow.check_types import fits

VARS = "vars: {n: {type: int, default: 1, max: 9}, d: date, t: text, l: list, c: {type: choice, of: [x, y]}, a: any}"
INNER = "flow: b\nvars: {n: int, d: date}\nsteps: [{set: {n: 1, d: today}}, {say: '{{ n }} {{ d }}'}]"


def told(step: str) -> list[str]:
    text = f"flow: a\nstart: [{{keyword: go}}]\n{VARS}\nsteps:\n  - {step}\n"
    found = check({"flows/a.yaml": text, "flows/b.yaml": INNER})
    return [one.message for one in found if one.code in ("wrong-type", "constant-condition")]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("set: {n: 12}", "`n` takes a whole number at most 9"),
        ("set: {n: \"'many'\"}", "`n` takes a whole number, not a text"),
        ("set: {c: \"'z'\"}", "`c` takes one of x, y"),
        ("set: {n: [1, 2]}", "`n` takes a whole number, not a list"),
        ("set: {d: n}", "`d` is declared as date, and `n` as int"),
        ("push: {t: 1}", "`t` is declared as text; push adds to a list"),
        ("{run: b, in: {n: many}}", "`n` takes a whole number, not a text"),
        ("{run: b, out: {n: d}}", "`n` is declared as int; `d` of the flow `b` is date"),
        ('{say: x, if: "1 > 2"}', "this condition is always false: it asks nothing that can change"),
        ("{when: 5, do: [end]}", "this condition is always true: it asks nothing that can change"),
        ("{when: n > 'ten', do: [end]}", "`n` is int, and this compares it with a text"),
        ("{when: 3 <= n and '4' != n, do: [end]}", "`n` is int, and this compares it with a text"),
        ("{say: x, if: d > 3}", "`d` is date, and this compares it with a number"),
        ("{say: x, if: d == 'tomorrow'}", "`d` is date, and this compares it with a text"),
        ("{when: l > 0, do: [end]}", "`l` is list, and this compares it with a number"),
        ("{when: t == 5, do: [end]}", "`t` is text, and this compares it with a number"),
        ("{when: c == 'z', do: [end]}", "`c` is never `z`"),
        ("{when: \"c in ['x', 'q']\", do: [end]}", "`c` is never `q`"),
    ],
)
def test_wrong(step: str, says: str) -> None:
    assert told(step) == [says]


@pytest.mark.parametrize(
    "step",
    [
        "set: {n: n + 1}",
        "set: {t: n, a: l, c: t}",
        "set: {n: \"'5'\"}",
        "push: {l: 1}",
        "{run: b, in: {n: 3}, out: {n: n, d: d, t: d}}",
        "{when: true, do: [end]}",
        "{when: n > 2, do: [end]}",
        "{when: n > 2.5 and d > '2026-12-05' and t == 'a' and c == 'x' and a == 5, do: [end]}",
        "{when: n == none or l | length > 0 or today > d, do: [end]}",
        "{when: \"n in [1, 2] and t in 'abc'\", do: [end]}",
    ],
)
def test_fine(step: str) -> None:
    assert told(step) == []


def test_what_can_become_what() -> None:
    assert fits("int", "number")
    assert fits("date", "datetime")
    assert fits("text", "int")
    assert not fits("bool", "int")
    assert not fits("list", "text")
