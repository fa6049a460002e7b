"""What can be tapped in a message, in the order it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from runtime.model import Data, Message


@dataclass(frozen=True, slots=True)
class Button:
    """`place`: quick, template, imagemap, flex or menu. `action` is LINE's action object."""

    place: str
    label: str
    action: Data

    def plain(self, index: int) -> dict[str, Any]:
        return {"index": index, "place": self.place, "label": self.label, "action": self.action}


def buttons(message: Message) -> list[Button]:
    """All buttons, areas and quick replies of a message as a bot sent it."""
    own = FOUND.get(str(message.get("type")))
    found = list(own(message)) if own else []
    items = (message.get("quickReply") or {}).get("items") or []
    return found + [_button("quick", item["action"]) for item in items if "action" in item]


def of_menu(menu: Data) -> list[Button]:
    """The areas of a rich menu."""
    return [_button("menu", area["action"]) for area in menu.get("areas", ())]


def _button(place: str, action: Data, label: str = "") -> Button:
    text = action.get("label") or label or action.get("text") or action.get("uri") or action.get("linkUri") or ""
    return Button(place, str(text), action)


def _template(message: Message) -> Iterator[Button]:
    template = message["template"]
    for part in (template, *template.get("columns", ())):
        single = [part["action"]] if "action" in part else []
        default = [part["defaultAction"]] if "defaultAction" in part else []
        for action in (*part.get("actions", ()), *single, *default):
            yield _button("template", action)


IMAGEMAP: Final = {"uri": ("linkUri", "uri"), "message": ("text", "text"), "clipboard": ("clipboardText",) * 2}


def _imagemap(message: Message) -> Iterator[Button]:
    """Areas have actions of their own shape: https://developers.line.biz/en/reference/messaging-api/#imagemap-action-objects"""
    for area in message.get("actions", ()):
        if area.get("type") in IMAGEMAP:
            theirs, ours = IMAGEMAP[area["type"]]
            action = {"type": area["type"], ours: area.get(theirs, "")}
            yield _button("imagemap", action, area.get("label", ""))


def _flex(message: Message) -> Iterator[Button]:
    yield from _walk(message.get("contents"))


def _walk(part: Any) -> Iterator[Button]:
    if isinstance(part, list):
        for item in part:
            yield from _walk(item)
    elif isinstance(part, dict):
        if isinstance(part.get("action"), dict):
            yield _button("flex", part["action"], str(part.get("text", "")))
        for name in ("header", "hero", "body", "footer", "contents"):
            yield from _walk(part.get(name))


FOUND: Final = {"template": _template, "imagemap": _imagemap, "flex": _flex}
