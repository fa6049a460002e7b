"""Chats as lists at the desk show them, whoever has them: the bot, nobody for now, or people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from runtime.model import Session
from runtime.store import codec
from runtime.store.lanes import Op, Row

Found = list[dict[str, Any]]

OWNERS: Final = ("bot", "paused")
LINES: Final = 5_000
PAGE: Final = 500
"""Lines of the transcript, and chats among them, that are looked at for one answer: the latest."""
LATEST: Final = """SELECT session, max(seq) FROM
  (SELECT session, seq FROM transcript ORDER BY seq DESC LIMIT ?) AS latest
  GROUP BY session ORDER BY max(seq) DESC LIMIT ?"""
LAST: Final = """SELECT text, kind FROM transcript WHERE session = ? AND who IN ('user', 'bot', 'agent')
  ORDER BY at DESC, seq DESC LIMIT 1"""
STATES: Final = "SELECT key, state FROM sessions WHERE key IN ({})"
MEDIA: Final = "SELECT session FROM media WHERE token = ? AND state = 'kept'"


def listed(owner: str, words: str, limit: int) -> Op[Found]:
    """Chats of one owner that are called so, the latest first."""
    keys = [key for key, _ in (yield LATEST, (LINES, PAGE))]
    states = dict((yield STATES.format(", ".join("?" * len(keys))), tuple(keys))) if keys else {}
    found: Found = []
    for session in (codec.session_of(states[key]) for key in keys if key in states):
        if len(found) < limit and _fits(session, owner, words.casefold()):
            last = yield LAST, (session.key,)
            found.append(_shown(session, owner, last))
    return found


def _fits(session: Session, owner: str, words: str) -> bool:
    if session.control.owner != owner or session.chat.kind == "none":
        return False
    return words in f"{session.profile.get('name') or ''} {session.chat.id}".casefold()


def _shown(session: Session, owner: str, last: Sequence[Row] | None) -> dict[str, Any]:
    return {
        "session": session.key, "endpoint": session.endpoint, "seen": session.seen, "owner": owner,
        "subject": str(session.profile.get("name") or session.chat.id), "group": session.chat.kind != "user",
        "picture": str(session.profile.get("picture") or ""),
        "last": str(last[0][0] or last[0][1])[:200] if last else "",
    }  # fmt: skip


def faces(sessions: Sequence[str]) -> Op[dict[str, str]]:
    """Session → address of the picture of whoever it belongs to."""
    found: dict[str, str] = {}
    if sessions:
        for key, state in (yield STATES.format(", ".join("?" * len(sessions))), tuple(sessions)):
            picture = codec.session_of(state).profile.get("picture")
            found |= {key: picture} if isinstance(picture, str) and picture else {}
    return found


def media(token: str) -> Op[str]:
    """The session that a kept content belongs to; empty: there is none."""
    found = yield MEDIA, (token,)
    return str(found[0][0]) if found else ""
