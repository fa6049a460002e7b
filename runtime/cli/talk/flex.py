"""Flex Messages as text: the tree is walked, texts and buttons are kept.

https://developers.line.biz/en/docs/messaging-api/flex-message-elements/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from runtime.model import Data

Taps = Iterator[str]
"""`[1] Label` of each button, in the order in which the simulator counts them."""

BLOCKS: Final = ("header", "hero", "body", "footer")
RULE: Final = "┄" * 12
SIDE_BY_SIDE: Final = ("horizontal", "baseline")


def flex(message: Data, taps: Taps) -> Iterator[str]:
    """Lines of a Flex Message."""
    yield from read(message.get("contents") or {}, taps)


def read(part: Data, taps: Taps) -> list[str]:
    """Lines of one component; its own button comes first in the count, as in the simulator."""
    kind = str(part.get("type"))
    own = next(taps, "") if isinstance(part.get("action"), dict) else ""
    return KINDS.get(kind, _nothing)(part, taps, own)


def _bubble(part: Data, taps: Taps, own: str) -> list[str]:
    lines = [line for name in BLOCKS if part.get(name) for line in read(part[name], taps)]
    return lines + ([own] if own else [])


def _carousel(part: Data, taps: Taps, own: str) -> list[str]:
    bubbles = part.get("contents") or []
    lines: list[str] = []
    for number, bubble in enumerate(bubbles, 1):
        lines += [card(number, len(bubbles)), *read(bubble, taps)]
    return lines


def card(number: int, count: int) -> str:
    """The line that begins a card."""
    return f"▪ {number}/{count}"


def _box(part: Data, taps: Taps, own: str) -> list[str]:
    parts = [lines for child in part.get("contents") or [] if (lines := read(child, taps))]
    beside = part.get("layout") in SIDE_BY_SIDE and all(len(lines) == 1 for lines in parts)
    inside = ["  ".join(lines[0] for lines in parts)] if beside and parts else [line for p in parts for line in p]
    return inside + ([own] if own else [])


def _text(part: Data, taps: Taps, own: str) -> list[str]:
    spans = part.get("contents") or []
    text = "".join(str(span.get("text", "")) for span in spans) if spans else str(part.get("text", ""))
    lines = text.split("\n")
    return [*lines[:-1], f"{lines[-1]} {own.partition(']')[0]}]"] if own else lines


def _button(part: Data, taps: Taps, own: str) -> list[str]:
    return [own]


def _image(part: Data, taps: Taps, own: str) -> list[str]:
    return [f"(image) {part.get('url', '')}", *([own] if own else [])]


def _video(part: Data, taps: Taps, own: str) -> list[str]:
    return [f"(video) {part.get('url', '')}", *([own] if own else [])]


def _separator(part: Data, taps: Taps, own: str) -> list[str]:
    return [RULE]


def _nothing(part: Data, taps: Taps, own: str) -> list[str]:
    return [own] if own else []


KINDS: Final[dict[str, Callable[[Data, Taps, str], list[str]]]] = {
    "bubble": _bubble,
    "carousel": _carousel,
    "box": _box,
    "text": _text,
    "button": _button,
    "image": _image,
    "video": _video,
    "separator": _separator,
}
