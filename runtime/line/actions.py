"""A button of the flow language as a LINE action object.

https://developers.line.biz/en/reference/messaging-api/#action-objects. A button has a `label` and one key that says
what it does; `KINDS` is the list of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from runtime.model import Data

Action = dict[str, Any]

_ESCAPED = {ord(c): f"%{ord(c):02X}" for c in "%&+=#;"} | {c: f"%{c:02X}" for c in range(32)} | {32: "+"}
"""What would be misread in `a=b&c=d`. Letters of every script stay as they are: a postback holds 300 characters, and
percent-encoded Thai would take nine for one."""


def query(values: Mapping[str, Any]) -> str:
    """`a=b&c=d` of a mapping, as postback data: `urllib.parse.parse_qsl` reads it back."""
    return "&".join(
        f"{str(key).translate(_ESCAPED)}={_word(value).translate(_ESCAPED)}" for key, value in values.items()
    )


def action(button: Data) -> Action:
    """The action of a button. One that says only its label is a message with that text."""
    label = _word(button.get("label", ""))
    make = next((m for kind, m in KINDS.items() if kind in button and button[kind] is not False), _alone)
    made = make(button, label)
    if not label:
        del made["label"]  # LINE refuses empty ones, and wants none where nothing is shown
    return made


def spoken(button: Data) -> str:
    """What tapping the button says in the chat; for places that know no postback."""
    return _word(button.get("say") or button.get("text") or button.get("label") or "")


def _word(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "" if value is None else str(value)


def _alone(button: Data, label: str) -> Action:
    return {"type": "message", "label": label, "text": label}


def _text(button: Data, label: str) -> Action:
    return {"type": "message", "label": label, "text": _word(button["text"])}


def _value(button: Data, label: str) -> Action:
    values = {"answer": button["value"]} | ({"ask": button["ask"]} if button.get("ask") else {})
    return _shown({"type": "postback", "label": label, "data": query(values)}, button, label)


def _postback(button: Data, label: str) -> Action:
    given = button["postback"]
    data = query(given) if isinstance(given, Mapping) else _word(given)
    return _shown({"type": "postback", "label": label, "data": data}, button, "")


def _shown(made: Action, button: Data, words: str) -> Action:
    """What the user is seen to say, and what happens to the keyboard."""
    say = _word(button.get("say", words))
    if say:
        made["displayText"] = say
    if button.get("keyboard"):
        made["inputOption"] = button["keyboard"]
    if button.get("fill"):
        made["fillInText"] = button["fill"]
    return made


def _link(button: Data, label: str) -> Action:
    made: Action = {"type": "uri", "label": label, "uri": _word(button["link"])}
    if button.get("desktop"):
        made["altUri"] = {"desktop": _word(button["desktop"])}
    return made


def _pick(button: Data, label: str) -> Action:
    values = {"pick": button["pick"]} | ({"ask": button["ask"]} if button.get("ask") else {})
    made: Action = {"type": "datetimepicker", "label": label, "data": query(values), "mode": button["pick"]}
    return made | {key: _word(button[key]) for key in ("initial", "min", "max") if button.get(key)}


def _copy(button: Data, label: str) -> Action:
    return {"type": "clipboard", "label": label, "clipboardText": _word(button["copy"])}


def _camera(button: Data, label: str) -> Action:
    return {"type": "camera", "label": label}


def _camera_roll(button: Data, label: str) -> Action:
    return {"type": "cameraRoll", "label": label}


def _location(button: Data, label: str) -> Action:
    return {"type": "location", "label": label}


def _switch(button: Data, label: str) -> Action:
    alias = _word(button["switch"])
    given = button.get("postback", {"menu": alias})
    data = query(given) if isinstance(given, Mapping) else _word(given)
    return {"type": "richmenuswitch", "label": label, "richMenuAliasId": alias, "data": data}


KINDS: dict[str, Callable[[Data, str], Action]] = {
    "switch": _switch,
    "value": _value,
    "postback": _postback,
    "link": _link,
    "pick": _pick,
    "copy": _copy,
    "camera": _camera,
    "camera_roll": _camera_roll,
    "location": _location,
    "text": _text,
}
"""Key that says what a button does → its action. `switch` stands first: it may have a `postback` beside it."""
