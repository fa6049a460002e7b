"""Tapping: the action of a button, done as LINE's app does it.

https://developers.line.biz/en/docs/messaging-api/actions/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.errors import BadInput
from runtime.model import Data
from runtime.simulator.account import Account
from runtime.simulator.acts import Acts
from runtime.simulator.answers import Refusal
from runtime.simulator.buttons import Button, buttons, of_menu
from runtime.simulator.values import Impossible, Said
from runtime.simulator.written import FORMS, Body, formed

MODES: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d"),
}


@dataclass(frozen=True, slots=True)
class Tap:
    """`body` may bring what the person chose: `value` of a picker, a location, a picture."""

    acts: Acts
    account: Account
    chat: str
    who: str
    action: Data
    body: Body

    def brought(self) -> dict[str, Any]:
        """What the person sends along: the properties of a message, without those of the tap itself."""
        return {name: value for name, value in self.body.items() if name not in CHOICE}

    def postback(self, params: Mapping[str, str] | None = None) -> None:
        own: dict[str, Any] = {"data": self.action.get("data", "")}
        if params:
            own["params"] = params
        self.acts.platform.emit(self.account, "postback", {"postback": own}, chat=self.chat, user=self.who)


def _message(tap: Tap) -> Data:
    text = tap.action.get("text") or tap.action.get("label") or ""
    said = tap.acts.send(tap.account, tap.chat, {"type": "text", "text": text}, tap.who, via="tap")
    return {"said": said[0].id}


def _postback(tap: Tap) -> Data:
    """`displayText` is only shown; the old `text` is sent as a message too."""
    done: dict[str, Any] = {"postback": tap.action.get("data", "")}
    if tap.action.get("displayText"):
        done["shown"] = tap.acts.shown(tap.account, tap.chat, tap.who, tap.action["displayText"]).id
    elif tap.action.get("text"):
        done |= _message(tap)
    if tap.action.get("inputOption"):
        done["input"] = {"option": tap.action["inputOption"], "text": tap.action.get("fillInText", "")}
    tap.postback()
    return done


def _uri(tap: Tap) -> Data:
    desktop = (tap.action.get("altUri") or {}).get("desktop")
    return {"uri": tap.action.get("uri", ""), **({"desktop": desktop} if desktop else {})}


def _picker(tap: Tap) -> Data:
    mode = str(tap.action.get("mode", "datetime"))
    value = tap.body.get("value") or tap.action.get("initial")
    if mode not in MODES or not isinstance(value, str) or not MODES[mode].fullmatch(value):
        raise BadInput(f"value: a {mode} such as {EXAMPLES.get(mode, '')}")
    value = value.replace("t", "T")
    low, high = tap.action.get("min"), tap.action.get("max")
    if (low and value < low.replace("t", "T")) or (high and value > high.replace("t", "T")):
        raise Impossible(f"the picker offers {low or '…'} to {high or '…'}")
    tap.postback({mode: value})
    return {"postback": tap.action.get("data", ""), "params": {mode: value}}


EXAMPLES: Final = {"date": "2026-12-31", "time": "18:30", "datetime": "2026-12-31T18:30"}


def _picture(tap: Tap) -> Data:
    said = tap.acts.send(tap.account, tap.chat, {**tap.brought(), "type": "image"}, tap.who, via="tap")
    return {"said": said[0].id}


def _location(tap: Tap) -> Data:
    place = {"latitude": 35.6812, "longitude": 139.7671, "title": "Tokyo Station", **tap.brought(), "type": "location"}
    said = tap.acts.send(tap.account, tap.chat, place, tap.who, via="tap")
    return {"said": said[0].id}


def _switch(tap: Tap) -> Data:
    """https://developers.line.biz/en/reference/messaging-api/#postback-params-object-for-richmenu-switch-action"""
    menus, alias = tap.account.menus, str(tap.action.get("richMenuAliasId", ""))
    params = {"newRichMenuAliasId": alias, "status": "SUCCESS"}
    if alias not in menus.aliases:
        params = {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}
    else:
        try:
            menus.link(tap.who, menus.aliases[alias])
            tap.acts.platform.feed.publish("richmenu", {"bot": tap.account.bot.name})
        except Refusal:
            params = {"status": "RICHMENU_NOTFOUND"}
    tap.postback(params)
    return {"postback": tap.action.get("data", ""), "params": params}


def _clipboard(tap: Tap) -> Data:
    return {"clipboard": tap.action.get("clipboardText", "")}


DONE: Final[Mapping[str, Callable[[Tap], Data]]] = {
    "message": _message,
    "postback": _postback,
    "uri": _uri,
    "datetimepicker": _picker,
    "camera": _picture,
    "cameraRoll": _picture,
    "location": _location,
    "richmenuswitch": _switch,
    "clipboard": _clipboard,
}
"""Type of action → what the app does. The answer says what happened, and what the app would open or copy."""

TAP: Final = {"user": str, "message": str, "label": str, "index": int, "menu": bool, "value": str}
CHOICE: Final = (*TAP, "type", "text")

STAYS: Final = ("uri", "clipboard")
"""Actions after which quick replies stay where they are."""


def tap(acts: Acts, account: Account, chat: str, body: Body) -> Data:
    """Tap `label` or `index` of `message` (else of the last message with buttons), or of the rich `menu`."""
    formed(body, {**FORMS, **TAP})
    who = acts.author(account, chat, body.get("user") or "")
    said, found = _tappable(acts, account, chat, who, body)
    button = _chosen(found, body)
    if button.place == "quick" and said:
        _still_shown(acts, said)
    done = DONE.get(str(button.action.get("type")))
    if done is None:
        raise Impossible(f"nothing is known of the action {button.action.get('type')!r}")
    result = done(Tap(acts, account, chat, who, button.action, body))
    if button.place == "quick" and said and button.action["type"] not in STAYS:
        acts.platform.chats.change(said.id, tapped=True)
    return {"type": button.action["type"], "label": button.label, **result}


def _tappable(acts: Acts, account: Account, chat: str, who: str, body: Body) -> tuple[Said | None, list[Button]]:
    if body.get("menu"):
        menu = account.menus.shown(who) if chat.startswith("U") else None
        if menu is None:
            raise Impossible("no rich menu is shown here")
        return None, of_menu(menu.object)
    if body.get("message"):
        said = acts.platform.chats.get(str(body["message"]))
        if said.chat != chat or said.bot != account.bot.name:
            raise Impossible("that message stands in another chat")
        return said, buttons(said.message)
    for said in reversed(acts.platform.chats.history(account.bot.name, chat)):
        if said.who == "bot" and said.via != "note" and (found := buttons(said.message)):
            return said, found
    raise Impossible("nothing in this chat can be tapped")


def _chosen(found: list[Button], body: Body) -> Button:
    index, label = body.get("index"), body.get("label")
    if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < len(found):
        return found[index]
    if isinstance(label, str):
        for button in found:
            if button.label == label:
                return button
    names = ", ".join(f"{i}: {b.label}" for i, b in enumerate(found))
    raise BadInput(f"give the label or the index of a button; there are {names or 'none'}")


def _still_shown(acts: Acts, said: Said) -> None:
    """Quick replies vanish with the next message: https://developers.line.biz/en/docs/messaging-api/using-quick-reply/"""
    last = acts.platform.chats.last(said.bot, said.chat)
    if said.tapped or last is None or last.id != said.id:
        raise Impossible("these quick replies are no longer shown")
