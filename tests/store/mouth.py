"""All that is said to LINE, and transformers that change nothing: a channel for tests without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.model import Chat, Delivery, Event, Message, Outcome, Output, Session


@dataclass
class Mouth:
    """All that is ever said to LINE, with what was so in that moment."""

    machine: Any
    said: list[tuple[str, str]] = field(default_factory=list)

    def render(self, output: Output, session: Session) -> list[Message]:
        assert output.to != "agent", "words for the agent alone are not rendered"
        return [{"type": "text", "text": output.text}]

    def check(self, rendered: Sequence[tuple[Output, list[Message]]], chat: Chat) -> tuple[list[Message], list[Any]]:
        return [message for _, messages in rendered for message in messages], []

    def pack(self, messages: Sequence[Message], event: Event, session: Session, now: int) -> list[Delivery]:
        return [
            Delivery(
                id=f"{event.id}/0", session=session.key, endpoint="shop", chat=session.chat, messages=tuple(messages),
                via="reply" if event.reply_to else "push", reply_to=event.reply_to, received=event.received,
                retry_key=event.id, epoch=session.control.epoch, state="waiting",
            )
        ]  # fmt: skip

    async def send(self, delivery: Delivery, *, again: bool) -> Outcome:
        if self.machine.number() % 4 == 0:  # LINE does not answer; it is tried again, and meanwhile much may happen
            return Outcome(state="retry", via="push", due=self.machine.clock.now() + 20_000)
        session = await self.machine.store.load_session(delivery.session)
        assert session is not None
        assert delivery.epoch == session.control.epoch, "what an earlier speaker began to say is not said any more"
        for message in delivery.messages:
            text = str(message["text"])
            assert not text.startswith("note"), "notes stay among agents"
            assert not text.startswith("flow answers") or session.control.owner == "bot", f"two speakers: {text}"
            assert not text.startswith("agent") or session.control.owner != "paused"
            self.said.append((delivery.session, text))
        return Outcome(state="sent")

    def at_hand(self, event: Event, session: Session) -> bool:
        return True

    async def forget(self, messages: Sequence[str]) -> None:
        """Nothing is kept."""


@dataclass(frozen=True)
class Unchanged:
    """No transformer functions."""

    quick: bool = True

    async def inputs(self, event: Event, session: Session) -> tuple[Event, Session]:
        return event, session

    async def outputs(self, outputs: Sequence[Output], render: Any, session: Session) -> tuple[list[Output], Session]:
        return list(outputs), session
