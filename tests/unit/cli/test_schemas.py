"""The schemas of editors know LINE's rules in flows and cards."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from runtime.cli.schemas import bot_flow_schema
from runtime.line.rules.schema import editor_schema
from tests.unit.line.rulebook import GOOD

BOX = {"type": "box", "layout": "vertical"}
FLOW = jsonschema.Draft202012Validator(bot_flow_schema())
CARD = jsonschema.Draft202012Validator(editor_schema())


def card(*contents: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {**BOX, "contents": list(contents)}}


def flow(step: Any) -> bool:
    return bool(FLOW.is_valid({"flow": "a", "steps": [step]}))


def test_good_cards_fit() -> None:
    jsonschema.Draft202012Validator.check_schema(editor_schema())
    jsonschema.Draft202012Validator.check_schema(bot_flow_schema())
    good = [m["contents"] for case in GOOD[:4] for m in case["body"]["messages"] if m["type"] == "flex"]
    assert good
    assert all(CARD.is_valid(one) for one in good)
    assert all(flow({"flex": one}) for one in good)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "text", "text": "{{ price }}", "color": "{{ color }}", "maxLines": "{{ n }}", "size": "{{ size }}"},
        {"type": "text", "text": "$key"},
        {"each": "x in xs", "item": {"type": "text", "text": "{{ x }}"}},
        {"type": "image", "url": "{{ picture }}"},
    ],
)
def test_what_is_filled_in_later_fits(part: Any) -> None:
    assert CARD.is_valid(card(part)), list(CARD.iter_errors(card(part)))
    assert flow({"flex": card(part)})


@pytest.mark.parametrize(
    "part",
    [{"type": "text", "text": "a", "siz": "md"}, {"type": "txt", "text": "a"}, {"type": "image", "url": "http://a"}],
)
def test_what_line_would_refuse_does_not(part: Any) -> None:
    assert not CARD.is_valid(card(part))
    assert not flow({"flex": card(part)})
    assert not flow({"ask": "x", "flex": card(part)})
    assert not flow({"line": {"type": "flex", "altText": "a", "contents": card(part)}})


def test_raw_messages_and_names_of_cards_fit() -> None:
    assert flow({"flex": "cards/receipt.json"})
    assert flow({"line": {"type": "text", "text": "{{ a }}"}})
    assert not flow({"line": {"type": "text", "text": ""}})
