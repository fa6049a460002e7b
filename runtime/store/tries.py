"""How often somebody tried to come in, for all processes together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from runtime.store.lanes import Op

OLD: Final = "DELETE FROM tries WHERE at < ?"
HOLD: Final = """INSERT INTO tries (id, count, at) VALUES (?, 0, ?)
  ON CONFLICT (id) DO UPDATE SET count = tries.count RETURNING count, at"""
"""Whoever asks holds the row until the transaction ends, so that of many at once each is counted."""
COUNTED: Final = "UPDATE tries SET count = ?, at = ? WHERE id = ?"
UNTRIED: Final = "DELETE FROM tries WHERE id = ? AND count = 0"
FORGET: Final = "DELETE FROM tries WHERE id = ?"
ONE_LESS: Final = "UPDATE tries SET count = count - 1 WHERE id = ? AND count > 0"

Key = tuple[str, str]
"""Kind and name."""
Judge = Callable[[str, int, int], tuple[int, int]]
"""From a key's kind, its tries and when the last was: how many of them still count, and how long it has to wait (ms).
Called inside the transaction."""


def attempt(keys: list[Key], judge: Judge, old: int, now: int) -> Op[int]:
    yield OLD, (old,)
    held: list[tuple[str, int]] = []
    longest = 0
    for kind, name in sorted(keys, key=_id):  # always in one order, so that two of them never wait for each other
        [(count, at)] = yield HOLD, (_id((kind, name)), now)
        counts, wait = judge(kind, int(count), int(at))
        held.append((_id((kind, name)), counts))
        longest = max(longest, wait)
    if longest > 0:
        yield UNTRIED, [(id,) for id, _ in held]
        return longest
    yield COUNTED, [(counts + 1, now, id) for id, counts in held]
    return 0


def forgive(whole: list[Key], one: list[Key]) -> Op[None]:
    for sql, keys in ((FORGET, whole), (ONE_LESS, one)):
        if keys:
            yield sql, [(_id(key),) for key in sorted(keys, key=_id)]


def _id(key: Key) -> str:
    """What the store knows of it: neither addresses nor the e-mails that somebody guessed."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()
