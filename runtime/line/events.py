"""LINE's events in Noren's words: every event and message kind of the Messaging API as a `model.Event`.

https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects

LINE adds types, properties and values without notice, and leaves out what has no value; so a missing or odd
optional property is left out of `Event.data`, and an event whose own heart is missing raises `Odd` and is kept
as kind `unknown`. `Event.raw` is always the whole event.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from runtime.line.positions import placed, spans
from runtime.model import Chat, Data, Event
from runtime.settings import EndpointSettings

Raw: TypeAlias = dict[str, Any]
Reader: TypeAlias = Callable[[Raw, str], tuple[str, Raw]]
"""From an event and the bot's own user id: `Event.text` and `Event.data`."""

NOWHERE = Chat("none", "")
LATEST = 4_102_444_800_000  # the year 2100: a later timestamp is no time of an event
DERIVED = "content-"  # begins an id that is made of an event's content
LONG_ID = 256
LONG_TOKEN = 1_024
ID_OF = {"user": "userId", "group": "groupId", "room": "roomId"}

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


class Odd(Exception):
    """An event without what makes it an event of its kind. The text names the property, never its value."""


def normal(raw: Raw, endpoint: EndpointSettings, own: str, received: int) -> Event:
    """The event in Noren's words. `own` is the body's `destination`, the bot's user id. Raises `Odd`."""
    name = raw.get("type")
    kind, read = KINDS.get(name, UNKNOWN) if isinstance(name, str) else UNKNOWN
    text, data = read(raw, own)
    return _event(raw, endpoint, received, kind, text, data)


def unknown(raw: Raw, endpoint: EndpointSettings, received: int) -> Event:
    """An event that is kept whole without being understood."""
    text, data = _unknown(raw, "")
    return _event(raw, endpoint, received, "unknown", text, data)


def digest(raw: Data, endpoint: str) -> str:
    """An id made of the content alone, so that a redelivery has the same: `deliveryContext` does not count."""
    content = msgspec.json.encode({k: v for k, v in raw.items() if k != "deliveryContext"}, order="deterministic")
    return DERIVED + hashlib.sha256(endpoint.encode() + b"\0" + content).hexdigest()[:40]


def _event(raw: Raw, endpoint: EndpointSettings, received: int, kind: str, text: str, data: Raw) -> Event:
    chat, user = _source(raw.get("source"))
    at = _time(raw.get("timestamp"), received)
    context = raw.get("deliveryContext")
    standby = raw.get("mode") == "standby"
    name = raw.get("webhookEventId")
    return Event(
        id=name if isinstance(name, str) and _ULID.fullmatch(name) else digest(raw, endpoint.name),
        session=_session(endpoint, chat, user),
        endpoint=endpoint.name,
        kind=kind,
        at=at,
        due=at,
        chat=chat,
        user=user,
        text=text.replace("\0", "\ufffd") if "\0" in text else text,  # PostgreSQL keeps no NUL in a text
        data=data,
        reply_to=None if standby else _token(raw.get("replyToken")) or None,
        received=received,
        standby=standby,
        redelivery=isinstance(context, dict) and context.get("isRedelivery") is True,
        raw=raw,
    )


def _source(source: Any) -> tuple[Chat, str]:
    """The chat and the user; a source that names no chat is nowhere.

    https://developers.line.biz/en/reference/messaging-api/#source-user
    """
    if not isinstance(source, dict):
        return NOWHERE, ""
    user = _id(source.get("userId"))
    kind = source.get("type")
    if kind == "user":
        return (Chat("user", user) if user else NOWHERE), user
    if kind == "group" or kind == "room":
        chat = _id(source.get(ID_OF[kind]))
        return (Chat(kind, chat) if chat else NOWHERE), user
    return NOWHERE, user


def _session(endpoint: EndpointSettings, chat: Chat, user: str) -> str:
    if chat.kind == "none":
        return f"{endpoint.name}:-"
    if chat.kind != "user" and user and endpoint.session.per == "member":
        return f"{endpoint.name}:{chat.id}:{user}"
    return f"{endpoint.name}:{chat.id}"


def _time(value: Any, received: int) -> int:
    return value if type(value) is int and 0 <= value < LATEST else received


def _id(value: Any) -> str:
    """An id that can be a key: short, printable text; a whole number is taken as its digits; else empty."""
    if type(value) is int:
        value = str(value) if -(10**30) < value < 10**30 else ""
    return value if isinstance(value, str) and len(value) <= LONG_ID and value.isprintable() else ""


