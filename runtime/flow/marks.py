"""LINE emoji and mentions inside texts: `{{ emoji("5ac1…", "001") }}`, `{{ mention() }}`.

While a text is put together they are marks that nothing else can write: a mark is only let through as the value of
its own `{{ }}`, so what users and web services say never mentions anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Characters that stand for nothing, by Unicode's own rule."""

_MARK = re.compile(f"{OPEN}([em])([^{OPEN}{CLOSE}]*){CLOSE}")
_ANY = re.compile(f"{OPEN}(?:[em][^{OPEN}{CLOSE}]*{CLOSE})?|{CLOSE}")


class Mark(str):
    """A text that stands for an emoji or a mention."""

    __slots__ = ()


def emoji(product: Any, number: Any = "") -> Mark:
    """A LINE emoji by product and number, or both as `product/number`.

    https://developers.line.biz/en/docs/messaging-api/emoji-list/
    """
    name = f"{product}/{number}" if number != "" else str(product)
    return Mark(f"{OPEN}e{bare(name)}{CLOSE}")


def mention(user: Any = "") -> Mark:
    """Somebody in a group: who wrote, a user id, or `all`."""
    return Mark(f"{OPEN}m{bare(str(user or ''))}{CLOSE}")


def bare(text: str) -> str:
    """The text without marks."""
    return _ANY.sub("", text) if OPEN in text or CLOSE in text else text


def settle(text: str, user: str, name: str) -> tuple[str, dict[str, Any]]:
    """The text with its marks replaced, and `emojis` and `mentions` as an output has them.

    `user` and `name`: whom a mention of nobody in particular means. Emoji are a `$` at a place counted in UTF-16:
    https://developers.line.biz/en/reference/messaging-api/#text-message
    """
    parts = _MARK.split(text)
    made, emojis, mentions = bare(parts[0]), list[Any](), dict[str, Any]()
    for kind, what, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "e":
            product, _, number = what.partition("/")
            emojis.append({"index": len(made.encode("utf-16-le")) // 2, "productId": product, "emojiId": number})
            made += "$"
        else:
            key = f"m{len(mentions)}"
            mentions[key] = _whom(what, user, name)
            made += f"{{{key}}}"
        made += bare(after)
    found: dict[str, Any] = {"emojis": emojis} if emojis else {}
    return made, found | ({"mentions": mentions} if mentions else {})


def _whom(what: str, user: str, name: str) -> Mapping[str, Any]:
    if what == "all":
        return {"all": True, "name": "@All"}
    return {"user": what or user, "name": name if what in ("", user) else ""}
