"""Every rule of the table, on both sides of its exact border."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from runtime.line.rules.sizes import size
from runtime.line.rules.table import Rule, applies, names_of, says, shape
from tests.unit.line.rulebook import ALL, DATA, GONE, GOOD, SPOTS, Spot, spots_of

EXAMPLES: dict[str, dict[str, list[Any]]] = json.loads((DATA / "examples.json").read_text("utf-8"))
"""By rule id, or by `kind:limit`: values (or sets of properties) that keep the rule, and that break it."""

CODEPOINTS = ("a", "ก", "🍜", "𠮷", "👩‍👩‍👧", "ก้")
"""One letter each for a reader; 1, 1, 1, 1, 5 and 2 code points; 1, 1, 2, 2, 8 and 2 UTF-16 code units."""
WRONG = {"string": {"a": 1}, "integer": "many", "number": "far", "boolean": "yes", "object": 7, "map": 7, "list": "x"}
MEASURES = {"codepoints": len, "utf16": lambda text: len(text.encode("utf-16-le")) // 2}


def filled(letter: str, most: int, unit: str) -> str:
    """A text of exactly `most` units, as far as possible of that letter."""
    measure = MEASURES[unit]
    count = most // measure(letter)
    return letter * count + "x" * (most - count * measure(letter))


def lengths(rule: Rule, spot: Spot) -> Iterator[tuple[Any, Any]]:
    low, high = rule.limit
    for letter in CODEPOINTS:
        text = filled(letter, high, rule.unit)
        yield text, text + "x"
        yield text, filled(letter, high + 1, rule.unit)
    if low:
        yield "x" * low, "x" * (low - 1)


def sizes(rule: Rule, spot: Spot) -> Iterator[tuple[Any, Any]]:
    low, high = rule.limit
    value = spot.node(GOOD[spot.case]["body"]).get(rule.at[0]) or [{}]
    if isinstance(value, dict):
        entry = {"type": "emoji", "productId": "p", "emojiId": "1"}
        yield {f"k{n}": entry for n in range(high)}, {f"k{n}": entry for n in range(high + 1)}
        return
    if high is not None:
        yield (value * high)[:high], (value * (high + 1))[: high + 1]
    if low:
        yield (value * low)[:low], (value * low)[: low - 1]


def ranges(rule: Rule, spot: Spot) -> Iterator[tuple[Any, Any]]:
    low, high = rule.limit
    if low is not None:
        yield low, low - 1
    if high is not None:
        yield high, high + 1


def pairs(rule: Rule, spot: Spot) -> Iterator[tuple[Any, Any]]:
    """(value that keeps the rule, value that breaks it) for one property."""
    own = EXAMPLES.get(rule.id) or EXAMPLES.get(f"{rule.kind}:{rule.limit}")
    if own:
        yield from ((good, own["bad"][0]) for good in own["good"])
        yield from ((own["good"][0], bad) for bad in own["bad"])
    elif rule.kind in BORDERS:
        yield from BORDERS[rule.kind](rule, spot)
    elif rule.kind == "enum":
        yield from ((value, "nonsense") for value in rule.limit)
    else:
        kept = spot.node(GOOD[spot.case]["body"]).get(rule.at[0].removesuffix("[]"), GONE)
        yield kept, ONE_BAD[rule.kind](rule)


BORDERS = {"length": lengths, "size": sizes, "range": ranges}
ONE_BAD = {
    "required": lambda rule: GONE,
    "type": lambda rule: WRONG[rule.limit],
    "nonempty": lambda rule: "",
    "nonblank": lambda rule: " \n",
    "absent": lambda rule: {"desktop": "https://example.com"} if rule.at == ("altUri",) else "x",
    "positive": lambda rule: 0,
    "step": lambda rule: 7,
}


ELSEWHERE = {
    *("req.quoteToken.endpoint", "req.trackingId.dest", "textV2.mention.destination", "req.mention.endpoint"),
    "req.type.file",
}
"""Rules that depend on where a message goes, tried in test_rules.py."""


def leaf_cases() -> Iterator[Any]:
    for rule in ALL:
        if rule.at == ("",) or rule.kind in ("children", "discriminator", "bytes") or rule.id in ELSEWHERE:
            continue
        for spot in spots_of(rule):
            for at in rule.at:
                if at.removesuffix("[]") in shape(spot.shape).props:
                    yield pytest.param(rule, spot, at, id=f"{rule.id}-{spot.shape}-{at}")


@pytest.mark.parametrize(("rule", "spot", "at"), list(leaf_cases()))
def test_values_on_both_sides_of_the_border(rule: Rule, spot: Spot, at: str) -> None:
    key = at.removesuffix("[]")
    wrap = (lambda value: [value]) if at.endswith("[]") else (lambda value: value)
    for good, bad in pairs(rule, spot):
        kept = {key: GONE if good is GONE else wrap(good)}
        assert rule.id not in spot.broken(spot.changed(kept)), f"{kept} keeps it"
        lost = {key: GONE if bad is GONE else wrap(bad)}
        if applies(rule, spot.node(spot.changed(lost))):
            assert rule.id in spot.broken(spot.changed(lost)), f"{lost} breaks it"


def test_a_condition_decides_between_two_lengths() -> None:
    buttons = next(spot for spot in SPOTS if spot.shape == "template.buttons")
    bare = {"title": GONE, "thumbnailImageUrl": GONE}
    assert buttons.broken(buttons.changed({**bare, "text": "🍜" * 160})) == set()
    assert buttons.broken(buttons.changed({**bare, "text": "🍜" * 161})) == {"template.buttons.text.max"}
    assert buttons.broken(buttons.changed({"thumbnailImageUrl": GONE, "text": "x" * 61})) == {
        "template.buttons.text.max_with_image"
    }


@pytest.mark.parametrize("rule", [r for r in ALL if r.kind == "keys"], ids=lambda r: r.id)
def test_unknown_keys_are_refused(rule: Rule) -> None:
    for spot in spots_of(rule):
        assert rule.id in spot.broken(spot.changed({"createdAt": 1}))
        assert rule.id not in spot.broken(spot.changed({}))


@pytest.mark.parametrize("rule", [r for r in ALL if r.kind == "children"], ids=lambda r: r.id)
def test_objects_of_another_type_are_refused(rule: Rule) -> None:
    found = [
        s for s in SPOTS if names_of(s.shape).intersection(rule.on) and applies(rule, s.node(GOOD[s.case]["body"]))
    ]
    strange = {"one": {"type": "spacer"}, "list": [{"type": "spacer"}], "map": {"k": {"type": "spacer"}}}[rule.holds]
    typeless = {"one": {}, "list": [{}], "map": {"k": {}}}[rule.holds]
    spot = next(s for s in found if any(at in s.node(GOOD[s.case]["body"]) for at in rule.at))
    for at in rule.at:
        assert rule.id in spot.broken(spot.changed({at: strange}))
        assert rule.missing in spot.broken(spot.changed({at: typeless}))
        assert rule.id not in spot.broken(spot.changed({}))


@pytest.mark.parametrize(
    "rule", [r for r in ALL if r.at == ("",) and r.kind == "check" and r.id not in ELSEWHERE], ids=lambda r: r.id
)
def test_values_that_depend_on_each_other(rule: Rule) -> None:
    example = EXAMPLES[rule.id]
    for spot in spots_of(rule):
        for patch in example["good"]:
            assert rule.id not in spot.broken(spot.changed(patch)), f"{patch} keeps it"
        for patch in example["bad"]:
            assert rule.id in spot.broken(spot.changed(patch)), f"{patch} breaks it"


def bubble_of(size_: int, letter: str) -> dict[str, Any]:
    """A bubble of exactly so many bytes of JSON, filled with that letter."""
    text = {"type": "text", "text": "x"}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [text]}}
    left = size_ - size(bubble) + 1
    count = left // len(letter.encode())
    text["text"] = letter * count + "x" * (left - count * len(letter.encode()))
    assert size(bubble) == size_
    return bubble


@pytest.mark.parametrize("letter", ["a", "ก", "🍜", "𠮷", "👩‍👩‍👧"])
def test_bytes_of_bubbles_and_carousels(letter: str) -> None:
    flex = next(s for s in SPOTS if s.shape == "message.flex")
    for limit, rule in ((30720, "flex.bubble.size_bytes"), (29000, "flex.bubble.size_near")):
        assert rule not in flex.broken(flex.changed({"contents": bubble_of(limit, letter)}))
        assert rule in flex.broken(flex.changed({"contents": bubble_of(limit + 1, letter)}))
    frame = size({"type": "carousel", "contents": [{}, {}]}) - 4
    for limit, rule in ((51200, "flex.carousel.size_bytes"), (49000, "flex.carousel.size_near")):
        for extra in (0, 1):
            half = limit // 2 + 100
            two = [bubble_of(half, letter), bubble_of(limit + extra - frame - half, letter)]
            broken = flex.broken(flex.changed({"contents": {"type": "carousel", "contents": two}}))
            assert (rule in broken) is bool(extra)
    large = {"type": "carousel", "contents": [bubble_of(30721, letter)]}
    assert "flex.bubble.size_bytes" in flex.broken(flex.changed({"contents": large}))


def test_every_rule_stands_on_a_body_that_is_tried() -> None:
    for rule in ALL:
        if rule.kind != "discriminator" and rule.on != ("message.file",):
            assert spots_of(rule), f"no good body has a place for {rule.id}"


def test_good_bodies_break_nothing() -> None:
    for spot in SPOTS:
        if not spot.path:
            assert spot.broken(GOOD[spot.case]["body"]) == set()


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_a_row_says_what_a_row_must_say(rule: Rule) -> None:
    assert rule.tier in {"O", "D", "R", "O+D", "O+R", "D+R"}
    assert rule.url.startswith("https://developers.line.biz/en/")
    text, sure = says(rule, rule.style or "request")
    assert text
    assert sure in {"obs", "sib", "doc", "sim", "guess"}
    assert not (rule.severity == "error" and rule.tier == "R" and sure == "guess") or rule.id in REPORTED


REPORTED = {"action.uri.uri.mailto"}
"""Errors that rest on reports of an answer whose text was not kept."""
