"""Which kind of provider is built how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from runtime.handover.providers.calling import Request
from runtime.handover.providers.chatwoot.provider import Chatwoot
from runtime.handover.providers.desk import Desk
from runtime.handover.providers.health import Seen, unseen
from runtime.handover.providers.saying import Opener
from runtime.handover.providers.webhook import Webhook
from runtime.ports import Clock, HandoverProvider
from runtime.settings.handover import HandoverSettings, ProviderSettings


@dataclass(frozen=True, slots=True)
class Tools:
    """What providers work with: HTTP, files of users by their token, time, and where we are reached."""

    request: Request
    opener: Opener
    clock: Clock
    public: str = ""
    health: Callable[[str], Seen] = lambda name: unseen
    """What is told how the calls of a provider went."""
    shared: bool = False
    """Whether other processes work for the same chats."""


Make = Callable[[str, ProviderSettings, Tools], HandoverProvider]

KINDS: Final[Mapping[str, Make]] = {
    "desk": lambda name, settings, tools: Desk(name),
    "chatwoot": lambda name, settings, t: Chatwoot(
        name, settings, t.request, t.opener, t.clock, t.health(name), t.shared
    ),
    "webhook": lambda name, settings, t: Webhook(
        name, settings, t.request, t.opener, t.clock, t.public, t.health(name)
    ),
}


def connect(settings: HandoverSettings, tools: Tools) -> dict[str, HandoverProvider]:
    """The providers of noren.yaml by name."""
    return {name: KINDS[one.type](name, one, tools) for name, one in settings.providers.items()}
