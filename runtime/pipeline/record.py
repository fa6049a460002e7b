"""What a turn leaves in the transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from runtime.model import Data, Entry, Message, Output, Turn
from runtime.pipeline.people import KIND, PROVIDER
from runtime.ports import Channel

HIDDEN = "•••"
"""What a transcript shows of private words."""

SAID = frozenset({"message", "postback", "edited"})
UNHEARD = frozenset({"timer", "copilot", KIND, PROVIDER})
"""Kinds of events by which nobody says anything."""


def entries(
    keep: bool, secret: Callable[[Message], bool], turn: Turn, messages: Sequence[Message], now: int
) -> tuple[Entry, ...]:
    """The lines of a turn: what the user did, what was said to them. Private words are only marked."""
    event, key = turn.event, turn.session.key
    lines = []
    if event.kind not in UNHEARD:
        data = dict(event.data) if keep and not turn.private else {}
        data.pop("read_token", None)
        text = HIDDEN if turn.private else event.text if keep else ""
        kind = str(event.data.get("type") or event.kind) if event.kind in SAID else event.kind
        lines.append(
            Entry(
                session=key, at=event.at, who="user", kind=kind, text=text, data=data,
                event=event.id, message=str(event.data.get("id") or ""),
            )
        )  # fmt: skip
    who = "agent" if event.kind == KIND and event.data.get("do") == "reply" else "bot"
    for message in messages:
        hidden = secret(message)
        text = HIDDEN if hidden else str(message.get("text") or message.get("altText") or "") if keep else ""
        body = message if keep and not hidden else {}
        lines.append(
            Entry(session=key, at=now, who=who, kind=str(message.get("type")), text=text, data=body, event=event.id)
        )
    return tuple(lines)


def broken(turn: Turn, findings: Sequence[Data], now: int) -> tuple[Entry, ...]:
    """What the transcript tells of broken message rules: LINE's words, and what was done."""
    return tuple(
        Entry(
            session=turn.session.key, at=now, who="system", kind="violation", text=str(finding["message"]),
            data=finding, event=turn.event.id,
        )
        for finding in findings
    )  # fmt: skip


def private(channel: Channel, turn: Turn, outputs: Sequence[Output]) -> Callable[[Message], bool]:
    """Tells messages that no transcript may hold: beside a private output, all that no other output surely says."""
    if not any(output.private for output in outputs):
        return lambda message: False
    open_ = [m for o in outputs if not o.private for m in channel.render(o, turn.session)]
    shown = [{**message, "quickReply": None} for message in open_]
    return lambda message: {**message, "quickReply": None} not in shown
