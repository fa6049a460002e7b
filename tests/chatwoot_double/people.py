"""People who work in the double: what they click, as one reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.chatwoot_double.state import Message, Person

if TYPE_CHECKING:
    from tests.chatwoot_double.server import Chatwoot


class Agent:
    """Somebody at work. Each act gives the agent again, so that acts follow one another."""

    def __init__(self, server: Chatwoot, person: Person) -> None:
        self.server, self.person = server, person
        self.number = 0
        self.last: Message | None = None

    def goes_online(self) -> Agent:
        self.person.status = "online"
        return self

    def goes_offline(self) -> Agent:
        self.person.status = "offline"
        return self

    def opens(self, number: int = 0) -> Agent:
        """A conversation; without a number the last one."""
        self.number = self.server.conversation(number).id
        return self

    def types(self, *, private: bool = False) -> Agent:
        from tests.chatwoot_double.shapes import conversation_hook

        hook = conversation_hook(self.server.conversation(self.number))
        told = {"event": "conversation_typing_on", "user": self.person.hook(), "conversation": hook}
        self.server.queue({**told, "is_private": private})
        return self

    def replies(self, text: str, **more: Any) -> Agent:
        self.last = self.server.account.post(
            self.server.conversation(self.number), text, 1, sender=self.person, **more
        )  # fmt: skip
        return self

    def sends(self, name: str, data: bytes, type: str, text: str = "") -> Agent:
        return self.replies(text, attachments=[self.server.store(name, data, type)])

    def notes(self, text: str) -> Agent:
        return self.replies(text, private=True)

    def deletes(self) -> Agent:
        """What was said last."""
        assert self.last is not None
        self.last.content, self.last.content_attributes = "This message was deleted", {"deleted": True}
        self.server.account.tell("message_updated", self.last)
        return self

    def assigns(self, agent: str = "") -> Agent:
        """To somebody, else to themselves."""
        to = self.server.agent(agent).person if agent else self.person
        self.server.account.assign(self.server.conversation(self.number), to)
        return self

    def snoozes(self, until: int | None = None) -> Agent:
        return self._status("snoozed", until)

    def resolves(self) -> Agent:
        return self._status("resolved")

    def reopens(self) -> Agent:
        return self._status("open")

    def gives_back(self) -> Agent:
        return self._status("pending")

    def _status(self, status: str, until: int | None = None) -> Agent:
        server = self.server
        server.account.status(server.conversation(self.number), status, self.person, until)
        return self
