"""What the platform knows about one bot: its friends, its counts, its rich menus."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from runtime.model import Data
from runtime.simulator.ids import Ids
from runtime.simulator.menus import Menus
from runtime.simulator.tokens import RetryKeys
from runtime.simulator.values import Bot, Relation, User

JAPAN: Final = timezone(timedelta(hours=9))  # LINE counts days and months in Japan's time


def day(now: int) -> str:
    """`yyyyMMdd` as in LINE's statistics."""
    return datetime.fromtimestamp(now / 1000, JAPAN).strftime("%Y%m%d")


def stamp(now: int) -> str:
    """ISO 8601 with milliseconds, as LINE writes times."""
    return datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Account:
    """The state of one bot. `standby` holds the chats another module controls."""

    def __init__(self, bot: Bot, ids: Ids) -> None:
        self.bot = bot
        self.relations: dict[str, Relation] = {}
        self.standby: set[str] = set()
        self.retries = RetryKeys()
        self.menus = Menus(ids)
        self.units: set[str] = set()
        self.coupons: dict[str, dict[str, object]] = {}
        self.memberships: dict[int, Data] = {}
        self.members: dict[int, dict[str, int]] = {}
        self.narrowcasts: dict[str, Data] = {}
        self._sent: Counter[tuple[str, str]] = Counter()
        self._billed: Counter[str] = Counter()

    def anew(self, ids: Ids) -> Account:
        """The same bot before anybody met it. What it set up itself stays: its rich menus and the default one."""
        account = Account(self.bot, ids)
        account.menus = self.menus
        account.menus.linked.clear()
        return account

    def relation(self, user: User) -> Relation:
        return self.relations.get(user.id, user.relation)

    def standing_by(self, chat: str) -> bool:
        return self.bot.standby or chat in self.standby

    def count(self, how: str, recipients: int, now: int, *, billed: bool) -> None:
        """Count messages by recipients, as LINE bills them: https://developers.line.biz/en/docs/messaging-api/pricing/"""
        today = day(now)
        self._sent[how, today] += recipients
        if billed:
            self._billed[today[:6]] += recipients

    def sent(self, how: str, date: str) -> int:
        return self._sent[how, date]

    def billed(self, now: int) -> int:
        """Billed messages of this month."""
        return self._billed[day(now)[:6]]

    def bill(self, messages: int, now: int) -> None:
        """Set this month's count."""
        self._billed[day(now)[:6]] = messages

    def affords(self, recipients: int, now: int) -> bool:
        return self.bot.quota is None or self.billed(now) + recipients <= self.bot.quota
