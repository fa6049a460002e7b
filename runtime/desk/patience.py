"""How often somebody may guess: tries are counted before they are looked at, so that many at once are no way around.

An account waits after few wrong tries, wherever they come from; an address after more, because many people may share
one. Being let in takes back what it counted, and forgives the account, but never the address: who has an account of
their own would guess those of others between.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from runtime.desk.refusal import Refused
from runtime.ports import Clock
from runtime.store.store import Store

TRIES: Final = 5
"""Wrong tries of one account after which it has to wait."""
FROM_ONE: Final = 20
"""Wrong tries from one address after which it has to wait."""
WAIT: Final = 30_000
"""How long it then waits, in ms; doubles with each further try up to an hour."""
LONGEST_WAIT: Final = 3_600_000
FORGOTTEN: Final = {"account": 86_400_000, "address": 3_600_000}
"""How long after the last try nobody remembers it, in ms."""


class Patience:
    """Counts tries by key, for all processes together."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def begin(self, account: str, address: str) -> None:
        """Count a try, of no account if that is empty.

        Raises `Refused` (429) while account or address have to wait; then it does not count.
        """
        now = self._clock.now()

        def judge(kind: str, count: int, at: int) -> tuple[int, int]:
            count = count if now - at < FORGOTTEN[kind] else 0
            return count, waits(kind, count) and at + waits(kind, count) - now

        left = await self._store.attempt(_keys(account, address), judge, now - max(FORGOTTEN.values()), now)
        if left:
            raise Refused(f"too many wrong tries; try again in {-(-left // 1000)} s", 429)

    async def passed(self, account: str, address: str) -> None:
        """The try that `begin` counted was right."""
        *of_account, of_address = _keys(account, address)
        await self._store.forgive(of_account, [of_address])


def waits(kind: str, count: int) -> int:
    """For how long after the last of so many tries there is none, in ms."""
    over = count - (TRIES if kind == "account" else FROM_ONE)
    return min(LONGEST_WAIT, WAIT << min(over, 10)) if over >= 0 else 0


def _keys(account: str, address: str) -> tuple[tuple[str, str], ...]:
    of_address = ("address", neighbourhood(address))
    return (("account", account), of_address) if account else (of_address,)


def neighbourhood(address: str) -> str:
    """Who has one IPv6 address has all of its last 64 bits."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    inner = found.ipv4_mapped
    return str(inner) if inner else str(ipaddress.IPv6Network((found, 64), strict=False).network_address)
