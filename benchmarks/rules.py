"""How fast messages are checked against the rules: `python -m benchmarks.rules`.

Ratios of one run on one machine; each time is the best of many short rounds. *First sight* is a Flex container
whose bytes were not checked before; *seen* one that was, as static cards are after their first sending.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec

from runtime.line.rules import check
from runtime.line.rules.schema import schema
from runtime.line.rules.screen import KNOWN

ROUNDS = 40


def timed(work: Callable[[], Any], rounds: int = ROUNDS, repeat: int = 20) -> float:
    """Microseconds of one call, in the best round."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(repeat):
            work()
        best = min(best, (time.perf_counter() - started) / repeat)
    return best * 1e6


def row(number: int) -> dict[str, Any]:
    """One dish of a menu: a picture, two lines of text, a price, a button."""
    dish = f"Dish number {number} with rice and a fried egg"
    words: list[dict[str, Any]] = [
        {"type": "text", "text": dish, "weight": "bold", "size": "md", "wrap": True, "color": "#111111"},
        {"type": "text", "text": "Spicy, sour, served hot", "size": "sm", "color": "#888888", "wrap": True},
        {"type": "text", "text": f"{60 + number} baht", "size": "sm", "align": "end", "margin": "md"},
    ]
    picture = {"type": "image", "url": f"https://example.com/menu/{number}.jpg", "size": "80px", "aspectMode": "cover"}
    order = {"type": "postback", "label": "Order", "data": f"answer={number}&ask=menu.dish", "displayText": dish}
    text = {"type": "box", "layout": "vertical", "contents": words, "flex": 3, "spacing": "sm"}
    button = {"type": "button", "style": "primary", "height": "sm", "action": order}
    return {"type": "box", "layout": "horizontal", "contents": [picture, text, button], "margin": "lg"}


def bubble(size: int) -> dict[str, Any]:
    """A bubble of about so many bytes."""
    rows: list[dict[str, Any]] = []
    made = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": rows}}
    while len(msgspec.json.encode(made)) < size:
        rows.append(row(len(rows)))
    return made


def flex(contents: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "Menu", "contents": contents}


def quick(count: int) -> dict[str, Any]:
    actions = [{"type": "message", "label": f"Size {n}", "text": f"Size {n}"} for n in range(count)]
    items = [{"type": "action", "action": action} for action in actions]
    return {"type": "text", "text": "Which size would you like?", "quickReply": {"items": items}}


def bad_carousel() -> dict[str, Any]:
    bubbles = [bubble(2_500) for _ in range(12)]
    for one in bubbles:
        one["body"]["contents"][0]["contents"][0]["url"] = "http://example.com/a.jpg"
    return flex({"type": "carousel", "contents": bubbles})


def forgotten(message: dict[str, Any]) -> list[Any]:
    """Check a message as if no Flex container had been seen before."""
    KNOWN.clear()
    KNOWN.held = 0
    return list(check([message]))


def report() -> list[tuple[str, float]]:
    """Names and microseconds."""
    card = flex(bubble(10_240))
    text = msgspec.json.encode(card).decode()
    validator = jsonschema.Draft202012Validator(schema())
    assert check([card]) == []
    assert validator.is_valid(card)
    bad = bad_carousel()
    return [
        (f"json.loads of a Flex bubble of {len(text)} bytes", timed(lambda: json.loads(text))),
        ("check it at first sight", timed(lambda: forgotten(card))),
        ("check it when seen", timed(lambda: check([card]))),
        ("jsonschema on the schema of the same table", timed(lambda: validator.is_valid(card), 5, 1)),
        ("check a text with 4 quick replies", timed(lambda: check([quick4]), repeat=2_000)),
        ("check a text with 13 quick replies", timed(lambda: check([quick13]), repeat=2_000)),
        (f"explain a carousel of 12 bubbles with {len(check([bad]))} errors", timed(lambda: check([bad]), 20, 2)),
    ]


quick4, quick13 = quick(4), quick(13)

if __name__ == "__main__":
    for name, microseconds in report():
        print(f"{microseconds:12.2f} µs  {name}")
