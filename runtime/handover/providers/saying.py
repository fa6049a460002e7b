"""What users send, in words and files that every desk can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from runtime.handover.providers.calling import File
from runtime.model import Data

Opener = Callable[[str], "tuple[Path, str] | None"]
"""Finds the file of a content token and its type."""

LINES: Final = 40
"""Lines of the conversation so far that a desk is told."""
WHO: Final = {"user": "user", "bot": "bot", "agent": "agent"}


def words(asked: Data) -> str:
    """A message or a tap as text; in groups with its author."""
    message = asked.get("message") or {}
    text = str(asked.get("text") or "") or _shown(message)
    author = asked.get("author")
    return f"{author}: {text}" if author else text


def _shown(message: Mapping[str, Any]) -> str:
    kind = str(message.get("type") or "")
    if kind == "sticker":
        keywords = message.get("keywords")
        return f"[sticker] {', '.join(map(str, keywords))}" if isinstance(keywords, list | tuple) else "[sticker]"
    if kind == "location":
        where = [message.get("title"), message.get("address"), _point(message)]
        return "📍 " + "\n".join(str(part) for part in where if part)
    if "data" in message:
        return f"[tap] {message.get('data')}"
    content = message.get("content")
    failed = content.get("failed") or ("taken back" if content.get("gone") else "") if isinstance(content, dict) else ""
    return f"[{kind}: {failed}]" if failed else "" if content else f"[{kind}]" if kind else ""


def _point(message: Mapping[str, Any]) -> str:
    return f"https://maps.google.com/?q={message.get('latitude')},{message.get('longitude')}"


def file_of(asked: Data, opener: Opener, field: str) -> File | None:
    """The file of a message, when there is one and it was kept."""
    message = asked.get("message") or {}
    content = message.get("content")
    token = str(content.get("token") or "") if isinstance(content, dict) else ""
    found = opener(token) if token else None
    if found is None:
        return None
    path, type = found
    return File(field, str(message.get("name") or f"{message.get('type')}{path.suffix}"), type, path.read_bytes())


def history(rows: Sequence[Data]) -> str:
    """The conversation so far, a line each."""
    lines = []
    for row in rows[-LINES:]:
        text = str(row.get("text") or "") or f"[{row.get('kind')}]"
        if row.get("who") in WHO:
            lines.append(f"{WHO[row['who']]}: {text}")
    return "\n".join(lines)


def briefing(asked: Data) -> str:
    """What agents should know before they answer: subject, variables, the conversation so far."""
    context = asked.get("context") or {}
    facts = [f"{name}: {value}" for name, value in context.items() if value not in (None, "")]
    about = [str(asked.get("subject") or ""), "\n".join(facts), str(asked.get("transcript") or "")]
    return "\n\n".join(part for part in about if part)
