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
    quick = _parts(_whole(message.get("quickReply")).get("items"))
    return found + [_button("quick", item["action"]) for item in quick if isinstance(item.get("action"), dict)]


def of_menu(menu: Data) -> list[Button]:
    """The areas of a rich menu."""
    return [_button("menu", area["action"]) for area in menu.get("areas", ())]


def _whole(part: Any) -> Data:
    """An object, or an empty one: what stands in a chat need not have been let through by any rule."""
    return part if isinstance(part, dict) else {}


def _parts(part: Any) -> list[Data]:
    """The objects of a list, if it is one."""
    return [item for item in part if isinstance(item, dict)] if isinstance(part, list) else []


def _button(place: str, action: Data, label: str = "") -> Button:
    text = action.get("label") or label or action.get("text") or action.get("uri") or action.get("linkUri") or ""
    return Button(place, str(text), action)


def _template(message: Message) -> Iterator[Button]:
    template = _whole(message.get("template"))
    for part in (template, *_parts(template.get("columns"))):
        for action in (*_parts(part.get("actions")), *_parts([part.get("action"), part.get("defaultAction")])):
            yield _button("template", action)


IMAGEMAP: Final = {"uri": ("linkUri", "uri"), "message": ("text", "text"), "clipboard": ("clipboardText",) * 2}


def _imagemap(message: Message) -> Iterator[Button]:
    """Areas have actions of their own shape: https://developers.line.biz/en/reference/messaging-api/#imagemap-action-objects

    Last comes the link that is shown after the video, if there is one.
    """
    for area in _parts(message.get("actions")):
        if str(area.get("type")) in IMAGEMAP:
            theirs, ours = IMAGEMAP[str(area["type"])]
            action = {"type": area["type"], ours: area.get(theirs, "")}
            yield _button("imagemap", action, area.get("label", ""))
    for link in _parts([_whole(message.get("video")).get("externalLink")]):
        yield _button("imagemap", {"type": "uri", "uri": link.get("linkUri", "")}, link.get("label", ""))


def _flex(message: Message) -> Iterator[Button]:
    yield from _walk(message.get("contents"), 0)


DEEPEST: Final = 200
"""How many lists and objects inside each other are looked through; no card is nested as deep."""


def _walk(part: Any, depth: int) -> Iterator[Button]:
    if depth > DEEPEST:
        return
    if isinstance(part, list):
        for item in part:
            yield from _walk(item, depth + 1)
    elif isinstance(part, dict):
        if isinstance(part.get("action"), dict):
            yield _button("flex", part["action"], str(part.get("text", "")))
        for name in ("header", "hero", "body", "footer", "contents"):
            yield from _walk(part.get(name), depth + 1)


FOUND: Final = {"template": _template, "imagemap": _imagemap, "flex": _flex}
