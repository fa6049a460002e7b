"""Lists as a Flex bubble, and Flex messages as they were written.

https://developers.line.biz/en/reference/messaging-api/#flex-message
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from runtime.line.actions import action
from runtime.line.render_templates import alt
from runtime.model import Data, Message, Output

Link = Callable[[str], str]
Box = dict[str, Any]

QUIET, LINKED, RULE = "#767676", "#06804A", "#EEEEEE"
"""Second lines, what can be tapped, and the lines between rows: dark enough to read on white (WCAG AA)."""

SHOWING, PICTURES = frozenset({"image", "icon", "video"}), frozenset({"url", "previewUrl"})
"""Flex components that show a file, and the properties that say where it is."""

FIRST_WORDS = 3
"""Texts of a Flex message that stand in its notification when there is no `alt`."""


def flex(output: Output, link: Link) -> Message:
    """The contents as written, pictures by path linked; without `alt` the notification shows the first texts."""
    contents = _linked(output.data["contents"], link)
    words = [text for text, _ in zip(_texts(contents), range(FIRST_WORDS), strict=False)] if not output.alt else ()
    return {"type": "flex", "altText": alt(output, " · ".join(words)), "contents": contents}


def _linked(node: Any, link: Link) -> Any:
    """A Flex tree whose images, icons and videos have links where paths were written."""
    if isinstance(node, Mapping):
        shows = node.get("type") in SHOWING
        return {
            key: link(value) if shows and key in PICTURES and value else _linked(value, link)
            for key, value in node.items()
        }
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_linked(value, link) for value in node]
    return node


def _texts(node: Any) -> Iterator[str]:
    """The texts of a Flex tree, top to bottom."""
    if isinstance(node, Mapping):
        if node.get("type") in ("text", "span") and node.get("text"):
            yield str(node["text"])
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from _texts(value)


def listing(output: Output, link: Link) -> Message:
    """A list: a title, then rows with a small picture, two lines and something to tap."""
    data = output.data
    items: Sequence[Data] = data.get("items", ())
    title = str(data.get("title") or "")
    bubble: Box = {"type": "bubble"}
    head = [line for line in (_text(title, weight="bold", size="lg"), _text(output.text, color=QUIET)) if line]
    if head:
        bubble["header"] = _box("vertical", head, spacing="sm", paddingBottom="none" if items else "xl")
    rows: list[Box] = []
    for item in items:
        rows += [{"type": "separator", "color": RULE}, _row(item, link)] if rows else [_row(item, link)]
    if rows:
        bubble["body"] = _box("vertical", rows, spacing="lg")
    names = ", ".join(str(item["title"]) for item in items if item.get("title"))
    return {"type": "flex", "altText": alt(output, title, names), "contents": bubble}


def _row(item: Data, link: Link) -> Box:
    lines = [
        _text(item.get("title"), weight="bold", size="md"),
        _text(item.get("text"), size="sm", color=QUIET),
    ]
    cells: list[Box] = [_picture(link(item["image"]))] if item.get("image") else []
    cells.append(_box("vertical", [line for line in lines if line], spacing="xs", flex=1))
    button = item.get("button")
    row = _box("horizontal", cells, spacing="md", alignItems="center")
    if button:
        label = str(button.get("label") or "") or "›"
        cells.append({"type": "text", "text": label, "size": "sm", "color": LINKED, "flex": 0, "align": "end"})
        row["action"] = action(button)
    return row


def _picture(url: str) -> Box:
    image = {"type": "image", "url": url, "size": "full", "aspectMode": "cover", "aspectRatio": "1:1"}
    return _box("vertical", [image], width="56px", height="56px", cornerRadius="8px", flex=0)


def _text(words: Any, **look: Any) -> Box | None:
    """A text component; LINE refuses empty ones."""
    return {"type": "text", "text": str(words), "wrap": True, **look} if words else None


def _box(layout: str, contents: list[Box], **look: Any) -> Box:
    return {"type": "box", "layout": layout, "contents": contents, **look}
