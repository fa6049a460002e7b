"""The machine's time as the `Clock` port."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Milliseconds since the Unix epoch, by the system's clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep_until(self, when: int) -> None:
        """Return at `when` or later, also after the system's clock was set back meanwhile."""
        left = when - self.now()
        if left > 0:
            await asyncio.sleep(left / 1000)
            await self.sleep_until(when)
