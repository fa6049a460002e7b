"""Conditions between several values of one object.

Each takes the object (or the value, where the rule stands at a property) and where the message goes, and gives
the places that break the rule: a path from the object, and what to report. Any JSON may come in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from runtime.line.rules.dates import date_equal, date_format, date_initial, date_order


class Where(NamedTuple):
    """The endpoint that a message goes through and the kind of chat it goes to."""

    via: str = "reply"
    to: str = "user"


Path: TypeAlias = tuple[str | int, ...]
Hits: TypeAlias = Sequence[tuple[Path, Any]]
NONE: Hits = ()
HERE: Path = ()

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_KEY = re.compile(r"[a-zA-Z0-9_]{1,20}")
_LINE = re.compile(r"(?<![A-Za-z])LINE(?![A-Za-z])")
OLD_PACKAGES = frozenset({"1", "2", "3"})  # taken out of the list of sendable stickers
BLOCKS = ("header", "hero", "body", "footer")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[tuple[int, dict[str, Any]]]:
    return [(i, item) for i, item in enumerate(_list(value)) if isinstance(item, dict)]


def _when(broken: bool, path: Path = HERE, actual: Any = None) -> Hits:
    return ((path, actual),) if broken else NONE


def never(node: Any, where: Where) -> Hits:
    return ((HERE, None),)


def partial_needs_quota(node: Any, where: Where) -> Hits:
    return _when(node.get("forbidPartialDelivery") is True and node.get("upToRemainingQuota") is not True)


def recipient_count(value: Any, where: Where) -> Hits:
    todo, count = [value], 0
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            count += one.get("type") in ("audience", "redelivery")
            todo += [one.get(key) for key in ("and", "or", "not")]
    return _when(count > 10, HERE, count)


def plain_name(value: Any, where: Where) -> Hits:
    return _when(isinstance(value, str) and _LINE.search(value) is not None, HERE, "LINE")


def quote_endpoint(value: Any, where: Where) -> Hits:
    return _when(where.via not in ("reply", "push", "validate"))


def tracking_destination(value: Any, where: Where) -> Hits:
    return _when(where.to in ("group", "room"), HERE, where.to)


def current_package(value: Any, where: Where) -> Hits:
    return _when(isinstance(value, str) and value in OLD_PACKAGES, HERE, value)


def emoji_index(node: Any, where: Where) -> Hits:
    emojis = node.get("emojis")
    if not emojis or not isinstance(node.get("text"), str):
        return NONE
    units = node["text"].encode("utf-16-le", "surrogatepass")
    bad = []
    for i, emoji in _dicts(emojis):
        index = emoji.get("index")
        if type(index) is int and (index < 0 or units[2 * index : 2 * index + 2] != b"$\0"):
            bad.append((("emojis", i, "index"), index))
    return bad


def emoji_twice(node: Any, where: Where) -> Hits:
    seen: set[int] = set()
    bad = []
    for i, emoji in _dicts(node.get("emojis")):
        index = emoji.get("index")
        if type(index) is int and index in seen:
            bad.append((("emojis", i, "index"), index))
        if type(index) is int:
            seen.add(index)
    return bad


def _braced(node: Any) -> Iterator[re.Match[str]]:
    text = node.get("text")
    return _BRACES.finditer(text) if isinstance(text, str) else iter(())


def brace_names(node: Any) -> list[str]:
    """The keys that a textV2 text uses, well written or not."""
    return [m[1] for m in _braced(node) if m[1] is not None]


def braces(node: Any, where: Where) -> Hits:
    return _when(any(m[0] in ("{", "}") for m in _braced(node)), ("text",))


def brace_keys(node: Any, where: Where) -> Hits:
    return [(("text",), key) for key in brace_names(node) if not _KEY.fullmatch(key)]


def keys_defined(node: Any, where: Where) -> Hits:
    known = node.get("substitution")
    known = known if isinstance(known, dict) else {}
    missing = dict.fromkeys(k for k in brace_names(node) if _KEY.fullmatch(k) and known.get(k) is None)
    return [(("text",), key) for key in missing]


def _substitutes(node: Any, kind: str) -> int:
    entries = node.get("substitution")
    entries = entries.values() if isinstance(entries, dict) else ()
    return sum(1 for e in entries if isinstance(e, dict) and e.get("type") == kind)


def mention_count(node: Any, where: Where) -> Hits:
    return _when(_substitutes(node, "mention") > 20, ("substitution",), _substitutes(node, "mention"))


def emoji_count(node: Any, where: Where) -> Hits:
    return _when(_substitutes(node, "emoji") > 20, ("substitution",), _substitutes(node, "emoji"))


def mention_destination(node: Any, where: Where) -> Hits:
    return _when(where.to == "user" and _substitutes(node, "mention") > 0, ("substitution",), where.to)


def mention_endpoint(node: Any, where: Where) -> Hits:
    wrong = where.via not in ("reply", "push", "validate")
    return _when(wrong and _substitutes(node, "mention") > 0, ("substitution",), where.via)


def _columns(node: Any) -> list[dict[str, Any]]:
    return [column for _, column in _dicts(node.get("columns"))]


def same_action_count(node: Any, where: Where) -> Hits:
    counts = {len(_list(column.get("actions"))) for column in _columns(node)}
    return _when(len(counts) > 1, ("columns",), sorted(counts))


def _same(node: Any, key: str) -> Hits:
    used = {column.get(key) is not None for column in _columns(node)}
    return _when(len(used) > 1, ("columns",), key)


def same_title(node: Any, where: Where) -> Hits:
    return _same(node, "title")


def same_image(node: Any, where: Where) -> Hits:
    return _same(node, "thumbnailImageUrl")


def one_text(node: Any, where: Where) -> Hits:
    return _when(node.get("displayText") is not None and node.get("text") is not None)


def fill_needs_keyboard(node: Any, where: Where) -> Hits:
    return _when(node.get("fillInText") is not None and node.get("inputOption") != "openKeyboard", ("fillInText",))


def animated_count(node: Any, where: Where) -> Hits:
    todo, count = [node.get("contents")], 0
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            count += value.get("animated") is True
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return _when(count > 10, ("contents",), count)


def same_size(node: Any, where: Where) -> Hits:
    sizes = [bubble.get("size") or "mega" for _, bubble in _dicts(node.get("contents"))]
    words = {size for size in sizes if isinstance(size, str)}
    return _when(len(words) > 1, ("contents",), sorted(words))


def _has_video(bubble: dict[str, Any]) -> bool:
    hero = bubble.get("hero")
    return isinstance(hero, dict) and hero.get("type") == "video"


def no_video(node: Any, where: Where) -> Hits:
    return _when(any(_has_video(bubble) for _, bubble in _dicts(node.get("contents"))), ("contents",))


def one_block(node: Any, where: Where) -> Hits:
    return _when(all(node.get(block) is None for block in BLOCKS))


def video_bubble_size(node: Any, where: Where) -> Hits:
    size = node.get("size")
    return _when(_has_video(node) and size in ("nano", "micro", "deca", "hecto"), ("size",), size)


def absolute_first(node: Any, where: Where) -> Hits:
    bad: list[tuple[Path, Any]] = []
    for block in ("header", "body", "footer"):
        box = node.get(block)
        first = _list(box.get("contents"))[:1] if isinstance(box, dict) else []
        if first and isinstance(first[0], dict) and first[0].get("position") == "absolute":
            bad.append(((block, "contents", 0, "position"), "absolute"))
    return bad


def _in_baseline(node: Any, key: str) -> Hits:
    return [(("contents", i, key), c[key]) for i, c in _dicts(node.get("contents")) if c.get(key) is not None]


def baseline_gravity(node: Any, where: Where) -> Hits:
    return _in_baseline(node, "gravity")


def baseline_offset(node: Any, where: Where) -> Hits:
    return _in_baseline(node, "offsetBottom")


def no_text(node: Any, where: Where) -> Hits:
    return _when(node.get("text") is None and not node.get("contents"))


def menu_ratio(node: Any, where: Where) -> Hits:
    width, height = node.get("width"), node.get("height")
    known = type(width) is int and type(height) is int and height > 0
    return _when(known and width < 1.45 * height, HERE, f"{width}x{height}")


Check: TypeAlias = Callable[[Any, Where], Hits]

CHECKS: dict[str, Check] = {
    "never": never,
    "partial_needs_quota": partial_needs_quota,
    "recipient_count": recipient_count,
    "plain_name": plain_name,
    "quote_endpoint": quote_endpoint,
    "tracking_destination": tracking_destination,
    "current_package": current_package,
    "emoji_index": emoji_index,
    "emoji_twice": emoji_twice,
    "braces": braces,
    "brace_keys": brace_keys,
    "keys_defined": keys_defined,
    "mention_count": mention_count,
    "emoji_count": emoji_count,
    "mention_destination": mention_destination,
    "mention_endpoint": mention_endpoint,
    "same_action_count": same_action_count,
    "same_title": same_title,
    "same_image": same_image,
    "one_text": one_text,
    "fill_needs_keyboard": fill_needs_keyboard,
    "animated_count": animated_count,
    "same_size": same_size,
    "no_video": no_video,
    "one_block": one_block,
    "video_bubble_size": video_bubble_size,
    "absolute_first": absolute_first,
    "baseline_gravity": baseline_gravity,
    "baseline_offset": baseline_offset,
    "no_text": no_text,
    "menu_ratio": menu_ratio,
    "date_format": lambda node, where: date_format(node),
    "date_order": lambda node, where: date_order(node),
    "date_initial": lambda node, where: date_initial(node),
    "date_equal": lambda node, where: date_equal(node),
}
