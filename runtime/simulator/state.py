"""One simulated platform with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runtime.ports import Clock
from runtime.simulator.acts import Acts
from runtime.simulator.clock import PlatformClock
from runtime.simulator.faults import Faults
from runtime.simulator.hooks import Hooks, Http, Post
from runtime.simulator.ids import Ids
from runtime.simulator.journal import Journal
from runtime.simulator.platform import Platform
from runtime.simulator.values import Bot


@dataclass(frozen=True, slots=True)
class Simulator:
    """The parts; drive them directly in tests, or over HTTP."""

    platform: Platform
    clock: PlatformClock
    acts: Acts
    hooks: Hooks
    faults: Faults
    journal: Journal

    def reset(self) -> None:
        """Forget people, chats, webhooks, faults and the log; the bots stay."""
        self.hooks.forget()
        self.platform.reset()
        self.faults.clear()
        self.journal.clear()

    async def close(self) -> None:
        """Drop what is still to be sent and let go of whoever watches."""
        self.platform.feed.close()
        await self.hooks.close()


def assemble(
    bots: Sequence[Bot],
    *,
    clock: Clock | None = None,
    post: Post | None = None,
    seed: int | None = None,
    reply_life: int = 60_000,
    reply_limit: int = 1_200_000,
) -> Simulator:
    """A platform with these bots. Raises `BadInput` for a bot that cannot be."""
    ids = Ids(seed)
    time = PlatformClock(clock)
    platform = Platform(time, ids=ids, reply_life=reply_life, reply_limit=reply_limit)
    journal = Journal()
    hooks = Hooks(platform, time, journal, post or Http())
    platform.outgoing = hooks.put
    for bot in bots:
        platform.add_bot(bot)
    return Simulator(platform, time, Acts(platform), hooks, Faults(ids), journal)
