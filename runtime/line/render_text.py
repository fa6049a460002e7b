"""Texts with LINE emoji, mentions and quotes.

Emoji alone are a `text` message with a `$` where each stands
(https://developers.line.biz/en/reference/messaging-api/#text-message); mentions need `textV2`, and are understood in
groups and rooms only (https://developers.line.biz/en/reference/messaging-api/#text-message-v2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.model import Data, Message

MENTIONS = 20
"""Mentions one message may have."""


@dataclass(frozen=True, slots=True)
class Emoji:
    product: str
    id: str


@dataclass(frozen=True, slots=True)
class Mention:
    """`user` is a user id, or empty for everybody (`all`) and for somebody whose id is not known."""

    name: str
    user: str = ""
    all: bool = False


Part = str | Emoji | Mention


def text(words: str, data: Data, *, group: bool) -> Message:
    """A text message. `data`: emojis `[{index, productId, emojiId}]` (UTF-16 index of a `$`), quote token, and
    mentions `{key: {user | all, name}}` for each `{key}` in the text."""
    if data.get("mentions"):
        parts = list(_parts(words, data.get("emojis") or (), data["mentions"]))
        message = _second(parts) if group else _first(parts)
    else:
        message = {"type": "text", "text": words}
        if data.get("emojis"):
            message["emojis"] = [dict(emoji) for emoji in data["emojis"]]
    if data.get("quote"):
        message["quoteToken"] = data["quote"]
    return message


def _parts(words: str, emojis: Sequence[Data], mentions: Mapping[str, Data]) -> Iterator[Part]:
    """The text cut at its emoji and at the `{key}`s of its mentions."""
    begin = 0
    for emoji in sorted(emojis, key=lambda e: int(e["index"])):
        at = len(words.encode("utf-16-le")[: 2 * int(emoji["index"])].decode("utf-16-le", "ignore"))
        if at < begin or words[at : at + 1] != "$":
            continue
        yield from _mentioned(words[begin:at], mentions)
        yield Emoji(str(emoji["productId"]), str(emoji["emojiId"]))
        begin = at + 1
    yield from _mentioned(words[begin:], mentions)


def _mentioned(words: str, mentions: Mapping[str, Data]) -> Iterator[Part]:
    pattern = "|".join(re.escape(key) for key in mentions)
    for i, piece in enumerate(re.split(rf"\{{({pattern})\}}", words)):
        if i % 2:
            who = mentions[piece]
            yield Mention(str(who.get("name") or ""), str(who.get("user") or ""), bool(who.get("all")))
        elif piece:
            yield piece


def _first(parts: Sequence[Part]) -> Message:
    """Without mentions: the plain names."""
    words, emojis = "", []
    for part in parts:
        if isinstance(part, Emoji):
            index = len(words.encode("utf-16-le")) // 2
            emojis.append({"index": index, "productId": part.product, "emojiId": part.id})
            words += "$"
        else:
            words += part.name if isinstance(part, Mention) else part
    return {"type": "text", "text": words} | ({"emojis": emojis} if emojis else {})


def _second(parts: Sequence[Part]) -> Message:
    """With mentions: braces that mean nothing are doubled."""
    words, substitution = "", dict[str, Any]()
    mentioned = 0
    for part in parts:
        key = f"s{len(substitution)}"
        if isinstance(part, Emoji):
            substitution[key] = {"type": "emoji", "productId": part.product, "emojiId": part.id}
            words += f"{{{key}}}"
        elif isinstance(part, Mention) and (part.user or part.all) and mentioned < MENTIONS:
            who = {"type": "user", "userId": part.user} if part.user else {"type": "all"}
            substitution[key] = {"type": "mention", "mentionee": who}
            words += f"{{{key}}}"
            mentioned += 1
        else:
            plain = part.name if isinstance(part, Mention) else part
            words += plain.replace("{", "{{").replace("}", "}}")
    return {"type": "textV2", "text": words, "substitution": substitution}
