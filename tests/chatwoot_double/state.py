"""What the double keeps, and how its conversations change: the rules of Chatwoot's models."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.clock import ManualClock

INBOX, ACCOUNT = 7, 1
FLOOD = 200
"""Messages a conversation takes in a minute."""
OOO_QUIET = 300_000


class Refusal(Exception):
    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(status))
        self.status, self.body = status, body


@dataclass(slots=True)
class Person:
    id: int
    name: str
    role: str = "agent"
    status: str = "offline"
    type: str = "user"

    def rest(self) -> dict[str, Any]:
        return {
            "id": self.id, "name": self.name, "available_name": self.name, "email": f"a{self.id}@example.com",
            "role": self.role, "availability_status": self.status, "auto_offline": True, "thumbnail": "",
            "type": self.type,
        }  # fmt: skip

    def hook(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "email": f"a{self.id}@example.com", "type": self.type}


@dataclass(slots=True)
class Contact:
    id: int
    name: str
    identifier: str = ""
    email: str = ""
    phone_number: str = ""
    blocked: bool = False
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    """Source ids in our inbox."""

    def shape(self) -> dict[str, Any]:
        places = [{"source_id": one, "inbox": {"id": INBOX, "name": "LINE bot"}} for one in self.places]
        return {
            "id": self.id, "name": self.name, "identifier": self.identifier or None, "email": self.email or None,
            "phone_number": self.phone_number or None, "blocked": self.blocked, "thumbnail": "",
            "additional_attributes": self.additional_attributes, "custom_attributes": self.custom_attributes,
            "contact_inboxes": places,
        }  # fmt: skip


@dataclass(slots=True)
class Message:
    id: int
    conversation: int
    content: str
    type: int
    at: int
    private: bool = False
    source_id: str | None = None
    sender: Person | Contact | None = None
    content_type: str = "text"
    content_attributes: dict[str, Any] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    status: str = "sent"
    external_error: str = ""


@dataclass(slots=True)
class Conversation:
    id: int
    contact: Contact
    source_id: str
    created: int
    status: str = "open"
    assignee: Person | None = None
    team: dict[str, Any] | None = None
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    priority: str | None = None
    muted: bool = False
    snoozed_until: int | None = None
    waiting_since: int | None = None
    first_reply: int | None = None
    unread: int = 0
    updated: float = 0.0
    messages: list[Message] = field(default_factory=list)
    csat: dict[str, Any] | None = None

    @property
    def uuid(self) -> str:
        return hashlib.md5(f"conversation {self.id}".encode()).hexdigest()


@dataclass(slots=True)
class Account:
    """One account with one API inbox. `tell` is called with each event and its object."""

    clock: ManualClock
    tell: Callable[[str, Any], None]
    agents: dict[int, Person] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    bot: Person | None = None
    single: bool = False
    """lock_to_single_conversation"""
    auto_assign: bool = False
    csat: bool = False
    greeting: str = ""
    out_of_office: str = ""
    closed: bool = False
    ids: int = 900
    ring: list[int] = field(default_factory=list)
    tick: int = 0

    def seconds(self) -> int:
        return self.clock.now() // 1000

    def next(self) -> int:
        self.ids += 1
        return self.ids

    def touch(self, conversation: Conversation) -> None:
        """Times of changes are distinct, as a database's microseconds are."""
        self.tick += 1
        conversation.updated = self.clock.now() / 1000 + self.tick / 1_000_000

    def found(self, number: int) -> Conversation:
        if number not in self.conversations:
            raise Refusal(404, {"error": "Resource could not be found"})
        return self.conversations[number]

    def open(self, contact: Contact, source: str, given: dict[str, Any]) -> Conversation:
        mine = [one for one in self.conversations.values() if one.contact is contact]
        if self.single and mine:
            return mine[-1]
        status = "resolved" if contact.blocked else "pending" if self.bot else given.get("status") or "open"
        made = Conversation(
            max(self.conversations, default=41) + 1, contact, source, self.seconds(), status,
            custom_attributes=dict(given.get("custom_attributes") or {}), waiting_since=self.seconds(),
        )  # fmt: skip
        self.touch(made)
        self.conversations[made.id] = made
        self.tell("conversation_created", made)
        if made.status == "open":
            self._given_out(made)
        return made

    def status(self, conversation: Conversation, status: str | None, by: Person, until: int | None = None) -> None:
        before = conversation.status
        if status is None:  # the trap: without a status it is turned over
            status = {"open": "resolved"}.get(before, "open")
        conversation.status = status
        conversation.snoozed_until = until if status == "snoozed" else None
        if status == "open" and by.type == "user" and by.role == "agent" and conversation.assignee is None:
            conversation.assignee = by
        if before != status:
            self.changed(conversation, status_before=before)
            if by.type == "agent_bot" and before == "pending" and status == "open":
                self.tell("conversation_opened", conversation)
            if status == "open":
                self._given_out(conversation)
            if status == "resolved" and self.csat and not any(
                one.content_type == "input_csat" for one in conversation.messages
            ):  # fmt: skip
                self.post(conversation, "How did we do?", 3, content_type="input_csat")

    def changed(self, conversation: Conversation, status_before: str = "") -> None:
        """A change of status is told twice."""
        self.touch(conversation)
        self.tell("conversation_updated", conversation)
        if status_before:
            self.tell("conversation_status_changed", conversation)

    def assign(self, conversation: Conversation, agent: Person | None) -> None:
        if conversation.assignee is not agent:
            conversation.assignee = agent
            self.changed(conversation)

    def _given_out(self, conversation: Conversation) -> None:
        """Round robin among those online, only when a conversation opens."""
        online = [agent for agent in self.ring if self.agents[agent].status == "online"]
        if not self.auto_assign or conversation.assignee or not online:
            return
        picked = online[-1]
        self.ring.remove(picked)
        self.ring.insert(0, picked)
        self.assign(conversation, self.agents[picked])

    def post(self, conversation: Conversation, content: str, type: int, **more: Any) -> Message:
        recent = [one for one in conversation.messages if one.at > self.clock.now() - 60_000]
        if len(recent) >= FLOOD:
            raise Refusal(422, {"error": "Too many messages"})
        if len(more.get("attachments") or ()) > 15:
            raise Refusal(422, {"error": "Attachments exceed the maximum"})
        made = Message(self.next(), conversation.id, content, type, self.clock.now(), **more)
        conversation.messages.append(made)
        self.tell("message_created", made)
        if type == 0:
            self._came_in(conversation)
        elif type == 1 and not made.private:
            conversation.waiting_since = None
            if isinstance(made.sender, Person) and made.sender.type == "user":
                conversation.first_reply = conversation.first_reply or self.seconds()
                conversation.unread = 0
        return made

    def _came_in(self, conversation: Conversation) -> None:
        conversation.waiting_since = conversation.waiting_since or self.seconds()
        conversation.unread = min(10, conversation.unread + 1)
        if conversation.status in ("snoozed", "resolved") and not conversation.muted:
            before = conversation.status
            conversation.status = "pending" if before == "resolved" and self.bot else "open"
            self.changed(conversation, status_before=before)
        incoming = [one for one in conversation.messages if one.type == 0]
        if self.greeting and len(incoming) == 1:
            self.post(conversation, self.greeting, 3)
        if self.closed and self.out_of_office and self._quiet(conversation):
            self.post(conversation, self.out_of_office, 3, content_attributes={"ooo": True})

    def _quiet(self, conversation: Conversation) -> bool:
        """Once a day, and not within five minutes of an answer."""
        now = self.clock.now()
        told = any(one.content_attributes.get("ooo") and now - one.at < 86_400_000 for one in conversation.messages)
        spoke = any(one.type == 1 and not one.private and now - one.at < OOO_QUIET for one in conversation.messages)
        return not told and not spoke

    def auto_resolve(self, after: int) -> int:
        """The job that ends what nobody touched for `after` ms; how many."""
        system, count = Person(0, "system", type="system"), 0
        for one in self.conversations.values():
            last = max([one.created * 1000, *(message.at for message in one.messages)])
            if one.status == "open" and self.clock.now() - last >= after:
                self.status(one, "resolved", system)
                count += 1
        return count

    def merge(self, base: Contact, other: Contact) -> Contact:
        for name in ("identifier", "email", "phone_number"):
            if not getattr(base, name):
                setattr(base, name, getattr(other, name))
        base.custom_attributes = {**other.custom_attributes, **base.custom_attributes}
        base.additional_attributes = {**other.additional_attributes, **base.additional_attributes}
        base.places += other.places
        for one in self.conversations.values():
            if one.contact is other:
                one.contact = base
        del self.contacts[other.id]
        self.tell("contact_merged", base)
        return base
