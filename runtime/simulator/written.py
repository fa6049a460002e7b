"""Message objects of what people send, as LINE's webhook shows them.

https://developers.line.biz/en/reference/messaging-api/#message-event
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.errors import BadInput
from runtime.simulator.account import Account
from runtime.simulator.media import MADE
from runtime.simulator.platform import Platform
from runtime.simulator.values import Content

Written = tuple[dict[str, Any], Content | None]
"""The properties of the message object beside id and tokens, and its bytes if LINE keeps any."""

Body = Mapping[str, Any]


def units(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts: https://developers.line.biz/en/docs/messaging-api/text-character-count/"""
    return len(text.encode("utf-16-le")) // 2


def need(body: Body, name: str, kind: type | tuple[type, ...]) -> Any:
    """A property of the right type. Raises `BadInput`."""
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadInput(f"{name}: missing, or not of the right type")
    return value


Form = type | tuple[type, ...]
NUMBER: Final = (int, float)


def formed(body: Body, forms: Mapping[str, Form]) -> None:
    """Refuse unknown properties and wrong types; null counts as left out. Raises `BadInput` that names the place."""
    for name, value in body.items():
        if name not in forms:
            raise BadInput(f"{name}: unknown; there are {', '.join(forms)}")
        form = forms[name]
        allowed = form if isinstance(form, tuple) else (form,)
        if value is None:
            continue
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise BadInput(f"{name}: not of the right type")


def some(body: Body, *names: str) -> dict[str, Any]:
    """Those of the properties that are given."""
    return {name: body[name] for name in names if body.get(name) is not None}


def _text(platform: Platform, account: Account, body: Body) -> Written:
    text = need(body, "text", str)
    if not text:
        raise BadInput("text: LINE's app sends no empty text")
    found: dict[str, Any] = {"type": "text", "text": text, **some(body, "emojis")}
    if body.get("mention"):
        found["mention"] = {"mentionees": [_mentionee(platform, account, text, m) for m in body["mention"]]}
    return found, None


def _mentionee(platform: Platform, account: Account, text: str, body: Any) -> dict[str, Any]:
    """`{"to": user id | "bot" | "all", "index"?, "length"?}`; without an index, `@name` is looked for."""
    if not isinstance(body, dict):
        raise BadInput("mention: a list of objects")
    to = need(body, "to", str)
    name, own = _addressed(platform, account, to)
    if "index" in body:
        place = {"index": need(body, "index", int), "length": need(body, "length", int)}
    else:
        at = text.find(f"@{name}")
        if at < 0:
            raise BadInput(f"mention: the text has no @{name}; give index and length")
        place = {"index": units(text[:at]), "length": units(f"@{name}")}
    return {**place, **own}


def _addressed(platform: Platform, account: Account, to: str) -> tuple[str, dict[str, Any]]:
    if to == "all":
        return "All", {"type": "all"}
    if to in ("bot", account.bot.user_id):
        return account.bot.display_name, {"type": "user", "userId": account.bot.user_id, "isSelf": True}
    user = platform.people.user(to)
    return user.name, {"type": "user", "isSelf": False, **({"userId": to} if user.consent else {})}


def _sticker(platform: Platform, account: Account, body: Body) -> Written:
    found = {
        "type": "sticker",
        "packageId": str(body.get("package") or "446"),
        "stickerId": str(body.get("sticker") or "1988"),
        "stickerResourceType": body.get("resource") or "STATIC",
        **some(body, "keywords", "text"),
    }
    return found, None


def _media(kind: str) -> Callable[[Platform, Account, Body], Written]:
    def written(platform: Platform, account: Account, body: Body) -> Written:
        found = {"type": kind, **some(body, "duration")}
        if kind == "image" and body.get("set"):
            found["imageSet"] = body["set"]
        if body.get("url"):
            provider = {"type": "external", "originalContentUrl": body["url"]}
            preview = {"previewImageUrl": body["preview"]} if body.get("preview") else {}
            return {**found, "contentProvider": {**provider, **preview}}, None
        return {**found, "contentProvider": {"type": "line"}}, content(platform, kind, body)

    return written


def _file(platform: Platform, account: Account, body: Body) -> Written:
    kept = content(platform, "file", body)
    return {"type": "file", "fileName": body.get("name") or "file.txt", "fileSize": len(kept.data)}, kept


def content(platform: Platform, kind: str, body: Body) -> Content:
    """The bytes: `data` in base64 with its `content_type`, or made up. `preparing`: ms, or true for until told."""
    make, type = MADE[kind]
    try:
        data = base64.b64decode(body["data"], validate=True) if body.get("data") is not None else make()
    except (binascii.Error, ValueError):
        raise BadInput("data: not in base64") from None
    return Content(
        data=data, type=body.get("content_type") or type, kind=kind, ready=ready(platform, body.get("preparing") or 0)
    )


def ready(platform: Platform, preparing: Any) -> int | None:
    """When content is there: `True` until told otherwise, else after so many milliseconds."""
    if preparing is True:
        return None
    if not isinstance(preparing, int) or preparing < 0:
        raise BadInput("preparing: true, or milliseconds")
    return platform.now() + preparing if preparing else 0


def _location(platform: Platform, account: Account, body: Body) -> Written:
    place = {"latitude": need(body, "latitude", (int, float)), "longitude": need(body, "longitude", (int, float))}
    return {"type": "location", **some(body, "title", "address"), **place}, None


def _raw(platform: Platform, account: Account, body: Body) -> Written:
    """Any object, for message types this simulator does not know."""
    message = need(body, "message", dict)
    return {**message, "type": need(message, "type", str)}, None


WRITTEN: Final[Mapping[str, Callable[[Platform, Account, Body], Written]]] = {
    "text": _text,
    "sticker": _sticker,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "file": _file,
    "location": _location,
    "raw": _raw,
}
"""Type of message → how it is written."""

FORMS: Final[Mapping[str, Form]] = {
    **dict.fromkeys(("type", "text", "quote", "resource", "url", "preview", "name", "data", "title", "address"), str),
    **dict.fromkeys(("emojis", "mention", "keywords"), list),
    **dict.fromkeys(("package", "sticker"), (str, int)),
    **dict.fromkeys(("latitude", "longitude"), NUMBER),
    **dict.fromkeys(("count", "duration"), int),
    "content_type": str,
    "preparing": (bool, int),
    "set": dict,
    "message": dict,
}
"""What may stand in a message that somebody writes."""

QUOTED: Final = ("text", "image", "video", "sticker")
"""What carries a quote token: https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/"""

QUOTING: Final = ("text", "sticker")
