"""How often what failed is tried again, how long apart, and when it is given up.

A misspelt name in noren.yaml looks like an endpoint that was taken away: what comes for it waits for a day, so that
whoever mends it loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runtime.errors import BadInput, CallError, EndpointGone, TransformError
from runtime.log import Logger
from runtime.model import Claim, Delivery, Event, Outcome
from runtime.pipeline.people import PROVIDER
from runtime.settings import WorkerSettings

log = Logger("worker")

DAY = 24 * 3_600_000
PATIENCE = DAY
"""For how long a request to a provider is tried again, in milliseconds: what users said waits until it is back."""

SLOWEST = 60_000
"""The longest pause between two of these tries, in milliseconds."""

ABSENCE = 5 * 60_000
"""Between two looks for an endpoint, in milliseconds; once it is back, what waited is worked within this time."""
LOOKS = DAY // ABSENCE

FINAL = (BadInput, TransformError)
"""Errors that a further try would only repeat: the event is parked at once."""


Failing = Callable[[Claim, Exception], None]
"""Hears of a turn that failed, before what becomes of it is written."""


def ignored(claim: Claim, error: Exception) -> None:
    """Nobody wants to hear of it."""


def again(claim: Claim, event: Event, error: Exception, settings: WorkerSettings, now: int) -> int | None:
    """When an event that failed is due again; None when it is parked."""
    if isinstance(error, FINAL):
        return None
    if isinstance(error, EndpointGone):
        return now + ABSENCE if claim.attempts + 1 < LOOKS else None
    lasting = event.kind == PROVIDER and isinstance(error, CallError)
    if now >= event.due + PATIENCE if lasting else claim.attempts + 1 >= settings.attempts:
        return None
    pause: int = settings.backoff * 2 ** min(claim.attempts, 30)
    return now + (min(pause, SLOWEST) if event.kind == PROVIDER else pause)


def unsent(delivery: Delivery, error: Exception, words: str, now: int) -> Outcome:
    """What becomes of a delivery that could not even be tried."""
    if isinstance(error, EndpointGone) and delivery.attempts + 1 < LOOKS:
        return Outcome(state="retry", via=delivery.via, due=now + ABSENCE, detail=words)
    return Outcome(state="failed", via=delivery.via, detail=words)


@dataclass(slots=True)
class Gone:
    """Endpoint that is not in noren.yaml → sessions of it that were looked at since the process began."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def counts(self) -> Mapping[str, int]:
        return {name: len(sessions) for name, sessions in self.seen.items()}

    def tell(self, claim: Claim, error: EndpointGone) -> None:
        """One line for each endpoint, however much waits for it."""
        name = claim.session.endpoint
        if name not in self.seen:
            log.error("what comes for this endpoint waits for a day, then it is parked", error=error.message)
        self.seen.setdefault(name, set()).add(claim.session.key)
