"""How fast messages are checked against the rules: `python -m benchmarks.rules`.

Ratios of one run on one machine; each time is the best of many short rounds. *First sight* is a Flex container
whose bytes were not checked before; *seen* one that was, as static cards are after their first sending. The last
row is everything that 1,000 flows say, worked out and judged as `noren check` does, once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec

from runtime.cli.judge import findings
from runtime.flow.loader import examine
from runtime.flow.spoken import spoken
from runtime.line.rules import check
from runtime.line.rules.schema import schema
from runtime.line.rules.screen import KNOWN
from runtime.settings import EndpointSettings

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


FLOW = """flow: f{n}
start: [{{keyword: go{n}}}]
steps:
  - say: "Hello {{{{ profile.name }}}}, what can we do for you?"
    quick: [Book, Opening hours, Prices]
  - ask: size
    say: {{en: Which size would you like?, ja: どのサイズにしますか？}}
    options: [small, medium, large]
  - buttons:
      title: Menu
      text: Choose what you like
      buttons: [{{label: Tea, text: tea}}, {{label: Sweets, value: sweets}}]
  - cards:
      - {{title: Matcha, text: Whisked while you wait, buttons: [Order, Ask]}}
      - {{title: Hojicha, text: Roasted this morning, buttons: [Order, Ask]}}
  - flex:
      type: bubble
      body:
        type: box
        layout: vertical
        contents:
          - {{type: text, text: "You take {{{{ size }}}}", wrap: true}}
          - {{type: text, text: Number {n}, size: sm}}
    alt: Receipt
"""


def judged(count: int) -> tuple[int, float]:
    """How many messages that many flows have, and the microseconds to judge them all."""
    languages = ("en", "ja")
    found = examine({f"flows/f{n}.yaml": FLOW.format(n=n) for n in range(count)}, languages)
    config = EndpointSettings(name="shop", languages=languages)
    messages = sum(1 for _ in spoken(found, config))
    started = time.perf_counter()
    assert findings(found, config) == []
    return messages, (time.perf_counter() - started) * 1e6


def report() -> list[tuple[str, float, str]]:
    """Names, microseconds, and what the goal is."""
    card = flex(bubble(10_240))
    text = msgspec.json.encode(card).decode()
    validator = jsonschema.Draft202012Validator(schema())
    assert check([card]) == []
    assert validator.is_valid(card)
    bad = bad_carousel()
    decode = timed(lambda: json.loads(text))
    slow = timed(lambda: validator.is_valid(card), 5, 1)
    first, seen = timed(lambda: forgotten(card)), timed(lambda: check([card]))
    count, all_flows = judged(1_000)
    few, many = quick(4), quick(13)
    return [
        (f"json.loads of a Flex bubble of {len(text)} bytes", decode, ""),
        ("jsonschema on the schema of the same table", slow, ""),
        (
            "check it at first sight",
            first,
            f"{first / decode:.2f} of json.loads, jsonschema takes {slow / first:,.0f}×",
        ),
        ("check it when seen", seen, f"{seen / decode:.2f} of json.loads, jsonschema takes {slow / seen:,.0f}×"),
        ("check a text with 4 quick replies", timed(lambda: check([few]), repeat=2_000), "goal 3"),
        ("check a text with 13 quick replies", timed(lambda: check([many]), repeat=2_000), "goal 3"),
        (f"explain a carousel with {len(check([bad]))} errors", timed(lambda: check([bad]), 20, 2), "goal 5,000"),
        (f"judge the {count:,} messages of 1,000 flows", all_flows, "goal 2,000,000"),
    ]


if __name__ == "__main__":
    for name, microseconds, note in report():
        print(f"{microseconds:14,.2f} µs  {name}" + (f"  ({note})" if note else ""))
