"""What a list shows of a case: the last thing that somebody said in public, or what they did without words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from runtime.model import Data, Noted, Turn
from runtime.store import codec
from runtime.store.lanes import Op

LAST: Final = 200
"""Characters that are kept."""
PUT: Final = "UPDATE cases SET last = ?, last_kind = ? WHERE id = ?"
BLANK: Final = "UPDATE cases SET last = '', last_kind = '' WHERE session = ?"
SAID: Final = "SELECT data FROM transcript WHERE session = ? AND who <> 'user' ORDER BY seq DESC LIMIT 40"
"""Messages of the bot among which the button of a postback is looked for."""
NAMES: Final = ("name", "title")
"""What files and places are called by."""


def written(turn: Turn) -> Op[None]:
    """Keep what a turn says, with its kind: empty for words, `postback`, or the type of a message."""
    found = _found(turn)
    if found is None:
        return
    case, text, kind, pressed = found
    if kind == "postback":
        text = yield from _label(turn.session.key, pressed)
    yield PUT, (codec.plain(text[:LAST]), kind, case)


def _found(turn: Turn) -> tuple[str, str, str, str] | None:
    """Case, text, kind, and the data of a postback."""
    for note in reversed(turn.notes):
        automated = isinstance(note.data.get("message"), str)  # its name
        if note.visibility == "public" and note.case and not automated:
            return note.case, *_of(note)
        if note.type == "case.requested" and turn.event.user:
            return note.case, *_shown(turn.event.text, turn.event.kind, turn.event.data)
    return None


def _of(note: Noted) -> tuple[str, str, str]:
    messages = note.data.get("messages")
    if isinstance(messages, list | tuple):
        first: Mapping[str, Any] = next((one for one in messages if isinstance(one, Mapping)), {})
        kind = str(first.get("kind") or "text")
        words = str(first.get("text") or first.get("alt") or "")
        return words, "" if words else kind, ""
    about: Any = note.data.get("message")
    return _shown(
        str(note.data.get("text") or ""), str(note.data.get("kind") or ""), about if isinstance(about, Mapping) else {}
    )


def _shown(text: str, kind: str, about: Data) -> tuple[str, str, str]:
    if kind == "postback":
        return "", kind, str(about.get("data") or "")
    type = str(about.get("type") or "")
    if text and type in ("", "text"):
        return text, "", ""
    named = text or next((str(about[name]) for name in NAMES if about.get(name)), "")
    return named, type if type != "text" else "", ""


def _label(session: str, pressed: str) -> Op[str]:
    """What stood on the button that was tapped; empty: it is of no message that is kept, as in rich menus."""
    for (text,) in (yield SAID, (session,)) if pressed else ():
        for action in _actions(codec.loads(text)):
            if action.get("data") == pressed and (found := action.get("label") or action.get("displayText")):
                return str(found)
    return ""


def _actions(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a message that has data of its own, however deep it stands."""
    if isinstance(value, Mapping):
        if isinstance(value.get("data"), str):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _actions(one)
