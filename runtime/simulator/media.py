"""Small made-up images, videos, sounds and files, for whoever has none at hand."""

from __future__ import annotations

import struct
import wave
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(width: int = 320, height: int = 240, color: tuple[int, int, int] = (0x3F, 0x6F, 0xA5)) -> bytes:
    """A PNG of one colour."""
    rows = (b"\0" + bytes(color) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def movie() -> bytes:
    """The frame of an MP4: recognised as one, with nothing to see."""
    return _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + _box(b"free", b"") + _box(b"mdat", bytes(64))


def sound() -> bytes:
    """A tenth of a second of silence."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8_000, 800, "NONE", "not compressed"))
        file.writeframes(bytes(1_600))
    return out.getvalue()


def text() -> bytes:
    return b"A file of the simulator.\n"


MADE: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "image": (picture, "image/png"),
    "video": (movie, "video/mp4"),
    "audio": (sound, "audio/wav"),
    "file": (text, "text/plain"),
}
"""Kind of message → how its content is made, and its content type."""
