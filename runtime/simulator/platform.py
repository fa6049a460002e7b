"""The platform itself: one state, changed by what bots and people do. No sockets, no waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from runtime.model import Data, Message
from runtime.ports import Clock
from runtime.simulator.account import Account
from runtime.simulator.chats import Chats, Contents
from runtime.simulator.events import KINDS, source
from runtime.simulator.feed import Feed
from runtime.simulator.ids import Ids
from runtime.simulator.people import People
from runtime.simulator.tokens import AccessTokens, Notes, ReplyTokens
from runtime.simulator.values import Bot, Impossible, Missing, Said

QUOTABLE: Final = ("text", "textV2", "sticker", "image", "video", "template", "flex")
Outgoing = Callable[[Account, str, dict[str, Any]], None]


class Platform:
    """Bots, people, chats and tokens. `outgoing` is handed each webhook event of an account, with its chat."""

    def __init__(self, clock: Clock, *, ids: Ids, reply_life: int, reply_limit: int) -> None:
        self.clock = clock
        self.ids = ids
        self.feed = Feed()
        self.accounts: dict[str, Account] = {}
        self.access = AccessTokens(ids)
        self.outgoing: Outgoing = lambda account, chat, event: None
        self._life = (reply_life, reply_limit)
        self.reset()

    def reset(self) -> None:
        """Forget everything but the bots, their access tokens and rich menus."""
        ids = self.ids
        self.people = People(self.feed)
        self.chats = Chats(self.feed)
        self.contents = Contents()
        self.accounts = {name: account.anew(ids) for name, account in self.accounts.items()}
        self.replies = ReplyTokens(ids, *self._life)
        self.quotes = Notes(ids, 88)
        self.reads = Notes(ids, 60)
        self.links = Notes(ids, 32, life=600_000)
        self.pages = Notes(ids, 40, life=86_400_000)
        self.feed.publish("reset", {})

    def now(self) -> int:
        return self.clock.now()

    # ── bots ──────────────────────────────────────────────────────────────────────────────────────────────

    def account(self, name: str) -> Account:
        """Raises `Missing`."""
        account = self.accounts.get(name)
        if account is None:
            raise Missing(f"no bot {name}; known: {', '.join(self.accounts) or 'none'}")
        return account

    def add_bot(self, bot: Bot) -> Account:
        """Raises `BadInput` when it is incomplete and `Impossible` when the name, id or token is taken."""
        bot = bot.complete()
        for other in self.accounts.values():
            if bot.name == other.bot.name or bot.user_id == other.bot.user_id or bot.channel_id == other.bot.channel_id:
                raise Impossible(f"a bot {other.bot.name} with this name, channel or user id exists already")
        if self.access.get(bot.access_token, self.now()):
            raise Impossible("this access token belongs to another bot")
        account = self.accounts[bot.name] = Account(bot, self.ids)
        self.access.keep(bot.access_token, bot.name)
        self.feed.publish("bot", {"name": bot.name})
        return account

    def change_bot(self, name: str, **changes: Any) -> Account:
        account = self.account(name)
        old, account.bot = account.bot, replace(account.bot, **changes).complete()
        if old.access_token != account.bot.access_token:
            self.access.revoke(old.access_token, ("long",))
            self.access.keep(account.bot.access_token, name)
        self.feed.publish("bot", {"name": name})
        return account

    def drop_bot(self, name: str) -> None:
        self.account(name)
        del self.accounts[name]
        self.access.forget(name)
        self.feed.publish("bot", {"name": name, "gone": True})

    def by_channel(self, channel_id: str) -> Account | None:
        return next((a for a in self.accounts.values() if a.bot.channel_id == channel_id), None)

    # ── webhooks ──────────────────────────────────────────────────────────────────────────────────────────

    def emit(
        self, account: Account, kind: str, own: Data, *, chat: str = "", user: str = "", at: int | None = None
    ) -> dict[str, Any]:
        """Make the event and hand it on to be delivered; `own` are the properties of its kind."""
        shape, now = KINDS[kind], self.now() if at is None else at
        if chat.startswith("R"):
            self._announce(account, chat)
        event: dict[str, Any] = {
            "type": shape.type,
            "mode": "standby" if account.standing_by(chat) else "active",
            "timestamp": now,
            "webhookEventId": self.ids.ulid(now),
            "deliveryContext": {"isRedelivery": False},
        }
        if shape.sourced:
            event["source"] = source(chat, user if self._known(user) else "")
        if shape.replies and event["mode"] == "active":
            event["replyToken"] = self.replies.issue(account.bot.name, chat, now)
        event.update(own)
        self.outgoing(account, chat, event)
        return event

    def _known(self, user: str) -> bool:
        found = self.people.users.get(user)
        return found is not None and found.consent

    def _announce(self, account: Account, room: str) -> None:
        """A room tells of the bot's joining at its first event: https://developers.line.biz/en/reference/messaging-api/#join-event"""
        found = self.people.groups.get(room)
        if found and found.fresh:
            self.people.change_group(room, fresh=False)
            self.emit(account, "join", {}, chat=room)

    # ── who can be reached ────────────────────────────────────────────────────────────────────────────────

    def reachable(self, account: Account, chat: str) -> int | None:
        """How many people a message to the chat reaches; None when LINE refuses the destination.

        Blockers and strangers are no error: the message is taken and delivered to nobody.
        """
        if chat.startswith("U"):
            user = self.people.users.get(chat)
            if user is None:
                return 1 if account.bot.open else None
            return 1 if account.relation(user) == "friend" or self._wrote_lately(account, chat) else 0
        group = self.people.groups.get(chat)
        if group is None or group.bot != account.bot.name:
            return None
        return len(group.members)

    def _wrote_lately(self, account: Account, chat: str) -> bool:
        """Who is no friend is reached for seven days after writing: https://developers.line.biz/en/reference/messaging-api/#send-push-message"""
        user = self.people.users[chat]
        if account.relation(user) == "blocked":
            return False
        said = self.chats.history(account.bot.name, chat, limit=100)
        return any(s.who == chat and s.at > self.now() - 7 * 86_400_000 for s in said)

    def friends(self, account: Account) -> list[str]:
        return [user.id for user in self.people.users.values() if account.relation(user) == "friend"]

    # ── what bots say ─────────────────────────────────────────────────────────────────────────────────────

    def deliver(self, account: Account, chat: str, messages: Sequence[Message], via: str) -> list[dict[str, str]]:
        """Put messages into a chat and say their ids and quote tokens."""
        name, now = account.bot.name, self.now()
        self.chats.loading.pop((name, chat), None)
        return [self._place(name, chat, message, via, now) for message in messages]

    def _place(self, bot: str, chat: str, message: Message, via: str, now: int) -> dict[str, str]:
        id = self.ids.message()
        sent = {"id": id}
        if message["type"] in QUOTABLE:
            sent["quoteToken"] = self.quotes.issue(bot, chat, id, now)
        quoted = self.quotes.get(message["quoteToken"], bot, now) if "quoteToken" in message else None
        self.chats.add(
            Said(
                id=id,
                bot=bot,
                chat=chat,
                who="bot",
                via=via,
                at=now,
                message=message,
                quote_token=sent.get("quoteToken", ""),
                quoted=quoted[1] if quoted else "",
            )
        )
        return sent

    def spread(self, account: Account, users: Iterable[str], messages: Sequence[Message], via: str) -> int:
        """Deliver to many people; how many were reached."""
        reached = [user for user in users if self.reachable(account, user)]
        for user in reached:
            self.deliver(account, user, messages, via)
        return len(reached)

    def note(self, account: Account, chat: str, text: str, who: str = "") -> Said:
        """A line of the app itself in a chat: somebody came, left, or blocked."""
        return self.chats.add(
            Said(
                id=self.ids.message(),
                bot=account.bot.name,
                chat=chat,
                who=who,
                via="note",
                at=self.now(),
                message={"type": "note", "text": text},
            )
        )
