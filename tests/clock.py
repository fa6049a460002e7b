"""A clock that tests turn by hand."""

from __future__ import annotations

from runtime.transcript.clock import HandClock


class ManualClock(HandClock):
    """The clock of transcript tests, turned by a span instead of to a moment."""

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        super().__init__(now)

    def turn(self, ms: int) -> None:
        """Move on; sleepers due by then go on at the loop's next step, in order."""
        self.turn_to(self.now() + ms)
