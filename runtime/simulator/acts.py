"""What people do with LINE's app: write, unsend, edit, come and go. Each act changes the chat and tells the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.errors import BadInput
from runtime.simulator.account import Account
from runtime.simulator.platform import Platform
from runtime.simulator.values import Group, Impossible, Said
from runtime.simulator.written import FORMS, QUOTED, QUOTING, WRITTEN, Body, formed, need


class Acts:
    """The acts, over one platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────

    def author(self, account: Account, chat: str, user: str = "") -> str:
        """Who writes in the chat: the person of a one-to-one chat, else the named member.

        Raises `Missing`, or `Impossible` when the app would not let them.
        """
        people = self.platform.people
        if chat.startswith("U"):
            if account.relation(people.user(chat)) == "blocked":
                raise Impossible(f"{people.user(chat).name} blocked {account.bot.name}; follow first")
            return chat
        group = people.group(chat)
        user = user or (group.members[0] if group.members else "")
        if user not in group.members:
            raise Impossible(f"{user or 'nobody'} is not in {group.name}")
        if group.bot != account.bot.name:
            raise Impossible(f"{account.bot.name} is not in {group.name}; invite it first")
        return user

    def send(self, account: Account, chat: str, body: Body, user: str = "", *, via: str = "user") -> list[Said]:
        """Write a message; `count` sends several images at once as one set. Returns what stands in the chat."""
        formed(body, FORMS)
        kind = need(body, "type", str)
        if kind not in WRITTEN:
            raise BadInput(f"type: one of {', '.join(WRITTEN)}")
        who = self.author(account, chat, user)
        count = body.get("count") or 1
        if count == 1:
            return [self._write(account, chat, who, body, via)]
        if kind != "image" or not 2 <= count <= 20:
            raise BadInput("count: 2 to 20 images at once")
        id = self.platform.ids.token(32).upper()
        sets = [{"id": id, "index": index, "total": count} for index in range(1, count + 1)]
        return [self._write(account, chat, who, {**body, "set": set}, via) for set in sets]

    def _write(self, account: Account, chat: str, who: str, body: Body, via: str) -> Said:
        platform, name, now = self.platform, account.bot.name, self.platform.now()
        written, content = WRITTEN[body["type"]](platform, account, body)
        id = platform.ids.message()
        message = {"id": id, **written, **self._quoted(account, chat, written["type"], body)}
        if written["type"] in QUOTED:
            message["quoteToken"] = platform.quotes.issue(name, chat, id, now)
        if account.bot.chat_mode == "chat":
            message["markAsReadToken"] = platform.reads.issue(name, chat, id, now)
        if content:
            platform.contents.put(id, content)
        said = Said(
            id=id,
            bot=name,
            chat=chat,
            who=who,
            via=via,
            at=now,
            message=message,
            quote_token=message.get("quoteToken", ""),
            quoted=message.get("quotedMessageId", ""),
        )
        said = platform.chats.add(said)
        platform.emit(account, "message", {"message": message}, chat=chat, user=who, at=now)
        return said

    def _quoted(self, account: Account, chat: str, kind: str, body: Body) -> dict[str, str]:
        if not body.get("quote"):
            return {}
        quoted = self.platform.chats.get(body["quote"])
        if quoted.chat != chat or quoted.bot != account.bot.name:
            raise Impossible("only messages of the same chat can be quoted")
        if kind not in QUOTING or not quoted.quote_token:
            raise Impossible("this cannot quote, or that cannot be quoted")
        return {"quotedMessageId": quoted.id}

    def shown(self, account: Account, chat: str, who: str, text: str) -> Said:
        """A line the app shows as the user's own without telling the bot (`displayText`)."""
        platform = self.platform
        id = platform.ids.message()
        message = {"id": id, "type": "text", "text": text}
        said = Said(id=id, bot=account.bot.name, chat=chat, who=who, via="tap", at=platform.now(), message=message)
        return platform.chats.add(said)

    def _own(self, id: str) -> tuple[Account, Said]:
        said = self.platform.chats.get(id)
        if said.who == "bot" or said.via == "note" or said.state == "unsent":
            raise Impossible("people unsend and edit messages of their own that are still there")
        return self.platform.account(said.bot), said

    def unsend(self, id: str) -> Said:
        """https://developers.line.biz/en/reference/messaging-api/#unsend-event"""
        account, said = self._own(id)
        self.platform.contents.gone(id)
        said = self.platform.chats.change(id, state="unsent")
        self.platform.emit(account, "unsend", {"unsend": {"messageId": id}}, chat=said.chat, user=said.who)
        return said

    def edit(self, id: str, body: Body) -> Said:
        """Texts in groups only; a new quote token: https://developers.line.biz/en/reference/messaging-api/#edit-event"""
        formed(body, {"text": str, "emojis": list, "mention": list})
        account, said = self._own(id)
        now = self.platform.now()
        if not said.chat.startswith("C") or said.message["type"] != "text":
            raise Impossible("only texts in groups can be edited")
        written, _ = WRITTEN["text"](self.platform, account, body)
        token = self.platform.quotes.issue(account.bot.name, said.chat, id, now)
        message = {"id": id, **written, "quoteToken": token}
        said = self.platform.chats.change(id, state="edited", message=message, quote_token=token)
        self.platform.emit(account, "edited", {"message": message}, chat=said.chat, user=said.who)
        return said

    # ── friends ───────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, account: Account, user: str) -> None:
        """Add as a friend, or unblock: https://developers.line.biz/en/reference/messaging-api/#follow-event"""
        person = self.platform.people.user(user)
        unblocked = account.relation(person) == "blocked"
        account.relations[user] = "friend"
        self.platform.note(account, user, "unblocked" if unblocked else "added as a friend", user)
        self.platform.emit(account, "follow", {"follow": {"isUnblocked": unblocked}}, chat=user, user=user)

    def unfollow(self, account: Account, user: str) -> None:
        """Block: https://developers.line.biz/en/reference/messaging-api/#unfollow-event"""
        person = self.platform.people.user(user)
        if account.relation(person) == "blocked":
            raise Impossible(f"{person.name} has blocked {account.bot.name} already")
        account.relations[user] = "blocked"
        self.platform.note(account, user, "blocked", user)
        self.platform.emit(account, "unfollow", {}, chat=user, user=user)

    # ── groups ────────────────────────────────────────────────────────────────────────────────────────────

    def invite(self, account: Account, chat: str) -> Group:
        """One account to a group: https://developers.line.biz/en/docs/messaging-api/group-chats/"""
        group = self.platform.people.group(chat)
        if group.bot:
            raise Impossible(f"{group.bot} is in {group.name}; a group takes one official account")
        late = group.kind == "room"
        group = self.platform.people.change_group(chat, bot=account.bot.name, fresh=late)
        self.platform.note(account, chat, f"{account.bot.display_name} joined")
        if not late:
            self.platform.emit(account, "join", {}, chat=chat)
        return group

    def expel(self, chat: str) -> Group:
        """Remove the bot: https://developers.line.biz/en/reference/messaging-api/#leave-event"""
        group = self.platform.people.group(chat)
        account = self._inside(group)
        if account is None:
            raise Impossible(f"no bot is in {group.name}")
        group = self.platform.people.change_group(chat, bot="", fresh=False)
        self.platform.note(account, chat, f"{account.bot.display_name} was removed")
        self.platform.emit(account, "leave", {}, chat=chat)
        return group

    def _inside(self, group: Group) -> Account | None:
        return self.platform.accounts.get(group.bot)

    def join(self, chat: str, users: list[str]) -> Group:
        """https://developers.line.biz/en/reference/messaging-api/#member-joined-event"""
        group = self.platform.people.group(chat)
        new = [user for user in dict.fromkeys(users) if user not in group.members]
        for user in new:
            self.platform.people.user(user)
        if not new:
            raise Impossible(f"they are all in {group.name} already")
        group = self.platform.people.change_group(chat, members=(*group.members, *new))
        self._tell(group, "member_joined", "joined", new)
        return group

    def leave(self, chat: str, user: str) -> Group:
        """https://developers.line.biz/en/reference/messaging-api/#member-left-event"""
        group = self.platform.people.group(chat)
        if user not in group.members:
            raise Impossible(f"{user} is not in {group.name}")
        group = self.platform.people.change_group(chat, members=tuple(m for m in group.members if m != user))
        self._tell(group, "member_left", "left", [user])
        return group

    def _tell(self, group: Group, kind: str, word: str, users: list[str]) -> None:
        account = self._inside(group)
        if account is None:
            return
        for user in users:
            self.platform.note(account, group.id, word, user)
        known = [user for user in users if self.platform.people.user(user).consent]
        members = [{"type": "user", "userId": user} for user in known]
        self.platform.emit(account, kind, {word: {"members": members}}, chat=group.id)

    # ── the rest ──────────────────────────────────────────────────────────────────────────────────────────

    def watch(self, id: str) -> None:
        """Watch a video to its end: https://developers.line.biz/en/reference/messaging-api/#video-viewing-complete"""
        said = self.platform.chats.get(id)
        tracking = said.message.get("trackingId")
        if said.message["type"] != "video" or not tracking or not said.chat.startswith("U"):
            raise Impossible("only videos with a trackingId in one-to-one chats tell of their end")
        own = {"videoPlayComplete": {"trackingId": tracking}}
        self.platform.emit(self.platform.account(said.bot), "video_complete", own, chat=said.chat, user=said.chat)

    def suspend(self, account: Account, suspended: bool) -> None:
        kind = "bot_suspended" if suspended else "bot_resumed"
        if not suspended:
            account.bot = replace(account.bot, suspended=False)
        self.platform.emit(account, kind, {})
        account.bot = replace(account.bot, suspended=suspended)

    def control(self, account: Account, chat: str, active: bool, expires: int = 3_600_000) -> None:
        """Chat control of module channels: https://developers.line.biz/en/reference/partner-docs/#activated-event"""
        if active:
            account.standby.discard(chat)
            own: Mapping[str, Any] = {"chatControl": {"expireAt": self.platform.now() + expires}}
            self.platform.emit(account, "activated", own, chat=chat, user=chat)
        else:
            self.platform.emit(account, "deactivated", {}, chat=chat, user=chat)
            account.standby.add(chat)
