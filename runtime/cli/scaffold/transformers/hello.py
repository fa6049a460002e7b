"""Python beside the flows: `greeting` is called by a step, `handle_input` runs on every event before the flow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

GREETINGS = {
    "en": ("Good morning!", "Hello!", "Good evening!"),
    "ja": ("おはようございます。", "こんにちは。", "こんばんは。"),
}


def greeting(args: Any, session: Any, endpoint: Any, kit: Any) -> str:
    """What fits the hour where the bot is at home."""
    now = datetime.fromtimestamp(kit.now / 1000, UTC).astimezone(ZoneInfo(endpoint.timezone))
    return at_hour(args["language"], now.hour)


def at_hour(language: str, hour: int) -> str:
    morning, day, evening = GREETINGS.get(language, GREETINGS["en"])
    return morning if 4 <= hour < 11 else evening if hour >= 18 or hour < 4 else day


def handle_input(event: Any, session: Any, endpoint: Any, kit: Any) -> Any:
    """Even out what people type: `ＨＥＬＬＯ　` becomes `HELLO`."""
    return kit.change(event, text=kit.text(event.text)) if event.text else event
