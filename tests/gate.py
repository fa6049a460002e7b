"""Slow work that a test lets go when it likes: what a bot's `call` step waits for.

A bot made of `SLOW` answers `slow NAME` when `gate(NAME).open.set()` was called; `gate(NAME).reached` tells that
its turn has come that far.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

SLOW = {
    "transformers/slow.py": "from tests.gate import slow\n",
    "flows/slow.yaml": """flow: slow
start:
  - keyword: "slow*"
steps:
  - call: slow.py:slow
    args: {gate: "{{ input.text }}"}
    timeout: 100s
  - say: "{{ input.text }} is done"
  - end
fallback:
  - say: "{{ input.text }}"
""",
}


@dataclass(slots=True)
class Gate:
    open: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    times: int = 0


_gates: dict[str, Gate] = {}


def gate(name: str) -> Gate:
    """A new, closed gate of this name."""
    _gates[name] = made = Gate()
    return made


async def slow(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> dict[str, Any]:
    found = _gates[args["gate"]]
    found.times += 1
    found.reached.set()
    await found.open.wait()
    return {}
