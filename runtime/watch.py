"""Keeps an eye on one turn while it runs: waiting dots for a slow one, a button before the token dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any

from runtime.log import Logger
from runtime.model import Claim
from runtime.ports import Channel, Clock
from runtime.settings import EndpointSettings

log = Logger("watch")

BUTTON_MARGIN = 5_000
"""How long before the token's safe age ends the "tap for the answer" button is offered, in milliseconds."""


class Watch:
    """Begins with the first thing a turn has to wait for: most turns wait for nothing and cost nothing here."""

    def __init__(
        self, clock: Clock, settings: EndpointSettings, channel: Channel, claim: Claim, say: Callable[[str], str]
    ) -> None:
        self._clock, self._settings, self._channel, self._claim, self._say = clock, settings, channel, claim, say
        self._tasks: list[asyncio.Task[None]] = []
        self._offer_made: asyncio.Task[None] | None = None
        self.spent = False
        """Whether the event's reply token went for the button."""
        self.offered = False
        """Whether LINE took the button, so that the answer may wait for the tap."""

    def begin(self) -> None:
        """The turn may take time from here on."""
        event = self._claim.event
        if self._tasks or event is None or not event.reply_to or event.standby:
            return
        if self._settings.loading and event.chat.kind == "user":
            self._tasks.append(asyncio.create_task(self._dots(self._clock.now() + self._settings.loading)))
        if self._settings.late == "button":
            self._offer_made = asyncio.create_task(self._button())
            self._tasks.append(self._offer_made)

    async def settled(self) -> None:
        """The answer is ready: no button any more. One that is on its way is waited for, to know what token is left."""
        if self._offer_made is None:
            return
        if self.spent:
            await self._offer_made
        else:
            self._offer_made.cancel()

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()

    async def _dots(self, when: int) -> None:
        await self._clock.sleep_until(when)
        await self._cue("loading animation failed", self._channel.cue)

    async def _button(self) -> None:
        event = self._claim.event
        assert event is not None
        await self._clock.sleep_until(event.received + self._settings.reply_within - BUTTON_MARGIN)
        await self._cue("button failed", self._offer)

    async def _offer(self, event: Any) -> None:
        self.spent = True  # from here on the token may be gone, whatever LINE answers
        text, label = self._say(self._settings.late_text), self._say(self._settings.late_label)
        self.offered = await self._channel.button(event, text, label)

    async def _cue(self, trouble: str, show: Any) -> None:
        try:
            await show(self._claim.event)
        except Exception as error:  # a cue is a courtesy: it never costs the turn
            log.warning(trouble, error=type(error).__name__)
