"""What is sent of a turn whose messages break rules: repaired, its alternative text, or nothing of that message.

Nothing is silent: every broken rule is in the violations, with what was done about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from runtime.line.rules.answer import violation
from runtime.line.rules.checks import Where
from runtime.line.rules.explain import Found, explain
from runtime.line.rules.judge import TOS, passes_all
from runtime.line.rules.mend import Job, Message, at, mend
from runtime.line.rules.units import split
from runtime.model import ChatKind, Output, Violation
from runtime.text import utf16

Policy = Literal["repair", "fallback", "block"]
PACKING = frozenset({"req.messages.required", "req.messages.size"})
"""Rules about how many messages there are; packing sees to them."""
ROUNDS = 12  # one repair can bring another rule into play, never an endless row of them


@dataclass(frozen=True, slots=True)
class Piece:
    """One rendered message, its place in the turn, and the output it came from."""

    message: Any
    index: int
    output: Output

    @property
    def words(self) -> str:
        """What can be said instead."""
        own = self.message.get("altText") if isinstance(self.message, dict) else ""
        known = (self.output.alt, self.output.text, own)
        return next((w for w in known if isinstance(w, str) and w.strip()), "")


def repair(
    rendered: Iterable[tuple[Output, Sequence[Message]]], chat_kind: ChatKind = "user", policy: Policy = "repair"
) -> tuple[list[Message], list[Violation]]:
    """What may be sent of a turn, in order, and every rule its messages broke, each with what was `done`.

    The messages that come in are not changed. How many there are is left to the packing.
    """
    where = Where("reply", next((to for to in TOS if to == chat_kind), "user"))
    pieces = [(output, message) for output, messages in rendered for message in messages]
    if passes_all([message for _, message in pieces], *where):
        return [message for _, message in pieces], []
    sent: list[Message] = []
    broken: list[Violation] = []
    for index, (output, message) in enumerate(pieces):
        messages, violations = _piece(Piece(message, index, output), where, policy)
        sent += messages
        broken += violations
    return sent, broken


def _errors(found: Iterable[Found]) -> list[Found]:
    return [f for f in found if f.rule.severity == "error"]


def _explain(messages: Sequence[Any], where: Where) -> list[Found]:
    """The rules that the messages break each for itself."""
    found = explain({"messages": list(messages)}, "request", where)
    return [f for f in found if f.rule.id not in PACKING]


def _piece(piece: Piece, where: Where, policy: Policy) -> tuple[list[Message], list[Violation]]:
    if passes_all([piece.message], *where):
        return [piece.message], []
    found = _explain([piece.message], where)
    if not _errors(found):
        return [piece.message], _told(found, piece, {})
    if policy == "repair":
        messages, done = _tried(piece, where)
        if messages:
            return messages, _told(found, piece, done)
    instead = [] if policy == "block" else _instead(piece, where)
    what = "alternative text sent" if instead else "blocked" if policy == "block" else "left out"
    return instead, _told(found, piece, {id(f.rule): what for f in _errors(found)})


def _told(found: Iterable[Found], piece: Piece, done: Mapping[int, str]) -> list[Violation]:
    body = {"messages": [piece.message]}
    told = []
    for f in found:
        plain = violation(f, body)
        path = plain.path.replace("messages[0]", f"messages[{piece.index}]", 1)
        prop = plain.property.replace("messages[0]", f"messages[{piece.index}]", 1)
        fate = done.get(id(f.rule), "sent as it is" if f.rule.severity == "warning" else "repaired")
        told.append(replace(plain, path=path, property=prop, at=piece.output.at, done=fate))
    return told


def _copied(value: Any) -> Any:
    """A copy in which no object stands twice, as it may in what came from YAML or from shared constants."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _tried(piece: Piece, where: Where) -> tuple[list[Message], dict[int, str]]:
    """As `_repaired`; what is nested beyond all measure is not repaired."""
    try:
        return _repaired(piece, where)
    except RecursionError:
        return [], {}


def _repaired(piece: Piece, where: Where) -> tuple[list[Message], dict[int, str]]:
    """The message (or the several it became) with all errors mended, or nothing; the repairs by rule."""
    messages = [_copied(piece.message)]
    done: dict[int, str] = {}
    for _ in range(ROUNDS):
        errors = _errors(_explain(messages, where))
        if not errors:
            return messages, done
        if not isinstance(messages[0], dict) or not _round(messages, errors, piece, done):
            break
    return [], {}


def _round(messages: list[Message], errors: list[Found], piece: Piece, done: dict[int, str]) -> bool:
    """One repair for each broken rule, from the last to the first; false when nothing could be changed."""
    changed = False
    for found in reversed(errors):
        index, below = found.at[1], found.at[2:]
        if not isinstance(index, int):
            return False
        if found.rule.repair in DIVIDES:
            messages[index : index + 1] = DIVIDES[found.rule.repair](messages[index], below, found)
            done[id(found.rule)] = f"repaired: {found.rule.repair}"
            return True
        if mend(messages[index], Job(below, found.rule, piece.words)):
            changed = True
            done[id(found.rule)] = f"repaired: {found.rule.repair}"
    return changed


def _instead(piece: Piece, where: Where) -> list[Message]:
    """The alternative text as a message, with as much of what belongs to it as is in order."""
    if not piece.words:
        return []
    own = piece.message if isinstance(piece.message, dict) else {}
    plain = [{"type": "text", "text": part} for part in split(piece.words, 5000)]
    extras = {key: own[key] for key in ("quickReply", "sender") if key in own}
    rich = [*plain[:-1], {**plain[-1], **extras}]
    return next((m for m in (rich, plain) if not _errors(_explain(m, where))), [])


def _divided(message: Message, parts: Sequence[Mapping[str, Any]]) -> list[Message]:
    """The message several times with other contents: quotes at the first, quick replies at the last."""
    whole = [{**message, **part} for part in parts]
    for one in whole[1:]:
        one.pop("quoteToken", None)
    for one in whole[:-1]:
        one.pop("quickReply", None)
    return whole


def _split_text(message: Message, below: tuple[str | int, ...], found: Found) -> list[Message]:
    text, start, parts = message["text"], 0, []
    emojis = message.get("emojis") or []
    for part in split(text, found.rule.limit[1]):
        start = text.index(part, start)
        low = utf16(text[:start])
        high = low + utf16(part)
        inside = [{**e, "index": e["index"] - low} for e in emojis if low <= e["index"] < high]
        parts.append({"text": part, "emojis": inside} if emojis else {"text": part})
        start += len(part)
    return [{k: v for k, v in m.items() if k != "emojis" or v} for m in _divided(message, parts)]


def _split_list(message: Message, below: tuple[str | int, ...], found: Found) -> list[Message]:
    """A carousel with too many cards becomes several."""
    items, most = at(message, below), found.rule.limit[1]
    count = -(-len(items) // most)
    size = -(-len(items) // count)
    holder = str(below[0])
    parts = [{**message[holder], str(below[1]): items[n : n + size]} for n in range(0, len(items), size)]
    return _divided(message, [{holder: part} for part in parts])


DIVIDES = {"split": _split_text, "split_list": _split_list}
