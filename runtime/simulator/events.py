"""Bodies of LINE's webhook events.

https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from runtime.simulator.values import Bot


@dataclass(frozen=True, slots=True)
class Kind:
    """`type`: LINE's name. `replies`: carries a reply token while the bot is active. `sourced`: says where from."""

    type: str
    replies: bool = False
    sourced: bool = True


KINDS: Final[dict[str, Kind]] = {
    "message": Kind("message", True),
    "edited": Kind("messageEdited", True),
    "unsend": Kind("unsend"),
    "follow": Kind("follow", True),
    "unfollow": Kind("unfollow"),
    "join": Kind("join", True),
    "leave": Kind("leave"),
    "member_joined": Kind("memberJoined", True),
    "member_left": Kind("memberLeft"),
    "postback": Kind("postback", True),
    "video_complete": Kind("videoPlayComplete", True),
    "beacon": Kind("beacon", True),
    "account_link": Kind("accountLink", True),
    "account_link_failed": Kind("accountLink", sourced=False),
    "membership": Kind("membership", True),
    "module": Kind("module", sourced=False),
    "activated": Kind("activated"),
    "deactivated": Kind("deactivated"),
    "bot_suspended": Kind("botSuspended", sourced=False),
    "bot_resumed": Kind("botResumed", sourced=False),
    "delivery": Kind("delivery", sourced=False),
}


def source(chat: str, user: str) -> dict[str, str]:
    """Where an event comes from; `user` is empty when LINE does not tell."""
    if chat.startswith("U"):
        return {"type": "user", "userId": chat} if user else {"type": "user"}
    kind = "group" if chat.startswith("C") else "room"
    found = {"type": kind, f"{kind}Id": chat}
    return {**found, "userId": user} if user else found


def body(bot: Bot, events: list[dict[str, Any]]) -> dict[str, Any]:
    """A webhook's body: https://developers.line.biz/en/reference/messaging-api/#request-body"""
    return {"destination": bot.user_id, "events": events}


def redelivered(event: dict[str, Any]) -> dict[str, Any]:
    """The same event, marked as sent again."""
    return {**event, "deliveryContext": {"isRedelivery": True}}
