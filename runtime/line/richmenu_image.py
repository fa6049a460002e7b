"""The picture of a rich menu: its kind and size from the first bytes, and what LINE would not take.

https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS, LEAST_HEIGHT, LEAST_RATIO, MOST_BYTES = (800, 2500), 250, 1.45, 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG that tell its size (start of frame; ITU T.81, table B.1)."""
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length behind them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`kind` is its media type, empty for what is neither PNG nor JPEG; size in pixels, 0 when it cannot be read."""

    kind: str = ""
    width: int = 0
    height: int = 0


def picture(data: bytes) -> Picture:
    """What the first bytes of a file say of it."""
    if data.startswith(PNG):
        head = data[12:24]
        whole = len(head) == 12 and head.startswith(b"IHDR")
        return Picture("image/png", *(_number(head[4:8]), _number(head[8:12])) if whole else (0, 0))
    if data.startswith(JPEG):
        return Picture("image/jpeg", *_jpeg(data))
    return Picture()


def _number(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of the first frame: segment by segment, each with its length."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1  # fill bytes
        elif marker in ALONE:
            at += 2
        elif marker in FRAMES:
            return _number(data[at + 7 : at + 9]), _number(data[at + 5 : at + 7])
        else:
            at += 2 + max(2, _number(data[at + 2 : at + 4]))
    return 0, 0


def flaw(data: bytes) -> str:
    """Why LINE would not take a file as the picture of a rich menu; empty when it would."""
    one = picture(data)
    if not one.kind:
        return "this is neither a PNG nor a JPEG"
    if not one.width or not one.height:
        return "the file is damaged: it does not say how large the picture is"
    return next((said for wrong, said in _limits(one, len(data)) if wrong), "")


def _limits(one: Picture, size: int) -> list[tuple[bool, str]]:
    low, high = WIDTHS
    return [
        (not low <= one.width <= high, f"it is {one.width} pixels wide, and LINE takes {low} to {high}"),
        (one.height < LEAST_HEIGHT, f"it is {one.height} pixels high, and LINE wants at least {LEAST_HEIGHT}"),
        (
            one.width / one.height < LEAST_RATIO,
            f"it is {one.width} x {one.height}: the width must be at least {LEAST_RATIO} times the height",
        ),
        (size > MOST_BYTES, f"it has {size // 1024} KB, and LINE takes 1,024 KB"),
    ]