def _token(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= LONG_TOKEN and value.isprintable() else ""


def _part(raw: Raw, name: str) -> Raw:
    part = raw.get(name)
    if not isinstance(part, dict):
        raise Odd(f"{name} is no object")
    return part


def _texts(source: Raw, names: dict[str, str]) -> Raw:
    """The properties that are texts, under our names; others are left out."""
    return {ours: source[theirs] for ours, theirs in names.items() if isinstance(source.get(theirs), str)}


def _needed(source: Raw, name: str) -> str:
    found = _id(source.get(name))
    if not found:
        raise Odd(f"{name} is missing or no id")
    return found


def _whole(value: Any) -> int | None:
    """A whole number that JSON can carry everywhere, else None."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and abs(value) < 2**53 else None


def _wholes(source: Raw, names: dict[str, str]) -> Raw:
    return {ours: n for ours, theirs in names.items() if (n := _whole(source.get(theirs))) is not None}


# Messages: https://developers.line.biz/en/reference/messaging-api/#message-event


def _message(raw: Raw, own: str) -> tuple[str, Raw]:
    message = _part(raw, "message")
    name = message.get("type")
    read = MESSAGES.get(name, _other) if isinstance(name, str) else _other
    text, data = read(message, own)
    if message.get("quoteToken") or message.get("quotedMessageId") or message.get("markAsReadToken"):
        data |= _texts(message, TOKENS)
    return text, data


TOKENS = {"quote_token": "quoteToken", "quoted": "quotedMessageId", "read_token": "markAsReadToken"}


def _text(message: Raw, own: str) -> tuple[str, Raw]:
    text = message.get("text")
    if not isinstance(text, str):
        raise Odd("message.text is no text")
    data: Raw = {"type": "text", "id": _id(message.get("id"))}
    emojis, mention = message.get("emojis"), message.get("mention")
    if emojis and isinstance(emojis, list):
        data["emojis"] = placed(text, emojis, {"productId": "productId", "emojiId": "emojiId"})
    if mention and isinstance(mention, dict):
        data["mention"] = _mention(text, mention, own)
    return text, data


def _mention(text: str, mention: Raw, own: str) -> Raw:
    """Who is addressed: `self`, `all`, `users` by id, `places` in the text, and `rest`, the text without our name.

    `isSelf` came later than mentions did, so the user id is asked as well.
    https://developers.line.biz/en/reference/messaging-api/#wh-text
    """
    listed = mention.get("mentionees")
    found = placed(text, listed if isinstance(listed, list) else [], {"type": "type", "user": "userId"})
    originals = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    for place, original in zip(found, originals, strict=True):
        place["self"] = original.get("isSelf") is True or bool(own and place.get("user") == own)
    mine = [place for place in found if place["self"]]
    return {
        "self": bool(mine),
        "all": any(place.get("type") == "all" for place in found),
        "users": [place["user"] for place in found if place.get("user")],
        "places": found,
        "rest": spans(text, mine),
    }


def _media(kind: str) -> Reader:
    """Image, video or audio; LINE holds it (`provider: line`) or it lies at `url` (`external`, from LIFF)."""

    def read(message: Raw, own: str) -> tuple[str, Raw]:
        provider = message.get("contentProvider")
        provider = provider if isinstance(provider, dict) else {}
        data: Raw = {"type": kind, "id": _id(message.get("id")), "provider": _id(provider.get("type")) or "line"}
        data |= _texts(provider, {"url": "originalContentUrl", "preview": "previewImageUrl"})
        data |= _wholes(message, {"duration": "duration"})
        together = message.get("imageSet")
        if isinstance(together, dict) and _id(together.get("id")):
            data["set"] = {"id": _id(together["id"])} | _wholes(together, {"index": "index", "total": "total"})
        return "", data

    return read


def _file(message: Raw, own: str) -> tuple[str, Raw]:
    name = message.get("fileName")
    data = {"type": "file", "id": _id(message.get("id")), "name": name if isinstance(name, str) else ""}
    return "", data | {"size": _whole(message.get("fileSize")) or 0}


def _location(message: Raw, own: str) -> tuple[str, Raw]:
    data: Raw = {"type": "location", "id": _id(message.get("id"))}
    for name in ("latitude", "longitude"):
        value = message.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 360:
            raise Odd(f"message.{name} is no coordinate")
        data[name] = value
    return "", data | _texts(message, {"title": "title", "address": "address"})


def _sticker(message: Raw, own: str) -> tuple[str, Raw]:
    keywords = message.get("keywords")
    data = {
        "type": "sticker",
        "id": _id(message.get("id")),
        "package": _needed(message, "packageId"),
        "sticker": _needed(message, "stickerId"),
        "resource": _id(message.get("stickerResourceType")),
        "keywords": [word for word in keywords if isinstance(word, str)] if isinstance(keywords, list) else [],
    }
    return "", data | _texts(message, {"text": "text"})


def _other(message: Raw, own: str) -> tuple[str, Raw]:
    return "", {"type": "unknown", "id": _id(message.get("id")), "original": _id(message.get("type"))}


MESSAGES: dict[str, Reader] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "file": _file,
    "location": _location,
    "sticker": _sticker,
}


# Other events


def _bare(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {}


def _unknown(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {"type": _id(raw.get("type"))}


def _unsend(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {"id": _needed(_part(raw, "unsend"), "messageId")}


def _follow(raw: Raw, own: str) -> tuple[str, Raw]:
    follow = raw.get("follow")  # older bodies have none
    return "", {"unblocked": isinstance(follow, dict) and follow.get("isUnblocked") is True}


def _members(name: str) -> Reader:
    def read(raw: Raw, own: str) -> tuple[str, Raw]:
        members = _part(raw, name).get("members")
        if not isinstance(members, list):
            raise Odd(f"{name}.members is no list")
        ids = [_id(member.get("userId")) for member in members if isinstance(member, dict)]
        return "", {"members": [id for id in ids if id]}

    return read


def _postback(raw: Raw, own: str) -> tuple[str, Raw]:
    """https://developers.line.biz/en/reference/messaging-api/#postback-event"""
    postback = _part(raw, "postback")
    text = postback.get("data")
    if not isinstance(text, str):
        raise Odd("postback.data is no text")
    data: Raw = {"data": text, "values": values(text)}
    params = postback.get("params")
    if params and isinstance(params, dict):
        data |= _texts(params, {"date": "date", "time": "time", "datetime": "datetime"})
        if "newRichMenuAliasId" in params or "status" in params:
            data["menu"] = _texts(params, {"alias": "newRichMenuAliasId", "status": "status"})
    return "", data


def values(text: str) -> Raw:
    """What a postback's data says when it is a JSON object or a query string, else nothing.

    A name that comes twice has its last value.
    """
    try:
        if text.startswith("{") and text.count("{") + text.count("[") <= 64:  # a store could not keep endless nesting
            found = msgspec.json.decode(text)
            return found if isinstance(found, dict) else {}
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100)) if "=" in text else {}
    except (ValueError, RecursionError):
        return {}


