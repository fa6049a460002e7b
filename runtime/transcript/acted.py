"""What agents did in a conversation, as lines of a transcript test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.handover.case.machine import KIND
from runtime.handover.providers.mail import PROVIDER
from runtime.store.store import Store
from runtime.transcript.written import block

BARE = ("accept", "reject", "claim", "take_over", "wake", "park", "done", "pause", "resume", "give_back")
"""Acts that say all with their name."""
PEOPLE = ("agent", "supervisor")
MOST = 100_000


async def acts_of(store: Store, session: str) -> list[dict[str, Any]]:
    """What agents did in a session, oldest first: `at`, `who`, `do` and what came along; without what was refused."""
    rows = [row for row in reversed(await store.list_events(None, session, MOST)) if row["kind"] == KIND]
    found = []
    for row in rows:
        shown = await store.show_event(row["id"])
        data = shown["body"]["data"]
        refused = any(line.get("handover") == "ignored" for line in shown["trace"] or ())
        if row["state"] == "done" and not refused and (who := _who(data)):
            found.append({**data, "at": int(shown["body"]["at"]), "who": who})
    return found


def _who(data: Mapping[str, Any]) -> str:
    """The agent who did it, at the desk or in another system, which itself is nobody; empty: none of them."""
    actor = data.get("actor") or {}
    if actor.get("kind") == PROVIDER:
        return str(actor.get("id") or "").partition(":")[2]
    return str(actor.get("id")) if actor.get("kind") in PEOPLE else ""


def line(act: Mapping[str, Any], first: str) -> str:
    """An act as an entry of `chat`; what a test cannot do becomes a comment."""
    made = _made(act)
    if made is None:
        return f"  # {act['who']}: {act['do']}: not recorded"
    if act["who"] != first:
        made = {**(made if isinstance(made, dict) else {"text": made}), "as": act["who"]}
    return f"  - agent: {block(made)}"


def _made(act: Mapping[str, Any]) -> Any:
    do = str(act.get("do"))
    if do in BARE:
        return {do: True}
    if do == "reply":
        return _said(act.get("messages") or ())
    if do == "note":
        return {"note": str(act.get("text") or "")}
    if do == "transfer":
        return {"transfer": _given(act, ("queue", "agent", "note"))}
    if do == "snooze":
        return {"snooze": f"{max(1, round((int(act.get('until') or 0) - act['at']) / 1000))}s"}
    if do == "resolve":
        return {"resolve": _given(act, ("labels", "inject", "form", "survey", "reason")) or True}
    if do == "assign":
        return {"assign": str(act.get("agent") or "")}
    return {"change": _given(act, ("labels", "skills", "subject", "priority"))} if do == "change" else None


def _given(act: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: act[name] for name in names if act.get(name) not in (None, "", [])}


def _said(messages: Sequence[Mapping[str, Any]]) -> Any:
    plain = [dict(one) for one in messages]
    if len(plain) == 1 and set(plain[0]) <= {"kind", "text"} and plain[0].get("kind", "text") == "text":
        text = str(plain[0].get("text") or "")
        return {"text": text} if text.startswith(("$", "/")) else text
    return {"reply": plain}


def given(acts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Who was there, for the beginning of the test: every queue is theirs."""
    names = {str(one["who"]): str((one.get("actor") or {}).get("name") or one["who"]) for one in acts}
    return {who: {"name": name} if name != who.title() else {} for who, name in names.items()}
