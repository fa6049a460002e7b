"""Rule gaps: what LINE refused although our own check had nothing against it.

A gap is recorded as the shape of the messages, so that the missing rule can be found without keeping what
anybody said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.errors import Refused
from runtime.line.rules import judge
from runtime.line.rules.judge import TOS, To
from runtime.model import Data, Delivery, Via

OnGap = Callable[[str, Any, int, Data], None]
"""Called with endpoint, shape of the messages, LINE's status and LINE's decoded body."""

PLAIN = frozenset({"type", "layout", "mode", "size", "style", "inputOption", "imageAspectRatio", "imageSize"})
"""Keys whose values are words of the format, not of a person."""

DESTINATION = ("failed to send messages", "the property, 'to'", "the property, to")
"""Answers about where a message goes; no rule about messages could have foreseen them."""


def is_gap(error: Refused) -> bool:
    """Whether LINE found fault with the messages themselves."""
    return error.status in (400, 413) and not error.message.lower().startswith(DESTINATION)


def predicted(delivery: Delivery, via: Via) -> bool:
    """Whether our own rules would have refused the messages too."""
    to: To = next((to for to in TOS if to == delivery.chat.kind), "user")
    return not judge(delivery.messages, via=via, to=to).valid


def shape(value: Any, key: str = "") -> Any:
    """The same structure with `text(12)` (UTF-16 units) in place of each text that is not a word of the format."""
    if isinstance(value, str):
        return value if key in PLAIN else f"text({len(value.encode('utf-16-le')) // 2})"
    if isinstance(value, Mapping):
        return {k: shape(v, k) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [shape(v, key) for v in value]
    return value
