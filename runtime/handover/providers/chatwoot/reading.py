"""What Chatwoot tells, in our words: its messages and conversations, from webhooks and from its API alike.

In the API `message_type` is a number and times are seconds, in webhooks words and ISO times.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from runtime.model import Data
from runtime.ports import ProviderEvent

OURS: Final = "noren:"
"""Begins the source id of everything we write there; it comes back to us by webhook."""
TYPES: Final = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
LABEL: Final = 20
CHOICES: Final = 13
"""Quick replies LINE shows. https://developers.line.biz/en/docs/messaging-api/using-quick-reply/"""
STATUS: Final = {"resolved": "resolved", "pending": "returned", "snoozed": "snoozed", "open": "open"}


def message_event(message: Data, ref: str, case: str) -> ProviderEvent | None:
    """What a message means to us; None for what customers said, for echoes of ours, and for remarks of the system."""
    about: dict[str, Any] = {"ref": ref, "case": case, "at": moment(message.get("created_at"))}
    about["agent"] = sender(message.get("sender"))
    number, marks = message.get("id"), message.get("content_attributes") or {}
    type = TYPES.get(message.get("message_type"), str(message.get("message_type")))  # type: ignore[arg-type]  # or a word
    if type not in ("outgoing", "template") or str(message.get("source_id") or "").startswith(OURS):
        return None
    if marks.get("deleted"):
        return ProviderEvent(kind="deleted", key=f"d{number}", **about)
    data: dict[str, Any] = {"message": str(number), "text": str(message.get("content") or "")}
    if message.get("private"):
        return ProviderEvent(kind="note", key=f"m{number}", data=data, **about)
    if message.get("content_type") == "input_csat":
        return ProviderEvent(kind="survey", key=f"m{number}", data=data, **about)
    person = isinstance(message.get("sender"), Mapping) and message["sender"].get("type") in ("user", None)
    kind: Any = "message" if person and type == "outgoing" else "system"
    data |= rich(str(message.get("content_type") or "text"), data["text"], marks)
    data["files"] = [file for one in message.get("attachments") or [] if (file := attached(one))]
    data["text"] = "\n".join([data["text"], *places(message.get("attachments") or [])]).strip()
    return ProviderEvent(kind=kind, key=f"m{number}", data=data, **about)


def rich(type: str, text: str, marks: Data) -> dict[str, Any]:
    """Chatwoot's interactive messages: choices as quick replies, everything else in words."""
    items = [one for one in marks.get("items") or [] if isinstance(one, Mapping)]
    if type == "input_select":
        quick = [{"label": str(one.get("title"))[:LABEL], "text": str(one.get("title"))} for one in items]
        return {"quick": quick[:CHOICES]}
    if type not in ("cards", "article", "form"):
        return {}
    lines = [_card(one) for one in items]
    return {"text": "\n\n".join(part for part in (text, *lines) if part)}


def _card(item: Data) -> str:
    links = [one.get("uri") for one in item.get("actions") or [] if isinstance(one, Mapping)]
    parts = [item.get("title") or item.get("label"), item.get("description"), item.get("link"), *links]
    return "\n".join(str(part) for part in parts if part)


def attached(one: Data) -> dict[str, Any] | None:
    url = str(one.get("data_url") or "")
    if not url or one.get("file_type") in ("location", "contact", "fallback"):
        return None
    return {"url": url, "kind": str(one.get("file_type") or "file"), "size": one.get("file_size")}


def places(attachments: list[Data]) -> list[str]:
    """Locations and the like have no file; what they say is said in words."""
    lines = []
    for one in attachments:
        if one.get("file_type") == "location":
            title, point = one.get("fallback_title"), f"{one.get('coordinates_lat')},{one.get('coordinates_long')}"
            lines.append(f"{title or '📍'} https://maps.google.com/?q={point}")
        elif one.get("file_type") in ("contact", "fallback") and one.get("fallback_title"):
            lines.append(str(one["fallback_title"]))
    return lines


def conversation_events(conversation: Data, case: str) -> list[ProviderEvent]:
    """How a conversation stands: its status and who has it."""
    ref, at = str(conversation.get("id")), moment(conversation.get("updated_at") or conversation.get("timestamp"))
    status = STATUS.get(str(conversation.get("status")), "")
    snoozed = conversation.get("snoozed_until")
    meta = conversation.get("meta") or {}
    agent, stamp = sender(meta.get("assignee")), f"{at}"
    events = []
    if agent:
        events.append(
            ProviderEvent(kind="assigned", ref=ref, case=case, key=f"a{agent['id']}:{stamp}", at=at, agent=agent)
        )
    if status:
        data: dict[str, Any] = {"status": status}
        if status == "snoozed" and snoozed:
            data["until"] = moment(snoozed)
        if status == "resolved" and conversation.get("labels"):
            data["labels"] = [str(one) for one in conversation["labels"]]
        events.append(ProviderEvent(kind="status", ref=ref, case=case, key=f"s{status}:{stamp}", at=at, data=data))
    return events


def sender(found: Any) -> dict[str, Any]:
    """Name and number of a person; nothing for rules and templates."""
    if not isinstance(found, Mapping) or found.get("id") is None:
        return {}
    name = str(found.get("available_name") or found.get("name") or "")
    icon = found.get("avatar_url") or found.get("thumbnail") or found.get("avatar")
    return {"id": str(found["id"]), "name": name, **({"icon": icon} if _shown(icon) else {})}


def _shown(icon: Any) -> bool:
    return isinstance(icon, str) and icon.startswith("https://")


def moment(value: Any) -> int:
    """Seconds, or an ISO time, in ms; 0 when it is neither."""
    if isinstance(value, bool) or value is None:
        return 0
    if isinstance(value, int | float):
        return int(value * 1000)
    try:
        return int(datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp() * 1000)
    except ValueError:
        return 0
