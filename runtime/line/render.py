"""An `Output` as LINE message objects. https://developers.line.biz/en/reference/messaging-api/#message-objects

Pure functions, one per kind. What a designer wrote may be anything that came out of a template: when it cannot be
rendered, its `alt` or `text` is said instead, and the log tells which kind failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.errors import BadInput
from runtime.line import render_flex, render_templates, render_text
from runtime.line.actions import action
from runtime.log import Logger
from runtime.model import Data, Message, Output

log = Logger("line.render")
_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match


@dataclass(frozen=True, slots=True)
class Page:
    """What rendering needs to know: how a path becomes a link, and whether the chat is a group or room."""

    links: Callable[[str], str]
    group: bool = False

    def link(self, url: Any) -> str:
        """A URL as it is; a path of the bot's own media as a link LINE can fetch.

        A path that cannot be linked stays as it is, for the rules to find: the rest of the message may be good.
        """
        if _scheme(str(url)):
            return str(url)
        try:
            return self.links(str(url))
        except BadInput as error:
            log.warning("media not linked", why=error.message)
            return str(url)


def render(output: Output, page: Page) -> list[Message]:
    """The message objects of one output. Never raises."""
    try:
        messages = KINDS[output.kind](output, page)
        if messages and (output.quick or output.sender):
            _dress(messages, output, page)
        return messages
    except Exception as error:  # whatever a template made of the data must not cost the turn
        log.warning("output not rendered", kind=output.kind, error=type(error).__name__, at=str(output.at or ""))
        words = output.alt or output.text
        return [{"type": "text", "text": words}] if words else []


def _dress(messages: list[Message], output: Output, page: Page) -> None:
    """Name and icon on each message, quick replies under the last."""
    if output.sender:
        sender = _sender(output.sender, page)
        for message in messages:
            message["sender"] = sender
    if output.quick:
        messages[-1]["quickReply"] = {"items": [quick_item(button, page) for button in output.quick]}


def _sender(sender: Data, page: Page) -> dict[str, str]:
    named = {"name": str(sender["name"])} if sender.get("name") else {}
    return named | ({"iconUrl": page.link(sender["icon"])} if sender.get("icon") else {})


def quick_item(button: Data, page: Page) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "action", "action": action(button)}
    if button.get("icon"):
        item["imageUrl"] = page.link(button["icon"])
    return item


def _text(output: Output, page: Page) -> list[Message]:
    if not output.data:
        return [{"type": "text", "text": output.text}]
    return [render_text.text(output.text, output.data, group=page.group)]


def _sticker(output: Output, page: Page) -> list[Message]:
    data = output.data
    message = {"type": "sticker", "packageId": str(data["package"]), "stickerId": str(data["sticker"])}
    return [message | ({"quoteToken": data["quote"]} if data.get("quote") else {})]


def _image(output: Output, page: Page) -> list[Message]:
    url, preview = output.data["url"], output.data.get("preview")
    link = page.link(url)
    return [
        {
            "type": "image",
            "originalContentUrl": link,
            "previewImageUrl": page.link(preview) if preview else link,
        }
    ]


def _video(output: Output, page: Page) -> list[Message]:
    data = output.data
    message: Message = {"type": "video", "originalContentUrl": page.link(data["url"])}
    if data.get("preview"):
        message["previewImageUrl"] = page.link(data["preview"])
    if data.get("tracking") and not page.group:  # LINE takes tracking ids in one-to-one chats only
        message["trackingId"] = str(data["tracking"])
    return [message]


def _audio(output: Output, page: Page) -> list[Message]:
    data = output.data
    duration = {"duration": int(data["duration"])} if data.get("duration") is not None else {}
    return [{"type": "audio", "originalContentUrl": page.link(data["url"]), **duration}]


def _location(output: Output, page: Page) -> list[Message]:
    data = output.data
    title = str(data.get("title") or data.get("address") or output.text)
    return [
        {
            "type": "location",
            "title": title,
            "address": str(data.get("address") or title),
            "latitude": float(data["latitude"]),
            "longitude": float(data["longitude"]),
        }
    ]


def _coupon(output: Output, page: Page) -> list[Message]:
    data = output.data
    tag = {"deliveryTag": str(data["tag"])} if data.get("tag") else {}
    return [{"type": "coupon", "couponId": str(data["coupon"]), **tag}]


def _line(output: Output, page: Page) -> list[Message]:
    return [dict(output.data["message"])]


KINDS: dict[str, Callable[[Output, Page], list[Message]]] = {
    "text": _text,
    "sticker": _sticker,
    "image": _image,
    "video": _video,
    "audio": _audio,
    "location": _location,
    "buttons": lambda output, page: [render_templates.buttons(output, page.link)],
    "confirm": lambda output, page: [render_templates.confirm(output, page.link)],
    "cards": lambda output, page: [render_templates.cards(output, page.link)],
    "image_cards": lambda output, page: [render_templates.image_cards(output, page.link)],
    "imagemap": lambda output, page: [render_templates.imagemap(output, page.link)],
    "list": lambda output, page: [render_flex.listing(output, page.link)],
    "flex": lambda output, page: [render_flex.flex(output, page.link)],
    "coupon": _coupon,
    "line": _line,
}
