"""Pictures of any size, made by hand: PNG whole, JPEG as far as its size is told."""

from __future__ import annotations

import struct
import zlib


def png(wide: int = 2500, high: int = 1686, shade: int = 0) -> bytes:
    """A grey picture."""
    rows = zlib.compress((b"\0" + bytes([shade]) * wide) * high, 1)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(wide: int, high: int, *, frame: int = 0xC0, before: bytes = b"") -> bytes:
    """The head of a JPEG: an application segment, a table, and the frame that tells the size."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    table = b"\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    size = struct.pack(">HBHHB", 17, 8, high, wide, 3) + bytes(9)
    return b"\xff\xd8" + before + app + table + bytes([0xFF, frame]) + size + b"\xff\xda" + bytes(20)
