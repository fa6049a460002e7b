"""What is written into a test is read as what was said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.loader import load
from runtime.flow.reading import Reading
from runtime.flow.source import parse
from runtime.simulator.values import Said
from runtime.transcript.words import Wording, Words
from runtime.transcript.written import block, flow, item, literal

FLOW = """
flow: a
steps: [{say: $hi}]
texts: {hi: {en: Hello, ja: やあ}, bye: {en: Bye, ja: では}}
"""
FLOWS = load({"flows/a.yaml": FLOW})
WORDS = Words(FLOWS, "en")
NEVER_READ = {"exclude_categories": ["Cc", "Cs", "Cn", "Co"], "exclude_characters": "\u2028\u2029"}
TEXTS = st.text(st.characters(codec="utf-8", **NEVER_READ))  # type: ignore[arg-type]
TRICKY = ["$hi", "/a/", "/a.b/i", "yes", "12:30", "1", "- a", "a: b", "a #b", "[x]", "?", "ja, b"]


def said(message: dict[str, Any]) -> Said:
    return Said(id="1", bot="shop", chat="U1", who="bot", via="reply", at=0, message=message)


@given(TEXTS | st.sampled_from(TRICKY))
def test_every_text_comes_back(text: str) -> None:
    written = flow(literal(text))
    for line in (f"- {written}\n", f"- [{written}, b]\n", f"- {{a: {written}}}\n"):
        node, findings = parse(line, "t.yaml")
        assert not [one for one in findings if one.severity == "error"], line
        assert node is not None
        inner = node.items[0]
        while inner.kind in ("list", "map"):
            inner = inner.items[0] if inner.items else inner.map["a"]
        reading = Reading("t.yaml", "", {}, frozenset(), ("en",))
        assert WORDS.fits(Wording().read(inner, reading), text), line


@given(TEXTS | st.sampled_from([*TRICKY, "a:", "a: ", "a#b", "a, b", "Hi! (you)", "a [b]", "a\tb"]))
def test_every_text_comes_back_from_a_line_of_its_own(text: str) -> None:
    for line in (f"- {block(literal(text))}\n", f"a:\n  - b: {block(literal(text))}   # so\n"):
        node, findings = parse(line, "t.yaml")
        assert not [one for one in findings if one.severity == "error"], line
        assert node is not None
        inner = node.items[0] if node.items else node.map["a"].items[0].map["b"]
        reading = Reading("t.yaml", "", {}, frozenset(), ("en",))
        assert WORDS.fits(Wording().read(inner, reading), text), line


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ({"type": "text", "text": "Hello"}, "Hello"),
        ({"type": "sticker", "packageId": "1", "stickerId": "2"}, '{sticker: "1/2"}'),
        ({"type": "image", "originalContentUrl": "https://x.test/a.png"}, "{image: true}"),
        ({"type": "location", "title": "Shop", "address": "Tokyo"}, "{location: Shop}"),
        ({"type": "flex", "altText": "Receipt", "contents": {"type": "bubble"}}, "{flex: Receipt}"),
        ({"type": "imagemap", "altText": "Map", "baseUrl": "https://x.test/m"}, "{imagemap: true}"),
    ],
)
def test_a_message_is_told_by_what_it_is(message: dict[str, Any], written: str) -> None:
    assert flow(item(said(message))) == written


def test_a_key_is_written_where_keys_are_wanted() -> None:
    assert item(said({"type": "text", "text": "Hello"}), WORDS) == "$hi"
    assert item(said({"type": "text", "text": "Goodbye"}), WORDS) == "Goodbye"
