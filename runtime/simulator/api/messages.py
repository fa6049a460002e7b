"""Sending. https://developers.line.biz/en/reference/messaging-api/#messages"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from runtime.model import Message
from runtime.simulator import answers
from runtime.simulator.account import stamp
from runtime.simulator.answers import Refusal, details
from runtime.simulator.api.call import ApiCall, judged, typed
from runtime.simulator.values import Accepted, Answer

KINDS: Final = {"U": "user", "C": "group", "R": "room"}
SHA256: Final = re.compile(r"[0-9a-f]{64}")
COMMON: Final[Mapping[str, type]] = {"messages": list, "notificationDisabled": bool}
REPLY: Final[Mapping[str, type]] = {"replyToken": str, **COMMON}
PUSH: Final[Mapping[str, type]] = {"to": str, **COMMON, "customAggregationUnits": list}
MULTICAST: Final[Mapping[str, type]] = {"to": list, **COMMON, "customAggregationUnits": list}
NARROWCAST: Final[Mapping[str, type]] = {**COMMON, "recipient": dict, "filter": dict, "limit": dict}


def checked(call: ApiCall, via: str, to: str, types: Mapping[str, type]) -> list[Message]:
    """The messages of a body whose properties have the right types and keep the rules."""
    typed(call, types)
    refused = call.check(call.data, via, to)
    if refused is not None:
        raise Refusal(Answer(400, refused))
    messages: list[Message] = call.data["messages"]
    return messages


def quotes(call: ApiCall, messages: list[Message], chat: str) -> None:
    """A quote token belongs to one chat: https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/"""
    for message in messages:
        token = message.get("quoteToken")
        if token is None or call.account.bot.open:
            continue
        found = call.platform.quotes.get(str(token), call.name, call.now())
        if found is None or found[0] != chat:
            raise Refusal(answers.INVALID_QUOTE)


def reply(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#send-reply-message"""
    typed(call, REPLY)
    token = call.data.get("replyToken") or ""
    held = call.platform.replies.take(token, call.name, call.now())  # spent by any answer, a refusal too
    chat = held.chat if held else ""
    messages = checked(call, "reply", KINDS.get(chat[:1], "user"), REPLY)
    if held is None:
        return _reply_to_stranger(call, token, messages)
    quotes(call, messages, chat)
    return Answer(200, {"sentMessages": _reach(call, chat, messages, "reply")})


def _reach(call: ApiCall, chat: str, messages: list[Message], via: str) -> list[dict[str, str]]:
    people = call.platform.reachable(call.account, chat)
    if people is None:
        raise Refusal(answers.FAILED_TO_SEND)
    billed = via != "reply"
    if billed and not call.account.affords(people, call.now()):
        raise Refusal(answers.MONTHLY_LIMIT)
    call.account.count(via, people, call.now(), billed=billed)
    if people:
        return call.platform.deliver(call.account, chat, messages, via)
    return [{"id": call.platform.ids.message()} for _ in messages]


def _reply_to_stranger(call: ApiCall, token: str, messages: list[Message]) -> Answer:
    if not call.account.bot.open or not call.platform.replies.take_strange(token):
        raise Refusal(answers.INVALID_REPLY_TOKEN)
    call.account.count("reply", 1, call.now(), billed=False)
    sent = call.platform.deliver(call.account, "", messages, "reply")
    return Answer(200, {"sentMessages": sent})


