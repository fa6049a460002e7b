"""How often somebody may guess: tries are counted before they are looked at, so that many at once are no way around.

An account waits after few wrong tries, wherever they come from; an address after more, because many people may share
one. Being let in takes back what it counted, and forgives the account, but never the address: who has an account of
their own would guess those of others between.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from runtime.desk.refusal import Refused
from runtime.ports import Clock

TRIES: Final = 5
"""Wrong tries of one account after which it has to wait."""
FROM_ONE: Final = 20
"""Wrong tries from one address after which it has to wait."""
WAIT: Final = 30_000
"""How long it then waits, in ms; doubles with each further try up to an hour."""
LONGEST_WAIT: Final = 3_600_000
FORGOTTEN: Final = {"account": 86_400_000, "address": 3_600_000}
"""How long after the last try nobody remembers it, in ms."""
HELD: Final = 100_000
"""Keys that are remembered; beyond that, those whose last try is longest ago are not."""


@dataclass(frozen=True, slots=True)
class Counted:
    count: int = 0
    at: int = 0


@dataclass
class Patience:
    """Counts tries by key. Of one process."""

    clock: Clock
    _tried: dict[tuple[str, str], Counted] = field(default_factory=dict)

    def begin(self, account: str, address: str) -> None:
        """Count a try, of no account if that is empty.

        Raises `Refused` (429) while account or address have to wait; then it does not count.
        """
        now, keys = self.clock.now(), _keys(account, address)
        for key in keys:
            if (left := self._wait(key, now)) > 0:
                raise Refused(f"too many wrong tries; try again in {-(-left // 1000)} s", 429)
        for key in keys:
            self._tried[key] = Counted(self._known(key, now).count + 1, now)
        if len(self._tried) > HELD:
            latest = sorted(self._tried.items(), key=lambda one: one[1].at)[HELD // 2 :]
            self._tried = dict(latest)

    def passed(self, account: str, address: str) -> None:
        """The try that `begin` counted was right."""
        *_, of_address = _keys(account, address)
        self._tried.pop(("account", account), None)
        if (found := self._tried.get(of_address)) is not None:
            self._tried[of_address] = Counted(max(0, found.count - 1), found.at)

    def _known(self, key: tuple[str, str], now: int) -> Counted:
        found = self._tried.get(key, Counted())
        return found if now - found.at < FORGOTTEN[key[0]] else Counted()

    def _wait(self, key: tuple[str, str], now: int) -> int:
        """How much longer, in ms."""
        found, most = self._known(key, now), TRIES if key[0] == "account" else FROM_ONE
        over = found.count - most
        return found.at + min(LONGEST_WAIT, WAIT << min(over, 10)) - now if over >= 0 else 0


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
