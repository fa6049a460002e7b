"""The screen and the explainer mean the same, whatever comes."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.line.rules import check, judge, repair, respond
from runtime.line.rules.checks import Where
from runtime.line.rules.explain import explain
from runtime.line.rules.judge import passes_all
from runtime.line.rules.repair import PACKING
from runtime.line.rules.table import rules, shape
from runtime.model import Output
from tests.unit.line.rulebook import GOOD, SPOTS

QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = sorted({word for rule in rules().values() if rule.kind == "enum" for word in rule.limit})
TYPES = sorted({kind for rule in rules().values() if rule.kind == "children" for kind in rule.limit})
KEYS = sorted({key for spot in SPOTS for key in shape(spot.shape).props} | {"type", "messages"})
TEXTS = [
    *(
        "",
        " ",
        "x",
        "🍜",
        "👩‍👩‍👧",
        "ก้" * 30,
        "x" * 301,
        "{a}",
        "{",
        "$",
        "#fff",
        "#ffffff",
        "5px",
        "5%",
        "-1px",
        "20:13",
    ),
    *("https://example.com/a.jpg", "http://example.com", "mailto:a@b.example", "page", "2026-12-01", "08:00", *WORDS),
]
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3000),
    st.sampled_from([0.0, 1.0, 1.5, -0.5, 1e300]),
    st.sampled_from(TEXTS),
    st.text(max_size=12),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=5),
        st.builds(
            lambda kind, rest: {**rest, "type": kind},
            st.sampled_from(TYPES),
            st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
        ),
    ),
    max_leaves=25,
)
WHERES = st.tuples(
    st.sampled_from(["reply", "push", "multicast", "broadcast"]), st.sampled_from(["user", "group", "room"])
)


def agreed(messages: list[Any], via: Any = "reply", to: Any = "user") -> None:
    """Screen and explainer say the same, twice, and the answer follows from the violations."""
    before = copy.deepcopy(messages)
    found = explain({"messages": messages}, "request", Where(via, to))
    own = [f for f in found if f.rule.id not in PACKING]
    assert passes_all(messages, via, to) is (not own)
    started = time.perf_counter()
    verdict = judge(messages, via=via, to=to)
    assert time.perf_counter() - started < 0.5  # far above what is asked for: the machine may be busy
    assert judge(messages, via=via, to=to) == verdict
    assert verdict.valid is not any(v.severity == "error" for v in verdict.violations)
    assert messages == before


@QUICK
@given(st.lists(JSON, max_size=5), WHERES)
def test_any_json(messages: list[Any], where: tuple[str, str]) -> None:
    agreed(messages, *where)


@QUICK
@given(JSON, st.sampled_from(["reply", "push", "multicast", "broadcast", "narrowcast", "validate"]))
def test_any_request(body: Any, via: Any) -> None:
    assert respond(body, via) == respond(body, via)


MESSAGES = [message for case in GOOD[:4] for message in case["body"]["messages"]]


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@st.composite
def mutated(draw: Callable[[Any], Any]) -> Any:
    """A good message with one to three places replaced, removed, or given another key."""
    message = copy.deepcopy(draw(st.sampled_from(MESSAGES)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(message)[1:] or [("type",)]))
        holder = message
        for key in path[:-1]:
            holder = holder[key]
        change = draw(st.sampled_from(["set", "drop", "add", "twice"]))
        if change == "drop":
            del holder[path[-1]]
        elif change == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = draw(JSON)
        elif change == "twice" and isinstance(holder, list):
            holder.extend([holder[path[-1]]] * draw(st.integers(1, 12)))
        else:
            holder[path[-1]] = draw(JSON)
    return message


@settings(QUICK, max_examples=600)
@given(mutated(), WHERES)
def test_good_messages_with_something_changed(message: Any, where: tuple[str, str]) -> None:
    agreed([message], *where)


@QUICK
@given(mutated(), st.sampled_from(["repair", "fallback", "block"]), st.sampled_from(["user", "group", "room", "none"]))
def test_what_is_sent_after_repair_breaks_nothing(message: Any, policy: Any, kind: Any) -> None:
    before = copy.deepcopy(message)
    sent, broken = repair([(Output(kind="line", alt="Menu"), [message])], kind, policy)
    to = kind if kind != "none" else "user"
    for one in sent:
        assert not [v for v in check([one], to=to) if v.severity == "error"]
    assert message == before
    if not sent or sent != [message]:
        assert broken
    if policy != "block":
        assert sent, "there is always the alternative text"


def test_deep_nesting_stops_nobody() -> None:
    box: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(5000):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    found = check([{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": box}}])
    assert [v.rule for v in found if v.severity == "error"] == ["flex.bubble.size_bytes"]


def test_moderate_nesting_is_in_order() -> None:
    box: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(400):
        box = {"type": "box", "layout": "vertical", "contents": [box]}
    assert check([{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": box}}]) == []


def test_half_a_character_stops_nobody() -> None:
    bubble = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "\ud83c"}]},
    }
    agreed([{"type": "text", "text": "\ud83c"}, {"type": "flex", "altText": "x", "contents": bubble}])
