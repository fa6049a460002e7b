"""What the bot said, as a test would write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from runtime.flow.live import KEY
from runtime.model import Message
from runtime.simulator.values import Said
from runtime.transcript.heard import cards, own_buttons, pickers, quick, texts
from runtime.transcript.words import REGEX, Words

PLAIN = re.compile(r"[^\W\d_](?:[^\n:#{}\[\],&*!|>'\"%@`$?]|\?(?=[\w ]))*", re.UNICODE)
"""Texts that need no quotes in YAML wherever they stand; a few more get them than must."""

BLOCK = re.compile(r"[^\W\d_](?:[^\n:#]|:(?! |$)|(?<! )#)*", re.UNICODE)
"""Texts that need no quotes where nothing but the end of the line ends them."""

READ_OTHERWISE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "True", "False", "Null", "NULL"})
TYPES = ("flex", "image", "video", "audio", "sticker", "location", "imagemap", "coupon")


def item(said: Said, words: Words | None = None) -> Any:
    """A message as the value of `bot`; with `words`, texts that a key says by that key."""
    message = said.message
    parts = {name: part(name, said, words) for name in described(message)}
    return parts["text"] if list(parts) == ["text"] else parts


def described(message: Message) -> tuple[str, ...]:
    """The parts that tell most of a message."""
    kind = str(message.get("type"))
    if kind in TYPES:
        names = [kind]
    elif cards(message):
        names = ["cards"]
    else:
        names = ["text"] + (["buttons"] if own_buttons(message) else [])
    return (*names, *(["quick"] if quick(message) else []), *(["picker"] if pickers(message) else []))


def part(name: str, said: Said, words: Words | None = None) -> Any:
    """One part of a message as a test writes it."""
    message = said.message
    if name in ("quick", "buttons"):
        found = quick(message) if name == "quick" else own_buttons(message)
        return [literal(button.label, words) for button in found]
    if name == "text":
        return literal(next(iter(texts(message)), ""), words)
    if name == "cards":
        return [literal(title, words) for title in cards(message)]
    if name == "picker":
        return next((str(one.get("mode")) for one in pickers(message)), "date")
    if name == "sticker" and message.get("type") == "sticker":
        return f"{message.get('packageId')}/{message.get('stickerId')}"
    simple: Mapping[str, Any] = {
        "alt": literal(str(message.get("altText", "")), words),
        "via": said.via,
        "sender": literal(str((message.get("sender") or {}).get("name", "")), words),
        "flex": literal(str(message.get("altText", "")), words),
        "location": literal(str(message.get("title", "")), words),
    }
    if name in TYPES and message.get("type") != name:
        return False
    return simple.get(name) or True


def literal(text: str, words: Words | None = None) -> str:
    """A text so that it is read as this text: what looks like a /pattern/ or a $key becomes a pattern."""
    key = words.key_of(text) if words else ""
    if key:
        return f"${key}"
    if REGEX.fullmatch(text) or KEY.fullmatch(text):
        return f"/^{re.escape(text)}$/"
    return text


def flow(value: Any) -> str:
    """A value in YAML's flow style, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        return scalar(value)
    return json.dumps(value, ensure_ascii=False)


def block(value: Any) -> str:
    """A value with a line of its own: texts need fewer quotes there."""
    return scalar(value, BLOCK) if isinstance(value, str) else flow(value)


def scalar(text: str, plain: re.Pattern[str] = PLAIN) -> str:
    """A text in YAML, in double quotes where it needs any."""
    bare = (KEY.fullmatch(text) or plain.fullmatch(text)) and text == text.strip() and text not in READ_OTHERWISE
    return text if bare else json.dumps(text, ensure_ascii=False)