def _video_complete(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {"tracking": _needed(_part(raw, "videoPlayComplete"), "trackingId")}


def _beacon(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", _texts(_part(raw, "beacon"), {"hwid": "hwid", "type": "type", "dm": "dm"})


def _account_link(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {"result": "", "nonce": ""} | _texts(_part(raw, "link"), {"result": "result", "nonce": "nonce"})


def _membership(raw: Raw, own: str) -> tuple[str, Raw]:
    membership = _part(raw, "membership")
    return "", _texts(membership, {"type": "type"}) | _wholes(membership, {"id": "membershipId"})


def _module(raw: Raw, own: str) -> tuple[str, Raw]:
    module = _part(raw, "module")
    data = _texts(module, {"type": "type", "bot": "botId", "reason": "reason"})
    scopes = module.get("scopes")
    if isinstance(scopes, list):
        data["scopes"] = [scope for scope in scopes if isinstance(scope, str)]
    return "", data


def _activated(raw: Raw, own: str) -> tuple[str, Raw]:
    control = raw.get("chatControl")
    return "", _wholes(control, {"until": "expireAt"}) if isinstance(control, dict) else {}


def _delivery(raw: Raw, own: str) -> tuple[str, Raw]:
    return "", {"data": ""} | _texts(_part(raw, "delivery"), {"data": "data"})


UNKNOWN: tuple[str, Reader] = ("unknown", _unknown)
KINDS: dict[str, tuple[str, Reader]] = {
    "message": ("message", _message),
    "messageEdited": ("edited", _message),
    "unsend": ("unsend", _unsend),
    "follow": ("follow", _follow),
    "unfollow": ("unfollow", _bare),
    "join": ("join", _bare),
    "leave": ("leave", _bare),
    "memberJoined": ("member_joined", _members("joined")),
    "memberLeft": ("member_left", _members("left")),
    "postback": ("postback", _postback),
    "videoPlayComplete": ("video_complete", _video_complete),
    "beacon": ("beacon", _beacon),
    "accountLink": ("account_link", _account_link),
    "membership": ("membership", _membership),
    "module": ("module", _module),
    "activated": ("activated", _activated),
    "deactivated": ("deactivated", _bare),
    "botSuspended": ("bot_suspended", _bare),
    "botResumed": ("bot_resumed", _bare),
    "delivery": ("delivery", _delivery),
}
