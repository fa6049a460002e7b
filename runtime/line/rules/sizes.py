"""How many bytes a Flex container takes, as compact UTF-8 JSON.

Whether LINE counts what was sent or what it writes itself is not known; the rules leave room for both.
https://developers.line.biz/en/reference/messaging-api/#bubble
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

encode = msgspec.json.Encoder().encode


def size(value: Any) -> int:
    """Bytes of `value` as JSON."""
    try:
        return len(encode(value))
    except (RecursionError, ValueError, TypeError, OverflowError):
        return _slow(value)


def _slow(value: Any) -> int:
    """As `size`, for any nesting and any number."""
    todo, total = [value], 0
    while todo:
        item = todo.pop()
        if isinstance(item, (dict, list)):
            total += 1 + max(1, len(item))
            parts = item.values() if isinstance(item, dict) else item
            total += sum(_leaf(key) + 1 for key in item) if isinstance(item, dict) else 0
            todo += parts
        else:
            total += _leaf(item)
    return total


def _leaf(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))


def over(limits: Mapping[str, int], value: Any) -> Iterator[tuple[tuple[int, ...], int]]:
    """The containers larger than their kind may be: path below `value`, and size. A list is gone through."""
    items = enumerate(value) if isinstance(value, list) else ((None, value),)
    for index, item in items:
        limit = limits.get(item.get("type", "")) if isinstance(item, dict) and isinstance(item.get("type"), str) else 0
        if limit:
            bytes_ = size(item)
            if bytes_ > limit:
                yield (() if index is None else (index,)), bytes_
