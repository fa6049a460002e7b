"""Tokens: of access, of replying, of quoting, of marking as read, of linking accounts."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from runtime.simulator.ids import Ids
from runtime.simulator.values import Accepted

DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """The right to answer one event once, until `expires`, at latest until `limit`."""

    bot: str
    chat: str
    expires: int
    limit: int


class ReplyTokens:
    """One-use reply tokens.

    A token lives a minute from each delivery of its event, at most 20 minutes from the event:
    https://developers.line.biz/en/reference/messaging-api/#send-reply-message-reply-token
    """

    def __init__(self, ids: Ids, life: int, limit: int) -> None:
        self._ids = ids
        self._life = life
        self._limit = limit
        self._open: OrderedDict[str, ReplyToken] = OrderedDict()
        self._spent: OrderedDict[str, None] = OrderedDict()

    def issue(self, bot: str, chat: str, now: int) -> str:
        token = self._ids.short()
        self._open[token] = ReplyToken(bot, chat, now + self._life, now + self._limit)
        self._forget(now)
        return token

    def _forget(self, now: int) -> None:
        while self._open and next(iter(self._open.values())).limit < now:
            self._open.popitem(last=False)

    def delivered(self, token: str, now: int) -> None:
        """The event goes out, for the first time or again: the minute begins anew."""
        held = self._open.get(token)
        if held:
            self._open[token] = replace(held, expires=min(now + self._life, held.limit))

    def take(self, token: str, bot: str, now: int) -> ReplyToken | None:
        """Use the token up; None when it is unknown, used, expired or another bot's."""
        held = self._open.get(token)
        if held is None or held.bot != bot:
            return None
        self.expire(token)
        return held if held.expires >= now else None

    def expire(self, token: str) -> None:
        """Make the token worthless."""
        self._open.pop(token, None)
        self._spent[token] = None
        if len(self._spent) > 100_000:
            self._spent.popitem(last=False)

    def take_strange(self, token: str) -> bool:
        """Whether a token this platform never issued is seen for the first time."""
        if token in self._spent:
            return False
        self.expire(token)
        return True


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token opens. `kind`: long, short, v2.1 or stateless."""

    bot: str
    kind: str
    expires: int | None = None
    key_id: str = ""


class AccessTokens:
    """Channel access tokens of all bots."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._open: dict[str, Access] = {}

    def keep(self, token: str, bot: str) -> None:
        """A long-lived token."""
        self._open[token] = Access(bot, "long")

    def issue(self, bot: str, kind: str, expires: int) -> tuple[str, str]:
        """A new token and its key id. Short-lived ones push out the oldest beyond 30, as LINE does."""
        if kind == "short" and len(own := self._of(bot, "short", 0)) >= 30:
            del self._open[own[0]]
        token, key_id = self._ids.token(172), self._ids.token(22)
        self._open[token] = Access(bot, kind, expires, key_id)
        return token, key_id

    def full(self, bot: str, now: int) -> bool:
        """Whether the bot has the 30 tokens v2.1 that LINE allows at a time."""
        return len(self._of(bot, "v2.1", now)) >= 30

    def key_ids(self, bot: str, now: int) -> list[str]:
        return [self._open[token].key_id for token in self._of(bot, "v2.1", now)]

    def _of(self, bot: str, kind: str, now: int) -> list[str]:
        return [t for t, a in self._open.items() if a.bot == bot and a.kind == kind and (a.expires or 0) > now]

    def get(self, token: str, now: int) -> Access | None:
        access = self._open.get(token)
        if access is None or (access.expires is not None and access.expires <= now):
            return None
        return access

    def revoke(self, token: str, kinds: tuple[str, ...]) -> None:
        access = self._open.get(token)
        if access and access.kind in kinds:
            del self._open[token]

    def forget(self, bot: str) -> None:
        for token in [t for t, a in self._open.items() if a.bot == bot]:
            del self._open[token]


class RetryKeys:
    """Retry keys of accepted requests, for 24 hours.

    https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, Accepted] = OrderedDict()

    def known(self, key: str, now: int) -> Accepted | None:
        while self._known and next(iter(self._known.values())).at + DAY <= now:
            self._known.popitem(last=False)
        return self._known.get(key)

    def keep(self, key: str, accepted: Accepted) -> None:
        self._known[key] = accepted


class Notes:
    """Tokens that point at something, of one kind, bounded; with a life they expire."""

    def __init__(self, ids: Ids, length: int, life: int | None = None, keep: int = 200_000) -> None:
        self._ids = ids
        self._length = length
        self._life = life
        self._keep = keep
        self._open: OrderedDict[str, tuple[str, str, str, int]] = OrderedDict()

    def issue(self, bot: str, chat: str, about: str, now: int) -> str:
        token = self._ids.token(self._length)
        self._open[token] = (bot, chat, about, now)
        if len(self._open) > self._keep:
            self._open.popitem(last=False)
        return token

    def get(self, token: str, bot: str, now: int) -> tuple[str, str] | None:
        """(chat, what the token is about), or None when it is unknown, expired or another bot's."""
        owner, chat, about, at = self._open.get(token, ("", "", "", 0))
        if owner != bot or (self._life is not None and at + self._life <= now):
            return None
        return chat, about

    def take(self, token: str, bot: str, now: int) -> tuple[str, str] | None:
        found = self.get(token, bot, now)
        self._open.pop(token, None)
        return found
