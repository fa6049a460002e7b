"""A case as lists and news show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

BODY: Final = ("priority", "labels", "language", "reachable", "number", "heard", "spoken", "reason")
"""What is only in a case's body."""
HIDDEN: Final = frozenset(("body", "reserved", "reserved_until", "urgency"))


def summary(row: Mapping[str, Any], names: Mapping[str, str] = {}, faces: Mapping[str, str] = {}) -> dict[str, Any]:
    """From a row with its body: times in ms since the epoch, 0 for never. `names` of agents, `faces` of chats."""
    body = row["body"]
    shown = {key: row[key] for key in row if key not in HIDDEN}
    return {
        **shown,
        **{key: body.get(key, "") for key in BODY},
        "offer": body.get("offer"),
        "group": not row["contact"],
        "agent_name": names.get(row["agent"], ""),
        "picture": faces.get(row["session"], ""),
    }
