"""How the double writes things: numbers and seconds in its API, words and ISO times in its webhooks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.chatwoot_double.state import ACCOUNT, INBOX, Contact, Conversation, Message, Person

WORDS = ("incoming", "outgoing", "activity", "template")


def iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message_rest(one: Message) -> dict[str, Any]:
    marks = {**one.content_attributes, **({"external_error": one.external_error} if one.external_error else {})}
    return {
        "id": one.id, "content": one.content, "inbox_id": INBOX, "conversation_id": one.conversation,
        "message_type": one.type, "content_type": one.content_type, "status": one.status,
        "content_attributes": marks,
        "created_at": one.at // 1000, "private": one.private, "source_id": one.source_id,
        **({"sender": sender(one.sender)} if one.sender else {}), "attachments": one.attachments,
    }  # fmt: skip


def sender(who: Person | Contact | None) -> dict[str, Any] | None:
    if who is None:
        return None
    return who.rest() if isinstance(who, Person) else {**who.shape(), "type": "contact"}


def hook_sender(who: Person | Contact | None) -> dict[str, Any] | None:
    """Contacts come without a type there."""
    return None if who is None else who.hook() if isinstance(who, Person) else who.shape()


def message_hook(event: str, one: Message, conversation: Conversation) -> dict[str, Any]:
    link = f"https://chat.example/survey/responses/{conversation.uuid}"
    content = f"{one.content} {link}" if one.content_type == "input_csat" else one.content
    return {
        "event": event, "id": one.id, "content": content, "content_type": one.content_type,
        "content_attributes": one.content_attributes, "additional_attributes": {}, "message_type": WORDS[one.type],
        "private": one.private, "source_id": one.source_id, "created_at": iso(one.at),
        "account": {"id": ACCOUNT, "name": "Acme"}, "inbox": {"id": INBOX, "name": "LINE bot"},
        "sender": hook_sender(one.sender), "conversation": conversation_hook(conversation),
        **({"attachments": one.attachments} if one.attachments else {}),
    }  # fmt: skip


def conversation_hook(one: Conversation) -> dict[str, Any]:
    assignee = one.assignee.hook() if one.assignee else None
    return {
        **_both(one),
        "channel": "Channel::Api",
        "meta": {
            "sender": {**one.contact.shape(), "type": "contact"}, "assignee": assignee,
            "assignee_type": "User" if assignee else None, "team": one.team, "hmac_verified": False,
        },
        "contact_inbox": {"id": 31, "contact_id": one.contact.id, "inbox_id": INBOX, "source_id": one.source_id},
    }  # fmt: skip


def conversation_rest(one: Conversation) -> dict[str, Any]:
    return {
        **_both(one),
        "account_id": ACCOUNT,
        "uuid": one.uuid,
        "muted": one.muted,
        "meta": {
            "sender": one.contact.shape(), "channel": "Channel::Api",
            **({"assignee": one.assignee.rest()} if one.assignee else {}), "team": one.team, "hmac_verified": False,
        },
    }  # fmt: skip


def _both(one: Conversation) -> dict[str, Any]:
    last = [message_rest(message) for message in one.messages[-1:]]
    return {
        "id": one.id, "inbox_id": INBOX, "status": one.status, "can_reply": True, "additional_attributes": {},
        "custom_attributes": one.custom_attributes, "labels": one.labels, "messages": last, "priority": one.priority,
        "snoozed_until": one.snoozed_until, "unread_count": one.unread, "waiting_since": one.waiting_since or 0,
        "first_reply_created_at": one.first_reply or 0, "agent_last_seen_at": 0, "contact_last_seen_at": 0,
        "created_at": one.created, "timestamp": int(one.updated), "last_activity_at": int(one.updated),
        "updated_at": one.updated,
    }  # fmt: skip
