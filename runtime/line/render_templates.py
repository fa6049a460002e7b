"""Buttons, confirm, cards and image maps.

https://developers.line.biz/en/reference/messaging-api/#template-messages
https://developers.line.biz/en/reference/messaging-api/#imagemap-message
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from runtime.line.actions import action, spoken
from runtime.model import Data, Message, Output

Link = Callable[[str], str]

ALT = 400
"""Characters of a notification text that is made up from the content; LINE takes 1,500."""

PLACE = ("x", "y", "width", "height")


def alt(output: Output, *others: Any) -> str:
    """The notification text: what the designer gave, else the first words there are."""
    if output.alt:
        return output.alt
    found = next((str(o).strip() for o in (output.text, *others) if o and str(o).strip()), "…")
    return found if len(found) <= ALT else found[: ALT - 1] + "…"


def template(output: Output, kind: str, body: dict[str, Any], *others: Any) -> Message:
    return {"type": "template", "altText": alt(output, *others), "template": {"type": kind, **body}}


def buttons(output: Output, link: Link) -> Message:
    data = output.data
    title = data.get("title")
    body: dict[str, Any] = {}
    if data.get("image"):
        body["thumbnailImageUrl"] = link(data["image"])
        body |= _look(data)
    if title and output.text:
        body["title"] = title
    body["text"] = output.text or title or ""
    if data.get("default"):
        body["defaultAction"] = action(data["default"])
    body["actions"] = [action(button) for button in data.get("buttons", ())]
    return template(output, "buttons", body, title)


def confirm(output: Output, link: Link) -> Message:
    body = {"text": output.text, "actions": [action(button) for button in output.data.get("buttons", ())]}
    return template(output, "confirm", body)


def cards(output: Output, link: Link) -> Message:
    data = output.data
    given: Sequence[Data] = data.get("cards", ())
    titled = all(card.get("text") for card in given)
    body: dict[str, Any] = {"columns": [_column(card, link, titled=titled) for card in given]}
    if any(card.get("image") for card in given):
        body |= {key: value for key, value in _look(data).items() if key != "imageBackgroundColor"}
    return template(output, "carousel", body, *(card.get("title") or card.get("text") for card in given))


def _column(card: Data, link: Link, *, titled: bool) -> dict[str, Any]:
    """One card. LINE wants a text in each, and titles in all or none: where a text is missing, titles become texts."""
    column: dict[str, Any] = {}
    if card.get("image"):
        column["thumbnailImageUrl"] = link(card["image"])
        if card.get("color"):
            column["imageBackgroundColor"] = card["color"]
    title, words = card.get("title"), card.get("text")
    if titled and title:
        column["title"] = title
    column["text"] = words if titled else "\n".join(str(t) for t in (title, words) if t)
    if card.get("default"):
        column["defaultAction"] = action(card["default"])
    column["actions"] = [action(button) for button in card.get("buttons", ())]
    return column


def image_cards(output: Output, link: Link) -> Message:
    given: Sequence[Data] = output.data.get("cards", ())
    columns = [{"imageUrl": link(card["image"]), "action": action(card["button"])} for card in given]
    return template(output, "image_carousel", {"columns": columns}, *(card["button"].get("label") for card in given))


def imagemap(output: Output, link: Link) -> Message:
    data = output.data
    areas: Sequence[Data] = data.get("areas", ())
    message: Message = {
        "type": "imagemap",
        "baseUrl": link(data["base"]),
        "altText": alt(output, *(area.get("label") for area in areas)),
        "baseSize": {key: int(data["size"][key]) for key in ("width", "height")},
        "actions": [_area_action(area) for area in areas],
    }
    if data.get("video"):
        message["video"] = _video(data["video"], link)
    return message


def _area_action(area: Data) -> dict[str, Any]:
    """Image maps know links, texts and copying; any other button says its words."""
    if "link" in area:
        made: dict[str, Any] = {"type": "uri", "linkUri": area["link"]}
    elif "copy" in area:
        made = {"type": "clipboard", "clipboardText": area["copy"]}
    else:
        made = {"type": "message", "text": spoken(area)}
    if area.get("label"):
        made["label"] = area["label"]
    return made | {"area": _area(area)}


def _video(video: Data, link: Link) -> dict[str, Any]:
    made: dict[str, Any] = {
        "originalContentUrl": link(video["url"]),
        "previewImageUrl": link(video["preview"]),
        "area": _area(video["area"]),
    }
    if video.get("link"):
        made["externalLink"] = {"linkUri": video["link"]["url"], "label": video["link"]["label"]}
    return made


def _area(place: Mapping[str, Any]) -> dict[str, int]:
    return {key: int(place[key]) for key in PLACE}


def _look(data: Data) -> dict[str, Any]:
    """How the pictures of a template are shown."""
    names = {"ratio": "imageAspectRatio", "size": "imageSize", "color": "imageBackgroundColor"}
    return {theirs: data[ours] for ours, theirs in names.items() if data.get(ours)}
