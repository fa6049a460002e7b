"""LINE's limits of rate, as token buckets per channel and operation.

https://developers.line.biz/en/reference/messaging-api/#rate-limits
"""

from __future__ import annotations

from runtime.simulator.answers import RATE_LIMIT, Refusal


class Rates:
    """Buckets that fill evenly; a request takes one token."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, bot: str, operation: str, rate: tuple[int, int], now: int) -> None:
        """Raises `Refusal` (429) when the bucket is empty."""
        size, per = rate
        left, at = self._buckets.get((bot, operation), (float(size), now))
        left = min(size, left + (now - at) * size / per)
        if left < 1:
            raise Refusal(RATE_LIMIT)
        self._buckets[bot, operation] = (left - 1, now)