def push(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
    typed(call, PUSH)
    chat = call.data.get("to") or ""
    messages = checked(call, "push", KINDS.get(chat[:1], "user"), PUSH)
    quotes(call, messages, chat)
    _units(call)
    sent = _reach(call, chat, messages, "push")
    _accept(call, tuple(sent))
    return Answer(200, {"sentMessages": sent})


def _accept(call: ApiCall, sent: tuple[dict[str, str], ...] = ()) -> None:
    if call.retry_key:
        call.account.retries.keep(call.retry_key, Accepted(at=call.now(), request_id=call.request_id, sent=sent))


def _units(call: ApiCall) -> None:
    units = call.data.get("customAggregationUnits") or []
    if len(call.account.units) < 1_000:
        call.account.units.update(units)


def multicast(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#send-multicast-message"""
    messages = checked(call, "multicast", "user", MULTICAST)
    _units(call)
    _send_to_many(call, call.data["to"], messages, "multicast")
    return Answer()


def broadcast(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#send-broadcast-message"""
    messages = checked(call, "broadcast", "user", COMMON)
    _send_to_many(call, call.platform.friends(call.account), messages, "broadcast")
    return Answer()


def _send_to_many(call: ApiCall, users: list[str], messages: list[Message], via: str) -> int:
    platform, account = call.platform, call.account
    reached = [user for user in dict.fromkeys(users) if platform.reachable(account, user)]
    if not account.affords(len(reached), call.now()):
        raise Refusal(answers.MONTHLY_LIMIT)
    platform.spread(account, reached, messages, via)
    account.count(via, len(reached), call.now(), billed=True)
    _accept(call)
    return len(reached)


def narrowcast(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#send-narrowcast-message

    Recipients and filters cannot be worked out here: every friend counts as aimed at, up to `limit.max`.
    """
    messages = checked(call, "narrowcast", "user", NARROWCAST)
    limit: dict[str, Any] = call.data.get("limit") or {}
    friends = call.platform.friends(call.account)[: limit.get("max")]
    reached = _send_to_many(call, friends, messages, "narrowcast")
    time = stamp(call.now())
    call.account.narrowcasts[call.request_id] = {
        "phase": "succeeded",
        "successCount": reached,
        "failureCount": 0,
        "targetCount": len(friends),
        "acceptedTime": time,
        "completedTime": time,
    }
    return Answer(202)


def narrowcast_progress(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#get-narrowcast-progress-status"""
    found = call.account.narrowcasts.get(call.query.get("requestId", ""))
    if found is None:
        raise Refusal(answers.NOT_FOUND)
    return Answer(200, found)


def notification(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/partner-docs/#send-line-notification-message"""
    messages = checked(call, "validate", "user", {"to": str, **COMMON})
    return _notify(call, messages, "pnp")


def templated_notification(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/line-notification-messages/#send-line-notification-message-template"""
    typed(call, {"to": str, "templateKey": str, "body": dict})
    if not call.data.get("templateKey"):
        raise Refusal(details(("templateKey", "May not be empty")))
    _units(call)
    return _notify(call, [{"type": "templated", **call.data}], "pnp_templated")


def _notify(call: ApiCall, messages: list[Message], how: str) -> Answer:
    if not SHA256.fullmatch(call.data.get("to") or ""):
        raise Refusal(details(("to", "The value must be a valid SHA-256 digest.")))
    if call.tag and not 16 <= len(call.tag) <= 100:
        raise Refusal(answers.invalid_parameter("X-Line-Delivery-Tag"))
    call.platform.deliver(call.account, "", messages, "pnp")
    call.account.count(how, 1, call.now(), billed=False)
    call.platform.emit(call.account, "delivery", {"delivery": {"data": call.tag or call.data["to"]}})
    return Answer()


def validate(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#validate-message-objects-of-reply-message"""
    checked(call, "validate", "user", COMMON)
    return Answer()


def loading(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator"""
    typed(call, {"chatId": str, "loadingSeconds": int})
    judged(call, "loading")
    chat, seconds = call.data["chatId"], call.data.get("loadingSeconds", 20)
    call.platform.chats.loading[call.name, chat] = call.now() + seconds * 1_000
    call.platform.feed.publish("loading", {"bot": call.name, "chat": chat, "seconds": seconds})
    return Answer(202)


def mark_as_read(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/messaging-api/#mark-as-read"""
    typed(call, {"markAsReadToken": str})
    found = call.platform.reads.get(call.data.get("markAsReadToken") or "", call.name, call.now())
    if found is None:
        raise Refusal(answers.INVALID_READ)
    _read(call, *found)
    return Answer()


def mark_as_read_by_user(call: ApiCall) -> Answer:
    """https://developers.line.biz/en/reference/partner-docs/#mark-messages-from-users-as-read"""
    typed(call, {"chat": dict})
    user = (call.data.get("chat") or {}).get("userId")
    if not isinstance(user, str) or user not in call.platform.people.users:
        raise Refusal(answers.invalid_property("'chat.chatId'"))
    last = call.platform.chats.last(call.name, user)
    _read(call, user, last.id if last else "")
    return Answer()


def _read(call: ApiCall, chat: str, message: str) -> None:
    call.platform.chats.read[call.name, chat] = message
    call.platform.feed.publish("read", {"bot": call.name, "chat": chat, "message": message})
