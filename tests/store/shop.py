"""A small shop whose chats go to its own desk or to another system, and that system."""

from __future__ import annotations

from runtime.model import Call, Event, Result, Session

CONFIG = """
endpoints: {shop: {languages: [en], loading: 0, profile: false}}
handover:
  providers: {desk: {type: desk}, ours: {type: webhook, url: "https://desk.example", secret: a-secret-of-ours}}
  queues: {general: {}, orders: {}}
  workstreams:
    support:
      queues: [general]
      mode: live
      cancel: any
      reopen: 5m
      survey: {when: resolved}
      distribution: {missed: 0}
"""
FLOWS = {
    "flows/help.yaml": """flow: help
start:
  - keyword: help
  - {keyword: elsewhere, goto: help.elsewhere}
steps:
  - handover:
    queued: [{say: flow hears of the queue}]
    active: [{say: flow hears of the agent}]
  - say: "flow goes on"
  - end
sections:
  elsewhere:
    - handover: {provider: ours}
      active: [{say: flow hears of the agent}]
    - say: "flow goes on"
fallback: [{say: "flow answers {{ input.text }}"}]
"""
}

TELLS = ("ack", "ack", "nack", "reply", "reply", "assign", "resolve", "snooze", "wake", "note", "tell")
"""What another system may tell of a case."""


async def asked(call: Call, session: Session) -> Result:
    """The other system takes whatever it is asked; what it thinks of it comes later, or never."""
    return Result({"memory": dict(session.memory), "send": []})


def comes_twice(event: Event) -> bool:
    """Words of users and what another system tells may be delivered more than once."""
    return event.kind == "message" or event.data.get("provider") == "ours"
