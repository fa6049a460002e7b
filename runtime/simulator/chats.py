"""What was said in each chat, on both sides, and the bytes of what was sent there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from runtime.simulator.feed import Feed
from runtime.simulator.values import Content, Missing, Said


class Chats:
    """Histories by bot and chat, bounded: beyond `keep` entries in all, the oldest are forgotten."""

    def __init__(self, feed: Feed, keep: int = 100_000) -> None:
        self._feed = feed
        self._keep = keep
        self._histories: dict[tuple[str, str], deque[str]] = {}
        self._said: dict[str, Said] = {}
        self.loading: dict[tuple[str, str], int] = {}
        self.read: dict[tuple[str, str], str] = {}

    def add(self, said: Said) -> Said:
        rev = self._feed.next()
        said = replace(said, rev=rev)
        self._said[said.id] = said
        history = self._histories.get((said.bot, said.chat))
        if history is None:
            history = self._histories[(said.bot, said.chat)] = deque()
        history.append(said.id)
        if len(self._said) > self._keep:
            self._forget_oldest()
        self._feed.publish("said", said, rev)
        return said

    def _forget_oldest(self) -> None:
        oldest = next(iter(self._said))
        said = self._said.pop(oldest)
        self._histories[(said.bot, said.chat)].popleft()  # each history is in the same order

    def change(self, id: str, **changes: Any) -> Said:
        """The entry with some fields changed; whoever watches the chat sees it again."""
        rev = self._feed.next()
        said = self._said[id] = replace(self.get(id), rev=rev, **changes)
        self._feed.publish("changed", said, rev)
        return said

    def get(self, id: str) -> Said:
        """Raises `Missing`."""
        said = self._said.get(id)
        if said is None:
            raise Missing(f"no message {id}")
        return said

    def find(self, id: str) -> Said | None:
        return self._said.get(id)

    def history(self, bot: str, chat: str, after: int = 0, limit: int = 1_000, before: str = "") -> list[Said]:
        """Entries that are new or changed since `after`, in the order they were said; the last `limit` of them.

        With `before`, of those that stand above the entry of that id. Raises `Missing` when it is not in the chat.
        """
        history = self._histories.get((bot, chat), ())
        ids = list(history)[: self._place(history, before)] if before else history
        found = [said for id in ids if (said := self._said[id]).rev > after]
        return found[-limit:] if limit else []

    @staticmethod
    def _place(history: Iterable[str], id: str) -> int:
        for place, one in enumerate(history):
            if one == id:
                return place
        raise Missing(f"no message {id} in this chat")

    def last(self, bot: str, chat: str) -> Said | None:
        """The last message of a chat, notes left out."""
        for id in reversed(self._histories.get((bot, chat), ())):
            if self._said[id].via != "note":
                return self._said[id]
        return None

    def of_bot(self, bot: str) -> Iterator[tuple[str, Said]]:
        """Chats of a bot with their last entry."""
        for (name, chat), ids in self._histories.items():
            if name == bot and ids:
                yield chat, self._said[ids[-1]]


class Contents:
    """Bytes by message id; beyond `keep` bytes in all, the oldest are forgotten as LINE forgets them."""

    def __init__(self, keep: int = 256 * 1024 * 1024) -> None:
        self._keep = keep
        self._size = 0
        self._kept: dict[str, Content] = {}

    def put(self, id: str, content: Content) -> None:
        self.drop(id)
        self._kept[id] = content
        self._size += len(content.data)
        while self._size > self._keep and len(self._kept) > 1:
            self.drop(next(iter(self._kept)))

    def drop(self, id: str) -> None:
        content = self._kept.pop(id, None)
        if content:
            self._size -= len(content.data)

    def get(self, id: str) -> Content | None:
        return self._kept.get(id)

    def change(self, id: str, **changes: Any) -> Content:
        """Raises `Missing`."""
        if id not in self._kept:
            raise Missing(f"no content of message {id}")
        content = self._kept[id] = replace(self._kept[id], **changes)
        return content

    def gone(self, id: str) -> None:
        """Unsent: from now on 410."""
        if id in self._kept:
            self._size -= len(self._kept[id].data)
            self._kept[id] = replace(self._kept[id], data=b"", state="gone")
