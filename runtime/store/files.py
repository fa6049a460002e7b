"""Which chats hold which file: what agents sent is kept as long as one of them does, or a ready-made reply."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from runtime.model import Noted
from runtime.store import codec
from runtime.store.lanes import Op

LINK: Final = "/media/d-"
"""Stands in every link of an agent's file, and in nothing else."""
TOKEN: Final = re.compile(re.escape(LINK) + "([0-9a-f]{32})")

HOLD: Final = """INSERT INTO sent_files (id, token, session, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET at = excluded.at"""
HELD: Final = "SELECT token FROM sent_files WHERE session = ? ORDER BY token"
NEEDED: Final = "SELECT 1 FROM sent_files WHERE token = ? LIMIT 1"
READY: Final = "SELECT 1 FROM items WHERE body LIKE ? LIMIT 1"
LET_GO: Final = """DELETE FROM sent_files WHERE at < ?
  AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.session = sent_files.session AND cases.ended = 0) RETURNING token"""
AGED: Final = """UPDATE media SET state = 'erased' WHERE state = 'kept' AND at < ?
  AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.session = media.session AND cases.ended = 0)
  AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.key = media.session
    AND sessions.state LIKE '%' || media.token || '%') RETURNING token"""
"""What users sent; a bot may have kept the name of a file among its variables, and then goes on using it."""


def held(notes: Sequence[Noted], session: str, now: int) -> Op[None]:
    """Remember the files that lines of the log name."""
    for note in notes:
        text = codec.text(note.data)
        if LINK in text:
            yield HOLD, [(f"{token} {session}", token, session, now) for token in dict.fromkeys(TOKEN.findall(text))]


def of_session(session: str) -> Op[list[str]]:
    return [token for (token,) in (yield HELD, (session,))]


def unneeded(tokens: Sequence[str]) -> Op[list[str]]:
    """Those of these files that no chat and no ready-made reply holds."""
    free = set(tokens)
    for token in tokens:
        if (yield NEEDED, (token,)) or (yield READY, (f"%{token}%",)):
            free.discard(token)
    return sorted(free)


def prune(before: int) -> Op[tuple[int, int]]:
    """Let go of files that were sent before, and of what users sent before; how many of each."""
    sent = yield LET_GO, (before,)
    media = yield AGED, (before,)
    return len(sent), len(media)
