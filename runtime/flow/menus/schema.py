"""The JSON Schema of a menu's file, made from the shapes it is read with; a sentence for each key."""

from __future__ import annotations

from typing import Any

from runtime.flow.menus.read import MENU
from runtime.flow.schema import ADDRESS

FILE = {
    "note": "A note for whoever reads the file.",
    "bar": "Words on the bar below the chat, at most 14 characters: a text, `$key`, or one per language.",
    "layout": "Columns and rows of equal cells: `large 3x2`, `compact 3x1`, or `2x2` for a picture of any size.",
    "size": "Width and height in pixels, to have them checked; otherwise the picture says it.",
    "image": "The picture's file, relative to this one, also one per language; otherwise the one of this file's name.",
    "selected": "Whether it is open when the chat is opened.",
    "default": "Everybody sees it who has no menu of their own.",
    "areas": "What can be tapped, at most 20. Without places of their own they have the layout's free cells.",
}
PARTS = {
    "note": "A note for whoever reads the file.",
    "cell": "The cell of the layout: `2`, or `1-4` for the rectangle from the first to the fourth.",
    "area": "The part of the picture, in pixels.",
    "label": "Read out by screen readers, at most 20 characters; tests tap by it.",
    "say": "What the user is seen to say.",
    "desktop": "The address on a computer, when it is another one.",
    "keyboard": "What opens with a tap: keyboard, rich menu or voice.",
    "fill": "A text that a tap puts into the keyboard.",
    "initial": "What the picker shows first.",
    "min": "The earliest that can be picked.",
    "max": "The latest that can be picked.",
    "postback": "Data that a tap sends, as text or as values; a flow takes it with `start: - postback: {…}`.",
    "text": "A tap says this, as if the user had written it.",
    "value": "The answer that a tap gives to the question that waits.",
    "link": "An address that a tap opens.",
    "pick": "Opens LINE's picker: date, time or datetime.",
    "copy": "A text that a tap copies.",
    "switch": "Shows another menu, by the name of its file.",
}
BOX = {
    "x": "Pixels from the left.",
    "y": "Pixels from the top.",
    "width": "Pixels across.",
    "height": "Pixels down.",
}


def menu_schema() -> dict[str, Any]:
    """For `flows/menus/*.yaml`."""
    made = MENU.schema()
    area = made["properties"]["areas"]["items"]
    inner = ((area["properties"]["area"], BOX), (made["properties"]["size"], BOX), (area, PARTS), (made, FILE))
    for node, words in inner:
        node["properties"] = {key: {"description": words[key], **one} for key, one in node["properties"].items()}
    return {"$schema": ADDRESS, "title": "A rich menu of Noren", **made}
