"""The calls the double answers, each as Chatwoot's controllers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.chatwoot_double.manners import PRIORITIES, filtered, for_bots
from tests.chatwoot_double.shapes import conversation_rest, message_rest
from tests.chatwoot_double.state import ACCOUNT, INBOX, Account, Contact, Person, Refusal

BASE = f"/api/v1/accounts/{ACCOUNT}"


@dataclass(slots=True)
class Asked:
    account: Account
    by: Person
    query: Mapping[str, str]
    body: dict[str, Any]
    store: Callable[[str, bytes, str], dict[str, Any]]
    """Keeps an attachment; its shape."""

    def contact(self, number: Any) -> Contact:
        found = self.account.contacts.get(int(number))
        if found is None:
            raise gone()
        return found


def gone() -> Refusal:
    return Refusal(404, {"error": "Resource could not be found"})


def inbox(asked: Asked, number: str) -> Any:
    if int(number) != INBOX:
        raise gone()
    return {"id": INBOX, "name": "LINE bot", "channel_type": "Channel::Api", "working_hours_enabled": False,
            "csat_survey_enabled": asked.account.csat, "lock_to_single_conversation": asked.account.single}  # fmt: skip


def members(asked: Asked, number: str) -> Any:
    return {"payload": [one.rest() for one in asked.account.agents.values()]}


def filter_contacts(asked: Asked) -> Any:
    value = filtered(asked.body)
    found = [one for one in asked.account.contacts.values() if one.identifier.casefold() == value]
    return {"meta": {"count": len(found), "current_page": 1}, "payload": [one.shape() for one in found]}


def search_contacts(asked: Asked) -> Any:
    """Parts of what identifies somebody."""
    part = asked.query.get("q", "").casefold()
    known = [one for one in asked.account.contacts.values() if one.identifier or one.email or one.phone_number]
    found = [one for one in known if any(part in text.casefold() for text in (one.name, one.identifier, one.email))]
    return {"meta": {"count": len(found), "current_page": 1}, "payload": [one.shape() for one in found]}


def _unique(asked: Asked, name: str, value: str, own: int = 0) -> None:
    taken = [one for one in asked.account.contacts.values() if one.id != own and value]
    if any(getattr(one, name).casefold() == value.casefold() for one in taken):
        raise Refusal(422, {"message": f"{name.capitalize()} has already been taken", "attributes": [name]})


def create_contact(asked: Asked) -> Any:
    body = asked.body
    if (phone := body.get("phone_number")) and not re.fullmatch(r"\+[1-9]\d{1,14}", phone):
        raise Refusal(422, {"message": "Phone number should be in e164 format", "attributes": ["phone_number"]})
    for name in ("identifier", "email", "phone_number"):
        _unique(asked, name, str(body.get(name) or ""))
    made = Contact(
        max(asked.account.contacts, default=10) + 1, str(body.get("name") or ""), str(body.get("identifier") or ""),
        str(body.get("email") or ""), str(body.get("phone_number") or ""),
        custom_attributes=dict(body.get("custom_attributes") or {}),
    )  # fmt: skip
    if body.get("inbox_id"):
        _inbox(body)
        _placed(asked, made, str(body.get("source_id") or f"uuid-{made.id}"))
    asked.account.contacts[made.id] = made
    place = {"inbox": {"id": INBOX}, "source_id": made.places[0] if made.places else None}
    return {"payload": {"contact": made.shape(), "contact_inbox": place}}


def _inbox(body: Mapping[str, Any]) -> None:
    if str(body.get("inbox_id")) != str(INBOX):
        raise gone()


def _placed(asked: Asked, contact: Contact, source: str) -> None:
    if any(source in one.places for one in asked.account.contacts.values()):
        raise Refusal(422, {"message": "source_id should be unique"})
    contact.places.append(source)


def update_contact(asked: Asked, number: str) -> Any:
    """Attributes are merged."""
    contact = asked.contact(number)
    for name in ("identifier", "email", "phone_number"):
        if name in asked.body:
            _unique(asked, name, asked.body[name], contact.id)
            setattr(contact, name, asked.body[name])
    contact.custom_attributes |= asked.body.get("custom_attributes") or {}
    contact.additional_attributes |= asked.body.get("additional_attributes") or {}
    contact.name = asked.body.get("name", contact.name)
    return {"payload": contact.shape()}


def attach_contact(asked: Asked, number: str) -> Any:
    _inbox(asked.body)
    _placed(asked, asked.contact(number), asked.body["source_id"])
    return {"source_id": asked.body["source_id"], "inbox": {"id": INBOX}}


def conversations_of(asked: Asked, number: str) -> Any:
    contact = asked.contact(number)
    found = [one for one in asked.account.conversations.values() if one.contact is contact]
    return {"payload": [conversation_rest(one) for one in reversed(found)][:20]}


def merge(asked: Asked) -> Any:
    base, other = asked.contact(asked.body["base_contact_id"]), asked.contact(asked.body["mergee_contact_id"])
    return asked.account.merge(base, other).shape()


def create_conversation(asked: Asked) -> Any:
    _inbox(asked.body)
    contact, source = asked.contact(asked.body.get("contact_id") or 0), str(asked.body.get("source_id") or "")
    if asked.body.get("status") not in (None, "open", "resolved", "pending", "snoozed"):
        raise Refusal(422, {"error": f"'{asked.body['status']}' is not a valid status"})
    if source not in contact.places:
        if any(source in one.places for one in asked.account.contacts.values()):
            raise Refusal(422, {"message": "source_id should be unique"})
        contact.places.append(source)
    made = asked.account.open(contact, source, asked.body)
    return conversation_rest(made)


def list_conversations(asked: Asked) -> Any:
    query, every = asked.query, list(asked.account.conversations.values())
    wanted = query.get("status", "open")
    found = [one for one in every if wanted in ("all", one.status)]
    free = [one for one in found if one.assignee is None]
    shown = free if query.get("assignee_type") == "unassigned" else found
    if query.get("sort_by") == "waiting_since_asc":
        shown = sorted(shown, key=lambda one: (one.waiting_since or 2**40, one.id))
    page = int(query.get("page", 1))
    meta = {"all_count": len(found), "unassigned_count": len(free), "assigned_count": len(found) - len(free)}
    return {"data": {"meta": meta, "payload": [conversation_rest(one) for one in shown[25 * page - 25 : 25 * page]]}}


def show_conversation(asked: Asked, number: str) -> Any:
    return conversation_rest(asked.account.found(int(number)))


def create_message(asked: Asked, number: str) -> Any:
    body, conversation = asked.body, asked.account.found(int(number))
    types = {"incoming": 0, "outgoing": 1}
    if (wanted := str(body.get("message_type") or "outgoing")) not in types:
        raise Refusal(422, {"error": f"'{wanted}' is not a valid message_type"})
    type = types[wanted]
    if len(str(body.get("content") or "")) > 150_000:
        raise Refusal(422, {"message": "Content is too long (maximum is 150000 characters)", "attributes": ["content"]})
    files = [asked.store(*one) for one in body.get("attachments[]") or ()]
    made = asked.account.post(
        conversation, str(body.get("content") or ""), type, private=str(body.get("private")).lower() == "true",
        source_id=body.get("source_id"), sender=conversation.contact if type == 0 else asked.by,
        content_type=body.get("content_type") or "text", content_attributes=body.get("content_attributes") or {},
        attachments=files,
    )  # fmt: skip
    return message_rest(made)


def list_messages(asked: Asked, number: str) -> Any:
    messages = asked.account.found(int(number)).messages
    if "after" in asked.query:
        shown = [one for one in messages if one.id > int(asked.query["after"])][:100]
    else:
        before = int(asked.query.get("before", 2**40))
        shown = [one for one in messages if one.id < before][-20:]
    return {"meta": {"labels": [], "assignee": None}, "payload": [message_rest(one) for one in shown]}


def _message(asked: Asked, number: str, message: str) -> Any:
    found = next((one for one in asked.account.found(int(number)).messages if one.id == int(message)), None)
    if found is None:
        raise gone()
    return found


def update_message(asked: Asked, number: str, message: str) -> Any:
    found = _message(asked, number, message)
    if asked.body.get("status") not in ("sent", "delivered", "read", "failed"):
        raise Refusal(422, {"error": "Invalid status"})
    found.status, found.external_error = asked.body["status"], asked.body.get("external_error") or ""
    asked.account.tell("message_updated", found)
    return message_rest(found)


def delete_message(asked: Asked, number: str, message: str) -> Any:
    found = _message(asked, number, message)
    found.content, found.attachments = "This message was deleted", []
    found.content_attributes = {"deleted": True}
    asked.account.tell("message_updated", found)
    return message_rest(found)


def toggle_status(asked: Asked, number: str) -> Any:
    one, wanted = asked.account.found(int(number)), asked.body.get("status")
    if wanted not in (None, "open", "resolved", "pending", "snoozed"):
        raise Refusal(422, {"error": f"'{wanted}' is not a valid status"})
    asked.account.status(one, wanted, asked.by, asked.body.get("snoozed_until"))
    payload = {"success": True, "conversation_id": one.id, "current_status": one.status}
    return {"meta": {}, "payload": {**payload, "snoozed_until": one.snoozed_until}}


def assign(asked: Asked, number: str) -> Any:
    one = asked.account.found(int(number))
    if "team_id" in asked.body:
        one.team = {"id": asked.body["team_id"], "name": f"team {asked.body['team_id']}"}
        asked.account.changed(one)
        return one.team
    agent = asked.account.agents.get(asked.body.get("assignee_id") or 0)
    asked.account.assign(one, agent)
    return agent.rest() if agent else None


def priority(asked: Asked, number: str) -> Any:
    one = asked.account.found(int(number))
    if asked.body.get("priority") not in PRIORITIES:
        raise Refusal(422, {"error": f"'{asked.body['priority']}' is not a valid priority"})
    one.priority = asked.body.get("priority")
    asked.account.changed(one)
    return None


def labels(asked: Asked, number: str) -> Any:
    """The set is replaced."""
    one = asked.account.found(int(number))
    one.labels = list(asked.body["labels"])
    asked.account.changed(one)
    return {"payload": one.labels}


def attributes(asked: Asked, number: str) -> Any:
    """They are replaced as a whole."""
    one = asked.account.found(int(number))
    one.custom_attributes = dict(asked.body["custom_attributes"])
    asked.account.changed(one)
    return {"custom_attributes": one.custom_attributes}


def typing(asked: Asked, number: str) -> Any:
    asked.account.found(int(number))
    return None


ONE = r"/conversations/(\d+)"
ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", r"/inboxes/(\d+)", inbox),
    ("GET", r"/inbox_members/(\d+)", members),
    ("POST", "/contacts/filter", filter_contacts),
    ("GET", "/contacts/search", search_contacts),
    ("POST", "/contacts", create_contact),
    ("PUT", r"/contacts/(\d+)", update_contact),
    ("POST", r"/contacts/(\d+)/contact_inboxes", attach_contact),
    ("GET", r"/contacts/(\d+)/conversations", conversations_of),
    ("POST", "/actions/contact_merge", merge),
    ("POST", "/conversations", create_conversation),
    ("GET", "/conversations", list_conversations),
    ("GET", ONE, show_conversation),
    ("POST", rf"{ONE}/messages", create_message),
    ("GET", rf"{ONE}/messages", list_messages),
    ("PATCH", rf"{ONE}/messages/(\d+)", update_message),
    ("DELETE", rf"{ONE}/messages/(\d+)", delete_message),
    ("POST", rf"{ONE}/toggle_status", toggle_status),
    ("POST", rf"{ONE}/assignments", assign),
    ("POST", rf"{ONE}/toggle_priority", priority),
    ("POST", rf"{ONE}/labels", labels),
    ("POST", rf"{ONE}/custom_attributes", attributes),
    ("POST", rf"{ONE}/toggle_typing_status", typing),
)


def answer(method: str, path: str, asked: Asked) -> Any:
    """What the controllers answer. Raises `Refusal`."""
    if path == "/api/v1/profile" and method == "GET":
        return asked.by.rest()
    if not path.startswith(f"{BASE}/"):
        found = re.match(r"/api/v1/accounts/\d+/", path)
        raise Refusal(401, {"error": "You are not authorized to access this account"}) if found else gone()
    own = path.removeprefix(BASE)
    if asked.by.type == "agent_bot" and not for_bots(method, own.lstrip("/")):
        raise Refusal(401, {"error": "Access to this endpoint is not authorized for bots"})
    for verb, pattern, handler in ROUTES:
        if verb == method and (found := re.fullmatch(pattern, own)):
            return handler(asked, *found.groups())
    raise gone()
